//! Fuzzes what `targets::data` does.
#![no_main]

#[path = "../dice.rs"]
mod dice;
#[path = "../json.rs"]
mod json;
#[path = "../mutate.rs"]
mod mutate;
#[path = "../targets.rs"]
mod targets;

use std::sync::LazyLock;

static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| json::words_of(&chancery_render::template::json_schema()));

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::mutate(data, size, max_size, seed, |text, dice| {
        json::changed(text, dice, |json, dice| json::change_any(json, &WORDS, dice))
    })
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| targets::data(input));
