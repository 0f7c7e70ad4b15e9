//! Promise 4.2 in memory: keys leave the process neither in a core dump nor through other processes of its user.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use chancery_tests::Service;

use crate::wait_until;

/// The user `nobody` of Debian, as whom everything runs when the tests run as root: root may look into everything.
const NOBODY: &str = "65534";

/// Runs a program as a user without any rights of root.
fn unprivileged(arguments: &[&str]) -> Command {
    let mut words = arguments.to_vec();
    if chancery_tests::run("id", &["-u"]).trim() == "0" {
        words.splice(0..0, ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--inh-caps=-all"]);
    }
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).stdin(Stdio::null());
    command
}

fn can_read(pid: u32, what: &str) -> bool {
    let path = format!("/proc/{pid}/{what}");
    let output = unprivileged(&["head", "-c", "1", &path]).output().unwrap();
    output.status.success() && !output.stdout.is_empty()
}

fn dumps(pid: u32, into: &Path) -> bool {
    let core = into.join("core").display().to_string();
    let dumped = unprivileged(&["gcore", "-o", &core, &pid.to_string()]).output().unwrap();
    dumped.status.success() || fs::read_dir(into).unwrap().count() > 0
}

/// A process that ends with the test, and takes its database along.
struct Running(Child);

impl Running {
    fn signal(&mut self, signal: &str) -> ExitStatus {
        let sent = Command::new("kill").args([signal, &self.0.id().to_string()]).status().unwrap();
        assert!(sent.success(), "it was gone already");
        self.0.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.try_wait().is_ok_and(|ended| ended.is_none()) {
            let _ = self.signal("-TERM");
        }
    }
}

#[test]
fn p4_2_a_process_that_holds_keys_leaves_no_core_and_is_closed_to_others_of_its_user() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    // Where the tests were built, another user may not come.
    let program = folder.path().join("chancery");
    fs::copy(chancery_tests::binary(), &program).unwrap();
    let (program, data, port) = (program.display().to_string(), folder.path().join("data"), folder.path().join("port"));
    let mut serve =
        unprivileged(&[&program, "serve", "--listen", "127.0.0.1:0", "--port-file", port.to_str().unwrap()]);
    let log = fs::File::create(folder.path().join("log")).unwrap();
    serve.env("CHANCERY_DATA_FOLDER", &data).env_remove("CHANCERY_FONTS").current_dir(folder.path());
    let mut serving = Running(serve.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap());
    wait_until("the service listens", || port.exists());

    let pid = serving.0.id();
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");

    // Another process of the same user can be looked into; this one cannot.
    let control = Running(unprivileged(&["sleep", "600"]).spawn().unwrap());
    let control_pid = control.0.id();
    // Until it has become the other program, it cannot be looked into either.
    wait_until("the other process can be read", || can_read(control_pid, "environ") && can_read(control_pid, "maps"));
    let cores = |name: &str| {
        let cores = folder.path().join(name);
        fs::create_dir(&cores).unwrap();
        fs::set_permissions(&cores, fs::Permissions::from_mode(0o777)).unwrap();
        cores
    };
    assert!(dumps(control_pid, &cores("control")), "gcore dumps what it may");
    drop(control);
    for what in ["environ", "maps", "mem", "auxv"] {
        assert!(!can_read(pid, what), "{what} can be read");
    }
    assert!(!dumps(pid, &cores("service")), "gcore dumped a process that holds keys");

    let aborted = serving.signal("-ABRT");
    assert_eq!(aborted.signal(), Some(6));
    assert!(!aborted.core_dumped(), "the abort left a core");

    // What was killed so comes back, and takes its database with it when it ends.
    fs::remove_file(&port).unwrap();
    let mut again = Running(serve.spawn().unwrap());
    wait_until("the service listens again", || port.exists());
    assert!(again.signal("-TERM").success());
}

#[test]
fn p4_2_locking_all_memory_is_refused_where_an_allocation_could_fail_in_a_request() {
    let service = Service::prepared();
    let limited = Command::new("sh")
        .args(["-c", "ulimit -l 64; exec \"$0\" doctor"])
        .arg(chancery_tests::binary())
        .env("CHANCERY_DATA_FOLDER", service.data_folder())
        .env("CHANCERY_MEMORY_LOCK", "true")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&limited.stderr);
    assert_eq!(limited.status.code(), Some(1), "{said}");
    assert!(said.contains("RLIMIT_MEMLOCK"), "{said}");
    assert!(!service.data_folder().join("root.key").exists(), "nothing was opened or made");
}
