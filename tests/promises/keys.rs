//! Promise 4.3: keys are replaced while the service works, nothing is lost, and the old ones are gone.

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use chancery_tests::{Client, Service, binary};
use serde_json::json;

use crate::{make_template, small_template};

/// An old key stays open for as long as a request may take: short renders make for a short test.
const ENVIRONMENT: [(&str, &str); 1] = [("CHANCERY_RENDER_TIMEOUT_MS", "5000")];

/// Callers at once, and requests a second that they aim at together.
const CALLER_COUNT: usize = 8;
const REQUESTS_PER_S: f64 = 200.0;

/// Fewer requests than these while a key is replaced prove nothing; moving a root key takes less time.
const REQUEST_COUNT_MIN: usize = 100;

/// Milliseconds after which a rotation is killed: before, in and after each of its steps.
const KILL_AFTER_MS: [u64; 6] = [150, 900, 2_300, 2_800, 3_500, 6_000];

fn started() -> Service {
    let mut service = Service::prepared();
    service.restart(&ENVIRONMENT);
    service
}

fn keys_command(service: &Service, arguments: &[&str]) -> Child {
    Command::new(binary())
        .arg("keys")
        .args(arguments)
        .env("CHANCERY_DATA_FOLDER", service.data_folder())
        .envs(ENVIRONMENT)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run_keys(service: &Service, arguments: &[&str]) -> String {
    let output = keys_command(service, arguments).wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "keys {arguments:?} failed: {told}\n{}", service.log());
    String::from_utf8(output.stdout).unwrap()
}

/// Key, state and root key of each key.
fn keys(service: &Service) -> Vec<[String; 3]> {
    let list = run_keys(service, &["list"]);
    list.lines()
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            [cells[1].to_owned(), cells[2].to_owned(), cells[3].to_owned()]
        })
        .collect()
}

pub(crate) fn create(client: &Client, template: &str, number: usize) -> Result<String, String> {
    let body = json!({ "template_id": template, "data": { "name": "A", "text": number }, "expiration": 600 });
    let headers = [("content-type", "application/json")];
    let answer = client.send("POST", "/v1/create", &headers, body.to_string().as_bytes());
    let answer = answer.map_err(|error| error.to_string())?;
    if answer.status == 200 { Ok(answer.json()["file"].as_str().unwrap().to_owned()) } else { Err(answer.text()) }
}

/// Whether a file opens; the URL may be of a service that was started again elsewhere.
pub(crate) fn opens(client: &Client, url: &str) -> Result<(), String> {
    let answer = client.send("GET", &url[url.find("/f/").unwrap()..], &[], b"").map_err(|error| error.to_string())?;
    let is_whole = answer.body.starts_with(b"%PDF") && answer.body.trim_ascii_end().ends_with(b"%%EOF");
    if answer.status == 200 && is_whole { Ok(()) } else { Err(format!("{}: {}", answer.status, answer.text())) }
}

/// Makes a template in a group, whose name is looked up by its blind index.
pub(crate) fn make_letter(client: &Client) -> String {
    let answer = client.post("/api/templates?group_name=Letters", &small_template());
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

pub(crate) fn everything_opens(client: &Client, template: &str, urls: &[String]) {
    for url in urls {
        assert_eq!(opens(client, url), Ok(()), "a file is lost");
    }
    let content = client.get(&format!("/v1/get-template?template_id={template}"));
    assert!(content.text().contains("Dear {{ data.name }}"), "{}", content.text());
    let listed = client.get("/v1/list-templates?group_name=Letters");
    assert!(listed.text().contains(template), "the group is not found: {}", listed.text());
    assert_eq!(client.get("/v1/get-account-info").status, 200);
}

pub(crate) fn wait(milliseconds: u64) {
    let (_sender, nothing) = mpsc::channel::<()>();
    let _ = nothing.recv_timeout(Duration::from_millis(milliseconds));
}

/// Does `work` while callers make, open and read, and gives the URLs of all files, the early ones first. No call may fail.
pub(crate) fn under_load(
    service: &Service,
    client: &Client,
    template: &str,
    early: Vec<String>,
    work: impl FnOnce(),
) -> Vec<String> {
    let (urls, failures) = (Mutex::new(early), Mutex::new(Vec::new()));
    let (is_over, request_count) = (AtomicBool::new(false), AtomicUsize::new(0));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for caller in 0..CALLER_COUNT {
            let (urls, failures) = (&urls, &failures);
            let (is_over, request_count) = (&is_over, &request_count);
            scope.spawn(move || {
                let mut round = caller;
                while !is_over.load(Ordering::Relaxed) {
                    let due = request_count.load(Ordering::Relaxed) as f64 / REQUESTS_PER_S;
                    if begun.elapsed().as_secs_f64() < due {
                        wait(2);
                        continue;
                    }
                    request_count.fetch_add(1, Ordering::Relaxed);
                    round += 1;
                    let result = match round % 4 {
                        0 => {
                            let answer = client.get(&format!("/v1/get-template?template_id={template}"));
                            if answer.status == 200 { Ok(()) } else { Err(answer.text()) }
                        }
                        1 => create(client, template, round).map(|url| urls.lock().unwrap().push(url)),
                        _ => {
                            let url = {
                                let urls = urls.lock().unwrap();
                                urls[round.wrapping_mul(7919) % urls.len()].clone()
                            };
                            opens(client, &url)
                        }
                    };
                    if let Err(failure) = result {
                        failures.lock().unwrap().push(failure);
                    }
                }
            });
        }
        // A failed assertion must end the callers, too.
        let rotated = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        wait(500);
        is_over.store(true, Ordering::Relaxed);
        assert!(rotated.is_ok());
    });
    let count = request_count.into_inner();
    let failures = failures.into_inner().unwrap();
    assert_eq!(failures, Vec::<String>::new(), "of {count} requests:\n{}", service.log());
    assert!(count >= REQUEST_COUNT_MIN, "only {count} requests");
    println!("{count} requests in {:.1} s, no failure", begun.elapsed().as_secs_f64());
    urls.into_inner().unwrap()
}

#[test]
fn p4_3_workspace_key_and_root_key_are_replaced_under_load_without_a_failure_and_the_old_ones_are_gone() {
    let mut service = started();
    let (_, client) = service.workspace("Rotation");
    let template = make_letter(&client);
    let early: Vec<String> = (0..20).map(|number| create(&client, &template, number).unwrap()).collect();
    let before = keys(&service);
    assert_eq!(before.len(), 1);
    let ledger_key = service.command(&["audit", "key"]);
    let root_file = service.data_folder().join("root.key");
    let old_root_file = std::fs::read(&root_file).unwrap();

    let urls = under_load(&service, &client, &template, early, || {
        run_keys(&service, &["rotate", "--workspace", "Rotation"]);
        run_keys(&service, &["rotate", "--root"]);
    });

    let after = keys(&service);
    assert_eq!(after.len(), 2);
    assert_eq!(after[0], [before[0][0].clone(), "destroyed".to_owned(), "-".to_owned()]);
    assert_eq!(after[1][1], "active");
    assert_ne!(after[1][2], before[0][2], "the root key is another");
    assert_ne!(std::fs::read(&root_file).unwrap(), old_root_file);
    assert!(!service.data_folder().join("root.key.next").exists());

    // What is stored opens without anything that was in memory.
    everything_opens(&client, &template, &urls);
    service.stop();
    service.restart(&ENVIRONMENT);
    everything_opens(&client.at(&service), &template, &urls);
    assert!(service.command(&["doctor"]).contains("ok\troot key"));

    // The ledger knows all of it, under the key that it had.
    assert_eq!(service.command(&["audit", "key"]), ledger_key);
    let verified = service.command(&["audit", "verify"]);
    assert!(verified.starts_with("entries\t"), "{verified}");
}

#[test]
fn p4_3_links_of_a_compromised_key_are_refused_and_what_it_sealed_is_still_there() {
    let service = started();
    let (_, client) = service.workspace("Compromised");
    let template = make_template(&client, &small_template());
    let old = create(&client, &template, 1).unwrap();
    assert_eq!(opens(&client, &old), Ok(()));
    run_keys(&service, &["rotate", "--workspace", "Compromised", "--compromised"]);
    assert_eq!(client.get(&old).status, 404);
    let content = client.get(&format!("/v1/get-template?template_id={template}"));
    assert!(content.text().contains("Dear {{ data.name }}"), "{}", content.text());
    let new = create(&client, &template, 2).unwrap();
    assert_eq!(opens(&client, &new), Ok(()));
    let states: Vec<String> = keys(&service).into_iter().map(|[_, state, _]| state).collect();
    assert_eq!(states, ["destroyed", "active"]);
}

/// The sealed objects as they lie in the folder, with their names.
fn objects(service: &Service) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    let files = service.stored_files().into_iter();
    files.filter(|(path, _)| path.components().any(|part| part.as_os_str() == "objects")).collect()
}

#[test]
fn p4_3_after_a_compromise_every_file_is_encrypted_anew_also_when_it_is_killed_in_between() {
    let service = started();
    let (_, client) = service.workspace("Exposed");
    let template = make_template(&client, &small_template());
    let urls: Vec<String> = (0..25).map(|number| create(&client, &template, number).unwrap()).collect();
    let before = objects(&service);
    assert_eq!(before.len(), 25);
    for after in [2_200, 2_600, 3_000] {
        let mut rotation = keys_command(&service, &["rotate", "--workspace", "Exposed", "--compromised"]);
        wait(after);
        let _ = rotation.kill();
        let _ = rotation.wait();
    }
    run_keys(&service, &["rewrap"]);
    let states: Vec<String> = keys(&service).into_iter().map(|[_, state, _]| state).collect();
    assert_eq!(states.iter().filter(|state| *state == "active").count(), 1);
    assert!(states.iter().all(|state| state == "active" || state == "destroyed"), "{states:?}");

    // Not one sealed byte is the same: the old data keys open nothing that is stored under a row.
    let after = objects(&service);
    let anew: Vec<&Vec<u8>> =
        after.iter().filter(|(name, _)| !before.contains_key(*name)).map(|(_, bytes)| bytes).collect();
    assert!(anew.len() >= 25, "{} of {} objects are new", anew.len(), after.len());
    assert!(before.values().all(|old| !anew.contains(&old)));
    // Each kill may leave one object that no row names, which the sweep removes.
    let left = before.keys().filter(|name| after.contains_key(*name)).count();
    assert!(left <= 3, "{left} old objects are still there");
    // Their links are refused, since a compromised key signed them; the files are there, and new links open them.
    for url in &urls {
        assert_eq!(client.get(&url[url.find("/f/").unwrap()..]).status, 404);
    }
    let new = create(&client, &template, 100).unwrap();
    assert_eq!(opens(&client, &new), Ok(()));
    let acts = service.command(&[
        "audit",
        "search",
        "--workspace",
        "Exposed",
        "--action",
        "document.reencrypt",
        "--limit",
        "1000",
    ]);
    assert!(acts.lines().count() >= 25, "{acts}");
}

#[test]
fn p4_3_a_rotation_that_is_killed_at_any_moment_goes_on_and_everything_opens() {
    let service = started();
    let (_, client) = service.workspace("Killed");
    let template = make_template(&client, &small_template());
    let mut urls: Vec<String> = (0..10).map(|number| create(&client, &template, number).unwrap()).collect();
    for (number, after) in KILL_AFTER_MS.into_iter().enumerate() {
        let arguments: &[&str] = if number % 3 == 2 { &["rotate", "--root"] } else { &["rotate", "--all"] };
        let mut rotation = keys_command(&service, arguments);
        wait(after);
        let _ = rotation.kill();
        let _ = rotation.wait();
        for url in &urls {
            assert_eq!(opens(&client, url), Ok(()), "after a kill at {after} ms\n{}", service.log());
        }
        urls.push(create(&client, &template, number).unwrap());
    }
    run_keys(&service, &["rewrap"]);
    run_keys(&service, &["rotate", "--root"]);
    let left = keys(&service);
    assert_eq!(left.iter().filter(|key| key[1] == "active").count(), 1);
    assert!(left.iter().all(|key| key[1] == "active" || key[1] == "destroyed"), "{left:?}");
    assert!(left.len() > 1, "at least one rotation came to its end");
    for url in &urls {
        assert_eq!(opens(&client, url), Ok(()));
    }
}
