//! Writes documents as PDF 1.7 (ISO 32000-1): tagged (PDF/UA-1), compact, the same bytes for the same document.
//!
//! ```text
//! usage      which glyphs, with which text       -> font subsets (cached)
//! page       items -> content streams            (canvas, text, marks)
//! picture, drawing -> external objects           (cached)
//! structure, links, outline, metadata -> objects
//! file       objects -> object streams, cross-reference stream
//! ```

mod bounds;
mod cache;
mod canvas;
mod deflate;
mod drawing;
mod figures;
mod file;
mod font;
mod kept;
mod links;
mod marks;
mod metadata;
mod number;
mod open_type;
mod options;
mod outline;
mod page;
mod picture;
mod resources;
mod shading;
mod stream;
mod structure;
#[cfg(test)]
pub(crate) mod testing;
mod text;
mod to_unicode;
mod usage;

#[cfg(test)]
mod tests;

pub use cache::PdfCache;
pub use options::{PdfError, PdfOptions};

use std::ops::Range;

use crate::document::{ArtifactKind, Document, Page, Transform};
use cache::Buffers;
use canvas::Canvas;
use deflate::Deflater;
use file::File;
use marks::Marks;
use number::{push_item, push_reference};
use page::{Mark, Open, PageWriter};
use resources::Resources;
use text::TextWriter;

/// Sides of a page in points (ISO 32000-1, annex C.2).
const PAGE_SIDE_POINTS: std::ops::RangeInclusive<f32> = 3.0..=14_400.0;

/// Writes a document as PDF. The cache belongs to one thread; it saves time and never changes a byte.
///
/// # Errors
/// The document has no pages or one of impossible size, a font cannot be embedded, or an index in the document leads
/// nowhere.
pub fn write(document: &Document, options: &PdfOptions, cache: &mut PdfCache) -> Result<Vec<u8>, PdfError> {
    write_pages(document, options, cache, 0..document.pages.len())
}

/// Writes some pages of a document; links and bookmarks need all pages, and are left out when pages are missing.
pub(crate) fn write_pages(
    document: &Document,
    options: &PdfOptions,
    cache: &mut PdfCache,
    pages: Range<usize>,
) -> Result<Vec<u8>, PdfError> {
    let is_whole = pages == (0..document.pages.len());
    let first_number = pages.start + 1;
    let pages = document.pages.get(pages).unwrap_or_default();
    check_pages(pages, first_number)?;

    // What the file borrows is taken out of the cache and put back, whatever happens.
    let mut deflater = cache.take_deflater(options.compression);
    let mut buffers = std::mem::take(&mut cache.buffers);
    let mut writer = Writer { document, pages, is_whole, tagged: options.tagged, compressed: options.compression > 0 };
    let result = writer.write(cache, &mut buffers, deflater.as_mut());
    cache.buffers = buffers;
    cache.deflater = deflater;
    cache.trim();
    result
}

fn check_pages(pages: &[Page], first_number: usize) -> Result<(), PdfError> {
    if pages.is_empty() {
        return Err(PdfError::NoPages);
    }
    for (number, page) in (first_number..).zip(pages) {
        let size = page.size;
        if !PAGE_SIDE_POINTS.contains(&size.width) || !PAGE_SIDE_POINTS.contains(&size.height) {
            let (width, height) = (size.width.to_string(), size.height.to_string());
            return Err(PdfError::PageSize { page: number, width, height });
        }
    }
    Ok(())
}

/// One document on its way into a file.
struct Writer<'a> {
    document: &'a Document,
    pages: &'a [Page],
    is_whole: bool,
    tagged: bool,
    compressed: bool,
}

impl Writer<'_> {
    fn write(
        &mut self,
        cache: &mut PdfCache,
        buffers: &mut Buffers,
        deflater: Option<&mut Deflater>,
    ) -> Result<Vec<u8>, PdfError> {
        let document = self.document;
        let tagged = self.tagged && self.is_whole && !document.structure.elements.is_empty();
        let PdfCache { usage, subsets, pictures, drawings, content, .. } = cache;
        usage.collect(document)?;
        let subsets = document.faces.iter().enumerate().map(|(index, face)| {
            // A face that nobody uses is not embedded.
            let usage = usage.face(index).filter(|usage| !usage.used().is_empty());
            usage.map(|usage| subsets.get(face, usage, &document.text, self.compressed)).transpose()
        });
        let subsets = subsets.collect::<Result<Vec<_>, _>>()?;

        let mut file = File::new(buffers, deflater);
        let [catalog, page_tree, information, packet] = std::array::from_fn(|_| file.reserve());
        let first_page = file.reserve_block(self.pages.len());
        let first_content = file.reserve_block(self.pages.len());
        let mut resources = Resources::new(&mut file, subsets, document.pictures.len(), document.drawings.len());
        let mut marks = tagged.then(|| Marks::new(self.pages.len(), document.structure.elements.len()));
        let mut link_texts = if self.is_whole { links::link_texts(document) } else { links::LinkTexts::new() };

        let mut canvas = Canvas::new(std::mem::take(content), 0.0, 2);
        for ((index, page), id) in (0_u32..).zip(self.pages).zip(first_content..) {
            canvas.restart(page.size.height);
            let mut writer = PageWriter {
                document,
                page,
                page_index: index,
                usage,
                file: &mut file,
                canvas: &mut canvas,
                resources: &mut resources,
                marks: marks.as_mut(),
                link_texts: &mut link_texts,
                text: TextWriter::default(),
                placement: Transform::IDENTITY,
                stream: index,
                wanted: Mark::Artifact(ArtifactKind::Layout),
                open: Open::None,
            };
            writer.write()?;
            file.stream(id, b"", &canvas.out)?;
        }
        *content = std::mem::take(&mut canvas.out);

        let link_count: usize =
            if self.is_whole { document.pages.iter().map(|page| page.links.len()).sum() } else { 0 };
        let first_link = file.reserve_block(link_count);
        let first_key = marks.as_ref().map(|marks| u32::try_from(marks.streams.len()).unwrap_or(u32::MAX));
        let annotations = if self.is_whole {
            links::write(&mut file, document, first_link, first_page, first_key, &link_texts)?
        } else {
            Vec::new()
        };

        for (id, subset) in resources.fonts() {
            subset.write(&mut file, id)?;
        }
        for (picture, id) in document.pictures.iter().zip(resources.pictures()) {
            let make = |picture: &crate::picture::Picture| picture::PictureStreams::make(picture, self.compressed);
            pictures.get(picture, self.compressed, make)?.write(&mut file, id);
        }
        for (drawing, id) in document.drawings.iter().zip(resources.drawings()) {
            let make = |drawing: &crate::picture::Drawing| drawing::DrawingStreams::make(drawing, self.compressed);
            drawings.get(drawing, self.compressed, make)?.write(&mut file, id)?;
        }
        resources.write(&mut file, &canvas.alphas)?;

        let tree_root = marks.as_ref().map(|_| file.reserve());
        if let (Some(marks), Some(root)) = (&marks, tree_root) {
            structure::Tree { document, marks, annotations: &annotations, first_page }.write(&mut file, root)?;
        }
        self.write_page_tree(&mut file, page_tree, first_page, first_content, first_link, &resources, tagged)?;
        let outline = if self.is_whole { outline::write(&mut file, document, first_page)? } else { None };
        metadata::write_information(&mut file, information, &document.metadata)?;
        let claims = tagged && !document.metadata.title.is_empty() && !document.metadata.language.is_empty();
        metadata::write_packet(&mut file, packet, &document.metadata, claims);
        self.push_catalog(file.object(catalog)?, page_tree, packet, tree_root, outline);
        file.finish(catalog, information)
    }

    #[expect(clippy::too_many_arguments, reason = "the page tree joins what the parts before have numbered")]
    fn write_page_tree(
        &self,
        file: &mut File<'_>,
        page_tree: u32,
        first_page: u32,
        first_content: u32,
        first_link: u32,
        resources: &Resources,
        tagged: bool,
    ) -> Result<(), PdfError> {
        let out = file.object(page_tree)?;
        out.extend_from_slice(b"<</Type/Pages/Resources ");
        push_reference(out, resources.id);
        out.extend_from_slice(b"/Count ");
        number::push_unsigned(out, self.pages.len() as u64);
        out.extend_from_slice(b"/Kids[");
        for (id, _) in (first_page..).zip(self.pages) {
            push_item(out, id);
        }
        out.extend_from_slice(b"]>>");
        let mut link = first_link;
        for ((index, page), id) in (0_u32..).zip(self.pages).zip(first_page..) {
            let count = if self.is_whole { u32::try_from(page.links.len()).unwrap_or(u32::MAX) } else { 0 };
            let annotations = link..link.saturating_add(count);
            link = annotations.end;
            let content = first_content.saturating_add(index);
            page::push_page(file.object(id)?, page, page_tree, content, tagged.then_some(index), annotations);
        }
        Ok(())
    }

    fn push_catalog(&self, out: &mut Vec<u8>, pages: u32, packet: u32, tree: Option<u32>, outline: Option<u32>) {
        out.extend_from_slice(b"<</Type/Catalog/Pages ");
        push_reference(out, pages);
        out.extend_from_slice(b"/Metadata ");
        push_reference(out, packet);
        out.extend_from_slice(b"/ViewerPreferences<</DisplayDocTitle true>>");
        if !self.document.metadata.language.is_empty() {
            out.extend_from_slice(b"/Lang");
            number::push_text(out, &self.document.metadata.language);
        }
        if let Some(tree) = tree {
            out.extend_from_slice(b"/MarkInfo<</Marked true>>/StructTreeRoot ");
            push_reference(out, tree);
        }
        if let Some(outline) = outline {
            out.extend_from_slice(b"/PageMode/UseOutlines/Outlines ");
            push_reference(out, outline);
        }
        out.extend_from_slice(b">>");
    }
}
