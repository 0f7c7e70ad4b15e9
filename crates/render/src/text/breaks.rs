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
    let segmenter = if text.chars().any(is_unspaced) {
        LineSegmenter::new_dictionary(options)
    } else {
        LineSegmenter::new_for_non_complex_scripts(options)
    };
    out.extend(segmenter.segment_str(text).filter(|offset| *offset > 0 && *offset < text.len()));
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
        assert_eq!(breaks("well-known a/b"), [5, 11, 13]);
        assert_eq!(breaks("(a) 5 % !"), [4, 6]);
        assert_eq!(breaks(""), Vec::<usize>::new());
        assert_eq!(breaks(" "), Vec::<usize>::new());
        assert_eq!(breaks("soft\u{AD}hyphen"), [6]);
    }
}
