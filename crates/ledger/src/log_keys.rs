//! The keys of one log in the order of their time: each is introduced by the one before it, under a checkpoint that both sign.

use crate::{Checkpoint, LedgerError, Note, PublicKey};

/// Keys of one log; one a year would be enough for longer than anybody keeps a log.
pub(crate) const KEY_COUNT_MAX: usize = 1000;

/// The keys of one log. One of them is trusted; the others count as far as checkpoints lead from one key to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogKeys {
    reigns: Vec<Reign>,
    /// Which key was trusted from the start.
    trusted: usize,
    /// Which key signs at the place that was read up to.
    current: usize,
}

/// One key and the sizes at which its signature counts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reign {
    key: PublicKey,
    /// Since which size.
    since: u64,
    /// Up to which size; none while no successor signed.
    until: Option<u64>,
    /// The time after which somebody else may have had the key.
    compromised_since: Option<u64>,
}

/// What a signature under a checkpoint that was kept elsewhere is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Counts,
    /// Somebody else may have signed: the key was compromised by then.
    Discounted,
}

impl LogKeys {
    /// Trusts one key of the log.
    #[must_use]
    pub fn trusting(key: PublicKey) -> Self {
        let first = Reign { key, since: 0, until: None, compromised_since: None };
        Self { reigns: vec![first], trusted: 0, current: 0 }
    }

    /// The name of the log and of all of its keys.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.reigns.get(self.trusted).map_or("", |reign| reign.key.name())
    }

    /// Takes over the list of keys with which an export begins. It is a claim: what follows must prove it.
    pub(crate) fn claim(&mut self, claimed: Vec<(PublicKey, Option<u64>)>) -> Result<(), LedgerError> {
        let malformed = |reason| LedgerError::Malformed { what: "list of keys", reason };
        let trusted = self.reigns.get(self.trusted).map(|reign| reign.key.clone());
        let place = claimed.iter().position(|(key, _)| Some(key) == trusted.as_ref());
        let place = place.ok_or_else(|| malformed("the trusted key is not among them"))?;
        let origin = self.origin().to_owned();
        if claimed.iter().any(|(key, _)| key.name() != origin) {
            return Err(malformed("it names a key of another log"));
        }
        self.reigns = claimed
            .into_iter()
            .map(|(key, compromised_since)| Reign { key, since: 0, until: None, compromised_since })
            .collect();
        (self.trusted, self.current) = (place, 0);
        Ok(())
    }

    /// Opens the next checkpoint of the log; when it introduces the next key, that one signs from there on.
    ///
    /// # Errors
    /// It is not signed as it should be.
    pub fn open(&mut self, note: &Note) -> Result<Checkpoint, LedgerError> {
        let malformed = |reason| LedgerError::Malformed { what: "checkpoint", reason };
        let current = self.reigns.get(self.current).ok_or_else(|| malformed("no key is known"))?;
        let checkpoint = Checkpoint::open(note, &current.key)?;
        let Some(handover) = &checkpoint.handover else { return Ok(checkpoint) };
        if handover.key.name() != checkpoint.origin || handover.key == current.key {
            return Err(malformed("the next key is of another log, or the same"));
        }
        // Whoever introduces a key must also hold it: otherwise a log could claim somebody else's.
        note.verify(&handover.key)?;
        let (next, compromised_since) = (self.current + 1, handover.compromised_since);
        match self.reigns.get(next) {
            Some(claimed) if claimed.key != handover.key => {
                return Err(malformed("it introduces another key than the list of keys says"));
            }
            Some(_) if current.compromised_since != compromised_since => {
                return Err(malformed("it tells another time of compromise than the list of keys"));
            }
            None if next >= KEY_COUNT_MAX => return Err(malformed("the log has too many keys")),
            None => {
                self.reigns.push(Reign { key: handover.key.clone(), since: 0, until: None, compromised_since: None });
            }
            Some(_) => {}
        }
        if let Some(reign) = self.reigns.get_mut(self.current) {
            (reign.until, reign.compromised_since) = (Some(checkpoint.size), compromised_since);
        }
        if let Some(reign) = self.reigns.get_mut(next) {
            reign.since = checkpoint.size;
        }
        self.current = next;
        Ok(checkpoint)
    }

    /// Judges a checkpoint that was kept elsewhere, whose newest entry is of the time `at_millis`, by the keys that
    /// signed at its size.
    ///
    /// # Errors
    /// No key of the log signed it that may have.
    pub fn judge(&self, note: &Note, size: u64, at_millis: Option<u64>) -> Result<Standing, LedgerError> {
        let mut refused = LedgerError::Unsigned { name: self.origin().to_owned() };
        let mut standing = None;
        for reign in self.reigns.iter().take(self.current + 1) {
            match note.verify(&reign.key) {
                Ok(_) => {}
                Err(LedgerError::Unsigned { .. }) => continue,
                Err(other) => {
                    refused = other;
                    continue;
                }
            }
            let is_late = size < reign.since || reign.until.is_some_and(|until| size > until);
            let is_suspect = reign.compromised_since.is_some_and(|since| at_millis.is_none_or(|at| at > since));
            if !is_late && !is_suspect {
                return Ok(Standing::Counts);
            }
            if reign.compromised_since.is_some() {
                standing = Some(Standing::Discounted);
            } else {
                refused = LedgerError::KeyReplaced { name: self.origin().to_owned() };
            }
        }
        standing.ok_or(refused)
    }

    /// Ends: every key of the list, the trusted one too, must have been introduced.
    pub(crate) fn finish(&self) -> Result<(), LedgerError> {
        if self.current + 1 == self.reigns.len() && self.current >= self.trusted {
            return Ok(());
        }
        Err(LedgerError::Malformed { what: "list of keys", reason: "no checkpoint introduces the next of them" })
    }

    /// The key that signs now.
    #[must_use]
    pub fn current(&self) -> Option<&PublicKey> {
        self.reigns.get(self.current).map(|reign| &reign.key)
    }
}
