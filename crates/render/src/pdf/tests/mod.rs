//! Tests of whole files.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod content;
mod damaged;
mod objects;
mod print;
mod reader;
mod tags;

use std::sync::Arc;

use super::{PdfCache, PdfOptions, write};
use crate::document::Document;
use crate::fonts::{Face, testing::face};
use reader::Pdf;

/// Inter, regular and semi-bold.
fn faces() -> Vec<Arc<Face>> {
    vec![face("Inter_400Regular"), face("Inter_600SemiBold")]
}

fn bytes(document: &Document) -> Vec<u8> {
    write(document, &PdfOptions::default(), &mut PdfCache::new()).unwrap()
}

fn read(document: &Document) -> Pdf {
    Pdf::read(&bytes(document))
}
