//! What four-state postal barcodes share: bars that rise, fall, do both or neither.

use super::{Caption, Modules, Rows, Symbol};

/// A bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bar {
    /// From top to bottom.
    Full,
    /// Rises above the track.
    Ascender,
    /// Falls below the track.
    Descender,
    /// The track only.
    Tracker,
}

/// Bars one module wide with one module between them, in thirds: above the track, the track, below it.
pub(super) fn symbol(bars: &[Bar], text: &str) -> Symbol {
    let width = u16::try_from(bars.len().saturating_mul(2).saturating_sub(1)).unwrap_or(u16::MAX);
    let mut modules = Modules::light(width, 3);
    for (x, bar) in (0_u32..).step_by(2).zip(bars) {
        modules.darken(x, 1);
        if matches!(bar, Bar::Full | Bar::Ascender) {
            modules.darken(x, 0);
        }
        if matches!(bar, Bar::Full | Bar::Descender) {
            modules.darken(x, 2);
        }
    }
    Symbol { modules, rows: Rows::Shared, captions: vec![Caption::under(text)], bearer: 0, logo: None }
}
