//! Promises 8.2 and 8.4: whenever the service, a command or the database is killed, nothing is lost whose answer was
//! received, what was purged stays purged, and the store is consistent.

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chancery_tests::{Client, Service, binary};
use serde_json::json;

use crate::attacks::check;
use crate::{make_template, small_template};

/// Kills; with fewer, a window of a millisecond is hardly ever hit.
const KILL_COUNT: u32 = 50;
/// Callers that write at once.
const WRITER_COUNT: usize = 3;
/// The latest moment of a kill after the start of what is killed, in milliseconds: a rotation begins to move after two
/// seconds, everything else is over in less than half of one.
const MOMENT_MS_MAX: u64 = 400;
const MOMENT_OF_ROTATION_MS_MAX: u64 = 2_600;

/// Moments that are the same again with the same seed (xorshift64).
struct Moments(u64);

impl Moments {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

fn seed() -> u64 {
    let given = std::env::var("CHANCERY_CRASH_SEED").ok().and_then(|seed| seed.parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    given.unwrap_or_else(now).max(1)
}

fn command(service: &Service, arguments: &[&str]) -> Child {
    Command::new(binary())
        .args(arguments)
        .env("CHANCERY_DATA_FOLDER", service.data_folder())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn wait(milliseconds: u64) {
    let (_sender, nothing) = mpsc::channel::<()>();
    let _ = nothing.recv_timeout(Duration::from_millis(milliseconds));
}

/// A file whose answer was received: its path, and the document.
#[derive(Clone)]
struct Received {
    path: String,
    document: String,
}

fn create(client: &Client, template: &str) -> Option<Received> {
    let body = json!({ "template_id": template, "data": { "name": "A", "text": "B" }, "expiration": 600 }).to_string();
    let answer = client.send("POST", "/v1/create", &[("content-type", "application/json")], body.as_bytes()).ok()?;
    if answer.status != 200 {
        return None;
    }
    let answer = answer.json();
    let url = answer["file"].as_str()?;
    Some(Received {
        path: url[url.find("/f/")?..].to_owned(),
        document: answer["transaction_ref"].as_str()?.to_owned(),
    })
}

/// Writes until told to stop, and kills what is to be killed at its moment.
fn write_and_kill(
    service: &mut Service,
    client: &Client,
    template: &str,
    running: Option<Child>,
    moment_ms: u64,
    kills_database: bool,
) -> Vec<Received> {
    let (received, is_over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..WRITER_COUNT {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    if let Some(file) = create(client, template) {
                        received.lock().unwrap().push(file);
                    }
                }
            });
        }
        wait(moment_ms);
        if let Some(mut running) = running {
            let _ = running.kill();
            let _ = running.wait();
        }
        if kills_database {
            service.kill_database();
        }
        service.kill();
        is_over.store(true, Ordering::Relaxed);
    });
    received.into_inner().unwrap()
}

#[test]
fn p8_2_fifty_kills_at_random_moments_of_writes_rotations_and_purges_lose_nothing_and_leave_a_consistent_store() {
    let seed = seed();
    println!("the moments are those of CHANCERY_CRASH_SEED={seed}");
    let (begun, mut moments) = (Instant::now(), Moments(seed));
    let environment = [("CHANCERY_RENDER_TIMEOUT_MS", "1000"), ("CHANCERY_PURGE_INTERVAL_S", "1")];
    let mut service = Service::prepared();
    service.restart(&environment);
    let (_, mut client) = service.workspace("Crashes");
    let template = make_template(&client, &small_template());
    let (mut living, mut expired): (Vec<Received>, Vec<Received>) = (Vec::new(), Vec::new());
    for kill in 0..KILL_COUNT {
        // The oldest files expire, so that the purge has work in this round.
        let due: Vec<Received> = living.drain(..living.len().min(4)).collect();
        if !due.is_empty() {
            let ids: Vec<String> = due.iter().map(|file| format!("'{}'", file.document)).collect();
            service.superuser(&format!(
                "update documents set expires_at = now() - interval '1 minute' where id in ({})",
                ids.join(", ")
            ));
            expired.extend(due);
        }
        let (running, moment_max) = match kill % 4 {
            0 => (None, MOMENT_MS_MAX),
            1 => (Some(command(&service, &["purge"])), MOMENT_MS_MAX),
            2 => (Some(command(&service, &["keys", "rotate", "--all"])), MOMENT_OF_ROTATION_MS_MAX),
            _ => (Some(command(&service, &["store", "check", "--repair"])), MOMENT_MS_MAX),
        };
        let moment = moments.below(moment_max);
        let kills_database = moments.below(5) == 0;
        let made = write_and_kill(&mut service, &client, &template, running, moment, kills_database);
        living.extend(made.iter().cloned());
        service.restart(&environment);
        client = client.at(&service);
        let place = format!("kill {kill} after {moment} ms, seed {seed}");
        for file in made.iter().chain(living.iter().rev().take(3)) {
            let answer = client.get(&file.path);
            assert!(answer.status == 200 && answer.body.starts_with(b"%PDF"), "{place}: {} is lost", file.document);
        }
        assert_eq!(check(&service, &[]), [], "{place}");
    }
    for file in &living {
        assert_eq!(client.get(&file.path).status, 200, "{} is lost, seed {seed}", file.document);
    }
    for file in &expired {
        assert_eq!(client.get(&file.path).status, 410, "{} is still there, seed {seed}", file.document);
    }
    let _ = service.command(&["keys", "rewrap"]);
    let _ = service.command(&["purge"]);
    assert_eq!(check(&service, &["--deep"]), []);
    assert!(living.len() > 50 && expired.len() > 50, "{} living, {} expired", living.len(), expired.len());
    println!("{} living, {} expired, {:.0} s", living.len(), expired.len(), begun.elapsed().as_secs_f64());

    // Two hours on, what the kills left of objects is no request's any more: it is found, and it is nobody's.
    service.stop();
    let later = [
        ("LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
        ("FAKETIME", "+2h"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
    let run = |arguments: &[&str]| {
        let mut command = Command::new(binary());
        command.args(arguments).env("CHANCERY_DATA_FOLDER", service.data_folder()).envs(later);
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, said) = run(&["store", "check", "--repair"]);
    let findings: Vec<&str> = said.lines().filter(|line| line.split('\t').count() == 6).collect();
    assert!(
        code == Some(0) && findings.iter().all(|line| line.starts_with("orphan\t") && line.ends_with("\tdeleted")),
        "{said}"
    );
    let (code, said) = run(&["store", "check", "--deep"]);
    assert!(code == Some(0) && said.contains("findings\t0\n"), "{said}");
    service.restart(&environment);
    let client = client.at(&service);
    for file in &living {
        assert_eq!(client.get(&file.path).status, 200, "mending lost {}, seed {seed}", file.document);
    }
}

#[test]
fn p8_2_a_lost_object_is_marked_and_found_again_when_it_comes_back_and_a_check_goes_on_where_it_ended() {
    let service = Service::start();
    let (_, client) = service.workspace("Lost");
    let template = make_template(&client, &small_template());
    let files: Vec<Received> = (0..3).map(|_| create(&client, &template).unwrap()).collect();
    let mut objects: Vec<_> = service
        .stored_files()
        .into_iter()
        .filter(|(path, _)| path.components().any(|part| part.as_os_str() == "objects"))
        .collect();
    let (path, bytes) = objects.pop().unwrap();
    std::fs::remove_file(&path).unwrap();
    let found = |fault: &str| vec![(fault.to_owned(), "documents".to_owned())];
    assert_eq!(check(&service, &[]), found("object-missing"));
    assert_eq!(check(&service, &["--repair"]), found("object-missing"), "it is marked");
    assert_eq!(check(&service, &[]), [], "it is known");
    let lost: Vec<u16> = files.iter().map(|file| client.get(&file.path).status).collect();
    assert_eq!(lost.iter().filter(|status| **status == 200).count(), 2, "{lost:?}");
    assert_eq!(lost.iter().filter(|status| **status == 410).count(), 1, "{lost:?}");
    let acts = service.command(&["audit", "search", "--workspace", "Lost", "--action", "document.lost"]);
    assert_eq!(acts.lines().count(), 1, "{acts}");

    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(check(&service, &["--repair"]), found("object-found"));
    for file in &files {
        assert_eq!(client.get(&file.path).status, 200);
    }

    // From the last place that a check told, nothing before it is looked at again.
    let told = service.run(&["store", "check"]);
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    let places: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("checked up to ")).collect();
    let last = places.iter().rfind(|place| place.starts_with("documents:")).unwrap();
    let went_on = service.run(&["store", "check", "--from", last]);
    let said = String::from_utf8_lossy(&went_on.stdout).into_owned();
    assert!(said.contains("documents\t0\n") && said.contains("objects\t3\n"), "{said}");
    let wrong = service.run(&["store", "check", "--from", "somewhere"]);
    assert_eq!(wrong.status.code(), Some(1));
}
