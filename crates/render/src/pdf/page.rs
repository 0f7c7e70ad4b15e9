//! Writes pages: the display list becomes a content stream, marks become marked content, faded groups become forms.

use std::collections::BTreeMap;
use std::ops::Range;

use super::PdfError;
use super::bounds::Bounds;
use super::canvas::{Canvas, faded};
use super::file::File;
use super::hyphens::{broken_word, is_hyphen};
use super::marks::{Marks, push_artifact, push_begin};
use super::mask;
use super::number::{hundredths, push_hundredths, push_integer, push_item, push_reference, push_unsigned};
use super::printing::push_boxes;
use super::resources::Resources;
use super::shading::Paint;
use super::text::{ActualText, Ends, RunParts, TextWriter};
use super::usage::{Telling, Usage, glyphs};
use crate::document::{ArtifactKind, Document, ElementId, GlyphRun, Item, Page, Rect, Role, Segment, Sheet, Transform};
use crate::picture::Gradient;

/// Writes the items of one page.
pub(super) struct PageWriter<'a, 'f> {
    pub(super) document: &'a Document,
    pub(super) page: &'a Page,
    pub(super) page_index: u32,
    pub(super) usage: &'a Usage,
    pub(super) file: &'a mut File<'f>,
    pub(super) canvas: &'a mut Canvas,
    pub(super) resources: &'a mut Resources,
    /// None when the document is not tagged.
    pub(super) marks: Option<&'a mut Marks>,
    /// What the elements of links say, collected on the way.
    pub(super) link_texts: &'a mut BTreeMap<ElementId, String>,
    pub(super) text: TextWriter,
    /// From the coordinates of the items to those of the page.
    pub(super) placement: Transform,
    /// Key of the stream that is being written.
    pub(super) stream: u32,
    pub(super) wanted: Mark,
    pub(super) open: Open,
}

/// What the next content belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Element(ElementId),
    Artifact(ArtifactKind),
}

/// Which marked-content sequence is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    None,
    /// Inside a text object, and to be closed inside it.
    InText,
    /// Around text objects and paths.
    Around,
}

/// Nested groups of one page; layout nests as deep as the template, which is limited too.
const GROUP_DEPTH_MAX: usize = 200;

impl<'d> PageWriter<'d, '_> {
    /// Writes all items into the canvas.
    pub(super) fn write(&mut self) -> Result<(), PdfError> {
        let items = &self.page.items;
        self.items(items, 0)?;
        self.close();
        Ok(())
    }

    fn items(&mut self, items: &[Item], depth: usize) -> Result<(), PdfError> {
        if depth > GROUP_DEPTH_MAX {
            return Err(PdfError::Depth { depth_max: GROUP_DEPTH_MAX });
        }
        let mut rest = items;
        while let Some((item, after)) = rest.split_first() {
            match item {
                Item::Element(element) => self.mark(Mark::Element(*element)),
                Item::Artifact(kind) => self.mark(Mark::Artifact(*kind)),
                Item::Glyphs(run) => {
                    self.ensure_mark(rest);
                    self.run(run, after)?;
                }
                Item::Rect(item) => {
                    self.before_path(rest);
                    self.note_figure(|| Some(item.rect));
                    self.canvas.rect_item(item);
                }
                Item::Path(path) => {
                    self.before_path(rest);
                    let segments = self.segments(&path.segments)?;
                    self.note_figure(|| Bounds::of_segments(segments));
                    self.canvas.path(path, segments);
                }
                Item::Gradient(gradient) => {
                    self.before_path(rest);
                    let segments = self.segments(&gradient.segments)?;
                    self.note_figure(|| Bounds::of_segments(segments));
                    let paint = if self.canvas.is_screen { Paint::Screen } else { Paint::Inks(&self.document.spots) };
                    let name = self.resources.add_shading(gradient, paint);
                    let mask = mask::is_needed(gradient).then(|| self.mask(segments, gradient)).transpose()?;
                    self.canvas.gradient(segments, gradient, name, mask);
                }
                Item::Picture { picture, rect } => {
                    if self.document.pictures.get(*picture as usize).is_none() {
                        return Err(PdfError::Dangling { what: "picture", index: *picture });
                    }
                    self.before_path(rest);
                    self.note_figure(|| Some(*rect));
                    self.canvas.object(b'I', *picture, rect, (1.0, 1.0));
                }
                Item::Drawing { drawing, rect } => {
                    let known = self.document.drawings.get(*drawing as usize);
                    let size = known.ok_or(PdfError::Dangling { what: "drawing", index: *drawing })?.size;
                    self.before_path(rest);
                    self.note_figure(|| Some(*rect));
                    self.canvas.object(b'D', *drawing, rect, (size.width, size.height));
                }
                Item::PdfPage { pdf_page, rect } => {
                    let known = self.document.pdf_pages.get(*pdf_page as usize);
                    let size = known.ok_or(PdfError::Dangling { what: "pdf_page", index: *pdf_page })?.size;
                    self.before_path(rest);
                    self.note_figure(|| Some(*rect));
                    self.canvas.object(b'P', *pdf_page, rect, (size.width, size.height));
                }
                Item::PushClip { segments, even_odd } => {
                    let (inside, outside) = split_group(after);
                    let path = self.document.segments.get(segments.start as usize..segments.end as usize);
                    let path = path.ok_or(PdfError::Dangling { what: "segment", index: segments.end })?;
                    self.close();
                    self.canvas.save();
                    self.canvas.clip_path(path, *even_odd);
                    self.items(inside, depth + 1)?;
                    self.close();
                    self.canvas.restore();
                    rest = outside;
                    continue;
                }
                Item::Push { transform, clip, opacity } => {
                    let (inside, outside) = split_group(after);
                    self.close();
                    let placement = self.placement;
                    self.placement = placement.around(transform);
                    self.canvas.save();
                    self.canvas.transform(transform);
                    if let Some(clip) = clip {
                        self.canvas.clip_rect(clip);
                    }
                    if *opacity >= 1.0 {
                        self.items(inside, depth + 1)?;
                    } else if is_single(inside) {
                        self.canvas.state.opacity *= opacity.max(0.0);
                        self.items(inside, depth + 1)?;
                    } else {
                        self.faded(inside, clip.as_ref(), *opacity, depth)?;
                    }
                    self.close();
                    self.canvas.restore();
                    self.placement = placement;
                    rest = outside;
                    continue;
                }
                // One without its push; there is nothing to restore.
                Item::Pop => {}
            }
            rest = after;
        }
        Ok(())
    }

    /// Writes the mask of a gradient whose opacity changes; gives the number of its name.
    fn mask(&mut self, segments: &[Segment], gradient: &Gradient) -> Result<u32, PdfError> {
        let (form, name) = self.resources.add_mask(self.file);
        let mask = mask::make(self.canvas, segments, gradient);
        self.file.stream(form, &mask.dictionary, &mask.content)?;
        Ok(name)
    }

    fn segments(&self, range: &Range<u32>) -> Result<&'d [Segment], PdfError> {
        let segments = self.document.segments.get(range.start as usize..range.end as usize);
        segments.ok_or(PdfError::Dangling { what: "segment", index: range.end })
    }

    /// Writes several items that fade as a whole: a transparency group (ISO 32000-1, 11.6.6).
    fn faded(&mut self, items: &[Item], clip: Option<&Rect>, opacity: f32, depth: usize) -> Result<(), PdfError> {
        let (form, name) = self.resources.add_group(self.file);
        let outer_stream = self.stream;
        let mut dictionary = [b"/Type/XObject/Subtype/Form", self.file.group(), b"/Resources "].concat();
        push_reference(&mut dictionary, self.resources.id);
        if let Some(marks) = &mut self.marks {
            self.stream = marks.add_form(self.page_index, form);
            dictionary.extend_from_slice(b"/StructParents ");
            push_unsigned(&mut dictionary, u64::from(self.stream));
        }
        dictionary.extend_from_slice(b"/BBox[");
        self.push_bounds(&mut dictionary, clip);
        dictionary.push(b']');

        let outer = self.canvas.begin_group();
        let result = self.items(items, depth + 1);
        self.close();
        let content = self.canvas.end_group(outer);
        self.stream = outer_stream;
        result?;
        self.file.stream(form, &dictionary, &content)?;
        // The content is marked inside the form; around it nothing may be.
        self.canvas.group(name, faded(255, opacity));
        Ok(())
    }

    fn push_bounds(&self, out: &mut Vec<u8>, clip: Option<&Rect>) {
        // Without a clip a group may paint anywhere; the page cuts it.
        let side = hundredths(self.page.size.width.max(self.page.size.height));
        let bounds = match clip {
            Some(clip) => {
                let (left, right) = (hundredths(clip.x), hundredths(clip.right()));
                let (top, bottom) = (hundredths(clip.y), hundredths(clip.bottom()));
                [left, self.canvas.height - bottom, right, self.canvas.height - top]
            }
            None => [-2 * side, -2 * side, 3 * side, 3 * side],
        };
        for value in bounds {
            push_hundredths(out, value);
            out.push(b' ');
        }
    }

    fn run(&mut self, run: &GlyphRun, after: &[Item]) -> Result<(), PdfError> {
        let dangling = || PdfError::Dangling { what: "face", index: run.face };
        let face = self.document.faces.get(run.face as usize).ok_or_else(dangling)?;
        let subset = self.resources.subset(run.face).ok_or_else(dangling)?;
        let text = || self.document.text.get(run.text.start as usize..run.text.end as usize).unwrap_or_default();
        let telling = self.usage.telling(run);
        let broken = if telling == Telling::Glyphs {
            let is_plain = |run: &GlyphRun| self.usage.telling(run) == Telling::Glyphs;
            broken_word(self.document, run, after, is_plain)
        } else {
            None
        };
        let told = std::mem::take(&mut self.text.told);
        let is_rest = !told.is_empty() && told.start == run.text.start;
        let actual_text = match (telling, self.usage.face(run.face as usize)) {
            (Telling::Glyphs, _) if !told.is_empty() && is_hyphen(self.document, run) => {
                self.text.told = told;
                ActualText::Run("")
            }
            (Telling::Glyphs, _) if is_rest || broken.is_some() => ActualText::Broken(Ends {
                rest_end: if is_rest { told.end } else { 0 },
                word: broken.as_ref().map(|broken| (broken.start, broken.word.as_str())),
            }),
            (Telling::Clusters, Some(usage)) => ActualText::Clusters { usage, text: &self.document.text },
            (Telling::Run, _) => ActualText::Run(text()),
            _ => ActualText::Nothing,
        };
        if let Mark::Element(element) = self.wanted
            && let Some(link_text) = self.link_texts.get_mut(&element)
        {
            link_text.push_str(text());
        }
        let glyphs = glyphs(self.document, &run.glyphs)?;
        self.text.run(self.canvas, &RunParts { run, face, subset, glyphs, actual_text, place: (0, 0) });
        if let Some(broken) = broken {
            self.text.told = broken.rest;
        }
        Ok(())
    }

    /// Notes where a figure paints. The box is only computed for figures.
    fn note_figure(&mut self, rect: impl FnOnce() -> Option<Rect>) {
        let (Some(marks), Mark::Element(id)) = (&mut self.marks, self.wanted) else { return };
        let element = self.document.structure.elements.get(id.0 as usize);
        if element.is_some_and(|element| element.role == Role::Figure)
            && let Some(rect) = rect()
        {
            marks.add_figure(id, self.page_index, Bounds::of_rect(&rect, &self.placement));
        }
    }

    fn mark(&mut self, mark: Mark) {
        if self.wanted != mark {
            self.close_mark();
            self.wanted = mark;
        }
    }

    fn before_path(&mut self, rest: &[Item]) {
        self.ensure_mark(rest);
        self.text.end(self.canvas);
    }

    /// Opens the wanted mark, unless it is open. Text alone is marked inside its text object, which then goes on
    /// over many marks.
    fn ensure_mark(&mut self, rest: &[Item]) {
        if self.open != Open::None {
            return;
        }
        let Some(marks) = &mut self.marks else { return };
        let mut same_mark = rest.iter().take_while(|item| {
            !matches!(
                item,
                Item::Element(_) | Item::Artifact(_) | Item::Push { .. } | Item::PushClip { .. } | Item::Pop
            )
        });
        if same_mark.all(|item| matches!(item, Item::Glyphs(_))) {
            self.text.begin(self.canvas);
            self.open = Open::InText;
        } else {
            self.text.end(self.canvas);
            self.open = Open::Around;
        }
        let numbered = match self.wanted {
            Mark::Element(element) => {
                let role = self.document.structure.elements.get(element.0 as usize).map_or(Role::Span, |e| e.role);
                marks.add(self.stream, element).map(|number| (role, number))
            }
            Mark::Artifact(_) => None,
        };
        match (numbered, self.wanted) {
            (Some((role, number)), _) => push_begin(&mut self.canvas.out, role, number),
            (None, Mark::Artifact(kind)) => push_artifact(&mut self.canvas.out, kind, self.page.size),
            // An element that does not exist has no meaning to tell.
            (None, Mark::Element(_)) => push_artifact(&mut self.canvas.out, ArtifactKind::Layout, self.page.size),
        }
    }

    fn close_mark(&mut self) {
        match self.open {
            Open::None => {}
            Open::InText => self.canvas.out.extend_from_slice(b"EMC\n"),
            Open::Around => {
                self.text.end(self.canvas);
                self.canvas.out.extend_from_slice(b"EMC\n");
            }
        }
        self.open = Open::None;
    }

    /// Closes mark and text object, as the graphics state can be saved and restored only outside of them.
    fn close(&mut self) {
        self.close_mark();
        self.text.end(self.canvas);
    }
}

/// The items up to the pop that belongs to a push just before, and those after that pop.
fn split_group(items: &[Item]) -> (&[Item], &[Item]) {
    let mut depth = 0_usize;
    for (place, item) in items.iter().enumerate() {
        match item {
            Item::Push { .. } | Item::PushClip { .. } => depth += 1,
            Item::Pop if depth == 0 => {
                let (inside, outside) = items.split_at(place);
                return (inside, outside.get(1..).unwrap_or_default());
            }
            Item::Pop => depth -= 1,
            _ => {}
        }
    }
    (items, &[])
}

/// Whether at most one thing is painted, so that fading its colour is the same as fading the group.
fn is_single(items: &[Item]) -> bool {
    let mut count = 0;
    for item in items {
        count += match item {
            Item::Glyphs(_) | Item::Gradient(_) | Item::Picture { .. } => 1,
            Item::Rect(rect) => usize::from(rect.fill.is_some()) + usize::from(rect.stroke.is_some()),
            Item::Path(path) => usize::from(path.fill.is_some()) + usize::from(path.stroke.is_some()),
            // A clip and one thing inside are one thing.
            Item::Drawing { .. } | Item::PdfPage { .. } | Item::Push { .. } => 2,
            Item::Element(_) | Item::Artifact(_) | Item::PushClip { .. } | Item::Pop => 0,
        };
        if count > 1 {
            return false;
        }
    }
    true
}

/// Writes a page's dictionary.
#[expect(clippy::too_many_arguments, reason = "a page joins what the parts before have numbered")]
pub(super) fn push_page(
    out: &mut Vec<u8>,
    page: &Page,
    sheet: Option<&Sheet>,
    parent: u32,
    resources: Option<u32>,
    content: u32,
    key: Option<u32>,
    annotations: std::ops::Range<u32>,
) {
    out.extend_from_slice(b"<</Type/Page/Parent ");
    push_reference(out, parent);
    if let Some(resources) = resources {
        out.extend_from_slice(b"/Resources ");
        push_reference(out, resources);
    }
    push_boxes(out, page.size, sheet);
    out.extend_from_slice(b"/Contents ");
    push_reference(out, content);
    if let Some(key) = key {
        // Tab order follows the structure (PDF/UA-1, 7.18.3).
        out.extend_from_slice(b"/Tabs/S/StructParents ");
        push_integer(out, i64::from(key));
    }
    if !annotations.is_empty() {
        out.extend_from_slice(b"/Annots[");
        for id in annotations {
            push_item(out, id);
        }
        out.push(b']');
    }
    out.extend_from_slice(b">>");
}
