//! Writes JPEG (ITU-T T.81, baseline, in JFIF) from the pixels of pages, which are mostly paper.
//!
//! A square of one colour has one coefficient and is not transformed, and codes are made for each file. All sums are the same
//! on every machine.

mod code;
mod tables;
mod transform;

#[cfg(test)]
mod tests;

use code::{Coder, Component};
use transform::{Block, Quantizer};

/// Side of a block.
const SIDE: usize = 8;

/// Qualities from here on keep the colour of every pixel; below, four pixels share theirs.
const FULL_COLOR_QUALITY: u8 = 90;

/// What the squares of a file are made of: blocks of light and, with colour, of two differences of colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Grey,
    FullColor,
    /// Four blocks of light, and one of each difference, whose samples stand for four pixels.
    HalfColor,
}

impl Form {
    /// Pixels across and down a square.
    fn side(self) -> usize {
        if self == Self::HalfColor { 2 * SIDE } else { SIDE }
    }

    fn component_count(self) -> u8 {
        if self == Self::Grey { 1 } else { 3 }
    }
}

/// Writes pixels of red, green, blue and alpha, whose alpha is not looked at, at a quality from 1 to 100.
pub(super) fn write(pixels: &[[u8; 4]], (width, height): (u16, u16), quality: u8, is_grey: bool) -> Vec<u8> {
    let form = match (is_grey, quality >= FULL_COLOR_QUALITY) {
        (true, _) => Form::Grey,
        (false, true) => Form::FullColor,
        (false, false) => Form::HalfColor,
    };
    let picture = Picture { pixels, width: usize::from(width).max(1), height: usize::from(height) };
    let quantizers = [Quantizer::light(quality), Quantizer::color(quality)];
    let mut coder = Coder::default();
    scan(&picture, form, &quantizers, &mut coder);
    let codes = coder.codes();

    let mut out = Vec::with_capacity(pixels.len() / 16 + 1_024);
    out.extend_from_slice(&[0xFF, 0xD8]);
    // JFIF 1.1, pixels as wide as high.
    segment(&mut out, 0xE0, &[b"JFIF\0".as_slice(), &[1, 1, 0, 0, 1, 0, 1, 0, 0]].concat());
    let table_count = usize::from(form.component_count()).min(2);
    for (index, quantizer) in (0..).zip(quantizers.iter().take(table_count)) {
        segment(&mut out, 0xDB, &[[index].as_slice(), &quantizer.steps()].concat());
    }
    let sampling = if form == Form::HalfColor { 0x22 } else { 0x11 };
    let [[width_high, width_low], [height_high, height_low]] = [width.to_be_bytes(), height.to_be_bytes()];
    let mut frame = vec![8, height_high, height_low, width_high, width_low, form.component_count()];
    let mut scan = vec![form.component_count()];
    for component in 1..=form.component_count() {
        let (sampling, table) = if component == 1 { (sampling, 0) } else { (0x11, 1) };
        frame.extend_from_slice(&[component, sampling, table]);
        scan.extend_from_slice(&[component, table << 4 | table]);
    }
    segment(&mut out, 0xC0, &frame);
    for code in codes.iter().take(2 * table_count) {
        code.define(&mut out);
    }
    scan.extend_from_slice(&[0, 63, 0]);
    segment(&mut out, 0xDA, &scan);
    coder.write(&codes, &mut out);
    out.extend_from_slice(&[0xFF, 0xD9]);
    out
}

/// A marker with what belongs to it.
fn segment(out: &mut Vec<u8>, marker: u8, content: &[u8]) {
    let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    out.extend_from_slice(&[0xFF, marker]);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(content);
}

struct Picture<'p> {
    pixels: &'p [[u8; 4]],
    width: usize,
    height: usize,
}

impl Picture<'_> {
    /// A part of a row that lies in the picture.
    fn row(&self, x: usize, y: usize, length: usize) -> &[[u8; 4]] {
        let start = y * self.width + x;
        self.pixels.get(start..start + length).unwrap_or_default()
    }

    /// The colour of a square that lies in the picture and has one only.
    fn only_color(&self, x: usize, y: usize, side: usize) -> Option<[u8; 4]> {
        if x + side > self.width || y + side > self.height {
            return None;
        }
        let first = *self.row(x, y, 1).first()?;
        let line = [first; 2 * SIDE];
        let line = line.get(..side)?;
        (y..y + side).all(|y| self.row(x, y, side) == line).then_some(first)
    }

    /// A square; what lies outside is as the nearest pixel.
    fn square(&self, x: usize, y: usize, side: usize, out: &mut [[u8; 4]]) {
        let inside = side.min(self.width - x);
        for (down, out) in out.chunks_mut(side).enumerate().take(side) {
            let row = self.row(x, (y + down).min(self.height.saturating_sub(1)), inside);
            let last = row.last().copied().unwrap_or_default();
            let (known, rest) = out.split_at_mut(inside);
            known.copy_from_slice(row);
            rest.fill(last);
        }
    }
}

/// Transforms all squares, from left to right and down, and gives the coder their coefficients.
fn scan(picture: &Picture<'_>, form: Form, [light, color]: &[Quantizer; 2], coder: &mut Coder) {
    let side = form.side();
    let mut square = vec![[0; 4]; side * side];
    // The colour of the square of one colour that came last, and the coefficients of its components.
    let mut known: Option<([u8; 4], [i32; 3])> = None;
    for y in (0..picture.height).step_by(side) {
        for x in (0..picture.width).step_by(side) {
            if let Some(only) = picture.only_color(x, y, side) {
                let levels = match known {
                    Some((color, levels)) if color == only => levels,
                    _ => flat(only, [light, color, color]),
                };
                known = Some((only, levels));
                let [luma, blue, red] = levels;
                for _ in 0..(side / SIDE) * (side / SIDE) {
                    coder.flat(Component::Light, luma);
                }
                if form != Form::Grey {
                    coder.flat(Component::Blue, blue);
                    coder.flat(Component::Red, red);
                }
                continue;
            }
            picture.square(x, y, side, &mut square);
            for top in (0..side).step_by(SIDE) {
                for left in (0..side).step_by(SIDE) {
                    let block = transform::light(&square, side, left, top);
                    coder.block(Component::Light, &light.quantized(&block));
                }
            }
            if form != Form::Grey {
                for (component, block) in
                    [Component::Blue, Component::Red].into_iter().zip(transform::colors(&square, side))
                {
                    coder.block(component, &color.quantized(&block));
                }
            }
        }
    }
}

/// The first coefficients of squares of one colour; all others are nothing.
fn flat(color: [u8; 4], quantizers: [&Quantizer; 3]) -> [i32; 3] {
    let square = [color; SIDE * SIDE];
    let [blue, red] = transform::colors(&square, SIDE);
    let blocks: [Block; 3] = [transform::light(&square, SIDE, 0, 0), blue, red];
    let mut levels = [0; 3];
    for ((level, block), quantizer) in levels.iter_mut().zip(&blocks).zip(quantizers) {
        [*level, ..] = quantizer.quantized(block);
    }
    levels
}
