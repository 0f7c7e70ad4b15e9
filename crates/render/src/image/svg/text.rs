//! The characters of SVG: numbers without noise, attributes, escaped text.

use std::fmt::Arguments;
use std::io::Write as _;

use crate::document::{Size, Transform};
use crate::pdf::number::{push_fixed, scaled};

/// How many decimals lengths have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// On a page: hundredths of a point, as in the PDF.
    Page,
    /// In a small space that gets enlarged: six decimals.
    Fine,
}

impl Scale {
    /// What a drawing of a size needs.
    pub(super) fn of(size: Size) -> Self {
        if size.width.max(size.height) >= 200.0 { Self::Page } else { Self::Fine }
    }

    const fn decimals(self) -> u32 {
        match self {
            Self::Page => 2,
            Self::Fine => 6,
        }
    }
}

/// Writes a number.
pub(super) fn push(out: &mut Vec<u8>, value: f32, scale: Scale) {
    let decimals = scale.decimals();
    push_fixed(out, scaled(value, f64::from(10_u32.pow(decimals))), decimals);
}

/// Writes numbers one after the other. A minus sign parts as well as a space does.
pub(super) fn push_list(out: &mut Vec<u8>, values: impl IntoIterator<Item = f32>, scale: Scale) {
    let mut first = true;
    for value in values {
        let place = out.len();
        push(out, value, scale);
        if !first && out.get(place) != Some(&b'-') {
            out.insert(place, b' ');
        }
        first = false;
    }
}

/// A length on a page, as text.
pub(super) fn number(value: f32) -> String {
    let mut out = Vec::new();
    push(&mut out, value, Scale::Page);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes ` name="value"`. The value has no character that would need an escape.
pub(super) fn push_attribute(out: &mut Vec<u8>, name: &str, value: Arguments<'_>) {
    // A vector takes all that is written to it.
    let _ = write!(out, " {name}=\"{value}\"");
}

/// Writes an attribute that is a number.
pub(super) fn push_number(out: &mut Vec<u8>, name: &str, value: f32, scale: Scale) {
    out.push(b' ');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"=\"");
    push(out, value, scale);
    out.push(b'"');
}

/// Writes an attribute that is a transform.
pub(super) fn push_matrix(out: &mut Vec<u8>, name: &str, transform: &Transform) {
    out.push(b' ');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"=\"matrix(");
    push_list(out, transform.coefficients, Scale::Fine);
    out.extend_from_slice(b")\"");
}

/// Writes text. Characters that XML does not have (XML 1.0, 2.2) become the replacement character.
pub(super) fn push_escaped(out: &mut Vec<u8>, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.extend_from_slice(b"&amp;"),
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            '"' => out.extend_from_slice(b"&quot;"),
            // Inside of attributes they would become spaces.
            '\t' | '\n' | '\r' => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => out.extend_from_slice("\u{FFFD}".as_bytes()),
            _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}
