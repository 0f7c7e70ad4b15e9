//! Empty, huge, senseless and tiny: each has a result, and none takes long.

use super::{TestSetter, data, drawn, node};
use crate::chart::{ALL, Data, Mark, describe};
use crate::document::{Point, Segment};
use crate::template::model::ChartNode;
use serde_json::json;

fn of(kind: &str, more: serde_json::Value) -> ChartNode {
    let series = if kind == "scatter" { json!([{ "x": "1", "value": "1" }]) } else { json!([{ "value": "1" }]) };
    let mut all = json!({ "type": kind, "series": series, "each": "data" });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    node(all)
}

fn with_places(mut data: Data) -> Data {
    for series in &mut data.series {
        series.x = series.values.iter().rev().copied().collect();
    }
    data
}

fn is_finite(point: Point) -> bool {
    point.x.is_finite() && point.y.is_finite()
}

fn assert_sound(node: &ChartNode, data: &Data, width: f32, height: f32) {
    let drawn = drawn(node, data, width, height);
    for segment in &drawn.scene.segments {
        let sound = match *segment {
            Segment::Move(point) | Segment::Line(point) => is_finite(point),
            Segment::Cubic(first, second, end) => is_finite(first) && is_finite(second) && is_finite(end),
            Segment::Close => true,
        };
        assert!(sound, "{:?}: {segment:?}", node.kind);
    }
    for mark in &drawn.scene.marks {
        match mark {
            Mark::Rect { rect, .. } => {
                assert!(rect.x.is_finite() && rect.width >= 0.0 && rect.height >= 0.0, "{rect:?}")
            }
            Mark::Text { at, .. } => assert!(is_finite(*at), "{at:?}"),
            Mark::Path { segments, .. } => assert!(segments.end as usize <= drawn.scene.segments.len()),
        }
    }
}

#[test]
fn every_kind_survives_every_data() {
    let long = "x".repeat(500);
    let labels = ["", "b", long.as_str(), "ß\u{202e}"];
    let cases: [&[f64]; 12] = [
        &[0.0, 0.0, 0.0, 0.0],
        &[1.0, f64::NAN, 2.0, f64::NAN],
        &[-1.0, -2.0, -3.0, -4.0],
        &[1e100, -1e100, 1e100, 1.0],
        &[1e-100, 2e-100, 0.0, 1e-99],
        &[5e-324, 0.0, 0.0, 0.0],
        &[1e15, 1e15 + 0.25, 1e15, 1e15],
        &[f64::NAN, f64::NAN, f64::NAN, f64::NAN],
        &[7.0, 7.0, 7.0, 7.0],
        &[-0.0, 0.0, -0.0, 1.0],
        &[3.0, 0.1, 0.1, 0.000_001],
        &[42.0, f64::NAN, f64::NAN, f64::NAN],
    ];
    for kind in ALL {
        for stack in ["none", "sum", "share"] {
            let node =
                of(kind.name, json!({ "stack": stack, "valueLabels": true, "markers": true, "curve": "smooth" }));
            for values in cases {
                let data = with_places(data(&node, &labels, &[values]));
                for (width, height) in [(200.0, 100.0), (1.0, 1.0), (0.0, 50.0), (5.0, 400.0), (14_400.0, 3.0)] {
                    assert_sound(&node, &data, width, height);
                }
            }
        }
    }
}

#[test]
fn nothing_to_show_says_so_and_draws_nothing_else() {
    for kind in ALL {
        let node = of(kind.name, json!({}));
        let mut data = data(&node, &[], &[&[]]);
        data.empty = "No data".to_owned();
        let drawn = drawn(&node, &data, 100.0, 50.0);
        assert!(drawn.says("No data") && drawn.scene.marks.len() == 1, "{}", kind.name);
        let mut setter = TestSetter::default();
        let said = describe(&node, &data, "en-GB", &mut setter).0;
        assert!(said.len() > 15 && said.ends_with(" without values"), "{said}");
    }
}

#[test]
fn ten_thousand_items_make_a_bounded_drawing() {
    let values: Vec<f64> = (0..10_000).map(|number| f64::from(number % 977) - 300.0).collect();
    let labels: Vec<String> = (0..10_000).map(|number| format!("Item {number}")).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    for kind in ALL {
        let node = of(kind.name, json!({ "valueLabels": true, "markers": true }));
        let data = with_places(data(&node, &labels, &[&values]));
        let drawn = drawn(&node, &data, 300.0, 150.0);
        assert!(drawn.texts.len() < 2_000, "{}: {} texts were set", kind.name, drawn.texts.len());
        let marks = drawn.scene.marks.len() + drawn.scene.segments.len();
        let bound = if kind.name == "scatter" { 70_000 } else { 12_000 };
        assert!(marks < bound, "{}: {marks} marks and segments", kind.name);
    }
}

#[test]
fn a_description_states_kind_series_and_range() {
    let of_series = |count: usize| json!({ "type": "bar", "series": vec![json!({ "value": "1" }); count] });
    let mut setter = TestSetter::default();
    let node_two = node(of_series(2));
    let mut two = data(&node_two, &["January", "March", "December"], &[&[1200.0, 3400.0, 2000.0], &[5.0, 5.0, 5.0]]);
    two.series[0].name = "Revenue".to_owned();
    assert_eq!(
        describe(&node_two, &two, "en-GB", &mut setter).0,
        "Bar chart, 2 series, 3 categories from January to December; Revenue from 1200 to 3400; S1: 5"
    );
    let pie = node(json!({ "type": "pie", "each": "data" }));
    assert_eq!(
        describe(&pie, &data(&pie, &["Rent", "Food"], &[&[300.0, 100.0]]), "en-GB", &mut setter).0,
        "Pie chart, 2 parts; Rent: 300, 75%; Food: 100, 25%"
    );
    let gauge = node(json!({ "type": "gauge" }));
    assert_eq!(
        describe(&gauge, &data(&gauge, &[""], &[&[86.0]]), "en-GB", &mut setter).0,
        "Gauge, S0 86 on a scale from 0 to 100"
    );
    let scatter = node(json!({ "type": "scatter", "series": [{ "x": "1", "value": "1" }] }));
    assert_eq!(
        describe(&scatter, &data(&scatter, &["", ""], &[&[1.0, 2.0]]), "en-GB", &mut setter).0,
        "Scatter chart, 1 series, 2 points; S0 from 1 to 2"
    );
    assert_eq!(
        describe(&node_two, &two, "de-AT", &mut setter),
        (
            "Balkendiagramm, 2 Reihen, 3 Kategorien von January bis December; Revenue von 1200 bis 3400; S1: 5"
                .to_owned(),
            "de"
        )
    );
    assert_eq!(
        describe(&pie, &data(&pie, &["家賃", "食費"], &[&[300.0, 100.0]]), "ja-JP", &mut setter).0,
        "円グラフ、2区分；家賃：300、75%；食費：100、25%"
    );
    let many: Vec<f64> = (1..=20).map(f64::from).collect();
    let text = describe(&pie, &data(&pie, &["x"; 20], &[&many]), "en-GB", &mut setter).0;
    assert!(text.ends_with("; and 12 more"), "{text}");
}
