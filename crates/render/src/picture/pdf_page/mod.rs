//! Pages of PDF files as pictures: letterheads, forms, drawings, kept as the objects that they are made of.
//!
//! A page is copied, not drawn: its text stays text, its lines stay lines. What it does beyond painting (links,
//! forms, scripts, files inside, tags) is left behind.
//!
//! ```text
//! read       file -> page                     (copy: its objects; operators: its content without marks)
//! examine    page -> what standards forbid    (obstacle)
//! ```

mod copy;
mod examine;
mod forms;
mod images;
mod obstacle;
mod operators;
mod packed;
mod read;
#[cfg(test)]
mod tests;
mod work;

use std::sync::OnceLock;

use crate::document::Size;

pub(crate) use obstacle::{Examination, Matter};
pub(super) use read::decode;

/// A page of a PDF file, ready to become a part of another one.
#[derive(Clone, Debug)]
pub struct PdfPage {
    /// Width and height as it is seen: cropped and turned.
    pub size: Size,
    /// Left, bottom, right and top of what is seen, in the page's own coordinates.
    pub crop: [f32; 4],
    /// From the page's own coordinates to a box of `size` whose lower left corner is the origin.
    pub matrix: [f32; 6],
    /// What it paints: a content stream (ISO 32000-1, 7.8.2).
    pub content: Vec<u8>,
    /// The inside of its dictionary of resources, with what it refers to.
    pub resources: PdfPart,
    /// The dictionary of its transparency group, when it is one.
    pub group: Option<PdfPart>,
    /// What resources refer to, and what that refers to, each once.
    pub objects: Vec<PdfObject>,
    /// The file, for who draws it as pixels.
    pub file: std::sync::Arc<Vec<u8>>,
    /// Index of the page in the file.
    pub page: u32,
    /// What standards have against it, once one of them has been asked for.
    pub(super) examination: OnceLock<Examination>,
}

impl PdfPage {
    /// What stands between the page and standards; it is looked for once.
    pub(crate) fn examination(&self) -> &Examination {
        self.examination.get_or_init(|| examine::examine(self))
    }
}

/// Something written as PDF whose references have no numbers yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PdfPart {
    /// The text.
    pub bytes: Vec<u8>,
    /// Where in the text a reference belongs, and to which of [`PdfPage::objects`], in ascending order.
    pub references: Vec<(u32, u32)>,
}

/// An object of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfObject {
    /// Its number and generation in the file that it comes from; pages of one file share objects.
    pub source: (u32, i32),
    /// The object; of a stream, the inside of its dictionary without the length.
    pub body: PdfPart,
    /// Data of a stream, filtered as the dictionary says.
    pub data: Option<Vec<u8>>,
    /// Whether the data are not packed and may be.
    pub is_plain: bool,
}

/// Takes `#page=3` off the end of a source (RFC 8118, clause 3).
pub(crate) fn split_page(source: &str) -> (&str, Option<u32>) {
    let named = source.rsplit_once("#page=");
    match named.and_then(|(before, number)| Some((before, number.parse().ok()?))) {
        Some((before, number)) => (before, Some(number)),
        None => (source, None),
    }
}

/// Steps that drawing a page may take, each about a microsecond: some seconds. The largest drawings take a tenth.
const STEP_COUNT_MAX: u64 = 5_000_000;

/// What of a page or its resources is not copied: ways back to the file, and what has no meaning in another one.
const LEFT_BEHIND: [&[u8]; 13] = [
    b"Parent",
    b"StructParent",
    b"StructParents",
    b"Metadata",
    b"PieceInfo",
    b"LastModified",
    b"OC",
    b"OPI",
    b"AF",
    b"Alternates",
    // Content has no marks any more that would ask for these.
    b"Properties",
    // A page in place of another file's is painted as it is here.
    b"Ref",
    // It may be left out, and must not be wrong (ISO 19005-2, 6.2.11.4.2).
    b"CIDSet",
];
