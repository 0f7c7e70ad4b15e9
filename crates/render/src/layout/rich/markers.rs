//! What stands before the items of lists: bullets, numbers, letters.

use crate::expression::{ROMAN, roman as roman_numeral};
use crate::template::model::Marker;

/// Bullets by the depth of their list.
const BULLETS: [&str; 3] = ["•", "–", "·"];

/// The text before an item; nothing for lists without.
pub(super) fn text(marker: Marker, number: u32, depth: usize) -> Option<String> {
    Some(match marker {
        Marker::None => return None,
        Marker::Auto => BULLETS.get(depth.min(BULLETS.len() - 1)).copied().unwrap_or("•").to_owned(),
        Marker::Disc => "•".to_owned(),
        Marker::Circle => "◦".to_owned(),
        Marker::Dash => "–".to_owned(),
        Marker::Decimal => format!("{number}."),
        Marker::LowerAlpha => format!("{}.", letters(number).to_ascii_lowercase()),
        Marker::UpperAlpha => format!("{}.", letters(number)),
        Marker::LowerRoman => format!("{}.", roman(number).to_ascii_lowercase()),
        Marker::UpperRoman => format!("{}.", roman(number)),
    })
}

/// A, B, …, Z, AA, AB; 0 has no letter and stays a number.
fn letters(number: u32) -> String {
    let mut rest = number;
    let mut letters = Vec::new();
    while let Some(before) = rest.checked_sub(1) {
        letters.push(char::from(b'A' + u8::try_from(before % 26).unwrap_or(0)));
        rest = before / 26;
    }
    if letters.is_empty() { number.to_string() } else { letters.iter().rev().collect() }
}

/// Numbers that have no Roman numeral stay as they are.
fn roman(number: u32) -> String {
    if ROMAN.contains(&number) { roman_numeral(number) } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_letters_and_numerals_count_on() {
        let all = |marker, numbers: &[u32]| {
            numbers.iter().filter_map(|number| text(marker, *number, 0)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(all(Marker::Decimal, &[0, 9, 10]), "0. 9. 10.");
        assert_eq!(all(Marker::LowerAlpha, &[0, 1, 26, 27, 702, 703]), "0. a. z. aa. zz. aaa.");
        assert_eq!(all(Marker::UpperRoman, &[0, 4, 9, 1994, 4000]), "0. IV. IX. MCMXCIV. 4000.");
        assert_eq!(all(Marker::None, &[1]), "");
        let bullets: Vec<_> = (0..4).filter_map(|depth| text(Marker::Auto, 1, depth)).collect();
        assert_eq!(bullets, ["•", "–", "·", "·"]);
    }
}
