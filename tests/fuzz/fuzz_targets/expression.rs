//! Fuzzes what `targets::expression` does.
#![no_main]

#[path = "../dice.rs"]
mod dice;
#[path = "../mutate.rs"]
mod mutate;
#[path = "../phrases.rs"]
mod phrases;
#[path = "../targets.rs"]
mod targets;

/// Changes to one input at most.
const CHANGE_COUNT_MAX: u64 = 3;

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::mutate(data, size, max_size, seed, |source, dice| {
        let count = 1 + dice.below(CHANGE_COUNT_MAX);
        Some((0..count).fold(source.to_owned(), |source, _| phrases::change(&source, dice)))
    })
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| targets::expression(input));
