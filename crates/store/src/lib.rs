//! PostgreSQL and object storage: all SQL of Chancery, and sealed bytes only.
//!
//! - [`Cluster`] starts or joins the private PostgreSQL; [`Database`] says how to reach it or another one.
//! - [`migrate`] brings the schema up to date; [`Store::connect`] opens the pool.
//! - [`Store`] answers what comes before a workspace is known; [`Store::workspace`] gives a [`WorkspaceStore`], whose
//!   every statement runs under that workspace's row-level security.
//! - [`Objects`] keeps sealed files. An object is written before its row is committed; [`Store::sweep_orphans`] finds the rest.
//!
//! Every change takes an [`AuditEntry`] and writes it in the same transaction. Exceptions, with reasons, are
//! [`WorkspaceStore::mark_api_keys_used`] and [`TransactionWriter`], which only count; the states of root keys, which belong
//! to no workspace and are recorded in each with its own key; and [`WorkspaceStore::close_key`], recorded with what follows.

mod account;
mod allocation;
mod api_keys;
mod audit;
mod checking;
pub mod cluster;
mod config;
mod destructions;
mod document_requests;
mod document_writer;
mod documents;
mod entries;
mod error;
mod health;
mod holds;
mod id;
mod invalidation;
mod ledger;
mod ledger_keys;
mod ledger_places;
mod ledger_reading;
mod link_revocations;
mod link_uses;
mod links;
mod migration;
mod number;
pub mod objects;
mod page;
mod purge;
mod purge_runs;
mod retention;
mod root_keys;
mod sealed_cells;
mod template_versions;
mod templates;
mod transaction_writer;
mod transactions;
mod workspace_keys;
mod workspace_store;
mod workspaces;

pub use account::AccountCounters;
pub use allocation::Allocation;
pub use api_keys::{ApiKeyRow, FoundApiKey, NewApiKey};
pub use audit::{ACTS_MAX, Actor, AuditEntry, AuditRow, Target};
pub use checking::{CheckedApiKey, CheckedDocument};
pub use cluster::{Cluster, ClusterConfig, ClusterError};
pub use config::{Database, PoolConfig};
pub use destructions::{CustodianRow, Decision, DecisionEntries, DestructionRow, Executed, NewDestruction};
pub use document_requests::{NewRequest, RequestRow};
pub use document_writer::{BatchWriter, DocumentWriter, EntryWriter};
pub use documents::{DocumentRecord, DocumentRow};
pub use entries::EntryRecord;
pub use error::StoreError;
pub use health::{Facts, RoleFact, TableFact};
pub use holds::{HoldRow, HoldTarget, NewHold};
pub use id::{
    AllocationId, ApiKeyId, AuditId, BatchId, DestructionId, GrantId, HoldId, PersonId, PublicTemplateId, PurgeRunId,
    TemplateId, TransactionId, VersionId,
};
pub use invalidation::{Change, ChangeKind, Invalidation, Invalidations};
pub use ledger::Sequenced;
pub use ledger_keys::{LedgerKeyChange, PastLedgerKey};
pub use ledger_places::PlaceProgress;
pub use ledger_reading::{AuditFilter, LedgerRow, Stray};
pub use link_revocations::RevocationTarget;
pub use link_uses::{GrantUse, NewGrant, PasscodeTry};
pub use links::{LinkRow, NewLink};
pub use migration::{bootstrap_sql, migrate};
pub use objects::{ListedObject, ObjectName, Objects, OpenUpload, Payload, S3Config, ServerSideEncryption};
pub use page::Page;
pub use purge::{BatchNotes, Destroyed, PurgeReport, SweepReport};
pub use purge_runs::{BatchRow, Deletion, NewRun, PurgeCause, RunRow};
pub use retention::{DataKind, Due, PolicyRow, Slice};
pub use sealed_cells::{Replacement, SEALED_TABLES, SealedCell, SealedColumn, SealedKind, SealedTable};
pub use template_versions::{NewVersion, VersionRow};
pub use templates::{NewTemplate, TemplateChange, TemplateRow, TemplateStatus};
pub use transaction_writer::TransactionWriter;
pub use transactions::{Export, RenderKind, TransactionRecord, TransactionRow, TransactionStatus};
pub use workspace_keys::{Activation, CarriedKeyRow, KeyState, LivingKeys, WorkspaceKeyRow};
pub use workspace_store::{Store, WorkspaceStore};
pub use workspaces::{NewWorkspace, WorkspaceRow, WorkspaceState};
