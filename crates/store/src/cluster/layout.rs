//! The cluster's files and folders: where they are, whose they are, and what they say.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, chown};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use rustix::process::{Pid, test_kill_process};

use super::user::RunAs;
use super::{ClusterError, PORT};

/// A socket's path may have 107 bytes (unix(7)); some room is left.
const SOCKET_PATH_BYTES_MAX: usize = 100;

pub(super) struct Layout {
    root: PathBuf,
}

/// What PostgreSQL's pid file says (see PostgreSQL's `miscadmin.h`, `LOCK_FILE_LINE_*`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PidFile {
    pub(super) process: Pid,
    pub(super) socket_folder: PathBuf,
    pub(super) is_ready: bool,
}

impl Layout {
    /// Makes the folder and checks that PostgreSQL's user can reach it.
    pub(super) fn prepare(folder: &Path, run_as: &RunAs) -> Result<Self, ClusterError> {
        DirBuilder::new().recursive(true).mode(0o711).create(folder).map_err(ClusterError::file("making", folder))?;
        let root = fs::canonicalize(folder).map_err(ClusterError::file("finding", folder))?;
        run_as.check_reach(&root)?;
        Ok(Self { root })
    }

    pub(super) fn lock_file(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(super) fn data(&self) -> PathBuf {
        self.root.join("pgdata")
    }

    /// Where a cluster is made before it gets its name: a half-made one is never mistaken for a whole one.
    pub(super) fn data_in_making(&self) -> PathBuf {
        self.root.join("pgdata.unfinished")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    /// The major version that made the data; `None` when there is none yet.
    pub(super) fn data_version(&self) -> Result<Option<u32>, ClusterError> {
        let path = self.data().join("PG_VERSION");
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ClusterError::file("reading", &path)(error)),
        }
    }

    fn pid_file_path(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    pub(super) fn pid_file(&self) -> Result<Option<PidFile>, ClusterError> {
        let path = self.pid_file_path();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(parse_pid_file(&text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ClusterError::file("reading", &path)(error)),
        }
    }

    /// Removes the pid file of a server that was killed, when its number now belongs to something else or nothing.
    ///
    /// PostgreSQL does this too, except when the number was given to another process of the same user, which is common
    /// in containers. A postmaster works in its data folder: that tells it apart.
    pub(super) fn remove_stale_pid_file(&self) -> Result<(), ClusterError> {
        let Some(pid_file) = self.pid_file()? else {
            return Ok(());
        };
        let process = pid_file.process.as_raw_nonzero();
        let works_here = fs::read_link(format!("/proc/{process}/cwd")).is_ok_and(|cwd| cwd == self.data());
        if works_here && test_kill_process(pid_file.process).is_ok() {
            return Ok(());
        }
        // The socket has a lock of its own, which would be believed just so.
        let lock = pid_file.socket_folder.join(format!(".s.PGSQL.{PORT}.lock"));
        match fs::remove_file(&lock) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(ClusterError::file("removing", &lock)(error));
            }
            _ => {}
        }
        let path = self.pid_file_path();
        fs::remove_file(&path).map_err(ClusterError::file("removing", &path))
    }

    /// The folder for the socket, made for the user alone.
    pub(super) fn socket_folder(&self, run_as: &RunAs) -> Result<PathBuf, ClusterError> {
        let near = self.root.join("socket");
        let folder = if fits(&near) { near } else { self.short_socket_folder()? };
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => self.give(&folder, run_as)?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let metadata = fs::symlink_metadata(&folder).map_err(ClusterError::file("looking at", &folder))?;
                if !metadata.is_dir() || metadata.uid() != run_as.uid || metadata.mode() & 0o077 != 0 {
                    return Err(ClusterError::SocketFolder { path: folder });
                }
            }
            Err(error) => return Err(ClusterError::file("making", &folder)(error)),
        }
        Ok(folder)
    }

    fn short_socket_folder(&self) -> Result<PathBuf, ClusterError> {
        let digest = digest::digest(&digest::SHA256, self.root.as_os_str().as_bytes());
        let name: String = digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let folder = std::env::temp_dir().join(format!("chancery-{name}"));
        if fits(&folder) { Ok(folder) } else { Err(ClusterError::SocketPathTooLong { path: folder }) }
    }

    /// Gives a file or folder to the user as which PostgreSQL runs.
    pub(super) fn give(&self, path: &Path, run_as: &RunAs) -> Result<(), ClusterError> {
        if !run_as.is_other {
            return Ok(());
        }
        chown(path, Some(run_as.uid), Some(run_as.gid)).map_err(ClusterError::file("giving away", path))
    }
}

fn fits(socket_folder: &Path) -> bool {
    let socket = socket_folder.join(format!(".s.PGSQL.{PORT}"));
    socket.as_os_str().as_bytes().len() <= SOCKET_PATH_BYTES_MAX
}

fn parse_pid_file(text: &str) -> Option<PidFile> {
    let lines: Vec<&str> = text.lines().collect();
    // A negative number in place of the id is PostgreSQL running alone without a postmaster.
    let number: i32 = lines.first()?.trim().parse().ok()?;
    let process = Pid::from_raw(number.max(0))?;
    let socket_folder = PathBuf::from(lines.get(4)?.trim());
    let is_ready = lines.get(7).is_some_and(|line| line.trim() == "ready");
    Some(PidFile { process, socket_folder, is_ready })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_pid_file_is_read_and_a_damaged_one_is_none() {
        let text = "4711\n/data/pgdata\n1790000000\n5432\n/data/socket\n\n  123 456\nready   \n";
        let parsed = parse_pid_file(text).unwrap();
        assert_eq!(parsed.process.as_raw_nonzero().get(), 4711);
        assert_eq!(parsed.socket_folder, Path::new("/data/socket"));
        assert!(parsed.is_ready);
        assert!(!parse_pid_file(&text.replace("ready", "starting")).unwrap().is_ready);
        for damaged in ["", "x", "0\n\n\n\n/s", "4711\n/data", "-1\n"] {
            assert_eq!(parse_pid_file(damaged), None, "{damaged:?}");
        }
    }

    #[test]
    fn a_long_path_gets_a_short_socket_folder_of_its_own() {
        let long = |name: &str| Layout { root: Path::new("/").join("x".repeat(90)).join(name) };
        let short = long("a").short_socket_folder().unwrap();
        assert!(fits(&short));
        assert!(!fits(&long("a").root));
        assert_ne!(short, long("b").short_socket_folder().unwrap());
    }
}
