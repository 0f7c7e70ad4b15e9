//! The symbologies: one file and one line in the list each. Schema and reference are made from this list.

use std::fmt;

use super::{
    BarcodeError, Symbol, aztec, codabar, code39, code93, code128, data_matrix, ean8, ean13, gs1_128, gs1_data_matrix,
    itf, itf14, japan_post, micro_qr, pdf417, qr, rm4scc, upc_a, upc_e,
};

/// All symbologies by the name that templates use: matrix codes, goods and logistics, post, the rest.
pub static ALL: &[(&str, &Symbology)] = &[
    ("qr", &qr::SYMBOLOGY),
    ("micro-qr", &micro_qr::SYMBOLOGY),
    ("data-matrix", &data_matrix::SYMBOLOGY),
    ("gs1-data-matrix", &gs1_data_matrix::SYMBOLOGY),
    ("aztec", &aztec::SYMBOLOGY),
    ("pdf417", &pdf417::SYMBOLOGY),
    ("ean13", &ean13::SYMBOLOGY),
    ("ean8", &ean8::SYMBOLOGY),
    ("upc-a", &upc_a::SYMBOLOGY),
    ("upc-e", &upc_e::SYMBOLOGY),
    ("itf14", &itf14::SYMBOLOGY),
    ("gs1-128", &gs1_128::SYMBOLOGY),
    ("rm4scc", &rm4scc::SYMBOLOGY),
    ("japan-post", &japan_post::SYMBOLOGY),
    ("itf", &itf::SYMBOLOGY),
    ("codabar", &codabar::SYMBOLOGY),
    ("code39", &code39::SYMBOLOGY),
    ("code93", &code93::SYMBOLOGY),
    ("code128", &code128::SYMBOLOGY),
];

/// A symbology: what it is, how it is measured, how a value is encoded.
pub struct Symbology {
    /// How people call it.
    pub title: &'static str,
    /// What defines it.
    pub standard: &'static str,
    /// What it carries: a phrase that ends "it carries …".
    pub carries: &'static str,
    /// Empty modules around it that the standard asks for.
    pub quiet_zone: QuietZone,
    /// Whether text stands under it when nobody says otherwise.
    pub shows_text: bool,
    /// Width of a module in points when nothing else is said.
    pub module_points: f32,
    /// Height of the bars when nothing else is said.
    pub height: NaturalHeight,
    /// Properties of a node that only some symbologies have, and this one has.
    pub properties: &'static [&'static str],
    /// Encodes a value. Anything may be given; what cannot be carried is an error.
    pub encode: fn(&str, &Options) -> Result<Symbol, BarcodeError>,
}

impl Symbology {
    /// The quiet zone with another number of modules: beside bars, and around all else.
    #[must_use]
    pub fn quiet_zone_of(&self, modules: u8) -> QuietZone {
        let around = self.quiet_zone.above > 0 || self.height == NaturalHeight::Proportional;
        if around { QuietZone::around(modules) } else { QuietZone::beside(modules, modules) }
    }
}

impl fmt::Debug for Symbology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title)
    }
}

impl PartialEq for Symbology {
    fn eq(&self, other: &Self) -> bool {
        self.title == other.title
    }
}

/// Height of bars that have no height of their own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NaturalHeight {
    /// It follows from the width: the proportions are fixed.
    Proportional,
    /// Points, whatever the width.
    Points(f32),
    /// Modules: the standard gives one shape, made larger or smaller as a whole.
    Modules(f32),
}

/// Empty modules on each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct QuietZone {
    pub left: u8,
    pub right: u8,
    /// Above and below alike.
    pub above: u8,
}

impl QuietZone {
    /// The same on all sides.
    #[must_use]
    pub const fn around(modules: u8) -> Self {
        Self { left: modules, right: modules, above: modules }
    }

    /// Left and right only.
    #[must_use]
    pub const fn beside(left: u8, right: u8) -> Self {
        Self { left, right, above: 0 }
    }
}

/// What a node says about how its value is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// How much damage it survives, where the symbology lets one choose.
    pub level: Option<Level>,
    /// Whether a check digit is added, where it is optional.
    pub check_digit: bool,
    /// Whether a Data Matrix is a rectangle instead of a square.
    pub rectangle: bool,
    /// Whether a place in the middle is left free for a logo.
    pub logo: bool,
}

/// Error correction, with the names of QR codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum Level {
    Low,
    Medium,
    Quartile,
    High,
}

/// Millimetres in points.
pub(super) const fn millimetres(value: f32) -> f32 {
    value * 72.0 / 25.4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_titles_are_unique() {
        for (index, (name, symbology)) in ALL.iter().enumerate() {
            for (other, other_symbology) in ALL.iter().skip(index + 1) {
                assert!(name != other && symbology.title != other_symbology.title, "{name} {other}");
            }
        }
    }

    #[test]
    fn what_it_carries_reads_as_a_sentence() {
        for (name, symbology) in ALL {
            let carries = symbology.carries;
            assert!(carries.contains("carries ") && !carries.ends_with('.'), "{name}: {carries}");
        }
    }
}
