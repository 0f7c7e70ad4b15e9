//! Rows: borders, keys, sealed values, and what the ledger records of them.

use std::collections::BTreeMap;

use chancery_ledger::ExportVerifier;
use chancery_store::{
    CheckedApiKey, KeyState, Page, SEALED_TABLES, SealedCell, SealedKind, SealedTable, TemplateRow, VersionId,
    WorkspaceStore,
};
use chancery_vault::{KeyId, ObjectPurpose, VaultError, WorkspaceId, WorkspaceKeyring, WorkspaceKeys, WrappedDataKey};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Fault, Finding, Repair, Run};
use crate::access::Operator;
use crate::error::ServiceError;
use crate::ledger::{Ledger, VerifyFailure};
use crate::sealing::Cell;
use crate::security::records::{self, HeadCheck, Standing, TemplateHead};

impl Run<'_> {
    pub(super) async fn borders(&mut self) -> Result<(), ServiceError> {
        for sentence in self.shared.store.broken_borders().await? {
            let finding = Finding {
                fault: Fault::BorderOpen,
                workspace: None,
                place: "database",
                which: "-".to_owned(),
                detail: sentence,
                repair: Repair::None,
            };
            self.found(finding, None);
        }
        Ok(())
    }

    /// Opens every key of a workspace, and looks for rows that name another.
    pub(super) async fn keys(&mut self, workspace: WorkspaceId) -> Result<(), ServiceError> {
        let store = self.shared.store.workspace(workspace);
        let living = store.living_keys().await?;
        let known: Vec<KeyId> = living.keys.iter().map(|row| row.id).collect();
        if known.is_empty() {
            return self.without_keys(workspace).await;
        }
        for row in &living.keys {
            self.checked.keys += 1;
            let id = row.id.to_string();
            match self.shared.keyring.unwrap_row(row).await {
                Ok(Some(key)) if key.id() == row.id => drop(WorkspaceKeys::new(&key, workspace)?),
                Ok(Some(_)) => self.row(Fault::KeyRefused, workspace, "workspace_keys", &id, "it wraps another key"),
                Ok(None) => {}
                Err(error) => self.row(Fault::KeyRefused, workspace, "workspace_keys", &id, &error.source_text()),
            }
        }
        if let Err(error) = self.shared.keyring.open(workspace, &living).await {
            self.row(Fault::KeyRefused, workspace, "carried_keys", "-", &error.source_text());
        }
        for table in SEALED_TABLES {
            for (column, id) in store.rows_naming_other_keys(table, &known).await? {
                let which = format!("{column} {id}");
                self.row(Fault::KeyUnknown, workspace, table.name, &which, "it names a key that is not there");
            }
        }
        Ok(())
    }

    /// A workspace whose keys were destroyed has nothing left to check; one whose keys are simply gone was attacked.
    async fn without_keys(&mut self, workspace: WorkspaceId) -> Result<(), ServiceError> {
        let rows = self.shared.store.list_workspace_keys().await?;
        if !rows.iter().any(|row| row.workspace == workspace && row.state == KeyState::Destroyed) {
            self.row(Fault::KeyRefused, workspace, "workspace_keys", "-", "it has no key");
        }
        Ok(())
    }

    /// Opens sealed values: all, or those of one row in sixteen where they are large or many.
    pub(super) async fn values(&mut self, workspace: WorkspaceId) -> Result<(), ServiceError> {
        let store = self.shared.store.workspace(workspace);
        let Some(keys) = self.ring(workspace).await else { return Ok(()) };
        for table in SEALED_TABLES {
            let is_head = matches!(table.name, "workspaces" | "api_keys" | "templates");
            let is_sample = !self.options.is_deep && !is_head;
            let mut after = Uuid::nil();
            loop {
                let (cells, last) = store.sealed_rows(table, is_sample, after).await?;
                let Some(last) = last else { break };
                after = last;
                for cell in cells {
                    self.checked.values += 1;
                    if let Err(error) = opens(&keys, table, &cell) {
                        let which = format!("{} {}", cell.column.name, cell.row);
                        let fault = match error {
                            VaultError::OtherKey { .. } => continue,
                            _ => Fault::ValueRefused,
                        };
                        self.row(fault, workspace, table.name, &which, &error.to_string());
                    }
                }
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    /// Compares API keys, templates, versions and purged documents with what the ledger records of them.
    pub(super) async fn records(&mut self, workspace: WorkspaceId) -> Result<(), ServiceError> {
        let store = self.shared.store.workspace(workspace);
        let Some(keys) = self.ring(workspace).await else { return Ok(()) };
        let mut after = Uuid::nil();
        loop {
            let page = store.api_keys_after(after).await?;
            let Some(last) = page.last() else { break };
            after = last.id.uuid();
            for key in page {
                let mut standing = key_standing(&store, &keys, &key).await?;
                if let Standing::Forged(_) = standing
                    && let Some(again) = store.checked_api_key(key.id).await?
                {
                    // Between the row and its acts somebody may have revoked the key.
                    standing = key_standing(&store, &keys, &again).await?;
                }
                self.standing(standing, workspace, "api_keys", key.id.uuid());
            }
        }
        let mut offset = 0;
        loop {
            let page = store.list_templates(None, Page::new(offset, Page::LIMIT_MAX)).await?;
            if page.is_empty() {
                break;
            }
            offset = offset.saturating_add(u32::try_from(page.len()).unwrap_or(u32::MAX));
            for template in page {
                self.template(&store, &keys, template).await?;
            }
        }
        for document in store.revived_documents().await? {
            let which = document.to_string();
            let detail = "the ledger says that it was deleted";
            self.row(Fault::DocumentRevived, workspace, "documents", &which, detail);
        }
        Ok(())
    }

    /// Reads a template and its versions again when somebody changed it meanwhile.
    async fn template(
        &mut self,
        store: &WorkspaceStore,
        keys: &WorkspaceKeyring,
        mut template: TemplateRow,
    ) -> Result<(), ServiceError> {
        loop {
            let standings = template_standings(store, keys, &template).await?;
            if standings.iter().any(|(standing, ..)| matches!(standing, Standing::Forged(_))) {
                let Some(again) = store.template(template.id).await? else { return Ok(()) };
                if TemplateHead::from(&again) != TemplateHead::from(&template) {
                    template = again;
                    continue;
                }
            }
            for (standing, place, row) in standings {
                self.standing(standing, store.id(), place, row);
            }
            return Ok(());
        }
    }

    fn standing(&mut self, standing: Standing, workspace: WorkspaceId, place: &'static str, id: Uuid) {
        self.checked.records += 1;
        match standing {
            Standing::Recorded => {}
            Standing::Undigested => self.checked.undigested += 1,
            Standing::Forged(reason) => self.row(Fault::RowForged, workspace, place, &id.to_string(), reason),
        }
    }

    /// Verifies the ledger as the database has it, with the key that the database holds.
    pub(super) async fn ledger(&mut self, operator: &Operator) -> Result<(), ServiceError> {
        let ledger = Ledger { shared: self.shared };
        let key = ledger.public_key(operator).await?;
        let verified = match ExportVerifier::new(key, &[]) {
            Ok(verifier) => ledger.verify(operator, verifier, &mut || {}).await,
            Err(wrong) => Err(VerifyFailure::Wrong(wrong)),
        };
        let detail = match verified {
            Ok(verified) => {
                self.checked.entries = verified.entries;
                return Ok(());
            }
            Err(VerifyFailure::Service(error)) => return Err(error),
            Err(VerifyFailure::Wrong(wrong)) => format!("entry {}: {}", wrong.number, wrong.kind),
            Err(VerifyFailure::Stray { id, .. }) => format!("the event {id} has no number"),
        };
        let finding = Finding {
            fault: Fault::LedgerWrong,
            workspace: None,
            place: "ledger",
            which: "-".to_owned(),
            detail,
            repair: Repair::None,
        };
        self.found(finding, None);
        Ok(())
    }

    /// The keys of a workspace; nothing when they do not open, which the stage of keys tells.
    pub(super) async fn ring(&self, workspace: WorkspaceId) -> Option<std::sync::Arc<WorkspaceKeyring>> {
        self.shared.keyring.of(&self.shared.store, workspace).await.ok().flatten()
    }

    pub(super) fn row(&mut self, fault: Fault, workspace: WorkspaceId, place: &'static str, which: &str, detail: &str) {
        let id = which.rsplit(' ').next().and_then(|id| id.parse().ok());
        let finding = Finding {
            fault,
            workspace: Some(workspace),
            place,
            which: which.to_owned(),
            detail: detail.to_owned(),
            repair: Repair::None,
        };
        self.found(finding, id);
    }
}

fn opens(keys: &WorkspaceKeyring, table: &SealedTable, cell: &SealedCell) -> Result<(), VaultError> {
    match cell.column.kind {
        SealedKind::Value => {
            let context = Cell { table: table.name, column: cell.column.name, row: cell.row }.context();
            keys.open_column(&context, &cell.sealed).map(drop)
        }
        SealedKind::DataKey => {
            let wrapped = WrappedDataKey::from_bytes(cell.sealed.clone())?;
            keys.check_data_key(ObjectPurpose::Document, cell.row, &wrapped)
        }
    }
}

async fn key_standing(
    store: &WorkspaceStore,
    keys: &WorkspaceKeyring,
    key: &CheckedApiKey,
) -> Result<Standing, ServiceError> {
    let acts = store.acts_about(key.id.uuid(), records::API_KEY_ACTS, None).await?;
    let digest = records::of_api_key(key.id, &key.hash, &key.permissions, key.created_at, key.expires_at);
    Ok(records::standing_of_api_key(keys, &acts, &digest, key.is_revoked))
}

/// How a template and each of its versions stand: table and row.
async fn template_standings(
    store: &WorkspaceStore,
    keys: &WorkspaceKeyring,
    template: &TemplateRow,
) -> Result<Vec<(Standing, &'static str, Uuid)>, ServiceError> {
    let id = template.id;
    let (mut check, mut before, mut recorded) = (HeadCheck::new(template.into()), None, BTreeMap::new());
    loop {
        let acts = store.acts_about(id.uuid(), records::TEMPLATE_ACTS, before).await?;
        for body in acts.iter().filter_map(|act| records::body_of(keys, act)) {
            check.read(&body);
            if let Some((version, number)) = body.get(records::VERSION).and_then(version_of) {
                recorded.entry(number).or_insert(version);
            }
        }
        match acts.last() {
            Some(last) => before = Some(last.id),
            None => break,
        }
    }
    let mut standings = vec![(check.standing(), "templates", id.uuid())];
    let mut offset = 0;
    loop {
        let page = store.list_template_versions(id, Page::new(offset, Page::LIMIT_MAX)).await?;
        if page.is_empty() {
            return Ok(standings);
        }
        offset = offset.saturating_add(u32::try_from(page.len()).unwrap_or(u32::MAX));
        for version in page {
            let standing = match recorded.get(&version.number) {
                Some(known) if *known == version.id => Standing::Recorded,
                None if check.has_undigested() => Standing::Undigested,
                _ => Standing::Forged("the ledger records another version with this number, or none"),
            };
            standings.push((standing, "template_versions", version.id.uuid()));
        }
    }
}

fn version_of(json: &Json) -> Option<(VersionId, u32)> {
    let id = json.get("id")?.as_str()?.parse().ok()?;
    Some((id, u32::try_from(json.get("number")?.as_u64()?).ok()?))
}
