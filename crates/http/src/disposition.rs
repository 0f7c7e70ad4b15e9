//! Writes `Content-Disposition` (RFC 6266) so that any file name arrives as it was meant.

use std::fmt::Write;

use axum::http::HeaderValue;

/// The browser saves the file.
pub(crate) fn attachment(file_name: &str) -> HeaderValue {
    with_type("attachment", file_name)
}

/// The browser shows the file if it can.
pub(crate) fn inline(file_name: &str) -> HeaderValue {
    with_type("inline", file_name)
}

fn with_type(kind: &'static str, file_name: &str) -> HeaderValue {
    let mut value = format!("{kind}; filename=\"");
    value.extend(file_name.chars().map(|character| match character {
        '"' | '\\' => '_',
        character if character.is_ascii() && !character.is_ascii_control() => character,
        _ => '_',
    }));
    value.push('"');
    if !file_name.is_ascii() {
        value.push_str("; filename*=UTF-8''");
        for byte in file_name.bytes() {
            // RFC 8187, 3.2.1: attr-char goes as it is.
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                value.push(char::from(byte));
            } else {
                // Writing to a string does not fail.
                let _ = write!(value, "%{byte:02X}");
            }
        }
    }
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_is_quoted() {
        assert_eq!(attachment("a b.pdf"), "attachment; filename=\"a b.pdf\"");
        assert_eq!(inline("a.pdf"), "inline; filename=\"a.pdf\"");
    }

    #[test]
    fn a_hostile_name_cannot_leave_its_quotes_or_its_line() {
        assert_eq!(attachment("a\"; x=\"\r\nSet-Cookie: b\\"), "attachment; filename=\"a_; x=___Set-Cookie: b_\"");
    }

    #[test]
    fn a_foreign_name_comes_in_both_forms() {
        assert_eq!(attachment("Größe.pdf"), "attachment; filename=\"Gr__e.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf");
    }
}
