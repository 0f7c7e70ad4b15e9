//! Fonts: the faces at hand, found by family, weight and style.

mod axes;
mod color;
mod error;
mod face;
mod kinship;
mod set;
#[cfg(test)]
pub(crate) mod testing;

pub use axes::AxisSetting;
pub(crate) use axes::WEIGHT;
pub use color::{ColorArt, ColorGlyph};
pub use error::FontError;
pub use face::{Face, FaceId, FaceMetrics};
pub(crate) use kinship::{is_foreign, region_of_text};
pub use set::{FontSet, FontSetBuilder};
