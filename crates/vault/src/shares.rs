//! The root key in shares for several people, any `threshold` of whom bring it back (Shamir, "How to share a secret", 1979).
//!
//! Each byte of the key is the value at 0 of a polynomial over GF(2⁸) (x⁸ + x⁴ + x³ + x² + 1) with random coefficients; a
//! share is the values at its number. Fewer shares than the threshold say nothing about the key. A share is printed in
//! base32 (RFC 4648), small letters, in groups of four:
//!
//! ```text
//! version (1) | set (8) | root key's id (8) | threshold (1) | count (1) | number (1) | share (32) | name | digest (4)
//! ```
//! The digest finds errors of typing and copying. Whether shares are genuine shows when they are put together: the id of
//! the root key follows from the key.

use std::convert::Infallible;
use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use blahaj::Sharks;
use data_encoding::{Encoding, Specification};
use rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use crate::{KeyId, Random, RootKey, Secret, VaultError};

const VERSION: u8 = 1;
const HEADER_BYTES: usize = 1 + 8 + 8 + 3;
const CHECK_BYTES: usize = 4;
/// Fewer than two would be a copy.
pub const THRESHOLD_MIN: u8 = 2;
/// More people than this do not come together.
pub const COUNT_MAX: u8 = 16;
const NAME_BYTES_MAX: usize = 64;
const GROUP_LETTERS: usize = 4;
/// Letters of a printed share with all that stands around it; anything longer is none.
const TEXT_BYTES_MAX: usize = 4096;

/// One share.
///
/// ```compile_fail,E0277
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<chancery_vault::shares::Share>();
/// ```
pub struct Share {
    set: KeyId,
    root: KeyId,
    threshold: u8,
    count: u8,
    number: u8,
    name: String,
    secret: Secret<32>,
}

impl Share {
    /// Which ceremony it is of.
    #[must_use]
    pub const fn set(&self) -> KeyId {
        self.set
    }

    /// Which root key it is a share of.
    #[must_use]
    pub const fn root(&self) -> KeyId {
        self.root
    }

    /// How many shares are needed.
    #[must_use]
    pub const fn threshold(&self) -> u8 {
        self.threshold
    }

    /// How many shares there are.
    #[must_use]
    pub const fn count(&self) -> u8 {
        self.count
    }

    /// Its number, from 1 on.
    #[must_use]
    pub const fn number(&self) -> u8 {
        self.number
    }

    /// Who has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The share as text: what it is in words, then all of it in base32.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let Self { set, root, threshold, count, number, name, .. } = self;
        let mut text = Zeroizing::new(String::with_capacity(1024));
        text.push_str(&format!(
            "chancery root key share\nroot key: {root}\nset: {set}\ncustodian: {name}\nnumber: {number} of {count}; any {threshold} bring the root key back\nshare: "
        ));
        let typed = Zeroizing::new(letters().encode(&self.to_bytes()));
        for (place, letter) in typed.bytes().enumerate() {
            if place > 0 && place.is_multiple_of(GROUP_LETTERS) {
                text.push('-');
            }
            text.push(char::from(letter));
        }
        text.push('\n');
        text
    }

    /// Reads a share: its text, or only what stands behind `share:`. Case, spaces, line breaks and `-` do not matter.
    ///
    /// # Errors
    /// [`VaultError::Malformed`] with what is wrong; a digest that does not fit says that a letter is wrong.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let malformed = |reason| VaultError::Malformed { what: "the share", reason };
        if text.len() > TEXT_BYTES_MAX {
            return Err(malformed("it is too long"));
        }
        let typed = text.rsplit_once("share:").map_or(text, |(_, typed)| typed);
        let bytes = letters().decode(typed.as_bytes());
        let bytes = Zeroizing::new(bytes.map_err(|_| malformed("it has a letter that no share has, or lacks one"))?);
        let (content, found) = bytes.split_last_chunk::<CHECK_BYTES>().ok_or(malformed("it is too short"))?;
        if check(content) != *found {
            return Err(malformed("a letter of it is wrong or missing"));
        }
        let (head, rest) = content.split_first_chunk::<HEADER_BYTES>().ok_or(malformed("it is too short"))?;
        let ([version], ids) = head.split_first_chunk::<1>().ok_or(malformed("it is too short"))?;
        if *version != VERSION {
            return Err(VaultError::Version { what: "the share", version: *version });
        }
        let too_short = || malformed("it is too short");
        let (set, ids) = ids.split_first_chunk::<8>().ok_or_else(too_short)?;
        let (root, numbers) = ids.split_first_chunk::<8>().ok_or_else(too_short)?;
        let [threshold, count, number] = *numbers else { return Err(too_short()) };
        let in_range =
            (THRESHOLD_MIN..=count).contains(&threshold) && count <= COUNT_MAX && (1..=count).contains(&number);
        let (secret, name) = rest.split_first_chunk::<32>().ok_or_else(too_short)?;
        let name = String::from_utf8(name.to_vec()).ok().filter(|name| is_name(name));
        let (true, Some(name)) = (in_range, name) else { return Err(malformed("its numbers or its name cannot be")) };
        let secret = Secret::take(&mut { *secret });
        let (set, root) = (KeyId::from_bytes(*set), KeyId::from_bytes(*root));
        Ok(Self { set, root, threshold, count, number, name, secret })
    }

    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(HEADER_BYTES + 32 + NAME_BYTES_MAX + CHECK_BYTES));
        bytes.push(VERSION);
        bytes.extend_from_slice(self.set.as_bytes());
        bytes.extend_from_slice(self.root.as_bytes());
        bytes.extend_from_slice(&[self.threshold, self.count, self.number]);
        bytes.extend_from_slice(self.secret.expose());
        bytes.extend_from_slice(self.name.as_bytes());
        let check = check(&bytes);
        bytes.extend_from_slice(&check);
        bytes
    }

    /// How errors name it.
    fn told(&self) -> String {
        format!("number {} of `{}`", self.number, self.name)
    }
}

impl fmt::Display for Share {
    /// Everything but the secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { set, root, threshold, count, number, name, .. } = self;
        write!(formatter, "share {number} of {count} of `{name}`, any {threshold} needed, set {set}, root key {root}")
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= NAME_BYTES_MAX && !name.chars().any(char::is_control)
}

/// Splits a root key into one share for each name.
///
/// # Errors
/// [`VaultError::OutOfRange`] for threshold or count; [`VaultError::Malformed`] for a name, or for a root key of which
/// workspaces were cut out: replace it first, since older shares would undo that; the random source failed.
pub fn split(random: &dyn Random, root: &RootKey, threshold: u8, names: &[String]) -> Result<Vec<Share>, VaultError> {
    let malformed = |what, reason| VaultError::Malformed { what, reason };
    let range =
        VaultError::OutOfRange { what: "shares and threshold", min: THRESHOLD_MIN.into(), max: COUNT_MAX.into() };
    let count = u8::try_from(names.len()).ok().filter(|count| *count <= COUNT_MAX).ok_or(range.clone())?;
    if !(THRESHOLD_MIN..=count).contains(&threshold) {
        return Err(range);
    }
    if names.iter().any(|name| !is_name(name)) {
        return Err(malformed("the custodian's name", "it must have 1 to 64 bytes, none of them a control character"));
    }
    let whole = root.whole_secret().ok_or(malformed(
        "the root key",
        "workspaces were destroyed in it: replace it (`chancery keys rotate --root`), then split the new one",
    ))?;
    let set = KeyId::generate(random)?;
    let mut source = Source { random, failed: None };
    let dealt: Vec<_> = Sharks(threshold).dealer_rng(whole.expose(), &mut source).take(names.len()).collect();
    if let Some(failed) = source.failed {
        return Err(failed);
    }
    (1..=count)
        .zip(names)
        .zip(&dealt)
        .map(|((number, name), dealt)| {
            let point = Zeroizing::new(Vec::from(dealt));
            let secret = Secret::filled_by(|values| match point.split_first() {
                Some((x, y)) if *x == number && y.len() == values.len() => {
                    values.copy_from_slice(y);
                    Ok(())
                }
                _ => Err(malformed("the share", "it was not dealt for its number")),
            })?;
            Ok(Share { set, root: root.id(), threshold, count, number, name: name.clone(), secret })
        })
        .collect()
}

/// Puts shares together, in memory only.
///
/// # Errors
/// [`VaultError::Share`] that names a share of another set, one that was given twice, one that does not belong to the
/// others, or says how many are missing.
pub fn combine(shares: &[Share]) -> Result<RootKey, VaultError> {
    let refused = |share: String, problem: &'static str| VaultError::Share { share, problem };
    let Some(first) = shares.first() else { return Err(refused("the first".to_owned(), "is missing")) };
    // What most of them say is the set; the others are foreign.
    let votes = |share: &Share| shares.iter().filter(|other| other.set == share.set).count();
    let set = shares.iter().max_by_key(|share| votes(share)).unwrap_or(first);
    let facts = |share: &Share| (share.set, share.root, share.threshold, share.count);
    for (place, share) in shares.iter().enumerate() {
        if facts(share) != facts(set) {
            return Err(refused(share.told(), "is of another ceremony"));
        }
        if shares.iter().take(place).any(|other| other.number == share.number) {
            return Err(refused(share.told(), "is there twice"));
        }
    }
    let needed = usize::from(set.threshold);
    if shares.len() < needed {
        return Err(refused(format!("number {} of {}", shares.len() + 1, needed), "is missing"));
    }
    let mut found = None;
    choose(shares.len(), needed, &mut |chosen| {
        let chosen: Vec<&Share> = chosen.iter().filter_map(|place| shares.get(*place)).collect();
        let root = recover(&chosen).and_then(RootKey::from_secret);
        if let Ok(root) = root
            && root.id() == set.root
        {
            found = Some((root, chosen));
        }
        found.is_some()
    });
    let Some((root, genuine)) = found else {
        let all: Vec<String> = shares.iter().map(Share::told).collect();
        return Err(refused(
            format!("one of {}", all.join(", ")),
            "is not genuine; with one more share it can be named",
        ));
    };
    for share in shares {
        // In the place of a genuine one it gives the same key only when it lies on the same polynomial.
        let mut others: Vec<&Share> = genuine.iter().copied().filter(|other| other.number != share.number).collect();
        others.truncate(needed - 1);
        others.push(share);
        if !recover(&others).and_then(RootKey::from_secret).is_ok_and(|found| found.id() == set.root) {
            return Err(refused(share.told(), "is not genuine"));
        }
    }
    Ok(root)
}

/// The secret that as many shares as the threshold stand for.
fn recover(shares: &[&Share]) -> Result<Secret<32>, VaultError> {
    let malformed = |reason| VaultError::Malformed { what: "the share", reason };
    let points: Result<Vec<blahaj::Share>, _> = shares
        .iter()
        .map(|share| {
            let mut point = Zeroizing::new(Vec::with_capacity(1 + share.secret.expose().len()));
            point.push(share.number);
            point.extend_from_slice(share.secret.expose());
            blahaj::Share::try_from(point.as_slice())
        })
        .collect();
    let points = points.map_err(|_| malformed("it is too short"))?;
    let threshold = shares.first().map_or(THRESHOLD_MIN, |share| share.threshold);
    let found = Sharks(threshold).recover(&points).map(Zeroizing::new).map_err(|_| malformed("too few are there"))?;
    Secret::filled_by(|values| {
        let whole = found.as_slice().try_into().map_err(|_| malformed("it has another length"))?;
        *values = whole;
        Ok(())
    })
}

/// Our source of random bytes, as the scheme takes one: it cannot be told of a failure, so that is kept here.
struct Source<'r> {
    random: &'r dyn Random,
    failed: Option<VaultError>,
}

impl TryRng for Source<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        if let Err(error) = self.random.fill(bytes) {
            self.failed = Some(error);
        }
        Ok(())
    }
}

impl TryCryptoRng for Source<'_> {}

/// Calls `with` for each choice of `count` of `of` places, until it says that it has enough.
fn choose(of: usize, count: usize, with: &mut dyn FnMut(&[usize]) -> bool) {
    fn go(
        from: usize,
        of: usize,
        left: usize,
        chosen: &mut Vec<usize>,
        with: &mut dyn FnMut(&[usize]) -> bool,
    ) -> bool {
        if left == 0 {
            return with(chosen);
        }
        for place in from..of {
            chosen.push(place);
            let is_enough = go(place + 1, of, left - 1, chosen, with);
            chosen.pop();
            if is_enough {
                return true;
            }
        }
        false
    }
    go(0, of, count, &mut Vec::with_capacity(count), with);
}

fn check(content: &[u8]) -> [u8; CHECK_BYTES] {
    digest(&SHA256, content).as_ref().first_chunk().copied().unwrap_or_default()
}

/// Base32 as people type it: capital letters, spaces and `-` do not matter; stray bits at its end are refused.
fn letters() -> Encoding {
    let mut letters = Specification::new();
    letters.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    letters.translate.from.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    letters.translate.to.push_str("abcdefghijklmnopqrstuvwxyz");
    letters.ignore.push_str(" \t\r\n-");
    letters.encoding().unwrap_or(data_encoding::BASE32_NOPAD)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::SystemRandom;

    fn names(count: usize) -> Vec<String> {
        (1..=count).map(|number| format!("Custodian {number}")).collect()
    }

    fn again(share: &Share) -> Share {
        Share::parse(&share.to_text()).unwrap()
    }

    #[test]
    fn any_threshold_of_shares_brings_the_key_back_and_fewer_say_how_many_are_missing() {
        let root = RootKey::generate(&SystemRandom).unwrap();
        for (threshold, count) in [(2, 2), (2, 3), (3, 5), (5, 5), (4, 8), (16, 16)] {
            let shares = split(&SystemRandom, &root, threshold, &names(count)).unwrap();
            let mut tried = 0;
            choose(count, usize::from(threshold), &mut |chosen| {
                let chosen: Vec<Share> = chosen.iter().map(|place| again(&shares[*place])).collect();
                let found = combine(&chosen).unwrap();
                assert_eq!(found.to_bytes().unwrap(), root.to_bytes().unwrap());
                tried += 1;
                false
            });
            assert!(tried > 0);
            let few: Vec<Share> = shares.iter().take(usize::from(threshold) - 1).map(again).collect();
            let told = combine(&few).err().unwrap().to_string();
            assert_eq!(told, format!("the share number {threshold} of {threshold} is missing"));
        }
    }

    #[test]
    fn fewer_shares_than_the_threshold_fit_every_key() {
        // For each first byte that the key could have there is a share that, with the ones at hand, gives it.
        let root = RootKey::generate(&SystemRandom).unwrap();
        let shares = split(&SystemRandom, &root, 3, &names(5)).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for guess in 0..=255_u8 {
            let mut third = again(&shares[2]);
            let mut bytes = *third.secret.expose();
            bytes[0] = guess;
            third.secret = Secret::take(&mut bytes);
            seen.insert(recover(&[&shares[0], &shares[1], &third]).unwrap().expose()[0]);
        }
        assert_eq!(seen.len(), 256);
    }

    #[test]
    fn a_foreign_a_repeated_and_a_forged_share_are_named() {
        let root = RootKey::generate(&SystemRandom).unwrap();
        let split = || split(&SystemRandom, &root, 3, &names(5)).unwrap();
        let (shares, other) = (split(), split());
        let told = |shares: &[&Share]| {
            combine(&shares.iter().map(|share| again(share)).collect::<Vec<_>>()).err().unwrap().to_string()
        };
        let foreign = told(&[&shares[0], &other[1], &shares[2]]);
        assert_eq!(foreign, "the share number 2 of `Custodian 2` is of another ceremony");
        let twice = told(&[&shares[0], &shares[1], &shares[1]]);
        assert_eq!(twice, "the share number 2 of `Custodian 2` is there twice");
        let mut forged = again(&shares[3]);
        let mut bytes = *forged.secret.expose();
        bytes[31] ^= 1;
        forged.secret = Secret::take(&mut bytes);
        let named = told(&[&forged, &shares[0], &shares[1], &shares[2]]);
        assert_eq!(named, "the share number 4 of `Custodian 4` is not genuine");
        assert!(told(&[&forged, &shares[0], &shares[1]]).contains("with one more share it can be named"));
    }

    #[test]
    fn a_wrong_letter_is_noticed_and_the_way_of_typing_does_not_matter() {
        let root = RootKey::generate(&SystemRandom).unwrap();
        let share = &split(&SystemRandom, &root, 2, &names(2)).unwrap()[0];
        let text = share.to_text();
        let typed = text.rsplit_once("share: ").unwrap().1.trim();
        for spelling in [typed.to_owned(), typed.to_uppercase(), typed.replace('-', " \n"), typed.replace('-', "")] {
            assert_eq!(Share::parse(&spelling).unwrap().to_string(), share.to_string());
        }
        for place in 0..typed.len() {
            let mut wrong = typed.as_bytes().to_vec();
            if wrong[place] == b'-' {
                continue;
            }
            wrong[place] = if wrong[place] == b'q' { b'r' } else { b'q' };
            assert!(Share::parse(std::str::from_utf8(&wrong).unwrap()).is_err(), "letter {place}");
        }
        for wrong in ["", "a", "share:", "0189", &"a".repeat(200), &"a".repeat(5000)] {
            assert!(Share::parse(wrong).is_err());
        }
    }

    #[test]
    fn thresholds_counts_and_keys_that_cannot_be_are_refused() {
        let root = RootKey::generate(&SystemRandom).unwrap();
        for (threshold, count) in [(0, 3), (1, 3), (4, 3), (2, 1), (2, 17)] {
            assert!(split(&SystemRandom, &root, threshold, &names(count)).is_err(), "{threshold} of {count}");
        }
        let cut = root.without(crate::WorkspaceId::from_uuid(uuid::Uuid::nil())).unwrap();
        let told = split(&SystemRandom, &cut, 2, &names(3)).err().unwrap().to_string();
        assert!(told.contains("workspaces were destroyed in it"), "{told}");
    }

    #[test]
    fn nothing_is_split_when_no_random_bytes_are_there() {
        let root = RootKey::generate(&SystemRandom).unwrap();
        let failed = split(&crate::random::testing::FailingRandom, &root, 2, &names(3)).err().unwrap();
        assert!(matches!(failed, VaultError::Random), "{failed}");
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(text: String, bytes: Vec<u8>) {
            prop_assert!(Share::parse(&text).is_err());
            let mut bytes = bytes;
            bytes.extend_from_slice(&check(&bytes));
            let _ = Share::parse(&letters().encode(&bytes));
        }
    }
}
