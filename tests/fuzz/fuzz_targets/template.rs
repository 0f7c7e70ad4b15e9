//! Fuzzes what `targets::template` does.
#![no_main]

#[path = "../dice.rs"]
mod dice;
#[path = "../grammar.rs"]
mod grammar;
#[path = "../json.rs"]
mod json;
#[path = "../mutate.rs"]
mod mutate;
#[path = "../phrases.rs"]
mod phrases;
#[path = "../targets.rs"]
mod targets;

use std::sync::LazyLock;

static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| json::words_of(&chancery_render::template::json_schema()));

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::mutate(data, size, max_size, seed, |text, dice| {
        json::changed(text, dice, |json, dice| match dice.below(3) {
            0 => json::change_any(json, &WORDS, dice),
            _ => grammar::GRAMMAR.change(json, dice),
        })
    })
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| targets::template(input));
