//! Compresses streams with one deflate state that is kept between documents.

use flate2::{Compress, Compression, FlushCompress, Status};

use super::PdfError;

/// A deflate state for one level.
pub(super) struct Deflater {
    level: u8,
    state: Compress,
}

impl Deflater {
    /// Makes a state; this takes memory that is worth keeping.
    pub(super) fn new(level: u8) -> Self {
        Self { level, state: Compress::new(Compression::new(u32::from(level.min(9))), true) }
    }

    /// Which level it compresses at.
    pub(super) fn level(&self) -> u8 {
        self.level
    }

    /// Appends the zlib stream of all parts, one after the other, to `out`.
    pub(super) fn compress(&mut self, parts: &[&[u8]], out: &mut Vec<u8>) -> Result<(), PdfError> {
        self.state.reset();
        let length: usize = parts.iter().map(|part| part.len()).sum();
        // Typical streams shrink to a quarter; what does not gets its room in the loop below.
        out.reserve(length / 3 + 64);
        let count = parts.len();
        for (place, part) in parts.iter().enumerate() {
            let last = place + 1 == count;
            let flush = if last { FlushCompress::Finish } else { FlushCompress::None };
            let mut rest = *part;
            loop {
                let before = self.state.total_in();
                let status = self.state.compress_vec(rest, out, flush).map_err(|_| PdfError::Deflate)?;
                let taken = usize::try_from(self.state.total_in() - before).map_err(|_| PdfError::Deflate)?;
                rest = rest.get(taken..).unwrap_or_default();
                let done = if last { status == Status::StreamEnd } else { rest.is_empty() };
                if done {
                    break;
                }
                out.reserve(rest.len() / 2 + 64);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::io::Read as _;

    use super::Deflater;

    fn inflate(bytes: &[u8]) -> Vec<u8> {
        let mut result = Vec::new();
        flate2::read::ZlibDecoder::new(bytes).read_to_end(&mut result).unwrap();
        result
    }

    #[test]
    fn parts_inflate_to_one_text_and_the_state_can_be_used_again() {
        let noise: Vec<u8> =
            (0..100_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24).to_be_bytes()[3]).collect();
        for level in 1..=9 {
            let mut deflater = Deflater::new(level);
            for parts in [&[&b""[..]][..], &[b"a", b""], &[b"first ", b"second"], &[&noise, &[7; 70_000], &noise]] {
                let mut out = b"before".to_vec();
                deflater.compress(parts, &mut out).unwrap();
                assert_eq!(inflate(out.strip_prefix(b"before").unwrap()), parts.concat());
            }
        }
    }

    #[test]
    fn a_used_state_gives_the_same_bytes_as_a_new_one() {
        let (mut used, mut fresh) = (Deflater::new(1), Deflater::new(1));
        used.compress(&[&[1; 9_999]], &mut Vec::new()).unwrap();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        used.compress(&[b"the same text, the same bytes"], &mut first).unwrap();
        fresh.compress(&[b"the same text, the same bytes"], &mut second).unwrap();
        assert_eq!(first, second);
    }
}
