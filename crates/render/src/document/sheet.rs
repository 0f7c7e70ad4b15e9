//! What a press needs around a page: bleed, marks, and the condition that it prints under.

use super::{Rect, Size};

/// The sheet around the trimmed page. Coordinates of a page count from the corner of its trim, so that they may be
/// negative here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// How far what touches the edge goes on beyond it: top, right, bottom, left.
    pub bleed: [f32; 4],
    /// What stands beyond the bleed, each at most once.
    pub marks: Vec<PrinterMark>,
}

/// A mark for those who print and cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrinterMark {
    /// Lines where the page is cut.
    Crop,
    /// Targets that show whether the plates lie upon one another.
    Registration,
    /// Patches of each ink.
    Colors,
}

/// The press that a file is made for.
#[derive(Clone, PartialEq, Eq)]
pub struct PrintingCondition {
    /// Its name in the registry of the ICC, or its own.
    pub identifier: String,
    /// Its ICC profile, of four inks.
    pub profile: Vec<u8>,
}

impl std::fmt::Debug for PrintingCondition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrintingCondition").field("identifier", &self.identifier).finish_non_exhaustive()
    }
}

/// Room beyond the bleed that marks need, points: a gap and lines of 5 mm, which cutters look for.
const MARKS_ROOM_POINTS: f32 = 24.0;

impl Sheet {
    /// The page with its bleed.
    #[must_use]
    pub fn bleed_box(&self, page: Size) -> Rect {
        grown(page, self.bleed)
    }

    /// The page with bleed and marks.
    #[must_use]
    pub fn media_box(&self, page: Size) -> Rect {
        let room = if self.marks.is_empty() { 0.0 } else { MARKS_ROOM_POINTS };
        grown(page, self.bleed.map(|side| side + room))
    }
}

fn grown(page: Size, [top, right, bottom, left]: [f32; 4]) -> Rect {
    Rect { x: -left, y: -top, width: page.width + left + right, height: page.height + top + bottom }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boxes_lie_inside_of_each_other() {
        let page = Size { width: 100.0, height: 50.0 };
        let mut sheet = Sheet { bleed: [1.0, 2.0, 3.0, 4.0], marks: Vec::new() };
        let bleed = Rect { x: -4.0, y: -1.0, width: 106.0, height: 54.0 };
        assert_eq!((sheet.bleed_box(page), sheet.media_box(page)), (bleed, bleed));
        sheet.marks.push(PrinterMark::Crop);
        assert_eq!(sheet.bleed_box(page), bleed);
        assert_eq!(sheet.media_box(page), Rect { x: -28.0, y: -25.0, width: 154.0, height: 102.0 });
    }
}
