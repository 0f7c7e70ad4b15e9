//! Fields of pdfme: one kind after the other as a node.

use serde_json::{Value as Json, json};

use super::Import;
use super::style::{box_look, number, text, text_style};
use super::text::with_expressions;
use crate::node::{Properties, color, is_identifier, literal, millimetre_pair, millimetres, property};

/// Barcodes of pdfme, and what they are called here.
const BARCODES: [(&str, &str); 14] = [
    ("qrcode", "qr"),
    ("japanpost", "japan-post"),
    ("ean13", "ean13"),
    ("ean8", "ean8"),
    ("code39", "code39"),
    ("code128", "code128"),
    ("nw7", "codabar"),
    ("itf14", "itf14"),
    ("upca", "upc-a"),
    ("upce", "upc-e"),
    ("gs1datamatrix", "gs1-data-matrix"),
    ("pdf417", "pdf417"),
    ("datamatrix", "data-matrix"),
    ("aztec", "aztec"),
];

/// Properties of fields that were looked at, of any kind.
const KNOWN: [&str; 48] = [
    "name",
    "type",
    "position",
    "width",
    "height",
    "content",
    "readOnly",
    "required",
    "rotate",
    "opacity",
    "fontName",
    "fontSize",
    "fontColor",
    "alignment",
    "verticalAlignment",
    "lineHeight",
    "characterSpacing",
    "backgroundColor",
    "underline",
    "strikethrough",
    "dynamicFontSize",
    "borderWidth",
    "borderColor",
    "color",
    "radius",
    "barColor",
    "textColor",
    "includetext",
    "variables",
    "text",
    "head",
    "headWidthPercentages",
    "showHead",
    "repeatHead",
    "tableStyles",
    "headStyles",
    "bodyStyles",
    "columnStyles",
    "format",
    "locale",
    "options",
    "icon",
    "group",
    "id",
    "placeholder",
    "padding",
    "__bodyRange",
    "__isSplit",
];

impl Import {
    /// A field as a node; none when it has no counterpart, which is noted.
    pub(super) fn field(&mut self, field: &Json, is_static: bool) -> Option<Json> {
        let name = text(field, "name").unwrap_or("a field without name").to_owned();
        let kind = text(field, "type").unwrap_or("text").to_owned();
        let mut node = match kind.as_str() {
            "text" | "multiVariableText" => self.text(field, &name, &kind, is_static),
            "date" | "time" | "dateTime" | "select" => {
                self.notes.add(&name, format!("it is filled in as `{kind}`; here it is the text of the data"));
                self.text(field, &name, "text", is_static)
            }
            "checkbox" | "radioGroup" => self.tick(field, &name, &kind, is_static),
            "image" | "signature" => self.image(field, &name, is_static),
            "svg" => self.svg(field, &name, is_static),
            "line" => Properties::of_kind("line").with("stroke", stroke(field, "color", number(field, "height"))),
            "rectangle" | "ellipse" => shape(field, &kind),
            "table" => self.table(field, &name, is_static),
            other => match BARCODES.iter().find(|(known, _)| *known == other) {
                Some((_, symbology)) => self.barcode(field, &name, symbology, is_static),
                None => {
                    self.notes
                        .add(&name, format!("there is no counterpart of the kind `{other}`: the field is left out"));
                    return None;
                }
            },
        };
        self.unknown(field, &name);
        let at = |name: &str| field.pointer(&format!("/position/{name}")).and_then(Json::as_f64).unwrap_or(0.0);
        let [left, top] = if is_static { [0.0, 0.0] } else { self.origin };
        let (width, height) = (number(field, "width").unwrap_or(0.0), number(field, "height").unwrap_or(0.0));
        // A line of pdfme is a filled box; here it runs through the middle of that box.
        let middle = if kind == "line" { height / 2.0 } else { 0.0 };
        node.set("at", millimetre_pair(at("x") - left, at("y") - top + middle));
        match kind.as_str() {
            "table" => node.set("width", millimetres(width)),
            "line" => node.set("size", millimetre_pair(width, 0.0)),
            _ => node.set("size", millimetre_pair(width, height)),
        }
        node.set_some("rotation", number(field, "rotate").filter(|angle| *angle != 0.0).map(|angle| angle % 360.0));
        node.set_some("opacity", number(field, "opacity").filter(|opacity| *opacity < 1.0));
        Some(node.into())
    }

    /// What the field says: its own content when nobody fills it in, otherwise a field of the data.
    fn content(&mut self, field: &Json, name: &str, is_static: bool) -> String {
        let content = text(field, "content").unwrap_or_default();
        if is_static || field.get("readOnly").and_then(Json::as_bool) == Some(true) {
            return with_expressions(content, name, &mut self.notes);
        }
        self.sample.insert(name.to_owned(), json!(content));
        format!("{{{{ {} }}}}", property("data", name))
    }

    fn text(&mut self, field: &Json, name: &str, kind: &str, is_static: bool) -> Properties {
        let says = if kind == "multiVariableText" {
            self.variables(field, name)
        } else {
            self.content(field, name, is_static)
        };
        let mut node = Properties::of_kind("text");
        if let Some(font) = text(field, "fontName") {
            self.notes.add("fonts", format!("the font `{font}` must be installed under this family name"));
        }
        let style = text_style(field);
        if !style.is_empty() {
            node.set("style", style);
        }
        box_look(field, &mut node);
        if field.get("dynamicFontSize").is_some_and(Json::is_object) {
            node.set("overflow", "shrink");
            self.notes.add(name, "its letters shrink to a half at most, whatever least size was set, and never grow");
        }
        node.with("text", says)
    }

    /// Text with `{name}` in it, whose values come as one JSON object.
    fn variables(&mut self, field: &Json, name: &str) -> String {
        let content = text(field, "content").unwrap_or("{}");
        let values: Json = serde_json::from_str(content).unwrap_or_else(|_| json!({}));
        self.sample.insert(name.to_owned(), values);
        let pattern = text(field, "text").unwrap_or_default();
        let mut says = String::with_capacity(pattern.len());
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            says.push_str(&literal(before));
            let Some((variable, after)) = after.split_once('}').filter(|(variable, _)| is_identifier(variable)) else {
                says.push('{');
                rest = after;
                continue;
            };
            says.push_str(&format!("{{{{ {} }}}}", property(&property("data", name), variable)));
            rest = after;
        }
        says.push_str(&literal(rest));
        says
    }

    fn tick(&mut self, field: &Json, name: &str, kind: &str, is_static: bool) -> Properties {
        self.notes.add(name, format!("`{kind}` becomes a tick where its value is true; nobody can click it"));
        self.content(field, name, is_static);
        let ticked = text(field, "content") == Some("true");
        if !is_static {
            self.sample.insert(name.to_owned(), json!(ticked));
        }
        let shown = format!("{{{{ {} ? '×' : '' }}}}", property("data", name));
        let ink = text(field, "color").and_then(color).unwrap_or_else(|| "#000000".to_owned());
        Properties::of_kind("text")
            .with("style", json!({ "align": "center", "verticalAlign": "middle" }))
            .with("stroke", json!({ "color": ink, "width": 0.75 }))
            .with("text", shown)
    }

    fn image(&mut self, field: &Json, name: &str, is_static: bool) -> Properties {
        let source = match text(field, "content") {
            Some(content) if is_static || field.get("readOnly").and_then(Json::as_bool) == Some(true) => {
                content.to_owned()
            }
            _ => self.content(field, name, is_static),
        };
        self.notes.add(name, "give `alt`, a text for those who cannot see the picture: pdfme has none");
        Properties::of_kind("image").with("source", source).with("alt", name)
    }

    fn svg(&mut self, field: &Json, name: &str, is_static: bool) -> Properties {
        let content = text(field, "content").unwrap_or_default();
        if !is_static && field.get("readOnly").and_then(Json::as_bool) != Some(true) {
            self.notes.add(name, "its drawing came from the data; now it is part of the template");
        }
        let encoded: String = content.bytes().map(escaped_byte).collect();
        Properties::of_kind("image").with("source", format!("data:image/svg+xml,{encoded}")).with("alt", name)
    }

    fn barcode(&mut self, field: &Json, name: &str, symbology: &str, is_static: bool) -> Properties {
        let value = self.content(field, name, is_static);
        let mut node =
            Properties::of_kind("barcode").with("symbology", symbology).with("value", value).with("alt", name);
        let shows_text = field.get("includetext").and_then(Json::as_bool);
        node.set_some("showText", shows_text.filter(|_| symbology != "qr"));
        node.set_some("color", text(field, "barColor").and_then(color).filter(|color| color != "#000000"));
        if text(field, "backgroundColor").and_then(color).is_some_and(|color| color != "#ffffff") {
            self.notes.add(name, "the colour behind a barcode is left out: scanners want white");
        }
        node
    }

    fn unknown(&mut self, field: &Json, name: &str) {
        for property in field.as_object().into_iter().flat_map(|field| field.keys()) {
            if !KNOWN.contains(&property.as_str()) {
                self.notes.add(name, format!("the property `{property}` has no counterpart and is left out"));
            }
        }
    }
}

fn shape(field: &Json, kind: &str) -> Properties {
    let mut node = Properties::of_kind(if kind == "ellipse" { "ellipse" } else { "rect" });
    node.set_some("fill", text(field, "color").and_then(color));
    if number(field, "borderWidth").is_some_and(|width| width > 0.0) {
        node.set("stroke", stroke(field, "borderColor", number(field, "borderWidth")));
    }
    node.set_some(
        "radius",
        number(field, "radius").filter(|radius| *radius > 0.0 && kind == "rectangle").map(millimetres),
    );
    node
}

/// A line whose width is given in millimetres.
pub(super) fn stroke(of: &Json, name: &str, width: Option<f64>) -> Json {
    let color = text(of, name).and_then(color).unwrap_or_else(|| "#000000".to_owned());
    json!({ "color": color, "width": millimetres(width.filter(|width| *width > 0.0).unwrap_or(0.2).max(0.01)) })
}

/// A byte as the data of a URL has it (RFC 3986, 2.1).
fn escaped_byte(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/' | b'=' | b':' | b';') {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}
