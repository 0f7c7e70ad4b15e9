//! One page of a list.

/// Where a page starts and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    offset: u32,
    limit: u32,
}

impl Page {
    /// More rows than this at once would hold a connection and memory for too long.
    pub const LIMIT_MAX: u32 = 1000;

    /// A page; the limit is clamped to 1..=[`Page::LIMIT_MAX`].
    #[must_use]
    pub fn new(offset: u32, limit: u32) -> Self {
        Self { offset, limit: limit.clamp(1, Self::LIMIT_MAX) }
    }

    pub(crate) fn offset(self) -> i64 {
        i64::from(self.offset)
    }

    pub(crate) fn limit(self) -> i64 {
        i64::from(self.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_never_empty_nor_endless() {
        assert_eq!(Page::new(0, 0).limit(), 1);
        assert_eq!(Page::new(0, u32::MAX).limit(), 1000);
    }
}
