//! Checks the tag tree: texts of figures, levels of headings, nesting, length of lists.

use super::findings::{Findings, Place};
use super::nesting::{is_allowed, may_have_content};
use super::rules::{ARRAY_LENGTH_MAX, Rule};
use crate::document::{Document, ElementId, Item, Role};

/// Checks all elements.
pub(super) fn check(document: &Document, findings: &mut Findings<'_>) {
    check_lengths(document, findings);
    if findings.asks(Rule::Alternative) {
        check_figures(document, findings);
    }
    if findings.asks(Rule::Headings) {
        check_headings(document, findings);
    }
    if let Some(part) = findings.conformance.accessible().and_then(super::Profile::part_of_accessibility) {
        check_nesting(document, part, findings);
    }
}

fn elements(document: &Document) -> impl Iterator<Item = (ElementId, &crate::document::Element)> {
    (0..).map(ElementId).zip(&document.structure.elements)
}

fn check_figures(document: &Document, findings: &mut Findings<'_>) {
    for (id, element) in elements(document).filter(|(_, element)| element.role == Role::Figure) {
        if element.alt.as_deref().is_none_or(|alt| alt.trim().is_empty()) {
            let place = findings.node_of(id);
            let what = "a figure has no text for those who cannot see it";
            findings.report(Rule::Alternative, place, what, "give the node `alt`");
        }
    }
}

fn level(role: Role) -> Option<u8> {
    match role {
        Role::Heading1 => Some(1),
        Role::Heading2 => Some(2),
        Role::Heading3 => Some(3),
        Role::Heading4 => Some(4),
        Role::Heading5 => Some(5),
        Role::Heading6 => Some(6),
        _ => None,
    }
}

/// The first heading is of level 1, and each next one at most one level deeper.
fn check_headings(document: &Document, findings: &mut Findings<'_>) {
    let mut before = 0;
    for (id, element) in elements(document) {
        let Some(level) = level(element.role) else { continue };
        if level > before + 1 {
            let what = match before {
                0 => format!("the first heading is H{level}"),
                _ => format!("H{level} follows H{before}"),
            };
            let place = findings.node_of(id);
            findings.report(Rule::Headings, place, &what, &format!("make it H{}", before + 1));
        }
        before = level;
    }
}

fn check_nesting(document: &Document, part: u8, findings: &mut Findings<'_>) {
    let role_of = |id: ElementId| document.structure.elements.get(id.0 as usize).map(|element| element.role);
    for (id, element) in elements(document) {
        let Some(outer) = element.parent.and_then(role_of) else { continue };
        if !is_allowed(outer, element.role, part) {
            let place = findings.node_of(id);
            let what = format!("{} stands directly in {}", element.role.name(), outer.name());
            findings.report(Rule::Nesting, place, &what, "choose another `role` for it, or for what is around it");
        }
        let leads = |id| document.structure.references.binary_search_by_key(&id, |(entry, _)| *entry).is_ok();
        if part == 2 && element.role == Role::TableOfContentsItem && !leads(id) {
            let place = findings.node_of(id);
            let what = "an entry of a contents list does not tell where it leads";
            findings.report(
                Rule::Nesting,
                place,
                what,
                "give what it is about a tag: take it out of running headers and decoration",
            );
        }
    }
    if part == 1 {
        return;
    }
    let mut last = None;
    for item in document.pages.iter().flat_map(|page| &page.items) {
        let Item::Element(id) = item else { continue };
        let Some(role) = role_of(*id).filter(|role| last != Some(*id) && !may_have_content(*role)) else { continue };
        last = Some(*id);
        let place = findings.node_of(*id);
        let what = format!("text stands directly in {}", role.name());
        findings.report(
            Rule::Nesting,
            place,
            &what,
            "put it into a node of its own inside, without a role or with another",
        );
    }
}

/// PDF/A-1 bounds arrays: pages, children, and marks of one page.
fn check_lengths(document: &Document, findings: &mut Findings<'_>) {
    if !findings.asks(Rule::ArrayLength) {
        return;
    }
    let mut too_long = |count: usize, what: &str| {
        if count > ARRAY_LENGTH_MAX {
            let what = format!("there are {count} {what}, the limit is {ARRAY_LENGTH_MAX}");
            findings.report(
                Rule::ArrayLength,
                Place::Node(None),
                &what,
                "divide the document, or ask for PDF/A-2 or later",
            );
        }
    };
    // The parent tree lists each page with its number.
    too_long(document.pages.len().saturating_mul(2), "entries for pages");
    let mut children = vec![0_usize; document.structure.elements.len()];
    for (_, element) in elements(document) {
        if let Some(count) = element.parent.and_then(|parent| children.get_mut(parent.0 as usize)) {
            *count += 1;
        }
    }
    too_long(children.into_iter().max().unwrap_or_default(), "tags directly in one");
    for page in &document.pages {
        too_long(page.items.iter().filter(|item| matches!(item, Item::Element(_))).count(), "pieces on one page");
        too_long(page.links.len(), "links on one page");
    }
}
