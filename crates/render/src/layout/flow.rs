//! The rule of flow for free nodes: each keeps its distance to what stands above it.
//!
//! When something grows by *d*, everything whose top was at or below its bottom moves down by the largest *d* above
//! it. Counted are only those that stand directly above: what has something else between it and the node reaches the
//! node through that. So a hidden node that gives back its room moves up what follows, even when things further up
//! stay as they are.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Two edges that are this close, in points, touch: numbers in templates have two decimals.
const TOUCH_TOLERANCE: f64 = 0.005;

/// The nodes of a container, fed from the topmost down.
#[derive(Debug, Default)]
pub(super) struct Flow {
    /// Nodes that end below the place that was asked for last, the one that ends first on top.
    below: BinaryHeap<Reverse<Entry>>,
    /// Nodes above that place which may still be directly above: bottoms rise, distances fall.
    above: VecDeque<Entry>,
    /// The node above that place which begins lowest.
    lowest: Option<Entry>,
    /// Nodes so far.
    count: usize,
}

/// A node that has its place.
#[derive(Clone, Copy, Debug)]
struct Entry {
    design_top: f64,
    design_bottom: f64,
    /// How far its bottom has moved.
    shift: f64,
    number: usize,
}

impl Flow {
    /// How far something moves down (or up, when negative) whose top stands at `design_top`. Tops must not fall.
    pub(super) fn shift(&mut self, design_top: f64) -> f64 {
        while let Some(Reverse(entry)) = self.below.peek().copied()
            && entry.design_bottom <= design_top + TOUCH_TOLERANCE
        {
            self.below.pop();
            self.take_above(entry);
        }
        let Some(lowest) = self.lowest else { return 0.0 };
        while self.above.front().is_some_and(|entry| entry.design_bottom <= lowest.design_top + TOUCH_TOLERANCE) {
            self.above.pop_front();
        }
        self.above.front().map_or(lowest.shift, |entry| entry.shift.max(lowest.shift))
    }

    /// Adds something that has got its place.
    pub(super) fn push(&mut self, design_top: f64, design_bottom: f64, actual_bottom: f64) {
        let number = self.count;
        self.count += 1;
        let design_bottom = design_bottom.max(design_top);
        self.below.push(Reverse(Entry { design_top, design_bottom, shift: actual_bottom - design_bottom, number }));
    }

    fn take_above(&mut self, entry: Entry) {
        if self.lowest.is_none_or(|lowest| entry.design_top >= lowest.design_top) {
            self.lowest = Some(entry);
        }
        while self.above.back().is_some_and(|last| last.shift <= entry.shift) {
            self.above.pop_back();
        }
        self.above.push_back(entry);
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.design_bottom.total_cmp(&other.design_bottom).then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_pushes_what_is_below_and_nothing_beside() {
        let mut flow = Flow::default();
        assert_eq!(flow.shift(0.0), 0.0);
        flow.push(0.0, 20.0, 50.0);
        assert_eq!(flow.shift(10.0), 0.0);
        flow.push(10.0, 30.0, 30.0);
        assert_eq!(flow.shift(20.0), 30.0);
        assert_eq!(flow.shift(40.0), 30.0);
    }

    #[test]
    fn the_largest_growth_directly_above_counts() {
        let mut flow = Flow::default();
        flow.push(0.0, 20.0, 25.0);
        flow.push(0.0, 20.0, 60.0);
        flow.push(0.0, 20.0, 20.0);
        assert_eq!(flow.shift(20.0), 40.0);
    }

    #[test]
    fn what_is_given_back_moves_up_what_follows_even_below_things_that_stay() {
        let mut flow = Flow::default();
        flow.push(0.0, 20.0, 20.0);
        assert_eq!(flow.shift(20.0), 0.0);
        // Hidden: it ends where it begins.
        flow.push(20.0, 40.0, 20.0);
        assert_eq!(flow.shift(45.0), -20.0);
    }

    #[test]
    fn growth_passes_through_what_lies_between() {
        let mut flow = Flow::default();
        flow.push(0.0, 20.0, 30.0);
        let shift = flow.shift(20.0);
        flow.push(20.0, 40.0, 40.0 + shift);
        assert_eq!(flow.shift(40.0), 10.0);
    }

    #[test]
    fn thin_lines_count_like_anything_else() {
        let mut flow = Flow::default();
        flow.push(0.0, 20.0, 35.0);
        let shift = flow.shift(20.0);
        flow.push(20.0, 20.0, 20.0 + shift);
        assert_eq!(flow.shift(20.0), 15.0);
        assert_eq!(flow.shift(24.0), 15.0);
    }

    #[test]
    fn twenty_thousand_nodes_in_a_row_take_no_time() {
        let mut flow = Flow::default();
        for _ in 0..20_000 {
            assert_eq!(flow.shift(0.0), 0.0);
            flow.push(0.0, 10.0, 12.0);
        }
        for _ in 0..20_000 {
            assert_eq!(flow.shift(10.0), 2.0);
        }
    }
}
