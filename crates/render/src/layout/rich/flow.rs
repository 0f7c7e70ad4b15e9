//! Laid-out rich text: pieces one below the other, between which pages may end.

use std::ops::Range;

use crate::document::{Color, ElementId, Role, Scope};
use crate::layout::measured::Decoration;
use crate::layout::picture::Placed;
use crate::template::model::ShadowLook;

/// Rich text after layout. All places are relative to the corner of its content.
#[derive(Debug, Default)]
pub(in crate::layout) struct RichFlow {
    /// From top to bottom.
    pub(in crate::layout) pieces: Vec<Piece>,
    /// Looks of text, in the order of the text.
    pub(in crate::layout) looks: Vec<SpanLook>,
    /// Elements of the tag tree, each after its parent.
    pub(in crate::layout) tags: Vec<Tag>,
    /// Boxes behind pieces.
    pub(in crate::layout) backs: Vec<Back>,
    /// Where spans lead.
    pub(in crate::layout) links: Vec<RichTarget>,
    pub(in crate::layout) height: f32,
}

/// What must not be cut: a line, a row, a picture.
#[derive(Debug)]
pub(in crate::layout) struct Piece {
    pub(in crate::layout) top: f32,
    pub(in crate::layout) height: f32,
    /// Whether the next piece must stand on the same page.
    pub(in crate::layout) hold: bool,
    pub(in crate::layout) lines: Vec<PlacedLine>,
    /// What few pieces have.
    pub(in crate::layout) extra: Option<Box<PieceExtra>>,
}

/// What few pieces have.
#[derive(Debug, Default)]
pub(in crate::layout) struct PieceExtra {
    pub(in crate::layout) art: Option<PlacedArt>,
    /// A line across: left edge, width, distance from the piece's top, thickness, colour.
    pub(in crate::layout) rule: Option<PlacedRule>,
    /// Elements that are there even when they are empty.
    pub(in crate::layout) cells: Range<usize>,
    /// Piece that is repeated above, when a page begins with this one.
    pub(in crate::layout) header: Option<usize>,
    /// Entry of the outline that leads here.
    pub(in crate::layout) bookmark: Option<(u8, String)>,
}

/// A line of text.
#[derive(Clone, Copy, Debug)]
pub(in crate::layout) struct PlacedLine {
    /// Index in the pool of lines.
    pub(in crate::layout) line: u32,
    /// Left edge of its room.
    pub(in crate::layout) x: f32,
    pub(in crate::layout) width: f32,
    /// Distance from the piece's top.
    pub(in crate::layout) top: f32,
    /// Distance of the baseline from the piece's top.
    pub(in crate::layout) baseline: f32,
    pub(in crate::layout) height: f32,
}

/// A picture.
#[derive(Clone, Copy, Debug)]
pub(in crate::layout) struct PlacedArt {
    pub(in crate::layout) placed: Placed,
    pub(in crate::layout) x: f32,
    pub(in crate::layout) width: f32,
    pub(in crate::layout) height: f32,
    /// Its element; none for decoration.
    pub(in crate::layout) tag: Option<usize>,
}

/// A line across.
#[derive(Clone, Copy, Debug)]
pub(in crate::layout) struct PlacedRule {
    pub(in crate::layout) x: f32,
    pub(in crate::layout) width: f32,
    /// Distance from the piece's top.
    pub(in crate::layout) down: f32,
    pub(in crate::layout) thickness: f32,
    pub(in crate::layout) color: Color,
}

/// The look of some text.
#[derive(Clone, Debug)]
pub(in crate::layout) struct SpanLook {
    /// Range in the document's text.
    pub(in crate::layout) text: Range<u32>,
    pub(in crate::layout) size: f32,
    pub(in crate::layout) color: Color,
    /// How far it stands above the baseline.
    pub(in crate::layout) raise: f32,
    /// Colour behind it, and how far that reaches above and below the baseline.
    pub(in crate::layout) highlight: Option<(Color, f32, f32)>,
    pub(in crate::layout) decoration: Option<Decoration>,
    pub(in crate::layout) shadow: Option<Box<ShadowLook>>,
    /// Its element; none for decoration.
    pub(in crate::layout) tag: Option<usize>,
    pub(in crate::layout) link: Option<usize>,
}

/// An element of the tag tree.
#[derive(Clone, Debug)]
pub(in crate::layout) struct Tag {
    pub(in crate::layout) role: Role,
    pub(in crate::layout) parent: Option<usize>,
    pub(in crate::layout) alt: Option<String>,
    pub(in crate::layout) scope: Option<Scope>,
    /// The element, once it has been painted.
    pub(in crate::layout) element: Option<ElementId>,
}

/// A box behind some pieces.
#[derive(Clone, Debug)]
pub(in crate::layout) struct Back {
    pub(in crate::layout) pieces: Range<usize>,
    pub(in crate::layout) x: f32,
    pub(in crate::layout) width: f32,
    pub(in crate::layout) color: Color,
    pub(in crate::layout) radius: f32,
}

/// Where a span leads.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::layout) enum RichTarget {
    /// An address, or `#` and the id of a node.
    Address(String),
    /// An entry of the contents list.
    Entry(usize),
}

impl RichFlow {
    /// Distance of the bottom of a piece from the top of all.
    fn bottom(&self, index: usize) -> f32 {
        self.pieces.get(index).map_or(0.0, |piece| piece.top + piece.height)
    }

    /// Height of some pieces, with the header that is repeated above them.
    pub(in crate::layout) fn height_of(&self, range: &Range<usize>) -> f32 {
        let top = self.pieces.get(range.start).map_or(0.0, |piece| piece.top);
        self.bottom(range.end.saturating_sub(1)) - top + self.header_height(range.start)
    }

    /// The piece that is repeated above when a page begins with this one.
    pub(in crate::layout) fn header_of(&self, index: usize) -> Option<&Piece> {
        let header = self.pieces.get(index)?.extra.as_ref()?.header?;
        self.pieces.get(header).filter(|_| header < index)
    }

    /// The height of the piece that is repeated above.
    pub(in crate::layout) fn header_height(&self, index: usize) -> f32 {
        self.header_of(index).map_or(0.0, |header| header.height)
    }

    /// Where a page may end at the earliest: the number of pieces from the first that hold each other.
    pub(in crate::layout) fn first_unit(&self, from: usize) -> usize {
        let rest = self.pieces.get(from..).unwrap_or_default();
        let held = rest.iter().take_while(|piece| piece.hold).count();
        (held + 1).min(rest.len())
    }

    /// Whether a page may end after that many pieces.
    pub(in crate::layout) fn may_end(&self, end: usize) -> bool {
        end == self.pieces.len() || self.pieces.get(end.saturating_sub(1)).is_none_or(|piece| !piece.hold)
    }
}

impl Piece {
    /// What few pieces have, made now.
    pub(in crate::layout) fn extra(&mut self) -> &mut PieceExtra {
        self.extra.get_or_insert_default()
    }
}

impl Tag {
    /// A tag without anything but its place.
    pub(in crate::layout) fn new(role: Role, parent: Option<usize>) -> Self {
        Self { role, parent, alt: None, scope: None, element: None }
    }
}
