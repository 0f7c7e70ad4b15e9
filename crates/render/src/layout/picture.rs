//! Measuring pictures: found by source, sized by their own proportions.

use super::measure::{Sized, Subject, box_look};
use super::measured::{Content, ImageBox};
use super::state::{Layouter, Site, Stop};
use crate::document::Size;
use crate::expression::Scope;
use crate::program::{Art, load_art};
use crate::template::model::{Crop, ImageMask, ImageNode};
use crate::text::index32;

/// Points a pixel has when nothing else says how large a picture is: 96 pixels are an inch (CSS 2, clause 4.3.2).
const POINTS_PER_PIXEL: f32 = 0.75;

/// A picture that is in the document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) art: ArtIndex,
    /// Its own size in points.
    pub(super) size: Size,
}

/// Where it is in the document.
#[derive(Clone, Copy, Debug)]
pub(super) enum ArtIndex {
    Picture(u32),
    Drawing(u32),
    PdfPage(u32),
}

impl<'a> Layouter<'a> {
    /// Measures an image node. Without a size it has the picture's own, made smaller to fit; with one side, the other
    /// follows.
    pub(super) fn measure_image(
        &mut self,
        subject: &Subject<'_, 'a>,
        image: &'a ImageNode,
        scope: &Scope<'_, 'a>,
    ) -> Result<Sized<'a>, Stop> {
        let site = Site::of(subject.node, "source");
        let source = self.text_of(&image.source, scope, site)?;
        let look = box_look(&image.look, subject.bound);
        let [top, right, bottom, left] = look.padding;
        let (across, down) = (left + right, top + bottom);
        let placed = if source.trim().is_empty() { None } else { self.place_art(&source, site) };
        let placed = match image.cut.as_ref().and_then(|cut| cut.mask.as_ref()) {
            Some(ImageMask::Picture(mask)) => {
                let mask = self.text_of(mask, scope, Site::of(subject.node, "mask"))?;
                placed.and_then(|placed| self.masked(&source, placed, &mask, Site::of(subject.node, "mask")))
            }
            _ => placed,
        };
        let Some(placed) = placed else {
            let (width, height) = (subject.width.unwrap_or(0.0), subject.height.unwrap_or(0.0));
            let design_height = subject.node.height.unwrap_or(0.0);
            return Ok(Sized { content: Content::Rect { look }, width, height, design_height });
        };
        let natural = match image.cut.as_ref().and_then(|cut| cut.crop) {
            Some(crop) => {
                let [_, _, across, down] = shares(crop, placed.size);
                Size { width: placed.size.width * across, height: placed.size.height * down }
            }
            None => placed.size,
        };
        let ratio = if natural.width > 0.0 && natural.height > 0.0 { natural.height / natural.width } else { 1.0 };
        let (width, height) = match (subject.width, subject.height) {
            (Some(width), Some(height)) => (width, height),
            (Some(width), None) => (width, (width - across).max(0.0) * ratio + down),
            (None, Some(height)) => ((height - down).max(0.0) / ratio + across, height),
            (None, None) => {
                let width = natural.width.min((subject.room - across).max(0.0));
                (width + across, width * ratio + down)
            }
        };
        let content = Content::Image(ImageBox { source: image, look, placed });
        Ok(Sized { content, width, height, design_height: subject.node.height.unwrap_or(height) })
    }

    /// Puts a picture into the document, once, however often it is used. What cannot be had is recorded.
    pub(super) fn place_art(&mut self, source: &str, site: Site<'_>) -> Option<Placed> {
        if let Some(known) = self.art.get(source) {
            return *known;
        }
        let art = match self.program.art().get(source) {
            Some(art) => Ok(art.clone()),
            None => load_art(source, self.template, self.world, self.limits()),
        };
        let placed = match art {
            Ok(art) => Some(self.add_art(art)),
            Err(error) => {
                self.error(error.code, site, error.message, error.hint);
                None
            }
        };
        self.art.insert(source.to_owned(), placed);
        placed
    }

    fn add_art(&mut self, art: Art) -> Placed {
        match art {
            Art::Picture(picture) => {
                let size = Size {
                    width: pixels(picture.width) * POINTS_PER_PIXEL,
                    height: pixels(picture.height) * POINTS_PER_PIXEL,
                };
                self.document.pictures.push(picture);
                Placed { art: ArtIndex::Picture(index32(self.document.pictures.len() - 1)), size }
            }
            Art::Drawing(drawing) => {
                let own = drawing.size;
                let size = Size { width: own.width * POINTS_PER_PIXEL, height: own.height * POINTS_PER_PIXEL };
                self.document.drawings.push(drawing);
                Placed { art: ArtIndex::Drawing(index32(self.document.drawings.len() - 1)), size }
            }
            Art::PdfPage(pdf_page) => {
                let size = pdf_page.size;
                self.document.pdf_pages.push(pdf_page);
                Placed { art: ArtIndex::PdfPage(index32(self.document.pdf_pages.len() - 1)), size }
            }
        }
    }
}

/// Left, top, width and height of what is shown, as shares of a picture, inside of it.
pub(super) fn shares(crop: Crop, size: Size) -> [f32; 4] {
    let [x, y] = crop.at;
    let [width, height] = crop.size;
    let [left, top, width, height] = if crop.in_pixels {
        let (across, down) = (size.width / POINTS_PER_PIXEL, size.height / POINTS_PER_PIXEL);
        [x / across, y / down, width / across, height / down]
    } else {
        [x, y, width, height]
    };
    let (left, top) = (left.clamp(0.0, 1.0), top.clamp(0.0, 1.0));
    [left, top, width.min(1.0 - left).max(0.0), height.min(1.0 - top).max(0.0)]
}

fn pixels(count: u32) -> f32 {
    super::narrow(f64::from(count))
}
