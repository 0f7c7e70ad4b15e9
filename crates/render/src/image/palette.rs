//! Finds the colours of a page: a page without photographs has few, and then a byte a pixel is enough.

/// Colours that an indexed PNG can have.
const COLOR_COUNT_MAX: usize = 256;

/// Places of the table; four for each colour keep the search short.
const PLACE_COUNT: usize = 1_024;

/// The palette (three bytes a colour, in the order of appearance) and the index of every pixel; nothing when there
/// are more than 256 colours. Alpha is not looked at.
pub(super) fn indexed(pixels: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (pixels, _) = pixels.as_chunks::<4>();
    let mut palette = Vec::with_capacity(3 * COLOR_COUNT_MAX);
    // Colour and index, by a hash of the colour.
    let mut places: Vec<Option<(u32, u8)>> = vec![None; PLACE_COUNT];
    let mut indexes = Vec::with_capacity(pixels.len());
    let mut last = None;
    for &[red, green, blue, _] in pixels {
        let color = u32::from_le_bytes([red, green, blue, 0]);
        if let Some((known, index)) = last
            && known == color
        {
            indexes.push(index);
            continue;
        }
        let mut place = color.wrapping_mul(0x9E37_79B1).to_le_bytes();
        place.reverse();
        let mut place = usize::from(u16::from_be_bytes([place[0], place[1]])) % PLACE_COUNT;
        let index = loop {
            match places.get(place).copied().flatten() {
                Some((known, index)) if known == color => break index,
                Some(_) => place = (place + 1) % PLACE_COUNT,
                None => {
                    if palette.len() >= 3 * COLOR_COUNT_MAX {
                        return None;
                    }
                    let index = u8::try_from(palette.len() / 3).ok()?;
                    palette.extend_from_slice(&[red, green, blue]);
                    *places.get_mut(place)? = Some((color, index));
                    break index;
                }
            }
        };
        last = Some((color, index));
        indexes.push(index);
    }
    Some((palette, indexes))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::indexed;

    #[test]
    fn every_pixel_finds_its_colour_again() {
        let pixels: Vec<u8> = (0..5_000_u32).flat_map(|n| [(n * n % 256).to_le_bytes()[0], 7, 200, 255]).collect();
        let (palette, indexes) = indexed(&pixels).unwrap();
        assert_eq!(indexes.len(), 5_000);
        for (pixel, &index) in pixels.chunks(4).zip(&indexes) {
            assert_eq!(palette.chunks(3).nth(usize::from(index)).unwrap(), &pixel[..3]);
        }
    }

    #[test]
    fn two_hundred_and_fifty_six_colours_fit_and_one_more_does_not() {
        let pixels = |count: u32| -> Vec<u8> {
            (0..count).flat_map(|n| [n.to_le_bytes()[0], n.to_le_bytes()[1], 0, 255]).collect()
        };
        assert_eq!(indexed(&pixels(256)).unwrap().0.len(), 768);
        assert!(indexed(&pixels(257)).is_none());
    }
}
