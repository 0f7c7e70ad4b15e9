//! Where random bytes come from: an argument, so that nothing here draws them in secret.

use aws_lc_rs::rand::SecureRandom;

use crate::VaultError;

/// A source of random bytes fit for keys and nonces.
pub trait Random: Send + Sync {
    /// Fills `bytes` completely.
    ///
    /// # Errors
    /// [`VaultError::Random`]; `bytes` must then not be used.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), VaultError>;
}

/// The system's generator, through aws-lc.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), VaultError> {
        aws_lc_rs::rand::SystemRandom::new().fill(bytes).map_err(|_| VaultError::Random)
    }
}

/// Draws an array, for the callers inside this crate.
pub(crate) fn array<const N: usize>(random: &dyn Random) -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    random.fill(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
pub(crate) mod testing {
    //! Sources for tests: one that fails, one that repeats a byte.

    use super::{Random, VaultError};

    /// Always fails, as a system without entropy would.
    pub(crate) struct FailingRandom;

    impl Random for FailingRandom {
        fn fill(&self, _bytes: &mut [u8]) -> Result<(), VaultError> {
            Err(VaultError::Random)
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_system_gives_different_bytes_each_time() {
        let first: [u8; 32] = array(&SystemRandom).unwrap();
        let second: [u8; 32] = array(&SystemRandom).unwrap();
        assert_ne!(first, second);
        assert_ne!(first, [0; 32]);
    }
}
