//! Finds the pieces of one screen in the screen before: where nothing changed, and where something only moved.

use rustc_hash::FxHashMap;

use super::{Piece, Screen};

/// How a piece of the next screen comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Pieces of the screen before, as they were: the first of them, counted over all pages, and how many.
    Same { first: usize, count: usize },
    /// The content of a piece of the screen before, in another place.
    Moved { from: usize },
    /// A piece that was not there.
    New,
}

/// The pieces of the screen before, found by what they are.
pub(super) struct Known<'a> {
    /// First of the pieces that are equal in all.
    same: FxHashMap<&'a Piece, usize>,
    /// First of the pieces of a node with a content.
    moved: FxHashMap<(Option<u32>, &'a [u8]), usize>,
    all: Vec<&'a Piece>,
}

impl<'a> Known<'a> {
    pub(super) fn new(previous: &'a Screen) -> Self {
        let all: Vec<&Piece> = previous.pages.iter().flat_map(|page| &page.pieces).collect();
        let (mut same, mut moved) = (FxHashMap::default(), FxHashMap::default());
        for (index, piece) in all.iter().enumerate() {
            same.entry(*piece).or_insert(index);
            moved.entry((piece.node, &*piece.content)).or_insert(index);
        }
        Self { same, moved, all }
    }

    /// The sources of a page's pieces, in order.
    pub(super) fn sources(&self, pieces: &[Piece]) -> Vec<Source> {
        let mut sources: Vec<Source> = Vec::new();
        for piece in pieces {
            if let Some(Source::Same { first, count }) = sources.last_mut()
                && self.all.get(*first + *count).is_some_and(|next| **next == *piece)
            {
                *count += 1;
                continue;
            }
            let same = self.same.get(piece).map(|&first| Source::Same { first, count: 1 });
            let moved = || self.moved.get(&(piece.node, &*piece.content)).map(|&from| Source::Moved { from });
            sources.push(same.or_else(moved).unwrap_or(Source::New));
        }
        sources
    }
}
