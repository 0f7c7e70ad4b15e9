//! What is written as one object: parts that lie apart in memory and are never copied together.

use std::io::{self, ErrorKind, IoSlice, Write};
use std::mem;

use bytes::Bytes;
use chancery_vault::SealedBytes;
use object_store::PutPayload;

/// The bytes of an object in parts, one after the other, none of them empty.
pub struct Payload(Vec<Bytes>);

impl From<SealedBytes> for Payload {
    fn from(sealed: SealedBytes) -> Self {
        Self(sealed.into_parts())
    }
}

impl From<Bytes> for Payload {
    fn from(bytes: Bytes) -> Self {
        Self(if bytes.is_empty() { Vec::new() } else { vec![bytes] })
    }
}

impl Payload {
    /// Length of all parts together.
    pub(super) fn length_bytes(&self) -> usize {
        self.0.iter().map(Bytes::len).sum()
    }

    /// Writes all parts, as many with each call of the system as it takes.
    pub(super) fn write_to(&self, file: &mut impl Write) -> io::Result<()> {
        let mut slices: Vec<IoSlice<'_>> = self.0.iter().map(|part| IoSlice::new(part)).collect();
        let mut rest = slices.as_mut_slice();
        while !rest.is_empty() {
            match file.write_vectored(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => IoSlice::advance_slices(&mut rest, written),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The payload of one request.
    pub(super) fn whole(self) -> PutPayload {
        self.0.into_iter().collect()
    }

    /// The payloads of several requests, each of `length_bytes` but the last, which is what is left.
    pub(super) fn cut(self, length_bytes: usize) -> Vec<PutPayload> {
        let (mut payloads, mut current, mut room) = (Vec::new(), Vec::new(), length_bytes);
        for mut part in self.0 {
            while !part.is_empty() {
                let piece = part.split_to(part.len().min(room));
                room -= piece.len();
                current.push(piece);
                if room == 0 {
                    payloads.push(mem::take(&mut current).into_iter().collect());
                    room = length_bytes;
                }
            }
        }
        if !current.is_empty() {
            payloads.push(current.into_iter().collect());
        }
        payloads
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn payload() -> Payload {
        Payload(["ab", "cdefg", "h", "ij"].map(|part| Bytes::from_static(part.as_bytes())).to_vec())
    }

    /// Takes at most `at_once` bytes a call, and is interrupted before each.
    struct Slow {
        at_once: usize,
        interrupted: bool,
        written: Vec<u8>,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.interrupted = !self.interrupted;
            if self.interrupted {
                return Err(ErrorKind::Interrupted.into());
            }
            let taken = bytes.iter().take(self.at_once);
            self.written.extend(taken.clone());
            Ok(taken.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn all_parts_are_written_in_order_however_little_the_system_takes_at_once() {
        for at_once in [1, 2, 3, 100] {
            let mut slow = Slow { at_once, interrupted: false, written: Vec::new() };
            payload().write_to(&mut slow).unwrap();
            assert_eq!(slow.written, b"abcdefghij", "{at_once}");
        }
        let mut written = Vec::new();
        payload().write_to(&mut written).unwrap();
        assert_eq!(written, b"abcdefghij");
    }

    #[test]
    fn a_file_that_takes_nothing_is_an_error() {
        let mut full = Slow { at_once: 0, interrupted: false, written: Vec::new() };
        assert_eq!(payload().write_to(&mut full).unwrap_err().kind(), ErrorKind::WriteZero);
    }

    #[test]
    fn a_payload_is_cut_at_exact_lengths_whatever_its_parts_are() {
        let cut = |length_bytes| {
            let payloads = payload().cut(length_bytes).into_iter();
            payloads.map(|payload| String::from_utf8(Bytes::from(payload).to_vec()).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(cut(3), ["abc", "def", "ghi", "j"]);
        assert_eq!(cut(5), ["abcde", "fghij"]);
        assert_eq!(cut(10), ["abcdefghij"]);
        assert_eq!(cut(100), ["abcdefghij"]);
        assert_eq!((payload().length_bytes(), Bytes::from(payload().whole())), (10, Bytes::from("abcdefghij")));
        let empty = || Payload::from(Bytes::new());
        assert_eq!((empty().length_bytes(), empty().cut(3).len(), empty().whole().content_length()), (0, 0, 0));
    }
}
