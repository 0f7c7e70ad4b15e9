//! Sealed columns: a value that opens only in the row and column for which it was sealed.
//!
//! ```text
//! version (1) | id of the workspace key (8) | nonce (24) | ciphertext | tag (16)
//! ```

use uuid::Uuid;

use crate::context::Context;
use crate::xaes::XaesKey;
use crate::{KeyId, Random, VaultError, WorkspaceId};

const VERSION: u8 = 1;
const HEADER_BYTES: usize = 1 + KeyId::LENGTH_BYTES;
const WHAT: &str = "the sealed column";

/// Where a sealed value lives; all of it is bound.
#[derive(Debug, Clone, Copy)]
pub struct ColumnContext {
    /// The table's name.
    pub table: &'static str,
    /// The column's name.
    pub column: &'static str,
    /// The row's id; chosen before sealing.
    pub row: Uuid,
}

/// Seals the columns of one workspace.
pub struct ColumnKey {
    id: KeyId,
    workspace: WorkspaceId,
    key: XaesKey,
}

impl ColumnKey {
    pub(crate) const fn new(id: KeyId, workspace: WorkspaceId, key: XaesKey) -> Self {
        Self { id, workspace, key }
    }

    /// Which key this is.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// Seals `plaintext` for one cell: 49 bytes longer.
    ///
    /// # Errors
    /// The random source or the library failed.
    pub fn seal(&self, random: &dyn Random, context: &ColumnContext, plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut out = Vec::with_capacity(HEADER_BYTES + plaintext.len() + 40);
        out.push(VERSION);
        out.extend_from_slice(self.id.as_bytes());
        let aad = self.associated_data(context, &out);
        self.key.seal_onto(random, aad.as_bytes(), plaintext, &mut out)?;
        Ok(out)
    }

    /// Opens a cell.
    ///
    /// # Errors
    /// [`VaultError::OtherKey`] when it was sealed under another key of the workspace;
    /// [`VaultError::NotAuthentic`] when it was altered or moved from another cell.
    pub fn open(&self, context: &ColumnContext, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let malformed = VaultError::Malformed { what: WHAT, reason: "it is too short" };
        let (&version, rest) = sealed.split_first().ok_or(malformed.clone())?;
        if version != VERSION {
            return Err(VaultError::Version { what: WHAT, version });
        }
        let (key_id, body) = rest.split_first_chunk::<{ KeyId::LENGTH_BYTES }>().ok_or(malformed.clone())?;
        let found = KeyId::from_bytes(*key_id);
        if found != self.id {
            return Err(VaultError::OtherKey { what: WHAT, found, given: self.id });
        }
        let header = sealed.get(..HEADER_BYTES).ok_or(malformed)?;
        let aad = self.associated_data(context, header);
        self.key.open(aad.as_bytes(), body)?.ok_or(VaultError::NotAuthentic { what: WHAT })
    }

    fn associated_data(&self, context: &ColumnContext, header: &[u8]) -> Context {
        Context::new("chancery/1/column")
            .id(self.workspace.uuid())
            .part(context.table.as_bytes())
            .part(context.column.as_bytes())
            .id(context.row)
            .part(header)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::{SystemRandom, WorkspaceKey, WorkspaceKeys};

    fn keys(workspace: u128) -> WorkspaceKeys {
        let key = WorkspaceKey::generate(&SystemRandom).unwrap();
        WorkspaceKeys::new(&key, WorkspaceId::from_uuid(Uuid::from_u128(workspace))).unwrap()
    }

    const CELL: ColumnContext = ColumnContext { table: "templates", column: "name", row: Uuid::from_u128(1) };

    #[test]
    fn a_cell_opens_only_where_it_was_sealed() {
        let keys = keys(1);
        let sealed = keys.columns().seal(&SystemRandom, &CELL, b"Invoice").unwrap();
        assert_eq!(keys.columns().open(&CELL, &sealed).unwrap(), b"Invoice");
        for elsewhere in [
            ColumnContext { table: "documents", ..CELL },
            ColumnContext { column: "body", ..CELL },
            ColumnContext { row: Uuid::from_u128(2), ..CELL },
        ] {
            assert_eq!(keys.columns().open(&elsewhere, &sealed), Err(VaultError::NotAuthentic { what: WHAT }));
        }
    }

    #[test]
    fn the_same_key_of_another_workspace_does_not_open_it() {
        let key = WorkspaceKey::generate(&SystemRandom).unwrap();
        let [first, second] =
            [1, 2].map(|id| WorkspaceKeys::new(&key, WorkspaceId::from_uuid(Uuid::from_u128(id))).unwrap());
        let sealed = first.columns().seal(&SystemRandom, &CELL, b"Invoice").unwrap();
        assert_eq!(second.columns().open(&CELL, &sealed), Err(VaultError::NotAuthentic { what: WHAT }));
    }

    #[test]
    fn every_altered_or_missing_byte_is_refused() {
        let keys = keys(1);
        let sealed = keys.columns().seal(&SystemRandom, &CELL, b"Invoice").unwrap();
        for index in 0..sealed.len() {
            let mut altered = sealed.clone();
            *altered.get_mut(index).unwrap() ^= 0x80;
            assert!(keys.columns().open(&CELL, &altered).is_err(), "byte {index}");
            assert!(keys.columns().open(&CELL, sealed.get(..index).unwrap()).is_err(), "cut at {index}");
        }
        assert!(keys.columns().open(&CELL, &[sealed.as_slice(), b"x"].concat()).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_value_survives_and_none_shows(value: Vec<u8>) {
            let keys = keys(1);
            let sealed = keys.columns().seal(&SystemRandom, &CELL, &value).unwrap();
            prop_assert_eq!(sealed.len(), value.len() + 49);
            prop_assert_eq!(keys.columns().open(&CELL, &sealed).unwrap(), value);
        }

        #[test]
        fn no_bytes_make_opening_panic_or_succeed(bytes: Vec<u8>) {
            prop_assert!(keys(1).columns().open(&CELL, &bytes).is_err());
        }
    }
}
