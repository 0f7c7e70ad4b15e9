//! The colours of a page: one without photographs has few, and then a byte a pixel is enough.

/// Colours that an indexed PNG can have.
const COLOR_COUNT_MAX: usize = 256;

/// Places of the table; four for each colour keep the search short.
const PLACE_COUNT: usize = 1_024;

/// Up to 256 colours, in the order of appearance. Alpha is not looked at.
pub(super) struct Palette {
    /// Three bytes a colour.
    samples: Vec<u8>,
    /// Colour and index, by a hash of the colour.
    places: Vec<Option<(u32, u8)>>,
}

impl Palette {
    pub(super) fn new() -> Self {
        Self { samples: Vec::with_capacity(3 * COLOR_COUNT_MAX), places: vec![None; PLACE_COUNT] }
    }

    /// Three bytes a colour.
    pub(super) fn samples(&self) -> &[u8] {
        &self.samples
    }

    /// The palette with one more colour, unless it has it; nothing when there is no room.
    pub(super) fn with(mut self, pixel: [u8; 4]) -> Option<Self> {
        let color = color(pixel);
        let mut place = place(color);
        loop {
            match self.places.get(place).copied().flatten() {
                Some((known, _)) if known == color => return Some(self),
                Some(_) => place = (place + 1) % PLACE_COUNT,
                None => break,
            }
        }
        let index = u8::try_from(self.samples.len() / 3).ok()?;
        let [red, green, blue, _] = pixel;
        self.samples.extend_from_slice(&[red, green, blue]);
        *self.places.get_mut(place)? = Some((color, index));
        Some(self)
    }

    /// Writes the index of every pixel; 0 for a colour that it does not have.
    pub(super) fn push_indexes(&self, out: &mut Vec<u8>, pixels: &[[u8; 4]]) {
        let mut last = None;
        out.extend(pixels.iter().map(|&pixel| match last {
            Some((known, index)) if known == pixel => index,
            _ => {
                let index = self.index(color(pixel));
                last = Some((pixel, index));
                index
            }
        }));
    }

    fn index(&self, color: u32) -> u8 {
        let mut place = place(color);
        loop {
            match self.places.get(place).copied().flatten() {
                Some((known, index)) if known == color => return index,
                Some(_) => place = (place + 1) % PLACE_COUNT,
                None => return 0,
            }
        }
    }
}

fn color([red, green, blue, _]: [u8; 4]) -> u32 {
    u32::from_le_bytes([red, green, blue, 0])
}

fn place(color: u32) -> usize {
    let [.., third, last] = color.wrapping_mul(0x9E37_79B1).to_le_bytes();
    usize::from(u16::from_be_bytes([last, third])) % PLACE_COUNT
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::Palette;

    fn palette(pixels: &[[u8; 4]]) -> Option<Palette> {
        pixels.iter().try_fold(Palette::new(), |palette, &pixel| palette.with(pixel))
    }

    #[test]
    fn every_pixel_finds_its_colour_again() {
        let pixels: Vec<[u8; 4]> = (0..5_000_u32).map(|n| [(n * n % 256).to_le_bytes()[0], 7, 200, 255]).collect();
        let palette = palette(&pixels).unwrap();
        let mut indexes = Vec::new();
        palette.push_indexes(&mut indexes, &pixels);
        assert_eq!(indexes.len(), 5_000);
        for (pixel, &index) in pixels.iter().zip(&indexes) {
            assert_eq!(palette.samples().chunks(3).nth(usize::from(index)).unwrap(), &pixel[..3]);
        }
    }

    #[test]
    fn two_hundred_and_fifty_six_colours_fit_and_one_more_does_not() {
        let pixels = |count: u32| -> Vec<[u8; 4]> {
            (0..count).map(|n| [n.to_le_bytes()[0], n.to_le_bytes()[1], 0, 255]).collect()
        };
        assert_eq!(palette(&pixels(256)).unwrap().samples().len(), 768);
        assert!(palette(&pixels(257)).is_none());
    }
}
