//! Sealed objects: AES-256-GCM in 64 KiB segments by the STREAM construction, so that parts open alone.
//!
//! STREAM: Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
//! Misuse-Resistance" (CRYPTO 2015), in the widespread big-endian 32-bit form.
//!
//! ```text
//! "CHYO" | version (1) | log2 of the segment size (1) | data key id (8) | nonce prefix (7)
//! segment 0: up to 64 KiB of ciphertext, tag (16) | segment 1 … | last segment
//! nonce of segment i: prefix (7) | i (4, big-endian) | 1 if it is the last, else 0
//! ```
//!
//! The associated data of every segment binds header, workspace, purpose and object. The counter notices
//! reordering, the last mark notices cutting and appending, and a data key seals one object only. Every
//! segment but the last is full, and only an empty object has an empty segment: one plaintext, one layout.

use std::ops::Range;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use uuid::Uuid;

use crate::context::Context;
use crate::random::array;
use crate::{DataKey, KeyId, Random, VaultError, WorkspaceId, WrappedDataKey};

/// Length of the header in front of the segments.
pub const HEADER_BYTES: usize = 21;
/// Plaintext bytes of each segment but the last: small enough to hold, large enough that 16 bytes of tag do not matter.
pub const SEGMENT_BYTES: usize = 1 << SEGMENT_BITS;
/// Length of the tag behind each segment.
pub const TAG_BYTES: usize = 16;

const SEGMENT_BITS: u8 = 16;
const MAGIC: [u8; 4] = *b"CHYO";
const VERSION: u8 = 1;
const PREFIX_BYTES: usize = 7;
const WHAT: &str = "the sealed object";
const SEGMENT: u64 = SEGMENT_BYTES as u64;
const SEALED_SEGMENT: u64 = SEGMENT + TAG_BYTES as u64;
const HEADER: u64 = HEADER_BYTES as u64;

const NOT_AUTHENTIC: VaultError = VaultError::NotAuthentic { what: WHAT };
const TOO_LARGE: VaultError =
    VaultError::OutOfRange { what: "the object's size in segments", min: 1, max: u32::MAX as u64 };

/// What an object is; bound into its seal, so that one kind cannot stand for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectPurpose {
    /// A generated document.
    Document,
    /// A file that a template uses.
    Asset,
}

/// A sealed object and the wrapped key that opens it; they are stored apart.
pub struct SealedObject {
    /// What goes to the object store.
    pub bytes: Vec<u8>,
    /// What goes to the database; destroying it destroys the object.
    pub wrapped_key: WrappedDataKey,
}

/// Which object a data key belongs to.
#[derive(Clone, Copy)]
pub(crate) struct ObjectContext {
    pub(crate) workspace: WorkspaceId,
    pub(crate) object: Uuid,
    pub(crate) purpose: ObjectPurpose,
}

impl ObjectPurpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Document => b"document",
            Self::Asset => b"asset",
        }
    }
}

impl ObjectContext {
    pub(crate) fn of_wrapped_key(&self) -> Context {
        self.start("chancery/1/data-key")
    }

    fn of_segments(&self, header: &[u8; HEADER_BYTES]) -> Context {
        self.start("chancery/1/object").part(header)
    }

    fn start(&self, label: &'static str) -> Context {
        Context::new(label).id(self.workspace.uuid()).part(self.purpose.label()).id(self.object)
    }
}

/// Length of the sealed form of `plaintext_bytes` bytes.
#[must_use]
pub const fn sealed_length_bytes(plaintext_bytes: u64) -> u64 {
    let segments = if plaintext_bytes == 0 { 1 } else { plaintext_bytes.div_ceil(SEGMENT) };
    plaintext_bytes.saturating_add(HEADER).saturating_add(segments.saturating_mul(TAG_BYTES as u64))
}

/// Opens any segment of one object; see [`WorkspaceKeys::object_reader`](crate::WorkspaceKeys::object_reader).
pub struct ObjectReader {
    segments: Segments,
    plaintext_length_bytes: u64,
    segment_count: u32,
}

impl ObjectReader {
    pub(crate) fn new(key: &DataKey, header: &[u8], sealed_length_bytes: u64) -> Result<Self, VaultError> {
        let header: &[u8; HEADER_BYTES] =
            header.first_chunk().ok_or(VaultError::Malformed { what: WHAT, reason: "its header is cut" })?;
        check_header(header, key.id())?;
        let body = sealed_length_bytes.checked_sub(HEADER).ok_or(NOT_AUTHENTIC)?;
        let segment_count = body.div_ceil(SEALED_SEGMENT);
        let last = body - segment_count.saturating_sub(1) * SEALED_SEGMENT;
        // The last segment is whole, and empty only when it is alone.
        let shortest = TAG_BYTES as u64 + u64::from(segment_count > 1);
        if segment_count == 0 || last < shortest {
            return Err(NOT_AUTHENTIC);
        }
        Ok(Self {
            segments: Segments::new(key, header)?,
            plaintext_length_bytes: body - segment_count * TAG_BYTES as u64,
            segment_count: u32::try_from(segment_count).map_err(|_| TOO_LARGE)?,
        })
    }

    /// Length of the opened object.
    #[must_use]
    pub const fn plaintext_length_bytes(&self) -> u64 {
        self.plaintext_length_bytes
    }

    /// How many segments there are, at least one.
    #[must_use]
    pub const fn segment_count(&self) -> u32 {
        self.segment_count
    }

    /// Which segments hold the plaintext bytes `range`, cut to what there is.
    #[must_use]
    pub fn segments_holding(&self, range: &Range<u64>) -> Range<u32> {
        let end = range.end.min(self.plaintext_length_bytes);
        if range.start >= end {
            return 0..0;
        }
        let index = |offset: u64| u32::try_from(offset).unwrap_or(self.segment_count);
        index(range.start / SEGMENT)..index(end.div_ceil(SEGMENT))
    }

    /// Where segment `index` lies in the sealed object; `None` beyond the last.
    #[must_use]
    pub fn sealed_range(&self, index: u32) -> Option<Range<u64>> {
        if index >= self.segment_count {
            return None;
        }
        let start = HEADER + u64::from(index) * SEALED_SEGMENT;
        let end = if self.is_last(index) {
            HEADER + self.plaintext_length_bytes + u64::from(self.segment_count) * TAG_BYTES as u64
        } else {
            start + SEALED_SEGMENT
        };
        Some(start..end)
    }

    /// Opens segment `index` in place: `sealed` holds exactly [`ObjectReader::sealed_range`] before, and the plaintext after.
    ///
    /// # Errors
    /// [`VaultError::NotAuthentic`]; `sealed` is then emptied.
    pub fn open_segment(&self, index: u32, sealed: &mut Vec<u8>) -> Result<(), VaultError> {
        let expected = self.sealed_range(index).map(|range| range.end - range.start);
        let opened = if expected == u64::try_from(sealed.len()).ok() {
            self.segments.open(index, self.is_last(index), sealed)
        } else {
            Err(NOT_AUTHENTIC)
        };
        match opened {
            Ok(length) => sealed.truncate(length),
            Err(_) => sealed.clear(),
        }
        opened.map(|_| ())
    }

    /// Opens segment `index` behind what `opened` holds, without a copy: `sealed` is exactly
    /// [`ObjectReader::sealed_range`].
    ///
    /// # Errors
    /// [`VaultError::NotAuthentic`]; `opened` is then as it was.
    pub fn open_segment_onto(&self, index: u32, sealed: &[u8], opened: &mut Vec<u8>) -> Result<(), VaultError> {
        let expected = self.sealed_range(index).map(|range| range.end - range.start);
        if expected != u64::try_from(sealed.len()).ok() {
            return Err(NOT_AUTHENTIC);
        }
        let start = opened.len();
        let result = self.segments.open_onto(index, self.is_last(index), sealed, opened);
        if result.is_err() {
            opened.truncate(start);
        }
        result
    }

    const fn is_last(&self, index: u32) -> bool {
        index.saturating_add(1) == self.segment_count
    }
}

/// Seals a whole object. A data key is drawn for each call of this and never used for a second one.
pub(crate) fn seal(random: &dyn Random, key: &DataKey, plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
    let header = new_header(random, key.id())?;
    let segments = Segments::new(key, &header)?;
    let length = u64::try_from(plaintext.len())
        .map(sealed_length_bytes)
        .ok()
        .and_then(|length| usize::try_from(length).ok())
        .ok_or(TOO_LARGE)?;
    let mut out = Vec::with_capacity(length);
    out.extend_from_slice(&header);
    let mut rest = plaintext;
    let mut index = 0u32;
    loop {
        let (segment, following) = rest.split_at(rest.len().min(SEGMENT_BYTES));
        let is_last = following.is_empty();
        segments.seal_onto(index, is_last, segment, &mut out)?;
        if is_last {
            return Ok(out);
        }
        rest = following;
        index = index.checked_add(1).ok_or(TOO_LARGE)?;
    }
}

/// Opens a whole object.
pub(crate) fn open(key: &DataKey, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    let length = u64::try_from(sealed.len()).map_err(|_| TOO_LARGE)?;
    let reader = ObjectReader::new(key, sealed, length)?;
    let mut out = sealed.get(HEADER_BYTES..).unwrap_or_default().to_vec();
    // Each segment is opened where it lies and moved down over the tags before it.
    let (mut from, mut to) = (0, 0);
    for index in 0..reader.segment_count {
        let end = out.len().min(from + SEGMENT_BYTES + TAG_BYTES);
        let segment = out.get_mut(from..end).ok_or(NOT_AUTHENTIC)?;
        let opened = reader.segments.open(index, reader.is_last(index), segment)?;
        out.copy_within(from..from + opened, to);
        to += opened;
        from = end;
    }
    out.truncate(to);
    Ok(out)
}

/// The cipher with what all segments of one object share.
struct Segments {
    cipher: LessSafeKey,
    associated_data: Context,
    prefix: [u8; PREFIX_BYTES],
}

impl Segments {
    fn new(key: &DataKey, header: &[u8; HEADER_BYTES]) -> Result<Self, VaultError> {
        let cipher = UnboundKey::new(&AES_256_GCM, key.secret().expose())
            .map_err(|_| VaultError::Library { operation: "preparing a data key" })?;
        Ok(Self {
            cipher: LessSafeKey::new(cipher),
            associated_data: key.context().of_segments(header),
            prefix: *header.last_chunk().ok_or(NOT_AUTHENTIC)?,
        })
    }

    fn nonce(&self, index: u32, is_last: bool) -> Nonce {
        let mut nonce = [0; 12];
        let parts = self.prefix.into_iter().chain(index.to_be_bytes()).chain([u8::from(is_last)]);
        for (to, from) in nonce.iter_mut().zip(parts) {
            *to = from;
        }
        Nonce::assume_unique_for_key(nonce)
    }

    fn seal_onto(&self, index: u32, is_last: bool, plaintext: &[u8], out: &mut Vec<u8>) -> Result<(), VaultError> {
        const FAILED: VaultError = VaultError::Library { operation: "sealing a segment" };
        let start = out.len();
        out.extend_from_slice(plaintext);
        let body = out.get_mut(start..).ok_or(FAILED)?;
        let tag = self
            .cipher
            .seal_in_place_separate_tag(self.nonce(index, is_last), Aad::from(self.associated_data.as_bytes()), body)
            .map_err(|_| FAILED)?;
        out.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// Opens behind what `opened` holds.
    fn open_onto(&self, index: u32, is_last: bool, sealed: &[u8], opened: &mut Vec<u8>) -> Result<(), VaultError> {
        let body = sealed.len().checked_sub(TAG_BYTES).ok_or(NOT_AUTHENTIC)?;
        let (ciphertext, tag) = sealed.split_at_checked(body).ok_or(NOT_AUTHENTIC)?;
        let start = opened.len();
        opened.resize(start + body, 0);
        let plaintext = opened.get_mut(start..).ok_or(NOT_AUTHENTIC)?;
        let aad = Aad::from(self.associated_data.as_bytes());
        self.cipher
            .open_separate_gather(self.nonce(index, is_last), aad, ciphertext, tag, plaintext)
            .map_err(|_| NOT_AUTHENTIC)
    }

    /// Opens in place and says how many bytes of plaintext are at the start.
    fn open(&self, index: u32, is_last: bool, sealed: &mut [u8]) -> Result<usize, VaultError> {
        self.cipher
            .open_in_place(self.nonce(index, is_last), Aad::from(self.associated_data.as_bytes()), sealed)
            .map(|plaintext| plaintext.len())
            .map_err(|_| NOT_AUTHENTIC)
    }
}

fn new_header(random: &dyn Random, key_id: KeyId) -> Result<[u8; HEADER_BYTES], VaultError> {
    let prefix: [u8; PREFIX_BYTES] = array(random)?;
    let parts = MAGIC.into_iter().chain([VERSION, SEGMENT_BITS]).chain(*key_id.as_bytes()).chain(prefix);
    let mut header = [0; HEADER_BYTES];
    for (to, from) in header.iter_mut().zip(parts) {
        *to = from;
    }
    Ok(header)
}

fn check_header(header: &[u8; HEADER_BYTES], given: KeyId) -> Result<(), VaultError> {
    let [m0, m1, m2, m3, version, segment_bits, key_id @ .., _, _, _, _, _, _, _] = header;
    if [*m0, *m1, *m2, *m3] != MAGIC {
        return Err(VaultError::Malformed { what: WHAT, reason: "it does not start as one" });
    }
    if *version != VERSION {
        return Err(VaultError::Version { what: WHAT, version: *version });
    }
    if *segment_bits != SEGMENT_BITS {
        return Err(VaultError::Malformed { what: WHAT, reason: "its segment size is unknown" });
    }
    let found = KeyId::from_bytes(*key_id);
    if found != given {
        return Err(VaultError::OtherKey { what: WHAT, found, given });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::SystemRandom;

    const CONTEXT: ObjectContext = ObjectContext {
        workspace: WorkspaceId::from_uuid(Uuid::from_u128(1)),
        object: Uuid::from_u128(2),
        purpose: ObjectPurpose::Document,
    };

    fn key() -> DataKey {
        DataKey::generate(&SystemRandom, CONTEXT).unwrap()
    }

    fn pattern(length: usize) -> Vec<u8> {
        (0..length).map(|i| u8::try_from(i % 251).unwrap()).collect()
    }

    #[test]
    fn objects_of_every_interesting_size_survive() {
        for length in
            [0, 1, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 2 * SEGMENT_BYTES, 3 * SEGMENT_BYTES + 7]
        {
            let key = key();
            let plaintext = pattern(length);
            let sealed = seal(&SystemRandom, &key, &plaintext).unwrap();
            assert_eq!(u64::try_from(sealed.len()).unwrap(), sealed_length_bytes(u64::try_from(length).unwrap()));
            assert_eq!(open(&key, &sealed).unwrap(), plaintext, "{length}");
        }
    }

    #[test]
    fn every_altered_missing_or_additional_byte_is_refused() {
        let key = key();
        let sealed = seal(&SystemRandom, &key, b"a small document").unwrap();
        for index in 0..sealed.len() {
            for bit in [0x01, 0x80] {
                let mut altered = sealed.clone();
                *altered.get_mut(index).unwrap() ^= bit;
                assert!(open(&key, &altered).is_err(), "byte {index}");
            }
            assert!(open(&key, sealed.get(..index).unwrap()).is_err(), "cut at {index}");
        }
        for tail in [1, TAG_BYTES, 100] {
            assert!(open(&key, &[sealed.clone(), vec![0; tail]].concat()).is_err());
        }
    }

    #[test]
    fn cutting_reordering_and_repeating_segments_is_noticed() {
        let key = key();
        let sealed = seal(&SystemRandom, &key, &pattern(3 * SEGMENT_BYTES)).unwrap();
        let (header, body) = sealed.split_at(HEADER_BYTES);
        let parts: Vec<&[u8]> = body.chunks(SEGMENT_BYTES + TAG_BYTES).collect();
        let joined = |order: &[usize]| {
            let mut bytes = header.to_vec();
            for index in order {
                bytes.extend_from_slice(parts.get(*index).unwrap());
            }
            open(&key, &bytes)
        };
        assert!(joined(&[0, 1, 2]).is_ok());
        for order in [&[0, 1][..], &[0], &[], &[1, 2], &[1, 0, 2], &[0, 2, 1], &[0, 1, 1, 2], &[0, 1, 2, 2], &[2]] {
            assert_eq!(joined(order).err(), Some(NOT_AUTHENTIC), "{order:?}");
        }
    }

    #[test]
    fn segments_of_two_objects_under_one_key_cannot_be_exchanged() {
        let key = key();
        let [first, second] = [(), ()].map(|()| seal(&SystemRandom, &key, &pattern(2 * SEGMENT_BYTES)).unwrap());
        let at = HEADER_BYTES + SEGMENT_BYTES + TAG_BYTES;
        let mixed = [first.get(..at).unwrap(), second.get(at..).unwrap()].concat();
        assert_eq!(open(&key, &mixed), Err(NOT_AUTHENTIC));
    }

    #[test]
    fn single_segments_open_alone() {
        let key = key();
        let plaintext = pattern(2 * SEGMENT_BYTES + 10);
        let sealed = seal(&SystemRandom, &key, &plaintext).unwrap();
        let reader =
            ObjectReader::new(&key, sealed.get(..HEADER_BYTES).unwrap(), u64::try_from(sealed.len()).unwrap()).unwrap();
        assert_eq!(
            (reader.segment_count(), reader.plaintext_length_bytes()),
            (3, u64::try_from(plaintext.len()).unwrap())
        );
        assert_eq!(reader.segments_holding(&(65_535..65_537)), 0..2);
        assert_eq!(reader.segments_holding(&(131_072..u64::MAX)), 2..3);
        assert_eq!(reader.segments_holding(&(131_082..131_083)), 0..0);
        assert_eq!(reader.sealed_range(3), None);
        for (index, chunk) in (0..3).zip(plaintext.chunks(SEGMENT_BYTES)) {
            let range = reader.sealed_range(index).unwrap();
            let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
            let mut segment = sealed.get(range).unwrap().to_vec();
            let mut elsewhere = segment.clone();
            reader.open_segment(index, &mut segment).unwrap();
            assert_eq!(segment, chunk);
            let mut onto = b"before".to_vec();
            assert!(reader.open_segment_onto((index + 1) % 3, &elsewhere, &mut onto).is_err());
            assert_eq!(onto, b"before", "nothing of what is refused stays");
            reader.open_segment_onto(index, &elsewhere, &mut onto).unwrap();
            assert_eq!(onto, [b"before".as_slice(), chunk].concat());
            assert!(reader.open_segment((index + 1) % 3, &mut elsewhere).is_err());
            assert!(elsewhere.is_empty());
        }
    }

    #[test]
    fn a_reader_told_a_wrong_length_refuses_the_last_segment() {
        let key = key();
        let sealed = seal(&SystemRandom, &key, &pattern(SEGMENT_BYTES + 10)).unwrap();
        let cut = u64::try_from(HEADER_BYTES + SEGMENT_BYTES + TAG_BYTES).unwrap();
        let reader = ObjectReader::new(&key, &sealed, cut).unwrap();
        let mut segment = sealed.get(HEADER_BYTES..HEADER_BYTES + SEGMENT_BYTES + TAG_BYTES).unwrap().to_vec();
        assert_eq!(reader.open_segment(0, &mut segment), Err(NOT_AUTHENTIC));
        for impossible in [0, HEADER, HEADER + 15, cut + 1, cut + 16] {
            assert!(ObjectReader::new(&key, &sealed, impossible).is_err(), "{impossible}");
        }
        assert!(ObjectReader::new(&key, &sealed, u64::MAX).is_err());
    }

    #[test]
    fn another_version_or_a_foreign_file_is_named_as_such() {
        let key = key();
        let sealed = seal(&SystemRandom, &key, b"x").unwrap();
        let mut later = sealed.clone();
        *later.get_mut(4).unwrap() = 2;
        assert_eq!(open(&key, &later), Err(VaultError::Version { what: WHAT, version: 2 }));
        assert!(matches!(open(&key, b"%PDF-1.7 this is a plain file"), Err(VaultError::Malformed { .. })));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn any_bytes_survive(plaintext in proptest::collection::vec(any::<u8>(), 0..200_000)) {
            let key = key();
            let sealed = seal(&SystemRandom, &key, &plaintext).unwrap();
            prop_assert_eq!(open(&key, &sealed).unwrap(), plaintext);
        }

        #[test]
        fn no_bytes_make_opening_panic_or_succeed(bytes: Vec<u8>) {
            let key = key();
            prop_assert!(open(&key, &bytes).is_err());
            let mut with_header = new_header(&SystemRandom, key.id()).unwrap().to_vec();
            with_header.extend_from_slice(&bytes);
            prop_assert!(open(&key, &with_header).is_err());
        }
    }
}
