//! What evaluations may cost at most; every sum ends at the largest number instead of turning over.

/// An upper bound of what evaluations take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Steps for nodes, calls and items.
    pub(crate) steps: u64,
    /// Steps for bytes that are made.
    pub(crate) byte_steps: u64,
    /// Bytes that are made.
    pub(crate) bytes: u64,
    /// Times that a currency or a locale is named.
    pub(crate) namings: u64,
    /// Pieces that are placed.
    pub(crate) pieces: u64,
}

impl Cost {
    /// One after the other.
    pub(crate) fn and(self, other: Self) -> Self {
        self.each(other, u64::saturating_add)
    }

    /// One or the other.
    pub(crate) fn or(self, other: Self) -> Self {
        self.each(other, u64::max)
    }

    /// What was added since.
    pub(crate) fn without(self, before: Self) -> Self {
        self.each(before, u64::saturating_sub)
    }

    /// So many times.
    pub(crate) fn times(self, count: u64) -> Self {
        self.each(Self::default(), |own, _| own.saturating_mul(count))
    }

    fn each(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            steps: join(self.steps, other.steps),
            byte_steps: join(self.byte_steps, other.byte_steps),
            bytes: join(self.bytes, other.bytes),
            namings: join(self.namings, other.namings),
            pieces: join(self.pieces, other.pieces),
        }
    }
}
