//! One act as one line of text: the bytes that the tree hashes.

use uuid::Uuid;

use crate::LedgerError;
use crate::encoding::number;
use crate::hash::Hash;

/// The first word of an entry.
const VERSION: &str = "chancery-entry/1";
/// Words of an entry.
const WORD_COUNT: usize = 10;
/// Letters of a kind, and of each part of an action.
const WORD_LENGTH_MAX: usize = 32;
/// Where a missing id or commitment stands.
const NOTHING: &str = "-";
/// In front of the body that is committed to, so that the digest means nothing elsewhere.
const COMMITMENT_LABEL: &[u8] = b"chancery-body/1\n";

/// One act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the ledger, from 0, without gaps.
    pub number: u64,
    /// When it happened, in milliseconds since 1970.
    pub at_millis: u64,
    /// In which workspace.
    pub workspace: Uuid,
    /// The act's own id.
    pub id: Uuid,
    /// Who did it.
    pub actor: Party,
    /// What was done: `subject.verb`.
    pub action: String,
    /// To what.
    pub target: Party,
    /// What its body is bound by; nothing when it has none.
    pub commitment: Option<Commitment>,
}

/// Who acts, or what is acted on: a kind, and mostly an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The kind, such as `person` or `template`: lower-case letters and `_`, at most 32.
    pub kind: String,
    /// The id.
    pub id: Option<Uuid>,
}

/// A digest of an entry's sealed body.
///
/// A sealed body holds a nonce of 24 random bytes that stand nowhere else: the salt. Once it is erased, nobody can find out by trying
/// what it was, and the digest keeps its place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment(Hash);

impl Commitment {
    /// The commitment to a sealed body.
    #[must_use]
    pub fn of(body_sealed: &[u8]) -> Self {
        Self(Hash::of(&[COMMITMENT_LABEL, body_sealed]))
    }

    /// The commitment with this digest.
    #[must_use]
    pub const fn from_hash(hash: Hash) -> Self {
        Self(hash)
    }

    /// The digest.
    #[must_use]
    pub const fn hash(&self) -> &Hash {
        &self.0
    }
}

impl Entry {
    /// The entry as one line, without the line feed.
    #[must_use]
    pub fn to_line(&self) -> String {
        let Self { number, at_millis, workspace, id, actor, action, target, commitment } = self;
        let or_nothing = |id: Option<Uuid>| id.map_or_else(|| NOTHING.to_owned(), |id| id.to_string());
        let commitment = commitment.map_or_else(|| NOTHING.to_owned(), |commitment| commitment.0.to_string());
        format!(
            "{VERSION} {number} {at_millis} {workspace} {id} {} {} {action} {} {} {commitment}",
            actor.kind,
            or_nothing(actor.id),
            target.kind,
            or_nothing(target.id),
        )
    }

    /// Reads a line. What is written again is the same, to the letter.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`].
    pub fn parse(line: &str) -> Result<Self, LedgerError> {
        let malformed = |reason| LedgerError::Malformed { what: "entry", reason };
        let words = line.strip_prefix(VERSION).and_then(|rest| rest.strip_prefix(' '));
        let words = words.ok_or_else(|| malformed("it does not begin with `chancery-entry/1`"))?;
        let words: Vec<&str> = words.split(' ').take(WORD_COUNT + 1).collect();
        let [place, at, workspace, id, actor_kind, actor_id, action, target_kind, target_id, commitment] =
            words.as_slice()
        else {
            return Err(malformed("it does not have eleven words"));
        };
        Ok(Self {
            number: number(place).ok_or_else(|| malformed("its number is none"))?,
            at_millis: number(at).ok_or_else(|| malformed("its time is no number"))?,
            workspace: uuid(workspace).ok_or_else(|| malformed("its workspace is no id"))?,
            id: uuid(id).ok_or_else(|| malformed("its id is none"))?,
            actor: party(actor_kind, actor_id).ok_or_else(|| malformed("its actor is none"))?,
            action: Some(*action)
                .filter(|action| {
                    action.split_once('.').is_some_and(|(subject, verb)| is_word(subject) && is_word(verb))
                })
                .map(str::to_owned)
                .ok_or_else(|| malformed("its action is not `subject.verb`"))?,
            target: party(target_kind, target_id).ok_or_else(|| malformed("its target is none"))?,
            commitment: match *commitment {
                NOTHING => None,
                text => Some(Commitment(Hash::parse(text).ok_or_else(|| malformed("its commitment is none"))?)),
            },
        })
    }
}

/// The time that a UUIDv7 holds, in milliseconds since 1970.
#[must_use]
pub fn id_millis(id: Uuid) -> Option<u64> {
    let (seconds, nanoseconds) = id.get_timestamp()?.to_unix();
    Some(seconds.saturating_mul(1000).saturating_add(u64::from(nanoseconds / 1_000_000)))
}

fn party(kind: &str, id: &str) -> Option<Party> {
    let id = if id == NOTHING { None } else { Some(uuid(id)?) };
    is_word(kind).then(|| Party { kind: kind.to_owned(), id })
}

fn is_word(text: &str) -> bool {
    (1..=WORD_LENGTH_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// Reads a UUID in the one form that is written: hyphens, lower-case digits.
pub(crate) fn uuid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|id| id.to_string() == text)
}
