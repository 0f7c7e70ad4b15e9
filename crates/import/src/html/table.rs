//! Tables of web pages: rows that a mark repeats are the rows of the items, the others stand above or below.

use serde_json::{Value as Json, json};

use super::blocks::Blocks;
use super::look::Look;
use super::marks::{Piece, Scope, pieces, value};
use super::tree::{Child, Element};
use crate::node::Properties;

/// A row with where it stands.
struct Row<'e> {
    element: &'e Element,
    /// It stands in `thead`, or has headings only.
    is_head: bool,
    /// The list whose items it is repeated for.
    each: Option<String>,
}

impl Blocks<'_> {
    pub(super) fn table(&mut self, table: &Element, look: &Look, scope: &Scope) -> Option<Properties> {
        let mut rows = Vec::new();
        let mut each = None;
        self.rows(table, false, &mut each, &mut rows);
        let first_repeated = rows.iter().position(|row| row.each.is_some());
        let list = rows.iter().find_map(|row| row.each.clone());
        if rows.iter().filter_map(|row| row.each.as_ref()).any(|other| Some(other) != list.as_ref()) {
            self.notes.add(table.place(), "the rows of a second list are left out: a table has one");
        }
        let width = rows.iter().map(|row| cells(row.element).map(span).sum::<usize>()).max()?;
        let (inside, name) = scope.inside();
        let (mut header, mut details, mut totals) = (Vec::new(), Vec::new(), Vec::new());
        for (index, row) in rows.iter().enumerate() {
            if row.each.is_some() && row.each != list {
                continue;
            }
            let is_detail = list.is_none() || row.each.is_some();
            let row_scope = if row.each.is_some() { &inside } else { scope };
            let made = self.row(row.element, look, row_scope);
            if row.is_head && row.each.is_none() {
                header.push(made);
            } else if is_detail {
                details.push(json!({ "cells": made }));
            } else if first_repeated.is_some_and(|first| index < first) {
                header.push(made);
            } else {
                totals.push(Json::Array(made));
            }
        }
        let each = match &list {
            Some(path) => value(path, scope, &mut |note| self.notes.add(table.place(), note)),
            // The rows stand for themselves: one item shows them all.
            None => "[1]".to_owned(),
        };
        let mut node = Properties::of_kind("table").with("each", each).with("as", name).with("index", inside.index());
        node.set("style", look.style());
        node.set("columns", vec![json!({}); width]);
        if !header.is_empty() {
            node.set("header", json!({ "rows": header }));
        }
        node.set("rows", details);
        if !totals.is_empty() {
            node.set("totals", totals);
        }
        let line = table.attribute("border").is_some_and(|border| border != "0");
        let line = if line { "#000000" } else { "#DDE1E6" };
        node.set("rowLine", json!({ "color": line, "width": 0.5 }));
        Some(node)
    }

    fn rows<'e>(&mut self, around: &'e Element, in_head: bool, each: &mut Option<String>, rows: &mut Vec<Row<'e>>) {
        for child in &around.children {
            match child {
                Child::Text(text) => {
                    for piece in pieces(text) {
                        match piece {
                            Piece::Each(path) => *each = Some(path),
                            Piece::End => *each = None,
                            Piece::Text(text) if text.trim().is_empty() => {}
                            _ => self.notes.add(around.place(), "what stands between its rows is left out"),
                        }
                    }
                }
                Child::Element(inside) => match inside.name.as_str() {
                    "thead" => self.rows(inside, true, each, rows),
                    "tbody" | "tfoot" => self.rows(inside, false, each, rows),
                    "tr" => {
                        let mut headings = cells(inside).peekable();
                        let is_head = in_head || headings.peek().is_some() && headings.all(|cell| cell.name == "th");
                        rows.push(Row { element: inside, is_head, each: each.clone() });
                    }
                    "caption" => self.notes.add(inside.place(), "captions are left out: put a text above the table"),
                    "colgroup" | "col" => {}
                    _ => self.notes.add(inside.place(), "it stands between the rows and is left out"),
                },
            }
        }
    }

    fn row(&mut self, row: &Element, look: &Look, scope: &Scope) -> Vec<Json> {
        let (look, _) = look.of(row, self.notes);
        let cells: Vec<&Element> = cells(row).collect();
        let made = cells.into_iter().map(|element| {
            let (inner, around) = look.of(element, self.notes);
            let mut cell = Properties::default();
            if span(element) > 1 {
                cell.set("span", span(element));
            }
            if element.attribute("rowspan").is_some_and(|rows| rows != "1") {
                self.notes.add(element.place(), "cells over several rows cover one");
            }
            cell.set_some("fill", around.properties.0.get("fill").cloned());
            let nodes = self.list(&element.children, &inner, scope);
            // A cell that holds one text is that text.
            match nodes.as_slice() {
                [] => {}
                [only]
                    if only.get("kind") == Some(&json!("text"))
                        && only.get("link").is_none()
                        && only.get("visible").is_none() =>
                {
                    let style = only.get("style").cloned();
                    cell.set_some("style", style.filter(|style| *style != Json::from(look.style())));
                    cell.set_some("text", only.get("text").cloned());
                }
                _ => cell.set("nodes", nodes),
            }
            Json::from(cell)
        });
        made.collect()
    }
}

fn cells(row: &Element) -> impl Iterator<Item = &Element> {
    row.children.iter().filter_map(|child| match child {
        Child::Element(cell) if matches!(cell.name.as_str(), "td" | "th") => Some(cell),
        _ => None,
    })
}

/// Columns that a cell covers; as many as format 1 allows.
fn span(cell: &Element) -> usize {
    const SPAN_MAX: usize = 50;
    cell.attribute("colspan").and_then(|span| span.parse().ok()).unwrap_or(1).clamp(1, SPAN_MAX)
}
