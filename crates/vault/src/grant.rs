//! Grants: what lets one counted download go on after an interruption, for a few minutes.
//!
//! A grant is 128 random bits, given once to whoever used a link up; only its digest is stored.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::{Random, VaultError};

const GRANT_BYTES: usize = 16;
/// Characters of a grant's text.
const GRANT_CHARACTERS: usize = 22;

/// A grant in full. It opens the file of one link, together with that link: never log it.
///
/// ```compile_fail,E0277
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<chancery_vault::Grant>();
/// ```
pub struct Grant(Zeroizing<String>);

impl Grant {
    /// Draws a new grant.
    ///
    /// # Errors
    /// The random source failed.
    pub fn generate(random: &dyn Random) -> Result<Self, VaultError> {
        let mut bytes = Zeroizing::new([0; GRANT_BYTES]);
        random.fill(bytes.as_mut_slice())?;
        Ok(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))))
    }

    /// Reads a grant's text strictly: one grant, one text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; GRANT_BYTES]);
        let is_one = text.len() == GRANT_CHARACTERS
            && URL_SAFE_NO_PAD.decode_slice(text, bytes.as_mut_slice()) == Ok(GRANT_BYTES);
        is_one.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text, for a URL or an `ETag`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// SHA-256 of the text: what is stored. A fast digest is right, since 128 random bits cannot be guessed.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }
}

/// SHA-256 (FIPS 180-4).
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut result = [0; 32];
    for (to, from) in result.iter_mut().zip(digest::digest(&digest::SHA256, bytes).as_ref()) {
        *to = *from;
    }
    result
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::SystemRandom;

    #[test]
    fn a_grant_survives_its_text_and_no_two_are_alike() {
        let grant = Grant::generate(&SystemRandom).unwrap();
        assert_eq!(Grant::parse(grant.as_str()).unwrap().digest(), grant.digest());
        assert_ne!(Grant::generate(&SystemRandom).unwrap().digest(), grant.digest());
    }

    #[test]
    fn damaged_empty_and_huge_texts_are_no_grants() {
        let grant = Grant::generate(&SystemRandom).unwrap();
        let text = grant.as_str();
        // The last letter holds four unused bits, which must be zero.
        for other in ["", "A", &text[..21], &format!("{text}A"), &format!("{}B", &text[..21]), &"é".repeat(11)] {
            assert!(Grant::parse(other).is_none(), "{other}");
        }
        assert!(Grant::parse(&"A".repeat(1 << 20)).is_none());
    }
}
