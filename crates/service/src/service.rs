//! The service: what all subjects share, how it starts and how it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chancery_render::Limits;
use chancery_render::fonts::FontSet;
use chancery_store::{DocumentWriter, EntryWriter, Objects, Store, TransactionWriter};
use chancery_vault::{LinkLifetime, Random, RootKeyProvider, TokenHash, WorkspaceId};

use crate::access::{ACTOR_COUNT_MAX, Access, Actor};
use crate::account::Account;
use crate::cache::Cache;
use crate::check::Check;
use crate::clock::Clock;
use crate::destruction::Destruction;
use crate::doctor::Doctor;
use crate::documents::Documents;
use crate::error::ServiceError;
use crate::files::Files;
use crate::keyring::Keyring;
use crate::keys::Keys;
use crate::ledger::Ledger;
use crate::links::{Links, Refusals};
use crate::listening::Listening;
use crate::purge::Purge;
use crate::renderer::{Renderer, RendererLimits};
use crate::rotation::Rotation;
use crate::security::{Recorder, Security, Writing};
use crate::templates::{Head, Programs, TemplateKey, Templates};
use crate::transactions::Transactions;
use crate::uses::Uses;
use crate::workspaces::Workspaces;

/// Templates whose id and latest version are remembered; some hundred bytes each.
const HEAD_COUNT_MAX: usize = 10_000;

/// What the installation allows.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Threads, queue and time of renders.
    pub renderer: RendererLimits,
    /// What one render may cost.
    pub render_limits: Limits,
    /// Resolution of pictures, in dots per inch.
    pub image_dpi: f32,
    /// How long a link works when the caller does not say.
    pub link_lifetime: LinkLifetime,
    /// How long a link may work at most.
    pub link_lifetime_max: LinkLifetime,
}

/// What a service is made of.
pub struct ServiceParts {
    /// The open database, with its schema up to date.
    pub store: Store,
    /// The object store.
    pub objects: Objects,
    /// Who holds the root key.
    pub root_key: Arc<dyn RootKeyProvider>,
    /// Where random bytes come from.
    pub random: Arc<dyn Random>,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// The fonts at hand.
    pub fonts: FontSet,
    /// What the installation allows.
    pub policy: Policy,
}

/// The running service; cheap to clone.
#[derive(Clone)]
pub struct Service {
    shared: Arc<Shared>,
}

/// What all subjects share.
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) objects: Objects,
    pub(crate) documents: DocumentWriter,
    pub(crate) entries: EntryWriter,
    pub(crate) refusals: Refusals,
    pub(crate) transactions: TransactionWriter,
    pub(crate) keyring: Keyring,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) fonts: FontSet,
    pub(crate) policy: Policy,
    pub(crate) renderer: Renderer,
    pub(crate) actors: Cache<TokenHash, Arc<Actor>>,
    pub(crate) heads: Cache<(WorkspaceId, TemplateKey), Head>,
    pub(crate) programs: Programs,
    pub(crate) uses: Uses,
    /// Whether changes made by other nodes are heard of at this moment.
    pub(crate) is_listening: AtomicBool,
    /// Where security events go.
    pub(crate) security: Recorder,
    pub(crate) is_ending: AtomicBool,
    writing: Writing,
    listening: Listening,
}

impl Service {
    /// Starts the render threads, the writers and the listener. Needs a Tokio runtime.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when the operating system gives no threads.
    pub fn start(parts: ServiceParts) -> Result<Self, ServiceError> {
        let ServiceParts { store, objects, root_key, random, clock, fonts, policy } = parts;
        let renderer = Renderer::start(policy.renderer)?;
        let shared = Arc::new_cyclic(|shared| Shared {
            documents: store.document_writer(),
            entries: store.entry_writer(),
            refusals: Refusals::new(),
            transactions: store.transaction_writer(),
            listening: Listening::start(store.invalidations(), shared.clone()),
            store,
            objects,
            keyring: Keyring::new(root_key),
            random,
            clock,
            fonts,
            policy,
            renderer,
            actors: Cache::new(ACTOR_COUNT_MAX),
            heads: Cache::new(HEAD_COUNT_MAX),
            programs: Programs::new(),
            uses: Uses::default(),
            is_listening: AtomicBool::new(false),
            security: Recorder::default(),
            is_ending: AtomicBool::new(false),
            writing: Writing::start(shared.clone()),
        });
        shared.set_caching(false);
        Ok(Self { shared })
    }

    /// Who is asking.
    #[must_use]
    pub fn access(&self) -> Access<'_> {
        Access { shared: &self.shared }
    }

    /// Templates.
    #[must_use]
    pub fn templates(&self) -> Templates<'_> {
        Templates { shared: &self.shared }
    }

    /// Documents made from templates.
    #[must_use]
    pub fn documents(&self) -> Documents<'_> {
        Documents { shared: &self.shared }
    }

    /// Stored files behind signed links.
    #[must_use]
    pub fn files(&self) -> Files<'_> {
        Files { shared: &self.shared }
    }

    /// What was made.
    #[must_use]
    pub fn transactions(&self) -> Transactions<'_> {
        Transactions { shared: &self.shared }
    }

    /// The workspace behind an actor.
    #[must_use]
    pub fn account(&self) -> Account<'_> {
        Account { shared: &self.shared }
    }

    /// Links with conditions.
    #[must_use]
    pub fn links(&self) -> Links<'_> {
        Links { shared: &self.shared }
    }

    /// Workspaces, for the operator.
    #[must_use]
    pub fn workspaces(&self) -> Workspaces<'_> {
        Workspaces { shared: &self.shared }
    }

    /// API keys, for the operator.
    #[must_use]
    pub fn keys(&self) -> Keys<'_> {
        Keys { shared: &self.shared }
    }

    /// Deletion of what has expired.
    #[must_use]
    pub fn purge(&self) -> Purge<'_> {
        Purge { shared: &self.shared }
    }

    /// Rotation of keys.
    #[must_use]
    pub fn rotation(&self) -> Rotation<'_> {
        Rotation { shared: &self.shared }
    }

    /// Destruction of a workspace's keys, by two custodians.
    #[must_use]
    pub fn destruction(&self) -> Destruction<'_> {
        Destruction { shared: &self.shared }
    }

    /// The ledger of all acts.
    #[must_use]
    pub fn ledger(&self) -> Ledger<'_> {
        Ledger { shared: &self.shared }
    }

    /// Checks that database, objects and ledger fit together.
    #[must_use]
    pub fn check(&self) -> Check<'_> {
        Check { shared: &self.shared }
    }

    /// What was refused.
    #[must_use]
    pub fn security(&self) -> Security<'_> {
        Security { shared: &self.shared }
    }

    /// Checks of what the service stands on.
    #[must_use]
    pub fn doctor(&self) -> Doctor<'_> {
        Doctor { shared: &self.shared }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn ping(&self) -> Result<(), ServiceError> {
        Ok(self.shared.store.ping().await?)
    }

    /// Renders that wait for a thread at this moment.
    #[must_use]
    pub fn render_queue_length(&self) -> usize {
        self.shared.renderer.queue_length()
    }

    /// Finishes what was begun: renders, writers, counters; then closes the database. Call it when no request is under way.
    pub async fn shut_down(&self) {
        let shared = Arc::clone(&self.shared);
        // Joining threads blocks, and must not do so on a thread of the runtime.
        if let Err(error) = tokio::task::spawn_blocking(move || shared.renderer.stop()).await {
            tracing::error!(%error, "the render threads could not be stopped");
        }
        self.shared.documents.close().await;
        self.shared.entries.close().await;
        if let Err(error) = self.shared.transactions.close().await {
            tracing::error!(error = &error as &dyn std::error::Error, "the last transactions could not be written");
        }
        self.shared.uses.flush(&self.shared.store).await;
        self.shared.writing.stop(&self.shared).await;
        self.shared.listening.stop();
        self.shared.store.close().await;
    }
}

impl Shared {
    /// Reads the root keys again, and wraps with the one that the database says.
    pub(crate) async fn find_root_key(&self) -> Result<(), ServiceError> {
        self.keyring.refresh_root().await;
        if let Some(active) = self.store.active_root_key().await?
            && !self.keyring.prefer(active)
        {
            tracing::error!(key = %active, "the root key that wraps is not held here: see `root_key.provider` and `root_key.also`");
        }
        Ok(())
    }

    /// Puts the caches of what can change in or out of use; in both cases they forget everything.
    pub(crate) fn set_caching(&self, enabled: bool) {
        self.is_listening.store(enabled, Ordering::Relaxed);
        self.actors.set_enabled(enabled);
        self.heads.set_enabled(enabled);
        self.keyring.set_caching(enabled);
    }
}
