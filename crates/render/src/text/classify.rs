//! Which text may take the short way.

use harfrust::{Script, script};

use crate::fonts::Face;

/// What a paragraph needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// One left-to-right script without marks, and the face has every character.
    Simple(Script),
    /// Anything else.
    Complex,
}

/// Judges a paragraph.
pub(super) fn classify(text: &str, face: &Face) -> Class {
    if face.has_ascii() && text.bytes().all(|byte| (0x20..0x7F).contains(&byte)) {
        return Class::Simple(script::LATIN);
    }
    let mut found = None;
    for character in text.chars() {
        let Some(kind) = kind_of(character) else { return Class::Complex };
        if character != SOFT_HYPHEN && face.glyph(character).is_none() {
            return Class::Complex;
        }
        if let Some(script) = kind {
            if found.is_some_and(|found| found != script) {
                return Class::Complex;
            }
            found = Some(script);
        }
    }
    Class::Simple(found.unwrap_or(script::LATIN))
}

/// An invisible place where a word may be broken.
pub(super) const SOFT_HYPHEN: char = '\u{AD}';

/// The script of a character that may take the short way; the inner `None` is for what all scripts share.
fn kind_of(character: char) -> Option<Option<Script>> {
    match character {
        'a'..='z' | 'A'..='Z' | 'ª' | 'º' => Some(Some(script::LATIN)),
        ' '..='~' | '\u{A0}'..='¿' | '×' | '÷' => Some(None),
        'À'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => Some(Some(script::LATIN)),
        '\u{37E}' | '\u{385}' | '\u{387}' => Some(None),
        '\u{376}' | '\u{377}' | '\u{37B}'..='\u{37D}' | '\u{37F}' | '\u{384}'..='\u{3E1}' => Some(Some(script::GREEK)),
        '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}' => Some(Some(script::CYRILLIC)),
        // Spaces, dashes, quotation marks, bullet, ellipsis, per mille, primes, angle quotation marks.
        '\u{2002}'..='\u{200A}' | '\u{2010}'..='\u{2015}' | '\u{2018}'..='\u{201F}' | '\u{2020}'..='\u{2022}' => {
            Some(None)
        }
        '\u{2026}' | '\u{202F}' | '\u{2030}' | '\u{2032}' | '\u{2033}' | '\u{2039}' | '\u{203A}' => Some(None),
        // Currency signs, numero, trade mark, arrows, minus.
        '\u{20A0}'..='\u{20C0}' | '\u{2116}' | '\u{2122}' | '\u{2190}'..='\u{2193}' | '\u{2212}' => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::testing;

    #[test]
    fn only_one_simple_script_in_one_face_is_simple() {
        let face = testing::face("Inter_400Regular");
        let class = |text| classify(text, &face);
        assert_eq!(class(""), Class::Simple(script::LATIN));
        assert_eq!(class("Total: 12.50 €"), Class::Simple(script::LATIN));
        assert_eq!(class("Größe – “übergroß”"), Class::Simple(script::LATIN));
        assert_eq!(class("Счёт № 5"), Class::Simple(script::CYRILLIC));
        assert_eq!(class("Τιμολόγιο"), Class::Simple(script::GREEK));
        assert_eq!(class("Счёт invoice"), Class::Complex);
        assert_eq!(class("e\u{301}"), Class::Complex);
        assert_eq!(class("שלום"), Class::Complex);
        assert_eq!(class("漢字"), Class::Complex);
        assert_eq!(class("a\u{202E}b"), Class::Complex);
    }
}
