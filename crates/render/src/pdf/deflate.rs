//! Compresses streams with one deflate state that is kept between documents.

use libdeflater::{CompressionLvl, Compressor};

use super::PdfError;

/// A deflate state for one level, with the memory that it needs.
pub(super) struct Deflater {
    level: u8,
    state: Compressor,
    joined: Vec<u8>,
    compressed: Vec<u8>,
}

impl Deflater {
    /// Makes a state for a level from 1 to 9; this takes memory that is worth keeping.
    pub(super) fn new(level: u8) -> Self {
        let lvl = CompressionLvl::new(i32::from(level.clamp(1, 9))).unwrap_or_default();
        Self { level, state: Compressor::new(lvl), joined: Vec::new(), compressed: Vec::new() }
    }

    /// Which level it compresses at.
    pub(super) fn level(&self) -> u8 {
        self.level
    }

    /// The zlib stream of all parts, one after the other.
    pub(super) fn compress(&mut self, parts: &[&[u8]]) -> Result<&[u8], PdfError> {
        let data = if let [one] = parts {
            one
        } else {
            self.joined.clear();
            parts.iter().for_each(|part| self.joined.extend_from_slice(part));
            self.joined.as_slice()
        };
        let length_max = self.state.zlib_compress_bound(data.len());
        if self.compressed.len() < length_max {
            self.compressed.resize(length_max, 0);
        }
        let length = self.state.zlib_compress(data, &mut self.compressed).map_err(|_| PdfError::Deflate)?;
        Ok(self.compressed.get(..length).unwrap_or_default())
    }

    /// Gives back buffers that are larger than that.
    pub(super) fn trim(&mut self, size_bytes_max: usize) {
        for buffer in [&mut self.joined, &mut self.compressed] {
            if buffer.capacity() > size_bytes_max {
                *buffer = Vec::new();
            }
        }
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
                assert_eq!(inflate(deflater.compress(parts).unwrap()), parts.concat());
            }
        }
    }

    #[test]
    fn a_used_state_gives_the_same_bytes_as_a_new_one() {
        let (mut used, mut fresh) = (Deflater::new(1), Deflater::new(1));
        used.compress(&[&[1; 9_999]]).unwrap();
        let text = b"the same text, the same bytes";
        assert_eq!(used.compress(&[text]).unwrap(), fresh.compress(&[text]).unwrap());
    }
}
