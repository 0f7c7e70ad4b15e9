//! Methods: what can be called on strings, lists, numbers and points in time.

mod list;
mod moment;
mod number;
mod pattern;
mod sort;
mod text;

pub(super) use sort::merge_sort;

use super::error::EvaluationError;
use super::evaluate::{Machine, Outcome};
use super::functions;
use super::suggest;
use super::value::Value;

macro_rules! methods {
    ($($variant:ident $name:literal,)*) => {
        /// A method by its name, found once when an expression is compiled.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Method {
            $($variant,)*
        }

        impl Method {
            /// Every name with its method.
            const ALL: &'static [(&'static str, Self)] = &[$(($name, Self::$variant),)*];
        }
    };
}

methods! {
    At "at",
    CharAt "charAt",
    CharCodeAt "charCodeAt",
    CodePointAt "codePointAt",
    Concat "concat",
    EndsWith "endsWith",
    Includes "includes",
    IndexOf "indexOf",
    LastIndexOf "lastIndexOf",
    LocaleCompare "localeCompare",
    PadEnd "padEnd",
    PadStart "padStart",
    Repeat "repeat",
    Replace "replace",
    ReplaceAll "replaceAll",
    Slice "slice",
    Split "split",
    StartsWith "startsWith",
    Exec "exec",
    Match "match",
    MatchAll "matchAll",
    Search "search",
    Test "test",
    Substr "substr",
    Substring "substring",
    ToLowerCase "toLowerCase",
    ToUpperCase "toUpperCase",
    ToLocaleLowerCase "toLocaleLowerCase",
    ToLocaleUpperCase "toLocaleUpperCase",
    ToString "toString",
    Trim "trim",
    TrimEnd "trimEnd",
    TrimStart "trimStart",
    ValueOf "valueOf",
    Entries "entries",
    Every "every",
    Filter "filter",
    Find "find",
    FindIndex "findIndex",
    FindLast "findLast",
    FindLastIndex "findLastIndex",
    Flat "flat",
    FlatMap "flatMap",
    Join "join",
    Map "map",
    Reduce "reduce",
    ReduceRight "reduceRight",
    Reverse "reverse",
    Some "some",
    Sort "sort",
    ToReversed "toReversed",
    ToSorted "toSorted",
    With "with",
    ToSpliced "toSpliced",
    Keys "keys",
    Values "values",
    HasOwnProperty "hasOwnProperty",
    Normalize "normalize",
    ToExponential "toExponential",
    ToFixed "toFixed",
    ToLocaleString "toLocaleString",
    ToPrecision "toPrecision",
    Format "format",
    Value "value",
    Add "add",
    Subtract "subtract",
    Diff "diff",
    Year "year",
    Quarter "quarter",
    Month "month",
    Week "week",
    IsoWeek "isoWeek",
    Date "date",
    Day "day",
    DayOfYear "dayOfYear",
    DaysInMonth "daysInMonth",
    Hour "hour",
    Hours "hours",
    Minute "minute",
    Minutes "minutes",
    Second "second",
    Seconds "seconds",
    StartOf "startOf",
    EndOf "endOf",
    IsBefore "isBefore",
    IsAfter "isAfter",
    IsSame "isSame",
    IsSameOrBefore "isSameOrBefore",
    IsSameOrAfter "isSameOrAfter",
    IsBetween "isBetween",
    IsValid "isValid",
    Unix "unix",
    ToIsoString "toISOString",
    Tz "tz",
    Utc "utc",
    Local "local",
    Clone "clone",
    Locale "locale",
}

impl Method {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, method)| *method)
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, method)| *method == self).map_or("", |(name, _)| name)
    }

    /// Methods of strings.
    pub(super) fn of_texts() -> &'static [Self] {
        text::METHODS
    }

    /// Methods of lists.
    pub(super) fn of_lists() -> &'static [Self] {
        list::METHODS
    }

    /// Methods of regular expressions.
    pub(super) fn of_patterns() -> &'static [Self] {
        pattern::METHODS
    }

    /// Tells whether the result depends on the locale.
    pub(super) fn uses_context(self) -> bool {
        matches!(
            self,
            Self::ToLocaleString
                | Self::LocaleCompare
                | Self::Format
                | Self::ToLocaleLowerCase
                | Self::ToLocaleUpperCase
        )
    }
}

/// Calls a method; `None` when this type does not have it.
pub(super) fn call<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    receiver: &Value<'d>,
    method: Method,
    arguments: &[Value<'d>],
) -> Option<Outcome<'d>> {
    if !has(receiver, method) {
        return None;
    }
    if method == Method::HasOwnProperty {
        return Some(machine.has_own(receiver, argument(arguments, 0)).map(Value::Bool));
    }
    Some(match receiver {
        Value::Text(text) => text::call(machine, text, method, arguments),
        Value::Array(_) | Value::DataArray(_) => list::call(machine, &receiver.as_list()?, method, arguments),
        Value::Number(number) => number::call(machine, *number, method, arguments),
        Value::Pattern(pattern) => pattern::call(machine, receiver, pattern, method, arguments),
        Value::Numeral(number) => number::call_numeral(machine, *number, method, arguments),
        Value::Moment(moment) => moment::call(machine, moment, method, arguments),
        other => match method {
            Method::ValueOf => Ok(other.clone()),
            _ => machine.display(other).map(Value::Text),
        },
    })
}

/// Tells whether a type has a method.
pub(super) fn has(receiver: &Value<'_>, method: Method) -> bool {
    let list = match receiver {
        Value::Text(_) => text::METHODS,
        Value::Array(_) | Value::DataArray(_) => list::METHODS,
        Value::Number(_) => number::METHODS,
        Value::Numeral(_) => number::NUMERAL_METHODS,
        Value::Pattern(_) => pattern::METHODS,
        Value::Moment(_) => moment::METHODS,
        Value::Bool(_) | Value::Object(_) | Value::DataObject(_) => &[Method::ToString, Method::ValueOf],
        Value::Undefined | Value::Null | Value::Function(_) => &[],
    };
    list.contains(&method) || (method == Method::HasOwnProperty && !receiver.is_nullish())
}

/// The error for a method that the type of a value does not have.
pub(super) fn unknown(offset: usize, receiver: &Value<'_>, name: &str) -> EvaluationError {
    let available = || Method::ALL.iter().filter(|(_, method)| has(receiver, *method)).map(|(name, _)| *name);
    let hint = match (receiver, name) {
        (Value::Array(_) | Value::DataArray(_), "push" | "pop" | "shift" | "unshift" | "splice" | "fill") => {
            Some("an expression changes nothing; make a new list: `[...list, item]` or `list.slice(1)`".to_owned())
        }
        (Value::Array(_) | Value::DataArray(_), "forEach") => Some("use `map` to make a new list".to_owned()),
        (Value::Text(_) | Value::Array(_) | Value::DataArray(_), "length") => {
            Some("it is a property; leave out the brackets".to_owned())
        }
        (Value::Array(_) | Value::DataArray(_), "size") => Some("write `.length`".to_owned()),
        (Value::Moment(_), _) if name.starts_with("add") || name.starts_with("subtract") => {
            Some("write `add(3, 'days')` or `subtract(1, 'month')`".to_owned())
        }
        (_, _) if functions::function(name).is_some() => Some(format!("it is a function; write `{name}(x, … )`")),
        (Value::Text(_), "toFixed" | "toLocaleString" | "toPrecision") => {
            Some(format!("the value is a string; write `Number(x).{name}( … )`"))
        }
        (Value::Text(_) | Value::Number(_), "format") => {
            Some("write `numeral(x).format( … )` or `moment(x).format( … )`".to_owned())
        }
        (Value::Object(_) | Value::DataObject(_), _) if list::METHODS.iter().any(|method| method.name() == name) => {
            Some(format!("this is an object and no list; write `Object.values(x).{name}( … )`"))
        }
        (Value::Number(_), _) if text::METHODS.iter().any(|method| method.name() == name) => {
            Some(format!("the value is a number; write `String(x).{name}( … )`"))
        }
        _ => suggest::closest(name, available()).map(|close| format!("did you mean `{close}`?")),
    };
    EvaluationError::UnknownMethod {
        offset,
        receiver: receiver.type_name(),
        method: name.into(),
        hint: hint.map(String::into_boxed_str),
    }
}

/// The argument at a place, `undefined` when it is missing.
pub(super) fn argument<'v, 'd>(arguments: &'v [Value<'d>], index: usize) -> &'v Value<'d> {
    const MISSING: &Value<'static> = &Value::Undefined;
    arguments.get(index).unwrap_or(MISSING)
}

/// An argument as an integer that stays finite: `NaN` is 0.
pub(super) fn integer(value: &Value<'_>) -> f64 {
    let number = value.as_number();
    if number.is_nan() { 0.0 } else { number.trunc() }
}

/// A count of digits, which must lie within a range.
pub(super) fn digits(
    machine: &Machine<'_, '_, '_>,
    value: &Value<'_>,
    least: u32,
    most: u32,
) -> Result<u32, EvaluationError> {
    let number = integer(value);
    if number < f64::from(least) || number > f64::from(most) {
        return Err(machine.wrong(format!("the number of digits must be from {least} to {most}"), None));
    }
    Ok(u32::try_from(super::value::wrap_to_i64(number)).unwrap_or(least))
}

impl<'d> Machine<'_, '_, 'd> {
    /// Tells whether an object has a property of its own, as `Object.hasOwn` does.
    pub(super) fn has_own(&mut self, object: &Value<'d>, key: &Value<'d>) -> Result<bool, EvaluationError> {
        let key = self.display(key)?;
        Ok(self.property(object, &key)?.is_some())
    }
}
