//! Geometry of a laid-out document: what leaves its box or the page, and what stands on something else.

use crate::diagnostic::{Diagnostic, codes};
use crate::document::{CellBox, Document, GlyphRun, Item, NodeBox, Page, Rect, Size, Transform};
use crate::layout::bounds_of;
use crate::template::Template;
use crate::template::model::{Kind, Node};

use super::Fault;
use super::cells::Cells;

/// Points by which text may leave its box: overhanging letters and hanging punctuation do.
const TOLERANCE_POINTS: f32 = 1.5;

/// Places that one fault shows; the picture is for people.
const PLACE_COUNT_MAX: usize = 8;

/// Runs and boxes of one page that are compared with each other; pages with more are dense tables, compared in part.
const COMPARED_COUNT_MAX: usize = 1_500;

/// What is known of the template's nodes before anything is laid out.
pub(super) struct Geometry {
    nodes: Vec<Known>,
    margin: [f32; 4],
}

#[derive(Clone, Copy, Default)]
struct Known {
    parent: Option<u32>,
    class: Class,
    area: Area,
}

/// How a node takes room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Class {
    /// It may be behind or around anything.
    #[default]
    Decoration,
    Text,
    /// A picture: its box is full.
    Solid,
    Table,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Area {
    #[default]
    Layer,
    Band,
    Body,
}

/// What turns and cuts all that is painted, until it is taken away again.
struct Layer {
    transform: Transform,
    clip: Option<Rect>,
}

/// Something on a page that must stand alone.
struct Mark {
    node: u32,
    rect: Rect,
    is_text: bool,
}

impl Geometry {
    /// Looks at a template.
    pub(super) fn of(template: &Template) -> Self {
        let mut geometry = Self { nodes: Vec::new(), margin: template.page.margin };
        template.background.iter().for_each(|layer| geometry.add(&layer.nodes, None, Area::Layer));
        template.header.iter().for_each(|band| geometry.add(&band.nodes, None, Area::Band));
        geometry.add(&template.body, None, Area::Body);
        template.footer.iter().for_each(|band| geometry.add(&band.nodes, None, Area::Band));
        template.foreground.iter().for_each(|layer| geometry.add(&layer.nodes, None, Area::Layer));
        geometry
    }

    fn add(&mut self, nodes: &[Node], parent: Option<u32>, area: Area) {
        for node in nodes {
            let class = match &node.kind {
                Kind::Text(_) | Kind::Rich(_) | Kind::Contents(_) => Class::Text,
                Kind::Table(_) => Class::Table,
                Kind::Image(_) | Kind::Barcode(_) | Kind::Chart(_) | Kind::Field(_) => Class::Solid,
                _ => Class::Decoration,
            };
            let index = node.index as usize;
            if self.nodes.len() <= index {
                self.nodes.resize(index + 1, Known::default());
            }
            if let Some(known) = self.nodes.get_mut(index) {
                *known = Known { parent, class, area };
            }
            node.each_list(&mut |inside| self.add(inside, Some(node.index), area));
        }
    }

    /// All faults, each once, in the order of the pages.
    pub(super) fn faults(&self, document: &Document) -> Vec<Fault> {
        let mut sheet = Sheet { geometry: self, document, page: 0, faults: Vec::new() };
        for (index, page) in document.pages.iter().enumerate() {
            sheet.page = index;
            sheet.look(page);
        }
        sheet.faults
    }

    fn known(&self, node: u32) -> Known {
        self.nodes.get(node as usize).copied().unwrap_or_default()
    }

    /// The table around a node, or the node itself when it is one.
    fn table(&self, node: u32) -> Option<u32> {
        self.ancestors(node).find(|ancestor| self.known(*ancestor).class == Class::Table)
    }

    /// The node and all that are around it.
    fn ancestors(&self, node: u32) -> impl Iterator<Item = u32> {
        // A parent's index is always smaller, so that this ends.
        std::iter::successors(Some(node), move |inside| self.known(*inside).parent)
    }

    fn is_inside(&self, inner: u32, outer: u32) -> bool {
        self.ancestors(inner).any(|ancestor| ancestor == outer)
    }
}

struct Sheet<'g> {
    geometry: &'g Geometry,
    document: &'g Document,
    page: usize,
    faults: Vec<Fault>,
}

impl Sheet<'_> {
    fn look(&mut self, page: &Page) {
        let mut layers: Vec<Layer> = Vec::new();
        let mut boxes = page.boxes.iter().peekable();
        let mut current: Option<NodeBox> = None;
        let mut tables: Vec<NodeBox> = Vec::new();
        let mut cells = Cells::new(page);
        let mut marks: Vec<Mark> = Vec::new();
        for (index, item) in (0_u32..).zip(&page.items) {
            while let Some(next) = boxes.next_if(|next| next.item <= index) {
                match self.geometry.known(next.node).class {
                    Class::Solid => {
                        let rect = on_page(next.rect, &layers);
                        marks.extend(rect.map(|rect| Mark { node: next.node, rect, is_text: false }));
                    }
                    Class::Table => tables.push(*next),
                    Class::Text | Class::Decoration => {}
                }
                current = Some(*next);
            }
            cells.go_to(index, |rect| on_page(rect, &layers));
            match item {
                Item::Push { transform, clip, .. } => layers.push(Layer { transform: *transform, clip: *clip }),
                Item::Pop => drop(layers.pop()),
                Item::Glyphs(run) => {
                    let Some((ink, node)) = self.ink(run).zip(current) else { continue };
                    // What is cut off is not in the way of anything; that it is cut, the layout tells.
                    let Some(shown) = on_page(ink, &layers) else { continue };
                    self.within_cell(run, shown, &mut cells);
                    let owner = self.within_box(ink, shown, &node, &tables);
                    self.within_page(shown, owner, page.size);
                    marks.push(Mark { node: owner, rect: shown, is_text: true });
                }
                _ => {}
            }
        }
        self.apart(marks);
    }

    /// Where the letters of a run stand, without spaces at its ends: from the baseline up to the height of small letters.
    fn ink(&self, run: &GlyphRun) -> Option<Rect> {
        let face = self.document.faces.get(run.face as usize)?;
        let glyphs = self.document.glyphs.get(run.glyphs.start as usize..run.glyphs.end as usize)?;
        let scale = run.size / f32::from(face.metrics().units_per_em);
        let is_space = |start: u32, length: u16| {
            let (start, length) = (start as usize, usize::from(length));
            self.document.text.get(start..start + length).is_some_and(|text| text.trim().is_empty()) && length > 0
        };
        let (mut right, mut inked) = (0.0_f32, None);
        for glyph in glyphs {
            let advance = crate::document::narrow(f64::from(glyph.advance)) * scale + run.letter_spacing;
            let left = right;
            right += advance;
            if !is_space(glyph.text_start, glyph.text_length) && advance > 0.0 {
                let (first, _) = inked.unwrap_or((left, right));
                inked = Some((first, right));
            }
        }
        let (first, last) = inked?;
        Some(Rect {
            x: run.origin.x + first,
            y: run.origin.y - run.size / 2.0,
            width: last - first,
            height: run.size * 0.55,
        })
    }

    /// Looks whether text is inside of its cell, and whether its numbers are whole.
    fn within_cell(&mut self, run: &GlyphRun, shown: Rect, cells: &mut Cells<'_>) {
        let Some(cell) = cells.innermost() else { return };
        let breaks_number = cell.breaks_number(run, &self.document.text);
        let (around, known) = (cell.rect, cell.known);
        if breaks_number {
            self.cell_fault(known, shown, "a number is broken between two lines".to_owned());
        }
        if let Some(around) = around.filter(|around| !holds(around, &shown)) {
            let excess = (shown.right() - around.right()).max(around.x - shown.x);
            let message = if excess > TOLERANCE_POINTS {
                format!("text goes {excess:.0} points beyond the side of its cell")
            } else {
                "text goes beyond the top or the bottom of its cell".to_owned()
            };
            self.cell_fault(known, shown, message);
        }
    }

    /// Looks whether text is inside of its node; gives the node that it belongs to.
    fn within_box(&mut self, ink: Rect, shown: Rect, node: &NodeBox, tables: &[NodeBox]) -> u32 {
        if self.geometry.known(node.node).class == Class::Text && holds(&node.rect, &ink) {
            return node.node;
        }
        // After a node inside of a cell, the text of other cells follows: it belongs to the table.
        if let Some(table) = self.geometry.table(node.node) {
            let own = tables.iter().filter(|known| known.node == table);
            if own.clone().any(|around| holds(&around.rect, &ink)) {
                return table;
            }
            if own.count() > 0 {
                self.fault(codes::OVERFLOW, table, None, shown, "text goes beyond the table".to_owned());
                return table;
            }
        }
        if self.geometry.known(node.node).class == Class::Text {
            let excess = (ink.right() - node.rect.right()).max(node.rect.x - ink.x);
            let message = if excess > TOLERANCE_POINTS {
                format!("text goes {excess:.0} points beyond the side of its box")
            } else {
                "text goes beyond the top or the bottom of its box".to_owned()
            };
            self.fault(codes::OVERFLOW, node.node, None, shown, message);
        }
        node.node
    }

    fn within_page(&mut self, shown: Rect, node: u32, size: Size) {
        let page = Rect { x: 0.0, y: 0.0, width: size.width, height: size.height };
        let known = self.geometry.known(node);
        if !holds(&page, &shown) {
            self.fault(codes::OVERFLOW, node, None, shown, "text goes beyond the page".to_owned());
            return;
        }
        let [top, right, bottom, left] = self.geometry.margin;
        let inside = Rect { x: left, y: top, width: size.width - left - right, height: size.height - top - bottom };
        if known.area == Area::Body && !holds(&inside, &shown) {
            self.fault(codes::OVERFLOW, node, None, shown, "text goes into the margin of the page".to_owned());
        }
    }

    /// Looks whether anything stands on something else.
    fn apart(&mut self, mut marks: Vec<Mark>) {
        marks.truncate(COMPARED_COUNT_MAX);
        marks.sort_by(|first, second| first.rect.y.total_cmp(&second.rect.y));
        for (index, upper) in marks.iter().enumerate() {
            let bottom = upper.rect.bottom() - 1.0;
            let rest = marks.get(index + 1..).unwrap_or_default();
            for lower in rest.iter().take_while(|lower| lower.rect.y < bottom) {
                let across = upper.rect.right().min(lower.rect.right()) - upper.rect.x.max(lower.rect.x);
                let is_own = upper.node == lower.node && !(upper.is_text && lower.is_text);
                let is_related = upper.node != lower.node
                    && (self.geometry.is_inside(upper.node, lower.node)
                        || self.geometry.is_inside(lower.node, upper.node));
                if across <= TOLERANCE_POINTS || is_own || is_related {
                    continue;
                }
                let (first, second) = (upper.node.min(lower.node), upper.node.max(lower.node));
                let message = match first == second {
                    true => "text stands on other text of the same node".to_owned(),
                    false => format!("it stands on `{}`", self.id(first)),
                };
                self.fault(codes::OVERLAP, second, Some(first), lower.rect, message);
            }
        }
    }

    fn id(&self, node: u32) -> String {
        self.document.nodes.get(node as usize).map(ToString::to_string).unwrap_or_default()
    }

    fn cell_fault(&mut self, cell: &CellBox, place: Rect, message: String) {
        let finding = Diagnostic::error(codes::OVERFLOW, &*cell.pointer, message).with_node(Some(self.id(cell.node)));
        let cell = Some(cell.pointer.to_string());
        self.add(Fault { finding, cell, other: None, page: Some(self.page), places: vec![place] });
    }

    fn fault(&mut self, code: &'static str, node: u32, other: Option<u32>, place: Rect, message: String) {
        let (id, other) = (self.id(node), other.map(|other| self.id(other)));
        let pointer = self.document.pointers.get(node as usize).map(ToString::to_string).unwrap_or_default();
        let finding = Diagnostic::error(code, pointer, message).with_node(Some(id));
        self.add(Fault { finding, cell: None, other, page: Some(self.page), places: vec![place] });
    }

    /// Adds a fault, or its places to the same one of the same page.
    fn add(&mut self, fault: Fault) {
        let key = fault.key();
        let known = self.faults.iter_mut().find(|known| known.key() == key);
        match known {
            Some(known) if known.page == fault.page && known.places.len() < PLACE_COUNT_MAX => {
                known.places.extend(fault.places);
            }
            Some(_) => {}
            None => self.faults.push(fault),
        }
    }
}

/// A rectangle as it is seen on the page, after all that turns and cuts it; none when nothing is left.
fn on_page(rect: Rect, layers: &[Layer]) -> Option<Rect> {
    layers.iter().rev().try_fold(rect, |rect, layer| {
        let left = layer.clip.map_or(Some(rect), |clip| common(&rect, &clip))?;
        Some(bounds_of(left, &layer.transform))
    })
}

fn common(first: &Rect, second: &Rect) -> Option<Rect> {
    let (x, y) = (first.x.max(second.x), first.y.max(second.y));
    let (right, bottom) = (first.right().min(second.right()), first.bottom().min(second.bottom()));
    first.overlaps(second).then_some(Rect { x, y, width: right - x, height: bottom - y })
}

fn holds(outer: &Rect, inner: &Rect) -> bool {
    inner.x >= outer.x - TOLERANCE_POINTS
        && inner.right() <= outer.right() + TOLERANCE_POINTS
        && inner.y >= outer.y - TOLERANCE_POINTS
        && inner.bottom() <= outer.bottom() + TOLERANCE_POINTS
}
