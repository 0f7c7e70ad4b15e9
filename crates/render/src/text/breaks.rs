//! Where lines may be broken (UAX 14).

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness, LineBreakWordOption};

/// Fills `out` with the byte offsets before which a line may begin, in order, without 0 and the end.
pub(super) fn fill_breaks(text: &str, out: &mut Vec<usize>) {
    out.clear();
    if is_plain(text) {
        out.extend(
            text.bytes()
                .enumerate()
                .zip(text.bytes().skip(1))
                .filter_map(|((index, byte), next)| (byte == b' ' && next != b' ').then_some(index + 1)),
        );
        return;
    }
    let mut options = LineBreakOptions::default();
    options.word_option = Some(LineBreakWordOption::Normal);
    options.strictness = Some(LineBreakStrictness::Strict);
    // Thai, Lao, Khmer and Burmese do not write spaces between words: those are known from a dictionary.
    let may_be_unspaced = text.bytes().any(|byte| matches!(byte, 0xE0 | 0xE1));
    let segmenter = if may_be_unspaced && text.chars().any(is_unspaced) {
        LineSegmenter::new_dictionary(options)
    } else {
        LineSegmenter::new_for_non_complex_scripts(options)
    };
    let inside = |offset: &usize| *offset > 0 && *offset < text.len();
    out.extend(segmenter.segment_str(text).filter(inside).filter(|offset| !holds_together(text, *offset)));
}

/// Letters on each side of a stroke between words that may be broken after it: `and/or` and `4a/b` stay whole.
const STROKE_LETTER_COUNT_MIN: usize = 4;

/// Whether a place at which the standard lets a line end is better left alone: after the colon or the two strokes of an
/// address (`https://`, `C:\\`), and after a stroke between short words.
fn holds_together(text: &str, offset: usize) -> bool {
    let (before, after) = text.split_at_checked(offset).unwrap_or((text, ""));
    if before.ends_with(':') {
        return after.starts_with(['/', '\\']);
    }
    let Some(left) = before.strip_suffix('/') else { return false };
    if left.ends_with('/') {
        return true;
    }
    // What stands before the stroke, as far as it could be part of an address.
    let letters = left.bytes().rev().take_while(|byte| byte.is_ascii_graphic()).count();
    let token = left.get(left.len() - letters..).unwrap_or_default();
    if token.contains(['/', '.']) {
        // An address or a path has no better place.
        return false;
    }
    let count = |letters: &mut dyn Iterator<Item = char>| {
        letters.take_while(|letter| letter.is_alphanumeric()).take(STROKE_LETTER_COUNT_MIN).count()
    };
    count(&mut left.chars().rev()).min(count(&mut after.chars())) < STROKE_LETTER_COUNT_MIN
}

/// Whether a word that is wider than a line is best broken between these characters: after the marks of an address or a
/// number.
pub(super) fn parts_well(before: char, after: char) -> bool {
    matches!(before, '/' | '\\' | '.' | '-' | '_' | '@' | ',' | '=' | '+') && after.is_alphanumeric()
}

/// Whether such a word may be broken between these characters at all: no mark begins a line.
pub(super) fn may_part(before: char, after: char) -> bool {
    after.is_alphanumeric() || !before.is_alphanumeric()
}

/// Whether a character is of a script without spaces between words (UAX 14, class SA).
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{19E0}'..='\u{19FF}')
}

/// Whether lines can only be broken after spaces, and after every one: letters, digits, and marks between or after
/// them that forbid breaks on their own account (classes IS, and CL and QU after a letter), each word beginning with a
/// letter or digit. Most running text is so, and the general algorithm is slow.
fn is_plain(text: &str) -> bool {
    let mut starts_word = true;
    for byte in text.bytes() {
        let plain = match byte {
            b' ' => true,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => true,
            b'.' | b',' | b':' | b';' => !starts_word,
            _ => false,
        };
        if !plain {
            return false;
        }
        starts_word = byte == b' ';
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaks(text: &str) -> Vec<usize> {
        let mut out = Vec::new();
        fill_breaks(text, &mut out);
        out
    }

    /// The general algorithm alone.
    fn general(text: &str) -> Vec<usize> {
        LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default())
            .segment_str(text)
            .filter(|offset| *offset > 0 && *offset < text.len())
            .collect()
    }

    #[test]
    fn plain_text_gives_what_the_general_algorithm_gives() {
        let words = ["a", "B7", "12.5", "a.b", "x,", "1,234.56", "to:", "No.;", "end.", "3.", "a:b", "9;8"];
        for first in words {
            for second in words {
                for gap in [" ", "  ", "   "] {
                    let text = format!("{first}{gap}{second}{gap}{first}");
                    assert!(is_plain(&text), "{text}");
                    assert_eq!(breaks(&text), general(&text), "{text}");
                }
            }
        }
    }

    #[test]
    fn breaks_inside_words_are_those_of_the_standard() {
        assert_eq!(breaks("well-known a/b"), [5, 11]);
        assert_eq!(breaks("(a) 5 % !"), [4, 6]);
        assert_eq!(breaks(""), Vec::<usize>::new());
        assert_eq!(breaks(" "), Vec::<usize>::new());
        assert_eq!(breaks("soft\u{AD}hyphen"), [6]);
    }

    #[test]
    fn addresses_and_short_alternatives_hold_together() {
        assert_eq!(breaks("and/or either/neither"), [7, 14]);
        assert_eq!(breaks("https://example.org/a/b?c=d"), [20, 22, 24]);
        assert_eq!(breaks("C:\\Files\\a"), Vec::<usize>::new());
        assert_eq!(breaks("4a/b 10/11"), [5]);
        assert_eq!(breaks("//"), Vec::<usize>::new());
    }
}
