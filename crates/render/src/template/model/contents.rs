//! Contents lists: what a document holds, and on which page.

use super::{BoxLook, TextStyle};
use crate::template::style::StyleChoice;

/// A list of the document's bookmarks with their pages.
#[derive(Clone, Debug)]
pub struct ContentsNode {
    /// Deepest level that is listed.
    pub(crate) depth: u8,
    /// What stands between title and number.
    pub(crate) leader: Leader,
    /// Distance by which each level is moved in.
    pub(crate) indent: f32,
    /// Space between two entries.
    pub(crate) gap: f32,
    /// The look that all entries start from.
    pub(crate) style: TextStyle,
    /// Looks of single levels, from the outermost.
    pub(crate) levels: Vec<StyleChoice>,
    /// Behind and around it.
    pub(crate) look: BoxLook,
}

/// What stands between title and number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Leader {
    #[default]
    Dots,
    Line,
    None,
}
