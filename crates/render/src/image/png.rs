//! Writes PNG (ISO/IEC 15948) from the pixels of pages: mostly paper, few colours, rows that come again.

use std::io::Write as _;

use ::png::{BitDepth, ColorType, Encoder};
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::ImageError;
use super::palette::Palette;

/// Deflate's level: the lowest that makes codes of its own for each block, a quarter smaller than below. Levels above
/// gain a hundredth each and cost as much as drawing the page.
const DEFLATE_LEVEL: u32 = 2;

/// Filter types (ISO/IEC 15948, 9.2).
const PLAIN: u8 = 0;
const SUB: u8 = 1;

/// How pixels are written.
enum Form {
    Grey,
    Indexed(Palette),
    Rgb,
    Rgba,
}

/// Writes pixels of red, green, blue and alpha. Alpha is only written when it is asked for.
pub(super) fn write(pixels: &[[u8; 4]], width: u32, height: u32, transparent: bool) -> Result<Vec<u8>, ImageError> {
    let row_length = usize::try_from(width).unwrap_or(usize::MAX).max(1);
    let form = if transparent { Form::Rgba } else { form(pixels, row_length) };
    let filter = if is_flat(pixels, row_length) { PLAIN } else { SUB };

    let mut data = ZlibEncoder::new(Vec::with_capacity(pixels.len() / 8 + 1_024), Compression::new(DEFLATE_LEVEL));
    let mut line = Vec::with_capacity(row_length.saturating_mul(4).saturating_add(1));
    let mut before: Option<&[[u8; 4]]> = None;
    for row in pixels.chunks(row_length) {
        // Most rows are as the one before: paper, or the inside of a box.
        if before != Some(row) {
            line.clear();
            line.push(filter);
            push_row(&mut line, row, &form);
            if filter == SUB {
                subtract_left(&mut line, form.channel_count());
            }
            before = Some(row);
        }
        data.write_all(&line).map_err(failed)?;
    }
    file(width, height, &form, &data.finish().map_err(failed)?)
}

/// Writes samples of a colour type as they are.
pub(super) fn write_samples(
    (width, height): (u32, u32),
    color: ColorType,
    samples: &[u8],
) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::with_capacity(samples.len() / 4 + 1_024);
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(samples).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// The smallest form that keeps all colours.
fn form(pixels: &[[u8; 4]], row_length: usize) -> Form {
    let mut palette = Some(Palette::new());
    let mut is_grey = true;
    let (mut last, mut before): (_, Option<&[[u8; 4]]>) = (None, None);
    for row in pixels.chunks(row_length) {
        if before == Some(row) {
            continue;
        }
        before = Some(row);
        for &pixel in row {
            if last == Some(pixel) {
                continue;
            }
            last = Some(pixel);
            let [red, green, blue, _] = pixel;
            is_grey &= red == green && green == blue;
            palette = palette.and_then(|palette| palette.with(pixel));
            if palette.is_none() && !is_grey {
                return Form::Rgb;
            }
        }
    }
    match palette {
        _ if is_grey => Form::Grey,
        Some(palette) => Form::Indexed(palette),
        None => Form::Rgb,
    }
}

/// Rows looked at to tell a drawn page from a photograph: one of so many.
const FLAT_ROW_STEP: usize = 8;

/// Whether most pixels are as their neighbour: then differences gain nothing over what deflate finds itself.
fn is_flat(pixels: &[[u8; 4]], row_length: usize) -> bool {
    let (mut same, mut count) = (0_usize, 0_usize);
    for row in pixels.chunks(row_length).step_by(FLAT_ROW_STEP) {
        same += row.iter().zip(row.iter().skip(1)).filter(|(left, right)| left == right).count();
        count += row.len();
    }
    same.saturating_mul(2) >= count
}

fn push_row(line: &mut Vec<u8>, row: &[[u8; 4]], form: &Form) {
    match form {
        Form::Grey => line.extend(row.iter().map(|&[red, ..]| red)),
        Form::Indexed(palette) => palette.push_indexes(line, row),
        Form::Rgb => {
            let start = line.len();
            line.resize(start + row.len() * 3, 0);
            let samples = line.get_mut(start..).unwrap_or_default();
            for (sample, &[red, green, blue, _]) in samples.as_chunks_mut::<3>().0.iter_mut().zip(row) {
                *sample = [red, green, blue];
            }
        }
        Form::Rgba => line.extend_from_slice(row.as_flattened()),
    }
}

/// Replaces each sample by its difference from the pixel to the left. The first byte is the filter's.
fn subtract_left(line: &mut [u8], channel_count: usize) {
    let Some((_, samples)) = line.split_first_mut() else { return };
    for place in (channel_count..samples.len()).rev() {
        let left = samples.get(place - channel_count).copied().unwrap_or_default();
        if let Some(sample) = samples.get_mut(place) {
            *sample = sample.wrapping_sub(left);
        }
    }
}

impl Form {
    const fn channel_count(&self) -> usize {
        match self {
            Self::Grey | Self::Indexed(_) => 1,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    const fn color_type(&self) -> ColorType {
        match self {
            Self::Grey => ColorType::Grayscale,
            Self::Indexed(_) => ColorType::Indexed,
            Self::Rgb => ColorType::Rgb,
            Self::Rgba => ColorType::Rgba,
        }
    }
}

/// The file around compressed rows.
fn file(width: u32, height: u32, form: &Form, data: &[u8]) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::with_capacity(data.len() + 1_024);
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(form.color_type());
    encoder.set_depth(BitDepth::Eight);
    if let Form::Indexed(palette) = form {
        encoder.set_palette(palette.samples());
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_chunk(::png::chunk::IDAT, data).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

fn failed(error: impl std::fmt::Display) -> ImageError {
    ImageError::Encode { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::write;

    /// Colour type, and the pixels as they are read back.
    fn read(bytes: &[u8]) -> (::png::ColorType, Vec<u8>) {
        let mut decoder = ::png::Decoder::new(std::io::Cursor::new(bytes));
        let kind = decoder.read_header_info().unwrap().color_type;
        decoder.set_transformations(::png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut samples).unwrap();
        samples.truncate(frame.buffer_size());
        (kind, samples)
    }

    fn pixels(color: impl Fn(u32) -> [u8; 3]) -> Vec<[u8; 4]> {
        (0..60 * 40).map(|place| color(place)).map(|[red, green, blue]| [red, green, blue, 255]).collect()
    }

    #[test]
    fn every_form_keeps_every_pixel() {
        let byte = |value: u32| value.to_le_bytes()[0];
        for (pixels, kind) in [
            (pixels(|place| [byte(place / 60 * 6); 3]), ::png::ColorType::Grayscale),
            (pixels(|place| [byte(place / 300), 7, 200]), ::png::ColorType::Indexed),
            (pixels(|place| [byte(place), byte(place / 7), 9]), ::png::ColorType::Rgb),
            (pixels(|place| [byte(place / 60 / 2), byte(place / 60), byte(place / 1_200)]), ::png::ColorType::Indexed),
        ] {
            let (read_kind, samples) = read(&write(&pixels, 60, 40, false).unwrap());
            assert_eq!(read_kind, kind);
            let channels = if kind == ::png::ColorType::Grayscale { 1 } else { 3 };
            let expected: Vec<u8> = pixels.iter().flat_map(|pixel| pixel.iter().take(channels)).copied().collect();
            assert!(samples == expected, "{kind:?}");
        }
        let faint: Vec<[u8; 4]> = (0..60 * 40_u32).map(|place| [1, 2, 3, byte(place)]).collect();
        assert_eq!(
            read(&write(&faint, 60, 40, true).unwrap()),
            (::png::ColorType::Rgba, faint.as_flattened().to_vec())
        );
    }
}
