//! How inks look on paper: a model of offset printing on coated paper, for previews and for the profile of a file.
//!
//! The sixteen solids of four inks, which press standards give as aims, are mixed by the areas that they cover
//! (Neugebauer's equations), after dots have grown as they do in the press. That comes within a few steps of ΔE of a
//! measured press, and needs no measured file, whose licence would be another's.

use std::sync::LazyLock;

/// The white of the profile connection space: D50, two degrees (ICC.1, annex A).
pub(crate) const D50: [f64; 3] = [0.9642, 1.0, 0.8249];

/// Lightness, a and b of the paper and its solids, for coated paper with glossy finish (aims of ISO 12647-2): bit 0 is
/// cyan, bit 1 magenta, bit 2 yellow.
const SOLIDS: [[f64; 3]; 8] = [
    [95.0, 0.0, -2.0],
    [55.0, -37.0, -50.0],
    [48.0, 74.0, -3.0],
    [24.0, 20.0, -46.0],
    [89.0, -5.0, 93.0],
    [50.0, -66.0, 28.0],
    [47.0, 68.0, 48.0],
    [23.0, 0.0, -1.0],
];

/// Black alone.
const BLACK: [f64; 3] = [16.0, 0.0, 0.0];

/// Of what shines through black, the share that inks below do not change.
const BLACK_HIDES: f64 = 0.4;

/// How much a dot of half the area grows: colours, and black, which is printed stronger.
const GROWTH: [f64; 4] = [0.14, 0.14, 0.14, 0.16];

/// The model, computed once.
struct Press {
    /// XYZ of the solids; bit 3 is black.
    solids: [[f64; 3]; 16],
    paper: [f64; 3],
}

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let [paper, ..] = SOLIDS.map(to_xyz);
    let black = to_xyz(BLACK);
    let colored = SOLIDS.map(to_xyz);
    let covered = colored.map(|solid| {
        let mut mixed = black;
        for ((value, below), white) in mixed.iter_mut().zip(solid).zip(paper) {
            *value *= BLACK_HIDES + (1.0 - BLACK_HIDES) * below / white;
        }
        mixed
    });
    let mut solids = [[0.0; 3]; 16];
    for (place, solid) in solids.iter_mut().zip(colored.into_iter().chain(covered)) {
        *place = solid;
    }
    Press { solids, paper }
});

/// XYZ of the bare paper.
pub(crate) fn paper() -> [f64; 3] {
    PRESS.paper
}

/// The area that an ink covers on paper, for the area of its dots on the plate, from 0 to 1.
pub(crate) fn grown(ink: usize, dot: f64) -> f64 {
    let growth = GROWTH.get(ink).copied().unwrap_or_default();
    dot + 4.0 * growth * dot * (1.0 - dot)
}

/// The area of dots on the plate, for the area that they are to cover on paper.
pub(crate) fn shrunk(ink: usize, area: f64) -> f64 {
    let four = 4.0 * GROWTH.get(ink).copied().unwrap_or_default();
    (1.0 + four - ((1.0 + four) * (1.0 + four) - 4.0 * four * area).max(0.0).sqrt()) / (2.0 * four)
}

/// XYZ of inks by the areas that they cover, each from 0 to 1, as seen on paper that is white by itself.
pub(crate) fn mixed(areas: [f64; 4]) -> [f64; 3] {
    let mut sum = [0.0; 3];
    for (bits, solid) in PRESS.solids.iter().enumerate() {
        let mut weight = 1.0;
        for (ink, area) in areas.iter().enumerate() {
            weight *= if bits >> ink & 1 == 1 { *area } else { 1.0 - *area };
        }
        for (value, part) in sum.iter_mut().zip(solid) {
            *value += weight * part;
        }
    }
    for ((value, paper), white) in sum.iter_mut().zip(PRESS.paper).zip(D50) {
        *value *= white / paper;
    }
    sum
}

/// The sRGB colour that inks, in percent, come nearest to on a screen whose white is the paper.
pub(crate) fn appearance(inks: [u8; 4]) -> [u8; 3] {
    let mut areas = inks.map(|percent| f64::from(percent.min(100)) / 100.0);
    for (ink, area) in areas.iter_mut().enumerate() {
        *area = grown(ink, *area);
    }
    let [x, y, z] = mixed(areas);
    // From D50 to linear sRGB: the inverse of the primaries adapted by Bradford (IEC 61966-2-1).
    [
        3.134_136 * x - 1.617_386 * y - 0.490_662 * z,
        -0.978_795 * x + 1.916_254 * y + 0.033_443 * z,
        0.071_955 * x - 0.228_977 * y + 1.405_386 * z,
    ]
    .map(to_channel)
}

/// The value of a channel for its light.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is between 0 and 255")]
fn to_channel(light: f64) -> u8 {
    let light = light.clamp(0.0, 1.0);
    let value = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * libm::pow(light, 1.0 / 2.4) - 0.055 };
    (value * 255.0 + 0.5) as u8
}

/// L, a and b of XYZ under D50 (CIE 15, 8.2.1).
pub(crate) fn to_lab(xyz: [f64; 3]) -> [f64; 3] {
    let mut roots = xyz;
    for (root, white) in roots.iter_mut().zip(D50) {
        let share = *root / white;
        *root = if share > 0.008_856 { libm::cbrt(share) } else { share * 7.787 + 16.0 / 116.0 };
    }
    let [x, y, z] = roots;
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn to_xyz([lightness, a, b]: [f64; 3]) -> [f64; 3] {
    let y = (lightness + 16.0) / 116.0;
    let mut xyz = [y + a / 500.0, y, y - b / 200.0];
    for (value, white) in xyz.iter_mut().zip(D50) {
        let cube = *value * *value * *value;
        *value = white * if cube > 0.008_856 { cube } else { (*value - 16.0 / 116.0) / 7.787 };
    }
    xyz
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_is_white_black_is_black_and_inks_have_their_colours() {
        assert_eq!(appearance([0; 4]), [255; 3]);
        let near = |inks, [red, green, blue]: [u8; 3]| {
            let [r, g, b] = appearance(inks);
            let far = r.abs_diff(red).max(g.abs_diff(green)).max(b.abs_diff(blue));
            assert!(far <= 26, "{inks:?} looks like {:?}", [r, g, b]);
        };
        // About what a viewer with a measured profile of such a press shows.
        near([100, 0, 0, 0], [0, 158, 227]);
        near([0, 100, 0, 0], [230, 0, 126]);
        near([0, 0, 100, 0], [255, 237, 0]);
        near([0, 100, 100, 0], [227, 6, 19]);
        near([100, 0, 100, 0], [0, 150, 64]);
        near([100, 100, 0, 0], [49, 39, 131]);
        near([0, 0, 0, 100], [29, 29, 27]);
        near([0, 0, 0, 50], [157, 157, 156]);
    }

    #[test]
    fn more_ink_is_never_lighter() {
        for ink in 0..4 {
            let mut before = 256_u16 * 3;
            for percent in 0..=100 {
                let mut inks = [0; 4];
                if let Some(value) = inks.get_mut(ink) {
                    *value = percent;
                }
                let lightness: u16 = appearance(inks).into_iter().map(u16::from).sum();
                assert!(lightness <= before, "ink {ink} at {percent}");
                before = lightness;
            }
        }
    }

    #[test]
    fn dots_that_grew_shrink_back() {
        for ink in 0..4 {
            for step in 0..=20 {
                let dot = f64::from(step) / 20.0;
                let back = shrunk(ink, grown(ink, dot));
                assert!((back - dot).abs() < 1e-9 && grown(ink, dot) >= dot, "{ink}: {dot} became {back}");
            }
        }
    }

    #[test]
    fn lab_and_xyz_are_inverse_to_each_other() {
        for lab in [[50.0, 20.0, -30.0], [3.0, 1.0, 0.5], [100.0, 0.0, 0.0]] {
            let back = to_lab(to_xyz(lab));
            assert!(back.iter().zip(lab).all(|(one, other)| (one - other).abs() < 1e-3), "{lab:?} {back:?}");
        }
    }
}
