//! Fuzzes what `targets::import` does.
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

static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let words = include_str!("../dictionaries/import.dict").lines();
    let words = words.filter_map(|line| serde_json::from_str::<String>(line).ok());
    // Texts of JSON are in the quotes of the dictionary.
    json::words_of(&serde_json::json!({ "enum": words.map(|word| word.replace('"', "")).collect::<Vec<_>>() }))
});

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::mutate(data, size, max_size, seed, |text, dice| {
        json::changed(text, dice, |json, dice| json::change_any(json, &WORDS, dice))
    })
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| targets::import(input));
