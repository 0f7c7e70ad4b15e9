//! Full-width marks of Chinese and Japanese: those that meet give up their blank halves (JLREQ 3.1.4; CSS Text 4,
//! clause 8.4, `text-spacing-trim`).

use std::ops::Range;

/// Marks whose left half is blank.
fn opens(character: char) -> bool {
    matches!(character, '（' | '「' | '『' | '【' | '〈' | '《' | '〔' | '［' | '｛')
}

/// Marks whose right half is blank.
pub(super) fn closes(character: char) -> bool {
    matches!(character, '）' | '」' | '』' | '】' | '〉' | '》' | '〕' | '］' | '｝' | '、' | '。' | '，' | '．')
}

/// The byte ranges of the marks that take only half a square: one that closes before any other, and one that opens after
/// one that opens.
pub(super) fn narrow_marks(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    // All of these marks begin with one of two bytes.
    if !text.bytes().any(|byte| matches!(byte, 0xE3 | 0xEF)) {
        return ranges;
    }
    let mut previous: Option<(usize, char)> = None;
    for (offset, character) in text.char_indices() {
        if let Some((start, before)) = previous {
            if closes(before) && (opens(character) || closes(character)) {
                ranges.push(start..offset);
            } else if opens(before) && opens(character) {
                ranges.push(offset..offset + character.len_utf8());
            }
        }
        previous = Some((offset, character));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_meet_are_narrow_and_others_are_not() {
        let narrow = |text: &str| -> Vec<String> {
            narrow_marks(text).into_iter().map(|range| text.get(range).unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(narrow("（税込）」です。"), ["）"]);
        assert_eq!(narrow("「『引用』」、と。"), ["『", "』", "」"]);
        assert_eq!(narrow("終わり。「次」"), ["。"]);
        assert!(narrow("（一）と（二）").is_empty() && narrow("plain (a)").is_empty());
    }
}
