//! Looks over an SVG's XML before any work is done: what would explode, and what would be lost silently.

use std::collections::BTreeMap;

use usvg::roxmltree::{Document, Node};

use super::super::PictureError;
use super::ELEMENT_COUNT_MAX;
use crate::limits::Limits;

/// Selectors of the style sheets times elements. Every selector is tried on every element.
const STYLE_MATCH_COUNT_MAX: usize = 10_000_000;

/// Nesting after `use` is resolved, as a multiple of the template's own nesting limit: editors wrap every object in
/// groups of their own.
const DEPTH_FACTOR: u32 = 2;

/// Checks size, nesting and features.
pub(super) fn check(xml: &Document<'_>, limits: &Limits) -> Result<(), PictureError> {
    let depth_max = limits.depth_max.saturating_mul(DEPTH_FACTOR);
    let mut ids = BTreeMap::new();
    let mut count: u32 = 0;
    let mut depth: u32 = 0;
    // Not recursive: the document may be as deep as it is long.
    let mut node = Some(xml.root());
    while let Some(current) = node {
        if current.is_element() {
            count += 1;
            check_element(current)?;
            if let Some(id) = current.attribute("id") {
                ids.entry(id).or_insert(current);
            }
        }
        if count > ELEMENT_COUNT_MAX {
            return Err(PictureError::SvgLimit { what: "elements", limit: ELEMENT_COUNT_MAX });
        }
        if depth > depth_max {
            return Err(PictureError::SvgLimit { what: "levels of nesting", limit: depth_max });
        }
        node = if let Some(child) = current.first_child() {
            depth += 1;
            Some(child)
        } else {
            let mut next = Some(current);
            loop {
                match next {
                    None => break None,
                    Some(finished) => match finished.next_sibling() {
                        Some(sibling) => break Some(sibling),
                        None => {
                            next = finished.parent();
                            depth = depth.saturating_sub(1);
                        }
                    },
                }
            }
        };
    }
    check_references(xml, &ids, usize::try_from(count).unwrap_or(usize::MAX))?;
    let mut sizes = Sizes { ids: &ids, known: BTreeMap::new(), depth_max };
    sizes.of(xml.root_element(), 0)?;
    Ok(())
}

/// Refuses what the simplification would drop without a word.
fn check_element(element: Node<'_, '_>) -> Result<(), PictureError> {
    let feature = match element.tag_name().name() {
        "text" if has_text(element) => "text",
        "foreignObject" => "foreign content",
        "animate" | "animateMotion" | "animateTransform" | "set" => "animation",
        "clipPath" if element.attribute("clipPathUnits") == Some("objectBoundingBox") => {
            "a clip path in bounding box units"
        }
        "use" if href(element).is_some_and(|href| !href.starts_with('#')) => "a reference to another file",
        _ => return Ok(()),
    };
    Err(PictureError::SvgFeature { feature })
}

/// The target of a reference, with or without the XLink namespace.
fn href<'a>(element: Node<'a, '_>) -> Option<&'a str> {
    element.attributes().find(|attribute| attribute.name() == "href").map(|attribute| attribute.value().trim())
}

fn has_text(element: Node<'_, '_>) -> bool {
    element.descendants().any(|node| node.is_text() && node.text().is_some_and(|text| !text.trim().is_empty()))
}

/// Refuses references to elements whose expansion is costly and whose result could not be shown anyway.
fn check_references(
    xml: &Document<'_>,
    ids: &BTreeMap<&str, Node<'_, '_>>,
    element_count: usize,
) -> Result<(), PictureError> {
    let mut selector_count: usize = 0;
    for node in xml.descendants().filter(Node::is_element) {
        for attribute in node.attributes() {
            check_urls(attribute.value(), ids)?;
        }
        if node.tag_name().name() == "style" {
            for text in node.children().filter_map(|child| child.text()) {
                check_urls(text, ids)?;
                selector_count += text.bytes().filter(|byte| matches!(byte, b'{' | b',')).count();
            }
        }
    }
    if selector_count.saturating_mul(element_count) > STYLE_MATCH_COUNT_MAX {
        let limit = u32::try_from(STYLE_MATCH_COUNT_MAX).unwrap_or(u32::MAX);
        return Err(PictureError::SvgLimit { what: "style rules times elements", limit });
    }
    Ok(())
}

fn check_urls(value: &str, ids: &BTreeMap<&str, Node<'_, '_>>) -> Result<(), PictureError> {
    for reference in value.split("url(").skip(1) {
        let id = reference
            .split(')')
            .next()
            .unwrap_or_default()
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '#'));
        let feature = match ids.get(id).map(|node| node.tag_name().name()) {
            Some("pattern") => "a pattern",
            Some("mask") => "a mask",
            Some("filter") => "a filter",
            Some("marker") => "a marker",
            _ => continue,
        };
        return Err(PictureError::SvgFeature { feature });
    }
    Ok(())
}

/// Counts elements as they will be after every `use` is replaced by what it names.
struct Sizes<'a, 'input> {
    ids: &'a BTreeMap<&'a str, Node<'a, 'input>>,
    known: BTreeMap<u32, u32>,
    depth_max: u32,
}

impl<'a, 'input> Sizes<'a, 'input> {
    fn of(&mut self, element: Node<'a, 'input>, depth: u32) -> Result<u32, PictureError> {
        if let Some(&size) = self.known.get(&element.id().get()) {
            return Ok(size);
        }
        // Circles of `use` end here too.
        if depth > self.depth_max {
            return Err(PictureError::SvgLimit { what: "levels of nesting", limit: self.depth_max });
        }
        let mut size: u32 = 1;
        let target = href(element).and_then(|href| href.strip_prefix('#')).and_then(|id| self.ids.get(id).copied());
        if let Some(target) = target.filter(|_| element.tag_name().name() == "use") {
            size = size.saturating_add(self.of(target, depth + 1)?);
        }
        for child in element.children().filter(Node::is_element) {
            size = size.saturating_add(self.of(child, depth + 1)?);
        }
        if size > ELEMENT_COUNT_MAX {
            return Err(PictureError::SvgLimit { what: "elements", limit: ELEMENT_COUNT_MAX });
        }
        self.known.insert(element.id().get(), size);
        Ok(size)
    }
}
