//! What the targets render with: all fonts at hand, one asset, small limits, and every form that a document is written in.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use chancery_render::fonts::FontSet;
use chancery_render::image::{Fit, ImageCache, ImageFormat, ImageOptions, render_pages};
use chancery_render::pdf::{PdfCache, PdfOptions};
use chancery_render::picture::{self, PictureError};
use chancery_render::program::Scratch;
use chancery_render::screen::{Client, Screen};
use chancery_render::{
    Assets, Bound, DataBounds, Document, Limits, Program, RenderOptions, Rendered, Template, World, pdf,
};
use serde_json::Value as Json;

/// The fonts of the examples, read once.
pub(crate) static FONTS: LazyLock<FontSet> = LazyLock::new(|| {
    let Some(folder) = std::env::var_os("CHANCERY_FONTS") else {
        panic!("CHANCERY_FONTS is not set: run `make fonts`")
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let mut builder = FontSet::builder();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "ttf" || end == "otf")) {
        let Some(_) = std::fs::read(path).ok().and_then(|bytes| builder.add(bytes.into(), 0).ok().map(|_| ())) else {
            panic!("{} is no font", path.display())
        };
    }
    builder.build()
});

/// A drawing for whoever asks for an asset that nobody gave.
const DRAWING: &[u8] =
    b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 6'><path d='M0 0h9v6z' fill='#15c'/></svg>";

/// Limits under which every input ends in well under a second in an instrumented build.
pub(crate) fn limits() -> Limits {
    Limits {
        fuel_max: 300_000,
        value_size_bytes_max: 300_000,
        page_count_max: 20,
        item_count_max: 20_000,
        text_length_max: 200_000,
        picture_pixels_max: 4_000_000,
        picture_size_bytes_max: 2_000_000,
        ..Limits::default()
    }
}

/// A world with fonts, in which every asset is the same.
pub(crate) struct Stage {
    fonts: FontSet,
    asset: Arc<[u8]>,
}

impl Default for Stage {
    fn default() -> Self {
        Self { fonts: FONTS.clone(), asset: DRAWING.into() }
    }
}

impl Stage {
    /// A world in which every asset is this.
    pub(crate) fn with_asset(asset: &[u8]) -> Self {
        Self { asset: asset.into(), ..Self::default() }
    }

    /// A world that has no other fonts.
    pub(crate) fn with_fonts(fonts: FontSet) -> Self {
        Self { fonts, ..Self::default() }
    }

    /// Renders a template and writes the document in every form. No more steps are taken than the bound says.
    pub(crate) fn play(&self, template: &str, data: Option<&Json>) {
        let Ok((template, _)) = Template::parse(template, &limits()) else { return };
        let sample = template.data.samples.get("default").cloned().unwrap_or_default();
        let data = data.unwrap_or(&sample);
        let Ok(program) = Program::new(Arc::new(template), self) else { return };
        let options = RenderOptions { limits: limits(), ..RenderOptions::default() };
        let Ok(rendered) = program.render(data, self, &options, &mut Scratch::default()) else { return };
        hold_against_bound(&program, data, &rendered);
        write(&rendered.document);
    }
}

fn hold_against_bound(program: &Program, data: &Json, rendered: &Rendered) {
    let mut known = DataBounds::of_value(data);
    known.page_count = u32::try_from(rendered.document.pages.len()).unwrap_or(u32::MAX);
    if let Bound::AtMost(most) = program.bound(&known, &limits()) {
        assert!(rendered.steps <= most.steps, "took {} steps of at most {}", rendered.steps, most.steps);
    }
}

/// Sides up to which pages of other files are shown where they become pictures of 200 dpi.
const PICTURE_SIDE_MAX: f32 = 160.0;

/// Writes a document as PDF, which can be read again, as pictures and for the screen.
pub(crate) fn write(document: &Document) {
    if let Ok(bytes) = pdf::write(document, &PdfOptions::default(), &mut PdfCache::new()) {
        let last = u32::try_from(document.pages.len()).ok();
        let read = picture::decode(&bytes, last, &Limits::default());
        assert!(!matches!(read, Err(PictureError::Pdf(_) | PictureError::PdfPage { .. })), "{:?}", read.err());
    }
    let sizes = || document.pdf_pages.iter().map(|page| page.size);
    let is_small = sizes().all(|size| size.width.max(size.height) <= PICTURE_SIDE_MAX);
    let all = [ImageFormat::Png, ImageFormat::Jpeg { quality: 80 }, ImageFormat::Svg];
    let formats = if is_small { &all[..] } else { &all[..1] };
    let fit = Some(Fit { width: Some(160), height: Some(200) });
    let mut cache = ImageCache::new();
    for &format in formats {
        let options = ImageOptions { fit, format, pages: 0..document.pages.len().min(2), ..ImageOptions::default() };
        drop(render_pages(document, &options, &mut cache));
    }
    if is_small {
        drop(Screen::new(document, Vec::new(), 1, &mut Client::new()));
    }
}

impl World for Stage {
    fn fonts(&self) -> &FontSet {
        &self.fonts
    }

    fn assets(&self) -> &dyn Assets {
        self
    }

    fn now_ms(&self) -> i64 {
        0
    }
}

impl Assets for Stage {
    fn asset(&self, _name: &str) -> Option<Arc<[u8]>> {
        Some(Arc::clone(&self.asset))
    }
}
