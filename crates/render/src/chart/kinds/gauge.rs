//! A gauge: one value on an arc between two ends, with ranges that judge it.

use super::round::sector;
use super::{ChartKind, Content, Legend};
use crate::chart::legend::Swatch;
use crate::chart::palette::faded;
use crate::chart::{Chart, Figure, Purpose, Scene, Typesetter, Voice};
use crate::document::{Color, Point};

pub(super) const KIND: ChartKind = ChartKind {
    name: "gauge",
    takes: &["bands", "valueAxis", "hole", "valueLabels", "labelFormat"],
    legend: Legend::None,
    swatch: Swatch::Square,
    hole: 0.74,
    content: Content::Single,
    draw,
};

/// Where the arc begins and ends, degrees from the top: three quarters of a turn less a little.
const FROM: f64 = -120.0;
const TO: f64 = 120.0;

/// How far below its middle an arc of 240 degrees reaches, as a share of its radius.
const BELOW: f32 = 0.5;

/// Opacity of the part that is not reached, of 255.
const TRACK_ALPHA: u8 = 30;

/// Size of the number, as a multiple of the text's, at most.
const FIGURE_SCALE_MAX: f32 = 4.0;

/// The ends of a gauge: those of its axis, else 0 to 100; where these leave nothing, it ends at the value.
pub(crate) fn ends(min: Option<f64>, max: Option<f64>, value: f64) -> (f64, f64) {
    let min = min.unwrap_or(0.0);
    let max = max.unwrap_or(100.0);
    if max > min {
        return (min, max);
    }
    if value > min { (min, value) } else { (min, min + min.abs().max(1.0)) }
}

fn draw(chart: &Chart<'_>, scene: &mut Scene, setter: &mut dyn Typesetter) {
    let Some(series) = chart.data.series.first() else { return };
    let Some((item, value)) = series.values.iter().enumerate().find_map(|(item, value)| Some((item, (*value)?))) else {
        return;
    };
    let axis = &chart.data.value;
    let (min, max) = ends(axis.min, axis.max, value);
    let share = ((value - min) / (max - min)).clamp(0.0, 1.0);
    let area = chart.area;
    let line = setter.line_height(Voice::Axis);
    let labels = chart.node.value_axis.labels;
    let foot = if labels { line * 0.9 } else { 0.0 };
    let radius = (area.width / 2.0).min((area.height - foot).max(0.0) / (1.0 + BELOW)).max(0.0);
    let used = radius * (1.0 + BELOW) + foot;
    let centre = Point { x: area.x + area.width / 2.0, y: area.y + (area.height - used) / 2.0 + radius };
    let inner = radius * chart.node.hole;
    let turn = |share: f64| FROM + (TO - FROM) * share;
    let track = sector(centre, radius, inner, FROM, TO, 0.0);
    scene.path(&track, Some(faded(chart.node.style.color, TRACK_ALPHA)), None);
    let color = band_color(chart, value).unwrap_or_else(|| series.color_of(item));
    if share > 0.0 {
        scene.path(&sector(centre, radius, inner, FROM, turn(share), 0.0), Some(color), None);
    }
    let rim = (radius * 0.035).max(1.0);
    let mut from = 0.0;
    for (end, color) in &chart.data.bands {
        let to = ((end - min) / (max - min)).max(from).min(1.0);
        if to > from {
            let ring = sector(centre, inner - rim * 1.2, inner - rim * 2.2, turn(from), turn(to), rim * 0.5);
            scene.path(&ring, Some(*color), None);
        }
        from = to;
    }
    figure(chart, scene, setter, centre, inner - rim * 2.5, value);
    if labels {
        for (share, end) in [(FROM, min), (TO, max)] {
            let text = setter.write(Purpose::ValueTick, &Figure::plain(end));
            let label = setter.line(&text, Voice::Axis, Some(radius));
            let foot = crate::chart::scene::on_circle(centre, (radius + inner) / 2.0, share);
            scene.text_centred(&label, foot.x, foot.y + line * 0.85, None);
        }
    }
}

/// The number in the middle, as large as it fits, and what it is the number of.
fn figure(chart: &Chart<'_>, scene: &mut Scene, setter: &mut dyn Typesetter, centre: Point, room: f32, value: f64) {
    let Some(series) = chart.data.series.first() else { return };
    let text = setter.write(Purpose::Label, &Figure { label: &series.name, ..Figure::plain(value) });
    let width = room * 1.5;
    let one = setter.line(&text, Voice::Figure(1.0), None);
    let em = setter.size(Voice::Text);
    let scale = (width / one.width.max(1.0)).min(room / em.max(0.1) * 0.62).clamp(1.0, FIGURE_SCALE_MAX);
    let number = setter.line(&text, Voice::Figure(scale), Some(width));
    let name = setter.line(&series.name, Voice::Text, Some(width));
    let lift = if series.name.is_empty() { 0.0 } else { name.height * 0.45 };
    scene.text_centred(&number, centre.x, centre.y - lift, None);
    let below = centre.y - lift + em * scale * 0.55 + name.height * 0.55;
    scene.text_centred(&name, centre.x, below, None);
}

/// The colour of the range in which a value lies.
fn band_color(chart: &Chart<'_>, value: f64) -> Option<Color> {
    let bands = &chart.data.bands;
    let own = bands.iter().find(|(end, _)| value <= *end);
    own.or_else(|| bands.last()).map(|(_, color)| *color)
}
