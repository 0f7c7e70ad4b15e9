//! What two custodians sign before a workspace's keys are destroyed, and the receipt that is left: both are signed notes.
//!
//! ```text
//! chancery/destruction                      chancery/destruction-receipt
//! request UUID                              the lines of the statement, then
//! workspace UUID                            requested-by PUBLIC KEY
//! keys ID [ID …]                            approved-by PUBLIC KEY
//! root-key ID                               executed MILLISECONDS
//! requested MILLISECONDS                    event UUID INDEX        (three: asked, agreed, done)
//! expires MILLISECONDS                      unreadable WHAT: COUNT  (any number)
//! ```

use std::fmt::Write as _;

use uuid::Uuid;

use crate::encoding::number;
use crate::{InclusionProof, LedgerError, Note, PublicKey};

const STATEMENT: &str = "chancery/destruction\n";
const RECEIPT: &str = "chancery/destruction-receipt\n";
/// What each proof must be of, in order.
const ACTIONS: [&str; 3] = ["destruction.request", "destruction.approve", "destruction.execute"];

/// What two people agree to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destruction {
    /// Which request this is.
    pub request: Uuid,
    /// Whose keys are to be destroyed.
    pub workspace: Uuid,
    /// Their ids.
    pub keys: Vec<String>,
    /// The root key that wraps them.
    pub root_key: String,
    /// When it was asked for, in milliseconds since 1970.
    pub requested_at_millis: u64,
    /// Until when it may be agreed to.
    pub expires_at_millis: u64,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What was agreed to.
    pub destruction: Destruction,
    /// Who asked.
    pub requested_by: PublicKey,
    /// Who agreed.
    pub approved_by: PublicKey,
    /// When it was done, in milliseconds since 1970.
    pub executed_at_millis: u64,
    /// The events in the ledger with their indexes: asked, agreed, done.
    pub events: [(Uuid, u64); 3],
    /// What became unreadable, and how many of it.
    pub unreadable: Vec<(String, u64)>,
}

const fn malformed(reason: &'static str) -> LedgerError {
    LedgerError::Malformed { what: "destruction", reason }
}

/// Takes lines one by one, each with its word in front.
struct Lines<'t>(std::str::Lines<'t>);

impl<'t> Lines<'t> {
    fn next(&mut self, word: &str) -> Result<&'t str, LedgerError> {
        let line = self.0.next().and_then(|line| line.strip_prefix(word)).and_then(|line| line.strip_prefix(' '));
        line.ok_or(malformed("a line is missing, or not where it should be"))
    }

    fn number(&mut self, word: &str) -> Result<u64, LedgerError> {
        number(self.next(word)?).ok_or(malformed("a number cannot be read"))
    }

    fn uuid(&mut self, word: &str) -> Result<Uuid, LedgerError> {
        Uuid::try_parse(self.next(word)?).map_err(|_| malformed("an id cannot be read"))
    }
}

impl Destruction {
    /// What both sign.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{STATEMENT}{}", self.lines())
    }

    fn lines(&self) -> String {
        let Self { request, workspace, keys, root_key, requested_at_millis, expires_at_millis } = self;
        let keys = keys.join(" ");
        format!(
            "request {request}\nworkspace {workspace}\nkeys {keys}\nroot-key {root_key}\nrequested {requested_at_millis}\nexpires {expires_at_millis}\n"
        )
    }

    /// Reads what [`Destruction::to_text`] gave.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`]; also for anything that would be written otherwise.
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let rest = text.strip_prefix(STATEMENT).ok_or(malformed("its first line is not `chancery/destruction`"))?;
        let destruction = Self::take(&mut Lines(rest.lines()))?;
        if destruction.to_text() == text { Ok(destruction) } else { Err(malformed("it has another spelling")) }
    }

    fn take(lines: &mut Lines<'_>) -> Result<Self, LedgerError> {
        Ok(Self {
            request: lines.uuid("request")?,
            workspace: lines.uuid("workspace")?,
            keys: lines.next("keys")?.split(' ').map(str::to_owned).collect(),
            root_key: lines.next("root-key")?.to_owned(),
            requested_at_millis: lines.number("requested")?,
            expires_at_millis: lines.number("expires")?,
        })
    }
}

impl Receipt {
    /// What the ledger's key signs.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "{RECEIPT}{}requested-by {}\napproved-by {}\nexecuted {}\n",
            self.destruction.lines(),
            self.requested_by.to_text(),
            self.approved_by.to_text(),
            self.executed_at_millis,
        );
        for (event, index) in &self.events {
            // Writing into a string cannot fail.
            let _ = writeln!(text, "event {event} {index}");
        }
        for (what, count) in &self.unreadable {
            let _ = writeln!(text, "unreadable {what}: {count}");
        }
        text
    }

    /// Reads what [`Receipt::to_text`] gave; nothing is checked yet.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let rest = text.strip_prefix(RECEIPT).ok_or(malformed("its first line is not that of a receipt"))?;
        let mut lines = Lines(rest.lines());
        let destruction = Destruction::take(&mut lines)?;
        let requested_by = PublicKey::parse(lines.next("requested-by")?)?;
        let approved_by = PublicKey::parse(lines.next("approved-by")?)?;
        let executed_at_millis = lines.number("executed")?;
        let mut event = || -> Result<(Uuid, u64), LedgerError> {
            let (id, index) = lines.next("event")?.split_once(' ').ok_or(malformed("an event has no index"))?;
            let id = Uuid::try_parse(id).map_err(|_| malformed("an id cannot be read"))?;
            Ok((id, number(index).ok_or(malformed("a number cannot be read"))?))
        };
        let events = [event()?, event()?, event()?];
        let mut unreadable = Vec::new();
        for line in lines.0 {
            let counted = line.strip_prefix("unreadable ").and_then(|line| line.split_once(": "));
            let (what, count) = counted.ok_or(malformed("what became unreadable cannot be read"))?;
            unreadable.push((what.to_owned(), number(count).ok_or(malformed("a number cannot be read"))?));
        }
        let receipt = Self { destruction, requested_by, approved_by, executed_at_millis, events, unreadable };
        if receipt.to_text() == text { Ok(receipt) } else { Err(malformed("it has another spelling")) }
    }

    /// Checks everything with the ledger's public key alone: that it signed the receipt; that two different custodians,
    /// whom the receipt names, signed the statement; that it was done in time; and that all three acts are in the ledger,
    /// each by whom the receipt says.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn verify(
        receipt: &Note,
        statement: &Note,
        proofs: &[InclusionProof],
        log: &PublicKey,
    ) -> Result<Self, LedgerError> {
        receipt.verify(log)?;
        let read = Self::parse(receipt.text())?;
        if statement.text() != read.destruction.to_text() {
            return Err(malformed("the custodians signed another statement"));
        }
        read.verify_signatures(statement)?;
        if read.executed_at_millis > read.destruction.expires_at_millis {
            return Err(malformed("it was done after the request had expired"));
        }
        if proofs.len() != read.events.len() {
            return Err(malformed("it does not have one proof for each event"));
        }
        for ((proof, action), (event, index)) in proofs.iter().zip(ACTIONS).zip(read.events) {
            proof.verify(log)?;
            let entry = &proof.entry;
            if (entry.id, entry.number, entry.action.as_str()) != (event, index, action) {
                return Err(malformed("a proof is of another event"));
            }
            if entry.target.id != Some(read.destruction.workspace) {
                return Err(malformed("an event is about another workspace"));
            }
        }
        match proofs {
            [asked, agreed, _] if asked.entry.actor.id.is_some() && asked.entry.actor.id != agreed.entry.actor.id => {
                Ok(read)
            }
            _ => Err(malformed("one and the same person asked and agreed")),
        }
    }

    /// Checks that two different keys signed the statement.
    ///
    /// # Errors
    /// As [`Receipt::verify`].
    pub fn verify_signatures(&self, statement: &Note) -> Result<(), LedgerError> {
        both_signed(statement, &self.requested_by, &self.approved_by)
    }
}

/// Checks that two different keys signed one note.
///
/// # Errors
/// [`LedgerError::Unsigned`], [`LedgerError::FalseSignature`]; [`LedgerError::Malformed`] when it is one key.
pub fn both_signed(note: &Note, one: &PublicKey, other: &PublicKey) -> Result<(), LedgerError> {
    if one.is_same_key(other) {
        return Err(malformed("one and the same key signed twice"));
    }
    note.verify(one)?;
    note.verify(other)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use crate::{Checkpoint, Entry, Frontier, Hash, Party, SigningKey, leaf_hash};

    fn destruction() -> Destruction {
        Destruction {
            request: Uuid::from_u128(1),
            workspace: Uuid::from_u128(2),
            keys: vec!["0011223344556677".to_owned(), "8899aabbccddeeff".to_owned()],
            root_key: "0123456789abcdef".to_owned(),
            requested_at_millis: 1_000,
            expires_at_millis: 9_000,
        }
    }

    struct Made {
        log: SigningKey,
        receipt: Receipt,
        statement: Note,
        proofs: Vec<InclusionProof>,
    }

    fn made(second_actor: u128, executed_at_millis: u64) -> Made {
        let [alice, bob, log] = [("alice", 1), ("bob", 2), ("log", 3)]
            .map(|(name, seed)| SigningKey::log(&format!("chancery/{name}"), &[seed; 32]).unwrap());
        let mut statement = Note::new(destruction().to_text());
        statement.sign(&alice).unwrap();
        statement.sign(&bob).unwrap();
        let entries: Vec<Entry> = ACTIONS
            .into_iter()
            .zip([7, second_actor, 0])
            .enumerate()
            .map(|(number, (action, actor))| Entry {
                number: u64::try_from(number).unwrap(),
                at_millis: 1_000,
                workspace: Uuid::nil(),
                id: Uuid::from_u128(100 + u128::try_from(number).unwrap()),
                actor: Party {
                    kind: if actor == 0 { "system".to_owned() } else { "person".to_owned() },
                    id: (actor != 0).then(|| Uuid::from_u128(actor)),
                },
                action: action.to_owned(),
                target: Party { kind: "workspace".to_owned(), id: Some(Uuid::from_u128(2)) },
                commitment: None,
            })
            .collect();
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry.to_line().as_bytes())).collect();
        let mut tree = Frontier::new();
        for leaf in &leaves {
            tree.append(*leaf, |_, _| {});
        }
        let checkpoint = Checkpoint { origin: "chancery/log".to_owned(), size: 3, root: tree.root(), handover: None };
        let note = checkpoint.sign(&log).unwrap();
        let pair = crate::hash::node_hash(&leaves[0], &leaves[1]);
        let paths = [vec![leaves[1], leaves[2]], vec![leaves[0], leaves[2]], vec![pair]];
        let proofs = entries
            .into_iter()
            .zip(paths)
            .map(|(entry, hashes)| InclusionProof { entry, hashes, note: note.clone() })
            .collect();
        let receipt = Receipt {
            destruction: destruction(),
            requested_by: alice.public().clone(),
            approved_by: bob.public().clone(),
            executed_at_millis,
            events: [0, 1, 2].map(|number| (Uuid::from_u128(100 + u128::from(number)), number)),
            unreadable: vec![("templates".to_owned(), 3), ("API keys".to_owned(), 1)],
        };
        Made { log, receipt, statement, proofs }
    }

    impl Made {
        fn verified(&self) -> Result<Receipt, LedgerError> {
            let mut note = Note::new(self.receipt.to_text());
            note.sign(&self.log).unwrap();
            Receipt::verify(&note, &self.statement, &self.proofs, self.log.public())
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_verified() {
        assert_eq!(Destruction::parse(&destruction().to_text()).unwrap(), destruction());
        let made = made(8, 2_000);
        assert_eq!(made.verified().unwrap(), made.receipt);
    }

    #[test]
    fn one_person_is_not_two() {
        assert!(made(7, 2_000).verified().unwrap_err().to_string().contains("one and the same person"));
        let mut twice = made(8, 2_000);
        twice.receipt.approved_by = twice.receipt.requested_by.clone();
        assert!(twice.verified().unwrap_err().to_string().contains("one and the same key"));
        // The same key under another name.
        let renamed = SigningKey::log("chancery/carol", &[1; 32]).unwrap();
        twice.receipt.approved_by = renamed.public().clone();
        twice.statement.sign(&renamed).unwrap();
        assert!(twice.verified().unwrap_err().to_string().contains("one and the same key"));
    }

    #[test]
    fn what_came_too_late_or_is_of_something_else_is_refused() {
        assert!(made(8, 9_001).verified().is_err());
        let mut other = made(8, 2_000);
        other.receipt.destruction.workspace = Uuid::from_u128(3);
        assert!(other.verified().is_err());
        let mut other = made(8, 2_000);
        other.proofs.swap(0, 1);
        assert!(other.verified().is_err());
        let mut other = made(8, 2_000);
        other.proofs.pop();
        assert!(other.verified().is_err());
        let stranger = made(8, 2_000);
        let mut note = Note::new(stranger.receipt.to_text());
        note.sign(&SigningKey::log("chancery/log", &[9; 32]).unwrap()).unwrap();
        assert!(Receipt::verify(&note, &stranger.statement, &stranger.proofs, stranger.log.public()).is_err());
    }

    #[test]
    fn every_altered_letter_of_a_receipt_is_refused() {
        let made = made(8, 2_000);
        let mut note = Note::new(made.receipt.to_text());
        note.sign(&made.log).unwrap();
        let text = note.to_text();
        for index in 0..text.len() {
            let mut altered = text.clone().into_bytes();
            altered[index] = if altered[index] == b'1' { b'2' } else { b'1' };
            let verified = Note::parse(&String::from_utf8_lossy(&altered))
                .and_then(|note| Receipt::verify(&note, &made.statement, &made.proofs, made.log.public()));
            assert!(verified.is_err(), "letter {index}");
        }
    }
}
