//! Handles: proof that a template exists in the actor's workspace and that the actor may do one kind of thing with it.

use std::marker::PhantomData;
use std::sync::Arc;

use chancery_store::{TemplateId, TemplateRow, WorkspaceStore};
use chancery_vault::WorkspaceKeyring;

use super::{TemplateKey, Templates};
use crate::access::Actor;
use crate::error::ServiceError;
use crate::permission::Permission;
use crate::security::records::{self, HeadCheck, Standing, TemplateHead};
use crate::security::{Incident, IncidentKind, Place};

/// A kind of thing to do with a template, with the permission that it needs.
pub trait Purpose: sealed::Sealed {
    /// The permission.
    const PERMISSION: Permission;
}

macro_rules! purpose {
    ($(#[$doc:meta])* $name:ident, $permission:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl sealed::Sealed for $name {}

        impl Purpose for $name {
            const PERMISSION: Permission = Permission::$permission;
        }
    };
}

purpose!(
    /// To render documents from it.
    ToRender,
    DocumentsCreate
);
purpose!(
    /// To read its definition and its versions.
    ToRead,
    TemplatesRead
);
purpose!(
    /// To change it, or to copy it.
    ToWrite,
    TemplatesWrite
);
purpose!(
    /// To delete it.
    ToDelete,
    TemplatesDelete
);

mod sealed {
    pub trait Sealed {}
}

/// A template that was found in the actor's workspace, for one purpose that the actor is permitted.
///
/// Looking up and checking are one step, and there is no other way to get one:
/// ```compile_fail,E0451
/// use chancery_service::templates::{AuthorisedTemplate, ToRead};
/// fn forged(other: AuthorisedTemplate<ToRead>) -> AuthorisedTemplate<ToRead> {
///     AuthorisedTemplate { ..other }
/// }
/// ```
/// A handle for one purpose does not stand for another:
/// ```compile_fail,E0308
/// use chancery_service::Service;
/// use chancery_service::templates::{AuthorisedTemplate, ToRead};
/// async fn mistake(service: &Service, template: AuthorisedTemplate<ToRead>) {
///     let _ = service.templates().delete(template).await;
/// }
/// ```
pub struct AuthorisedTemplate<P: Purpose> {
    pub(super) actor: Arc<Actor>,
    pub(super) key: TemplateKey,
    pub(super) id: TemplateId,
    pub(super) latest_version: u32,
    purpose: PhantomData<fn() -> P>,
}

/// What is remembered of a template between requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) id: TemplateId,
    pub(crate) latest_version: u32,
}

impl<P: Purpose> AuthorisedTemplate<P> {
    /// The name by which callers know it.
    #[must_use]
    pub fn key(&self) -> TemplateKey {
        self.key
    }

    /// Who got the handle.
    #[must_use]
    pub fn actor(&self) -> &Arc<Actor> {
        &self.actor
    }

    pub(crate) fn id(&self) -> TemplateId {
        self.id
    }

    pub(crate) fn latest_version(&self) -> u32 {
        self.latest_version
    }
}

impl Templates<'_> {
    /// Finds a template and checks that the actor may do this kind of thing with it.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`] also for templates of other workspaces,
    /// [`ServiceError::Unavailable`].
    pub async fn open<P: Purpose>(
        &self,
        actor: &Arc<Actor>,
        key: &TemplateKey,
    ) -> Result<AuthorisedTemplate<P>, ServiceError> {
        actor.require(P::PERMISSION)?;
        let Head { id, latest_version } = self.head(actor, *key).await?;
        Ok(AuthorisedTemplate { actor: Arc::clone(actor), key: *key, id, latest_version, purpose: PhantomData })
    }

    async fn head(&self, actor: &Actor, key: TemplateKey) -> Result<Head, ServiceError> {
        let workspace = actor.workspace();
        if let Some(head) = self.shared.heads.get(&(workspace, key)) {
            return Ok(head);
        }
        let ticket = self.shared.heads.ticket();
        let row = self.recorded_row(actor, key).await?;
        let head = Head { id: row.id, latest_version: row.latest_version };
        self.shared.heads.insert(ticket, (workspace, key), head);
        Ok(head)
    }

    /// The row as the ledger records it. One that was rolled back would bring an old version into use again.
    async fn recorded_row(&self, actor: &Actor, key: TemplateKey) -> Result<TemplateRow, ServiceError> {
        const NOT_FOUND: ServiceError = ServiceError::NotFound { what: "template" };
        let store = self.shared.store.workspace(actor.workspace());
        let mut row = store.template_by_public_id(key.id()).await?.ok_or(NOT_FOUND)?;
        loop {
            let Standing::Forged(reason) = standing(&store, actor.keys(), &row).await? else { return Ok(row) };
            // Between the row and its acts somebody may have changed the template.
            let again = store.template_by_public_id(key.id()).await?.ok_or(NOT_FOUND)?;
            if TemplateHead::from(&again) == TemplateHead::from(&row) {
                let place = Place::row("templates", row.id.uuid());
                let incident = Incident::new(IncidentKind::RowForged, Some(actor.workspace()), place, reason);
                return Err(ServiceError::refused(Some(incident), reason));
            }
            row = again;
        }
    }
}

async fn standing(
    store: &WorkspaceStore,
    keys: &WorkspaceKeyring,
    row: &TemplateRow,
) -> Result<Standing, ServiceError> {
    let (mut check, mut before) = (HeadCheck::new(row.into()), None);
    while !check.is_decided() {
        let acts = store.acts_about(row.id.uuid(), records::TEMPLATE_ACTS, before).await?;
        acts.iter().filter_map(|act| records::body_of(keys, act)).for_each(|body| check.read(&body));
        match acts.last() {
            Some(last) => before = Some(last.id),
            None => break,
        }
    }
    Ok(check.standing())
}
