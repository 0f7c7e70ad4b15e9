//! The modules of an Aztec code: rings in the middle, the mode message around them, then layers of data.

use super::super::Modules;
use super::Size;

/// Modules from one line of the reference grid to the next.
const GRID_STEP: i32 = 16;

/// Draws a symbol from the bits of its words and of its mode message.
pub(super) fn draw(size: Size, message: &[bool], mode: &[bool]) -> Modules {
    let layers = i32::try_from(size.layers).unwrap_or_default();
    let core = if size.compact { 11 } else { 14 };
    // Rows and columns that carry data, without the reference grid.
    let data_side = core + 4 * layers;
    let side = if size.compact { data_side } else { data_side + 1 + 2 * ((data_side / 2 - 1) / (GRID_STEP - 1)) };
    let mut drawing = Drawing::new(side);
    if !size.compact {
        drawing.reference_grid();
    }
    let place = |index: i32| if size.compact { index } else { spread(index, data_side, side) };
    let mut bits = message.iter().copied();
    for layer in 0..layers {
        let outer = 2 * layer;
        let inner = data_side - 1 - outer;
        let length = data_side - 4 * layer - 2;
        // Down on the left, along the bottom, up on the right, back along the top; two modules wide.
        for (turn, step) in (0..4).flat_map(|turn| (0..length).map(move |step| (turn, step))) {
            for depth in 0..2 {
                let (x, y) = match turn {
                    0 => (outer + depth, outer + step),
                    1 => (outer + step, inner - depth),
                    2 => (inner - depth, inner - step),
                    _ => (inner - step, outer + depth),
                };
                if bits.next() == Some(true) {
                    drawing.darken(place(x), place(y));
                }
            }
        }
    }
    drawing.middle(size.compact, mode);
    drawing.modules
}

/// Where a row or column of data stands once the lines of the reference grid are between them.
fn spread(index: i32, data_side: i32, side: i32) -> i32 {
    let (middle, center) = (data_side / 2, side / 2);
    if index < middle {
        let away = middle - 1 - index;
        center - 1 - away - away / (GRID_STEP - 1)
    } else {
        let away = index - middle;
        center + 1 + away + away / (GRID_STEP - 1)
    }
}

struct Drawing {
    modules: Modules,
    side: i32,
    center: i32,
}

impl Drawing {
    fn new(side: i32) -> Self {
        let length = u16::try_from(side).unwrap_or_default();
        Self { modules: Modules::light(length, length), side, center: side / 2 }
    }

    fn darken(&mut self, x: i32, y: i32) {
        if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) {
            self.modules.darken(x, y);
        }
    }

    /// Darkens by distances from the middle.
    fn darken_from_center(&mut self, x: i32, y: i32) {
        self.darken(self.center + x, self.center + y);
    }

    /// Every second module of each sixteenth line, so that the middle one is dark.
    fn reference_grid(&mut self) {
        let reach = self.side / 2;
        for line in (0..=reach).filter(|line| line % GRID_STEP == 0) {
            for along in (-reach..=reach).filter(|along| along % 2 == 0) {
                for line in [-line, line] {
                    self.darken_from_center(along, line);
                    self.darken_from_center(line, along);
                }
            }
        }
    }

    /// The rings, their orientation marks, and the mode message around them.
    fn middle(&mut self, compact: bool, mode: &[bool]) {
        let reach = if compact { 5 } else { 7 };
        for ring in (0..reach).step_by(2) {
            for along in -ring..=ring {
                for edge in [-ring, ring] {
                    self.darken_from_center(along, edge);
                    self.darken_from_center(edge, along);
                }
            }
        }
        for (x, y) in [
            (-reach, -reach),
            (1 - reach, -reach),
            (-reach, 1 - reach),
            (reach, -reach),
            (reach, 1 - reach),
            (reach, reach - 1),
        ] {
            self.darken_from_center(x, y);
        }
        // One message a side, clockwise from the top left; a full symbol leaves the line of the grid free.
        let length = if compact { 7 } else { 10 };
        for (index, _) in (0_i32..).zip(mode).filter(|(_, bit)| **bit) {
            let (side, step) = (index / length, index % length);
            let along = step - (reach - 2) + if compact { 0 } else { step / 5 };
            let (x, y) = match side {
                0 => (along, -reach),
                1 => (reach, along),
                2 => (-along, reach),
                _ => (-reach, -along),
            };
            self.darken_from_center(x, y);
        }
    }
}
