//! Pairs: few rows of choices in which every two choices of different fields come together once.

use std::collections::BTreeSet;

/// Rows that are made; pairs that are left over then are not tried.
const ROW_COUNT_MAX: usize = 120;

/// Fields that are combined; the number of pairs grows with its square.
const FIELD_COUNT_MAX: usize = 48;

/// For each row the choice of each field; `counts` is how many choices a field has.
pub(super) fn pairs(counts: &[usize], seed: u64) -> Vec<Vec<usize>> {
    let counts = counts.get(..counts.len().min(FIELD_COUNT_MAX)).unwrap_or_default();
    let mut open: BTreeSet<[usize; 4]> = BTreeSet::new();
    for (first, first_count) in counts.iter().enumerate() {
        for (second, second_count) in counts.iter().enumerate().skip(first + 1) {
            for one in 0..*first_count {
                open.extend((0..*second_count).map(|other| [first, one, second, other]));
            }
        }
    }
    let mut sequence = Sequence(seed);
    let mut rows = Vec::new();
    while rows.len() < ROW_COUNT_MAX
        && let Some(&[first, one, second, other]) = open.iter().next()
    {
        let mut row: Vec<Option<usize>> = vec![None; counts.len()];
        set(&mut row, first, one);
        set(&mut row, second, other);
        // Every field takes the choice that brings the most open pairs together with what the row has already.
        for field in 0..counts.len() {
            if row.get(field).is_some_and(Option::is_some) {
                continue;
            }
            let count = counts.get(field).copied().unwrap_or(0);
            let start = sequence.below(count.max(1));
            let gain = |choice: usize| {
                let others = row.iter().enumerate().filter_map(|(other, chosen)| Some((other, (*chosen)?)));
                others.filter(|(other, chosen)| open.contains(&ordered(field, choice, *other, *chosen))).count()
            };
            let choices = (0..count).map(|step| (start + step) % count);
            let best = choices.fold(None, |best: Option<(usize, usize)>, choice| match (best, gain(choice)) {
                (Some((most, _)), gained) if gained <= most => best,
                (_, gained) => Some((gained, choice)),
            });
            if let Some((_, choice)) = best {
                set(&mut row, field, choice);
            }
        }
        let row: Vec<usize> = row.into_iter().map(|choice| choice.unwrap_or(usize::MAX)).collect();
        for (first, one) in row.iter().enumerate() {
            for (second, other) in row.iter().enumerate().skip(first + 1) {
                open.remove(&[first, *one, second, *other]);
            }
        }
        rows.push(row);
    }
    rows
}

fn set(row: &mut [Option<usize>], field: usize, choice: usize) {
    if let Some(place) = row.get_mut(field) {
        *place = Some(choice);
    }
}

fn ordered(first: usize, one: usize, second: usize, other: usize) -> [usize; 4] {
    if first < second { [first, one, second, other] } else { [second, other, first, one] }
}

/// Numbers that look random and follow from the seed alone (SplitMix64).
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let count = u64::try_from(count).unwrap_or(1).max(1);
        usize::try_from(mixed % count).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_two_choices_come_together_in_few_rows_and_the_seed_decides_which() {
        let counts = [3, 2, 4, 3, 0, 2];
        let rows = pairs(&counts, 7);
        for (first, first_count) in counts.iter().enumerate() {
            for (second, second_count) in counts.iter().enumerate().skip(first + 1) {
                for one in 0..*first_count {
                    for other in 0..*second_count {
                        let meets =
                            rows.iter().any(|row| row.get(first) == Some(&one) && row.get(second) == Some(&other));
                        assert!(meets, "{one} of {first} never meets {other} of {second}");
                    }
                }
            }
        }
        assert!(rows.len() <= 18, "{} rows; all combinations are 144", rows.len());
        assert_eq!(rows, pairs(&counts, 7));
        assert_eq!(pairs(&[], 1), Vec::<Vec<usize>>::new());
    }
}
