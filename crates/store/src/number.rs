//! Numbers on their way between Rust's unsigned and PostgreSQL's signed ones.

use crate::StoreError;

/// For a `bigint` column.
pub(crate) fn to_bigint(value: u64, what: &'static str) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::TooLarge { what })
}

/// For an `integer` column.
pub(crate) fn to_integer(value: u32, what: &'static str) -> Result<i32, StoreError> {
    i32::try_from(value).map_err(|_| StoreError::TooLarge { what })
}

/// From a `bigint` column that a check keeps non-negative.
pub(crate) fn from_bigint(value: i64, what: &'static str) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Unknown { what })
}

/// From an `integer` column that a check keeps non-negative.
pub(crate) fn from_integer(value: i32, what: &'static str) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::Unknown { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        assert!(to_bigint(u64::MAX, "size").is_err());
        assert!(to_integer(u32::MAX, "pages").is_err());
        assert!(from_bigint(-1, "size").is_err());
        assert!(from_integer(-1, "pages").is_err());
    }
}
