//! Tables of pdfme: rows of texts by their place.

use serde_json::{Value as Json, json};

use super::Import;
use super::fields::stroke;
use super::style::{box_look, number, text, text_style};
use crate::node::{Properties, color, literal, points, property};

/// Columns of one table; format 1 has no more.
const COLUMN_COUNT_MAX: usize = 200;

impl Import {
    pub(super) fn table(&mut self, field: &Json, name: &str, is_static: bool) -> Properties {
        let rows: Json = text(field, "content")
            .and_then(|content| serde_json::from_str(content).ok())
            .or_else(|| field.get("content").filter(|content| content.is_array()).cloned())
            .unwrap_or_else(|| json!([]));
        let each = if is_static || field.get("readOnly").and_then(Json::as_bool) == Some(true) {
            rows.to_string()
        } else {
            self.sample.insert(name.to_owned(), rows);
            property("data", name)
        };
        let head: Vec<&str> = strings(field.get("head"));
        let shares: Vec<f64> = field
            .get("headWidthPercentages")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_f64)
            .collect();
        let shows_head = field.get("showHead").and_then(Json::as_bool).unwrap_or(true);
        let none = json!({});
        let body = field.get("bodyStyles").unwrap_or(&none);
        let head_look = field.get("headStyles").unwrap_or(&none);
        let columns = (0..head.len().max(shares.len()).min(COLUMN_COUNT_MAX)).map(|index| {
            let mut column = Properties::default();
            if let Some(title) = head.get(index).filter(|_| shows_head) {
                column.set("title", literal(title));
            }
            if let Some(share) = shares.get(index).filter(|share| **share > 0.0) {
                column.set("width", format!("{}fr", points(*share)));
            }
            let align = field.pointer(&format!("/columnStyles/alignment/{index}")).and_then(Json::as_str);
            column.set_some("align", align.filter(|align| ["left", "center", "right"].contains(align)));
            Json::from(column.with("text", format!("{{{{ row[{index}] }}}}")))
        });
        let mut table = Properties::of_kind("table").with("each", each).with("columns", columns.collect::<Vec<Json>>());
        let style = text_style(body);
        if !style.is_empty() {
            table.set("style", style);
        }
        let mut cell = Properties::default();
        box_look(body, &mut cell);
        table.set_some("padding", cell.0.remove("padding"));
        table.set_some("fill", cell.0.remove("fill"));
        if let Some(line) = cell.0.remove("stroke") {
            table.set("rowLine", line.clone());
            table.set("columnLine", line);
        }
        table.set_some("zebra", text(body, "alternateBackgroundColor").and_then(color));
        if shows_head {
            let mut header = Properties::default();
            header.set("repeat", field.get("repeatHead").and_then(Json::as_bool).unwrap_or(false));
            header.set_some("fill", text(head_look, "backgroundColor").and_then(color));
            let style = text_style(head_look);
            if !style.is_empty() {
                header.set("style", style);
            }
            table.set("header", header);
        }
        if let Some(styles) =
            field.get("tableStyles").filter(|styles| number(styles, "borderWidth").is_some_and(|width| width > 0.0))
        {
            table.set("stroke", stroke(styles, "borderColor", number(styles, "borderWidth")));
        }
        let has_sides = |look: &Json| look.get("borderWidth").is_some_and(Json::is_object);
        if has_sides(body) || has_sides(head_look) {
            self.notes.add(name, "borders of single sides of its cells become lines between all rows and columns");
        }
        table
    }
}

fn strings(list: Option<&Json>) -> Vec<&str> {
    list.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect()
}
