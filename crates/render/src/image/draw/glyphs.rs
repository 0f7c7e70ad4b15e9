//! Draws text: the coverage of each glyph is computed once for its size and place within a pixel, then reused.

use std::sync::Arc;

use ab_glyph_rasterizer::{Point as MaskPoint, Rasterizer, point};
use rustc_hash::FxHashMap;
use skrifa::outline::OutlinePen;
use vello_cpu::kurbo::{Affine, BezPath, Point, Rect};
use vello_cpu::peniko::{Brush, Extend, Fill, ImageAlphaType, ImageQuality, ImageSampler};
use vello_cpu::{Image, ImageSource, PaintType, PixelMetadata, Pixmap, Tint, TintMode};

use super::super::ImageError;
use super::shape::{color, scales};
use super::{Painter, pixels};
use crate::document::{Color, GlyphRun, Posture};
use crate::fonts::{Face, FaceId};

/// Places within a pixel that a glyph may stand at: finer is not seen, coarser makes uneven gaps.
const PLACES: f64 = 4.0;

/// Text below this size in pixels stands at quarters of pixels in height, too: whole ones would make the distances of
/// such small lines uneven. Above, whole ones keep all lines equally sharp.
const SHARP_SIZE_PIXELS_MIN: f64 = 6.0;

/// Larger glyphs are drawn as paths: they come once or twice, and a mask of them is large.
const MASK_SIDE_PIXELS_MAX: f64 = 128.0;

/// Pixels of all masks on one page, each counted wherever it stands. Small print on A3 has 5 million; beyond this every
/// glyph could be another one, and is drawn as a path, so that a page takes no more than 100 MB for its masks.
const PAGE_MASK_PIXELS_MAX: usize = 25_000_000;

/// Bytes of all masks that one thread keeps; about 10,000 glyphs of text at 150 dpi.
const MASKS_SIZE_BYTES_MAX: usize = 16 << 20;

/// Coverage of glyphs, kept from page to page and from document to document. It saves time and never changes a pixel.
#[derive(Default)]
pub(in super::super) struct GlyphMasks {
    strikes: FxHashMap<StrikeKey, Strike>,
    size_bytes: usize,
}

/// A face at a size and slope: the four coefficients of the transform from font units to pixels, as bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct StrikeKey {
    face: FaceId,
    linear: [u64; 4],
}

/// By glyph and place within a pixel.
type Strike = FxHashMap<(u16, u8), Mask>;

/// How a glyph is painted.
#[derive(Clone)]
enum Mask {
    /// It has nothing to paint.
    Blank,
    /// Its coverage, and where its top left corner is from the whole pixel of the glyph's origin.
    Covered { pixmap: Arc<Pixmap>, left: f64, top: f64 },
    /// As a path, in font units.
    Large(Arc<BezPath>),
}

impl GlyphMasks {
    /// Forgets all, when there is too much. Called between pages.
    pub(in super::super) fn trim(&mut self) {
        if self.size_bytes > MASKS_SIZE_BYTES_MAX {
            *self = Self::default();
        }
    }
}

impl Painter<'_> {
    /// Draws a run of glyphs.
    pub(super) fn run(&mut self, run: &GlyphRun) -> Result<(), ImageError> {
        let document = self.document;
        let face = document.faces.get(run.face as usize);
        let face = face.ok_or(ImageError::Dangling { what: "face", index: run.face })?;
        let glyphs = document.glyphs.get(run.glyphs.start as usize..run.glyphs.end as usize);
        let glyphs = glyphs.ok_or(ImageError::Dangling { what: "glyph", index: run.glyphs.end })?;
        let unit = f64::from(run.size) / f64::from(face.metrics().units_per_em);
        // From font units, upwards positive, to pixels; the origin is added for each glyph.
        let [a, b, c, d] = run.posture.axes().map(|axis| f64::from(axis) * unit);
        let [a, b, c, d, _, _] = (self.transform * Affine::new([a, b, c, d, 0.0, 0.0])).as_coeffs();
        let key = StrikeKey { face: face.id(), linear: [a, b, c, d].map(f64::to_bits) };
        // In a column it is the distances downwards that would become uneven.
        let upright = b == 0.0 && c == 0.0 && run.posture == Posture::Along;
        let em_pixels = scales(&self.transform).1 * f64::from(run.size);
        let y_places = if upright && em_pixels >= SHARP_SIZE_PIXELS_MIN { 1.0 } else { PLACES };

        let mut strike = self.masks.strikes.remove(&key).unwrap_or_default();
        self.begin_masks(run.color);
        let spacing = f64::from(run.letter_spacing);
        let (mut x, y) = (f64::from(run.origin.x), f64::from(run.origin.y));
        for glyph in glyphs {
            let place = Point::new(x + f64::from(glyph.x_offset) * unit, y - f64::from(glyph.y_offset) * unit);
            x += f64::from(glyph.advance) * unit + spacing;
            let place = self.transform * place;
            if self.mask_pixels > PAGE_MASK_PIXELS_MAX {
                let path = outline(face, glyph.id);
                self.large_glyph(&path, Affine::new([a, b, c, d, place.x, place.y]), run.color);
                continue;
            }
            let (left, x_place) = divide(place.x, PLACES);
            let (top, y_place) = divide(place.y, y_places);
            let within = x_place * 4 + y_place;
            let masks = &mut *self.masks;
            let mask = strike.entry((glyph.id, within)).or_insert_with(|| {
                let offset = (f64::from(x_place) / PLACES, f64::from(y_place) / y_places);
                let (mask, size_bytes) = mask(face, glyph.id, Affine::new([a, b, c, d, offset.0, offset.1]));
                masks.size_bytes += size_bytes;
                mask
            });
            match mask {
                Mask::Blank => {}
                Mask::Covered { pixmap, left: x, top: y } => {
                    self.mask_pixels += pixmap.data().len();
                    self.context.set_transform(Affine::translate((left + *x, top + *y)));
                    self.context.set_paint(PaintType::from(brush(pixmap)));
                    self.context.fill_rect(&pixels(pixmap.width(), pixmap.height()));
                }
                Mask::Large(path) => {
                    let path = Arc::clone(path);
                    self.large_glyph(&path, Affine::new([a, b, c, d, place.x, place.y]), run.color);
                }
            }
        }
        self.context.reset_tint();
        self.masks.strikes.insert(key, strike);
        Ok(())
    }

    fn large_glyph(&mut self, path: &BezPath, transform: Affine, fill: Color) {
        self.context.set_transform(transform);
        self.context.set_paint(PaintType::from(Brush::Solid(color(fill))));
        self.context.set_fill_rule(Fill::NonZero);
        self.context.fill_path(path);
    }

    fn begin_masks(&mut self, fill: Color) {
        self.context.reset_paint_transform();
        // Masks are black.
        if fill != Color::BLACK {
            self.context.set_tint(Some(Tint { color: color(fill), mode: TintMode::AlphaMask }));
        }
    }
}

/// Whole pixels, and which of the places within the pixel.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the remainder is below the count of places"
)]
fn divide(value: f64, places: f64) -> (f64, u8) {
    let steps = (value * places).round();
    let whole = (steps / places).floor();
    (whole, (steps - whole * places) as u8)
}

fn brush(pixmap: &Arc<Pixmap>) -> Image {
    Image {
        image: ImageSource::Pixmap(Arc::clone(pixmap)),
        sampler: ImageSampler { x_extend: Extend::Pad, y_extend: Extend::Pad, quality: ImageQuality::Low, alpha: 1.0 },
    }
}

/// The coverage of a glyph, and how many bytes it takes.
fn mask(face: &Face, glyph: u16, transform: Affine) -> (Mask, usize) {
    let outline = outline(face, glyph);
    let bounds = transform.transform_rect_bbox(outline.control_box());
    if outline.elements().is_empty() || !bounds.is_finite() || bounds.is_zero_area() {
        return (Mask::Blank, size_of::<Mask>());
    }
    if bounds.width() > MASK_SIDE_PIXELS_MAX || bounds.height() > MASK_SIDE_PIXELS_MAX {
        let size_bytes = size_of_val(outline.elements());
        return (Mask::Large(Arc::new(outline)), size_bytes);
    }
    let bounds = bounds.expand();
    let pixmap = cover(&outline, transform, &bounds);
    let size_bytes = size_of::<Mask>() + usize::from(pixmap.width()) * usize::from(pixmap.height()) * 4;
    (Mask::Covered { pixmap: Arc::new(pixmap), left: bounds.x0, top: bounds.y0 }, size_bytes)
}

/// A glyph's outline in font units. A glyph that cannot be read is blank, as a missing one.
fn outline(face: &Face, glyph: u16) -> BezPath {
    let mut pen = PathPen(BezPath::new());
    face.draw(glyph, &mut pen);
    pen.0
}

/// The exact area that an outline covers of every pixel within bounds of whole pixels.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sides are whole and at most 130, coverage at most 255"
)]
fn cover(outline: &BezPath, transform: Affine, bounds: &Rect) -> Pixmap {
    let (width, height) = (bounds.width() as u16, bounds.height() as u16);
    let mut rasterizer = Rasterizer::new(usize::from(width), usize::from(height));
    let transform = Affine::translate((-bounds.x0, -bounds.y0)) * transform;
    let at = |place: Point| -> MaskPoint {
        let place = transform * place;
        point(place.x as f32, place.y as f32)
    };
    for segment in outline.segments() {
        use vello_cpu::kurbo::PathSeg::{Cubic, Line, Quad};
        match segment {
            Line(line) => rasterizer.draw_line(at(line.p0), at(line.p1)),
            Quad(curve) => rasterizer.draw_quad(at(curve.p0), at(curve.p1), at(curve.p2)),
            Cubic(curve) => rasterizer.draw_cubic(at(curve.p0), at(curve.p1), at(curve.p2), at(curve.p3)),
        }
    }
    let mut samples = vec![0; usize::from(width) * usize::from(height) * 4];
    let mut pixels = samples.as_chunks_mut::<4>().0.iter_mut();
    rasterizer.for_each_pixel(|_, coverage| {
        if let Some([_, _, _, alpha]) = pixels.next() {
            *alpha = (coverage.min(1.0) * 255.0).round() as u8;
        }
    });
    let metadata = PixelMetadata { may_have_transparency: true, alpha_type: ImageAlphaType::AlphaPremultiplied };
    Pixmap::from_parts(samples, width, height, metadata)
}

/// Collects an outline as a path. Contours of fonts are closed.
struct PathPen(BezPath);

impl OutlinePen for PathPen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to((f64::from(x), f64::from(y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to((f64::from(x), f64::from(y)));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to((f64::from(cx), f64::from(cy)), (f64::from(x), f64::from(y)));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let [first, second, end] = [(cx0, cy0), (cx1, cy1), (x, y)].map(|(x, y)| (f64::from(x), f64::from(y)));
        self.0.curve_to(first, second, end);
    }

    fn close(&mut self) {
        self.0.close_path();
    }
}
