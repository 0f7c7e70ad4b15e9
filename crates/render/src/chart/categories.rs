//! What stands along the axis of the items: all labels where they fit, in several lines, slanted, or only some of them.
//! They never overlap.

use super::typesetter::{Label, Typesetter, Voice};
use crate::document::narrow;
use crate::template::model::Align;
use crate::text::index32;

/// Labels below a chart, or beside it.
#[derive(Debug, Default)]
pub(crate) struct Arranged {
    /// The labels that are shown, with the item of each.
    pub(crate) labels: Vec<(usize, Label)>,
    /// Height that they take below a chart, or width beside it.
    pub(crate) depth: f32,
    /// Whether they are turned by 45 degrees, their ends at their items.
    pub(crate) slanted: bool,
    /// Whether some are left out.
    pub(crate) thinned: bool,
    /// How much further to the right the first item would have to stand, so that no slanted label is cut.
    pub(crate) overhang: f32,
}

/// Room for labels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// Distance of two items.
    pub(crate) pitch: f32,
    /// Height below, or width beside, that labels take at most.
    pub(crate) depth_max: f32,
    /// From the left edge of the chart to the first item; slanted labels begin there.
    pub(crate) left: f32,
    /// Width of the whole chart.
    pub(crate) width: f32,
    /// Whether each item has a band of its own, as bars have; otherwise neighbours tell what stands between them.
    pub(crate) bands: bool,
}

/// Lines of one label at most.
const LINE_COUNT_MAX: u8 = 3;

/// Cosine of 45 degrees.
const SLANT: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Steps between labels that are shown; beyond them ten times as many.
const STRIDES: [usize; 14] = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 50, 60];

/// Attempts to find a step; each one at least doubles the room or ends.
const ATTEMPT_COUNT_MAX: usize = 6;

/// Arranges labels below a chart.
pub(crate) fn below(labels: &[String], setter: &mut dyn Typesetter, room: Room) -> Arranged {
    if labels.iter().all(String::is_empty) {
        return Arranged::default();
    }
    let em = setter.size(Voice::Axis);
    let line = setter.line_height(Voice::Axis);
    let gap = em * 0.45;
    // Narrower than about a letter no label fits, however short: then they need not be measured.
    if room.pitch > em && room.depth_max > 0.0 {
        let level: Vec<(usize, Label)> =
            labels.iter().enumerate().map(|(item, text)| (item, setter.line(text, Voice::Axis, None))).collect();
        let widest = level.iter().map(|(_, label)| label.width).fold(0.0, f32::max);
        if widest + gap <= room.pitch || labels.len() == 1 {
            let depth = deepest(&level);
            return Arranged { labels: level, depth, ..Arranged::default() };
        }
        if room.bands {
            if let Some(wrapped) = wrapped(labels, setter, room, gap) {
                return wrapped;
            }
            let names = !labels.iter().any(|label| label.chars().any(char::is_numeric));
            if names && room.pitch >= line * 1.2 {
                return slanted(labels, setter, room);
            }
        }
    }
    thinned(labels, setter, room, em)
}

/// Height of the highest label.
fn deepest(labels: &[(usize, Label)]) -> f32 {
    labels.iter().map(|(_, label)| label.height).fold(0.0, f32::max)
}

/// Labels in up to three lines; none when a word is wider than its room or lines are left over.
fn wrapped(labels: &[String], setter: &mut dyn Typesetter, room: Room, gap: f32) -> Option<Arranged> {
    let width = room.pitch - gap;
    let line = setter.line_height(Voice::Axis);
    let mut words = labels.iter().flat_map(|label| label.split_whitespace());
    if words.any(|word| setter.line(word, Voice::Axis, None).width > width) {
        return None;
    }
    let count = LINE_COUNT_MAX.saturating_add(1);
    let wrapped: Vec<(usize, Label)> = labels
        .iter()
        .enumerate()
        .map(|(item, text)| (item, setter.lines(text, Voice::Axis, width, count, Align::Center)))
        .collect();
    let depth = deepest(&wrapped);
    let fits = depth <= line * f32::from(LINE_COUNT_MAX) + 0.01 && depth <= room.depth_max;
    fits.then_some(Arranged { labels: wrapped, depth, ..Arranged::default() })
}

fn slanted(labels: &[String], setter: &mut dyn Typesetter, room: Room) -> Arranged {
    let line = setter.line_height(Voice::Axis);
    let deep = (room.depth_max / SLANT - line).max(line * 2.0);
    let mut overhang: f32 = 0.0;
    let mut set: Vec<(usize, Label)> = Vec::with_capacity(labels.len());
    for (item, text) in labels.iter().enumerate() {
        let left = room.left + narrow(f64::from(index32(item))) * room.pitch;
        let room = left / SLANT - line * 0.6;
        let label = setter.line(text, Voice::Axis, Some(deep));
        overhang = overhang.max((label.width - room) * SLANT);
        set.push((item, if label.width > room { setter.line(text, Voice::Axis, Some(room)) } else { label }));
    }
    let widest = set.iter().map(|(_, label)| label.width).fold(0.0, f32::max);
    Arranged { labels: set, depth: (widest + line) * SLANT, slanted: true, overhang, ..Arranged::default() }
}

/// Every second label, or third, and so on: those that are shown stand apart.
fn thinned(labels: &[String], setter: &mut dyn Typesetter, room: Room, em: f32) -> Arranged {
    let gap = em;
    let mut needed = em * 2.0;
    let mut shown = Vec::new();
    let mut stride = 1;
    for attempt in 0..ATTEMPT_COUNT_MAX {
        stride = stride_for(needed, room.pitch, labels.len());
        let reach = narrow(f64::from(index32(stride))) * room.pitch;
        let last = attempt + 1 == ATTEMPT_COUNT_MAX;
        let width = if last { (reach - gap).max(em) } else { room.width };
        shown = labels
            .iter()
            .enumerate()
            .step_by(stride)
            .map(|(item, text)| (item, setter.line(text, Voice::Axis, Some(width))))
            .collect();
        let widest = shown.iter().map(|(_, label): &(usize, Label)| label.width).fold(0.0, f32::max);
        if widest + gap <= reach || shown.len() == 1 {
            break;
        }
        needed = (widest + gap).max(needed * 1.01);
    }
    let depth = deepest(&shown);
    Arranged { labels: shown, depth, thinned: stride > 1, ..Arranged::default() }
}

/// The smallest step whose labels are so far apart.
fn stride_for(needed: f32, pitch: f32, count: usize) -> usize {
    let mut factor = 1;
    while factor <= count {
        for stride in STRIDES {
            let stride = stride.saturating_mul(factor);
            if narrow(f64::from(index32(stride))) * pitch >= needed {
                return stride;
            }
        }
        factor = factor.saturating_mul(10);
    }
    count.max(1)
}

/// Arranges labels beside a chart of horizontal bars: as wide as they are, in several lines, or with an ellipsis.
pub(crate) fn beside(labels: &[String], setter: &mut dyn Typesetter, room: Room) -> Arranged {
    if labels.iter().all(String::is_empty) {
        return Arranged::default();
    }
    let line = setter.line_height(Voice::Axis);
    let stride = stride_for(line, room.pitch, labels.len());
    let mut arranged = Arranged { thinned: stride > 1, ..Arranged::default() };
    for (item, text) in labels.iter().enumerate().step_by(stride) {
        let mut label = setter.line(text, Voice::Axis, None);
        if label.width > room.depth_max {
            let two = room.pitch >= line * 2.2;
            label = if two {
                setter.lines(text, Voice::Axis, room.depth_max, 2, Align::End)
            } else {
                setter.line(text, Voice::Axis, Some(room.depth_max))
            };
        }
        arranged.depth = arranged.depth.max(label.width);
        arranged.labels.push((item, label));
    }
    arranged
}
