//! Exports that somebody tampered with: the verifier names the first wrong entry, its time and what is wrong.

use chancery_ledger::{
    Entry, ExportVerifier, Frontier, LedgerError, Note, Verified, Wrong, WrongKind, checkpoint_line, entry_line,
    leaf_hash, lost_line,
};

use crate::example::{body, entry, export, note, public};

fn verified(lines: &[String], held: &[Note]) -> Result<Verified, Wrong> {
    let mut verifier = ExportVerifier::new(public(), held)?;
    for line in lines {
        verifier.line(line)?;
    }
    verifier.finish()
}

fn refused(lines: &[String], held: &[Note]) -> Wrong {
    verified(lines, held).unwrap_err()
}

fn tree(entries: impl IntoIterator<Item = Entry>) -> Frontier {
    let mut tree = Frontier::new();
    for entry in entries {
        tree.append(leaf_hash(entry.to_line().as_bytes()), |_, _| {});
    }
    tree
}

/// The line of the entry with this number.
fn place(lines: &[String], number: u64) -> usize {
    lines
        .iter()
        .position(|line| line.starts_with("entry ") && line.contains(&format!("chancery-entry/1 {number} ")))
        .unwrap()
}

fn at(number: u64) -> Option<u64> {
    Some(entry(number).at_millis)
}

fn ten() -> Vec<String> {
    export((0..10).map(entry), &[4, 10])
}

#[test]
fn an_untouched_export_is_right_with_and_without_outside_checkpoints_and_erased_bodies() {
    let held = [note(&tree((0..4).map(entry))), note(&tree((0..7).map(entry))), note(&Frontier::new())];
    let all = verified(&ten(), &held).unwrap();
    assert_eq!((all.entries, all.bodies, all.erased, all.checkpoints, all.held), (10, 7, 0, 2, 3));
    let mut erased = ten();
    erased.remove(place(&erased, 5) + 1);
    let verified = verified(&erased, &held).unwrap();
    assert_eq!((verified.entries, verified.bodies, verified.erased), (10, 6, 1));
}

#[test]
fn a_changed_entry_is_named() {
    let mut lines = ten();
    let line = place(&lines, 6);
    lines[line] = lines[line].replace("template.create", "template.delete");
    assert_eq!(refused(&lines, &[]), Wrong { number: 6, at_millis: at(6), kind: WrongKind::Changed });
}

#[test]
fn a_changed_time_is_told_by_the_entrys_own_id() {
    let mut lines = ten();
    let line = place(&lines, 6);
    lines[line] = lines[line].replace(&entry(6).at_millis.to_string(), "1");
    assert_eq!(refused(&lines, &[]), Wrong { number: 6, at_millis: at(6), kind: WrongKind::Changed });
}

#[test]
fn a_changed_body_is_named() {
    let mut lines = ten();
    let line = place(&lines, 6) + 1;
    lines[line] = chancery_ledger::body_line(b"another body");
    assert_eq!(refused(&lines, &[]), Wrong { number: 6, at_millis: at(6), kind: WrongKind::BodyChanged });
    let first = place(&lines, 0) + 1;
    lines.insert(first, chancery_ledger::body_line(b"a body where there was none"));
    assert_eq!(refused(&lines, &[]), Wrong { number: 0, at_millis: at(0), kind: WrongKind::BodyChanged });
}

#[test]
fn a_dropped_entry_is_named_whether_or_not_its_hash_is_left() {
    let mut lines = ten();
    let line = place(&lines, 6);
    lines[line] = lost_line(&leaf_hash(entry(6).to_line().as_bytes()), 6, entry(6).id);
    assert_eq!(refused(&lines, &[]), Wrong { number: 6, at_millis: at(6), kind: WrongKind::Deleted });
    lines.drain(line..line + 2);
    assert_eq!(refused(&lines, &[]), Wrong { number: 6, at_millis: at(5), kind: WrongKind::Missing { found: 7 } });
}

#[test]
fn reordered_entries_are_named() {
    let mut lines = ten();
    let (first, second) = (place(&lines, 5), place(&lines, 6));
    lines.swap(first, second);
    assert_eq!(refused(&lines, &[]), Wrong { number: 5, at_millis: at(4), kind: WrongKind::Missing { found: 6 } });
    let renumbered = |from: u64, to: u64| Entry { number: to, ..entry(from) };
    let entries = (0..10).map(|number| match number {
        5 => renumbered(6, 5),
        6 => renumbered(5, 6),
        number => entry(number),
    });
    let mut lines = export(entries.clone(), &[4]);
    lines.retain(|line| !line.starts_with("body"));
    lines.push(checkpoint_line(&note(&tree((0..10).map(entry)))));
    let kind = WrongKind::OtherRoot {
        last: 9,
        promised: tree((0..10).map(entry)).root().to_string(),
        found: tree(entries).root().to_string(),
    };
    assert_eq!(refused(&lines, &[]), Wrong { number: 4, at_millis: at(4), kind });
}

#[test]
fn a_ledger_that_was_cut_off_is_named_by_its_own_checkpoint_or_by_one_kept_elsewhere() {
    let mut lines = ten();
    let (start, end) = (place(&lines, 7), lines.len() - 1);
    lines.drain(start..end);
    let cut = Wrong { number: 7, at_millis: at(6), kind: WrongKind::CutOff { size: 10 } };
    assert_eq!(refused(&lines, &[]), cut);
    lines.truncate(place(&lines, 4));
    assert_eq!(verified(&lines, &[]).unwrap().entries, 4, "nothing inside tells that there was more");
    let held = note(&tree((0..10).map(entry)));
    assert_eq!(refused(&lines, &[held]), Wrong { number: 4, at_millis: at(3), ..cut });
}

#[test]
fn a_forked_ledger_is_shown_by_both_checkpoints() {
    let other =
        |number| if number < 8 { entry(number) } else { Entry { action: "key.export".to_owned(), ..entry(number) } };
    let (ours, theirs) = (tree((0..10).map(entry)), tree((0..10).map(other)));
    let forked = |first: &Frontier, second: &Frontier| WrongKind::Forked {
        size: 10,
        first: first.root().to_string(),
        second: second.root().to_string(),
    };
    let wrong = refused(&ten(), &[note(&theirs)]);
    assert_eq!(wrong, Wrong { number: 10, at_millis: at(9), kind: forked(&ours, &theirs) });
    assert_eq!(refused(&ten(), &[note(&theirs), note(&ours)]).kind, forked(&ours, &theirs));
    let mut lines = ten();
    lines.push(checkpoint_line(&note(&theirs)));
    assert_eq!(refused(&lines, &[]).kind, forked(&ours, &theirs));
}

#[test]
fn entries_without_a_checkpoint_and_checkpoints_of_others_are_refused() {
    let lines = export((0..10).map(entry), &[4]);
    assert_eq!(refused(&lines, &[]), Wrong { number: 4, at_millis: at(4), kind: WrongKind::Uncovered });
    let mut lines = ten();
    let stranger = chancery_ledger::SigningKey::log(public().name(), &[9; 32]).unwrap();
    let last = lines.len() - 1;
    let checkpoint = chancery_ledger::Checkpoint::open(&note(&tree((0..10).map(entry))), &public()).unwrap();
    lines[last] = checkpoint_line(&checkpoint.sign(&stranger).unwrap());
    let kind = WrongKind::Checkpoint(LedgerError::Unsigned { name: public().name().to_owned() });
    assert_eq!(refused(&lines, &[]), Wrong { number: 4, at_millis: at(4), kind });
}

#[test]
fn an_empty_ledger_is_right_and_an_empty_file_is_not() {
    assert_eq!(verified(&export([], &[]), &[]).unwrap(), Verified::default());
    assert!(matches!(refused(&[], &[]).kind, WrongKind::Line(_)));
}

#[test]
fn every_altered_byte_of_an_export_is_refused() {
    let text = ten().join("\n");
    for place in 0..text.len() {
        let mut altered = text.clone().into_bytes();
        altered[place] ^= 1;
        let Ok(altered) = String::from_utf8(altered) else { continue };
        let lines: Vec<String> = altered.split('\n').map(str::to_owned).collect();
        assert!(verified(&lines, &[]).is_err(), "byte {place}: {altered}");
    }
}

#[test]
fn the_message_names_number_time_and_fault() {
    let wrong = Wrong { number: 6, at_millis: Some(5), kind: WrongKind::Changed };
    assert_eq!(wrong.to_string(), "entry 6 of 5: the entry was changed after it was written");
    assert_eq!(entry_line(&leaf_hash(b""), &entry(0)).split(' ').count(), 13);
    assert!(body(1).is_some());
}
