//! Which characters are shown as emoji and which as text (UTS #51, clause 1.4): that decides whether fonts in colour are
//! asked first or last.

use std::ops::Range;

use icu_properties::CodePointSetData;
use icu_properties::props::{Emoji, EmojiModifier, EmojiPresentation};
use icu_segmenter::GraphemeClusterSegmenter;

/// How a cluster of characters wants to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presentation {
    /// In colour.
    Emoji,
    /// In the colour of the text.
    Text,
}

/// Variation selectors 15 and 16, which say it (UTS #51, ED-8 and ED-9).
const AS_TEXT: char = '\u{FE0E}';
const AS_EMOJI: char = '\u{FE0F}';

/// The box around the digit of a keycap.
const KEYCAP: char = '\u{20E3}';

/// Joins emoji to one.
const JOINER: char = '\u{200D}';

/// The byte ranges of all clusters that say how they want to be shown, be it by a selector or by what they are.
pub(super) fn presentations(text: &str) -> Vec<(Range<usize>, Presentation)> {
    let mut ranges = Vec::new();
    if text.is_ascii() {
        return ranges;
    }
    let mut start = 0;
    for end in GraphemeClusterSegmenter::new().segment_str(text).skip(1) {
        let presentation = text.get(start..end).and_then(presentation);
        ranges.extend(presentation.map(|presentation| (start..end, presentation)));
        start = end;
    }
    ranges
}

fn presentation(cluster: &str) -> Option<Presentation> {
    let emoji = CodePointSetData::new::<Emoji>();
    let mut characters = cluster.chars();
    let first = characters.next()?;
    if !emoji.contains(first) {
        return None;
    }
    let modifiers = CodePointSetData::new::<EmojiModifier>();
    match characters.next() {
        Some(AS_TEXT) => Some(Presentation::Text),
        Some(AS_EMOJI | KEYCAP) => Some(Presentation::Emoji),
        Some(next) if modifiers.contains(next) => Some(Presentation::Emoji),
        Some(JOINER) if characters.next().is_some_and(|next| emoji.contains(next)) => Some(Presentation::Emoji),
        _ => CodePointSetData::new::<EmojiPresentation>().contains(first).then_some(Presentation::Emoji),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(&str, Presentation)> {
        let ranges = presentations(text).into_iter();
        ranges.map(|(range, presentation)| (text.get(range).unwrap_or_default(), presentation)).collect()
    }

    #[test]
    fn emoji_of_one_and_of_many_characters_are_found() {
        for emoji in ["😀", "👍🏽", "👩‍💻", "🇩🇪", "1️⃣", "1⃣", "❤️", "☝🏽", "🏳️‍🌈", "❤‍🔥"]
        {
            assert_eq!(shown(&format!("é{emoji}é")), [(emoji, Presentation::Emoji)], "{emoji}");
        }
    }

    #[test]
    fn what_is_text_unless_it_says_otherwise_stays_text() {
        assert_eq!(shown("☎ é 12 © ™ ❤ #1 漢字"), []);
        assert_eq!(shown("☕\u{FE0E}"), [("☕\u{FE0E}", Presentation::Text)]);
        assert_eq!(shown("©\u{FE0F}"), [("©\u{FE0F}", Presentation::Emoji)]);
        assert_eq!(shown("only ASCII: 1 # *"), []);
    }
}
