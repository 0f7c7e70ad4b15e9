//! What a running service holds of one workspace: its key, ready for every purpose.

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};

use crate::blind_index::BlindIndexKey;
use crate::column::ColumnKey;
use crate::context::Context;
use crate::link::LinkKey;
use crate::object::{self, ObjectContext, ObjectPurpose, ObjectReader, SealedObject};
use crate::random::Drawn;
use crate::wrap;
use crate::xaes::XaesKey;
use crate::{DataKey, KeyId, PseudonymKey, Random, Secret, VaultError, WorkspaceId, WorkspaceKey, WrappedDataKey};
use uuid::Uuid;
use zeroize::Zeroizing;

/// HKDF's salt: a constant names the product (RFC 5869, 3.1 allows a public one for a uniform key).
const DERIVATION_SALT: &[u8] = b"chancery/1/hkdf-sha-256 salt ===";

/// The purpose keys of one workspace, derived once by HKDF-SHA256, each bound to the workspace's id.
///
/// ```compile_fail,E0277
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<chancery_vault::WorkspaceKeys>();
/// ```
pub struct WorkspaceKeys {
    id: KeyId,
    workspace: WorkspaceId,
    wrapping: XaesKey,
    columns: ColumnKey,
    blind_indexes: BlindIndexKey,
    links: LinkKey,
    audit: ColumnKey,
    pseudonyms: PseudonymKey,
}

impl WorkspaceKeys {
    /// Derives the purpose keys of `workspace`.
    ///
    /// # Errors
    /// The cryptographic library failed.
    pub fn new(key: &WorkspaceKey, workspace: WorkspaceId) -> Result<Self, VaultError> {
        let purpose = |label| purpose_secret(key, label, workspace);
        Ok(Self {
            id: key.id(),
            workspace,
            wrapping: XaesKey::new(&purpose("chancery/1/purpose/data-keys")?)?,
            columns: ColumnKey::new(key.id(), workspace, XaesKey::new(&purpose("chancery/1/purpose/columns")?)?),
            blind_indexes: BlindIndexKey::new(&purpose("chancery/1/purpose/blind-indexes")?),
            links: LinkKey::new(key.id(), workspace, &purpose("chancery/1/purpose/links")?),
            audit: audit_key(workspace, &purpose("chancery/1/purpose/audit")?)?,
            pseudonyms: PseudonymKey::new(workspace, &purpose("chancery/1/purpose/pseudonyms")?)?,
        })
    }

    /// Which workspace key these come from.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// Whose they are.
    #[must_use]
    pub const fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// Seals columns.
    #[must_use]
    pub const fn columns(&self) -> &ColumnKey {
        &self.columns
    }

    /// Makes look-ups over sealed columns possible.
    #[must_use]
    pub const fn blind_indexes(&self) -> &BlindIndexKey {
        &self.blind_indexes
    }

    /// Signs links.
    #[must_use]
    pub const fn links(&self) -> &LinkKey {
        &self.links
    }

    /// Seals the bodies of audit entries. It has an id of its own: no entry names the workspace key.
    #[must_use]
    pub const fn audit(&self) -> &ColumnKey {
        &self.audit
    }

    /// Makes pseudonyms. It has an id of its own, as the audit key has.
    #[must_use]
    pub const fn pseudonyms(&self) -> &PseudonymKey {
        &self.pseudonyms
    }

    pub(crate) const fn wrapping(&self) -> &XaesKey {
        &self.wrapping
    }

    /// Seals one object where it lies, under a new data key, which leaves this function only wrapped.
    ///
    /// # Errors
    /// The random source or the library failed; the plaintext is wiped.
    pub fn seal_object(
        &self,
        random: &dyn Random,
        purpose: ObjectPurpose,
        id: Uuid,
        plaintext: Vec<u8>,
    ) -> Result<SealedObject, VaultError> {
        const DRAWN_BYTES: usize = DataKey::DRAWN_BYTES + wrap::DRAWN_BYTES + object::DRAWN_BYTES;
        let plaintext = Zeroizing::new(plaintext);
        let random = Drawn::<DRAWN_BYTES>::from(random)?;
        let data_key = DataKey::generate(&random, self.context(purpose, id))?;
        let wrapped_key = self.wrap_data_key(&random, &data_key)?;
        let bytes = object::seal(&random, &data_key, plaintext)?;
        Ok(SealedObject { bytes, wrapped_key })
    }

    /// Opens a whole object.
    ///
    /// # Errors
    /// [`VaultError::NotAuthentic`] for anything but exactly what was sealed for this workspace, purpose and id.
    pub fn open_object(
        &self,
        purpose: ObjectPurpose,
        id: Uuid,
        wrapped_key: &WrappedDataKey,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        object::open(&self.unwrap_data_key(purpose, id, wrapped_key)?, sealed)
    }

    /// Prepares reading parts of an object of `sealed_length_bytes` from its first [`object::HEADER_BYTES`] bytes.
    ///
    /// Take the length from a trusted row ([`object::sealed_length_bytes`]) or from the object store; a wrong
    /// one makes the last segment fail.
    ///
    /// # Errors
    /// As [`WorkspaceKeys::open_object`]; a length that no object has is refused at once.
    pub fn object_reader(
        &self,
        purpose: ObjectPurpose,
        id: Uuid,
        wrapped_key: &WrappedDataKey,
        header: &[u8],
        sealed_length_bytes: u64,
    ) -> Result<ObjectReader, VaultError> {
        ObjectReader::new(&self.unwrap_data_key(purpose, id, wrapped_key)?, header, sealed_length_bytes)
    }

    pub(crate) fn wrap_data_key(&self, random: &dyn Random, data_key: &DataKey) -> Result<WrappedDataKey, VaultError> {
        WrappedDataKey::seal(
            random,
            (&self.wrapping, self.id),
            (data_key.secret(), data_key.id()),
            data_key.context().of_wrapped_key(),
        )
    }

    pub(crate) fn unwrap_data_key(
        &self,
        purpose: ObjectPurpose,
        id: Uuid,
        wrapped: &WrappedDataKey,
    ) -> Result<DataKey, VaultError> {
        let context = self.context(purpose, id);
        let (key_id, secret) = wrapped.open((&self.wrapping, self.id), context.of_wrapped_key())?;
        Ok(DataKey::from_parts(key_id, context, secret))
    }

    const fn context(&self, purpose: ObjectPurpose, object: Uuid) -> ObjectContext {
        ObjectContext { workspace: self.workspace, object, purpose }
    }
}

/// The secret of one purpose of one workspace.
pub(crate) fn purpose_secret(
    key: &WorkspaceKey,
    label: &'static str,
    workspace: WorkspaceId,
) -> Result<Secret<32>, VaultError> {
    derive(key.secret(), label, workspace.uuid().as_bytes())
}

/// The audit key with this secret, from which its id follows.
pub(crate) fn audit_key(workspace: WorkspaceId, secret: &Secret<32>) -> Result<ColumnKey, VaultError> {
    Ok(ColumnKey::new(derived_id(secret, "chancery/1/audit-key-id")?, workspace, XaesKey::new(secret)?))
}

/// An id that follows from the secret, so that a damaged copy shows.
pub(crate) fn derived_id(secret: &Secret<32>, label: &'static str) -> Result<KeyId, VaultError> {
    let digest = derive(secret, label, &[])?;
    let mut id = [0; KeyId::LENGTH_BYTES];
    for (to, from) in id.iter_mut().zip(digest.expose()) {
        *to = *from;
    }
    Ok(KeyId::from_bytes(id))
}

struct Length32;

impl KeyType for Length32 {
    fn len(&self) -> usize {
        32
    }
}

/// HKDF-SHA256 (RFC 5869) with our salt; `label` and `of` become the info.
pub(crate) fn derive(secret: &Secret<32>, label: &'static str, of: &[u8]) -> Result<Secret<32>, VaultError> {
    let info = Context::new(label).part(of);
    hkdf(DERIVATION_SALT, secret.expose(), info.as_bytes())
}

fn hkdf(salt: &[u8], secret: &[u8], info: &[u8]) -> Result<Secret<32>, VaultError> {
    const FAILED: VaultError = VaultError::Library { operation: "deriving a purpose key" };
    let pseudorandom_key = Salt::new(HKDF_SHA256, salt).extract(secret);
    let info = [info];
    let output = pseudorandom_key.expand(&info, Length32).map_err(|_| FAILED)?;
    Secret::filled_by(|bytes| output.fill(bytes).map_err(|_| FAILED))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::random::testing::{CountingRandom, FailingRandom};
    use crate::{SystemRandom, Timestamp, sha256};

    #[test]
    fn hkdf_gives_the_known_answer_of_rfc_5869() {
        // RFC 5869, A.1, the first 32 of its 42 bytes: HKDF's output of a shorter length is a prefix.
        let salt: Vec<u8> = (0..=0x0c).collect();
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        let output = hkdf(&salt, &[0x0b; 22], &info).unwrap();
        let hex: String = output.expose().iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }

    #[test]
    fn purposes_and_workspaces_get_different_keys() {
        let secret = Secret::generate(&SystemRandom).unwrap();
        let keys =
            [("a", b"1"), ("a", b"2"), ("b", b"1")].map(|(label, of)| *derive(&secret, label, of).unwrap().expose());
        assert_ne!(keys[0], keys[1]);
        assert_ne!(keys[0], keys[2]);
        assert_ne!(keys[1], keys[2]);
    }

    #[test]
    fn an_object_opens_only_as_what_it_was_sealed() {
        let workspace = WorkspaceId::generate(Timestamp::from_millis(1), &SystemRandom).unwrap();
        let other = WorkspaceId::generate(Timestamp::from_millis(1), &SystemRandom).unwrap();
        let key = WorkspaceKey::generate(&SystemRandom).unwrap();
        let keys = WorkspaceKeys::new(&key, workspace).unwrap();
        let id = Uuid::from_u128(1);
        let sealed = keys.seal_object(&SystemRandom, ObjectPurpose::Document, id, b"the document".to_vec()).unwrap();
        let open = |keys: &WorkspaceKeys, purpose, id| {
            keys.open_object(purpose, id, &sealed.wrapped_key, &sealed.bytes.to_vec())
        };
        assert_eq!(open(&keys, ObjectPurpose::Document, id).unwrap().as_slice(), b"the document");
        let refused = |result: Result<Zeroizing<Vec<u8>>, VaultError>| {
            assert!(matches!(result, Err(VaultError::NotAuthentic { .. })), "{result:?}");
        };
        refused(open(&keys, ObjectPurpose::Document, Uuid::from_u128(2)));
        refused(open(&keys, ObjectPurpose::Asset, id));
        refused(open(&WorkspaceKeys::new(&key, other).unwrap(), ObjectPurpose::Document, id));
        let stranger = WorkspaceKeys::new(&WorkspaceKey::generate(&SystemRandom).unwrap(), workspace).unwrap();
        assert!(matches!(open(&stranger, ObjectPurpose::Document, id), Err(VaultError::OtherKey { .. })));
    }

    #[test]
    fn sealed_objects_have_the_bytes_that_they_always_had_and_one_draw_gives_all_that_is_random() {
        // SHA-256 of wrapped key and object, by the first build that sealed objects, from a source that counts.
        let key = WorkspaceKey::generate(&CountingRandom::default()).unwrap();
        let keys = WorkspaceKeys::new(&key, WorkspaceId::from_uuid(Uuid::from_u128(7))).unwrap();
        let (purpose, id) = (ObjectPurpose::Document, Uuid::from_u128(9));
        for (length, digest) in [
            (0, "505d65d220cd26d89f42619a4633be5285f03fad0d1a148a2d34428305b6a69f"),
            (1, "c3d80ba9e3304ee76c1582c2b56ec74e89905288c2282b4ab4e18f5c7ac4f91b"),
            (65_535, "72a3c41765c899b1120631383dbf4fe823b9054a0f1e74772fb28fc4fe08da33"),
            (65_536, "c3c38d318d36237a55265e528d345a3b1c632b922328aca6a6ea0f21807733d3"),
            (65_537, "fe7b9343ca77598da9e50668a9cf1b635c0fd9434da52a06374df22fa659face"),
            (131_072, "148cd49905f90ef562532fba5c86731b287cc90ba963d3b16f5892af2de949f7"),
            (131_073, "a161f2d793de1036075ddb784aa1f521ac778b5c462ca9c5e4bb6edaff5b62d8"),
        ] {
            let random = CountingRandom::default();
            let plaintext: Vec<u8> = (0..=250).cycle().take(length).collect();
            let object = keys.seal_object(&random, purpose, id, plaintext.clone()).unwrap();
            assert_eq!(*random.calls.lock().unwrap(), [71], "key id, key, nonce of the wrap, prefix of the nonces");
            let bytes = object.bytes.to_vec();
            let hex: String = sha256(&[object.wrapped_key.as_bytes(), bytes.as_slice()].concat())
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            assert_eq!(hex, digest, "{length}");
            assert_eq!(*keys.open_object(purpose, id, &object.wrapped_key, &bytes).unwrap(), plaintext, "{length}");
        }
    }

    #[test]
    fn an_object_is_sealed_where_its_plaintext_lay() {
        let keys = WorkspaceKeys::new(
            &WorkspaceKey::generate(&SystemRandom).unwrap(),
            WorkspaceId::from_uuid(Uuid::from_u128(7)),
        )
        .unwrap();
        for length in [1, 65_535, 65_536, 65_537, 200_000] {
            let plaintext = vec![b'p'; length];
            let place = plaintext.as_ptr();
            let object = keys.seal_object(&SystemRandom, ObjectPurpose::Document, Uuid::nil(), plaintext).unwrap();
            assert!(object.bytes.into_parts().iter().any(|part| part.as_ptr() == place), "{length}");
        }
        let nothing = keys.seal_object(&FailingRandom, ObjectPurpose::Document, Uuid::nil(), b"secret".to_vec());
        assert_eq!(nothing.err(), Some(VaultError::Random));
    }

    #[test]
    fn every_altered_byte_of_a_wrapped_data_key_is_refused() {
        let keys = WorkspaceKeys::new(
            &WorkspaceKey::generate(&SystemRandom).unwrap(),
            WorkspaceId::from_uuid(Uuid::from_u128(7)),
        )
        .unwrap();
        let sealed = keys.seal_object(&SystemRandom, ObjectPurpose::Document, Uuid::nil(), b"x".to_vec()).unwrap();
        let bytes = sealed.wrapped_key.as_bytes();
        for index in 0..bytes.len() {
            let mut altered = bytes.to_vec();
            *altered.get_mut(index).unwrap() ^= 0x40;
            let opened = WrappedDataKey::from_bytes(altered)
                .and_then(|key| keys.open_object(ObjectPurpose::Document, Uuid::nil(), &key, &sealed.bytes.to_vec()));
            assert!(opened.is_err(), "byte {index}");
        }
        for length in [0, 1, 16, 88] {
            assert!(WrappedDataKey::from_bytes(bytes.get(..length).unwrap().to_vec()).is_err());
        }
        assert!(WrappedDataKey::from_bytes([bytes, b"x"].concat()).is_err());
    }

    #[test]
    fn data_keys_of_two_objects_cannot_be_swapped() {
        let keys = WorkspaceKeys::new(
            &WorkspaceKey::generate(&SystemRandom).unwrap(),
            WorkspaceId::from_uuid(Uuid::from_u128(7)),
        )
        .unwrap();
        let [first, second] = [1, 2]
            .map(|id| (Uuid::from_u128(id), b"same".to_vec()))
            .map(|(id, same)| keys.seal_object(&SystemRandom, ObjectPurpose::Document, id, same).unwrap());
        let [first_bytes, second_bytes] = [&first, &second].map(|object| object.bytes.to_vec());
        assert_ne!(first_bytes, second_bytes);
        let swapped = keys.open_object(ObjectPurpose::Document, Uuid::from_u128(1), &second.wrapped_key, &second_bytes);
        assert!(matches!(swapped, Err(VaultError::NotAuthentic { .. })));
        let half = keys.open_object(ObjectPurpose::Document, Uuid::from_u128(1), &first.wrapped_key, &second_bytes);
        assert!(half.is_err());
    }
}
