//! Receipts: what was destroyed, as one line of JSON that the log has signed, to be checked without a database.

use crate::hash::Hash;
use crate::{LedgerError, Note, PublicKey, SigningKey};

/// The first line of a receipt's text. A checkpoint begins with the name of its log, so that neither is read as the other.
const HEADER: &str = "chancery-receipt/1";

/// Digest of what a receipt says happened: what the ledger binds, before the receipt itself is made.
#[must_use]
pub fn receipt_digest(facts: &str) -> Hash {
    Hash::of(&[HEADER.as_bytes(), b"\n", facts.as_bytes()])
}

/// Signs a receipt; `json` is one line.
///
/// # Errors
/// [`LedgerError::Malformed`] when it is more than a line; or the cryptographic library failed.
pub fn sign_receipt(json: &str, key: &SigningKey) -> Result<Note, LedgerError> {
    if json.contains('\n') {
        return Err(LedgerError::Malformed { what: "receipt", reason: "it is more than one line" });
    }
    let mut note = Note::new(format!("{HEADER}\n{json}\n"));
    note.sign(key)?;
    Ok(note)
}

/// The JSON of a receipt, after checking that `log` signed it.
///
/// # Errors
/// The first thing that is wrong.
pub fn open_receipt<'n>(note: &'n Note, log: &PublicKey) -> Result<&'n str, LedgerError> {
    note.verify(log)?;
    note.text()
        .strip_prefix(HEADER)
        .and_then(|rest| rest.strip_prefix('\n'))
        .and_then(|rest| rest.strip_suffix('\n'))
        .filter(|json| !json.contains('\n'))
        .ok_or(LedgerError::Malformed { what: "receipt", reason: "it is not `chancery-receipt/1` and a line of JSON" })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::Checkpoint;

    fn key(seed: u8) -> SigningKey {
        SigningKey::log("chancery/ledger/0123456789abcdef", &[seed; 32]).unwrap()
    }

    #[test]
    fn a_receipt_opens_with_the_key_that_signed_it_and_with_no_other() {
        let text = sign_receipt("{\"count\":1}", &key(1)).unwrap().to_text();
        let note = Note::parse(&text).unwrap();
        assert_eq!(open_receipt(&note, key(1).public()).unwrap(), "{\"count\":1}");
        assert!(open_receipt(&note, key(2).public()).is_err());
        let forged = Note::parse(&text.replace("\"count\":1", "\"count\":2")).unwrap();
        assert!(open_receipt(&forged, key(1).public()).is_err());
        assert!(sign_receipt("{}\n{}", &key(1)).is_err());
    }

    #[test]
    fn a_checkpoint_is_no_receipt_and_a_receipt_no_checkpoint() {
        let origin = "chancery/ledger/0123456789abcdef".to_owned();
        let root = crate::Frontier::new().root();
        let checkpoint = Checkpoint { origin, size: 0, root, handover: None }.sign(&key(1)).unwrap();
        assert!(open_receipt(&checkpoint, key(1).public()).is_err());
        let receipt = sign_receipt("{}", &key(1)).unwrap();
        assert!(Checkpoint::open(&receipt, key(1).public()).is_err());
    }
}
