//! Values that a schema allows: the typical one, and those at the edges of what is allowed.

use serde_json::{Map, Number, Value as Json};

use crate::data::{Bounds, Format, Schema, Type};

/// Nesting of values that are made.
const DEPTH_MAX: u32 = 12;

/// Characters of a text when the schema allows any length: a paragraph.
const TEXT_LENGTH: usize = 600;

/// Letters of a word that has no place to break; longer ones are no words but mistakes.
const WORD_LENGTH: usize = 56;

/// What is meant by a very large number when the schema allows any.
const NUMBER_MOST: f64 = 98_765_432.1;

/// Rows of a typical list.
const ROW_COUNT: usize = 3;

/// Values of a list of allowed ones that are tried.
const CHOICE_COUNT_MAX: usize = 8;

const SENTENCE: &str = "The delivery was checked on arrival, and everything that had been ordered was there. ";
const WORD: &str = "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüssel";
const RIGHT_TO_LEFT: &str = "شركة النور للتجارة والخدمات العامة ";
const HAN: &str = "東京都千代田区霞が関一丁目三番二号経済産業省別館";
const MARKS: &str = "Zo\u{308}e\u{301} Vie\u{302}\u{323}t n\u{303}a\u{30a}";
const EMOJI: &str = "Well done 👍🏽 👩\u{200d}🔬";

/// What a set of values is good for; the name of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Variant {
    Minimal,
    Missing,
    Null,
    LongWord,
    LongText,
    RightToLeft,
    Han,
    Marks,
    Emoji,
    Zero,
    Negative,
    Huge,
    Other(u8),
}

impl Variant {
    /// All but the choices, in the order in which they are tried.
    pub(super) const ALL: [Self; 12] = [
        Self::Minimal,
        Self::Missing,
        Self::Null,
        Self::LongWord,
        Self::LongText,
        Self::RightToLeft,
        Self::Han,
        Self::Marks,
        Self::Emoji,
        Self::Zero,
        Self::Negative,
        Self::Huge,
    ];

    /// What it is, for people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Minimal => "minimal values",
            Self::Missing => "optional values missing",
            Self::Null => "null for what may be null",
            Self::LongWord => "long words",
            Self::LongText => "long texts",
            Self::RightToLeft => "right-to-left text",
            Self::Han => "Chinese and Japanese text",
            Self::Marks => "combining marks",
            Self::Emoji => "emoji",
            Self::Zero => "zero",
            Self::Negative => "negative numbers",
            Self::Huge => "huge numbers",
            Self::Other(_) => "another choice",
        }
    }
}

/// The values that a field can have beside its own, each with what it is. `None` leaves the property out.
pub(super) fn variants(parts: &[&Schema], is_optional: bool) -> Vec<(Variant, Option<Json>)> {
    let mut variants = Vec::new();
    if is_optional {
        variants.push((Variant::Missing, None));
    }
    if may_be(parts, Type::Null) && is_typed(parts) {
        variants.push((Variant::Null, Some(Json::Null)));
    }
    let choices = parts.iter().find_map(|part| (!part.values.is_empty()).then_some(&part.values));
    if let Some(choices) = choices {
        let numbered = (0_u8..).zip(choices.iter().take(CHOICE_COUNT_MAX));
        variants.extend(numbered.map(|(number, choice)| (Variant::Other(number), Some(choice.clone()))));
    } else if may_be(parts, Type::String) && is_typed(parts) {
        variants.extend(texts(parts));
    } else if is_number(parts) {
        variants.extend(numbers(parts));
    } else if may_be(parts, Type::Boolean) && is_typed(parts) {
        variants.extend([(Variant::Minimal, Some(Json::Bool(false))), (Variant::Huge, Some(Json::Bool(true)))]);
    }
    variants
}

/// A value as it usually is: an example, or one that the schema describes.
#[must_use]
pub fn typical(schema: &Schema) -> Json {
    make(schema, schema, "value", DEPTH_MAX)
}

fn make(schema: &Schema, root: &Schema, name: &str, depth_left: u32) -> Json {
    let parts = schema.parts(root);
    let given = parts.iter().find_map(|part| part.examples.first().or(part.default.as_ref()).or(part.values.first()));
    if let Some(given) = given {
        return given.clone();
    }
    let has_properties = parts.iter().any(|part| !part.properties.is_empty());
    if (has_properties || may_be(&parts, Type::Object) && is_typed(&parts)) && depth_left > 0 {
        let properties = parts.iter().flat_map(|part| &part.properties);
        let made = properties.map(|(name, schema)| (name.clone(), make(schema, root, name, depth_left - 1)));
        return Json::Object(made.collect::<Map<_, _>>());
    }
    if let Some(items) = parts.iter().find_map(|part| part.items.as_deref()).filter(|_| depth_left > 0) {
        let count = within(bounds(&parts, |part| part.count), ROW_COUNT);
        return Json::Array(vec![make(items, root, name, depth_left - 1); count]);
    }
    if may_be(&parts, Type::Array) && is_typed(&parts) {
        return Json::Array(Vec::new());
    }
    if is_number(&parts) {
        return number(&parts, 12.0);
    }
    if parts.iter().any(|part| part.types == [Type::Boolean]) {
        return Json::Bool(true);
    }
    match format_of(&parts) {
        Some(format) => Json::from(formatted(format, false)),
        None => Json::from(fitted(&parts, &capitalised(name), ' ')),
    }
}

fn texts(parts: &[&Schema]) -> Vec<(Variant, Option<Json>)> {
    if let Some(format) = format_of(parts) {
        let values = [(Variant::LongWord, formatted(format, true)), (Variant::Minimal, formatted(format, false))];
        return values.map(|(variant, text)| (variant, Some(Json::from(text)))).into();
    }
    if parts.iter().any(|part| part.pattern.is_some()) {
        return Vec::new();
    }
    let length = bounds(parts, |part| part.length);
    let text = |of: &str, count: usize| {
        let count = within(length, count);
        Some(Json::from(of.chars().cycle().take(count).collect::<String>().trim_end()))
    };
    vec![
        (Variant::Minimal, text("A", 0)),
        (Variant::LongWord, text(WORD, WORD_LENGTH)),
        (Variant::LongText, text(SENTENCE, TEXT_LENGTH)),
        (Variant::RightToLeft, text(RIGHT_TO_LEFT, RIGHT_TO_LEFT.chars().count())),
        (Variant::Han, text(HAN, HAN.chars().count())),
        (Variant::Marks, text(MARKS, MARKS.chars().count())),
        (Variant::Emoji, text(EMOJI, EMOJI.chars().count())),
    ]
}

fn numbers(parts: &[&Schema]) -> Vec<(Variant, Option<Json>)> {
    let Bounds { least, most } = bounds(parts, |part| part.range);
    let mut numbers = vec![(Variant::Huge, Some(number(parts, most.unwrap_or(NUMBER_MOST))))];
    if least.is_none_or(|least| least < 0.0) {
        numbers.push((Variant::Negative, Some(number(parts, least.unwrap_or(-NUMBER_MOST).max(-NUMBER_MOST)))));
    }
    if least.is_none_or(|least| least <= 0.0) && most.is_none_or(|most| most >= 0.0) {
        numbers.push((Variant::Zero, Some(number(parts, 0.0))));
    }
    if let Some(least) = least {
        numbers.push((Variant::Minimal, Some(number(parts, least))));
    }
    numbers
}

/// A number that is whole where it must be, and within bounds.
fn number(parts: &[&Schema], wanted: f64) -> Json {
    let Bounds { least, most } = bounds(parts, |part| part.range);
    let wanted = most.map_or(wanted, |most| wanted.min(most));
    let wanted = least.map_or(wanted, |least| wanted.max(least));
    let is_whole = !parts.iter().any(|part| part.types.contains(&Type::Number));
    if is_whole || wanted.fract() == 0.0 {
        return Json::from(crate::text::round_i32(wanted));
    }
    Number::from_f64(wanted).map_or(Json::Null, Json::Number)
}

fn formatted(format: Format, is_long: bool) -> &'static str {
    match (format, is_long) {
        (Format::Date, false) => "2026-05-01",
        (Format::Date, true) => "2028-09-30",
        (Format::DateTime, false) => "2026-05-01T08:00:00Z",
        (Format::DateTime, true) => "2028-09-30T23:59:59.999+05:45",
        (Format::Time, false) => "08:00:00",
        (Format::Time, true) => "23:59:59",
        (Format::Email, false) => "a@b.example",
        (Format::Email, true) => "maximiliana.featherstonehaugh@accounts.northumberland.example",
        (Format::Uri, false) => "https://a.example",
        (Format::Uri, true) => "https://documents.northumberland.example/customers/2026/invoices?number=HF-2026-0417",
        (Format::Uuid, _) => "c0ffee00-1234-4567-89ab-0123456789ab",
    }
}

/// A text brought to a length that is allowed.
fn fitted(parts: &[&Schema], text: &str, filler: char) -> String {
    let length = bounds(parts, |part| part.length);
    let count = within(length, text.chars().count());
    text.chars().chain(std::iter::repeat(filler)).take(count).collect()
}

/// The name of a property as words: `dueDate` is `Due date`.
fn capitalised(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        if words.is_empty() { words.extend(letter.to_uppercase()) } else { words.extend(letter.to_lowercase()) }
    }
    words
}

/// The bounds that all parts together set.
pub(super) fn bounds(parts: &[&Schema], of: impl Fn(&Schema) -> Bounds) -> Bounds {
    parts.iter().map(|part| of(part)).fold(Bounds::default(), |all, part| Bounds {
        least: all.least.max_of(part.least),
        most: all.most.min_of(part.most),
    })
}

/// A count brought within bounds.
pub(super) fn within(bounds: Bounds, count: usize) -> usize {
    let whole = |bound: f64| usize::try_from(crate::text::round_i32(bound)).unwrap_or(0);
    let count = bounds.most.map_or(count, |most| count.min(whole(most)));
    bounds.least.map_or(count, |least| count.max(whole(least)))
}

trait Tighter {
    fn max_of(self, other: Self) -> Self;
    fn min_of(self, other: Self) -> Self;
}

impl Tighter for Option<f64> {
    fn max_of(self, other: Self) -> Self {
        self.map_or(other, |own| Some(other.map_or(own, |other| own.max(other))))
    }

    fn min_of(self, other: Self) -> Self {
        self.map_or(other, |own| Some(other.map_or(own, |other| own.min(other))))
    }
}

fn is_typed(parts: &[&Schema]) -> bool {
    parts.iter().any(|part| !part.types.is_empty())
}

fn may_be(parts: &[&Schema], wanted: Type) -> bool {
    parts.iter().all(|part| part.types.is_empty() || part.types.contains(&wanted))
}

fn is_number(parts: &[&Schema]) -> bool {
    is_typed(parts) && (may_be(parts, Type::Number) || may_be(parts, Type::Integer))
}

fn format_of(parts: &[&Schema]) -> Option<Format> {
    parts.iter().find_map(|part| part.format)
}
