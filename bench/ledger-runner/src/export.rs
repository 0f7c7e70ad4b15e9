//! An export in memory, and how long its verification takes.

use std::time::Instant;

use chancery_ledger::{
    Checkpoint, Commitment, EXPORT_HEADER, Entry, ExportVerifier, Frontier, Party, PublicKey, SigningKey, body_line,
    checkpoint_line, entry_line, leaf_hash,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::failure::Failure;
use crate::installation::{BODY_BYTES, LOG, NOW, SEED};

/// Entries under one checkpoint: a full batch of the sequencer.
const CHECKPOINT_ENTRIES: u64 = 1000;

/// The lines of an export, and who is trusted.
pub(crate) struct Export {
    lines: Vec<String>,
    log: PublicKey,
    entries: u64,
}

impl Export {
    /// Makes one: entries with their bodies, a checkpoint after every thousand and at the end.
    pub(crate) fn make(entries: u64) -> Result<Self, Failure> {
        let signing = SigningKey::log(LOG, &SEED)?;
        let (mut lines, mut tree) = (vec![EXPORT_HEADER.to_owned()], Frontier::new());
        while tree.size() < entries {
            let number = tree.size();
            let id = Uuid::from_u128(u128::from(number) + 1);
            let mut body = [7_u8; BODY_BYTES];
            for (to, from) in body.iter_mut().zip(number.to_be_bytes()) {
                *to = from;
            }
            let entry = Entry {
                number,
                at_millis: NOW.millis(),
                workspace: Uuid::nil(),
                id,
                actor: Party { kind: "api_key".to_owned(), id: Some(id) },
                action: "document.create".to_owned(),
                target: Party { kind: "document".to_owned(), id: Some(id) },
                commitment: Some(Commitment::of(&body)),
            };
            let leaf = leaf_hash(entry.to_line().as_bytes());
            tree.append(leaf, |_, _| {});
            lines.push(entry_line(&leaf, &entry));
            lines.push(body_line(&body));
            if tree.size().is_multiple_of(CHECKPOINT_ENTRIES) || tree.size() == entries {
                let origin = LOG.to_owned();
                let checkpoint = Checkpoint { origin, size: tree.size(), root: tree.root(), handover: None };
                lines.push(checkpoint_line(&checkpoint.sign(&signing)?));
            }
        }
        Ok(Self { lines, log: signing.public().clone(), entries })
    }

    /// Verifies all of it.
    pub(crate) fn verify(&self) -> Result<Json, Failure> {
        let wrong = |wrong| Failure::Export(Box::new(wrong));
        let begun = Instant::now();
        let mut verifier = ExportVerifier::new(self.log.clone(), &[]).map_err(wrong)?;
        for line in &self.lines {
            verifier.line(line).map_err(wrong)?;
        }
        let verified = verifier.finish().map_err(wrong)?;
        let seconds = begun.elapsed().as_secs_f64();
        if (verified.entries, verified.bodies) != (self.entries, self.entries) {
            return Err(Failure::Unexpected("the verifier saw other entries".to_owned()));
        }
        Ok(json!({ "entries": self.entries, "seconds": seconds }))
    }
}
