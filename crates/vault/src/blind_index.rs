//! Look-ups over sealed columns: a keyed digest that is equal for equal values and says nothing else.

use aws_lc_rs::hmac;

use crate::Secret;
use crate::context::Context;

/// The digest of one value for one purpose: 32 bytes, stored beside the sealed column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlindIndex([u8; 32]);

/// Makes blind indexes: HMAC-SHA256 under a key of the workspace.
///
/// Two workspaces give the same value different indexes, and so do two purposes.
pub struct BlindIndexKey(hmac::Key);

impl BlindIndexKey {
    pub(crate) fn new(secret: &Secret<32>) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.expose()))
    }

    /// The index of `value` for `purpose` (such as `templates.group`). Normalise the value first.
    #[must_use]
    pub fn index(&self, purpose: &'static str, value: &[u8]) -> BlindIndex {
        let message = Context::new("chancery/1/blind-index").part(purpose.as_bytes()).part(value);
        let tag = hmac::sign(&self.0, message.as_bytes());
        let mut index = [0; 32];
        for (to, from) in index.iter_mut().zip(tag.as_ref()) {
            *to = *from;
        }
        BlindIndex(index)
    }
}

impl BlindIndex {
    /// The bytes to store and compare.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::SystemRandom;

    #[test]
    fn an_index_depends_on_value_purpose_and_key() {
        let key = BlindIndexKey::new(&Secret::generate(&SystemRandom).unwrap());
        let other = BlindIndexKey::new(&Secret::generate(&SystemRandom).unwrap());
        let index = key.index("templates.group", b"invoices");
        assert_eq!(index, key.index("templates.group", b"invoices"));
        assert_ne!(index, key.index("templates.group", b"invoice"));
        assert_ne!(index, key.index("templates.name", b"invoices"));
        assert_ne!(index, other.index("templates.group", b"invoices"));
    }

    #[test]
    fn hmac_gives_the_known_answer_of_rfc_4231() {
        // RFC 4231, 4.3 (test case 2).
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"Jefe"), b"what do ya want for nothing?");
        let hex: String = tag.as_ref().iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
