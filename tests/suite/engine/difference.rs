//! Differences of two texts by lines.

/// Texts with more lines are shown one below the other: the table of the comparison grows with the square.
const LINE_COUNT_MAX: usize = 2_000;

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is in both texts.
    Same,
    /// It was expected and did not come.
    Removed,
    /// It came and was not expected.
    Added,
}

/// All lines of two texts in order.
pub(crate) fn lines<'t>(expected: &'t str, got: &'t str) -> Vec<(Change, &'t str)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), got.lines().collect());
    if old.len().max(new.len()) > LINE_COUNT_MAX {
        let removed = old.iter().map(|line| (Change::Removed, *line));
        return removed.chain(new.iter().map(|line| (Change::Added, *line))).collect();
    }
    // Length of the longest common rest of both, from each pair of lines on.
    let mut rest = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            rest[i][j] = if old[i] == new[j] { rest[i + 1][j + 1] + 1 } else { rest[i + 1][j].max(rest[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            out.push((Change::Same, old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && rest[i + 1][j] >= rest[i][j + 1] {
            out.push((Change::Removed, old[i]));
            i += 1;
        } else {
            out.push((Change::Added, new[j]));
            j += 1;
        }
    }
    out
}

#[test]
fn lines_that_both_have_stay() {
    use Change::{Added, Removed, Same};
    assert_eq!(lines("a\nb\nc", "a\nx\nc\nd"), [(Same, "a"), (Removed, "b"), (Added, "x"), (Same, "c"), (Added, "d")]);
    assert_eq!(lines("", "a"), [(Added, "a")]);
    assert_eq!(lines("a", ""), [(Removed, "a")]);
}
