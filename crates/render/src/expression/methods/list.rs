//! Methods of lists; all of them leave the list as it is and give a new one.

use super::{Method, argument, integer, merge_sort};
use crate::expression::error::EvaluationError;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::value::{List, Value, compare_texts, index_from, same_value_zero, strictly_equal, wrap_to_i64};
use std::cmp::Ordering;

pub(super) const METHODS: &[Method] = &[
    Method::At,
    Method::Concat,
    Method::Entries,
    Method::Every,
    Method::Filter,
    Method::Find,
    Method::FindIndex,
    Method::FindLast,
    Method::FindLastIndex,
    Method::Flat,
    Method::FlatMap,
    Method::Includes,
    Method::IndexOf,
    Method::Join,
    Method::LastIndexOf,
    Method::Keys,
    Method::Map,
    Method::Reduce,
    Method::ReduceRight,
    Method::Reverse,
    Method::Slice,
    Method::Some,
    Method::Sort,
    Method::ToReversed,
    Method::ToSorted,
    Method::ToSpliced,
    Method::ToString,
    Method::ValueOf,
    Method::Values,
    Method::With,
];

pub(super) fn call<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    list: &List<'d>,
    method: Method,
    arguments: &[Value<'d>],
) -> Outcome<'d> {
    let first = argument(arguments, 0);
    match method {
        Method::At => Ok(position(first, list.len()).and_then(|index| list.get(index)).unwrap_or(Value::Undefined)),
        Method::Concat => concat(machine, list, arguments),
        Method::Entries => entries(machine, list),
        Method::Every => Ok(Value::Bool(search(machine, list, first, false, false)?.is_none())),
        Method::Some => Ok(Value::Bool(search(machine, list, first, true, false)?.is_some())),
        Method::Find => Ok(search(machine, list, first, true, false)?.map_or(Value::Undefined, |(_, item)| item)),
        Method::FindLast => Ok(search(machine, list, first, true, true)?.map_or(Value::Undefined, |(_, item)| item)),
        Method::FindIndex => Ok(index_value(search(machine, list, first, true, false)?.map(|(index, _)| index))),
        Method::FindLastIndex => Ok(index_value(search(machine, list, first, true, true)?.map(|(index, _)| index))),
        Method::Filter => filter(machine, list, first),
        Method::Map => map(machine, list, first),
        Method::FlatMap => {
            let mapped = map(machine, list, first)?;
            let mut items = Vec::new();
            flatten(machine, &mapped, 1, &mut items)?;
            machine.list(items)
        }
        Method::Flat => {
            let depth = if matches!(first, Value::Undefined) { 1 } else { wrap_to_i64(integer(first)) };
            let mut items = Vec::new();
            flatten(machine, &list.to_value(), depth, &mut items)?;
            machine.list(items)
        }
        Method::Includes => {
            let start = index_from(argument(arguments, 1).as_number(), list.len());
            Ok(Value::Bool(
                position_of(machine, list.items().enumerate().skip(start), first, same_value_zero)?.is_some(),
            ))
        }
        Method::IndexOf => {
            let start = index_from(argument(arguments, 1).as_number(), list.len());
            Ok(index_value(position_of(machine, list.items().enumerate().skip(start), first, strictly_equal)?))
        }
        Method::LastIndexOf => {
            let count = match arguments.get(1) {
                Some(from) => last_count(from, list.len()),
                None => list.len(),
            };
            Ok(index_value(position_of(machine, list.items().enumerate().take(count).rev(), first, strictly_equal)?))
        }
        Method::Join => join(machine, list, first),
        Method::Reduce => reduce(machine, list, arguments, false),
        Method::ReduceRight => reduce(machine, list, arguments, true),
        Method::Reverse | Method::ToReversed => {
            machine.check_count(list.len())?;
            machine.list(list.items().rev().collect())
        }
        Method::Slice => {
            let start = index_from(first.as_number(), list.len());
            let end = match argument(arguments, 1) {
                Value::Undefined => list.len(),
                end => index_from(end.as_number(), list.len()),
            };
            machine.list(list.items().skip(start).take(end.saturating_sub(start)).collect())
        }
        Method::Sort | Method::ToSorted => sort(machine, list, first),
        Method::Keys => machine.list((0..list.len()).map(number).collect()),
        Method::ToSpliced => to_spliced(machine, list, arguments),
        Method::With => {
            let mut items: Vec<Value<'d>> = list.items().collect();
            match position(first, items.len()).and_then(|index| items.get_mut(index)) {
                Some(item) => *item = argument(arguments, 1).clone(),
                None => return Err(machine.wrong("`with` needs the index of an item of the list", None)),
            }
            machine.list(items)
        }
        Method::ToString => machine.display(&list.to_value()).map(Value::Text),
        // `values` and `valueOf`; the table above lets nothing else in.
        _ => Ok(list.to_value()),
    }
}

/// How many items a search from the end looks at when it begins at a position.
fn last_count(from: &Value<'_>, length: usize) -> usize {
    let from = integer(from);
    if from >= 0.0 {
        return usize::try_from(wrap_to_i64(from)).unwrap_or(usize::MAX).saturating_add(1).min(length);
    }
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    usize::try_from(wrap_to_i64(from).saturating_add(length).saturating_add(1)).unwrap_or(0)
}

/// Fails when a list method gets something that cannot be called, even when the list has no items to call it for.
fn check_callable<'d>(machine: &Machine<'_, '_, 'd>, function: &Value<'d>) -> Result<(), EvaluationError> {
    match function {
        Value::Function(_) => Ok(()),
        other => Err(machine.not_callable(other)),
    }
}

/// An index that may count from the end.
fn position(value: &Value<'_>, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let index = wrap_to_i64(integer(value));
    let index = if index < 0 { index.saturating_add(length) } else { index };
    if index < length { usize::try_from(index).ok() } else { None }
}

#[expect(clippy::cast_precision_loss, reason = "indexes are far below 2^53")]
fn number<'d>(index: usize) -> Value<'d> {
    Value::Number(index as f64)
}

fn index_value<'d>(index: Option<usize>) -> Value<'d> {
    index.map_or(Value::Number(-1.0), number)
}

/// Finds the first of some items that equals a value.
fn position_of<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    items: impl Iterator<Item = (usize, Value<'d>)>,
    wanted: &Value<'d>,
    equal: fn(&Value<'_>, &Value<'_>) -> bool,
) -> Result<Option<usize>, EvaluationError> {
    for (index, item) in items {
        machine.spend(1)?;
        if let (Value::Text(_), Value::Text(_)) = (&item, wanted) {
            machine.spend_for_reading(&[&item])?;
        }
        if equal(&item, wanted) {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// Calls a function with an item, its index and the list.
fn visit<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    function: &Value<'d>,
    list: &List<'d>,
    index: usize,
    item: Value<'d>,
) -> Outcome<'d> {
    machine.call(function, &[item, number(index), list.to_value()])
}

/// Finds the first item for which the function answers as wanted.
fn search<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    list: &List<'d>,
    function: &Value<'d>,
    wanted: bool,
    from_end: bool,
) -> Result<Option<(usize, Value<'d>)>, EvaluationError> {
    check_callable(machine, function)?;
    for step in 0..list.len() {
        let index = if from_end { list.len() - 1 - step } else { step };
        let Some(item) = list.get(index) else { break };
        if visit(machine, function, list, index, item.clone())?.truthy() == wanted {
            return Ok(Some((index, item)));
        }
    }
    Ok(None)
}

fn map<'d>(machine: &mut Machine<'_, '_, 'd>, list: &List<'d>, function: &Value<'d>) -> Outcome<'d> {
    check_callable(machine, function)?;
    machine.check_count(list.len())?;
    let mut items = Vec::with_capacity(list.len());
    for (index, item) in list.items().enumerate() {
        items.push(visit(machine, function, list, index, item)?);
    }
    machine.list(items)
}

fn filter<'d>(machine: &mut Machine<'_, '_, 'd>, list: &List<'d>, function: &Value<'d>) -> Outcome<'d> {
    check_callable(machine, function)?;
    let mut items = Vec::new();
    for (index, item) in list.items().enumerate() {
        if visit(machine, function, list, index, item.clone())?.truthy() {
            items.push(item);
        }
    }
    machine.list(items)
}

fn reduce<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    list: &List<'d>,
    arguments: &[Value<'d>],
    from_end: bool,
) -> Outcome<'d> {
    let function = argument(arguments, 0);
    check_callable(machine, function)?;
    let mut steps = 0..list.len();
    let index_of = |step: usize| if from_end { list.len() - 1 - step } else { step };
    let mut value = match arguments.get(1) {
        Some(start) => start.clone(),
        None => match steps.next().and_then(|step| list.get(index_of(step))) {
            Some(first) => first,
            None => {
                return Err(machine.wrong(
                    "`reduce` of an empty list needs a value to begin with",
                    Some("give it as the second argument: `list.reduce((sum, x) => sum + x, 0)`"),
                ));
            }
        },
    };
    for step in steps {
        let index = index_of(step);
        let item = list.get(index).unwrap_or(Value::Undefined);
        value = machine.call(function, &[value, item, number(index), list.to_value()])?;
    }
    Ok(value)
}

fn concat<'d>(machine: &mut Machine<'_, '_, 'd>, list: &List<'d>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let mut items: Vec<Value<'d>> = list.items().collect();
    for argument in arguments {
        match argument.as_list() {
            Some(other) => {
                machine.check_count(items.len().saturating_add(other.len()))?;
                items.extend(other.items());
            }
            None => items.push(argument.clone()),
        }
    }
    machine.list(items)
}

/// A copy without some items and with others in their place (ECMA-262 23.1.3.35).
fn to_spliced<'d>(machine: &mut Machine<'_, '_, 'd>, list: &List<'d>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let start = index_from(argument(arguments, 0).as_number(), list.len());
    let removed = match arguments {
        [] => 0,
        [_] => list.len(),
        [_, count, ..] => usize::try_from(wrap_to_i64(integer(count))).unwrap_or(0),
    };
    let inserted = arguments.get(2..).unwrap_or_default();
    machine.check_count(list.len().saturating_add(inserted.len()))?;
    let items = list.items().take(start).chain(inserted.iter().cloned());
    machine.list(items.chain(list.items().skip(start.saturating_add(removed))).collect())
}

fn entries<'d>(machine: &mut Machine<'_, '_, 'd>, list: &List<'d>) -> Outcome<'d> {
    let mut items = Vec::with_capacity(list.len());
    for (index, item) in list.items().enumerate() {
        items.push(machine.list(vec![number(index), item])?);
    }
    machine.list(items)
}

/// Appends the items, with lists inside taken apart that many levels deep; lists cannot be nested deeper than the limit.
fn flatten<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    value: &Value<'d>,
    depth: i64,
    items: &mut Vec<Value<'d>>,
) -> Result<(), EvaluationError> {
    for item in value.iterate().into_iter().flatten() {
        machine.spend(1)?;
        if depth > 0 && item.as_list().is_some() {
            flatten(machine, &item, depth - 1, items)?;
        } else {
            items.push(item);
            machine.check_count(items.len())?;
        }
    }
    Ok(())
}

pub(in crate::expression) fn join<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    list: &List<'d>,
    separator: &Value<'d>,
) -> Outcome<'d> {
    let separator = match separator {
        Value::Undefined => crate::expression::value::Text::Borrowed(","),
        separator => machine.display(separator)?,
    };
    let mut out = String::new();
    for (index, item) in list.items().enumerate() {
        if index > 0 {
            out.push_str(&separator);
        }
        if !item.is_nullish() {
            machine.append(&mut out, &item)?;
        }
        machine.check_size(out.len() as u64)?;
        machine.spend(1)?;
    }
    machine.text(out)
}

fn sort<'d>(machine: &mut Machine<'_, '_, 'd>, list: &List<'d>, compare: &Value<'d>) -> Outcome<'d> {
    machine.check_count(list.len())?;
    let (undefined, mut items): (Vec<_>, Vec<_>) = list.items().partition(|item| matches!(item, Value::Undefined));
    if let Value::Undefined = compare {
        let mut keyed = Vec::with_capacity(items.len());
        for item in items {
            keyed.push((machine.display(&item)?, item));
        }
        merge_sort(&mut keyed, &mut |left, right| {
            machine.spend(1)?;
            machine.spend_for_key(&left.0)?;
            machine.spend_for_key(&right.0)?;
            Ok::<_, EvaluationError>(compare_texts(&left.0, &right.0))
        })?;
        items = keyed.into_iter().map(|(_, item)| item).collect();
    } else {
        check_callable(machine, compare)?;
        merge_sort(&mut items, &mut |left, right| {
            let order = machine.call(compare, &[left.clone(), right.clone()])?.as_number();
            Ok::<_, EvaluationError>(order.partial_cmp(&0.0).unwrap_or(Ordering::Equal))
        })?;
    }
    items.extend(undefined);
    machine.list(items)
}
