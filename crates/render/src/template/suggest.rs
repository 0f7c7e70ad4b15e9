//! Suggestions: the known name that was probably meant.

/// Longest name that is compared, in characters; longer ones are not slips of the keyboard.
const NAME_LENGTH_MAX: usize = 40;

/// The candidate nearest to `name`, when it is near enough to be meant: at most a third of its characters differ.
///
/// Letter case does not count. Of several equally near ones the first wins.
pub(crate) fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let name: Vec<char> = name.to_lowercase().chars().take(NAME_LENGTH_MAX + 1).collect();
    if name.len() > NAME_LENGTH_MAX {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.to_lowercase().chars().take(NAME_LENGTH_MAX + 1).collect();
        if letters.len() > NAME_LENGTH_MAX {
            continue;
        }
        let distance = distance(&name, &letters);
        let allowed = (name.len().max(letters.len()) / 3).max(1);
        if distance <= allowed && distance < letters.len() && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one name to the other.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    let mut left_previous = None;
    for (row, &from) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(right.len() + 1);
        let mut last = row + 1;
        current.push(last);
        let mut right_previous: Option<char> = None;
        for (column, &to) in right.iter().enumerate() {
            let cell = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX / 2);
            let replaced = cell(&above, column) + usize::from(from != to);
            let mut least = replaced.min(cell(&above, column + 1) + 1).min(last + 1);
            if column > 0 && left_previous == Some(to) && right_previous == Some(from) {
                least = least.min(cell(&before, column - 1) + 1);
            }
            current.push(least);
            last = least;
            right_previous = Some(to);
        }
        before = above;
        above = current;
        left_previous = Some(from);
    }
    above.last().copied().unwrap_or(left.len())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_keyboard_is_recognised() {
        let names = ["width", "height", "align", "columns"];
        assert_eq!(nearest("widht", names), Some("width"));
        assert_eq!(nearest("Height", names), Some("height"));
        assert_eq!(nearest("colums", names), Some("columns"));
    }

    #[test]
    fn something_else_gets_no_suggestion() {
        assert_eq!(nearest("zebra", ["width", "height"]), None);
        assert_eq!(nearest("", ["width"]), None);
        assert_eq!(nearest(&"width".repeat(1000), ["width"]), None);
    }
}
