//! Functions that put numbers and lists into words of a language.

use super::{Builtin, number_or_nothing, shown, spelling};
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::locale::ListStyle;
use crate::expression::methods::argument;
use crate::expression::moment::ordinal_suffix;
use crate::expression::value::{Text, Value, wrap_to_i64};

/// What writing one number in words costs, as measured against a simple step.
const WORD_STEPS: u64 = 20;

/// What reading the rules of a language costs.
const RULES_STEPS: u64 = 200;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin {
        name: "plural",
        signature: "plural(n, one, other) or plural(n, { one, few, many, other })",
        summary: "The first word for exactly one, the second for every other number; with an object the word of the category that the number has in the language of the document (CLDR: `zero`, `one`, `two`, `few`, `many`, `other`).",
        example: "3 + ' ' + plural(3, 'item', 'items') + ', ' + plural(1, { one: 'day', other: 'days' })",
        result: "3 items, day",
        call: plural,
    },
    Builtin {
        name: "ordinal",
        signature: "ordinal(n)",
        summary: "The number as a place in an order, as the language of the document writes it.",
        example: "[1, 2, 3, 11, 22].map(ordinal).join(' ')",
        result: "1st 2nd 3rd 11th 22nd",
        call: ordinal,
    },
    Builtin {
        name: "words",
        signature: "words(n, language?)",
        summary: "The number in words, in English or German; for amounts on cheques and receipts.",
        example: "words(1234.5) + ' | ' + words(2021, 'de')",
        result: "one thousand two hundred thirty-four point five | zweitausendeinundzwanzig",
        call: words,
    },
    Builtin {
        name: "roman",
        signature: "roman(n)",
        summary: "The number from 1 to 3999 in Roman numerals.",
        example: "roman(2026) + ' ' + lower(roman(14))",
        result: "MMXXVI xiv",
        call: roman,
    },
    Builtin {
        name: "joinAnd",
        signature: "joinAnd(list)",
        summary: "The items that are not nothing, joined as the language of the document does.",
        example: "joinAnd(['red', null, 'green', 'blue'])",
        result: "red, green, and blue",
        call: |machine, arguments| joined(machine, arguments, ListStyle::And, "joinAnd"),
    },
    Builtin {
        name: "joinOr",
        signature: "joinOr(list)",
        summary: "The same with an `or`.",
        example: "joinOr(['cash', 'card'])",
        result: "cash or card",
        call: |machine, arguments| joined(machine, arguments, ListStyle::Or, "joinOr"),
    },
];

fn plural<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let number = argument(arguments, 0).as_number();
    let Some(forms) = argument(arguments, 1).as_record() else {
        return Ok(argument(arguments, if number.abs() == 1.0 { 1 } else { 2 }).clone());
    };
    machine.spend(RULES_STEPS)?;
    let category = machine.context.locale().plural_category(number);
    match forms.get(category).or_else(|| forms.get("other")) {
        Some(form) => Ok(form),
        None => Err(machine.wrong(
            match category {
                "other" => "`plural` needs the form `other` for this number".to_owned(),
                category => format!("`plural` needs the form `{category}` or `other` for this number"),
            },
            Some("write `plural(n, { one: 'item', other: 'items' })`"),
        )),
    }
}

fn ordinal<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    machine.spend(WORD_STEPS)?;
    let Some(number) = number_or_nothing(machine, argument(arguments, 0), "ordinal")? else {
        return Ok(Value::Text(Text::Borrowed("")));
    };
    let whole = wrap_to_i64(number.trunc());
    machine.text(format!("{whole}{}", ordinal_suffix(whole, machine.context.locale().language())))
}

fn words<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    machine.spend(WORD_STEPS)?;
    let Some(number) = number_or_nothing(machine, argument(arguments, 0), "words")? else {
        return Ok(Value::Text(Text::Borrowed("")));
    };
    let language = match argument(arguments, 1) {
        value if value.is_nullish() => machine.context.locale().language().to_owned(),
        tag => machine.display(tag)?.chars().take_while(|letter| letter.is_alphanumeric()).collect(),
    };
    let Some(language) = spelling::Language::from_code(&language) else {
        return Err(machine.wrong(
            format!("numbers in words of the language {} are not known", shown(&Value::text(language))),
            Some("there are English and German: `words(n, 'en')`, `words(n, 'de')`"),
        ));
    };
    match spelling::spelled(number, language) {
        Some(text) => machine.text(text),
        None => {
            Err(machine.wrong("`words` needs a number of at most 15 digits before the point and 20 after it", None))
        }
    }
}

fn roman<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    machine.spend(WORD_STEPS)?;
    let Some(number) = number_or_nothing(machine, argument(arguments, 0), "roman")? else {
        return Ok(Value::Text(Text::Borrowed("")));
    };
    match u32::try_from(wrap_to_i64(number)) {
        Ok(whole) if spelling::ROMAN.contains(&whole) && number.fract() == 0.0 => machine.text(spelling::roman(whole)),
        _ => Err(machine.wrong(
            format!("`roman` needs a whole number from 1 to 3999, but got {}", shown(argument(arguments, 0))),
            None,
        )),
    }
}

fn joined<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    arguments: &[Value<'d>],
    style: ListStyle,
    function: &str,
) -> Outcome<'d> {
    machine.spend(RULES_STEPS)?;
    let list = super::lists::list(machine, argument(arguments, 0), function)?;
    machine.check_count(list.len())?;
    let mut items = Vec::with_capacity(list.len());
    let mut size_bytes = 0_u64;
    for item in list.into_items().filter(|item| !item.is_nullish()) {
        let item = machine.display(&item)?;
        machine.spend(1)?;
        // What stands between two items has a few bytes.
        size_bytes = size_bytes.saturating_add(item.len() as u64).saturating_add(16);
        machine.check_size(size_bytes)?;
        items.push(item);
    }
    let text = machine.context.locale().join(items.iter().map(|item| &**item), style);
    machine.text(text)
}
