//! Passcodes of links: short enough to be read out on a telephone, drawn by us, kept as a keyed hash only.
//!
//! ```text
//! 8 characters of Crockford's base 32, shown four and four with a hyphen between: 40 random bits
//! stored:  key (32 random bytes) | HMAC-SHA256 under it (32), sealed as a column
//! ```
//! Without the workspace's key nobody can try passcodes on what is stored; at the door, tries are counted.

use aws_lc_rs::{constant_time, hmac};
use zeroize::{Zeroize as _, Zeroizing};

use crate::{Random, VaultError};

/// Without I, L, O and U, which are taken for others.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARACTERS: usize = 8;
const KEY_BYTES: usize = 32;
const CODE_BYTES: usize = 32;
/// Characters that are looked at of what somebody typed; nobody means more.
const TYPED_CHARACTERS_MAX: usize = 64;
/// Separates this use of HMAC from every other one.
const LABEL: &[u8] = b"chancery/1/passcode\0";

/// A new passcode; exists once, to be shown to whoever made the link.
///
/// ```compile_fail,E0277
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<chancery_vault::Passcode>();
/// ```
pub struct Passcode(Zeroizing<String>);

/// What is kept of a passcode, to be sealed: enough to check one, not enough to know it.
pub struct PasscodeCheck {
    key: [u8; KEY_BYTES],
    code: [u8; CODE_BYTES],
}

impl Passcode {
    /// Draws a new passcode.
    ///
    /// # Errors
    /// The random source failed.
    pub fn generate(random: &dyn Random) -> Result<Self, VaultError> {
        let mut bytes = Zeroizing::new([0_u8; CHARACTERS]);
        random.fill(bytes.as_mut_slice())?;
        // 32 divides 256: every character is as likely as every other one.
        let letters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 31)));
        Ok(Self(Zeroizing::new(letters.map(|letter| char::from(*letter)).collect())))
    }

    /// The passcode as people read it: four and four, with a hyphen between.
    #[must_use]
    pub fn shown(&self) -> Zeroizing<String> {
        let (first, second) = self.0.split_at_checked(CHARACTERS / 2).unwrap_or((&self.0, ""));
        Zeroizing::new(format!("{first}-{second}"))
    }

    /// What is kept of it.
    ///
    /// # Errors
    /// The random source failed.
    pub fn check(&self, random: &dyn Random) -> Result<PasscodeCheck, VaultError> {
        let mut key = [0; KEY_BYTES];
        random.fill(&mut key)?;
        let code = code_of(&key, self.0.as_bytes());
        Ok(PasscodeCheck { key, code })
    }
}

impl PasscodeCheck {
    /// The bytes to be sealed.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([self.key.as_slice(), &self.code].concat())
    }

    /// Reads what was sealed.
    ///
    /// # Errors
    /// [`VaultError::Malformed`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        let malformed = VaultError::Malformed { what: "the check of a passcode", reason: "it has another length" };
        let (key, code) = bytes.split_first_chunk::<KEY_BYTES>().ok_or(malformed.clone())?;
        Ok(Self { key: *key, code: code.try_into().map_err(|_| malformed)? })
    }

    /// Whether somebody typed the passcode: case, spaces and hyphens do not matter, and neither do O for 0 and I or L
    /// for 1. Takes the same time wherever a wrong one differs.
    #[must_use]
    pub fn accepts(&self, typed: &str) -> bool {
        let typed = normalised(typed);
        constant_time::verify_slices_are_equal(&code_of(&self.key, typed.as_bytes()), &self.code).is_ok()
    }
}

impl Drop for PasscodeCheck {
    fn drop(&mut self) {
        self.key.zeroize();
        self.code.zeroize();
    }
}

fn normalised(typed: &str) -> Zeroizing<String> {
    let letters = typed.chars().take(TYPED_CHARACTERS_MAX).filter(|letter| !matches!(letter, ' ' | '-'));
    Zeroizing::new(
        letters
            .map(|letter| match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                upper => upper,
            })
            .collect(),
    )
}

fn code_of(key: &[u8], passcode: &[u8]) -> [u8; CODE_BYTES] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    context.update(LABEL);
    context.update(passcode);
    let mut code = [0; CODE_BYTES];
    for (to, from) in code.iter_mut().zip(context.sign().as_ref()) {
        *to = *from;
    }
    code
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::SystemRandom;

    #[test]
    fn a_passcode_is_accepted_however_people_type_it_and_no_other_one_is() {
        let passcode = Passcode::generate(&SystemRandom).unwrap();
        let check = passcode.check(&SystemRandom).unwrap();
        let shown = passcode.shown();
        assert_eq!(shown.len(), 9);
        for typed in [
            shown.to_string(),
            shown.to_lowercase(),
            shown.replace('-', ""),
            format!(" {} ", shown.replace('-', " ")),
            shown.replace('0', "o").replace('1', "l"),
        ] {
            assert!(check.accepts(&typed), "{typed}");
        }
        let other = Passcode::generate(&SystemRandom).unwrap().shown().to_string();
        for typed in ["", "-", &shown[..8], &format!("{}0", *shown), &other, &"A".repeat(1 << 20)] {
            assert!(!check.accepts(typed), "{typed}");
        }
    }

    #[test]
    fn the_same_passcode_is_kept_differently_each_time_and_never_in_the_clear() {
        let passcode = Passcode::generate(&SystemRandom).unwrap();
        let kept: Vec<_> = (0..2).map(|_| passcode.check(&SystemRandom).unwrap().to_bytes()).collect();
        assert_ne!(kept.first(), kept.last());
        for bytes in &kept {
            assert!(!bytes.windows(4).any(|window| passcode.0.as_bytes().starts_with(window)));
            assert!(PasscodeCheck::from_bytes(bytes).unwrap().accepts(&passcode.0));
        }
        assert!(PasscodeCheck::from_bytes(&[0; 63]).is_err());
        assert!(PasscodeCheck::from_bytes(&[0; 65]).is_err());
    }
}
