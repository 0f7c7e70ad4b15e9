//! Damaged expressions: whatever becomes of a good source, nothing panics and everything ends.

use super::sample;
use crate::Limits;
use crate::expression::{Context, Expression, Locale, Scope, TextTemplate};

/// A small generator of numbers, the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (end.max(1) as u64)).unwrap()
    }
}

#[test]
fn damaged_sources_give_a_value_or_an_error() {
    let sources: Vec<&str> = include_str!("javascript_cases.txt")
        .lines()
        .chain(include_str!("library_cases.txt").lines())
        .filter_map(|line| line.split_once(" ==> ").map(|(source, _)| source))
        .collect();
    let pieces = [
        "(", ")", "[", "]", "{", "}", "`", "'", "${", "?.", "=>", "...", ",", "1e99", "-", "😀", "data", "\u{0}", "/",
        "!",
    ];
    let limits = Limits { fuel_max: 20_000, value_size_bytes_max: 100_000, ..Limits::default() };
    let locale = Locale::new("en-US").unwrap();
    let data = sample();
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let (mut values, mut errors) = (0, 0);
    for _ in 0..6_000 {
        let mut text: Vec<char> = sources[numbers.below(sources.len())].chars().collect();
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(text.len());
            match numbers.below(4) {
                0 => drop(text.drain(at..(at + 1 + numbers.below(4)).min(text.len()))),
                1 => drop(text.splice(at..at, pieces[numbers.below(pieces.len())].chars())),
                2 => {
                    let other =
                        sources[numbers.below(sources.len())].chars().take(numbers.below(20)).collect::<Vec<_>>();
                    drop(text.splice(at..at, other));
                }
                _ => {
                    let other = numbers.below(text.len());
                    if other < text.len() {
                        text.swap(at, other);
                    }
                }
            }
        }
        let source: String = text.into_iter().collect();
        // Only the end matters here.
        let _ = TextTemplate::compile(&source, &limits);
        match Expression::compile(&source, &limits) {
            Ok(expression) => {
                let mut context = Context::new(&locale, 0, &limits);
                match expression.evaluate(&Scope::new(&data), &mut context) {
                    Ok(value) => {
                        assert!(value.to_display_string().len() <= 4_000_001);
                        values += 1;
                    }
                    Err(error) => {
                        assert!(error.offset().unwrap() <= source.len(), "{source}");
                        errors += 1;
                    }
                }
            }
            Err(error) => {
                assert!(source.get(error.offset..error.offset + error.length).is_some(), "{source}: {error:?}");
            }
        }
    }
    assert!(values > 500 && errors > 300, "{values} values, {errors} errors");
}
