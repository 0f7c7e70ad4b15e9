//! The words of the pages behind links, in English and German.

use axum::http::{HeaderMap, header};

use super::Notice;

/// The words of one language.
pub(super) struct Words {
    /// The language's tag.
    pub(super) language: &'static str,
    pub(super) class: &'static str,
    pub(super) recipient: &'static str,
    pub(super) kind: &'static str,
    pub(super) size: &'static str,
    pub(super) expiry: &'static str,
    pub(super) uses: &'static str,
    pub(super) once: &'static str,
    pub(super) passcode: &'static str,
    pub(super) passcode_hint: &'static str,
    pub(super) download: &'static str,
    pub(super) digest: &'static str,
    pub(super) digest_hint: &'static str,
    /// Missing, wrong, locked.
    notices: [&'static str; 3],
    /// PDF, picture, file.
    kinds: [&'static str; 3],
    bytes: &'static str,
    decimal: char,
    months: [&'static str; 12],
    /// `{day}`, `{month}`, `{year}` and `{time}`.
    date: &'static str,
    /// Code, title, text. The last stands for all others.
    failures: [(&'static str, &'static str, &'static str); 7],
}

static ENGLISH: Words = Words {
    language: "en",
    class: "Class",
    recipient: "For",
    kind: "Type",
    size: "Size",
    expiry: "Available until",
    uses: "Downloads",
    once: "Works once",
    passcode: "Passcode",
    passcode_hint: "Eight letters and digits that came another way than this link.",
    download: "Download",
    digest: "Fingerprint (SHA-256)",
    digest_hint: "Compare it with that of the file you received to know that it is this one, unchanged.",
    notices: [
        "Please enter the passcode.",
        "That is not the passcode of this link. Please look again.",
        "Too many wrong passcodes were tried. Please wait a quarter of an hour, or ask for a new link.",
    ],
    kinds: ["PDF document", "Picture", "File"],
    bytes: "bytes",
    decimal: '.',
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    date: "{day} {month} {year}, {time} UTC",
    failures: [
        ("link-expired", "This link has expired", "Please ask whoever sent it for a new one."),
        ("link-revoked", "This link was revoked", "Whoever sent it has taken it back. Please ask them for a new one."),
        (
            "link-used-up",
            "This link was used already",
            "It worked for a limited number of downloads. Please ask whoever sent it for a new one.",
        ),
        (
            "link-elsewhere",
            "Not from this network",
            "This link works from certain networks only. Please connect to the network that it was made for.",
        ),
        (
            "link-invalid",
            "This link does not work",
            "Perhaps part of the address was lost on the way. Please copy the whole link again.",
        ),
        (
            "passcode-locked",
            "Please wait",
            "Too many wrong passcodes were tried. Please wait a quarter of an hour, or ask for a new link.",
        ),
        ("", "Something is not right", "Please try again in a moment."),
    ],
};

static GERMAN: Words = Words {
    language: "de",
    class: "Klasse",
    recipient: "Für",
    kind: "Art",
    size: "Größe",
    expiry: "Verfügbar bis",
    uses: "Downloads",
    once: "Einmal möglich",
    passcode: "Passcode",
    passcode_hint: "Acht Buchstaben und Ziffern, die Sie auf einem anderen Weg als diesen Link bekommen haben.",
    download: "Herunterladen",
    digest: "Fingerabdruck (SHA-256)",
    digest_hint: "Ist er derselbe wie bei Ihrer Datei, dann ist sie unverändert diese.",
    notices: [
        "Bitte geben Sie den Passcode ein.",
        "Das ist nicht der Passcode dieses Links. Bitte sehen Sie noch einmal nach.",
        "Es wurden zu viele falsche Passcodes versucht. Bitte warten Sie eine Viertelstunde, oder bitten Sie um einen neuen Link.",
    ],
    kinds: ["PDF-Dokument", "Bild", "Datei"],
    bytes: "Byte",
    decimal: ',',
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    date: "{day}. {month} {year}, {time} UTC",
    failures: [
        ("link-expired", "Dieser Link ist abgelaufen", "Bitte lassen Sie sich einen neuen schicken."),
        ("link-revoked", "Dieser Link wurde zurückgezogen", "Bitte lassen Sie sich einen neuen schicken."),
        (
            "link-used-up",
            "Dieser Link wurde schon benutzt",
            "Er galt für eine begrenzte Zahl von Downloads. Bitte lassen Sie sich einen neuen schicken.",
        ),
        (
            "link-elsewhere",
            "Nicht aus diesem Netz",
            "Dieser Link gilt nur in bestimmten Netzen. Bitte verbinden Sie sich mit dem Netz, für das er gemacht ist.",
        ),
        (
            "link-invalid",
            "Dieser Link funktioniert nicht",
            "Vielleicht ging ein Teil der Adresse verloren. Bitte kopieren Sie den ganzen Link noch einmal.",
        ),
        (
            "passcode-locked",
            "Bitte warten Sie",
            "Es wurden zu viele falsche Passcodes versucht. Bitte warten Sie eine Viertelstunde, oder bitten Sie um einen neuen Link.",
        ),
        ("", "Etwas stimmt nicht", "Bitte versuchen Sie es gleich noch einmal."),
    ],
};

/// Entries of `Accept-Language` that are looked at; browsers send a handful.
const LANGUAGE_COUNT_MAX: usize = 16;

impl Words {
    /// The words that whoever asks likes best (RFC 9110, 12.5.4); English when neither language is named.
    pub(super) fn of(headers: &HeaderMap) -> &'static Self {
        let value = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut best: (&'static Self, f32) = (&ENGLISH, 0.0);
        for entry in value.split(',').take(LANGUAGE_COUNT_MAX) {
            let (tag, weight) = entry.split_once(';').unwrap_or((entry, ""));
            let weight = weight.trim().strip_prefix("q=").map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
            let language = tag.trim().split('-').next().unwrap_or_default();
            let known = [&ENGLISH, &GERMAN].into_iter().find(|words| words.language.eq_ignore_ascii_case(language));
            if let Some(words) = known
                && weight > best.1
            {
                best = (words, weight);
            }
        }
        best.0
    }

    #[cfg(test)]
    pub(super) const fn english() -> &'static Self {
        &ENGLISH
    }

    pub(super) const fn notice(&self, notice: Notice) -> &'static str {
        let [missing, wrong, locked] = self.notices;
        match notice {
            Notice::Missing => missing,
            Notice::Wrong => wrong,
            Notice::Locked => locked,
        }
    }

    /// Title and text for the code of an error.
    pub(super) fn failure(&self, code: &str) -> (&'static str, &'static str) {
        let [.., other] = self.failures;
        let (_, title, text) = self.failures.into_iter().find(|(known, ..)| *known == code).unwrap_or(other);
        (title, text)
    }

    pub(super) fn kind_of(&self, media_type: &str) -> &'static str {
        let [pdf, picture, file] = self.kinds;
        match media_type {
            "application/pdf" => pdf,
            _ if media_type.starts_with("image/") => picture,
            _ => file,
        }
    }

    /// A size in the largest unit that is not below one, with one decimal.
    pub(super) fn size_of(&self, size_bytes: u64) -> String {
        const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
        match UNITS.into_iter().find(|(_, unit)| size_bytes >= *unit) {
            None => format!("{size_bytes} {}", self.bytes),
            Some((name, unit)) => {
                let tenths = size_bytes / (unit / 10);
                format!("{}{}{} {name}", tenths / 10, self.decimal, tenths % 10)
            }
        }
    }

    /// A time in UTC: whoever reads it may be anywhere.
    pub(super) fn time_of(&self, time_ms: i64) -> String {
        let time = jiff::Timestamp::from_millisecond(time_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let time = time.to_zoned(jiff::tz::TimeZone::UTC);
        let month = usize::try_from(time.month()).ok().and_then(|month| self.months.get(month.checked_sub(1)?));
        self.date
            .replace("{day}", &time.day().to_string())
            .replace("{month}", month.copied().unwrap_or_default())
            .replace("{year}", &time.year().to_string())
            .replace("{time}", &format!("{:02}:{:02}", time.hour(), time.minute()))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn language(value: &'static str) -> &'static str {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(value));
        Words::of(&headers).language
    }

    #[test]
    fn the_language_is_the_one_that_is_liked_best() {
        assert_eq!(language("de-AT,de;q=0.9,en;q=0.8"), "de");
        assert_eq!(language("en-GB,en;q=0.9,de;q=0.8"), "en");
        assert_eq!(language("fr, DE;q=0.5, en;q=0.4"), "de");
        for other in ["", "fr", "*", "de;q=0", "de;q=x", ";;,,"] {
            assert_eq!(language(other), "en", "{other}");
        }
    }

    #[test]
    fn sizes_and_times_are_written_as_people_do() {
        assert_eq!(ENGLISH.size_of(999), "999 bytes");
        assert_eq!(ENGLISH.size_of(1_449_999), "1.4 MB");
        assert_eq!(GERMAN.size_of(15_300), "15,3 kB");
        assert_eq!(ENGLISH.time_of(1_790_000_060_000), "21 September 2026, 14:14 UTC");
        assert_eq!(GERMAN.time_of(1_790_000_060_000), "21. September 2026, 14:14 UTC");
        assert_eq!(ENGLISH.time_of(i64::MAX), "1 January 1970, 00:00 UTC");
    }

    #[test]
    fn both_languages_tell_the_same_failures() {
        let codes = |words: &Words| words.failures.map(|(code, ..)| code);
        assert_eq!(codes(&ENGLISH), codes(&GERMAN));
        assert_eq!(GERMAN.failure("link-expired").0, "Dieser Link ist abgelaufen");
        assert_eq!(ENGLISH.failure("internal").0, "Something is not right");
    }
}
