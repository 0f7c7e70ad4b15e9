//! Formats of texts: dates, addresses and identifiers that have a fixed form.

/// A form that a text must have (JSON Schema 2020-12, validation, 7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of JSON Schema")]
pub enum Format {
    Date,
    DateTime,
    Time,
    Email,
    Uri,
    Uuid,
}

impl Format {
    /// All formats with their names in JSON Schema.
    pub const ALL: [(&'static str, Self); 6] = [
        ("date", Self::Date),
        ("date-time", Self::DateTime),
        ("time", Self::Time),
        ("email", Self::Email),
        ("uri", Self::Uri),
        ("uuid", Self::Uuid),
    ];

    /// Its name in JSON Schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// What it is, for messages: `a date such as 2026-01-31`.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Date => "a date such as 2026-01-31",
            Self::DateTime => "a point in time such as 2026-01-31T12:00:00Z",
            Self::Time => "a time of day such as 12:30:00",
            Self::Email => "a mail address",
            Self::Uri => "an absolute URI such as https://example.com/",
            Self::Uuid => "a UUID",
        }
    }

    /// Whether a text has this form.
    #[must_use]
    pub fn fits(self, text: &str) -> bool {
        match self {
            Self::Date => is_date(text),
            Self::DateTime => {
                let (day, rest) = text.split_at_checked(10).unwrap_or((text, ""));
                is_date(day) && rest.starts_with(['T', 't', ' ']) && text.parse::<jiff::Timestamp>().is_ok()
            }
            Self::Time => is_time(text),
            Self::Email => is_email(text),
            Self::Uri => is_uri(text),
            Self::Uuid => is_uuid(text),
        }
    }
}

fn digits(text: &str, count: usize) -> Option<i16> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut part = |count| parts.next().and_then(|part| digits(part, count));
    let (Some(year), Some(month), Some(day)) = (part(4), part(2), part(2)) else { return false };
    let small = |number: i16| i8::try_from(number).unwrap_or(0);
    jiff::civil::Date::new(year, small(month), small(day)).is_ok()
}

fn is_time(text: &str) -> bool {
    let clock = text.trim_end_matches(['Z', 'z']);
    let clock = clock.split_once(['+', '-']).map_or(clock, |(clock, _)| clock);
    let mut parts = clock.splitn(3, ':');
    let mut below = |limit: i16| {
        let part = parts.next().unwrap_or_default();
        let whole = part.split_once('.').map_or(part, |(whole, _)| whole);
        digits(whole, 2).is_some_and(|number| number < limit)
    };
    below(24) && below(60) && (clock.len() == 5 || below(61))
}

fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control())
            && !local.contains('@')
    })
}

fn is_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
            && !rest.is_empty()
            && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control())
    })
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_takes_what_it_names_and_nothing_else() {
        for (format, good, bad) in [
            (Format::Date, ["2026-01-31", "2024-02-29"].as_slice(), ["2026-02-29", "2026-1-31", "31.01.2026", ""]),
            (
                Format::DateTime,
                &["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.5+01:00"],
                ["2026-01-31", "2026-01-31T12:00:00", "2026-01-31T25:00:00Z", "noon"],
            ),
            (Format::Time, &["12:30", "23:59:59", "12:30:00.25Z"], ["24:00", "12", "12:60", "1:2:3"]),
            (Format::Email, &["a.b@example.com"], ["a@b", "a b@example.com", "@example.com", "a@@example.com"]),
            (Format::Uri, &["https://example.com/", "mailto:a@b.c"], ["example.com", "https: //x", "1x:y", ":"]),
            (
                Format::Uuid,
                &["123e4567-e89b-12d3-a456-426614174000"],
                ["123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g", "", "-"],
            ),
        ] {
            good.iter().for_each(|text| assert!(format.fits(text), "{text} is {}", format.phrase()));
            bad.iter().for_each(|text| assert!(!format.fits(text), "{text} is not {}", format.phrase()));
        }
    }
}
