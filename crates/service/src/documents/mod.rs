//! Documents: rendered from a template, handed out at once or stored behind a signed link.

mod file_name;
mod making;
mod stored_name;

use std::sync::Arc;

use bytes::Bytes;
use chancery_render::Diagnostic;
use chancery_vault::{Passcode, Timestamp};
use serde_json::Value as Json;
use uuid::Uuid;

pub use file_name::FileName;
pub(crate) use making::file_name_cell;
pub(crate) use stored_name::StoredName;

use crate::Shared;
use crate::classes::Class;
use crate::links::LinkWish;
use crate::templates::VersionChoice;

/// Makes documents; every function asks for a handle to the template.
pub struct Documents<'a> {
    pub(crate) shared: &'a Arc<Shared>,
}

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A PDF of all pages.
    Pdf,
    /// A PNG of the first page.
    Png,
    /// A JPEG of the first page.
    Jpeg,
    /// A lossless WebP of the first page.
    Webp,
    /// An SVG of the first page.
    Svg,
}

impl Format {
    /// The media type (RFC 6838).
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Svg => "image/svg+xml",
        }
    }

    /// The format of a media type that this service stored.
    #[must_use]
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        [Self::Pdf, Self::Png, Self::Jpeg, Self::Webp, Self::Svg]
            .into_iter()
            .find(|format| format.media_type() == media_type)
    }
}

/// What to render.
#[derive(Clone, Debug)]
pub struct RenderRequest {
    /// The data.
    pub data: Json,
    /// What to make.
    pub format: Format,
    /// Which version of the template.
    pub version: VersionChoice,
    /// The time that the document says it was made; without it: now.
    pub now: Option<Timestamp>,
    /// Whether unresolved paths, overflow and missing characters are errors.
    pub strict: bool,
}

/// How a document is stored.
#[derive(Clone, Debug)]
pub struct StoreRequest {
    /// Name for whoever downloads it.
    pub file_name: FileName,
    /// Minutes for which the link works; without it the default of the installation. A wish outside of what is allowed
    /// is moved to the nearest allowed value.
    pub lifetime_minutes: Option<i64>,
    /// Whether a browser that opens the link saves the file instead of showing it.
    pub download: bool,
    /// Conditions of the link, its lifetime aside; without them, whoever has the link has the document.
    pub link: Option<LinkWish>,
}

/// A document that is handed out and not stored.
#[derive(Debug)]
pub struct MadeFile {
    /// The file.
    pub bytes: Bytes,
    /// Its media type.
    pub media_type: &'static str,
    /// Pages of the document.
    pub page_count: u32,
    /// Names this render in the list of transactions.
    pub reference: Uuid,
    /// What is probably not as it was meant.
    pub warnings: Vec<Diagnostic>,
}

/// A document that was stored.
pub struct StoredDocument {
    /// The signed link's token, which opens the document: never log it.
    pub link: String,
    /// The passcode that the link asks for, if it does: to be shown once.
    pub passcode: Option<Passcode>,
    /// The class of the document.
    pub class: Class,
    /// Names this render in the list of transactions.
    pub reference: Uuid,
    /// Pages of the document.
    pub page_count: u32,
    /// Bytes of the file.
    pub size_bytes: u64,
    /// When the link stops working.
    pub expires_at: Timestamp,
    /// What is probably not as it was meant.
    pub warnings: Vec<Diagnostic>,
}
