//! Promise 12.5: logs cannot be changed unseen, and show what each person did.

use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_tests::Service;
use sha2::{Digest as _, Sha256};

use crate::{make_template, small_template};

/// A service with twelve entries under two checkpoints, which are also kept outside.
pub(crate) struct Ledger {
    pub(crate) service: Service,
    pub(crate) outside: tempfile::TempDir,
    workspace: String,
}

impl Ledger {
    pub(crate) fn with_twelve_entries() -> Self {
        let mut service = Service::prepared();
        // The test itself says when checkpoints are made.
        service.restart(&[("CHANCERY_AUDIT_INTERVAL_S", "86400")]);
        let (workspace, client) = service.workspace("Northwind");
        let ledger = Self { service, outside: tempfile::tempdir().unwrap(), workspace };
        for count in [3, 7] {
            for _ in 0..count {
                make_template(&client, &small_template());
            }
            ledger.export();
        }
        std::fs::write(ledger.key(), ledger.said(&["audit", "key"])).unwrap();
        ledger.superuser("create schema saved; create table saved.audit_events as table audit_events;
            create table saved.ledger_entries as table ledger_entries; create table saved.ledger_nodes as table ledger_nodes;
            create table saved.ledger_checkpoints as table ledger_checkpoints; create table saved.ledger_queue as table ledger_queue");
        ledger
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.outside.path().join("ledger.pub")
    }

    pub(crate) fn checkpoints(&self) -> PathBuf {
        self.outside.path().join("checkpoints")
    }

    /// Runs a command; gives its output, or the message with which it refused with exit code 1.
    fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let output = Command::new(chancery_tests::binary())
            .args(arguments)
            .env("CHANCERY_DATA_FOLDER", self.service.data_folder())
            .env("CHANCERY_AUDIT_CHECKPOINT_FILE", self.checkpoints())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        match output.status.code() {
            Some(0) => Ok(text(&output.stdout)),
            Some(1) => Err(text(&output.stderr)),
            code => panic!("{arguments:?} ended with {code:?}: {}", text(&output.stderr)),
        }
    }

    fn said(&self, arguments: &[&str]) -> String {
        self.run(arguments).unwrap()
    }

    /// Numbers what waits, and gives the lines of all entries.
    fn export(&self) -> Vec<String> {
        let export = self.said(&["audit", "export"]);
        export.lines().filter(|line| line.starts_with("entry ")).map(str::to_owned).collect()
    }

    /// Verifies the database with nothing but the public key.
    pub(crate) fn verify(&self) -> Result<String, String> {
        self.run(&["audit", "verify", "--alone", "--key", self.key().to_str().unwrap()])
    }

    /// Verifies the database also against the checkpoints in the places.
    fn verify_with_checkpoints(&self) -> Result<String, String> {
        self.run(&["audit", "verify", "--key", self.key().to_str().unwrap()])
    }

    /// Does anything to the database, with all its triggers off.
    pub(crate) fn superuser(&self, sql: &str) {
        self.service.superuser(sql);
    }

    /// Asks the database for one value.
    pub(crate) fn asked(&self, sql: &str) -> String {
        self.service.asked(sql)
    }

    /// Puts everything back as it was.
    fn restore(&self) {
        for table in ["audit_events", "ledger_entries", "ledger_nodes", "ledger_checkpoints", "ledger_queue"] {
            self.superuser(&format!("truncate {table}; insert into {table} select * from saved.{table}"));
        }
    }

    /// What verifying says after this was done to the database, which is put back then.
    fn attacked(&self, sql: &str) -> String {
        self.superuser(sql);
        let said = self.verify().expect_err(sql);
        self.restore();
        said
    }
}

/// When an entry was made, as messages show it: the fifth word of its line.
fn time_of(entries: &[String], number: usize) -> String {
    let millis: u64 = entries[number].split(' ').nth(4).unwrap().parse().unwrap();
    let output =
        Command::new("date").args(["-u", "-d", &format!("@{}", millis / 1000), "+%Y-%m-%dT%H:%M:%S"]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// The id of the entry with a number that is compared after it.
const EVENT: &str = "select event_id from ledger_entries where number";

#[test]
fn p12_5_whatever_a_superuser_changes_drops_reorders_or_cuts_off_is_named_with_its_time() {
    let ledger = Ledger::with_twelve_entries();
    let entries = ledger.export();
    assert_eq!(entries.len(), 12);
    let right = ledger.verify_with_checkpoints().unwrap();
    assert_eq!(
        right.lines().take(5).collect::<Vec<_>>(),
        ["entries\t12", "bodies\t12", "erased\t0", "checkpoints\t2", "kept elsewhere\t2"]
    );

    let names = |said: &str, number: usize, at: usize, fault: &str| {
        let start = format!("chancery: the ledger is not right: entry {number} of {}", time_of(&entries, at));
        assert!(said.starts_with(&start) && said.contains(fault), "{start} … {fault}\nsaid: {said}");
    };
    let changed = "the entry was changed after it was written";
    names(
        &ledger.attacked(&format!("update audit_events set action = 'template.delete' where id = ({EVENT} = 7)")),
        7,
        7,
        changed,
    );
    names(
        &ledger.attacked(&format!("update audit_events set at = at - interval '1 day' where id = ({EVENT} = 7)")),
        7,
        7,
        changed,
    );
    names(
        &ledger.attacked(&format!(
            "update audit_events set actor_kind = 'system', actor_id = null where id = ({EVENT} = 7)"
        )),
        7,
        7,
        changed,
    );
    names(&ledger.attacked("update ledger_entries set leaf = sha256('x') where number = 7"), 7, 7, changed);
    names(
        &ledger.attacked(&format!("update audit_events set body_sealed = 'x' where id = ({EVENT} = 7)")),
        7,
        7,
        "the entry's body was changed",
    );
    names(
        &ledger.attacked(&format!("delete from audit_events where id = ({EVENT} = 7)")),
        7,
        7,
        "the entry was deleted",
    );
    names(
        &ledger.attacked(&format!(
            "delete from audit_events where id = ({EVENT} = 7); delete from ledger_entries where number = 7"
        )),
        7,
        6,
        "the entry is missing: number 8 follows",
    );
    names(
        &ledger.attacked(
            "update ledger_entries set number = number + 100 where number in (7, 8);
            update ledger_entries set number = case number when 107 then 8 else 7 end where number > 100",
        ),
        7,
        8,
        changed,
    );
    names(
        &ledger.attacked("delete from ledger_entries where number >= 9"),
        9,
        8,
        "the ledger was cut off here: a checkpoint promises 12 entries",
    );
    // Whoever also forges the hash of the entry is found by the signed root, between two checkpoints.
    let text = entries[7].splitn(3, ' ').nth(2).unwrap().replace("template.create", "template.delete");
    let leaf = STANDARD.encode(Sha256::digest([b"\0", text.as_bytes()].concat()));
    names(
        &ledger.attacked(&format!(
            "update audit_events set action = 'template.delete' where id = ({EVENT} = 7);
            update ledger_entries set leaf = decode('{leaf}', 'base64') where number = 7"
        )),
        5,
        5,
        "an entry from here up to number 11 was changed together with its hash",
    );
    // What never came through the ledger, or never arrived there.
    let written = ledger.attacked("insert into audit_events select workspace_id, gen_random_uuid(), at, actor_kind, actor_id, action, target_kind, target_id, null from audit_events limit 1");
    assert!(written.contains("was written past the ledger"), "{written}");
    let vanished =
        ledger.attacked(&format!("insert into ledger_queue values ('{}', gen_random_uuid())", ledger.workspace));
    assert!(vanished.contains("was deleted before it got its number"), "{vanished}");

    // Cut off with everything that tells: only what was kept outside knows, and nothing more is appended there.
    ledger.superuser(&cut_off(9));
    assert!(ledger.verify().unwrap_err().contains("no checkpoint covers the entries"));
    ledger.superuser(&cut_off(5));
    assert!(ledger.verify().is_ok(), "inside of the database nothing is left that tells");
    names(
        &ledger.verify_with_checkpoints().unwrap_err(),
        5,
        4,
        "the ledger was cut off here: a checkpoint promises 12 entries",
    );
    let refused = ledger.run(&["audit", "export"]).unwrap_err();
    assert!(refused.contains("promises 12 entries"), "{refused}");
    ledger.restore();
    ledger.verify_with_checkpoints().unwrap();
}

/// Removes all entries from a number on with every trace of them.
pub(crate) fn cut_off(from: u64) -> String {
    format!(
        "delete from audit_events where id in ({EVENT} >= {from}); delete from ledger_entries where number >= {from};
         delete from ledger_nodes where (index + 1) << level > {from}; delete from ledger_checkpoints where size > {from}"
    )
}

#[test]
fn p12_5_a_forked_ledger_is_shown_by_two_signed_checkpoints() {
    let ledger = Ledger::with_twelve_entries();
    let kept = ledger.outside.path().join("kept");
    std::fs::rename(ledger.checkpoints(), &kept).unwrap();
    // Back to the first checkpoint, and on with another history of the same length.
    ledger.superuser(&cut_off(5));
    for _ in 0..7 {
        let _ = ledger.service.command(&["key", "create", "--workspace", &ledger.workspace, "--name", "fork"]);
    }
    assert_eq!(ledger.export().len(), 12);
    assert!(ledger.verify().is_ok(), "each history alone is right");
    let (key, kept) = (ledger.key(), kept.to_str().unwrap().to_owned());
    let arguments = ["audit", "verify", "--alone", "--key", key.to_str().unwrap(), "--checkpoints", &kept];
    let said = ledger.run(&arguments).unwrap_err();
    assert!(
        said.contains("the ledger was forked: two checkpoints of 12 entries are signed, with the roots "),
        "{said}"
    );
    let roots: Vec<&str> = said.rsplit("roots ").next().unwrap().split(" and ").collect();
    assert!(roots.len() == 2 && roots[0] != roots[1], "{said}");
}

#[test]
fn p12_5_an_export_and_a_proof_verify_without_a_database_and_acts_are_found_by_who_did_them() {
    let ledger = Ledger::with_twelve_entries();
    let search = |more: &[&str]| {
        let said = ledger.said(&[&["audit", "search", "--workspace", "Northwind"], more].concat());
        said.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let created = search(&["--action", "template.create"]);
    assert_eq!((search(&[]).len(), created.len()), (12, 10));
    let (id, actor) = (&created[0][0], &created[0][3]);
    assert_eq!(search(&["--actor", actor]).len(), 10);
    assert_eq!(search(&["--target", &created[0][6]]).len(), 1);
    assert_eq!(search(&["--until", "2026-01-01T00:00:00Z"]).len(), 0);

    let write = |name: &str, text: &str| {
        let path = ledger.outside.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let key = ledger.key();
    let offline = |kind: &str, path: &str| {
        let nowhere = ledger.outside.path().join("nowhere");
        let output = Command::new(chancery_tests::binary())
            .args(["audit", "verify", "--key", key.to_str().unwrap(), kind, path])
            .env("CHANCERY_DATA_FOLDER", &nowhere)
            .output()
            .unwrap();
        assert!(!nowhere.exists(), "nothing is opened or made");
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let proof = ledger.said(&["audit", "prove", id]) + "\n";
    let (code, said) = offline("--proof", &write("proof", &proof));
    assert!(code == Some(0) && said.contains(id.as_str()), "{said}");
    let (code, said) = offline("--proof", &write("false", &proof.replacen("index 1", "index 2", 1)));
    assert!(code == Some(1), "{said}");
    let export = ledger.said(&["audit", "export"]) + "\n";
    let (code, said) = offline("--export", &write("export", &export));
    assert!(code == Some(0) && said.starts_with("entries\t12\n"), "{said}");
    let (code, said) =
        offline("--export", &write("changed", &export.replacen("template.create", "template.delete", 1)));
    assert!(code == Some(1) && said.contains("entry 2 of "), "{said}");
    assert_eq!(export.lines().count(), 1 + 12 + 12 + 2);

    // Whoever opens what is sealed of acts is in the ledger, too.
    assert_eq!(search(&["--action", "audit.read"]).len(), 0);
    assert_eq!(search(&["--details", "--limit", "3"]).len(), 3);
    let read = search(&["--action", "audit.read"]);
    assert_eq!((read.len(), read[0][2].as_str()), (1, "operator"));
}
