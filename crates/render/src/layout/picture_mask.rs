//! Pictures that another picture makes transparent.

use std::sync::Arc;

use super::picture::{ArtIndex, Placed};
use super::state::{Layouter, Site};
use crate::diagnostic::codes;
use crate::picture::{Picture, PictureData};
use crate::text::index32;

impl Layouter<'_> {
    /// A picture with the opacity of another one. What cannot be had is recorded, and leaves the picture as it is.
    pub(super) fn masked(&mut self, source: &str, placed: Placed, mask: &str, site: Site<'_>) -> Option<Placed> {
        if mask.trim().is_empty() {
            return Some(placed);
        }
        // No source has a line feed, so that no other picture has this name.
        let name = format!("{source}\n{mask}");
        if let Some(known) = self.art.get(&name) {
            return *known;
        }
        let found = self.place_art(mask, site)?;
        let art = |place: ArtIndex| match place {
            ArtIndex::Picture(index) => self.document.pictures.get(index as usize).map(Arc::clone),
            ArtIndex::Drawing(_) | ArtIndex::PdfPage(_) => None,
        };
        let made = match (art(placed.art), art(found.art)) {
            (Some(picture), Some(mask)) => with_mask(&picture, &mask),
            _ => None,
        };
        let Some(made) = made else {
            let message = "a mask is a PNG, and what it masks is a PNG or a JPEG".to_owned();
            let hint = "for a drawing or a page, use a mask with a `path`".to_owned();
            self.error(codes::INVALID_IMAGE, site, message, Some(hint));
            return None;
        };
        self.document.pictures.push(Arc::new(made));
        let made = Placed { art: ArtIndex::Picture(index32(self.document.pictures.len() - 1)), ..placed };
        self.art.insert(name, Some(made));
        Some(made)
    }
}

/// The picture with the mask stretched over it; nothing when the mask has no samples that can be read.
fn with_mask(picture: &Picture, mask: &Picture) -> Option<Picture> {
    let levels = levels(mask)?;
    let scale = |place: u32, of: u32, to: u32| -> Option<usize> {
        usize::try_from(u64::from(place) * u64::from(to) / u64::from(of.max(1))).ok()
    };
    let columns = usize::try_from(mask.width).ok()?;
    let mut alpha = Vec::new();
    for y in 0..picture.height {
        let row = scale(y, picture.height, mask.height)?.checked_mul(columns)?;
        for x in 0..picture.width {
            alpha.push(*levels.get(row.checked_add(scale(x, picture.width, mask.width)?)?)?);
        }
    }
    if let Some(own) = &picture.alpha {
        for (alpha, own) in alpha.iter_mut().zip(own) {
            *alpha = u8::try_from(u16::from(*alpha) * u16::from(*own) / 255).unwrap_or(u8::MAX);
        }
    }
    Some(Picture { alpha: Some(alpha), ..picture.clone() })
}

/// How opaque each pixel of a mask says that the picture is: its own opacity if it has one, else its lightness.
fn levels(mask: &Picture) -> Option<Vec<u8>> {
    if let Some(alpha) = &mask.alpha {
        return Some(alpha.clone());
    }
    match &mask.data {
        PictureData::Grey(samples) => Some(samples.clone()),
        PictureData::Rgb(samples) => {
            let (pixels, _) = samples.as_chunks::<3>();
            // Parts of a thousand that the channels have of what eyes see as light (ITU-R BT.709).
            let lightness = |&[red, green, blue]: &[u8; 3]| {
                let sum = u32::from(red) * 213 + u32::from(green) * 715 + u32::from(blue) * 72;
                u8::try_from(sum / 1000).unwrap_or(u8::MAX)
            };
            Some(pixels.iter().map(lightness).collect())
        }
        PictureData::Jpeg { .. } | PictureData::Flat(_) => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn grey(width: u32, height: u32, samples: &[u8]) -> Picture {
        Picture { width, height, data: PictureData::Grey(samples.to_vec()), alpha: None }
    }

    #[test]
    fn the_mask_is_stretched_over_the_picture_and_joins_its_own_opacity() {
        let mut picture = grey(4, 2, &[7; 8]);
        let masked = with_mask(&picture, &grey(2, 1, &[0, 255])).unwrap();
        assert_eq!(masked.alpha.unwrap(), [0, 0, 255, 255, 0, 0, 255, 255]);
        picture.alpha = Some(vec![128; 8]);
        let masked = with_mask(&picture, &grey(2, 1, &[0, 255])).unwrap();
        assert_eq!(masked.alpha.unwrap(), [0, 0, 128, 128, 0, 0, 128, 128]);
        let color = Picture { data: PictureData::Rgb(vec![255, 255, 255]), ..grey(1, 1, &[]) };
        assert_eq!(with_mask(&picture, &color).unwrap().alpha.unwrap(), [128; 8]);
        let photo = Picture {
            data: PictureData::Jpeg { bytes: Vec::new(), components: 3, inverted: false },
            ..grey(1, 1, &[])
        };
        assert!(with_mask(&picture, &photo).is_none());
    }
}
