//! Where text may be cut between its lines: neither the first lines of a paragraph are left behind, nor its last ones
//! carried over alone.

use crate::text::Line;

/// The lines of a text, and how many of them hold together.
pub(super) struct Breaking<'l> {
    pub(super) lines: &'l [Line],
    /// Lines of a paragraph that stay together at the end of a page.
    pub(super) orphans: usize,
    /// Lines of a paragraph that stay together at the beginning of a page.
    pub(super) widows: usize,
}

impl Breaking<'_> {
    /// How many lines from one on go onto a page that has room for that many, which are not all; 0 when it is better to
    /// put none.
    pub(super) fn most(&self, from: usize, fitting: usize) -> usize {
        (1..=fitting).rev().find(|taken| self.is_allowed(from, from + taken)).unwrap_or(0)
    }

    /// The least lines with which the text may begin at the end of a page.
    pub(super) fn least(&self) -> usize {
        let count = self.lines.len();
        if count < self.orphans + self.widows {
            return count;
        }
        (1..count).find(|taken| self.is_allowed(0, *taken)).unwrap_or(count)
    }

    /// Whether a page that begins with one line may end before another.
    fn is_allowed(&self, from: usize, end: usize) -> bool {
        let count = self.lines.len();
        // The text as a whole counts as a paragraph, so that a list of short lines does not lose its first or last one.
        let whole = (from > 0 || end >= self.orphans) && count.saturating_sub(end) >= self.widows;
        let ends = |line: &Line| line.ends_paragraph;
        let above = self.lines.get(..end).unwrap_or_default();
        let before = above.iter().rev().take_while(|line| !ends(line)).count();
        if !whole || before == 0 {
            return whole;
        }
        let below = self.lines.get(end..).unwrap_or_default();
        let rest = below.iter().take_while(|line| !ends(line)).count() + 1;
        before >= self.orphans && rest.min(below.len()) >= self.widows
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]
    use super::*;

    /// Paragraphs of so many lines.
    fn lines(paragraphs: &[usize]) -> Vec<Line> {
        let line = Line { runs: 0..0, x: 0.0, y: 0.0, width: 0.0, ends_paragraph: false, right_to_left: false };
        let mut lines = Vec::new();
        for count in paragraphs {
            lines.extend(vec![line.clone(); *count]);
            if let Some(last) = lines.last_mut() {
                last.ends_paragraph = true;
            }
        }
        lines
    }

    fn most(paragraphs: &[usize], [orphans, widows]: [usize; 2], from: usize, fitting: usize) -> usize {
        Breaking { lines: &lines(paragraphs), orphans, widows }.most(from, fitting)
    }

    #[test]
    fn neither_one_line_is_left_behind_nor_one_carried_over() {
        let one = |count, fitting| most(&[count], [2, 2], 0, fitting);
        assert_eq!((one(5, 4), one(5, 3), one(5, 1)), (3, 3, 0));
        assert_eq!((one(3, 2), one(4, 3), one(2, 1)), (0, 2, 0));
        assert_eq!(most(&[10], [2, 2], 4, 5), 4);
    }

    #[test]
    fn every_paragraph_of_a_text_counts() {
        // After the third line the first paragraph is complete.
        assert_eq!(most(&[3, 5], [2, 2], 0, 3), 3);
        assert_eq!(most(&[3, 5], [2, 2], 0, 4), 3, "one line of the second paragraph would be left behind");
        assert_eq!(most(&[3, 5], [2, 2], 0, 7), 6, "one line would be carried over");
        assert_eq!(most(&[3, 3, 4], [2, 2], 0, 5), 3, "three lines cannot be parted");
        assert_eq!(most(&[1, 1, 1, 1, 1], [2, 2], 0, 4), 3, "the text as a whole counts too");
    }

    #[test]
    fn more_or_fewer_lines_stay_together_when_asked_for() {
        assert_eq!(most(&[9], [4, 2], 0, 3), 0);
        assert_eq!(most(&[9], [2, 4], 0, 8), 5);
        assert_eq!(most(&[9], [1, 1], 0, 8), 8);
        assert_eq!(most(&[2], [1, 1], 0, 1), 1);
    }

    #[test]
    fn the_first_piece_has_the_least_lines() {
        let least = |paragraphs: &[usize], [orphans, widows]: [usize; 2]| {
            Breaking { lines: &lines(paragraphs), orphans, widows }.least()
        };
        assert_eq!((least(&[9], [2, 2]), least(&[3], [2, 2]), least(&[3, 6], [2, 2])), (2, 3, 3));
        assert_eq!((least(&[9], [4, 2]), least(&[1], [2, 2]), least(&[], [2, 2])), (4, 1, 0));
        assert!(lines(&[2])[1].ends_paragraph);
    }
}
