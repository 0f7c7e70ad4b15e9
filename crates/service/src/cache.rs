//! A bounded cache that never keeps what was invalidated while it was being fetched.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

/// Maps keys to cheap-to-clone values, at most `capacity` of them; the least recently used one goes first.
///
/// Whoever fills it takes a [`Ticket`] **before** asking the source of truth and hands it in with the answer. Any
/// invalidation in between makes the ticket void, so that an outdated answer is used once and never kept.
pub(crate) struct Cache<K, V> {
    capacity: usize,
    clock: AtomicU64,
    state: RwLock<State<K, V>>,
}

struct State<K, V> {
    entries: HashMap<K, Entry<V>>,
    generation: u64,
    enabled: bool,
}

struct Entry<V> {
    value: V,
    used: AtomicU64,
}

/// Proof of when the source of truth was asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket(u64);

impl<K: Eq + Hash + Clone, V: Clone> Cache<K, V> {
    /// Makes an empty cache that is in use from the start.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            clock: AtomicU64::new(0),
            state: RwLock::new(State { entries: HashMap::new(), generation: 0, enabled: true }),
        }
    }

    /// What is known about the key, if anything.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let entry = state.entries.get(key)?;
        entry.used.store(self.clock.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        Some(entry.value.clone())
    }

    /// To be taken before the source of truth is asked.
    pub(crate) fn ticket(&self) -> Ticket {
        Ticket(self.state.read().unwrap_or_else(PoisonError::into_inner).generation)
    }

    /// Keeps a value, unless something was invalidated since the ticket was taken or the cache is out of use.
    pub(crate) fn insert(&self, ticket: Ticket, key: K, value: V) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if !state.enabled || state.generation != ticket.0 {
            return;
        }
        if state.entries.len() >= self.capacity && !state.entries.contains_key(&key) {
            let oldest = state
                .entries
                .iter()
                .min_by_key(|(_, entry)| entry.used.load(Ordering::Relaxed))
                .map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                state.entries.remove(&oldest);
            }
        }
        let used = AtomicU64::new(self.clock.fetch_add(1, Ordering::Relaxed));
        state.entries.insert(key, Entry { value, used });
    }

    /// Forgets what matches.
    pub(crate) fn forget(&self, matches: impl Fn(&K, &V) -> bool) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.generation += 1;
        state.entries.retain(|key, entry| !matches(key, &entry.value));
    }

    /// Puts the cache in or out of use, and forgets everything. Out of use it keeps nothing.
    pub(crate) fn set_enabled(&self, enabled: bool) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.generation += 1;
        state.entries.clear();
        state.enabled = enabled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_entry_goes_first() {
        let cache = Cache::new(2);
        let ticket = cache.ticket();
        cache.insert(ticket, "a", 1);
        cache.insert(ticket, "b", 2);
        assert_eq!(cache.get(&"a"), Some(1));
        cache.insert(ticket, "c", 3);
        assert_eq!(cache.get(&"a"), Some(1));
        assert_eq!(cache.get(&"b"), None);
        assert_eq!(cache.get(&"c"), Some(3));
    }

    #[test]
    fn an_answer_fetched_before_an_invalidation_is_not_kept() {
        let cache = Cache::new(2);
        let ticket = cache.ticket();
        cache.forget(|key: &&str, _| *key == "something else");
        cache.insert(ticket, "a", 1);
        assert_eq!(cache.get(&"a"), None);
        cache.insert(cache.ticket(), "a", 1);
        assert_eq!(cache.get(&"a"), Some(1));
    }

    #[test]
    fn out_of_use_it_keeps_nothing_and_forgets_what_it_had() {
        let cache = Cache::new(2);
        cache.insert(cache.ticket(), "a", 1);
        cache.set_enabled(false);
        assert_eq!(cache.get(&"a"), None);
        cache.insert(cache.ticket(), "a", 1);
        assert_eq!(cache.get(&"a"), None);
        cache.set_enabled(true);
        assert_eq!(cache.get(&"a"), None);
    }
}
