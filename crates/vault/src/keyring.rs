//! All keys of one workspace that are alive: one seals, every one of them opens what names it.

use std::mem;

use uuid::Uuid;

use crate::carried::{CarriedKeys, CarriedPurpose};
use crate::column::{ColumnContext, ColumnKey};
use crate::link::{IssuedLink, LinkKey, LinkLifetime, SignedLink, UnverifiedLink};
use crate::object::{ObjectPurpose, ObjectReader, SealedObject};
use crate::{
    BlindIndex, DocumentId, KeyId, LinkId, PseudonymKey, Random, Timestamp, VaultError, WorkspaceId, WorkspaceKeys,
    WrappedDataKey, WrappedPurposeKey,
};

/// What a workspace's keys do at one time in their lives (NIST SP 800-57 part 1, section 7).
///
/// ```compile_fail,E0277
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<chancery_vault::WorkspaceKeyring>();
/// ```
pub struct WorkspaceKeyring {
    active: WorkspaceKeys,
    others: Vec<OtherKeys>,
    carried: CarriedKeys,
}

/// Keys that seal nothing, but open what they sealed.
pub struct OtherKeys {
    /// The keys.
    pub keys: WorkspaceKeys,
    /// Whether somebody else may have them: then a link that they signed proves nothing.
    pub is_compromised: bool,
}

impl WorkspaceKeyring {
    /// Puts the keys of one workspace together; `carried` is what `active` carries.
    ///
    /// # Errors
    /// [`VaultError::OtherKey`] or [`VaultError::NotAuthentic`] when `active` does not carry it.
    pub fn new(
        active: WorkspaceKeys,
        others: Vec<OtherKeys>,
        carried: &[(CarriedPurpose, WrappedPurposeKey)],
    ) -> Result<Self, VaultError> {
        let mut opened = CarriedKeys::default();
        for (purpose, wrapped) in carried {
            opened.add(&active, *purpose, wrapped)?;
        }
        Ok(Self { active, others, carried: opened })
    }

    /// Whose keys these are.
    #[must_use]
    pub const fn workspace(&self) -> WorkspaceId {
        self.active.workspace()
    }

    /// The keys that seal.
    #[must_use]
    pub const fn active(&self) -> &WorkspaceKeys {
        &self.active
    }

    /// Seals a cell.
    ///
    /// # Errors
    /// The random source or the library failed.
    pub fn seal_column(
        &self,
        random: &dyn Random,
        context: &ColumnContext,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.active.columns().seal(random, context, plaintext)
    }

    /// Opens a cell with the key that it names.
    ///
    /// # Errors
    /// [`VaultError::OtherKey`] when that key is gone, [`VaultError::NotAuthentic`] when the cell was altered or moved.
    pub fn open_column(&self, context: &ColumnContext, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        open_with(self.all().map(WorkspaceKeys::columns), context, sealed)
    }

    /// Seals a cell again under the active key, when another one sealed it.
    ///
    /// # Errors
    /// As [`WorkspaceKeyring::open_column`].
    pub fn reseal_column(
        &self,
        random: &dyn Random,
        context: &ColumnContext,
        sealed: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let opened = zeroize::Zeroizing::new(self.open_column(context, sealed)?);
        self.seal_column(random, context, &opened)
    }

    /// Opens the body of an audit entry, however old.
    ///
    /// # Errors
    /// As [`WorkspaceKeyring::open_column`].
    pub fn open_audit(&self, context: &ColumnContext, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        open_with(self.all().map(WorkspaceKeys::audit).chain(&self.carried.audit), context, sealed)
    }

    /// Opens who is behind a pseudonym, however old.
    ///
    /// # Errors
    /// As [`WorkspaceKeyring::open_column`].
    pub fn open_pseudonym(&self, context: &ColumnContext, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let keys = self.all().map(WorkspaceKeys::pseudonyms).chain(&self.carried.pseudonyms);
        open_with(keys.map(PseudonymKey::originals), context, sealed)
    }

    /// The indexes that `value` may be stored under: the active key's first. While cells move from one key to the
    /// next there are several; ask for any of them.
    #[must_use]
    pub fn blind_indexes(&self, purpose: &'static str, value: &[u8]) -> Vec<BlindIndex> {
        self.all().map(|keys| keys.blind_indexes().index(purpose, value)).collect()
    }

    /// Seals one object where it lies, under a new data key.
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
        self.active.seal_object(random, purpose, id, plaintext)
    }

    /// Seals a whole object again under a new data key, so that whoever had the old one opens nothing with it.
    ///
    /// # Errors
    /// As [`WorkspaceKeys::open_object`]; [`VaultError::OtherKey`] when the key that wrapped the data key is gone.
    pub fn reseal_object(
        &self,
        random: &dyn Random,
        purpose: ObjectPurpose,
        id: Uuid,
        wrapped_key: &WrappedDataKey,
        sealed: &[u8],
    ) -> Result<SealedObject, VaultError> {
        let keys = self.named(wrapped_key.wrapping_id());
        let mut opened = keys.open_object(purpose, id, wrapped_key, sealed)?;
        self.seal_object(random, purpose, id, mem::take(&mut *opened))
    }

    /// Whether somebody else may have the key `id`.
    #[must_use]
    pub fn is_compromised(&self, id: KeyId) -> bool {
        self.others.iter().any(|other| other.is_compromised && other.keys.id() == id)
    }

    /// Prepares reading an object; see [`WorkspaceKeys::object_reader`].
    ///
    /// # Errors
    /// As there; [`VaultError::OtherKey`] when the key that wrapped the data key is gone.
    pub fn object_reader(
        &self,
        purpose: ObjectPurpose,
        id: Uuid,
        wrapped_key: &WrappedDataKey,
        header: &[u8],
        sealed_length_bytes: u64,
    ) -> Result<ObjectReader, VaultError> {
        self.named(wrapped_key.wrapping_id()).object_reader(purpose, id, wrapped_key, header, sealed_length_bytes)
    }

    /// Whether a data key opens.
    ///
    /// # Errors
    /// As [`WorkspaceKeyring::rewrap_data_key`].
    pub fn check_data_key(
        &self,
        purpose: ObjectPurpose,
        id: Uuid,
        wrapped_key: &WrappedDataKey,
    ) -> Result<(), VaultError> {
        self.named(wrapped_key.wrapping_id()).unwrap_data_key(purpose, id, wrapped_key).map(drop)
    }

    /// Wraps a data key again under the active key; the object stays as it is.
    ///
    /// # Errors
    /// [`VaultError::OtherKey`] when the key that wrapped it is gone, [`VaultError::NotAuthentic`] when it was altered.
    pub fn rewrap_data_key(
        &self,
        random: &dyn Random,
        purpose: ObjectPurpose,
        id: Uuid,
        wrapped_key: &WrappedDataKey,
    ) -> Result<WrappedDataKey, VaultError> {
        let data_key = self.named(wrapped_key.wrapping_id()).unwrap_data_key(purpose, id, wrapped_key)?;
        self.active.wrap_data_key(random, &data_key)
    }

    /// Makes a link.
    #[must_use]
    pub fn issue_link(&self, document: DocumentId, now: Timestamp, lifetime: LinkLifetime) -> IssuedLink {
        self.active.links().issue(document, now, lifetime)
    }

    /// Makes the text of a link that is kept; it lives until the second of `expires_at`.
    #[must_use]
    pub fn issue_kept_link(&self, link: LinkId, expires_at: Timestamp) -> IssuedLink {
        self.active.links().issue_kept(link, expires_at)
    }

    /// Checks a link with the key that it names. A key that somebody else may have proves nothing.
    ///
    /// # Errors
    /// [`VaultError::OtherKey`], [`VaultError::NotAuthentic`], and [`VaultError::Expired`] for an authentic link only.
    pub fn verify_link(&self, link: &UnverifiedLink, now: Timestamp) -> Result<SignedLink, VaultError> {
        let trusted = self.others.iter().filter(|other| !other.is_compromised).map(|other| other.keys.links());
        let named: Option<&LinkKey> = trusted.chain(&self.carried.links).find(|key| key.id() == link.claimed_key());
        link.verify(named.unwrap_or(self.active.links()), now)
    }

    fn all(&self) -> impl Iterator<Item = &WorkspaceKeys> {
        std::iter::once(&self.active).chain(self.others.iter().map(|other| &other.keys))
    }

    /// The keys with this id; the active ones when they are gone, which then say so.
    fn named(&self, id: KeyId) -> &WorkspaceKeys {
        self.all().find(|keys| keys.id() == id).unwrap_or(&self.active)
    }
}

/// Opens with the key that the cell names; the first key says what is wrong when there is none.
fn open_with<'k>(
    mut keys: impl Iterator<Item = &'k ColumnKey>,
    context: &ColumnContext,
    sealed: &[u8],
) -> Result<Vec<u8>, VaultError> {
    let first = keys.next().map_or(Err(VaultError::Malformed { what: "the key ring", reason: "it is empty" }), |key| {
        key.open(context, sealed)
    });
    let Err(VaultError::OtherKey { found, .. }) = &first else { return first };
    let found = *found;
    keys.find(|key| key.id() == found).map_or(first, |key| key.open(context, sealed))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::{LinkTarget, SystemRandom, WorkspaceKey};

    const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
    const CELL: ColumnContext = ColumnContext { table: "templates", column: "name_sealed", row: Uuid::nil() };

    struct Rotation {
        workspace: WorkspaceId,
        old: WorkspaceKey,
        new: WorkspaceKey,
    }

    impl Rotation {
        fn new() -> Self {
            let key = || WorkspaceKey::generate(&SystemRandom).unwrap();
            Self { workspace: WorkspaceId::generate(NOW, &SystemRandom).unwrap(), old: key(), new: key() }
        }

        fn keys(&self, key: &WorkspaceKey) -> WorkspaceKeys {
            WorkspaceKeys::new(key, self.workspace).unwrap()
        }

        fn before(&self) -> WorkspaceKeyring {
            WorkspaceKeyring::new(self.keys(&self.old), Vec::new(), &[]).unwrap()
        }

        fn during(&self, is_compromised: bool) -> WorkspaceKeyring {
            let others = vec![OtherKeys { keys: self.keys(&self.old), is_compromised }];
            WorkspaceKeyring::new(self.keys(&self.new), others, &[]).unwrap()
        }

        fn after(&self) -> WorkspaceKeyring {
            let new = self.keys(&self.new);
            let carried = [CarriedPurpose::Audit, CarriedPurpose::Links]
                .map(|purpose| (purpose, new.carry(&SystemRandom, purpose, &self.old).unwrap()));
            WorkspaceKeyring::new(new, Vec::new(), &carried).unwrap()
        }
    }

    #[test]
    fn a_cell_and_an_object_move_to_the_new_key_and_the_old_one_is_not_needed_any_more() {
        let rotation = Rotation::new();
        let (before, during, after) = (rotation.before(), rotation.during(false), rotation.after());
        let cell = before.seal_column(&SystemRandom, &CELL, b"Invoice").unwrap();
        let object =
            before.seal_object(&SystemRandom, ObjectPurpose::Document, Uuid::nil(), b"a document".to_vec()).unwrap();
        assert_eq!(during.open_column(&CELL, &cell).unwrap(), b"Invoice");
        assert!(matches!(after.open_column(&CELL, &cell), Err(VaultError::OtherKey { .. })));

        let moved = during.reseal_column(&SystemRandom, &CELL, &cell).unwrap();
        assert_eq!(after.open_column(&CELL, &moved).unwrap(), b"Invoice");
        assert!(matches!(before.open_column(&CELL, &moved), Err(VaultError::OtherKey { .. })));
        let wrapped =
            during.rewrap_data_key(&SystemRandom, ObjectPurpose::Document, Uuid::nil(), &object.wrapped_key).unwrap();
        let opened = after.active().open_object(ObjectPurpose::Document, Uuid::nil(), &wrapped, &object.bytes.to_vec());
        assert_eq!(opened.unwrap().as_slice(), b"a document");
    }

    #[test]
    fn a_cell_of_another_row_is_not_moved() {
        let rotation = Rotation::new();
        let cell = rotation.before().seal_column(&SystemRandom, &CELL, b"Invoice").unwrap();
        let elsewhere = ColumnContext { row: Uuid::max(), ..CELL };
        let moved = rotation.during(false).reseal_column(&SystemRandom, &elsewhere, &cell);
        assert!(matches!(moved, Err(VaultError::NotAuthentic { .. })));
    }

    #[test]
    fn links_and_audit_entries_outlive_the_key_that_made_them() {
        let rotation = Rotation::new();
        let document = DocumentId::generate(NOW, &SystemRandom).unwrap();
        let link = rotation.before().issue_link(document, NOW, LinkLifetime::MAX);
        let link = UnverifiedLink::parse(&link.token).unwrap();
        let body = rotation.before().active().audit().seal(&SystemRandom, &CELL, b"body").unwrap();
        for ring in [rotation.before(), rotation.during(false), rotation.after()] {
            assert_eq!(ring.verify_link(&link, NOW).unwrap().target, LinkTarget::Document(document));
            assert_eq!(ring.open_audit(&CELL, &body).unwrap(), b"body");
            assert!(ring.open_column(&CELL, &body).is_err(), "an audit entry is no column");
        }
    }

    #[test]
    fn a_link_of_a_compromised_key_is_refused_while_what_it_sealed_still_opens() {
        let rotation = Rotation::new();
        let document = DocumentId::generate(NOW, &SystemRandom).unwrap();
        let link = rotation.before().issue_link(document, NOW, LinkLifetime::MAX);
        let cell = rotation.before().seal_column(&SystemRandom, &CELL, b"Invoice").unwrap();
        let ring = rotation.during(true);
        let refused = ring.verify_link(&UnverifiedLink::parse(&link.token).unwrap(), NOW);
        assert!(matches!(refused, Err(VaultError::OtherKey { .. })));
        assert_eq!(ring.open_column(&CELL, &cell).unwrap(), b"Invoice");
    }

    #[test]
    fn carried_keys_go_on_to_the_key_after_the_next() {
        let rotation = Rotation::new();
        let body = rotation.before().active().audit().seal(&SystemRandom, &CELL, b"body").unwrap();
        let second = rotation.keys(&rotation.new);
        let third = rotation.keys(&WorkspaceKey::generate(&SystemRandom).unwrap());
        let purpose = CarriedPurpose::Audit;
        let carried = second.carry(&SystemRandom, purpose, &rotation.old).unwrap();
        let carried = third.carry_on(&SystemRandom, purpose, &second, &carried).unwrap();
        assert!(third.carry_on(&SystemRandom, CarriedPurpose::Links, &third, &carried).is_err(), "purposes stay apart");
        let ring = WorkspaceKeyring::new(third, Vec::new(), &[(purpose, carried)]).unwrap();
        assert_eq!(ring.open_audit(&CELL, &body).unwrap(), b"body");
    }

    #[test]
    fn a_value_has_an_index_under_each_key_that_may_have_made_it() {
        let rotation = Rotation::new();
        let old = rotation.before().blind_indexes("templates.group", b"letters");
        let both = rotation.during(false).blind_indexes("templates.group", b"letters");
        assert_eq!((old.len(), both.len()), (1, 2));
        assert_eq!(both.get(1), old.first());
        assert_ne!(both.first(), old.first());
    }

    #[test]
    fn an_object_that_is_sealed_anew_opens_under_the_new_data_key_only() {
        let rotation = Rotation::new();
        let (before, during) = (rotation.before(), rotation.during(true));
        let (purpose, id) = (ObjectPurpose::Document, Uuid::from_u128(1));
        let old = before.seal_object(&SystemRandom, purpose, id, b"the document".to_vec()).unwrap();
        assert!(during.is_compromised(rotation.old.id()) && !during.is_compromised(rotation.new.id()));
        assert!(!rotation.during(false).is_compromised(rotation.old.id()));
        let new = during.reseal_object(&SystemRandom, purpose, id, &old.wrapped_key, &old.bytes.to_vec()).unwrap();
        let keys = rotation.keys(&rotation.new);
        assert_eq!(
            keys.open_object(purpose, id, &new.wrapped_key, &new.bytes.to_vec()).unwrap().as_slice(),
            b"the document"
        );
        // Whoever has the old data key has nothing of the new object.
        let rewrapped = during.rewrap_data_key(&SystemRandom, purpose, id, &old.wrapped_key).unwrap();
        assert!(keys.open_object(purpose, id, &rewrapped, &old.bytes.to_vec()).is_ok());
        assert!(keys.open_object(purpose, id, &rewrapped, &new.bytes.to_vec()).is_err());
        assert_ne!(new.wrapped_key.key_id(), old.wrapped_key.key_id());
    }
}
