//! Form fields.

use super::{KindEntry, Needs, TEXT_BINDABLE};
use crate::diagnostic::codes;
use crate::expression::TextTemplate;
use crate::template::look::read_box;
use crate::template::model::{
    FIELD_BORDER, FieldKind, FieldLines, FieldMark, FieldNode, Kind, StrokeLook, TextStyle, VerticalAlign, key_fault,
};
use crate::template::node::Place;
use crate::template::reader::ObjectReader;
use crate::template::shape::{Choice, ExpressionShape, Flag, Line, List, TemplateText, Whole};
use crate::template::style::Overrides;

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "field",
    definition: "fieldNode",
    title: "a form field",
    doc: "A field of a form, drawn as it is on paper, with what is filled in already. Without `stroke` it has a thin \
          grey border, without `padding` 3 points of space. A checkbox or radio button without a size is as large as \
          its text.",
    placed: true,
    needs: Needs::Nothing,
    bindable: TEXT_BINDABLE,
    read,
};

/// Options of one field; longer lists belong into a search.
const OPTION_COUNT_MAX: usize = 1_000;

/// Characters of one option.
const OPTION_LENGTH_MAX: usize = 500;

/// Width of the border when nothing is said.
const BORDER_POINTS: f32 = 0.75;

/// Space between border and text when nothing is said.
const PADDING_POINTS: f32 = 3.0;

/// Which of the properties that not all have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Checkbox,
    Radio,
    Choice,
    Signature,
}

impl Type {
    /// What messages call it.
    fn title(self) -> &'static str {
        match self {
            Self::Text => "a text field",
            Self::Checkbox => "a checkbox",
            Self::Radio => "a radio button",
            Self::Choice => "a choice",
            Self::Signature => "a signature field",
        }
    }

    /// The properties that it has beyond those of all fields.
    fn properties(self) -> &'static [&'static str] {
        match self {
            Self::Text => &["value", "placeholder", "lines", "maxLength"],
            Self::Checkbox => &["checked", "mark"],
            Self::Radio => &["value", "option"],
            Self::Choice => &["value", "placeholder", "options"],
            Self::Signature => &["caption"],
        }
    }
}

const TYPES: Choice<Type> = Choice(&[
    ("text", Type::Text),
    ("checkbox", Type::Checkbox),
    ("radio", Type::Radio),
    ("choice", Type::Choice),
    ("signature", Type::Signature),
]);

const LINES: Choice<FieldLines> =
    Choice(&[("single", FieldLines::Single), ("multiple", FieldLines::Multiple), ("cells", FieldLines::Cells)]);

const MARKS: Choice<FieldMark> =
    Choice(&[("check", FieldMark::Check), ("cross", FieldMark::Cross), ("dot", FieldMark::Dot)]);

/// Everything that some type has.
const SPECIAL: [&str; 9] =
    ["value", "placeholder", "lines", "maxLength", "checked", "mark", "option", "options", "caption"];

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let kind = reader.required(
        "type",
        TYPES,
        "`text`; `checkbox`; `radio`: one of several with the same key; `choice`: one of `options`; `signature`.",
    );
    let key = reader.required(
        "key",
        TemplateText,
        "Its name in the form, under which its value comes back; dots make groups. Without `alt`, it is also what is read out.",
    );
    let fault = key.as_ref().and_then(TextTemplate::as_literal).and_then(|key| key_fault(key.trim()));
    if let Some((message, hint)) = fault {
        reader.error_at(Some("key"), codes::INVALID_NAME, message, Some(hint.to_owned()));
    }
    let value = reader.optional("value", TemplateText, "Text, choice, radio: what it holds.");
    let placeholder =
        reader.optional("placeholder", TemplateText, "Text, choice: what stands there, pale, while it holds nothing.");
    let lines = reader.or(
        "lines",
        LINES,
        FieldLines::Single,
        "Text: one line, several, or cells: each character in its own, `maxLength` of them.",
    );
    let lengths = Whole { phrase: "a whole number from 0 to 10000", minimum: 0, maximum: 10_000 };
    let length_max = reader.or("maxLength", lengths, 0, "Text: characters that it takes; 0 is any number.");
    let checked = reader.optional("checked", ExpressionShape, "Checkbox: expression that says whether it is on.");
    let mark = reader.or("mark", MARKS, FieldMark::Check, "Checkbox: what stands in it when it is on.");
    let option_line = Line { phrase: "a text", length_max: OPTION_LENGTH_MAX };
    let option = reader.optional("option", option_line, "Radio: what its group holds when this one is on.");
    let listed = List { phrase: "an array of texts", of: option_line, least: 1, most: OPTION_COUNT_MAX };
    let options = reader.optional("options", listed, "Choice: what can be chosen.");
    let caption = reader.optional("caption", TemplateText, "Signature: what stands under the line.");
    let required = reader.or("required", Flag, false, "Whether it must be filled in.");
    let read_only = reader.or("readOnly", Flag, false, "Whether what it holds is fixed.");
    let overrides = Overrides::read(reader);
    let has_stroke = reader.has("stroke");
    let has_padding = reader.has("padding");
    let aligns = reader.has("verticalAlign");
    let mut look = read_box(reader);
    let kind = kind?;
    for property in SPECIAL.iter().filter(|property| !kind.properties().contains(property)) {
        reader.no_effect(property, &format!("on {}", kind.title()));
    }
    if !has_stroke && kind != Type::Signature {
        look.stroke = Some(StrokeLook::solid(FIELD_BORDER, BORDER_POINTS));
    }
    if !has_padding && matches!(kind, Type::Text | Type::Choice) {
        look.padding = [PADDING_POINTS; 4];
    }
    let mut style = match reader.state() {
        Some(reading) => overrides.over(&reading.base_style, &reading.styles),
        None => TextStyle::default(),
    };
    let is_multiple = kind == Type::Text && lines == FieldLines::Multiple;
    if !aligns && !is_multiple {
        style.vertical_align = VerticalAlign::Middle;
    }
    let length_max = u16::try_from(length_max).unwrap_or(u16::MAX);
    let needed = match kind {
        Type::Radio if option.is_none() => Some(("option", "a radio button needs `option`")),
        Type::Choice if options.is_none() => Some(("options", "a choice needs `options`")),
        Type::Text if lines == FieldLines::Cells && length_max == 0 => {
            Some(("maxLength", "a field of cells needs `maxLength`, the number of its cells"))
        }
        _ => None,
    };
    if let Some((property, message)) = needed {
        reader.error_at(None, codes::MISSING_PROPERTY, message.to_owned(), Some(format!("add `{property}`")));
    }
    let kind = match kind {
        Type::Text => FieldKind::Text { value, placeholder, lines, length_max },
        Type::Checkbox => FieldKind::Checkbox { checked, mark },
        Type::Radio => FieldKind::Radio { option: option?, value },
        Type::Choice => FieldKind::Choice { value, placeholder, options: options? },
        Type::Signature => FieldKind::Signature { caption },
    };
    Some(Kind::Field(Box::new(FieldNode { key: key?, kind, required, read_only, look, style })))
}
