//! Reads a page of a PDF file.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use hayro::hayro_syntax::object::{Array, Dict, Name, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};

use super::copy::{Copier, damaged};
use super::operators::{Operators, names, without_marks};
use super::{PdfPage, PdfPart, forms, packed, work};
use crate::document::{Size, narrow};
use crate::limits::Limits;
use crate::picture::PictureError;
use crate::text::index32;

/// Largest side of a page in points (ISO 32000-1, annex C.2).
const SIDE_POINTS_MAX: f32 = 14_400.0;

/// Reads a page, counted from 1.
pub(in crate::picture) fn decode(bytes: &[u8], number: u32, limits: &Limits) -> Result<PdfPage, PictureError> {
    packed::check(bytes, limits)?;
    let file = Arc::new(bytes.to_vec());
    let pdf = Pdf::new(Arc::clone(&file)).map_err(|error| match error {
        LoadPdfError::Decryption(_) => PictureError::PdfFeature { feature: "a password" },
        LoadPdfError::Invalid => damaged("its structure is damaged"),
    })?;
    let pages = pdf.pages();
    let index = number.saturating_sub(1);
    let page = usize::try_from(index).ok().filter(|_| number > 0).and_then(|index| pages.get(index));
    let page = page.ok_or(PictureError::PdfPage { number, page_count: pages.len() })?;
    if has_hidden_layers(&pdf) {
        return Err(PictureError::PdfFeature { feature: "layers that are hidden" });
    }
    let (width, height) = page.render_dimensions();
    let sides = 0.1..=SIDE_POINTS_MAX;
    if !sides.contains(&width) || !sides.contains(&height) {
        return Err(damaged("its page has an impossible size"));
    }
    forms::check(page, limits)?;
    work::check(page, limits)?;
    let crop = page.intersected_crop_box();
    let [a, b, c, d, e, f] = page.initial_transform(false).as_coeffs();
    let mut copier = Copier::new(pdf.xref(), limits);
    let content = page.page_stream().unwrap_or_default();
    let resources = resources(page, content, &mut copier)?;
    let group = page.raw().get::<Dict<'_>>("Group").map(|group| copier.dictionary(&group)).transpose()?;
    if content.len() > usize::try_from(limits.picture_size_bytes_max).unwrap_or(usize::MAX) {
        let limit = usize::try_from(limits.picture_size_bytes_max).unwrap_or(usize::MAX);
        return Err(PictureError::PdfLimit { what: "bytes in one page", limit });
    }
    Ok(PdfPage {
        size: Size { width, height },
        crop: [crop.x0, crop.y0, crop.x1, crop.y1].map(narrow),
        matrix: [a, b, c, d, e, f].map(narrow),
        content: without_marks(content).into_owned(),
        resources,
        group,
        objects: copier.finish()?,
        file,
        page: index,
        examination: OnceLock::new(),
    })
}

/// The inside of the page's dictionary of resources, wherever in the page tree it stands: what the content names,
/// since pages of one file often share a dictionary of everything.
fn resources<'a>(page: &Page<'a>, content: &[u8], copier: &mut Copier<'a>) -> Result<PdfPart, PictureError> {
    let resources = page.resources();
    let mut used: BTreeSet<Vec<u8>> = BTreeSet::new();
    for operation in Operators::new(content) {
        used.extend(names(operation.operands).map(std::borrow::Cow::into_owned));
    }
    let lends = used.iter().any(|name| takes_resources_of_page(page, name));
    let is_wanted = |name: &[u8]| lends || name.starts_with(b"Default") || used.contains(name);
    let mut whole = PdfPart::default();
    for (name, dictionary) in [
        ("/ExtGState", &resources.ext_g_states),
        ("/Font", &resources.fonts),
        ("/ColorSpace", &resources.color_spaces),
        ("/XObject", &resources.x_objects),
        ("/Pattern", &resources.patterns),
        ("/Shading", &resources.shadings),
    ] {
        if dictionary.is_empty() {
            continue;
        }
        whole.bytes.extend_from_slice(name.as_bytes());
        whole.bytes.extend_from_slice(b"<<");
        let part = copier.some_of(dictionary, &is_wanted)?;
        let start = index32(whole.bytes.len());
        whole.bytes.extend_from_slice(&part.bytes);
        let moved = part.references.into_iter().map(|(at, object)| (at.saturating_add(start), object));
        whole.references.extend(moved);
        whole.bytes.extend_from_slice(b">>");
    }
    Ok(whole)
}

/// Whether something that the page uses has no resources of its own and takes those of the page.
fn takes_resources_of_page(page: &Page<'_>, name: &[u8]) -> bool {
    let resources = page.resources();
    let form = resources.x_objects.get::<Stream<'_>>(name).is_some_and(|object| {
        object.dict().get::<Name<'_>>("Subtype").as_deref() == Some(b"Form") && !object.dict().contains_key("Resources")
    });
    let font = resources.fonts.get::<Dict<'_>>(name).is_some_and(|font| {
        font.get::<Name<'_>>("Subtype").as_deref() == Some(b"Type3") && !font.contains_key("Resources")
    });
    form || font
}

/// Whether the file has layers that are not seen at first. A copy would show them.
fn has_hidden_layers(pdf: &Pdf) -> bool {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let layers = catalog.and_then(|catalog| catalog.get::<Dict<'_>>("OCProperties"));
    let Some(shown) = layers.and_then(|layers| layers.get::<Dict<'_>>("D")) else { return false };
    let is_off = |name: Name<'_>| name.as_str() == "OFF";
    shown.get::<Array<'_>>("OFF").is_some_and(|off| off.raw_iter().next().is_some())
        || shown.get::<Name<'_>>("BaseState").is_some_and(is_off)
}
