//! The ICC profile of a press on coated paper (ICC.1:2001-04, version 2.4), computed from the model of its inks.
//!
//! It is for those who have no profile of their printer's, and says by its name what it is. Each direction is one
//! table, shared by the rendering intents.

use super::icc::{self, Kind};
use super::number::rounded;
use crate::press;

/// The profile's name, and that of the printing condition.
pub(super) const NAME: &str = "Chancery offset on coated paper, modelled";
const COPYRIGHT: &[u8] = b"No copyright";

/// Grid of the table from inks to colours, and of that from colours to inks: with 17, the grey axis is on the grid.
const INK_STEPS: u8 = 7;
const COLOR_STEPS: u8 = 17;

/// Entries of each curve.
const CURVE_LENGTH: u16 = 256;

/// All inks together, as parts of one: what coated paper takes.
const INK_SUM_MAX: f64 = 3.0;

/// Distance (ΔE) at which a colour counts as one that the press cannot print.
const GAMUT_DISTANCE: f64 = 3.0;

/// Steps of approximation, after which most colours have long settled.
const STEP_COUNT_MAX: usize = 12;

const KIND: Kind = Kind { class: b"prtr", space: b"CMYK", connection: b"Lab " };

/// Makes the profile. It takes some milliseconds.
pub(super) fn profile() -> Vec<u8> {
    let (separations, gamut) = separations();
    let paper = press::paper().map(|value| i32::try_from(rounded(value * 65_536.0)).unwrap_or_default());
    icc::profile(
        &KIND,
        &[
            (&[b"desc"], icc::description(NAME.as_bytes())),
            (&[b"cprt"], icc::text(COPYRIGHT)),
            (&[b"wtpt"], icc::xyz(paper)),
            (&[b"A2B0", b"A2B1", b"A2B2"], colors()),
            (&[b"B2A0", b"B2A1", b"B2A2"], separations),
            (&[b"gamt"], gamut),
        ],
    )
}

/// A `lut16Type`: curves, a table, curves.
fn table(
    [inputs, outputs, steps]: [u8; 3],
    input: impl Fn(usize, f64) -> f64,
    values: &[u16],
    output: impl Fn(usize, f64) -> f64,
) -> Vec<u8> {
    let mut out = b"mft2\0\0\0\0".to_vec();
    out.extend_from_slice(&[inputs, outputs, steps, 0]);
    for place in 0..9 {
        let one: i32 = if place % 4 == 0 { 0x1_0000 } else { 0 };
        out.extend_from_slice(&one.to_be_bytes());
    }
    out.extend_from_slice(&CURVE_LENGTH.to_be_bytes());
    out.extend_from_slice(&CURVE_LENGTH.to_be_bytes());
    let curve = |out: &mut Vec<u8>, channel: u8, value: &dyn Fn(usize, f64) -> f64| {
        for place in 0..CURVE_LENGTH {
            let at = f64::from(place) / f64::from(CURVE_LENGTH - 1);
            out.extend_from_slice(&share(value(channel.into(), at)).to_be_bytes());
        }
    };
    (0..inputs).for_each(|channel| curve(&mut out, channel, &input));
    values.iter().for_each(|value| out.extend_from_slice(&value.to_be_bytes()));
    (0..outputs).for_each(|channel| curve(&mut out, channel, &output));
    out
}

/// A number from 0 to 1 as 16 bits.
fn share(value: f64) -> u16 {
    u16::try_from(rounded(value.clamp(0.0, 1.0) * 65_535.0)).unwrap_or(u16::MAX)
}

/// A place of a grid, from 0 to 1.
fn at(place: u8, steps: u8) -> f64 {
    f64::from(place) / f64::from(steps - 1)
}

/// From inks to colours. The curves let dots grow, so that the table is nearly straight.
fn colors() -> Vec<u8> {
    let mut values = Vec::new();
    let steps = || 0..INK_STEPS;
    for cyan in steps() {
        for magenta in steps() {
            for yellow in steps() {
                for black in steps() {
                    let areas = [cyan, magenta, yellow, black].map(|place| at(place, INK_STEPS));
                    let [lightness, a, b] = press::to_lab(press::mixed(areas));
                    // L, a and b as 16 bits of version 2: 100 is 0xFF00, 0 of the others 0x8000.
                    values.push(share(lightness / 100.0 * (65_280.0 / 65_535.0)));
                    values.extend([a, b].map(|value| share((value + 128.0) * 256.0 / 65_535.0)));
                }
            }
        }
    }
    table([4, 3, INK_STEPS], press::grown, &values, |_, value| value)
}

/// From colours to inks, and which colours the press cannot print.
fn separations() -> (Vec<u8>, Vec<u8>) {
    let (mut values, mut beyond) = (Vec::new(), Vec::new());
    let steps = || 0..COLOR_STEPS;
    for lightness in steps() {
        for a in steps() {
            for b in steps() {
                let [lightness, a, b] = [lightness, a, b].map(|place| at(place, COLOR_STEPS) * 65_535.0);
                let lab = [(lightness / 652.80).min(100.0), a / 256.0 - 128.0, b / 256.0 - 128.0];
                let (areas, distance) = separate(lab);
                values.extend(areas.map(share));
                beyond.push(if distance > GAMUT_DISTANCE { u16::MAX } else { 0 });
            }
        }
    }
    let straight = |_: usize, value: f64| value;
    let separations = table([3, 4, COLOR_STEPS], straight, &values, press::shrunk);
    (separations, table([3, 1, COLOR_STEPS], straight, &beyond, straight))
}

/// The areas of inks that come nearest to a colour, and how near.
///
/// Black takes over the grey in a colour, the more the darker it is: that saves ink and holds the grey on a press that
/// drifts.
fn separate(lab: [f64; 3]) -> ([f64; 4], f64) {
    let (first, _) = solve(lab, [0.5; 3], 0.0);
    let grey = first.iter().copied().fold(1.0, f64::min);
    let share = ((grey - 0.2) / 0.8).max(0.0);
    let black = share * (0.4 + 0.6 * share);
    let ([mut cyan, mut magenta, mut yellow], distance) = solve(lab, first, black);
    let colored = cyan + magenta + yellow;
    if colored + black > INK_SUM_MAX {
        let less = (INK_SUM_MAX - black) / colored;
        [cyan, magenta, yellow] = [cyan * less, magenta * less, yellow * less];
    }
    ([cyan, magenta, yellow, black], distance)
}

/// Areas of three inks that, with some black, come nearest to a colour: steps of Levenberg and Marquardt inside of what
/// inks can cover.
fn solve(lab: [f64; 3], start: [f64; 3], black: f64) -> ([f64; 3], f64) {
    let miss = |[cyan, magenta, yellow]: [f64; 3]| {
        let mut lab_of = press::to_lab(press::mixed([cyan, magenta, yellow, black]));
        for (value, wanted) in lab_of.iter_mut().zip(lab) {
            *value -= wanted;
        }
        lab_of
    };
    let square = |vector: [f64; 3]| vector.iter().map(|value| value * value).sum::<f64>();
    let (mut best, mut damping) = (start, 1.0);
    let mut missed = miss(best);
    for _ in 0..STEP_COUNT_MAX {
        if square(missed) < 0.01 {
            break;
        }
        let step = 1e-4;
        let mut slopes = [[0.0; 3]; 3];
        for (ink, slope) in slopes.iter_mut().enumerate() {
            let mut moved = best;
            let sign = if moved.get(ink).copied().unwrap_or_default() > 0.5 { -step } else { step };
            if let Some(area) = moved.get_mut(ink) {
                *area += sign;
            }
            *slope = miss(moved);
            for (value, before) in slope.iter_mut().zip(missed) {
                *value = (*value - before) / sign;
            }
        }
        let dot = |one: [f64; 3], other: [f64; 3]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f64>();
        let mut normal = slopes.map(|one| slopes.map(|other| dot(one, other)));
        for (place, row) in normal.iter_mut().enumerate() {
            if let Some(value) = row.get_mut(place) {
                *value += damping * (1.0 + *value * 0.01);
            }
        }
        let right = slopes.map(|slope| -dot(slope, missed));
        let Some(change) = cramer(normal, right) else { break };
        let mut next = best;
        for (area, change) in next.iter_mut().zip(change) {
            *area = (*area + change).clamp(0.0, 1.0);
        }
        let next_missed = miss(next);
        if square(next_missed) < square(missed) {
            (best, missed, damping) = (next, next_missed, damping * 0.2);
        } else {
            damping *= 8.0;
        }
    }
    (best, square(missed).sqrt())
}

/// Solves three equations.
fn cramer(rows: [[f64; 3]; 3], right: [f64; 3]) -> Option<[f64; 3]> {
    let determinant = |[[a, b, c], [d, e, f], [g, h, i]]: [[f64; 3]; 3]| {
        a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    };
    let whole = determinant(rows);
    if whole == 0.0 || !whole.is_finite() {
        return None;
    }
    let mut solution = [0.0; 3];
    for (column, value) in solution.iter_mut().enumerate() {
        let mut replaced = rows;
        for (row, right) in replaced.iter_mut().zip(right) {
            if let Some(place) = row.get_mut(column) {
                *place = right;
            }
        }
        *value = determinant(replaced) / whole;
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_can_be_printed_comes_back_by_its_inks_and_black_takes_over_the_grey() {
        for (areas, most) in [
            ([0.0, 0.0, 0.0, 0.0], 0.3),
            ([0.8, 0.1, 0.0, 0.0], 1.0),
            ([0.2, 0.9, 0.6, 0.0], 1.0),
            ([0.3, 0.3, 0.9, 0.2], 1.0),
            ([0.5, 0.4, 0.4, 0.0], 1.0),
            ([0.0, 0.0, 0.0, 1.0], 1.5),
        ] {
            let lab = press::to_lab(press::mixed(areas));
            let (inks, distance) = separate(lab);
            assert!(distance < most, "{areas:?} became {inks:?}, {distance} off");
            let back = press::to_lab(press::mixed(inks));
            let far = back.iter().zip(lab).map(|(one, other)| (one - other) * (one - other)).sum::<f64>().sqrt();
            assert!(far < 2.0, "{areas:?} became {inks:?}, {far} off");
            assert!(inks.iter().sum::<f64>() <= INK_SUM_MAX + 1e-9);
        }
        let (grey, _) = separate([30.0, 0.0, 0.0]);
        assert!(grey.last().copied().unwrap() > 0.4, "{grey:?}");
        let (_, distance) = separate([60.0, 100.0, -100.0]);
        assert!(distance > 20.0, "no press prints that: {distance}");
    }

    #[test]
    fn the_profile_states_its_length_and_kind_and_its_tags_lie_inside() {
        let profile = profile();
        let number = |at: usize| {
            usize::try_from(u32::from_be_bytes(profile.get(at..at + 4).unwrap().try_into().unwrap())).unwrap()
        };
        assert_eq!(number(0), profile.len());
        assert_eq!(profile.get(12..24), Some(&b"prtrCMYKLab "[..]));
        assert_eq!(number(128), 10);
        for tag in 0..10 {
            let entry = 132 + 12 * tag;
            assert!(number(entry + 4) + number(entry + 8) <= profile.len(), "tag {tag}");
        }
        // Tables: eight bytes, sizes, matrix, curves, values.
        assert_eq!(number(132 + 12 * 3 + 8), 52 + 2 * (256 * 7 + 7 * 7 * 7 * 7 * 3));
        assert_eq!(number(132 + 12 * 6 + 8), 52 + 2 * (256 * 7 + 17 * 17 * 17 * 4));
    }
}
