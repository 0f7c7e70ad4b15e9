//! Collects what a document has against its standards: once for each rule and node, a bounded number.

use std::collections::BTreeSet;

use super::combine::Conformance;
use super::rules::Rule;
use crate::diagnostic::{Diagnostic, codes};
use crate::document::{Document, ElementId, Item, Page};

/// Findings that are kept; who has more mends these first.
const FINDING_COUNT_MAX: usize = 100;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// A node by its index; none when no node painted it.
    Node(Option<u32>),
    /// A property of the template, by its JSON pointer.
    Property(&'static str),
}

/// Collects findings.
pub(super) struct Findings<'a> {
    pub(super) conformance: &'a Conformance,
    document: &'a Document,
    list: Vec<Diagnostic>,
    known: BTreeSet<(Rule, Place)>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(document: &'a Document, conformance: &'a Conformance) -> Self {
        Self { conformance, document, list: Vec::new(), known: BTreeSet::new() }
    }

    /// All findings.
    pub(super) fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }

    /// Whether any of the standards has this rule.
    pub(super) fn asks(&self, rule: Rule) -> bool {
        self.conformance.asks(rule).is_some()
    }

    /// Records that a rule is broken, when one of the standards has it. `what` is a sentence without its full stop.
    pub(super) fn report(&mut self, rule: Rule, place: Place, what: &str, hint: &str) {
        let Some(demand) = self.conformance.asks(rule) else { return };
        if self.list.len() >= FINDING_COUNT_MAX || !self.known.insert((rule, place)) {
            return;
        }
        let code = match rule {
            Rule::Alternative => codes::MISSING_ALT,
            Rule::Glyph => codes::MISSING_GLYPH,
            _ => codes::NONCONFORMING,
        };
        let node = match place {
            Place::Node(Some(node)) => Some(node as usize),
            Place::Node(None) | Place::Property(_) => None,
        };
        let pointer = match place {
            Place::Property(pointer) => pointer,
            Place::Node(_) => node.and_then(|node| self.document.pointers.get(node)).map_or("", |pointer| pointer),
        };
        let id = node.and_then(|node| self.document.nodes.get(node)).map(|id| id.to_string());
        self.list.push(Diagnostic::error(code, pointer, format!("{what}: {demand}")).with_node(id).with_hint(hint));
    }

    /// The node that painted the first content of an element, or of what is inside it.
    pub(super) fn node_of(&self, element: ElementId) -> Place {
        let node = self.document.pages.iter().find_map(|page| {
            let is_inside = |item: &Item| matches!(item, Item::Element(id) if self.is_inside(*id, element));
            page.items.iter().position(is_inside).and_then(|item| node_at(page, item))
        });
        Place::Node(node)
    }

    fn is_inside(&self, mut inner: ElementId, outer: ElementId) -> bool {
        // A parent always has a smaller id, so that this ends.
        while inner > outer {
            let parent = self.document.structure.elements.get(inner.0 as usize).and_then(|element| element.parent);
            match parent {
                Some(parent) if parent < inner => inner = parent,
                _ => return false,
            }
        }
        inner == outer
    }
}

/// The node that paints an item.
fn node_at(page: &Page, item: usize) -> Option<u32> {
    let count = page.boxes.partition_point(|known| known.item as usize <= item);
    page.boxes.get(count.checked_sub(1)?).map(|known| known.node)
}
