//! The one error of this crate: what could not be read, opened or made, and never any content.

use crate::KeyId;

/// Why the vault refused.
///
/// No variant carries content or key bytes, so that all of it may be logged.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum VaultError {
    /// The operating system gave no random bytes; nothing was sealed.
    #[error("the system's random generator failed")]
    Random,
    /// The bytes or the text do not have the form of what they should be.
    #[error("{what} is malformed: {reason}")]
    Malformed {
        /// What was being read.
        what: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A form that this build does not know, probably written by a later one.
    #[error("{what} has version {version}, which this build does not know")]
    Version {
        /// What was being read.
        what: &'static str,
        /// The version found.
        version: u8,
    },
    /// The thing was made with another key; the caller may look that key up.
    #[error("{what} was made with key {found}, not with key {given}")]
    OtherKey {
        /// What was being opened.
        what: &'static str,
        /// The key named in the thing.
        found: KeyId,
        /// The key that was given.
        given: KeyId,
    },
    /// Authentication failed: altered, cut, moved elsewhere, or sealed with another key.
    #[error("{what} is not authentic: it was altered, or belongs elsewhere")]
    NotAuthentic {
        /// What was being opened.
        what: &'static str,
    },
    /// What would open it was destroyed on purpose, for good.
    #[error("the key was destroyed, and everything that it sealed with it")]
    Destroyed,
    /// Who holds the root key does not answer, or refuses. What was opened before stays open.
    #[error("{keeper} does not do its part: {reason}")]
    Keeper {
        /// Who holds the root key.
        keeper: &'static str,
        /// What it says; never a key or a token.
        reason: String,
    },
    /// Shares of a root key do not bring it back.
    #[error("the share {share} {problem}")]
    Share {
        /// Which share: its number and whose it is.
        share: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The pass phrase does not open the root key file, or the file was altered.
    #[error("the pass phrase does not open this root key file")]
    PassPhrase,
    /// A signed link whose time is over.
    #[error("the link has expired")]
    Expired,
    /// A value outside the range that the vault accepts.
    #[error("{what} must be between {min} and {max}")]
    OutOfRange {
        /// Which value, with its unit.
        what: &'static str,
        /// Smallest accepted value.
        min: u64,
        /// Largest accepted value.
        max: u64,
    },
    /// The cryptographic library refused an operation that should always succeed.
    #[error("the cryptographic library failed in {operation}")]
    Library {
        /// Which operation.
        operation: &'static str,
    },
}
