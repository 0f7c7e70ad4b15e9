//! Labels of items: they never overlap and never leave the chart.

use super::{data, drawn, node};
use crate::chart::Mark;
use serde_json::json;

#[test]
fn labels_that_fit_all_stand_level() {
    let node = node(json!({ "type": "bar" }));
    let drawn = drawn(&node, &data(&node, &["Mon", "Tue", "Wed"], &[&[1.0, 2.0, 3.0]]), 200.0, 100.0);
    for label in ["Mon", "Tue", "Wed"] {
        assert!(drawn.says(label), "{label}");
    }
}

#[test]
fn names_are_broken_into_lines_before_they_are_turned() {
    let node = node(json!({ "type": "bar" }));
    let names = ["North east", "South west", "Far away", "All"];
    let drawn = drawn(&node, &data(&node, &names, &[&[1.0, 2.0, 3.0, 4.0]]), 170.0, 120.0);
    assert!(drawn.says("North\neast") && drawn.says("South\nwest"), "{:?}", drawn.shown());
}

#[test]
fn long_names_are_slanted_and_begin_inside_of_the_chart() {
    let node = node(json!({ "type": "bar" }));
    let names = ["Gothenburg", "Copenhagen", "Luxembourg", "Rotterdam", "Birmingham", "Strasbourg"];
    let drawn = drawn(&node, &data(&node, &names, &[&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]), 200.0, 150.0);
    let mut turned = 0;
    for mark in &drawn.scene.marks {
        if let Mark::Text { at, degrees, .. } = mark
            && *degrees != 0.0
        {
            turned += 1;
            assert!(at.x >= -0.01 && at.y <= 150.0, "{at:?}");
        }
    }
    assert_eq!(turned, 6);
}

#[test]
fn dates_are_thinned_out_by_an_even_step() {
    let node = node(json!({ "type": "line" }));
    let names: Vec<String> = (1..=365).map(|day| format!("Day {day:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let values: Vec<f64> = (0..365).map(f64::from).collect();
    let drawn = drawn(&node, &data(&node, &names, &[&values]), 300.0, 100.0);
    let shown: Vec<(String, f32, f32)> =
        drawn.shown().into_iter().filter(|(text, ..)| text.starts_with("Day")).collect();
    assert!(shown.len() >= 4, "{shown:?}");
    for pair in shown.windows(2) {
        assert!(pair[0].1 + 35.0 < pair[1].1, "{pair:?} overlap");
    }
    let day = |text: &str| text[4..].parse::<i32>().unwrap();
    let step = day(&shown[1].0) - day(&shown[0].0);
    assert!(shown.windows(2).all(|pair| day(&pair[1].0) - day(&pair[0].0) == step), "{shown:?}");
}

#[test]
fn labels_beside_lying_bars_end_with_an_ellipsis_before_they_take_the_room() {
    let node = node(json!({ "type": "bar", "horizontal": true }));
    let long = "A name without any end in sight for those who read it";
    let drawn = drawn(&node, &data(&node, &[long, "B", "C", "D", "E", "F", "G", "H"], &[&[1.0; 8]]), 200.0, 100.0);
    let shown = drawn.shown();
    let (text, x, _) = shown.iter().find(|(text, ..)| text.starts_with("A name")).unwrap();
    assert!(text.ends_with('…') && *x >= 0.0 && text.chars().count() <= 16, "{text} at {x}");
}
