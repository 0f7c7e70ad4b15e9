//! Writes documents as PDF 1.7 (ISO 32000-1): tagged, compact, the same bytes for the same document. Other
//! standards bring other versions, and what they ask for.
//!
//! ```text
//! usage      which glyphs, with which text       -> font subsets (cached)
//! page       items -> content streams            (canvas, text, marks)
//! picture, drawing -> external objects           (cached)
//! structure, links, outline, metadata -> objects
//! file       objects -> object streams, cross-reference stream
//! ```

mod attachments;
mod bounds;
mod cache;
mod canvas;
mod deflate;
mod drawing;
mod figures;
mod file;
mod font;
mod hyphens;
mod icc;
mod inks;
mod intent;
mod kept;
mod links;
mod lists;
mod marks;
mod mask;
mod metadata;
mod namespaces;
pub(crate) mod number;
mod open_type;
mod options;
mod outline;
mod page;
mod pdf_page;
mod picture;
mod places;
mod press_profile;
mod printed_fields;
mod printing;
mod resources;
mod shading;
mod srgb;
mod stream;
mod structure;
#[cfg(test)]
pub(crate) mod testing;
mod text;
mod to_unicode;
mod upright;
mod usage;

#[cfg(test)]
mod tests;

pub use cache::PdfCache;
pub use options::{PdfError, PdfOptions};

use std::ops::Range;

use crate::conformance::{self, Conformance, FileVersion, Profile};
use crate::diagnostic::{Diagnostic, codes};
use crate::document::{ArtifactKind, Document, Page, Sheet, Transform};
use cache::Buffers;
use canvas::Canvas;
use deflate::Deflater;
use file::File;
use marks::Marks;
use metadata::Claims;
use number::{push_item, push_reference};
use page::{Mark, Open, PageWriter};
use places::Places;
use resources::Resources;
use text::TextWriter;

/// Sides of a page in points (ISO 32000-1, annex C.2).
const PAGE_SIDE_POINTS: std::ops::RangeInclusive<f32> = 3.0..=14_400.0;

/// Writes a document as PDF. The cache belongs to one thread; it saves time and never changes a byte.
///
/// # Errors
/// The document has no pages or one of impossible size, cannot follow the standards that it or the options name, a font
/// cannot be embedded, or an index in the document leads nowhere.
pub fn write(document: &Document, options: &PdfOptions, cache: &mut PdfCache) -> Result<Vec<u8>, PdfError> {
    let conformance = conformance(document, options)?;
    write_pages(document, options, &conformance, cache, 0..document.pages.len(), Purpose::File)
}

/// The standards that the file must follow, when the document can follow them.
fn conformance(document: &Document, options: &PdfOptions) -> Result<Conformance, PdfError> {
    let asked = document.profiles.iter().chain(&options.profiles).copied();
    let conformance = Conformance::of(asked).map_err(|conflict| {
        let finding = Diagnostic::error(codes::INVALID_VALUE, "/output/profiles", conflict.to_string());
        PdfError::Nonconforming { findings: vec![finding.with_hint(conflict.hint())] }
    })?;
    if !conformance.is_empty() {
        let findings = conformance::check(document, &conformance, options.tagged);
        if !findings.is_empty() {
            return Err(PdfError::Nonconforming { findings });
        }
    }
    Ok(conformance)
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be given away.
    File,
    /// To be drawn as a screen shows it: trimmed, and without inks.
    Screen,
}

/// Writes some pages of a document; links and bookmarks need all pages, and are left out when pages are missing.
pub(crate) fn write_pages(
    document: &Document,
    options: &PdfOptions,
    conformance: &Conformance,
    cache: &mut PdfCache,
    pages: Range<usize>,
    purpose: Purpose,
) -> Result<Vec<u8>, PdfError> {
    let is_whole = pages == (0..document.pages.len());
    let first_number = pages.start + 1;
    let pages = document.pages.get(pages).unwrap_or_default();
    check_pages(pages, first_number)?;

    // What the file borrows is taken out of the cache and put back, whatever happens.
    let mut deflater = cache.take_deflater(options.compression);
    let mut buffers = std::mem::take(&mut cache.buffers);
    let (tagged, compressed) = (options.tagged, options.compression > 0);
    let mut writer = Writer { document, conformance, pages, is_whole, tagged, compressed, purpose };
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
    conformance: &'a Conformance,
    pages: &'a [Page],
    is_whole: bool,
    tagged: bool,
    compressed: bool,
    purpose: Purpose,
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
        let PdfCache { usage, subsets, pictures, drawings, pdf_pages, content, .. } = cache;
        usage.collect(document)?;
        let subsets = document.faces.iter().enumerate().map(|(index, face)| {
            // A face that nobody uses is not embedded.
            let usage = usage.face(index).filter(|usage| !usage.used().is_empty());
            usage.map(|usage| subsets.get(face, usage, &document.text, self.compressed)).transpose()
        });
        let subsets = subsets.collect::<Result<Vec<_>, _>>()?;

        let version = self.conformance.version();
        let mut file = File::new(version, buffers, deflater);
        let is_screen = self.purpose == Purpose::Screen;
        file.is_print = !is_screen && (document.is_print() || self.conformance.is_exchange());
        let sheet = document.sheet.as_deref().filter(|_| !is_screen);
        let bounds = self.conformance.is_exchange().then(Sheet::default);
        let sheet = sheet.or(bounds.as_ref());
        let [catalog, page_tree] = std::array::from_fn(|_| file.reserve());
        // PDF 2.0 says in XMP alone what it is (ISO 19005-4, 6.1.3).
        let information = (version != FileVersion::Pdf20).then(|| file.reserve());
        let packet = file.reserve();
        let has_intent = self.conformance.archive().is_some() || self.conformance.is_exchange();
        if file.is_print && has_intent {
            file.rgb_profile = Some(file.reserve());
        }
        let first_page = file.reserve_block(self.pages.len());
        let first_content = file.reserve_block(self.pages.len());
        let counts = [document.pictures.len(), document.drawings.len(), document.pdf_pages.len()];
        let mut resources = Resources::new(&mut file, subsets, usage.upright(), counts);
        let mut marks = tagged.then(|| Marks::new(self.pages.len(), document.structure.elements.len()));
        let mut link_texts = if self.is_whole { links::link_texts(document) } else { links::LinkTexts::new() };

        let mut canvas = Canvas::new(std::mem::take(content), 0.0, 2);
        canvas.is_screen = is_screen;
        for ((index, page), id) in (0_u32..).zip(self.pages).zip(first_content..) {
            canvas.restart(page.size.height);
            if let Some(sheet) = sheet {
                printing::begin(&mut canvas, page.size, sheet);
            }
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
            if let Some(sheet) = sheet {
                printing::end(&mut canvas, page.size, sheet, &document.spots, tagged);
            }
            file.stream(id, b"", &canvas.out)?;
        }
        *content = std::mem::take(&mut canvas.out);

        let link_count: usize =
            if self.is_whole { document.pages.iter().map(|page| page.links.len()).sum() } else { 0 };
        let first_link = file.reserve_block(link_count);
        let first_key = marks.as_ref().map(|marks| u32::try_from(marks.streams.len()).unwrap_or(u32::MAX));
        // PDF/UA-2 leads to elements, so that their numbers must be known before.
        let leads_to_elements = tagged && self.conformance.accessible() == Some(Profile::PdfUa2);
        let first_element = leads_to_elements.then(|| file.reserve_block(document.structure.elements.len()));
        let places = Places { document, first_page, first_element };
        let annotations = if self.is_whole {
            links::write(&mut file, &places, first_link, first_key, &link_texts)?
        } else {
            Vec::new()
        };

        for (id, upright, subset) in resources.fonts() {
            subset.write(&mut file, id, upright)?;
        }
        for (picture, id) in document.pictures.iter().zip(resources.pictures()) {
            let make = |picture: &crate::picture::Picture| picture::PictureStreams::make(picture, self.compressed);
            pictures.get(picture, self.compressed, make)?.write(&mut file, id);
        }
        for (drawing, id) in document.drawings.iter().zip(resources.drawings()) {
            let make = |drawing: &crate::picture::Drawing| drawing::DrawingStreams::make(drawing, self.compressed);
            drawings.get(drawing, self.compressed, make)?.write(&mut file, id)?;
        }
        let mut shared = pdf_page::Shared::default();
        for (pdf_page, id) in document.pdf_pages.iter().zip(resources.pdf_pages()) {
            let make = |pdf_page: &crate::picture::PdfPage| pdf_page::PdfPageStreams::make(pdf_page, self.compressed);
            pdf_pages.get(pdf_page, self.compressed, make)?.write(pdf_page, &mut file, id, &mut shared)?;
        }
        resources.write(&mut file, &canvas, &document.spots)?;

        let tree_root = marks.as_ref().map(|_| file.reserve());
        if let (Some(marks), Some(root)) = (&marks, tree_root) {
            let annotations = &annotations;
            structure::Tree { document, marks, annotations, first_page, first_element }.write(&mut file, root)?;
        }
        self.write_page_tree(&mut file, page_tree, first_page, first_content, first_link, &resources, tagged, sheet)?;
        let outline = if self.is_whole { outline::write(&mut file, &places)? } else { None };
        let claims = Claims::new(self.conformance);
        if let Some(information) = information {
            metadata::write_information(&mut file, information, &document.metadata, &claims)?;
        }
        metadata::write_packet(&mut file, packet, &document.metadata, &claims);
        let mut extras = if self.is_whole { attachments::write(&mut file, document)? } else { Vec::new() };
        if has_intent {
            extras.extend(intent::write(&mut file, document, self.conformance, self.compressed)?);
        }
        self.push_catalog(file.object(catalog)?, page_tree, packet, tree_root, outline, &extras);
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
        sheet: Option<&Sheet>,
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
        // PDF/A does not let pages inherit what they paint with (ISO 19005-2, 6.2.2).
        let own_resources = self.conformance.archive().is_some().then_some(resources.id);
        let mut link = first_link;
        for ((index, page), id) in (0_u32..).zip(self.pages).zip(first_page..) {
            let count = if self.is_whole { u32::try_from(page.links.len()).unwrap_or(u32::MAX) } else { 0 };
            let annotations = link..link.saturating_add(count);
            link = annotations.end;
            let content = first_content.saturating_add(index);
            let key = tagged.then_some(index);
            page::push_page(file.object(id)?, page, sheet, page_tree, own_resources, content, key, annotations);
        }
        Ok(())
    }

    fn push_catalog(
        &self,
        out: &mut Vec<u8>,
        pages: u32,
        packet: u32,
        tree: Option<u32>,
        outline: Option<u32>,
        extras: &[u8],
    ) {
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
        out.extend_from_slice(extras);
        out.extend_from_slice(b">>");
    }
}
