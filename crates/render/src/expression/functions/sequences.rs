//! Functions that take lists apart and put them together.

use super::lists::{list, list_with_picker, picked};
use super::{Builtin, number_or_nothing, shown};
use crate::expression::error::EvaluationError;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::methods::argument;
use crate::expression::sum::Sum;
use crate::expression::value::{Value, wrap_to_i64};

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin {
        name: "first",
        signature: "first(list, count?)",
        summary: "The first item, or a list of so many.",
        example: "first(['a', 'b', 'c']) + first(['a', 'b', 'c'], 2).join('')",
        result: "aab",
        call: first,
    },
    Builtin {
        name: "last",
        signature: "last(list, count?)",
        summary: "The last item, or a list of so many.",
        example: "last(['a', 'b', 'c']) + last(['a', 'b', 'c'], 2).join('')",
        result: "cbc",
        call: last,
    },
    Builtin {
        name: "chunk",
        signature: "chunk(list, size)",
        summary: "Lists of so many items each, for labels or columns; the last one may be shorter.",
        example: "chunk([1, 2, 3, 4, 5], 2).map(row => row.join('+')).join(' ')",
        result: "1+2 3+4 5",
        call: chunk,
    },
    Builtin {
        name: "range",
        signature: "range(start?, end, step?)",
        summary: "The numbers from the start (0) up to but without the end.",
        example: "range(4).join() + ' ' + range(1, 10, 3).join()",
        result: "0,1,2,3 1,4,7",
        call: range,
    },
    Builtin {
        name: "zip",
        signature: "zip(list, list, …)",
        summary: "A list of the first items, of the second items and so on, as long as the longest list.",
        example: "zip(['a', 'b'], [1, 2]).map(([name, value]) => name + value).join(' ')",
        result: "a1 b2",
        call: zip,
    },
    Builtin {
        name: "cumulative",
        signature: "cumulative(list, value?)",
        summary: "The sum up to and with each item, of the items or of what a function or the name of a property gives.",
        example: "cumulative([{ amount: 10 }, { amount: 5 }, { amount: -3 }], 'amount').join()",
        result: "10,15,12",
        call: cumulative,
    },
    Builtin {
        name: "minBy",
        signature: "minBy(list, value)",
        summary: "The item for which a function or the name of a property gives the least number.",
        example: "minBy([{ name: 'A', price: 3 }, { name: 'B', price: 2 }], 'price').name",
        result: "B",
        call: |machine, arguments| extreme_by(machine, arguments, "minBy", |number, best| number < best),
    },
    Builtin {
        name: "maxBy",
        signature: "maxBy(list, value)",
        summary: "The item for which a function or the name of a property gives the greatest number.",
        example: "maxBy([{ name: 'A', price: 3 }, { name: 'B', price: 2 }], item => item.price).name",
        result: "A",
        call: |machine, arguments| extreme_by(machine, arguments, "maxBy", |number, best| number > best),
    },
];

/// A count of items that must not be negative.
fn count(
    machine: &Machine<'_, '_, '_>,
    value: &Value<'_>,
    least: usize,
    function: &str,
) -> Result<usize, EvaluationError> {
    let count = usize::try_from(wrap_to_i64(value.as_number())).ok();
    match count.filter(|count| *count >= least && !value.as_number().is_nan()) {
        Some(count) => Ok(count),
        None => Err(machine.wrong(
            format!("`{function}` needs a count of {least} or more, but got {}", shown(value)),
            Some("give a whole number"),
        )),
    }
}

fn first<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let items = list(machine, argument(arguments, 0), "first")?;
    match argument(arguments, 1) {
        Value::Undefined => Ok(items.get(0).unwrap_or(Value::Undefined)),
        wanted => {
            let count = count(machine, wanted, 0, "first")?;
            machine.list(items.into_items().take(count).collect())
        }
    }
}

fn last<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let items = list(machine, argument(arguments, 0), "last")?;
    match argument(arguments, 1) {
        Value::Undefined => {
            Ok(items.len().checked_sub(1).and_then(|index| items.get(index)).unwrap_or(Value::Undefined))
        }
        wanted => {
            let skipped = items.len().saturating_sub(count(machine, wanted, 0, "last")?);
            machine.list(items.into_items().skip(skipped).collect())
        }
    }
}

fn chunk<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let items = list(machine, argument(arguments, 0), "chunk")?;
    let size = count(machine, argument(arguments, 1), 1, "chunk")?;
    machine.check_count(items.len())?;
    let mut items = items.into_items();
    let mut out = Vec::new();
    while items.len() > 0 {
        out.push(machine.list(items.by_ref().take(size).collect())?);
    }
    machine.list(out)
}

#[expect(clippy::cast_precision_loss, reason = "indexes are far below 2^53")]
fn range<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let numbers: Vec<f64> = arguments.iter().map(Value::as_number).collect();
    let (start, end, step) = match numbers.as_slice() {
        [end] => (0.0, *end, 1.0),
        [start, end] => (*start, *end, 1.0),
        [start, end, step, ..] => (*start, *end, *step),
        [] => (0.0, f64::NAN, 1.0),
    };
    if ![start, end, step].iter().all(|number| number.is_finite()) || step == 0.0 {
        return Err(machine.wrong("`range` needs numbers, and a step that is not 0", Some("write `range(1, 13)`")));
    }
    let count = usize::try_from(wrap_to_i64(((end - start) / step).ceil())).unwrap_or(0);
    machine.check_count(count)?;
    machine.list((0..count).map(|index| Value::Number(start + step * index as f64)).collect())
}

fn zip<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let lists = arguments.iter().map(|value| list(machine, value, "zip")).collect::<Result<Vec<_>, _>>()?;
    let length = lists.iter().map(|list| list.len()).max().unwrap_or(0);
    machine.check_count(length.saturating_mul(lists.len()))?;
    let mut out = Vec::with_capacity(length);
    for index in 0..length {
        out.push(machine.list(lists.iter().map(|list| list.get(index).unwrap_or(Value::Undefined)).collect())?);
    }
    machine.list(out)
}

fn cumulative<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let items = list_with_picker(machine, arguments, "cumulative")?;
    machine.check_count(items.len())?;
    let mut sum = Sum::default();
    let mut out = Vec::with_capacity(items.len());
    for (index, item) in items.into_items().enumerate() {
        let value = picked(machine, argument(arguments, 1), &item, index)?;
        if let Some(number) = number_or_nothing(machine, &value, "cumulative")? {
            sum.add(number);
        }
        out.push(Value::Number(sum.value()));
    }
    machine.list(out)
}

fn extreme_by<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    arguments: &[Value<'d>],
    function: &str,
    better: fn(f64, f64) -> bool,
) -> Outcome<'d> {
    let mut best: Option<(f64, Value<'d>)> = None;
    for (index, item) in list_with_picker(machine, arguments, function)?.into_items().enumerate() {
        let value = picked(machine, argument(arguments, 1), &item, index)?;
        if let Some(number) = number_or_nothing(machine, &value, function)?
            && best.as_ref().is_none_or(|(known, _)| better(number, *known))
        {
            best = Some((number, item));
        }
    }
    Ok(best.map_or(Value::Undefined, |(_, item)| item))
}
