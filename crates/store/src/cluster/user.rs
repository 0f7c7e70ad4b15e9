//! As whom PostgreSQL runs: as ourselves, or as an unprivileged user when we are root.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::ClusterError;

/// A user by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RunAs {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
    /// Whether this is another user than the one who runs this process.
    pub(super) is_other: bool,
}

const PASSWD: &str = "/etc/passwd";

impl RunAs {
    /// Chooses `wanted`, else `postgres`, else `nobody`; when not root, it can only be ourselves.
    pub(super) fn choose(wanted: Option<&str>) -> Result<Self, ClusterError> {
        let own_uid = rustix::process::geteuid();
        if !own_uid.is_root() {
            let gid = rustix::process::getegid().as_raw();
            return Ok(Self { name: "yourself".to_owned(), uid: own_uid.as_raw(), gid, is_other: false });
        }
        let passwd = fs::read_to_string(PASSWD).map_err(ClusterError::file("reading", Path::new(PASSWD)))?;
        let candidates = wanted.map_or_else(|| vec!["postgres", "nobody"], |name| vec![name]);
        let found = candidates.iter().find_map(|name| find(&passwd, name)).filter(|user| user.uid != 0);
        found.ok_or_else(|| ClusterError::NoUser { name: candidates.join("' or '") })
    }

    /// Checks that the user can enter every folder down to `path`.
    pub(super) fn check_reach(&self, path: &Path) -> Result<(), ClusterError> {
        if !self.is_other {
            return Ok(());
        }
        for folder in path.ancestors() {
            let metadata = fs::metadata(folder).map_err(ClusterError::file("looking at", folder))?;
            if !self.may_enter(&metadata) {
                return Err(ClusterError::Unreachable { path: folder.to_owned(), user: self.name.clone() });
            }
        }
        Ok(())
    }

    fn may_enter(&self, folder: &Metadata) -> bool {
        let bit = if folder.uid() == self.uid {
            0o100
        } else if folder.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        folder.mode() & bit != 0
    }
}

/// Finds a user in the text of `/etc/passwd` (passwd(5)).
fn find(passwd: &str, name: &str) -> Option<RunAs> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next()? != name {
            return None;
        }
        let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
        Some(RunAs { name: name.to_owned(), uid, gid, is_other: true })
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn users_are_found_by_their_whole_name() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\npostgresql:x:7:7::/:\npostgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\nbroken:x\nbad:x:a:b:::\n";
        let user = find(passwd, "postgres").unwrap();
        assert_eq!((user.uid, user.gid), (101, 104));
        for name in ["post", "", "broken", "bad", "nobody"] {
            assert_eq!(find(passwd, name), None, "{name}");
        }
    }
}
