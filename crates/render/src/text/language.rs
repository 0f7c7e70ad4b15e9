//! The language of a text, in the forms that shaping, line breaking and case mapping want.

use std::borrow::Cow;

use icu_casemap::CaseMapper;

use crate::template::model::TextCase;

/// The language of a text.
#[derive(Clone, Debug)]
pub(crate) struct TextLanguage {
    pub(super) shaping: Option<harfrust::Language>,
    pub(super) breaking: Option<fontique::Language>,
    pub(super) hyphenation: Option<hypher::Lang>,
    casing: icu_locale::LanguageIdentifier,
    /// Whether upper and lower case of ASCII letters are those of English (not so in Turkish, Azeri, Lithuanian).
    plain_ascii_case: bool,
    /// Whether it is written from right to left.
    pub(super) is_right_to_left: bool,
}

impl TextLanguage {
    /// The language of a BCP 47 tag; what cannot be read is no language in particular.
    pub(crate) fn new(tag: &str) -> Self {
        let casing =
            icu_locale::LanguageIdentifier::try_from_str(tag).unwrap_or(icu_locale::LanguageIdentifier::UNKNOWN);
        let plain_ascii_case = !matches!(casing.language.as_str(), "tr" | "az" | "lt");
        let breaking = fontique::Language::parse(tag).ok();
        let shaping = breaking.as_ref().and_then(|language| language.as_str().parse().ok());
        let hyphenation = super::hyphenation::rules(casing.language.as_str());
        let is_right_to_left = match casing.script {
            Some(script) => matches!(script.as_str(), "Arab" | "Hebr" | "Thaa" | "Syrc" | "Nkoo" | "Adlm"),
            None => matches!(
                casing.language.as_str(),
                "ar" | "he" | "fa" | "ur" | "ps" | "sd" | "ckb" | "ug" | "yi" | "dv" | "syr" | "nqo"
            ),
        };
        Self { shaping, breaking, hyphenation, casing, plain_ascii_case, is_right_to_left }
    }

    /// Changes the case of a text by the rules of the language.
    pub(crate) fn with_case<'t>(&self, text: &'t str, case: TextCase) -> Cow<'t, str> {
        match case {
            TextCase::None => Cow::Borrowed(text),
            TextCase::Upper if self.plain_ascii_case && text.is_ascii() => Cow::Owned(text.to_ascii_uppercase()),
            TextCase::Lower if self.plain_ascii_case && text.is_ascii() => Cow::Owned(text.to_ascii_lowercase()),
            TextCase::Upper => CaseMapper::new().uppercase_to_string(text, &self.casing),
            TextCase::Lower => CaseMapper::new().lowercase_to_string(text, &self.casing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_follows_the_language() {
        assert_eq!(TextLanguage::new("en-GB").with_case("istanbul", TextCase::Upper), "ISTANBUL");
        assert_eq!(TextLanguage::new("tr").with_case("istanbul", TextCase::Upper), "İSTANBUL");
        assert_eq!(TextLanguage::new("de-DE").with_case("Straße", TextCase::Upper), "STRASSE");
        assert_eq!(TextLanguage::new("el").with_case("Άνθρωπος", TextCase::Upper), "ΑΝΘΡΩΠΟΣ");
        assert_eq!(TextLanguage::new("not a tag").with_case("Ab", TextCase::Lower), "ab");
    }
}
