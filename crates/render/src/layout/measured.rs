//! Measured content: what a node came to with this data, before it is put on a page.
//!
//! Places are relative to the parent's content box. Everything is as if pages were endless; cutting comes later.

use std::borrow::Cow;

use super::picture::Placed;
use super::place::Fragment;
use super::rich::RichBox;
use super::table::MeasuredTable;
use crate::chart::Scene;
use crate::document::{Color, ElementId, FieldEntry, Point, Rect, Segment};
use crate::expression::Value;
use crate::template::model::{
    BoxLook, Break, FieldMark, ImageNode, Keep, Node, PathNode, ShadowLook, StrokeLook, TextStyle, VerticalAlign,
};
use crate::text::Block;

/// A measured node, or one copy of it.
#[derive(Debug)]
pub(super) struct Measured<'a> {
    pub(super) node: &'a Node,
    /// Left edge.
    pub(super) x: f32,
    /// Top edge.
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
    /// Height that the template gives it: what it has beyond this pushes what follows.
    pub(super) design_height: f32,
    pub(super) rotation: f32,
    pub(super) opacity: f32,
    pub(super) content: Content<'a>,
    /// What few nodes have.
    pub(super) extras: Option<Box<Extras<'a>>>,
    /// Its element of the tag tree, once it has been painted.
    pub(super) element: Option<ElementId>,
    /// Whether a page must end somewhere inside.
    pub(super) has_breaks: bool,
    /// Whether this only holds the copies of a repeated node.
    pub(super) is_copies: bool,
}

/// What few nodes have.
#[derive(Debug, Default)]
pub(super) struct Extras<'a> {
    pub(super) link: Option<String>,
    pub(super) bookmark: Option<(u8, String)>,
    pub(super) alt: Option<String>,
    /// Language of the alt text, when it is not the author's.
    pub(super) alt_language: Option<&'static str>,
    /// Names to lay the text out again once the page is known.
    pub(super) deferred: Option<Bindings<'a>>,
    /// Names to ask once the page is known whether the node is visible.
    pub(super) deferred_visible: Option<Bindings<'a>>,
}

/// Names bound by repetition, outermost first.
pub(super) type Bindings<'a> = Vec<(&'a str, Value<'a>)>;

/// What a node shows.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// It is hidden, or has nothing to show.
    Nothing,
    PageBreak,
    Text(TextBox<'a>),
    Image(ImageBox<'a>),
    Line {
        stroke: Cow<'a, StrokeLook>,
        rising: bool,
    },
    Rect {
        look: Cow<'a, BoxLook>,
    },
    Ellipse {
        look: Cow<'a, BoxLook>,
    },
    Path {
        look: Cow<'a, BoxLook>,
        path: &'a PathNode,
    },
    Barcode(Box<BarcodeBox>),
    Chart(Box<ChartBox<'a>>),
    Field(Box<FieldBox<'a>>),
    /// Children at their places; moves whole.
    Group {
        look: Cow<'a, BoxLook>,
        children: Vec<Measured<'a>>,
    },
    /// Children that flow through columns.
    Flow(Box<FlowBox<'a>>),
    /// Children in rows one below the other (those with the same `y` are one row); may be cut between rows.
    Column {
        look: Cow<'a, BoxLook>,
        children: Vec<Measured<'a>>,
    },
    Table(Box<MeasuredTable<'a>>),
    /// Pieces one below the other; may be cut between them.
    Rich(Box<RichBox<'a>>),
}

/// Content that flows through columns: its children, as if they stood one below the other.
#[derive(Debug)]
pub(super) struct FlowBox<'a> {
    pub(super) children: Vec<Measured<'a>>,
    /// Columns beside each other.
    pub(super) count: u32,
    /// Width of a column.
    pub(super) width: f32,
    /// Space between two.
    pub(super) gap: f32,
    pub(super) rule: Option<&'a StrokeLook>,
    pub(super) balance: bool,
    /// Its pieces by column, for when it is not cut.
    pub(super) whole: Vec<Fragment>,
}

/// Measured text in its box.
#[derive(Clone, Debug)]
pub(super) struct TextBox<'a> {
    pub(super) look: Cow<'a, BoxLook>,
    pub(super) text: TextContent,
    /// Whether lines that do not fit are cut off.
    pub(super) clip: bool,
    /// Lines of a paragraph that stay together at the end and at the beginning of a page.
    pub(super) lines_together: [u8; 2],
    /// Whether its lines stand on the baseline grid.
    pub(super) snaps: bool,
    /// Whether its lines go down.
    pub(super) is_vertical: bool,
}

/// Lines of text with all that painting needs.
#[derive(Clone, Debug)]
pub(super) struct TextContent {
    pub(super) block: Block,
    pub(super) color: Color,
    pub(super) vertical_align: VerticalAlign,
    pub(super) decoration: Option<Decoration>,
    pub(super) shadow: Option<Box<ShadowLook>>,
}

impl TextContent {
    /// Laid out text of a style, without lines under or through it.
    pub(super) fn new(block: Block, style: &TextStyle) -> Self {
        Self {
            block,
            color: style.color,
            vertical_align: style.vertical_align,
            decoration: None,
            shadow: style.shadow.clone(),
        }
    }
}

/// Lines under or through text, in points; distances are downwards from the baseline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decoration {
    pub(super) underline: Option<(f32, f32)>,
    pub(super) strike: Option<(f32, f32)>,
}

/// A measured picture.
#[derive(Debug)]
pub(super) struct ImageBox<'a> {
    pub(super) source: &'a ImageNode,
    pub(super) look: Cow<'a, BoxLook>,
    pub(super) placed: Placed,
}

/// A drawn chart.
#[derive(Debug)]
pub(super) struct ChartBox<'a> {
    pub(super) look: Cow<'a, BoxLook>,
    pub(super) scene: Scene,
    /// The texts that the scene's marks name.
    pub(super) texts: Vec<TextContent>,
}

/// A measured barcode; all places are relative to the corner of its box.
#[derive(Debug)]
pub(super) struct BarcodeBox {
    pub(super) bars: Vec<Segment>,
    pub(super) color: Color,
    pub(super) captions: Vec<PlacedText>,
    pub(super) logo: Option<(Rect, Placed)>,
}

/// A measured form field; all places are relative to the corner of its box.
#[derive(Debug)]
pub(super) struct FieldBox<'a> {
    pub(super) look: Cow<'a, BoxLook>,
    pub(super) sign: FieldSign,
    /// Colour of marks and lines.
    pub(super) color: Color,
    /// Cells that it is divided into; 0 is none.
    pub(super) cell_count: u16,
    pub(super) texts: Vec<PlacedText>,
    pub(super) entry: FieldEntry,
}

/// What is drawn in a form field beside its text.
#[derive(Clone, Copy, Debug)]
pub(super) enum FieldSign {
    None,
    Box { mark: Option<FieldMark> },
    Circle { mark: Option<FieldMark> },
    List,
    Line { is_captioned: bool },
}

/// Text at a place of its own.
#[derive(Debug)]
pub(super) struct PlacedText {
    pub(super) at: Point,
    pub(super) text: TextContent,
}

impl<'a> Measured<'a> {
    /// A node with nothing to show.
    pub(super) fn empty(node: &'a Node) -> Self {
        Self {
            node,
            x: 0.0,
            y: 0.0,
            width: 0.0,
            height: 0.0,
            design_height: 0.0,
            rotation: 0.0,
            opacity: 1.0,
            content: Content::Nothing,
            extras: None,
            element: None,
            has_breaks: false,
            is_copies: false,
        }
    }

    /// The bottom edge.
    pub(super) fn bottom(&self) -> f32 {
        self.y + self.height
    }

    /// Whether the page ends before it, and whether also when it is the first on its page.
    pub(super) fn break_before(&self) -> Break {
        match self.content {
            Content::Nothing => Break::None,
            Content::PageBreak => Break::Before,
            // The copies themselves say it.
            _ if self.is_copies => Break::None,
            _ => self.node.break_before,
        }
    }

    /// Whether the page ends after it.
    pub(super) fn break_after(&self) -> bool {
        self.node.break_after && !matches!(self.content, Content::Nothing) && !self.is_copies
    }

    /// Whether it must not be cut.
    pub(super) fn keeps_together(&self) -> bool {
        let keep = matches!(self.node.keep, Keep::Together | Keep::TogetherWithNext) && !self.is_copies;
        keep || self.rotation != 0.0 || self.opacity < 1.0
    }

    /// Whether the next one must begin on the same page.
    pub(super) fn keeps_with_next(&self) -> bool {
        // The parts of a frame in columns do not say it, the frame does.
        matches!(self.node.keep, Keep::WithNext | Keep::TogetherWithNext)
            && !matches!(self.content, Content::Nothing | Content::Flow(_))
    }
}
