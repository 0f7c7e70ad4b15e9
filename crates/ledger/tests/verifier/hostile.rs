//! Whatever is read, nothing panics, and what is accepted is written again to the letter.

use chancery_ledger::{Entry, ExportVerifier, InclusionProof, LINE_BYTES_MAX, Note, PublicKey};
use proptest::prelude::*;

use crate::example::{self, public};

fn read_everything(text: &str) {
    if let Ok(entry) = Entry::parse(text) {
        assert_eq!(entry.to_line(), text);
    }
    if let Ok(note) = Note::parse(text) {
        assert_eq!(note.to_text(), text);
    }
    if let Ok(proof) = InclusionProof::parse(text) {
        assert_eq!(proof.to_text(), text);
        let _ = proof.verify(&public());
    }
    let _ = PublicKey::parse(text);
    let mut verifier = ExportVerifier::new(public(), &[]).unwrap();
    let _ = text.split('\n').try_for_each(|line| verifier.line(line));
    let _ = verifier.finish();
}

proptest! {
    #[test]
    fn arbitrary_text_is_refused_without_a_panic(text: String) {
        read_everything(&text);
    }

    #[test]
    fn mixtures_of_good_pieces_are_read_without_a_panic(order in prop::collection::vec(0usize..40, 0..40), cut in 0usize..400) {
        let lines = example::export((0..8).map(example::entry), &[3, 8]);
        let mixed: Vec<&str> = order.iter().map(|place| lines[place % lines.len()].as_str()).collect();
        read_everything(&format!("{}\n{}", lines[0], mixed.join("\n")));
        let proof = example::proof().to_text();
        read_everything(proof.get(..cut).unwrap_or_default());
        read_everything(proof.get(cut..).unwrap_or_default());
    }
}

#[test]
fn what_is_too_long_is_refused() {
    let mut verifier = ExportVerifier::new(public(), &[]).unwrap();
    let wrong = verifier.line(&"x".repeat(LINE_BYTES_MAX + 1)).unwrap_err();
    assert_eq!(wrong.to_string(), "entry 0: the export cannot be read: it is longer than 1 MiB");
    assert!(Note::parse(&format!("a\n\n{}", "— a AAAAAAAA\n".repeat(101))).is_err());
    assert!(Note::parse(&format!("a\n\n{}", "— a AAAAAAAA\n".repeat(100))).is_ok());
}
