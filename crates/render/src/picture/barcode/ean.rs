//! What EAN and UPC share: the digits' patterns, the guards, and how the digits stand under the bars (ISO/IEC 15420).

use super::{Bars, Caption, Modules, NaturalHeight, Rows, Symbol, millimetres};

/// Width of a module at nominal size.
pub(super) const MODULE_POINTS: f32 = millimetres(0.33);

/// Height of the bars of EAN-13, UPC-A and UPC-E at nominal size, 22.85 mm.
pub(super) const HEIGHT: NaturalHeight = NaturalHeight::Modules(69.24);

/// Modules that guard bars reach below the others.
const GUARD_REACH_MODULES: u8 = 5;

/// Modules of a digit.
const DIGIT_MODULES: u32 = 7;

/// Widths of space, bar, space, bar of each digit in number set A; set C begins with a bar instead, set B is set A
/// from right to left.
const DIGITS: [[u8; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];

/// A number set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    A,
    B,
    C,
}

/// The modules of a symbol as it is put together.
#[derive(Default)]
pub(super) struct Builder {
    bars: Bars,
    length: u32,
    guards: Vec<std::ops::Range<u32>>,
}

impl Builder {
    /// Bar, space, bar: the guard at an end.
    pub(super) fn end_guard(&mut self) {
        self.bars.bars(&[1, 1, 1]);
        self.advance(3, true);
    }

    /// Space, bar, space, bar, space: the guard in the middle.
    pub(super) fn middle_guard(&mut self) {
        self.bars.spaces(&[1; 5]);
        self.advance(5, true);
    }

    /// Space, bar, space, bar, space, bar: the guard at the end of UPC-E.
    pub(super) fn upc_e_guard(&mut self) {
        self.bars.spaces(&[1; 6]);
        self.advance(6, true);
    }

    /// Digits in set C.
    pub(super) fn right(&mut self, digits: &str) {
        digits.bytes().for_each(|digit| self.digit(digit, Set::C));
    }

    /// Digits in sets A and B: a set bit of `sets` (the highest of six first) is set B.
    pub(super) fn left(&mut self, digits: &str, sets: u8) {
        for (place, digit) in digits.bytes().enumerate() {
            let set = if sets >> (5_usize.saturating_sub(place)) & 1 == 1 { Set::B } else { Set::A };
            self.digit(digit, set);
        }
    }

    /// A digit whose bars are as long as the guards.
    pub(super) fn long_digit(&mut self, digit: &str, set: Set) {
        let start = self.length;
        digit.bytes().for_each(|digit| self.digit(digit, set));
        self.guards.push(start..self.length);
    }

    fn digit(&mut self, digit: u8, set: Set) {
        let mut widths = DIGITS.get(usize::from(digit & 15)).copied().unwrap_or_default();
        match set {
            Set::A => self.bars.spaces(&widths),
            Set::B => {
                widths.reverse();
                self.bars.spaces(&widths);
            }
            Set::C => self.bars.bars(&widths),
        }
        self.advance(DIGIT_MODULES, false);
    }

    fn advance(&mut self, modules: u32, guard: bool) {
        if guard {
            self.guards.push(self.length..self.length + modules);
        }
        self.length += modules;
    }

    /// The symbol with its guards.
    pub(super) fn symbol(self, captions: Vec<Caption>) -> Symbol {
        let mut modules: Modules = self.bars.modules(2);
        for x in self.guards.into_iter().flatten() {
            if modules.dark(x, 0) {
                modules.darken(x, 1);
            }
        }
        Symbol { modules, rows: Rows::Guarded(GUARD_REACH_MODULES), captions, bearer: 0, logo: None }
    }
}
