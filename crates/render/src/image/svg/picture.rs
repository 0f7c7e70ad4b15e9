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
        if self.pictures.insert(index, ()).is_none() {
            self.define_picture(format_args!("i{index}"), picture)?;
        }
        self.use_picture(format_args!("#i{index}"), [picture.width, picture.height], rect);
        Ok(())
    }

    /// Uses a page of another file, as a picture; the first use also defines it.
    pub(super) fn pdf_page(&mut self, index: u32, rect: &Rect) -> Result<(), ImageError> {
        let page = self.document.pdf_pages.get(index as usize);
        let page = page.ok_or(ImageError::Dangling { what: "page of another file", index })?;
        let size = match self.pdf_pages.get(&index) {
            Some(size) => *size,
            None => {
                let picture = super::super::pdf_page::picture(page)?;
                self.define_picture(format_args!("p{index}"), &picture)?;
                let size = [picture.width, picture.height];
                self.pdf_pages.insert(index, size);
                size
            }
        };
        self.use_picture(format_args!("#p{index}"), size, rect);
        Ok(())
    }

    fn define_picture(&mut self, id: std::fmt::Arguments<'_>, picture: &Picture) -> Result<(), ImageError> {
        let (media_type, bytes) = file(picture)?;
        self.definitions.extend_from_slice(b"<image");
        push_attribute(&mut self.definitions, "id", id);
        push_attribute(&mut self.definitions, "width", format_args!("{}", picture.width));
        push_attribute(&mut self.definitions, "height", format_args!("{}", picture.height));
        let data = STANDARD.encode(bytes);
        push_attribute(&mut self.definitions, "href", format_args!("data:{media_type};base64,{data}"));
        self.definitions.extend_from_slice(b"/>\n");
        Ok(())
    }

    fn use_picture(&mut self, href: std::fmt::Arguments<'_>, [width, height]: [u32; 2], rect: &Rect) {
        #[expect(clippy::cast_precision_loss, reason = "sides of pictures are far below 2^24")]
        let (x_scale, y_scale) = (rect.width / width as f32, rect.height / height as f32);
        let stretch = Transform { coefficients: [x_scale, 0.0, 0.0, y_scale, rect.x, rect.y] };
        self.content.extend_from_slice(b"<use");
        push_attribute(&mut self.content, "href", href);
        push_matrix(&mut self.content, "transform", &stretch);
        self.content.extend_from_slice(b"/>\n");
    }
}

/// A picture as a file, and its media type.
fn file(picture: &Picture) -> Result<(&'static str, Vec<u8>), ImageError> {
    let as_png = |color, samples: &[u8]| {
        png::write_samples((picture.width, picture.height), color, samples).map(|bytes| ("image/png", bytes))
    };
    let picture = picture.spread();
    match (&picture.data, &picture.alpha) {
        (PictureData::Jpeg { bytes, .. }, _) => Ok(("image/jpeg", bytes.clone())),
        (PictureData::Grey(samples), None) => as_png(ColorType::Grayscale, samples),
        (PictureData::Rgb(samples), None) => as_png(ColorType::Rgb, samples),
        (PictureData::Grey(samples), Some(alpha)) => {
            let pairs: Vec<u8> = samples.iter().zip(alpha).flat_map(|(&grey, &alpha)| [grey, alpha]).collect();
            as_png(ColorType::GrayscaleAlpha, &pairs)
        }
        // What is of one colour was spread out.
        (PictureData::Flat(_), _) => Ok(("image/png", Vec::new())),
        (PictureData::Rgb(samples), Some(alpha)) => {
            let pixels = samples.as_chunks::<3>().0.iter().zip(alpha);
            let pixels: Vec<u8> = pixels.flat_map(|(&[red, green, blue], &alpha)| [red, green, blue, alpha]).collect();
            as_png(ColorType::Rgba, &pixels)
        }
    }
}
