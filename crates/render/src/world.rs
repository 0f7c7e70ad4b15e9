//! The world: all that a render may learn from outside, and nothing else.

use std::sync::Arc;

use crate::fonts::FontSet;

/// All I/O of the engine. Implementations must answer the same question with the same answer.
pub trait World: Sync {
    /// The fonts at hand.
    fn fonts(&self) -> &FontSet;
    /// The files that a template may refer to as `asset:<name>`.
    fn assets(&self) -> &dyn Assets;
    /// The time that the document says it was made, in milliseconds since the Unix epoch.
    fn now_ms(&self) -> i64;
}

/// Finds the bytes behind `asset:<name>`.
pub trait Assets: Sync {
    /// The bytes of an asset as it was uploaded (PNG, JPEG or SVG), or nothing when there is none of that name.
    fn asset(&self, name: &str) -> Option<Arc<[u8]>>;
}

/// No assets at all.
impl Assets for () {
    fn asset(&self, _name: &str) -> Option<Arc<[u8]>> {
        None
    }
}
