//! Paints the layers of a colour glyph (OpenType, `COLR` versions 0 and 1) as a drawing.

use skrifa::color::{Brush, ColorPainter, CompositeMode, PaintCachedColorGlyph, PaintError};
use skrifa::instance::{LocationRef, Size as EmSize};
use skrifa::outline::{DrawSettings, OutlineGlyphCollection};
use skrifa::raw::types::BoundingBox;
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::brush::{Fill, Palette};
use super::canvas::{Canvas, ITEM_COUNT_MAX, clip, rect};
use crate::document::{Color, Point, Rect, Size, Transform};
use crate::picture::{Drawing, DrawingItem};

/// A glyph as a drawing.
pub(super) struct LayeredGlyph {
    pub(super) drawing: Drawing,
    /// Where it is from the glyph's origin, in font units with y downwards.
    pub(super) bounds: Rect,
    pub(super) takes_text_color: bool,
}

/// The layers of a glyph. Nothing when the font has none for it, or they are damaged or too many.
pub(super) fn drawing<'f>(
    font: &FontRef<'f>,
    glyph: GlyphId,
    place: impl Into<LocationRef<'f>>,
    text: Color,
) -> Option<LayeredGlyph> {
    let colored = font.color_glyphs().get(glyph)?;
    let place = place.into();
    let mut painter = Painter {
        outlines: font.outline_glyphs(),
        place,
        palette: Palette::new(font, text)?,
        canvas: Canvas::default(),
        // Glyphs go upwards, drawings downwards.
        transforms: vec![Transform { coefficients: [1.0, 0.0, 0.0, -1.0, 0.0, 0.0] }],
        clips: Vec::new(),
        layers: vec![Layer::default()],
        painted: None,
        frame: None,
        sub_glyph_count: 0,
    };
    colored.paint(place, &mut painter).ok()?;
    painter.finish()
}

struct Painter<'f> {
    outlines: OutlineGlyphCollection<'f>,
    place: LocationRef<'f>,
    palette: Palette,
    canvas: Canvas,
    transforms: Vec<Transform>,
    clips: Vec<Clip>,
    layers: Vec<Layer>,
    /// What is around all that was painted.
    painted: Option<[f32; 4]>,
    /// What the font says is around the glyph.
    frame: Option<[f32; 4]>,
    sub_glyph_count: usize,
}

/// What is painted together before it is merged with what is below.
#[derive(Default)]
struct Layer {
    items: Vec<DrawingItem>,
    /// Its opacity, when it is nothing but one colour all over.
    veil: Option<f32>,
}

/// What is painted on, in the order of nesting.
enum Clip {
    /// The frame of the glyph: it bounds the drawing anyway.
    Frame([f32; 4]),
    /// A path, with what is around it.
    Path(Option<[f32; 4]>),
}

impl Painter<'_> {
    fn transform(&self) -> Transform {
        self.transforms.last().copied().unwrap_or(Transform::IDENTITY)
    }

    fn add(&mut self, item: DrawingItem) {
        if let Some(layer) = self.layers.last_mut() {
            layer.veil = None;
            self.canvas.add(&mut layer.items, item);
        }
    }

    fn glyph(&mut self, glyph: GlyphId) -> std::ops::Range<u32> {
        let (outlines, place, transform) = (&self.outlines, self.place, self.transform());
        self.canvas.outline(&transform, |pen| {
            let settings = DrawSettings::unhinted(EmSize::unscaled(), place);
            outlines.get(glyph).is_some_and(|outline| outline.draw(settings, pen).is_ok())
        })
    }

    fn paint(&mut self, segments: std::ops::Range<u32>, fill: Fill, own: &Transform) {
        let Some([left, top, right, bottom]) = self.canvas.bounds(&segments) else { return };
        let around = self.painted.unwrap_or([left, top, right, bottom]);
        self.painted = Some([around[0].min(left), around[1].min(top), around[2].max(right), around[3].max(bottom)]);
        if let Some(layer) = self.layers.last_mut() {
            layer.veil = None;
            self.canvas.fill(&mut layer.items, segments, fill, own);
        }
    }

    fn push_clip(&mut self, segments: std::ops::Range<u32>) {
        self.clips.push(Clip::Path(self.canvas.bounds(&segments)));
        self.add(clip(segments));
    }

    /// The drawing, moved so that its corner is where coordinates begin.
    fn finish(mut self) -> Option<LayeredGlyph> {
        let bounds = self.frame.or(self.painted).and_then(rect)?;
        let mut items = std::mem::take(&mut self.layers.first_mut()?.items);
        if self.canvas.failed || items.is_empty() {
            return None;
        }
        let corner = Transform { coefficients: [1.0, 0.0, 0.0, 1.0, -bounds.x, -bounds.y] };
        for item in &mut items {
            if let DrawingItem::Gradient(gradient) = item {
                gradient.transform = corner.around(&gradient.transform);
            }
        }
        let moved = |point: Point| Point { x: point.x - bounds.x, y: point.y - bounds.y };
        let segments = self.canvas.segments.iter().map(|segment| segment.map(moved)).collect();
        let size = Size { width: bounds.width, height: bounds.height };
        let takes_text_color = self.palette.takes_text_color;
        Some(LayeredGlyph { drawing: Drawing { size, items, segments }, bounds, takes_text_color })
    }

    /// One path of all filled paths of a layer that has nothing else and is opaque: where that layer is.
    fn shape_of(&mut self, items: &[DrawingItem]) -> Option<std::ops::Range<u32>> {
        let ranges = items.iter().map(|item| match item {
            DrawingItem::Path(path) if path.fill.is_some_and(|fill| fill.alpha == 255) => Some(path.segments.clone()),
            DrawingItem::Gradient(gradient) if gradient.stops.iter().all(|stop| stop.color.alpha == 255) => {
                Some(gradient.segments.clone())
            }
            _ => None,
        });
        let ranges: Vec<_> = ranges.collect::<Option<_>>()?;
        if let [only] = ranges.as_slice() {
            return Some(only.clone());
        }
        let start = self.canvas.segments.len();
        for range in ranges {
            self.canvas.segments.extend_from_within(range.start as usize..range.end as usize);
        }
        Some(crate::text::index32(start)..crate::text::index32(self.canvas.segments.len()))
    }

    /// What of one layer is where another one is. Another one with half-transparent parts takes nothing away.
    fn inside(&mut self, layer: Layer, mask: &Layer) -> Vec<DrawingItem> {
        let push = match mask.veil {
            Some(opacity) if opacity >= 1.0 => return layer.items,
            Some(opacity) => DrawingItem::Push { transform: Transform::IDENTITY, clip: None, even_odd: false, opacity },
            None if mask.items.is_empty() => return Vec::new(),
            None => match self.shape_of(&mask.items) {
                Some(shape) => clip(shape),
                None => return layer.items,
            },
        };
        let mut items = Vec::with_capacity(layer.items.len() + 2);
        self.canvas.add(&mut items, push);
        items.extend(layer.items);
        items.push(DrawingItem::Pop);
        items
    }
}

impl ColorPainter for Painter<'_> {
    fn push_transform(&mut self, transform: skrifa::color::Transform) {
        let skrifa::color::Transform { xx, yx, xy, yy, dx, dy } = transform;
        let own = Transform { coefficients: [xx, yx, xy, yy, dx, dy] };
        self.transforms.push(self.transform().around(&own));
    }

    fn pop_transform(&mut self) {
        self.transforms.pop();
    }

    fn push_clip_glyph(&mut self, glyph: GlyphId) {
        let segments = self.glyph(glyph);
        self.push_clip(segments);
    }

    fn push_clip_box(&mut self, frame: BoundingBox<f32>) {
        let segments = self.canvas.rectangle(&self.transform(), [frame.x_min, frame.y_min, frame.x_max, frame.y_max]);
        if self.clips.is_empty() && self.layers.len() == 1 && self.transforms.len() == 1 {
            self.frame = self.canvas.bounds(&segments);
            self.clips.push(Clip::Frame(self.frame.unwrap_or_default()));
        } else {
            self.push_clip(segments);
        }
    }

    fn pop_clip(&mut self) {
        if let Some(Clip::Path(_)) = self.clips.pop() {
            self.add(DrawingItem::Pop);
        }
    }

    fn fill(&mut self, brush: Brush<'_>) {
        let Some(fill) = self.palette.fill(&brush) else { return };
        let around = match self.clips.last() {
            Some(Clip::Frame(frame)) => Some(*frame),
            Some(Clip::Path(bounds)) => *bounds,
            None => None,
        };
        let veil = match (&fill, self.clips.last(), self.layers.last()) {
            (Fill::Solid(color), None | Some(Clip::Frame(_)), Some(layer)) if layer.items.is_empty() => {
                Some(f32::from(color.alpha) / 255.0)
            }
            _ => None,
        };
        if let Some(around) = around {
            let own = self.transform();
            let segments = self.canvas.rectangle(&Transform::IDENTITY, around);
            self.paint(segments, fill, &own);
        }
        if let Some(layer) = self.layers.last_mut() {
            layer.veil = veil;
        }
    }

    fn fill_glyph(&mut self, glyph: GlyphId, own: Option<skrifa::color::Transform>, brush: Brush<'_>) {
        let Some(fill) = self.palette.fill(&brush) else { return };
        let segments = self.glyph(glyph);
        if let Some(own) = own {
            self.push_transform(own);
        }
        let transform = self.transform();
        if own.is_some() {
            self.pop_transform();
        }
        self.paint(segments, fill, &transform);
    }

    /// Never from a cache; but a glyph made of too many others ends here.
    fn paint_cached_color_glyph(&mut self, _: GlyphId) -> Result<PaintCachedColorGlyph, PaintError> {
        self.sub_glyph_count += 1;
        self.canvas.failed |= self.sub_glyph_count > ITEM_COUNT_MAX;
        if self.canvas.failed { Err(PaintError::DepthLimitExceeded) } else { Ok(PaintCachedColorGlyph::Unimplemented) }
    }

    fn push_layer(&mut self, _: CompositeMode) {
        self.layers.push(Layer::default());
    }

    /// Merges the upper layer into the one below (W3C Compositing and Blending 1, clause 5). Modes that mix colours paint
    /// over what is below: a drawing has no other way.
    fn pop_layer_with_mode(&mut self, mode: CompositeMode) {
        let (Some(source), Some(below)) = (self.layers.pop(), self.layers.last_mut()) else { return };
        let below = std::mem::take(below);
        let merged = match mode {
            CompositeMode::Clear => Vec::new(),
            CompositeMode::Dest => below.items,
            CompositeMode::Src => source.items,
            CompositeMode::SrcIn => self.inside(source, &below),
            CompositeMode::DestIn => self.inside(below, &source),
            CompositeMode::SrcAtop => {
                let inside = self.inside(source, &below);
                [below.items, inside].concat()
            }
            CompositeMode::DestOver => [source.items, below.items].concat(),
            CompositeMode::DestAtop => {
                let inside = self.inside(below, &source);
                [source.items, inside].concat()
            }
            _ => [below.items, source.items].concat(),
        };
        if let Some(layer) = self.layers.last_mut() {
            layer.items = merged;
        }
    }
}
