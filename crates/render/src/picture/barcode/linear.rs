//! Bars and spaces of a linear barcode, put one after the other.

use super::Modules;

/// A row of modules that grows to the right.
#[derive(Clone, Debug, Default)]
pub(super) struct Bars(Vec<bool>);

impl Bars {
    /// Adds elements of these widths in modules, beginning with a bar.
    pub(super) fn bars(&mut self, widths: &[u8]) {
        self.elements(widths, true);
    }

    /// Adds elements of these widths in modules, beginning with a space.
    pub(super) fn spaces(&mut self, widths: &[u8]) {
        self.elements(widths, false);
    }

    /// Adds narrow and wide elements, beginning with a bar: the lowest `count` bits of a pattern, the first element
    /// highest; a set bit is wide.
    pub(super) fn narrow_and_wide(&mut self, pattern: u16, count: u8) {
        for element in 0..count {
            let wide = pattern >> (count - 1 - element) & 1 == 1;
            self.elements(&[if wide { WIDE } else { 1 }], element % 2 == 0);
        }
    }

    /// Adds single modules: the lowest `count` bits of a pattern, the first module highest; a set bit is dark.
    pub(super) fn pattern(&mut self, pattern: u16, count: u8) {
        self.0.extend((0..count).rev().map(|bit| pattern >> bit & 1 == 1));
    }

    fn elements(&mut self, widths: &[u8], mut dark: bool) {
        for &width in widths {
            self.0.extend(std::iter::repeat_n(dark, usize::from(width)));
            dark = !dark;
        }
    }

    /// The grid of these bars, with some further rows that are light.
    pub(super) fn modules(&self, rows: u16) -> Modules {
        let mut modules = Modules::light(u16::try_from(self.0.len()).unwrap_or(u16::MAX), rows);
        self.darken_row(&mut modules, 0);
        modules
    }

    /// Puts these bars into a row of a grid.
    pub(super) fn darken_row(&self, modules: &mut Modules, y: u32) {
        for (x, &dark) in (0..).zip(&self.0) {
            if dark {
                modules.darken(x, y);
            }
        }
    }
}

/// Modules of a wide element; the standards of two-width codes allow 2 to 3 (ITF-14: 2.25 to 3), and 3 reads best.
const WIDE: u8 = 3;

#[cfg(test)]
mod tests {
    use super::Bars;

    #[test]
    fn elements_alternate_and_patterns_begin_with_the_highest_bit() {
        let mut bars = Bars::default();
        bars.bars(&[1, 2]);
        bars.spaces(&[1, 1]);
        bars.narrow_and_wide(0b010, 3);
        bars.pattern(0b10, 2);
        let modules = bars.modules(2);
        let row: String = (0..modules.width).map(|x| if modules.dark(x, 0) { '1' } else { '0' }).collect();
        assert_eq!(row, "100".to_owned() + "01" + "10001" + "10");
        assert!((0..modules.width).all(|x| !modules.dark(x, 1)));
    }
}
