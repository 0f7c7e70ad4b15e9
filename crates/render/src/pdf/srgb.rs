//! The ICC profile of sRGB (ICC.1:2001-04, version 2.4; IEC 61966-2-1), which says what the colours of a file mean.

/// The profile's name.
const DESCRIPTION: &[u8] = b"sRGB";
/// Nothing of it can be protected: these are the figures of the standard.
const COPYRIGHT: &[u8] = b"No copyright";

/// Values of the tone curve: one for each value of a channel, so that none is interpolated.
const CURVE_LENGTH: u16 = 256;

/// Red, green and blue primaries and the white D50, as fixed-point numbers of 16 bits before and after the point. The
/// primaries are adapted from D65 to D50 by the Bradford method, and add up to the white exactly.
const RED: [i32; 3] = [0x6FA0, 0x38F5, 0x0390];
const GREEN: [i32; 3] = [0x6297, 0xB787, 0x18D9];
const BLUE: [i32; 3] = [0x249F, 0x0F84, 0xB6C4];
const WHITE: [i32; 3] = [0xF6D6, 0x1_0000, 0xD32D];

/// Bytes of the header and of one entry of the tag table.
const HEADER_LENGTH: usize = 128;
const ENTRY_LENGTH: usize = 12;

/// Makes the profile.
pub(super) fn profile() -> Vec<u8> {
    let curve = curve();
    let tags: [(&[u8; 4], Vec<u8>); 6] = [
        (b"desc", description()),
        (b"cprt", text(COPYRIGHT)),
        (b"wtpt", xyz(WHITE)),
        (b"rXYZ", xyz(RED)),
        (b"gXYZ", xyz(GREEN)),
        (b"bXYZ", xyz(BLUE)),
    ];
    // The three channels share one curve.
    let curves: [&[u8; 4]; 3] = [b"rTRC", b"gTRC", b"bTRC"];
    let count = tags.len() + curves.len();
    let mut table = be32(count).to_vec();
    let mut data = Vec::new();
    let start = HEADER_LENGTH + 4 + ENTRY_LENGTH * count;
    let mut enter = |name: &[u8; 4], offset: usize, length: usize| {
        table.extend_from_slice(name);
        table.extend_from_slice(&be32(offset));
        table.extend_from_slice(&be32(length));
    };
    for (name, content) in &tags {
        enter(name, start + data.len(), content.len());
        data.extend_from_slice(content);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    for name in curves {
        enter(name, start + data.len(), curve.len());
    }
    data.extend_from_slice(&curve);
    data.resize(data.len().next_multiple_of(4), 0);

    let mut profile = header(start + data.len());
    profile.extend_from_slice(&table);
    profile.extend_from_slice(&data);
    profile
}

/// The header (6.1): a display whose channels are red, green and blue, told in XYZ.
fn header(length: usize) -> Vec<u8> {
    let mut header = Vec::with_capacity(HEADER_LENGTH);
    header.extend_from_slice(&be32(length));
    header.extend_from_slice(&[0; 4]);
    header.extend_from_slice(&[2, 0x40, 0, 0]);
    header.extend_from_slice(b"mntrRGB XYZ ");
    // The date that every profile must have: that of the standard, 18 October 1999.
    for part in [1999_u16, 10, 18, 0, 0, 0] {
        header.extend_from_slice(&part.to_be_bytes());
    }
    header.extend_from_slice(b"acsp");
    header.resize(68, 0);
    for value in WHITE {
        header.extend_from_slice(&value.to_be_bytes());
    }
    header.resize(HEADER_LENGTH, 0);
    header
}

/// A `textDescriptionType` (6.5.17): ASCII, and neither Unicode nor Macintosh script.
fn description() -> Vec<u8> {
    let mut out = b"desc\0\0\0\0".to_vec();
    out.extend_from_slice(&be32(DESCRIPTION.len() + 1));
    out.extend_from_slice(DESCRIPTION);
    out.push(0);
    out.resize(out.len() + 4 + 4 + 2 + 1 + 67, 0);
    out
}

fn text(text: &[u8]) -> Vec<u8> {
    [b"text\0\0\0\0", text, b"\0"].concat()
}

fn xyz(values: [i32; 3]) -> Vec<u8> {
    let mut out = b"XYZ \0\0\0\0".to_vec();
    for value in values {
        out.extend_from_slice(&value.to_be_bytes());
    }
    out
}

/// A `curveType` (6.5.3): from the value of a channel to its light.
fn curve() -> Vec<u8> {
    let mut out = b"curv\0\0\0\0".to_vec();
    out.extend_from_slice(&u32::from(CURVE_LENGTH).to_be_bytes());
    for place in 0..CURVE_LENGTH {
        let value = f64::from(place) / f64::from(CURVE_LENGTH - 1);
        let light = if value <= 0.040_45 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) };
        let scaled = super::number::rounded(light * 65_535.0);
        out.extend_from_slice(&u16::try_from(scaled).unwrap_or(u16::MAX).to_be_bytes());
    }
    out
}

fn be32(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests")]

    use super::profile;

    fn number(bytes: &[u8], at: usize) -> usize {
        usize::try_from(u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())).unwrap()
    }

    #[test]
    fn the_profile_is_a_whole_version_2_display_profile_whose_tags_lie_inside() {
        let profile = profile();
        assert_eq!(number(&profile, 0), profile.len());
        assert_eq!(&profile[8..10], [2, 0x40]);
        assert_eq!(&profile[12..24], b"mntrRGB XYZ ");
        assert_eq!(&profile[36..40], b"acsp");
        let count = number(&profile, 128);
        let mut names = Vec::new();
        for entry in 0..count {
            let at = 132 + 12 * entry;
            let (offset, length) = (number(&profile, at + 4), number(&profile, at + 8));
            assert!(offset % 4 == 0 && offset + length <= profile.len(), "entry {entry}");
            names.push(String::from_utf8_lossy(&profile[at..at + 4]).into_owned());
        }
        assert_eq!(names, ["desc", "cprt", "wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"]);
    }

    #[test]
    fn the_primaries_add_up_to_white_and_the_curve_is_that_of_the_standard() {
        for channel in 0..3 {
            let sum = super::RED[channel] + super::GREEN[channel] + super::BLUE[channel];
            assert_eq!(sum, super::WHITE[channel], "{channel}");
        }
        let curve = super::curve();
        let value = |place: usize| u16::from_be_bytes([curve[12 + 2 * place], curve[13 + 2 * place]]);
        assert_eq!((value(0), value(255)), (0, 65_535));
        // The light of middle grey is 21.59 per cent.
        assert_eq!(value(128), 14_146);
    }
}
