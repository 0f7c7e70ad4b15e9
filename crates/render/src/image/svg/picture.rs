//! Raster pictures of SVG: a JPEG as it is, all else as PNG, inside of `data:` URLs, each once.

use ::png::ColorType;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::{ImageError, png};
use super::Writer;
use super::text::{push_attribute, push_matrix};
use crate::document::{Rect, Transform};
use crate::picture::{Picture, PictureData};

impl Writer<'_> {
    /// Uses a picture; the first use also defines it.
    pub(super) fn picture(&mut self, index: u32, rect: &Rect) -> Result<(), ImageError> {
        let picture = self.document.pictures.get(index as usize);
        let picture = picture.ok_or(ImageError::Dangling { what: "picture", index })?;
        let Picture { width, height, .. } = **picture;
        if self.pictures.insert(index, ()).is_none() {
            let (media_type, bytes) = file(picture)?;
            self.definitions.extend_from_slice(b"<image");
            push_attribute(&mut self.definitions, "id", format_args!("i{index}"));
            push_attribute(&mut self.definitions, "width", format_args!("{width}"));
            push_attribute(&mut self.definitions, "height", format_args!("{height}"));
            let data = STANDARD.encode(bytes);
            push_attribute(&mut self.definitions, "href", format_args!("data:{media_type};base64,{data}"));
            self.definitions.extend_from_slice(b"/>\n");
        }
        #[expect(clippy::cast_precision_loss, reason = "sides of pictures are far below 2^24")]
        let (x_scale, y_scale) = (rect.width / width as f32, rect.height / height as f32);
        let stretch = Transform { coefficients: [x_scale, 0.0, 0.0, y_scale, rect.x, rect.y] };
        self.content.extend_from_slice(b"<use");
        push_attribute(&mut self.content, "href", format_args!("#i{index}"));
        push_matrix(&mut self.content, "transform", &stretch);
        self.content.extend_from_slice(b"/>\n");
        Ok(())
    }
}

/// A picture as a file, and its media type.
fn file(picture: &Picture) -> Result<(&'static str, Vec<u8>), ImageError> {
    let as_png = |color, samples: &[u8]| {
        png::write_samples((picture.width, picture.height), color, samples).map(|bytes| ("image/png", bytes))
    };
    match (&picture.data, &picture.alpha) {
        (PictureData::Jpeg { bytes, .. }, _) => Ok(("image/jpeg", bytes.clone())),
        (PictureData::Grey(samples), None) => as_png(ColorType::Grayscale, samples),
        (PictureData::Rgb(samples), None) => as_png(ColorType::Rgb, samples),
        (PictureData::Grey(samples), Some(alpha)) => {
            let pairs: Vec<u8> = samples.iter().zip(alpha).flat_map(|(&grey, &alpha)| [grey, alpha]).collect();
            as_png(ColorType::GrayscaleAlpha, &pairs)
        }
        (PictureData::Rgb(samples), Some(alpha)) => {
            let pixels = samples.as_chunks::<3>().0.iter().zip(alpha);
            let pixels: Vec<u8> = pixels.flat_map(|(&[red, green, blue], &alpha)| [red, green, blue, alpha]).collect();
            as_png(ColorType::Rgba, &pixels)
        }
    }
}
