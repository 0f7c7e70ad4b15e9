//! Reads a JPEG's marker segments: size, components, Adobe marker, EXIF orientation.

use super::super::PictureError;
use super::damaged;

/// What the marker segments say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Headers {
    /// Pixels across.
    pub(super) width: u32,
    /// Pixels down.
    pub(super) height: u32,
    /// 1, 3 or 4.
    pub(super) components: u8,
    /// EXIF orientation, 1 to 8; 1 is upright.
    pub(super) orientation: u8,
    /// Scans before the end marker.
    pub(super) scan_count: usize,
    adobe: bool,
}

impl Headers {
    /// Whether 0 means full ink: Adobe's programs write CMYK so.
    pub(super) fn is_inverted(self) -> bool {
        self.adobe && self.components == 4
    }

    /// Width and height by the first frame, in whatever state the rest is.
    pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
        let mut headers = Self { width: 0, height: 0, components: 0, orientation: 1, scan_count: 0, adobe: false };
        let mut rest = bytes.get(2..)?;
        loop {
            let (marker, after) = next_marker(rest)?;
            if matches!(marker, 0x01 | 0xD0..=0xD8) {
                rest = after;
                continue;
            }
            let (segment, after) = segment(after)?;
            if matches!(marker, 0xC0..=0xC2) {
                headers.frame(segment).ok()?;
                return Some((headers.width, headers.height));
            }
            rest = after;
        }
    }

    /// Walks all segments to the end marker (annex B); without one the file is truncated.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        let mut headers = Self { width: 0, height: 0, components: 0, orientation: 1, scan_count: 0, adobe: false };
        let mut rest = bytes.get(2..).unwrap_or_default();
        loop {
            let (marker, after) = next_marker(rest).ok_or_else(|| damaged("its end is missing"))?;
            match marker {
                0xD9 => break,
                0x01 | 0xD0..=0xD8 => {
                    rest = after;
                    continue;
                }
                _ => {}
            }
            let (segment, after) = segment(after).ok_or_else(|| damaged("a segment ends early"))?;
            rest = after;
            match marker {
                0xC0..=0xC2 => headers.frame(segment)?,
                0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                    return Err(damaged("its coding (lossless, hierarchical or arithmetic) is not supported"));
                }
                0xDA => headers.scan_count += 1,
                0xE1 => headers.orientation = exif_orientation(segment).unwrap_or(headers.orientation),
                0xEE => headers.adobe |= segment.starts_with(b"Adobe"),
                _ => {}
            }
        }
        if headers.components == 0 || headers.scan_count == 0 {
            return Err(damaged("it has no image"));
        }
        Ok(headers)
    }

    fn frame(&mut self, segment: &[u8]) -> Result<(), PictureError> {
        let Some(&[precision, height_high, height_low, width_high, width_low, components]) = segment.first_chunk()
        else {
            return Err(damaged("its frame header ends early"));
        };
        if self.components != 0 {
            return Err(damaged("it has two frame headers"));
        }
        if precision != 8 {
            return Err(damaged("it has not 8 bits a sample"));
        }
        if !matches!(components, 1 | 3 | 4) {
            return Err(damaged("it has neither 1, 3 nor 4 components"));
        }
        self.height = u32::from(u16::from_be_bytes([height_high, height_low]));
        self.width = u32::from(u16::from_be_bytes([width_high, width_low]));
        self.components = components;
        Ok(())
    }
}

/// Skips entropy-coded data and fill bytes to the next marker. `FF 00` is data (B.1.1.5).
fn next_marker(mut bytes: &[u8]) -> Option<(u8, &[u8])> {
    loop {
        let place = bytes.iter().position(|&byte| byte == 0xFF)?;
        let after = bytes.get(place + 1..)?;
        match after.split_first()? {
            (0x00, rest) => bytes = rest,
            (0xFF, _) => bytes = after,
            (&marker, rest) => return Some((marker, rest)),
        }
    }
}

fn segment(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)).checked_sub(2)?)
}

/// The orientation tag (0x0112) of the first image directory (EXIF 2.3, 4.6.4).
fn exif_orientation(segment: &[u8]) -> Option<u8> {
    let tiff = segment.strip_prefix(b"Exif\0\0")?;
    let little_endian = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |offset: usize| -> Option<u16> {
        let bytes: [u8; 2] = tiff.get(offset..offset.checked_add(2)?)?.try_into().ok()?;
        Some(if little_endian { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |offset: usize| -> Option<usize> {
        let bytes: [u8; 4] = tiff.get(offset..offset.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(if little_endian { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }).ok()
    };
    let directory = long(4)?;
    let entry_count = usize::from(short(directory)?);
    let entry = (0..entry_count)
        .map_while(|entry| directory.checked_add(2 + entry * 12))
        .find(|&entry| short(entry) == Some(0x0112))?;
    u8::try_from(short(entry.checked_add(8)?)?).ok().filter(|orientation| (1..=8).contains(orientation))
}
