//! The bytes of a sealed object as they come out of the cipher: in parts that lie apart, never copied together.

use bytes::Bytes;

use crate::object::{HEADER_BYTES, SEGMENT_BYTES, TAG_BYTES};

/// A sealed object in parts: read one after the other, they are what the object store keeps.
///
/// The ciphertext lies where the plaintext lay, so that sealing neither asks for memory nor leaves the plaintext behind.
pub struct SealedBytes {
    /// The header, then the tag of each segment; there is at least one.
    frame: Vec<u8>,
    ciphertext: Vec<u8>,
}

impl SealedBytes {
    pub(crate) const fn new(frame: Vec<u8>, ciphertext: Vec<u8>) -> Self {
        Self { frame, ciphertext }
    }

    /// Length of all parts together.
    #[must_use]
    pub const fn length_bytes(&self) -> usize {
        // Memory holds them: the sum is far from overflowing.
        self.frame.len() + self.ciphertext.len()
    }

    /// The parts, none of them empty: the header, then each segment and its tag. No byte of them is copied.
    #[must_use]
    pub fn into_parts(self) -> Vec<Bytes> {
        let (mut frame, mut ciphertext) = (Bytes::from(self.frame), Bytes::from(self.ciphertext));
        let mut parts = Vec::with_capacity(1 + 2 * frame.len() / TAG_BYTES);
        parts.push(frame.split_to(frame.len().min(HEADER_BYTES)));
        while !frame.is_empty() {
            if !ciphertext.is_empty() {
                parts.push(ciphertext.split_to(ciphertext.len().min(SEGMENT_BYTES)));
            }
            parts.push(frame.split_to(frame.len().min(TAG_BYTES)));
        }
        parts
    }

    /// A copy in one piece.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let mut whole = Vec::with_capacity(self.length_bytes());
        let (header, tags) = self.frame.split_at(self.frame.len().min(HEADER_BYTES));
        whole.extend_from_slice(header);
        let mut segments = self.ciphertext.chunks(SEGMENT_BYTES);
        for tag in tags.chunks(TAG_BYTES) {
            whole.extend_from_slice(segments.next().unwrap_or_default());
            whole.extend_from_slice(tag);
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_the_whole_and_none_is_empty_at_every_border_of_segments() {
        for (length, parts_count) in [
            (0, 2),
            (1, 3),
            (SEGMENT_BYTES - 1, 3),
            (SEGMENT_BYTES, 3),
            (SEGMENT_BYTES + 1, 5),
            (2 * SEGMENT_BYTES, 5),
            (2 * SEGMENT_BYTES + 1, 7),
        ] {
            let ciphertext: Vec<u8> = (0..=250).cycle().take(length).collect();
            let tags = (1..=u8::MAX).map(|tag| [tag; TAG_BYTES]).take(length.div_ceil(SEGMENT_BYTES).max(1));
            let frame = [7; HEADER_BYTES].into_iter().chain(tags.flatten()).collect();
            let sealed = SealedBytes::new(frame, ciphertext);
            let (whole, length_bytes) = (sealed.to_vec(), sealed.length_bytes());
            let place = sealed.ciphertext.as_ptr();
            let parts = sealed.into_parts();
            assert_eq!((whole.len(), whole.capacity()), (length_bytes, length_bytes), "{length}");
            assert_eq!(parts.len(), parts_count, "{length}");
            assert!(parts.iter().all(|part| !part.is_empty()), "{length}");
            assert!(length == 0 || parts.iter().any(|part| part.as_ptr() == place), "the ciphertext was not copied");
            assert_eq!(parts.concat(), whole, "{length}");
        }
    }
}
