//! Points in time: what `moment()`, `date()` and `now()` work with.

mod arithmetic;
mod format;
mod parse;

pub(super) use arithmetic::Unit;
pub(super) use format::ordinal_suffix;

use super::locale::Locale;
use super::value::Value;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::sync::Arc;

/// A point in time with the clock of a time zone.
#[derive(Clone, Debug)]
pub struct Moment {
    civil: DateTime,
    zone: Zone,
    /// The locale that `.locale('fr')` chose.
    locale: Option<Arc<Locale>>,
}

/// The zone whose clock a moment shows.
#[derive(Clone, Debug)]
enum Zone {
    /// None was written; the clock counts as UTC and stays the same in every zone.
    Floating,
    Utc,
    /// A zone with rules of its own; its clock is that of the moment.
    Named(Box<Zoned>),
}

impl Moment {
    fn new(civil: DateTime, zone: Zone) -> Self {
        Self { civil, zone, locale: None }
    }

    pub(super) fn from_epoch_ms(epoch_ms: i64) -> Option<Self> {
        let timestamp = Timestamp::from_millisecond(epoch_ms).ok()?;
        Some(Self::new(TimeZone::UTC.to_datetime(timestamp), Zone::Utc))
    }

    /// Reads a value as a point in time: ISO 8601 text, milliseconds since 1970, or a moment.
    pub(super) fn from_value(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Moment(moment) => Some((**moment).clone()),
            Value::Number(number) | Value::Numeral(number) if number.is_finite() => {
                Self::from_epoch_ms(super::value::wrap_to_i64(*number))
            }
            Value::Text(text) => parse::iso(text),
            _ => None,
        }
    }

    /// Reads a text by a pattern such as `DD/MM/YYYY`.
    pub(super) fn from_pattern(text: &str, pattern: &str, locale: &Locale) -> Option<Self> {
        parse::by_pattern(text, pattern, locale)
    }

    /// Tells whether there is a time zone of this name.
    pub(super) fn is_zone(name: &str) -> bool {
        name.eq_ignore_ascii_case("utc") || TimeZone::get(name).is_ok()
    }

    /// Moves to a time zone by its IANA name; a time that was written without a zone keeps its clock.
    pub(super) fn in_zone(&self, name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("utc") {
            return Some(self.in_utc());
        }
        let zone = TimeZone::get(name).ok()?;
        let zoned = match &self.zone {
            Zone::Floating => self.civil.to_zoned(zone).ok()?,
            Zone::Utc => self.civil.to_zoned(TimeZone::UTC).ok()?.with_time_zone(zone),
            Zone::Named(zoned) => zoned.with_time_zone(zone),
        };
        Some(self.with_zoned(zoned))
    }

    fn in_utc(&self) -> Self {
        let civil = match &self.zone {
            Zone::Floating | Zone::Utc => self.civil,
            Zone::Named(zoned) => zoned.with_time_zone(TimeZone::UTC).datetime(),
        };
        Self { civil, zone: Zone::Utc, locale: self.locale.clone() }
    }

    pub(super) fn with_locale(&self, locale: Arc<Locale>) -> Self {
        Self { locale: Some(locale), ..self.clone() }
    }

    pub(super) fn locale(&self) -> Option<&Locale> {
        self.locale.as_deref()
    }

    /// Date and time on the clock of the zone.
    pub(super) fn civil(&self) -> DateTime {
        self.civil
    }

    fn with_zoned(&self, zoned: Zoned) -> Self {
        Self { civil: zoned.datetime(), zone: Zone::Named(Box::new(zoned)), locale: self.locale.clone() }
    }

    /// The same zone with another clock.
    fn with_civil(&self, civil: DateTime) -> Option<Self> {
        match &self.zone {
            Zone::Floating | Zone::Utc => Some(Self { civil, ..self.clone() }),
            Zone::Named(zoned) => Some(self.with_zoned(civil.to_zoned(zoned.time_zone().clone()).ok()?)),
        }
    }

    /// Seconds that the clock is ahead of UTC.
    fn offset_seconds(&self) -> i32 {
        match &self.zone {
            Zone::Floating | Zone::Utc => 0,
            Zone::Named(zoned) => zoned.offset().seconds(),
        }
    }

    /// The short name of the zone, such as `CET`.
    fn zone_name(&self) -> String {
        match &self.zone {
            Zone::Floating | Zone::Utc => "UTC".to_owned(),
            Zone::Named(zoned) => zoned.time_zone().to_offset_info(zoned.timestamp()).abbreviation().to_owned(),
        }
    }

    /// Milliseconds since 1970-01-01 UTC, rounded down.
    fn epoch_ms_whole(&self) -> i64 {
        let elapsed = self.civil.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
        let seconds = elapsed.as_secs() - i64::from(self.offset_seconds());
        // The part of a second has the sign of the whole.
        let nanoseconds = i64::from(elapsed.subsec_nanos());
        seconds * 1_000 + nanoseconds.div_euclid(1_000_000)
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[expect(clippy::cast_precision_loss, reason = "times of years up to 9999 are below 2^53 milliseconds")]
    pub(super) fn epoch_ms(&self) -> f64 {
        self.epoch_ms_whole() as f64
    }

    /// Seconds since 1970-01-01 UTC, rounded down.
    pub(super) fn epoch_seconds(&self) -> i64 {
        self.epoch_ms_whole().div_euclid(1_000)
    }

    /// Writes ISO 8601 with seconds and offset; `Z` for UTC.
    pub(super) fn write_iso(&self, out: &mut String) {
        let is_utc = matches!(self.zone, Zone::Floating | Zone::Utc);
        let pattern = if is_utc { "YYYY-MM-DDTHH:mm:ss[Z]" } else { "YYYY-MM-DDTHH:mm:ssZ" };
        format::write_numeric(out, self, pattern);
    }

    /// Writes UTC with milliseconds, as `toISOString` does.
    pub(super) fn utc_text(&self) -> String {
        let mut out = String::new();
        format::write_numeric(&mut out, &self.in_utc(), "YYYY-MM-DDTHH:mm:ss.SSS[Z]");
        out
    }

    /// Writes by a pattern of Moment.js, such as `D MMMM YYYY`.
    pub(super) fn write(&self, out: &mut String, pattern: &str, locale: &Locale) {
        format::write(out, self, pattern, self.locale.as_deref().unwrap_or(locale));
    }
}
