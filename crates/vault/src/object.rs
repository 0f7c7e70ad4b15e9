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

use std::mem;
use std::ops::Range;

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::context::Context;
use crate::random::array;
use crate::segments::{PREFIX_BYTES, Segments};
use crate::{DataKey, KeyId, Random, SealedBytes, VaultError, WorkspaceId, WrappedDataKey};

/// Length of the header in front of the segments.
pub const HEADER_BYTES: usize = 21;
/// Plaintext bytes of each segment but the last: small enough to hold, large enough that 16 bytes of tag do not matter.
pub const SEGMENT_BYTES: usize = 1 << SEGMENT_BITS;
/// Length of the tag behind each segment.
pub const TAG_BYTES: usize = 16;

const SEGMENT_BITS: u8 = 16;
const MAGIC: [u8; 4] = *b"CHYO";
const VERSION: u8 = 1;
pub(crate) const WHAT: &str = "the sealed object";
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
    pub bytes: SealedBytes,
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

    pub(crate) fn of_segments(&self, header: &[u8; HEADER_BYTES]) -> Context {
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

    /// Opens segment `index` in place: `sealed` is exactly [`ObjectReader::sealed_range`], and starts with as many bytes
    /// of plaintext as are returned afterwards.
    ///
    /// # Errors
    /// [`VaultError::NotAuthentic`]; nothing opened is then in `sealed`.
    pub fn open_segment(&self, index: u32, sealed: &mut [u8]) -> Result<usize, VaultError> {
        let expected = self.sealed_range(index).map(|range| range.end - range.start);
        if expected != u64::try_from(sealed.len()).ok() {
            return Err(NOT_AUTHENTIC);
        }
        self.segments.open(index, self.is_last(index), sealed)
    }

    const fn is_last(&self, index: u32) -> bool {
        index.saturating_add(1) == self.segment_count
    }
}

/// What [`seal`] draws.
pub(crate) const DRAWN_BYTES: usize = PREFIX_BYTES;

/// Seals a whole object where it lies. A data key is drawn for each call of this and never used for a second one.
///
/// Whatever fails on the way, the plaintext does not stay behind.
pub(crate) fn seal(
    random: &dyn Random,
    key: &DataKey,
    mut plaintext: Zeroizing<Vec<u8>>,
) -> Result<SealedBytes, VaultError> {
    let header = new_header(random, key.id())?;
    let segments = Segments::new(key, &header)?;
    let count = plaintext.len().div_ceil(SEGMENT_BYTES).max(1);
    let mut frame = Vec::with_capacity(HEADER_BYTES + count * TAG_BYTES);
    frame.extend_from_slice(&header);
    let mut rest = plaintext.as_mut_slice();
    for index in 0..u32::try_from(count).map_err(|_| TOO_LARGE)? {
        let (segment, following) = rest.split_at_mut(rest.len().min(SEGMENT_BYTES));
        frame.extend_from_slice(segments.seal(index, following.is_empty(), segment)?.as_ref());
        rest = following;
    }
    Ok(SealedBytes::new(frame, mem::take(&mut *plaintext)))
}

/// Opens a whole object; what was opened of one that is not authentic to its end is wiped.
pub(crate) fn open(key: &DataKey, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let length = u64::try_from(sealed.len()).map_err(|_| TOO_LARGE)?;
    let reader = ObjectReader::new(key, sealed, length)?;
    let mut opened = Zeroizing::new(vec![0; usize::try_from(reader.plaintext_length_bytes).map_err(|_| TOO_LARGE)?]);
    let mut sealed_rest = sealed.get(HEADER_BYTES..).unwrap_or_default();
    let mut opened_rest = opened.as_mut_slice();
    for index in 0..reader.segment_count {
        let (sealed_segment, sealed_following) = sealed_rest.split_at(sealed_rest.len().min(SEGMENT_BYTES + TAG_BYTES));
        let (segment, following) = opened_rest.split_at_mut(opened_rest.len().min(SEGMENT_BYTES));
        reader.segments.open_into(index, reader.is_last(index), sealed_segment, segment)?;
        (sealed_rest, opened_rest) = (sealed_following, following);
    }
    Ok(opened)
}

fn new_header(random: &dyn Random, key_id: KeyId) -> Result<[u8; HEADER_BYTES], VaultError> {
    let [m0, m1, m2, m3] = MAGIC;
    let [k0, k1, k2, k3, k4, k5, k6, k7] = *key_id.as_bytes();
    let [p0, p1, p2, p3, p4, p5, p6] = array::<PREFIX_BYTES>(random)?;
    Ok([m0, m1, m2, m3, VERSION, SEGMENT_BITS, k0, k1, k2, k3, k4, k5, k6, k7, p0, p1, p2, p3, p4, p5, p6])
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

    fn sealed(key: &DataKey, plaintext: &[u8]) -> Vec<u8> {
        seal(&SystemRandom, key, Zeroizing::new(plaintext.to_vec())).unwrap().to_vec()
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
            let sealed = sealed(&key, &plaintext);
            assert_eq!(u64::try_from(sealed.len()).unwrap(), sealed_length_bytes(u64::try_from(length).unwrap()));
            assert_eq!(*open(&key, &sealed).unwrap(), plaintext, "{length}");
        }
    }

    #[test]
    fn every_altered_missing_or_additional_byte_is_refused() {
        let key = key();
        let sealed = sealed(&key, b"a small document");
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
        let sealed = sealed(&key, &pattern(3 * SEGMENT_BYTES));
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
        let [first, second] = [(), ()].map(|()| sealed(&key, &pattern(2 * SEGMENT_BYTES)));
        let at = HEADER_BYTES + SEGMENT_BYTES + TAG_BYTES;
        let mixed = [first.get(..at).unwrap(), second.get(at..).unwrap()].concat();
        assert_eq!(open(&key, &mixed), Err(NOT_AUTHENTIC));
    }

    #[test]
    fn single_segments_open_alone() {
        let key = key();
        let plaintext = pattern(2 * SEGMENT_BYTES + 10);
        let sealed = sealed(&key, &plaintext);
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
            let sealed_chunk = segment.get(..chunk.len()).unwrap().to_vec();
            assert_eq!(reader.open_segment(index, &mut segment), Ok(chunk.len()));
            assert_eq!(segment.get(..chunk.len()).unwrap(), chunk);
            assert_eq!(reader.open_segment((index + 1) % 3, &mut elsewhere), Err(NOT_AUTHENTIC));
            // One of another length is not even tried.
            let left = if index == 0 { vec![0; chunk.len()] } else { sealed_chunk };
            assert_eq!(elsewhere.get(..chunk.len()).unwrap(), left, "nothing of what is refused is opened");
        }
    }

    #[test]
    fn a_reader_told_a_wrong_length_refuses_the_last_segment() {
        let key = key();
        let sealed = sealed(&key, &pattern(SEGMENT_BYTES + 10));
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
        let sealed = sealed(&key, b"x");
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
            let sealed = sealed(&key, &plaintext);
            prop_assert_eq!(open(&key, &sealed).unwrap().to_vec(), plaintext);
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
