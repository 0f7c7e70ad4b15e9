//! The one resource dictionary that all pages and groups share (ISO 32000-1, 7.8.3).

use std::ops::Range;
use std::sync::Arc;

use super::PdfError;
use super::canvas::{Alphas, Canvas};
use super::file::File;
use super::font::Subset;
use super::inks::InkUse;
use super::mask;
use super::number::{push_fixed, push_reference, push_unsigned};
use super::shading::{Paint, push_shading};
use crate::document::Spot;
use crate::picture::Gradient;

/// Fonts and objects that content streams name: `F<face>`, `V<face>` for lines that go down, `I<picture>`, `D<drawing>`, `P<page>`, `X<group>`, `S<shading>`,
/// `a<alpha>`, `M<mask>`, `C<spot>`, `o<overprint>`.
pub(super) struct Resources {
    /// The dictionary's own object.
    pub(super) id: u32,
    /// By face; none when the face is not used.
    subsets: Vec<Option<Arc<Subset>>>,
    fonts: Range<u32>,
    /// Faces whose glyphs stand upright in lines that go down, with their fonts.
    upright: Vec<(u32, u32)>,
    pictures: Range<u32>,
    drawings: Range<u32>,
    pdf_pages: Range<u32>,
    /// Objects of the groups.
    groups: Vec<u32>,
    /// Entries of the shading dictionary.
    shadings: Vec<u8>,
    shading_count: u32,
    /// Forms of the masks.
    masks: Vec<u32>,
}

impl Resources {
    /// Takes numbers for all that is known before the pages are written.
    pub(super) fn new(
        file: &mut File<'_>,
        subsets: Vec<Option<Arc<Subset>>>,
        upright: &[u32],
        [pictures, drawings, pdf_pages]: [usize; 3],
    ) -> Self {
        let mut block = |count: usize| {
            let first = file.reserve_block(count);
            first..first.saturating_add(u32::try_from(count).unwrap_or(u32::MAX))
        };
        let id = block(1).start;
        let fonts = block(subsets.iter().flatten().count());
        let upright: Vec<(u32, u32)> = upright.iter().copied().zip(block(upright.len())).collect();
        let (pictures, drawings, pdf_pages) = (block(pictures), block(drawings), block(pdf_pages));
        Self {
            id,
            subsets,
            fonts,
            upright,
            pictures,
            drawings,
            pdf_pages,
            groups: Vec::new(),
            shadings: Vec::new(),
            shading_count: 0,
            masks: Vec::new(),
        }
    }

    /// The subset of a face.
    pub(super) fn subset(&self, face: u32) -> Option<&Subset> {
        self.subsets.get(face as usize)?.as_deref()
    }

    /// All subsets with their objects: the font, and that for lines that go down.
    pub(super) fn fonts(&self) -> impl Iterator<Item = (u32, Option<u32>, &Subset)> {
        let faces = (0_u32..).zip(&self.subsets).filter_map(|(face, subset)| Some((face, subset.as_deref()?)));
        let upright = |face| self.upright.iter().find(|(known, _)| *known == face).map(|(_, id)| *id);
        self.fonts.clone().zip(faces).map(move |(id, (face, subset))| (id, upright(face), subset))
    }

    /// Objects of the pictures in order.
    pub(super) fn pictures(&self) -> Range<u32> {
        self.pictures.clone()
    }

    /// Objects of the drawings in order.
    pub(super) fn drawings(&self) -> Range<u32> {
        self.drawings.clone()
    }

    /// Objects of the pdf_pages in order.
    pub(super) fn pdf_pages(&self) -> Range<u32> {
        self.pdf_pages.clone()
    }

    /// Adds a group; gives its object and the number of its name.
    pub(super) fn add_group(&mut self, file: &mut File<'_>) -> (u32, u32) {
        let id = file.reserve();
        self.groups.push(id);
        (id, u32::try_from(self.groups.len()).unwrap_or(u32::MAX) - 1)
    }

    /// Adds a shading; gives the number of its name.
    pub(super) fn add_shading(&mut self, gradient: &Gradient, paint: Paint<'_>) -> u32 {
        let name = self.shading_count;
        push_shading(&mut self.shadings, name, gradient, paint);
        self.shading_count = name.saturating_add(1);
        name
    }

    /// Adds a mask; gives its form and the number of its name.
    pub(super) fn add_mask(&mut self, file: &mut File<'_>) -> (u32, u32) {
        let id = file.reserve();
        self.masks.push(id);
        (id, u32::try_from(self.masks.len()).unwrap_or(u32::MAX) - 1)
    }

    /// Writes the dictionary.
    pub(super) fn write(&self, file: &mut File<'_>, canvas: &Canvas, spots: &[Spot]) -> Result<(), PdfError> {
        let rgb_profile = file.rgb_profile;
        let out = file.object(self.id)?;
        out.extend_from_slice(b"<<");
        if !self.fonts.is_empty() {
            out.extend_from_slice(b"/Font<<");
            let faces = (0_u32..).zip(&self.subsets).filter(|(_, subset)| subset.is_some());
            push_named(out, b'F', faces.map(|(face, _)| face).zip(self.fonts.clone()));
            push_named(out, b'V', self.upright.iter().copied());
            out.extend_from_slice(b">>");
        }
        let ranges = [&self.pictures, &self.drawings, &self.pdf_pages];
        if ranges.iter().any(|range| !range.is_empty()) || !self.groups.is_empty() {
            out.extend_from_slice(b"/XObject<<");
            push_named(out, b'I', (0..).zip(self.pictures.clone()));
            push_named(out, b'D', (0..).zip(self.drawings.clone()));
            push_named(out, b'P', (0..).zip(self.pdf_pages.clone()));
            push_named(out, b'X', (0..).zip(self.groups.iter().copied()));
            out.extend_from_slice(b">>");
        }
        if self.shading_count > 0 {
            out.extend_from_slice(b"/Shading<<");
            out.extend_from_slice(&self.shadings);
            out.extend_from_slice(b">>");
        }
        push_spaces(out, rgb_profile, &canvas.inks, spots);
        push_states(out, canvas, &self.masks);
        out.extend_from_slice(b">>");
        Ok(())
    }
}

fn push_named(out: &mut Vec<u8>, kind: u8, ids: impl Iterator<Item = (u32, u32)>) {
    for (name, id) in ids {
        out.extend_from_slice(&[b'/', kind]);
        push_unsigned(out, u64::from(name));
        out.push(b' ');
        push_reference(out, id);
    }
}

/// Writes the graphics states that a canvas named, if there are any.
pub(super) fn push_states(out: &mut Vec<u8>, canvas: &Canvas, masks: &[u32]) {
    if !canvas.alphas.any() && !canvas.inks.has_states() && masks.is_empty() {
        return;
    }
    out.extend_from_slice(b"/ExtGState<<");
    push_alphas(out, &canvas.alphas);
    canvas.inks.push_states(out);
    for (name, form) in (0_u32..).zip(masks) {
        mask::push_state(out, name, *form);
    }
    out.extend_from_slice(b">>");
}

/// Writes the graphics states for constant opacities (11.6.4.4).
fn push_alphas(out: &mut Vec<u8>, alphas: &Alphas) {
    for (name, key, used) in [(b'a', b"ca", &alphas.fill), (b'A', b"CA", &alphas.stroke)] {
        for (alpha, _) in (0_i64..).zip(used).filter(|&(_, &used)| used) {
            out.extend_from_slice(&[b'/', name]);
            push_unsigned(out, alpha.unsigned_abs());
            out.extend_from_slice(b"<</");
            out.extend_from_slice(key);
            out.push(b' ');
            push_fixed(out, (alpha * 10_000 + 127) / 255, 4);
            out.extend_from_slice(b">>");
        }
    }
}

/// Writes the dictionary of colour spaces, if there are any. Colours of sRGB in a file that is made for a press are
/// those of its profile (8.6.5.6).
pub(super) fn push_spaces(out: &mut Vec<u8>, rgb_profile: Option<u32>, inks: &InkUse, spots: &[Spot]) {
    if rgb_profile.is_none() && !inks.has_spaces() {
        return;
    }
    out.extend_from_slice(b"/ColorSpace<<");
    if let Some(profile) = rgb_profile {
        out.extend_from_slice(b"/DefaultRGB[/ICCBased ");
        push_reference(out, profile);
        out.push(b']');
    }
    inks.push_spaces(out, spots);
    out.extend_from_slice(b">>");
}
