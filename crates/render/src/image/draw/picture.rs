//! Draws raster pictures: decoded and scaled down to the pixels that they get, once.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use vello_cpu::kurbo::Affine;
use vello_cpu::peniko::{Extend, ImageAlphaType, ImageQuality, ImageSampler};
use vello_cpu::{Image, ImageSource, PaintType, PixelMetadata, Pixmap};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::super::{ImageError, reduce};
use super::shape::scales;
use super::{Painter, pixels};
use crate::document::Rect;
use crate::picture::{Picture, PictureData};

/// How many times larger than itself a picture is shown when its pixels become squares.
const MAGNIFIED: f64 = 4.0;

/// Bytes of the pictures that one thread keeps, with their sources.
const PICTURES_SIZE_BYTES_MAX: usize = 64 << 20;

/// Pictures in the sizes in which they were drawn, kept from document to document.
#[derive(Default)]
pub(in super::super) struct Pictures {
    known: FxHashMap<Key, Kept>,
    order: VecDeque<Key>,
    size_bytes: usize,
}

/// Address of the picture, and the size in pixels.
type Key = (usize, u16, u16);

struct Kept {
    /// Held so that no other picture can come to the same address.
    _source: Arc<Picture>,
    pixmap: Arc<Pixmap>,
    size_bytes: usize,
}

impl Pictures {
    fn get(&mut self, picture: &Arc<Picture>, width: u16, height: u16) -> Result<Arc<Pixmap>, ImageError> {
        let key = (Arc::as_ptr(picture).addr(), width, height);
        if let Some(kept) = self.known.get(&key) {
            return Ok(Arc::clone(&kept.pixmap));
        }
        let pixmap = Arc::new(make(picture, width, height)?);
        let size_bytes = size_bytes(picture) + pixmap.data_as_u8_slice().len();
        self.known.insert(key, Kept { _source: Arc::clone(picture), pixmap: Arc::clone(&pixmap), size_bytes });
        self.order.push_back(key);
        self.size_bytes += size_bytes;
        while self.size_bytes > PICTURES_SIZE_BYTES_MAX {
            let Some(oldest) = self.order.pop_front() else { break };
            self.size_bytes -= self.known.remove(&oldest).map_or(0, |kept| kept.size_bytes);
        }
        Ok(pixmap)
    }
}

impl Painter<'_> {
    /// Draws a picture, stretched to a rectangle.
    pub(super) fn picture(&mut self, index: u32, rect: &Rect) -> Result<(), ImageError> {
        let picture = self.document.pictures.get(index as usize);
        let picture = picture.ok_or(ImageError::Dangling { what: "picture", index })?;
        let (x_scale, y_scale) = scales(&self.transform);
        let width = side(picture.width, f64::from(rect.width) * x_scale);
        let height = side(picture.height, f64::from(rect.height) * y_scale);
        // Readers of PDF show few pixels made large as squares: a barcode stays a barcode.
        let is_magnified = f64::from(rect.width) * x_scale >= MAGNIFIED * f64::from(picture.width)
            && f64::from(rect.height) * y_scale >= MAGNIFIED * f64::from(picture.height);
        let quality = if is_magnified { ImageQuality::Low } else { ImageQuality::Medium };
        let pixmap = self.pictures.get(picture, width, height)?;
        let stretch = Affine::translate((f64::from(rect.x), f64::from(rect.y)))
            * Affine::scale_non_uniform(
                f64::from(rect.width) / f64::from(width),
                f64::from(rect.height) / f64::from(height),
            );
        self.context.set_transform(self.transform * stretch);
        self.context.reset_paint_transform();
        self.context.set_paint(PaintType::from(Image {
            image: ImageSource::Pixmap(pixmap),
            sampler: ImageSampler { x_extend: Extend::Pad, y_extend: Extend::Pad, quality, alpha: 1.0 },
        }));
        self.context.fill_rect(&pixels(width, height));
        Ok(())
    }
}

/// A side of the scaled picture: as many pixels as it covers on the page, never more than it has.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is cut to the range first")]
fn side(source: u32, covered: f64) -> u16 {
    let source = f64::from(source).min(f64::from(u16::MAX));
    covered.ceil().min(source).max(1.0) as u16
}

fn size_bytes(picture: &Picture) -> usize {
    let samples = match &picture.data {
        PictureData::Jpeg { bytes, .. } | PictureData::Grey(bytes) | PictureData::Rgb(bytes) => bytes.len(),
        PictureData::Flat(_) => 0,
    };
    samples + picture.alpha.as_ref().map_or(0, Vec::len)
}

/// The picture as premultiplied pixels, in a size.
fn make(picture: &Picture, width: u16, height: u16) -> Result<Pixmap, ImageError> {
    let samples = rgba(picture)?;
    let (source_width, source_height) = (picture.width as usize, picture.height as usize);
    let samples = reduce::reduce(samples, (source_width, source_height), (usize::from(width), usize::from(height)))
        .ok_or_else(|| ImageError::Raster { reason: "a picture has fewer samples than pixels".into() })?;
    let metadata = PixelMetadata {
        may_have_transparency: picture.alpha.is_some(),
        alpha_type: ImageAlphaType::AlphaPremultiplied,
    };
    Ok(Pixmap::from_parts(samples, width, height, metadata))
}

/// Four bytes a pixel, premultiplied.
fn rgba(picture: &Picture) -> Result<Vec<u8>, ImageError> {
    let mut pixels: Vec<u8> = match &picture.data {
        PictureData::Jpeg { bytes, components, inverted } => decode_jpeg(bytes, *components, *inverted)?,
        PictureData::Grey(samples) => samples.iter().flat_map(|&grey| [grey, grey, grey, 255]).collect(),
        PictureData::Rgb(samples) => {
            samples.as_chunks::<3>().0.iter().flat_map(|&[red, green, blue]| [red, green, blue, 255]).collect()
        }
        PictureData::Flat(color) => [color.red, color.green, color.blue, 255].repeat(picture.pixel_count()),
    };
    if pixels.len() != 4 * picture.pixel_count() {
        return Err(ImageError::Raster { reason: "a picture has not the pixels that its header says".into() });
    }
    if let Some(alphas) = &picture.alpha {
        for ([red, green, blue, alpha], &given) in pixels.as_chunks_mut::<4>().0.iter_mut().zip(alphas) {
            for channel in [red, green, blue] {
                *channel = multiply(*channel, given);
            }
            *alpha = given;
        }
    }
    Ok(pixels)
}

/// Two shares of 255, multiplied and rounded.
fn multiply(first: u8, second: u8) -> u8 {
    let product = u16::from(first) * u16::from(second) + 128;
    u8::try_from((product + (product >> 8)) >> 8).unwrap_or(u8::MAX)
}

fn decode_jpeg(bytes: &[u8], components: u8, inverted: bool) -> Result<Vec<u8>, ImageError> {
    let space = if components == 4 { ColorSpace::CMYK } else { ColorSpace::RGBA };
    let options = DecoderOptions::default().set_max_width(65_535).set_max_height(65_535).jpeg_set_out_colorspace(space);
    let mut pixels = JpegDecoder::new_with_options(ZCursor::new(bytes), options)
        .decode()
        .map_err(|error| ImageError::Raster { reason: format!("a JPEG is damaged: {error:?}") })?;
    if components == 4 {
        for [cyan, magenta, yellow, black] in pixels.as_chunks_mut::<4>().0 {
            // Inks as light that is left; samples of Adobe's programs are that already.
            let light = |ink: u8| if inverted { ink } else { 255 - ink };
            let left = light(*black);
            for ink in [cyan, magenta, yellow] {
                *ink = multiply(light(*ink), left);
            }
            *black = 255;
        }
    }
    Ok(pixels)
}
