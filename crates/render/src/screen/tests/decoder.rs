//! Reads messages by their description in `docs/reference/screen.md`, and keeps what a client would keep.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::{Piece, Screen, ScreenLink, ScreenPage};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Target;

/// What a client shows and knows.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) screen: Screen,
    /// Identity and units per em.
    pub(super) faces: Vec<([u8; 16], u64)>,
    pub(super) nodes: Vec<String>,
    /// Digest, width, height.
    pub(super) pictures: Vec<([u8; 16], u64, u64)>,
    pub(super) drawings: Vec<Vec<u8>>,
    /// By face and glyph: advance, and steps with their points in half units.
    pub(super) outlines: BTreeMap<(u64, u64), (u64, Vec<(u8, Vec<[i64; 2]>)>)>,
}

/// Takes parts off the front.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl Bytes<'_> {
    pub(super) fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    pub(super) fn take(&mut self, count: usize) -> Vec<u8> {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken.to_vec()
    }

    pub(super) fn unsigned(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let byte = self.byte();
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                break;
            }
        }
        value
    }

    pub(super) fn count(&mut self) -> usize {
        usize::try_from(self.unsigned()).unwrap()
    }

    pub(super) fn signed(&mut self) -> i64 {
        let value = self.unsigned();
        (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
    }

    pub(super) fn float(&mut self) -> f32 {
        f32::from_le_bytes(self.take(4).try_into().unwrap())
    }

    pub(super) fn block(&mut self) -> Vec<u8> {
        let length = self.count();
        self.take(length)
    }

    fn text(&mut self) -> String {
        String::from_utf8(self.block()).unwrap()
    }

    fn optional(&mut self) -> Option<String> {
        let length = self.count().checked_sub(1)?;
        Some(String::from_utf8(self.take(length)).unwrap())
    }

    fn place(&mut self) -> [i64; 4] {
        std::array::from_fn(|_| self.signed())
    }

    /// How many names of a list come; those before are known.
    fn list(&mut self, known: usize) -> usize {
        assert_eq!(self.count(), known, "names go on where they ended");
        self.count()
    }
}

impl Shown {
    /// Comes from the screen that is shown to the one that a message tells.
    pub(super) fn apply(&mut self, message: &[u8]) {
        let mut bytes = Bytes(message);
        assert_eq!(bytes.take(4), b"CHS\x01");
        assert_eq!(bytes.unsigned(), self.screen.revision, "the message is for what is shown");
        let revision = bytes.unsigned();
        self.names(&mut bytes);
        self.outlines(&mut bytes);
        let diagnostics = (0..bytes.count()).map(|_| diagnostic(&mut bytes)).collect();
        let before: Vec<Piece> = self.screen.pages.iter().flat_map(|page| page.pieces.clone()).collect();
        let pages = (0..bytes.count()).map(|_| page(&mut bytes, &before)).collect();
        assert!(bytes.0.is_empty(), "{} bytes are left", bytes.0.len());
        self.screen = Screen { revision, pages, diagnostics };
    }

    fn names(&mut self, bytes: &mut Bytes<'_>) {
        for _ in 0..bytes.list(self.faces.len()) {
            let id = bytes.take(16).try_into().unwrap();
            self.faces.push((id, bytes.unsigned()));
        }
        for _ in 0..bytes.list(self.nodes.len()) {
            self.nodes.push(bytes.text());
        }
        for _ in 0..bytes.list(self.pictures.len()) {
            let digest = bytes.take(16).try_into().unwrap();
            self.pictures.push((digest, bytes.unsigned(), bytes.unsigned()));
        }
        for _ in 0..bytes.list(self.drawings.len()) {
            self.drawings.push(bytes.block());
        }
    }

    fn outlines(&mut self, bytes: &mut Bytes<'_>) {
        for _ in 0..bytes.count() {
            let face = bytes.unsigned();
            let mut glyph = 0;
            for _ in 0..bytes.count() {
                glyph += bytes.unsigned();
                let advance = bytes.unsigned();
                let (mut steps, mut at) = (Vec::new(), [0, 0]);
                loop {
                    let kind = bytes.byte();
                    let point_count = match kind {
                        0 | 1 => 1,
                        2 => 2,
                        3 => 3,
                        4 => 0,
                        5 => break,
                        _ => panic!("there is no step {kind}"),
                    };
                    let points = (0..point_count).map(|_| {
                        at = at.map(|before| before + bytes.signed());
                        at
                    });
                    steps.push((kind, points.collect()));
                }
                assert!(self.outlines.insert((face, glyph), (advance, steps)).is_none(), "an outline comes twice");
            }
        }
    }
}

fn diagnostic(bytes: &mut Bytes<'_>) -> Diagnostic {
    let severity = if bytes.byte() == 0 { Severity::Warning } else { Severity::Error };
    let code: &'static str = Box::leak(bytes.text().into_boxed_str());
    let pointer = bytes.text();
    let node = bytes.optional();
    Diagnostic { severity, code, pointer, node, message: bytes.text(), hint: bytes.optional() }
}

fn page(bytes: &mut Bytes<'_>, before: &[Piece]) -> ScreenPage {
    let size = [bytes.signed(), bytes.signed()];
    let mut pieces = Vec::new();
    for _ in 0..bytes.count() {
        match bytes.byte() {
            0 => {
                let first = bytes.count();
                let count = bytes.count();
                pieces.extend_from_slice(&before[first..first + count]);
            }
            1 => {
                let piece = &before[bytes.count()];
                pieces.push(Piece { place: bytes.place(), ..piece.clone() });
            }
            2 => {
                let node = bytes.unsigned().checked_sub(1).map(|node| u32::try_from(node).unwrap());
                pieces.push(Piece { node, place: bytes.place(), content: Arc::from(bytes.block()) });
            }
            kind => panic!("there is no source {kind}"),
        }
    }
    let links = (0..bytes.count()).map(|_| {
        let place = bytes.place();
        let target = match bytes.byte() {
            0 => Target::Uri(bytes.text()),
            1 => {
                let page = u32::try_from(bytes.unsigned()).unwrap();
                #[expect(clippy::cast_precision_loss, reason = "places on a page are small")]
                let y = bytes.signed() as f32 / 100.0;
                Target::Place { page, y }
            }
            kind => panic!("there is no target {kind}"),
        };
        ScreenLink { place, target }
    });
    ScreenPage { size, pieces, links: links.collect() }
}
