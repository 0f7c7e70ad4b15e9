//! One range of a file (RFC 9110, 14): what a request asks for, and whether it still means the same file.

use std::ops::Range;

use axum::http::{HeaderMap, header};

use crate::error::WireError;

/// The one range of a `Range` header (RFC 9110, 14.2). Several ranges, other units and what cannot be read are ignored, as
/// the standard allows: the whole file is the answer.
///
/// # Errors
/// [`WireError::RangeNotSatisfiable`].
pub(crate) fn requested(headers: &HeaderMap, size_bytes: u64) -> Result<Option<Range<u64>>, WireError> {
    let mut values = headers.get_all(header::RANGE).iter();
    // A header that comes twice is no single range.
    let (Some(value), None) = (values.next().and_then(|value| value.to_str().ok()), values.next()) else {
        return Ok(None);
    };
    let Some((first, last)) = value.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Ok(None);
    };
    let (start, end) = match (number(first.trim()), number(last.trim())) {
        (Number::Absent, Number::Is(length)) => (size_bytes.saturating_sub(length), size_bytes),
        (Number::Is(start), Number::Absent) => (start, size_bytes),
        (Number::Is(start), Number::Is(last)) if start <= last => (start, last.saturating_add(1).min(size_bytes)),
        _ => return Ok(None),
    };
    if start >= end {
        return Err(WireError::RangeNotSatisfiable { size_bytes });
    }
    Ok(Some(start..end))
}

/// The entity tag of an `If-Range` header, without its quotes. A weak one, a date and what cannot be read match nothing
/// (RFC 9110, 13.1.5): they give an empty tag.
pub(crate) fn condition(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::IF_RANGE)?;
    let tag = value.to_str().ok().and_then(|value| value.trim().strip_prefix('"')?.strip_suffix('"'));
    Some(tag.unwrap_or_default())
}

enum Number {
    Absent,
    Is(u64),
    Wrong,
}

/// Digits only: `+5` is no number of the standard.
fn number(text: &str) -> Number {
    match text {
        "" => Number::Absent,
        _ if !text.bytes().all(|byte| byte.is_ascii_digit()) => Number::Wrong,
        _ => text.parse().map_or(Number::Wrong, Number::Is),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use axum::http::HeaderValue;

    use super::*;

    fn range(value: &'static str) -> Result<Option<Range<u64>>, WireError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static(value));
        requested(&headers, 100)
    }

    #[test]
    fn one_range_is_understood_in_its_three_forms() {
        assert_eq!(range("bytes=0-9").unwrap(), Some(0..10));
        assert_eq!(range("bytes=90-").unwrap(), Some(90..100));
        assert_eq!(range("bytes=-10").unwrap(), Some(90..100));
        assert_eq!(range("bytes=50-5000").unwrap(), Some(50..100));
        assert_eq!(range("bytes=-5000").unwrap(), Some(0..100));
    }

    #[test]
    fn a_range_outside_of_the_file_is_refused_with_its_size() {
        for value in ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=18446744073709551615-"] {
            assert_eq!(range(value).unwrap_err().to_string(), "the range lies outside of the file of 100 bytes");
        }
    }

    #[test]
    fn what_cannot_be_read_as_one_range_means_the_whole_file() {
        for value in [
            "bytes=0-1,5-6",
            "lines=1-2",
            "bytes=9-1",
            "bytes=x-y",
            "bytes=",
            "bytes=-",
            "bytes=99999999999999999999-",
            "bytes=+1-2",
            "bytes=1--2",
            "bytes=0x1-2",
        ] {
            assert_eq!(range(value).unwrap(), None);
        }
        let mut twice = HeaderMap::new();
        twice.append(header::RANGE, HeaderValue::from_static("bytes=0-1"));
        twice.append(header::RANGE, HeaderValue::from_static("bytes=0-2"));
        assert_eq!(requested(&twice, 100).unwrap(), None);
    }

    #[test]
    fn only_a_strong_tag_is_a_condition_that_can_match() {
        let condition_of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_RANGE, HeaderValue::from_static(value));
            condition(&headers).map(str::to_owned)
        };
        assert_eq!(condition_of("\"abc\"").as_deref(), Some("abc"));
        for other in ["W/\"abc\"", "abc", "\"", "Wed, 21 Oct 2015 07:28:00 GMT", ""] {
            assert_eq!(condition_of(other).as_deref(), Some(""), "{other}");
        }
        assert_eq!(condition(&HeaderMap::new()), None);
    }
}
