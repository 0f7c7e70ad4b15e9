//! `audit key` and `audit rotate-key`: the keys that sign the ledger.

use chancery_ledger::{Checkpoint, Note, checkpoint_line};
use chancery_service::Service;
use chancery_service::access::Operator;
use chancery_service::ledger_keys::LedgerKeyReason;
use chancery_vault::Timestamp;

use crate::error::CommandError;
use crate::opened::{self, service_error};
use crate::{inputs, output};

/// Prints the key of now, or all.
pub(super) async fn show(service: &Service, all: bool) -> Result<(), CommandError> {
    let failed = |error| service_error("cannot read the ledger's key", error);
    let (operator, ledger) = (Operator::of_this_machine(), service.ledger());
    let current = ledger.public_key(&operator).await.map_err(failed)?.to_text();
    if !all {
        return output::line(&current);
    }
    for past in ledger.past_keys(&operator).await.map_err(failed)? {
        let note = ledger.checkpoint(&operator, past.until_size).await.map_err(failed)?;
        let since =
            past.compromised_since.map_or_else(|| "-".to_owned(), |at| opened::time(Timestamp::from_millis(at)));
        let note = note.as_ref().map_or_else(|| "-".to_owned(), checkpoint_line);
        output::line(&format!("{}\t{}\t{since}\t{note}", past.public.to_text(), past.until_size))?;
    }
    output::line(&format!("{current}\t-\t-\t-"))
}

/// Replaces the key, and prints the next one.
pub(super) async fn rotate(service: &Service, compromised_since: Option<&str>) -> Result<(), CommandError> {
    let reason = match compromised_since {
        Some(text) => LedgerKeyReason::Compromise(Timestamp::from_signed_millis(inputs::time_ms(text)?)),
        None => LedgerKeyReason::Demand,
    };
    let rotated = service.ledger().rotate_key(&Operator::of_this_machine(), reason).await;
    let note: Note = rotated.map_err(|error| service_error("cannot replace the ledger's key", error))?;
    let checkpoint = Checkpoint::parse(note.text());
    let checkpoint = checkpoint.map_err(|error| CommandError::environment("cannot read the new checkpoint", error))?;
    output::note(&format!("both keys signed the checkpoint of {} entries", checkpoint.size));
    checkpoint.handover.map_or(Ok(()), |handover| output::line(&handover.key.to_text()))
}
