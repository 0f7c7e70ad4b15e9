//! Where random bytes come from: an argument, so that nothing here draws them in secret.

use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::rand::SecureRandom;

use crate::{Secret, VaultError};

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

/// `N` bytes that were drawn in one call, given out piece by piece, each once, and wiped when dropped.
///
/// Each call of the system's generator mixes in fresh entropy, and costs much the same however little it draws.
pub(crate) struct Drawn<const N: usize> {
    bytes: Secret<N>,
    given: AtomicUsize,
}

impl<const N: usize> Drawn<N> {
    pub(crate) fn from(random: &dyn Random) -> Result<Self, VaultError> {
        Ok(Self { bytes: Secret::generate(random)?, given: AtomicUsize::new(0) })
    }
}

impl<const N: usize> Random for Drawn<N> {
    /// Fails when fewer bytes are left than asked for, and from then on.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), VaultError> {
        let start = self.given.fetch_add(bytes.len(), Ordering::Relaxed);
        let rest = self.bytes.expose().get(start..).ok_or(VaultError::Random)?;
        let (piece, _) = rest.split_at_checked(bytes.len()).ok_or(VaultError::Random)?;
        bytes.copy_from_slice(piece);
        Ok(())
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
    //! Sources for tests: one that fails, one that counts.

    use std::sync::Mutex;

    use super::{Random, VaultError};

    /// Always fails, as a system without entropy would.
    pub(crate) struct FailingRandom;

    impl Random for FailingRandom {
        fn fill(&self, _bytes: &mut [u8]) -> Result<(), VaultError> {
            Err(VaultError::Random)
        }
    }

    /// Gives the bytes 0, 1, 2 … and notes how many each call asked for.
    #[derive(Default)]
    pub(crate) struct CountingRandom {
        pub(crate) calls: Mutex<Vec<usize>>,
    }

    impl Random for CountingRandom {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), VaultError> {
            let mut calls = self.calls.lock().map_err(|_| VaultError::Random)?;
            for (to, from) in bytes.iter_mut().zip((0..=u8::MAX).cycle().skip(calls.iter().sum())) {
                *to = from;
            }
            calls.push(bytes.len());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::testing::{CountingRandom, FailingRandom};
    use super::*;

    #[test]
    fn what_is_drawn_at_once_is_given_out_once_and_never_beyond_its_end() {
        let random = CountingRandom::default();
        let drawn = Drawn::<10>::from(&random).unwrap();
        assert_eq!(array(&drawn), Ok([0, 1, 2]));
        assert_eq!(array(&drawn), Ok([3, 4, 5, 6, 7, 8]));
        let mut two = [7; 2];
        assert_eq!(drawn.fill(&mut two), Err(VaultError::Random));
        assert_eq!(two, [7; 2], "nothing of what is left is given out");
        assert_eq!(array::<1>(&drawn), Err(VaultError::Random), "who asked for too much gets nothing more");
        assert_eq!(*random.calls.lock().unwrap(), [10]);
        assert_eq!(Drawn::<1>::from(&FailingRandom).err(), Some(VaultError::Random));
    }

    #[test]
    fn the_system_gives_different_bytes_each_time() {
        let first: [u8; 32] = array(&SystemRandom).unwrap();
        let second: [u8; 32] = array(&SystemRandom).unwrap();
        assert_ne!(first, second);
        assert_ne!(first, [0; 32]);
    }
}
