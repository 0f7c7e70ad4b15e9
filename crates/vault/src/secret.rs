//! Bytes that must not be shown, copied, compared or left behind.

use zeroize::Zeroize as _;

use crate::{Random, VaultError};

/// `N` secret bytes, wiped when dropped.
///
/// They live in one heap block, so that moving the value moves a pointer and leaves no copy on the stack.
/// What it deliberately lacks, each proven by a program that does not compile; the first one shows
/// that the same program compiles for a type that has everything:
///
/// ```
/// fn shown<T: std::fmt::Debug>() {}
/// fn copied<T: Clone>() {}
/// fn made_from_nothing<T: Default>() {}
/// fn compared<T: PartialEq>() {}
/// fn written<T: serde::Serialize>() {}
/// shown::<[u8; 32]>();
/// copied::<[u8; 32]>();
/// made_from_nothing::<[u8; 32]>();
/// compared::<[u8; 32]>();
/// written::<[u8; 32]>();
/// ```
/// ```compile_fail,E0277
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<chancery_vault::Secret<32>>();
/// ```
/// ```compile_fail,E0277
/// fn copied<T: Clone>() {}
/// copied::<chancery_vault::Secret<32>>();
/// ```
/// ```compile_fail,E0277
/// fn made_from_nothing<T: Default>() {}
/// made_from_nothing::<chancery_vault::Secret<32>>();
/// ```
/// ```compile_fail,E0277
/// fn compared<T: PartialEq>() {}
/// compared::<chancery_vault::Secret<32>>();
/// ```
/// ```compile_fail,E0277
/// fn written<T: serde::Serialize>() {}
/// written::<chancery_vault::Secret<32>>();
/// ```
pub struct Secret<const N: usize>(Box<[u8; N]>);

impl<const N: usize> Secret<N> {
    /// Draws a new secret.
    ///
    /// # Errors
    /// [`VaultError::Random`].
    pub fn generate(random: &dyn Random) -> Result<Self, VaultError> {
        let mut secret = Self(Box::new([0; N]));
        random.fill(secret.0.as_mut_slice())?;
        Ok(secret)
    }

    /// Takes a copy of `bytes` and wipes them where they were.
    pub fn take(bytes: &mut [u8; N]) -> Self {
        let secret = Self(Box::new(*bytes));
        bytes.zeroize();
        secret
    }

    /// Lets `write` fill the secret in place; a failure drops (and wipes) what was written.
    pub(crate) fn filled_by<E>(write: impl FnOnce(&mut [u8; N]) -> Result<(), E>) -> Result<Self, E> {
        let mut secret = Self(Box::new([0; N]));
        write(&mut secret.0)?;
        Ok(secret)
    }

    /// The bytes, for the cryptographic operations of this crate only.
    pub(crate) fn expose(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::SystemRandom;
    use crate::random::testing::FailingRandom;

    #[test]
    fn taking_bytes_wipes_their_source() {
        let mut source = [7; 32];
        let secret = Secret::take(&mut source);
        assert_eq!(source, [0; 32]);
        assert_eq!(secret.expose(), &[7; 32]);
    }

    #[test]
    fn a_failing_generator_gives_no_secret() {
        assert_eq!(Secret::<32>::generate(&FailingRandom).err(), Some(VaultError::Random));
    }

    #[test]
    fn two_secrets_differ() {
        let first = Secret::<32>::generate(&SystemRandom).unwrap();
        let second = Secret::<32>::generate(&SystemRandom).unwrap();
        assert_ne!(first.expose(), second.expose());
    }
}
