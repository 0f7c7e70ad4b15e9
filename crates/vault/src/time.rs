//! A point in time as an argument; the vault has no clock.

/// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds; never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The last millisecond of the year 9999: what PostgreSQL, RFC 3339 and a link's five bytes can all hold.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// A point in time from milliseconds since the epoch; later than [`Timestamp::MAX`] becomes that.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        if millis > Self::MAX.0 { Self::MAX } else { Self(millis) }
    }

    /// A point in time from the database's signed milliseconds; before the epoch becomes the epoch.
    #[must_use]
    pub const fn from_signed_millis(millis: i64) -> Self {
        Self::from_millis(if millis < 0 { 0 } else { millis.unsigned_abs() })
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// Milliseconds since the epoch, as the database counts them.
    #[must_use]
    pub const fn signed_millis(self) -> i64 {
        // MAX is far below the largest i64.
        self.0.cast_signed()
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0 / 1000
    }

    /// This time plus `millis`, at most [`Timestamp::MAX`].
    #[must_use]
    pub const fn plus_millis(self, millis: u64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// This time minus `millis`, at least the epoch.
    #[must_use]
    pub const fn minus_millis(self, millis: u64) -> Self {
        Self(self.0.saturating_sub(millis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stay_in_range_at_both_ends() {
        assert_eq!(Timestamp::from_millis(u64::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::MAX.plus_millis(1), Timestamp::MAX);
        assert_eq!(Timestamp::from_millis(5).minus_millis(6), Timestamp::from_millis(0));
        assert_eq!(Timestamp::from_signed_millis(-1), Timestamp::from_millis(0));
        assert_eq!(Timestamp::MAX.signed_millis(), 253_402_300_799_999);
    }
}
