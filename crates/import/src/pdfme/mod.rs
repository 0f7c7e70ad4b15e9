//! Templates of pdfme: pages of fields at fixed places, in millimetres.

mod fields;
mod style;
mod table;
mod text;

use serde_json::{Map, Value as Json, json};
use thiserror::Error;

use crate::node::{Properties, millimetres};
use crate::note::{Imported, Notes};

/// Why something is no template of pdfme.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PdfmeError {
    /// It lacks `schemas`.
    #[error("this is no template of pdfme: it has no array `schemas`")]
    NoSchemas,
}

/// Paper of a template that gives a finished PDF, millimetres: A4, upright.
const PAPER_MILLIMETRES: (f64, f64) = (210.0, 297.0);

/// Fields that are read of one template; each becomes a node, of which a template has at most 20,000.
const FIELD_COUNT_MAX: usize = 10_000;

/// Reads a template of pdfme, version 3 to 5.
///
/// Fields become nodes at the same places, what people fill in becomes `data`, and the contents that the template
/// shows by itself become the sample `default`.
///
/// # Errors
/// It is no template of pdfme.
pub fn pdfme(json: &Json) -> Result<Imported, PdfmeError> {
    let schemas = json.get("schemas").and_then(Json::as_array).ok_or(PdfmeError::NoSchemas)?;
    let mut import = Import { notes: Notes::default(), sample: Map::new(), origin: [0.0, 0.0] };
    let paper = import.paper(json.get("basePdf"));
    let mut background = Vec::new();
    let statics = json.pointer("/basePdf/staticSchema").and_then(Json::as_array);
    for field in statics.into_iter().flatten().take(FIELD_COUNT_MAX) {
        background.extend(import.field(field, true));
    }
    let [top, right, bottom, left] = paper.padding;
    import.origin = [left, top];
    let mut body: Vec<Json> = Vec::new();
    for (index, page) in schemas.iter().enumerate() {
        let fields = fields_of(page);
        let nodes: Vec<Json> =
            fields.iter().take(FIELD_COUNT_MAX).filter_map(|field| import.field(field, false)).collect();
        if schemas.len() == 1 {
            body = nodes;
        } else {
            // A frame as high as the page keeps the places of a page apart from those of the one before.
            let size = [paper.width - left - right, paper.height - top - bottom];
            let mut frame = Properties::of_kind("frame").with("size", Json::Array(size.map(millimetres).into()));
            if index > 0 {
                frame.set("break", "before");
            }
            body.push(frame.with("nodes", nodes).into());
        }
    }
    if schemas.len() > 1 && body.iter().any(|page| page.to_string().contains("\"kind\":\"table\"")) {
        import.notes.add(
            "tables",
            "each page is a frame that stays whole: a table that outgrows its page is an error, not continued",
        );
    }
    let mut template = Properties::default().with("format", 1).with("name", "Imported from pdfme");
    let margin = Json::Array(paper.padding.map(millimetres).into());
    template.set("page", json!({ "size": [millimetres(paper.width), millimetres(paper.height)], "margin": margin }));
    if !background.is_empty() {
        template.set("background", json!({ "nodes": background }));
    }
    template.set("body", json!({ "nodes": body }));
    if !import.sample.is_empty() {
        template.set("data", json!({ "samples": { "default": import.sample } }));
    }
    Ok(Imported { template: template.into(), notes: import.notes.into_list() })
}

/// The fields of a page: a list in version 5, an object by name before.
fn fields_of(page: &Json) -> Vec<Json> {
    match page {
        Json::Array(fields) => fields.clone(),
        Json::Object(fields) => {
            let named = fields.iter().map(|(name, field)| {
                let mut field = field.clone();
                if let Some(object) = field.as_object_mut() {
                    object.insert("name".to_owned(), json!(name));
                }
                field
            });
            named.collect()
        }
        _ => Vec::new(),
    }
}

struct Paper {
    width: f64,
    height: f64,
    /// Top, right, bottom, left.
    padding: [f64; 4],
}

struct Import {
    notes: Notes,
    sample: Map<String, Json>,
    /// Where the coordinates of nodes begin on the page, millimetres.
    origin: [f64; 2],
}

impl Import {
    fn paper(&mut self, base: Option<&Json>) -> Paper {
        let number = |name: &str| base.and_then(|base| base.get(name)).and_then(Json::as_f64);
        let (Some(width), Some(height)) = (number("width"), number("height")) else {
            let message = "the pages of a finished PDF cannot be carried over: the paper is blank A4, and the fields stand where they stood";
            self.notes.add("basePdf", message);
            return Paper { width: PAPER_MILLIMETRES.0, height: PAPER_MILLIMETRES.1, padding: [0.0; 4] };
        };
        let side = |index: usize| {
            let padding = base.and_then(|base| base.get("padding"));
            padding.and_then(|padding| padding.get(index)).and_then(Json::as_f64).unwrap_or(0.0)
        };
        Paper { width, height, padding: [side(0), side(1), side(2), side(3)] }
    }
}
