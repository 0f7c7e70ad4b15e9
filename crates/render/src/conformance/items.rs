//! Checks what is painted: opacity, colours, glyphs, fonts, depth.

use super::check::is_private;
use super::findings::{Findings, Place};
use super::foreign;
use super::rules::{Rule, STATE_DEPTH_MAX};
use crate::document::{Color, Document, GlyphRun, Item, Page, Stroke};
use crate::picture::{Drawing, DrawingItem, Picture, PictureData};

/// Checks all pages.
pub(super) fn check(document: &Document, findings: &mut Findings<'_>) {
    let mut checker = Checker {
        document,
        findings,
        faces: vec![false; document.faces.len()],
        drawings: vec![None; document.drawings.len()],
    };
    for page in &document.pages {
        checker.page(page);
    }
}

struct Checker<'a, 'f, 'd> {
    document: &'a Document,
    findings: &'f mut Findings<'d>,
    /// Faces that were looked at.
    faces: Vec<bool>,
    drawings: Vec<Option<Traits>>,
}

/// What matters of a drawing.
#[derive(Clone, Copy)]
struct Traits {
    is_opaque: bool,
    depth: usize,
}

impl Checker<'_, '_, '_> {
    fn page(&mut self, page: &Page) {
        for &node in &page.unnamed {
            let hint = "give `alt`, or \"role\": \"artifact\" when it is only decoration";
            let what = "a picture has no text for those who cannot see it";
            self.findings.report(Rule::Alternative, Place::Node(Some(node)), what, hint);
        }
        let mut boxes = page.boxes.iter().peekable();
        // The paper comes before all nodes.
        let mut place = if page.boxes.is_empty() { Place::Node(None) } else { Place::Property("/page/fill") };
        // Bleed is a clip around all.
        let mut depth = usize::from(self.document.sheet.is_some());
        for (index, item) in page.items.iter().enumerate() {
            while let Some(next) = boxes.next_if(|next| next.item as usize <= index) {
                place = Place::Node(Some(next.node));
            }
            match item {
                Item::Element(_) | Item::Artifact(_) => {}
                Item::Glyphs(run) => self.run(run, place),
                Item::Rect(rect) => self.paint(rect.fill, rect.stroke.as_ref(), place),
                Item::Path(path) => self.paint(path.fill, path.stroke.as_ref(), place),
                Item::Gradient(gradient) => {
                    if gradient.stops.iter().any(|stop| stop.color.alpha < 255) {
                        self.transparent("a colour of the gradient is not opaque", place);
                    }
                }
                Item::Picture { picture, .. } => {
                    self.depth(depth + 1, place);
                    if let Some(picture) = self.document.pictures.get(*picture as usize) {
                        self.picture(picture, place);
                    }
                }
                Item::Drawing { drawing, .. } => self.drawing(*drawing, depth, place),
                Item::PdfPage { pdf_page, .. } => {
                    if let Some(pdf_page) = self.document.pdf_pages.get(*pdf_page as usize) {
                        self.depth(depth + 1 + pdf_page.examination().depth, place);
                        foreign::check(pdf_page, self.document.is_print(), place, self.findings);
                    }
                }
                Item::Push { opacity, .. } => {
                    depth += 1;
                    self.depth(depth, place);
                    if *opacity < 1.0 {
                        self.transparent("an opacity is below 1", place);
                    }
                }
                Item::PushClip { .. } => {
                    depth += 1;
                    self.depth(depth, place);
                }
                Item::Pop => depth = depth.saturating_sub(1),
            }
        }
    }

    fn transparent(&mut self, what: &str, place: Place) {
        let hint = "make it opaque, or ask for PDF/A-2 or later";
        self.findings.report(Rule::Opacity, place, what, hint);
    }

    fn depth(&mut self, depth: usize, place: Place) {
        if depth > STATE_DEPTH_MAX {
            let what = format!("more than {STATE_DEPTH_MAX} turned or faded things are inside each other");
            self.findings.report(Rule::StateDepth, place, &what, "nest less deep");
        }
    }

    fn paint(&mut self, fill: Option<Color>, stroke: Option<&Stroke>, place: Place) {
        for color in fill.into_iter().chain(stroke.map(|stroke| stroke.color)) {
            self.ink(color, place);
        }
        let is_clear = |color: Color| color.alpha < 255;
        if fill.is_some_and(is_clear) || stroke.is_some_and(|stroke| is_clear(stroke.color)) {
            self.transparent("a colour is not opaque", place);
        }
    }

    /// A colour in inks that only the data brought: the file was not made for a press.
    fn ink(&mut self, color: Color, place: Place) {
        if !color.ink.is_screen() && !self.document.is_print() {
            let hint = "declare the colour in `colors`, so that the file is made for a press";
            self.findings.report(Rule::Color, place, "the colour is one of inks", hint);
        }
    }

    fn picture(&mut self, picture: &Picture, place: Place) {
        if picture.alpha.is_some() {
            self.transparent("the picture has transparent pixels", place);
        }
        if matches!(picture.data, PictureData::Jpeg { components: 4, .. }) && !self.document.is_print() {
            let hint = "use a picture in RGB; the file states the colours of sRGB";
            self.findings.report(Rule::Color, place, "the picture is in CMYK", hint);
        }
    }

    fn drawing(&mut self, index: u32, depth: usize, place: Place) {
        let Some(drawing) = self.document.drawings.get(index as usize) else { return };
        let Some(known) = self.drawings.get_mut(index as usize) else { return };
        let Traits { is_opaque, depth: inner } = *known.get_or_insert_with(|| traits(drawing));
        if !is_opaque {
            self.transparent("the drawing has transparent parts", place);
        }
        self.depth((depth + 1).max(inner), place);
    }

    fn run(&mut self, run: &GlyphRun, place: Place) {
        // What is not painted at all needs no transparency: a PDF has a rendering mode for it.
        if (1..255).contains(&run.color.alpha) {
            self.transparent("the colour of the text is not opaque", place);
        }
        self.ink(run.color, place);
        self.face(run.face, place);
        let glyphs = self.document.glyphs.get(run.glyphs.start as usize..run.glyphs.end as usize).unwrap_or_default();
        if glyphs.iter().any(|glyph| glyph.id == 0) {
            let missing = glyphs.iter().find(|glyph| glyph.id == 0).and_then(|glyph| {
                self.document.text.get(glyph.text_start as usize..).and_then(|rest| rest.chars().next())
            });
            let what = match missing {
                Some(character) => format!("no font at hand has {character:?} (U+{:04X})", u32::from(character)),
                None => "a glyph is missing in the font".to_owned(),
            };
            let hint = "add a font that has it; other families are asked in the order in which they were added";
            self.findings.report(Rule::Glyph, place, &what, hint);
        }
        let text = self.document.text.get(run.text.start as usize..run.text.end as usize).unwrap_or_default();
        if text.is_ascii() && !text.contains('\0') {
            return;
        }
        if !self.findings.asks(Rule::Unicode) && !self.findings.asks(Rule::PrivateUse) {
            return;
        }
        for glyph in glyphs.iter().filter(|glyph| glyph.text_length > 0) {
            let start = glyph.text_start as usize;
            let shown = self.document.text.get(start..start.saturating_add(usize::from(glyph.text_length)));
            for character in shown.unwrap_or_default().chars() {
                self.character(character, place);
            }
        }
    }

    fn character(&mut self, character: char, place: Place) {
        let code = u32::from(character);
        if matches!(character, '\0' | '\u{FEFF}' | '\u{FFFE}') {
            let what = format!("the text has U+{code:04X}, which stands for no character");
            self.findings.report(Rule::Unicode, place, &what, "take it out of the data");
        } else if is_private(character) {
            let what = format!("the text has the private character U+{code:04X}, which cannot be read aloud");
            let hint = "use a picture with `alt`, or a character that has a meaning for everyone";
            self.findings.report(Rule::PrivateUse, place, &what, hint);
        }
    }

    fn face(&mut self, index: u32, place: Place) {
        let Some(seen) = self.faces.get_mut(index as usize) else { return };
        if std::mem::replace(seen, true) {
            return;
        }
        let face = self.document.faces.get(index as usize);
        if let Some((face, reason)) = face.and_then(|face| Some((face, face.embedding_ban()?))) {
            let what = format!("the font {} {reason}", face.family());
            let hint = "choose another font, or a version of it that may be embedded";
            self.findings.report(Rule::Embedding, place, &what, hint);
        }
    }
}

fn traits(drawing: &Drawing) -> Traits {
    let mut found = Traits { is_opaque: true, depth: 1 };
    // The drawing itself saves the state once.
    let mut depth = 1_usize;
    for item in &drawing.items {
        let alpha = match item {
            DrawingItem::Path(path) => {
                let stroke = path.stroke.as_ref().map(|stroke| stroke.color);
                path.fill.iter().chain(&stroke).map(|color| color.alpha).min().unwrap_or(255)
            }
            DrawingItem::Gradient(gradient) => {
                found.depth = found.depth.max(depth + 1);
                gradient.stops.iter().map(|stop| stop.color.alpha).min().unwrap_or(255)
            }
            DrawingItem::Push { opacity, .. } => {
                depth += 1;
                found.depth = found.depth.max(depth);
                if *opacity < 1.0 { 0 } else { 255 }
            }
            DrawingItem::Pop => {
                depth = depth.saturating_sub(1);
                255
            }
        };
        found.is_opaque &= alpha == 255;
    }
    found
}
