//! The usual looks of rich text: a scale of sizes, and the colours of what stands out.

use crate::document::Color;
use crate::template::model::{Marks, Raise, RichElement, RichNode, TextStyle};
use crate::template::style::{StyleChoice, chosen};
use indexmap::IndexMap;

/// Sizes of headings by level, as multiples of the text around them: from a title down to a label.
const HEADING_SIZES: [f32; 6] = [2.0, 1.5, 1.2, 1.0, 0.9, 0.85];

/// Multiples of the text's size.
const HEADING_LINE_HEIGHTS: [f32; 6] = [1.15, 1.2, 1.3, 1.35, 1.4, 1.4];

/// Space between letters, as a share of the size: large letters want less.
const HEADING_SPACINGS: [f32; 6] = [-0.02, -0.012, -0.006, 0.0, 0.0, 0.0];

/// Space above and below a heading, as a multiple of its own size.
const HEADING_SPACE: [[f32; 2]; 6] = [[1.0, 0.45], [1.05, 0.4], [1.1, 0.35], [1.1, 0.3], [1.1, 0.3], [1.1, 0.3]];

/// Family of code, where it is at hand.
const CODE_FAMILY: &str = "JetBrains Mono";

/// Letters of equal width look larger than others of the same size.
const CODE_SIZE: f32 = 0.9;

const LINK_COLOR: Color = Color::rgb(0x0B, 0x57, 0xB8);

/// Behind code in a line, and behind blocks of code.
pub(super) const CODE_FILL: Color = Color::rgb(0xF1, 0xF3, 0xF5);

/// Lines across, lines of tables, bars beside quotations.
pub(super) const RULE_COLOR: Color = Color::rgb(0xCB, 0xD2, 0xD9);

/// Sizes of letters that stand higher or lower, and how far, as multiples of the size around them.
const RAISED_SIZE: f32 = 0.66;
const SUPER_UP: f32 = 0.36;
const SUB_DOWN: f32 = 0.16;

/// Looks of one rich text.
#[derive(Clone, Copy)]
pub(super) struct Looks<'l> {
    pub(super) elements: &'l [(RichElement, StyleChoice)],
    pub(super) styles: &'l IndexMap<String, TextStyle>,
    /// What all sizes are multiplied by.
    pub(super) scale: f32,
}

/// What a span looks like.
pub(super) struct Dress {
    pub(super) style: TextStyle,
    pub(super) highlight: Option<Color>,
    /// How far it stands above the baseline.
    pub(super) raise: f32,
}

impl<'l> Looks<'l> {
    pub(super) fn new(rich: &'l RichNode, styles: &'l IndexMap<String, TextStyle>, scale: f32) -> Self {
        Self { elements: &rich.elements, styles, scale }
    }

    fn own(&self, element: RichElement) -> Option<&'l StyleChoice> {
        self.elements.iter().find(|(known, _)| *known == element).map(|(_, choice)| choice)
    }

    /// The look of a block of an element, over what is around it.
    pub(super) fn block(&self, element: RichElement, around: &TextStyle, own: Option<&StyleChoice>) -> TextStyle {
        let mut style = around.clone();
        usual(element, &mut style);
        if let Some(choice) = self.own(element) {
            style = chosen(Some(choice), &style, self.styles);
        }
        let mut style = chosen(own, &style, self.styles);
        style.typography.writing = around.typography.writing;
        style
    }

    /// Space above and below a heading of a size.
    pub(super) fn heading_space(&self, level: u8, size: f32) -> [f32; 2] {
        at(&HEADING_SPACE, level).map(|space| space * size)
    }

    /// The look of a span in a block. Sizes are those that are painted.
    pub(super) fn span(&self, block: &TextStyle, marks: &Marks, in_code: bool) -> Dress {
        let mut style = block.clone();
        let mut highlight = marks.highlight;
        if marks.strong && style.weight < 700 {
            style.weight = 700;
        }
        style.italic |= marks.emphasis;
        if marks.code && !in_code {
            style = self.block(RichElement::Code, &style, None);
            highlight = highlight.or(Some(CODE_FILL));
        }
        if marks.link.is_some() {
            style = self.block(RichElement::Link, &style, None);
        }
        style = chosen(marks.style.as_ref(), &style, self.styles);
        if let Some(patch) = &marks.patch {
            patch.apply(&mut style);
        }
        style.typography.writing = block.typography.writing;
        style.size *= self.scale;
        style.letter_spacing *= self.scale;
        let (factor, up) = match marks.raise {
            Raise::None => (1.0, 0.0),
            Raise::Super => (RAISED_SIZE, SUPER_UP),
            Raise::Sub => (RAISED_SIZE, -SUB_DOWN),
        };
        let raise = style.size * up;
        style.size *= factor;
        Dress { style, highlight, raise }
    }
}

fn at<T: Copy + Default>(values: &[T; 6], level: u8) -> T {
    values.get(usize::from(level.saturating_sub(1))).copied().unwrap_or_default()
}

/// Changes the look around an element into its usual one.
fn usual(element: RichElement, style: &mut TextStyle) {
    match element {
        RichElement::Heading(level) => {
            style.size *= at(&HEADING_SIZES, level);
            style.weight = if level == 1 { 700 } else { 600 }.max(style.weight);
            style.line_height = style.line_height.min(at(&HEADING_LINE_HEIGHTS, level));
            style.letter_spacing += at(&HEADING_SPACINGS, level) * style.size;
            if style.align == crate::template::model::Align::Justify {
                style.align = crate::template::model::Align::Start;
            }
        }
        RichElement::Code | RichElement::CodeBlock => {
            style.font.insert(0, CODE_FAMILY.to_owned());
            style.size *= CODE_SIZE;
            style.letter_spacing = 0.0;
            if element == RichElement::CodeBlock {
                style.align = crate::template::model::Align::Start;
            }
        }
        RichElement::Link => {
            style.color = LINK_COLOR;
            style.underline = true;
        }
        RichElement::TableHead => style.weight = style.weight.max(600),
        RichElement::Quote => style.color = muted(style.color),
        RichElement::TableCell | RichElement::Marker => style.tabular = true,
        RichElement::Paragraph => {}
    }
}

/// A colour that stands a little back: a quarter of the way to white.
fn muted(color: Color) -> Color {
    let lighter = |part: u8| part.saturating_add((255 - part) / 4);
    Color { red: lighter(color.red), green: lighter(color.green), blue: lighter(color.blue), ..color }
}
