//! Objects in a folder on a disk that is full.

use std::process::Command;

use chancery_tests::{Service, binary};

#[test]
fn a_full_disk_is_said_and_leaves_nothing_half_written() {
    let service = Service::start();
    let disk = tempfile::tempdir().unwrap();
    // A disk of its own in a name space of its own: it goes away with the shell.
    let script = r#"
        set -e
        mount -t tmpfs -o size=256k tmpfs "$1"
        mkdir "$1/objects"
        dd if=/dev/zero of="$1/fill" bs=1k 2>/dev/null || true
        CHANCERY_OBJECTS_FOLDER="$1" "$0" doctor && exit 90
        find "$1/objects" -type f | grep -q . && exit 91
        rm "$1/fill"
        CHANCERY_OBJECTS_FOLDER="$1" "$0" doctor || exit 92
    "#;
    let is_root = chancery_tests::run("id", &["-u"]).trim() == "0";
    let mut command = Command::new("unshare");
    command.args(if is_root { &["--mount"][..] } else { &["--mount", "--map-root-user"] });
    let output = command
        .args(["sh", "-c", script])
        .arg(binary())
        .arg(disk.path())
        .env("CHANCERY_DATA_FOLDER", service.data_folder())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("BAD\tobject store") && said.contains("No space left on device"), "{said}");
    assert!(said.contains("ok\tobject store"), "with room again, it works: {said}");
}
