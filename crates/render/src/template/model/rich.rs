//! Rich text: blocks of styled spans, as they are written in a template or come from Markdown.

use super::{Align, BoxLook, Overflow, TextStyle};
use crate::document::Color;
use crate::expression::{Expression, TextTemplate};
use crate::template::style::{StyleChoice, StylePatch};

/// Text with headings, lists and spans of different looks.
#[derive(Clone, Debug)]
pub struct RichNode {
    /// What it says.
    pub(crate) source: RichSource,
    /// The look that everything in it starts from.
    pub(crate) style: TextStyle,
    /// Looks of its elements, where they are not the usual ones.
    pub(crate) elements: Vec<(RichElement, StyleChoice)>,
    /// Behind and around it.
    pub(crate) look: BoxLook,
    /// What happens when a given height is too small.
    pub(crate) overflow: Overflow,
    /// Deepest level of headings that become entries of the outline; 0 is none.
    pub(crate) bookmark_level: u8,
    /// Level of the tags of headings that are written as level 1.
    pub(crate) first_level: u8,
}

/// Where the blocks come from.
#[derive(Clone, Debug)]
pub(crate) enum RichSource {
    /// The template.
    Blocks(Vec<RichBlock>),
    /// The value of the only expression: Markdown.
    Markdown(TextTemplate),
}

/// What can have a look of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RichElement {
    /// A heading of a level.
    Heading(u8),
    Paragraph,
    Quote,
    /// Code in a line.
    Code,
    /// Lines of code.
    CodeBlock,
    Link,
    /// Number or bullet of an item.
    Marker,
    /// A cell of the first row of a table.
    TableHead,
    /// Any other cell.
    TableCell,
}

/// A block.
#[derive(Clone, Debug)]
pub(crate) struct RichBlock {
    /// What it is.
    pub(crate) form: BlockForm,
    /// Condition; absent is always.
    pub(crate) visible: Option<Expression>,
    /// Its look, over that of its element.
    pub(crate) style: Option<StyleChoice>,
    /// Alignment, over the style's.
    pub(crate) align: Option<Align>,
    /// Distance from the left edge, or from the right one of text that runs to the left.
    pub(crate) indent: f32,
    /// Space above and below, when it is not the usual one.
    pub(crate) space: [Option<f32>; 2],
}

/// The forms of blocks.
#[derive(Clone, Debug)]
pub(crate) enum BlockForm {
    Paragraph(Vec<RichSpan>),
    Heading {
        level: u8,
        spans: Vec<RichSpan>,
    },
    List(RichList),
    Quote(Vec<RichBlock>),
    /// Lines as they are.
    Code(TextTemplate),
    /// A line across.
    Rule,
    Image(RichImage),
    Table(RichTable),
}

/// A list.
#[derive(Clone, Debug)]
pub(crate) struct RichList {
    /// What stands before each item.
    pub(crate) marker: Marker,
    /// Number of the first item.
    pub(crate) start: u32,
    /// Space between two items, when it is not the usual one.
    pub(crate) gap: Option<f32>,
    /// Whether items stand apart as paragraphs do.
    pub(crate) loose: bool,
    /// What each item holds.
    pub(crate) items: Vec<Vec<RichBlock>>,
}

/// What stands before an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Marker {
    /// A bullet, an open one or a dash, by the depth of the list.
    #[default]
    Auto,
    Disc,
    Circle,
    Dash,
    Decimal,
    LowerAlpha,
    UpperAlpha,
    LowerRoman,
    UpperRoman,
    /// Nothing.
    None,
}

/// A picture on lines of its own.
#[derive(Clone, Debug)]
pub(crate) struct RichImage {
    /// `asset:<name>` or a `data:` URL.
    pub(crate) source: TextTemplate,
    /// Replacement text.
    pub(crate) alt: TextTemplate,
    /// Width; absent: its own, made smaller to fit.
    pub(crate) width: Option<f32>,
}

/// A table of spans.
#[derive(Clone, Debug)]
pub(crate) struct RichTable {
    /// Alignment of each column.
    pub(crate) columns: Vec<Align>,
    /// Cells of the first row.
    pub(crate) header: Vec<Vec<RichSpan>>,
    /// Cells of all others.
    pub(crate) rows: Vec<Vec<Vec<RichSpan>>>,
}

/// Text of one look; `\n` breaks the line.
#[derive(Clone, Debug)]
pub(crate) struct RichSpan {
    pub(crate) text: TextTemplate,
    pub(crate) marks: Marks,
    /// Condition; absent is always.
    pub(crate) visible: Option<Expression>,
}

/// What a span is beside its text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    /// A named style, or one of its own.
    pub(crate) style: Option<StyleChoice>,
    /// Single properties over it.
    pub(crate) patch: Option<Box<StylePatch>>,
    /// Emphasised: italic, and told to screen readers.
    pub(crate) emphasis: bool,
    /// Important: bold, and told to screen readers.
    pub(crate) strong: bool,
    /// Colour behind it.
    pub(crate) highlight: Option<Color>,
    /// Whether it stands higher or lower, and is smaller.
    pub(crate) raise: Raise,
    /// Computer code.
    pub(crate) code: bool,
    /// Where a click leads.
    pub(crate) link: Option<TextTemplate>,
}

/// Whether a span stands higher or lower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Raise {
    #[default]
    None,
    Super,
    Sub,
}

impl RichBlock {
    /// A block without anything of its own.
    pub(crate) fn new(form: BlockForm) -> Self {
        Self { form, visible: None, style: None, align: None, indent: 0.0, space: [None; 2] }
    }

    /// Calls `visit` for every text and condition in it.
    fn each<'t>(&'t self, visit: &mut dyn FnMut(Asked<'t>)) {
        self.visible.iter().for_each(|visible| visit(Asked::Expression(visible)));
        match &self.form {
            BlockForm::Paragraph(spans) | BlockForm::Heading { spans, .. } => {
                spans.iter().for_each(|span| span.each(visit));
            }
            BlockForm::List(list) => list.items.iter().flatten().for_each(|block| block.each(visit)),
            BlockForm::Quote(blocks) => blocks.iter().for_each(|block| block.each(visit)),
            BlockForm::Code(text) => visit(Asked::Text(text)),
            BlockForm::Rule => {}
            BlockForm::Image(image) => {
                [&image.source, &image.alt].into_iter().for_each(|text| visit(Asked::Text(text)));
            }
            BlockForm::Table(table) => {
                let cells = table.rows.iter().chain([&table.header]).flatten();
                cells.flatten().for_each(|span| span.each(visit));
            }
        }
    }
}

impl RichSpan {
    /// Plain text.
    pub(crate) fn plain(text: TextTemplate) -> Self {
        Self { text, marks: Marks::default(), visible: None }
    }

    fn each<'t>(&'t self, visit: &mut dyn FnMut(Asked<'t>)) {
        visit(Asked::Text(&self.text));
        self.visible.iter().for_each(|visible| visit(Asked::Expression(visible)));
        self.marks.link.iter().for_each(|link| visit(Asked::Text(link)));
    }
}

/// Something that is asked at render time.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked<'t> {
    Text(&'t TextTemplate),
    Expression(&'t Expression),
}

impl RichNode {
    /// Calls `visit` for every text and condition in it.
    pub(crate) fn each<'t>(&'t self, visit: &mut dyn FnMut(Asked<'t>)) {
        match &self.source {
            RichSource::Blocks(blocks) => blocks.iter().for_each(|block| block.each(visit)),
            RichSource::Markdown(text) => visit(Asked::Text(text)),
        }
    }

    /// Whether anything in it needs to know the page.
    pub(crate) fn uses_page(&self) -> bool {
        let mut uses_page = false;
        self.each(&mut |asked| {
            uses_page |= match asked {
                Asked::Text(text) => text.uses_page(),
                Asked::Expression(expression) => expression.uses_page(),
            };
        });
        uses_page
    }
}
