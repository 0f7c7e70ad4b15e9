//! Tests of PNG decoding; the files are made by the encoder of the `png` crate.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use png::{BitDepth, ColorType, Encoder};

use super::super::{Picture, PictureData, PictureError};
use crate::limits::Limits;

fn encode(
    width: u32,
    height: u32,
    color: ColorType,
    depth: BitDepth,
    palette: Option<(&[u8], &[u8])>,
    data: &[u8],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if let Some((colors, transparency)) = palette {
        encoder.set_palette(colors.to_vec());
        encoder.set_trns(transparency.to_vec());
    }
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    bytes
}

fn decode(bytes: &[u8]) -> Result<Picture, PictureError> {
    super::decode(bytes, &Limits::default())
}

fn grey(picture: &Picture) -> &[u8] {
    match &picture.data {
        PictureData::Grey(samples) => samples,
        other => panic!("not grey: {other:?}"),
    }
}

fn rgb(picture: &Picture) -> &[u8] {
    match &picture.data {
        PictureData::Rgb(samples) => samples,
        other => panic!("not RGB: {other:?}"),
    }
}

#[test]
fn grey_of_one_bit_and_of_sixteen_becomes_eight_bit() {
    let one = decode(&encode(4, 1, ColorType::Grayscale, BitDepth::One, None, &[0b1010_0000])).unwrap();
    assert_eq!(grey(&one), [255, 0, 255, 0]);
    let sixteen =
        decode(&encode(2, 1, ColorType::Grayscale, BitDepth::Sixteen, None, &[0x12, 0x34, 0xFF, 0xFF])).unwrap();
    assert_eq!(grey(&sixteen), [0x12, 0xFF]);
    assert!(one.alpha.is_none() && sixteen.alpha.is_none());
}

#[test]
fn a_palette_with_transparency_becomes_rgb_with_alpha() {
    let palette = (&[255, 0, 0, 0, 0, 255][..], &[255, 64][..]);
    let picture = decode(&encode(2, 1, ColorType::Indexed, BitDepth::Eight, Some(palette), &[1, 0])).unwrap();
    assert_eq!(rgb(&picture), [0, 0, 255, 255, 0, 0]);
    assert_eq!(picture.alpha.as_deref(), Some(&[64, 255][..]));
}

#[test]
fn a_palette_that_ends_within_a_colour_is_an_error() {
    for colors in [[0; 4].as_slice(), &[0; 28]] {
        let bytes = encode(1, 1, ColorType::Indexed, BitDepth::Two, Some((colors, &[255])), &[0]);
        let refused = decode(&bytes).unwrap_err().to_string();
        assert!(refused.contains("palette ends within a colour"), "{refused}");
    }
}

#[test]
fn alpha_is_split_from_the_samples() {
    let picture = decode(&encode(2, 1, ColorType::Rgba, BitDepth::Eight, None, &[1, 2, 3, 4, 5, 6, 7, 8])).unwrap();
    assert_eq!(rgb(&picture), [1, 2, 3, 5, 6, 7]);
    assert_eq!(picture.alpha.as_deref(), Some(&[4, 8][..]));
    let picture = decode(&encode(2, 1, ColorType::GrayscaleAlpha, BitDepth::Eight, None, &[9, 0, 7, 255])).unwrap();
    assert_eq!(grey(&picture), [9, 7]);
    assert_eq!(picture.alpha.as_deref(), Some(&[0, 255][..]));
}

#[test]
fn an_alpha_channel_without_transparency_is_dropped() {
    let picture = decode(&encode(1, 1, ColorType::Rgba, BitDepth::Eight, None, &[1, 2, 3, 255])).unwrap();
    assert_eq!(rgb(&picture), [1, 2, 3]);
    assert!(picture.alpha.is_none());
}

#[test]
fn every_truncation_is_an_error_and_none_panics() {
    let bytes = encode(16, 16, ColorType::Rgb, BitDepth::Eight, None, &[7; 768]);
    // The closing chunk (12 bytes) carries nothing; all before it is needed.
    for length in 8..bytes.len() - 16 {
        assert!(decode(&bytes[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn flipped_bytes_never_panic() {
    let bytes = encode(8, 8, ColorType::Rgba, BitDepth::Eight, None, &[200; 256]);
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x55;
        let _ = decode(&damaged);
    }
}

#[test]
fn huge_dimensions_are_refused_from_the_header_alone() {
    let mut bytes = encode(1, 1, ColorType::Rgb, BitDepth::Eight, None, &[0, 0, 0]);
    bytes[16..24].copy_from_slice(&[0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]);
    let checksum = checksum(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&checksum.to_be_bytes());
    assert!(matches!(decode(&bytes).unwrap_err(), PictureError::PixelCount { width: 0x7FFF_FFFF, .. }));
}

#[test]
fn a_small_file_that_inflates_to_more_pixels_than_allowed_is_refused() {
    let bytes = encode(4_000, 4_000, ColorType::Grayscale, BitDepth::Eight, None, &vec![0; 16_000_000]);
    assert!(bytes.len() < 100_000);
    let limits = Limits { picture_pixels_max: 15_999_999, ..Limits::default() };
    assert!(matches!(super::decode(&bytes, &limits).unwrap_err(), PictureError::PixelCount { .. }));
}

/// CRC-32 as PNG uses it.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    })
}
