//! Promise 9.4: retention policies, per workspace and kind of data; and promise 8.4 where it leaves receipts.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use chancery_tests::{Client, Service, binary};
use serde_json::json;

use crate::{create, make_template, object_count, small_template};

/// The clock of a process, moved by so many days.
pub(crate) fn moved(days: u32) -> [(&'static str, String); 3] {
    [
        ("LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1".to_owned()),
        ("FAKETIME", format!("+{days}d")),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ]
}

/// Runs a command on a service's data folder.
pub(crate) fn run(service: &Service, arguments: &[&str], environment: &[(&str, String)]) -> Output {
    Command::new(binary())
        .args(arguments)
        .env("CHANCERY_DATA_FOLDER", service.data_folder())
        .envs(environment.iter().map(|(name, value)| (*name, value.as_str())))
        .output()
        .unwrap()
}

/// What a command that must succeed says.
pub(crate) fn said(service: &Service, arguments: &[&str], environment: &[(&str, String)]) -> String {
    let output = run(service, arguments, environment);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Asks the database as its superuser.
pub(crate) fn superuser(service: &Service, sql: &str) -> String {
    let folder = socket_folder(&service.data_folder());
    let output = Command::new("psql")
        .args(["-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "chancery_bootstrap", "-h"])
        .arg(&folder)
        .args(["-c", &format!("set search_path = chancery; {sql}"), "chancery"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn socket_folder(data: &Path) -> PathBuf {
    let mut folders = vec![data.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            if entry.file_name() == ".s.PGSQL.5432" {
                return folder;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            }
        }
    }
    panic!("the cluster has no socket below {}", data.display());
}

fn create_many(client: &Client, template: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| {
            let answer = create(client, template, &json!({ "name": "A", "text": number.to_string() }));
            answer["transaction_ref"].as_str().unwrap().to_owned()
        })
        .collect()
}

/// The count that a purge gives for a kind.
fn count_of(said: &str, kind: &str) -> u64 {
    let line = said.lines().find_map(|line| line.strip_prefix(kind)?.strip_prefix('\t'));
    line.map_or(0, |count| count.parse().unwrap())
}

/// What a preview says of a kind, whatever its class: rows and rows held.
fn previewed(said: &str, kind: &str) -> (u64, u64) {
    let lines: Vec<Vec<&str>> =
        said.lines().map(|line| line.split('\t').collect()).filter(|cells: &Vec<&str>| cells[0] == kind).collect();
    assert_eq!(lines.len(), 4, "one line a class: {said}");
    let sum = |place: usize| lines.iter().map(|cells| cells[place].parse::<u64>().unwrap()).sum();
    (sum(3), sum(5))
}

const NONE: [(&str, String); 0] = [];

#[test]
fn p9_4_each_kind_is_purged_when_its_policy_says_and_not_before_and_the_ledger_stays_whole() {
    let mut service = Service::start();
    let (workspace, client) = service.workspace("Retention");
    let of = ["--workspace", workspace.as_str()];
    for (kind, days) in [
        ("requests", "30"),
        ("template_versions", "20"),
        ("transactions", "40"),
        ("audit_bodies", "90"),
        ("pseudonyms", "50"),
        ("api_keys", "60"),
    ] {
        said(&service, &[&["retention", "set", kind, days][..], &of].concat(), &NONE);
    }

    let template = make_template(&client, &small_template());
    let changed =
        client.post("/v1/update-template", &json!({ "template_id": template, "body": small_template(), "version": 1 }));
    assert_eq!(changed.status, 200, "{}", changed.text());
    create_many(&client, &template, 3);
    let key = said(&service, &[&["key", "list"][..], &of].concat(), &NONE);
    let key = key.split('\t').next().unwrap();
    // What waits in memory, such as the pseudonym of the caller's address, is written at the end.
    service.stop();
    service.restart(&[]);
    let command = |arguments: &[&str], environment: &[(&str, String)]| {
        said(&service, &[arguments, &of[..]].concat(), environment)
    };
    command(&["key", "revoke", key], &NONE);
    let exported = command(&["usage", "export"], &NONE);
    assert_eq!(exported.lines().count(), 3);

    // Day by day: what is over, and nothing else. Times are those of the policies.
    for (days, expected) in [
        (1, vec![("documents", 3)]),
        (19, vec![]),
        (21, vec![("template_versions", 1)]),
        (31, vec![("requests", 3)]),
        (41, vec![("transactions", 3)]),
        (51, vec![("pseudonyms", 2)]),
        (61, vec![("api_keys", 1)]),
        (89, vec![]),
    ] {
        let preview = command(&["retention", "preview"], &moved(days));
        for (kind, count) in &expected {
            assert_eq!(previewed(&preview, kind), (*count, 0), "{kind} before the purge of day {days}:\n{preview}");
        }
        let purged = said(&service, &["purge"], &moved(days));
        for kind in
            ["documents", "template_versions", "requests", "transactions", "audit_bodies", "pseudonyms", "api_keys"]
        {
            let count = expected.iter().find(|(known, _)| *known == kind).map_or(0, |(_, count)| *count);
            assert_eq!(count_of(&purged, kind), count, "{kind} on day {days}:\n{purged}");
        }
    }
    let purged = said(&service, &["purge"], &moved(91));
    assert!(count_of(&purged, "audit_bodies") >= 6, "{purged}");
    assert_eq!(object_count(&service), 0);

    // Nothing of it is left, and what must stay is there.
    for table in ["documents", "transactions", "document_requests", "api_keys", "chancery_allocation.pseudonyms"] {
        assert_eq!(superuser(&service, &format!("select count(*) from {table}")), "0", "{table}");
    }
    assert_eq!(superuser(&service, "select count(*) from template_versions"), "1");
    let left = superuser(
        &service,
        "select count(*) from audit_events where body_sealed is not null and action not like 'purge.%' and at < now() + interval '1 day' and not exists (select from templates t where t.id = target_id)",
    );
    assert_eq!(left, "0", "bodies are erased");
    let verified = service.command(&["audit", "verify"]);
    assert!(verified.starts_with("entries\t") && count_of(&verified, "erased") >= 6, "{verified}");
}

#[test]
fn p9_4_documents_and_their_requests_follow_the_policy_of_their_own_class() {
    let service = Service::start();
    let (workspace, client) = service.workspace("Classes");
    let of = ["--workspace", workspace.as_str()];
    for (kind, class, days) in
        [("requests", "confidential", "5"), ("requests", "internal", "9"), ("documents", "confidential", "1")]
    {
        said(&service, &[&["retention", "set", kind, days, "--class", class][..], &of].concat(), &NONE);
    }
    let create_for_days = |class: &str| {
        let mut template = small_template();
        template["output"] = json!({ "class": class });
        let template = make_template(&client, &template);
        let request =
            json!({ "template_id": template, "data": { "name": "A", "text": "B" }, "expiration": 60 * 24 * 3 });
        let made = client.post("/v1/create", &request);
        assert_eq!(made.status, 200, "{}", made.text());
    };
    create_for_days("internal");
    create_for_days("confidential");
    for (days, kind, expected) in [
        (0, "documents", [0, 0]),
        (2, "documents", [0, 1]),
        (2, "requests", [0, 0]),
        (6, "requests", [0, 1]),
        (10, "requests", [1, 1]),
    ] {
        let preview = said(&service, &[&["retention", "preview"][..], &of].concat(), &moved(days));
        let due = ["internal", "confidential"].map(|class| {
            let line = preview.lines().find_map(|line| line.strip_prefix(&format!("{kind}\t{class}\t")));
            line.unwrap().split('\t').nth(1).unwrap().parse::<u64>().unwrap()
        });
        assert_eq!(due, expected, "{kind} after {days} days:\n{preview}");
    }
    assert_eq!(count_of(&said(&service, &["purge"], &moved(2)), "documents"), 1);
    assert_eq!(object_count(&service), 1);
    assert_eq!(superuser(&service, "select class from documents where state = 'live'"), "internal");
}

#[test]
fn p9_4_a_policy_is_held_within_its_limits_previewed_audited_and_applies_to_what_is_there() {
    let service = Service::start();
    let (workspace, client) = service.workspace("Policies");
    let of = ["--workspace", workspace.as_str()];
    let refused = run(&service, &[&["retention", "set", "audit_bodies", "10"][..], &of].concat(), &NONE);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("`days` must be from 90 to 3650"));
    let answer = client.send("PUT", "/api/retention/transactions", &[], br#"{"days":"forever"}"#).unwrap();
    assert_eq!((answer.status, answer.json()["code"].as_str()), (400, Some("invalid-field")), "{}", answer.text());

    let template = make_template(&client, &small_template());
    create_many(&client, &template, 2);
    let preview = said(&service, &[&["retention", "preview", "transactions", "30"][..], &of].concat(), &moved(31));
    assert_eq!(previewed(&preview, "transactions"), (2, 0));
    let unchanged = said(&service, &[&["retention", "preview"][..], &of].concat(), &moved(31));
    assert_eq!(previewed(&unchanged, "transactions"), (0, 0), "a preview changes nothing");
    let set = client.send("PUT", "/api/retention/transactions", &[], br#"{"days":30,"class":"internal"}"#).unwrap();
    assert_eq!(set.status, 204, "{}", set.text());
    let listed = client.get("/api/retention").json();
    let days: Vec<_> = listed["policies"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|policy| policy["kind"] == "transactions")
        .map(|policy| (policy["class"].as_str().unwrap().to_owned(), policy["days"].as_u64().unwrap()))
        .collect();
    assert!(days.contains(&("internal".to_owned(), 30)) && days.contains(&("public".to_owned(), 1100)), "{days:?}");
    let acts = said(&service, &[&["audit", "search", "--action", "retention.set"][..], &of].concat(), &NONE);
    assert_eq!(acts.lines().count(), 1, "the refused change is none: {acts}");
    assert_eq!(count_of(&said(&service, &["purge"], &moved(31)), "transactions"), 2, "what was there follows it");
}

#[test]
fn p9_4_what_is_under_a_legal_hold_is_neither_purged_nor_deleted_until_it_is_released() {
    let service = Service::start();
    let (workspace, client) = service.workspace("Holds");
    let of = ["--workspace", workspace.as_str()];
    let (held, free) = (make_template(&client, &small_template()), make_template(&client, &small_template()));
    let documents = [create_many(&client, &held, 2), create_many(&client, &free, 2)].concat();
    let placed = client.post("/api/holds", &json!({ "template_id": held, "reason": "litigation 4711" }));
    assert_eq!(placed.status, 201, "{}", placed.text());
    let hold = placed.json()["id"].as_str().unwrap().to_owned();
    let unknown = client.post("/api/holds", &json!({ "document_id": workspace, "reason": "litigation" }));
    assert_eq!(unknown.status, 404, "{}", unknown.text());

    let refused = client.get(&format!("/v1/delete-template?template_id={held}"));
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(refused.json()["code"], "held");
    let refused = client.send("DELETE", &format!("/api/documents/{}", documents[0]), &[], b"").unwrap();
    assert_eq!((refused.status, refused.json()["code"].as_str()), (409, Some("held")), "{}", refused.text());

    let purged = said(&service, &["purge"], &moved(30));
    assert_eq!((count_of(&purged, "documents"), count_of(&purged, "held")), (2, 2), "{purged}");
    assert_eq!(object_count(&service), 2);
    let listed = said(&service, &[&["hold", "list"][..], &of].concat(), &NONE);
    assert!(listed.contains("litigation 4711"), "{listed}");
    assert!(!superuser(&service, "select encode(reason_sealed, 'escape') from legal_holds").contains("litigation"));

    let released = client.send("DELETE", &format!("/api/holds/{hold}?reason=settled"), &[], b"").unwrap();
    assert_eq!(released.status, 204, "{}", released.text());
    let acts = said(&service, &[&["audit", "search"][..], &of].concat(), &NONE);
    assert!(acts.contains("\thold.place\t") && acts.contains("\thold.release\t"), "{acts}");
    assert_eq!(count_of(&said(&service, &["purge"], &moved(30)), "documents"), 2);
    assert_eq!(object_count(&service), 0);
}

#[test]
fn p8_4_a_purge_and_a_deletion_leave_receipts_that_verify_without_a_database() {
    let service = Service::start();
    let (workspace, client) = service.workspace("Receipts");
    let of = ["--workspace", workspace.as_str()];
    let outside = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = outside.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let key = file("ledger.pub", &service.command(&["audit", "key"]));
    let template = make_template(&client, &small_template());
    let documents = create_many(&client, &template, 3);
    let keys_before = superuser(&service, "select encode(substring(key_wrapped from 10 for 8), 'hex') from documents");

    let deleted = client.send("DELETE", &format!("/api/documents/{}", documents[0]), &[], b"").unwrap();
    assert_eq!(deleted.status, 200, "{}", deleted.text());
    let run_of_deletion = deleted.json()["run"].as_str().unwrap().to_owned();
    assert_eq!(object_count(&service), 2);
    let deletion = client.get(&format!("/api/receipts/{run_of_deletion}"));
    assert_eq!(deletion.status, 200, "{}", deletion.text());
    let deletion = file("deletion", &deletion.text());
    let _ = said(&service, &["purge"], &moved(8));
    let runs = said(&service, &[&["purge", "receipts"][..], &of].concat(), &NONE);
    assert_eq!(runs.lines().count(), 2, "{runs}");
    let run_of_purge = runs.lines().next().unwrap().split('\t').next().unwrap();
    let purge_text = said(&service, &[&["purge", "receipts", run_of_purge][..], &of].concat(), &NONE) + "\n";
    let again = said(&service, &[&["purge", "receipts", run_of_purge][..], &of].concat(), &NONE) + "\n";
    assert_eq!(purge_text, again, "one run, one receipt");
    let purge = file("purge", &purge_text);

    // No database, no data folder: only the file and the key.
    let verify = |receipt: &str, key: &str, id: Option<&str>| {
        let mut command = Command::new(binary());
        command.args(["receipt", "verify", receipt, "--key", key]).stdin(Stdio::null());
        if let Some(id) = id {
            command.args(["--id", id]);
        }
        let output = command.current_dir(outside.path()).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, told) = verify(&deletion, &key, Some(&documents[0]));
    assert_eq!(code, Some(0));
    assert!(told.contains("destroyed\tdocuments\tinternal\t1\t"), "{told}");
    let (code, told) = verify(&purge, &key, Some(&documents[1]));
    assert!(code == Some(0) && told.contains("destroyed\tdocuments\tinternal\t2\t"), "{told}");
    let destroyed = std::fs::read_to_string(&purge).unwrap() + &std::fs::read_to_string(&deletion).unwrap();
    for id in keys_before.lines() {
        assert!(destroyed.contains(id), "the data key {id} is named");
    }
    assert_eq!(verify(&purge, &key, Some(&documents[0])).0, Some(1), "it does not cover what it did not destroy");
    let event = told.lines().find_map(|line| line.strip_prefix("event\t")).unwrap();
    assert!(service.command(&["audit", "prove", event]).contains("c2sp.org/tlog-proof"));

    // Whatever is changed in it is noticed.
    let text = std::fs::read_to_string(&purge).unwrap();
    for (from, to) in
        [("\"count\":2", "\"count\":3"), ("chancery-receipt/1", "chancery-receipt/2"), (&documents[1], &documents[0])]
    {
        assert!(text.contains(from), "{text}");
        let forged = file("forged", &text.replace(from, to));
        assert_eq!(verify(&forged, &key, None).0, Some(1), "{from}");
    }
    let other = Service::start();
    let foreign = file("foreign.pub", &other.command(&["audit", "key"]));
    assert_eq!(verify(&purge, &foreign, None).0, Some(1), "another ledger's key");

    // A record that somebody changed in the database gives no receipt.
    superuser(&service, "set session_replication_role = replica; update purge_batches set bytes = bytes + 1");
    let refused = run(&service, &[&["purge", "receipts", run_of_purge][..], &of].concat(), &NONE);
    assert_eq!(refused.status.code(), Some(3), "{}", String::from_utf8_lossy(&refused.stderr));
}

#[test]
fn p8_4_a_purge_that_is_killed_at_any_moment_goes_on_and_counts_everything_once() {
    let service = Service::start();
    let (workspace, client) = service.workspace("Killed");
    let of = ["--workspace", workspace.as_str()];
    said(&service, &[&["retention", "set", "transactions", "30"][..], &of].concat(), &NONE);
    let template = make_template(&client, &small_template());
    let documents = create_many(&client, &template, 30);
    // Enough rows for several batches.
    superuser(
        &service,
        &format!(
            "insert into transactions (workspace_id, id, kind, export, status, size_bytes, pages, created_at)
             select '{workspace}', (lpad(to_hex(to_millis(now())), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
                    'pdf', 'file', 'done', 1, 1, now() from generate_series(1, 3000) n"
        ),
    );
    for after_ms in [150, 300, 450, 600] {
        let mut purge = Command::new(binary())
            .arg("purge")
            .env("CHANCERY_DATA_FOLDER", service.data_folder())
            .envs(moved(31))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (_sender, nothing) = std::sync::mpsc::channel::<()>();
        let _ = nothing.recv_timeout(std::time::Duration::from_millis(after_ms));
        let _ = purge.kill();
        let _ = purge.wait();
    }
    let _ = said(&service, &["purge"], &moved(31));
    // Runs that were killed are ended by a later one, and every row is in exactly one receipt.
    let _ = said(&service, &["purge"], &moved(33));
    assert_eq!(object_count(&service), 0);
    assert_eq!(superuser(&service, "select count(*) from documents"), "0");
    assert_eq!(superuser(&service, "select count(*) from transactions"), "0");
    assert_eq!(superuser(&service, "select count(*) from purge_runs where finished_at is null"), "0");
    for (kind, expected) in [("documents", 30), ("transactions", 3030)] {
        let noted = superuser(
            &service,
            &format!(
                "select count(id) || ' ' || count(distinct id) from (select unnest(ids) as id from purge_batches where kind = '{kind}') n"
            ),
        );
        assert_eq!(noted, format!("{expected} {expected}"), "{kind}");
    }
    let runs = said(&service, &[&["purge", "receipts"][..], &of].concat(), &NONE);
    let mut receipts = String::new();
    for run in runs.lines().filter_map(|line| line.split('\t').next()) {
        receipts += &said(&service, &[&["purge", "receipts", run][..], &of].concat(), &NONE);
    }
    for document in documents {
        // A use has the id of the document that it made: once it is told as the one, once as the other.
        assert_eq!(receipts.matches(&document).count(), 2, "{document}");
    }
    assert!(service.command(&["audit", "verify"]).starts_with("entries\t"));
}
