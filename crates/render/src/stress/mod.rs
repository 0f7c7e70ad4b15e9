//! Stress: data that a schema allows and that nobody tried, and what it breaks in the layout.
//!
//! ```text
//! schema + base data  ->  cases  ->  documents  ->  faults  ->  the smallest data that still fails
//!                         values     render         geometry    shrink
//! ```
//!
//! The same schema, data and seed give the same cases, in the same order.

mod cases;
mod cells;
mod edit;
mod geometry;
mod outline;
mod pairs;
mod shrink;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::data::{DataPath, Schema};
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::document::{Document, Rect};
use crate::limits::Limits;
use crate::program::{Program, RenderOptions, Scratch};
use crate::world::World;

use self::geometry::Geometry;
use self::shrink::shrink;

pub use self::outline::outlined;
pub use self::values::typical;

/// Documents that are made to find faults; as many as a person waits for.
const CASE_COUNT_MAX: usize = 1_500;

/// Counterexamples that are reported; a template with more is mended and tried again.
const COUNTEREXAMPLE_COUNT_MAX: usize = 50;

/// What a stress test found.
#[derive(Debug, Default)]
pub struct Report {
    /// Documents that were made, without those of shrinking.
    pub case_count: usize,
    /// What fails, each with the least data that makes it fail.
    pub counterexamples: Vec<Counterexample>,
}

/// Data that the schema allows and the template does not bear.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// What is wrong, and with which node.
    pub fault: Fault,
    /// What kind of data does it: `long words`, `500 rows`.
    pub case: String,
    /// The places of the data that must be changed for it.
    pub paths: Vec<DataPath>,
    /// The least data that does it.
    pub data: Json,
}

/// One thing that is wrong in a document.
#[derive(Clone, Debug)]
pub struct Fault {
    /// What is wrong, at which node.
    pub finding: Diagnostic,
    /// JSON pointer of the cell, when it is about one cell of a table.
    pub cell: Option<String>,
    /// The other node, when two are in each other's way.
    pub other: Option<String>,
    /// Index of the page, when it shows on one.
    pub page: Option<usize>,
    /// Where, in page coordinates.
    pub places: Vec<Rect>,
}

/// What makes two faults the same, whatever the data.
type Key = (&'static str, String, Option<String>);

impl Fault {
    fn key(&self) -> Key {
        // A character that no font has is missing wherever it stands.
        if self.finding.code == codes::MISSING_GLYPH {
            return (self.finding.code, self.finding.message.clone(), None);
        }
        let place = self.cell.as_ref().or(self.finding.node.as_ref());
        let node = place.unwrap_or(&self.finding.pointer).clone();
        (self.finding.code, node, self.other.clone())
    }
}

/// Tries a program with data that its schema allows.
///
/// What is wrong with `base` already is not told again: that is what a check is for.
#[must_use]
pub fn stress(
    program: &Program,
    world: &dyn World,
    schema: &Schema,
    base: &Json,
    limits: &Limits,
    seed: u64,
) -> Report {
    let mut trial = Trial::new(program, world, schema, limits);
    let known: BTreeSet<Key> = trial.faults(base).iter().map(Fault::key).collect();
    let is_valid = schema.problems(base).is_empty();
    let mut report = Report::default();
    let mut told: BTreeSet<(Key, Option<DataPath>)> = BTreeSet::new();
    for case in cases::all(schema, base, seed).into_iter().take(CASE_COUNT_MAX) {
        let data = case.data(base);
        if is_valid && !schema.problems(&data).is_empty() {
            continue;
        }
        report.case_count += 1;
        // What outgrows its place stands on everything that follows: it is told once.
        let mut involved: BTreeSet<String> = BTreeSet::new();
        for fault in trial.faults(&data) {
            let key = fault.key();
            let nodes = fault.finding.node.iter().chain(&fault.other);
            if fault.finding.code == codes::OVERLAP && nodes.clone().any(|node| involved.contains(node)) {
                continue;
            }
            // A case of one field is told for each field; one of many only when nothing else told of the fault.
            let field = case.field.clone();
            let is_told = match &field {
                Some(_) if key.0 != codes::MISSING_GLYPH => told.contains(&(key.clone(), field.clone())),
                _ => told.iter().any(|(known, _)| *known == key),
            };
            if known.contains(&key) || is_told {
                continue;
            }
            involved.extend(nodes.cloned());
            told.insert((key.clone(), field));
            report.counterexamples.push(shrink(&mut trial, base, &case, fault));
            if report.counterexamples.len() >= COUNTEREXAMPLE_COUNT_MAX {
                return report;
            }
        }
    }
    report
}

/// Makes documents and looks for faults in them.
struct Trial<'a> {
    program: &'a Program,
    world: &'a dyn World,
    schema: &'a Schema,
    options: RenderOptions<'static>,
    scratch: Scratch,
    geometry: Geometry,
}

impl<'a> Trial<'a> {
    fn new(program: &'a Program, world: &'a dyn World, schema: &'a Schema, limits: &Limits) -> Self {
        let options = RenderOptions { cells: true, limits: limits.clone(), ..RenderOptions::default() };
        let geometry = Geometry::of(program.template());
        Self { program, world, schema, options, scratch: Scratch::default(), geometry }
    }

    fn document(&mut self, data: &Json) -> Result<(Document, Vec<Diagnostic>), Vec<Diagnostic>> {
        let rendered = self.program.render(data, self.world, &self.options, &mut self.scratch)?;
        Ok((rendered.document, rendered.diagnostics))
    }

    /// All faults of a document, each once; those of the render first.
    fn faults(&mut self, data: &Json) -> Vec<Fault> {
        let (findings, mut shown, document) = match self.document(data) {
            Ok((document, findings)) => (findings, self.geometry.faults(&document), Some(document)),
            Err(findings) => (findings, Vec::new(), None),
        };
        let said = |finding: Diagnostic| {
            let place = document.as_ref().and_then(|document| place_of(document, finding.node.as_deref()?));
            let (page, places) = place.map_or((None, Vec::new()), |(page, rect)| (Some(page), vec![rect]));
            Fault { finding, cell: None, other: None, page, places }
        };
        let mut faults: Vec<Fault> = Vec::new();
        for finding in findings {
            let mut fault = said(Diagnostic { severity: Severity::Error, ..finding });
            // The layout knows that something overflows, the geometry where.
            if let Some(at) = shown.iter().position(|shown| shown.key() == fault.key()) {
                let Fault { page, places, .. } = shown.swap_remove(at);
                fault = Fault { page, places, ..fault };
            }
            if !faults.iter().any(|known| known.key() == fault.key()) {
                faults.push(fault);
            }
        }
        faults.append(&mut shown);
        faults
    }
}

/// The first page that a node stands on, and where.
fn place_of(document: &Document, node: &str) -> Option<(usize, Rect)> {
    let index = document.nodes.iter().position(|id| **id == *node)?;
    document.pages.iter().enumerate().find_map(|(page, content)| {
        let found = content.boxes.iter().find(|found| found.node as usize == index)?;
        Some((page, found.rect))
    })
}
