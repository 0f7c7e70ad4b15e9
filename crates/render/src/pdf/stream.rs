//! A stream's data, kept ready for any file.

use super::PdfError;
use super::deflate::Deflater;
use super::file::File;

/// Data of a stream that is made once and used often.
pub(super) struct Stream {
    data: Vec<u8>,
    compressed: bool,
    /// Bytes before compression.
    pub(super) length: usize,
}

/// What is used often may be compressed well; it costs nothing later.
const KEPT_LEVEL: u8 = 6;

impl Stream {
    /// Takes data, and compresses it if that is wanted.
    pub(super) fn new(data: Vec<u8>, compressed: bool) -> Result<Self, PdfError> {
        let length = data.len();
        if !compressed {
            return Ok(Self { data, compressed, length });
        }
        let data = Deflater::new(KEPT_LEVEL).compress(&[&data])?.to_vec();
        Ok(Self { data, compressed, length })
    }

    /// Bytes as kept.
    pub(super) fn size_bytes(&self) -> usize {
        self.data.len()
    }

    /// Writes it as an object, with the inside of its dictionary.
    pub(super) fn write(&self, file: &mut File<'_>, id: u32, dictionary: &[u8]) {
        if self.compressed {
            file.finished_stream(id, &[dictionary, b"/Filter/FlateDecode"].concat(), &self.data);
        } else {
            file.finished_stream(id, dictionary, &self.data);
        }
    }
}
