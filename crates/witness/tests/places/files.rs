//! Checkpoints in a file.

use std::path::Path;

use chancery_ledger::Note;
use chancery_witness::{FilePlace, Place as _, PlaceError, read_checkpoints};

use crate::ledger::Ledger;

async fn keep(path: &Path, ledger: &Ledger) -> Result<Note, PlaceError> {
    let note = ledger.note();
    FilePlace::new(path.to_owned()).keep(&ledger.offer(&note, 0)).await.map(|_| note)
}

#[tokio::test]
async fn checkpoints_are_appended_once_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoints");
    let (first, second) = (Ledger::with(1), Ledger::with(7));
    for ledger in [&first, &first, &second, &second] {
        keep(&path, ledger).await.unwrap();
    }
    assert_eq!(read_checkpoints(&path).unwrap(), [first.note(), second.note()]);
    std::fs::write(&path, first.note().to_text()).unwrap();
    assert_eq!(read_checkpoints(&path).unwrap(), [first.note()]);
}

#[tokio::test]
async fn a_ledger_that_became_shorter_or_was_forked_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoints");
    keep(&path, &Ledger::with(5)).await.unwrap();
    for other in [Ledger::with(4), Ledger::forked(5, 3), Ledger::forked(9, 4)] {
        let Err(PlaceError::Conflict(reason)) = keep(&path, &other).await else { panic!("it was kept") };
        assert!(reason.contains("promises 5 entries"), "{reason}");
    }
    keep(&path, &Ledger::with(9)).await.unwrap();
    assert_eq!(read_checkpoints(&path).unwrap().len(), 2);
}

#[tokio::test]
async fn a_line_that_a_crash_cut_off_promises_nothing_and_hides_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoints");
    keep(&path, &Ledger::with(1)).await.unwrap();
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str("checkpoint Y2hh");
    std::fs::write(&path, &text).unwrap();
    keep(&path, &Ledger::with(2)).await.unwrap();
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept.starts_with(&format!("{text}\n")) && kept.ends_with('\n'));
    assert!(read_checkpoints(&path).is_err(), "the cut line is told to whoever verifies");
}
