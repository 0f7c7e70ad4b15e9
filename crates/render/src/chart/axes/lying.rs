//! Plots whose values go to the right: lying bars.

use super::lines::axis_line;
use super::numbers::fitting;
use super::{LABEL_SHARE_MAX, Places, Plan, Plot, cut_bottom, cut_left};
use crate::chart::categories::{Arranged, Room, beside};
use crate::chart::{Chart, Figure, Purpose, Scene, Typesetter, Voice};
use crate::document::{Point, Rect, narrow};
use crate::text::index32;

/// Items downwards, values to the right.
pub(super) fn lying(
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
        {
            let depth_max = area.width * LABEL_SHARE_MAX;
            let room = Room { pitch, depth_max, bands: true, left: 0.0, width: area.width };
            beside(&chart.data.labels, setter, room)
        }
    } else {
        Arranged::default()
    };
    if arranged.depth > 0.0 {
        cut_left(area, arranged.depth + gap);
    }
    if plan.labels_above {
        let room = value_label_width(chart, setter).min(area.width * 0.25);
        area.width = (area.width - room).max(0.0);
        if plan.values.low < 0.0 {
            cut_left(area, room);
        }
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
