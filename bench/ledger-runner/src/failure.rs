//! What can go wrong while measuring the ledger.

use chancery_ledger::{LedgerError, Wrong};
use chancery_store::StoreError;
use chancery_store::cluster::ClusterError;
use chancery_vault::VaultError;
use thiserror::Error;

/// Why there is no figure.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// A command is not known, or comes too early.
    #[error("{0}")]
    Usage(String),
    /// A pipe failed.
    #[error("reading commands or answering them: {0}")]
    Channel(#[from] std::io::Error),
    /// PostgreSQL did not start or stop.
    #[error("the private PostgreSQL: {0}")]
    Cluster(#[from] ClusterError),
    /// The store refused.
    #[error("the store: {0:?}")]
    Store(#[from] StoreError),
    /// What was asked past the store was refused.
    #[error("PostgreSQL: {0}")]
    Sql(#[from] sqlx::Error),
    /// A key or an id could not be made.
    #[error("the vault: {0}")]
    Vault(#[from] VaultError),
    /// Something of the ledger was refused.
    #[error("the ledger: {0}")]
    Ledger(#[from] LedgerError),
    /// The export is not right.
    #[error("the export: {0:?}")]
    Export(Box<Wrong>),
    /// What was measured did not do what it should.
    #[error("{0}")]
    Unexpected(String),
}
