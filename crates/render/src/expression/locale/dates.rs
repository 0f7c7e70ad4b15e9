//! Names of months and days, and the patterns of dates and times, read from CLDR for the Gregorian calendar.

use icu_calendar::Gregorian;
use icu_datetime::fieldsets::enums::{DateFieldSet, TimeFieldSet};
use icu_datetime::fieldsets::{T, YMD, YMDE};
use icu_datetime::input::{Date, DateTime, Time};
use icu_datetime::pattern::{
    DateTimePattern, DayPeriodNameLength, FixedCalendarDateTimeNames, MonthNameLength, WeekdayNameLength,
};
use icu_datetime::{FixedCalendarDateTimeFormatter, options::Length};
use icu_locale::Locale as IcuLocale;
use std::sync::OnceLock;
use writeable::{TryWriteable, Writeable};

/// How long a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expression) enum DateStyle {
    Short,
    Medium,
    Long,
    Full,
}

/// How long a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expression) enum TimeStyle {
    Short,
    Medium,
}

const DATE_STYLE_COUNT: usize = 5;
const TIME_STYLE_COUNT: usize = 3;

/// The words and patterns of a locale.
pub(in crate::expression) struct CalendarNames {
    locale: IcuLocale,
    pub(in crate::expression) months: Lengths<12>,
    /// Names of months where no day stands beside them, which differ in Slavic languages.
    pub(in crate::expression) months_alone: Lengths<12>,
    /// From Sunday.
    pub(in crate::expression) weekdays: Lengths<7>,
    pub(in crate::expression) weekdays_shortest: [Box<str>; 7],
    pub(in crate::expression) morning: Box<str>,
    pub(in crate::expression) afternoon: Box<str>,
    patterns: [[OnceLock<Box<str>>; TIME_STYLE_COUNT]; DATE_STYLE_COUNT],
}

/// Names in two lengths.
pub(in crate::expression) struct Lengths<const COUNT: usize> {
    pub(in crate::expression) wide: [Box<str>; COUNT],
    pub(in crate::expression) short: [Box<str>; COUNT],
}

impl CalendarNames {
    pub(super) fn new(locale: &IcuLocale) -> Self {
        let months = |length, pattern: &str| month_names(locale, length, pattern);
        let days = |length, pattern: &str| weekday_names(locale, length, pattern);
        Self {
            locale: locale.clone(),
            months: Lengths {
                wide: months(MonthNameLength::Wide, "MMMM"),
                short: months(MonthNameLength::Abbreviated, "MMM"),
            },
            months_alone: Lengths {
                wide: months(MonthNameLength::StandaloneWide, "LLLL"),
                short: months(MonthNameLength::StandaloneAbbreviated, "LLL"),
            },
            weekdays: Lengths {
                wide: days(WeekdayNameLength::Wide, "EEEE"),
                short: days(WeekdayNameLength::Abbreviated, "EEE"),
            },
            weekdays_shortest: days(WeekdayNameLength::Short, "EEEEEE"),
            morning: day_period(locale, 9),
            afternoon: day_period(locale, 15),
            patterns: Default::default(),
        }
    }

    /// The CLDR pattern of a style, such as `d. MMMM y`; at least one of both must be given.
    pub(in crate::expression) fn pattern(&self, date: Option<DateStyle>, time: Option<TimeStyle>) -> &str {
        let row = match date {
            None => 0,
            Some(DateStyle::Short) => 1,
            Some(DateStyle::Medium) => 2,
            Some(DateStyle::Long) => 3,
            Some(DateStyle::Full) => 4,
        };
        let column = match time {
            None => 0,
            Some(TimeStyle::Short) => 1,
            Some(TimeStyle::Medium) => 2,
        };
        let cell = self.patterns.get(row).and_then(|row: &[OnceLock<Box<str>>; TIME_STYLE_COUNT]| row.get(column));
        cell.map_or("y-MM-dd", |cell| {
            cell.get_or_init(|| find_pattern(&self.locale, date, time).unwrap_or_else(|| "y-MM-dd".into()))
        })
    }
}

/// A day on which every field has another value.
fn sample_day() -> Option<DateTime<Gregorian>> {
    Some(DateTime { date: Date::try_new_gregorian(2024, 11, 25).ok()?, time: Time::try_new(15, 45, 30, 0).ok()? })
}

fn find_pattern(locale: &IcuLocale, date: Option<DateStyle>, time: Option<TimeStyle>) -> Option<Box<str>> {
    let day = sample_day()?;
    let length = match date {
        Some(DateStyle::Short) => Length::Short,
        Some(DateStyle::Medium) | None => Length::Medium,
        Some(DateStyle::Long | DateStyle::Full) => Length::Long,
    };
    let ymd = YMD::for_length(length);
    let ymde = YMDE::for_length(length);
    let full = date == Some(DateStyle::Full);
    // Some locales have no full form with the name of the month; the long form with the weekday is one everywhere.
    if full
        && let long = find_pattern(locale, Some(DateStyle::Long), time)?
        && long.contains("MMM")
        && !find_raw(locale, ymde)?.contains("MMM")
    {
        return Some(format!("EEEE, {long}").into());
    }
    macro_rules! pattern_of {
        ($fields:expr) => {{
            let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(locale.into(), $fields).ok()?;
            let pattern = formatter.format(&day).pattern();
            // Browsers write a plain space here too: the narrow one is missing in many fonts.
            pattern.write_to_string().replace('\u{202F}', " ")
        }};
    }
    let pattern = match (date, time) {
        (None, None | Some(TimeStyle::Short)) => pattern_of!(T::hm()),
        (None, Some(TimeStyle::Medium)) => pattern_of!(T::hms()),
        (Some(_), None) if full => pattern_of!(ymde),
        (Some(_), None) => pattern_of!(ymd),
        (Some(_), Some(TimeStyle::Short)) if full => pattern_of!(ymde.with_time_hm()),
        (Some(_), Some(TimeStyle::Short)) => pattern_of!(ymd.with_time_hm()),
        (Some(_), Some(TimeStyle::Medium)) if full => pattern_of!(ymde.with_time_hms()),
        (Some(_), Some(TimeStyle::Medium)) => pattern_of!(ymd.with_time_hms()),
    };
    Some(pattern.into())
}

fn find_raw(locale: &IcuLocale, fields: YMDE) -> Option<String> {
    let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(locale.into(), fields).ok()?;
    Some(formatter.format(&sample_day()?).pattern().write_to_string().into_owned())
}

fn month_names(locale: &IcuLocale, length: MonthNameLength, pattern: &str) -> [Box<str>; 12] {
    let name = |month: u8| -> Option<Box<str>> {
        let mut names = FixedCalendarDateTimeNames::<Gregorian, DateFieldSet>::try_new(locale.into()).ok()?;
        names.include_month_names(length).ok()?;
        let pattern: DateTimePattern = pattern.parse().ok()?;
        let day = Date::try_new_gregorian(2024, month, 1).ok()?;
        let text = names.with_pattern_unchecked(&pattern).format(&day).try_write_to_string().ok()?.into_owned();
        Some(text.into())
    };
    let mut month = 0u8;
    [(); 12].map(|()| {
        month += 1;
        name(month).unwrap_or_else(|| month.to_string().into())
    })
}

fn weekday_names(locale: &IcuLocale, length: WeekdayNameLength, pattern: &str) -> [Box<str>; 7] {
    let name = |day: u8| -> Option<Box<str>> {
        let mut names = FixedCalendarDateTimeNames::<Gregorian, DateFieldSet>::try_new(locale.into()).ok()?;
        names.include_weekday_names(length).ok()?;
        let pattern: DateTimePattern = pattern.parse().ok()?;
        // 1 September 2024 was a Sunday.
        let day = Date::try_new_gregorian(2024, 9, day).ok()?;
        let text = names.with_pattern_unchecked(&pattern).format(&day).try_write_to_string().ok()?.into_owned();
        Some(text.into())
    };
    let mut day = 0u8;
    [(); 7].map(|()| {
        day += 1;
        name(day).unwrap_or_else(|| day.to_string().into())
    })
}

fn day_period(locale: &IcuLocale, hour: u8) -> Box<str> {
    let name = || -> Option<Box<str>> {
        let mut names = FixedCalendarDateTimeNames::<Gregorian, TimeFieldSet>::try_new(locale.into()).ok()?;
        names.include_day_period_names(DayPeriodNameLength::Abbreviated).ok()?;
        let pattern: DateTimePattern = "a".parse().ok()?;
        let time = Time::try_new(hour, 0, 0, 0).ok()?;
        let text = names.with_pattern_unchecked(&pattern).format(&time).try_write_to_string().ok()?.into_owned();
        Some(text.into())
    };
    name().unwrap_or_else(|| if hour < 12 { "AM".into() } else { "PM".into() })
}
