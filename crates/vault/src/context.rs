//! Associated data and derivation info as bytes that mean one thing only.

use uuid::Uuid;

/// A label followed by parts, each with its length in front (four bytes, big-endian), so that no two
/// different lists of parts give the same bytes.
pub(crate) struct Context(Vec<u8>);

impl Context {
    /// Starts with what the bytes are for; labels carry a version and are never reused.
    pub(crate) fn new(label: &'static str) -> Self {
        Self(Vec::with_capacity(128)).part(label.as_bytes())
    }

    /// Adds one part.
    #[inline]
    pub(crate) fn part(mut self, part: &[u8]) -> Self {
        // No part comes near 4 GiB: they are ids, names and headers.
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(part);
        self
    }

    /// Adds an id.
    #[inline]
    pub(crate) fn id(self, id: Uuid) -> Self {
        self.part(id.as_bytes())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn moving_a_byte_between_parts_changes_the_context() {
        let first = Context::new("t").part(b"ab").part(b"c");
        let second = Context::new("t").part(b"a").part(b"bc");
        assert_ne!(first.as_bytes(), second.as_bytes());
    }

    proptest! {
        #[test]
        fn different_parts_never_give_equal_bytes(a: Vec<Vec<u8>>, b: Vec<Vec<u8>>) {
            let bytes = |parts: &[Vec<u8>]| parts.iter().fold(Context::new("t"), |c, p| c.part(p)).0;
            prop_assert_eq!(a == b, bytes(&a) == bytes(&b));
        }
    }
}
