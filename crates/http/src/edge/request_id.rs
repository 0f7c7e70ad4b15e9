//! Request ids: short, unique within the life of a server and beyond it, and cheap.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// An id such as `0193f2a41b7c-00000001`: the time at which this process started, and a number.
pub(crate) struct RequestId(String);

impl RequestId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Half of a process's ids is random (from a UUID of version 7: its time and its random part), so that ids of several
/// instances and of restarts differ.
static PREFIX: LazyLock<String> = LazyLock::new(|| {
    let id = uuid::Uuid::now_v7().simple().to_string();
    // 8 digits that change every second or so, 8 random ones.
    format!("{}{}", id.get(2..10).unwrap_or("0"), id.get(24..32).unwrap_or("0"))
});

static NUMBER: AtomicU64 = AtomicU64::new(0);

pub(crate) fn next() -> RequestId {
    RequestId(format!("{}-{:08x}", PREFIX.as_str(), NUMBER.fetch_add(1, Ordering::Relaxed)))
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn two_requests_have_different_ids_of_one_shape() {
        let (first, second) = (next(), next());
        assert_ne!(first.as_str(), second.as_str());
        assert_eq!(first.as_str().len(), 25);
        assert!(first.as_str().bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'));
    }
}
