//! Pseudonyms: what logs, usage and exports show instead of what tells about a person; and who is behind one, for a reason.
//!
//! Who is behind a pseudonym is noted in memory first and written a little later, many at once, so that it costs no
//! request anything. What a crash loses of it is written when the same value is seen again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::Shared;
use crate::access::Actor;
use crate::cache::Cache;
use crate::error::ServiceError;
use crate::permission::Permission;
use crate::sealing::{Event, audit_entry, check_reason};
use chancery_render::data::Personal;
use chancery_store::{Allocation, AllocationId, Store};
use chancery_vault::{
    ColumnContext, Pseudonym, PseudonymKind, Random, Timestamp, VaultError, WorkspaceId, WorkspaceKeyring,
};
use serde_json::{Value as Json, json};

/// Pseudonyms that wait to be written; beyond it, the values are seen again. Some megabytes.
const WAITING_COUNT_MAX: usize = 20_000;

/// Pseudonyms of which it is remembered that they were written today.
const KNOWN_COUNT_MAX: usize = 50_000;

/// Allocations of one statement.
const BATCH_COUNT: usize = 500;

/// Bytes of an original: a longer one has a pseudonym like any other, and is cut where it is kept.
const ORIGINAL_SIZE_BYTES_MAX: usize = 1024;

/// Milliseconds of a day: how exactly it is known when a pseudonym was last used.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The pseudonyms of a workspace.
pub struct Pseudonyms<'a> {
    pub(crate) shared: &'a Shared,
}

/// What waits to be written.
pub(crate) struct Allocations {
    waiting: Mutex<BTreeMap<(WorkspaceId, String), Waiting>>,
    /// The day on which each was written last.
    known: Cache<(WorkspaceId, String), u64>,
}

#[derive(Clone)]
struct Waiting {
    id: AllocationId,
    original_sealed: Vec<u8>,
}

impl Allocations {
    pub(crate) fn new() -> Self {
        Self { waiting: Mutex::default(), known: Cache::new(KNOWN_COUNT_MAX) }
    }

    /// The pseudonym of a value; who is behind it will be written soon.
    pub(crate) fn pseudonym(
        &self,
        keys: &WorkspaceKeyring,
        random: &dyn Random,
        now: Timestamp,
        kind: PseudonymKind,
        value: &str,
    ) -> Result<Pseudonym, VaultError> {
        let value = value.trim();
        let key = keys.active().pseudonyms();
        let pseudonym = key.pseudonym(kind, value.as_bytes());
        let place = (keys.workspace(), pseudonym.as_str().to_owned());
        if self.known.get(&place) == Some(now.millis() / DAY_MS) {
            return Ok(pseudonym);
        }
        let id = AllocationId::generate(now, random)?;
        let original_sealed = key.seal(random, &context(id), cut(value).as_bytes())?;
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < WAITING_COUNT_MAX || waiting.contains_key(&place) {
            waiting.entry(place).or_insert(Waiting { id, original_sealed });
        }
        Ok(pseudonym)
    }

    /// Writes what waits.
    pub(crate) async fn flush(&self, store: &Store, now: Timestamp) {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        let mut by_workspace: BTreeMap<WorkspaceId, Vec<Allocation>> = BTreeMap::new();
        for ((workspace, pseudonym), Waiting { id, original_sealed }) in waiting {
            by_workspace.entry(workspace).or_default().push(Allocation { pseudonym, id, original_sealed });
        }
        for (workspace, allocations) in by_workspace {
            for batch in allocations.chunks(BATCH_COUNT) {
                let ticket = self.known.ticket();
                if let Err(error) = store.workspace(workspace).allocate(batch, now).await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "pseudonyms could not be allocated");
                    continue;
                }
                for allocation in batch {
                    self.known.insert(ticket, (workspace, allocation.pseudonym.clone()), now.millis() / DAY_MS);
                }
            }
        }
    }
}

impl Pseudonyms<'_> {
    /// Who is behind a pseudonym; nothing when it was anonymised or never was. That it was asked is recorded, and why.
    ///
    /// # Errors
    /// [`ServiceError::InvalidField`] for pseudonym or reason, [`ServiceError::Forbidden`], [`ServiceError::Unavailable`].
    pub async fn resolve(
        &self,
        actor: &Arc<Actor>,
        pseudonym: &str,
        reason: &str,
    ) -> Result<Option<String>, ServiceError> {
        actor.require(Permission::PseudonymsResolve)?;
        check_reason(reason)?;
        let pseudonym = Pseudonym::parse(pseudonym)
            .map_err(|_| ServiceError::invalid("pseudonym", "must be a pseudonym such as `person-7KQ2MZB4XJ3TA5LD`"))?;
        let now = self.shared.clock.now();
        self.shared.allocations.flush(&self.shared.store, now).await;
        let event = Event {
            actor: actor.for_audit(),
            action: "pseudonym.resolve",
            target_kind: "workspace",
            target_id: actor.workspace().uuid(),
            details: &json!({ "pseudonym": pseudonym.as_str(), "reason": reason }),
        };
        let entry = audit_entry(actor.keys(), &*self.shared.random, now, &event)?;
        let store = self.shared.store.workspace(actor.workspace());
        let Some(found) = store.resolve(pseudonym.as_str(), &entry).await? else { return Ok(None) };
        let original = actor.keys().open_pseudonym(&context(found.id), &found.original_sealed)?;
        let original = String::from_utf8(original);
        original.map(Some).map_err(|error| ServiceError::internal("reading who is behind a pseudonym", error))
    }

    /// The pseudonym of a value in the actor's workspace, for logs and exports.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when there are no random numbers.
    pub fn of(&self, actor: &Actor, kind: PseudonymKind, value: &str) -> Result<Pseudonym, ServiceError> {
        let (random, now) = (&*self.shared.random, self.shared.clock.now());
        Ok(self.shared.allocations.pseudonym(actor.keys(), random, now, kind, value)?)
    }

    /// Replaces everything inside of a value by pseudonyms of one kind; of objects and lists what is in them.
    pub(crate) fn replace(&self, actor: &Actor, kind: PseudonymKind, value: &mut Json) -> Result<(), ServiceError> {
        match value {
            Json::Null => {}
            Json::Array(items) => items.iter_mut().try_for_each(|item| self.replace(actor, kind, item))?,
            Json::Object(fields) => fields.values_mut().try_for_each(|field| self.replace(actor, kind, field))?,
            // An inner field has its own already.
            Json::String(text) if Pseudonym::parse(text).is_ok() => {}
            Json::String(text) => *value = self.of(actor, kind, text)?.to_string().into(),
            Json::Bool(_) | Json::Number(_) => *value = self.of(actor, kind, &value.to_string())?.to_string().into(),
        }
        Ok(())
    }
}

/// The kind of pseudonym for what a schema says that a field tells about a person.
pub(crate) const fn kind_of(personal: Personal) -> PseudonymKind {
    match personal {
        Personal::Name => PseudonymKind::Person,
        Personal::Email => PseudonymKind::Mail,
        Personal::Phone => PseudonymKind::Phone,
        Personal::Address => PseudonymKind::Place,
        Personal::BankAccount => PseudonymKind::Account,
        Personal::BirthDate => PseudonymKind::Birth,
        Personal::Identifier => PseudonymKind::Identifier,
        Personal::Health => PseudonymKind::Health,
        Personal::Other => PseudonymKind::Other,
    }
}

const fn context(row: AllocationId) -> ColumnContext {
    ColumnContext { table: "pseudonyms", column: "original_sealed", row: row.uuid() }
}

fn cut(value: &str) -> &str {
    let mut end = value.len().min(ORIGINAL_SIZE_BYTES_MAX);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    value.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_long_original_is_cut_between_two_letters() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut(&"é".repeat(1000)).len(), 1024);
        assert_eq!(cut(&format!("a{}", "é".repeat(1000))).len(), 1023);
    }
}
