//! The context of a render: locale, clock, page, fuel, and what could not be resolved.

use super::locale::Locale;
use crate::Limits;
use crate::template::Classification;
use std::sync::Arc;

/// Paths that are remembered as unresolved; a template with more is broken as a whole, and nobody reads on.
const UNRESOLVED_COUNT_MAX: usize = 100;

/// Locales named in calls, such as `x.toLocaleString('fr')`, that are kept; documents use one or two.
const OTHER_LOCALE_COUNT_MAX: usize = 8;

/// Currencies and locales together whose first use is counted once; as few as are kept.
pub(super) const USED_COUNT_MAX: usize = 8;

/// Longer names are no currencies and no usual language tags.
pub(super) const USED_SIZE_BYTES_MAX: usize = 40;

/// How many values of the largest allowed size one evaluation may make, thrown away or not.
pub(super) const VALUE_COUNT_OF_LARGEST_MAX: u64 = 16;

/// A property that an expression read and that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// The path as it is written in the expression, such as `data.customer.nmae`.
    pub path: String,
    /// What was probably meant, as a sentence.
    pub hint: Option<String>,
}

/// Everything that evaluations of one render share.
#[derive(Debug)]
pub struct Context<'w> {
    /// The current page, from 1, where pages are known.
    pub page_number: Option<u32>,
    /// The number of pages, where it is known.
    pub total_pages: Option<u32>,
    /// How the document must be handled, where that is known.
    pub class: Option<Classification>,
    pub(super) locale: &'w Locale,
    pub(super) now_ms: i64,
    pub(super) fuel_left: u64,
    pub(super) depth_max: u32,
    pub(super) value_size_bytes_max: u64,
    /// Bytes that the current evaluation has made, counted without what it gave back.
    pub(super) made_bytes: u64,
    unresolved: Vec<Unresolved>,
    other_locales: Vec<(Box<str>, Arc<Locale>)>,
    /// Currencies and locale tags whose first use was counted.
    used: Vec<Box<str>>,
}

impl<'w> Context<'w> {
    /// Makes the context of one render; `now_ms` is the time of `sys.now`, in milliseconds since 1970-01-01 UTC.
    pub fn new(locale: &'w Locale, now_ms: i64, limits: &Limits) -> Self {
        Self {
            page_number: None,
            total_pages: None,
            class: None,
            locale,
            now_ms,
            fuel_left: limits.fuel_max,
            depth_max: limits.depth_max,
            value_size_bytes_max: u64::from(limits.value_size_bytes_max),
            made_bytes: 0,
            unresolved: Vec::new(),
            other_locales: Vec::new(),
            used: Vec::new(),
        }
    }

    /// The context of a document that must be handled so.
    pub fn with_class(self, class: Option<Classification>) -> Self {
        Self { class, ..self }
    }

    /// Steps that all further evaluations may take.
    pub fn fuel_left(&self) -> u64 {
        self.fuel_left
    }

    /// Bytes that the last evaluation made, whether it kept them or not.
    pub fn made_bytes(&self) -> u64 {
        self.made_bytes
    }

    /// The locale of the render.
    pub fn locale(&self) -> &'w Locale {
        self.locale
    }

    /// Gives the paths that could not be resolved since the last call, each once, at most 100, in order of reading.
    pub fn take_unresolved(&mut self) -> Vec<Unresolved> {
        std::mem::take(&mut self.unresolved)
    }

    pub(super) fn made_bytes_max(&self) -> u64 {
        self.value_size_bytes_max.saturating_mul(VALUE_COUNT_OF_LARGEST_MAX)
    }

    /// Records a path once; the hint is only made when it is needed.
    pub(super) fn record_unresolved(&mut self, path: &str, hint: impl FnOnce() -> Option<String>) {
        if self.unresolved.len() >= UNRESOLVED_COUNT_MAX || self.unresolved.iter().any(|known| known.path == path) {
            return;
        }
        self.unresolved.push(Unresolved { path: path.to_owned(), hint: hint() });
    }

    /// Tells whether a currency or a locale tag is used for the first time; after a few every one counts as new, since
    /// what is kept of them may have been dropped. The answer depends on this render alone.
    pub(super) fn is_first_use(&mut self, name: &str) -> bool {
        if self.used.iter().any(|used| **used == *name) {
            return false;
        }
        if self.used.len() < USED_COUNT_MAX && name.len() <= USED_SIZE_BYTES_MAX {
            self.used.push(name.into());
        }
        true
    }

    /// Gives the locale that a call named.
    pub(super) fn named_locale(&mut self, tag: &str) -> Result<Arc<Locale>, super::locale::LocaleError> {
        if let Some((_, locale)) = self.other_locales.iter().find(|(known, _)| &**known == tag) {
            return Ok(Arc::clone(locale));
        }
        let locale = Arc::new(Locale::new(tag)?);
        if self.other_locales.len() >= OTHER_LOCALE_COUNT_MAX {
            self.other_locales.remove(0);
        }
        self.other_locales.push((tag.into(), Arc::clone(&locale)));
        Ok(locale)
    }
}
