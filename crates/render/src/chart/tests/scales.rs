//! Scales: ticks of 1, 2 and 5, zero, limits, and ranges that are none.

use crate::chart::scale::{Scale, Wanted};

const WANTED: Wanted =
    Wanted { low: 0.0, high: 1.0, min: None, max: None, zero: true, whole: false, tight: false, steps: 5 };

fn ticks(low: f64, high: f64, steps: usize) -> Vec<f64> {
    Scale::new(&Wanted { low, high, steps, ..WANTED }).ticks
}

#[test]
fn ticks_are_steps_of_one_two_and_five() {
    let cases: [(f64, f64, usize, &[f64]); 9] = [
        (0.0, 10.0, 5, &[0.0, 2.0, 4.0, 6.0, 8.0, 10.0]),
        (0.0, 97.0, 5, &[0.0, 20.0, 40.0, 60.0, 80.0, 100.0]),
        (0.0, 101.0, 5, &[0.0, 50.0, 100.0, 150.0]),
        (0.0, 0.3, 3, &[0.0, 0.1, 0.2, 0.3]),
        (0.0, 1.0, 1, &[0.0, 1.0]),
        (-37.0, 188.0, 4, &[-100.0, 0.0, 100.0, 200.0]),
        (-7.0, -3.0, 4, &[-8.0, -6.0, -4.0, -2.0, 0.0]),
        (0.0, 1_731_000.0, 4, &[0.0, 500_000.0, 1_000_000.0, 1_500_000.0, 2_000_000.0]),
        (0.0, 0.000_12, 3, &[0.0, 0.000_05, 0.000_1, 0.000_15]),
    ];
    for (low, high, steps, expected) in cases {
        assert_eq!(ticks(low, high, steps), expected, "{low} to {high} in {steps}");
    }
}

#[test]
fn a_scale_covers_its_values_with_the_digits_that_its_ticks_need() {
    for (low, high) in [(0.0, 3.3), (-12.5, 44.0), (0.001, 0.0042), (1e9, 3e12), (-5e-7, 2e-7)] {
        for steps in 1..=12 {
            let scale = Scale::new(&Wanted { low, high, steps, ..WANTED });
            assert!(scale.min <= low.min(0.0) && scale.max >= high, "{low} to {high}: {scale:?}");
            assert!(scale.ticks.len() <= steps + 2 && scale.ticks.len() >= 2, "{scale:?}");
            for tick in &scale.ticks {
                let written: f64 = format!("{tick:.*}", scale.decimals as usize).parse().unwrap();
                assert_eq!(written, *tick, "the digits say the whole tick");
                assert!(*tick != 0.0 || tick.is_sign_positive(), "no minus before zero");
            }
        }
    }
}

#[test]
fn a_scale_without_extent_still_has_one() {
    for value in [0.0, 42.0, -3.0, 1e-90, 1e90, 1e15] {
        let scale = Scale::new(&Wanted { low: value, high: value, zero: false, ..WANTED });
        assert!(scale.max > scale.min && scale.min <= value && scale.max >= value, "{value}: {scale:?}");
        assert!((0.0..=1.0).contains(&scale.share(value)), "{value}: {scale:?}");
    }
    // Neighbouring numbers cannot be told apart with the digits that there are.
    let scale = Scale::new(&Wanted { low: 1e15, high: 1e15 + 0.25, zero: false, ..WANTED });
    assert_eq!(scale.min, 0.0);
}

#[test]
fn lines_far_above_zero_do_not_begin_there_and_bars_always_do() {
    let line = Wanted { low: 95.0, high: 104.0, zero: false, ..WANTED };
    assert_eq!(Scale::new(&line).ticks, [94.0, 96.0, 98.0, 100.0, 102.0, 104.0]);
    assert_eq!(Scale::new(&Wanted { zero: true, ..line }).min, 0.0);
    assert_eq!(Scale::new(&Wanted { low: 40.0, ..line }).min, 0.0);
    assert_eq!(Scale::new(&Wanted { low: -104.0, high: -95.0, ..line }).max, -94.0);
}

#[test]
fn limits_of_the_author_count_and_senseless_ones_do_no_harm() {
    let scale = Scale::new(&Wanted { high: 80.0, min: Some(10.0), max: Some(75.0), steps: 4, ..WANTED });
    assert_eq!((scale.min, scale.max), (10.0, 75.0));
    assert_eq!(scale.ticks, [20.0, 40.0, 60.0]);
    for (min, max) in [(5.0, 5.0), (9.0, 1.0), (1e90, -1e90), (-1e90, 1e90)] {
        let scale = Scale::new(&Wanted { high: 8.0, min: Some(min), max: Some(max), ..WANTED });
        assert!(scale.max > scale.min && scale.ticks.len() < 40, "{min} to {max}: {scale:?}");
    }
}

#[test]
fn whole_numbers_have_no_ticks_between_them_and_tight_scales_end_with_their_values() {
    let whole = Wanted { high: 3.0, whole: true, steps: 10, ..WANTED };
    assert_eq!(Scale::new(&whole).ticks, [0.0, 1.0, 2.0, 3.0]);
    assert_eq!(Scale::new(&Wanted { high: 17.3, tight: true, ..WANTED }).max, 17.3);
}
