//! Promise 4.3: a workspace is destroyed by two people, and then nothing opens it, not even an older copy of everything.

use std::fs;
use std::path::{Path, PathBuf};

use chancery_tests::{Client, KmsServer, SecurityModule, TransitDouble, run};
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::custody::Installation;
use crate::keys::{create, opens};
use crate::{make_template, small_template};

/// Custodians and what they sign with.
struct Circle {
    folder: TempDir,
}

impl Circle {
    /// Makes the keys of custodians, and registers the first two.
    fn new(installation: &Installation, names: &[&str]) -> Self {
        let circle = Self { folder: TempDir::with_prefix("chancery-custodians-").unwrap() };
        fs::write(circle.path("phrase"), "correct horse battery staple\n").unwrap();
        for name in names {
            let (key, phrase) = (circle.text(&format!("{name}.key")), circle.text("phrase"));
            let public = installation.command(&[
                "keys",
                "custodian",
                "create",
                name,
                "--file",
                &key,
                "--pass-phrase-file",
                &phrase,
            ]);
            fs::write(circle.path(&format!("{name}.pub")), public).unwrap();
        }
        for name in names.iter().take(2) {
            installation.command(&["keys", "custodian", "register", &circle.text(&format!("{name}.pub"))]);
        }
        circle
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    fn request<'a>(&self, workspace: &'a str, name: &str) -> Vec<String> {
        let words: [&'a str; 5] = ["keys", "destroy", "request", "--workspace", workspace];
        [words.map(str::to_owned).to_vec(), self.signed_by(name)].concat()
    }

    fn approve(&self, request: &str, name: &str) -> Vec<String> {
        let words = ["keys", "destroy", "approve", request, "--receipt"].map(str::to_owned).to_vec();
        [words, vec![self.text("receipt.json")], self.signed_by(name)].concat()
    }

    fn signed_by(&self, name: &str) -> Vec<String> {
        let (key, phrase) = (self.text(&format!("{name}.key")), self.text("phrase"));
        vec!["--as".to_owned(), key, "--pass-phrase-file".to_owned(), phrase]
    }
}

fn words(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// A workspace with a template and files.
struct Filled {
    id: String,
    client: Client,
    template: String,
    urls: Vec<String>,
}

fn filled(installation: &Installation, name: &str) -> Filled {
    let (id, client) = installation.workspace(name);
    let template = make_template(&client, &small_template());
    let urls = (0..3).map(|number| create(&client, &template, number).unwrap()).collect();
    Filled { id, client, template, urls }
}

impl Filled {
    fn opens(&self, installation: &Installation) {
        let client = self.client.at(&installation.service);
        for url in &self.urls {
            assert_eq!(opens(&client, url), Ok(()), "a file of another workspace is lost");
        }
        let content = client.get(&format!("/v1/get-template?template_id={}", self.template));
        assert!(content.text().contains("Dear {{ data.name }}"), "{}", content.text());
    }

    fn is_gone(&self, installation: &Installation) {
        let client = self.client.at(&installation.service);
        for url in &self.urls {
            let answer = client.get(&url[url.find("/f/").unwrap()..]);
            assert_eq!(answer.status, 404, "{}", answer.text());
        }
        let content = client.get(&format!("/v1/get-template?template_id={}", self.template));
        assert_eq!(content.status, 401, "{}", content.text());
        let made = create(&client, &self.template, 1);
        assert!(made.is_err(), "a destroyed workspace made a file");
        let listed = installation.command(&["workspace", "list"]);
        let line = listed.lines().find(|line| line.starts_with(&self.id)).unwrap();
        assert!(!line.contains("Gone"), "its name can be read: {line}");
    }
}

fn copy(from: &Path, to: &Path) {
    let _ = run("cp", &["-a", &from.display().to_string(), &to.display().to_string()]);
}

/// Fills two workspaces, keeps an older copy, lets two custodians destroy one of them, and looks for it: in what runs, and in
/// the older copy with the root key of today. Gives the installation with that copy restored, the destroyed workspace and
/// the folder with the older copy of everything.
fn destroyed_for_good(environment: Vec<(String, String)>, holder: &str) -> (Installation, Filled, TempDir) {
    let mut installation = Installation::new(environment);
    installation.set("CHANCERY_ROOT_KEY_PROVIDER", holder);
    installation.restart();
    let (gone, stays) = (filled(&installation, "Gone"), filled(&installation, "Stays"));
    let circle = Circle::new(&installation, &["alice", "bob"]);
    let log = installation.command(&["audit", "key"]);
    fs::write(circle.path("ledger.pub"), log).unwrap();

    let data = installation.service.data_folder();
    installation.service.stop();
    let backup = TempDir::with_prefix("chancery-backup-").unwrap();
    let _ = run("chmod", &["711", &backup.path().display().to_string()]);
    for part in ["cluster", "objects"] {
        copy(&data.join(part), &backup.path().join(part));
    }
    if data.join("root.key").exists() {
        copy(&data.join("root.key"), &backup.path().join("root.key"));
    }
    installation.restart();
    gone.opens(&installation);

    let request = installation.command(&words(&circle.request("Gone", "alice")));
    gone.opens(&installation);
    installation.command(&words(&circle.approve(&request, "bob")));
    gone.is_gone(&installation);
    stays.opens(&installation);
    let verified = installation.command(&[
        "receipt",
        "verify",
        &circle.text("receipt.json"),
        "--key",
        &circle.text("ledger.pub"),
        "--id",
        &gone.id,
    ]);
    assert!(
        verified.contains(&format!("workspace {}", gone.id)) && verified.contains("unreadable files: 3"),
        "{verified}"
    );

    // The older copy, with the root key as it is today.
    installation.service.stop();
    for part in ["cluster", "objects"] {
        fs::remove_dir_all(data.join(part)).unwrap();
        copy(&backup.path().join(part), &data.join(part));
    }
    installation.restart();
    gone.is_gone(&installation);
    stays.opens(&installation);
    (installation, gone, backup)
}

#[test]
fn p4_3_what_two_custodians_destroyed_is_unreadable_even_in_an_older_copy_and_the_rest_stays() {
    let (mut installation, gone, backup) = destroyed_for_good(Vec::new(), "file");
    // The root key can still be replaced, and shares of it made, in the restored copy.
    installation.command(&["keys", "rotate", "--root"]);
    gone.is_gone(&installation);
    // What the limit says: whoever kept the root key's file of that time, too, has everything of that time.
    installation.service.stop();
    let data = installation.service.data_folder();
    for part in ["cluster", "objects"] {
        fs::remove_dir_all(data.join(part)).unwrap();
        copy(&backup.path().join(part), &data.join(part));
    }
    fs::remove_file(data.join("root.key")).unwrap();
    copy(&backup.path().join("root.key"), &data.join("root.key"));
    installation.restart();
    gone.opens(&installation);
}

#[test]
fn p4_3_what_was_destroyed_in_a_security_module_opens_with_no_older_copy() {
    let module = SecurityModule::new();
    let (_, gone, _) = destroyed_for_good(module.environment(), "pkcs11");
    let names = module.key_names();
    assert!(!names.contains(&format!("chancery-{}", gone.id)) && names.len() == 2, "{names:?}");
}

#[test]
fn p4_3_what_was_destroyed_in_a_transit_engine_opens_with_no_older_copy() {
    let engine = TransitDouble::start();
    let (_, gone, _) = destroyed_for_good(engine.environment(), "transit");
    let names = engine.key_names();
    assert!(!names.contains(&format!("chancery-{}", gone.id)) && names.len() == 2, "{names:?}");
}

#[test]
fn p4_3_what_was_destroyed_in_aws_kms_opens_with_no_older_copy() {
    let server = KmsServer::start();
    destroyed_for_good(server.environment(), "kms");
}

#[test]
fn p4_3_nobody_destroys_alone_and_a_forged_receipt_is_refused() {
    let mut installation = Installation::new(Vec::new());
    installation.restart();
    let gone = filled(&installation, "Gone");
    let circle = Circle::new(&installation, &["alice", "bob", "carol", "dave"]);
    let log = installation.command(&["audit", "key"]);
    fs::write(circle.path("ledger.pub"), &log).unwrap();

    // From the third on, somebody must vouch.
    let carol = circle.text("carol.pub");
    let alone = installation.refused(&["keys", "custodian", "register", &carol]);
    assert!(alone.contains("needs the signature of one who is registered"), "{alone}");
    let by_dave = [
        "keys",
        "custodian",
        "register",
        &carol,
        "--vouched-by",
        &circle.text("dave.key"),
        "--pass-phrase-file",
        &circle.text("phrase"),
    ];
    assert!(installation.refused(&by_dave).contains("needs the signature of one who is registered"));
    let by_alice = [
        "keys",
        "custodian",
        "register",
        &carol,
        "--vouched-by",
        &circle.text("alice.key"),
        "--pass-phrase-file",
        &circle.text("phrase"),
    ];
    installation.command(&by_alice);
    assert!(installation.refused(&by_alice).contains("registered already"));

    let stranger = installation.refused(&words(&circle.request("Gone", "dave")));
    assert!(stranger.contains("needs the signature of a custodian"), "{stranger}");
    let request = installation.command(&words(&circle.request("Gone", "alice")));
    for (who, told) in [("alice", "second custodian"), ("dave", "second custodian")] {
        let refused = installation.refused(&words(&circle.approve(&request, who)));
        assert!(refused.contains(told), "{who}: {refused}");
    }
    let early =
        installation.refused(&["keys", "destroy", "receipt", &request, "--receipt", &circle.text("receipt.json")]);
    assert!(early.contains("waits for a second custodian"), "{early}");
    gone.opens(&installation);
    assert!(!circle.path("receipt.json").exists());

    // Who is no custodian any more neither asks nor agrees.
    installation.command(&["keys", "custodian", "revoke", "bob"]);
    assert!(installation.refused(&words(&circle.approve(&request, "bob"))).contains("second custodian"));
    gone.opens(&installation);
    installation.command(&words(&circle.approve(&request, "carol")));
    gone.is_gone(&installation);

    let verify = |receipt: &str| ["receipt", "verify", receipt, "--key", &circle.text("ledger.pub")].map(str::to_owned);
    let receipt = circle.text("receipt.json");
    let verified = installation.command(&words(&verify(&receipt)));
    assert!(
        verified.contains("requested-by chancery/custodian/alice+")
            && verified.contains("approved-by chancery/custodian/carol+"),
        "{verified}"
    );
    let read: Json = serde_json::from_str(&fs::read_to_string(&receipt).unwrap()).unwrap();
    assert_eq!(read["destruction"]["approved_by"], "carol");
    for (from, to) in [
        ("carol", "bob"),
        (gone.id.as_str(), "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"),
        ("unreadable files: 3", "unreadable files: 0"),
        ("\"files\": 3", "\"files\": 0"),
    ] {
        let forged = circle.text("forged.json");
        fs::write(&forged, fs::read_to_string(&receipt).unwrap().replace(from, to)).unwrap();
        let refused = installation.refused(&words(&verify(&forged)));
        assert!(refused.contains("is not right"), "{from}: {refused}");
    }
    // The same receipt again, and the ledger as a whole.
    let again = circle.text("again.json");
    installation.command(&["keys", "destroy", "receipt", &request, "--receipt", &again]);
    let again: Json = serde_json::from_str(&fs::read_to_string(&again).unwrap()).unwrap();
    assert_eq!(again["receipt"], read["receipt"]);
    assert!(installation.command(&["audit", "verify"]).starts_with("entries\t"));
    let export = installation.command(&["audit", "export"]);
    for action in
        ["custodian.register", "custodian.revoke", "destruction.request", "destruction.approve", "destruction.execute"]
    {
        assert!(export.contains(action), "{action} is not in the ledger");
    }
    everything_else_works(&installation);
}

/// A destroyed workspace does not get into the way of the others.
fn everything_else_works(installation: &Installation) {
    let other = filled(installation, "Other");
    installation.command(&["keys", "rotate", "--all"]);
    installation.command(&["keys", "rotate", "--root"]);
    installation.command(&["purge"]);
    other.opens(installation);
    let doctor = installation.command(&["doctor"]);
    assert!(doctor.contains("ok\troot key"), "{doctor}");
}
