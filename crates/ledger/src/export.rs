//! The export of a ledger, line by line, and the verifier that names the first thing that is wrong with it.

use crate::encoding::{base64, from_base64, number};
use crate::entry::{Commitment, Entry, id_millis, uuid};
use crate::hash::{Hash, leaf_hash};
use crate::log_keys::KEY_COUNT_MAX;
use crate::{Checkpoint, Frontier, LedgerError, LogKeys, Note, PublicKey, Standing, WitnessPolicy, Wrong, WrongKind};

/// The first line of an export.
pub const EXPORT_HEADER: &str = "chancery-ledger/1";
/// Bytes of a line: a checkpoint with all its signatures, or a sealed body, in base64.
pub const LINE_BYTES_MAX: usize = 1024 * 1024;

/// The line of one of the log's keys, in the order of their time; they stand before the first entry. The time is the one
/// since when somebody else may have had the key.
#[must_use]
pub fn key_line(key: &PublicKey, compromised_since: Option<u64>) -> String {
    match compromised_since {
        Some(since) => format!("key {} {since}", key.to_text()),
        None => format!("key {}", key.to_text()),
    }
}

/// The line of an entry with the hash that the tree holds for it.
#[must_use]
pub fn entry_line(leaf: &Hash, entry: &Entry) -> String {
    format!("entry {leaf} {}", entry.to_line())
}

/// The line of an entry whose text is gone: what is left are its hash, its number and its id.
#[must_use]
pub fn lost_line(leaf: &Hash, number: u64, id: uuid::Uuid) -> String {
    format!("lost {leaf} {number} {id}")
}

/// The line of the sealed body that belongs to the entry before it. An erased body has none.
#[must_use]
pub fn body_line(body_sealed: &[u8]) -> String {
    format!("body {}", base64(body_sealed))
}

/// The line of a checkpoint; it follows the last entry that it covers.
#[must_use]
pub fn checkpoint_line(note: &Note) -> String {
    format!("checkpoint {}", base64(note.to_text().as_bytes()))
}

/// What was found right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Entries.
    pub entries: u64,
    /// Sealed bodies that are there and fit.
    pub bodies: u64,
    /// Bodies that were erased.
    pub erased: u64,
    /// Signed checkpoints.
    pub checkpoints: u64,
    /// Checkpoints kept elsewhere that fit.
    pub held: u64,
    /// Checkpoints kept elsewhere that do not count, because their key was compromised by then.
    pub discounted: u64,
    /// Size of the largest checkpoint that enough witnesses cosigned, and when they had, in seconds since 1970.
    pub witnessed: Option<(u64, u64)>,
    /// The last checkpoint.
    pub last: Option<Checkpoint>,
}

/// Reads an export and stops at the first thing that is wrong. Needs memory for one line and the tree's right edge.
pub struct ExportVerifier {
    keys: LogKeys,
    /// The keys that the export names; taken over with the first line that is none.
    claimed: Vec<(PublicKey, Option<u64>)>,
    policy: Option<WitnessPolicy>,
    /// Checkpoints kept elsewhere, the largest first.
    held: Vec<(Checkpoint, Note)>,
    has_header: bool,
    has_begun: bool,
    tree: Frontier,
    /// The entry before: its time and what its body must be.
    last_at: Option<u64>,
    last_commitment: Option<Commitment>,
    /// The first entry that no checkpoint covers yet.
    uncovered: Option<(u64, Option<u64>)>,
    /// Whether a checkpoint of exactly the present size was read.
    is_covered: bool,
    verified: Verified,
}

impl ExportVerifier {
    /// Trusts `log`, and checkpoints of it that were kept elsewhere; their signatures are checked when the tree has
    /// grown to them, since only then all keys of the log are known.
    ///
    /// # Errors
    /// A checkpoint kept elsewhere is none, or is of another log.
    pub fn new(log: PublicKey, held: &[Note]) -> Result<Self, Wrong> {
        let wrong = |error| Wrong { number: 0, at_millis: None, kind: WrongKind::Checkpoint(error) };
        let mut opened = Vec::with_capacity(held.len());
        for note in held {
            let checkpoint = Checkpoint::parse(note.text()).map_err(wrong)?;
            if checkpoint.origin != log.name() {
                let expected = log.name().to_owned();
                return Err(wrong(LedgerError::OtherLog { found: checkpoint.origin, expected }));
            }
            opened.push((checkpoint, note.clone()));
        }
        opened.sort_by_key(|(checkpoint, _)| std::cmp::Reverse(checkpoint.size));
        Ok(Self {
            keys: LogKeys::trusting(log),
            claimed: Vec::new(),
            policy: None,
            held: opened,
            has_header: false,
            has_begun: false,
            tree: Frontier::new(),
            last_at: None,
            last_commitment: None,
            uncovered: None,
            is_covered: true,
            verified: Verified::default(),
        })
    }

    /// Asks that witnesses have cosigned.
    #[must_use]
    pub fn with_witnesses(mut self, policy: WitnessPolicy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Reads the next line, without its line feed.
    ///
    /// # Errors
    /// The first thing that is wrong. What follows means nothing then.
    pub fn line(&mut self, line: &str) -> Result<(), Wrong> {
        if line.len() > LINE_BYTES_MAX {
            return Err(self.malformed("it is longer than 1 MiB"));
        }
        if !self.has_header {
            self.has_header = line == EXPORT_HEADER;
            return if self.has_header {
                Ok(())
            } else {
                Err(self.malformed("its first line is not `chancery-ledger/1`"))
            };
        }
        if let Some(rest) = line.strip_prefix("key ").filter(|_| !self.has_begun) {
            return self.key(rest);
        }
        self.begin()?;
        match line.split_once(' ') {
            Some(("entry", rest)) => self.entry(rest),
            Some(("lost", rest)) => self.lost(rest),
            Some(("body", rest)) => self.body(rest),
            Some(("checkpoint", rest)) => self.checkpoint(rest),
            _ => Err(self.malformed("a line is neither entry, body nor checkpoint")),
        }
    }

    /// Ends: nothing may be missing that was promised.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn finish(mut self) -> Result<Verified, Wrong> {
        if !self.has_header {
            return Err(self.malformed("it is empty"));
        }
        self.begin()?;
        self.end_of_body();
        self.compare_held()?;
        self.refuse_held_beyond()?;
        if let Some((number, at_millis)) = self.uncovered {
            return Err(Wrong { number, at_millis, kind: WrongKind::Uncovered });
        }
        self.keys.finish().map_err(|error| self.here(WrongKind::Checkpoint(error)))?;
        if self.policy.is_some() && self.verified.witnessed.is_none() {
            return Err(Wrong { number: 0, at_millis: None, kind: WrongKind::Unwitnessed });
        }
        Ok(self.verified)
    }

    fn key(&mut self, rest: &str) -> Result<(), Wrong> {
        let (key, since) = rest.split_once(' ').map_or((rest, None), |(key, since)| (key, Some(since)));
        let since = since.map(|since| number(since).ok_or_else(|| self.malformed("a key has no time")));
        let key = PublicKey::parse(key).map_err(|error| self.here(WrongKind::Line(error)))?;
        if self.claimed.len() >= KEY_COUNT_MAX {
            return Err(self.malformed("it has more than 1000 keys"));
        }
        self.claimed.push((key, since.transpose()?));
        Ok(())
    }

    /// Ends the list of keys.
    fn begin(&mut self) -> Result<(), Wrong> {
        self.has_begun = true;
        if self.claimed.is_empty() {
            return Ok(());
        }
        let claimed = std::mem::take(&mut self.claimed);
        self.keys.claim(claimed).map_err(|error| self.here(WrongKind::Checkpoint(error)))
    }

    /// The next entry's place, with the time of the one before: nothing else is known of an entry that is not there.
    fn here(&self, kind: WrongKind) -> Wrong {
        Wrong { number: self.tree.size(), at_millis: self.last_at, kind }
    }

    fn malformed(&self, reason: &'static str) -> Wrong {
        self.here(WrongKind::Line(LedgerError::Malformed { what: "export", reason }))
    }

    fn entry(&mut self, rest: &str) -> Result<(), Wrong> {
        let parsed = rest.split_once(' ').and_then(|(leaf, text)| Some((Hash::parse(leaf)?, text)));
        let (leaf, text) = parsed.ok_or_else(|| self.malformed("an entry has no hash"))?;
        let entry = Entry::parse(text).map_err(|error| self.here(WrongKind::Line(error)))?;
        self.next(entry.number)?;
        let at_millis = Some(entry.at_millis);
        if leaf_hash(text.as_bytes()) != leaf {
            return Err(Wrong {
                number: entry.number,
                at_millis: id_millis(entry.id).or(at_millis),
                kind: WrongKind::Changed,
            });
        }
        if self.uncovered.is_none() {
            self.uncovered = Some((entry.number, at_millis));
        }
        self.tree.append(leaf, |_, _| {});
        self.verified.entries = self.tree.size();
        (self.last_at, self.last_commitment, self.is_covered) = (at_millis, entry.commitment, false);
        Ok(())
    }

    fn lost(&mut self, rest: &str) -> Result<(), Wrong> {
        let words: Vec<&str> = rest.splitn(3, ' ').collect();
        let [_, place, id] = words.as_slice() else { return Err(self.malformed("a lost entry has no number and id")) };
        let place = number(place).ok_or_else(|| self.malformed("a lost entry has no number"))?;
        self.next(place)?;
        let at_millis = uuid(id).and_then(id_millis).or(self.last_at);
        Err(Wrong { number: place, at_millis, kind: WrongKind::Deleted })
    }

    /// Makes place for the entry with this number.
    fn next(&mut self, number: u64) -> Result<(), Wrong> {
        self.end_of_body();
        self.compare_held()?;
        if number == self.tree.size() { Ok(()) } else { Err(self.here(WrongKind::Missing { found: number })) }
    }

    fn body(&mut self, rest: &str) -> Result<(), Wrong> {
        let wrong = |kind| Wrong { number: self.tree.size().saturating_sub(1), at_millis: self.last_at, kind };
        let commitment = self.last_commitment.take();
        let body = from_base64(rest).ok_or_else(|| self.malformed("a body is not base64"))?;
        if commitment != Some(Commitment::of(&body)) {
            return Err(wrong(WrongKind::BodyChanged));
        }
        self.verified.bodies += 1;
        Ok(())
    }

    fn end_of_body(&mut self) {
        if self.last_commitment.take().is_some() {
            self.verified.erased += 1;
        }
    }

    fn checkpoint(&mut self, rest: &str) -> Result<(), Wrong> {
        self.end_of_body();
        let opened = Note::parse_encoded(rest).and_then(|note| Ok((self.keys.open(&note)?, note)));
        let (checkpoint, note) = opened.map_err(|error| {
            let (number, at_millis) = self.uncovered.unwrap_or((self.tree.size(), self.last_at));
            Wrong { number, at_millis, kind: WrongKind::Checkpoint(error) }
        })?;
        if checkpoint.size > self.tree.size() {
            return Err(self.here(WrongKind::CutOff { size: checkpoint.size }));
        }
        if checkpoint.size < self.tree.size() {
            return Err(self.malformed("a checkpoint does not follow the last entry that it covers"));
        }
        let root = self.tree.root();
        if checkpoint.root != root {
            if let (true, Some(last)) = (self.is_covered, &self.verified.last) {
                return Err(self.here(forked(checkpoint.size, &last.root, &checkpoint.root)));
            }
            return Err(self.other_root(&checkpoint, &root));
        }
        (self.uncovered, self.is_covered) = (None, true);
        self.witnessed(&note, checkpoint.size)?;
        self.verified.checkpoints += 1;
        self.verified.last = Some(checkpoint);
        Ok(())
    }

    /// Compares the tree with checkpoints of its present size that were kept elsewhere.
    fn compare_held(&mut self) -> Result<(), Wrong> {
        while let Some((held, note)) = self.held.pop_if(|(held, _)| held.size <= self.tree.size()) {
            let standing = self.keys.judge(&note, held.size, self.last_at);
            if standing.map_err(|error| self.here(WrongKind::Checkpoint(error)))? == Standing::Discounted {
                self.verified.discounted += 1;
                continue;
            }
            let root = self.tree.root();
            if held.root != root {
                if self.is_covered {
                    return Err(self.here(forked(held.size, &root, &held.root)));
                }
                return Err(self.other_root(&held, &root));
            }
            self.witnessed(&note, held.size)?;
            self.verified.held += 1;
        }
        Ok(())
    }

    /// Checkpoints kept elsewhere of more entries than there are: two that differ prove a fork, one that the end is gone.
    fn refuse_held_beyond(&mut self) -> Result<(), Wrong> {
        let (mut promised, mut before): (Option<u64>, Option<Checkpoint>) = (None, None);
        while let Some((held, note)) = self.held.pop() {
            let standing = self.keys.judge(&note, held.size, None);
            if standing.map_err(|error| self.here(WrongKind::Checkpoint(error)))? == Standing::Discounted {
                self.verified.discounted += 1;
                continue;
            }
            if let Some(other) = before.filter(|it| it.size == held.size && it.root != held.root) {
                return Err(self.here(forked(held.size, &other.root, &held.root)));
            }
            promised = promised.or(Some(held.size));
            before = Some(held);
        }
        promised.map_or(Ok(()), |size| Err(self.here(WrongKind::CutOff { size })))
    }

    fn witnessed(&mut self, note: &Note, size: u64) -> Result<(), Wrong> {
        let Some(policy) = &self.policy else { return Ok(()) };
        let at = policy.witnessed_at(note).map_err(|error| self.here(WrongKind::Checkpoint(error)))?;
        if let Some(at) = at {
            self.verified.witnessed = Some((size, at)).max(self.verified.witnessed);
        }
        Ok(())
    }

    fn other_root(&self, checkpoint: &Checkpoint, root: &Hash) -> Wrong {
        let (number, at_millis) = self.uncovered.unwrap_or((self.tree.size(), self.last_at));
        let last = checkpoint.size.saturating_sub(1);
        let kind = WrongKind::OtherRoot { last, promised: checkpoint.root.to_string(), found: root.to_string() };
        Wrong { number, at_millis, kind }
    }
}

fn forked(size: u64, first: &Hash, second: &Hash) -> WrongKind {
    WrongKind::Forked { size, first: first.to_string(), second: second.to_string() }
}
