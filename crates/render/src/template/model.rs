//! The types of a template of format 1, as they are after parsing: every expression is compiled, every value checked.
//!
//! Defaults are already filled in. Sizes are points. `Option` means "not given", never "not checked".

mod chart;
mod contents;
mod field;
mod flow;
mod image;
mod paint;
mod rich;
mod table;
mod text;
mod typography;

pub use super::classes::Classification;
pub use chart::{ChartAxis, ChartNode, ChartSeries, Curve, LegendPlace, Rule, Stack};
pub use contents::ContentsNode;
pub(crate) use contents::Leader;
pub(crate) use field::{FIELD_BORDER, key_fault};
pub use field::{FieldKind, FieldLines, FieldMark, FieldNode};
pub use flow::{Baseline, BreakTo, ColumnCount, FLOW_COLUMN_COUNT_MAX, FlowColumns, Layer, SPAN_ALL, TooTall};
pub use image::{Crop, ImageCut, ImageMask};
use indexmap::IndexMap;
pub use paint::{Fill, GradientForm, GradientLook, PathNode, ShadowLook};
pub use rich::RichNode;
pub(crate) use rich::{
    Asked, BlockForm, Marker, Marks, Raise, RichBlock, RichElement, RichImage, RichList, RichSource, RichSpan,
    RichTable,
};
use serde_json::Value as Json;

pub use table::{
    Border, Carry, Cell, Column, ColumnWidth, Group, RowContent, RowEach, RowSpan, TableHeader, TableNode, TableRow,
};
pub use text::{Align, Overflow, TextCase, TextNode, TextStyle, VerticalAlign};
pub use typography::{AxisSetting, Combine, FeatureSetting, Orientation, Typography, Wrap, Writing};

pub use super::colors::Colors;
use crate::conformance::Profile;
use crate::data::Schema;
use crate::document::{ArtifactKind, Color, LineCap, LineJoin, Relationship, Role, Sheet, Size};
use crate::expression::{Expression, TextTemplate};
use crate::picture::barcode::{Options as BarcodeOptions, QuietZone, Symbology};

/// A whole template.
#[derive(Clone, Debug)]
pub struct Template {
    /// Human name; also the title of documents without one.
    pub name: String,
    /// BCP 47 language and region, such as `en-GB`; formats numbers and dates, and is the document's language.
    pub locale: String,
    /// Metadata of the file.
    pub title: Option<TextTemplate>,
    /// Metadata of the file.
    pub author: Option<TextTemplate>,
    /// Metadata of the file.
    pub subject: Option<TextTemplate>,
    /// Metadata of the file.
    pub keywords: Vec<String>,
    /// Paper.
    pub page: PageSetup,
    /// Named colours, and the inks that they name.
    pub colors: Colors,
    /// Named looks of text, after `extends` is resolved.
    pub styles: IndexMap<String, TextStyle>,
    /// Painted first, in page coordinates (not inside the margins).
    pub background: Vec<Layer>,
    /// Header bands.
    pub header: Vec<Band>,
    /// The flowing content.
    pub body: Vec<Node>,
    /// Footer bands.
    pub footer: Vec<Band>,
    /// Painted last, in page coordinates.
    pub foreground: Vec<Layer>,
    /// Files carried by the template itself: name to `data:` URL.
    pub assets: IndexMap<String, String>,
    /// What it expects as data.
    pub data: DataModel,
    /// What the file must be.
    pub output: Output,
    /// Number of all nodes.
    pub node_count: u32,
}

/// What a template expects as data.
#[derive(Clone, Debug, Default)]
pub struct DataModel {
    /// What data must look like, when the template says so.
    pub schema: Option<Box<Schema>>,
    /// Examples by name.
    pub samples: IndexMap<String, Json>,
}

/// What the file must be.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Standards that the file must follow; they go together.
    pub profiles: Vec<Profile>,
    /// Files that go along inside.
    pub attachments: Vec<AttachmentSource>,
    /// The press that the file is made for.
    pub intent: Option<PressIntent>,
    /// How documents of this template must be handled, when the template says so.
    pub class: Option<Classification>,
}

/// The press that a file is made for.
#[derive(Clone, Debug)]
pub struct PressIntent {
    /// Its name in the registry of the ICC, or its own.
    pub condition: String,
    /// Name of the asset that holds its ICC profile.
    pub profile: String,
}

/// A file that goes along inside of the document's file.
#[derive(Clone, Debug)]
pub struct AttachmentSource {
    /// Its name.
    pub name: TextTemplate,
    /// What it holds.
    pub content: TextTemplate,
    /// Its media type.
    pub mime: String,
    /// What it is to the document.
    pub relationship: Relationship,
    /// What it is, for people; absent: its name.
    pub description: Option<TextTemplate>,
}

/// Paper.
#[derive(Clone, Debug, PartialEq)]
pub struct PageSetup {
    /// Width and height, orientation applied.
    pub size: Size,
    /// Top, right, bottom, left.
    pub margin: [f32; 4],
    /// Paper colour, when not left blank.
    pub fill: Option<Color>,
    /// Bleed and marks, for a press.
    pub sheet: Option<Box<Sheet>>,
    /// The grid on which lines of text stand that ask for it.
    pub baseline: Option<Baseline>,
}

/// On which pages a band stands; the most specific that matches wins (`first` and `last`, then `odd`, `even`, `rest` and `not-last`, then `all`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum BandOn {
    All,
    First,
    Rest,
    Last,
    Odd,
    Even,
    /// All but the last.
    NotLast,
}

/// A header or footer band. It is inside the margins and takes room from the body.
#[derive(Clone, Debug)]
pub struct Band {
    /// Where it stands.
    pub on: BandOn,
    /// Height.
    pub height: f32,
    /// Content, relative to the band's top left corner.
    pub nodes: Vec<Node>,
}

/// Anything that can be placed.
#[derive(Clone, Debug)]
pub struct Node {
    /// Number of this node in the template, counted in document order; indexes tables of the program.
    pub index: u32,
    /// Short stable id; given, or made from the pointer (`body.0`).
    pub id: String,
    /// JSON pointer of the node in the template.
    pub pointer: String,
    /// Position relative to the parent's content box; in stacks it is ignored.
    pub at: [f32; 2],
    /// Width, when given.
    pub width: Option<f32>,
    /// Height, when given. For text: the box's height (see [`Overflow`]); absent: grows with the content.
    pub height: Option<f32>,
    /// Clockwise rotation about the centre, in degrees.
    pub rotation: f32,
    /// 0 to 1.
    pub opacity: f32,
    /// Condition; absent is always.
    pub visible: Option<Expression>,
    /// Gives its room back when hidden.
    pub collapse: bool,
    /// Repetition.
    pub repeat: Option<Repeat>,
    /// Properties that an expression sets at render time.
    pub bind: Vec<(Bindable, Expression)>,
    /// Which pieces must stay on one page.
    pub keep: Keep,
    /// In a grid: columns that it covers; [`SPAN_ALL`] is all of them, also in columns that text flows through.
    pub span: u16,
    /// In a grid: rows that it covers.
    pub row_span: u16,
    /// Page breaks before.
    pub break_before: Break,
    /// Whether a page break follows.
    pub break_after: bool,
    /// Where what stands after a break begins.
    pub break_to: BreakTo,
    /// What happens when it must not be cut and is taller than a page.
    pub too_tall: TooTall,
    /// Where a click leads (`http`, `https`, `mailto`, `tel`), or `#id` of a node.
    pub link: Option<TextTemplate>,
    /// Outline entry: level and title.
    pub bookmark: Option<(u8, TextTemplate)>,
    /// Replacement text.
    pub alt: Option<TextTemplate>,
    /// Tag, when not the kind's usual one.
    pub role: Option<NodeRole>,
    /// What it is.
    pub kind: Kind,
}

impl Node {
    /// Calls `visit` for every list of nodes inside this one, in order; not for those further inside.
    pub fn each_list<'t>(&'t self, visit: &mut dyn FnMut(&'t [Node])) {
        match &self.kind {
            Kind::Frame(frame) => visit(&frame.nodes),
            Kind::Table(table) => table.each_cell(&mut |cell| visit(&cell.nodes)),
            _ => {}
        }
    }
}

/// Tag of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeRole {
    /// An element of the tag tree.
    Element(Role),
    /// Decoration.
    Artifact(ArtifactKind),
}

/// Repetition of a node, once an item.
#[derive(Clone, Debug)]
pub struct Repeat {
    /// Gives an array.
    pub each: Expression,
    /// Name of the item in expressions; the default is `item`.
    pub name: String,
    /// Name of the zero-based index in expressions; the default is `index`.
    pub index_name: String,
    /// Space between two copies.
    pub gap: f32,
    /// Copies go to the right instead of downwards.
    pub across: bool,
    /// With `across`: copies in one row before the next row starts; 0 is as many as fit.
    pub columns: u32,
}

/// Page breaks before a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Break {
    #[default]
    None,
    Before,
    BeforeUnlessFirst,
}

/// What stays on one page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Keep {
    #[default]
    None,
    Together,
    WithNext,
    /// Both.
    TogetherWithNext,
}

/// Properties that `bind` may set. The expression's value is read as the property's own JSON would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the properties")]
pub enum Bindable {
    X,
    Y,
    Width,
    Height,
    Rotation,
    Opacity,
    Color,
    Fill,
    StrokeColor,
    StrokeWidth,
    Align,
    Style,
    FontSize,
    FontWeight,
}

/// The kinds of nodes.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each type says it")]
pub enum Kind {
    Text(TextNode),
    Image(ImageNode),
    Line(LineNode),
    Rect(ShapeNode),
    Ellipse(ShapeNode),
    Path(PathNode),
    Frame(FrameNode),
    Table(Box<TableNode>),
    Barcode(Box<BarcodeNode>),
    Chart(Box<ChartNode>),
    Field(Box<FieldNode>),
    Rich(Box<RichNode>),
    Contents(Box<ContentsNode>),
    /// Ends the page.
    PageBreak,
}

/// What is painted behind and around a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxLook {
    /// Fill.
    pub fill: Option<Fill>,
    /// What it throws on what is behind it.
    pub shadow: Option<ShadowLook>,
    /// Border all around.
    pub stroke: Option<StrokeLook>,
    /// Corner radius.
    pub radius: f32,
    /// Top, right, bottom, left.
    pub padding: [f32; 4],
}

/// A line's look.
#[derive(Clone, Debug, PartialEq)]
pub struct StrokeLook {
    /// Colour.
    pub color: Color,
    /// Width.
    pub width: f32,
    /// Alternating dash and gap; empty is solid.
    pub dash: Vec<f32>,
    /// Ends.
    pub cap: LineCap,
    /// Corners.
    pub join: LineJoin,
}

/// PNG, JPEG or SVG.
#[derive(Clone, Debug)]
pub struct ImageNode {
    /// `asset:<name>` or a `data:` URL.
    pub source: TextTemplate,
    /// How it fits into its box.
    pub fit: Fit,
    /// Where the rest goes, 0 to 1 across and down.
    pub focus: [f32; 2],
    /// Which part of the picture is shown, when not all of it.
    pub cut: Option<Box<ImageCut>>,
    /// Fill, stroke and corners of the box.
    pub look: BoxLook,
}

/// How a picture fits into its box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// Wholly visible, proportions kept.
    #[default]
    Contain,
    /// Covers the box, proportions kept, the rest cut off.
    Cover,
    /// Stretched.
    Fill,
}

/// A straight line from the node's top left to its bottom right corner.
#[derive(Clone, Debug)]
pub struct LineNode {
    /// Its look.
    pub stroke: StrokeLook,
    /// From bottom left to top right instead.
    pub rising: bool,
}

/// A rectangle or an ellipse.
#[derive(Clone, Debug)]
pub struct ShapeNode {
    /// Its look.
    pub look: BoxLook,
}

/// A container.
#[derive(Clone, Debug)]
pub struct FrameNode {
    /// How children are placed.
    pub layout: FrameLayout,
    /// Fill, border, padding.
    pub look: BoxLook,
    /// Whether nothing outside of the box is painted.
    pub clip: bool,
    /// Content.
    pub nodes: Vec<Node>,
}

/// How a frame places its children.
#[derive(Clone, Debug, PartialEq)]
pub enum FrameLayout {
    /// By their own `at`.
    Free,
    /// One after the other.
    Stack {
        /// From left to right instead of downwards.
        across: bool,
        /// Space between two, across and down.
        gap: [f32; 2],
        /// Placement on the other axis.
        align: BoxAlign,
        /// Placement along the stack.
        justify: Justify,
        /// What does not fit beside the others goes on below.
        wrap: bool,
    },
    /// In the cells of a grid, row by row.
    Grid {
        /// Widths of the columns: fixed, or shares.
        columns: Vec<ColumnWidth>,
        /// Space between two, across and down.
        gap: [f32; 2],
        /// Placement in the height of a row.
        align: BoxAlign,
        /// Placement in the width of a cell.
        justify: Justify,
    },
    /// Down one column, then down the next one, then on the next page.
    Columns(FlowColumns),
}

/// Placement of a box in the room that it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum BoxAlign {
    #[default]
    Start,
    Center,
    End,
    /// As high as the highest one beside it, unless it has a height.
    Stretch,
}

/// Where boxes stand when there is more room than they need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Justify {
    #[default]
    Start,
    Center,
    End,
    /// Apart, with the rest of the room between them.
    Between,
}

/// A barcode.
#[derive(Clone, Debug)]
pub struct BarcodeNode {
    /// Its symbology.
    pub symbology: &'static Symbology,
    /// How the value is encoded.
    pub options: BarcodeOptions,
    /// What it carries.
    pub value: TextTemplate,
    /// Colour of the bars.
    pub color: Color,
    /// Empty modules around it.
    pub quiet_zone: QuietZone,
    /// The human-readable text, when it is shown.
    pub text: Option<BarcodeText>,
    /// A picture in the middle: `asset:<name>` or a `data:` URL.
    pub logo: Option<TextTemplate>,
}

/// How the human-readable text of a barcode looks.
#[derive(Clone, Debug, PartialEq)]
pub struct BarcodeText {
    /// Its look; the colour is that of the bars.
    pub style: TextStyle,
    /// Whether the node has a style of its own, so that the size is given too. Otherwise it follows from the barcode.
    pub is_sized: bool,
}
