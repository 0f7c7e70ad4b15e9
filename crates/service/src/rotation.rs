//! The life of keys: rotation of workspace keys and of the root key, and moving everything from one key to the next.
//!
//! Every step is recorded in the database, so that whoever comes next, after a crash or on another node, goes on where it
//! stopped: a key waits in pre-activation until every node knows it, seals, stops sealing, is closed when no request can
//! still be sealing with it, and is destroyed when nothing names it any more.

use chancery_store::{
    Activation, Actor, AuditEntry, AuditId, CarriedKeyRow, KeyState, LivingKeys, Replacement, SEALED_TABLES,
    SealedCell, SealedKind, SealedTable, StoreError, Target, WorkspaceKeyRow, WorkspaceStore,
};
use chancery_vault::{
    CarriedPurpose, KeyId, LEDGER, LinkLifetime, ObjectPurpose, Timestamp, WorkspaceId, WorkspaceKey, WorkspaceKeyring,
    WorkspaceKeys, WrappedDataKey, WrappedWorkspaceKey,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::Shared;
use crate::access::Operator;
use crate::error::ServiceError;
use crate::reencryption;
use crate::sealing::{Cell, Event, audit_entry};

/// How long a new key is known before it seals, in milliseconds: announcements take a few.
const KNOWN_BEFORE_USE_MS: u64 = 2_000;

/// On top of the time of a render: how long a request may hold the keys with which it began, in milliseconds.
const REQUEST_OVERHEAD_MS: u64 = 10_000;

/// Rounds of wrapping keys anew while workspaces are being made; each finds only what came since the last.
const ROOT_ROUND_COUNT_MAX: usize = 100;

/// Milliseconds of a day.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Rotation of keys.
pub struct Rotation<'a> {
    pub(crate) shared: &'a Shared,
}

/// Why a key is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its time is over.
    Schedule,
    /// Somebody asked for it.
    Demand,
    /// Somebody else may have it: links that it signed are refused from now on.
    Compromise,
}

/// Where the rotation of a workspace's keys stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Only the active key is left.
    Done,
    /// Nothing can be done before this time.
    WaitUntil(Timestamp),
    /// So many rows could not be moved, or hold audit entries of a time when those named their key: old keys stay.
    Kept {
        /// The rows.
        row_count: u64,
    },
}

/// A key in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// Which key.
    pub id: KeyId,
    /// The root key that wraps it; a destroyed key has none.
    pub root: Option<KeyId>,
    /// Who holds that root key: `file`, `pkcs11`, `transit`, `kms`; nothing when nobody here does.
    pub holder: Option<&'static str>,
    /// Where it is in its life.
    pub state: &'static str,
    /// Rows that name it: what it would take with it.
    pub row_count: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it seals, or did.
    pub activated_at: Option<Timestamp>,
    /// Since when it seals no more.
    pub deactivated_at: Option<Timestamp>,
    /// Since when somebody else may have it.
    pub compromised_at: Option<Timestamp>,
    /// Since when it is gone.
    pub destroyed_at: Option<Timestamp>,
}

/// Is told how many of how many are done.
pub type Progress<'a> = &'a mut (dyn FnMut(u64, u64) + Send);

impl Rotation<'_> {
    /// The keys of all workspaces, destroyed ones too.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn list(&self, _operator: &Operator) -> Result<Vec<KeyFacts>, ServiceError> {
        let mut facts = Vec::new();
        for row in self.shared.store.list_workspace_keys().await? {
            let root = row.wrapped.map(|wrapped| wrapped.wrapping_id());
            facts.push(KeyFacts {
                workspace: row.workspace,
                id: row.id,
                root,
                holder: root.and_then(|root| self.shared.keyring.holder(root)),
                state: row.state.as_str(),
                row_count: self.shared.store.workspace(row.workspace).count_naming(&[row.id]).await?,
                created_at: row.created_at,
                activated_at: row.activated_at,
                deactivated_at: row.deactivated_at,
                compromised_at: row.compromised_at,
                destroyed_at: row.destroyed_at,
            });
        }
        Ok(facts)
    }

    /// Begins the rotation of a workspace's key; [`Rotation::advance`] does the rest. While one is being prepared, that
    /// one goes on.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for the workspace, [`ServiceError::Unavailable`].
    pub async fn start(
        &self,
        _operator: &Operator,
        workspace: WorkspaceId,
        reason: Reason,
    ) -> Result<KeyId, ServiceError> {
        let shared = self.shared;
        let store = shared.store.workspace(workspace);
        let (living, ring) = self.living(&store).await?;
        if reason == Reason::Compromise {
            let active = with_state(&living, KeyState::Active).map(|row| row.id.to_string());
            let entry = self.entry(&ring, Actor::Operator, "key.compromise", &json!({ "key": active }))?;
            store.mark_key_compromised(shared.clock.now(), &entry).await?;
        }
        if let Some(next) = with_state(&living, KeyState::PreActivation) {
            return Ok(next.id);
        }
        let key = WorkspaceKey::generate(&*shared.random)?;
        let (key, wrapped) = shared.keyring.wrap(&shared.random, workspace, key).await?;
        let word = match reason {
            Reason::Schedule => "schedule",
            Reason::Demand => "demand",
            Reason::Compromise => "compromise",
        };
        let details = json!({ "key": key.id().to_string(), "reason": word });
        let entry = self.entry(&ring, actor_for(reason), "key.create", &details)?;
        match store.add_key(&wrapped, shared.clock.now(), &entry).await {
            Err(StoreError::KeyClosed) => {
                shared.find_root_key().await?;
                Err(StoreError::KeyClosed.into())
            }
            result => Ok(result.map(|()| key.id())?),
        }
    }

    /// Begins the rotation of every key that has been sealing for longer than `days`; gives how many.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn start_due(&self, operator: &Operator, days: u32) -> Result<u64, ServiceError> {
        let before = self.shared.clock.now().minus_millis(u64::from(days).saturating_mul(DAY_MS));
        let mut started = 0;
        for row in self.shared.store.list_workspace_keys().await? {
            if row.state == KeyState::Active && row.activated_at.is_some_and(|at| at < before) {
                self.start(operator, row.workspace, Reason::Schedule).await?;
                started += 1;
            }
        }
        Ok(started)
    }

    /// The workspaces whose rotation is under way.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn unfinished(&self, _operator: &Operator) -> Result<Vec<WorkspaceId>, ServiceError> {
        let mut workspaces: Vec<WorkspaceId> = self
            .shared
            .store
            .list_workspace_keys()
            .await?
            .into_iter()
            .filter(|row| !matches!(row.state, KeyState::Active | KeyState::Destroyed))
            .map(|row| row.workspace)
            .collect();
        workspaces.dedup();
        Ok(workspaces)
    }

    /// Does what can be done of a workspace's rotation now. Safe to call from several processes and after any crash.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for the workspace, [`ServiceError::Unavailable`]; what was done stays done.
    pub async fn advance(
        &self,
        _operator: &Operator,
        workspace: WorkspaceId,
        progress: Progress<'_>,
    ) -> Result<Step, ServiceError> {
        let store = self.shared.store.workspace(workspace);
        let (mut living, mut ring) = self.living(&store).await?;
        if let Some(next) = with_state(&living, KeyState::PreActivation) {
            let ready_at = next.created_at.plus_millis(KNOWN_BEFORE_USE_MS);
            if self.shared.clock.now() < ready_at {
                return Ok(Step::WaitUntil(ready_at));
            }
            self.activate(&store, &living, next).await?;
            self.shared.keyring.forget(workspace);
            (living, ring) = self.living(&store).await?;
        }
        let old = old_keys(&living);
        if old.is_empty() {
            let oldest_link = u64::from(LinkLifetime::MAX.seconds()).saturating_mul(1000);
            store.drop_link_keys(self.shared.clock.now().minus_millis(oldest_link)).await?;
            return Ok(Step::Done);
        }
        self.move_cells(&store, &ring, &old, progress).await?;
        if let Some(wait) = self.close_and_destroy(&store, &living, &ring, &old).await? {
            return Ok(wait);
        }
        self.shared.keyring.forget(workspace);
        let (living, _) = self.living(&store).await?;
        let left = old_keys(&living);
        if left.is_empty() {
            return Ok(Step::Done);
        }
        Ok(Step::Kept { row_count: store.count_naming(&left).await? })
    }

    /// Names the root key in use when the installation has none yet; else wraps with the one that it names.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn register_root_key(&self, _operator: &Operator) -> Result<(), ServiceError> {
        let (store, keyring) = (&self.shared.store, &self.shared.keyring);
        match store.active_root_key().await? {
            None => store.activate_root_key(keyring.root_id(), self.shared.clock.now()).await?,
            Some(active) if !keyring.prefer(active) => {
                tracing::error!(key = %active, "the root key that wraps is not held here: see `root_key.provider` and `root_key.also`");
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// Forgets root keys that were replaced or changed meanwhile; for whoever runs on.
    pub async fn forget_old_root_keys(&self, _operator: &Operator) {
        if self.shared.keyring.is_outdated() {
            self.shared.keyring.refresh_root().await;
        }
    }

    /// Wraps every workspace key, and that of the ledger, under the root key `root`; afterwards no other is needed.
    ///
    /// # Errors
    /// [`ServiceError::InvalidField`] when the root key is not held or was replaced before; [`ServiceError::Unavailable`];
    /// what was done stays done, and another call goes on.
    pub async fn rewrap_under_root(
        &self,
        _operator: &Operator,
        root: KeyId,
        progress: Progress<'_>,
    ) -> Result<(), ServiceError> {
        let shared = self.shared;
        if !shared.keyring.prefer(root) {
            return Err(ServiceError::invalid("root_key", "must be one that is held here"));
        }
        match shared.store.activate_root_key(root, shared.clock.now()).await {
            Err(StoreError::Conflict { .. }) => {
                let problem = "was replaced before and is destroyed: give the next one another name (`root_key.name`)";
                return Err(ServiceError::invalid("root_key", problem));
            }
            result => result?,
        }
        let mut done = 0;
        for _ in 0..ROOT_ROUND_COUNT_MAX {
            let rows = shared.store.list_workspace_keys().await?;
            let due: Vec<_> = rows
                .iter()
                .filter(|row| row.wrapped.as_ref().is_some_and(|wrapped| wrapped.wrapping_id() != root))
                .collect();
            let total = done + count(due.len());
            for row in due {
                self.rewrap_row(row, root).await?;
                done += 1;
                progress(done, total);
            }
            self.rewrap_ledger_key(root).await?;
            if shared.store.destroy_old_root_keys(shared.clock.now()).await? {
                return Ok(());
            }
        }
        Err(ServiceError::Busy { retry_after_s: 1 })
    }

    async fn rewrap_ledger_key(&self, root: KeyId) -> Result<(), ServiceError> {
        let shared = self.shared;
        let kept = shared.store.ledger_key(None).await?;
        let Some(old) = kept.filter(|wrapped| wrapped.wrapping_id() != root) else { return Ok(()) };
        let key = shared.keyring.unwrap(LEDGER, &old).await?;
        let (_, new) = shared.keyring.wrap(&shared.random, LEDGER, key).await?;
        Ok(shared.store.rewrap_ledger_key(&old, &new).await?)
    }

    async fn rewrap_row(&self, row: &WorkspaceKeyRow, root: KeyId) -> Result<(), ServiceError> {
        let shared = self.shared;
        let Some(old) = &row.wrapped else { return Ok(()) };
        let Some(key) = shared.keyring.unwrap_row(row).await? else { return self.note_destroyed(row, old).await };
        let (_, new) = shared.keyring.wrap(&shared.random, row.workspace, key).await?;
        let store = shared.store.workspace(row.workspace);
        // Sealed by whichever key is active: a workspace whose active key is destroyed has nobody to tell.
        let details = json!({ "key": row.id.to_string(), "root_key": root.to_string() });
        let (_, ring) = self.living(&store).await?;
        let entry = self.entry(&ring, Actor::Operator, "key.rewrap", &details)?;
        Ok(store.rewrap_key(old, &new, &entry).await?)
    }

    /// A copy of the database from before a destruction learns of it. There is no key to seal details with.
    async fn note_destroyed(&self, row: &WorkspaceKeyRow, wrapped: &WrappedWorkspaceKey) -> Result<(), ServiceError> {
        let now = self.shared.clock.now();
        let entry = AuditEntry {
            id: AuditId::generate(now, &*self.shared.random)?,
            at: now,
            actor: Actor::System,
            action: "key.destroy",
            target: Target { kind: "workspace", id: Some(row.workspace.uuid()) },
            body_sealed: None,
        };
        Ok(self.shared.store.workspace(row.workspace).note_destroyed(wrapped, now, &entry).await?)
    }

    async fn living(&self, store: &WorkspaceStore) -> Result<(LivingKeys, WorkspaceKeyring), ServiceError> {
        let living = store.living_keys().await?;
        let ring = self.shared.keyring.open(store.id(), &living).await?;
        Ok((living, ring.ok_or(ServiceError::NotFound { what: "workspace" })?))
    }

    async fn activate(
        &self,
        store: &WorkspaceStore,
        living: &LivingKeys,
        next: &WorkspaceKeyRow,
    ) -> Result<(), ServiceError> {
        let shared = self.shared;
        let now = shared.clock.now();
        let active = with_state(living, KeyState::Active).ok_or(ServiceError::NotFound { what: "workspace" })?;
        let opened = (shared.keyring.unwrap_row(next).await?, shared.keyring.unwrap_row(active).await?);
        let (Some(next_key), Some(old_key)) = opened else { return Ok(()) };
        let (new, old) = (WorkspaceKeys::new(&next_key, store.id())?, WorkspaceKeys::new(&old_key, store.id())?);
        let mut carried = Vec::new();
        for row in &living.carried {
            let wrapped = new.carry_on(&*shared.random, row.purpose, &old, &row.wrapped)?;
            carried.push(CarriedKeyRow { wrapped, ..row.clone() });
        }
        let is_compromised = active.compromised_at.is_some();
        // Links of a compromised key prove nothing; audit entries are told apart by the log that holds them.
        let purposes: &[_] =
            if is_compromised { &[CarriedPurpose::Audit] } else { &[CarriedPurpose::Audit, CarriedPurpose::Links] };
        for purpose in purposes {
            let wrapped = new.carry(&*shared.random, *purpose, &old_key)?;
            carried.push(CarriedKeyRow { purpose: *purpose, wrapped, carried_at: now });
        }
        let details =
            json!({ "key": next.id.to_string(), "replaces": active.id.to_string(), "compromised": is_compromised });
        let ring = WorkspaceKeyring::new(new, Vec::new(), &[])?;
        let entry = self.entry(&ring, Actor::System, "key.activate", &details)?;
        match store.activate_key(&Activation { next: next.id, carried, at: now }, &entry).await {
            // Another process was faster.
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Closes and destroys the old keys whose time has come; gives until when to wait for the others.
    async fn close_and_destroy(
        &self,
        store: &WorkspaceStore,
        living: &LivingKeys,
        ring: &WorkspaceKeyring,
        old: &[KeyId],
    ) -> Result<Option<Step>, ServiceError> {
        let now = self.shared.clock.now();
        let grace = self.shared.policy.renderer.render_timeout_ms.saturating_add(REQUEST_OVERHEAD_MS);
        let idle_at = living.keys.iter().filter_map(|row| row.deactivated_at).max();
        if let Some(idle_at) = idle_at.map(|at| at.plus_millis(grace))
            && now < idle_at
        {
            return Ok(Some(Step::WaitUntil(idle_at)));
        }
        for key in old {
            store.close_key(*key, now).await?;
        }
        self.move_cells(store, ring, old, &mut |_, _| {}).await?;
        for key in old {
            let entry = self.entry(ring, Actor::System, "key.destroy", &json!({ "key": key.to_string() }))?;
            if store.destroy_key(*key, self.shared.clock.now(), &entry).await? {
                tracing::info!(workspace = %store.id(), %key, "a key was destroyed");
            }
        }
        Ok(None)
    }

    /// Seals every cell that names an old key again, and wraps data keys again. Objects stay as they are, unless somebody
    /// else may have the old key and so their data keys: then they are encrypted anew.
    async fn move_cells(
        &self,
        store: &WorkspaceStore,
        ring: &WorkspaceKeyring,
        old: &[KeyId],
        progress: Progress<'_>,
    ) -> Result<(), ServiceError> {
        let total = store.count_naming(old).await?;
        let mut done = 0;
        for table in SEALED_TABLES {
            let mut after = Uuid::nil();
            loop {
                let cells = store.cells_naming(table, old, after).await?;
                let Some(last) = cells.last() else { break };
                after = last.row;
                let mut rows: Vec<Uuid> = cells.iter().map(|cell| cell.row).collect();
                rows.dedup();
                let mut replacements = Vec::with_capacity(cells.len());
                for cell in cells {
                    let (row, column) = (cell.row, cell.column.name);
                    if cell.column.kind == SealedKind::DataKey && reencryption::is_due(ring, &cell.sealed) {
                        if let Err(error) = reencryption::run(self.shared, store, ring, row).await {
                            tracing::error!(%error, cause = error.source_text(), document = %row, "a file cannot be encrypted anew");
                        }
                        continue;
                    }
                    match self.moved(ring, table, cell) {
                        Ok(replacement) => replacements.push(replacement),
                        // What is damaged must not keep the rest from moving; it keeps its key from being destroyed.
                        Err(error) => {
                            tracing::error!(%error, cause = error.source_text(), table = table.name, column, %row, "a sealed cell cannot be moved");
                        }
                    }
                    // Large bodies must not hold up requests on this thread.
                    tokio::task::yield_now().await;
                }
                let details = json!({ "table": table.name, "cells": replacements.len() });
                let entry = self.entry(ring, Actor::System, "key.move", &details)?;
                store.replace_cells(table, &replacements, &entry).await?;
                done += count(rows.len());
                progress(done, total.max(done));
            }
        }
        Ok(())
    }

    fn moved(
        &self,
        ring: &WorkspaceKeyring,
        table: &SealedTable,
        cell: SealedCell,
    ) -> Result<Replacement, ServiceError> {
        let random = &*self.shared.random;
        let context = Cell { table: table.name, column: cell.column.name, row: cell.row }.context();
        let (sealed, index) = match cell.column.kind {
            SealedKind::DataKey => {
                let wrapped = WrappedDataKey::from_bytes(cell.sealed.clone())?;
                let moved = ring.rewrap_data_key(random, ObjectPurpose::Document, cell.row, &wrapped)?;
                (moved.into_bytes(), None)
            }
            SealedKind::Value => {
                let index = match cell.column.index {
                    Some((_, purpose)) => {
                        let value = ring.open_column(&context, &cell.sealed)?;
                        ring.blind_indexes(purpose, &value).into_iter().next()
                    }
                    None => None,
                };
                (ring.reseal_column(random, &context, &cell.sealed)?, index)
            }
        };
        Ok(Replacement { old: cell, sealed, index })
    }

    fn entry(
        &self,
        ring: &WorkspaceKeyring,
        actor: Actor,
        action: &'static str,
        details: &Json,
    ) -> Result<AuditEntry, ServiceError> {
        let target_id = ring.workspace().uuid();
        let event = Event { actor, action, target_kind: "workspace", target_id, details };
        audit_entry(ring, &*self.shared.random, self.shared.clock.now(), &event)
    }
}

const fn actor_for(reason: Reason) -> Actor {
    match reason {
        Reason::Schedule => Actor::System,
        Reason::Demand | Reason::Compromise => Actor::Operator,
    }
}

fn with_state(living: &LivingKeys, state: KeyState) -> Option<&WorkspaceKeyRow> {
    living.keys.iter().find(|row| row.state == state)
}

fn old_keys(living: &LivingKeys) -> Vec<KeyId> {
    let is_old = |row: &&WorkspaceKeyRow| matches!(row.state, KeyState::Deactivated | KeyState::Compromised);
    living.keys.iter().filter(is_old).map(|row| row.id).collect()
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
