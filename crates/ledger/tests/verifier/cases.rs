//! Cases that every verifier must answer alike, `crates/ledger/cases`: ours, the one of the page in `web/verifier`, and yours.
//!
//! The files are made from the ledger of the documentation; `CASES=write cargo test -p chancery-ledger cases` writes them.

#![expect(clippy::disallowed_methods, reason = "the cases are files, which others read too")]

use std::fmt::Write as _;
use std::path::PathBuf;

use chancery_ledger::{
    Checkpoint, Entry, ExportVerifier, Frontier, Handover, Note, PublicKey, SigningKey, WitnessPolicy, Wrong,
    WrongKind, body_line, checkpoint_line, entry_line, key_line, leaf_hash, lost_line,
};

use crate::example::{ORIGIN, entry, export, key, note, public, witness};

/// What a verifier is given, and nothing that it must answer.
struct Case {
    name: &'static str,
    trusted: PublicKey,
    witnesses: Vec<PublicKey>,
    least: usize,
    held: Vec<Note>,
    lines: Vec<String>,
}

fn next_key() -> SigningKey {
    SigningKey::log(ORIGIN, &[9; 32]).unwrap()
}

fn second_witness() -> SigningKey {
    SigningKey::witness("witness.example/2", &[10; 32]).unwrap()
}

fn tree(entries: impl IntoIterator<Item = Entry>) -> Frontier {
    let mut tree = Frontier::new();
    for entry in entries {
        tree.append(leaf_hash(entry.to_line().as_bytes()), |_, _| {});
    }
    tree
}

fn first(size: u64) -> Frontier {
    tree((0..size).map(entry))
}

fn other(number: u64) -> Entry {
    if number < 8 { entry(number) } else { Entry { action: "key.export".to_owned(), ..entry(number) } }
}

fn ten() -> Vec<String> {
    export((0..10).map(entry), &[4, 10])
}

fn place(lines: &[String], number: u64) -> usize {
    let found = lines.iter().position(|line| line.contains(&format!(" chancery-entry/1 {number} ")));
    found.unwrap()
}

fn changed(name: &'static str, change: impl FnOnce(&mut Vec<String>)) -> Case {
    let mut lines = ten();
    change(&mut lines);
    Case { name, trusted: public(), witnesses: Vec::new(), least: 0, held: Vec::new(), lines }
}

fn held(name: &'static str, held: Vec<Note>) -> Case {
    Case { held, ..changed(name, |_| {}) }
}

fn cosigned(size: u64, by: &[&SigningKey]) -> Note {
    let mut note = note(&first(size));
    for witness in by {
        note.cosign(witness, 1_767_604_000 + size).unwrap();
    }
    note
}

/// Ten entries, of which the first four are signed by the first key; both sign at six, and the next key at ten.
fn two_keys(compromised_since: Option<u64>) -> Vec<String> {
    let mut lines = export((0..10).map(entry), &[4]);
    let checkpoint =
        |size, handover| Checkpoint { origin: ORIGIN.to_owned(), size, root: first(size).root(), handover };
    let handover = Handover { key: next_key().public().clone(), compromised_since };
    let mut both = checkpoint(6, Some(handover)).sign(&key()).unwrap();
    both.sign(&next_key()).unwrap();
    let at = place(&lines, 6);
    lines.insert(at, checkpoint_line(&both));
    lines.push(checkpoint_line(&checkpoint(10, None).sign(&next_key()).unwrap()));
    lines.insert(1, key_line(&public(), compromised_since));
    lines.insert(2, key_line(next_key().public(), None));
    lines
}

fn with_keys(name: &'static str, trusted: PublicKey, held: Vec<Note>, lines: Vec<String>) -> Case {
    Case { name, trusted, witnesses: Vec::new(), least: 0, held, lines }
}

fn witnessed(name: &'static str, note: &Note, least: usize) -> Case {
    let witnesses = vec![witness().public().clone(), second_witness().public().clone()];
    let mut lines = ten();
    lines.pop();
    lines.push(checkpoint_line(note));
    Case { name, trusted: public(), witnesses, least, held: Vec::new(), lines }
}

#[expect(clippy::too_many_lines, reason = "a list of cases")]
fn cases() -> Vec<Case> {
    let replace = |number: u64, from: &'static str, to: &'static str| {
        move |lines: &mut Vec<String>| {
            let at = place(lines, number);
            lines[at] = lines[at].replace(from, to);
        }
    };
    // The cosignature of another checkpoint.
    let other_text = cosigned(9, &[&witness()]).to_text();
    let line_of_nine = other_text.lines().last().unwrap().to_owned();
    let false_cosignature = Note::parse(&format!("{}{line_of_nine}\n", note(&first(10)).to_text())).unwrap();
    let at_six = entry(6).at_millis;
    let by_old_key =
        |size, root| Checkpoint { origin: ORIGIN.to_owned(), size, root, handover: None }.sign(&key()).unwrap();
    vec![
        changed("right", |_| {}),
        held("right-with-checkpoints-kept-elsewhere", vec![note(&first(4)), note(&first(7)), note(&Frontier::new())]),
        changed("right-with-an-erased-body", |lines| drop(lines.remove(place(lines, 5) + 1))),
        changed("right-and-empty", |lines| lines.truncate(1)),
        changed("changed-action", replace(6, "template.create", "template.delete")),
        changed("changed-time", |lines| {
            let at = place(lines, 6);
            lines[at] = lines[at].replace(&entry(6).at_millis.to_string(), "1");
        }),
        changed("changed-number", replace(6, "chancery-entry/1 6 ", "chancery-entry/1 06 ")),
        changed("changed-body", |lines| {
            let at = place(lines, 6) + 1;
            lines[at] = body_line(b"another body");
        }),
        changed("body-where-there-was-none", |lines| lines.insert(place(lines, 0) + 1, body_line(b"new"))),
        changed("body-in-another-spelling", |lines| {
            let at = place(lines, 6) + 1;
            lines[at].push('=');
        }),
        changed("dropped-with-its-hash-left", |lines| {
            let at = place(lines, 6);
            lines[at] = lost_line(&leaf_hash(entry(6).to_line().as_bytes()), 6, entry(6).id);
        }),
        changed("dropped", |lines| drop(lines.drain(place(lines, 6)..place(lines, 7)))),
        changed("reordered", |lines| {
            let (a, b) = (place(lines, 5), place(lines, 6));
            lines.swap(a, b);
        }),
        changed("changed-with-its-hash", |lines| {
            let at = place(lines, 6);
            let forged = Entry { action: "template.delete".to_owned(), ..entry(6) };
            lines[at] = entry_line(&leaf_hash(forged.to_line().as_bytes()), &forged);
        }),
        changed("cut-off", |lines| drop(lines.drain(place(lines, 7)..lines.len() - 1))),
        changed("cut-off-with-its-checkpoint", |lines| lines.truncate(place(lines, 4))),
        Case {
            held: vec![note(&first(10))],
            ..changed("cut-off-and-promised-elsewhere", |lines| lines.truncate(place(lines, 4)))
        },
        held("forked", vec![note(&tree((0..10).map(other)))]),
        changed("forked-inside", |lines| lines.push(checkpoint_line(&note(&tree((0..10).map(other)))))),
        Case {
            held: vec![note(&first(10)), note(&tree((0..10).map(other)))],
            ..changed("forked-beyond-the-end", |lines| lines.truncate(place(lines, 4)))
        },
        changed("without-a-checkpoint-at-the-end", |lines| drop(lines.pop())),
        changed("checkpoint-of-a-stranger", |lines| {
            let stranger = SigningKey::log(ORIGIN, &[11; 32]).unwrap();
            let last = lines.len() - 1;
            let checkpoint = Checkpoint::open(&note(&first(10)), &public()).unwrap();
            lines[last] = checkpoint_line(&checkpoint.sign(&stranger).unwrap());
        }),
        changed("checkpoint-in-the-wrong-place", |lines| {
            let last = lines.pop().unwrap();
            lines.insert(place(lines, 5), last);
        }),
        changed("without-a-header", |lines| drop(lines.remove(0))),
        changed("line-of-no-kind", |lines| lines.insert(3, "note x".to_owned())),
        changed("empty-line", |lines| lines.insert(3, String::new())),
        with_keys("two-keys-trusting-the-first", public(), vec![note(&first(4))], two_keys(None)),
        with_keys("two-keys-trusting-the-second", next_key().public().clone(), vec![note(&first(4))], two_keys(None)),
        with_keys("two-keys-trusting-neither", second_key_of_nobody(), Vec::new(), two_keys(None)),
        with_keys("replaced-key-signs-on", public(), vec![by_old_key(8, first(8).root())], two_keys(None)),
        with_keys(
            "stolen-key-accuses",
            public(),
            vec![by_old_key(5, first(3).root()), by_old_key(20, first(3).root())],
            two_keys(Some(1)),
        ),
        with_keys(
            "stolen-key-before-it-was-stolen",
            public(),
            vec![by_old_key(5, first(3).root())],
            two_keys(Some(at_six)),
        ),
        with_keys("two-keys-with-another-time-of-compromise", public(), Vec::new(), {
            let mut lines = two_keys(Some(7));
            lines[1] = key_line(&public(), Some(8));
            lines
        }),
        with_keys("key-that-nobody-introduced", next_key().public().clone(), Vec::new(), {
            let mut lines = ten();
            lines.insert(1, key_line(&public(), None));
            lines.insert(2, key_line(next_key().public(), None));
            lines
        }),
        with_keys("key-in-the-middle", public(), Vec::new(), {
            let mut lines = ten();
            lines.insert(5, key_line(next_key().public(), None));
            lines
        }),
        witnessed("witnessed-by-two-of-two", &cosigned(10, &[&witness(), &second_witness()]), 2),
        witnessed("witnessed-by-one-of-two", &cosigned(10, &[&witness()]), 1),
        witnessed("witnessed-by-too-few", &cosigned(10, &[&witness()]), 2),
        witnessed("witnessed-falsely", &false_cosignature, 1),
        Case {
            held: vec![cosigned(10, &[&witness(), &second_witness()])],
            ..witnessed("witnessed-elsewhere", &note(&first(10)), 2)
        },
    ]
}

fn second_key_of_nobody() -> PublicKey {
    SigningKey::log(ORIGIN, &[12; 32]).unwrap().public().clone()
}

/// The word for what is wrong.
fn word(kind: &WrongKind) -> &'static str {
    match kind {
        WrongKind::Changed => "changed",
        WrongKind::BodyChanged => "body-changed",
        WrongKind::Deleted => "deleted",
        WrongKind::Missing { .. } => "missing",
        WrongKind::CutOff { .. } => "cut-off",
        WrongKind::OtherRoot { .. } => "other-root",
        WrongKind::Forked { .. } => "forked",
        WrongKind::Unwitnessed => "unwitnessed",
        WrongKind::Uncovered => "uncovered",
        WrongKind::Checkpoint(_) => "checkpoint",
        WrongKind::Line(_) => "line",
    }
}

/// What our verifier answers.
fn answer(case: &Case) -> String {
    let verified = || {
        let mut verifier = ExportVerifier::new(case.trusted.clone(), &case.held)?;
        if case.least > 0 {
            verifier = verifier.with_witnesses(WitnessPolicy::new(case.witnesses.clone(), case.least).unwrap());
        }
        for line in &case.lines {
            verifier.line(line)?;
        }
        verifier.finish()
    };
    match verified() {
        Ok(verified) => {
            let witnessed = verified.witnessed.map_or("-".to_owned(), |(size, seconds)| format!("{size}@{seconds}"));
            let (entries, bodies, erased) = (verified.entries, verified.bodies, verified.erased);
            let (checkpoints, held, discounted) = (verified.checkpoints, verified.held, verified.discounted);
            format!("right {entries} {bodies} {erased} {checkpoints} {held} {discounted} {witnessed}")
        }
        Err(Wrong { number, at_millis, kind }) => {
            let at = at_millis.map_or("-".to_owned(), |at| at.to_string());
            format!("wrong {number} {at} {}", word(&kind))
        }
    }
}

/// The case as a file.
fn text(case: &Case) -> String {
    let mut text = format!("trusted {}\n", case.trusted.to_text());
    for witness in &case.witnesses {
        writeln!(text, "witness {}", witness.to_text()).unwrap();
    }
    writeln!(text, "witnesses {}", case.least).unwrap();
    for note in &case.held {
        writeln!(text, "held {}", checkpoint_line(note)).unwrap();
    }
    writeln!(text, "answer {}\n", answer(case)).unwrap();
    text + &case.lines.join("\n") + "\n"
}

#[test]
fn every_shared_case_is_answered_as_its_file_says() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("cases");
    let write = std::env::var_os("CASES").is_some_and(|value| value == "write");
    let mut names: Vec<String> = Vec::new();
    for case in cases() {
        let (path, text) = (folder.join(format!("{}.txt", case.name)), text(&case));
        let is_right = case.name.starts_with("right")
            || case.name.starts_with("two-keys-trusting-the")
            || ["stolen-key-accuses", "witnessed-by-two-of-two", "witnessed-by-one-of-two", "witnessed-elsewhere"]
                .contains(&case.name)
            || case.name == "cut-off-with-its-checkpoint";
        assert_eq!(answer(&case).starts_with("right "), is_right, "{}: {}", case.name, answer(&case));
        if write {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{}", path.display());
        names.push(format!("{}.txt", case.name));
    }
    let mut there: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    there.sort();
    assert_eq!(there, names, "no file without a case");
}
