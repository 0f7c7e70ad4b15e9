//! Sets of candidates: the characters that are looked at, by their number.

/// Characters that can be candidates at most; sets of them are bits.
pub(in crate::text) const CANDIDATE_COUNT_MAX: usize = 256;

/// A set of candidates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::text) struct CharacterSet([u64; CANDIDATE_COUNT_MAX / 64]);

impl CharacterSet {
    /// All of them.
    pub(super) const ALL: Self = Self([u64::MAX; CANDIDATE_COUNT_MAX / 64]);

    pub(super) fn insert(&mut self, index: usize) {
        if let Some(word) = self.0.get_mut(index / 64) {
            *word |= 1 << (index % 64);
        }
    }

    /// Whether a candidate is in it.
    pub(in crate::text) fn contains(&self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    pub(super) fn unite(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
    }

    pub(super) fn without(&self, other: &Self) -> Self {
        let mut rest = *self;
        for (word, other) in rest.0.iter_mut().zip(other.0) {
            *word &= !other;
        }
        rest
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(super) fn indexes(&self) -> impl Iterator<Item = usize> {
        (0..CANDIDATE_COUNT_MAX).filter(|index| self.contains(*index))
    }
}
