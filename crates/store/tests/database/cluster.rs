//! The private cluster: starting, joining, being killed.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use chancery_store::cluster::ClusterError;
use chancery_store::{Cluster, ClusterConfig, NewWorkspace, PoolConfig, Store, migrate};
use chancery_vault::{Class, FileRootKey, RootKey, RootKeyProvider as _, SystemRandom, WorkspaceId, WorkspaceKey};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::support::{NOW, entry, folder_for_others};

const OWNER_FOLDER: &str = "CHANCERY_TEST_OWNER_FOLDER";

fn run(body: impl AsyncFnOnce()) {
    tokio::runtime::Runtime::new().unwrap().block_on(body());
}

fn config(folder: &Path) -> ClusterConfig {
    ClusterConfig::in_folder(folder.join("cluster"))
}

fn pid(cluster: &Cluster) -> Pid {
    Pid::from_raw(i32::try_from(cluster.process_id().unwrap()).unwrap()).unwrap()
}

async fn store(cluster: &Cluster) -> Store {
    migrate(&cluster.database()).await.unwrap();
    Store::connect(&cluster.database(), PoolConfig { connections_max: 2 }).await.unwrap()
}

async fn create_workspace(store: &Store) -> WorkspaceId {
    let id = WorkspaceId::generate(NOW, &SystemRandom).unwrap();
    let root = FileRootKey::new(&RootKey::generate(&SystemRandom).unwrap()).unwrap();
    let key_wrapped = root.wrap(&SystemRandom, id, &WorkspaceKey::generate(&SystemRandom).unwrap()).unwrap();
    let new =
        NewWorkspace { id, name_sealed: b"sealed".to_vec(), class: Class::Internal, key_wrapped, created_at: NOW };
    store.create_workspace(&new, &entry("workspace.create")).await.unwrap();
    id
}

async fn is_gone(process: Pid) {
    let gone = async {
        while test_kill_process(process).is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), gone).await.unwrap();
}

#[test]
fn what_was_committed_survives_stopping_and_killing_the_server() {
    run(async || {
        let folder = folder_for_others();
        let cluster = Cluster::start(&config(folder.path())).await.unwrap();
        let first = create_workspace(&store(&cluster).await).await;
        let server = pid(&cluster);
        cluster.stop().await.unwrap();
        assert!(test_kill_process(server).is_err());

        let cluster = Cluster::start(&config(folder.path())).await.unwrap();
        let open = store(&cluster).await;
        let second = create_workspace(&open).await;
        kill_process(pid(&cluster), Signal::KILL).unwrap();
        // The killed child is reaped here, the cluster forgets it.
        cluster.stop().await.unwrap();

        let cluster = Cluster::start(&config(folder.path())).await.unwrap();
        let mut ids: Vec<_> =
            store(&cluster).await.list_workspaces().await.unwrap().iter().map(|workspace| workspace.id).collect();
        ids.sort();
        // Both are made in the same moment, so their order says nothing.
        let mut expected = [first, second];
        expected.sort();
        assert_eq!(ids, expected);
        // The store of the killed server works again by itself: the socket is the same.
        assert_eq!(open.list_workspaces().await.unwrap().len(), 2);
        cluster.stop().await.unwrap();
    });
}

#[test]
fn only_its_own_user_may_enter_the_socket_folder_and_nothing_listens_on_the_network() {
    run(async || {
        let folder = folder_for_others();
        let cluster = Cluster::start(&config(folder.path())).await.unwrap();
        let socket = std::fs::metadata(cluster.socket_folder()).unwrap();
        assert_eq!(socket.mode() & 0o777, 0o700);
        let data = std::fs::metadata(folder.path().join("cluster/pgdata")).unwrap();
        assert_eq!((data.mode() & 0o777, data.uid()), (0o700, socket.uid()));
        if rustix::process::geteuid().is_root() {
            let status = std::fs::read_to_string(format!("/proc/{}/status", cluster.process_id().unwrap())).unwrap();
            let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
            assert!(line("Uid:").split_whitespace().all(|uid| uid == socket.uid().to_string()), "{status}");
            assert_eq!(line("Groups:"), "");
        }
        let open = store(&cluster).await;
        let facts = open.facts().await.unwrap();
        assert!(facts.commits_are_durable);
        let rules = std::fs::read_to_string(folder.path().join("cluster/pgdata/pg_hba.conf")).unwrap();
        assert!(!rules.contains("host"));
        let pid_file = std::fs::read_to_string(folder.path().join("cluster/pgdata/postmaster.pid")).unwrap();
        assert_eq!(pid_file.lines().nth(5), Some(""), "the sixth line names the address listened on");
        cluster.stop().await.unwrap();
    });
}

#[test]
fn a_second_start_joins_as_a_guest_and_leaves_the_owner_s_server_running() {
    run(async || {
        let folder = folder_for_others();
        let owner = Cluster::start(&config(folder.path())).await.unwrap();
        let guest = Cluster::start(&config(folder.path())).await.unwrap();
        assert!(owner.is_owner() && !guest.is_owner());
        assert_eq!(guest.process_id(), None);
        create_workspace(&store(&guest).await).await;
        guest.stop().await.unwrap();
        assert_eq!(store(&owner).await.list_workspaces().await.unwrap().len(), 1);
        owner.stop().await.unwrap();
    });
}

#[test]
fn a_cluster_that_is_only_dropped_stops_its_server() {
    run(async || {
        let folder = folder_for_others();
        let cluster = Cluster::start(&config(folder.path())).await.unwrap();
        let server = pid(&cluster);
        drop(cluster);
        is_gone(server).await;
    });
}

#[test]
fn a_pid_file_whose_number_belongs_to_another_process_does_not_stop_the_start() {
    run(async || {
        let folder = folder_for_others();
        Cluster::start(&config(folder.path())).await.unwrap().stop().await.unwrap();
        let data = folder.path().join("cluster/pgdata");
        let text = format!("{}\n{}\n1790000000\n5432\n/nowhere\n\n  1 1\nready\n", std::process::id(), data.display());
        std::fs::write(data.join("postmaster.pid"), text).unwrap();
        Cluster::start(&config(folder.path())).await.unwrap().stop().await.unwrap();
    });
}

#[test]
fn a_half_made_data_folder_is_made_anew() {
    run(async || {
        let folder = folder_for_others();
        std::fs::create_dir_all(folder.path().join("cluster/pgdata.unfinished/base")).unwrap();
        let cluster = Cluster::start(&config(folder.path())).await.unwrap();
        assert!(!folder.path().join("cluster/pgdata.unfinished").exists());
        cluster.stop().await.unwrap();
    });
}

#[test]
fn a_path_too_long_for_a_socket_gets_a_short_one_that_is_closed_to_others() {
    run(async || {
        let folder = folder_for_others();
        let long = folder.path().join("x".repeat(100));
        let cluster = Cluster::start(&config(&long)).await.unwrap();
        let socket = cluster.socket_folder().to_owned();
        assert!(!socket.starts_with(&long));
        assert_eq!(std::fs::metadata(&socket).unwrap().mode() & 0o777, 0o700);
        create_workspace(&store(&cluster).await).await;
        let guest = Cluster::start(&config(&long)).await.unwrap();
        assert_eq!(guest.socket_folder(), socket);
        guest.stop().await.unwrap();
        cluster.stop().await.unwrap();
        // A folder that somebody else could enter is refused.
        std::fs::set_permissions(&socket, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let refused = Cluster::start(&config(&long)).await.err().unwrap();
        std::fs::remove_dir_all(&socket).unwrap();
        assert!(matches!(refused, chancery_store::cluster::ClusterError::SocketFolder { .. }), "{refused}");
    });
}

#[test]
fn a_folder_that_the_server_s_user_cannot_reach_is_named() {
    if !rustix::process::geteuid().is_root() {
        // Nobody else runs the server then.
        return;
    }
    run(async || {
        let closed = tempfile::tempdir().unwrap();
        std::fs::set_permissions(closed.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let refused = Cluster::start(&config(closed.path())).await.err().unwrap();
        assert!(matches!(&refused, ClusterError::Unreachable { path, .. } if path == closed.path()), "{refused}");
    });
}

#[test]
fn missing_programs_and_users_are_named() {
    run(async || {
        let folder = folder_for_others();
        let empty = ClusterConfig { binaries: Some(folder.path().join("none")), ..config(folder.path()) };
        assert!(matches!(Cluster::start(&empty).await, Err(ClusterError::NoBinaries { .. })));
        if rustix::process::geteuid().is_root() {
            for name in ["no-such-user", "root"] {
                let config = ClusterConfig { user: Some(name.to_owned()), ..config(folder.path()) };
                assert!(matches!(Cluster::start(&config).await, Err(ClusterError::NoUser { .. })), "{name}");
            }
        }
    });
}

/// Not a test by itself: the process that the next test starts and kills.
#[test]
fn owner_process() {
    let Ok(folder) = std::env::var(OWNER_FOLDER) else { return };
    run(async || {
        let cluster = Cluster::start(&config(Path::new(&folder))).await.unwrap();
        create_workspace(&store(&cluster).await).await;
        #[expect(clippy::print_stdout, reason = "tells the parent process")]
        {
            println!("\nready {}", cluster.process_id().unwrap());
        }
        std::future::pending::<()>().await;
    });
}

#[test]
fn a_server_whose_owner_was_killed_is_taken_over() {
    let folder = folder_for_others();
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "cluster::owner_process", "--nocapture"])
        .env(OWNER_FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(owner.stdout.take().unwrap()).lines();
    let server: u32 = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("ready ")?.parse().ok()).unwrap();
    owner.kill().unwrap();
    owner.wait().unwrap();
    run(async || {
        let cluster = Cluster::start(&config(folder.path())).await.unwrap();
        assert!(cluster.is_owner());
        assert_eq!(cluster.process_id(), Some(server));
        assert_eq!(store(&cluster).await.list_workspaces().await.unwrap().len(), 1);
        let server = pid(&cluster);
        cluster.stop().await.unwrap();
        is_gone(server).await;
    });
}
