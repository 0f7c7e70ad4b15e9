//! Functions for lists: sums, groups, order.

use super::{Builtin, number_or_nothing};
use crate::expression::error::EvaluationError;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::locale::Locale;
use crate::expression::methods::{argument, merge_sort};
use crate::expression::sum::Sum;
use crate::expression::value::{Entries, List, Text, Value, same_value_zero};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin {
        name: "sum",
        signature: "sum(list, value?)",
        summary: "Adds up the items, or what a function or the name of a property gives for each; nothing counts as 0.",
        example: "sum([{ qty: 2, price: 0.1 }, { qty: 1, price: 0.2 }], i => i.qty * i.price)",
        result: "0.4",
        call: sum,
    },
    Builtin {
        name: "avg",
        signature: "avg(list, value?)",
        summary: "The mean of the items, without those that are nothing; `undefined` for an empty list.",
        example: "avg([1, 2, 6])",
        result: "3",
        call: average,
    },
    Builtin {
        name: "min",
        signature: "min(list, value?)",
        summary: "The least number of a list or of several arguments; `undefined` for an empty list.",
        example: "min([3, 1, 2]) + min(5, 4)",
        result: "5",
        call: minimum,
    },
    Builtin {
        name: "max",
        signature: "max(list, value?)",
        summary: "The greatest number of a list or of several arguments; `undefined` for an empty list.",
        example: "max([{ age: 3 }, { age: 7 }], 'age')",
        result: "7",
        call: maximum,
    },
    Builtin {
        name: "count",
        signature: "count(list, test?)",
        summary: "The number of items, or of those for which a function says yes.",
        example: "count([1, 2, 3, 4], n => n > 2)",
        result: "2",
        call: count,
    },
    Builtin {
        name: "group",
        signature: "group(list, key)",
        summary: "Groups items by what a function or the name of a property gives: a list of `{ key, items }` in order of appearance.",
        example: "group([{ k: 'a', n: 1 }, { k: 'b', n: 2 }, { k: 'a', n: 3 }], 'k').map(g => g.key + sum(g.items, 'n')).join(' ')",
        result: "a4 b2",
        call: group,
    },
    Builtin {
        name: "unique",
        signature: "unique(list, key?)",
        summary: "The items without repetitions; the first one stays.",
        example: "unique([3, 1, 3, 2, 1])",
        result: "3,1,2",
        call: unique,
    },
    Builtin {
        name: "sortBy",
        signature: "sortBy(list, key, 'desc'?)",
        summary: "Sorts by what a function or the name of a property gives: numbers by size, texts as a dictionary of the document's language does, nothing last.",
        example: "sortBy([{ n: 'Zoe' }, { n: 'Änne' }, { n: 'anton' }], 'n').map(x => x.n).join(' ')",
        result: "Änne anton Zoe",
        call: sort_by,
    },
    Builtin {
        name: "join",
        signature: "join(list, separator?, lastSeparator?)",
        summary: "Joins the items that are not nothing with `, `, or with what is given.",
        example: "join(['red', null, 'green', 'blue'], ', ', ' and ')",
        result: "red, green and blue",
        call: join,
    },
];

/// Reads the list argument; nothing counts as an empty list, because its absence is recorded where it is read.
pub(super) fn list<'d>(
    machine: &Machine<'_, '_, 'd>,
    value: &Value<'d>,
    function: &str,
) -> Result<List<'d>, EvaluationError> {
    match value.as_list() {
        Some(list) => Ok(list),
        None if value.is_nullish() => Ok(List::Data(&[])),
        None => Err(machine.wrong(
            format!("`{function}` needs a list, but got {}", super::shown(value)),
            Some(if value.as_record().is_some() {
                "for the values of an object write `Object.values(x)`"
            } else {
                "give a list such as `data.items`"
            }),
        )),
    }
}

/// Records the name of a property that no item has: a slip of the keyboard, which would count as nothing.
fn check_picker<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    list: &List<'d>,
    picker: &Value<'d>,
) -> Result<(), EvaluationError> {
    let (Value::Text(name), Some(first)) = (picker, list.get(0)) else { return Ok(()) };
    for item in list.items() {
        if machine.property(&item, name)?.is_some() {
            return Ok(());
        }
        machine.spend(1)?;
    }
    machine.record_missing(&first, name);
    Ok(())
}

/// The list argument of a function that takes a function, or the name of a property, too.
pub(super) fn list_with_picker<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    arguments: &[Value<'d>],
    function: &str,
) -> Result<List<'d>, EvaluationError> {
    let list = list(machine, argument(arguments, 0), function)?;
    check_picker(machine, &list, argument(arguments, 1))?;
    Ok(list)
}

/// What a function, or the name of a property, gives for an item.
pub(super) fn picked<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    picker: &Value<'d>,
    item: &Value<'d>,
    index: usize,
) -> Outcome<'d> {
    machine.spend(1)?;
    let value = match picker {
        Value::Undefined | Value::Null => item.clone(),
        Value::Text(name) => machine.property(item, name)?.unwrap_or(Value::Undefined),
        #[expect(clippy::cast_precision_loss, reason = "indexes are far below 2^53")]
        function => machine.call(function, &[item.clone(), Value::Number(index as f64)])?,
    };
    machine.spend_for_reading(&[&value])?;
    Ok(value)
}

/// The numbers of a list, without what is nothing.
fn numbers<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    values: &Value<'d>,
    picker: &Value<'d>,
    function: &str,
) -> Result<Vec<f64>, EvaluationError> {
    let list = list(machine, values, function)?;
    check_picker(machine, &list, picker)?;
    machine.check_count(list.len())?;
    let mut numbers = Vec::with_capacity(list.len());
    for (index, item) in list.into_items().enumerate() {
        let value = picked(machine, picker, &item, index)?;
        numbers.extend(number_or_nothing(machine, &value, function)?);
    }
    Ok(numbers)
}

fn total(numbers: &[f64]) -> f64 {
    let mut sum = Sum::default();
    numbers.iter().for_each(|number| sum.add(*number));
    sum.value()
}

fn sum<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let numbers = numbers(machine, argument(arguments, 0), argument(arguments, 1), "sum")?;
    Ok(Value::Number(total(&numbers)))
}

fn average<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let numbers = numbers(machine, argument(arguments, 0), argument(arguments, 1), "avg")?;
    if numbers.is_empty() {
        return Ok(Value::Undefined);
    }
    #[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^53")]
    Ok(Value::Number(total(&numbers) / numbers.len() as f64))
}

fn minimum<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    extreme(machine, arguments, "min", f64::min)
}

fn maximum<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    extreme(machine, arguments, "max", f64::max)
}

fn extreme<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    arguments: &[Value<'d>],
    function: &str,
    choose: fn(f64, f64) -> f64,
) -> Outcome<'d> {
    let first = argument(arguments, 0);
    let found = if first.as_list().is_some() || first.is_nullish() && arguments.len() <= 1 {
        numbers(machine, first, argument(arguments, 1), function)?
    } else {
        let mut found = Vec::with_capacity(arguments.len());
        for value in arguments {
            found.extend(number_or_nothing(machine, value, function)?);
        }
        found
    };
    Ok(found.into_iter().reduce(choose).map_or(Value::Undefined, Value::Number))
}

fn count<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let values = argument(arguments, 0);
    let test = argument(arguments, 1);
    let found = match values.as_record() {
        Some(record) => record.len(),
        None => {
            let list = list_with_picker(machine, arguments, "count")?;
            if test.is_nullish() {
                list.len()
            } else {
                let mut found = 0;
                for (index, item) in list.into_items().enumerate() {
                    found += usize::from(picked(machine, test, &item, index)?.truthy());
                }
                found
            }
        }
    };
    #[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^53")]
    Ok(Value::Number(found as f64))
}

/// A key that tells values of different types apart, so that 1 and '1' are two groups.
fn group_key<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    value: &Value<'d>,
) -> Result<(&'static str, Text<'d>), EvaluationError> {
    Ok((value.type_name(), machine.display(value)?))
}

fn group<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    type Found<'d> = (Value<'d>, Vec<Value<'d>>);
    let mut groups: IndexMap<(&'static str, Text<'d>), Found<'d>, FxBuildHasher> = IndexMap::default();
    let list = list_with_picker(machine, arguments, "group")?;
    machine.check_count(list.len())?;
    for (index, item) in list.into_items().enumerate() {
        let key = picked(machine, argument(arguments, 1), &item, index)?;
        let (_, items) = groups.entry(group_key(machine, &key)?).or_insert_with(|| (key, Vec::new()));
        items.push(item);
    }
    let mut out = Vec::with_capacity(groups.len());
    for (_, (key, items)) in groups {
        let mut entries = Entries::default();
        entries.insert(Text::Borrowed("key"), key);
        entries.insert(Text::Borrowed("items"), machine.list(items)?);
        out.push(machine.object(entries)?);
    }
    machine.list(out)
}

fn unique<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let list = list_with_picker(machine, arguments, "unique")?;
    machine.check_count(list.len())?;
    let mut seen: IndexMap<(&'static str, Text<'d>), Vec<Value<'d>>, FxBuildHasher> = IndexMap::default();
    let mut out = Vec::new();
    for (index, item) in list.into_items().enumerate() {
        let key = picked(machine, argument(arguments, 1), &item, index)?;
        let same_text = seen.entry(group_key(machine, &key)?).or_default();
        // Objects have the same text but are the same only when they are one.
        machine.spend(same_text.len() as u64)?;
        for known in same_text.iter() {
            machine.spend_for_reading(&[known])?;
        }
        if !same_text.iter().any(|known| same_value_zero(known, &key)) {
            same_text.push(key);
            out.push(item);
        }
    }
    machine.list(out)
}

fn sort_by<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let list = list_with_picker(machine, arguments, "sortBy")?;
    machine.check_count(list.len())?;
    let descending = match argument(arguments, 2) {
        Value::Undefined | Value::Null => false,
        direction => match direction.as_text() {
            Some("desc") => true,
            Some("asc") => false,
            _ => return Err(machine.wrong("the order must be 'asc' or 'desc'", None)),
        },
    };
    let mut keyed = Vec::with_capacity(list.len());
    for (index, item) in list.into_items().enumerate() {
        keyed.push((picked(machine, argument(arguments, 1), &item, index)?, item));
    }
    let locale = machine.context.locale();
    merge_sort(&mut keyed, &mut |left, right| {
        machine.spend(10)?;
        // Texts are folded for the comparison, which takes longer than reading them.
        machine.spend_for_reading(&[&left.0, &right.0, &left.0, &right.0])?;
        Ok::<_, EvaluationError>(match (left.0.is_nullish(), right.0.is_nullish()) {
            (true, true) => Ordering::Equal,
            // Nothing stands at the end in both directions.
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) if descending => compare_keys(&right.0, &left.0, locale),
            (false, false) => compare_keys(&left.0, &right.0, locale),
        })
    })?;
    machine.list(keyed.into_iter().map(|(_, item)| item).collect())
}

fn compare_keys(left: &Value<'_>, right: &Value<'_>, locale: &Locale) -> Ordering {
    match (left.as_text(), right.as_text()) {
        (Some(left), Some(right)) => locale.compare(left, right),
        _ => left.as_number().partial_cmp(&right.as_number()).unwrap_or(Ordering::Equal),
    }
}

fn join<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let list = list(machine, argument(arguments, 0), "join")?;
    machine.check_count(list.len())?;
    let items: Vec<Value<'d>> = list.into_items().filter(|item| !item.is_nullish()).collect();
    let separator = match argument(arguments, 1) {
        Value::Undefined => Text::Borrowed(", "),
        separator => machine.display(separator)?,
    };
    let last_separator = match argument(arguments, 2) {
        Value::Undefined => separator.clone(),
        separator => machine.display(separator)?,
    };
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(if index + 1 == items.len() { &last_separator } else { &separator });
        }
        machine.append(&mut out, item)?;
        machine.check_size(out.len() as u64)?;
        machine.spend(1)?;
    }
    machine.text(out)
}
