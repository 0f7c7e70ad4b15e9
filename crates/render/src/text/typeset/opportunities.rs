//! Places where a line may end, with the widths that tell whether it fits.

use super::super::breaks::{may_part, parts_well};
use super::super::east_asian::closes;
use super::super::{FIT_TOLERANCE, hanging};
use super::Paragraph;

/// A cluster: what is never taken apart.
#[derive(Clone, Copy, Debug)]
pub(in crate::text) struct Piece {
    /// Where its text begins in the paragraph, in bytes.
    pub(in crate::text) offset: usize,
    /// Where it is with those who made it: an index of a glyph, a number of characters.
    pub(in crate::text) at: usize,
    /// Its width, with the letter space after it.
    pub(in crate::text) advance: f64,
    /// What it is.
    pub(in crate::text) kind: PieceKind,
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::text) enum PieceKind {
    /// It is seen.
    Visible,
    /// A space; unseen at the end of a line.
    Space,
    /// Seen only at the end of a line.
    SoftHyphen,
}

/// What a line ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// A whole word.
    Word,
    /// A part of a word and a hyphen.
    Hyphen,
    /// A mark inside of a word that is wider than a line.
    Mark,
    /// Anything: the word is wider than a line, and has no mark there.
    Anywhere,
    /// The same before a mark, which then begins a line.
    Torn,
    /// The paragraph.
    Last,
}

/// A place where a line may end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opportunity {
    /// Piece with which the next line begins.
    pub(super) piece: usize,
    pub(super) ending: Ending,
    /// Width from the paragraph's beginning to what is seen last, without what hangs out.
    pub(super) end: f64,
    /// Width from the paragraph's beginning to where the next line begins, with what hangs out there.
    pub(super) next: f64,
    /// Spaces up to what is seen last, and up to where the next line begins.
    pub(super) spaces: [u32; 2],
}

/// A line's beginning.
#[derive(Clone, Copy)]
pub(super) struct Beginning {
    pub(super) piece: usize,
    pub(super) width: f64,
    pub(super) spaces: u32,
}

impl Opportunity {
    /// The beginning of the line after this place.
    pub(super) fn beginning(&self) -> Beginning {
        Beginning { piece: self.piece, width: self.next, spaces: self.spaces[1] }
    }

    /// Width of the line from there to here, with its hyphen.
    pub(super) fn width_from(&self, from: Beginning, paragraph: &Paragraph<'_>) -> f64 {
        let hyphen = match self.ending {
            Ending::Hyphen if paragraph.hangs => paragraph.hyphen * (1.0 - hanging::after('-')),
            Ending::Hyphen => paragraph.hyphen,
            _ => 0.0,
        };
        self.end - from.width + hyphen
    }
}

/// Where the paragraph begins.
pub(super) fn first_beginning(paragraph: &Paragraph<'_>) -> Beginning {
    let hang = paragraph.pieces.first().map_or(0.0, |piece| start_hang(paragraph, piece));
    Beginning { piece: 0, width: hang, spaces: 0 }
}

/// All places where a line may end, the paragraph's end the last. Words broken by rules count only when `hyphenated`.
pub(super) fn opportunities(paragraph: &Paragraph<'_>, hyphenated: bool) -> Vec<Opportunity> {
    let list = collect(paragraph, hyphenated, &[]);
    // A word wider than a line may end anywhere.
    let mut wide = Vec::new();
    let mut from = first_beginning(paragraph);
    for place in &list {
        if place.width_from(from, paragraph) > paragraph.width + FIT_TOLERANCE {
            wide.push(from.piece..place.piece);
        }
        from = place.beginning();
    }
    if wide.is_empty() { list } else { collect(paragraph, hyphenated, &wide) }
}

fn collect(paragraph: &Paragraph<'_>, hyphenated: bool, wide: &[std::ops::Range<usize>]) -> Vec<Opportunity> {
    let mut list: Vec<Opportunity> = Vec::new();
    let mut breaks = paragraph.breaks.iter().copied().peekable();
    let hyphens = if hyphenated { paragraph.hyphens } else { &[] };
    let mut hyphens = hyphens.iter().copied().peekable();
    let mut wide = wide.iter().peekable();
    let mut advance = 0.0;
    let mut spaces = 0;
    // Up to what is seen last.
    let mut end = 0.0;
    let mut end_spaces = 0;
    let mut last = None;
    for (index, piece) in paragraph.pieces.iter().enumerate() {
        while breaks.next_if(|offset| *offset < piece.offset).is_some() {}
        while hyphens.next_if(|offset| *offset < piece.offset).is_some() {}
        while wide.next_if(|range| range.end <= index).is_some() {}
        let previous = index.checked_sub(1).and_then(|index| paragraph.pieces.get(index));
        let ending = if breaks.peek() == Some(&piece.offset) {
            Some(match previous.map(|previous| previous.kind) {
                Some(PieceKind::SoftHyphen) => Ending::Hyphen,
                _ => Ending::Word,
            })
        } else if hyphens.peek() == Some(&piece.offset) {
            Some(Ending::Hyphen)
        } else if wide.peek().is_some_and(|range| range.contains(&index)) && piece.kind == PieceKind::Visible {
            inside_of_word(paragraph.text, piece.offset)
        } else {
            None
        };
        if let Some(ending) = ending
            && index > 0
        {
            let hang = if ending == Ending::Hyphen { 0.0 } else { end_hang(paragraph, last) };
            let next = advance + start_hang(paragraph, piece);
            list.push(Opportunity { piece: index, ending, end: end - hang, next, spaces: [end_spaces, spaces] });
        }
        advance += piece.advance;
        match piece.kind {
            PieceKind::Space => spaces += 1,
            PieceKind::Visible => {
                (end, end_spaces) = (advance, spaces);
                last = Some(piece);
            }
            PieceKind::SoftHyphen => {}
        }
    }
    list.push(Opportunity {
        piece: paragraph.pieces.len(),
        ending: Ending::Last,
        end: end - end_hang(paragraph, last),
        next: advance,
        spaces: [end_spaces, spaces],
    });
    list
}

/// How a line ends before a place in a word that is wider than a line.
fn inside_of_word(text: &str, offset: usize) -> Option<Ending> {
    let (before, after) = text.split_at_checked(offset)?;
    let (before, after) = (before.chars().next_back()?, after.chars().next()?);
    if parts_well(before, after) {
        return Some(Ending::Mark);
    }
    Some(if may_part(before, after) { Ending::Anywhere } else { Ending::Torn })
}

fn start_hang(paragraph: &Paragraph<'_>, piece: &Piece) -> f64 {
    if paragraph.hangs { hang(paragraph, piece, hanging::before) } else { 0.0 }
}

fn end_hang(paragraph: &Paragraph<'_>, piece: Option<&Piece>) -> f64 {
    match piece {
        Some(piece) if paragraph.hangs => hang(paragraph, piece, hanging::after),
        // The blank half of a full-width mark needs no room at the end of a line.
        Some(piece) => hang(paragraph, piece, |character| if closes(character) { 0.5 } else { 0.0 }),
        None => 0.0,
    }
}

fn hang(paragraph: &Paragraph<'_>, piece: &Piece, factor: fn(char) -> f64) -> f64 {
    let character = paragraph.text.get(piece.offset..).and_then(|text| text.chars().next());
    character.map_or(0.0, factor) * piece.advance
}
