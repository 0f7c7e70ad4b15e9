//! Masks what has no place in a log wherever a text of others could bring it there: card numbers and mail addresses.
//!
//! Lines of our own hold neither, by their types. Messages of databases, object stores and the system are texts of
//! others; whatever they quote passes here.

use std::io::{self, Write};

/// Digits of a card number (ISO/IEC 7812-1), as issued today.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 14..=19;
/// What stands for a card number.
const CARD: &str = "[card]";
/// What stands for a mail address.
const MAIL: &str = "[mail]";

/// A writer of whole lines that masks them.
pub(crate) struct Masked<W>(pub(crate) W);

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // The formatter writes each line at once.
        let text = String::from_utf8_lossy(line);
        self.0.write_all(masked(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The text without card numbers and mail addresses.
pub(crate) fn masked(text: &str) -> String {
    let without_mail = without_mail(text);
    without_cards(&without_mail)
}

fn without_mail(text: &str) -> String {
    let is_local = |c: char| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let is_domain = |c: char| c.is_alphanumeric() || c == '.' || c == '-';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = rest.split_at(at);
        let after = after.get(1..).unwrap_or_default();
        let local = before.chars().rev().take_while(|c| is_local(*c)).map(char::len_utf8).sum::<usize>();
        let domain = after.chars().take_while(|c| is_domain(*c)).map(char::len_utf8).sum::<usize>();
        let kept = before.get(..before.len() - local).unwrap_or_default();
        if local == 0 || domain == 0 {
            out.push_str(before);
            out.push('@');
            rest = after;
            continue;
        }
        out.push_str(kept);
        out.push_str(MAIL);
        rest = after.get(domain..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn without_cards(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.char_indices().peekable();
    let mut last_was_word = false;
    while let Some((start, character)) = characters.next() {
        if !character.is_ascii_digit() || last_was_word {
            last_was_word = character.is_alphanumeric();
            out.push(character);
            continue;
        }
        // Digits, and between them single spaces or hyphens.
        let run = text.get(start..).unwrap_or_default();
        let length = run_length(run);
        let run = run.get(..length).unwrap_or_default();
        let next_is_word =
            text.get(start + length..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphabetic);
        out.push_str(if !next_is_word && is_card(run) { CARD } else { run });
        while characters.next_if(|(index, _)| *index < start + length).is_some() {}
        last_was_word = true;
    }
    out
}

/// Bytes of the digits at the start, with single separators between them.
fn run_length(text: &str) -> usize {
    let (mut length, mut was_digit) = (0, false);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => (length, was_digit) = (index + 1, true),
            b' ' | b'-' if was_digit => was_digit = false,
            _ => break,
        }
    }
    length
}

/// Whether these are a card number: its length, a first digit of a card network, and the check digit (Luhn, ISO/IEC
/// 7812-1, annex B).
fn is_card(run: &str) -> bool {
    let digits: Vec<u32> = run.chars().filter_map(|c| c.to_digit(10)).collect();
    if !CARD_DIGITS.contains(&digits.len()) || !digits.first().is_some_and(|first| (2..=6).contains(first)) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn card_numbers_are_masked_however_they_are_written() {
        for card in ["4111111111111111", "4111 1111 1111 1111", "5500-0000-0000-0004", "378282246310005"] {
            assert_eq!(masked(&format!("card {card}, and more")), "card [card], and more", "{card}");
            assert_eq!(masked(&format!("{{\"x\":\"{card}\"}}")), "{\"x\":\"[card]\"}");
        }
    }

    #[test]
    fn mail_addresses_are_masked() {
        for mail in ["ada@example.com", "ada.lovelace+x@mail.example.co.uk", "jürgen@bücher.example"] {
            assert_eq!(masked(&format!("for <{mail}>: no")), "for <[mail]>: no", "{mail}");
        }
        assert_eq!(masked("a@b.c d@e.f"), "[mail] [mail]");
    }

    #[test]
    fn ids_times_and_other_numbers_stay() {
        for text in [
            "",
            "@",
            "a @ b",
            "2026-11-22T20:37:01.123456Z",
            "0193f2a4-1b7c-7000-8000-000000000001",
            "019f2a41b7c4111111111111111",
            "4111111111111112",
            "duration_us=1234567890",
            "1790000000000",
            "41111111111111111111111111111111",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn a_line_is_written_masked_and_as_a_whole() {
        let mut out = Vec::new();
        Masked(&mut out).write_all("to ada@example.com with 4111111111111111\n".as_bytes()).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "to [mail] with [card]\n");
    }
}
