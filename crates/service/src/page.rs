//! Pages of lists.

/// Which part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// At most so many entries.
    pub limit: u32,
    /// Leaves out so many at the start.
    pub offset: u32,
}

impl From<Page> for chancery_store::Page {
    fn from(page: Page) -> Self {
        Self::new(page.offset, page.limit)
    }
}
