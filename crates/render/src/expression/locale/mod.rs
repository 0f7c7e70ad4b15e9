//! Locales: how a language writes numbers, money and dates, read once from CLDR and kept as plain strings.

mod dates;
mod numbers;
mod wording;

pub(super) use dates::{CalendarNames, DateStyle, TimeStyle};
pub(super) use numbers::{CurrencyDisplay, NumberShape};
pub(super) use wording::ListStyle;

use super::decimal::Decimal;
use icu_casemap::CaseMapper;
use icu_collator::{Collator, CollatorBorrowed};
use std::cmp::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Currency shapes that one locale keeps; a document uses one or two currencies.
const CURRENCY_COUNT_MAX: usize = 32;

/// A language with its rules for numbers and dates; built once and shared by all threads.
pub struct Locale {
    tag: Box<str>,
    icu: icu_locale::Locale,
    decimal: OnceLock<NumberShape>,
    percent: OnceLock<NumberShape>,
    currencies: Mutex<Vec<(CurrencyKey, Arc<NumberShape>)>>,
    calendar: OnceLock<CalendarNames>,
    collator: OnceLock<Option<CollatorBorrowed<'static>>>,
}

type CurrencyKey = ([u8; 3], CurrencyDisplay, bool);

/// A language tag that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{tag}` is no language tag")]
pub struct LocaleError {
    /// The tag as it was given.
    pub tag: String,
}

impl Locale {
    /// Makes the locale of a BCP 47 tag such as `de-DE`; a language without data is written like English.
    ///
    /// # Errors
    /// When the tag is not well formed.
    pub fn new(tag: &str) -> Result<Self, LocaleError> {
        let error = || LocaleError { tag: tag.chars().take(40).collect() };
        let icu = icu_locale::Locale::try_from_str(tag).map_err(|_| error())?;
        Ok(Self {
            tag: tag.into(),
            icu,
            decimal: OnceLock::new(),
            percent: OnceLock::new(),
            currencies: Mutex::new(Vec::new()),
            calendar: OnceLock::new(),
            collator: OnceLock::new(),
        })
    }

    /// The tag as it was given.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The text in capital letters, by the rules of the language.
    pub(super) fn uppercase(&self, text: &str) -> String {
        CaseMapper::new().uppercase_to_string(text, &self.icu.id).into_owned()
    }

    /// The text in small letters, by the rules of the language.
    pub(super) fn lowercase(&self, text: &str) -> String {
        CaseMapper::new().lowercase_to_string(text, &self.icu.id).into_owned()
    }

    /// Compares texts as a dictionary of the language does (Unicode Technical Standard 10, with the rules of CLDR).
    pub(super) fn compare(&self, left: &str, right: &str) -> Ordering {
        let collator = self.collator.get_or_init(|| {
            Collator::try_new((&self.icu).into(), icu_collator::options::CollatorOptions::default()).ok()
        });
        collator.as_ref().map_or_else(|| left.cmp(right), |collator| collator.compare(left, right))
    }

    /// Writes a number as people of this locale do: with so many digits behind the point, else with three at most.
    pub(crate) fn write_number(&self, number: f64, decimals: Option<u32>) -> String {
        self.written(number, 0, self.decimal(), decimals.map_or((0, 3), |decimals| (decimals, decimals)))
    }

    /// Writes a share as a percentage.
    pub(crate) fn write_percent(&self, share: f64, decimals: u32) -> String {
        self.written(share, 2, self.percent(), (decimals, decimals))
    }

    fn written(&self, number: f64, shift: i32, shape: &NumberShape, (least, most): (u32, u32)) -> String {
        let mut out = String::new();
        if let Some(mut decimal) = Decimal::shortest(number) {
            decimal.shift(shift);
            decimal.round(most);
            if decimal.is_zero() {
                decimal.negative = false;
            }
            shape.write(&mut out, &decimal, least, true);
        }
        out
    }

    /// The language as a two- or three-letter code.
    pub(super) fn language(&self) -> &str {
        self.icu.id.language.as_str()
    }

    pub(super) fn decimal(&self) -> &NumberShape {
        self.decimal.get_or_init(|| numbers::decimal(&self.icu))
    }

    pub(super) fn percent(&self) -> &NumberShape {
        self.percent.get_or_init(|| numbers::percent(&self.icu, self.decimal()))
    }

    pub(super) fn calendar(&self) -> &CalendarNames {
        self.calendar.get_or_init(|| CalendarNames::new(&self.icu))
    }

    /// The shape of amounts; `None` when the code is not three letters.
    pub(super) fn currency(&self, code: &str, display: CurrencyDisplay, accounting: bool) -> Option<Arc<NumberShape>> {
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        let code = code.map(|letter| letter.to_ascii_uppercase());
        if !code.iter().all(u8::is_ascii_uppercase) {
            return None;
        }
        let key = (code, display, accounting);
        // A thread that panicked cannot have left the list half written: it is only pushed to.
        let mut currencies = self.currencies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, shape)) = currencies.iter().find(|(known, _)| *known == key) {
            return Some(Arc::clone(shape));
        }
        let shape = Arc::new(numbers::currency(&self.icu, self.decimal(), code, display, accounting)?);
        if currencies.len() >= CURRENCY_COUNT_MAX {
            currencies.remove(0);
        }
        currencies.push((key, Arc::clone(&shape)));
        Some(shape)
    }
}

impl std::fmt::Debug for Locale {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Locale").field(&self.tag).finish()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_locale_is_shared_by_threads() {
        fn shared<T: Send + Sync>(_: &T) {}
        shared(&Locale::new("de-DE").unwrap());
    }

    #[test]
    fn a_malformed_tag_is_refused_and_an_unknown_language_is_not() {
        assert_eq!(Locale::new("not a tag").unwrap_err().to_string(), "`not a tag` is no language tag");
        assert!(Locale::new("").is_err());
        assert!(Locale::new(&"x".repeat(10_000)).is_err());
        assert_eq!(Locale::new("qqx").unwrap().decimal().decimal_separator(), ".");
    }
}
