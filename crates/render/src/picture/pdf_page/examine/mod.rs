//! Examines a page of another file: everything that it paints with is held against what standards of archives,
//! accessibility and presses forbid.
//!
//! What cannot be judged counts as forbidden, with a sentence that says so.

mod colors;
mod fonts;
mod glyphs;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro::hayro_syntax::page::Resources;

use super::PdfPage;
use super::obstacle::{Examination, Matter, Obstacle};
use super::operators::{Operation, Operators, names};

/// Obstacles that are told; who has more mends these first.
const OBSTACLE_COUNT_MAX: usize = 40;

/// Forms, patterns and masks inside of each other.
const NESTING_MAX: usize = 24;

/// Content streams that are gone through; forms are drawn again where they stand deeper.
const STREAM_COUNT_MAX: usize = 5_000;

/// Bytes of content that are gone through: far more than a page that can be shown in a second.
const CONTENT_SIZE_BYTES_MAX: usize = 256 << 20;

/// Operators that a page may have (ISO 32000-1, annex A).
const KNOWN: &[u8] =
    b" b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EMC ET EX f F f* G g gs h i j J K k l m M MP \
    n q Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \" ";

/// Looks at all that a page paints with.
pub(super) fn examine(page: &PdfPage) -> Examination {
    let Ok(pdf) = Pdf::new(std::sync::Arc::clone(&page.file)) else { return unreadable() };
    let Some(found) = pdf.pages().get(page.page as usize) else { return unreadable() };
    let mut examiner = Examiner::default();
    let resources = found.resources();
    let content = Scope { resources, nesting: 0, is_hidden: false };
    examiner.content(&page.content, &content, 0);
    if let Some(group) = found.raw().get::<Dict<'_>>("Group") {
        examiner.group(&group, resources);
    }
    glyphs::examine(found, &mut examiner);
    examiner.found
}

fn unreadable() -> Examination {
    let what = "the file cannot be read again".to_owned();
    Examination { obstacles: vec![Obstacle { matter: Matter::Operator, what }], depth: 0 }
}

#[derive(Default)]
struct Examiner {
    found: Examination,
    /// Content streams and how deep they stood when they were gone through.
    depths: BTreeMap<ObjectIdentifier, usize>,
    stream_count: usize,
    content_size_bytes: usize,
    /// Fonts, pictures and profiles that were looked at.
    seen: BTreeSet<ObjectIdentifier>,
}

/// What is around the content at hand.
#[derive(Clone, Copy)]
struct Scope<'r, 'a> {
    resources: &'r Resources<'a>,
    nesting: usize,
    /// Whether it is the inside of a pattern or a mask, whose glyphs nobody looks at.
    is_hidden: bool,
}

impl Examiner {
    fn add(&mut self, matter: Matter, what: impl Into<String>) {
        let obstacle = Obstacle { matter, what: what.into() };
        if self.found.obstacles.len() < OBSTACLE_COUNT_MAX && !self.found.obstacles.contains(&obstacle) {
            self.found.obstacles.push(obstacle);
        }
    }

    /// Whether something is looked at for the first time.
    fn is_new(&mut self, id: ObjectIdentifier) -> bool {
        self.seen.insert(id)
    }

    fn content(&mut self, data: &[u8], scope: &Scope<'_, '_>, mut depth: usize) {
        let outside = depth;
        for operation in Operators::new(data) {
            match operation.operator {
                b"q" => {
                    depth += 1;
                    self.found.depth = self.found.depth.max(depth);
                }
                b"Q" => depth = depth.saturating_sub(1).max(outside),
                b"rg" | b"RG" => self.device(b"DeviceRGB", scope.resources),
                b"k" | b"K" => self.device(b"DeviceCMYK", scope.resources),
                b"cs" | b"CS" => self.named(&operation, |examiner, name| {
                    examiner.space_by_name(name, scope.resources);
                }),
                b"sh" => self.named(&operation, |examiner, name| {
                    let shading = scope.resources.shadings.get::<Object<'_>>(name);
                    shading.iter().for_each(|shading| examiner.shading(shading, scope.resources));
                }),
                b"scn" | b"SCN" => self.named(&operation, |examiner, name| {
                    let pattern = scope.resources.patterns.get::<Object<'_>>(name);
                    pattern.iter().for_each(|pattern| examiner.pattern(pattern, scope, depth));
                }),
                b"gs" => self.named(&operation, |examiner, name| {
                    let state = scope.resources.ext_g_states.get::<Dict<'_>>(name);
                    state.iter().for_each(|state| examiner.state(state, scope, depth));
                }),
                b"Do" => self.named(&operation, |examiner, name| {
                    let object = scope.resources.x_objects.get::<Stream<'_>>(name);
                    object.iter().for_each(|object| examiner.object(object, scope, depth));
                }),
                b"Tf" => self.named(&operation, |examiner, name| {
                    let font = scope.resources.fonts.get::<Dict<'_>>(name);
                    font.iter().for_each(|font| examiner.font(font, scope));
                }),
                b"ri" => self.named(&operation, Self::rendering_intent),
                b"BI" => self.inline_image(operation.operands, scope.resources),
                other => self.operator(other),
            }
        }
    }

    /// Does something with the first name of an operation.
    fn named(&mut self, operation: &Operation<'_>, act: impl FnOnce(&mut Self, &[u8])) {
        if let Some(name) = names(operation.operands).next() {
            act(self, &name);
        }
    }

    fn operator(&mut self, operator: &[u8]) {
        let wanted = [b" ", operator, b" "].concat();
        if !KNOWN.windows(wanted.len()).any(|window| window == wanted) {
            let shown: String = String::from_utf8_lossy(operator).chars().take(12).collect();
            self.add(Matter::Operator, format!("`{shown}` is no operator"));
        }
    }

    fn rendering_intent(&mut self, name: &[u8]) {
        if !matches!(name, b"RelativeColorimetric" | b"AbsoluteColorimetric" | b"Perceptual" | b"Saturation") {
            self.add(Matter::RenderingIntent, "a rendering intent is none of the four");
        }
    }

    /// Goes through the content of a form, a pattern or a mask.
    fn stream(&mut self, stream: &Stream<'_>, scope: &Scope<'_, '_>, depth: usize, is_hidden: bool) {
        let id = stream.obj_id();
        let is_known = self.depths.get(&id).is_some_and(|known| *known >= depth);
        if is_known {
            return;
        }
        self.stream_count += 1;
        if scope.nesting >= NESTING_MAX || self.stream_count > STREAM_COUNT_MAX {
            self.add(Matter::Operator, "its forms are too many, or too deep inside of each other");
            return;
        }
        self.depths.insert(id, depth);
        let Ok(data) = stream.decoded() else {
            self.add(Matter::Operator, "a content stream cannot be decoded");
            return;
        };
        self.content_size_bytes = self.content_size_bytes.saturating_add(data.len());
        if self.content_size_bytes > CONTENT_SIZE_BYTES_MAX {
            self.add(Matter::Operator, "it has more content than is looked at");
            return;
        }
        let own = stream.dict().get::<Dict<'_>>("Resources");
        if own.is_none() && names_resources(&data) {
            self.add(Matter::Operator, "a form takes its resources from the page");
            return;
        }
        let resources = Resources::new(own.unwrap_or_default());
        let is_hidden = scope.is_hidden || is_hidden;
        self.content(&data, &Scope { resources: &resources, nesting: scope.nesting + 1, is_hidden }, depth);
    }

    fn object(&mut self, object: &Stream<'_>, scope: &Scope<'_, '_>, depth: usize) {
        let dictionary = object.dict();
        match dictionary.get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Image") => self.image(object, scope.resources),
            Some(b"Form") => {
                if dictionary.contains_key("PS") || dictionary.get::<Name<'_>>("Subtype2").is_some() {
                    self.add(Matter::PostScript, "a form has a PostScript program");
                }
                if let Some(group) = dictionary.get::<Dict<'_>>("Group") {
                    self.group(&group, scope.resources);
                }
                self.stream(object, scope, depth, false);
            }
            _ => self.add(Matter::PostScript, "it has a PostScript program"),
        }
    }

    fn image(&mut self, image: &Stream<'_>, resources: &Resources<'_>) {
        if !self.is_new(image.obj_id()) {
            return;
        }
        self.picture(image, resources);
        let dictionary = image.dict();
        if let Some(mask) = dictionary.get::<Stream<'_>>("SMask") {
            self.add(Matter::Transparency, "a picture has transparent pixels");
            self.picture(&mask, resources);
        }
        if let Some(mask) = dictionary.get::<Stream<'_>>("Mask") {
            self.picture(&mask, resources);
        }
    }

    /// A picture without its masks.
    fn picture(&mut self, image: &Stream<'_>, resources: &Resources<'_>) {
        let dictionary = image.dict();
        if dictionary.get::<bool>("Interpolate") == Some(true) {
            self.add(Matter::Image, "a picture asks to be smoothed (Interpolate)");
        }
        if let Some(intent) = dictionary.get::<Name<'_>>("Intent") {
            self.rendering_intent(&intent);
        }
        if dictionary.get::<i32>("BitsPerComponent").is_some_and(|bits| bits > 8) {
            self.add(Matter::Image, "a picture has more than 8 bits a component");
        }
        if dictionary.get::<i32>("SMaskInData").is_some_and(|mask| mask > 0) {
            self.add(Matter::Transparency, "a picture has transparent pixels");
        }
        let filters = image.filters();
        if filters.iter().any(|filter| matches!(filter, Filter::JpxDecode)) {
            self.add(Matter::Filter, "a picture is JPEG 2000, whose inside is not checked");
        }
        if filters.len() > 1 && filters.iter().any(|filter| matches!(filter, Filter::LzwDecode)) {
            self.add(Matter::Filter, "a picture is packed as LZW and in another way");
        }
        if let Some(space) = dictionary.get::<Object<'_>>("ColorSpace") {
            self.space(&space, resources, 0);
        }
    }

    fn inline_image(&mut self, dictionary: &[u8], resources: &Resources<'_>) {
        for name in names(dictionary) {
            match &*name {
                b"RGB" | b"DeviceRGB" => self.device(b"DeviceRGB", resources),
                b"CMYK" | b"DeviceCMYK" => self.device(b"DeviceCMYK", resources),
                b"LZW" | b"LZWDecode" => self.add(Matter::Filter, "a picture in the text is packed as LZW"),
                b"I" | b"Interpolate" if dictionary.windows(4).any(|window| window == b"true") => {
                    self.add(Matter::Image, "a picture in the text may ask to be smoothed (Interpolate)");
                }
                other => {
                    if let Some(space) = resources.color_spaces.get::<Object<'_>>(other) {
                        self.space(&space, resources, 0);
                    }
                }
            }
        }
    }

    fn group(&mut self, group: &Dict<'_>, resources: &Resources<'_>) {
        if group.get::<Name<'_>>("S").as_deref() == Some(b"Transparency") {
            self.add(Matter::Transparency, "it is, or has, a transparency group");
        }
        if let Some(space) = group.get::<Object<'_>>("CS") {
            self.space(&space, resources, 0);
        }
    }

    fn pattern(&mut self, pattern: &Object<'_>, scope: &Scope<'_, '_>, depth: usize) {
        match pattern {
            Object::Stream(stream) => self.stream(stream, scope, depth + 1, true),
            Object::Dict(dictionary) => {
                if let Some(state) = dictionary.get::<Dict<'_>>("ExtGState") {
                    self.state(&state, scope, depth);
                }
                let shading = dictionary.get::<Object<'_>>("Shading");
                shading.iter().for_each(|shading| self.shading(shading, scope.resources));
            }
            _ => {}
        }
    }

    fn shading(&mut self, shading: &Object<'_>, resources: &Resources<'_>) {
        let dictionary = match shading {
            Object::Stream(stream) => stream.dict(),
            Object::Dict(dictionary) => dictionary,
            _ => return,
        };
        if let Some(space) = dictionary.get::<Object<'_>>("ColorSpace") {
            self.space(&space, resources, 0);
        }
    }

    /// A dictionary of graphics state parameters (ISO 32000-1, 8.4.5).
    fn state(&mut self, state: &Dict<'_>, scope: &Scope<'_, '_>, depth: usize) {
        let is_default = |key: &str| state.get::<Name<'_>>(key).is_some_and(|name| &*name == b"Default");
        if state.contains_key("TR") || state.contains_key("TR2") && !is_default("TR2") {
            self.add(Matter::State, "a graphics state has a transfer function");
        }
        if state.contains_key("HT") && !is_default("HT") || state.contains_key("HTP") {
            self.add(Matter::State, "a graphics state has a halftone of its own");
        }
        if state.get::<i32>("OPM") == Some(1) {
            self.add(Matter::State, "a graphics state overprints inks one by one (OPM)");
        }
        if let Some(intent) = state.get::<Name<'_>>("RI") {
            self.rendering_intent(&intent);
        }
        let is_clear = |key: &str| state.get::<f32>(key).is_some_and(|alpha| alpha < 1.0);
        if is_clear("ca") || is_clear("CA") {
            self.add(Matter::Transparency, "an opacity is below 1");
        }
        self.blend_mode(state);
        if let Some(mask) = state.get::<Dict<'_>>("SMask") {
            self.add(Matter::Transparency, "it has a soft mask");
            if mask.contains_key("TR") && mask.get::<Name<'_>>("TR").is_none() {
                self.add(Matter::State, "a soft mask has a transfer function");
            }
            if let Some(group) = mask.get::<Stream<'_>>("G") {
                if let Some(attributes) = group.dict().get::<Dict<'_>>("Group") {
                    self.group(&attributes, scope.resources);
                }
                self.stream(&group, scope, depth, true);
            }
        }
        if let Some(font) = state.get::<Array<'_>>("Font").and_then(|font| font.iter::<Dict<'_>>().next()) {
            self.font(&font, scope);
        }
    }

    fn blend_mode(&mut self, state: &Dict<'_>) {
        /// The modes that there are (ISO 32000-1, 11.3.5).
        const MODES: &[u8] = b" Multiply Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight SoftLight \
            Difference Exclusion Hue Saturation Color Luminosity ";
        let Some(mode) = state.get::<Object<'_>>("BM") else { return };
        match mode {
            Object::Name(name) if matches!(&*name, b"Normal" | b"Compatible") => {}
            Object::Name(name)
                if MODES.windows(name.len() + 2).any(|known| *known == [b" ", &*name, b" "].concat()) =>
            {
                self.add(Matter::Transparency, "it blends colours");
            }
            _ => self.add(Matter::State, "a graphics state has a blend mode that is none of those there are"),
        }
    }
}

/// Whether content names anything that its resources must have.
fn names_resources(content: &[u8]) -> bool {
    Operators::new(content).any(|operation| match operation.operator {
        b"cs" | b"CS" => names(operation.operands).any(|name| !name.starts_with(b"Device")),
        b"Do" | b"Tf" | b"gs" | b"scn" | b"SCN" | b"sh" => names(operation.operands).next().is_some(),
        _ => false,
    })
}
