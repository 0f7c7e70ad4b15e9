//! The display list for a screen: what a document shows, small enough to be sent after every change.
//!
//! A [`Screen`] is a document cut into pieces, one for each box of a node. Content of a piece is written relative to its
//! box, so that a piece that only moved is known again. [`Screen::message`] writes what a client needs to come from one
//! screen to the next; from the empty screen, that is all. The bytes are described in `docs/reference/screen.md`.

mod bytes;
mod client;
mod difference;
mod items;
mod message;
mod outlines;

use std::sync::Arc;

use thiserror::Error;

pub use client::{Client, Digest};

use crate::diagnostic::Diagnostic;
use crate::document::{Document, NodeBox, Rect, Target};
use bytes::hundredths;
use items::Encoder;

/// A document as a client shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Screen {
    /// Counts the changes of the template that the document was made from; the client's, not ours.
    pub revision: u64,
    /// The pages.
    pub pages: Vec<ScreenPage>,
    /// What was found while laying out.
    pub diagnostics: Vec<Diagnostic>,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScreenPage {
    /// Width and height in hundredths of a point.
    pub size: [i64; 2],
    /// What to paint, in order.
    pub pieces: Vec<Piece>,
    /// Clickable places.
    pub links: Vec<ScreenLink>,
}

/// What one box of a node paints. State that a piece pushes may be popped by a later one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Piece {
    /// The client's number of the node; nothing for what belongs to the page itself.
    pub node: Option<u32>,
    /// Left, top, width and height of its box, in hundredths of a point.
    pub place: [i64; 4],
    /// Its items, relative to the box's corner.
    pub content: Arc<[u8]>,
}

/// A clickable place.
#[derive(Clone, Debug, PartialEq)]
pub struct ScreenLink {
    /// Left, top, width and height, in hundredths of a point.
    pub place: [i64; 4],
    /// Where it leads.
    pub target: Target,
}

/// Why a document cannot be shown.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ScreenError {
    /// An item names something that the document does not have.
    #[error("an item names {what} {index}, which the document does not have")]
    Dangling {
        /// What is named.
        what: &'static str,
        /// Its index.
        index: u32,
    },
    /// A page of another file cannot be drawn as a picture.
    #[error("a page of another file cannot be drawn")]
    PdfPage,
    /// A client has learned too many names.
    #[error("the client has learned more than {count_max} {what}; begin with a new one")]
    Full {
        /// Names of what.
        what: &'static str,
        /// The limit.
        count_max: usize,
    },
}

impl Screen {
    /// Writes a document down for a client, which learns the names of what it did not know.
    ///
    /// # Errors
    /// An item of the document names what is not there, or the client has learned too many names.
    pub fn new(
        document: &Document,
        diagnostics: Vec<Diagnostic>,
        revision: u64,
        client: &mut Client,
    ) -> Result<Self, ScreenError> {
        let numbers = client.learn(document)?;
        let mut encoder = Encoder::new(document, &numbers);
        let mut pages = Vec::with_capacity(document.pages.len());
        for page in &document.pages {
            let mut pieces = Vec::with_capacity(page.boxes.len() + 1);
            let first = page.boxes.first().map_or(page.items.len(), |first| first.item as usize);
            if first > 0 {
                let items = page.items.get(..first).unwrap_or_default();
                pieces.push(Piece { content: encoder.content(items, [0, 0])?, ..Piece::default() });
            }
            for (place, node_box) in page.boxes.iter().enumerate() {
                let end = page.boxes.get(place + 1).map_or(page.items.len(), |next| next.item as usize);
                let items = page.items.get(node_box.item as usize..end).unwrap_or_default();
                let NodeBox { node, rect, .. } = *node_box;
                let place = place_of(&rect);
                let [left, top, ..] = place;
                let node = numbers.nodes.get(node as usize).copied();
                pieces.push(Piece { node, place, content: encoder.content(items, [left, top])? });
            }
            let links = page.links.iter();
            let links = links.map(|link| ScreenLink { place: place_of(&link.rect), target: link.target.clone() });
            let size = [hundredths(page.size.width), hundredths(page.size.height)];
            pages.push(ScreenPage { size, pieces, links: links.collect() });
        }
        client.note_used(encoder.used());
        Ok(Self { revision, pages, diagnostics })
    }
}

/// A rectangle in hundredths. Its edges are rounded, not its sides, so that what touches keeps touching.
fn place_of(rect: &Rect) -> [i64; 4] {
    let (left, top) = (hundredths(rect.x), hundredths(rect.y));
    [left, top, hundredths(rect.right()) - left, hundredths(rect.bottom()) - top]
}

#[cfg(test)]
mod tests;
