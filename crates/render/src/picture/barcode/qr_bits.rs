//! What QR codes and Micro QR codes share: a value cut into the modes of ISO/IEC 18004, and their modules.

use encoding_rs::SHIFT_JIS;
use qrcode::bits::{Bits, ExtendedMode};
use qrcode::optimize::{Parser, Segment, total_encoded_len};
use qrcode::types::Mode;
use qrcode::{Color, EcLevel, Version};

use super::{Level, Modules};

/// A value as runs of bytes, each for the modes that may carry it.
pub(super) struct Content {
    bytes: Vec<u8>,
    runs: Vec<Run>,
}

/// A run of bytes.
struct Run {
    kind: RunKind,
    start: usize,
    end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RunKind {
    /// Digits, capitals, anything: the modes that are shortest.
    Ascii,
    /// Pairs of Shift JIS in kanji mode.
    Kanji,
    /// Bytes of UTF-8 in byte mode.
    Utf8,
}

impl Content {
    /// Cuts a value. Japanese goes into kanji mode when all beyond ASCII is Japanese; any other text is UTF-8 without
    /// an ECI header: the payment codes (EPC069-12, the Swiss QR-bill) ask for exactly that, and readers recognise it.
    pub(super) fn new(value: &str) -> Self {
        Self::japanese(value).unwrap_or_else(|| {
            let kind = if value.is_ascii() { RunKind::Ascii } else { RunKind::Utf8 };
            Self { bytes: value.as_bytes().to_vec(), runs: vec![Run { kind, start: 0, end: value.len() }] }
        })
    }

    fn japanese(value: &str) -> Option<Self> {
        if value.is_ascii() || !value.chars().all(|character| character.is_ascii() || is_japanese(character)) {
            return None;
        }
        let mut content = Self { bytes: Vec::new(), runs: Vec::new() };
        let mut rest = value;
        while let Some(first) = rest.chars().next() {
            let ascii = first.is_ascii();
            let end = rest.find(|character: char| character.is_ascii() != ascii).unwrap_or(rest.len());
            let (run, after) = rest.split_at_checked(end)?;
            let start = content.bytes.len();
            if ascii {
                content.bytes.extend(run.bytes());
            } else {
                content.bytes.extend(kanji(run)?);
            }
            let kind = if ascii { RunKind::Ascii } else { RunKind::Kanji };
            content.runs.push(Run { kind, start, end: content.bytes.len() });
            rest = after;
        }
        Some(content)
    }

    /// The bits of a version, when the value fits into it at this level.
    pub(super) fn bits(&self, version: Version, level: EcLevel) -> Option<Bits> {
        self.bits_of(&self.segments(version), version, level)
    }

    /// The bits of the smallest version from `first` that carries the value at this level.
    pub(super) fn smallest(&self, first: i16, level: EcLevel) -> Option<Bits> {
        // The lengths of segments are equal within these versions (ISO/IEC 18004, table 3).
        [(1, 9), (10, 26), (27, 40)].into_iter().find_map(|(from, to)| {
            let segments = self.segments(Version::Normal(to));
            (from.max(first)..=to).find_map(|version| self.bits_of(&segments, Version::Normal(version), level))
        })
    }

    fn bits_of(&self, segments: &[Segment], version: Version, level: EcLevel) -> Option<Bits> {
        let mut bits = Bits::new(version);
        let capacity = bits.max_len(level).ok()?;
        if total_encoded_len(segments, version) > capacity {
            return None;
        }
        bits.push_segments(&self.bytes, segments.iter().copied()).ok()?;
        // The capacity of the versions M1 and M3 ends with half a byte, and the crate cannot pad what ends within it.
        // All that follows is zeros, as is the indicator of numeric mode: it leads out of there in two steps at most.
        for _ in 0..2 {
            let end = bits.len() + terminator_length(version).min(capacity - bits.len());
            if end > capacity / 8 * 8 && end < capacity {
                bits.push_mode_indicator(ExtendedMode::Data(Mode::Numeric)).ok()?;
            }
        }
        bits.push_terminator(level).ok()?;
        Some(bits)
    }

    fn segments(&self, version: Version) -> Vec<Segment> {
        let mut segments = Vec::new();
        for &Run { kind, start, end } in &self.runs {
            let whole = |mode| Segment { mode, begin: start, end };
            match kind {
                RunKind::Kanji => segments.push(whole(Mode::Kanji)),
                RunKind::Utf8 => segments.push(whole(Mode::Byte)),
                RunKind::Ascii => {
                    let parts = Parser::new(self.bytes.get(start..end).unwrap_or_default()).optimize(version);
                    segments.extend(parts.map(|part| Segment {
                        begin: part.begin + start,
                        end: part.end + start,
                        ..part
                    }));
                }
            }
        }
        segments
    }
}

/// Bits of the terminator (ISO/IEC 18004, table 2).
fn terminator_length(version: Version) -> usize {
    match version {
        Version::Micro(number) => usize::try_from(number).map_or(0, |number| 2 * number + 1),
        Version::Normal(_) => 4,
    }
}

/// Letters of Japanese text that have one spelling in Shift JIS. Greek and Cyrillic letters have one too, but who
/// writes those expects UTF-8.
fn is_japanese(character: char) -> bool {
    matches!(
        character,
        '\u{3000}'..='\u{3015}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FC}' | '\u{4E00}'..='\u{9FFF}'
            | '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}'
    )
}

/// The Shift JIS pairs of a run, when kanji mode has all of them (JIS X 0208; without the row of vendors' signs).
fn kanji(run: &str) -> Option<Vec<u8>> {
    let (bytes, _, failed) = SHIFT_JIS.encode(run);
    let known = |pair: &[u8]| match pair {
        [high, low] => {
            let code = u16::from_be_bytes([*high, *low]);
            matches!(code, 0x8140..=0x84FF | 0x8840..=0x9FFC | 0xE040..=0xEAFF)
        }
        _ => false,
    };
    (!failed && bytes.chunks(2).all(known)).then(|| bytes.into_owned())
}

/// The crate's name of a level.
pub(super) fn ec_level(level: Level) -> EcLevel {
    match level {
        Level::Low => EcLevel::L,
        Level::Medium => EcLevel::M,
        Level::Quartile => EcLevel::Q,
        Level::High => EcLevel::H,
    }
}

/// The modules of a square code, given row by row.
pub(super) fn modules(side: i16, colors: &[Color]) -> Modules {
    let side = u16::try_from(side).unwrap_or_default();
    let mut modules = Modules::light(side, side);
    let side = u32::from(side);
    let places = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    for ((x, y), color) in places.zip(colors) {
        if *color == Color::Dark {
            modules.darken(x, y);
        }
    }
    modules
}
