//! The faces for every look of text that a template uses, found once.

use std::sync::Arc;

use super::walk::all_nodes;
use crate::diagnostic::{Diagnostic, codes};
use crate::fonts::{AxisSetting, Face, FontSet, WEIGHT};
use crate::template::Template;
use crate::template::model::{Kind, Node, TextStyle};
use crate::text::{FontChoice, Shortfall};

/// Faces by families, weight, slant and places on axes. There are few, so that a search from the front is the fastest.
#[derive(Debug, Default)]
pub(crate) struct FontTable {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    families: Vec<String>,
    weight: u16,
    italic: bool,
    axes: Vec<AxisSetting>,
    choice: Arc<FontChoice>,
}

impl FontTable {
    /// The faces for a style, when they were found before.
    pub(crate) fn find(&self, style: &TextStyle) -> Option<&Arc<FontChoice>> {
        let entry = self.entries.iter().find(|entry| {
            entry.weight == style.weight
                && entry.italic == style.italic
                && entry.families == style.font
                && entry.axes == style.typography.axes
        })?;
        Some(&entry.choice)
    }

    /// The faces for a style in a text of this language, found now when they were not before; nothing when no family
    /// of the style exists.
    pub(crate) fn find_or_add(&mut self, style: &TextStyle, set: &FontSet, language: &str) -> Option<&Arc<FontChoice>> {
        if self.find(style).is_none() {
            let choice = Arc::new(choose(style, set, language)?);
            self.entries.push(Entry {
                families: style.font.clone(),
                weight: style.weight,
                italic: style.italic,
                axes: style.typography.axes.clone(),
                choice,
            });
        }
        self.find(style)
    }
}

/// The style's own families first, in its order, then all others, the nearest of kin first.
fn choose(style: &TextStyle, set: &FontSet, language: &str) -> Option<FontChoice> {
    let mut faces = Vec::new();
    let mut wanted = Vec::new();
    let mut add = |face: &Arc<Face>, faces: &mut Vec<Arc<Face>>| {
        let face = instance(face, style, &mut wanted);
        if !faces.iter().any(|known| known.id() == face.id()) {
            faces.push(face);
        }
    };
    for family in &style.font {
        if let Some(face) = set.find(family, style.weight, style.italic) {
            add(face, &mut faces);
        }
    }
    let primary = Arc::clone(faces.first()?);
    let shortfalls = substitute(style, &primary).into_iter().chain(missing_axes(style, &faces)).collect();
    for face in set.fallbacks_of(&primary, language, style.weight, style.italic) {
        add(face, &mut faces);
    }
    Some(FontChoice { primary, faces, places: wanted, shortfalls })
}

/// A face at the place on its axes that a style wants; what is wanted of variable fonts is noted.
fn instance(face: &Arc<Face>, style: &TextStyle, wanted: &mut Vec<AxisSetting>) -> Arc<Face> {
    if !face.is_variable() {
        return Arc::clone(face);
    }
    let mut places = style.typography.axes.clone();
    let slant = face.slant().filter(|_| style.italic && !face.italic());
    for place in slant.into_iter().chain([AxisSetting { tag: WEIGHT, value: f32::from(style.weight) }]) {
        if !places.iter().any(|known| known.tag == place.tag) {
            places.push(place);
        }
    }
    for place in &places {
        if !wanted.iter().any(|known| known.tag == place.tag) {
            wanted.push(*place);
        }
    }
    face.at(&places).map_or_else(|| Arc::clone(face), Arc::new)
}

/// Weights may be this far off: one step of the usual scale is hardly seen.
const WEIGHT_DIFFERENCE_MAX: u16 = 100;

/// What a style wants and its first family does not have: nothing is made bold or slanted by force.
fn substitute(style: &TextStyle, face: &Face) -> Option<Shortfall> {
    let family = face.family();
    let told = |message: String| {
        let hint =
            "install the face, or ask for one that is there: nothing is made bold or slanted by force".to_owned();
        Some(Shortfall { code: codes::SUBSTITUTED_FACE, message, hint, is_harmless: true })
    };
    if style.italic != face.italic() {
        let (missing, used) = if style.italic { ("italic", "upright") } else { ("upright", "italic") };
        return told(format!("\"{family}\" has no {missing} letters here; {used} ones are used"));
    }
    let is_asked_by_axis = style.typography.axes.iter().any(|axis| axis.tag == WEIGHT);
    if is_asked_by_axis || style.weight.abs_diff(face.weight()) <= WEIGHT_DIFFERENCE_MAX {
        return None;
    }
    told(format!("\"{family}\" has no weight near {} here; {} is used", style.weight, face.weight()))
}

/// The axes that a style sets and none of its own families has.
fn missing_axes<'s>(style: &'s TextStyle, own: &'s [Arc<Face>]) -> impl Iterator<Item = Shortfall> + 's {
    let is_missing = |setting: &&AxisSetting| own.iter().all(|face| face.axes().all(|axis| axis.tag != setting.tag));
    style.typography.axes.iter().filter(is_missing).filter_map(|setting| {
        let face = own.first()?;
        let known: Vec<String> = face.axes().map(|axis| axis.to_string()).collect();
        Some(Shortfall {
            code: codes::MISSING_AXIS,
            message: format!("\"{}\" has no axis `{}`", face.family(), String::from_utf8_lossy(&setting.tag)),
            hint: if known.is_empty() {
                "it is no variable font and has no axes: leave the axis out, or choose a variable font".to_owned()
            } else {
                format!("its axes are {}", known.join(", "))
            },
            is_harmless: false,
        })
    })
}

/// Finds the faces for all text of a template.
pub(super) fn collect(template: &Template, set: &FontSet, findings: &mut Vec<Diagnostic>) -> FontTable {
    let mut table = FontTable::default();
    // One finding for each font that is missing, however many styles want it.
    let mut missing: Vec<Vec<String>> = Vec::new();
    let mut need = |style: &TextStyle, pointer: &str, node: Option<&str>| {
        if table.find_or_add(style, set, &template.locale).is_some() || missing.contains(&style.font) {
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
