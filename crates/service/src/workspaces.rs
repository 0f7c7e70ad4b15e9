//! Workspaces: made and listed by the operator of the machine.

use chancery_store::{NewWorkspace, StoreError};
use chancery_vault::{Class as StoredClass, Timestamp, WorkspaceId, WorkspaceKey, WorkspaceKeyring, WorkspaceKeys};
use serde_json::json;

use crate::Shared;
use crate::access::{Actor, Operator};
use crate::classes::Class;
use crate::error::ServiceError;
use crate::permission::Permission;
use crate::sealing::{self, Cell, Event, audit_entry, change};

/// The class of a workspace that nobody gave another one: that of everyday papers.
const CLASS_OF_NEW_WORKSPACES: Class = Class::Internal;

/// Characters of a name.
const NAME_LENGTH_MAX: usize = 200;

/// The workspaces of the installation.
pub struct Workspaces<'a> {
    pub(crate) shared: &'a Shared,
}

/// A workspace in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceSummary {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Workspaces<'_> {
    /// Makes a workspace with a key of its own.
    ///
    /// # Errors
    /// [`ServiceError::InvalidField`] for the name, [`ServiceError::Unavailable`].
    pub async fn create(&self, _operator: &Operator, name: &str) -> Result<WorkspaceId, ServiceError> {
        if name.trim().is_empty() || name.chars().count() > NAME_LENGTH_MAX || name.chars().any(char::is_control) {
            return Err(ServiceError::invalid(
                "name",
                "must have 1 to 200 characters, none of them a control character",
            ));
        }
        let random = &*self.shared.random;
        let now = self.shared.clock.now();
        let id = WorkspaceId::generate(now, random)?;
        let key = WorkspaceKey::generate(random)?;
        let keys = WorkspaceKeyring::new(WorkspaceKeys::new(&key, id)?, Vec::new(), &[])?;
        let (_, key_wrapped) = self.shared.keyring.wrap(&self.shared.random, id, key).await?;
        let new = NewWorkspace {
            id,
            name_sealed: sealing::seal(&keys, random, name_cell(id), name)?,
            class: stored_class(CLASS_OF_NEW_WORKSPACES),
            key_wrapped,
            created_at: now,
        };
        let event = Event {
            actor: chancery_store::Actor::Operator,
            action: "workspace.create",
            target_kind: "workspace",
            target_id: id.uuid(),
            details: &json!({ "changes": { "name": change(&keys, "name", None, Some(name)) } }),
        };
        let entry = audit_entry(&keys, random, now, &event)?;
        let created = self.shared.store.create_workspace(&new, &entry).await;
        if matches!(created, Err(StoreError::KeyClosed)) {
            // The root key was replaced since it was read.
            self.shared.find_root_key().await?;
        }
        Ok(created.map(|()| id)?)
    }

    /// All workspaces, the oldest first. One whose key is destroyed has no name any more.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`]; [`ServiceError::Internal`] when the root key is not the one they were made with.
    pub async fn list(&self, _operator: &Operator) -> Result<Vec<WorkspaceSummary>, ServiceError> {
        let rows = self.shared.store.list_workspaces().await?;
        let mut summaries = Vec::with_capacity(rows.len());
        for row in rows {
            let name = match self.shared.keyring.of(&self.shared.store, row.id).await? {
                Some(keys) => sealing::open(&keys, name_cell(row.id), &row.name_sealed)?,
                None => String::new(),
            };
            summaries.push(WorkspaceSummary { id: row.id, name, created_at: row.created_at });
        }
        Ok(summaries)
    }

    /// Gives an actor's workspace another class. It counts for what is made from now on.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Unavailable`].
    pub async fn set_class(&self, actor: &Actor, class: Class) -> Result<(), ServiceError> {
        actor.require(Permission::WorkspaceClassify)?;
        let details = json!({ "before": actor.class().name(), "after": class.name() });
        let event = Event {
            actor: actor.for_audit(),
            action: "workspace.classify",
            target_kind: "workspace",
            target_id: actor.workspace().uuid(),
            details: &details,
        };
        let entry = audit_entry(actor.keys(), &*self.shared.random, self.shared.clock.now(), &event)?;
        self.shared.store.workspace(actor.workspace()).set_class(stored_class(class), &entry).await?;
        // This node need not wait to hear of its own change.
        self.shared.actors.forget(|_, known| known.workspace() == actor.workspace());
        Ok(())
    }

    /// The workspace with this id or, when it is no id, with this name.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::InvalidField`] when several have the name.
    pub async fn find(&self, operator: &Operator, id_or_name: &str) -> Result<WorkspaceId, ServiceError> {
        let all = self.list(operator).await?;
        let id = id_or_name.parse::<WorkspaceId>().ok();
        let mut found =
            all.iter().filter(|workspace| Some(workspace.id) == id || (id.is_none() && workspace.name == id_or_name));
        match (found.next(), found.next()) {
            (Some(workspace), None) => Ok(workspace.id),
            (Some(_), Some(_)) => {
                Err(ServiceError::invalid("workspace", "is the name of several workspaces: give the id"))
            }
            (None, _) => Err(ServiceError::NotFound { what: "workspace" }),
        }
    }
}

/// The class of a stored workspace.
pub(crate) fn class_of(class: StoredClass) -> Class {
    match class {
        StoredClass::Public => Class::Public,
        StoredClass::Internal => Class::Internal,
        StoredClass::Confidential => Class::Confidential,
        StoredClass::Restricted => Class::Restricted,
    }
}

pub(crate) fn stored_class(class: Class) -> StoredClass {
    match class {
        Class::Public => StoredClass::Public,
        Class::Internal => StoredClass::Internal,
        Class::Confidential => StoredClass::Confidential,
        Class::Restricted => StoredClass::Restricted,
    }
}

pub(crate) fn name_cell(id: WorkspaceId) -> Cell {
    Cell { table: "workspaces", column: "name_sealed", row: id.uuid() }
}
