//! Functions for texts.

use super::Builtin;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::methods::argument;
use crate::expression::value::Value;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin {
        name: "upper",
        signature: "upper(text)",
        summary: "The text in capital letters, by the rules of the language.",
        example: "upper('straße')",
        result: "STRASSE",
        call: upper,
    },
    Builtin {
        name: "lower",
        signature: "lower(text)",
        summary: "The text in small letters, by the rules of the language.",
        example: "lower('INVOICE')",
        result: "invoice",
        call: lower,
    },
    Builtin {
        name: "capitalize",
        signature: "capitalize(text)",
        summary: "The text with its first letter as a capital.",
        example: "capitalize('overdue invoice')",
        result: "Overdue invoice",
        call: capitalize,
    },
    Builtin {
        name: "base64",
        signature: "base64(text)",
        summary: "The UTF-8 bytes of the text in Base64.",
        example: "base64('Grüße')",
        result: "R3LDvMOfZQ==",
        call: base64_of,
    },
    Builtin {
        name: "encodeURIComponent",
        signature: "encodeURIComponent(text)",
        summary: "The text as it can stand in a part of a link.",
        example: "encodeURIComponent('a b&c=é')",
        result: "a%20b%26c%3D%C3%A9",
        call: encode_uri_component,
    },
];

/// Runs a conversion on a text; nothing stays nothing, so that `upper(data.x)` prints nothing.
pub(super) fn converted<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    arguments: &[Value<'d>],
    convert: impl FnOnce(&str) -> String,
) -> Outcome<'d> {
    let value = argument(arguments, 0);
    if value.is_nullish() {
        return Ok(Value::Undefined);
    }
    let text = machine.display(value)?;
    // No conversion here makes a text more than three times as long.
    machine.check_size((text.len() as u64).saturating_mul(3))?;
    machine.text(convert(&text))
}

fn upper<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let locale = machine.context.locale();
    converted(machine, arguments, |text| locale.uppercase(text))
}

fn lower<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let locale = machine.context.locale();
    converted(machine, arguments, |text| locale.lowercase(text))
}

fn capitalize<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let locale = machine.context.locale();
    converted(machine, arguments, |text| {
        let rest = text.char_indices().nth(1).map_or(text.len(), |(start, _)| start);
        let (first, rest) = text.split_at_checked(rest).unwrap_or((text, ""));
        locale.uppercase(first) + rest
    })
}

fn base64_of<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    converted(machine, arguments, |text| STANDARD.encode(text))
}

fn encode_uri_component<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    converted(machine, arguments, |text| {
        let mut out = String::new();
        for byte in text.bytes() {
            // The characters of ECMA-262 19.2.6.4 that stand for themselves.
            if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push('%');
                out.extend(
                    [byte >> 4, byte & 15]
                        .iter()
                        .filter_map(|half| char::from_digit(u32::from(*half), 16))
                        .map(|digit| digit.to_ascii_uppercase()),
                );
            }
        }
        out
    })
}

/// The letters without accents that a small Latin letter is sorted under.
pub(super) fn base_letters(letter: char) -> impl Iterator<Item = char> {
    let (first, second) = match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => ('a', None),
        'æ' => ('a', Some('e')),
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => ('c', None),
        'ď' | 'đ' | 'ð' => ('d', None),
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => ('e', None),
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => ('g', None),
        'ĥ' | 'ħ' => ('h', None),
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => ('i', None),
        'ĵ' => ('j', None),
        'ķ' => ('k', None),
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => ('l', None),
        'ñ' | 'ń' | 'ņ' | 'ň' => ('n', None),
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => ('o', None),
        'œ' => ('o', Some('e')),
        'ŕ' | 'ŗ' | 'ř' => ('r', None),
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => ('s', None),
        'ß' => ('s', Some('s')),
        'ţ' | 'ť' | 'ŧ' | 'ț' => ('t', None),
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => ('u', None),
        'ŵ' => ('w', None),
        'ý' | 'ÿ' | 'ŷ' => ('y', None),
        'ź' | 'ż' | 'ž' => ('z', None),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}
