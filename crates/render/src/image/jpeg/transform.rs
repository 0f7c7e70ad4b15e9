//! From pixels to coefficients: colour, the cosine transform (ITU-T T.81, A.3.3), quantization.

use super::SIDE;
use super::tables::{COLOR_STEPS, LIGHT_STEPS, ZIGZAG};

/// Eight of them.
type Row = [f32; SIDE];

/// Samples around 0, or coefficients, in rows.
pub(super) type Block = [Row; SIDE];

/// Cosines of multiples of a sixteenth of a half turn, halved: `W[k]` is cos(kπ/16) / 2.
const W: [f32; 8] =
    [0.5, 0.490_392_65, 0.461_939_78, 0.415_734_8, 0.353_553_4, 0.277_785_12, 0.191_341_71, 0.097_545_16];

/// What of sums of a sample and its mirror image makes the even coefficients.
const EVEN: [[f32; 4]; 4] =
    [[W[4], W[4], W[4], W[4]], [W[2], W[6], -W[6], -W[2]], [W[4], -W[4], -W[4], W[4]], [W[6], -W[2], W[2], -W[6]]];

/// What of their differences makes the odd ones.
const ODD: [[f32; 4]; 4] =
    [[W[1], W[3], W[5], W[7]], [W[3], -W[7], -W[1], -W[5]], [W[5], -W[1], W[7], W[3]], [W[7], -W[5], W[3], -W[1]]];

/// Light of the block at a place of a square.
#[expect(clippy::cast_precision_loss, reason = "a sample has eight bits")]
pub(super) fn light(square: &[[u8; 4]], side: usize, left: usize, top: usize) -> Block {
    let mut block = Block::default();
    for (out, row) in block.iter_mut().zip(square.chunks_exact(side).skip(top)) {
        for (out, &[red, green, blue, _]) in out.iter_mut().zip(row.iter().skip(left)) {
            let sum = 19_595 * i32::from(red) + 38_470 * i32::from(green) + 7_471 * i32::from(blue);
            *out = ((sum + (1 << 15)) >> 16) as f32 - 128.0;
        }
    }
    block
}

/// The differences to blue and red, of a pixel each or of four together.
#[expect(clippy::cast_precision_loss, reason = "a sample has eight bits")]
pub(super) fn colors(square: &[[u8; 4]], side: usize) -> [Block; 2] {
    let step = side / SIDE;
    // Sums of one pixel are 16 bits too large, those of four 18.
    let shift = if step == 2 { 18 } else { 16 };
    let mut blocks = [Block::default(); 2];
    let [blues, reds] = &mut blocks;
    for ((blues, reds), rows) in blues.iter_mut().zip(reds).zip(square.chunks_exact(side * step)) {
        for (place, (out_blue, out_red)) in blues.iter_mut().zip(reds).enumerate() {
            let (mut red, mut green, mut blue) = (0, 0, 0);
            for row in rows.chunks_exact(side) {
                for pixel in row.iter().skip(place * step).take(step) {
                    let [more_red, more_green, more_blue, _] = pixel.map(i32::from);
                    red += more_red;
                    green += more_green;
                    blue += more_blue;
                }
            }
            let half = 1 << (shift - 1);
            *out_blue = ((32_768 * blue - 11_059 * red - 21_709 * green + half) >> shift) as f32;
            *out_red = ((32_768 * red - 27_439 * green - 5_329 * blue + half) >> shift) as f32;
        }
    }
    blocks
}

/// Transforms the columns of a block.
fn columns(block: &Block) -> Block {
    let [a, b, c, d, e, f, g, h] = block;
    let sums = [added(a, h, 1.0), added(b, g, 1.0), added(c, f, 1.0), added(d, e, 1.0)];
    let differences = [added(a, h, -1.0), added(b, g, -1.0), added(c, f, -1.0), added(d, e, -1.0)];
    let mut out = Block::default();
    let pairs = EVEN.iter().zip(&ODD);
    for ([even, odd], (even_weights, odd_weights)) in out.as_chunks_mut::<2>().0.iter_mut().zip(pairs) {
        *even = weighted(&sums, even_weights);
        *odd = weighted(&differences, odd_weights);
    }
    out
}

/// A row and so many times another one.
fn added(row: &Row, other: &Row, times: f32) -> Row {
    let mut out = *row;
    for (out, other) in out.iter_mut().zip(other) {
        *out += times * other;
    }
    out
}

fn weighted(rows: &[Row; 4], weights: &[f32; 4]) -> Row {
    let mut out = Row::default();
    for (row, weight) in rows.iter().zip(weights) {
        out = added(&out, row, *weight);
    }
    out
}

/// Columns as rows.
fn turned(block: &Block) -> Block {
    let mut out = Block::default();
    for (column, out) in out.iter_mut().enumerate() {
        for (out, row) in out.iter_mut().zip(block) {
            *out = row.get(column).copied().unwrap_or_default();
        }
    }
    out
}

/// Values of a block in the order in which they are written.
fn in_zigzag<T: Copy + Default>(values: &[T; 64]) -> [T; 64] {
    ZIGZAG.map(|place| values.get(usize::from(place)).copied().unwrap_or_default())
}

/// How coarse coefficients are.
pub(super) struct Quantizer {
    /// In rows.
    steps: [u8; 64],
    /// What coefficients are multiplied with.
    shares: Block,
}

impl Quantizer {
    /// That of light, for a quality from 1 to 100.
    pub(super) fn light(quality: u8) -> Self {
        Self::new(&LIGHT_STEPS, quality)
    }

    /// That of differences of colour.
    pub(super) fn color(quality: u8) -> Self {
        Self::new(&COLOR_STEPS, quality)
    }

    /// Qualities mean what they mean in most programs: 50 the tables as they are, 25 twice the steps, 75 half of them.
    fn new(table: &[u16; 64], quality: u8) -> Self {
        let quality = u16::from(quality.clamp(1, 100));
        let percent = if quality < 50 { 5_000 / quality } else { 200 - 2 * quality };
        let steps = table.map(|step| {
            let scaled = (u32::from(step) * u32::from(percent) + 50) / 100;
            u8::try_from(scaled).unwrap_or(u8::MAX).max(1)
        });
        let mut shares = Block::default();
        for (share, step) in shares.as_flattened_mut().iter_mut().zip(&steps) {
            *share = 1.0 / f32::from(*step);
        }
        Self { steps, shares }
    }

    /// The steps in the order in which they are written.
    pub(super) fn steps(&self) -> [u8; 64] {
        in_zigzag(&self.steps)
    }

    /// The coefficients of a block of samples, in the order in which they are written.
    #[expect(clippy::cast_possible_truncation, reason = "a coefficient has twelve bits")]
    pub(super) fn quantized(&self, samples: &Block) -> [i32; 64] {
        let coefficients = turned(&columns(&turned(&columns(samples))));
        let mut levels = [0_i32; 64];
        let shared = coefficients.as_flattened().iter().zip(self.shares.as_flattened());
        for (level, (coefficient, share)) in levels.iter_mut().zip(shared) {
            let scaled = coefficient * share;
            *level = (scaled + 0.5_f32.copysign(scaled)) as i32;
        }
        in_zigzag(&levels)
    }
}
