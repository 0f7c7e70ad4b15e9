//! Drawings as form XObjects (ISO 32000-1, 8.10), with a form for each group that fades as a whole.

use super::PdfError;
use super::canvas::{Canvas, faded};
use super::file::File;
use super::inks::InkUse;
use super::mask::{self, Mask};
use super::number::{push_fixed, push_reference, push_unsigned, scaled};
use super::resources::{push_spaces, push_states};
use super::shading::{Paint, push_shading};
use super::stream::Stream;
use crate::conformance::FileVersion;
use crate::document::Segment;
use crate::picture::{Drawing, DrawingItem};

/// A drawing's streams, ready for any file.
pub(super) struct DrawingStreams {
    /// The drawing itself first, then its groups.
    forms: Vec<Stream>,
    /// The inside of the dictionaries, without their beginning and the resources.
    dictionary: Vec<u8>,
    /// The canvas that they were painted on, which knows the states that they name.
    canvas: Canvas,
    /// Masks with their dictionaries.
    masks: Vec<(Stream, Vec<u8>)>,
    /// Entries of the shading dictionary.
    shadings: Vec<u8>,
}

/// Nested groups of one drawing.
const GROUP_DEPTH_MAX: usize = 300;

/// SVG's initial miter limit, which drawings are made for.
const MITER_LIMIT: &[u8] = b"4 M\n";

impl DrawingStreams {
    /// Makes the streams, and tells how many bytes they and the drawing take.
    pub(super) fn make(drawing: &Drawing, compressed: bool) -> Result<(Self, usize), PdfError> {
        let size = drawing.size;
        let canvas = Canvas::new(MITER_LIMIT.to_vec(), size.height, decimals(size.width.max(size.height)));
        let mut writer =
            Writer { drawing, canvas, groups: Vec::new(), masks: Vec::new(), shadings: Vec::new(), shading_count: 0 };
        writer.items(&drawing.items, 0)?;
        let contents =
            std::iter::once(std::mem::take(&mut writer.canvas.out)).chain(std::mem::take(&mut writer.groups));
        let forms = contents.map(|content| Stream::new(content, compressed)).collect::<Result<Vec<_>, _>>()?;
        let mut dictionary = b"/BBox[0 0 ".to_vec();
        push_fixed(&mut dictionary, scaled(size.width, 1e4), 4);
        dictionary.push(b' ');
        push_fixed(&mut dictionary, scaled(size.height, 1e4), 4);
        dictionary.push(b']');
        let masks = std::mem::take(&mut writer.masks).into_iter();
        let masks = masks.map(|Mask { content, dictionary }| Ok((Stream::new(content, compressed)?, dictionary)));
        let masks = masks.collect::<Result<Vec<_>, PdfError>>()?;
        let size_bytes = std::mem::size_of_val(drawing.segments.as_slice())
            + std::mem::size_of_val(drawing.items.as_slice())
            + forms.iter().map(Stream::size_bytes).sum::<usize>();
        let Writer { canvas, shadings, .. } = writer;
        Ok((Self { forms, dictionary, canvas, masks, shadings }, size_bytes))
    }

    /// Writes the drawing and its groups.
    pub(super) fn write(&self, file: &mut File<'_>, id: u32) -> Result<(), PdfError> {
        let groups = file.reserve_block(self.forms.len().saturating_sub(1));
        let ids = std::iter::once(id).chain(groups..);
        let resources = file.reserve();
        let first_mask = file.reserve_block(self.masks.len());
        let masks: Vec<u32> = (first_mask..).take(self.masks.len()).collect();
        let rgb_profile = file.rgb_profile;
        let out = file.object(resources)?;
        out.extend_from_slice(b"<<");
        push_spaces(out, rgb_profile, &InkUse::default(), &[]);
        push_states(out, &self.canvas, &masks);
        if !self.shadings.is_empty() {
            out.extend_from_slice(b"/Shading<<");
            out.extend_from_slice(&self.shadings);
            out.extend_from_slice(b">>");
        }
        if self.forms.len() > 1 {
            out.extend_from_slice(b"/XObject<<");
            for (name, id) in (1..self.forms.len()).zip(groups..) {
                out.extend_from_slice(b"/X");
                push_unsigned(out, name as u64);
                out.push(b' ');
                push_reference(out, id);
            }
            out.extend_from_slice(b">>");
        }
        out.extend_from_slice(b">>");
        let mut dictionary = b"/Type/XObject/Subtype/Form".to_vec();
        // PDF/A-1 has no transparency, not even a group that is opaque (ISO 19005-1, 6.4).
        if file.version != FileVersion::Pdf14 {
            dictionary.extend_from_slice(file.group());
        }
        dictionary.extend_from_slice(&self.dictionary);
        dictionary.extend_from_slice(b"/Resources ");
        push_reference(&mut dictionary, resources);
        for (form, id) in self.forms.iter().zip(ids) {
            form.write(file, id, &dictionary);
        }
        for ((content, dictionary), id) in self.masks.iter().zip(masks) {
            content.write(file, id, dictionary);
        }
        Ok(())
    }
}

struct Writer<'a> {
    drawing: &'a Drawing,
    canvas: Canvas,
    /// Contents of the groups; group `n` has the name `X<n + 1>`.
    groups: Vec<Vec<u8>>,
    /// Masks; mask `n` has the name `M<n>`.
    masks: Vec<Mask>,
    /// Entries of the shading dictionary; shading `n` has the name `S<n>`.
    shadings: Vec<u8>,
    shading_count: u32,
}

impl Writer<'_> {
    fn items(&mut self, items: &[DrawingItem], depth: usize) -> Result<(), PdfError> {
        if depth > GROUP_DEPTH_MAX {
            return Err(PdfError::Depth { depth_max: GROUP_DEPTH_MAX });
        }
        let mut rest = items;
        while let Some((item, after)) = rest.split_first() {
            rest = after;
            match item {
                DrawingItem::Path(path) => {
                    let segments = segments(self.drawing, &path.segments)?;
                    self.canvas.path(path, segments);
                }
                DrawingItem::Gradient(gradient) => {
                    let segments = segments(self.drawing, &gradient.segments)?;
                    let mask = mask::is_needed(gradient).then(|| {
                        self.masks.push(mask::make(&mut self.canvas, segments, gradient));
                        u32::try_from(self.masks.len()).unwrap_or(u32::MAX) - 1
                    });
                    self.canvas.gradient(segments, gradient, self.shading_count, mask);
                    push_shading(&mut self.shadings, self.shading_count, gradient, Paint::Screen);
                    self.shading_count += 1;
                }
                DrawingItem::Push { transform, clip, even_odd, opacity } => {
                    let (inside, outside) = split_group(after);
                    rest = outside;
                    self.canvas.save();
                    self.canvas.transform(transform);
                    if let Some(clip) = clip {
                        let segments = segments(self.drawing, clip)?;
                        self.canvas.clip_path(segments, *even_odd);
                    }
                    if *opacity >= 1.0 {
                        self.items(inside, depth + 1)?;
                    } else {
                        let outer = self.canvas.begin_group();
                        let result = self.items(inside, depth + 1);
                        let content = self.canvas.end_group(outer);
                        result?;
                        self.groups.push(content);
                        let name = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
                        self.canvas.group(name, faded(255, *opacity));
                    }
                    self.canvas.restore();
                }
                DrawingItem::Pop => {}
            }
        }
        Ok(())
    }
}

fn segments<'a>(drawing: &'a Drawing, range: &std::ops::Range<u32>) -> Result<&'a [Segment], PdfError> {
    let found = drawing.segments.get(range.start as usize..range.end as usize);
    found.ok_or(PdfError::Dangling { what: "segment", index: range.end })
}

fn split_group(items: &[DrawingItem]) -> (&[DrawingItem], &[DrawingItem]) {
    let mut depth = 0_usize;
    for (place, item) in items.iter().enumerate() {
        match item {
            DrawingItem::Push { .. } => depth += 1,
            DrawingItem::Pop if depth == 0 => {
                let (inside, outside) = items.split_at(place);
                return (inside, outside.get(1..).unwrap_or_default());
            }
            DrawingItem::Pop => depth -= 1,
            DrawingItem::Path(_) | DrawingItem::Gradient(_) => {}
        }
    }
    (items, &[])
}

/// Decimals that keep a drawing as sharp when it is small as when it is large: at least 1/20,000 of its longer side.
fn decimals(side: f32) -> u32 {
    match side {
        200.0.. => 2,
        20.0.. => 3,
        2.0.. => 4,
        _ => 5,
    }
}
