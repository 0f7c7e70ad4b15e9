//! Looks of pdfme: fonts in points, everything else in millimetres.

use serde_json::{Value as Json, json};

use super::fields::stroke;
use crate::node::{Properties, color, millimetres, points};

pub(super) fn text<'j>(of: &'j Json, name: &str) -> Option<&'j str> {
    of.get(name).and_then(Json::as_str)
}

pub(super) fn number(of: &Json, name: &str) -> Option<f64> {
    of.get(name).and_then(Json::as_f64)
}

/// The look of text, without what is said nowhere.
pub(super) fn text_style(of: &Json) -> Properties {
    let mut style = Properties::default();
    style.set_some("font", text(of, "fontName"));
    style.set_some("size", number(of, "fontSize").filter(|size| (0.5..=1000.0).contains(size)).map(points));
    // pdfme has the distance of baselines as a multiple of the size, and 1 when nothing is said.
    style.set_some("lineHeight", number(of, "lineHeight").filter(|height| (0.5..=10.0).contains(height)).map(points));
    style.set_some("color", text(of, "fontColor").and_then(color));
    style.set_some(
        "align",
        text(of, "alignment").filter(|align| ["left", "center", "right", "justify"].contains(align)),
    );
    let vertical = text(of, "verticalAlignment").filter(|align| ["middle", "bottom"].contains(align));
    style.set_some("verticalAlign", vertical);
    style.set_some("letterSpacing", number(of, "characterSpacing").filter(|space| *space != 0.0).map(points));
    for (theirs, ours) in [("underline", "underline"), ("strikethrough", "strike")] {
        style.set_some(ours, of.get(theirs).and_then(Json::as_bool).filter(|is_set| *is_set));
    }
    style
}

/// Fill, border and padding of a box.
pub(super) fn box_look(of: &Json, node: &mut Properties) {
    node.set_some("fill", text(of, "backgroundColor").and_then(color));
    let sides = |name: &str| {
        let side = |side: &str| of.pointer(&format!("/{name}/{side}")).and_then(Json::as_f64).unwrap_or(0.0);
        [side("top"), side("right"), side("bottom"), side("left")]
    };
    let border = number(of, "borderWidth").unwrap_or_else(|| sides("borderWidth").into_iter().fold(0.0, f64::max));
    if border > 0.0 {
        node.set("stroke", stroke(of, "borderColor", Some(border)));
    }
    let padding = sides("padding");
    if padding.iter().any(|side| *side > 0.0) {
        node.set("padding", json!(padding.map(millimetres)));
    }
}
