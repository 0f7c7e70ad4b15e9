//! The palette: far enough apart for every eye and every printer.

use crate::chart::PALETTE;
use crate::chart::palette::readable_on;
use crate::document::Color;

type Linear = [f64; 3];

fn linear(color: Color) -> Linear {
    [color.red, color.green, color.blue].map(|channel| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    })
}

fn luminance([red, green, blue]: Linear) -> f64 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// CIE L*a*b* for D65.
fn lab(color: Linear) -> [f64; 3] {
    let [red, green, blue] = color;
    let x = 0.4124 * red + 0.3576 * green + 0.1805 * blue;
    let z = 0.0193 * red + 0.1192 * green + 0.9505 * blue;
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let (x, y, z) = (f(x / 0.9505), f(luminance(color)), f(z / 1.089));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// How colours are seen without one kind of cone (Machado, Oliveira and Fernandes, 2009).
const SEEN: [(&str, [[f64; 3]; 3]); 4] = [
    ("all", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protanopia",
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
    ),
    (
        "deuteranopia",
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    ),
    (
        "tritanopia",
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ),
];

fn seen(color: Color, matrix: &[[f64; 3]; 3]) -> Linear {
    let color = linear(color);
    matrix.map(|row| row.iter().zip(color).map(|(factor, channel)| factor * channel).sum::<f64>().clamp(0.0, 1.0))
}

fn distance(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum::<f64>().sqrt()
}

#[test]
fn every_two_colours_stay_apart_for_every_eye() {
    for (name, matrix) in &SEEN {
        for (place, one) in PALETTE.iter().enumerate() {
            for (other_place, other) in PALETTE.iter().enumerate().skip(place + 1) {
                let apart = distance(lab(seen(*one, matrix)), lab(seen(*other, matrix)));
                // The first six, which most charts need, are far apart; all are clearly apart.
                let least = if other_place < 6 { 23.0 } else { 15.0 };
                assert!(apart >= least, "{name}: colours {place} and {other_place} are {apart:.1} apart");
            }
        }
    }
}

#[test]
fn every_two_colours_have_a_grey_of_their_own() {
    let lightness: Vec<f64> = PALETTE.iter().map(|color| lab(linear(*color))[0]).collect();
    for (place, one) in lightness.iter().enumerate() {
        for other in &lightness[place + 1..] {
            assert!((one - other).abs() >= 6.0, "{one:.1} and {other:.1}");
        }
    }
}

#[test]
fn what_stands_on_a_colour_can_be_read() {
    for color in PALETTE {
        let (back, front) = (luminance(linear(color)), luminance(linear(readable_on(color))));
        let contrast = (back.max(front) + 0.05) / (back.min(front) + 0.05);
        assert!(contrast >= 3.3, "{color:?}: {contrast:.2}");
    }
}
