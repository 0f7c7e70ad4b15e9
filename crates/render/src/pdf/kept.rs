//! A bounded memory of what was made from shared values, such as the streams of a picture.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashMap;

/// What was made from values behind `Arc`s, found by their address. The memory holds the `Arc`, so that no other
/// value can come to the same address.
pub(super) struct Kept<K, V> {
    known: FxHashMap<(usize, bool), Entry<K, V>>,
    order: VecDeque<(usize, bool)>,
    size_bytes: usize,
}

struct Entry<K, V> {
    _source: Arc<K>,
    made: Arc<V>,
    size_bytes: usize,
}

/// Bytes that one memory holds, sources and results together.
const KEPT_SIZE_BYTES_MAX: usize = 64 << 20;

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self { known: FxHashMap::default(), order: VecDeque::new(), size_bytes: 0 }
    }
}

impl<K, V> Kept<K, V> {
    /// What was made from the source before, or is made from it now. `make` also tells how many bytes keeping source
    /// and result takes.
    pub(super) fn get<E>(
        &mut self,
        source: &Arc<K>,
        compressed: bool,
        make: impl FnOnce(&K) -> Result<(V, usize), E>,
    ) -> Result<Arc<V>, E> {
        let key = (Arc::as_ptr(source).addr(), compressed);
        if let Some(entry) = self.known.get(&key) {
            return Ok(Arc::clone(&entry.made));
        }
        let (made, size_bytes) = make(source)?;
        let made = Arc::new(made);
        self.size_bytes += size_bytes;
        self.order.push_back(key);
        self.known.insert(key, Entry { _source: Arc::clone(source), made: Arc::clone(&made), size_bytes });
        while self.size_bytes > KEPT_SIZE_BYTES_MAX {
            let Some(oldest) = self.order.pop_front() else { break };
            self.size_bytes -= self.known.remove(&oldest).map_or(0, |entry| entry.size_bytes);
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use std::sync::Arc;

    use super::{KEPT_SIZE_BYTES_MAX, Kept};

    #[test]
    fn the_same_source_is_made_once_and_an_equal_one_again() {
        let mut kept: Kept<u32, u32> = Kept::default();
        let (first, equal) = (Arc::new(5), Arc::new(5));
        let mut count = 0;
        for source in [&first, &first, &equal, &first] {
            let made = kept.get(source, true, |&source| {
                count += 1;
                Ok::<_, ()>((source * 2, 10))
            });
            assert_eq!(*made.unwrap(), 10);
        }
        assert_eq!(count, 2);
    }

    #[test]
    fn the_oldest_is_forgotten_when_there_is_too_much() {
        let mut kept: Kept<u32, u32> = Kept::default();
        let sources: Vec<Arc<u32>> = (0..100).map(Arc::new).collect();
        for source in &sources {
            kept.get(source, false, |&source| Ok::<_, ()>((source, KEPT_SIZE_BYTES_MAX / 10))).unwrap();
            assert!(kept.size_bytes <= KEPT_SIZE_BYTES_MAX && kept.known.len() == kept.order.len());
        }
        assert!(kept.get(&sources[0], false, |_| Err(())).is_err());
        assert!(kept.get(&sources[99], false, |_| Err(())).is_ok());
        assert_eq!(Arc::strong_count(&sources[0]), 1);
    }

    #[test]
    fn a_failure_is_not_kept() {
        let mut kept: Kept<u32, u32> = Kept::default();
        let source = Arc::new(1);
        assert_eq!(kept.get(&source, false, |_| Err("no")), Err("no"));
        assert_eq!(kept.get(&source, false, |_| Ok::<_, &str>((3, 1))).as_deref(), Ok(&3));
    }
}
