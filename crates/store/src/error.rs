//! The one error of this crate.

use std::path::PathBuf;

use chancery_vault::VaultError;

use crate::cluster::ClusterError;

/// What failed in database or object store. Never holds content.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A statement failed, or the database cannot be reached.
    #[error("the database failed while {operation}")]
    Database {
        /// What was being done.
        operation: &'static str,
        /// What the driver says.
        #[source]
        source: sqlx::Error,
    },
    /// The schema could not be brought up to date.
    #[error("the schema could not be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// There is no such thing in this workspace.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// The id is taken already.
    #[error("such a {what} exists already")]
    Conflict {
        /// What was to be made.
        what: &'static str,
    },
    /// The workspace does not exist, is suspended, or its key is not active.
    #[error("the workspace is not active")]
    WorkspaceNotActive,
    /// What was to be stored names a key that is not in use any more; do it again.
    #[error("the key is not in use any more")]
    KeyClosed,
    /// A row holds what this build does not know; another version may have written it.
    #[error("the database holds an unknown {what}")]
    Unknown {
        /// Which value.
        what: &'static str,
    },
    /// A number does not fit its column.
    #[error("{what} is too large")]
    TooLarge {
        /// Which value.
        what: &'static str,
    },
    /// Too much waits to be written; try again soon.
    #[error("too many {what} wait to be written")]
    Busy {
        /// What waits.
        what: &'static str,
    },
    /// The writer was closed.
    #[error("the store is closing")]
    Closed,
    /// A database URL that is not accepted.
    #[error("the database URL is not accepted: {reason}")]
    Url {
        /// Why.
        reason: &'static str,
    },
    /// Row-level security or missing rights refused a statement that this crate meant to be allowed.
    #[error("the database refused to cross a border while {operation}")]
    Isolation {
        /// What was being done.
        operation: &'static str,
    },
    /// The object is shorter or longer than it was written.
    #[error("the object has not the length that it was written with")]
    ObjectCut,
    /// The bucket keeps versions under a lock: the object's key is destroyed, its bytes stay until the lock ends.
    #[error(
        "the bucket keeps the object's bytes under a lock; they are unreadable without their key, and stay until the lock ends"
    )]
    ObjectKept,
    /// The object does not exist.
    #[error("the object does not exist")]
    ObjectMissing,
    /// A file or folder of the object store failed.
    #[error("the object folder failed while {operation} {path}")]
    Folder {
        /// What was being done.
        operation: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The S3 server failed.
    #[error("the object store failed while {operation}")]
    ObjectStore {
        /// What was being done.
        operation: &'static str,
        /// What the client says.
        #[source]
        source: object_store::Error,
    },
    /// The private cluster failed.
    #[error("the private PostgreSQL failed")]
    Cluster(#[from] ClusterError),
    /// What the database holds of the ledger cannot be continued: somebody changed it. Nothing is signed from then on.
    #[error("the ledger in the database is damaged: {reason}; `chancery audit verify` says where")]
    LedgerDamaged {
        /// What does not fit.
        reason: &'static str,
    },
    /// A checkpoint could not be read or signed.
    #[error("the ledger refused")]
    Ledger(#[from] chancery_ledger::LedgerError),
    /// Random bytes or a stored sealed form failed.
    #[error("the vault refused")]
    Vault(#[from] VaultError),
}

/// The code that `record_documents` raises for a workspace that is not active.
const NOT_ACTIVE_CODE: &str = "CH001";
/// The code that the database raises for what names a closed key.
const KEY_CLOSED_CODE: &str = "CH003";
/// PostgreSQL's code for a missing right and for a row that a policy refuses (`insufficient_privilege`).
const INSUFFICIENT_PRIVILEGE: &str = "42501";

impl StoreError {
    /// Names the operation that a driver error belongs to, and recognises the refusals that have a type of their own.
    pub(crate) fn during(operation: &'static str) -> impl Fn(sqlx::Error) -> Self + Copy {
        move |source| match &source {
            sqlx::Error::Database(error) if error.code().as_deref() == Some(NOT_ACTIVE_CODE) => {
                Self::WorkspaceNotActive
            }
            sqlx::Error::Database(error) if error.code().as_deref() == Some(KEY_CLOSED_CODE) => Self::KeyClosed,
            sqlx::Error::Database(error) if error.code().as_deref() == Some(INSUFFICIENT_PRIVILEGE) => {
                Self::Isolation { operation }
            }
            sqlx::Error::Database(error) if error.is_unique_violation() => Self::Conflict { what: "id" },
            _ => Self::Database { operation, source },
        }
    }

    /// Whether the connection broke, so that the same statement may succeed on another one.
    pub(crate) fn is_broken_connection(source: &sqlx::Error) -> bool {
        match source {
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
            // Class 57P: the server ends the session because somebody said so, it crashed, or it is just starting.
            sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
            _ => false,
        }
    }
}
