//! Colours: how they look on a screen, and the inks that a press takes for them.

use std::num::NonZeroU32;

/// A colour: sRGB with alpha, and the ink that stands for it in print. Eight bytes, and as many with `Option` around.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Color {
    /// 0 to 255.
    pub red: u8,
    /// 0 to 255.
    pub green: u8,
    /// 0 to 255.
    pub blue: u8,
    /// 0 (invisible) to 255.
    pub alpha: u8,
    /// What prints it; [`Ink::SCREEN`] when the colour was not given in inks.
    pub ink: Ink,
}

impl Color {
    /// Opaque black.
    pub const BLACK: Self = Self::rgb(0, 0, 0);
    /// Opaque white.
    pub const WHITE: Self = Self::rgb(255, 255, 255);

    /// An opaque colour of sRGB.
    #[must_use]
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self::rgba(red, green, blue, 255)
    }

    /// A colour of sRGB with its alpha.
    #[must_use]
    pub const fn rgba(red: u8, green: u8, blue: u8, alpha: u8) -> Self {
        Self { red, green, blue, alpha, ink: Ink::SCREEN }
    }

    /// Cyan, magenta, yellow and black in percent, with the look that they have on coated paper.
    #[must_use]
    pub fn process(inks: [u8; 4]) -> Self {
        let [red, green, blue] = crate::press::appearance(inks);
        Self { red, green, blue, alpha: 255, ink: Ink::process(inks) }
    }

    /// The look alone, without its ink.
    #[must_use]
    pub const fn on_screen(self) -> Self {
        Self { ink: Ink::SCREEN, ..self }
    }
}

/// The ink of a colour, packed into four bytes: two bits say the kind, one that it overprints, the rest how much.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ink(NonZeroU32);

/// What an ink is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InkKind {
    /// None: the colour is one of sRGB.
    Screen,
    /// Cyan, magenta, yellow and black, in percent.
    Process([u8; 4]),
    /// An ink of its own.
    Spot {
        /// Index into [`super::Document::spots`].
        index: u16,
        /// In percent.
        tint: u8,
    },
}

/// An ink of its own, with what stands for it where it cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Its name on the plate, such as `PANTONE 186 C`.
    pub name: String,
    /// Cyan, magenta, yellow and black in percent that come nearest to its full tone.
    pub process: [u8; 4],
}

const KIND_SHIFT: u32 = 30;
const SCREEN: u32 = 1;
const PROCESS: u32 = 2;
const SPOT: u32 = 3;
const OVERPRINT: u32 = 1 << 29;
/// Bits of one percentage.
const PERCENT_BITS: u32 = 7;
const PERCENT_MASK: u32 = (1 << PERCENT_BITS) - 1;
/// A spot has its tint above its index.
const TINT_SHIFT: u32 = 16;

impl Ink {
    /// No ink: a colour of sRGB.
    pub const SCREEN: Self = Self::packed(SCREEN << KIND_SHIFT);

    /// Cyan, magenta, yellow and black in percent; what is above 100 is 100.
    #[must_use]
    pub const fn process([cyan, magenta, yellow, black]: [u8; 4]) -> Self {
        let bits = percent(cyan)
            | percent(magenta) << PERCENT_BITS
            | percent(yellow) << (2 * PERCENT_BITS)
            | percent(black) << (3 * PERCENT_BITS);
        Self::packed(PROCESS << KIND_SHIFT | bits)
    }

    /// A spot ink by its index, with its tint in percent.
    #[must_use]
    pub const fn spot(index: u16, tint: u8) -> Self {
        Self::packed(SPOT << KIND_SHIFT | percent(tint) << TINT_SHIFT | index as u32)
    }

    const fn packed(bits: u32) -> Self {
        // The bits of the kind are never 0.
        match NonZeroU32::new(bits) {
            Some(bits) => Self(bits),
            None => Self(NonZeroU32::MIN),
        }
    }

    /// The same ink, printed over what is below instead of in its place. Colours of the screen never are.
    #[must_use]
    pub const fn overprinting(self) -> Self {
        if self.is_screen() { self } else { Self::packed(self.0.get() | OVERPRINT) }
    }

    /// Whether it is printed over what is below.
    #[must_use]
    pub const fn overprints(self) -> bool {
        self.0.get() & OVERPRINT != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_screen(self) -> bool {
        self.0.get() >> KIND_SHIFT == SCREEN
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> InkKind {
        let bits = self.0.get();
        let part = |shift: u32| u8::try_from(bits >> shift & PERCENT_MASK).unwrap_or(100);
        match bits >> KIND_SHIFT {
            PROCESS => InkKind::Process([0, 1, 2, 3].map(|place| part(place * PERCENT_BITS))),
            SPOT => {
                let index = u16::try_from(bits & u32::from(u16::MAX)).unwrap_or(u16::MAX);
                InkKind::Spot { index, tint: part(TINT_SHIFT) }
            }
            _ => InkKind::Screen,
        }
    }
}

const fn percent(value: u8) -> u32 {
    if value > 100 { 100 } else { value as u32 }
}

impl std::fmt::Debug for Ink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.kind().fmt(f)?;
        f.write_str(if self.overprints() { " over" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_eight_bytes_with_and_without_option() {
        assert_eq!(size_of::<Color>(), 8);
        assert_eq!(size_of::<Option<Color>>(), 8);
    }

    #[test]
    fn inks_come_out_as_they_went_in() {
        assert_eq!(Ink::SCREEN.kind(), InkKind::Screen);
        for inks in [[0, 0, 0, 0], [1, 20, 99, 100], [100; 4], [0, 0, 0, 100]] {
            assert_eq!(Ink::process(inks).kind(), InkKind::Process(inks));
            assert!(!Ink::process(inks).overprints() && !Ink::process(inks).is_screen());
            let over = Ink::process(inks).overprinting();
            assert_eq!((over.kind(), over.overprints()), (InkKind::Process(inks), true));
        }
        assert_eq!(Ink::process([255; 4]).kind(), InkKind::Process([100; 4]));
        for (index, tint) in [(0, 0), (1, 100), (u16::MAX, 37)] {
            assert_eq!(Ink::spot(index, tint).kind(), InkKind::Spot { index, tint });
            assert_eq!(Ink::spot(index, tint).overprinting().kind(), InkKind::Spot { index, tint });
        }
        assert_eq!(Ink::SCREEN.overprinting(), Ink::SCREEN);
    }
}
