//! Axes: where the plot stands in its chart, grid lines, ticks, titles, and from values to places.

mod lines;
mod lying;
mod numbers;
mod standing;

use self::lying::lying;
use self::standing::{Sizes, standing};
use super::Chart;
use super::scale::{Scale, Wanted};
use super::scene::Scene;
use super::typesetter::{Typesetter, Voice};
use crate::document::{Point, Rect, Stroke, narrow};
use crate::template::model::{ChartAxis, Rule};
use crate::text::index32;

/// How items stand along their axis.
pub(crate) enum Across {
    /// Each has a band of its own.
    Bands,
    /// From one end to the other.
    Ends,
    /// At numbers of their own.
    Numbers(Wanted),
}

/// What a kind of chart asks of its axes.
pub(crate) struct Plan {
    /// How items stand along their axis.
    pub(crate) across: Across,
    /// The values.
    pub(crate) values: Wanted,
    /// Whether values are shares of a whole.
    pub(crate) shares: bool,
    /// Whether values are written above what shows them.
    pub(crate) labels_above: bool,
}

/// The plot: what stands inside the axes.
pub(crate) struct Plot {
    /// Where it stands.
    pub(crate) area: Rect,
    /// The values.
    pub(crate) scale: Scale,
    /// Places of items.
    places: Places,
    horizontal: bool,
    /// Line along the axis of items.
    line: Option<Stroke>,
}

enum Places {
    Bands(usize),
    Ends(usize),
    Numbers(Scale),
}

/// Part of a chart that labels take at most, across and down.
const LABEL_SHARE_MAX: f32 = 0.4;

/// Lines of text between two ticks of an upright axis, at least.
const LINES_A_STEP: f32 = 2.2;

/// Whether nobody sees where the ticks of an axis are.
pub(crate) fn is_unseen(axis: &ChartAxis) -> bool {
    !axis.labels && axis.grid == Rule::None
}

impl Plot {
    /// Number of items that have a place.
    pub(crate) fn count(&self) -> usize {
        match &self.places {
            Places::Bands(count) | Places::Ends(count) => *count,
            Places::Numbers(_) => 0,
        }
    }

    /// Length of the axis of items.
    pub(crate) fn length(&self) -> f32 {
        if self.horizontal { self.area.height } else { self.area.width }
    }

    /// Distance of two items.
    pub(crate) fn pitch(&self) -> f32 {
        let steps = match &self.places {
            Places::Bands(count) => *count,
            Places::Ends(count) => count.saturating_sub(1),
            Places::Numbers(_) => 1,
        };
        self.length() / narrow(f64::from(index32(steps.max(1))))
    }

    /// How far along its axis the middle of an item is.
    pub(crate) fn along(&self, item: usize) -> f32 {
        let number = narrow(f64::from(index32(item)));
        match &self.places {
            Places::Bands(_) => (number + 0.5) * self.pitch(),
            Places::Ends(1) => self.length() / 2.0,
            Places::Ends(_) => number * self.pitch(),
            Places::Numbers(_) => 0.0,
        }
    }

    /// How far along its axis a number is; none when it is outside.
    pub(crate) fn along_number(&self, value: f64) -> Option<f32> {
        let Places::Numbers(scale) = &self.places else { return None };
        let share = scale.share(value);
        (0.0..=1.0).contains(&share).then(|| narrow(share) * self.length())
    }

    /// The place of a value at a distance along the items. A value outside of the axis stands at its end.
    pub(crate) fn point(&self, along: f32, value: f64) -> Point {
        let share = self.scale.share_inside(value);
        if self.horizontal {
            Point { x: self.area.x + share * self.area.width, y: self.area.y + along }
        } else {
            Point { x: self.area.x + along, y: self.area.bottom() - share * self.area.height }
        }
    }

    /// Draws the line from which values are measured; it lies over what begins there.
    pub(crate) fn finish(&self, scene: &mut Scene) {
        let base = self.scale.base();
        scene.line(self.point(0.0, base), self.point(self.length(), base), self.line.clone());
    }
}

/// Draws all that lies below the values, and tells where they go.
pub(crate) fn draw(chart: &Chart<'_>, scene: &mut Scene, setter: &mut dyn Typesetter, plan: &Plan) -> Plot {
    let node = chart.node;
    let em = setter.size(Voice::Axis);
    let line = setter.line_height(Voice::Axis);
    let horizontal = node.horizontal && matches!(plan.across, Across::Bands);
    let (upright, level) =
        if horizontal { (&chart.data.category, &chart.data.value) } else { (&chart.data.value, &chart.data.category) };
    let mut area = chart.area;
    let whole = area;
    let title_gap = em * 0.35;
    if !upright.title.is_empty() {
        let title = setter.line(&upright.title, Voice::Axis, Some(area.width));
        scene.text(&title, Point { x: area.x, y: area.y }, None);
        cut_top(&mut area, title.height + title_gap);
    }
    if !level.title.is_empty() {
        let title = setter.line(&level.title, Voice::Axis, Some(area.width));
        let x = area.right() - title.width;
        scene.text(&title, Point { x, y: area.bottom() - title.height }, None);
        cut_bottom(&mut area, title.height + title_gap * 0.5);
    }
    let value_labels = node.value_axis.labels;
    let mut below_values = 0.0;
    if plan.labels_above && !horizontal {
        cut_top(&mut area, setter.line_height(Voice::Text));
        if plan.values.low < 0.0 {
            below_values = setter.line_height(Voice::Text);
        }
    } else if !horizontal && value_labels {
        cut_top(&mut area, line / 2.0);
    }
    let gap = em * 0.55;
    let estimated = area.height - if node.category_axis.labels { line + gap } else { 0.0 };
    let plot = if horizontal {
        lying(chart, scene, setter, plan, &mut area, gap)
    } else {
        let steps = steps_for(estimated / (line * LINES_A_STEP));
        standing(chart, scene, setter, plan, &mut area, Sizes { gap, steps, whole, below_values })
    };
    lines::grid(chart, scene, &plot);
    plot
}

/// A number of steps from a height that is not a whole number of them.
fn steps_for(steps: f32) -> usize {
    let count = crate::text::round_i32(f64::from(steps.floor().clamp(1.0, 10.0)));
    usize::try_from(count).unwrap_or(1)
}

fn cut_top(area: &mut Rect, by: f32) {
    area.y += by.min(area.height);
    area.height = (area.height - by).max(0.0);
}

fn cut_bottom(area: &mut Rect, by: f32) {
    area.height = (area.height - by).max(0.0);
}

fn cut_left(area: &mut Rect, by: f32) {
    area.x += by.min(area.width);
    area.width = (area.width - by).max(0.0);
}
