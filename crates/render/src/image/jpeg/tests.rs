//! Tests of JPEG writing: what is written is read by another's decoder, beside what another's encoder wrote.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use jpeg_encoder::{ColorType, Encoder};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::code::Code;
use super::write;

/// A page: white, with dark strokes, a box in colour and a picture that changes from pixel to pixel.
fn page(width: u16, height: u16) -> Vec<[u8; 4]> {
    let mut pixels = vec![[255, 255, 255, 255]; usize::from(width) * usize::from(height)];
    let mut noise = 7_u32;
    for y in 0..height {
        for x in 0..width {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let pixel = &mut pixels[usize::from(y) * usize::from(width) + usize::from(x)];
            if (20..60).contains(&x) && (10..30).contains(&y) && (x / 3 + y / 5) % 2 == 0 {
                *pixel = [20, 30, 40, 255];
            } else if (10..50).contains(&x) && (40..70).contains(&y) {
                *pixel = [15, 107, 92, 255];
            } else if (60..100).contains(&x) && (40..90).contains(&y) {
                let wave = (f32::from(x) / 6.0).sin() * 60.0 + (f32::from(y) / 9.0).cos() * 50.0 + 120.0;
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sample")]
                let light = wave as u8;
                *pixel = [light, light / 2 + (noise >> 28) as u8, 200 - light / 2, 255];
            }
        }
    }
    pixels
}

fn rgb(pixels: &[[u8; 4]]) -> Vec<u8> {
    pixels.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect()
}

fn decode(bytes: &[u8]) -> (Vec<u8>, (usize, usize)) {
    let mut decoder = JpegDecoder::new(ZCursor::new(bytes));
    let samples = decoder.decode().unwrap();
    (samples, decoder.dimensions().unwrap())
}

/// Mean of the squares of all differences.
fn error(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    let squares = one.iter().zip(other).map(|(one, other)| (f64::from(*one) - f64::from(*other)).powi(2));
    squares.sum::<f64>() / f64::from(u32::try_from(one.len()).unwrap())
}

#[test]
fn what_is_written_is_as_near_to_the_page_as_what_another_encoder_writes_and_smaller() {
    for (width, height) in [(128, 96), (131, 97), (104, 91)] {
        let pixels = page(width, height);
        for quality in [10, 50, 75, 85, 89, 90, 95, 100] {
            let ours = write(&pixels, (width, height), quality, false);
            let mut theirs = Vec::new();
            Encoder::new(&mut theirs, quality).encode(&rgb(&pixels), width, height, ColorType::Rgb).unwrap();
            let (read, size) = decode(&ours);
            assert_eq!(size, (usize::from(width), usize::from(height)));
            let (our_error, their_error) = (error(&read, &rgb(&pixels)), error(&decode(&theirs).0, &rgb(&pixels)));
            assert!(our_error <= their_error * 1.02 + 0.01, "{width} x {height}, {quality}: {our_error} {their_error}");
            assert!(ours.len() < theirs.len(), "{width} x {height}, {quality}: {} {}", ours.len(), theirs.len());
        }
    }
}

#[test]
fn every_size_and_every_plain_colour_is_read_as_it_was() {
    for (width, height) in [(1, 1), (7, 9), (8, 8), (16, 16), (17, 33), (33, 17), (1, 40), (64, 1)] {
        for color in [[255, 255, 255, 255], [0, 0, 0, 255], [200, 30, 40, 255], [15, 107, 92, 255]] {
            let pixels = vec![color; usize::from(width) * usize::from(height)];
            for quality in [80, 95] {
                let (read, size) = decode(&write(&pixels, (width, height), quality, false));
                assert_eq!(size, (usize::from(width), usize::from(height)));
                let worst = read.iter().zip(rgb(&pixels)).map(|(one, other)| one.abs_diff(other)).max();
                assert!(worst <= Some(3), "{width} x {height} {color:?} {quality}: {worst:?}");
            }
        }
    }
}

#[test]
fn grey_has_one_component() {
    let pixels: Vec<[u8; 4]> = page(90, 70).iter().map(|[red, _, _, alpha]| [*red, *red, *red, *alpha]).collect();
    let bytes = write(&pixels, (90, 70), 85, true);
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&bytes[..]), options);
    let read = decoder.decode().unwrap();
    assert_eq!(decoder.info().unwrap().components, 1);
    let grey: Vec<u8> = pixels.iter().map(|[red, ..]| *red).collect();
    assert!(error(&read, &grey) < 20.0);
}

#[test]
fn paper_takes_next_to_nothing() {
    let bytes = write(&vec![[255; 4]; 1240 * 1754], (1240, 1754), 85, false);
    // Twelve bits a square of 16 x 16 pixels, the tables beside them.
    assert!(bytes.len() < 1240 * 1754 / 256 * 12 / 8 + 800, "{}", bytes.len());
}

#[test]
fn symbols_that_are_very_rare_beside_others_still_have_words_of_sixteen_bits_at_most() {
    // Counts that grow like the numbers of Fibonacci make the longest words.
    let mut counts = [0; 256];
    let (mut count, mut before) = (1_u32, 1_u32);
    for place in &mut counts[..40] {
        *place = count;
        (count, before) = (count + before, count);
    }
    let code = Code::for_counts(0, &counts);
    assert_eq!(code.lengths.len(), 40);
    assert_eq!(code.lengths.iter().map(|(_, length)| *length).max(), Some(16));
    // The words take less than all the room: one with ones only is given to none.
    let taken: u32 = code.lengths.iter().map(|(_, length)| 1 << (16 - length)).sum();
    assert!(taken < 1 << 16, "{taken}");
}
