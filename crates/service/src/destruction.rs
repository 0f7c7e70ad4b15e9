//! Destroying a workspace's keys, and so everything in it: one custodian asks, another one agrees, and a receipt is left.
//!
//! The keys end in the database first, in one transaction with the decision and its audit events; then whoever holds the
//! root key destroys what opened them, so that an older copy of the database does not open either. A crash in between is
//! made good by asking for the receipt again.

use chancery_ledger::{Destruction as Statement, InclusionProof, Note, PublicKey, Receipt, both_signed};
use chancery_store::{
    Actor, AuditEntry, CustodianRow, Decision, DecisionEntries, DestructionId, DestructionRow, Executed, KeyState,
    NewDestruction, PersonId, StoreError,
};
use chancery_vault::custodian_file::custodian_name;
use chancery_vault::{Timestamp, WorkspaceId};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::Shared;
use crate::access::Operator;
use crate::error::ServiceError;
use crate::ledger::Ledger;

/// How long a request may be agreed to: the second person should act knowingly, and not find one of last month.
const REQUEST_LIFETIME_MS: u64 = 24 * 60 * 60 * 1000;

/// From so many on, whoever is to become a custodian needs one who is.
const FOUNDER_COUNT: usize = 2;

/// First line of what a custodian signs for another one.
const ENDORSEMENT: &str = "chancery/custodian\n";

/// Custodians and destructions.
pub struct Destruction<'a> {
    pub(crate) shared: &'a Shared,
}

/// Somebody who takes part in destroying keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Custodian {
    /// Their name.
    pub name: String,
    /// Their public key.
    pub public_key: String,
    /// When they were registered.
    pub created_at: Timestamp,
    /// Since when they are none any more.
    pub revoked_at: Option<Timestamp>,
}

/// What is left of a destruction: everything that a third party needs to verify it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// What was done, signed by the ledger's key.
    pub receipt: Note,
    /// What was agreed to, signed by both custodians.
    pub statement: Note,
    /// That asking, agreeing and destroying are in the ledger.
    pub proofs: Vec<InclusionProof>,
}

impl Destruction<'_> {
    /// What a custodian signs who vouches for a new one.
    #[must_use]
    pub fn endorsement(public_key: &PublicKey) -> String {
        format!("{ENDORSEMENT}register {}\n", public_key.to_text())
    }

    /// Registers a custodian. The first two found the circle; from then on, one of them must vouch for a new one.
    ///
    /// # Errors
    /// [`ServiceError::InvalidField`] for the key or the endorsement; [`ServiceError::Unavailable`].
    pub async fn register(
        &self,
        _operator: &Operator,
        public_key: &PublicKey,
        endorsement: Option<&Note>,
    ) -> Result<(), ServiceError> {
        let invalid = |problem: &'static str| ServiceError::invalid("custodian", problem);
        let name =
            custodian_name(public_key.name()).ok_or_else(|| invalid("must have a key of `keys custodian create`"))?;
        let known = self.living().await?;
        if known.iter().any(|(_, key)| key.is_same_key(public_key)) {
            return Err(invalid("has a key that is registered already"));
        }
        let voucher = match endorsement {
            Some(note) if note.text() == Self::endorsement(public_key) => {
                known.iter().find(|(_, key)| note.verify(key).is_ok()).map(|(row, _)| row)
            }
            _ => None,
        };
        if known.len() >= FOUNDER_COUNT && voucher.is_none() {
            return Err(invalid("needs the signature of one who is registered: `--vouched-by`"));
        }
        let (random, now) = (&*self.shared.random, self.shared.clock.now());
        let row = CustodianRow {
            id: PersonId::generate(now, random)?,
            name: name.to_owned(),
            public_key: public_key.to_text(),
            created_at: now,
            revoked_at: None,
        };
        let details = json!({ "public_key": row.public_key, "vouched_by": voucher.map(|voucher| &voucher.name) });
        let entry = self.entry(Actor::Operator, "custodian.register", ("person", row.id.uuid()), &details).await?;
        self.shared.store.add_custodian(&row, &entry).await.map_err(|error| match error {
            StoreError::Conflict { .. } => invalid("has a name or a key that was registered before"),
            other => other.into(),
        })
    }

    /// Ends that somebody is a custodian.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Unavailable`].
    pub async fn revoke(&self, _operator: &Operator, name: &str) -> Result<(), ServiceError> {
        let living = self.living().await?;
        let found =
            living.iter().find(|(row, _)| row.name == name).ok_or(ServiceError::NotFound { what: "custodian" })?;
        let target = ("person", found.0.id.uuid());
        let entry = self.entry(Actor::Operator, "custodian.revoke", target, &json!({ "name": name })).await?;
        Ok(self.shared.store.revoke_custodian(found.0.id, self.shared.clock.now(), &entry).await?)
    }

    /// All custodians, those who are none any more too.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn custodians(&self, _operator: &Operator) -> Result<Vec<Custodian>, ServiceError> {
        let shown = |row: CustodianRow| Custodian {
            name: row.name,
            public_key: row.public_key,
            created_at: row.created_at,
            revoked_at: row.revoked_at,
        };
        Ok(self.shared.store.custodians().await?.into_iter().map(shown).collect())
    }

    /// What is to be signed to destroy all keys of a workspace.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the workspace has no living key; [`ServiceError::Unavailable`].
    pub async fn prepare(&self, _operator: &Operator, workspace: WorkspaceId) -> Result<Statement, ServiceError> {
        let living = self.shared.store.workspace(workspace).living_keys().await?;
        let active = living.keys.iter().find(|row| row.state == KeyState::Active);
        let root = active.and_then(|row| row.wrapped.as_ref()).ok_or(ServiceError::NotFound { what: "workspace" })?;
        let now = self.shared.clock.now();
        Ok(Statement {
            request: DestructionId::generate(now, &*self.shared.random)?.uuid(),
            workspace: workspace.uuid(),
            keys: living.keys.iter().map(|row| row.id.to_string()).collect(),
            root_key: root.wrapping_id().to_string(),
            requested_at_millis: now.millis(),
            expires_at_millis: now.plus_millis(REQUEST_LIFETIME_MS).millis(),
        })
    }

    /// Asks for what a custodian signed. Nothing is destroyed yet.
    ///
    /// # Errors
    /// [`ServiceError::InvalidField`] when no registered custodian signed it; [`ServiceError::Unavailable`].
    pub async fn request(&self, _operator: &Operator, note: &Note) -> Result<(), ServiceError> {
        let statement = parsed(note)?;
        let (custodian, _) = self.signer(note, None).await?;
        let new = NewDestruction {
            id: DestructionId::from_uuid(statement.request),
            workspace: WorkspaceId::from_uuid(statement.workspace),
            note: note.to_text(),
            requested_by: custodian.id,
            requested_at: Timestamp::from_millis(statement.requested_at_millis),
            expires_at: Timestamp::from_millis(statement.expires_at_millis),
        };
        let now = self.shared.clock.now();
        if new.expires_at <= now || new.expires_at > now.plus_millis(REQUEST_LIFETIME_MS) {
            return Err(ServiceError::invalid("request", "must expire within 24 hours"));
        }
        let details = json!({ "note": new.note });
        let target = ("workspace", statement.workspace);
        let entry = self.entry(Actor::Person(custodian.id), "destruction.request", target, &details).await?;
        Ok(self.shared.store.request_destruction(&new, &entry).await?)
    }

    /// The statement of a request with the signatures under it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Unavailable`].
    pub async fn find(&self, _operator: &Operator, request: Uuid) -> Result<Note, ServiceError> {
        let row = self.row(request).await?;
        stored_note(&row)
    }

    /// Destroys: `note` is the statement of a request, signed by who asked and by another custodian.
    ///
    /// # Errors
    /// [`ServiceError::InvalidField`] when the request expired, or was not signed by two different custodians;
    /// [`ServiceError::NotFound`]; [`ServiceError::Unavailable`]: when the keys are destroyed already and only their end
    /// at the holder of the root key is not certain, [`Destruction::finish`] goes on.
    pub async fn approve(&self, operator: &Operator, note: &Note) -> Result<Proven, ServiceError> {
        let statement = parsed(note)?;
        let row = self.row(statement.request).await?;
        if stored_note(&row)?.text() != note.text() {
            return Err(ServiceError::invalid("request", "must be signed as it was asked for"));
        }
        let custodians = self.living().await?;
        let requester = custodians.iter().find(|(custodian, _)| custodian.id == row.requested_by);
        let (_, requester_key) = requester
            .ok_or_else(|| ServiceError::invalid("request", "was made by somebody who is no custodian any more"))?;
        let (approver, approver_key) = self.signer(note, Some(requester_key)).await?;
        both_signed(note, requester_key, &approver_key)
            .map_err(|error| ServiceError::invalid("request", format!("is not signed by two custodians: {error}")))?;
        let now = self.shared.clock.now();
        if now >= row.expires_at {
            return Err(ServiceError::invalid("request", "has expired: ask again"));
        }
        if row.executed.is_none() {
            self.execute(&row, &approver, note, now).await?;
        }
        self.finish(operator, statement.request).await
    }

    async fn execute(
        &self,
        row: &DestructionRow,
        approver: &CustodianRow,
        note: &Note,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let target = ("workspace", row.workspace.uuid());
        let details = json!({ "note": note.to_text() });
        let approval = self.entry(Actor::Person(approver.id), "destruction.approve", target, &details).await?;
        let details = json!({ "request": row.id.to_string() });
        let execution = self.entry(Actor::System, "destruction.execute", target, &details).await?;
        let decision =
            Decision { id: row.id, workspace: row.workspace, note: note.to_text(), approved_by: approver.id, at: now };
        let entries = DecisionEntries { approval, execution };
        let destroyed = self.shared.store.execute_destruction(&decision, &entries).await?;
        let keys = destroyed.ok_or_else(|| ServiceError::invalid("request", "was decided meanwhile"))?;
        self.shared.keyring.forget(row.workspace);
        tracing::warn!(workspace = %row.workspace, keys = keys.len(), "the keys of a workspace were destroyed by two custodians");
        Ok(())
    }

    /// Makes sure that the holder of the root key destroyed its part, and gives the receipt. May be called again.
    ///
    /// # Errors
    /// [`ServiceError::InvalidField`] when nobody agreed yet; [`ServiceError::NotFound`]; [`ServiceError::Unavailable`].
    pub async fn finish(&self, operator: &Operator, request: Uuid) -> Result<Proven, ServiceError> {
        let row = self.row(request).await?;
        let executed =
            row.executed.as_ref().ok_or_else(|| ServiceError::invalid("request", "waits for a second custodian"))?;
        let ledger = Ledger { shared: self.shared };
        let statement = stored_note(&row)?;
        self.shared.keyring.destroy(row.workspace).await?;
        ledger.advance(operator).await?;
        let mut proofs = Vec::new();
        for event in [row.request_event, executed.approval_event, executed.execution_event] {
            proofs.push(ledger.prove(operator, event.uuid()).await?);
        }
        let receipt = match &row.receipt {
            Some(kept) => Note::parse(kept)?,
            None => {
                let mut note = Note::new(self.receipt(&row, executed, &proofs).await?.to_text());
                note.sign(&ledger.key().await?)?;
                self.shared.store.keep_receipt(row.id, &note.to_text()).await?;
                note
            }
        };
        Ok(Proven { receipt, statement, proofs })
    }

    async fn receipt(
        &self,
        row: &DestructionRow,
        executed: &Executed,
        proofs: &[InclusionProof],
    ) -> Result<Receipt, ServiceError> {
        let custodians = self.shared.store.custodians().await?;
        let key = |id: PersonId| -> Result<PublicKey, ServiceError> {
            let found = custodians.iter().find(|custodian| custodian.id == id);
            Ok(PublicKey::parse(&found.ok_or(ServiceError::NotFound { what: "custodian" })?.public_key)?)
        };
        let mut events = proofs.iter().map(|proof| (proof.entry.id, proof.entry.number));
        let (Some(asked), Some(agreed), Some(done)) = (events.next(), events.next(), events.next()) else {
            return Err(ServiceError::internal("writing a receipt", "an event has no proof"));
        };
        let counted = |line: &str| {
            let (what, count) = line.split_once(": ")?;
            Some((what.to_owned(), count.parse().ok()?))
        };
        Ok(Receipt {
            destruction: Statement::parse(stored_note(row)?.text())?,
            requested_by: key(row.requested_by)?,
            approved_by: key(executed.approved_by)?,
            executed_at_millis: executed.at.millis(),
            events: [asked, agreed, done],
            unreadable: executed.counts.lines().filter_map(counted).collect(),
        })
    }

    async fn row(&self, request: Uuid) -> Result<DestructionRow, ServiceError> {
        let row = self.shared.store.destruction(DestructionId::from_uuid(request)).await?;
        row.ok_or(ServiceError::NotFound { what: "request" })
    }

    async fn living(&self) -> Result<Vec<(CustodianRow, PublicKey)>, ServiceError> {
        let rows = self.shared.store.custodians().await?;
        let living = rows.into_iter().filter(|row| row.revoked_at.is_none());
        living.map(|row| PublicKey::parse(&row.public_key).map(|key| (row, key)).map_err(Into::into)).collect()
    }

    /// The custodian who signed, other than the one with the key `but`.
    async fn signer(&self, note: &Note, but: Option<&PublicKey>) -> Result<(CustodianRow, PublicKey), ServiceError> {
        let mut living = self.living().await?.into_iter();
        let found = living.find(|(_, key)| !but.is_some_and(|but| but.is_same_key(key)) && note.verify(key).is_ok());
        let problem = if but.is_some() {
            "needs the signature of a second custodian"
        } else {
            "needs the signature of a custodian"
        };
        found.ok_or_else(|| ServiceError::invalid("request", problem))
    }

    async fn entry(
        &self,
        actor: Actor,
        action: &'static str,
        target: (&'static str, Uuid),
        details: &Json,
    ) -> Result<AuditEntry, ServiceError> {
        Ledger { shared: self.shared }.entry(actor, action, target, details).await
    }
}

fn parsed(note: &Note) -> Result<Statement, ServiceError> {
    Statement::parse(note.text()).map_err(|error| ServiceError::invalid("request", format!("cannot be read: {error}")))
}

fn stored_note(row: &DestructionRow) -> Result<Note, ServiceError> {
    Ok(Note::parse(&row.note)?)
}
