//! Why the private cluster does not run, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// What failed; the text names a remedy where there is one.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No usable PostgreSQL is installed.
    #[error(
        "no PostgreSQL {wanted} was found (looked in {searched}); install it, or set the folder of its programs, or a database URL"
    )]
    NoBinaries {
        /// Which versions would do.
        wanted: String,
        /// Where it was looked for.
        searched: String,
    },
    /// The user to run PostgreSQL as does not exist.
    #[error("PostgreSQL cannot run as root, and there is no user '{name}' to run it as")]
    NoUser {
        /// The name looked for.
        name: String,
    },
    /// The unprivileged user cannot reach the folder.
    #[error(
        "the user '{user}', as which PostgreSQL runs, cannot enter {path}; allow it (chmod o+x) or choose another data folder"
    )]
    Unreachable {
        /// The folder in the way.
        path: PathBuf,
        /// The user.
        user: String,
    },
    /// Neither the folder nor the temporary folder has a path short enough for a Unix socket.
    #[error("the path {path} is too long for a Unix socket; choose a shorter data folder")]
    SocketPathTooLong {
        /// The path.
        path: PathBuf,
    },
    /// The folder for the socket exists and is not ours alone.
    #[error("the folder {path} belongs to somebody else or is open to others; remove it")]
    SocketFolder {
        /// The folder.
        path: PathBuf,
    },
    /// A file or folder failed.
    #[error("{operation} {path} failed")]
    File {
        /// What was being done.
        operation: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A program failed.
    #[error("{program} failed: {output}")]
    Program {
        /// Which program.
        program: &'static str,
        /// The last of what it said.
        output: String,
    },
    /// The server did not become ready.
    #[error("PostgreSQL did not become ready within {seconds} s: {output}")]
    NotReady {
        /// How long was waited.
        seconds: u64,
        /// The end of its log.
        output: String,
    },
    /// The server did not stop when told.
    #[error("PostgreSQL did not stop within {seconds} s")]
    NotStopped {
        /// How long was waited.
        seconds: u64,
    },
    /// Roles and database could not be prepared.
    #[error("the private cluster could not be prepared")]
    Bootstrap(#[source] sqlx::Error),
}

impl ClusterError {
    pub(super) fn file<'p>(operation: &'static str, path: &'p Path) -> impl FnOnce(io::Error) -> Self + 'p {
        move |source| Self::File { operation, path: path.to_owned(), source }
    }
}
