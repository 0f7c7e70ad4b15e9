//! Writes a page as SVG (SVG 2, within what SVG 1.1 readers know): outlines of glyphs once each, the rest as the display list has it.

mod glyphs;
mod paint;
mod picture;
mod text;

use std::collections::BTreeMap;

use super::ImageError;
use crate::document::{Color, Document, Item, Page, Rect, RectItem, Segment, Target, Transform};
use crate::picture::{Drawing, DrawingItem};
use text::{Scale, push_attribute, push_escaped, push_matrix, push_number};

/// Groups inside groups. Readers of XML refuse some hundreds of levels.
const GROUP_DEPTH_MAX: usize = 200;

/// Writes one page. Glyphs, gradients, clips and repeated drawings are defined before the content that uses them.
pub(super) fn page(document: &Document, page: &Page, background: Color) -> Result<Vec<u8>, ImageError> {
    let mut writer = Writer::new(document);
    for item in &page.items {
        writer.item(item)?;
    }
    writer.close_to(0);
    Ok(writer.finish(page, background))
}

/// One page in the making.
struct Writer<'a> {
    document: &'a Document,
    /// What `defs` holds.
    definitions: Vec<u8>,
    content: Vec<u8>,
    /// Open `g` elements.
    depth: usize,
    /// Numbers of the glyphs that are defined, by face and glyph.
    glyphs: BTreeMap<(u32, u16), Option<u32>>,
    pictures: BTreeMap<u32, ()>,
    /// Pages of other files, as pictures: pixels across and down.
    pdf_pages: BTreeMap<u32, [u32; 2]>,
    drawings: BTreeMap<u32, ()>,
    /// Numbers given to glyphs, gradients and clips.
    count: u32,
}

impl<'a> Writer<'a> {
    fn new(document: &'a Document) -> Self {
        Self {
            document,
            definitions: Vec::new(),
            content: Vec::new(),
            depth: 0,
            glyphs: BTreeMap::new(),
            pictures: BTreeMap::new(),
            pdf_pages: BTreeMap::new(),
            drawings: BTreeMap::new(),
            count: 0,
        }
    }

    fn next_number(&mut self) -> u32 {
        self.count += 1;
        self.count
    }

    fn item(&mut self, item: &Item) -> Result<(), ImageError> {
        match item {
            Item::Element(_) | Item::Artifact(_) => {}
            Item::Glyphs(run) => self.run(run)?,
            Item::Rect(item) => self.rect(item),
            Item::Path(path) => self.path(path, &self.document.segments, Scale::Page)?,
            Item::Gradient(gradient) => self.gradient(gradient, &self.document.segments, Scale::Page)?,
            Item::Picture { picture, rect } => self.picture(*picture, rect)?,
            Item::Drawing { drawing, rect } => self.drawing(*drawing, rect)?,
            Item::PdfPage { pdf_page, rect } => self.pdf_page(*pdf_page, rect)?,
            Item::PushClip { segments: range, even_odd } => {
                let path = segments(&self.document.segments, range)?;
                let clip = self.clip_path(path, *even_odd, Scale::Page);
                self.open(&Transform::IDENTITY, Some(clip), 1.0)?;
            }
            Item::Push { transform, clip, opacity } => {
                let clip = clip.map(|clip| self.clip_rect(&clip, Scale::Page));
                self.open(transform, clip, *opacity)?;
            }
            Item::Pop => self.close_above(0),
        }
        Ok(())
    }

    /// Opens a group; `clip` is the number of a clip path.
    fn open(&mut self, transform: &Transform, clip: Option<u32>, opacity: f32) -> Result<(), ImageError> {
        if self.depth >= GROUP_DEPTH_MAX {
            return Err(ImageError::Depth { depth_max: GROUP_DEPTH_MAX });
        }
        self.depth += 1;
        self.content.extend_from_slice(b"<g");
        if *transform != Transform::IDENTITY {
            push_matrix(&mut self.content, "transform", transform);
        }
        if let Some(number) = clip {
            push_attribute(&mut self.content, "clip-path", format_args!("url(#c{number})"));
        }
        if opacity < 1.0 {
            push_number(&mut self.content, "opacity", opacity.max(0.0), Scale::Fine);
        }
        self.content.extend_from_slice(b">\n");
        Ok(())
    }

    /// Closes the last group, unless it was opened before the floor.
    fn close_above(&mut self, floor: usize) {
        if self.depth > floor {
            self.depth -= 1;
            self.content.extend_from_slice(b"</g>\n");
        }
    }

    fn close_to(&mut self, floor: usize) {
        while self.depth > floor {
            self.close_above(floor);
        }
    }

    fn rect(&mut self, item: &RectItem) {
        self.content.extend_from_slice(b"<rect");
        let Rect { x, y, width, height } = item.rect;
        for (name, value) in [("x", x), ("y", y), ("width", width), ("height", height)] {
            push_number(&mut self.content, name, value, Scale::Page);
        }
        if item.radius > 0.0 {
            push_number(&mut self.content, "rx", item.radius, Scale::Page);
        }
        self.paint(item.fill, item.stroke.as_ref(), false, Scale::Page);
        self.content.extend_from_slice(b"/>\n");
    }

    /// Uses a drawing; the first use also defines it.
    fn drawing(&mut self, index: u32, rect: &Rect) -> Result<(), ImageError> {
        let drawing = self.document.drawings.get(index as usize);
        let drawing = drawing.ok_or(ImageError::Dangling { what: "drawing", index })?;
        if self.drawings.insert(index, ()).is_none() {
            self.define_drawing(index, drawing)?;
        }
        let (x_scale, y_scale) = (rect.width / drawing.size.width, rect.height / drawing.size.height);
        let stretch = Transform { coefficients: [x_scale, 0.0, 0.0, y_scale, rect.x, rect.y] };
        self.content.extend_from_slice(b"<use");
        push_attribute(&mut self.content, "href", format_args!("#d{index}"));
        push_matrix(&mut self.content, "transform", &stretch);
        self.content.extend_from_slice(b"/>\n");
        Ok(())
    }

    fn define_drawing(&mut self, index: u32, drawing: &Drawing) -> Result<(), ImageError> {
        let outer = (std::mem::take(&mut self.content), std::mem::take(&mut self.depth));
        let scale = Scale::of(drawing.size);
        let bounds = Rect { x: 0.0, y: 0.0, width: drawing.size.width, height: drawing.size.height };
        let clip = self.clip_rect(&bounds, scale);
        self.content.extend_from_slice(b"<g");
        push_attribute(&mut self.content, "id", format_args!("d{index}"));
        push_attribute(&mut self.content, "clip-path", format_args!("url(#c{clip})"));
        // The page has another limit; 4 is what drawings are made for.
        push_attribute(&mut self.content, "stroke-miterlimit", format_args!("4"));
        self.content.extend_from_slice(b">\n");
        for item in &drawing.items {
            match item {
                DrawingItem::Path(path) => self.path(path, &drawing.segments, scale)?,
                DrawingItem::Gradient(gradient) => self.gradient(gradient, &drawing.segments, scale)?,
                DrawingItem::Push { transform, clip, even_odd, opacity } => {
                    let clip = match clip {
                        Some(range) => Some(self.clip_path(segments(&drawing.segments, range)?, *even_odd, scale)),
                        None => None,
                    };
                    self.open(transform, clip, *opacity)?;
                }
                DrawingItem::Pop => self.close_above(0),
            }
        }
        self.close_to(0);
        self.content.extend_from_slice(b"</g>\n");
        let drawn = std::mem::replace(&mut self.content, outer.0);
        self.depth = outer.1;
        self.definitions.extend_from_slice(&drawn);
        Ok(())
    }

    fn finish(self, page: &Page, background: Color) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.definitions.len() + self.content.len() + 1_024);
        out.extend_from_slice(b"<svg xmlns=\"http://www.w3.org/2000/svg\"");
        let (width, height) = (text::number(page.size.width), text::number(page.size.height));
        push_attribute(&mut out, "width", format_args!("{width}pt"));
        push_attribute(&mut out, "height", format_args!("{height}pt"));
        push_attribute(&mut out, "viewBox", format_args!("0 0 {width} {height}"));
        let metadata = &self.document.metadata;
        if !metadata.language.is_empty() {
            out.extend_from_slice(b" xml:lang=\"");
            push_escaped(&mut out, &metadata.language);
            out.push(b'"');
        }
        // PDF's initial miter limit (ISO 32000-1, 8.4.3.5); SVG's own is 4.
        push_attribute(&mut out, "stroke-miterlimit", format_args!("10"));
        out.extend_from_slice(b">\n");
        if !metadata.title.is_empty() {
            out.extend_from_slice(b"<title>");
            push_escaped(&mut out, &metadata.title);
            out.extend_from_slice(b"</title>\n");
        }
        if !self.definitions.is_empty() {
            out.extend_from_slice(b"<defs>\n");
            out.extend_from_slice(&self.definitions);
            out.extend_from_slice(b"</defs>\n");
        }
        if background.alpha > 0 {
            out.extend_from_slice(b"<rect width=\"100%\" height=\"100%\"");
            paint::push_color(&mut out, "fill", background);
            out.extend_from_slice(b"/>\n");
        }
        out.extend_from_slice(&self.content);
        for link in &page.links {
            // A place in the document is on a page, and each page is its own file.
            let Target::Uri(uri) = &link.target else { continue };
            out.extend_from_slice(b"<a href=\"");
            push_escaped(&mut out, uri);
            out.extend_from_slice(b"\"><rect");
            let Rect { x, y, width, height } = link.rect;
            for (name, value) in [("x", x), ("y", y), ("width", width), ("height", height)] {
                push_number(&mut out, name, value, Scale::Page);
            }
            out.extend_from_slice(b" fill=\"none\" pointer-events=\"all\"/></a>\n");
        }
        out.extend_from_slice(b"</svg>\n");
        out
    }
}

fn segments<'s>(pool: &'s [Segment], range: &std::ops::Range<u32>) -> Result<&'s [Segment], ImageError> {
    let found = pool.get(range.start as usize..range.end as usize);
    found.ok_or(ImageError::Dangling { what: "segment", index: range.end })
}

#[cfg(test)]
mod tests;
