//! Text as codewords of PDF417: runs of text, digits and bytes (ISO/IEC 15438, 5.4).

/// Latch to text; also fills up.
pub(super) const PAD: u16 = 900;
/// Latch to bytes, not a multiple of six.
const LATCH_BYTES: u16 = 901;
/// Latch to digits.
const LATCH_DIGITS: u16 = 902;
/// Latch to bytes, a multiple of six.
const LATCH_SIXES: u16 = 924;
/// Names the encoding of the bytes that follow; 26 is UTF-8.
const ECI: u16 = 927;
const ECI_UTF_8: u16 = 26;

/// Digits that are worth a run of their own.
const DIGIT_RUN_LENGTH_MIN: usize = 13;
/// Characters of text that are worth a run of their own between bytes.
const TEXT_RUN_LENGTH_MIN: usize = 5;
/// Digits that are written together, as 15 codewords.
const DIGIT_GROUP_LENGTH: usize = 44;

/// The data codewords of a value, for a symbol that begins in text mode. Beyond ASCII the bytes are UTF-8.
pub(super) fn encode_text(value: &str) -> Vec<u16> {
    let mut codewords = Vec::new();
    if !value.is_ascii() {
        codewords.extend([ECI, ECI_UTF_8]);
    }
    let mut in_text = true;
    for run in runs(value.as_bytes()) {
        match run {
            Run::Text(text) => {
                if !in_text {
                    codewords.push(PAD);
                    in_text = true;
                }
                TextWriter::default().write(text, &mut codewords);
            }
            Run::Digits(digits) => {
                codewords.push(LATCH_DIGITS);
                digits.chunks(DIGIT_GROUP_LENGTH).for_each(|group| codewords.extend(digit_codewords(group)));
                in_text = false;
            }
            Run::Bytes(bytes) => {
                codewords.push(if bytes.len() % 6 == 0 { LATCH_SIXES } else { LATCH_BYTES });
                byte_codewords(bytes, &mut codewords);
                in_text = false;
            }
        }
    }
    codewords
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run<'v> {
    Text(&'v [u8]),
    Digits(&'v [u8]),
    Bytes(&'v [u8]),
}

/// Cuts a value into runs.
fn runs<'v>(bytes: &'v [u8]) -> Vec<Run<'v>> {
    // From the end to the start: how long the runs are that begin at each place.
    let mut lengths = vec![(0_usize, 0_usize); bytes.len() + 1];
    for (place, &byte) in bytes.iter().enumerate().rev() {
        let (digits, text) = lengths.get(place + 1).copied().unwrap_or_default();
        if let Some(slot) = lengths.get_mut(place) {
            *slot = (if byte.is_ascii_digit() { digits + 1 } else { 0 }, if is_text(byte) { text + 1 } else { 0 });
        }
    }
    let length = |place: usize| lengths.get(place).copied().unwrap_or_default();
    let is_digit_run = |place: usize| length(place).0 >= DIGIT_RUN_LENGTH_MIN;
    let is_text_run = |place: usize| length(place).1 >= TEXT_RUN_LENGTH_MIN || place + length(place).1 == bytes.len();
    let mut runs = Vec::new();
    let mut place = 0;
    while place < bytes.len() {
        let until =
            |ends: &dyn Fn(usize) -> bool| (place + 1..bytes.len()).find(|&place| ends(place)).unwrap_or(bytes.len());
        let (digits, text) = length(place);
        let (end, make): (usize, fn(&'v [u8]) -> Run<'v>) = if is_digit_run(place) {
            (place + digits, Run::Digits)
        } else if text > 0 && is_text_run(place) {
            (until(&|at| length(at).1 == 0 || is_digit_run(at)), Run::Text)
        } else {
            (until(&|at| is_digit_run(at) || (length(at).1 > 0 && is_text_run(at))), Run::Bytes)
        };
        runs.push(make(bytes.get(place..end).unwrap_or_default()));
        place = end;
    }
    runs
}

fn is_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')
}

/// Up to 44 digits as a number with a 1 before it, to the base 900.
fn digit_codewords(digits: &[u8]) -> Vec<u16> {
    let mut number: Vec<u32> = [1].into_iter().chain(digits.iter().map(|digit| u32::from(digit & 15))).collect();
    let mut codewords = Vec::new();
    while !number.is_empty() {
        let mut remainder = 0;
        let mut quotient = Vec::with_capacity(number.len());
        for &digit in &number {
            let value = remainder * 10 + digit;
            if !quotient.is_empty() || value >= 900 {
                quotient.push(value / 900);
            }
            remainder = value % 900;
        }
        codewords.push(u16::try_from(remainder).unwrap_or_default());
        number = quotient;
    }
    codewords.reverse();
    codewords
}

/// Six bytes as a number to the base 900; what is left as it is.
fn byte_codewords(bytes: &[u8], codewords: &mut Vec<u16>) {
    let groups = bytes.chunks_exact(6);
    let left = groups.remainder();
    for group in groups {
        let number = group.iter().fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
        let powers = [900_u64.pow(4), 900_u64.pow(3), 900_u64.pow(2), 900, 1];
        codewords.extend(powers.map(|power| u16::try_from(number / power % 900).unwrap_or_default()));
    }
    codewords.extend(left.iter().map(|&byte| u16::from(byte)));
}

/// The four tables of text mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Table {
    #[default]
    Upper,
    Lower,
    Mixed,
    Punctuation,
}

const MIXED: &[u8] = b"0123456789&\r\t,:#-.$/+%*=^";
const PUNCTUATION: &[u8] = b";<>@[\\]_`~!\r\t,:\n-.$/\"|*()?{}'";

/// The code of a byte in a table.
fn code(table: Table, byte: u8) -> Option<u8> {
    let place = |known: &[u8]| known.iter().position(|&known| known == byte).and_then(|place| u8::try_from(place).ok());
    match (table, byte) {
        (Table::Upper | Table::Lower | Table::Mixed, b' ') => Some(26),
        (Table::Upper, b'A'..=b'Z') => Some(byte - b'A'),
        (Table::Lower, b'a'..=b'z') => Some(byte - b'a'),
        (Table::Mixed, _) => place(MIXED),
        (Table::Punctuation, _) => place(PUNCTUATION),
        _ => None,
    }
}

/// Writes a run of text, two codes a codeword. Every run begins with capitals.
#[derive(Default)]
struct TextWriter {
    table: Table,
}

impl TextWriter {
    fn write(&mut self, text: &[u8], codewords: &mut Vec<u16>) {
        let mut codes = Vec::with_capacity(text.len());
        for (place, &byte) in text.iter().enumerate() {
            self.write_byte(byte, text.get(place + 1).copied(), &mut codes);
        }
        // The second half of the last codeword is a shift to punctuation, which nothing follows.
        codewords.extend(codes.chunks(2).map(|pair| {
            let half = |index: usize| u16::from(pair.get(index).copied().unwrap_or(29));
            half(0) * 30 + half(1)
        }));
    }

    /// Writes a byte in this table, by a shift when the next byte is better off without a latch, or after latches.
    fn write_byte(&mut self, byte: u8, next: Option<u8>, codes: &mut Vec<u8>) {
        if let Some(code) = code(self.table, byte) {
            codes.push(code);
            return;
        }
        let stays = |table: Table| next.is_some_and(|next| code(table, next).is_some());
        if let Some(capital) = code(Table::Upper, byte).filter(|_| self.table == Table::Lower && !stays(Table::Upper)) {
            codes.extend([27, capital]);
            return;
        }
        let only_punctuation = code(Table::Mixed, byte).is_none();
        if let Some(sign) = code(Table::Punctuation, byte)
            && self.table != Table::Punctuation
            && !stays(Table::Punctuation)
            && (only_punctuation || stays(self.table))
        {
            codes.extend([29, sign]);
            return;
        }
        let target = [Table::Upper, Table::Lower, Table::Mixed, Table::Punctuation]
            .into_iter()
            .find(|&table| code(table, byte).is_some())
            .unwrap_or_default();
        codes.extend(latches(self.table, target));
        self.table = target;
        codes.extend(code(target, byte));
    }
}

/// The codes that lead from one table to another.
fn latches(from: Table, to: Table) -> &'static [u8] {
    match (from, to) {
        (Table::Upper, Table::Lower) | (Table::Mixed, Table::Lower) => &[27],
        (Table::Upper | Table::Lower, Table::Mixed) | (Table::Mixed, Table::Upper) => &[28],
        (Table::Upper | Table::Lower, Table::Punctuation) => &[28, 25],
        (Table::Lower, Table::Upper) => &[28, 28],
        (Table::Mixed, Table::Punctuation) => &[25],
        (Table::Punctuation, Table::Upper) => &[29],
        (Table::Punctuation, Table::Lower) => &[29, 27],
        (Table::Punctuation, Table::Mixed) => &[29, 28],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_are_encoded_as_printed() {
        // ISO/IEC 15438, 5.4.1.5 and 5.4.4: "PDF417", and 000213298174000 as digits.
        assert_eq!(encode_text("PDF417"), [453, 178, 121, 239]);
        assert_eq!(encode_text("000213298174000"), [902, 1, 624, 434, 632, 282, 200]);
        // Six bytes: 231, 101, 11, 97, 205, 2.
        let mut six = Vec::new();
        byte_codewords(&[231, 101, 11, 97, 205, 2], &mut six);
        assert_eq!(six, [387, 700, 208, 213, 302]);
    }

    #[test]
    fn a_value_is_cut_into_runs() {
        let shown = |value: &'static str| {
            runs(value.as_bytes())
                .iter()
                .map(|run| match run {
                    Run::Text(text) => format!("t{}", text.len()),
                    Run::Digits(digits) => format!("d{}", digits.len()),
                    Run::Bytes(bytes) => format!("b{}", bytes.len()),
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(shown("AB1234567890123CD"), "t2 d13 t2");
        assert_eq!(shown("ééabé"), "b8");
        assert_eq!(shown("ééabcdeé"), "b4 t5 b2");
        assert_eq!(shown("éab"), "b2 t2");
        assert_eq!(shown("123456789012"), "t12");
    }
}
