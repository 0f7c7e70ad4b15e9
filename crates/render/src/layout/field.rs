//! Measuring form fields: their size, what they hold, and how it stands in them.

use icu_segmenter::GraphemeClusterSegmenter;

use super::measure::{Sized, Subject, box_look};
use super::measured::{Content, Extras, FieldBox, FieldSign, PlacedText, TextContent};
use super::paint::offset;
use super::state::{HeightRule, Layouter, Site, Stop, TextWork};
use crate::diagnostic::codes;
use crate::document::{Color, FieldEntry, FieldValue, Point, Size};
use crate::expression::{Scope, TextTemplate};
use crate::template::model::{Align, FieldKind, FieldLines, FieldMark, FieldNode, TextStyle, key_fault};

/// Lines of a field that takes several, when it has no height.
const LINE_COUNT: f32 = 4.0;

/// Side of a checkbox without a size, as a share of its text's size.
const BOX_SHARE: f32 = 1.2;

/// Height of a signature field without one, in sizes of its text: a signature is about three lines high.
const SIGNATURE_SHARE: f32 = 4.5;

/// Text that is too wide is made smaller, to this share at most.
const SHRINK_MIN: f32 = 0.5;

/// What sums of rounded numbers may lack.
const WIDTH_TOLERANCE: f32 = 0.01;

/// How far a placeholder is from its text's colour to white.
const PALENESS: u16 = 55;

/// The text that a field shows.
struct Shown {
    text: String,
    style: TextStyle,
    /// The property that it comes from.
    property: &'static str,
}

impl<'a> Layouter<'a> {
    /// Measures a form field. Without an alt text its key is what is read out.
    pub(super) fn measure_field(
        &mut self,
        subject: &Subject<'_, 'a>,
        field: &'a FieldNode,
        scope: &Scope<'_, 'a>,
        extras: &mut Extras<'a>,
    ) -> Result<Sized<'a>, Stop> {
        let node = subject.node;
        let key = self.text_of(&field.key, scope, Site::of(node, "key"))?.trim().to_owned();
        if let Some((message, hint)) = key_fault(&key) {
            self.error(codes::INVALID_NAME, Site::of(node, "key"), message, Some(hint.to_owned()));
        }
        if extras.alt.as_ref().is_none_or(String::is_empty) {
            extras.alt = Some(key.clone());
        }
        let style =
            if subject.bound.changes_text() { subject.bound.text_style(&field.style) } else { field.style.clone() };
        let (value, shown) = self.field_value(subject, field, &style, scope)?;
        let size = size_of(subject, field, &style);
        let look = box_look(&field.look, subject.bound);
        let [top, right, bottom, left] = look.padding;
        let inner = Size { width: (size.width - left - right).max(0.0), height: (size.height - top - bottom).max(0.0) };
        let sign = sign_of(field, &value);
        let mut content = FieldBox {
            look,
            sign,
            color: style.color,
            cell_count: 0,
            texts: Vec::new(),
            entry: FieldEntry {
                key,
                description: extras.alt.clone().unwrap_or_default(),
                required: field.required,
                read_only: field.read_only,
                value,
            },
        };
        if let FieldKind::Text { lines: FieldLines::Cells, length_max, .. } = &field.kind {
            content.cell_count = *length_max;
        }
        if let Some(shown) = shown.filter(|shown| !shown.text.is_empty()) {
            let site = Site::of(node, shown.property);
            content.texts = match &field.kind {
                FieldKind::Text { lines: FieldLines::Cells, length_max, .. } => {
                    let size = Size { width: size.width, height: inner.height };
                    self.cells(&shown, size, *length_max, top, site)
                }
                FieldKind::Text { lines: FieldLines::Multiple, .. } => {
                    self.many_lines(&shown, inner, [left, top], site)
                }
                // The mark that a list opens stands where the text ends.
                FieldKind::Choice { .. } => {
                    let room = Size { width: (inner.width - shown.style.size).max(0.0), ..inner };
                    self.one_line(&shown, room, [left, top], site)
                }
                FieldKind::Signature { .. } => {
                    let height = shown.style.size * shown.style.line_height;
                    let room = Size { width: inner.width, height };
                    self.one_line(&shown, room, [left, (size.height - bottom - height).max(0.0)], site)
                }
                _ => self.one_line(&shown, inner, [left, top], site),
            };
        }
        let design_height = node.height.unwrap_or(size.height);
        let Size { width, height } = size;
        Ok(Sized { content: Content::Field(Box::new(content)), width, height, design_height })
    }

    /// What a field holds, and the text that it shows.
    fn field_value(
        &mut self,
        subject: &Subject<'_, 'a>,
        field: &'a FieldNode,
        style: &TextStyle,
        scope: &Scope<'_, 'a>,
    ) -> Result<(FieldValue, Option<Shown>), Stop> {
        let node = subject.node;
        Ok(match &field.kind {
            FieldKind::Text { value, placeholder, lines, length_max } => {
                let text = self.optional_text(value.as_ref(), scope, Site::of(node, "value"))?;
                let most = usize::from(*length_max);
                let count = text.chars().count();
                if most > 0 && count > most {
                    let message = format!("the value has {count} characters, the field takes {most}");
                    let hint = "make `maxLength` greater, or shorten the value";
                    self.warn(codes::OVERFLOW, Site::of(node, "value"), message, Some(hint.to_owned()));
                }
                let shown = self.value_or_placeholder(subject, &text, placeholder.as_ref(), style, scope)?;
                let cell_count = if *lines == FieldLines::Cells { *length_max } else { 0 };
                let is_multiple = *lines == FieldLines::Multiple;
                (FieldValue::Text { text, is_multiple, cell_count, length_max: *length_max }, Some(shown))
            }
            FieldKind::Checkbox { checked, .. } => {
                let is_on = match checked {
                    Some(checked) => self.evaluate(checked, scope, Site::of(node, "checked"))?.truthy(),
                    None => false,
                };
                (FieldValue::Checkbox { is_on }, None)
            }
            FieldKind::Radio { option, value } => {
                let is_on = self.optional_text(value.as_ref(), scope, Site::of(node, "value"))? == *option;
                (FieldValue::Radio { option: option.clone(), is_on }, None)
            }
            FieldKind::Choice { value, placeholder, options } => {
                let chosen = self.optional_text(value.as_ref(), scope, Site::of(node, "value"))?;
                if !chosen.is_empty() && !options.contains(&chosen) {
                    let message = format!("\"{}\" is none of the options", chosen.chars().take(60).collect::<String>());
                    let hint = "add it to `options`, or choose one of them";
                    self.warn(codes::INVALID_VALUE, Site::of(node, "value"), message, Some(hint.to_owned()));
                }
                let shown = self.value_or_placeholder(subject, &chosen, placeholder.as_ref(), style, scope)?;
                (FieldValue::Choice { options: options.clone(), chosen }, Some(shown))
            }
            FieldKind::Signature { caption } => {
                let text = self.optional_text(caption.as_ref(), scope, Site::of(node, "caption"))?;
                (FieldValue::Signature, Some(Shown { text, style: style.clone(), property: "caption" }))
            }
        })
    }

    fn value_or_placeholder(
        &mut self,
        subject: &Subject<'_, 'a>,
        value: &str,
        placeholder: Option<&'a TextTemplate>,
        style: &TextStyle,
        scope: &Scope<'_, 'a>,
    ) -> Result<Shown, Stop> {
        if !value.is_empty() || placeholder.is_none() {
            return Ok(Shown { text: value.to_owned(), style: style.clone(), property: "value" });
        }
        let text = self.optional_text(placeholder, scope, Site::of(subject.node, "placeholder"))?;
        let style = TextStyle { color: pale(style.color), ..style.clone() };
        Ok(Shown { text, style, property: "placeholder" })
    }

    /// One line, made smaller when it is too wide.
    fn one_line(&mut self, shown: &Shown, room: Size, [x, y]: [f32; 2], site: Site<'_>) -> Vec<PlacedText> {
        let text: String = shown.text.split('\n').collect::<Vec<_>>().join(" ");
        let text = self.program.language().with_case(&text, shown.style.case).into_owned();
        let mut style = TextStyle { align: one_line_align(shown.style.align), ..shown.style.clone() };
        let natural = self.natural_text_width(&style, &text, site);
        if natural > room.width {
            let share = (room.width / natural).max(SHRINK_MIN);
            style.size *= share;
            style.letter_spacing *= share;
            if natural * share > room.width + WIDTH_TOLERANCE {
                self.report_field_overflow(site);
            }
        }
        let width = room.width.max(self.natural_text_width(&style, &text, site)) + WIDTH_TOLERANCE;
        let work = TextWork { style: &style, width, height: HeightRule::Free };
        let Some(block) = self.lay_out_text(work, &text, site) else { return Vec::new() };
        let free = room.height - block.height;
        let at = Point { x, y: y + offset(style.vertical_align, free) };
        vec![placed(at, block, &style)]
    }

    /// As many lines as it takes, made smaller when they are too high.
    fn many_lines(&mut self, shown: &Shown, room: Size, [x, y]: [f32; 2], site: Site<'_>) -> Vec<PlacedText> {
        let style = &shown.style;
        let text = self.program.language().with_case(&shown.text, style.case).into_owned();
        let work = TextWork { style, width: room.width, height: HeightRule::Shrink(room.height) };
        let Some(block) = self.lay_out_text(work, &text, site) else { return Vec::new() };
        if !block.fits(room.height) {
            self.report_field_overflow(site);
        }
        let free = (room.height - block.height).max(0.0);
        let at = Point { x, y: y + offset(style.vertical_align, free) };
        vec![placed(at, block, style)]
    }

    /// Each character in the middle of its cell.
    fn cells(&mut self, shown: &Shown, room: Size, count: u16, top: f32, site: Site<'_>) -> Vec<PlacedText> {
        let step = room.width / f32::from(count.max(1));
        let style = TextStyle { align: Align::Center, letter_spacing: 0.0, ..shown.style.clone() };
        let text = self.program.language().with_case(&shown.text, style.case).into_owned();
        let segmenter = GraphemeClusterSegmenter::new();
        let ends: Vec<usize> = segmenter.segment_str(&text).collect();
        let clusters = ends.windows(2).filter_map(|pair| match pair {
            &[start, end] => text.get(start..end),
            _ => None,
        });
        let mut texts = Vec::new();
        for (cell, cluster) in (0..count).zip(clusters) {
            let work = TextWork { style: &style, width: f32::INFINITY, height: HeightRule::Free };
            let Some(block) = self.lay_out_text(work, cluster, site) else { break };
            let x = step * f32::from(cell) + (step - block.width) / 2.0;
            let y = top + offset(style.vertical_align, room.height - block.height);
            texts.push(placed(Point { x, y }, block, &style));
        }
        texts
    }

    fn report_field_overflow(&mut self, site: Site<'_>) {
        let message = "the text is larger than its field, even at half its size".to_owned();
        let hint = "make the field larger, or the text shorter";
        self.warn(codes::OVERFLOW, site, message, Some(hint.to_owned()));
    }
}

fn placed(at: Point, block: crate::text::Block, style: &TextStyle) -> PlacedText {
    let text = TextContent::new(block, style);
    PlacedText { at, text }
}

/// A single line has nothing to justify.
fn one_line_align(align: Align) -> Align {
    if align == Align::Justify { Align::Start } else { align }
}

fn size_of(subject: &Subject<'_, '_>, field: &FieldNode, style: &TextStyle) -> Size {
    let [top, _, bottom, _] = field.look.padding;
    let line = style.size * style.line_height;
    let height = match &field.kind {
        FieldKind::Checkbox { .. } | FieldKind::Radio { .. } => {
            let natural = style.size * BOX_SHARE;
            let width = subject.width.or(subject.height).unwrap_or(natural);
            return Size { width, height: subject.height.unwrap_or(width) };
        }
        FieldKind::Text { lines: FieldLines::Multiple, .. } => line * LINE_COUNT + top + bottom,
        FieldKind::Signature { .. } => style.size * SIGNATURE_SHARE + top + bottom,
        FieldKind::Text { .. } | FieldKind::Choice { .. } => line + top + bottom,
    };
    Size { width: subject.filled_width(), height: subject.height.unwrap_or(height) }
}

/// The signs of a field beside its text.
fn sign_of(field: &FieldNode, value: &FieldValue) -> FieldSign {
    match (&field.kind, value) {
        (FieldKind::Checkbox { mark, .. }, FieldValue::Checkbox { is_on }) => {
            FieldSign::Box { mark: is_on.then_some(*mark) }
        }
        (FieldKind::Radio { .. }, FieldValue::Radio { is_on, .. }) => {
            FieldSign::Circle { mark: is_on.then_some(FieldMark::Dot) }
        }
        (FieldKind::Choice { .. }, _) => FieldSign::List,
        (FieldKind::Signature { caption }, _) => FieldSign::Line { is_captioned: caption.is_some() },
        _ => FieldSign::None,
    }
}

fn pale(color: Color) -> Color {
    let channel = |value: u8| {
        let value = u16::from(value);
        u8::try_from(value + (255 - value) * PALENESS / 100).unwrap_or(u8::MAX)
    };
    Color::rgba(channel(color.red), channel(color.green), channel(color.blue), color.alpha)
}
