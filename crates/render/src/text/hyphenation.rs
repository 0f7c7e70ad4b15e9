//! Where words may be broken by the rules of their language (patterns of Liang, by way of `hypher`).

use hypher::Lang;

use super::classify::SOFT_HYPHEN;

/// Letters of the shortest word that is broken; shorter ones gain nothing.
const WORD_LETTER_COUNT_MIN: usize = 5;

/// Letters of the longest word that is looked at; what is longer is no word, and the search is quadratic.
const WORD_LETTER_COUNT_MAX: usize = 100;

/// Letters that stay before a break, and after it: less leaves a reader guessing. A language may ask for more.
const LETTER_COUNT_MIN: (usize, usize) = (2, 3);

/// The rules of a language, by the first part of its tag; none when there are none.
pub(super) fn rules(language: &str) -> Option<Lang> {
    let code = match language {
        // The written forms of Norwegian share their rules.
        "nb" | "nn" => "no",
        code => code,
    };
    Lang::from_iso(code.as_bytes().try_into().ok()?)
}

/// Fills `out` with the byte offsets at which words of a text may be broken, in order.
///
/// Left alone are addresses, words in capitals or with digits, words with a hyphen of any kind, and short words.
pub(super) fn fill_hyphens(text: &str, rules: Lang, out: &mut Vec<usize>) {
    out.clear();
    let (before, after) = rules.bounds();
    let bounds = (before.max(LETTER_COUNT_MIN.0), after.max(LETTER_COUNT_MIN.1));
    let mut start = 0;
    for token in text.split(' ') {
        if is_prose(token) {
            words(token, start, rules, bounds, out);
        }
        start += token.len() + 1;
    }
}

/// Whether what stands between two spaces is a word with its punctuation, and not an address, a code or a compound
/// whose writer has said where it may be broken.
fn is_prose(token: &str) -> bool {
    let inside = token.trim_matches(|character: char| !character.is_alphanumeric());
    !inside.is_empty()
        && !inside.chars().any(|character| {
            character.is_ascii_digit()
                || matches!(
                    character,
                    '.' | '@' | '/' | '\\' | '_' | ':' | '&' | '=' | '#' | '-' | '\u{2010}' | '\u{2011}'
                )
                || character == SOFT_HYPHEN
        })
}

fn words(token: &str, start: usize, rules: Lang, bounds: (usize, usize), out: &mut Vec<usize>) {
    let mut rest = 0;
    for word in token.split(|character: char| !character.is_alphabetic()) {
        let offset = start + rest;
        rest += word.len()
            + token.get(rest + word.len()..).and_then(|after| after.chars().next()).map_or(0, char::len_utf8);
        let count = word.chars().count();
        // Capitals inside are a name or an abbreviation, and neither is broken.
        let has_capital = word.chars().skip(1).any(char::is_uppercase);
        if !(WORD_LETTER_COUNT_MIN..=WORD_LETTER_COUNT_MAX).contains(&count) || has_capital {
            continue;
        }
        let mut at = offset;
        for syllable in hypher::hyphenate_bounded(word, rules, bounds.0, bounds.1) {
            at += syllable.len();
            if at < offset + word.len() {
                out.push(at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// The text with a bar at each place.
    fn marked(language: &str, text: &str) -> String {
        let mut offsets = Vec::new();
        fill_hyphens(text, rules(language).unwrap(), &mut offsets);
        let mut marked = String::new();
        for (offset, character) in text.char_indices() {
            if offsets.contains(&offset) {
                marked.push('|');
            }
            marked.push(character);
        }
        marked
    }

    #[test]
    fn words_are_broken_by_the_rules_of_their_language() {
        assert_eq!(
            marked("en", "The hyphenation of documents, naturally."),
            "The hy|phen|ation of doc|u|ments, nat|u|rally."
        );
        assert_eq!(marked("de", "Versicherungsbestätigung"), "Ver|si|che|rungs|be|stä|ti|gung");
        assert_eq!(marked("fr", "renouvellement"), "re|nou|vel|le|ment");
        // Longer than what is looked at without allocating: 45 bytes.
        assert_eq!(
            marked("de", "Kraftfahrzeughaftpflichtversicherungsbedingungen"),
            "Kraft|fahr|zeug|haft|pflicht|ver|si|che|rungs|be|din|gun|gen"
        );
        assert!(marked("ru", "превысокомногорассмотрительствующий").contains('|'));
        assert!(rules("ja").is_none() && rules("x").is_none());
        assert_eq!(marked("nb", "forsikring"), marked("no", "forsikring"));
    }

    #[test]
    fn addresses_codes_and_capitals_are_left_alone() {
        for text in [
            "https://example.org/documentation",
            "documentation@example.org",
            "www.documentation.example",
            "DOCUMENTATION",
            "DocuMentation",
            "documentation2026",
            "well-documented",
            "docu\u{AD}mentation",
            "note",
            "",
            "  ",
            "…!",
        ] {
            assert_eq!(marked("en", text), text);
        }
        assert_eq!(marked("en", "(documentation)"), "(doc|u|men|ta|tion)");
    }

    #[test]
    fn letters_stay_together_at_both_ends() {
        let mut offsets = Vec::new();
        for word in ["international", "elephant", "absolutely", "Überraschung"] {
            fill_hyphens(word, rules("en").unwrap(), &mut offsets);
            for offset in &offsets {
                assert!(word.get(..*offset).unwrap().chars().count() >= 2, "{word}");
                assert!(word.get(*offset..).unwrap().chars().count() >= 3, "{word}");
            }
        }
    }
}
