//! The clock: the only place from which this crate learns the time.

use std::time::{SystemTime, UNIX_EPOCH};

use chancery_vault::Timestamp;

/// Tells the time. Tests hand in their own.
pub trait Clock: Send + Sync {
    /// The time, UTC.
    fn now(&self) -> Timestamp;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
    }
}
