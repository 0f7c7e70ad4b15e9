//! The OpenType features that text is shaped with.

use crate::template::model::{FeatureSetting, TextStyle};

/// What text is shaped with, besides its face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Features<'s> {
    /// Figures of equal width.
    pub(super) tabular: bool,
    /// Optional ligatures; off in spaced text.
    pub(super) ligatures: bool,
    /// Kerning.
    pub(super) kerning: bool,
    /// Features that are asked for by tag; they win over all others.
    pub(super) asked: &'s [FeatureSetting],
}

impl<'s> Features<'s> {
    /// Those of running text that nobody asked anything of.
    pub(super) const PLAIN: Self = Self { tabular: false, ligatures: true, kerning: true, asked: &[] };

    /// Those of a style.
    pub(super) fn of(style: &'s TextStyle) -> Self {
        Self {
            tabular: style.tabular,
            ligatures: style.letter_spacing == 0.0 && style.typography.ligatures,
            kerning: style.typography.kerning,
            asked: &style.typography.features,
        }
    }

    /// The list for the shaper and for parley: tag and value; of two with one tag the later one counts.
    pub(super) fn list(self) -> impl DoubleEndedIterator<Item = (&'s [u8; 4], u32)> {
        let no_ligatures: &[&[u8; 4]] = if self.ligatures { &[] } else { &[b"liga", b"clig", b"dlig", b"hlig"] };
        let no_kerning: &[&[u8; 4]] = if self.kerning { &[] } else { &[b"kern"] };
        let figures: &[&[u8; 4]] = if self.tabular { &[b"tnum"] } else { &[] };
        no_ligatures
            .iter()
            .chain(no_kerning)
            .map(|tag| (*tag, 0))
            .chain(figures.iter().map(|tag| (*tag, 1)))
            .chain(self.asked.iter().map(|setting| (&setting.tag, u32::from(setting.value))))
    }
}
