//! Checkpoints in a file outside of the database: one line each, appended and never rewritten.

use std::fs::OpenOptions;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use chancery_ledger::{Checkpoint, LINE_BYTES_MAX, LedgerError, Note, checkpoint_line};

use crate::error::CommandError;
use crate::inputs;

/// The word in front of each checkpoint, as in an export.
const WORD: &str = "checkpoint ";

/// Appends a checkpoint, unless the last one in the file is the same.
///
/// # Errors
/// The file cannot be read or written; or it promises more entries than the checkpoint, or as many with another root:
/// then the database was restored from before, or somebody changed it, and nothing is appended.
pub(crate) fn append(path: &Path, note: &Note) -> Result<(), CommandError> {
    let failed = |source| CommandError::file("write", path, source);
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let tail_length = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
    file.seek(SeekFrom::Start(length.saturating_sub(tail_length))).map_err(failed)?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).map_err(failed)?;
    let tail = String::from_utf8_lossy(&tail);
    let line = checkpoint_line(note);
    // A line that a crash cut off promises nothing; it is ended, so that the next one can be read.
    let (whole, cut) = tail.rsplit_once('\n').unwrap_or(("", &tail));
    if let Some(last) = whole.lines().next_back() {
        if last == line {
            return Ok(());
        }
        let last =
            parse_line(last).and_then(|note| Checkpoint::parse(note.text())).map_err(|error| wrong(path, &error))?;
        let new = Checkpoint::parse(note.text()).map_err(|error| wrong(path, &error))?;
        if last.size > new.size || (last.size == new.size && last.root != new.root) {
            return Err(CommandError::input(format!(
                "{} promises {} entries with the root {}, the database has {} with the root {}: it was restored from before or changed; run `chancery audit verify --checkpoints {0}`",
                path.display(),
                last.size,
                last.root,
                new.size,
                new.root,
            )));
        }
    }
    let start = if cut.is_empty() { "" } else { "\n" };
    file.write_all(format!("{start}{line}\n").as_bytes()).and_then(|()| file.sync_data()).map_err(failed)
}

/// Reads checkpoints: lines as [`append`] writes them, or one signed note as it is.
pub(crate) fn read(path: &Path) -> Result<Vec<Note>, CommandError> {
    let text = inputs::text(path)?;
    if text.starts_with(WORD) {
        return text.lines().map(|line| parse_line(line).map_err(|error| wrong(path, &error))).collect();
    }
    Ok(vec![Note::parse(&text).map_err(|error| wrong(path, &error))?])
}

fn parse_line(line: &str) -> Result<Note, LedgerError> {
    Note::parse_encoded(line.strip_prefix(WORD).unwrap_or_default())
}

fn wrong(path: &Path, error: &LedgerError) -> CommandError {
    CommandError::input(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use chancery_ledger::{Frontier, SigningKey, leaf_hash};

    use super::*;

    fn note(leaves: &[&str]) -> Note {
        let mut tree = Frontier::new();
        for leaf in leaves {
            tree.append(leaf_hash(leaf.as_bytes()), |_, _| {});
        }
        let checkpoint = Checkpoint { origin: "log".to_owned(), size: tree.size(), root: tree.root() };
        checkpoint.sign(&SigningKey::log("log", &[1; 32]).unwrap()).unwrap()
    }

    #[test]
    fn checkpoints_are_appended_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoints");
        for leaves in [&["a"][..], &["a"], &["a", "b"]] {
            append(&path, &note(leaves)).unwrap();
        }
        assert_eq!(read(&path).unwrap(), [note(&["a"]), note(&["a", "b"])]);
        std::fs::write(&path, note(&["a"]).to_text()).unwrap();
        assert_eq!(read(&path).unwrap(), [note(&["a"])]);
    }

    #[test]
    fn a_ledger_that_became_shorter_or_another_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoints");
        append(&path, &note(&["a", "b"])).unwrap();
        for leaves in [&["a"][..], &["a", "c"]] {
            let refused = append(&path, &note(leaves)).unwrap_err().to_string();
            assert!(refused.contains("promises 2 entries"), "{refused}");
        }
        assert_eq!(read(&path).unwrap(), [note(&["a", "b"])]);
    }
}
