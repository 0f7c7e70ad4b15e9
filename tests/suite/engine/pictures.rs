//! Golden pictures: where they are, and when two are the same.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::case::{Case, CaseFile, folder};

/// How far a channel of a pixel may be away, of 255: edges are smoothed a little otherwise by another version of the
/// rasteriser, or on another processor.
const CHANNEL_DISTANCE_MAX: u8 = 40;

/// How many pixels may be further away: one in this many.
const DIFFERENT_PIXELS_ONE_IN: usize = 1_000;

/// A picture as red, green, blue and alpha of its pixels.
pub(crate) struct Pixels {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgba: Vec<u8>,
}

/// The golden picture of a case.
pub(crate) fn path(file: &CaseFile, case: &Case) -> PathBuf {
    folder().join("golden").join(&file.name).join(format!("{}.png", slug(&case.name)))
}

/// A path as people see it.
pub(crate) fn relative(path: &Path) -> String {
    path.strip_prefix(folder()).unwrap_or(path).display().to_string()
}

/// A name as part of a path: letters, digits and hyphens.
pub(crate) fn slug(name: &str) -> String {
    let words: Vec<String> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.join("-")
}

/// Golden pictures that no case asks for.
pub(crate) fn unreferenced(files: &[CaseFile]) -> Vec<String> {
    let mut wanted = BTreeSet::new();
    for file in files {
        wanted.extend(file.cases.iter().filter(|case| case.answer("picture").is_some()).map(|case| path(file, case)));
    }
    all().into_iter().filter(|path| !wanted.contains(path)).map(|path| relative(&path)).collect()
}

/// Bytes of all golden pictures.
pub(crate) fn total_size_bytes() -> u64 {
    all().iter().map(|path| path.metadata().map_or(0, |metadata| metadata.len())).sum()
}

fn all() -> Vec<PathBuf> {
    let mut pictures = Vec::new();
    let mut folders = vec![folder().join("golden")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                pictures.push(path);
            }
        }
    }
    pictures.sort();
    pictures
}

/// What is different between two pictures; nothing, when they are the same within the tolerance.
pub(crate) fn compare(golden: &[u8], got: &[u8]) -> Option<String> {
    if golden == got {
        return None;
    }
    let (golden, got) = match (decode(golden), decode(got)) {
        (Ok(golden), Ok(got)) => (golden, got),
        (Err(error), _) => return Some(format!("the golden picture cannot be read: {error}")),
        (_, Err(error)) => return Some(format!("the new picture cannot be read: {error}")),
    };
    if (golden.width, golden.height) != (got.width, got.height) {
        return Some(format!("{} × {} pixels instead of {} × {}", got.width, got.height, golden.width, golden.height));
    }
    let count = different(&golden, &got).filter(|is_different| *is_different).count();
    let allowed = golden.rgba.len() / 4 / DIFFERENT_PIXELS_ONE_IN;
    (count > allowed).then(|| format!("{count} pixels are different, {allowed} may be"))
}

/// For each pixel whether it is different.
fn different<'p>(first: &'p Pixels, second: &'p Pixels) -> impl Iterator<Item = bool> + 'p {
    let far = |(a, b): (&u8, &u8)| a.abs_diff(*b) > CHANNEL_DISTANCE_MAX;
    let pairs = first.rgba.chunks_exact(4).zip(second.rgba.chunks_exact(4));
    pairs.map(move |(a, b)| a.iter().zip(b).any(far))
}

/// A picture that shows where two are different: red, on the faded golden picture.
pub(crate) fn difference(golden: &[u8], got: &[u8]) -> Option<Vec<u8>> {
    let (golden, got) = (decode(golden).ok()?, decode(got).ok()?);
    if (golden.width, golden.height) != (got.width, got.height) {
        return None;
    }
    let mut rgba = Vec::with_capacity(golden.rgba.len());
    for (pixel, is_different) in golden.rgba.chunks_exact(4).zip(different(&golden, &got)) {
        match is_different {
            true => rgba.extend([220, 0, 0, 255]),
            false => rgba.extend(pixel.iter().map(|channel| 192 + channel / 4)),
        }
    }
    encode(&Pixels { width: golden.width, height: golden.height, rgba }).ok()
}

fn decode(bytes: &[u8]) -> Result<Pixels, png::DecodingError> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
    let mut reader = decoder.read_info()?;
    let mut buffer = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let info = reader.next_frame(&mut buffer)?;
    let samples = &buffer[..info.buffer_size()];
    let rgba = match info.color_type {
        png::ColorType::GrayscaleAlpha => {
            samples.chunks_exact(2).flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]]).collect()
        }
        _ => samples.to_vec(),
    };
    Ok(Pixels { width: info.width, height: info.height, rgba })
}

fn encode(pixels: &Pixels) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width, pixels.height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels.rgba)?;
    writer.finish()?;
    Ok(bytes)
}

#[test]
fn pictures_are_the_same_within_the_tolerance_and_not_beyond_it() {
    let grey = |levels: &[u8]| {
        let rgba = levels.iter().flat_map(|level| [*level, *level, *level, 255]).collect();
        encode(&Pixels { width: 50, height: 40, rgba }).unwrap()
    };
    let (white, mut near) = (vec![255; 2_000], vec![255 - CHANNEL_DISTANCE_MAX; 2_000]);
    near[7] = 0;
    near[8] = 0;
    assert_eq!(compare(&grey(&white), &grey(&near)), None);
    near[9] = 0;
    assert_eq!(compare(&grey(&white), &grey(&near)).unwrap(), "3 pixels are different, 2 may be");
    let small = encode(&Pixels { width: 1, height: 1, rgba: vec![0, 0, 0, 255] }).unwrap();
    assert_eq!(compare(&grey(&white), &small).unwrap(), "1 × 1 pixels instead of 50 × 40");
    assert!(difference(&grey(&white), &grey(&near)).is_some() && difference(&grey(&white), &small).is_none());
    assert_eq!(slug("A table – with `zebra`, twice"), "a-table-with-zebra-twice");
}
