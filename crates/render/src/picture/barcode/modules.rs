//! A grid of dark and light modules, and the rectangles that paint it.

/// A barcode's modules without its quiet zone. A linear barcode is one module high and is stretched to its height.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    /// Modules across.
    pub width: u32,
    /// Modules down.
    pub height: u32,
    /// Row by row; `width * height` entries.
    cells: Vec<bool>,
}

impl Modules {
    /// An all-light grid. Sides are below 2^16, so that the area fits.
    pub(super) fn light(width: u16, height: u16) -> Self {
        Self {
            width: u32::from(width),
            height: u32::from(height),
            cells: vec![false; usize::from(width) * usize::from(height)],
        }
    }

    /// Makes a module dark; outside the grid nothing happens.
    pub(super) fn darken(&mut self, x: u32, y: u32) {
        if let Some(cell) = self.offset(x, y).and_then(|offset| self.cells.get_mut(offset)) {
            *cell = true;
        }
    }

    /// Makes a module light; outside the grid nothing happens.
    pub(super) fn lighten(&mut self, x: u32, y: u32) {
        if let Some(cell) = self.offset(x, y).and_then(|offset| self.cells.get_mut(offset)) {
            *cell = false;
        }
    }

    /// Whether a module is dark. All outside the grid is light.
    #[must_use]
    pub fn dark(&self, x: u32, y: u32) -> bool {
        self.offset(x, y).and_then(|offset| self.cells.get(offset)).copied().unwrap_or(false)
    }

    /// Rectangles `(x, y, width, height)` in modules that cover exactly the dark modules, none twice: runs of a row,
    /// merged with equal runs of the rows below. A QR code shrinks to about a third of its dark modules.
    pub fn rects(&self) -> impl Iterator<Item = (u32, u32, u32, u32)> + use<> {
        let mut closed: Vec<(u32, u32, u32, u32)> = Vec::new();
        let mut open: Vec<(u32, u32, u32, u32)> = Vec::new();
        for y in 0..self.height {
            let mut above = std::mem::take(&mut open).into_iter().peekable();
            let mut x = 0;
            while x < self.width {
                if !self.dark(x, y) {
                    x += 1;
                    continue;
                }
                let start = x;
                while self.dark(x, y) {
                    x += 1;
                }
                // Both lists are sorted by x: what lies left of this run was not continued.
                while let Some(rect) = above.next_if(|rect| rect.0 < start) {
                    closed.push(rect);
                }
                let continued = above.next_if(|rect| rect.0 == start && rect.2 == x - start);
                open.push(continued.map_or((start, y, x - start, 1), |rect| (rect.0, rect.1, rect.2, rect.3 + 1)));
            }
            closed.extend(above);
        }
        closed.extend(open);
        closed.into_iter()
    }

    fn offset(&self, x: u32, y: u32) -> Option<usize> {
        if x >= self.width || y >= self.height {
            return None;
        }
        usize::try_from(u64::from(y) * u64::from(self.width) + u64::from(x)).ok()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::Modules;

    #[test]
    fn rectangles_cover_exactly_the_dark_modules_and_none_twice() {
        // A pattern without symmetry, from a small linear congruence.
        let mut modules = Modules::light(37, 23);
        let mut state = 12_345_u32;
        for y in 0..23 {
            for x in 0..37 {
                state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                if state & 0x3_0000 != 0 {
                    modules.darken(x, y);
                }
            }
        }
        let mut covered = vec![0_u32; 37 * 23];
        for (x, y, width, height) in modules.rects() {
            for row in y..y + height {
                for column in x..x + width {
                    covered[(row * 37 + column) as usize] += 1;
                }
            }
        }
        for y in 0..23 {
            for x in 0..37 {
                assert_eq!(covered[(y * 37 + x) as usize], u32::from(modules.dark(x, y)), "at {x}, {y}");
            }
        }
    }

    #[test]
    fn equal_runs_below_each_other_become_one_rectangle() {
        let mut modules = Modules::light(4, 3);
        for y in 0..3 {
            modules.darken(1, y);
            modules.darken(2, y);
        }
        assert_eq!(modules.rects().collect::<Vec<_>>(), [(1, 0, 2, 3)]);
    }

    #[test]
    fn outside_the_grid_all_is_light() {
        let modules = Modules::light(1, 1);
        assert!(!modules.dark(1, 0) && !modules.dark(0, 1) && !modules.dark(u32::MAX, u32::MAX));
    }
}
