//! Axes: where the plot stands in its chart, grid lines, ticks, titles, and from values to places.

use super::Chart;
use super::categories::{Arranged, Room, below, beside};
use super::palette::faded;
use super::scale::{Scale, Wanted};
use super::scene::Scene;
use super::typesetter::{Figure, Label, Purpose, Typesetter, Voice};
use crate::document::{Point, Rect, Stroke, narrow};
use crate::template::model::{ChartAxis, Rule, StrokeLook};
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

/// Opacity of grid lines, of 255: they are seen when looked for.
const GRID_ALPHA: u8 = 36;

/// Opacity of the line along the items.
const LINE_ALPHA: u8 = 150;

/// Width of grid lines.
const GRID_WIDTH: f32 = 0.5;

/// Width of the line along the items.
const LINE_WIDTH: f32 = 0.75;

/// Part of a chart that labels take at most, across and down.
const LABEL_SHARE_MAX: f32 = 0.4;

/// Steps of an axis that runs to the right, to begin with.
const STEPS_ACROSS: usize = 8;

/// Lines of text between two ticks of an upright axis, at least.
const LINES_A_STEP: f32 = 2.2;

/// What stands to the left and below.
struct Ticks {
    /// Share along the axis, from the left or from the bottom, and its label.
    labels: Vec<(f32, Label)>,
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
    let (upright, level) = if horizontal {
        (&chart.data.category, &chart.data.value)
    } else {
        (&chart.data.value, &chart.data.category)
    };
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
    if plan.labels_above && !horizontal {
        cut_top(&mut area, setter.line_height(Voice::Text));
    } else if !horizontal && value_labels {
        cut_top(&mut area, line / 2.0);
    }
    let gap = em * 0.55;
    let estimated = area.height - if node.category_axis.labels { line + gap } else { 0.0 };
    let plot = if horizontal {
        lying(chart, scene, setter, plan, &mut area, gap)
    } else {
        let steps = steps_for(estimated / (line * LINES_A_STEP));
        standing(chart, scene, setter, plan, &mut area, Sizes { gap, steps, whole })
    };
    grid(chart, scene, &plot);
    plot
}

/// Sizes that a chart of upright bars or lines has found before.
struct Sizes {
    gap: f32,
    steps: usize,
    whole: Rect,
}

/// Values upwards, items to the right.
fn standing(
    chart: &Chart<'_>,
    scene: &mut Scene,
    setter: &mut dyn Typesetter,
    plan: &Plan,
    area: &mut Rect,
    sizes: Sizes,
) -> Plot {
    let node = chart.node;
    let count = chart.data.item_count();
    let line = setter.line_height(Voice::Axis);
    let gap = sizes.gap;
    let scale = Scale::new(&Wanted { steps: sizes.steps, ..plan.values });
    let ticks = if node.value_axis.labels {
        number_labels(setter, &scale, Purpose::ValueTick, plan.shares, area.width * LABEL_SHARE_MAX)
    } else {
        Ticks { labels: Vec::new() }
    };
    let gutter = ticks.labels.iter().map(|(_, label)| label.width).fold(0.0, f32::max);
    if gutter > 0.0 {
        cut_left(area, gutter + gap);
    }
    let depth_max = sizes.whole.height * LABEL_SHARE_MAX;
    let (places, below_plot) = match &plan.across {
        Across::Bands | Across::Ends => {
            let bands = matches!(plan.across, Across::Bands);
            let places = if bands { Places::Bands(count) } else { Places::Ends(count) };
            let arranged = if node.category_axis.labels {
                // The last label stands in the middle below its point: half of it is beyond.
                if !bands && let Some(last) = chart.data.labels.last() {
                    let last = setter.line(last, Voice::Axis, None);
                    let half = (last.width / 2.0).min(area.width * 0.1);
                    area.width = (area.width - half).max(0.0);
                }
                let steps = if bands { count } else { count.saturating_sub(1) };
                let pitch = area.width / narrow(f64::from(index32(steps.max(1))));
                below(&chart.data.labels, setter, Room { pitch, depth_max, bands })
            } else {
                Arranged::default()
            };
            (places, Below::Items(arranged))
        }
        Across::Numbers(wanted) => {
            let width_max = area.width * LABEL_SHARE_MAX;
            let (scale, labels) = fitting(setter, wanted, area.width, Purpose::CategoryTick, false, width_max);
            if let Some((_, last)) = labels.labels.last().filter(|_| node.category_axis.labels) {
                area.width = (area.width - (last.width / 2.0).min(area.width * 0.1)).max(0.0);
            }
            (Places::Numbers(scale), Below::Numbers(labels))
        }
    };
    let depth = match &below_plot {
        Below::Items(arranged) => arranged.depth,
        Below::Numbers(_) if node.category_axis.labels => line,
        Below::Numbers(_) => 0.0,
    };
    if depth > 0.0 {
        cut_bottom(area, depth + gap);
    } else if node.value_axis.labels {
        cut_bottom(area, line / 2.0);
    }
    let plot = Plot { area: *area, scale, places, horizontal: false, line: axis_line(chart, &node.category_axis, true) };
    for (share, label) in &ticks.labels {
        let y = area.bottom() - share * area.height - label.height / 2.0;
        scene.text(label, Point { x: area.x - gap - label.width, y }, None);
    }
    let top = area.bottom() + gap;
    match &below_plot {
        Below::Items(arranged) => place_below(chart, scene, &plot, arranged, top, line),
        Below::Numbers(labels) if node.category_axis.labels => {
            for (share, label) in &labels.labels {
                let x = area.x + share * area.width - label.width / 2.0;
                scene.text(label, Point { x, y: top }, None);
            }
        }
        Below::Numbers(_) => {}
    }
    plot
}

enum Below {
    Items(Arranged),
    Numbers(Ticks),
}

/// Items downwards, values to the right.
fn lying(
    chart: &Chart<'_>,
    scene: &mut Scene,
    setter: &mut dyn Typesetter,
    plan: &Plan,
    area: &mut Rect,
    gap: f32,
) -> Plot {
    let node = chart.node;
    let count = chart.data.item_count();
    let line = setter.line_height(Voice::Axis);
    if node.value_axis.labels {
        cut_bottom(area, line + gap);
    }
    let pitch = area.height / narrow(f64::from(index32(count.max(1))));
    let arranged = if node.category_axis.labels {
        beside(&chart.data.labels, setter, Room { pitch, depth_max: area.width * LABEL_SHARE_MAX, bands: true })
    } else {
        Arranged::default()
    };
    if arranged.depth > 0.0 {
        cut_left(area, arranged.depth + gap);
    }
    if plan.labels_above {
        let room = value_label_width(chart, setter);
        area.width = (area.width - room.min(area.width * 0.25)).max(0.0);
    }
    let (scale, labels) =
        fitting(setter, &plan.values, area.width, Purpose::ValueTick, plan.shares, area.width * LABEL_SHARE_MAX);
    if node.value_axis.labels
        && let Some((_, last)) = labels.labels.last()
        && !plan.labels_above
    {
        area.width = (area.width - (last.width / 2.0).min(area.width * 0.1)).max(0.0);
    }
    let plot = Plot {
        area: *area,
        scale,
        places: Places::Bands(count),
        horizontal: true,
        line: axis_line(chart, &node.category_axis, true),
    };
    for (item, label) in &arranged.labels {
        let y = area.y + plot.along(*item) - label.height / 2.0;
        scene.text(label, Point { x: area.x - gap - label.width, y }, None);
    }
    if node.value_axis.labels {
        for (share, label) in &labels.labels {
            let x = area.x + share * area.width - label.width / 2.0;
            scene.text(label, Point { x, y: area.bottom() + gap }, None);
        }
    }
    plot
}

/// Width of the widest value that will be written at the end of a bar.
fn value_label_width(chart: &Chart<'_>, setter: &mut dyn Typesetter) -> f32 {
    let Some((low, high)) = chart.data.extent() else { return 0.0 };
    let mut widest: f32 = 0.0;
    for value in [low, high] {
        let text = setter.write(Purpose::Label, &Figure::plain(value));
        widest = widest.max(setter.line(&text, Voice::Text, None).width);
    }
    widest + setter.size(Voice::Text) * 0.6
}

fn place_below(chart: &Chart<'_>, scene: &mut Scene, plot: &Plot, arranged: &Arranged, top: f32, line: f32) {
    let area = plot.area;
    for (item, label) in &arranged.labels {
        let x = area.x + plot.along(*item);
        if arranged.slanted {
            // The end of the line stands below its item, the line comes from below.
            let drop = (label.width + line * 0.25) * std::f32::consts::FRAC_1_SQRT_2;
            let back = (label.width + line * 0.55) * std::f32::consts::FRAC_1_SQRT_2;
            scene.turned_text(label, Point { x: x - back, y: top + drop - line * 0.35 }, -45.0, None);
            continue;
        }
        let mut left = x - label.width / 2.0;
        if matches!(plot.places, Places::Ends(_)) {
            // At the ends a label stays inside of its chart.
            let right_most = chart.area.right() - label.width;
            left = left.min(right_most).max(chart.area.x);
        }
        scene.text(label, Point { x: left, y: top }, None);
    }
    if arranged.thinned && matches!(plot.places, Places::Ends(_)) {
        let stroke = tick_stroke(chart);
        for (item, _) in &arranged.labels {
            let x = area.x + plot.along(*item);
            let (from, to) = (area.bottom(), area.bottom() + TICK_LENGTH);
            scene.line(Point { x, y: from }, Point { x, y: to }, Some(stroke.clone()));
        }
    }
}

/// Length of the small lines that say which point a label belongs to.
const TICK_LENGTH: f32 = 3.0;

fn tick_stroke(chart: &Chart<'_>) -> Stroke {
    let color = faded(chart.node.axis_style.color, LINE_ALPHA);
    Stroke { color, width: GRID_WIDTH, dash: Vec::new(), round: false }
}

/// The scale along a width whose labels have room.
fn fitting(
    setter: &mut dyn Typesetter,
    wanted: &Wanted,
    width: f32,
    purpose: Purpose,
    shares: bool,
    width_max: f32,
) -> (Scale, Ticks) {
    let gap = setter.size(Voice::Axis) * 1.4;
    let mut steps = STEPS_ACROSS;
    loop {
        let scale = Scale::new(&Wanted { steps, ..*wanted });
        let ticks = number_labels(setter, &scale, purpose, shares, width_max);
        let needed: f32 = ticks.labels.iter().map(|(_, label)| label.width + gap).sum();
        if needed <= width || steps <= 1 {
            return (scale, ticks);
        }
        steps -= 1;
    }
}

fn number_labels(
    setter: &mut dyn Typesetter,
    scale: &Scale,
    purpose: Purpose,
    shares: bool,
    width_max: f32,
) -> Ticks {
    let mut labels = Vec::with_capacity(scale.ticks.len());
    for tick in &scale.ticks {
        let share = shares.then_some(*tick);
        let decimals = if shares { scale.decimals.saturating_sub(2) } else { scale.decimals };
        let figure = Figure { value: *tick, share, decimals: Some(decimals), label: "" };
        let text = setter.write(purpose, &figure);
        labels.push((scale.share_inside(*tick), setter.line(&text, Voice::Axis, Some(width_max))));
    }
    Ticks { labels }
}

fn grid(chart: &Chart<'_>, scene: &mut Scene, plot: &Plot) {
    let node = chart.node;
    let usual = usual_stroke(chart, GRID_ALPHA, GRID_WIDTH);
    if let Some(stroke) = chosen(&node.value_axis.grid, &usual, true) {
        let base = plot.scale.base();
        for tick in &plot.scale.ticks {
            // The line along the items is drawn there.
            if *tick != base || plot.line.is_none() {
                scene.line(plot.point(0.0, *tick), plot.point(plot.length(), *tick), Some(stroke.clone()));
            }
        }
    }
    let numbers = matches!(plot.places, Places::Numbers(_));
    if let Some(stroke) = chosen(&node.category_axis.grid, &usual, numbers) {
        let alongs: Vec<f32> = match &plot.places {
            Places::Numbers(scale) => scale.ticks.iter().filter_map(|tick| plot.along_number(*tick)).collect(),
            _ if plot.pitch() < GRID_PITCH_MIN => Vec::new(),
            _ => (0..plot.count()).map(|item| plot.along(item)).collect(),
        };
        for along in alongs {
            let (from, to) = (plot.point(along, plot.scale.min), plot.point(along, plot.scale.max));
            scene.line(from, to, Some(stroke.clone()));
        }
    }
    if let Some(stroke) = axis_line(chart, &node.value_axis, false) {
        let (from, to) = (plot.point(0.0, plot.scale.min), plot.point(0.0, plot.scale.max));
        scene.line(from, to, Some(stroke));
    }
}

/// Grid lines nearer than this would be a grey area.
const GRID_PITCH_MIN: f32 = 4.0;

/// The line along an axis; along the items there is one unless the author says otherwise.
fn axis_line(chart: &Chart<'_>, axis: &ChartAxis, usually: bool) -> Option<Stroke> {
    let usual = usual_stroke(chart, LINE_ALPHA, LINE_WIDTH);
    chosen(&axis.line, &usual, usually)
}

fn usual_stroke(chart: &Chart<'_>, alpha: u8, width: f32) -> StrokeLook {
    StrokeLook { color: faded(chart.node.axis_style.color, alpha), width, dash: Vec::new() }
}

fn chosen(rule: &Rule, look: &StrokeLook, usually: bool) -> Option<Stroke> {
    match rule {
        Rule::Usual => look.to_stroke().filter(|_| usually),
        Rule::Shown => look.to_stroke(),
        Rule::None => None,
        Rule::Stroke(look) => look.to_stroke(),
    }
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
