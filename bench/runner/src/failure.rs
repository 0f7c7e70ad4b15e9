//! What can go wrong while measuring.

use std::path::PathBuf;

use thiserror::Error;

/// Why there is no figure.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// The command line is wrong.
    #[error("{0}")]
    Usage(String),
    /// A file cannot be read.
    #[error("{path} cannot be read")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{path}: {reason}")]
    Content {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Our own engine refuses the document.
    #[error("the engine refuses the document: {0}")]
    Render(String),
    /// A pipe or a socket failed.
    #[error("{doing} failed")]
    Channel {
        /// What was tried.
        doing: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// The load generator let a wrong answer pass, or refused a right one.
    #[error("self-check: {0}")]
    SelfCheck(String),
}
