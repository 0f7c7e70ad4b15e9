//! Fuzzes what `targets::pdf_page` does.
#![no_main]

#[path = "../targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|input: &[u8]| targets::pdf_page(input));
