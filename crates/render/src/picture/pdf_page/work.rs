//! How much work drawing a page is, found by going through it without drawing.
//!
//! What is repeated by a few bytes is counted as often as it is drawn: cells of patterns, glyphs made of instructions,
//! dashes, pixels of images and of fills that are computed pixel by pixel.

use std::collections::BTreeMap;

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::pattern::{Pattern, ShadingPattern};
use hayro::hayro_interpret::shading::ShadingType;
use hayro::hayro_interpret::{
    BlendMode, CacheKey as _, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, Paint, RenderContent, SoftMask, TransformExt as _, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect};

use super::STEP_COUNT_MAX;
use super::forms::too_many;
use crate::image::length_at_most;
use crate::limits::Limits;
use crate::picture::PictureError;

/// Pixels that take as long as a step.
const STEP_PIXEL_COUNT: f64 = 128.0;

/// Pixels of one colour that are painted while one of an image is.
const PLAIN_PIXELS: f64 = 16.0;

/// How often a pixel of a layer is painted until it is on the layer below.
const LAYER_COPIES: f64 = 2.0;

/// Pixels of a point, each way: what a picture for print has.
const POINT_PIXELS: f64 = 2.8;

/// Pixels that are painted while one is painted whose colour is computed, or comes from a program.
const COMPUTED_PIXELS: f64 = 8.0;
const FUNCTION_PIXELS: f64 = 8.0;

/// Pixels of a patch of a mesh, as small as it may be: it is cut into hundreds of triangles.
const PATCH_PIXELS: f64 = 2_000.0;

/// Steps of an outline of a glyph, and of a layer that is put over the others.
const GLYPH_STEPS: u64 = 4;
const LAYER_STEPS: u64 = 100;

/// Refuses a page that takes too much work. Its forms have been counted before.
pub(super) fn check(page: &Page<'_>, limits: &Limits) -> Result<(), PictureError> {
    let (width, height) = page.render_dimensions();
    let target = Rect::new(0.0, 0.0, f64::from(width) * POINT_PIXELS, f64::from(height) * POINT_PIXELS);
    let transform = Affine::scale(POINT_PIXELS) * page.initial_transform(true).to_kurbo();
    let mut work = Work {
        target,
        steps: 0,
        layers: 0.0,
        known: BTreeMap::new(),
        pixels_max: f64::from(limits.picture_pixels_max),
        large: None,
    };
    let settings = InterpreterSettings { render_content: RenderContent::PAGE, ..InterpreterSettings::default() };
    let mut context = Context::new(transform, target, &InterpreterCache::new(), page.xref(), settings);
    interpret_page(page, &mut context, &mut work);
    match work.large {
        Some((width, height)) => Err(PictureError::PixelCount { width, height, pixels_max: limits.picture_pixels_max }),
        None if work.is_too_much() => Err(too_many()),
        None => Ok(()),
    }
}

/// Counts instead of drawing.
struct Work {
    target: Rect,
    steps: u64,
    /// Layers that are open.
    layers: f64,
    /// Steps of what was gone through already, by its key; of what is being gone through, nothing.
    known: BTreeMap<u128, Option<u64>>,
    pixels_max: f64,
    /// Width and height of an image with too many pixels.
    large: Option<(u32, u32)>,
}

impl Work {
    fn is_too_much(&self) -> bool {
        self.steps > STEP_COUNT_MAX
    }

    fn add(&mut self, steps: u64) {
        self.steps = self.steps.saturating_add(steps);
    }

    fn add_pixels(&mut self, pixels: f64) {
        self.add(to_steps(pixels / STEP_PIXEL_COUNT));
    }

    /// Counts something that is gone through once, `times` times. What leads back to itself never ends.
    fn add_known(&mut self, key: u128, times: u64, walk: impl FnOnce(&mut Self)) {
        let steps = match self.known.get(&key) {
            Some(Some(steps)) => *steps,
            Some(None) => u64::MAX,
            None if self.is_too_much() => return,
            None => {
                let before = self.steps;
                self.known.insert(key, None);
                walk(self);
                let steps = self.steps.saturating_sub(before);
                self.known.insert(key, Some(steps));
                self.steps = before;
                steps
            }
        };
        self.add(steps.saturating_mul(times));
    }

    fn add_paint<'a>(&mut self, paint: &Paint<'a>, place: Rect) {
        let Paint::Pattern(pattern) = paint else { return };
        let place = place.intersect(self.target);
        let pixels = (place.width() * place.height()).max(0.0);
        self.add_pixels(pixels);
        match &**pattern {
            Pattern::Shading(pattern) => self.add_shading(pattern, pixels),
            Pattern::Tiling(pattern) => {
                let copies =
                    copies(pattern.bbox.width(), pattern.x_step) * copies(pattern.bbox.height(), pattern.y_step);
                let walk = |work: &mut Self| {
                    let _drawn = pattern.interpret(work, pattern.matrix, false);
                };
                self.add_known(pattern.cache_key(), to_steps(copies), walk);
            }
        }
    }

    fn add_shading(&mut self, pattern: &ShadingPattern, pixels: f64) {
        let place = |points: &[Point]| {
            let bounds = points.iter().map(|point| Rect::from_points(*point, *point)).reduce(|all, one| all.union(one));
            pattern.matrix.transform_rect_bbox(bounds.unwrap_or_default()).area()
        };
        // Meshes are computed wherever they lie, also outside of the page.
        let mesh_pixels: f64 = match &*pattern.shading.shading_type {
            ShadingType::FunctionBased { .. } => pixels * FUNCTION_PIXELS,
            ShadingType::RadialAxial { .. } => pixels,
            ShadingType::TriangleMesh { triangles, .. } => {
                triangles.iter().map(|one| place(&[one.p0.point, one.p1.point, one.p2.point])).sum()
            }
            ShadingType::CoonsPatchMesh { patches, .. } => {
                patches.iter().map(|patch| PATCH_PIXELS + place(&patch.control_points)).sum()
            }
            ShadingType::TensorProductPatchMesh { patches, .. } => {
                patches.iter().map(|patch| PATCH_PIXELS + place(&patch.control_points)).sum()
            }
            ShadingType::Dummy => 0.0,
        };
        self.add_pixels(mesh_pixels * COMPUTED_PIXELS);
    }

    fn add_mask(&mut self, mask: Option<&SoftMask<'_>>) {
        let Some(mask) = mask else { return };
        let key = mask.cache_key();
        if !self.known.contains_key(&key) {
            self.add_pixels(self.target.area());
        }
        // It is kept when it was drawn once.
        let times = u64::from(!matches!(self.known.get(&key), Some(Some(_))));
        self.add_known(key, times, |work| mask.interpret(work));
    }

    fn add_outline(&mut self, path: &BezPath, mode: &DrawMode) {
        self.add(u64::try_from(path.elements().len()).unwrap_or(u64::MAX).saturating_add(1));
        let (DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke)) = mode else { return };
        let period: f64 = stroke.dash_array.iter().map(|length| f64::from(length.abs())).sum();
        if period > 0.0 {
            self.add(to_steps(length_at_most(path) / period * stroke.dash_array.len() as f64));
        }
    }
}

/// How often a cell is drawn: as often as it overlaps with itself, and where what is filled begins and ends.
fn copies(side: f64, step: f32) -> f64 {
    (side.abs() / f64::from(step.abs())).ceil() + 2.0
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is no number of steps is too many")]
fn to_steps(steps: f64) -> u64 {
    if steps.is_nan() { u64::MAX } else { steps.ceil() as u64 }
}

impl<'a> Device<'a> for Work {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        if self.is_too_much() {
            return;
        }
        self.add_outline(path, mode);
        let place = props.transform.transform_rect_bbox(path.control_box());
        let copies = 1.0 + LAYER_COPIES * self.layers.max(0.0);
        self.add_pixels(place.intersect(self.target).area() / PLAIN_PIXELS * copies);
        self.add_paint(&props.paint, place);
        self.add_mask(props.soft_mask.as_ref());
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.add(u64::try_from(clip.path.elements().len()).unwrap_or(u64::MAX));
    }

    fn push_transparency_group(&mut self, _opacity: f32, mask: Option<SoftMask<'a>>, _blend: BlendMode) {
        self.add(LAYER_STEPS);
        self.layers += 1.0;
        self.add_mask(mask.as_ref());
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _mode: &DrawMode) {
        if self.is_too_much() {
            return;
        }
        self.add_mask(props.soft_mask.as_ref());
        for glyph in run.glyphs() {
            self.add(GLYPH_STEPS);
            if let Glyph::Type3(type3) = &**glyph {
                let walk = |work: &mut Self| type3.interpret(work, props.transform, glyph.transform(), &props.paint);
                self.add_known(type3.cache_key(), 1, walk);
            }
            self.add_paint(&props.paint, Rect::ZERO);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (image.width(), image.height());
        let pixels = f64::from(width) * f64::from(height);
        if pixels > self.pixels_max {
            self.large.get_or_insert((width, height));
        }
        self.add_pixels(pixels);
        self.add_mask(props.soft_mask.as_ref());
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {
        self.layers -= 1.0;
    }
}
