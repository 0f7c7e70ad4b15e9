//! Promise 4.3: who else may hold the root key, and what happens when they do not answer.

use std::process::{Command, Output};
use std::time::Instant;

use chancery_tests::{Behaviour, SecurityModule, Service, TransitDouble, binary};

use crate::keys::{create, everything_opens, make_letter, opens, under_load};
use crate::{make_template, small_template};

/// An installation whose commands and service run with settings of their own.
pub(crate) struct Installation {
    pub(crate) service: Service,
    pub(crate) environment: Vec<(String, String)>,
}

impl Installation {
    pub(crate) fn new(environment: Vec<(String, String)>) -> Self {
        let mut environment = environment;
        // An old key stays open for as long as a request may take: short renders make for a short test.
        environment.push(("CHANCERY_RENDER_TIMEOUT_MS".to_owned(), "5000".to_owned()));
        Self { service: Service::prepared(), environment }
    }

    /// One more setting, or another value.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn restart(&mut self) {
        let environment: Vec<(&str, &str)> =
            self.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.service.restart(&environment);
    }

    pub(crate) fn try_command(&self, arguments: &[&str]) -> Output {
        Command::new(binary())
            .args(arguments)
            .env("CHANCERY_DATA_FOLDER", self.service.data_folder())
            .envs(self.environment.iter().cloned())
            .output()
            .unwrap()
    }

    /// What a command that must succeed prints.
    pub(crate) fn command(&self, arguments: &[&str]) -> String {
        let output = self.try_command(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} failed: {told}\n{}", self.service.log());
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// What a command that must fail says.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let output = self.try_command(arguments);
        assert!(!output.status.success(), "{arguments:?} succeeded: {}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).unwrap().trim().to_owned()
    }

    /// Makes a workspace and a key of it; gives its id and a client with that key.
    pub(crate) fn workspace(&self, name: &str) -> (String, chancery_tests::Client) {
        let id = self.command(&["workspace", "create", name]);
        let key = self.command(&["key", "create", "--workspace", &id, "--name", "test"]);
        (id, self.service.client().with_key(&key))
    }
}

/// The holder of the root key of each living key, as `keys list` shows it.
fn holders(installation: &Installation) -> Vec<String> {
    let list = installation.command(&["keys", "list"]);
    let living = list.lines().filter(|line| !line.contains("\tdestroyed\t"));
    living.map(|line| line.split('\t').nth(4).unwrap().to_owned()).collect()
}

#[test]
fn p4_3_the_root_key_moves_from_its_file_to_a_security_module_and_back_under_load_without_a_failure() {
    let module = SecurityModule::new();
    let mut installation = Installation::new(module.environment());
    installation.set("CHANCERY_ROOT_KEY_ALSO", "pkcs11");
    installation.restart();
    let (id, client) = installation.workspace("Moving");
    let template = make_letter(&client);
    let mut urls: Vec<String> = (0..5).map(|number| create(&client, &template, number).unwrap()).collect();
    assert_eq!(holders(&installation), ["file"]);

    urls = under_load(&installation.service, &client, &template, urls, || {
        installation.command(&["keys", "rotate", "--root", "--to", "pkcs11"]);
        assert_eq!(holders(&installation), ["pkcs11"]);
        // Whoever runs wraps with the new holder, too.
        installation.command(&["workspace", "create", "Meanwhile"]);
        assert_eq!(holders(&installation), ["pkcs11", "pkcs11"]);
    });
    let names = module.key_names();
    assert!(names.contains(&format!("chancery-{id}")), "{names:?}");

    // Without the file, and with nothing in memory.
    installation.service.stop();
    let file = installation.service.data_folder().join("root.key");
    std::fs::remove_file(&file).unwrap();
    installation.set("CHANCERY_ROOT_KEY_ALSO", "");
    installation.set("CHANCERY_ROOT_KEY_PROVIDER", "pkcs11");
    installation.restart();
    everything_opens(&client.at(&installation.service), &template, &urls);
    assert!(!file.exists());
    let doctor = installation.command(&["doctor"]);
    assert!(doctor.contains("ok\troot key") && doctor.contains("(pkcs11) opens all 2 workspaces"), "{doctor}");

    installation.service.stop();
    installation.set("CHANCERY_ROOT_KEY_ALSO", "file");
    installation.restart();
    let client = client.at(&installation.service);
    let urls = under_load(&installation.service, &client, &template, urls, || {
        installation.command(&["keys", "rotate", "--root", "--to", "file"]);
    });
    assert_eq!(holders(&installation), ["file", "file"]);
    installation.service.stop();
    installation.set("CHANCERY_ROOT_KEY_ALSO", "");
    installation.set("CHANCERY_ROOT_KEY_PROVIDER", "file");
    installation.restart();
    everything_opens(&client.at(&installation.service), &template, &urls);
    let verified = installation.command(&["audit", "verify"]);
    assert!(verified.starts_with("entries\t"), "{verified}");
}

#[test]
fn p4_3_a_key_in_a_security_module_cannot_be_read_and_its_pin_stands_in_no_log() {
    let module = SecurityModule::new();
    let mut installation = Installation::new(module.environment());
    installation.set("CHANCERY_ROOT_KEY_PROVIDER", "pkcs11");
    installation.restart();
    let (id, client) = installation.workspace("Kept");
    make_template(&client, &small_template());
    let label = format!("chancery-{id}");
    assert!(module.key_names().contains(&label));

    let listed = module.tool(&["--list-objects", "--type", "secrkey", "--label", &label]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    for word in ["sensitive", "always sensitive", "never extractable", "local"] {
        assert!(listed.contains(word), "the key is not {word}: {listed}");
    }
    let read = module.tool(&["--read-object", "--type", "secrkey", "--label", &label]);
    let told = String::from_utf8_lossy(&read.stderr).into_owned();
    assert!(!read.status.success() && read.stdout.is_empty(), "the key was read: {told}");
    assert!(told.contains("CKR_ATTRIBUTE_SENSITIVE"), "{told}");

    // No root key lies anywhere, and nobody says the PIN.
    assert!(!installation.service.data_folder().join("root.key").exists());
    assert!(!installation.service.log().contains("12345678"));
    installation.service.stop();
    installation.set("CHANCERY_ROOT_KEY_PKCS11_TOKEN", "another");
    let told = installation.refused(&["keys", "list"]);
    assert_eq!(
        told,
        "chancery: cannot use the root key of `pkcs11`: the security module does not do its part: there is no token with the label `another`"
    );
}

/// The longest time in which a request must be answered when a key service hangs.
const ANSWER_S: u64 = 25;

#[test]
fn p4_3_a_key_service_that_is_away_or_hangs_stops_nothing_that_is_open_and_delays_nothing_for_long() {
    let engine = TransitDouble::start();
    let mut installation = Installation::new(engine.environment());
    installation.set("CHANCERY_ROOT_KEY_PROVIDER", "transit");
    installation.restart();
    let (_, open) = installation.workspace("Open");
    let template = make_template(&open, &small_template());
    let url = create(&open, &template, 1).unwrap();
    let (_, closed) = installation.workspace("Closed");
    let other = make_template(&closed, &small_template());
    installation.service.stop();
    installation.restart();
    let (open, closed) = (open.at(&installation.service), closed.at(&installation.service));
    // Keys are remembered from when the service hears of changes: then a request does not ask for them again.
    for attempt in 0.. {
        let before = engine.answers();
        assert_eq!(opens(&open, &url), Ok(()));
        if engine.answers() == before {
            break;
        }
        assert!(attempt < 1_000, "the keys are not remembered");
    }

    for behaviour in [Behaviour::IsAway, Behaviour::Hangs] {
        engine.behave(behaviour);
        assert_eq!(opens(&open, &url), Ok(()), "an opened workspace goes on");
        assert!(create(&open, &template, 2).is_ok(), "an opened workspace goes on");
        let asked = Instant::now();
        let answer = closed.get(&format!("/v1/get-template?template_id={other}"));
        assert_eq!((answer.status, answer.json()["code"].as_str()), (503, Some("unavailable")), "{}", answer.text());
        assert!(asked.elapsed().as_secs() < ANSWER_S, "it hung for {:?}", asked.elapsed());
        let told = installation.refused(&["keys", "list"]);
        assert!(
            told.starts_with("chancery: cannot use the root key of `transit`: the transit engine does not do its part"),
            "{told}"
        );
    }
    engine.behave(Behaviour::Answers);
    let answer = closed.get(&format!("/v1/get-template?template_id={other}"));
    assert_eq!(answer.status, 200, "it is found again by itself: {}", answer.text());
    assert!(!installation.service.log().contains("hvs."), "a token stands in the log");
}

#[test]
fn p4_3_a_lost_root_key_comes_back_from_shares_and_a_wrong_one_is_named() {
    let mut installation = Installation::new(Vec::new());
    installation.restart();
    let (_, client) = installation.workspace("Shared");
    let template = make_template(&client, &small_template());
    let url = create(&client, &template, 1).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let split = |name: &str| {
        let shares = folder.path().join(name);
        std::fs::create_dir(&shares).unwrap();
        let mut arguments = vec!["keys", "ceremony", "split", "--threshold", "3"];
        for custodian in ["alice", "bob", "carol", "dave", "erin"] {
            arguments.extend(["--custodian", custodian]);
        }
        let path = shares.display().to_string();
        installation.command(&[arguments.as_slice(), &["--folder", &path]].concat());
        let mut files: Vec<String> =
            std::fs::read_dir(shares).unwrap().map(|entry| entry.unwrap().path().display().to_string()).collect();
        files.sort();
        files
    };
    let (shares, other) = (split("one"), split("other"));
    assert_eq!(shares.len(), 5);
    let verified = installation.command(&["keys", "ceremony", "verify", &shares[0], &shares[3]]);
    assert_eq!(verified.lines().count(), 2);
    assert!(installation.command(&["audit", "export"]).contains("root_key.split"));

    installation.service.stop();
    let file = installation.service.data_folder().join("root.key");
    let combine = |shares: &[&String]| {
        let shares: Vec<&str> = shares.iter().map(|share| share.as_str()).collect();
        [&["keys", "ceremony", "combine"], shares.as_slice()]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let words = |arguments: &[String]| installation.refused(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(words(&combine(&[&shares[0], &shares[1], &shares[2]])).contains("is there already"));
    let lost = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(words(&combine(&[&shares[0], &shares[1]])).contains("the share number 3 of 3 is missing"));
    assert!(
        words(&combine(&[&shares[0], &shares[4], &other[1]]))
            .contains("the share number 2 of `bob` is of another ceremony")
    );
    let damaged = folder.path().join("damaged").display().to_string();
    let text = std::fs::read_to_string(&shares[2]).unwrap();
    std::fs::write(&damaged, text.replace("\nshare: a", "\nshare: b")).unwrap();
    let told = words(&combine(&[&shares[0], &shares[1], &damaged]));
    assert!(told.contains(&damaged) && told.contains("a letter of it is wrong"), "{told}");
    assert!(!file.exists(), "nothing was written");

    let good = combine(&[&shares[4], &shares[1], &shares[3]]);
    installation.command(&good.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(std::fs::read(&file).unwrap(), lost);
    installation.restart();
    assert_eq!(opens(&client.at(&installation.service), &url), Ok(()));
}
