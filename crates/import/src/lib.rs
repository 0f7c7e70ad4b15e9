//! Import: templates of other programs become templates of format 1, with a note for everything that has no counterpart.
//!
//! Nothing is lost in silence: what cannot be carried over is told with its place and the reason. Pure: text in, JSON out.

mod html;
mod node;
mod note;
mod pdfme;

pub use html::html;
pub use note::{Imported, Note};
pub use pdfme::{PdfmeError, pdfme};
