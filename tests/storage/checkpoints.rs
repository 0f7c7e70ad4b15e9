//! Checkpoints of the ledger in a real bucket under object lock.

use std::fs;
use std::process::Command;

use chancery_tests::{S3Server, Service, binary, fonts};

const BUCKET: &str = "checkpoints";

/// Runs a command with the list of places; gives its exit code and what it said.
fn run(service: &Service, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(binary())
        .args(arguments)
        .env("CHANCERY_DATA_FOLDER", service.data_folder())
        .env("CHANCERY_FONTS", fonts())
        .env("CHANCERY_AUDIT_PLACES_FILE", service.data_folder().join("places.toml"))
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn list(server: &S3Server, service: &Service, bucket: &str) {
    let folder = service.data_folder();
    fs::write(folder.join("s3-secret"), S3Server::SECRET_KEY).unwrap();
    let places = format!(
        "[[place]]\nname = \"vault\"\nbucket = {{ endpoint = \"{}\", bucket = \"{bucket}\", prefix = \"north\", access_key_id = \"{}\", secret_key_file = \"{}\", retain_days = 2 }}\n",
        server.endpoint(),
        S3Server::ACCESS_KEY_ID,
        folder.join("s3-secret").display()
    );
    fs::write(folder.join("places.toml"), places).unwrap();
}

#[test]
fn a_checkpoint_in_the_bucket_can_neither_be_deleted_nor_replaced_and_shows_a_ledger_that_was_cut_off() {
    let server = S3Server::start();
    server.make_bucket("open");
    server.make_locked_bucket(BUCKET);
    let service = Service::start();
    let _ = service.workspace("Northwind");

    // A bucket without object lock keeps nothing for anybody.
    list(&server, &service, "open");
    let (code, said) = run(&service, &["audit", "publish"]);
    assert!(code == Some(3) && said.contains("place `vault`: the bucket answered 4"), "{said}");
    assert_eq!(server.keys("open"), Vec::<String>::new());

    list(&server, &service, BUCKET);
    let (code, said) = run(&service, &["audit", "publish"]);
    assert_eq!(code, Some(0), "{said}");
    let keys = server.keys(BUCKET);
    assert!(keys.len() == 1 && keys[0].starts_with("north/") && keys[0].ends_with("/00000000000000000002"), "{keys:?}");
    let kept = String::from_utf8(server.object(BUCKET, &keys[0])).unwrap();
    assert!(kept.starts_with("chancery/ledger/") && kept.contains("\n2\n"), "{kept}");
    let version = server.versions(BUCKET).remove(0);
    let lock = server.said(&[], &format!("{BUCKET}/{}?retention=&versionId={version}", keys[0]));
    assert!(lock.1.contains("COMPLIANCE"), "{lock:?}");

    // Deleting the version is refused, shortening its time too, also to whoever owns the bucket.
    // The server refuses a time that is over for another reason.
    let tomorrow = Command::new("date").args(["--utc", "--date", "+1 day", "+%FT%TZ"]).output().unwrap().stdout;
    let tomorrow = String::from_utf8(tomorrow).unwrap();
    let tomorrow = tomorrow.trim();
    let shorter =
        format!("<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>{tomorrow}</RetainUntilDate></Retention>");
    let bypass = ["--header", "x-amz-bypass-governance-retention: true"];
    let (status, said) =
        server.sent(&bypass, &format!("{BUCKET}/{}?retention=&versionId={version}", keys[0]), &shorter);
    assert!(status == 403 && said.contains("AccessDenied"), "{status} {said}");
    let path = format!("{BUCKET}/{}?versionId={version}", keys[0]);
    let (status, said) =
        server.said(&["--request", "DELETE", "--header", "x-amz-bypass-governance-retention: true"], &path);
    assert!(status == 403 && said.contains("AccessDenied"), "{status} {said}");
    // Writing over it, and marking it as deleted, hides it from a list of the newest, and from nobody else.
    server.put(BUCKET, &keys[0], b"something else");
    let (status, _) = server.said(&["--request", "DELETE"], &format!("{BUCKET}/{}", keys[0]));
    assert!(status < 300, "{status}");
    assert_eq!(server.keys(BUCKET), Vec::<String>::new());
    assert_eq!(server.versions(BUCKET).len(), 2);
    let (code, said) = run(&service, &["audit", "verify"]);
    assert!(code == Some(0) && said.contains("kept elsewhere\t1"), "{said}");

    // The ledger is cut off with every trace inside of the database: the bucket tells.
    let _ = service.command(&["key", "create", "--workspace", "Northwind", "--name", "third"]);
    assert_eq!(run(&service, &["audit", "publish"]).0, Some(0));
    service.superuser(
        "delete from audit_events where id in (select event_id from ledger_entries where number >= 2);
         delete from ledger_entries where number >= 2; delete from ledger_checkpoints where size > 2",
    );
    assert_eq!(run(&service, &["audit", "verify", "--alone"]).0, Some(0), "inside nothing tells");
    let (code, said) = run(&service, &["audit", "verify"]);
    assert!(
        code == Some(1) && said.contains("a checkpoint promises 3 entries; such a checkpoint is kept by: vault"),
        "{said}"
    );
    // A place that cannot be asked is no proof that all is well.
    drop(server);
    let (code, said) = run(&service, &["audit", "verify"]);
    assert!(code == Some(3) && said.contains("place `vault` cannot be asked"), "{said}");
}
