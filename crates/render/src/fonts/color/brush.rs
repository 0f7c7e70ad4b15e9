//! What layers of a glyph are filled with: colours of the font's palette, and gradients between them.

use skrifa::color::{Brush, ColorStop, Extend};
use skrifa::{FontRef, MetadataProvider};

use crate::document::{Color, Point};
use crate::picture::{GradientShape, GradientStop};

/// The entry of every palette that is the colour of the text (OpenType, `COLR`).
const TEXT_COLOR: u16 = 0xFFFF;

/// How often a gradient that begins again is spelled out on each side; more is not seen in a glyph.
const REPEAT_COUNT: u8 = 4;

/// The colours of a font, its first palette.
pub(super) struct Palette {
    colors: Vec<Color>,
    text: Color,
    /// Whether the colour of the text was asked for.
    pub(super) takes_text_color: bool,
}

/// What fills a layer, in the coordinates of the layer.
pub(super) enum Fill {
    Solid(Color),
    Gradient {
        shape: GradientShape,
        stops: Vec<GradientStop>,
    },
    /// Around a centre: angles in degrees, clockwise from the right.
    Sweep {
        center: Point,
        angles: [f32; 2],
        stops: Vec<GradientStop>,
        extend: Extend,
    },
}

impl Palette {
    pub(super) fn new(font: &FontRef<'_>, text: Color) -> Option<Self> {
        let palettes = font.color_palettes();
        let palette = palettes.get(0)?;
        let color = |record: &skrifa::color::Color| Color::rgba(record.red, record.green, record.blue, record.alpha);
        Some(Self { colors: palette.colors().iter().map(color).collect(), text, takes_text_color: false })
    }

    fn color(&mut self, index: u16, alpha: f32) -> Color {
        let color = if index == TEXT_COLOR {
            self.takes_text_color = true;
            // The opacity of the text fades the whole glyph.
            Color { alpha: 255, ..self.text }
        } else {
            // A colour that the palette does not have is not seen.
            self.colors.get(usize::from(index)).copied().unwrap_or(Color::rgba(0, 0, 0, 0))
        };
        Color { alpha: faded(color.alpha, alpha), ..color }
    }

    fn stops(&mut self, stops: &[ColorStop]) -> Vec<GradientStop> {
        stops
            .iter()
            .map(|stop| GradientStop { offset: stop.offset, color: self.color(stop.palette_index, stop.alpha) })
            .collect()
    }

    /// What a brush paints.
    pub(super) fn fill(&mut self, brush: &Brush<'_>) -> Option<Fill> {
        let place = |place: &skrifa::raw::types::Point<f32>| Point { x: place.x, y: place.y };
        Some(match brush {
            Brush::Solid { palette_index, alpha } => Fill::Solid(self.color(*palette_index, *alpha)),
            Brush::LinearGradient { color_stops: [only], .. } | Brush::RadialGradient { color_stops: [only], .. } => {
                Fill::Solid(self.color(only.palette_index, only.alpha))
            }
            Brush::LinearGradient { p0, p1, color_stops, extend } => {
                let (start, end) = (place(p0), place(p1));
                let (stops, [from, to]) = spread(self.stops(color_stops), *extend, REPEAT_COUNT);
                let shape = GradientShape::Linear { start: between(start, end, from), end: between(start, end, to) };
                Fill::Gradient { shape, stops }
            }
            Brush::RadialGradient { c0, r0, c1, r1, color_stops, extend } => {
                let (start, end) = (place(c0), place(c1));
                let (stops, first) = without_negative(self.stops(color_stops), [*r0, *r1]);
                // Only outwards: a circle has nothing before its centre.
                let (stops, [_, to]) = spread(stops, *extend, 0);
                let last = first + (1.0 - first) * to;
                let circle = |share: f32| (between(start, end, share), (r0 + (r1 - r0) * share).max(0.0));
                Fill::Gradient { shape: GradientShape::Radial { start: circle(first), end: circle(last) }, stops }
            }
            Brush::SweepGradient { c0, start_angle, end_angle, color_stops, extend } => {
                let angles = [*start_angle, *end_angle];
                Fill::Sweep { center: place(c0), angles, stops: self.stops(color_stops), extend: *extend }
            }
        })
        .filter(|fill| match fill {
            Fill::Solid(_) => true,
            Fill::Gradient { stops, .. } => stops.len() > 1,
            Fill::Sweep { stops, .. } => !stops.is_empty(),
        })
    }
}

/// Spells a gradient out that begins again after its end: its stops, and from where to where they now go. `before` is how
/// often it is repeated before its beginning.
fn spread(stops: Vec<GradientStop>, extend: Extend, before: u8) -> (Vec<GradientStop>, [f32; 2]) {
    let is_reflected = match extend {
        Extend::Repeat => false,
        Extend::Reflect => true,
        _ => return (stops, [0.0, 1.0]),
    };
    let count = before + 1 + REPEAT_COUNT;
    let mut spread = Vec::with_capacity(stops.len() * usize::from(count));
    for turn in 0..count {
        let at = |offset: f32| (f32::from(turn) + offset) / f32::from(count);
        if is_reflected && turn.abs_diff(before) % 2 == 1 {
            spread.extend(stops.iter().rev().map(|stop| GradientStop { offset: at(1.0 - stop.offset), ..*stop }));
        } else {
            spread.extend(stops.iter().map(|stop| GradientStop { offset: at(stop.offset), ..*stop }));
        }
    }
    (spread, [-f32::from(before), 1.0 + f32::from(REPEAT_COUNT)])
}

/// Cuts a radial gradient where its radius becomes 0; gives its stops and where it begins.
fn without_negative(stops: Vec<GradientStop>, [start, end]: [f32; 2]) -> (Vec<GradientStop>, f32) {
    if start >= 0.0 || end <= 0.0 {
        return (stops, 0.0);
    }
    let first = -start / (end - start);
    let color = color_at(&stops, first);
    let rest = stops.iter().filter(|stop| stop.offset > first);
    let rest = rest.map(|stop| GradientStop { offset: (stop.offset - first) / (1.0 - first), ..*stop });
    (std::iter::once(GradientStop { offset: 0.0, color }).chain(rest).collect(), first)
}

/// The colour at a place between stops; the first and the last go on beyond the ends.
pub(super) fn color_at(stops: &[GradientStop], offset: f32) -> Color {
    let next = stops.iter().position(|stop| stop.offset > offset).unwrap_or(stops.len());
    let before = next.checked_sub(1).and_then(|place| stops.get(place));
    match (before, stops.get(next)) {
        (Some(before), Some(after)) => {
            let share = (offset - before.offset) / (after.offset - before.offset);
            let mix = |from: u8, to: u8| byte(f32::from(from) + (f32::from(to) - f32::from(from)) * share);
            let (from, to) = (before.color, after.color);
            let [red, green, blue] =
                [(from.red, to.red), (from.green, to.green), (from.blue, to.blue)].map(|(from, to)| mix(from, to));
            Color::rgba(red, green, blue, mix(from.alpha, to.alpha))
        }
        (Some(only), None) | (None, Some(only)) => only.color,
        (None, None) => Color::rgba(0, 0, 0, 0),
    }
}

fn between(start: Point, end: Point, share: f32) -> Point {
    Point { x: start.x + (end.x - start.x) * share, y: start.y + (end.y - start.y) * share }
}

/// An opacity, faded once more.
fn faded(alpha: u8, by: f32) -> u8 {
    byte(f32::from(alpha) * by)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast goes to the nearest byte")]
fn byte(value: f32) -> u8 {
    value.round() as u8
}
