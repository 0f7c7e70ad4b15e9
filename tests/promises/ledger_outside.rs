//! Promise 12.5, outside of the database: witnesses, places that are away, and keys that are replaced.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::ledger::{Ledger, cut_off};
use crate::{make_template, small_template};

/// A witness in a process of its own.
struct Witness {
    child: Child,
    url: String,
}

impl Witness {
    /// Starts a witness with its key and state in `folder`, which watches the ledger with the public key in `log`.
    fn start(folder: &Path, name: &str, log: &Path) -> Self {
        let (key, public) = (folder.join(format!("{name}.key")), folder.join(format!("{name}.pub")));
        if !key.exists() {
            let made = Command::new(chancery_tests::binary())
                .args(["witness", "key", "--name", name, "--key-file"])
                .arg(&key)
                .output()
                .unwrap();
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
            std::fs::write(public, made.stdout).unwrap();
        }
        let mut child = Command::new(chancery_tests::binary())
            .args(["witness", "serve", "--listen", "127.0.0.1:0", "--key-file"])
            .arg(&key)
            .arg("--state")
            .arg(folder.join(format!("{name}.state")))
            .arg("--log")
            .arg(log)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").expect("the witness listens").to_owned();
        Self { child, url }
    }

    fn table(&self, folder: &Path, name: &str) -> String {
        let key = folder.join(format!("{name}.pub"));
        format!(
            "[[place]]\nname = \"{name}\"\nwitness = {{ url = \"{}\", key_file = \"{}\" }}\n",
            self.url,
            key.display()
        )
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A ledger whose places are listed in a file, without the file of checkpoints.
struct Outside {
    ledger: Ledger,
}

impl Outside {
    fn with_twelve_entries() -> Self {
        let ledger = Ledger::with_twelve_entries();
        std::fs::remove_file(ledger.checkpoints()).unwrap();
        ledger.superuser("delete from ledger_places");
        Self { ledger }
    }

    fn folder(&self) -> PathBuf {
        self.ledger.outside.path().to_owned()
    }

    fn list(&self, places: &str) {
        std::fs::write(self.folder().join("places.toml"), places).unwrap();
    }

    /// Runs a command; gives its exit code and what it said.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(chancery_tests::binary())
            .args(arguments)
            .env("CHANCERY_DATA_FOLDER", self.ledger.service.data_folder())
            .env("CHANCERY_FONTS", chancery_tests::fonts())
            .env("CHANCERY_AUDIT_PLACES_FILE", self.folder().join("places.toml"))
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8_lossy(&said).trim().to_owned())
    }

    fn said(&self, arguments: &[&str]) -> String {
        let (code, said) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {said}");
        said
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let (code, said) = self.run(arguments);
        assert_eq!(code, 1, "{arguments:?}: {said}");
        said
    }

    /// Verifies with the public key that was kept, and more flags.
    fn verify<'a>(&'a self, key: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        [&["audit", "verify", "--key", key], more].concat()
    }
}

#[test]
fn p12_5_two_of_three_witnesses_in_other_processes_refuse_a_fork_and_a_roll_back_and_name_them() {
    let outside = Outside::with_twelve_entries();
    let (folder, key) = (outside.folder(), outside.ledger.key());
    let names = ["first", "second", "third"];
    let mut witnesses: Vec<Witness> = names.iter().map(|name| Witness::start(&folder, name, &key)).collect();
    let tables = |witnesses: &[Witness]| -> String {
        names.iter().zip(witnesses).map(|(name, witness)| witness.table(&folder, name)).collect()
    };
    outside.list(&tables(&witnesses));
    outside.said(&["audit", "publish"]);
    let places = outside.said(&["audit", "places"]);
    assert_eq!(places.lines().filter(|line| line.contains("\twitness\t12\t0\t")).count(), 3, "{places}");

    // One that is away is told, blocks nothing, and two of three are still enough; three are not.
    witnesses.pop();
    let _ = outside.ledger.service.command(&["key", "create", "--workspace", "Northwind", "--name", "more"]);
    let (code, said) = outside.run(&["audit", "publish"]);
    assert!(code == 3 && said.contains("place `third`"), "{said}");
    let export = outside.said(&["audit", "export"]);
    let path = folder.join("export");
    std::fs::write(
        &path,
        export.lines().filter(|line| !line.starts_with("warning")).map(|line| format!("{line}\n")).collect::<String>(),
    )
    .unwrap();
    let (key, path) = (key.to_str().unwrap(), path.to_str().unwrap());
    let public: Vec<String> =
        names.iter().map(|name| folder.join(format!("{name}.pub")).display().to_string()).collect();
    let mut policy = vec!["--export", path];
    policy.extend(public.iter().flat_map(|path| ["--witness-key", path.as_str()]));
    let right = outside.said(&outside.verify(key, &[&policy[..], &["--witnesses", "2"]].concat()));
    assert!(right.contains("\nwitnessed\t13\t20"), "{right}");
    let earlier = outside.said(&outside.verify(key, &policy));
    assert!(earlier.contains("\nwitnessed\t12\t20"), "the third saw twelve: {earlier}");
    let nobody =
        outside.refused(&[&["audit", "verify", "--key", key, "--export", path, "--witness-key"], &[key][..]].concat());
    assert!(nobody.contains("names a key that is no witness's"), "{nobody}");

    // It is caught up when it is back.
    witnesses.push(Witness::start(&folder, "third", &outside.ledger.key()));
    outside.list(&tables(&witnesses));
    outside.said(&["audit", "publish"]);
    let places = outside.said(&["audit", "places"]);
    assert_eq!(places.lines().filter(|line| line.contains("\twitness\t13\t0\t")).count(), 3, "{places}");
    assert!(outside.said(&outside.verify(key, &[])).contains("kept elsewhere\t3"));

    // Rolled back with every trace inside of the database: nothing is left but what the witnesses saw.
    outside.ledger.superuser(&format!(
        "{}; delete from ledger_cosignatures where size > 5; delete from ledger_places",
        cut_off(5)
    ));
    assert!(outside.ledger.verify().is_ok(), "inside of the database nothing is left that tells");
    let said = outside.refused(&outside.verify(key, &[]));
    assert!(
        said.contains("entry 5 of ")
            && said.contains("a checkpoint promises 13 entries; such a checkpoint is kept by: first, second, third"),
        "{said}"
    );
    let (_, said) = outside.run(&["audit", "publish"]);
    assert!(said.contains("has seen 13 entries, the ledger has 5"), "{said}");

    // And on with another history: of the same length, then longer.
    for _ in 0..8 {
        let _ = outside.ledger.service.command(&["key", "create", "--workspace", "Northwind", "--name", "fork"]);
    }
    let (_, said) = outside.run(&["audit", "publish"]);
    assert!(said.contains("the witness has seen another root of 13 entries: the ledger was forked"), "{said}");
    let said = outside.refused(&outside.verify(key, &[]));
    assert!(said.contains("the ledger was forked: two checkpoints of 13 entries"), "{said}");
    let _ = outside.ledger.service.command(&["key", "create", "--workspace", "Northwind", "--name", "fork"]);
    let (_, said) = outside.run(&["audit", "publish"]);
    assert!(said.contains("the witness refuses the proof"), "{said}");
    let said = outside.refused(&outside.verify(key, &[]));
    assert!(said.contains("was forked") || said.contains("was changed together with its hash"), "{said}");
}

#[test]
fn p12_5_a_place_that_is_away_holds_nothing_back_and_gets_what_it_missed() {
    let mut outside = Outside::with_twelve_entries();
    let folder = outside.folder();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let file = folder.join("kept");
    outside.list(&format!(
        "[[place]]\nname = \"sink\"\nweb = {{ url = \"http://{address}/checkpoints\" }}\n\
         [[place]]\nname = \"copy\"\nfile = \"{}\"\n\
         [[place]]\nname = \"log\"\nsyslog = \"unix:{}\"\n",
        file.display(),
        folder.join("log.socket").display()
    ));
    let socket = std::os::unix::net::UnixDatagram::bind(folder.join("log.socket")).unwrap();
    let places_file = folder.join("places.toml").display().to_string();
    outside.ledger.service.restart(&[("CHANCERY_AUDIT_PLACES_FILE", &places_file), ("CHANCERY_AUDIT_INTERVAL_S", "1")]);
    // The service works, and the places that are there get the checkpoint.
    let (_, client) = outside.ledger.service.workspace("Southwind");
    make_template(&client, &small_template());
    let mut message = [0; 4096];
    let length = socket.recv(&mut message).unwrap();
    let message = String::from_utf8_lossy(&message[..length]).into_owned();
    assert!(message.starts_with("<109>1 20") && message.contains(" chancery - checkpoint - checkpoint "), "{message}");
    let (_, said) = outside.run(&["audit", "publish"]);
    assert!(said.contains("place `sink`"), "{said}");
    let (code, said) = outside.run(&["doctor"]);
    let bad: Vec<&str> = said.lines().filter(|line| line.starts_with("BAD")).collect();
    assert!(code == 3 && bad.len() == 1 && bad[0].contains("web `sink` keeps 0 entries"), "{said}");
    // A service of the old kind is not needed for that: what the message of syslog carries verifies by itself.
    let line = format!("{}\n", message.split_once("- checkpoint - ").unwrap().1);
    std::fs::write(folder.join("from-syslog"), line).unwrap();
    let (key, kept) = (outside.ledger.key().display().to_string(), folder.join("from-syslog").display().to_string());
    outside.said(&["audit", "verify", "--alone", "--key", &key, "--checkpoints", &kept]);

    // It comes back, and gets the latest checkpoint, which covers everything before.
    let listener = TcpListener::bind(address).unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    let mut request = BufReader::new(stream.try_clone().unwrap());
    let mut length = 0;
    loop {
        let mut line = String::new();
        request.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    request.read_exact(&mut body).unwrap();
    stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").unwrap();
    let note = String::from_utf8(body).unwrap();
    let size: u64 = note.lines().nth(1).unwrap().parse().unwrap();
    assert!(note.starts_with("chancery/ledger/") && size >= 15, "{note}");
}

#[test]
fn p12_5_the_key_of_the_ledger_is_replaced_and_a_stolen_one_signs_nothing_that_counts() {
    let outside = Outside::with_twelve_entries();
    let (folder, key) = (outside.folder(), outside.ledger.key());
    let witness = Witness::start(&folder, "watch", &key);
    outside.list(&format!(
        "{}[[place]]\nname = \"copy\"\nfile = \"{}\"\n",
        witness.table(&folder, "watch"),
        folder.join("kept").display()
    ));
    outside.said(&["audit", "publish"]);
    let wrapped = "select encode(wrapped, 'hex') from ledger_key";
    let before = outside.ledger.asked(wrapped);
    let said = outside.said(&["audit", "rotate-key", "--compromised-since", "2026-01-01T00:00:00Z"]);
    let new = said.lines().find(|line| line.starts_with("chancery/ledger/")).unwrap();
    let old = std::fs::read_to_string(&key).unwrap();
    assert_eq!(new.split('+').next(), old.split('+').next(), "the log keeps its name");
    assert_ne!(new, old.trim());
    assert_eq!(outside.said(&["audit", "key"]), new);
    assert_ne!(outside.ledger.asked(wrapped), before, "the old private key is overwritten");

    // Whoever holds the old key, or the new one, verifies the whole history; a stranger's key fits neither.
    let new_key = folder.join("new.pub");
    std::fs::write(&new_key, new).unwrap();
    for path in [&key, &new_key] {
        let right = outside.said(&outside.verify(path.to_str().unwrap(), &[]));
        assert!(right.starts_with("entries\t13\n"), "{right}");
    }
    let all = outside.said(&["audit", "key", "--all"]);
    let first: Vec<&str> = all.lines().next().unwrap().split('\t').collect();
    assert_eq!((first[0], first[1], first[2]), (old.trim(), "13", "2026-01-01T00:00:00Z"));
    // The act is in the ledger of the workspace.
    let acts = outside.said(&["audit", "search", "--workspace", "Northwind", "--action", "ledger_key.rotate"]);
    let id = acts.split('\t').next().unwrap().to_owned();
    // The proof of an entry is signed by the new key; the checkpoint that both signed leads from the old one to it.
    let _ = outside.ledger.service.command(&["key", "create", "--workspace", "Northwind", "--name", "more"]);
    std::fs::write(folder.join("proof"), outside.said(&["audit", "prove", &id]) + "\n").unwrap();
    std::fs::write(folder.join("introduced"), format!("{}\n", first[3])).unwrap();
    let (proof, introduced) =
        (folder.join("proof").display().to_string(), folder.join("introduced").display().to_string());
    let (key, new_key) = (key.to_str().unwrap(), new_key.to_str().unwrap());
    outside.said(&outside.verify(new_key, &["--proof", &proof]));
    outside.said(&outside.verify(key, &["--proof", &proof, "--checkpoints", &introduced]));
    assert!(outside.refused(&outside.verify(key, &["--proof", &proof])).contains("bears no signature"));
    // Witness and file followed, although they missed nothing but a moment.
    outside.said(&["audit", "publish"]);
    let places = outside.said(&["audit", "places"]);
    assert_eq!(places.lines().filter(|line| line.contains("\t14\t0\t")).count(), 2, "{places}");

    // A list of keys that was changed in the database is refused, with either key.
    outside.ledger.superuser("update ledger_past_keys set compromised_since = null");
    for key in [key, new_key] {
        let said = outside.refused(&outside.verify(key, &[]));
        assert!(said.contains("another time of compromise than the list of keys"), "{said}");
    }
    outside.ledger.superuser("delete from ledger_past_keys");
    let said = outside.refused(&outside.verify(new_key, &[]));
    assert!(said.contains("bears no signature"), "{said}");
}
