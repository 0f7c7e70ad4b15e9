//! Finding PostgreSQL's programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::ClusterError;

/// The oldest major version whose SQL is used here.
const VERSION_MIN: u32 = 15;
/// Where distributions put them; a `*` is one path part.
const USUAL_PLACES: [&str; 3] = ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin"];

/// A folder with PostgreSQL's programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    folder: PathBuf,
    version: u32,
}

impl Binaries {
    pub(super) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }
}

/// Finds the newest programs, or those of exactly the version that made the data.
pub(super) fn find(configured: Option<&Path>, data_version: Option<u32>) -> Result<Binaries, ClusterError> {
    let folders = match configured {
        Some(folder) => vec![folder.to_owned()],
        None => from_path().into_iter().chain(USUAL_PLACES.into_iter().flat_map(expand)).collect(),
    };
    let searched = folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", ");
    let usable = folders
        .into_iter()
        .filter_map(look)
        .filter(|found| data_version.map_or(found.version >= VERSION_MIN, |version| found.version == version));
    // Of equal versions the first one: PATH comes before the usual places.
    usable.reduce(|best, other| if other.version > best.version { other } else { best }).ok_or_else(|| {
        let wanted = data_version
            .map_or_else(|| format!("{VERSION_MIN} or later"), |version| format!("{version} (which made the data)"));
        ClusterError::NoBinaries { wanted, searched: if searched.is_empty() { "PATH".to_owned() } else { searched } }
    })
}

fn from_path() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).filter(|folder| folder.join("postgres").is_file()).collect()
}

/// The folders that a pattern with at most one `*` names.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (parent, start) = before.rsplit_once('/').unwrap_or(("", before));
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with(start)))
        .map(|entry| entry.path().join(after.trim_start_matches('/')))
        .collect();
    folders.sort_unstable();
    folders
}

fn look(folder: PathBuf) -> Option<Binaries> {
    if !folder.join("initdb").is_file() {
        return None;
    }
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let version = parse_version(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { folder, version })
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian …)`.
fn parse_version(text: &str) -> Option<u32> {
    let (_, version) = text.split_once("(PostgreSQL) ")?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(parse_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_version("postgres (PostgreSQL) 18beta1"), Some(18));
        for other in ["", "postgres", "postgres (PostgreSQL) devel"] {
            assert_eq!(parse_version(other), None, "{other}");
        }
    }

    #[test]
    fn an_empty_folder_and_a_wrong_version_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let refused = find(Some(folder.path()), None).unwrap_err().to_string();
        assert!(refused.contains("15 or later") && refused.contains(&folder.path().display().to_string()), "{refused}");
        let refused = find(None, Some(9)).unwrap_err().to_string();
        assert!(refused.contains("9 (which made the data)"), "{refused}");
    }
}
