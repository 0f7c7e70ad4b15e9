//! Methods of points in time, with the names and results of Moment.js.

use super::{Method, argument};
use crate::expression::error::EvaluationError;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::moment::{Moment, Unit};
use crate::expression::value::{Value, wrap_to_i64};
use std::rc::Rc;

pub(super) const METHODS: &[Method] = &[
    Method::Format,
    Method::Add,
    Method::Subtract,
    Method::Diff,
    Method::Year,
    Method::Quarter,
    Method::Month,
    Method::Week,
    Method::IsoWeek,
    Method::Date,
    Method::Day,
    Method::DayOfYear,
    Method::DaysInMonth,
    Method::Hour,
    Method::Hours,
    Method::Minute,
    Method::Minutes,
    Method::Second,
    Method::Seconds,
    Method::StartOf,
    Method::EndOf,
    Method::IsBefore,
    Method::IsAfter,
    Method::IsSame,
    Method::IsSameOrBefore,
    Method::IsSameOrAfter,
    Method::IsBetween,
    Method::IsValid,
    Method::Unix,
    Method::ToIsoString,
    Method::ToString,
    Method::ValueOf,
    Method::Tz,
    Method::Utc,
    Method::Local,
    Method::Clone,
    Method::Locale,
];

pub(super) fn call<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    moment: &Rc<Moment>,
    method: Method,
    arguments: &[Value<'d>],
) -> Outcome<'d> {
    machine.spend(20)?;
    let at = moment.civil();
    let whole = |number: i64| {
        #[expect(clippy::cast_precision_loss, reason = "parts of a date are small")]
        Ok(Value::Number(number as f64))
    };
    match method {
        Method::Format => format(machine, moment, argument(arguments, 0)),
        Method::Add | Method::Subtract => add(machine, moment, arguments, method == Method::Subtract),
        Method::Diff => difference(machine, moment, arguments),
        Method::Year => whole(at.year().into()),
        Method::Quarter => whole(i64::from(at.month() + 2) / 3),
        Method::Month => whole(i64::from(at.month()) - 1),
        Method::Week | Method::IsoWeek => whole(at.date().iso_week_date().week().into()),
        Method::Date => whole(at.day().into()),
        Method::Day => whole(at.weekday().to_sunday_zero_offset().into()),
        Method::DayOfYear => whole(at.day_of_year().into()),
        Method::DaysInMonth => whole(at.days_in_month().into()),
        Method::Hour | Method::Hours => whole(at.hour().into()),
        Method::Minute | Method::Minutes => whole(at.minute().into()),
        Method::Second | Method::Seconds => whole(at.second().into()),
        Method::StartOf | Method::EndOf => bound(machine, moment, argument(arguments, 0), method == Method::EndOf),
        Method::IsBefore | Method::IsAfter | Method::IsSame | Method::IsSameOrBefore | Method::IsSameOrAfter => {
            compare(machine, moment, method, arguments)
        }
        Method::IsBetween => {
            let (from, to) = (other(machine, argument(arguments, 0))?, other(machine, argument(arguments, 1))?);
            Ok(Value::Bool(moment.epoch_ms() > from.epoch_ms() && moment.epoch_ms() < to.epoch_ms()))
        }
        Method::IsValid => Ok(Value::Bool(true)),
        Method::Unix => whole(moment.epoch_seconds()),
        Method::ToIsoString => machine.text(moment.utc_text()),
        Method::ToString => machine.display(&Value::Moment(Rc::clone(moment))).map(Value::Text),
        Method::ValueOf => Ok(Value::Number(moment.epoch_ms())),
        Method::Tz => {
            let zone = machine.display(argument(arguments, 0))?;
            zoned(machine, moment, &zone)
        }
        Method::Utc => zoned(machine, moment, "UTC"),
        Method::Locale => {
            let tag = machine.display(argument(arguments, 0))?;
            let locale = machine.named_locale(&tag)?;
            Ok(Value::Moment(Rc::new(moment.with_locale(locale))))
        }
        // `local` and `clone`; the table above lets nothing else in.
        _ => Ok(Value::Moment(Rc::clone(moment))),
    }
}

fn format<'d>(machine: &mut Machine<'_, '_, 'd>, moment: &Moment, pattern: &Value<'d>) -> Outcome<'d> {
    let mut out = String::new();
    match pattern {
        Value::Undefined => moment.write(&mut out, "YYYY-MM-DDTHH:mm:ssZ", machine.context.locale()),
        pattern => {
            let pattern = machine.display(pattern)?;
            machine.check_pattern(&pattern)?;
            moment.write(&mut out, &pattern, machine.context.locale());
        }
    }
    machine.text(out)
}

fn unit(machine: &mut Machine<'_, '_, '_>, value: &Value<'_>, default: Unit) -> Result<Unit, EvaluationError> {
    match value.as_text() {
        None if value.is_nullish() => Ok(default),
        None => Err(unknown_unit(machine, value.type_name())),
        Some(name) => Unit::from_name(name).ok_or_else(|| unknown_unit(machine, name)),
    }
}

fn unknown_unit(machine: &Machine<'_, '_, '_>, name: &str) -> EvaluationError {
    machine.wrong(
        format!("`{}` is no unit of time", name.chars().take(40).collect::<String>()),
        Some("use 'years', 'quarters', 'months', 'weeks', 'days', 'hours', 'minutes' or 'seconds'"),
    )
}

fn out_of_range(machine: &Machine<'_, '_, '_>) -> EvaluationError {
    machine.wrong("the date is out of range", Some("years go from -9999 to 9999"))
}

fn add<'d>(machine: &mut Machine<'_, '_, 'd>, moment: &Moment, arguments: &[Value<'d>], subtract: bool) -> Outcome<'d> {
    let count = argument(arguments, 0).as_number();
    if !count.is_finite() {
        return Err(machine.wrong("the count of units is no number", Some("write `moment(x).add(14, 'days')`")));
    }
    let unit = unit(machine, argument(arguments, 1), Unit::Millisecond)?;
    // Moment.js rounds parts of a unit half away from zero.
    let count = wrap_to_i64(count.round());
    let count = if subtract { count.saturating_neg() } else { count };
    let moved = moment.add(count, unit).ok_or_else(|| out_of_range(machine))?;
    Ok(Value::Moment(Rc::new(moved)))
}

/// Reads the other point in time of a comparison.
fn other(machine: &Machine<'_, '_, '_>, value: &Value<'_>) -> Result<Moment, EvaluationError> {
    Moment::from_value(value).ok_or_else(|| {
        machine.wrong(
            format!("{} is no date", crate::expression::functions::shown(value)),
            Some("give a moment or an ISO 8601 text such as '2026-03-01'"),
        )
    })
}

fn difference<'d>(machine: &mut Machine<'_, '_, 'd>, moment: &Moment, arguments: &[Value<'d>]) -> Outcome<'d> {
    let other = other(machine, argument(arguments, 0))?;
    let unit = unit(machine, argument(arguments, 1), Unit::Millisecond)?;
    let difference = moment.difference(&other, unit).ok_or_else(|| out_of_range(machine))?;
    Ok(Value::Number(if argument(arguments, 2).truthy() { difference } else { difference.trunc() + 0.0 }))
}

fn bound<'d>(machine: &mut Machine<'_, '_, 'd>, moment: &Moment, name: &Value<'d>, end: bool) -> Outcome<'d> {
    let from_monday = name.as_text().is_some_and(|name| name.starts_with("isoWeek"));
    let unit = unit(machine, name, Unit::Day)?;
    let bound = if end { moment.end_of(unit, from_monday) } else { moment.start_of(unit, from_monday) };
    Ok(Value::Moment(Rc::new(bound.ok_or_else(|| out_of_range(machine))?)))
}

fn compare<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    moment: &Moment,
    method: Method,
    arguments: &[Value<'d>],
) -> Outcome<'d> {
    let other = other(machine, argument(arguments, 0))?;
    let (left, right) = match argument(arguments, 1) {
        Value::Undefined => (moment.epoch_ms(), other.epoch_ms()),
        name => {
            let unit = unit(machine, name, Unit::Millisecond)?;
            let floor = |moment: &Moment| moment.start_of(unit, false).map(|start| start.epoch_ms());
            match (floor(moment), floor(&other)) {
                (Some(left), Some(right)) => (left, right),
                _ => return Err(out_of_range(machine)),
            }
        }
    };
    Ok(Value::Bool(match method {
        Method::IsBefore => left < right,
        Method::IsAfter => left > right,
        Method::IsSameOrBefore => left <= right,
        Method::IsSameOrAfter => left >= right,
        _ => left == right,
    }))
}

fn zoned<'d>(machine: &mut Machine<'_, '_, 'd>, moment: &Moment, zone: &str) -> Outcome<'d> {
    let moved = moment.in_zone(zone).ok_or_else(|| machine.zone_error(zone))?;
    Ok(Value::Moment(Rc::new(moved)))
}
