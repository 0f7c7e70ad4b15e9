//! Code 128 (ISO/IEC 15417) with the shortest switching between its code sets A, B and C.

use super::code128_patterns::{PATTERNS, STOP_PATTERN};
use super::registry::Symbology;
use super::{BarcodeError, Bars, NaturalHeight, Options, QuietZone, Symbol, millimetres};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "Code 128",
    standard: "ISO/IEC 15417",
    carries: "it carries ASCII characters",
    quiet_zone: QuietZone::beside(10, 10),
    shows_text: false,
    module_points: millimetres(0.33),
    height: NaturalHeight::Points(36.0),
    properties: &[],
    encode,
};

/// Characters of a value. Longer symbols exceed the width that scanners read; the standard's users stop at 48.
const VALUE_LENGTH_MAX: usize = 256;

/// Stands for FNC1 among the bytes of a value, which are ASCII otherwise.
pub(super) const FUNCTION_1_BYTE: u8 = 0x80;

const SHIFT: u8 = 98;
const CODE_C: u8 = 99;
const CODE_B: u8 = 100;
const CODE_A: u8 = 101;
const FUNCTION_1: u8 = 102;

fn encode(value: &str, _options: &Options) -> Result<Symbol, BarcodeError> {
    BarcodeError::check_length(value, VALUE_LENGTH_MAX)?;
    BarcodeError::check_characters(value, SYMBOLOGY.carries, |character| character.is_ascii())?;
    Ok(Symbol::linear(&bars(value.as_bytes()), value))
}

/// The bars of ASCII bytes and [`FUNCTION_1_BYTE`].
pub(super) fn bars(bytes: &[u8]) -> Bars {
    let mut bars = Bars::default();
    for pattern in symbols(bytes).iter().filter_map(|&symbol| PATTERNS.get(usize::from(symbol))) {
        bars.bars(pattern);
    }
    bars.bars(&STOP_PATTERN);
    bars
}

/// A code set: what the symbol values stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    /// Control characters, digits, capitals.
    A,
    /// Digits, capitals, small letters.
    B,
    /// Pairs of digits.
    C,
}

const SETS: [Set; 3] = [Set::B, Set::A, Set::C];

/// What is done at one place of the value, in one set.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// Symbols from here to the end.
    cost: u32,
    /// Bytes taken.
    taken: usize,
    /// Whether the byte is written with a shift to the other of A and B.
    shift: bool,
}

const IMPOSSIBLE: Step = Step { cost: u32::MAX, taken: 0, shift: false };

/// All symbol values: start, data, check (ISO/IEC 15417, annex A); the stop symbol is not among them.
fn symbols(bytes: &[u8]) -> Vec<u8> {
    // From the end to the start: the cheapest way to go on in each set, without switching first.
    let mut plan = vec![[IMPOSSIBLE; 3]; bytes.len()];
    for place in (0..bytes.len()).rev() {
        for set in SETS {
            let (first, second) = (bytes.get(place).copied(), bytes.get(place + 1).copied());
            let (taken, shift, symbols) = match (set, first, second) {
                (_, Some(FUNCTION_1_BYTE), _) => (1, false, 1),
                (Set::C, Some(b'0'..=b'9'), Some(b'0'..=b'9')) => (2, false, 1),
                (Set::C, _, _) => continue,
                (Set::A, Some(96..), _) | (Set::B, Some(..32), _) => (1, true, 2),
                _ => (1, false, 1),
            };
            let rest = cheapest(&plan, place + taken, Some(set)).map_or(0, |(_, cost)| cost);
            if let Some(step) = plan.get_mut(place).and_then(|row| row.get_mut(set as usize)) {
                *step = Step { cost: rest.saturating_add(symbols), taken, shift };
            }
        }
    }

    let Some((mut set, _)) = cheapest(&plan, 0, None) else { return Vec::new() };
    let mut symbols = vec![match set {
        Set::A => 103,
        Set::B => 104,
        Set::C => 105,
    }];
    let mut place = 0;
    while let Some((next, _)) = cheapest(&plan, place, Some(set)) {
        if next != set {
            symbols.push(match next {
                Set::A => CODE_A,
                Set::B => CODE_B,
                Set::C => CODE_C,
            });
            set = next;
        }
        let Some(step) = plan.get(place).and_then(|row| row.get(set as usize)) else { break };
        let byte = bytes.get(place).copied().unwrap_or_default();
        if step.shift {
            symbols.push(SHIFT);
        }
        symbols.push(match set {
            _ if byte == FUNCTION_1_BYTE => FUNCTION_1,
            Set::C => {
                let second = bytes.get(place + 1).copied().unwrap_or_default();
                (byte & 15) * 10 + (second & 15)
            }
            // Control characters exist in A only, whether by set or by shift; the rest has one value in both.
            _ if byte < 32 => byte + 64,
            _ => byte - 32,
        });
        place += step.taken;
    }
    symbols.push(check(&symbols));
    symbols
}

/// The set in which the rest costs least, and its cost with the switch from `current` counted. Equal costs keep the
/// current set. Nothing at the end.
fn cheapest(plan: &[[Step; 3]], place: usize, current: Option<Set>) -> Option<(Set, u32)> {
    let row = plan.get(place)?;
    SETS.into_iter()
        .zip(SETS.into_iter().filter_map(|set| row.get(set as usize)))
        .map(|(set, step)| {
            let switch = u32::from(current.is_some_and(|current| current != set));
            (set, step.cost.saturating_add(switch), current != Some(set))
        })
        .min_by_key(|&(_, cost, changes)| (cost, changes))
        .map(|(set, cost, _)| (set, cost))
}

/// The check symbol: the weighted sum modulo 103. The start symbol weighs 1, like the first after it.
fn check(symbols: &[u8]) -> u8 {
    let sum: u32 = symbols.iter().zip(0_u32..).map(|(&symbol, place)| u32::from(symbol) * place.max(1)).sum();
    u8::try_from(sum % 103).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

    use super::super::code128_patterns::{PATTERNS, STOP_PATTERN};
    use super::{Options, bars, encode, symbols};

    /// Reads symbols back, as a scanner does.
    fn read(symbols: &[u8]) -> Vec<u8> {
        let (start, rest) = symbols.split_first().unwrap();
        let mut set = b"ABC"[usize::from(start - 103)];
        let mut shifted = None;
        let mut bytes = Vec::new();
        for &symbol in &rest[..rest.len() - 1] {
            let current = shifted.take().unwrap_or(set);
            match (current, symbol) {
                (b'C', ..=99) => bytes.extend([b'0' + symbol / 10, b'0' + symbol % 10]),
                (b'A' | b'C', 100) => set = b'B',
                (b'B' | b'C', 101) => set = b'A',
                (b'A' | b'B', 99) => set = b'C',
                (b'A', 98) => shifted = Some(b'B'),
                (b'B', 98) => shifted = Some(b'A'),
                (b'A', 64..=95) => bytes.push(symbol - 64),
                (b'A' | b'B', ..=95) => bytes.push(symbol + 32),
                _ => panic!("symbol {symbol} in set {current}"),
            }
        }
        bytes
    }

    #[test]
    fn every_pattern_is_eleven_modules_with_an_even_number_of_dark_ones_and_unique() {
        for pattern in PATTERNS {
            assert_eq!(pattern.iter().sum::<u8>(), 11);
            assert_eq!((pattern[0] + pattern[2] + pattern[4]) % 2, 0);
        }
        let mut sorted = PATTERNS.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 106);
        assert_eq!(STOP_PATTERN.iter().sum::<u8>(), 13);
    }

    #[test]
    fn the_check_symbol_of_the_published_example_is_right() {
        // "PJJ123C" in set A is the example of the usual textbooks: check symbol 54.
        let values = [103, 48, 42, 42, 17, 18, 19, 35];
        assert_eq!(super::check(&values), 54);
    }

    #[test]
    fn digits_go_in_pairs_and_an_odd_digit_costs_one_switch() {
        assert_eq!(symbols(b"123456")[..4], [105, 12, 34, 56]);
        assert_eq!(symbols(b"12345").len(), 1 + 4 + 1);
        assert_eq!(symbols(b"AB12345678")[..8], [104, 33, 34, 99, 12, 34, 56, 78]);
        // Two digits inside letters do not pay a switch there and back.
        assert_eq!(symbols(b"a12b").len(), 1 + 4 + 1);
    }

    #[test]
    fn one_control_character_among_small_letters_is_shifted_and_many_switch() {
        assert_eq!(symbols(b"ab\tcd").iter().filter(|&&symbol| symbol == 98).count(), 1);
        assert!(!symbols(b"ab\t\t\t\t").contains(&98));
    }

    #[test]
    fn every_value_reads_back_as_it_was() {
        let all: Vec<u8> = (0..128).collect();
        let mut values: Vec<Vec<u8>> = all.windows(7).map(<[u8]>::to_vec).collect();
        values.extend(
            ["2026-0001234", "a1b22c333d4444e55555", "\x01a\x02b\x03c", "00", "0"].map(|v| v.as_bytes().to_vec()),
        );
        for value in values {
            assert_eq!(read(&symbols(&value)), value);
        }
    }

    #[test]
    fn no_shorter_sequence_exists_for_short_values() {
        // All ways to write the value, searched one symbol deeper at a time.
        fn writable(bytes: &[u8], set: u8, budget: u32) -> bool {
            let Some((&first, rest)) = bytes.split_first() else { return true };
            let Some(left) = budget.checked_sub(1) else { return false };
            let digits = bytes.len() >= 2 && bytes[..2].iter().all(u8::is_ascii_digit);
            let plain = (set == b'A' && first < 96) || (set == b'B' && first >= 32);
            (set == b'C' && digits && writable(&bytes[2..], set, left))
                || (plain && writable(rest, set, left))
                || (set != b'C' && !plain && left > 0 && writable(rest, set, left - 1))
                || [b'A', b'B', b'C'].into_iter().any(|next| next != set && writable(bytes, next, left))
        }
        for value in ["a\tb", "12a34", "123a", "1234a", "A\x01b\x02", "99\x01", "a1234b", "\x01\x02ab12"] {
            let length = u32::try_from(symbols(value.as_bytes()).len()).unwrap() - 2;
            let sets = [b'A', b'B', b'C'];
            assert!(sets.into_iter().any(|set| writable(value.as_bytes(), set, length)), "{value:?}");
            assert!(!sets.into_iter().any(|set| writable(value.as_bytes(), set, length - 1)), "{value:?}");
        }
    }

    #[test]
    fn the_stop_pattern_stands_at_the_end() {
        let modules = bars(b"A").modules(1);
        assert_eq!((modules.width, modules.height), (3 * 11 + 13, 1));
        let tail: Vec<bool> = (0..13).map(|x| modules.dark(33 + x, 0)).collect();
        let stop: Vec<bool> = "1100011101011".bytes().map(|bit| bit == b'1').collect();
        assert_eq!(tail, stop);
    }

    #[test]
    fn function_1_is_one_symbol_in_every_set() {
        assert_eq!(symbols(b"\x801234")[..4], [105, 102, 12, 34]);
        assert_eq!(symbols(b"ab\x80cd")[..6], [104, 65, 66, 102, 67, 68]);
        assert_eq!(symbols(b"\x01\x80\x02")[..4], [103, 65, 102, 66]);
    }

    #[test]
    fn what_it_cannot_carry_is_an_error() {
        let said = |value: &str| encode(value, &Options::default()).unwrap_err().to_string();
        assert_eq!(said(""), "the value is empty");
        assert_eq!(said("Zürich"), "the character 'ü' at position 2 cannot be encoded; it carries ASCII characters");
        assert!(encode(&"1".repeat(256), &Options::default()).is_ok());
        let long = "the value has 257 characters, which is more than this barcode can carry (256)";
        assert_eq!(said(&"1".repeat(257)), long);
    }
}
