//! Tests of JPEG reading; the files are made by the `jpeg-encoder` crate.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use jpeg_encoder::{ColorType, Encoder};

use super::super::{Picture, PictureData, PictureError};
use crate::limits::Limits;

/// Left half red, right half blue, so that turning shows.
fn encode(width: u16, height: u16, color: ColorType, progressive: bool) -> Vec<u8> {
    let mut samples = Vec::new();
    for _ in 0..height {
        for x in 0..width {
            let left = x < width / 2;
            match color {
                ColorType::Luma => samples.push(if left { 0 } else { 255 }),
                ColorType::Cmyk => samples.extend([0, 0, 0, if left { 0 } else { 255 }]),
                _ => samples.extend(if left { [255, 0, 0] } else { [0, 0, 255] }),
            }
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    encoder.set_progressive(progressive);
    encoder.encode(&samples, width, height, color).unwrap();
    bytes
}

/// Puts an EXIF segment with this orientation after the start marker.
fn with_orientation(bytes: &[u8], orientation: u8, little_endian: bool) -> Vec<u8> {
    let mut tiff = Vec::new();
    if little_endian {
        tiff.extend(b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0");
        tiff.extend([orientation, 0, 0, 0]);
    } else {
        tiff.extend(b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01");
        tiff.extend([0, orientation, 0, 0]);
    }
    let mut result = vec![0xFF, 0xD8, 0xFF, 0xE1, 0, u8::try_from(2 + 6 + tiff.len()).unwrap()];
    result.extend(b"Exif\0\0");
    result.extend(tiff);
    result.extend(&bytes[2..]);
    result
}

fn decode(bytes: &[u8]) -> Result<Picture, PictureError> {
    super::decode(bytes, &Limits::default())
}

#[test]
fn an_upright_jpeg_is_passed_through_byte_for_byte() {
    for (color, expected) in [(ColorType::Luma, 1), (ColorType::Rgb, 3), (ColorType::Cmyk, 4)] {
        for progressive in [false, true] {
            let bytes = encode(40, 24, color, progressive);
            let picture = decode(&bytes).unwrap();
            assert_eq!((picture.width, picture.height), (40, 24));
            let PictureData::Jpeg { bytes: kept, components, inverted } = picture.data else { panic!("decoded") };
            assert_eq!((kept, components, inverted), (bytes, expected, expected == 4));
        }
    }
}

#[test]
fn a_sideways_jpeg_is_turned_upright() {
    let bytes = encode(32, 16, ColorType::Rgb, false);
    // 6: the top of the picture is at the right edge of the samples; turn clockwise, so the left half comes on top.
    for little_endian in [false, true] {
        let picture = decode(&with_orientation(&bytes, 6, little_endian)).unwrap();
        assert_eq!((picture.width, picture.height), (16, 32));
        let PictureData::Rgb(samples) = picture.data else { panic!("not decoded") };
        assert!(samples[0] > 200 && samples[2] < 60, "the first row is red");
        let last = samples.len() - 3;
        assert!(samples[last] < 60 && samples[last + 2] > 200, "the last row is blue");
    }
}

#[test]
fn a_sideways_jpeg_in_cmyk_or_grey_is_turned_too() {
    for (color, channels) in [(ColorType::Cmyk, 3), (ColorType::Luma, 1)] {
        let picture = decode(&with_orientation(&encode(32, 16, color, false), 8, true)).unwrap();
        assert_eq!((picture.width, picture.height), (16, 32));
        // The halves that lay side by side lie above each other now.
        let samples = match picture.data {
            PictureData::Rgb(samples) | PictureData::Grey(samples) => samples,
            PictureData::Jpeg { .. } | PictureData::Flat(_) => panic!("not decoded"),
        };
        assert_eq!(samples.len(), 512 * channels);
        assert!(samples[0].abs_diff(samples[samples.len() - 1]) > 200);
    }
}

#[test]
fn orientation_one_and_nonsense_orientations_pass_through() {
    let bytes = encode(16, 16, ColorType::Luma, false);
    for orientation in [0, 1, 9, 200] {
        let picture = decode(&with_orientation(&bytes, orientation, true)).unwrap();
        assert!(matches!(picture.data, PictureData::Jpeg { .. }), "orientation {orientation}");
    }
}

#[test]
fn every_truncation_is_an_error() {
    for bytes in
        [encode(24, 24, ColorType::Rgb, false), with_orientation(&encode(24, 24, ColorType::Rgb, true), 3, false)]
    {
        for length in 3..bytes.len() {
            assert!(decode(&bytes[..length]).is_err(), "{length} bytes");
        }
    }
}

#[test]
fn flipped_bytes_never_panic() {
    let bytes = with_orientation(&encode(16, 16, ColorType::Rgb, true), 8, true);
    for place in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xFF] {
            let mut damaged = bytes.clone();
            damaged[place] ^= flip;
            let _ = decode(&damaged);
        }
    }
}

#[test]
fn more_pixels_than_allowed_are_refused_from_the_header() {
    let mut bytes = encode(16, 16, ColorType::Rgb, false);
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    assert!(matches!(decode(&bytes).unwrap_err(), PictureError::PixelCount { width: 65_535, height: 65_535, .. }));
}
