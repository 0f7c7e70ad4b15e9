//! The door: what a link leads to is found, its conditions are held, its uses counted, and each retrieval recorded.
//!
//! The order is the protection: the code of the link, then from where it comes, then whether it still works. Whoever is
//! elsewhere learns nothing else. Bytes are read with a [`Pass`] only, which this file gives out with its entry in the log.

use std::net::IpAddr;
use std::ops::Range;

use chancery_store::{EntryRecord, GrantId, GrantUse, LinkRow, NewGrant, PasscodeTry};
use chancery_vault::{Grant, LinkId, LinkTarget, Timestamp, UnverifiedLink, VaultError, WorkspaceId};

use super::{Details, Disposition, LinkState, Outcome, Recipient, Retrieval, state_of};
use crate::error::ServiceError;
use crate::files::{Files, OpenFile};
use crate::security::{Incident, IncidentKind, Place};

/// How long a download may go on after it was begun, in milliseconds: long enough for a train in a tunnel.
const GRANT_LIFETIME_MS: u64 = 10 * 60 * 1000;

/// Answers under one grant: a slow line breaks off a few times, a viewer asks for parts.
const GRANT_REQUESTS_MAX: u32 = 64;

/// How many times its length a file is handed out under one grant at most.
const GRANT_COPIES_MAX: u64 = 4;

/// Wrong passcodes after which nobody may try for a while.
const PASSCODE_TRIES_BEFORE_LOCK: u32 = 5;

/// Wrong passcodes after which nobody may try any more: of 2⁴⁰ passcodes 20 were tried then.
pub(super) const PASSCODE_TRIES_MAX: u32 = 20;

/// How long nobody may try, in milliseconds.
const PASSCODE_LOCK_MS: u64 = 15 * 60 * 1000;

/// Who stands at the door.
#[derive(Clone, Copy, Debug, Default)]
pub struct Visitor {
    /// Their address, when it is known.
    pub address: Option<IpAddr>,
}

/// A link's conditions, with what is stored of it.
pub(crate) struct Kept {
    row: LinkRow,
    details: Details,
}

/// How one gets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// By asking.
    Free,
    /// By using the link up once, or with the grant of such a use.
    Counted,
    /// By the button of the page, or with the grant of such a use.
    Page {
        /// Whether a passcode is typed there.
        asks_passcode: bool,
    },
}

/// That bytes may be read: only the door gives one. It carries the entry that records them.
pub struct Pass {
    /// The entry, unless counting wrote it already.
    pub(crate) entry: Option<EntryRecord>,
    grant: Option<Grant>,
}

impl Pass {
    /// The grant by which the download may go on, when it is counted.
    #[must_use]
    pub fn grant(&self) -> Option<&Grant> {
        self.grant.as_ref()
    }
}

impl OpenFile {
    /// How one gets in.
    #[must_use]
    pub fn admission(&self) -> Admission {
        match &self.kept {
            None => Admission::Free,
            Some(kept) if kept.details.has_page || kept.details.passcode.is_some() => {
                Admission::Page { asks_passcode: kept.details.passcode.is_some() }
            }
            Some(kept) if kept.row.uses_max.is_some() => Admission::Counted,
            Some(_) => Admission::Free,
        }
    }

    /// For whom the link is.
    #[must_use]
    pub fn recipient(&self) -> Option<&Recipient> {
        self.kept.as_ref().and_then(|kept| kept.details.recipient.as_ref())
    }

    /// Whether the link works once only.
    #[must_use]
    pub fn is_one_time(&self) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.row.uses_max == Some(1))
    }

    pub(crate) fn disposition(&self) -> Option<Disposition> {
        self.kept.as_ref().map(|kept| kept.details.disposition)
    }

    fn retrieval(&self, visitor: Visitor, range: Option<Range<u64>>, outcome: Outcome) -> Retrieval<'_> {
        Retrieval {
            target: self.target,
            document: Some(self.row.id.uuid()),
            recipient: self.recipient(),
            range,
            address: visitor.address,
            outcome,
        }
    }
}

impl Files<'_> {
    /// Checks a link and finds its file. Nothing is counted yet.
    ///
    /// # Errors
    /// [`ServiceError::LinkInvalid`] for anything but a genuine link. For a genuine one, in this order:
    /// [`ServiceError::LinkExpired`] by its own text, [`ServiceError::LinkElsewhere`], [`ServiceError::LinkRevoked`],
    /// [`ServiceError::LinkExpired`] also when the file is gone; [`ServiceError::Unavailable`].
    pub async fn open(&self, token: &str, visitor: Visitor) -> Result<OpenFile, ServiceError> {
        let unverified = UnverifiedLink::parse(token).map_err(|_| self.forged(None, visitor))?;
        let keys = self.shared.keyring.of(&self.shared.store, unverified.claimed_workspace()).await?;
        let keys = keys.ok_or_else(|| self.forged(None, visitor))?;
        let now = self.shared.clock.now();
        let link = match keys.verify_link(&unverified, now) {
            Ok(link) => link,
            // Only a genuine link is told to be late.
            Err(VaultError::Expired) => {
                let target = unverified.claimed_target();
                let late = Refused { target, document: None, visitor, outcome: Outcome::Expired };
                return Err(self.refuse(&keys, late).await?);
            }
            Err(_) => return Err(self.forged(Some(keys.workspace()), visitor)),
        };
        let refused = |document, outcome| Refused { target: link.target, document, visitor, outcome };
        let store = self.shared.store.workspace(link.workspace);
        let (document, kept) = match link.target {
            LinkTarget::Document(document) => (document, None),
            LinkTarget::Kept(id) => {
                let Some(row) = store.link(id).await? else {
                    return Err(self.refuse(&keys, refused(None, Outcome::Expired)).await?);
                };
                let details = Details::open(&keys, &row)?;
                let is_inside = |address| details.networks.iter().any(|network| network.contains(address));
                if !details.networks.is_empty() && !visitor.address.is_some_and(is_inside) {
                    let document = Some(row.document.uuid());
                    return Err(self.refuse(&keys, refused(document, Outcome::Elsewhere)).await?);
                }
                (row.document, Some(Kept { row, details }))
            }
        };
        let row = store.document(document).await?.filter(|row| now < row.expires_at);
        let outcome = match (&row, &kept) {
            (None, _) => Some(Outcome::Expired),
            (Some(row), None) if row.links_are_revoked => Some(Outcome::Revoked),
            (Some(_), None) => None,
            (Some(_), Some(kept)) => match state_of(&kept.row, now) {
                LinkState::Revoked => Some(Outcome::Revoked),
                LinkState::Expired => Some(Outcome::Expired),
                // Whoever holds a grant may go on.
                LinkState::Active | LinkState::UsedUp | LinkState::Locked => None,
            },
        };
        match (row, outcome) {
            (Some(row), None) => OpenFile::new(row, keys, link.target, kept),
            (_, outcome) => {
                let outcome = outcome.unwrap_or(Outcome::Expired);
                Err(self.refuse(&keys, refused(Some(document.uuid()), outcome)).await?)
            }
        }
    }

    /// A link that no key of ours signed, as the security event that it is. The workspace is the one that it claims.
    fn forged(&self, workspace: Option<WorkspaceId>, visitor: Visitor) -> ServiceError {
        let place = Place::thing("link");
        let incident = Incident::new(IncidentKind::LinkRefused, workspace, place, "no key of ours signed it");
        self.shared.security.note(Incident { source: visitor.address, ..incident }, self.shared.clock.now());
        ServiceError::LinkInvalid
    }

    /// Lets in whoever shows the grant of an earlier use; nothing when it is none of this link, over, or used too much.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn resume(
        &self,
        file: &OpenFile,
        grant: Grant,
        range: &Range<u64>,
        visitor: Visitor,
    ) -> Result<Option<Pass>, ServiceError> {
        let (LinkTarget::Kept(link), Admission::Counted | Admission::Page { .. }) = (file.target, file.admission())
        else {
            return Ok(None);
        };
        let now = self.shared.clock.now();
        let retrieval = file.retrieval(visitor, Some(range.clone()), Outcome::Granted);
        let length_bytes = range.end.saturating_sub(range.start);
        let wish = GrantUse { link, digest: grant.digest(), length_bytes, at: now };
        let entry = retrieval.entry(&file.keys, &*self.shared.random, now)?;
        let is_good = self.shared.store.workspace(file.keys.workspace()).use_grant(&wish, &entry).await?;
        Ok(is_good.then_some(Pass { entry: None, grant: Some(grant) }))
    }

    /// Lets in whoever asks for a range of the file, and counts it where that is asked; nothing when the only way in is
    /// the page.
    ///
    /// # Errors
    /// [`ServiceError::LinkUsedUp`], [`ServiceError::Unavailable`].
    pub async fn enter(
        &self,
        file: &OpenFile,
        range: &Range<u64>,
        visitor: Visitor,
    ) -> Result<Option<Pass>, ServiceError> {
        let retrieval = file.retrieval(visitor, Some(range.clone()), Outcome::Granted);
        let used = match (file.admission(), file.target) {
            (Admission::Free, _) | (_, LinkTarget::Document(_)) => {
                let entry = retrieval.record(&file.keys, &*self.shared.random, self.shared.clock.now())?;
                return Ok(Some(Pass { entry: Some(entry), grant: None }));
            }
            (Admission::Page { .. }, _) if file.is_used_up() => None,
            (Admission::Page { .. }, _) => return Ok(None),
            (Admission::Counted, LinkTarget::Kept(link)) => self.use_up(file, link, &retrieval, false).await?,
        };
        match used {
            Some(grant) => Ok(Some(Pass { entry: None, grant: Some(grant) })),
            None => Err(self.refuse_file(file, visitor, Outcome::UsedUp).await?),
        }
    }

    /// Uses the link by the button of its page; the grant opens the file for some minutes.
    ///
    /// # Errors
    /// [`ServiceError::PasscodeWrong`], [`ServiceError::PasscodeLocked`], [`ServiceError::LinkUsedUp`],
    /// [`ServiceError::LinkInvalid`] for a link without a page, [`ServiceError::Unavailable`].
    pub async fn press(
        &self,
        file: &OpenFile,
        passcode: Option<&str>,
        visitor: Visitor,
    ) -> Result<Grant, ServiceError> {
        let (Some(kept), LinkTarget::Kept(link), Admission::Page { .. }) = (&file.kept, file.target, file.admission())
        else {
            return Err(ServiceError::LinkInvalid);
        };
        // A used-up link looks at no passcode: it must not tell a right one from a wrong one.
        if file.is_used_up() {
            return Err(self.refuse_file(file, visitor, Outcome::UsedUp).await?);
        }
        if let Some(check) = &kept.details.passcode {
            let Some(typed) = passcode.filter(|typed| !typed.trim().is_empty()) else {
                return Err(ServiceError::PasscodeRequired);
            };
            self.take_try(file, kept, visitor).await?;
            if !check.accepts(typed) {
                return Err(self.refuse_file(file, visitor, Outcome::WrongPasscode).await?);
            }
        }
        let retrieval = file.retrieval(visitor, None, Outcome::Granted);
        match self.use_up(file, link, &retrieval, kept.details.passcode.is_some()).await? {
            Some(grant) => Ok(grant),
            None => Err(self.refuse_file(file, visitor, Outcome::UsedUp).await?),
        }
    }

    async fn take_try(&self, file: &OpenFile, kept: &Kept, visitor: Visitor) -> Result<(), ServiceError> {
        let now = self.shared.clock.now();
        let wish = PasscodeTry {
            link: kept.row.id,
            at: now,
            tries_before_lock: PASSCODE_TRIES_BEFORE_LOCK,
            locked_until: now.plus_millis(PASSCODE_LOCK_MS),
            tries_max: PASSCODE_TRIES_MAX,
        };
        let entry = file.retrieval(visitor, None, Outcome::Tried).entry(&file.keys, &*self.shared.random, now)?;
        let store = self.shared.store.workspace(file.keys.workspace());
        match store.take_passcode_try(&wish, &entry).await? {
            Some(_) => Ok(()),
            None => Err(self.refuse_file(file, visitor, Outcome::Locked).await?),
        }
    }

    async fn use_up(
        &self,
        file: &OpenFile,
        link: LinkId,
        retrieval: &Retrieval<'_>,
        gives_try_back: bool,
    ) -> Result<Option<Grant>, ServiceError> {
        let (random, now) = (&*self.shared.random, self.shared.clock.now());
        let grant = Grant::generate(random)?;
        let row = NewGrant {
            id: GrantId::generate(now, random)?,
            digest: grant.digest(),
            requests_max: GRANT_REQUESTS_MAX,
            bytes_max: file.size_bytes().saturating_mul(GRANT_COPIES_MAX),
            expires_at: now.plus_millis(GRANT_LIFETIME_MS),
            gives_try_back,
        };
        let store = self.shared.store.workspace(file.keys.workspace());
        let entry = retrieval.entry(&file.keys, random, now)?;
        Ok(store.use_link(link, now, &row, &entry).await?.then_some(grant))
    }

    async fn refuse_file(
        &self,
        file: &OpenFile,
        visitor: Visitor,
        outcome: Outcome,
    ) -> Result<ServiceError, ServiceError> {
        let refused = Refused { target: file.target, document: Some(file.row.id.uuid()), visitor, outcome };
        self.refuse(&file.keys, refused).await
    }

    /// Records a refusal, unless the same one was recorded a moment ago, and gives the error that tells it.
    async fn refuse(
        &self,
        keys: &chancery_vault::WorkspaceKeyring,
        refused: Refused,
    ) -> Result<ServiceError, ServiceError> {
        let now = self.shared.clock.now();
        let Refused { target, document, visitor, outcome } = refused;
        if self.shared.refusals.is_news(target, outcome, now) {
            let retrieval =
                Retrieval { target, document, recipient: None, range: None, address: visitor.address, outcome };
            self.shared.entries.record(retrieval.record(keys, &*self.shared.random, now)?).await?;
        }
        Ok(error_of(outcome))
    }
}

/// A refusal to be recorded.
struct Refused {
    target: LinkTarget,
    document: Option<uuid::Uuid>,
    visitor: Visitor,
    outcome: Outcome,
}

impl OpenFile {
    /// Whether the link was used as often as it may be; a grant may still be good.
    #[must_use]
    pub fn is_used_up(&self) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.row.uses_max.is_some_and(|most| kept.row.uses >= most))
    }

    /// When the link ends.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.kept.as_ref().map_or(self.row.expires_at, |kept| kept.row.expires_at)
    }
}

fn error_of(outcome: Outcome) -> ServiceError {
    const LOCK_S: u32 = 15 * 60;
    match outcome {
        Outcome::Expired | Outcome::Granted => ServiceError::LinkExpired,
        Outcome::Revoked => ServiceError::LinkRevoked,
        Outcome::UsedUp => ServiceError::LinkUsedUp,
        Outcome::Elsewhere => ServiceError::LinkElsewhere,
        Outcome::Tried | Outcome::WrongPasscode => ServiceError::PasscodeWrong,
        Outcome::Locked => ServiceError::PasscodeLocked { retry_after_s: LOCK_S },
    }
}
