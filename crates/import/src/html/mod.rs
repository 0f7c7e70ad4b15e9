//! Web pages with the marks of Handlebars: what stands below each other becomes a stack of nodes.

mod blocks;
mod look;
mod marks;
mod table;
mod tree;

use serde_json::json;

use crate::node::{Properties, literal};
use crate::note::{Imported, Notes};

use self::blocks::Blocks;
use self::look::Look;
use self::marks::Scope;

/// Space between paragraphs, points.
const GAP_POINTS: u32 = 8;

/// Reads a web page: headings, paragraphs, lists, tables, pictures, and inline styles.
///
/// `{{name}}` is read from the data, `{{#each list}}` repeats, `{{#if value}}` shows or hides. What a page has beside
/// these is noted and left out.
#[must_use]
pub fn html(text: &str) -> Imported {
    let document = tree::read(text);
    let mut notes = Notes::default();
    if let Some(sheet) = document.find("style") {
        notes.add(
            sheet.place(),
            "style sheets are not read: write styles into `style` of elements, or into `styles` of the template",
        );
    }
    let name = document.find("title").map(|title| blocks::words(&title.children)).filter(|name| !name.is_empty());
    let content = document.find("body").unwrap_or(&document);
    let mut blocks = Blocks { notes: &mut notes };
    let (look, _) = Look::default().of(content, blocks.notes);
    let nodes = blocks.list(&content.children, &look, &Scope::default());
    let stack = Properties::of_kind("frame")
        .with("layout", "stack")
        .with("gap", GAP_POINTS)
        .with("width", PAPER_WIDTH_POINTS)
        .with("nodes", nodes);
    let name = name.map_or_else(|| "Imported from HTML".to_owned(), |name| literal(&name).chars().take(200).collect());
    let template = Properties::default()
        .with("format", 1)
        .with("name", name)
        .with("page", json!({ "size": "A4", "margin": 42 }))
        .with("body", json!({ "nodes": [stack.0] }));
    Imported { template: template.into(), notes: notes.into_list() }
}

/// Width of A4 between margins of 42 points.
const PAPER_WIDTH_POINTS: f64 = 511.28;
