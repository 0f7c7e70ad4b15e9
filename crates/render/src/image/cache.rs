//! What one thread keeps between pages and documents: the rasteriser's memory, coverage of glyphs, scaled pictures.
//! It saves time and never changes a pixel.

use vello_cpu::{Level, Pixmap, RenderContext, RenderSettings, Resources};

use super::draw::{GlyphMasks, Pictures};

/// Memory kept between images, for one thread.
pub struct ImageCache {
    pub(super) context: RenderContext,
    pub(super) resources: Resources,
    pub(super) pixmap: Pixmap,
    pub(super) masks: GlyphMasks,
    pub(super) pictures: Pictures,
}

/// A page of more pixels gives its memory back: A4 at 300 dpi has 8.7 million.
const KEPT_PIXEL_COUNT_MAX: usize = 9_000_000;

impl ImageCache {
    /// An empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self {
            context: context(),
            resources: Resources::default(),
            pixmap: Pixmap::new(1, 1),
            masks: GlyphMasks::default(),
            pictures: Pictures::default(),
        }
    }

    /// Gives back what is too large to keep.
    pub(super) fn trim(&mut self) {
        self.masks.trim();
        if self.pixmap.data().len() > KEPT_PIXEL_COUNT_MAX {
            self.pixmap = Pixmap::new(1, 1);
            self.context = context();
        }
    }
}

/// A context that computes alike on every machine of an architecture, whatever instructions it has beyond the usual.
fn context() -> RenderContext {
    RenderContext::new_with(1, 1, RenderSettings { level: Level::baseline(), num_threads: 0 })
}

impl Default for ImageCache {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for ImageCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImageCache").finish_non_exhaustive()
    }
}
