//! The faces for every look of text that a template uses, found once.

use std::sync::Arc;

use super::walk::all_nodes;
use crate::diagnostic::{Diagnostic, codes};
use crate::fonts::FontSet;
use crate::template::Template;
use crate::template::model::{Kind, Node, TextStyle};
use crate::text::FontChoice;

/// Faces by families, weight and slant. There are few, so that a search from the front is the fastest.
#[derive(Debug, Default)]
pub(crate) struct FontTable {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    families: Vec<String>,
    weight: u16,
    italic: bool,
    choice: Arc<FontChoice>,
}

impl FontTable {
    /// The faces for a style, when they were found before.
    pub(crate) fn find(&self, style: &TextStyle) -> Option<&Arc<FontChoice>> {
        let entry = self.entries.iter().find(|entry| {
            entry.weight == style.weight && entry.italic == style.italic && entry.families == style.font
        })?;
        Some(&entry.choice)
    }

    /// The faces for a style, found now when they were not before; nothing when no family of the style exists.
    pub(crate) fn find_or_add(&mut self, style: &TextStyle, set: &FontSet) -> Option<&Arc<FontChoice>> {
        if self.find(style).is_none() {
            let choice = Arc::new(choose(style, set)?);
            self.entries.push(Entry {
                families: style.font.clone(),
                weight: style.weight,
                italic: style.italic,
                choice,
            });
        }
        self.find(style)
    }
}

/// The style's own families first, in its order, then all others in the order added.
fn choose(style: &TextStyle, set: &FontSet) -> Option<FontChoice> {
    let mut faces = Vec::new();
    let own = style.font.iter().filter_map(|family| set.find(family, style.weight, style.italic));
    for face in own {
        if !faces.contains_face(face) {
            faces.push(Arc::clone(face));
        }
    }
    let primary = Arc::clone(faces.first()?);
    for face in set.fallbacks(style.weight, style.italic) {
        if !faces.contains_face(face) {
            faces.push(Arc::clone(face));
        }
    }
    Some(FontChoice { primary, faces })
}

trait ContainsFace {
    fn contains_face(&self, face: &crate::fonts::Face) -> bool;
}

impl ContainsFace for Vec<Arc<crate::fonts::Face>> {
    fn contains_face(&self, face: &crate::fonts::Face) -> bool {
        self.iter().any(|known| known.id() == face.id())
    }
}

/// Finds the faces for all text of a template.
pub(super) fn collect(template: &Template, set: &FontSet, findings: &mut Vec<Diagnostic>) -> FontTable {
    let mut table = FontTable::default();
    // One finding for each font that is missing, however many styles want it.
    let mut missing: Vec<Vec<String>> = Vec::new();
    let mut need = |style: &TextStyle, pointer: &str, node: Option<&str>| {
        if table.find_or_add(style, set).is_some() || missing.contains(&style.font) {
            return;
        }
        missing.push(style.font.clone());
        let finding = Diagnostic::error(codes::MISSING_FONT, pointer, missing_message(&style.font)).with_node(node);
        let known: Vec<&str> = set.family_names().take(NAMED_FAMILY_COUNT_MAX).collect();
        findings.push(match known.as_slice() {
            [] => finding
                .with_hint("no fonts are loaded: name their folder with `--fonts`, `CHANCERY_FONTS` or `fonts.folder`"),
            known => finding.with_hint(format!("families at hand: {}", known.join(", "))),
        });
    };
    for (name, style) in &template.styles {
        need(style, &format!("/styles/{}", name.replace('~', "~0").replace('/', "~1")), None);
    }
    all_nodes(template, &mut |node| visit_styles(node, &mut need));
    table
}

/// Families that a message names; the list is a help, not an inventory.
const NAMED_FAMILY_COUNT_MAX: usize = 12;

fn visit_styles(node: &Node, need: &mut dyn FnMut(&TextStyle, &str, Option<&str>)) {
    let id = Some(node.id.as_str());
    match &node.kind {
        Kind::Text(text) => need(&text.style, &node.pointer, id),
        Kind::Rich(rich) => need(&rich.style, &node.pointer, id),
        Kind::Contents(contents) => need(&contents.style, &node.pointer, id),
        Kind::Chart(chart) => {
            need(&chart.style, &node.pointer, id);
            need(&chart.axis_style, &node.pointer, id);
        }
        Kind::Table(table) => {
            table.each_cell(&mut |cell| need(&cell.style, &cell.pointer, id));
        }
        Kind::Field(field) => need(&field.style, &node.pointer, id),
        Kind::Barcode(barcode) => barcode.text.iter().for_each(|text| need(&text.style, &node.pointer, id)),
        Kind::Image(_)
        | Kind::Line(_)
        | Kind::Rect(_)
        | Kind::Ellipse(_)
        | Kind::Path(_)
        | Kind::Frame(_)
        | Kind::PageBreak => {}
    }
}

fn missing_message(families: &[String]) -> String {
    let names = families.iter().map(|family| format!("\"{family}\"")).collect::<Vec<_>>().join(" or ");
    if names.is_empty() {
        "the style names no font family".to_owned()
    } else {
        format!("there is no font family {names}")
    }
}
