//! Fuzzes what `targets::markdown` does.
#![no_main]

#[path = "../targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|input: &[u8]| targets::markdown(input));
