//! Geometry of each kind: lengths, sums and angles are those of the numbers.

use super::{Drawn, data, drawn, node};
use crate::chart::slices::slices;
use crate::chart::{Data, Mark, Series};
use crate::document::{Point, Rect, Segment};
use serde_json::json;

/// Where bars stand when there is nothing else: no labels, no grid, no line.
fn bare(properties: serde_json::Value) -> crate::template::model::ChartNode {
    let axis = json!({ "labels": false, "grid": false, "line": false });
    let mut all = json!({ "categoryAxis": axis, "valueAxis": axis, "legend": "none" });
    all.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
    node(all)
}

fn near(one: f32, other: f32) -> bool {
    (one - other).abs() < 0.01
}

fn paths(drawn: &Drawn) -> Vec<Vec<Segment>> {
    let marks = drawn.scene.marks.iter();
    marks
        .filter_map(|mark| match mark {
            Mark::Path { segments, .. } => {
                Some(drawn.scene.segments[segments.start as usize..segments.end as usize].to_vec())
            }
            _ => None,
        })
        .collect()
}

#[test]
fn bars_are_as_high_as_their_values() {
    let node = bare(json!({ "type": "bar" }));
    let drawn = drawn(&node, &data(&node, &["a", "b", "c"], &[&[10.0, 40.0, 25.0]]), 300.0, 200.0);
    let heights: Vec<f32> = drawn.rects().iter().map(|rect| rect.height).collect();
    assert_eq!(heights.len(), 3);
    assert!(near(heights[0], 50.0) && near(heights[1], 200.0) && near(heights[2], 125.0), "{heights:?}");
    assert!(drawn.rects().iter().all(|rect| near(rect.bottom(), 200.0)));
}

#[test]
fn negative_bars_hang_from_the_same_line() {
    let node = bare(json!({ "type": "bar", "horizontal": true }));
    let drawn = drawn(&node, &data(&node, &["a", "b"], &[&[30.0, -10.0]]), 400.0, 100.0);
    let rects = drawn.rects();
    assert!(near(rects[0].x, rects[1].right()), "{rects:?}");
    assert!(near(rects[0].width, 300.0) && near(rects[1].width, 100.0), "{rects:?}");
}

#[test]
fn grouped_bars_stand_side_by_side_in_the_order_of_the_series() {
    let node = bare(json!({ "type": "bar" }));
    let drawn = drawn(&node, &data(&node, &["a", "b"], &[&[1.0, 2.0], &[3.0, 4.0], &[5.0, 6.0]]), 300.0, 100.0);
    let rects = drawn.rects();
    let at = |series: usize, item: usize| rects[series * 2 + item];
    for item in 0..2 {
        assert!(at(0, item).right() < at(1, item).x && at(1, item).right() < at(2, item).x, "{rects:?}");
        let middle = at(1, item).x + at(1, item).width / 2.0;
        assert!(near(middle, 75.0 + 150.0 * item as f32), "the group stands in the middle of its band");
    }
    assert!(at(2, 0).right() < at(0, 1).x);
}

#[test]
fn stacked_bars_reach_the_sum_and_shares_fill_the_whole() {
    let values: [&[f64]; 3] = [&[10.0, 5.0], &[20.0, -5.0], &[10.0, 15.0]];
    let node = bare(json!({ "type": "bar", "stack": "sum" }));
    let drawn_sum = drawn(&node, &data(&node, &["a", "b"], &values), 100.0, 90.0);
    let rects = drawn_sum.rects();
    // The axis goes from -5 to 40: 2 points a unit.
    let heights: Vec<f32> = rects.iter().map(|rect| rect.height).collect();
    for (height, expected) in heights.iter().zip([20.0, 10.0, 40.0, 10.0, 20.0, 30.0]) {
        assert!(near(*height, expected), "{heights:?}");
    }
    assert!(near(rects[2].bottom(), rects[0].y) && near(rects[4].bottom(), rects[2].y), "one upon the other");
    assert!(near(rects[5].bottom(), rects[1].y), "what is negative is no part of the pile above");

    let node = bare(json!({ "type": "bar", "stack": "share" }));
    let drawn_share = drawn(&node, &data(&node, &["a"], &[&[1.0], &[3.0]]), 100.0, 100.0);
    let rects = drawn_share.rects();
    assert!(near(rects[0].height, 25.0) && near(rects[1].height, 75.0) && near(rects[1].y, 0.0), "{rects:?}");
}

#[test]
fn lines_go_through_their_points_and_have_gaps_where_values_are_missing() {
    let node = bare(json!({ "type": "line", "valueAxis": { "labels": false, "grid": false, "min": 0 } }));
    let mut data = data(&node, &["a", "b", "c", "d", "e"], &[&[0.0, 10.0, f64::NAN, 5.0, 10.0]]);
    data.value.min = Some(0.0);
    let drawn = drawn(&node, &data, 400.0, 100.0);
    let all: Vec<Segment> = paths(&drawn).concat();
    let ends: Vec<Segment> =
        all.into_iter().filter(|segment| matches!(segment, Segment::Move(_) | Segment::Line(_))).collect();
    let at = |x: f32, y: f32| Point { x, y };
    assert_eq!(
        ends,
        [
            Segment::Move(at(0.0, 100.0)),
            Segment::Line(at(100.0, 0.0)),
            Segment::Move(at(300.0, 50.0)),
            Segment::Line(at(400.0, 0.0)),
        ]
    );
}

#[test]
fn smooth_lines_never_leave_the_range_of_their_values() {
    let node = bare(json!({ "type": "line", "curve": "smooth" }));
    let values = [0.0, 0.0, 10.0, 10.0, 3.0, 9.0, 0.0];
    let drawn = drawn(&node, &data(&node, &["a"; 7], &[&values]), 300.0, 100.0);
    let mut curves = 0;
    for segment in paths(&drawn).concat() {
        if let Segment::Cubic(first, second, end) = segment {
            curves += 1;
            for point in [first, second, end] {
                assert!((-0.01..=100.01).contains(&point.y), "{point:?}");
            }
        }
    }
    assert_eq!(curves, 6);
}

#[test]
fn stacked_areas_begin_where_the_area_below_ends() {
    let node = bare(json!({ "type": "area", "stack": "sum" }));
    let drawn = drawn(&node, &data(&node, &["a", "b"], &[&[10.0, 10.0], &[30.0, 10.0]]), 100.0, 80.0);
    // Each area is filled, then its seam is drawn: paths 0 and 2 are the areas.
    let paths = paths(&drawn);
    let at = |x: f32, y: f32| Point { x, y };
    assert_eq!(
        paths[0],
        [
            Segment::Move(at(0.0, 60.0)),
            Segment::Line(at(100.0, 60.0)),
            Segment::Line(at(100.0, 80.0)),
            Segment::Line(at(0.0, 80.0)),
            Segment::Close
        ]
    );
    assert_eq!(
        paths[2],
        [
            Segment::Move(at(0.0, 0.0)),
            Segment::Line(at(100.0, 40.0)),
            Segment::Line(at(100.0, 60.0)),
            Segment::Line(at(0.0, 60.0)),
            Segment::Close
        ]
    );
}

#[test]
fn slices_are_a_whole_turn_in_the_proportions_of_their_values() {
    let node = node(json!({ "type": "pie", "each": "data" }));
    let data = data(&node, &["a", "b", "none", "less", "c"], &[&[10.0, 20.0, 0.0, -5.0, 30.0]]);
    let slices = slices(&node, &data);
    let angles: Vec<(&str, f64, f64)> = slices.iter().map(|slice| (slice.name, slice.from, slice.to)).collect();
    assert_eq!(angles, [("a", 0.0, 60.0), ("b", 60.0, 180.0), ("c", 180.0, 360.0)]);
    let sum: f64 = slices.iter().map(|slice| slice.share).sum();
    assert!((sum - 1.0).abs() < 1e-12);
    // A colour belongs to the item, whatever is left out before it.
    assert_eq!(slices[2].color, node.palette[4]);
    let drawn = drawn(&node, &data, 200.0, 100.0);
    assert_eq!(drawn.warnings, ["1 negative value is left out: a whole has no negative parts"]);
}

#[test]
fn slices_of_a_circle_stay_inside_of_it_and_do_not_touch() {
    let node = node(json!({ "type": "donut", "each": "data", "legend": "none" }));
    let drawn = drawn(&node, &data(&node, &["a", "b", "c"], &[&[1.0, 2.0, 3.0]]), 100.0, 100.0);
    let paths = paths(&drawn);
    assert_eq!(paths.len(), 3);
    for path in &paths {
        for segment in path {
            if let Segment::Move(point) | Segment::Line(point) | Segment::Cubic(_, _, point) = segment {
                let (x, y) = (point.x - 50.0, point.y - 50.0);
                let away = (x * x + y * y).sqrt();
                assert!(near(away, 50.0) || near(away, 30.0), "{point:?} is {away} from the middle");
            }
        }
    }
}

#[test]
fn series_without_items_are_slices_too() {
    let node = node(json!({ "type": "pie", "series": [{ "value": "1" }, { "value": "3" }] }));
    let slices_of = data(&node, &[""], &[&[1.0], &[3.0]]);
    let shares: Vec<f64> = slices(&node, &slices_of).iter().map(|slice| slice.share).collect();
    assert_eq!(shares, [0.25, 0.75]);
}

#[test]
fn points_stand_at_both_numbers_and_equal_ones_are_drawn_once() {
    let node = bare(json!({ "type": "scatter", "series": [{ "x": "1", "value": "1" }] }));
    let data = Data {
        labels: vec![String::new(); 4],
        series: vec![Series {
            name: String::new(),
            color: node.palette[0],
            values: vec![Some(0.0), Some(10.0), Some(10.0), None],
            x: vec![Some(0.0), Some(20.0), Some(20.0), Some(3.0)],
            colors: Vec::new(),
        }],
        ..Data::default()
    };
    let drawn = drawn(&node, &data, 200.0, 100.0);
    let starts: Vec<Point> = paths(&drawn)
        .concat()
        .into_iter()
        .filter_map(|segment| if let Segment::Move(point) = segment { Some(point) } else { None })
        .collect();
    // A circle begins at its right.
    assert_eq!(starts, [Point { x: 2.6, y: 100.0 }, Point { x: 202.6, y: 0.0 }]);
}

#[test]
fn a_gauge_fills_the_part_of_its_arc_that_the_value_reaches() {
    let node = node(json!({ "type": "gauge", "valueAxis": { "labels": false } }));
    let mut data = data(&node, &[""], &[&[25.0]]);
    data.value.min = Some(0.0);
    data.value.max = Some(50.0);
    let drawn = drawn(&node, &data, 200.0, 150.0);
    let paths = paths(&drawn);
    // Half of the arc ends at the top, in the middle.
    let lines: Vec<&Segment> = paths[1].iter().filter(|segment| matches!(segment, Segment::Line(_))).collect();
    assert!(matches!(lines[0], Segment::Line(point) if near(point.x, 100.0)), "{lines:?}");
    assert!(drawn.says("25"));
}

#[test]
fn a_sparkline_uses_its_whole_box() {
    let node = node(json!({ "type": "sparkline" }));
    let drawn = drawn(&node, &data(&node, &["", "", ""], &[&[5.0, 9.0, 7.0]]), 60.0, 12.0);
    let Segment::Move(first) = paths(&drawn)[0][0] else { panic!("no line") };
    assert!(near(first.x, 0.6) && near(first.y, 11.4), "{first:?}");
}

#[test]
fn values_are_written_above_their_bars() {
    let node = bare(json!({ "type": "bar", "valueLabels": true }));
    let drawn = drawn(&node, &data(&node, &["a", "b"], &[&[4.0, 2.0]]), 100.0, 110.0);
    let rects: Vec<Rect> = drawn.rects();
    let shown = drawn.shown();
    let (_, x, y) = shown.iter().find(|(text, ..)| text == "4").unwrap();
    assert!(*y + 10.0 <= rects[0].y && *y >= -0.01, "{y} above {:?}", rects[0]);
    assert!(near(x + 2.5, rects[0].x + rects[0].width / 2.0));
}
