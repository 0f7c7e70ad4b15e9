//! Fuzzes what `targets::expression` does.
#![no_main]

#[path = "../dice.rs"]
mod dice;
#[path = "../phrases.rs"]
mod phrases;
#[path = "../targets.rs"]
mod targets;

use libfuzzer_sys::fuzzer_mutate;

/// Changes to one input at most.
const CHANGE_COUNT_MAX: u64 = 3;

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut dice = dice::Dice::new(seed);
    let source = data.get(..size).and_then(|text| std::str::from_utf8(text).ok());
    let Some(source) = source.filter(|_| dice.below(4) > 0) else { return fuzzer_mutate(data, size, max_size) };
    let mut changed = source.to_owned();
    for _ in 0..=dice.below(CHANGE_COUNT_MAX) {
        changed = phrases::change(&changed, &mut dice);
    }
    match data.get_mut(..changed.len()).filter(|_| changed.len() <= max_size) {
        Some(room) => {
            room.copy_from_slice(changed.as_bytes());
            changed.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| targets::expression(input));
