//! Draws the display list of a page: every item becomes fills, strokes, clips and layers of the rasteriser.

mod glyphs;
mod picture;
mod shape;

use vello_cpu::kurbo::{Affine, BezPath, Rect as KurboRect};
use vello_cpu::peniko::{Brush, Fill};
use vello_cpu::{PaintType, RenderContext};

pub(super) use glyphs::GlyphMasks;
pub(super) use picture::Pictures;

use super::ImageError;
use crate::document::{Color, Document, Item, Page, Path, Rect, RectItem, Segment, Stroke, Transform};
use crate::picture::{Drawing, DrawingItem, Gradient};
pub(crate) use shape::length_at_most;
use shape::{affine, append, color, gradient_brush, pen, rect, round_rect};

/// Groups inside groups, drawings included; layout nests as deep as the template, which is limited too.
const GROUP_DEPTH_MAX: usize = 500;

/// PDF's initial miter limit (ISO 32000-1, 8.4.3.5).
const PAGE_MITER_LIMIT: f64 = 10.0;

/// SVG's initial miter limit, which drawings are made for.
const DRAWING_MITER_LIMIT: f64 = 4.0;

/// Draws the items of one page into a context.
pub(super) struct Painter<'a> {
    pub(super) document: &'a Document,
    pub(super) context: &'a mut RenderContext,
    pub(super) masks: &'a mut GlyphMasks,
    pub(super) pictures: &'a mut Pictures,
    /// No stroke becomes thinner than this many pixels.
    pub(super) thinnest_pixels: f64,
    /// From the coordinates of the items to pixels.
    pub(super) transform: Affine,
    miter_limit: f64,
    open: Vec<Group>,
    path: BezPath,
    /// Pixels of the masks of all glyphs so far.
    mask_pixels: usize,
}

/// What a pop undoes.
struct Group {
    transform: Affine,
    clipped: bool,
    layered: bool,
}

impl<'a> Painter<'a> {
    /// Begins a page, whose coordinates the transform turns into pixels.
    pub(super) fn new(
        document: &'a Document,
        context: &'a mut RenderContext,
        (masks, pictures): (&'a mut GlyphMasks, &'a mut Pictures),
        transform: Affine,
        thinnest_pixels: f64,
    ) -> Self {
        Self {
            document,
            context,
            masks,
            pictures,
            thinnest_pixels,
            transform,
            miter_limit: PAGE_MITER_LIMIT,
            open: Vec::new(),
            path: BezPath::new(),
            mask_pixels: 0,
        }
    }

    /// Draws all items.
    pub(super) fn page(&mut self, page: &Page) -> Result<(), ImageError> {
        let result = page.items.iter().try_for_each(|item| self.item(item));
        // Also after an error: the context must be left without open layers.
        self.pop_to(0);
        result
    }

    fn item(&mut self, item: &Item) -> Result<(), ImageError> {
        match item {
            Item::Element(_) | Item::Artifact(_) => {}
            Item::Glyphs(run) => self.run(run)?,
            Item::Rect(item) => self.rect_item(item),
            Item::Path(path) => self.paint_path(path, &self.document.segments)?,
            Item::Gradient(gradient) => self.gradient(gradient, &self.document.segments)?,
            Item::Picture { picture, rect } => self.picture(*picture, rect)?,
            Item::Drawing { drawing, rect } => {
                let found = self.document.drawings.get(*drawing as usize);
                let found = found.ok_or(ImageError::Dangling { what: "drawing", index: *drawing })?;
                self.drawing(found, rect)?;
            }
            Item::PdfPage { pdf_page, rect } => self.pdf_page(*pdf_page, rect)?,
            Item::PushClip { segments: range, even_odd } => {
                let path = segments(&self.document.segments, range)?;
                self.push(&Transform::IDENTITY, Some(&Clip::Path(path, *even_odd)), 1.0)?;
            }
            Item::Push { transform, clip, opacity } => {
                let clip = clip.as_ref().map(|clip| Clip::Rect(*clip));
                self.push(transform, clip.as_ref(), *opacity)?;
            }
            Item::Pop => self.pop_above(0),
        }
        Ok(())
    }

    /// Draws a page of another file, stretched to a rectangle.
    fn pdf_page(&mut self, index: u32, rect: &Rect) -> Result<(), ImageError> {
        let page = self.document.pdf_pages.get(index as usize);
        let page = page.ok_or(ImageError::Dangling { what: "page of another file", index })?;
        let (x_scale, y_scale) = (rect.width / page.size.width, rect.height / page.size.height);
        let stretch = Transform { coefficients: [x_scale, 0.0, 0.0, y_scale, rect.x, rect.y] };
        super::pdf_page::draw(page, self.context, self.transform * affine(&stretch))
    }

    /// Draws a drawing, stretched to a rectangle and cut at its edges.
    fn drawing(&mut self, drawing: &Drawing, rect: &Rect) -> Result<(), ImageError> {
        let floor = self.open.len();
        let (x_scale, y_scale) = (rect.width / drawing.size.width, rect.height / drawing.size.height);
        let stretch = Transform { coefficients: [x_scale, 0.0, 0.0, y_scale, rect.x, rect.y] };
        let bounds = Rect { x: 0.0, y: 0.0, width: drawing.size.width, height: drawing.size.height };
        self.push(&stretch, Some(&Clip::Rect(bounds)), 1.0)?;
        self.miter_limit = DRAWING_MITER_LIMIT;
        let inner_floor = self.open.len();
        let result = drawing.items.iter().try_for_each(|item| match item {
            DrawingItem::Path(path) => self.paint_path(path, &drawing.segments),
            DrawingItem::Gradient(gradient) => self.gradient(gradient, &drawing.segments),
            DrawingItem::Push { transform, clip, even_odd, opacity } => {
                let clip = match clip {
                    Some(range) => Some(Clip::Path(segments(&drawing.segments, range)?, *even_odd)),
                    None => None,
                };
                self.push(transform, clip.as_ref(), *opacity)
            }
            DrawingItem::Pop => {
                self.pop_above(inner_floor);
                Ok(())
            }
        });
        self.miter_limit = PAGE_MITER_LIMIT;
        self.pop_to(floor);
        result
    }

    fn push(&mut self, transform: &Transform, clip: Option<&Clip<'_>>, opacity: f32) -> Result<(), ImageError> {
        if self.open.len() >= GROUP_DEPTH_MAX {
            return Err(ImageError::Depth { depth_max: GROUP_DEPTH_MAX });
        }
        let layered = opacity < 1.0;
        self.open.push(Group { transform: self.transform, clipped: clip.is_some(), layered });
        self.transform *= affine(transform);
        self.context.set_transform(self.transform);
        match clip {
            Some(Clip::Rect(bounds)) => {
                self.context.set_fill_rule(Fill::NonZero);
                self.context.push_clip_rect(&rect(bounds));
            }
            Some(Clip::Path(segments, even_odd)) => {
                self.take_path(segments);
                self.context.set_fill_rule(fill_rule(*even_odd));
                self.context.push_clip_path(&self.path);
            }
            None => {}
        }
        if layered {
            self.context.push_opacity_layer(opacity.max(0.0));
        }
        Ok(())
    }

    /// Undoes the last push, unless it was made before the floor.
    fn pop_above(&mut self, floor: usize) {
        if self.open.len() <= floor {
            return;
        }
        if let Some(group) = self.open.pop() {
            if group.layered {
                self.context.pop_layer();
            }
            if group.clipped {
                self.context.pop_clip();
            }
            self.transform = group.transform;
        }
    }

    fn pop_to(&mut self, floor: usize) {
        while self.open.len() > floor {
            self.pop_above(floor);
        }
    }

    fn rect_item(&mut self, item: &RectItem) {
        if item.radius > 0.0 {
            self.path = round_rect(&item.rect, item.radius);
            self.paint(item.fill, item.stroke.as_ref(), false);
            return;
        }
        if let Some(fill) = item.fill {
            self.context.set_transform(self.transform);
            self.set_paint(color(fill));
            self.context.fill_rect(&rect(&item.rect));
        }
        if let Some(stroke) = &item.stroke {
            self.set_stroke(stroke, 2.0 * f64::from(item.rect.width + item.rect.height));
            self.context.stroke_rect(&rect(&item.rect));
        }
    }

    fn paint_path(&mut self, path: &Path, pool: &[Segment]) -> Result<(), ImageError> {
        self.take_path(segments(pool, &path.segments)?);
        self.paint(path.fill, path.stroke.as_ref(), path.even_odd);
        Ok(())
    }

    fn gradient(&mut self, gradient: &Gradient, pool: &[Segment]) -> Result<(), ImageError> {
        self.take_path(segments(pool, &gradient.segments)?);
        self.context.set_transform(self.transform);
        self.context.set_paint(gradient_brush(gradient));
        self.context.set_paint_transform(affine(&gradient.transform));
        self.context.set_fill_rule(fill_rule(gradient.even_odd));
        self.context.fill_path(&self.path);
        Ok(())
    }

    /// Fills and strokes the path that was taken.
    fn paint(&mut self, fill: Option<Color>, stroke: Option<&Stroke>, even_odd: bool) {
        if let Some(fill) = fill {
            self.context.set_transform(self.transform);
            self.set_paint(color(fill));
            self.context.set_fill_rule(fill_rule(even_odd));
            self.context.fill_path(&self.path);
        }
        if let Some(stroke) = stroke {
            let length = if stroke.dash.is_empty() { 0.0 } else { length_at_most(&self.path) };
            self.set_stroke(stroke, length);
            self.context.stroke_path(&self.path);
        }
    }

    /// Of a line of at most this length.
    fn set_stroke(&mut self, stroke: &Stroke, length: f64) {
        self.context.set_transform(self.transform);
        self.set_paint(color(stroke.color));
        self.context.set_stroke(pen(stroke, length, &self.transform, self.miter_limit, self.thinnest_pixels));
    }

    fn set_paint(&mut self, color: vello_cpu::color::AlphaColor<vello_cpu::color::Srgb>) {
        self.context.set_paint(PaintType::from(Brush::Solid(color)));
        self.context.reset_paint_transform();
    }

    fn take_path(&mut self, segments: &[Segment]) {
        self.path.truncate(0);
        append(&mut self.path, segments);
    }
}

/// What a group is cut to.
enum Clip<'a> {
    Rect(Rect),
    Path(&'a [Segment], bool),
}

fn fill_rule(even_odd: bool) -> Fill {
    if even_odd { Fill::EvenOdd } else { Fill::NonZero }
}

fn segments<'a>(pool: &'a [Segment], range: &std::ops::Range<u32>) -> Result<&'a [Segment], ImageError> {
    let found = pool.get(range.start as usize..range.end as usize);
    found.ok_or(ImageError::Dangling { what: "segment", index: range.end })
}

/// The rectangle of whole pixels, from the origin.
fn pixels(width: u16, height: u16) -> KurboRect {
    KurboRect::new(0.0, 0.0, f64::from(width), f64::from(height))
}
