//! Makes pixels fewer by averaging: each new pixel is the mean of the area that it covers.

/// Reduces premultiplied RGBA pixels. No side grows; nothing when there are fewer samples than pixels.
pub(super) fn reduce(
    samples: Vec<u8>,
    (width, height): (usize, usize),
    (new_width, new_height): (usize, usize),
) -> Option<Vec<u8>> {
    let row_length = width.checked_mul(4)?;
    if samples.len() < row_length.checked_mul(height)? || new_width > width || new_height > height {
        return None;
    }
    if (new_width, new_height) == (width, height) {
        return Some(samples);
    }
    let (columns, rows) = (Shares::new(width, new_width), Shares::new(height, new_height));
    let mut sums = vec![0.0_f32; row_length];
    let mut reduced = Vec::with_capacity(new_width.checked_mul(new_height)?.checked_mul(4)?);
    for (first_row, weights) in rows.iter() {
        sums.fill(0.0);
        for (row, &weight) in samples.chunks_exact(row_length).skip(first_row).zip(weights) {
            for (sum, &sample) in sums.iter_mut().zip(row) {
                *sum += weight * f32::from(sample);
            }
        }
        let (pixels, _) = sums.as_chunks::<4>();
        for (first_column, weights) in columns.iter() {
            let mut mean = [0.0_f32; 4];
            for (pixel, &weight) in pixels.iter().skip(first_column).zip(weights) {
                for (mean, &sample) in mean.iter_mut().zip(pixel) {
                    *mean += weight * sample;
                }
            }
            reduced.extend(mean.map(rounded));
        }
    }
    Some(reduced)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a mean of bytes is a byte, and `as` cuts")]
fn rounded(value: f32) -> u8 {
    value.round() as u8
}

/// How much of each old place goes into the new ones. The weights of a new place make 1.
struct Shares {
    /// First old place, and the range of its weights.
    places: Vec<(usize, std::ops::Range<usize>)>,
    weights: Vec<f32>,
}

impl Shares {
    #[expect(clippy::cast_precision_loss, reason = "sides of pictures are far below 2^24")]
    fn new(count: usize, new_count: usize) -> Self {
        let mut shares = Self { places: Vec::with_capacity(new_count), weights: Vec::new() };
        for place in 0..new_count {
            // In units of one new-count-th of an old place, where all borders are whole numbers.
            let (start, end) = (place * count, (place + 1) * count);
            let (first, last) = (start / new_count, end.div_ceil(new_count));
            let from = shares.weights.len();
            shares.weights.extend((first..last).map(|old| {
                let covered = end.min((old + 1) * new_count).saturating_sub(start.max(old * new_count));
                covered as f32 / count as f32
            }));
            shares.places.push((first, from..shares.weights.len()));
        }
        shares
    }

    fn iter(&self) -> impl Iterator<Item = (usize, &[f32])> {
        self.places.iter().map(|(first, range)| (*first, self.weights.get(range.clone()).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::reduce;

    fn grey(samples: &[u8]) -> Vec<u8> {
        samples.iter().flat_map(|&sample| [sample; 4]).collect()
    }

    #[test]
    fn a_pixel_is_the_mean_of_the_area_that_it_covers() {
        assert_eq!(reduce(grey(&[0, 100, 200, 40]), (4, 1), (2, 1)), Some(grey(&[50, 120])));
        assert_eq!(reduce(grey(&[0, 90, 240]), (3, 1), (2, 1)), Some(grey(&[30, 190])));
        assert_eq!(reduce(grey(&[0, 100, 200, 40]), (2, 2), (1, 1)), Some(grey(&[85])));
    }

    #[test]
    fn one_colour_stays_that_colour_at_any_size() {
        for (width, height) in [(1, 1), (3, 7), (16, 9), (17, 13)] {
            assert_eq!(reduce(vec![255; 17 * 13 * 4], (17, 13), (width, height)), Some(vec![255; width * height * 4]));
        }
    }

    #[test]
    fn growing_and_missing_samples_give_nothing() {
        assert_eq!(reduce(vec![0; 16], (2, 2), (3, 2)), None);
        assert_eq!(reduce(vec![0; 15], (2, 2), (1, 1)), None);
    }
}
