//! Tests of layout: small templates as JSON, and what came out, read back from the display list.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod bands;
mod barcodes;
mod baseline;
mod breaks;
mod charts;
mod clips;
mod columns;
mod containers;
mod contents;
mod emoji;
mod fields;
mod flow;
mod frames;
mod hostile;
mod kinds;
mod layers;
mod markdown;
mod page_numbers;
mod pages;
mod paints;
mod pdf_pages;
mod print;
mod properties;
mod rich;
mod same;
mod table_cells;
mod table_flow;
mod table_rows;
mod tables;
mod tags;
mod typography;
mod vertical;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Item, Rect};
use crate::fonts::{FontSet, testing};
use crate::limits::Limits;
use crate::program::{Program, RenderOptions, Rendered, Scratch};
use crate::template::Template;
use crate::world::{Assets, World};

struct TestWorld {
    fonts: FontSet,
    assets: TestAssets,
}

#[derive(Default)]
struct TestAssets(BTreeMap<String, Arc<[u8]>>);

impl Assets for TestAssets {
    fn asset(&self, name: &str) -> Option<Arc<[u8]>> {
        self.0.get(name).cloned()
    }
}

impl World for TestWorld {
    fn fonts(&self) -> &FontSet {
        &self.fonts
    }

    fn assets(&self) -> &dyn Assets {
        &self.assets
    }

    fn now_ms(&self) -> i64 {
        1_767_225_600_000
    }
}

fn world() -> TestWorld {
    TestWorld { fonts: testing::set(&["Inter_400Regular", "Inter_700Bold"]), assets: TestAssets::default() }
}

/// A page of 200 × 100 points without margins and bands, whose text is 10 points high in lines of 10 points.
fn template(body: Json) -> Json {
    json!({
        "format": 1,
        "name": "Test",
        "locale": "en-GB",
        "page": { "size": [200, 100], "margin": 0 },
        "styles": { "text": { "font": "Inter", "size": 10, "lineHeight": 1 } },
        "body": { "nodes": body },
    })
}

/// A line of text at a place.
fn text(at: [f32; 2], says: &str) -> Json {
    json!({ "kind": "text", "at": at, "style": "text", "text": says })
}

fn program(template: &Json, world: &TestWorld) -> Result<Program, Vec<Diagnostic>> {
    let (template, _) = Template::from_value(template, &Limits::default(), crate::template::Strictness::Check)?;
    Program::new(Arc::new(template), world)
}

fn try_render(template: &Json, data: &Json, options: &RenderOptions<'_>) -> Result<Rendered, Vec<Diagnostic>> {
    let world = world();
    program(template, &world)?.render(data, &world, options, &mut Scratch::default())
}

fn render(template: &Json, data: &Json) -> Rendered {
    try_render(template, data, &RenderOptions::default()).unwrap_or_else(|findings| panic!("{}", shown(&findings)))
}

fn document(template: &Json) -> Document {
    render(template, &json!({})).document
}

fn shown(findings: &[Diagnostic]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The findings of a render that fails.
fn errors(template: &Json, data: &Json) -> String {
    match try_render(template, data, &RenderOptions::default()) {
        Ok(rendered) => panic!("it was rendered, with {}", shown(&rendered.diagnostics)),
        Err(findings) => shown(&findings),
    }
}

/// All text of a document: page, left edge, top of the line (for lines of 10 points), what it says.
fn texts(document: &Document) -> Vec<(usize, i32, i32, String)> {
    let mut found = Vec::new();
    for (page, content) in document.pages.iter().enumerate() {
        for item in &content.items {
            if let Item::Glyphs(run) = item {
                let text = document.text[run.text.start as usize..run.text.end as usize].trim_end().to_owned();
                let top = run.origin.y - baseline(document, run.face, run.size);
                found.push((page, rounded(run.origin.x), rounded(top), text));
            }
        }
    }
    found
}

/// What stands on each page, from the first item to the last.
fn pages(document: &Document) -> Vec<String> {
    let mut pages = vec![Vec::new(); document.pages.len()];
    for (page, _, _, text) in texts(document) {
        pages[page].push(text);
    }
    pages.into_iter().map(|texts| texts.join(" ")).collect()
}

/// Page, left and top of the text that says this.
fn find(document: &Document, text: &str) -> (usize, i32, i32) {
    let found = texts(document);
    let hit = found.iter().find(|(.., says)| says == text);
    let (page, x, y, _) = hit.unwrap_or_else(|| panic!("{text:?} is not among {found:?}"));
    (*page, *x, *y)
}

/// All rectangles of a page.
fn rects(document: &Document, page: usize) -> Vec<Rect> {
    let items = document.pages[page].items.iter();
    items.filter_map(|item| if let Item::Rect(rect) = item { Some(rect.rect) } else { None }).collect()
}

fn baseline(document: &Document, face: u32, size: f32) -> f32 {
    let metrics = document.faces[face as usize].metrics();
    let scale = size / f32::from(metrics.units_per_em);
    let (ascent, descent) = (f32::from(metrics.ascent) * scale, f32::from(metrics.descent) * scale);
    (size - (ascent - descent)) / 2.0 + ascent
}

fn rounded(value: f32) -> i32 {
    crate::text::round_i32(f64::from(value))
}

/// Numbered lines.
fn lines(count: usize) -> String {
    (1..=count).map(|number| format!("line {number}")).collect::<Vec<_>>().join("\n")
}
