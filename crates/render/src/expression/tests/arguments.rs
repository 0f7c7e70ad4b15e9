//! Calls with arguments that nobody would give: whatever they are, a call takes no more than its bound.

use std::ops::Range;

use super::sample;
use crate::expression::{Context, Expression, Locale, Scope};
use crate::{Bound, DataBounds, Limits};

/// A value of each kind, and those that stand for something in some function.
const SUBSTITUTES: [&str; 16] = [
    "null",
    "undefined",
    "true",
    "6",
    "-1",
    "1e99",
    "''",
    "'name'",
    "[]",
    "[1, 'two', null]",
    "{}",
    "{ length: 3 }",
    "/a+/g",
    "x => x",
    "moment('2026-03-15')",
    "...[1, 2, 3]",
];

/// Where the arguments of the calls of a source stand, those of empty calls too. What is in strings is passed over.
fn arguments(source: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // Of each open bracket: whether it is that of a call, and where the argument began.
    let mut open: Vec<(bool, usize)> = Vec::new();
    let mut quote = None;
    let mut before = ' ';
    for (place, character) in source.char_indices() {
        if let Some(end) = quote {
            if character == end && before != '\\' {
                quote = None;
            }
        } else {
            match character {
                '\'' | '"' | '`' => quote = Some(character),
                '(' => open.push((before.is_alphanumeric(), place + 1)),
                '[' | '{' => open.push((false, place + 1)),
                ',' => {
                    if let Some((true, start)) = open.last_mut() {
                        found.push(*start..place);
                        *start = place + 1;
                    }
                }
                ')' | ']' | '}' => {
                    if let Some((true, start)) = open.pop() {
                        found.push(start..place);
                    }
                }
                _ => {}
            }
        }
        before = character;
    }
    found
}

#[test]
fn arguments_of_any_kind_take_no_more_than_their_bound() {
    let sources = include_str!("javascript_cases.txt").lines().chain(include_str!("library_cases.txt").lines());
    let limits = Limits { fuel_max: 200_000, value_size_bytes_max: 100_000, ..Limits::default() };
    let locale = Locale::new("de-DE").unwrap();
    let data = sample();
    let known = DataBounds::of_value(&data);
    let (mut bounded, mut failed) = (0, Vec::new());
    for source in sources.filter_map(|line| Some(line.split_once(" ==> ")?.0)) {
        for argument in arguments(source) {
            for substitute in SUBSTITUTES {
                let mut changed = source.to_owned();
                changed.replace_range(argument.clone(), substitute);
                let Ok(expression) = Expression::compile(&changed, &limits) else { continue };
                let Bound::AtMost(most) = Bound::of_expression(&expression, &known, &limits) else { continue };
                bounded += 1;
                let mut context = Context::new(&locale, 0, &limits);
                let is_value = expression.evaluate(&Scope::new(&data), &mut context).is_ok();
                let steps = limits.fuel_max - context.fuel_left();
                if steps > most.steps || is_value && context.made_bytes() > most.bytes {
                    let made = context.made_bytes();
                    failed.push(format!("{changed}: {steps} of {} steps, {made} of {} bytes", most.steps, most.bytes));
                }
            }
        }
    }
    failed.sort_by_key(String::len);
    assert!(failed.is_empty(), "{} of {bounded} take more:\n{}", failed.len(), failed.join("\n"));
    assert!(bounded > 10_000, "only {bounded} have a bound");
}
