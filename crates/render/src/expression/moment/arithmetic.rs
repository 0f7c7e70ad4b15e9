//! Arithmetic with points in time, with the results of Moment.js.

use super::{Moment, Zone};
use jiff::Span;
use jiff::civil::Date;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expression) enum Unit {
    Year,
    Quarter,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

impl Unit {
    /// Reads a unit as Moment.js writes it: `day`, `days`, `d`.
    pub(in crate::expression) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "year" | "years" | "y" => Self::Year,
            "quarter" | "quarters" | "Q" => Self::Quarter,
            "month" | "months" | "M" => Self::Month,
            "week" | "weeks" | "w" | "isoWeek" | "isoWeeks" => Self::Week,
            "day" | "days" | "d" | "date" => Self::Day,
            "hour" | "hours" | "h" => Self::Hour,
            "minute" | "minutes" | "m" => Self::Minute,
            "second" | "seconds" | "s" => Self::Second,
            "millisecond" | "milliseconds" | "ms" => Self::Millisecond,
            _ => return None,
        })
    }

    fn span(self, count: i64) -> Option<Span> {
        let span = Span::new();
        match self {
            Self::Year => span.try_years(count),
            Self::Quarter => span.try_months(count.checked_mul(3)?),
            Self::Month => span.try_months(count),
            Self::Week => span.try_weeks(count),
            Self::Day => span.try_days(count),
            Self::Hour => span.try_hours(count),
            Self::Minute => span.try_minutes(count),
            Self::Second => span.try_seconds(count),
            Self::Millisecond => span.try_milliseconds(count),
        }
        .ok()
    }
}

impl Moment {
    /// Adds units; `None` when the result is not within the years -9999 to 9999.
    pub(in crate::expression) fn add(&self, count: i64, unit: Unit) -> Option<Self> {
        let span = unit.span(count)?;
        match &self.zone {
            Zone::Floating | Zone::Utc => self.with_civil(self.civil.checked_add(span).ok()?),
            Zone::Named(zoned) => Some(self.with_zoned(zoned.checked_add(span).ok()?)),
        }
    }

    /// The first instant of the unit around this time; weeks begin on Sunday, or on Monday when asked for.
    pub(in crate::expression) fn start_of(&self, unit: Unit, week_from_monday: bool) -> Option<Self> {
        let at = self.civil;
        let time = |hour, minute, second| jiff::civil::Time::new(hour, minute, second, 0).ok();
        let midnight = |date: Date| Some(date.to_datetime(time(0, 0, 0)?));
        let start = match unit {
            Unit::Year => midnight(at.date().first_of_year()),
            Unit::Quarter => midnight(Date::new(at.year(), (at.month() - 1) / 3 * 3 + 1, 1).ok()?),
            Unit::Month => midnight(at.date().first_of_month()),
            Unit::Week => {
                let weekday = at.weekday();
                let back =
                    if week_from_monday { weekday.to_monday_zero_offset() } else { weekday.to_sunday_zero_offset() };
                midnight(at.date().checked_sub(Span::new().try_days(back).ok()?).ok()?)
            }
            Unit::Day => midnight(at.date()),
            Unit::Hour => Some(at.date().to_datetime(time(at.hour(), 0, 0)?)),
            Unit::Minute => Some(at.date().to_datetime(time(at.hour(), at.minute(), 0)?)),
            Unit::Second => Some(at.date().to_datetime(time(at.hour(), at.minute(), at.second())?)),
            Unit::Millisecond => Some(at),
        }?;
        self.with_civil(start)
    }

    /// The last millisecond of the unit around this time.
    pub(in crate::expression) fn end_of(&self, unit: Unit, week_from_monday: bool) -> Option<Self> {
        let start = self.start_of(unit, week_from_monday)?;
        match start.add(1, unit) {
            Some(next) => next.add(-1, Unit::Millisecond),
            // The last unit of all has no next one.
            None => start.with_civil(Date::MAX.to_datetime(jiff::civil::Time::MAX)),
        }
    }

    /// The difference to another time, with its fraction.
    pub(in crate::expression) fn difference(&self, other: &Self, unit: Unit) -> Option<f64> {
        let other = match &self.zone {
            Zone::Floating | Zone::Utc => other.in_utc(),
            Zone::Named(zoned) => match &other.zone {
                Zone::Named(other_zoned) => other.with_zoned(other_zoned.with_time_zone(zoned.time_zone().clone())),
                Zone::Floating | Zone::Utc => {
                    let utc = other.civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
                    other.with_zoned(utc.with_time_zone(zoned.time_zone().clone()))
                }
            },
        };
        let elapsed_ms = self.epoch_ms() - other.epoch_ms();
        let offset_ms = f64::from(self.offset_seconds() - other.offset_seconds()) * 1_000.0;
        Some(match unit {
            Unit::Year => months_between(self, &other)? / 12.0,
            Unit::Quarter => months_between(self, &other)? / 3.0,
            Unit::Month => months_between(self, &other)?,
            // Days and weeks count clocks, so that a change to summer time does not make 30.96 days.
            Unit::Week => (elapsed_ms + offset_ms) / 604_800_000.0,
            Unit::Day => (elapsed_ms + offset_ms) / 86_400_000.0,
            Unit::Hour => elapsed_ms / 3_600_000.0,
            Unit::Minute => elapsed_ms / 60_000.0,
            Unit::Second => elapsed_ms / 1_000.0,
            Unit::Millisecond => elapsed_ms,
        })
    }
}

/// Months from `right` to `left`: whole ones, and the rest as a part of the month that it lies in.
fn months_between(left: &Moment, right: &Moment) -> Option<f64> {
    let (from, to) = (left.civil, right.civil);
    if from.day() < to.day() {
        return months_between(right, left).map(|months| -months);
    }
    let whole = (i64::from(to.year()) - i64::from(from.year())) * 12 + i64::from(to.month()) - i64::from(from.month());
    let shifted = |months: i64| Some(left.add(months, Unit::Month)?.epoch_ms());
    let anchor = shifted(whole)?;
    let beyond = if right.epoch_ms() < anchor { anchor - shifted(whole - 1)? } else { shifted(whole + 1)? - anchor };
    let part = (right.epoch_ms() - anchor) / beyond;
    #[expect(clippy::cast_precision_loss, reason = "years are four digits long")]
    let months = -(whole as f64 + part);
    // Not negative zero, which would print the same but divide differently.
    Some(if months == 0.0 { 0.0 } else { months })
}
