//! The worked example of `docs/reference/ledger.md`, byte by byte.

use chancery_ledger::{ExportVerifier, InclusionProof, PublicKey};

use crate::example;

const DOCUMENTATION: &str = include_str!("../../../../docs/reference/ledger.md");

/// The block of the documentation that is marked with `mark`.
fn block(mark: &str) -> String {
    let block = DOCUMENTATION.split(&format!("```{mark}\n")).nth(1).unwrap_or_else(|| panic!("a block ```{mark}"));
    block.split("```").next().unwrap().to_owned()
}

#[test]
fn the_documented_keys_are_those_of_the_example() {
    assert_eq!(
        block("ledger-keys"),
        format!("{}\n{}\n", example::public().to_text(), example::witness().public().to_text())
    );
}

#[test]
fn the_documented_export_is_what_is_written_and_verifies() {
    let export = block("ledger-export");
    assert_eq!(export, example::export((0..4).map(example::entry), &[2, 4]).join("\n") + "\n");
    let key = PublicKey::parse(block("ledger-keys").lines().next().unwrap()).unwrap();
    let mut verifier = ExportVerifier::new(key, &[]).unwrap();
    for line in export.lines() {
        verifier.line(line).unwrap();
    }
    let verified = verifier.finish().unwrap();
    assert_eq!((verified.entries, verified.bodies, verified.erased, verified.checkpoints), (4, 3, 0, 2));
}

#[test]
fn the_documented_checkpoint_and_proof_are_what_is_written_and_verify() {
    let proof = block("ledger-proof");
    assert_eq!(proof, example::proof().to_text());
    assert!(proof.ends_with(&block("ledger-checkpoint")), "the checkpoint is the end of the proof");
    let read = InclusionProof::parse(&proof).unwrap();
    assert_eq!(read.verify(&example::public()).unwrap().size, 4);
    assert_eq!(read.note.verify(example::witness().public()), Ok(Some(1_767_603_900)));
}

#[test]
fn a_proof_among_ten_million_entries_is_as_small_as_documented() {
    let plan = chancery_ledger::Plan::inclusion(1_234_567, 10_000_000).unwrap();
    let hashes = plan.hashes(|_| Some(chancery_ledger::leaf_hash(b""))).unwrap();
    assert_eq!(hashes.len(), 24);
    let proof = InclusionProof { hashes, ..example::proof() };
    assert!(proof.to_text().len() < 2048, "{} bytes", proof.to_text().len());
}
