//! Tests of charts: drawn with a typesetter whose every letter is 5 points wide, and read back from the scene.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod categories;
mod geometry;
mod hostile;
mod palette;
mod scales;

use serde_json::{Value as Json, json};

use super::{AxisData, Data, Figure, Label, Mark, Purpose, Scene, Series, Typesetter, Voice, draw, nth};
use crate::document::{Rect, Size};
use crate::limits::Limits;
use crate::template::Template;
use crate::template::model::{Align, ChartNode, Kind};

/// Sets text without fonts: letters are 5 points wide, lines 10 points high.
#[derive(Default)]
struct TestSetter {
    texts: Vec<String>,
    warnings: Vec<String>,
}

impl TestSetter {
    fn keep(&mut self, text: String, height: f32) -> Label {
        let width = text.chars().count() as f32 * 5.0;
        self.texts.push(text);
        Label { id: self.texts.len() - 1, width, height }
    }
}

impl Typesetter for TestSetter {
    fn line(&mut self, text: &str, _voice: Voice, width: Option<f32>) -> Label {
        let room = width.map_or(usize::MAX, |width| (width / 5.0).max(0.0) as usize);
        let text = if text.chars().count() > room {
            text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
        } else {
            text.to_owned()
        };
        self.keep(text, 10.0)
    }

    fn lines(&mut self, text: &str, _voice: Voice, width: f32, count: u8, _align: Align) -> Label {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            let last = lines.last_mut().unwrap();
            if !last.is_empty() && (last.chars().count() + 1 + word.chars().count()) as f32 * 5.0 > width {
                lines.push(word.to_owned());
            } else {
                last.push_str(if last.is_empty() { "" } else { " " });
                last.push_str(word);
            }
        }
        lines.truncate(count.into());
        let label = self.keep(lines.join("\n"), 10.0 * lines.len() as f32);
        Label { width, ..label }
    }

    fn line_height(&self, _voice: Voice) -> f32 {
        10.0
    }

    fn size(&self, _voice: Voice) -> f32 {
        8.0
    }

    fn write(&mut self, _purpose: Purpose, figure: &Figure<'_>) -> String {
        match (figure.share, figure.decimals) {
            (Some(share), _) => format!("{:.0}%", share * 100.0),
            (None, Some(decimals)) => format!("{:.*}", decimals as usize, figure.value),
            (None, None) => format!("{}", figure.value),
        }
    }

    fn warn(&mut self, message: String, _hint: &'static str) {
        self.warnings.push(message);
    }
}

/// What came out.
struct Drawn {
    scene: Scene,
    texts: Vec<String>,
    warnings: Vec<String>,
}

impl Drawn {
    fn rects(&self) -> Vec<Rect> {
        let marks = self.scene.marks.iter();
        marks.filter_map(|mark| if let Mark::Rect { rect, .. } = mark { Some(*rect) } else { None }).collect()
    }

    /// All texts that are shown, with the boxes of those that are not turned.
    fn shown(&self) -> Vec<(String, f32, f32)> {
        let marks = self.scene.marks.iter();
        marks
            .filter_map(|mark| match mark {
                Mark::Text { label, at, .. } => Some((self.texts[*label].clone(), at.x, at.y)),
                _ => None,
            })
            .collect()
    }

    fn says(&self, text: &str) -> bool {
        self.shown().iter().any(|(shown, ..)| shown == text)
    }
}

/// Reads a chart node from its properties.
fn node(properties: Json) -> ChartNode {
    let mut node = json!({ "kind": "chart", "size": [200, 100], "series": [{ "value": "1" }] });
    node.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
    let template =
        json!({ "format": 1, "name": "T", "locale": "en", "page": { "size": "A4" }, "body": { "nodes": [node] } });
    let read = Template::from_value(&template, &Limits::default(), crate::template::Strictness::Check);
    let (template, _) = read.unwrap_or_else(|findings| panic!("{findings:?}"));
    match template.body.into_iter().next().unwrap().kind {
        Kind::Chart(chart) => *chart,
        other => panic!("{other:?}"),
    }
}

/// Items with their labels, and one list of values a series.
fn data(node: &ChartNode, labels: &[&str], series: &[&[f64]]) -> Data {
    Data {
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        series: series
            .iter()
            .enumerate()
            .map(|(place, values)| Series {
                name: format!("S{place}"),
                color: nth(&node.palette, place),
                values: values.iter().map(|value| value.is_finite().then_some(*value)).collect(),
                x: Vec::new(),
                colors: Vec::new(),
            })
            .collect(),
        category: AxisData::default(),
        value: AxisData::default(),
        bands: Vec::new(),
        empty: String::new(),
    }
}

fn drawn(node: &ChartNode, data: &Data, width: f32, height: f32) -> Drawn {
    let mut setter = TestSetter::default();
    let scene = draw(node, data, Size { width, height }, &mut setter);
    Drawn { scene, texts: setter.texts, warnings: setter.warnings }
}
