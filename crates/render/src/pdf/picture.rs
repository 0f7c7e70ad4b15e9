//! Image XObjects (ISO 32000-1, 8.9.5): JPEG as it is, all else with the PNG predictors and deflate.

use super::PdfError;
use super::file::File;
use super::number::{push_reference, push_unsigned};
use super::stream::Stream;
use crate::document::InkKind;
use crate::picture::{Picture, PictureData};

/// A picture's streams, ready for any file.
pub(super) struct PictureStreams {
    samples: Stream,
    alpha: Option<Stream>,
    /// The inside of the dictionaries, without the reference to the mask.
    dictionary: Vec<u8>,
    alpha_dictionary: Vec<u8>,
}

impl PictureStreams {
    /// Makes the streams, and tells how many bytes they and the picture take.
    pub(super) fn make(picture: &Picture, compressed: bool) -> Result<(Self, usize), PdfError> {
        let sized = |width: u32, height: u32, space: &[u8]| {
            let mut out = b"/Type/XObject/Subtype/Image/BitsPerComponent 8/Width ".to_vec();
            push_unsigned(&mut out, u64::from(width));
            out.extend_from_slice(b"/Height ");
            push_unsigned(&mut out, u64::from(height));
            out.extend_from_slice(b"/ColorSpace/");
            out.extend_from_slice(space);
            out
        };
        let head = |space: &[u8], channels: u8, predicted: bool| {
            let mut out = sized(picture.width, picture.height, space);
            if predicted {
                out.extend_from_slice(b"/DecodeParms<</Predictor 15/Colors ");
                push_unsigned(&mut out, u64::from(channels));
                out.extend_from_slice(b"/Columns ");
                push_unsigned(&mut out, u64::from(picture.width));
                out.extend_from_slice(b">>");
            }
            out
        };
        let row = usize::try_from(picture.width).unwrap_or(usize::MAX);
        let stream = |samples: &[u8], channels: u8| {
            let data = if compressed {
                predict(samples, row.saturating_mul(usize::from(channels)), usize::from(channels))
            } else {
                samples.to_vec()
            };
            Stream::new(data, compressed)
        };
        let (samples, dictionary, source_size_bytes) = match &picture.data {
            PictureData::Jpeg { bytes, components, inverted } => {
                let space: &[u8] = match components {
                    1 => b"DeviceGray",
                    4 => b"DeviceCMYK",
                    _ => b"DeviceRGB",
                };
                let mut dictionary = head(space, *components, false);
                dictionary.extend_from_slice(b"/Filter/DCTDecode");
                if *inverted {
                    dictionary.extend_from_slice(b"/Decode[1 0 1 0 1 0 1 0]");
                }
                (Stream::new(bytes.clone(), false)?, dictionary, bytes.len())
            }
            PictureData::Grey(samples) => (stream(samples, 1)?, head(b"DeviceGray", 1, compressed), samples.len()),
            PictureData::Flat(color) => {
                let (samples, space) = match color.ink.kind() {
                    // A quarter of a percent is lost at most.
                    InkKind::Process(inks) => {
                        (inks.map(|percent| percent * 5 / 2 + percent / 20).to_vec(), &b"DeviceCMYK"[..])
                    }
                    _ => (vec![color.red, color.green, color.blue], &b"DeviceRGB"[..]),
                };
                (Stream::new(samples, false)?, sized(1, 1, space), 0)
            }
            PictureData::Rgb(samples) => (stream(samples, 3)?, head(b"DeviceRGB", 3, compressed), samples.len()),
        };
        let alpha = picture.alpha.as_ref().map(|alpha| stream(alpha, 1)).transpose()?;
        let size_bytes = source_size_bytes
            + samples.size_bytes()
            + picture.alpha.as_ref().map_or(0, Vec::len)
            + alpha.as_ref().map_or(0, Stream::size_bytes);
        let alpha_dictionary = head(b"DeviceGray", 1, compressed);
        Ok((Self { samples, alpha, dictionary, alpha_dictionary }, size_bytes))
    }

    /// Writes the picture, and its mask if it has one.
    pub(super) fn write(&self, file: &mut File<'_>, id: u32) {
        let mut dictionary = self.dictionary.clone();
        if let Some(alpha) = &self.alpha {
            let mask = file.reserve();
            alpha.write(file, mask, &self.alpha_dictionary);
            dictionary.extend_from_slice(b"/SMask ");
            push_reference(&mut dictionary, mask);
        }
        self.samples.write(file, id, &dictionary);
    }
}

/// Filters rows as PNG does (RFC 2083, clause 6): for each row the filter whose differences are smallest.
fn predict(samples: &[u8], row_length: usize, channels: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(samples.len() + samples.len() / row_length.max(1) + 1);
    let blank = vec![0; row_length];
    let mut above: &[u8] = &blank;
    let mut candidates: [Vec<u8>; 4] = std::array::from_fn(|_| Vec::with_capacity(row_length));
    for row in samples.chunks(row_length.max(1)) {
        for candidate in &mut candidates {
            candidate.clear();
        }
        let [plain, left, up, paeth] = &mut candidates;
        plain.extend_from_slice(row);
        let zeros = std::iter::repeat_n(&0, channels);
        let lefts = zeros.clone().chain(row);
        let corners = zeros.chain(above);
        for (((&sample, &a), &b), &c) in row.iter().zip(lefts).zip(above).zip(corners) {
            left.push(sample.wrapping_sub(a));
            up.push(sample.wrapping_sub(b));
            paeth.push(sample.wrapping_sub(nearest(a, b, c)));
        }
        let cost = |candidate: &Vec<u8>| -> u64 {
            candidate.iter().map(|&byte| u64::from(byte.min(byte.wrapping_neg()))).sum()
        };
        let chosen = [(0, plain), (1, left), (2, up), (4, paeth)].into_iter().min_by_key(|(_, row)| cost(row));
        if let Some((filter, filtered)) = chosen {
            out.push(filter);
            out.extend_from_slice(filtered);
        }
        above = row;
    }
    out
}

/// Paeth's predictor (RFC 2083, 6.6).
fn nearest(left: u8, above: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(above), i16::from(corner));
    let estimate = a + b - c;
    let (to_a, to_b, to_c) = ((estimate - a).abs(), (estimate - b).abs(), (estimate - c).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        above
    } else {
        corner
    }
}
