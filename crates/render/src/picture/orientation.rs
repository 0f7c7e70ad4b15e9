//! Turns samples upright by their EXIF orientation.

/// Reorders 8-bit samples of `channels` a pixel, row by row, so that the picture stands upright.
///
/// `orientation` is the EXIF value 1 to 8 (EXIF 2.3, table 6). Gives width, height and samples; nothing when there
/// are fewer samples than pixels.
pub(super) fn upright(
    width: u32,
    height: u32,
    channels: usize,
    samples: &[u8],
    orientation: u8,
) -> Option<(u32, u32, Vec<u8>)> {
    let (columns, rows) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
    let turned = orientation >= 5;
    let (new_columns, new_rows) = if turned { (rows, columns) } else { (columns, rows) };
    let mut result = Vec::with_capacity(columns.checked_mul(rows)?.checked_mul(channels)?);
    for y in 0..new_rows {
        for x in 0..new_columns {
            let (source_x, source_y) = match orientation {
                2 => (columns - 1 - x, y),
                3 => (columns - 1 - x, rows - 1 - y),
                4 => (x, rows - 1 - y),
                5 => (y, x),
                6 => (y, rows - 1 - x),
                7 => (columns - 1 - y, rows - 1 - x),
                8 => (columns - 1 - y, x),
                _ => (x, y),
            };
            let start = (source_y * columns + source_x) * channels;
            result.extend_from_slice(samples.get(start..start + channels)?);
        }
    }
    Some(if turned { (height, width, result) } else { (width, height, result) })
}

#[cfg(test)]
mod tests {
    use super::upright;

    #[test]
    fn each_of_the_eight_orientations_moves_the_samples_as_the_standard_says() {
        // 0 1 2
        // 3 4 5
        let samples = [0, 1, 2, 3, 4, 5];
        for (orientation, width, expected) in [
            (1, 3, [0, 1, 2, 3, 4, 5]),
            (2, 3, [2, 1, 0, 5, 4, 3]),
            (3, 3, [5, 4, 3, 2, 1, 0]),
            (4, 3, [3, 4, 5, 0, 1, 2]),
            (5, 2, [0, 3, 1, 4, 2, 5]),
            (6, 2, [3, 0, 4, 1, 5, 2]),
            (7, 2, [5, 2, 4, 1, 3, 0]),
            (8, 2, [2, 5, 1, 4, 0, 3]),
        ] {
            let result = upright(3, 2, 1, &samples, orientation);
            assert_eq!(result, Some((width, 6 / width, expected.to_vec())), "orientation {orientation}");
        }
    }

    #[test]
    fn the_samples_of_a_pixel_stay_together() {
        assert_eq!(upright(2, 1, 3, &[1, 2, 3, 4, 5, 6], 3), Some((2, 1, vec![4, 5, 6, 1, 2, 3])));
    }

    #[test]
    fn missing_samples_give_nothing() {
        assert_eq!(upright(2, 2, 3, &[0; 11], 6), None);
    }
}
