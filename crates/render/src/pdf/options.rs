//! How a PDF is written, and what can go wrong.

use thiserror::Error;

use crate::conformance::Profile;
use crate::diagnostic::Diagnostic;

/// How a PDF is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfOptions {
    /// Deflate level, 0 (stored) to 9. Level 1 costs a third of level 6 and makes files a tenth larger.
    pub compression: u8,
    /// Whether the tag tree is written. Without it the file is smaller and no PDF/UA.
    pub tagged: bool,
    /// Standards that the file must follow, beside those of the document.
    pub profiles: Vec<Profile>,
}

impl Default for PdfOptions {
    fn default() -> Self {
        Self { compression: 1, tagged: true, profiles: Vec::new() }
    }
}

/// Why a document cannot be written as PDF.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PdfError {
    /// A PDF has at least one page.
    #[error("the document has no pages")]
    NoPages,
    /// A page that no PDF reader can show.
    #[error("page {page} is {width} × {height} points; each side must be between 3 and 14,400")]
    PageSize {
        /// Number of the page, from 1.
        page: usize,
        /// As a number of points.
        width: String,
        /// As a number of points.
        height: String,
    },
    /// The font file is damaged, or of a kind that cannot be embedded.
    #[error("the font {family} cannot be embedded: {reason}")]
    Font {
        /// Its family.
        family: String,
        /// What is wrong.
        reason: String,
    },
    /// The document names a face, picture or drawing that it does not have.
    #[error("the document names {what} {index}, which it does not have")]
    Dangling {
        /// What is named.
        what: &'static str,
        /// By which index.
        index: u32,
    },
    /// Groups inside groups.
    #[error("groups are nested more than {depth_max} levels deep")]
    Depth {
        /// The limit.
        depth_max: usize,
    },
    /// The document cannot follow the standards that were asked for.
    #[error("the document does not conform: {}", findings.first().map_or("", |finding| &finding.message))]
    Nonconforming {
        /// Everything that stands in the way; at least one.
        findings: Vec<Diagnostic>,
    },
    /// Compression failed.
    #[error("the data cannot be compressed")]
    Deflate,
}
