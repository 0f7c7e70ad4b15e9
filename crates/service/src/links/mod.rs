//! Links to documents that are kept with their conditions: how often, from where, for whom. Made, listed, revoked.

mod details;
mod door;
mod network;
mod retrieval;

use std::sync::Arc;

use chancery_store::{AuditEntry, LinkRow, NewLink, Page as StorePage, RevocationTarget, StoreError, WorkspaceStore};
use chancery_vault::{Passcode, Timestamp};
use serde_json::{Value as Json, json};
use uuid::Uuid;

pub use chancery_vault::{DocumentId, Grant, LinkId, LinkLifetime};
pub(crate) use details::{Details, from_hexadecimal, hexadecimal};
pub use details::{Disposition, Recipient};
pub(crate) use door::Kept;
pub use door::{Admission, Pass, Visitor};
pub use network::{Network, NetworkError};
pub(crate) use retrieval::{Outcome, Refusals, Retrieval};

use crate::Shared;
use crate::access::Actor;
use crate::classes::{self, Class, LinkTerms};
use crate::documents::{StoredName, file_name_cell};
use crate::error::ServiceError;
use crate::page::Page;
use crate::permission::Permission;
use crate::sealing::{self, Event, audit_entry};
use crate::templates::{AuthorisedTemplate, Purpose};

/// Uses of one link at most; more is no limit that anybody means.
pub const USES_MAX: u32 = 1000;

/// Ranges of addresses of one link: the sites of a company.
pub const NETWORK_COUNT_MAX: usize = 32;

/// The kept links of all workspaces; every function asks for an actor or a handle.
pub struct Links<'a> {
    pub(crate) shared: &'a Arc<Shared>,
}

/// What a link is to be like.
#[derive(Clone, Debug, Default)]
pub struct LinkWish {
    /// How long it works; without it the default of the installation, or less when the class allows less.
    pub lifetime: Option<LinkLifetime>,
    /// How often it may be used, 1 to [`USES_MAX`]; without it as often as one likes.
    pub uses_max: Option<u32>,
    /// From where it may be used; empty is from everywhere.
    pub networks: Vec<Network>,
    /// For whom it is.
    pub recipient: Option<Recipient>,
    /// Whether it asks for a passcode, which is drawn here.
    pub has_passcode: bool,
    /// Whether it leads to a page with a button; without it, when there is a recipient or a passcode.
    pub has_page: Option<bool>,
    /// Whether browsers save or show the document; without it as the document says and its class allows.
    pub disposition: Option<Disposition>,
}

/// A link that was made.
pub struct CreatedLink {
    /// Its id.
    pub id: LinkId,
    /// The token, which opens the document: never log it.
    pub token: String,
    /// The passcode, when it asks for one: to be shown once.
    pub passcode: Option<Passcode>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The class of its document.
    pub class: Class,
}

/// Where a link is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It works.
    Active,
    /// Its time is over.
    Expired,
    /// It was used as often as it may be.
    UsedUp,
    /// It was revoked.
    Revoked,
    /// Too many wrong passcodes were tried.
    Locked,
}

/// A link in a list.
#[derive(Clone, Debug)]
pub struct LinkSummary {
    /// Its id.
    pub id: LinkId,
    /// Where it is in its life.
    pub state: LinkState,
    /// How often it may be used.
    pub uses_max: Option<u32>,
    /// How often it was.
    pub uses: u32,
    /// From where it may be used.
    pub networks: Vec<Network>,
    /// For whom it is.
    pub recipient: Option<Recipient>,
    /// Whether it asks for a passcode.
    pub has_passcode: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A document to which a link is made, already found to be the actor's.
pub(crate) struct Destination {
    pub(crate) document: DocumentId,
    pub(crate) created_at: Timestamp,
    pub(crate) name: StoredName,
}

impl Links<'_> {
    /// Makes a link to a document that is stored. The document then lives at least as long, at most the longest time that
    /// the installation allows after it was made.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`], [`ServiceError::ClassForbids`],
    /// [`ServiceError::InvalidField`], [`ServiceError::Unavailable`].
    pub async fn create(
        &self,
        actor: &Arc<Actor>,
        document: DocumentId,
        wish: LinkWish,
    ) -> Result<CreatedLink, ServiceError> {
        actor.require(Permission::LinksCreate)?;
        let destination = self.destination(actor, document).await?;
        self.keep(actor, &destination, wish).await
    }

    /// The links of a document that are kept, the latest first; those without conditions are not.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`], [`ServiceError::Unavailable`].
    pub async fn list(
        &self,
        actor: &Arc<Actor>,
        document: DocumentId,
        page: Page,
    ) -> Result<Vec<LinkSummary>, ServiceError> {
        actor.require(Permission::LinksRead)?;
        self.destination(actor, document).await?;
        let now = self.shared.clock.now();
        let rows = self.store(actor).list_links(document, StorePage::from(page)).await?;
        rows.into_iter()
            .map(|row| {
                let details = Details::open(actor.keys(), &row)?;
                Ok(LinkSummary {
                    id: row.id,
                    state: state_of(&row, now),
                    uses_max: row.uses_max,
                    uses: row.uses,
                    networks: details.networks,
                    recipient: details.recipient,
                    has_passcode: details.passcode.is_some(),
                    created_at: row.created_at,
                    expires_at: row.expires_at,
                })
            })
            .collect()
    }

    /// Revokes one link at once.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`], [`ServiceError::Unavailable`].
    pub async fn revoke(&self, actor: &Arc<Actor>, link: LinkId) -> Result<(), ServiceError> {
        actor.require(Permission::LinksRevoke)?;
        let entry = self.entry(actor, "link.revoke", ("link", link.uuid()), &Json::Null)?;
        self.store(actor).revoke_link(link, self.shared.clock.now(), &entry).await.map_err(|error| match error {
            StoreError::NotFound { .. } => ServiceError::NotFound { what: "link" },
            other => other.into(),
        })
    }

    /// Revokes all links of a document that were made until now, those without conditions too.
    ///
    /// # Errors
    /// As [`Links::revoke`].
    pub async fn revoke_of_document(&self, actor: &Arc<Actor>, document: DocumentId) -> Result<(), ServiceError> {
        actor.require(Permission::LinksRevoke)?;
        self.destination(actor, document).await?;
        self.revoke_all(actor, RevocationTarget::Document(document), ("document", document.uuid())).await
    }

    /// Revokes all links to documents of a template that were made until now.
    ///
    /// # Errors
    /// As [`Links::revoke`].
    pub async fn revoke_of_template<P: Purpose>(&self, template: &AuthorisedTemplate<P>) -> Result<(), ServiceError> {
        let (actor, id) = (template.actor(), template.id());
        actor.require(Permission::LinksRevoke)?;
        self.revoke_all(actor, RevocationTarget::Template(id), ("template", id.uuid())).await
    }

    /// Revokes all links of the actor's workspace that were made until now.
    ///
    /// # Errors
    /// As [`Links::revoke`].
    pub async fn revoke_of_workspace(&self, actor: &Arc<Actor>) -> Result<(), ServiceError> {
        actor.require(Permission::LinksRevoke)?;
        self.revoke_all(actor, RevocationTarget::Workspace, ("workspace", actor.workspace().uuid())).await
    }

    async fn revoke_all(
        &self,
        actor: &Arc<Actor>,
        target: RevocationTarget,
        named: (&'static str, Uuid),
    ) -> Result<(), ServiceError> {
        let entry = self.entry(actor, "link.revoke_all", named, &Json::Null)?;
        Ok(self.store(actor).revoke_links(target, self.shared.clock.now(), &entry).await?)
    }

    /// Finds a document of the actor's workspace. One whose class asks for more than the actor may is forbidden.
    async fn destination(&self, actor: &Arc<Actor>, document: DocumentId) -> Result<Destination, ServiceError> {
        let now = self.shared.clock.now();
        let row = self.store(actor).document(document).await?.filter(|row| now < row.expires_at);
        let row = row.ok_or(ServiceError::NotFound { what: "document" })?;
        let cell = file_name_cell(document);
        let name = sealing::open_or_empty(actor.keys(), cell, row.file_name_sealed.as_deref())?;
        let name = StoredName::from_text(&name);
        classes::check_actor(name.class, actor)?;
        Ok(Destination { document, created_at: row.created_at, name })
    }

    /// Keeps a link to a document that the actor may share.
    pub(crate) async fn keep(
        &self,
        actor: &Arc<Actor>,
        destination: &Destination,
        wish: LinkWish,
    ) -> Result<CreatedLink, ServiceError> {
        check_wish(&wish)?;
        let (random, now) = (&*self.shared.random, self.shared.clock.now());
        let class = destination.name.class;
        let handling = classes::handling(class);
        let policy = &self.shared.policy;
        let lifetime = wish.lifetime.unwrap_or_else(|| handling.shortened(policy.link_lifetime));
        let disposition = wish.disposition.unwrap_or(if destination.name.download || !handling.allows_inline {
            Disposition::Attachment
        } else {
            Disposition::Inline
        });
        let terms = LinkTerms {
            lifetime,
            has_recipient: wish.recipient.is_some(),
            has_passcode: wish.has_passcode,
            uses_max: wish.uses_max,
            is_inline: disposition == Disposition::Inline,
        };
        classes::check_link(class, &terms)?;
        // No document lives longer than the longest link to it could have lived from the start.
        let end = destination.created_at.plus_millis(u64::from(policy.link_lifetime_max.seconds()) * 1000);
        let expires_at = now.plus_millis(u64::from(lifetime.min(policy.link_lifetime_max).seconds()) * 1000).min(end);
        let passcode = wish.has_passcode.then(|| Passcode::generate(random)).transpose()?;
        let id = LinkId::generate(now, random)?;
        let details = Details {
            has_page: wish.has_page.unwrap_or(wish.recipient.is_some() || passcode.is_some()),
            recipient: wish.recipient,
            networks: wish.networks,
            passcode: passcode.as_ref().map(|passcode| passcode.check(random)).transpose()?,
            disposition,
        };
        let issued = actor.keys().issue_kept_link(id, expires_at);
        let row = NewLink {
            id,
            document: destination.document,
            details_sealed: details.seal(actor.keys(), random, id)?,
            uses_max: wish.uses_max,
            created_at: now,
            created_by: actor.for_audit(),
            expires_at: issued.expires_at,
        };
        let told = json!({
            "document": destination.document.to_string(), "expires_at_ms": issued.expires_at.signed_millis(),
            "uses_max": wish.uses_max, "networks": details.networks.len(), "recipient": details.recipient.is_some(),
            "passcode": passcode.is_some(), "class": class.name(),
        });
        let entry = self.entry(actor, "link.create", ("link", id.uuid()), &told)?;
        self.store(actor).create_link(&row, &entry).await.map_err(|error| match error {
            StoreError::NotFound { .. } => ServiceError::NotFound { what: "document" },
            other => other.into(),
        })?;
        Ok(CreatedLink { id, token: issued.token, passcode, expires_at: issued.expires_at, class })
    }

    fn store(&self, actor: &Actor) -> WorkspaceStore {
        self.shared.store.workspace(actor.workspace())
    }

    fn entry(
        &self,
        actor: &Actor,
        action: &'static str,
        (target_kind, target_id): (&'static str, Uuid),
        details: &Json,
    ) -> Result<AuditEntry, ServiceError> {
        let event = Event { actor: actor.for_audit(), action, target_kind, target_id, details };
        audit_entry(actor.keys(), &*self.shared.random, self.shared.clock.now(), &event)
    }
}

fn check_wish(wish: &LinkWish) -> Result<(), ServiceError> {
    if wish.uses_max.is_some_and(|uses| uses == 0 || uses > USES_MAX) {
        return Err(ServiceError::invalid("uses_max", "must be a number from 1 to 1000"));
    }
    if wish.networks.len() > NETWORK_COUNT_MAX {
        return Err(ServiceError::invalid("networks", "must have at most 32 ranges"));
    }
    if wish.has_passcode && wish.has_page == Some(false) {
        return Err(ServiceError::invalid("page", "must not be false: a passcode is typed on the page"));
    }
    Ok(())
}

pub(crate) fn state_of(row: &LinkRow, now: Timestamp) -> LinkState {
    if row.is_revoked {
        LinkState::Revoked
    } else if now >= row.expires_at {
        LinkState::Expired
    } else if row.uses_max.is_some_and(|most| row.uses >= most) {
        LinkState::UsedUp
    } else if row.wrong_passcodes >= door::PASSCODE_TRIES_MAX {
        LinkState::Locked
    } else {
        LinkState::Active
    }
}

impl LinkState {
    /// The stable name, as it is shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::UsedUp => "used_up",
            Self::Revoked => "revoked",
            Self::Locked => "locked",
        }
    }
}
