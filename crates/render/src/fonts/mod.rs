//! Fonts: the faces at hand, found by family, weight and style.

mod error;
mod face;
mod set;
#[cfg(test)]
pub(crate) mod testing;

pub use error::FontError;
pub use face::{Face, FaceId, FaceMetrics};
pub use set::{FontSet, FontSetBuilder};
