//! Functions that change how a text is written: its case, its length, its groups.

use super::texts::{base_letters, converted};
use super::{Builtin, shown};
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::methods::argument;
use crate::expression::value::{Text, Value, wrap_to_i64};
use icu_segmenter::GraphemeClusterSegmenter;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin {
        name: "titleCase",
        signature: "titleCase(text)",
        summary: "The text with a capital at the beginning of each word and small letters behind it.",
        example: "titleCase('ANNE-MARIE o\\'NEILL')",
        result: "Anne-Marie O'neill",
        call: |machine, arguments| converted(machine, arguments, title),
    },
    Builtin {
        name: "camelCase",
        signature: "camelCase(text)",
        summary: "The words of the text in one, each but the first with a capital.",
        example: "camelCase('Invoice number')",
        result: "invoiceNumber",
        call: |machine, arguments| converted(machine, arguments, camel),
    },
    Builtin {
        name: "snakeCase",
        signature: "snakeCase(text)",
        summary: "The words of the text in small letters with `_` between them.",
        example: "snakeCase('invoiceNumber')",
        result: "invoice_number",
        call: |machine, arguments| converted(machine, arguments, |text| words(text).join("_")),
    },
    Builtin {
        name: "kebabCase",
        signature: "kebabCase(text)",
        summary: "The words of the text in small letters with `-` between them.",
        example: "kebabCase('HTTPServer error 404')",
        result: "http-server-error-404",
        call: |machine, arguments| converted(machine, arguments, |text| words(text).join("-")),
    },
    Builtin {
        name: "slug",
        signature: "slug(text)",
        summary: "The text as it can stand in a file name or a link: small letters without accents, digits and `-`.",
        example: "slug('Köln: Ægir & Søn, 2026')",
        result: "koln-aegir-son-2026",
        call: |machine, arguments| converted(machine, arguments, slug),
    },
    Builtin {
        name: "truncate",
        signature: "truncate(text, length, mark?)",
        summary: "The text cut to so many characters as people count them, the mark `…` among them.",
        example: "truncate('Stainless steel kettle', 12)",
        result: "Stainless s…",
        call: truncate,
    },
    Builtin {
        name: "grouped",
        signature: "grouped(text, size, separator?)",
        summary: "The text without white space, in groups of a size, or of the sizes in a list, the last of which goes on.",
        example: "grouped('DE89370400440532013000', 4) + ' | ' + grouped('4915112345678', [2, 3, 4])",
        result: "DE89 3704 0044 0532 0130 00 | 49 151 1234 5678",
        call: grouped,
    },
];

fn title(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for letter in text.chars() {
        if inside {
            out.extend(letter.to_lowercase());
        } else {
            out.extend(letter.to_uppercase());
        }
        // An apostrophe goes on with the word.
        inside = letter.is_alphanumeric() || (inside && matches!(letter, '\'' | '’'));
    }
    out
}

fn camel(text: &str) -> String {
    let mut out = String::new();
    for (index, word) in words(text).iter().enumerate() {
        out.push_str(&if index == 0 { word.clone() } else { title(word) });
    }
    out
}

/// The words of a text in small letters: runs of letters and digits, cut where capitals begin a new word.
fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if !letter.is_alphanumeric() {
            before = None;
            continue;
        }
        // `invoiceNumber` has two words, and so has `HTTPServer`.
        let humps = before.is_some_and(|before| !before.is_uppercase())
            || letters.peek().is_some_and(|next| next.is_lowercase());
        let begins = before.is_none() || (letter.is_uppercase() && humps);
        if begins {
            out.push(String::new());
        }
        if let Some(word) = out.last_mut() {
            word.extend(letter.to_lowercase());
        }
        before = Some(letter);
    }
    out
}

fn slug(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars().flat_map(char::to_lowercase).flat_map(base_letters) {
        if letter.is_alphanumeric() {
            out.push(letter);
        } else if !out.is_empty() && !out.ends_with('-') && !matches!(letter, '\'' | '’') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

fn truncate<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let value = argument(arguments, 0);
    if value.is_nullish() {
        return Ok(Value::Undefined);
    }
    let text = machine.display(value)?;
    let length = wrap_to_i64(argument(arguments, 1).as_number());
    let Some(length) = usize::try_from(length).ok().filter(|length| *length > 0) else {
        return Err(machine.wrong(
            format!("`truncate` needs a length of 1 or more, but got {}", shown(argument(arguments, 1))),
            Some("write `truncate(text, 40)`"),
        ));
    };
    let mark = match argument(arguments, 2) {
        Value::Undefined => Text::Borrowed("…"),
        mark => machine.display(mark)?,
    };
    machine.spend_for_bytes((text.len() as u64).saturating_add(mark.len() as u64))?;
    let segmenter = GraphemeClusterSegmenter::new();
    // The first boundary is the beginning.
    if segmenter.segment_str(&text).nth(length.saturating_add(1)).is_none() {
        return Ok(Value::Text(text));
    }
    let mark_length = segmenter.segment_str(&mark).count().saturating_sub(1);
    let end = segmenter.segment_str(&text).nth(length.saturating_sub(mark_length)).unwrap_or(0);
    machine.text(format!("{}{}", text.get(..end).unwrap_or_default().trim_end(), &*mark))
}

fn grouped<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let value = argument(arguments, 0);
    if value.is_nullish() {
        return Ok(Value::Undefined);
    }
    let text = machine.display(value)?;
    let given = argument(arguments, 1);
    let count = given.as_list().map_or(1, |list| list.len());
    machine.check_count(count)?;
    machine.spend_for_count(count)?;
    let sizes: Vec<Value<'d>> = given.iterate().map_or_else(|| vec![given.clone()], Iterator::collect);
    let sizes: Option<Vec<usize>> =
        sizes.iter().map(|size| usize::try_from(wrap_to_i64(size.as_number())).ok().filter(|size| *size > 0)).collect();
    let Some((sizes, last)) = sizes.and_then(|sizes| sizes.last().copied().map(|last| (sizes, last))) else {
        return Err(machine.wrong(
            format!("`grouped` needs a size of 1 or more, but got {}", shown(given)),
            Some("write `grouped(text, 4)` or `grouped(text, [3, 3, 4])`"),
        ));
    };
    let separator = match argument(arguments, 2) {
        Value::Undefined => Text::Borrowed(" "),
        separator => machine.display(separator)?,
    };
    machine.check_size((text.len() as u64).saturating_mul(separator.len() as u64 + 1))?;
    let mut out = String::new();
    let mut sizes = sizes.into_iter();
    let mut left = sizes.next().unwrap_or(last);
    for letter in text.chars().filter(|letter| !letter.is_whitespace()) {
        if left == 0 {
            out.push_str(&separator);
            left = sizes.next().unwrap_or(last);
        }
        out.push(letter);
        left -= 1;
    }
    machine.text(out)
}
