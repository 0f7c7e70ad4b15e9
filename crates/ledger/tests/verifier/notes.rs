//! Signed notes: who signed, what is refused, and one form of each.

use chancery_ledger::{Checkpoint, Frontier, LedgerError, Note, PublicKey, SigningKey};

use crate::example::{self, ORIGIN, key, public, witness};

#[test]
fn a_key_survives_its_text_and_every_altered_letter_is_refused() {
    for key in [public(), witness().public().clone()] {
        let text = key.to_text();
        assert_eq!(PublicKey::parse(&text).unwrap(), key);
        for place in 0..text.len() {
            let mut altered = text.clone().into_bytes();
            altered[place] ^= 1;
            let read = String::from_utf8(altered).ok().and_then(|altered| PublicKey::parse(&altered).ok());
            assert_eq!(read, None, "letter {place}");
        }
    }
    assert!(SigningKey::log("two words", &[0; 32]).is_err());
    assert!(SigningKey::log("", &[0; 32]).is_err());
}

#[test]
fn the_published_key_of_signed_notes_is_read() {
    // The example of the Go library for signed notes, golang.org/x/mod/sumdb/note.
    let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let key = PublicKey::parse(text).unwrap();
    let note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    assert_eq!(Note::parse(note).unwrap().verify(&key), Ok(None));
}

#[test]
fn a_checkpoint_is_opened_by_its_own_log_only() {
    let note = example::note(&Frontier::new());
    assert_eq!(Checkpoint::open(&note, &public()).unwrap().size, 0);
    let other = SigningKey::log(ORIGIN, &[9; 32]).unwrap();
    assert_eq!(Checkpoint::open(&note, other.public()), Err(LedgerError::Unsigned { name: ORIGIN.to_owned() }));
    let named = SigningKey::log("elsewhere", &[7; 32]).unwrap();
    let foreign = Checkpoint::parse(note.text()).unwrap().sign(&named).unwrap();
    assert_eq!(
        Checkpoint::open(&foreign, named.public()),
        Err(LedgerError::OtherLog { found: ORIGIN.to_owned(), expected: "elsewhere".to_owned() })
    );
}

#[test]
fn every_altered_byte_of_a_cosigned_checkpoint_is_refused_by_log_or_witness() {
    let mut note = example::note(&Frontier::new());
    note.cosign(&witness(), 1_767_603_900).unwrap();
    let text = note.to_text();
    assert_eq!(Note::parse(&text).unwrap(), note);
    for place in 0..text.len() {
        let mut altered = text.clone().into_bytes();
        altered[place] ^= 1;
        let Ok(altered) = String::from_utf8(altered) else { continue };
        let both = Note::parse(&altered)
            .and_then(|note| note.verify(&public()).map(|_| note))
            .and_then(|note| note.verify(witness().public()));
        assert!(both.is_err(), "byte {place}");
    }
}

#[test]
fn a_log_cannot_cosign_and_a_witness_cannot_sign() {
    let mut note = example::note(&Frontier::new());
    assert!(note.sign(&witness()).is_err());
    assert!(note.cosign(&key(), 1).is_err());
}
