//! Why a place did not keep a checkpoint, and why a witness cannot serve.

use std::io;
use std::path::{Path, PathBuf};

use chancery_ledger::LedgerError;

/// Why a place did not keep or hand out checkpoints.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// It keeps a checkpoint that the ledger does not continue. Somebody should look at once.
    #[error("{0}")]
    Conflict(String),
    /// It is away, refuses, or answers what makes no sense; it is asked again.
    #[error("{0}")]
    Failed(String),
}

impl PlaceError {
    pub(crate) fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::Failed(format!("cannot {doing} {}: {error}", path.display()))
    }

    /// With the causes of a client's error, but without its URL: that may hold what nobody should log.
    pub(crate) fn request(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let mut text = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        Self::Failed(text)
    }
}

impl From<LedgerError> for PlaceError {
    fn from(error: LedgerError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Why the list of places, or a witness, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// A file cannot be read or written.
    #[error("cannot {doing} {}", path.display())]
    File {
        /// `read` or `write`.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{}: {reason}", path.display())]
    Content {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The address cannot be served.
    #[error("cannot listen on {address}: {reason}")]
    Address {
        /// Which address.
        address: std::net::SocketAddr,
        /// Why.
        reason: String,
    },
}

impl WitnessError {
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { doing, path, source }
    }

    pub(crate) fn content(path: &Path, reason: impl ToString) -> Self {
        Self::Content { path: path.to_owned(), reason: reason.to_string() }
    }
}
