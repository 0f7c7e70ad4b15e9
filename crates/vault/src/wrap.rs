//! Keys sealed by the key above them, in the form in which the database keeps them.
//!
//! ```text
//! version (1) | id of the wrapping key (8) | id of the wrapped key (8) | nonce (24) | key (32) | tag (16)
//! ```
//!
//! A workspace key that somebody else than us wraps (a key service, a security module) has version 2, and behind the ids
//! whatever its keeper gave.

use crate::context::Context;
use crate::xaes::{NONCE_BYTES, TAG_BYTES, XaesKey};
use crate::{KeyId, Random, Secret, VaultError};

const VERSION: u8 = 1;
/// Of a workspace key that a keeper wrapped.
const KEPT_VERSION: u8 = 2;
/// What a keeper may give: key services add some hundred bytes to a key.
const KEPT_BYTES_MAX: usize = 4096;
const HEADER_BYTES: usize = 1 + 2 * KeyId::LENGTH_BYTES;
/// What wrapping a key draws.
pub(crate) const DRAWN_BYTES: usize = NONCE_BYTES;
const WRAPPED_BYTES: usize = HEADER_BYTES + NONCE_BYTES + 32 + TAG_BYTES;

macro_rules! wrapped_key {
    ($(#[$attribute:meta])* $name:ident, $what:literal, $kept:literal) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(Vec<u8>);

        impl $name {
            pub(crate) const WHAT: &'static str = $what;

            /// Wraps a key; `context` must bind what it is for.
            pub(crate) fn seal(
                random: &dyn Random,
                with: (&XaesKey, KeyId),
                key: (&Secret<32>, KeyId),
                context: Context,
            ) -> Result<Self, VaultError> {
                seal(random, with, key, context).map(Self)
            }

            pub(crate) fn open(&self, with: (&XaesKey, KeyId), context: Context) -> Result<(KeyId, Secret<32>), VaultError> {
                open(Self::WHAT, &self.0, with, context)
            }

            /// Reads the stored form.
            ///
            /// # Errors
            /// Another length or version than this build writes.
            pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, VaultError> {
                ids(Self::WHAT, $kept, &bytes)?;
                Ok(Self(bytes))
            }

            /// Which key wrapped it.
            #[must_use]
            pub fn wrapping_id(&self) -> KeyId {
                id_at(&self.0, 1)
            }

            /// Which key is wrapped.
            #[must_use]
            pub fn key_id(&self) -> KeyId {
                id_at(&self.0, 1 + KeyId::LENGTH_BYTES)
            }

            /// The form to store: 89 bytes, unless a keeper wrapped it.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }

            /// The form to store, given away.
            #[must_use]
            pub fn into_bytes(self) -> Vec<u8> {
                self.0
            }
        }
    };
}

wrapped_key!(
    /// A [`WorkspaceKey`](crate::WorkspaceKey) under the root key. Not secret.
    WrappedWorkspaceKey,
    "the wrapped workspace key",
    true
);
wrapped_key!(
    /// A [`DataKey`](crate::DataKey) under its workspace's key. Not secret; destroying it destroys the object.
    WrappedDataKey,
    "the wrapped data key",
    false
);
wrapped_key!(
    /// A purpose key of an earlier workspace key under a later one. Not secret.
    WrappedPurposeKey,
    "the carried purpose key",
    false
);

impl WrappedWorkspaceKey {
    /// What a keeper's wrap starts with, to which it must be bound.
    pub(crate) fn kept_header(wrapping: KeyId, wrapped: KeyId) -> Vec<u8> {
        [&[KEPT_VERSION], wrapping.as_bytes().as_slice(), wrapped.as_bytes()].concat()
    }

    /// The parts of a keeper's wrap: header and what the keeper gave. Nothing for our own wraps.
    pub(crate) fn kept_parts(&self) -> Option<(&[u8], &[u8])> {
        self.0.split_at_checked(HEADER_BYTES).filter(|(header, _)| header.first() == Some(&KEPT_VERSION))
    }
}

/// The ids of the wrapping and of the wrapped key, from a stored form of an allowed version and length.
fn ids(what: &'static str, may_be_kept: bool, bytes: &[u8]) -> Result<(KeyId, KeyId), VaultError> {
    let malformed = VaultError::Malformed { what, reason: "its length is wrong" };
    let Some((&version, rest)) = bytes.split_first() else {
        return Err(malformed);
    };
    let lengths = match version {
        VERSION => WRAPPED_BYTES..=WRAPPED_BYTES,
        KEPT_VERSION if may_be_kept => HEADER_BYTES + 1..=HEADER_BYTES + KEPT_BYTES_MAX,
        _ => return Err(VaultError::Version { what, version }),
    };
    if !lengths.contains(&bytes.len()) {
        return Err(malformed);
    }
    let (wrapping, rest) = rest.split_first_chunk::<8>().ok_or(malformed.clone())?;
    let (wrapped, _) = rest.split_first_chunk::<8>().ok_or(malformed)?;
    Ok((KeyId::from_bytes(*wrapping), KeyId::from_bytes(*wrapped)))
}

/// The id at a place of a stored form, whose length was checked when it was made.
fn id_at(bytes: &[u8], start: usize) -> KeyId {
    let id = bytes.get(start..).and_then(|rest| rest.first_chunk::<{ KeyId::LENGTH_BYTES }>());
    KeyId::from_bytes(id.copied().unwrap_or_default())
}

fn seal(
    random: &dyn Random,
    (wrapping, wrapping_id): (&XaesKey, KeyId),
    (key, key_id): (&Secret<32>, KeyId),
    context: Context,
) -> Result<Vec<u8>, VaultError> {
    let mut out = Vec::with_capacity(WRAPPED_BYTES);
    out.push(VERSION);
    out.extend_from_slice(wrapping_id.as_bytes());
    out.extend_from_slice(key_id.as_bytes());
    let context = context.part(&out);
    wrapping.seal_onto(random, context.as_bytes(), key.expose(), &mut out)?;
    Ok(out)
}

fn open(
    what: &'static str,
    bytes: &[u8],
    (wrapping, wrapping_id): (&XaesKey, KeyId),
    context: Context,
) -> Result<(KeyId, Secret<32>), VaultError> {
    let (found, wrapped) = ids(what, false, bytes)?;
    if found != wrapping_id {
        return Err(VaultError::OtherKey { what, found, given: wrapping_id });
    }
    let not_authentic = VaultError::NotAuthentic { what };
    let (header, body) = bytes.split_at_checked(HEADER_BYTES).ok_or(not_authentic.clone())?;
    let context = context.part(header);
    // Straight to where it stays: no other place holds the key.
    let secret = Secret::filled_by(|secret| {
        if wrapping.open_into(context.as_bytes(), body, secret)? { Ok(()) } else { Err(not_authentic) }
    });
    Ok((wrapped, secret?))
}
