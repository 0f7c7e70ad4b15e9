//! Functions for dates and times, written as the locale writes them.

use super::{Builtin, shown};
use crate::expression::calendar;
use crate::expression::error::EvaluationError;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::locale::{DateStyle, TimeStyle};
use crate::expression::methods::argument;
use crate::expression::moment::Moment;
use crate::expression::value::{Text, Value};
use std::rc::Rc;

/// The longest pattern of a date; longer ones are texts by mistake.
const PATTERN_SIZE_BYTES_MAX: usize = 200;

/// What reading or writing one date costs, as measured against a simple step.
const FORMAT_STEPS: u64 = 20;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin {
        name: "date",
        signature: "date(x, style?, timeZone?)",
        summary: "Writes a date as 'short', 'medium', 'long' or 'full', or by a pattern of Moment.js. Nothing gives an empty text.",
        example: "date('2026-03-15', 'long') + ' | ' + date('2026-03-15', 'DD.MM.YYYY')",
        result: "March 15, 2026 | 15.03.2026",
        call: date,
    },
    Builtin {
        name: "time",
        signature: "time(x, style?, timeZone?)",
        summary: "Writes a time of day as 'short' or 'medium' (with seconds), or by a pattern.",
        example: "time('2026-03-15T14:05:09Z', 'HH:mm:ss') + ' ' + time('2026-03-15T14:05:09Z', 'HH:mm', 'Europe/Berlin')",
        result: "14:05:09 15:05",
        call: time,
    },
    Builtin {
        name: "datetime",
        signature: "datetime(x, style?, timeZone?)",
        summary: "Writes a date with its time of day, in the styles of `date`, or by a pattern.",
        example: "datetime('2026-03-15T14:05:09Z', 'YYYY-MM-DD HH:mm')",
        result: "2026-03-15 14:05",
        call: datetime,
    },
    Builtin {
        name: "now",
        signature: "now()",
        summary: "The time at which the document is made; the same everywhere in one document.",
        example: "now().format('YYYY-MM-DD')",
        result: "2026-03-15",
        call: now,
    },
    Builtin {
        name: "moment",
        signature: "moment(x?, pattern?)",
        summary: "A point in time with the methods of Moment.js, such as `format`, `add`, `subtract`, `diff`, `year`, `month`, `date`, `startOf`, `endOf`, `isBefore`, `tz`; in UTC where nothing else is said.",
        example: "moment('31/01/2026', 'DD/MM/YYYY').add(1, 'month').format('D MMMM YYYY')",
        result: "28 February 2026",
        call: moment,
    },
];

impl Machine<'_, '_, '_> {
    pub(in crate::expression) fn check_pattern(&self, pattern: &str) -> Result<(), EvaluationError> {
        if pattern.len() > PATTERN_SIZE_BYTES_MAX {
            return Err(self.wrong(format!("a pattern of a date has at most {PATTERN_SIZE_BYTES_MAX} bytes"), None));
        }
        Ok(())
    }

    pub(in crate::expression) fn zone_error(&self, zone: &str) -> EvaluationError {
        if Moment::is_zone(zone) {
            return self.wrong("the date is out of range", Some("years go from -9999 to 9999"));
        }
        let zone: String = zone.chars().take(40).collect();
        self.wrong(format!("`{zone}` is no time zone"), Some("write a name such as 'Europe/Berlin' or 'UTC'"))
    }
}

/// Reads the time argument and moves it to the zone argument; nothing is `None`.
fn moment_argument<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    arguments: &[Value<'d>],
    function: &str,
) -> Result<Option<Moment>, EvaluationError> {
    let value = argument(arguments, 0);
    match value {
        Value::Undefined | Value::Null => return Ok(None),
        Value::Text(text) if text.trim().is_empty() => return Ok(None),
        _ => {}
    }
    let moment = Moment::from_value(value).ok_or_else(|| {
        machine.wrong(
            format!("`{function}` needs a date, but got {}", shown(value)),
            Some("write dates like '2026-03-15', or say how to read them: `moment(x, 'DD/MM/YYYY')`"),
        )
    })?;
    match argument(arguments, 2) {
        zone if zone.is_nullish() => Ok(Some(moment)),
        zone => {
            let zone = machine.display(zone)?;
            moment.in_zone(&zone).map(Some).ok_or_else(|| machine.zone_error(&zone))
        }
    }
}

/// What is to be written of a point in time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Date,
    Time,
    Both,
}

fn date<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    written(machine, arguments, Shown::Date, "date")
}

fn time<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    written(machine, arguments, Shown::Time, "time")
}

fn datetime<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    written(machine, arguments, Shown::Both, "datetime")
}

fn written<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>], what: Shown, function: &str) -> Outcome<'d> {
    machine.spend(FORMAT_STEPS)?;
    let Some(moment) = moment_argument(machine, arguments, function)? else {
        return Ok(Value::Text(Text::Borrowed("")));
    };
    let style = match argument(arguments, 1) {
        value if value.is_nullish() => Text::Borrowed(if what == Shown::Time { "short" } else { "medium" }),
        style => machine.display(style)?,
    };
    let date_style = match &*style {
        "short" => Some(DateStyle::Short),
        "medium" => Some(DateStyle::Medium),
        "long" => Some(DateStyle::Long),
        "full" => Some(DateStyle::Full),
        _ => None,
    };
    let mut out = String::new();
    let locale = moment.locale().unwrap_or_else(|| machine.context.locale());
    match date_style {
        Some(date_style) => {
            let date = (what != Shown::Time).then_some(date_style);
            let time = match what {
                Shown::Date => None,
                Shown::Time if date_style != DateStyle::Short => Some(TimeStyle::Medium),
                Shown::Time | Shown::Both => Some(TimeStyle::Short),
            };
            calendar::write(&mut out, locale.calendar().pattern(date, time), moment.civil(), locale);
        }
        None => {
            machine.check_pattern(&style)?;
            moment.write(&mut out, &style, locale);
        }
    }
    machine.text(out)
}

fn now<'d>(machine: &mut Machine<'_, '_, 'd>, _arguments: &[Value<'d>]) -> Outcome<'d> {
    let now = Moment::from_epoch_ms(machine.context.now_ms)
        .ok_or_else(|| machine.wrong("the time of the document is out of range", None))?;
    Ok(Value::Moment(Rc::new(now)))
}

fn moment<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    machine.spend(FORMAT_STEPS)?;
    let Some(value) = arguments.first() else { return now(machine, arguments) };
    // Moment.js takes nothing as now, which would print today for a date that the data lacks.
    if value.is_nullish() || value.as_text().is_some_and(|text| text.trim().is_empty()) {
        return Ok(Value::Undefined);
    }
    let found = match (value, argument(arguments, 1)) {
        (Value::Text(text), pattern) if !pattern.is_nullish() => {
            let pattern = machine.display(pattern)?;
            machine.check_pattern(&pattern)?;
            Moment::from_pattern(text, &pattern, machine.context.locale())
        }
        (value, _) => Moment::from_value(value),
    };
    let found = found.ok_or_else(|| {
        machine.wrong(
            format!("`moment` cannot read {} as a date", shown(value)),
            Some("write dates like '2026-03-15', or say how to read them: `moment(x, 'DD/MM/YYYY')`"),
        )
    })?;
    Ok(Value::Moment(Rc::new(found)))
}
