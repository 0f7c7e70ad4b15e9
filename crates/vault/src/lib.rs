//! Keys, envelopes, tokens and signed links: all of Chancery's cryptography, without I/O, clock or database.
//!
//! The chain of keys, each a type of its own:
//!
//! ```text
//! RootKey ──wraps──▶ WorkspaceKey ──wraps──▶ DataKey ──seals──▶ one object
//!                         │ HKDF-SHA256
//!                         ├──▶ ColumnKey      seals columns
//!                         ├──▶ BlindIndexKey  look-ups over sealed columns
//!                         ├──▶ LinkKey        signs links
//!                         ├──▶ audit key      seals audit entries
//!                         └──▶ PseudonymKey   names persons, and seals who they are
//! ```
//!
//! Start with [`WorkspaceKeyring`] (what a running service holds: all living keys of a workspace), then [`object`] and [`link`].
//! Randomness comes through the [`Random`] argument, the time through [`Timestamp`].

mod blind_index;
mod carried;
mod class;
mod column;
mod context;
pub mod custodian_file;
mod error;
mod grant;
mod id;
mod key;
mod key_tree;
mod keyring;
mod ledger_key;
pub mod link;
pub mod object;
mod passcode;
mod provider;
mod pseudonym;
mod random;
pub mod root_file;
mod sealed_bytes;
mod secret;
mod segments;
pub mod shares;
mod time;
mod token;
mod workspace_keys;
mod wrap;
mod xaes;

pub use blind_index::{BlindIndex, BlindIndexKey};
pub use carried::CarriedPurpose;
pub use class::Class;
pub use column::{ColumnContext, ColumnKey};
pub use error::VaultError;
pub use grant::{Grant, sha256};
pub use id::{DocumentId, KeyId, LinkId, WorkspaceId};
pub use key::{DataKey, RootKey, WorkspaceKey};
pub use keyring::{OtherKeys, WorkspaceKeyring};
pub use ledger_key::{LEDGER, ledger_key};
pub use link::{IssuedLink, LinkKey, LinkLifetime, LinkTarget, SignedLink, UnverifiedLink};
pub use object::{ObjectPurpose, ObjectReader, SealedObject};
pub use passcode::{Passcode, PasscodeCheck};
pub use provider::{FileRootKey, Keeper, KeptRootKey, RootKeyProvider};
pub use pseudonym::{Pseudonym, PseudonymKey, PseudonymKind};
pub use random::{Random, SystemRandom};
pub use sealed_bytes::SealedBytes;
pub use secret::Secret;
pub use time::Timestamp;
pub use token::{ApiKey, TokenHash};
pub use workspace_keys::WorkspaceKeys;
pub use wrap::{WrappedDataKey, WrappedPurposeKey, WrappedWorkspaceKey};

// The id macro's expansion needs `uuid` in other crates too.
#[doc(hidden)]
pub use uuid;
