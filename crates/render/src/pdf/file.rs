//! The file around the objects: object streams and the cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8), or
//! plain objects and the cross-reference table of PDF 1.4.

use super::PdfError;
use super::cache::Buffers;
use super::deflate::Deflater;
use super::number::{push_hexadecimal, push_reference, push_unsigned};
use crate::conformance::FileVersion;

/// Bytes in one object stream before the next is begun. A reader inflates a whole stream to get at one object.
const PACKED_SIZE_BYTES_MAX: usize = 100_000;

/// Streams shorter than this are stored as they are: inflating would cost more than it saves.
const COMPRESSED_SIZE_BYTES_MIN: usize = 96;

/// Where an object is to be found.
#[derive(Clone, Copy)]
pub(super) enum Entry {
    /// Reserved, not yet written.
    Free,
    /// At an offset of the file.
    Offset(usize),
    /// At an index of an object stream.
    Packed { stream: u32, index: u32 },
}

/// Collects objects and writes the file.
pub(super) struct File<'a> {
    /// What the file says it is.
    pub(super) version: FileVersion,
    /// Whether its pages go to a press, and so are blended in its inks.
    pub(super) is_print: bool,
    /// The profile of colours that are not told in inks, in a file whose output intent is a press.
    pub(super) rgb_profile: Option<u32>,
    out: Vec<u8>,
    buffers: &'a mut Buffers,
    deflater: Option<&'a mut Deflater>,
    /// Objects in the open object stream.
    packed_count: u32,
    packed_stream: u32,
    /// Whether a plain object is being written, which only PDF 1.4 has beside streams.
    is_open: bool,
}

impl<'a> File<'a> {
    /// Begins a file. Without a deflater nothing is compressed.
    pub(super) fn new(version: FileVersion, buffers: &'a mut Buffers, deflater: Option<&'a mut Deflater>) -> Self {
        buffers.entries.clear();
        buffers.entries.push(Entry::Free);
        buffers.packed_head.clear();
        buffers.packed_body.clear();
        let mut out = Vec::with_capacity(buffers.size_hint_bytes);
        out.extend_from_slice(match version {
            FileVersion::Pdf14 => b"%PDF-1.4",
            FileVersion::Pdf16 => b"%PDF-1.6",
            FileVersion::Pdf17 => b"%PDF-1.7",
            FileVersion::Pdf20 => b"%PDF-2.0",
        });
        // Four bytes above 127 tell transfer programs that this is no text (7.5.2).
        out.extend_from_slice(b"\n%\xE2\xE3\xCF\xD3\n");
        Self {
            version,
            is_print: false,
            rgb_profile: None,
            out,
            buffers,
            deflater,
            packed_count: 0,
            packed_stream: 0,
            is_open: false,
        }
    }

    /// The dictionary of groups that are blended in the colours of the file (ISO 32000-1, 11.6.6).
    pub(super) fn group(&self) -> &'static [u8] {
        if self.is_print {
            b"/Group<</S/Transparency/CS/DeviceCMYK>>"
        } else {
            b"/Group<</S/Transparency/CS/DeviceRGB>>"
        }
    }

    /// A fingerprint of what was written so far.
    pub(super) fn fingerprint(&self) -> [u8; 16] {
        digest(&self.out)
    }

    /// Takes the next object number.
    pub(super) fn reserve(&mut self) -> u32 {
        self.reserve_block(1)
    }

    /// Takes as many object numbers in a row, and gives the first.
    pub(super) fn reserve_block(&mut self, count: usize) -> u32 {
        let first = self.buffers.entries.len();
        self.buffers.entries.resize(first + count, Entry::Free);
        u32::try_from(first).unwrap_or(u32::MAX)
    }

    /// Begins an object that is no stream; its content is written to the buffer that this gives.
    pub(super) fn object(&mut self, id: u32) -> Result<&mut Vec<u8>, PdfError> {
        if self.version == FileVersion::Pdf14 {
            self.open_plain(id);
            self.out.push(b'\n');
            self.is_open = true;
            return Ok(&mut self.out);
        }
        if self.buffers.packed_body.len() > PACKED_SIZE_BYTES_MAX {
            self.close_packed()?;
        }
        if self.packed_count == 0 {
            self.packed_stream = self.reserve();
        }
        self.enter(id, Entry::Packed { stream: self.packed_stream, index: self.packed_count });
        self.packed_count += 1;
        let Buffers { packed_head, packed_body, .. } = &mut *self.buffers;
        if !packed_body.is_empty() {
            packed_body.push(b'\n');
        }
        push_unsigned(packed_head, u64::from(id));
        packed_head.push(b' ');
        push_unsigned(packed_head, packed_body.len() as u64);
        packed_head.push(b' ');
        Ok(packed_body)
    }

    /// Writes a stream, compressed when that is asked for and worth it. `dictionary` is the inside of the stream's
    /// dictionary, without length and filter.
    pub(super) fn stream(&mut self, id: u32, dictionary: &[u8], data: &[u8]) -> Result<(), PdfError> {
        self.stream_of_parts(id, dictionary, &[data])
    }

    /// Writes a stream whose data is already filtered (or never is).
    pub(super) fn finished_stream(&mut self, id: u32, dictionary: &[u8], data: &[u8]) {
        self.begin_stream(id, dictionary, data.len());
        self.out.extend_from_slice(data);
        self.out.extend_from_slice(b"\nendstream\nendobj\n");
    }

    fn stream_of_parts(&mut self, id: u32, dictionary: &[u8], parts: &[&[u8]]) -> Result<(), PdfError> {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        match self.deflater.take() {
            Some(deflater) if length >= COMPRESSED_SIZE_BYTES_MIN => {
                let compressed = deflater.compress(parts)?;
                self.begin_stream(id, &[dictionary, b"/Filter/FlateDecode"].concat(), compressed.len());
                self.out.extend_from_slice(compressed);
                self.deflater = Some(deflater);
            }
            deflater => {
                self.deflater = deflater;
                self.begin_stream(id, dictionary, length);
                for part in parts {
                    self.out.extend_from_slice(part);
                }
            }
        }
        self.out.extend_from_slice(b"\nendstream\nendobj\n");
        Ok(())
    }

    /// Begins an object of the file itself.
    fn open_plain(&mut self, id: u32) {
        self.close_plain();
        self.enter(id, Entry::Offset(self.out.len()));
        push_unsigned(&mut self.out, u64::from(id));
        self.out.extend_from_slice(b" 0 obj");
    }

    fn close_plain(&mut self) {
        if std::mem::take(&mut self.is_open) {
            self.out.extend_from_slice(b"\nendobj\n");
        }
    }

    fn begin_stream(&mut self, id: u32, dictionary: &[u8], length: usize) {
        self.open_plain(id);
        self.out.extend_from_slice(b"\n<<");
        self.out.extend_from_slice(dictionary);
        self.out.extend_from_slice(b"/Length ");
        push_unsigned(&mut self.out, length as u64);
        self.out.extend_from_slice(b">>stream\n");
    }

    fn enter(&mut self, id: u32, entry: Entry) {
        if let Some(place) = self.buffers.entries.get_mut(id as usize) {
            *place = entry;
        }
    }

    fn close_packed(&mut self) -> Result<(), PdfError> {
        if self.packed_count == 0 {
            return Ok(());
        }
        let head = std::mem::take(&mut self.buffers.packed_head);
        let body = std::mem::take(&mut self.buffers.packed_body);
        let mut dictionary = b"/Type/ObjStm/N ".to_vec();
        push_unsigned(&mut dictionary, u64::from(self.packed_count));
        dictionary.extend_from_slice(b"/First ");
        push_unsigned(&mut dictionary, head.len() as u64);
        let result = self.stream_of_parts(self.packed_stream, &dictionary, &[&head, &body]);
        self.buffers.packed_head = head;
        self.buffers.packed_body = body;
        self.buffers.packed_head.clear();
        self.buffers.packed_body.clear();
        self.packed_count = 0;
        result
    }

    /// Writes what is left, the cross-references and the end. The file's id is made from its bytes.
    pub(super) fn finish(mut self, catalog: u32, information: Option<u32>) -> Result<Vec<u8>, PdfError> {
        self.close_packed()?;
        self.close_plain();
        let is_plain = self.version == FileVersion::Pdf14;
        let id = if is_plain { 0 } else { self.reserve() };
        let offset = self.out.len();
        if !is_plain {
            self.enter(id, Entry::Offset(offset));
        }
        let mut trailer = b"/Size ".to_vec();
        push_unsigned(&mut trailer, self.buffers.entries.len() as u64);
        if !is_plain {
            trailer.extend_from_slice(b"/W[1 4 2]");
        }
        trailer.extend_from_slice(b"/Root ");
        push_reference(&mut trailer, catalog);
        if let Some(information) = information {
            trailer.extend_from_slice(b"/Info ");
            push_reference(&mut trailer, information);
        }
        push_id(&mut trailer, &self.out);

        if is_plain {
            self.plain_end(&trailer);
        } else {
            self.stream_end(id, &trailer)?;
        }
        self.out.extend_from_slice(b"startxref\n");
        push_unsigned(&mut self.out, offset as u64);
        self.out.extend_from_slice(b"\n%%EOF\n");
        self.buffers.size_hint_bytes = self.out.len() + self.out.len() / 8;
        Ok(self.out)
    }

    /// The cross-reference stream, which is the trailer too.
    fn stream_end(&mut self, id: u32, trailer: &[u8]) -> Result<(), PdfError> {
        let mut dictionary = b"/Type/XRef".to_vec();
        dictionary.extend_from_slice(trailer);
        let mut table = std::mem::take(&mut self.buffers.table);
        table.clear();
        let compressed = self.deflater.is_some() && self.buffers.entries.len() >= PREDICTED_ENTRY_COUNT_MIN;
        write_table(&self.buffers.entries, compressed, &mut table);
        let result = if compressed {
            dictionary.extend_from_slice(b"/DecodeParms<</Predictor 12/Columns 7>>");
            self.stream_of_parts(id, &dictionary, &[&table])
        } else {
            self.finished_stream(id, &dictionary, &table);
            Ok(())
        };
        self.buffers.table = table;
        result
    }

    /// The cross-reference table, entries of 20 bytes (PDF Reference 1.4, 3.4.3), and the trailer.
    fn plain_end(&mut self, trailer: &[u8]) {
        self.out.extend_from_slice(b"xref\n0 ");
        push_unsigned(&mut self.out, self.buffers.entries.len() as u64);
        self.out.push(b'\n');
        for entry in &self.buffers.entries {
            let (offset, rest) = match *entry {
                Entry::Offset(offset) => (offset, b" 00000 n \n"),
                Entry::Free | Entry::Packed { .. } => (0, b" 65535 f \n"),
            };
            self.out.extend_from_slice(format!("{offset:010}").as_bytes());
            self.out.extend_from_slice(rest);
        }
        self.out.extend_from_slice(b"trailer\n<<");
        self.out.extend_from_slice(trailer);
        self.out.extend_from_slice(b">>\n");
    }
}

/// Writes the file's id, made from its bytes (14.4).
fn push_id(out: &mut Vec<u8>, bytes: &[u8]) {
    let digest = digest(bytes);
    out.extend_from_slice(b"/ID[");
    for _ in 0..2 {
        out.push(b'<');
        for byte in digest {
            push_hexadecimal(out, byte);
        }
        out.push(b'>');
    }
    out.push(b']');
}

/// Cross-reference entries from which on compressing them pays.
const PREDICTED_ENTRY_COUNT_MIN: usize = 40;

/// Seven bytes an entry: kind, offset or stream (4), index (2). With the predictor "up" (RFC 2083, 6.4), rows in a
/// sequence become equal, and deflate makes them vanish.
fn write_table(entries: &[Entry], predicted: bool, table: &mut Vec<u8>) {
    let mut above = [0_u8; 7];
    for (place, entry) in entries.iter().enumerate() {
        let (kind, middle, last) = match *entry {
            Entry::Free if place == 0 => (0, 0, 65_535),
            Entry::Free => (0, 0, 0),
            Entry::Offset(offset) => (1, u32::try_from(offset).unwrap_or(u32::MAX), 0),
            Entry::Packed { stream, index } => (2, stream, u16::try_from(index).unwrap_or(u16::MAX)),
        };
        let ([a, b, c, d], [e, f]) = (middle.to_be_bytes(), last.to_be_bytes());
        let row = [kind, a, b, c, d, e, f];
        if predicted {
            table.push(2);
            table.extend(row.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(above)));
            above = row;
        } else {
            table.extend_from_slice(&row);
        }
    }
}

/// A 128-bit fingerprint of the file's bytes. It names a file (14.4), it protects nothing.
fn digest(bytes: &[u8]) -> [u8; 16] {
    const FACTORS: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F];
    let mut state = [bytes.len() as u64, 0x5851_F42D_4C95_7F2D];
    let mix = |state: u64, word: u64, factor: u64| {
        let product = u128::from(state ^ word).wrapping_mul(u128::from(factor));
        let [low, high] = [product & u128::from(u64::MAX), product >> 64];
        u64::try_from(low ^ high).unwrap_or_default().wrapping_add(word.rotate_left(31))
    };
    let (words, tail) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    for (place, &byte) in last.iter_mut().zip(tail) {
        *place = byte;
    }
    for &word in words.iter().chain([&last, &last]) {
        let word = u64::from_le_bytes(word);
        state = [mix(state[0], word, FACTORS[0]), mix(state[1], word, FACTORS[1])];
    }
    u128::to_be_bytes(u128::from(state[0]) << 64 | u128::from(state[1]))
}
