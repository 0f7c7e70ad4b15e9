//! The shortest way to write text in the modes of Aztec codes (ISO/IEC 24778, clause 7).

/// How text is written. The first five are the modes of the standard; binary is written by a shift from one of three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Upper,
    Lower,
    Mixed,
    Punctuation,
    Digit,
    BinaryFromUpper,
    BinaryFromLower,
    BinaryFromMixed,
}

const STATES: [State; 8] = [
    State::Upper,
    State::Lower,
    State::Mixed,
    State::Punctuation,
    State::Digit,
    State::BinaryFromUpper,
    State::BinaryFromLower,
    State::BinaryFromMixed,
];

/// Latches of one code: from, to, code.
const LATCHES: [(State, State, u8); 13] = [
    (State::Upper, State::Lower, 28),
    (State::Upper, State::Mixed, 29),
    (State::Upper, State::Digit, 30),
    (State::Lower, State::Mixed, 29),
    (State::Lower, State::Digit, 30),
    (State::Mixed, State::Lower, 28),
    (State::Mixed, State::Upper, 29),
    (State::Mixed, State::Punctuation, 30),
    (State::Punctuation, State::Upper, 31),
    (State::Digit, State::Upper, 14),
    // Leaving binary costs nothing; the run knows its length.
    (State::BinaryFromUpper, State::Upper, 0),
    (State::BinaryFromLower, State::Lower, 0),
    (State::BinaryFromMixed, State::Mixed, 0),
];

/// The longest way from one mode to another takes three latches (lower case by digits to capitals is two).
const LATCH_COUNT_MAX: usize = 3;

/// Shift to punctuation, from all modes but itself.
const PUNCTUATION_SHIFT: u8 = 0;
/// Shift to binary, from the three modes of letters and signs.
const BINARY_SHIFT: u8 = 31;
/// Bits of a binary shift and the length after it.
const BINARY_SHIFT_BITS: u32 = 10;
/// Bytes of a binary run whose length is written in 5 bits.
const SHORT_RUN_LENGTH_MAX: usize = 31;
/// Bytes of the longest binary run: 11 bits hold what exceeds 31.
const RUN_LENGTH_MAX: usize = 2_047 + 31;

/// How a place of the text was reached.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// It is the start.
    Start,
    /// The mode was changed by this code.
    Latch(u8),
    /// A binary run begins; the byte follows.
    BeginBinary,
    /// One byte of a binary run.
    Binary,
    /// One code of the mode.
    Plain(u8),
    /// One code of punctuation, after a shift.
    ShiftPunctuation(u8),
    /// One capital, after a shift.
    ShiftUpper(u8),
}

/// The cheapest way to one place in one state.
#[derive(Clone, Copy, Debug)]
struct Way {
    bits: u32,
    step: Step,
    /// Bytes that the step took.
    taken: usize,
    /// State before it.
    before: State,
}

const UNREACHED: Way = Way { bits: u32::MAX, step: Step::Start, taken: 0, before: State::Upper };

/// Appends the lowest `count` bits of a number, the highest first.
pub(super) fn push(bits: &mut Vec<bool>, number: u32, count: u8) {
    bits.extend((0..count).rev().map(|bit| number >> bit & 1 == 1));
}

/// The bits of a text. Text of Latin-1 is written as that, which readers expect; any other as UTF-8 behind its ECI
/// designator.
pub(super) fn encode_text(text: &str) -> Vec<bool> {
    let latin: Option<Vec<u8>> = text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
    let mut bits = Vec::new();
    match latin {
        Some(bytes) => write(&bytes, &mut bits),
        None => {
            // Shift to punctuation, FLG(2), the digits of ECI 26.
            push(&mut bits, u32::from(PUNCTUATION_SHIFT), 5);
            push(&mut bits, 0, 5);
            push(&mut bits, 2, 3);
            push(&mut bits, 2 + 2, 4);
            push(&mut bits, 6 + 2, 4);
            write(text.as_bytes(), &mut bits);
        }
    }
    bits
}

fn write(bytes: &[u8], bits: &mut Vec<bool>) {
    let ways = ways(bytes);
    let mut steps = Vec::new();
    let (mut place, mut state) = (bytes.len(), State::Upper);
    let cheapest = |place: usize| {
        let row = ways.get(place)?;
        STATES.into_iter().min_by_key(|&state| row.get(state as usize).map_or(u32::MAX, |way| way.bits))
    };
    state = cheapest(place).unwrap_or(state);
    while let Some(way) = ways.get(place).and_then(|row| row.get(state as usize)) {
        if matches!(way.step, Step::Start) {
            break;
        }
        place -= way.taken;
        steps.push((place, way.before, way.step));
        state = way.before;
    }
    steps.reverse();
    let mut steps = steps.into_iter().peekable();
    while let Some((place, state, step)) = steps.next() {
        let width = width(state);
        match step {
            Step::Start => {}
            Step::Latch(code) => {
                if !is_binary(state) {
                    push(bits, u32::from(code), width);
                }
            }
            Step::BeginBinary => {
                let mut end = place;
                while let Some((place, ..)) = steps.next_if(|(_, _, step)| matches!(step, Step::Binary)) {
                    end = place + 1;
                }
                write_binary(bytes.get(place..end).unwrap_or_default(), bits);
            }
            // A byte of a run is written with its run.
            Step::Binary => {}
            Step::Plain(code) => push(bits, u32::from(code), width),
            Step::ShiftPunctuation(code) => {
                push(bits, u32::from(PUNCTUATION_SHIFT), width);
                push(bits, u32::from(code), 5);
            }
            Step::ShiftUpper(code) => {
                push(bits, if state == State::Digit { 15 } else { 28 }, width);
                push(bits, u32::from(code), 5);
            }
        }
    }
}

fn write_binary(bytes: &[u8], bits: &mut Vec<bool>) {
    for run in bytes.chunks(RUN_LENGTH_MAX) {
        let length = u32::try_from(run.len()).unwrap_or_default();
        push(bits, u32::from(BINARY_SHIFT), 5);
        if run.len() <= SHORT_RUN_LENGTH_MAX {
            push(bits, length, 5);
        } else {
            push(bits, 0, 5);
            push(bits, length - 31, 11);
        }
        run.iter().for_each(|&byte| push(bits, u32::from(byte), 8));
    }
}

/// The cheapest ways to all places in all states, from the start on. A long binary run is counted as if its length
/// took 5 bits: runs that long are cheaper than anything else in any case.
fn ways(bytes: &[u8]) -> Vec<[Way; 8]> {
    let mut ways = vec![[UNREACHED; 8]; bytes.len() + 1];
    improve(&mut ways, 0, State::Upper, Way { bits: 0, ..UNREACHED });
    for place in 0..=bytes.len() {
        for _ in 0..LATCH_COUNT_MAX {
            for (from, to, code) in LATCHES {
                let Some(bits) = reached(&ways, place, from) else { continue };
                let cost = if is_binary(from) { 0 } else { u32::from(width(from)) };
                improve(
                    &mut ways,
                    place,
                    to,
                    Way { bits: bits + cost, step: Step::Latch(code), taken: 0, before: from },
                );
            }
        }
        let (Some(&byte), next) = (bytes.get(place), bytes.get(place + 1).copied()) else { continue };
        for state in STATES {
            let Some(bits) = reached(&ways, place, state) else { continue };
            let width = u32::from(width(state));
            let mut go = |to: State, taken: usize, cost: u32, step: Step| {
                improve(&mut ways, place + taken, to, Way { bits: bits + cost, step, taken, before: state });
            };
            if is_binary(state) {
                go(state, 1, 8, Step::Binary);
                continue;
            }
            if let Some(code) = code(state, byte) {
                go(state, 1, width, Step::Plain(code));
            }
            if let Some(code) = pair(byte, next) {
                match state {
                    State::Punctuation => go(state, 2, width, Step::Plain(code)),
                    _ => go(state, 2, width + 5, Step::ShiftPunctuation(code)),
                }
            }
            if state != State::Punctuation
                && let Some(code) = code(State::Punctuation, byte)
            {
                go(state, 1, width + 5, Step::ShiftPunctuation(code));
            }
            if matches!(state, State::Lower | State::Digit)
                && let Some(code) = code(State::Upper, byte)
            {
                go(state, 1, width + 5, Step::ShiftUpper(code));
            }
            let binary = match state {
                State::Upper => State::BinaryFromUpper,
                State::Lower => State::BinaryFromLower,
                State::Mixed => State::BinaryFromMixed,
                _ => continue,
            };
            go(binary, 0, BINARY_SHIFT_BITS, Step::BeginBinary);
        }
    }
    ways
}

fn reached(ways: &[[Way; 8]], place: usize, state: State) -> Option<u32> {
    let way = ways.get(place)?.get(state as usize)?;
    (way.bits != u32::MAX).then_some(way.bits)
}

fn improve(ways: &mut [[Way; 8]], place: usize, state: State, way: Way) {
    if let Some(known) = ways.get_mut(place).and_then(|row| row.get_mut(state as usize))
        && way.bits < known.bits
    {
        *known = way;
    }
}

fn is_binary(state: State) -> bool {
    matches!(state, State::BinaryFromUpper | State::BinaryFromLower | State::BinaryFromMixed)
}

/// Bits of a code.
fn width(state: State) -> u8 {
    if state == State::Digit { 4 } else { 5 }
}

/// The code of a byte in a mode.
fn code(state: State, byte: u8) -> Option<u8> {
    match (state, byte) {
        (State::Upper | State::Lower | State::Mixed | State::Digit, b' ') => Some(1),
        (State::Upper, b'A'..=b'Z') => Some(byte - b'A' + 2),
        (State::Lower, b'a'..=b'z') => Some(byte - b'a' + 2),
        (State::Digit, b'0'..=b'9') => Some(byte - b'0' + 2),
        (State::Digit, b',') => Some(12),
        (State::Digit, b'.') => Some(13),
        (State::Mixed, 1..=13) => Some(byte + 1),
        (State::Mixed, 27..=31) => Some(byte - 12),
        (State::Mixed, _) => b"@\\^_`|~\x7F".iter().zip(20..).find(|(known, _)| **known == byte).map(|(_, code)| code),
        (State::Punctuation, b'\r') => Some(1),
        (State::Punctuation, b'!'..=b'/') => Some(byte - b'!' + 6),
        (State::Punctuation, _) => {
            b":;<=>?[]{}".iter().zip(21..).find(|(known, _)| **known == byte).map(|(_, code)| code)
        }
        _ => None,
    }
}

/// The code of punctuation for two bytes.
fn pair(byte: u8, next: Option<u8>) -> Option<u8> {
    match (byte, next?) {
        (b'\r', b'\n') => Some(2),
        (b'.', b' ') => Some(3),
        (b',', b' ') => Some(4),
        (b':', b' ') => Some(5),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(text: &str) -> String {
        encode_text(text).into_iter().map(|bit| if bit { '1' } else { '0' }).collect()
    }

    #[test]
    fn capitals_digits_and_punctuation_are_written_by_the_tables() {
        assert_eq!(bits("A. b!"), "00010".to_owned() + "11100" + "00000" + "00011" + "00011" + "00000" + "00110");
        assert_eq!(bits("12"), "11110".to_owned() + "0011" + "0100");
        assert_eq!(bits("aB"), "11100".to_owned() + "00010" + "11100" + "00011");
        assert_eq!(bits("{"), "00000".to_owned() + "11101");
    }

    #[test]
    fn bytes_are_written_in_runs_with_their_length() {
        assert_eq!(bits("\u{80}\u{81}"), "11111".to_owned() + "00010" + "10000000" + "10000001");
        let long = "\u{80}".repeat(40);
        assert!(bits(&long).starts_with(&("11111".to_owned() + "00000" + "00000001001" + "10000000")));
        assert_eq!(bits(&long).len(), 21 + 40 * 8);
        // Beyond Latin-1: FLG(2), ECI 26, then UTF-8.
        assert!(bits("€").starts_with(&("00000".to_owned() + "00000" + "010" + "0100" + "1000" + "11111" + "00011")));
    }
}
