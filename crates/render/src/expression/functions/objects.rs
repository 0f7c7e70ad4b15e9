//! Functions of `Object` and `Array`.

use super::Builtin;
use crate::expression::error::EvaluationError;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::methods::{argument, integer};
use crate::expression::value::{Entries, Text, Value, same_value_zero, wrap_to_i64};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin {
        name: "Object.keys",
        signature: "Object.keys(object)",
        summary: "The names of the properties.",
        example: "Object.keys({ b: 1, a: 2 })",
        result: "b,a",
        call: keys,
    },
    Builtin {
        name: "Object.values",
        signature: "Object.values(object)",
        summary: "The values of the properties.",
        example: "sum(Object.values({ b: 1, a: 2 }))",
        result: "3",
        call: values,
    },
    Builtin {
        name: "Object.entries",
        signature: "Object.entries(object)",
        summary: "A list of `[name, value]` for each property.",
        example: "Object.entries({ b: 1, a: 2 }).map(([name, value]) => name + value).join(' ')",
        result: "b1 a2",
        call: entries,
    },
    Builtin {
        name: "Object.fromEntries",
        signature: "Object.fromEntries(list)",
        summary: "An object made of a list of `[name, value]`.",
        example: "Object.fromEntries([['a', 1], ['b', 2]]).b",
        result: "2",
        call: from_entries,
    },
    Builtin {
        name: "Object.assign",
        signature: "Object.assign(object, …)",
        summary: "A new object with the properties of all, later ones first.",
        example: "JSON.stringify(Object.assign({ a: 1 }, { b: 2 }, { a: 3 }))",
        result: "{\"a\":3,\"b\":2}",
        call: assign,
    },
    Builtin {
        name: "Object.groupBy",
        signature: "Object.groupBy(list, key)",
        summary: "An object with one list for each text that the function gives; `group` keeps other keys apart too.",
        example: "JSON.stringify(Object.groupBy([1, 2, 3], n => n % 2 ? 'odd' : 'even'))",
        result: "{\"odd\":[1,3],\"even\":[2]}",
        call: group_by,
    },
    Builtin {
        name: "Object.hasOwn",
        signature: "Object.hasOwn(object, name)",
        summary: "Whether the object has a property of this name.",
        example: "Object.hasOwn({ vat: null }, 'vat')",
        result: "true",
        call: has_own,
    },
    Builtin {
        name: "Object.is",
        signature: "Object.is(a, b)",
        summary: "Whether both are the same; unlike `===`, `NaN` is the same as itself and 0 is not -0.",
        example: "Object.is(NaN, 0 / 0)",
        result: "true",
        call: |_, arguments| Ok(Value::Bool(same_value(argument(arguments, 0), argument(arguments, 1)))),
    },
    Builtin {
        name: "Array.isArray",
        signature: "Array.isArray(x)",
        summary: "Whether the value is a list.",
        example: "Array.isArray([1]) && !Array.isArray('a')",
        result: "true",
        call: is_array,
    },
    Builtin {
        name: "Array.from",
        signature: "Array.from(list, function?)",
        summary: "A list made of a list, of the characters of a text, or of `{ length: n }`.",
        example: "Array.from({ length: 3 }, (_, index) => index * 2)",
        result: "0,2,4",
        call: array_from,
    },
    Builtin {
        name: "Array.of",
        signature: "Array.of(x, …)",
        summary: "A list of the arguments.",
        example: "Array.of(1, 2).length",
        result: "2",
        call: |machine, arguments| machine.list(arguments.to_vec()),
    },
];

/// The properties of a value; lists and texts have their indexes, nothing is recorded where it is read.
fn properties<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    arguments: &[Value<'d>],
) -> Result<Vec<(Text<'d>, Value<'d>)>, EvaluationError> {
    let value = argument(arguments, 0);
    if let Some(record) = value.as_record() {
        machine.check_count(record.len())?;
        machine.spend_for_count(record.len())?;
        return Ok(record.entries());
    }
    let items = match value {
        Value::Text(_) | Value::Array(_) | Value::DataArray(_) => machine.spread_items(value)?,
        _ => Vec::new(),
    };
    machine.spend_for_count(items.len())?;
    Ok(items.into_iter().enumerate().map(|(index, item)| (Text::from(index.to_string()), item)).collect())
}

fn keys<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let properties = properties(machine, arguments)?;
    machine.list(properties.into_iter().map(|(key, _)| Value::Text(key)).collect())
}

fn values<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let properties = properties(machine, arguments)?;
    machine.list(properties.into_iter().map(|(_, value)| value).collect())
}

fn entries<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let mut items = Vec::new();
    for (key, value) in properties(machine, arguments)? {
        items.push(machine.list(vec![Value::Text(key), value])?);
    }
    machine.list(items)
}

fn from_entries<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let mut out = Entries::default();
    let Some(items) = argument(arguments, 0).iterate() else {
        return Err(machine.wrong("`Object.fromEntries` needs a list of `[name, value]`", None));
    };
    machine.check_count(items.len())?;
    for item in items {
        machine.spend(1)?;
        let Some(pair) = item.as_list() else {
            return Err(machine.wrong("`Object.fromEntries` needs a list of `[name, value]`", None));
        };
        let key = machine.display(&pair.get(0).unwrap_or(Value::Undefined))?;
        machine.spend_for_key(&key)?;
        out.insert(key, pair.get(1).unwrap_or(Value::Undefined));
    }
    machine.object(out)
}

fn group_by<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let mut groups: IndexMap<Text<'d>, Vec<Value<'d>>, FxBuildHasher> = IndexMap::default();
    let items = machine.spread_items(argument(arguments, 0))?;
    machine.spend_for_count(items.len())?;
    for (index, item) in items.into_iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "indexes are far below 2^53")]
        let key = machine.call(argument(arguments, 1), &[item.clone(), Value::Number(index as f64)])?;
        let key = machine.display(&key)?;
        machine.spend_for_key(&key)?;
        groups.entry(key).or_default().push(item);
    }
    let mut out = Entries::default();
    for (key, items) in groups {
        out.insert(key, machine.list(items)?);
    }
    machine.object(out)
}

fn has_own<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    machine.has_own(argument(arguments, 0), argument(arguments, 1)).map(Value::Bool)
}

/// `Object.is` (ECMA-262 7.2.10).
fn same_value(left: &Value<'_>, right: &Value<'_>) -> bool {
    let sign = |value: &Value<'_>| matches!(value, Value::Number(number) if number.is_sign_negative());
    let both_zero = matches!((left, right), (Value::Number(a), Value::Number(b)) if *a == 0.0 && *b == 0.0);
    same_value_zero(left, right) && (!both_zero || sign(left) == sign(right))
}

fn assign<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let mut out = Entries::default();
    for argument in arguments {
        machine.spread_entries(argument, &mut out)?;
    }
    machine.object(out)
}

fn is_array<'d>(_machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    Ok(Value::Bool(argument(arguments, 0).as_list().is_some()))
}

fn array_from<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let source = argument(arguments, 0);
    let items = match source.as_record() {
        Some(record) => {
            let length = record.get("length").map_or(0.0, |length| integer(&length));
            let length = usize::try_from(wrap_to_i64(length)).unwrap_or(0);
            machine.check_count(length)?;
            machine.spend_for_count(length)?;
            (0..length).map(|index| record.get(&index.to_string()).unwrap_or(Value::Undefined)).collect()
        }
        None => match source {
            Value::Text(_) | Value::Array(_) | Value::DataArray(_) => machine.spread_items(source)?,
            _ => Vec::new(),
        },
    };
    let function = argument(arguments, 1);
    if function.is_nullish() {
        return machine.list(items);
    }
    let mut made = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "indexes are far below 2^53")]
        let index = Value::Number(index as f64);
        made.push(machine.call(function, &[item, index])?);
    }
    machine.list(made)
}
