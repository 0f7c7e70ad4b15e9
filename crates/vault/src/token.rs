//! API keys: random text with a checksum, of which only a digest is ever stored.
//!
//! ```text
//! chy_live_ | 27 base62 characters: 160 random bits | 6 base62 characters: CRC-32 of all before
//! ```
//! The checksum lets a mistyped or invented key be refused before any look-up, and lets secret scanners
//! recognise a leaked one without asking us.

use std::fmt;
use std::hash::{Hash, Hasher};

use aws_lc_rs::digest;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::{Random, VaultError};

const PREFIX: &str = "chy_live_";
/// 62²⁷ is a little more than 2¹⁶⁰.
const RANDOM_CHARACTERS: usize = 27;
/// 62⁶ is more than 2³².
const CHECKSUM_CHARACTERS: usize = 6;
const LENGTH: usize = PREFIX.len() + RANDOM_CHARACTERS + CHECKSUM_CHARACTERS;
/// How much of the random part may be shown to tell keys apart; 137 bits stay unknown.
const HINT_CHARACTERS: usize = 4;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The largest multiple of 62 that fits a byte: bytes from here on would favour some characters.
const FAIR_BYTES: u8 = 248;

/// A new API key in full; exists once, to be shown to its owner.
///
/// ```compile_fail,E0277
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<chancery_vault::ApiKey>();
/// ```
/// ```compile_fail,E0277
/// fn copied<T: Clone>() {}
/// copied::<chancery_vault::ApiKey>();
/// ```
pub struct ApiKey(Zeroizing<String>);

/// SHA-256 of an API key: what is stored and looked up.
///
/// A fast digest is right here: 160 random bits cannot be guessed, unlike a password.
/// Comparison takes the same time wherever two digests differ.
#[derive(Clone, Copy)]
pub struct TokenHash([u8; 32]);

impl ApiKey {
    /// Draws a new key.
    ///
    /// # Errors
    /// The random source failed.
    pub fn generate(random: &dyn Random) -> Result<Self, VaultError> {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH));
        text.push_str(PREFIX);
        let mut pool = Zeroizing::new([0; 64]);
        while text.len() < PREFIX.len() + RANDOM_CHARACTERS {
            random.fill(pool.as_mut_slice())?;
            let missing = PREFIX.len() + RANDOM_CHARACTERS - text.len();
            text.extend(
                pool.iter().filter(|byte| **byte < FAIR_BYTES).map(|byte| character(u32::from(*byte))).take(missing),
            );
        }
        for character in checksum(text.as_bytes()) {
            text.push(character);
        }
        Ok(Self(text))
    }

    /// The whole key. Show it once; never store or log it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What to store for look-ups.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::digest(self.0.as_bytes())
    }

    /// The start of the key, by which its owner recognises it in a list: `chy_live_` and four characters.
    #[must_use]
    pub fn hint(&self) -> &str {
        self.0.get(..PREFIX.len() + HINT_CHARACTERS).unwrap_or(PREFIX)
    }
}

impl TokenHash {
    /// Reads a key that a caller presents: form and checksum are verified before anything is looked up.
    ///
    /// # Errors
    /// [`VaultError::Malformed`], which says nothing about the text.
    pub fn of_presented(text: &str) -> Result<Self, VaultError> {
        let malformed = |reason| VaultError::Malformed { what: "the API key", reason };
        if text.len() != LENGTH {
            return Err(malformed("its length is wrong"));
        }
        if !text.starts_with(PREFIX) {
            return Err(malformed("it does not start as one"));
        }
        let (body, sum) =
            text.split_at_checked(LENGTH - CHECKSUM_CHARACTERS).ok_or(malformed("it holds foreign characters"))?;
        if !body.bytes().skip(PREFIX.len()).all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(malformed("it holds foreign characters"));
        }
        if !sum.chars().eq(checksum(body.as_bytes())) {
            return Err(malformed("its checksum does not fit"));
        }
        Ok(Self::digest(text.as_bytes()))
    }

    /// The digest with these bytes, as stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn digest(text: &[u8]) -> Self {
        let digest = digest::digest(&digest::SHA256, text);
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
            *to = *from;
        }
        Self(bytes)
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for TokenHash {}

impl Hash for TokenHash {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenHash(…)")
    }
}

fn character(value: u32) -> char {
    let index = usize::try_from(value % 62).unwrap_or(0);
    ALPHABET.get(index).map_or('0', |byte| char::from(*byte))
}

/// CRC-32 as base62, most significant character first.
fn checksum(text: &[u8]) -> [char; CHECKSUM_CHARACTERS] {
    let mut rest = crc32fast::hash(text);
    let mut characters = ['0'; CHECKSUM_CHARACTERS];
    for to in characters.iter_mut().rev() {
        *to = character(rest);
        rest /= 62;
    }
    characters
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::SystemRandom;
    use crate::random::testing::FailingRandom;

    #[test]
    fn a_new_key_has_the_documented_form_and_is_recognised() {
        let key = ApiKey::generate(&SystemRandom).unwrap();
        assert_eq!(key.reveal().len(), 42);
        assert!(key.reveal().starts_with("chy_live_"));
        assert_eq!(key.hint().len(), 13);
        assert_eq!(TokenHash::of_presented(key.reveal()).unwrap(), key.hash());
        assert_ne!(key.hash(), ApiKey::generate(&SystemRandom).unwrap().hash());
        assert!(ApiKey::generate(&FailingRandom).is_err());
    }

    #[test]
    fn changing_any_letter_is_refused_before_any_look_up() {
        let key = ApiKey::generate(&SystemRandom).unwrap();
        for index in 0..key.reveal().len() {
            for letter in *b"0aZ_-" {
                let mut altered = key.reveal().as_bytes().to_vec();
                if altered.get(index) == Some(&letter) {
                    continue;
                }
                *altered.get_mut(index).unwrap() = letter;
                assert!(TokenHash::of_presented(std::str::from_utf8(&altered).unwrap()).is_err(), "letter {index}");
            }
        }
    }

    #[test]
    fn damaged_and_foreign_texts_are_refused() {
        let key = ApiKey::generate(&SystemRandom).unwrap();
        let text = key.reveal();
        for other in [
            "",
            "chy_live_",
            &text[..41],
            &format!("{text}0"),
            &format!(" {text}"),
            &text.to_lowercase(),
            "é".repeat(21).as_str(),
            &format!("chy_live_{}", "é".repeat(16)),
            &"x".repeat(1 << 20),
        ] {
            if other != text {
                assert!(TokenHash::of_presented(other).is_err());
            }
        }
    }

    #[test]
    fn the_checksum_is_fixed_forever() {
        // CRC-32 of "123456789" is 0xCBF43926 by its definition (the check value).
        let value = crc32fast::hash(b"123456789");
        assert_eq!(value, 0xCBF4_3926);
        let text: String = checksum(b"123456789").iter().collect();
        let back = text.bytes().fold(0u64, |sum, byte| {
            sum * 62 + u64::try_from(ALPHABET.iter().position(|a| *a == byte).unwrap()).unwrap()
        });
        assert_eq!(back, u64::from(value));
    }

    #[test]
    fn the_characters_are_drawn_fairly() {
        let mut counts = [0u32; 62];
        for _ in 0..2_000 {
            let key = ApiKey::generate(&SystemRandom).unwrap();
            for byte in key.reveal().bytes().skip(PREFIX.len()).take(RANDOM_CHARACTERS) {
                *counts.get_mut(ALPHABET.iter().position(|a| *a == byte).unwrap()).unwrap() += 1;
            }
        }
        // 54,000 draws: 871 expected each, standard deviation 29; seven of them apart is beyond chance.
        assert!(counts.iter().all(|count| (668..1074).contains(count)), "{counts:?}");
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(text: String) {
            prop_assert!(TokenHash::of_presented(&text).is_err());
        }
    }
}
