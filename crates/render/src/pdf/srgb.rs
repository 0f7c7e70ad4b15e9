//! The ICC profile of sRGB (ICC.1:2001-04, version 2.4; IEC 61966-2-1), which says what the colours of a file mean.

use super::icc::{self, Kind, WHITE};

/// The profile's name.
const DESCRIPTION: &[u8] = b"sRGB";
/// Nothing of it can be protected: these are the figures of the standard.
const COPYRIGHT: &[u8] = b"No copyright";

/// Values of the tone curve: one for each value of a channel, so that none is interpolated.
const CURVE_LENGTH: u16 = 256;

/// Red, green and blue primaries, as fixed-point numbers of 16 bits before and after the point. The
/// primaries are adapted from D65 to D50 by the Bradford method, and add up to the white exactly.
const RED: [i32; 3] = [0x6FA0, 0x38F5, 0x0390];
const GREEN: [i32; 3] = [0x6297, 0xB787, 0x18D9];
const BLUE: [i32; 3] = [0x249F, 0x0F84, 0xB6C4];

/// A display whose channels are red, green and blue, told in XYZ.
const KIND: Kind = Kind { class: b"mntr", space: b"RGB ", connection: b"XYZ " };

/// Makes the profile.
pub(super) fn profile() -> Vec<u8> {
    icc::profile(
        &KIND,
        &[
            (&[b"desc"], icc::description(DESCRIPTION)),
            (&[b"cprt"], icc::text(COPYRIGHT)),
            (&[b"wtpt"], icc::xyz(WHITE)),
            (&[b"rXYZ"], icc::xyz(RED)),
            (&[b"gXYZ"], icc::xyz(GREEN)),
            (&[b"bXYZ"], icc::xyz(BLUE)),
            // The three channels share one curve.
            (&[b"rTRC", b"gTRC", b"bTRC"], curve()),
        ],
    )
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
