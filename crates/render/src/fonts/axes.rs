//! Axes of variable fonts, and places on them.

use std::fmt;

use skrifa::instance::Location;
use skrifa::{FontRef, MetadataProvider};

/// A place on an axis of a variable font.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AxisSetting {
    /// The axis's tag, such as `wdth`.
    pub tag: [u8; 4],
    /// The place, in the axis's own unit; the font bounds it.
    pub value: f32,
}

/// An axis of a variable font (OpenType, `fvar`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    pub(crate) tag: [u8; 4],
    pub(super) minimum: f32,
    pub(super) default: f32,
    pub(super) maximum: f32,
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` from {} to {}", String::from_utf8_lossy(&self.tag), self.minimum, self.maximum)
    }
}

/// The tag of the axis of weight.
pub(crate) const WEIGHT: [u8; 4] = *b"wght";

/// Axes that a font has at most; the richest have fifteen, and each costs time for every glyph.
const AXIS_COUNT_MAX: usize = 64;

/// The axes of a font, in its order.
pub(super) fn axes(font: &FontRef<'_>) -> Vec<Axis> {
    let axis = |axis: skrifa::Axis| Axis {
        tag: axis.tag().to_be_bytes(),
        minimum: axis.min_value(),
        default: axis.default_value(),
        maximum: axis.max_value(),
    };
    font.axes().iter().take(AXIS_COUNT_MAX).map(axis).collect()
}

/// What is asked for, as far as the font has the axes, within their bounds, without what is the default anyway.
pub(super) fn bounded(axes: &[Axis], wanted: &[AxisSetting]) -> Vec<AxisSetting> {
    let mut places = Vec::new();
    for axis in axes {
        let Some(setting) = wanted.iter().find(|setting| setting.tag == axis.tag) else { continue };
        // Not a number falls to the minimum; `f32::clamp` would panic where a font's bounds are crossed.
        let value = setting.value.max(axis.minimum).min(axis.maximum);
        if value != axis.default {
            places.push(AxisSetting { tag: axis.tag, value });
        }
    }
    places
}

/// The places in the font's own coordinates.
pub(super) fn location(font: &FontRef<'_>, places: &[AxisSetting]) -> Location {
    font.axes().location(places.iter().map(|place| (skrifa::Tag::new(&place.tag), place.value)))
}
