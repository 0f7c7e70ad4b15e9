//! Suggestions: the known name that is closest to a mistyped one.

/// Names longer than this are not compared; nobody mistypes them by hand.
const NAME_LENGTH_MAX: usize = 40;

/// Names that are compared at most; a suggestion must cost little even on hostile data.
const CANDIDATE_COUNT_MAX: usize = 300;

/// Finds the candidate with the fewest edits, at most one for every three characters; the first one wins a tie.
pub(super) fn closest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let wanted: Vec<char> = name.chars().flat_map(char::to_lowercase).take(NAME_LENGTH_MAX + 1).collect();
    if wanted.is_empty() || wanted.len() > NAME_LENGTH_MAX {
        return None;
    }
    let edits_max = wanted.len().div_ceil(3);
    let mut best: Option<(usize, &'c str)> = None;
    for candidate in candidates.take(CANDIDATE_COUNT_MAX) {
        let other: Vec<char> = candidate.chars().flat_map(char::to_lowercase).take(NAME_LENGTH_MAX + 1).collect();
        if other.len() > NAME_LENGTH_MAX || other.len().abs_diff(wanted.len()) > edits_max {
            continue;
        }
        let edits = edit_distance(&wanted, &other);
        if edits <= edits_max && edits < other.len() && best.is_none_or(|(fewest, _)| edits < fewest) {
            best = Some((edits, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Counts insertions, removals, replacements and swaps of neighbours (optimal string alignment).
fn edit_distance(left: &[char], right: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut previous_left = None;
    for (row, left_character) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut previous_right = None;
        for (column, right_character) in right.iter().enumerate() {
            let at = |values: &[usize], index: usize| values.get(index).copied().unwrap_or(usize::MAX / 2);
            let replaced = at(&last, column) + usize::from(left_character != right_character);
            let mut edits = replaced.min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            if previous_left == Some(right_character) && previous_right == Some(left_character) && column > 0 {
                edits = edits.min(at(&before_last, column - 1) + 1);
            }
            current.push(edits);
            previous_right = Some(right_character);
        }
        previous_left = Some(left_character);
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or(left.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_name_wins_and_a_strange_one_has_none() {
        let names = || ["customer", "currency", "items"].into_iter();
        assert_eq!(closest("custmoer", names()), Some("customer"));
        assert_eq!(closest("Items", names()), Some("items"));
        assert_eq!(closest("itmes", names()), Some("items"));
        assert_eq!(closest("shipping", names()), None);
        assert_eq!(closest("", names()), None);
        assert_eq!(closest(&"a".repeat(10_000), names()), None);
    }
}
