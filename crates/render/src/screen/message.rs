//! Writes messages: what a client needs to come from the screen that it has to the next one.

use std::collections::BTreeMap;

use super::bytes::{push_block, push_count, push_optional, push_signed, push_unsigned};
use super::client::{Client, Told};
use super::difference::{Known, Source};
use super::outlines::push_outline;
use super::{Screen, ScreenLink, ScreenPage};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Target;

/// First bytes of every message; the last of them counts the versions.
const SIGNATURE: [u8; 4] = *b"CHS\x01";

impl Screen {
    /// What a client needs to come from another screen to this one; [`Screen::default`] is the one that every client
    /// begins with. The client is the one that both were made for; what the message tells, it has from now on.
    #[must_use]
    pub fn message(&self, previous: &Self, client: &mut Client) -> Vec<u8> {
        let mut out = SIGNATURE.to_vec();
        push_unsigned(&mut out, previous.revision);
        push_unsigned(&mut out, self.revision);
        push_names(&mut out, client);
        push_outlines(&mut out, client);
        push_count(&mut out, self.diagnostics.len());
        self.diagnostics.iter().for_each(|finding| push_diagnostic(&mut out, finding));
        let known = Known::new(previous);
        push_count(&mut out, self.pages.len());
        self.pages.iter().for_each(|page| push_page(&mut out, page, &known));
        out
    }
}

/// Names that the client does not have, each list after the number of names that it has and of those that come.
fn push_names(out: &mut Vec<u8>, client: &mut Client) {
    let Client { faces, nodes, pictures, drawings, told, .. } = client;
    push_list_head(out, told.faces, faces.len());
    for (id, face) in faces.iter().skip(told.faces) {
        out.extend_from_slice(&id.0.to_be_bytes());
        push_unsigned(out, u64::from(face.metrics().units_per_em));
    }
    push_list_head(out, told.nodes, nodes.len());
    nodes.iter().skip(told.nodes).for_each(|name| push_block(out, name.as_bytes()));
    push_list_head(out, told.pictures, pictures.len());
    for (digest, picture) in pictures.iter().skip(told.pictures) {
        out.extend_from_slice(&digest.0);
        push_unsigned(out, u64::from(picture.width));
        push_unsigned(out, u64::from(picture.height));
    }
    push_list_head(out, told.drawings, drawings.len());
    drawings.values().skip(told.drawings).for_each(|drawing| push_block(out, &drawing.content));
    *told = Told { faces: faces.len(), nodes: nodes.len(), pictures: pictures.len(), drawings: drawings.len() };
}

fn push_list_head(out: &mut Vec<u8>, told: usize, count: usize) {
    push_count(out, told);
    push_count(out, count.saturating_sub(told));
}

/// Outlines that the screen shows and the client does not have, by face.
fn push_outlines(out: &mut Vec<u8>, client: &mut Client) {
    let mut missing: BTreeMap<u32, Vec<u16>> = BTreeMap::new();
    for &(face, glyph) in client.used.difference(&client.outlines) {
        missing.entry(face).or_default().push(glyph);
    }
    push_count(out, missing.len());
    for (number, glyphs) in &missing {
        push_unsigned(out, u64::from(*number));
        push_count(out, glyphs.len());
        let Some((_, face)) = client.faces.get_index(*number as usize) else { continue };
        let mut before = 0;
        for &glyph in glyphs {
            push_unsigned(out, u64::from(glyph - before));
            before = glyph;
            push_outline(out, face, glyph);
        }
    }
    client.outlines.append(&mut client.used.clone());
}

fn push_diagnostic(out: &mut Vec<u8>, finding: &Diagnostic) {
    out.push(match finding.severity {
        Severity::Warning => 0,
        Severity::Error => 1,
    });
    push_block(out, finding.code.as_bytes());
    push_block(out, finding.pointer.as_bytes());
    push_optional(out, finding.node.as_deref());
    push_block(out, finding.message.as_bytes());
    push_optional(out, finding.hint.as_deref());
}

fn push_page(out: &mut Vec<u8>, page: &ScreenPage, known: &Known<'_>) {
    page.size.iter().for_each(|&side| push_signed(out, side));
    let sources = known.sources(&page.pieces);
    push_count(out, sources.len());
    let mut pieces = page.pieces.iter();
    for source in sources {
        match source {
            Source::Same { first, count } => {
                out.push(0);
                push_count(out, first);
                push_count(out, count);
                pieces.by_ref().take(count).for_each(drop);
            }
            Source::Moved { from } => {
                out.push(1);
                push_count(out, from);
                let place = pieces.next().map_or([0; 4], |piece| piece.place);
                place.iter().for_each(|&value| push_signed(out, value));
            }
            Source::New => {
                out.push(2);
                let Some(piece) = pieces.next() else { continue };
                push_unsigned(out, piece.node.map_or(0, |node| u64::from(node) + 1));
                piece.place.iter().for_each(|&value| push_signed(out, value));
                push_block(out, &piece.content);
            }
        }
    }
    push_count(out, page.links.len());
    page.links.iter().for_each(|link| push_link(out, link));
}

fn push_link(out: &mut Vec<u8>, link: &ScreenLink) {
    link.place.iter().for_each(|&value| push_signed(out, value));
    match &link.target {
        Target::Uri(uri) => {
            out.push(0);
            push_block(out, uri.as_bytes());
        }
        Target::Place { page, y } => {
            out.push(1);
            push_unsigned(out, u64::from(*page));
            push_signed(out, super::bytes::hundredths(*y));
        }
    }
}
