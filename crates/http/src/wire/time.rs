//! Times on the wire: RFC 3339 in UTC, to the second.

/// Writes milliseconds since the Unix epoch as `2026-01-31T12:00:00Z`. A time outside of what the calendar holds is
/// written as the epoch, which no stored time is.
pub(crate) fn format(time_ms: i64) -> String {
    jiff::Timestamp::from_second(time_ms.div_euclid(1000)).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn times_are_rfc_3339_in_utc_without_fractions() {
        assert_eq!(format(0), "1970-01-01T00:00:00Z");
        assert_eq!(format(1_769_860_800_999), "2026-01-31T12:00:00Z");
        assert_eq!(format(i64::MAX), "1970-01-01T00:00:00Z");
    }
}
