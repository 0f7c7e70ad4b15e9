//! The document: pages of a display list, ready for any writer.
//!
//! Units are points (1/72 inch), the origin is the top left corner of a page, y grows downwards. Everything is in
//! paint order. Large lists (glyphs, text, segments) live in pools on the document, so that a page is a few
//! allocations, not thousands.

mod angle;
mod color;
mod cubic;
mod field;
mod geometry;
mod sheet;
mod structure;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use angle::sin_cos_degrees;
pub use color::{Color, Ink, InkKind, Spot};
pub(crate) use cubic::cubic_reach;
pub use field::{Field, FieldEntry, FieldValue};
pub(crate) use geometry::narrow;
pub use geometry::{CIRCLE, Point, Rect, Size, Transform};
pub use sheet::{PrinterMark, PrintingCondition, Sheet};
pub use structure::{ArtifactKind, Element, ElementId, Role, Scope, Structure};

use crate::conformance::Profile;
use crate::fonts::Face;
use crate::picture::{Drawing, Gradient, PdfPage, Picture};
use crate::template::Classification;

/// A laid-out document.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Title, language, times.
    pub metadata: Metadata,
    /// The pages in order.
    pub pages: Vec<Page>,
    /// The faces that the glyph runs name, in the order of first use.
    pub faces: Vec<Arc<Face>>,
    /// The raster pictures that the items name, each once.
    pub pictures: Vec<Arc<Picture>>,
    /// The vector drawings that the items name, each once.
    pub drawings: Vec<Arc<Drawing>>,
    /// The pages of other files that the items name, each once.
    pub pdf_pages: Vec<Arc<PdfPage>>,
    /// The tag tree.
    pub structure: Structure,
    /// Bookmarks in order, with their level.
    pub bookmarks: Vec<Bookmark>,
    /// Pool of glyphs; [`GlyphRun::glyphs`] points into it.
    pub glyphs: Vec<Glyph>,
    /// Pool of text; glyphs and runs point into it (byte offsets).
    pub text: String,
    /// Pool of path segments; [`Path::segments`] points into it.
    pub segments: Vec<Segment>,
    /// Ids of the template's nodes, for [`NodeBox`].
    pub nodes: Vec<Arc<str>>,
    /// JSON pointers of the template's nodes, in the same order, for findings.
    pub pointers: Arc<[Box<str>]>,
    /// Standards that the document's file must follow.
    pub profiles: Vec<Profile>,
    /// Files that the document's file carries.
    pub attachments: Vec<Attachment>,
    /// Whether the template has colours in inks.
    pub has_inks: bool,
    /// Inks of their own that colours name.
    pub spots: Arc<[Spot]>,
    /// What is around the trimmed page, when it goes to a press.
    pub sheet: Option<Box<Sheet>>,
    /// The press that the file is made for, when the template names it.
    pub condition: Option<Arc<PrintingCondition>>,
}

impl Document {
    /// Whether its file is made for a press: it has inks, or what is around a page that is cut.
    #[must_use]
    pub fn is_print(&self) -> bool {
        self.has_inks || !self.spots.is_empty() || self.sheet.is_some() || self.condition.is_some()
    }
}

/// A file that goes along inside of the document's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, without folders.
    pub name: String,
    /// Its media type, such as `application/json`.
    pub mime: String,
    /// What it is to the document.
    pub relationship: Relationship,
    /// What it is, for people.
    pub description: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a file inside is to the document (ISO 32000-2, 7.11.3, table 43).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relationship {
    /// What the document was made from.
    Source,
    /// Data that the document shows.
    Data,
    /// The same in another form, such as the XML of an invoice.
    Alternative,
    /// More than the document shows.
    Supplement,
    /// None of these.
    Unspecified,
}

/// What the file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Title; the template's name when the template sets none.
    pub title: String,
    /// Author, when the template sets one.
    pub author: Option<String>,
    /// Subject, when the template sets one.
    pub subject: Option<String>,
    /// Keywords in order.
    pub keywords: Vec<String>,
    /// BCP 47 language of the document, such as `en-GB`.
    pub language: String,
    /// How the document must be handled, where that is known.
    pub class: Option<Classification>,
    /// Creation time, milliseconds since the Unix epoch; the render's `now`.
    pub created_ms: i64,
}

/// One page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Width and height.
    pub size: Size,
    /// What to paint, in order.
    pub items: Vec<Item>,
    /// Clickable places.
    pub links: Vec<Link>,
    /// Form fields.
    pub fields: Vec<Field>,
    /// Where each node came to stand, for the designer.
    pub boxes: Vec<NodeBox>,
    /// Where each cell of a table came to stand, when [`crate::RenderOptions::cells`] asks for it; a cell inside of
    /// another one stands before it.
    pub cells: Vec<CellBox>,
    /// Nodes that are only seen, have no text, and were not called decoration; they are painted as decoration.
    pub unnamed: Vec<u32>,
}

/// One thing to paint, or a change of state for those that follow.
#[derive(Clone, Debug)]
pub enum Item {
    /// What follows belongs to this element of the tag tree, until the next mark.
    Element(ElementId),
    /// What follows is decoration, until the next mark.
    Artifact(ArtifactKind),
    /// Glyphs of one face and size on one baseline.
    Glyphs(GlyphRun),
    /// A filled or stroked rectangle, by far the most common path.
    Rect(RectItem),
    /// Any other path.
    Path(Path),
    /// A path filled with a gradient; its segments are in the document's pool.
    Gradient(Box<Gradient>),
    /// A raster picture stretched to a rectangle.
    Picture {
        /// Index into [`Document::pictures`].
        picture: u32,
        /// Where it goes.
        rect: Rect,
    },
    /// A vector drawing stretched to a rectangle.
    Drawing {
        /// Index into [`Document::drawings`].
        drawing: u32,
        /// Where it goes.
        rect: Rect,
    },
    /// A page of another file stretched to a rectangle.
    PdfPage {
        /// Index into [`Document::pdf_pages`].
        pdf_page: u32,
        /// Where it goes.
        rect: Rect,
    },
    /// Saves the state, then transforms, clips and fades what follows, until the matching [`Item::Pop`].
    Push {
        /// Applied to all coordinates up to the matching pop.
        transform: Transform,
        /// Nothing outside (in the transformed space) is painted.
        clip: Option<Rect>,
        /// 0 (invisible) to 1.
        opacity: f32,
    },
    /// Saves the state, then clips what follows to a path, until the matching [`Item::Pop`].
    PushClip {
        /// Range in [`Document::segments`].
        segments: Range<u32>,
        /// Whether the even-odd rule says what is inside, instead of non-zero.
        even_odd: bool,
    },
    /// Restores the state of the matching push. Marks never span a push or a pop.
    Pop,
}

/// A run of glyphs of one face, size and colour on one baseline, in visual order from left to right.
#[derive(Clone, Debug)]
pub struct GlyphRun {
    /// Index into [`Document::faces`].
    pub face: u32,
    /// Em size.
    pub size: f32,
    /// Fill.
    pub color: Color,
    /// Left end of the baseline.
    pub origin: Point,
    /// Added after every glyph.
    pub letter_spacing: f32,
    /// Range in [`Document::glyphs`].
    pub glyphs: Range<u32>,
    /// Range in [`Document::text`] that the run shows, in logical order.
    pub text: Range<u32>,
    /// How its glyphs stand to the baseline.
    pub posture: Posture,
}

/// How glyphs stand to their baseline.
///
/// Lines that go down are painted as any other line, in a space that is turned clockwise by a quarter; letters of East
/// Asia are turned back in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Posture {
    /// On it.
    #[default]
    Along,
    /// Each turned counter-clockwise by a quarter, about its origin.
    Upright,
    /// Several as [`Posture::Upright`] side by side in one square, in percent of their width.
    Combined(u8),
}

impl Posture {
    /// What a glyph's outline is multiplied with: from its own axes, upwards positive and in ems or font units, to those
    /// of the run, downwards positive (`[a, b, c, d]` of a [`Transform`]).
    #[must_use]
    pub fn axes(self) -> [f32; 4] {
        match self {
            Self::Along => [1.0, 0.0, 0.0, -1.0],
            Self::Upright => [0.0, -1.0, -1.0, 0.0],
            Self::Combined(percent) => [0.0, -f32::from(percent) / 100.0, -1.0, 0.0],
        }
    }
}

/// One positioned glyph. Distances are in the face's font units, so that they are exact at any size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyph {
    /// Glyph index in the face.
    pub id: u16,
    /// Bytes of [`Document::text`] that this glyph's cluster shows; 0 for all but the first glyph of a cluster.
    pub text_length: u16,
    /// Start of those bytes.
    pub text_start: u32,
    /// Distance to the next glyph's origin, kerning and justification included.
    pub advance: i32,
    /// Shift to the right that does not move what follows.
    pub x_offset: i16,
    /// Shift upwards that does not move what follows.
    pub y_offset: i16,
}

/// A line's look.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub color: Color,
    /// Width; never 0.
    pub width: f32,
    /// Alternating dash and gap lengths; empty is solid.
    pub dash: Vec<f32>,
    /// Ends.
    pub cap: LineCap,
    /// Corners.
    pub join: LineJoin,
}

/// Ends of lines and dashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineCap {
    /// Square, at the end itself.
    #[default]
    Butt,
    /// Half a circle beyond the end.
    Round,
    /// Square, half a width beyond the end.
    Square,
}

/// Corners of lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineJoin {
    /// Pointed, unless the angle is very sharp.
    #[default]
    Miter,
    /// Round.
    Round,
    /// Cut off.
    Bevel,
}

/// A rectangle to fill and stroke. The stroke is centred on the edge.
#[derive(Clone, Debug)]
pub struct RectItem {
    /// Where.
    pub rect: Rect,
    /// Corner radius, already limited to half the shorter side.
    pub radius: f32,
    /// Fill, if any.
    pub fill: Option<Color>,
    /// Stroke, if any.
    pub stroke: Option<Stroke>,
}

/// A path to fill and stroke.
#[derive(Clone, Debug)]
pub struct Path {
    /// Range in the pool of segments ([`Document::segments`], or [`Drawing`]'s own).
    pub segments: Range<u32>,
    /// Fill, if any.
    pub fill: Option<Color>,
    /// Whether the even-odd rule fills, instead of non-zero.
    pub even_odd: bool,
    /// Stroke, if any.
    pub stroke: Option<Stroke>,
}

/// A piece of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Segment {
    /// Starts a subpath.
    Move(Point),
    /// A straight line.
    Line(Point),
    /// A cubic Bézier curve: two control points and the end.
    Cubic(Point, Point, Point),
    /// Closes the subpath.
    Close,
}

impl Segment {
    /// The same piece with all its points somewhere else.
    #[must_use]
    pub fn map(&self, place: impl Fn(Point) -> Point) -> Self {
        match *self {
            Self::Move(point) => Self::Move(place(point)),
            Self::Line(point) => Self::Line(place(point)),
            Self::Cubic(first, second, end) => Self::Cubic(place(first), place(second), place(end)),
            Self::Close => Self::Close,
        }
    }
}

/// A clickable place.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where, in page coordinates.
    pub rect: Rect,
    /// Where it leads.
    pub target: Target,
    /// The element whose content is clickable, to be tagged.
    pub element: Option<ElementId>,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// An absolute URI (`http`, `https`, `mailto`, `tel` only).
    Uri(String),
    /// A place in this document.
    Place {
        /// Index of the page.
        page: u32,
        /// Distance from the page's top.
        y: f32,
    },
}

/// An entry of the outline.
#[derive(Clone, Debug, PartialEq)]
pub struct Bookmark {
    /// 1 is the outermost level.
    pub level: u8,
    /// Text.
    pub title: String,
    /// Index of the page.
    pub page: u32,
    /// Distance from the page's top.
    pub y: f32,
}

/// Where a cell of a table came to stand, or a part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct CellBox {
    /// The table, as an index into [`Document::nodes`].
    pub node: u32,
    /// JSON pointer of the cell in the template.
    pub pointer: Box<str>,
    /// Where, in page coordinates.
    pub rect: Rect,
    /// The page's items that it paints, without fills and lines.
    pub items: Range<u32>,
}

/// Where a node came to stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NodeBox {
    /// Index into [`Document::nodes`].
    pub node: u32,
    /// Where, in page coordinates.
    pub rect: Rect,
    /// Index of the first of the page's items that it paints.
    pub item: u32,
}
