//! Who acts: a key with its permissions in its workspace, or the operator of the machine.

use std::sync::Arc;

use chancery_store::ApiKeyId;
use chancery_vault::{Timestamp, WorkspaceId, WorkspaceKeyring};

use super::ACTOR_LIFETIME_MS;
use crate::classes::Class;
use crate::error::ServiceError;
use crate::permission::{Permission, PermissionSet};

/// Who acts in a workspace. Only [`Access`](super::Access) makes one.
pub struct Actor {
    identity: Identity,
    keys: Arc<WorkspaceKeyring>,
    permissions: PermissionSet,
    class: Class,
    /// From when on the actor must be looked up again.
    stale_at: Timestamp,
}

#[derive(Clone, Copy)]
enum Identity {
    ApiKey(ApiKeyId),
    Operator,
}

impl Actor {
    pub(super) fn api_key(
        id: ApiKeyId,
        keys: Arc<WorkspaceKeyring>,
        permissions: PermissionSet,
        class: Class,
        expires_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        let lifetime_end = now.plus_millis(ACTOR_LIFETIME_MS);
        let stale_at = expires_at.map_or(lifetime_end, |expires_at| expires_at.min(lifetime_end));
        Self { identity: Identity::ApiKey(id), keys, permissions, class, stale_at }
    }

    pub(super) fn operator(keys: Arc<WorkspaceKeyring>, class: Class) -> Self {
        Self { identity: Identity::Operator, keys, permissions: PermissionSet::all(), class, stale_at: Timestamp::MAX }
    }

    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.stale_at
    }

    /// The workspace in which the actor acts.
    #[must_use]
    pub fn workspace(&self) -> WorkspaceId {
        self.keys.workspace()
    }

    /// The id of the key, which is not the key; none of the operator.
    #[must_use]
    pub fn key_uuid(&self) -> Option<uuid::Uuid> {
        self.key_id().map(ApiKeyId::uuid)
    }

    /// Passes when the actor has the permission.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], naming it.
    pub fn require(&self, permission: Permission) -> Result<(), ServiceError> {
        if self.permissions.contains(permission) { Ok(()) } else { Err(ServiceError::Forbidden { permission }) }
    }

    /// The class of the actor's workspace: that of its templates that say none.
    #[must_use]
    pub fn class(&self) -> Class {
        self.class
    }

    pub(crate) fn keys(&self) -> &Arc<WorkspaceKeyring> {
        &self.keys
    }

    pub(crate) fn key_id(&self) -> Option<ApiKeyId> {
        match self.identity {
            Identity::ApiKey(id) => Some(id),
            Identity::Operator => None,
        }
    }

    /// The actor as the audit log names it.
    pub(crate) fn for_audit(&self) -> chancery_store::Actor {
        match self.identity {
            Identity::ApiKey(id) => chancery_store::Actor::ApiKey(id),
            Identity::Operator => chancery_store::Actor::Operator,
        }
    }
}

/// Proof of running on this machine with the rights of the installation: whoever can make one in a process with the root
/// key can read everything anyway. The wire never makes one.
pub struct Operator(());

impl Operator {
    /// For commands, and for what the server does by itself on a schedule.
    #[must_use]
    pub const fn of_this_machine() -> Self {
        Self(())
    }
}
