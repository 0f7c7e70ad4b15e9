//! From coefficients to bits: runs and sizes (ITU-T T.81, F.1.2), in codes that are made for the file (annex K.2).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::segment;

/// Bits of the longest word.
const LENGTH_MAX: u8 = 16;

/// Symbols of a code.
const SYMBOL_COUNT: usize = 256;

/// A symbol that never comes: what would be its word is given to none, so that no word has ones only.
const RESERVED: usize = SYMBOL_COUNT;

/// Zeros that one symbol stands for where the next coefficient is further away.
const LONG_RUN: u8 = 0xF0;

/// What blocks are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Component {
    Light,
    Blue,
    Red,
}

impl Component {
    /// The codes of its first coefficients and of the rest.
    fn codes(self) -> [u8; 2] {
        if self == Self::Light { [0, 1] } else { [2, 3] }
    }
}

/// A symbol of a code, and bits that follow it.
#[derive(Clone, Copy)]
struct Token {
    code: u8,
    symbol: u8,
    bits: u16,
}

/// Collects what is written: codes are made when all is known.
#[derive(Default)]
pub(super) struct Coder {
    tokens: Vec<Token>,
    /// The first coefficients of the blocks before.
    light: i32,
    blue: i32,
    red: i32,
}

impl Coder {
    /// A block that has only its first coefficient.
    pub(super) fn flat(&mut self, component: Component, first: i32) {
        let [_, rest] = component.codes();
        self.first(component, first);
        self.tokens.push(Token { code: rest, symbol: 0, bits: 0 });
    }

    /// The coefficients of a block, in the order in which they are written.
    pub(super) fn block(&mut self, component: Component, [first, rest @ ..]: &[i32; 64]) {
        let [_, code] = component.codes();
        self.first(component, *first);
        let mut run = 0;
        for level in rest {
            if *level == 0 {
                run += 1;
                continue;
            }
            while run > 15 {
                self.tokens.push(Token { code, symbol: LONG_RUN, bits: 0 });
                run -= 16;
            }
            self.push(code, run, *level);
            run = 0;
        }
        if run > 0 {
            self.tokens.push(Token { code, symbol: 0, bits: 0 });
        }
    }

    /// The first coefficient is written as its distance from that of the block before.
    fn first(&mut self, component: Component, level: i32) {
        let before = match component {
            Component::Light => &mut self.light,
            Component::Blue => &mut self.blue,
            Component::Red => &mut self.red,
        };
        let difference = level - std::mem::replace(before, level);
        let [code, _] = component.codes();
        self.push(code, 0, difference);
    }

    /// A number after a run of zeros: how many bits it has, and which; a negative one as if it were one less.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a coefficient has twelve bits")]
    fn push(&mut self, code: u8, run: u8, level: i32) {
        let size = 32 - level.unsigned_abs().leading_zeros();
        let mask = (1_u32 << size) - 1;
        let bits = (level - i32::from(level < 0)) as u32 & mask;
        self.tokens.push(Token { code, symbol: run << 4 | size as u8, bits: bits as u16 });
    }

    /// The best codes for what was collected: for the first coefficients of light and the rest, and the same of colour.
    pub(super) fn codes(&self) -> [Code; 4] {
        let mut counts = [[0_u32; SYMBOL_COUNT]; 4];
        for token in &self.tokens {
            let count = counts.get_mut(usize::from(token.code)).and_then(|it| it.get_mut(usize::from(token.symbol)));
            if let Some(count) = count {
                *count += 1;
            }
        }
        let [light_first, light_rest, color_first, color_rest] = &counts;
        [(0x00, light_first), (0x10, light_rest), (0x01, color_first), (0x11, color_rest)]
            .map(|(name, counts)| Code::for_counts(name, counts))
    }

    /// Writes what was collected.
    pub(super) fn write(&self, codes: &[Code; 4], out: &mut Vec<u8>) {
        let (mut held, mut held_count) = (0_u64, 0_u32);
        for token in &self.tokens {
            let Some(code) = codes.get(usize::from(token.code)) else { continue };
            let Some(&(word, length)) = code.words.get(usize::from(token.symbol)) else { continue };
            let size = u32::from(token.symbol & 15);
            held = (held << length | u64::from(word)) << size | u64::from(token.bits);
            held_count += u32::from(length) + size;
            while held_count >= 8 {
                held_count -= 8;
                put(out, held >> held_count);
            }
        }
        // What is left is filled with ones.
        let missing = (8 - held_count % 8) % 8;
        if missing > 0 {
            put(out, held << missing | ((1 << missing) - 1));
        }
    }
}

/// The lowest byte; a byte of ones is followed by a zero, so that it is no marker.
#[expect(clippy::cast_possible_truncation, reason = "the lowest byte is meant")]
fn put(out: &mut Vec<u8>, bits: u64) {
    let byte = bits as u8;
    out.push(byte);
    if byte == 0xFF {
        out.push(0);
    }
}

/// A code.
pub(super) struct Code {
    /// Class and number, as the file says them.
    name: u8,
    /// Symbols and the lengths of their words, shortest words first.
    pub(super) lengths: Vec<(u8, u8)>,
    /// Words and their lengths, by symbol.
    words: [(u16, u8); SYMBOL_COUNT],
}

impl Code {
    /// The code with which symbols that come so often take the fewest bits.
    pub(super) fn for_counts(name: u8, counts: &[u32; SYMBOL_COUNT]) -> Self {
        let mut lengths = lengths(counts);
        lengths.sort_by_key(|(symbol, length)| (*length, *symbol));
        let mut words = [(0, 0); SYMBOL_COUNT];
        let (mut next, mut before) = (0_u32, 0);
        for (symbol, length) in &lengths {
            next <<= length - before;
            if let (Some(word), Ok(next)) = (words.get_mut(usize::from(*symbol)), u16::try_from(next)) {
                *word = (next, *length);
            }
            next += 1;
            before = *length;
        }
        Self { name, lengths, words }
    }

    /// Writes the segment that tells this code.
    pub(super) fn define(&self, out: &mut Vec<u8>) {
        let count = |length| self.lengths.iter().filter(|(_, other)| *other == length).count();
        let mut content = vec![self.name];
        content.extend((1..=LENGTH_MAX).map(|length| u8::try_from(count(length)).unwrap_or(u8::MAX)));
        content.extend(self.lengths.iter().map(|(symbol, _)| symbol));
        segment(out, 0xC4, &content);
    }
}

/// How long the word of each symbol is that comes at all. Where one would be too long, counts are made more alike.
fn lengths(counts: &[u32; SYMBOL_COUNT]) -> Vec<(u8, u8)> {
    let counted = (0..).zip(counts).filter(|(_, count)| **count > 0).map(|(symbol, count)| (symbol, u64::from(*count)));
    let mut counted: Vec<(usize, u64)> = counted.chain([(RESERVED, 1)]).collect();
    loop {
        let lengths = unlimited(&counted);
        if lengths.iter().all(|(_, length)| *length <= LENGTH_MAX) {
            let real = lengths.into_iter().filter_map(|(symbol, length)| Some((u8::try_from(symbol).ok()?, length)));
            return real.collect();
        }
        counted.iter_mut().for_each(|(_, count)| *count = count.div_ceil(2));
    }
}

/// Lengths without a limit (Huffman): the two rarest are joined until all are one.
fn unlimited(counted: &[(usize, u64)]) -> Vec<(usize, u8)> {
    let single = |&(symbol, count): &(usize, u64)| Reverse((count, Reverse(symbol), vec![(symbol, 0)]));
    let mut heap: BinaryHeap<_> = counted.iter().map(single).collect();
    loop {
        let Some(Reverse((count, order, mut symbols))) = heap.pop() else { return Vec::new() };
        let Some(Reverse((more, _, others))) = heap.pop() else { return symbols };
        symbols.extend(others);
        symbols.iter_mut().for_each(|(_, length)| *length += 1);
        heap.push(Reverse((count + more, order, symbols)));
    }
}
