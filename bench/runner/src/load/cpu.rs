//! CPU time of the service and of its PostgreSQL cluster, read from `/proc`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Milliseconds in a tick of `/proc/<pid>/stat`: Linux shows user space 100 ticks a second on every machine (proc(5)).
const TICK_MS: u64 = 10;
/// How deep below the data folder a cluster may be.
const CLUSTER_DEPTH_MAX: u32 = 4;

/// Which processes are watched.
pub(crate) struct Watched {
    service_pid: u32,
    cluster_pid: Option<u32>,
}

/// CPU time, user and system together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CpuTime {
    /// The service and its children, but not the database.
    pub(crate) service_ms: u64,
    /// The database cluster, all of its processes.
    pub(crate) database_ms: u64,
}

impl CpuTime {
    /// What was used since an earlier reading.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            service_ms: self.service_ms.saturating_sub(earlier.service_ms),
            database_ms: self.database_ms.saturating_sub(earlier.database_ms),
        }
    }
}

/// One process as `/proc/<pid>/stat` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Process {
    parent: u32,
    /// Its own ticks.
    own: u64,
    /// Ticks of its children that have ended and were waited for.
    ended_children: u64,
}

impl Watched {
    /// Watches a service and the cluster that runs in a folder somewhere below `cluster`.
    pub(crate) fn new(service_pid: u32, cluster: Option<&Path>) -> Self {
        let cluster_pid = cluster
            .and_then(|folder| find_postmaster(folder, CLUSTER_DEPTH_MAX))
            .and_then(|file| std::fs::read_to_string(file).ok())
            // The first line of postmaster.pid is the process id of the cluster's first process.
            .and_then(|text| text.lines().next()?.trim().parse().ok());
        Self { service_pid, cluster_pid }
    }

    /// CPU time up to now.
    ///
    /// # Errors
    /// The service does not run, or `/proc` cannot be read.
    pub(crate) fn read(&self) -> Result<CpuTime, Failure> {
        let processes = processes()?;
        if !processes.contains_key(&self.service_pid) {
            return Err(Failure::Usage(format!("the service with the process id {} does not run", self.service_pid)));
        }
        Ok(self.sum(&processes))
    }

    fn sum(&self, processes: &BTreeMap<u32, Process>) -> CpuTime {
        let database = self.cluster_pid.map(|pid| tree(pid, processes)).unwrap_or_default();
        let service = tree(self.service_pid, processes);
        let ticks = |pids: &mut dyn Iterator<Item = &u32>| -> u64 {
            pids.filter_map(|pid| processes.get(pid)).map(|process| process.own + process.ended_children).sum()
        };
        CpuTime {
            service_ms: ticks(&mut service.difference(&database)) * TICK_MS,
            database_ms: ticks(&mut database.iter()) * TICK_MS,
        }
    }
}

/// A process and all of its descendants.
fn tree(root: u32, processes: &BTreeMap<u32, Process>) -> BTreeSet<u32> {
    let mut found = BTreeSet::from([root]);
    loop {
        let more: Vec<u32> = processes
            .iter()
            .filter(|(pid, process)| found.contains(&process.parent) && !found.contains(pid))
            .map(|(pid, _)| *pid)
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

fn processes() -> Result<BTreeMap<u32, Process>, Failure> {
    let folder = Path::new("/proc");
    let entries = std::fs::read_dir(folder).map_err(|source| Failure::File { path: folder.to_owned(), source })?;
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    // A process that ends between the listing and the reading is not there any more.
    let read = |pid: u32| Some((pid, parse_stat(&std::fs::read_to_string(folder.join(format!("{pid}/stat"))).ok()?)?));
    Ok(pids.filter_map(read).collect())
}

/// Reads the fields ppid, utime, stime, cutime and cstime of proc(5). The name before them may hold anything.
fn parse_stat(text: &str) -> Option<Process> {
    let (_, rest) = text.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Process {
        parent: u32::try_from(number(1)?).ok()?,
        own: number(11)? + number(12)?,
        ended_children: number(13)? + number(14)?,
    })
}

fn find_postmaster(folder: &Path, depth: u32) -> Option<PathBuf> {
    let file = folder.join("postmaster.pid");
    if file.is_file() {
        return Some(file);
    }
    let deeper = depth.checked_sub(1)?;
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders.iter().filter(|path| path.is_dir()).find_map(|path| find_postmaster(path, deeper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_its_name_is() {
        let text = "42 (a) b (c)) S 7 42 42 0 -1 4194560 100 200 0 0 11 12 13 14 20 0 1 0 100 1000 50";
        assert_eq!(parse_stat(text), Some(Process { parent: 7, own: 23, ended_children: 27 }));
    }

    #[test]
    fn damaged_lines_are_no_process() {
        for text in ["", "42", "42 (a)", "42 (a) S 7", "42 (a) S x 42 42 0 -1 0 0 0 0 0 1 1 1 1"] {
            assert_eq!(parse_stat(text), None, "{text}");
        }
    }

    #[test]
    fn the_database_is_not_counted_as_service() {
        let process = |parent, own| Process { parent, own, ended_children: 1 };
        let processes = BTreeMap::from([
            (1, process(0, 1_000)),
            (10, process(1, 5)),
            (11, process(10, 7)),
            (20, process(10, 50)),
            (21, process(20, 60)),
            (30, process(1, 500)),
        ]);
        let watched = Watched { service_pid: 10, cluster_pid: Some(20) };
        assert_eq!(watched.sum(&processes), CpuTime { service_ms: 140, database_ms: 1_120 });
        let alone = Watched { service_pid: 10, cluster_pid: None };
        assert_eq!(alone.sum(&processes), CpuTime { service_ms: 1_260, database_ms: 0 });
    }
}
