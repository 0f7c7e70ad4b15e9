//! A stable merge sort whose comparison may fail or contradict itself.

use std::cmp::Ordering;

/// Sorts by a comparison that can end with an error; a comparison that contradicts itself gives some order, never a panic.
pub(in crate::expression) fn merge_sort<T: Clone, E>(
    items: &mut Vec<T>,
    compare: &mut impl FnMut(&T, &T) -> Result<Ordering, E>,
) -> Result<(), E> {
    let mut width = 1;
    while width < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        for pair in items.chunks(width.saturating_mul(2)) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(left, right, &mut merged, compare)?;
        }
        *items = merged;
        width = width.saturating_mul(2);
    }
    Ok(())
}

fn merge<T: Clone, E>(
    left: &[T],
    right: &[T],
    merged: &mut Vec<T>,
    compare: &mut impl FnMut(&T, &T) -> Result<Ordering, E>,
) -> Result<(), E> {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    loop {
        match (left.peek(), right.peek()) {
            (Some(first), Some(second)) => {
                // Equal items keep their order.
                let next = if compare(first, second)? == Ordering::Greater { right.next() } else { left.next() };
                merged.extend(next.cloned());
            }
            (None, None) => return Ok(()),
            _ => {
                merged.extend(left.by_ref().cloned());
                merged.extend(right.by_ref().cloned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_keep_their_order() {
        let mut items: Vec<(u32, u32)> = (0..100).map(|index| (index % 3, index)).collect();
        let sorted: Result<(), ()> = merge_sort(&mut items, &mut |left, right| Ok(left.0.cmp(&right.0)));
        assert_eq!(sorted, Ok(()));
        assert!(items.is_sorted());
    }

    #[test]
    fn a_comparison_that_contradicts_itself_loses_nothing() {
        let mut items: Vec<u32> = (0..50).collect();
        let sorted: Result<(), ()> = merge_sort(&mut items, &mut |_, _| Ok(Ordering::Greater));
        assert_eq!(sorted, Ok(()));
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<u32>>());
    }
}
