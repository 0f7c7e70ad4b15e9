//! How many instructions drawing a page takes, with all that it draws by name: forms in forms double with every level.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Dict, Name, ObjectIdentifier, Stream};
use hayro::hayro_syntax::page::{Page, Resources};

use super::{STEP_COUNT_MAX, images};
use crate::limits::Limits;
use crate::picture::PictureError;

/// Levels of forms that are drawn; deeper ones are not (as hayro has it).
const LEVEL_COUNT: usize = 50;

/// Bytes that take as long to read as an instruction takes to follow.
const STEP_SIZE_BYTES: usize = 16;

/// Contents with the same resources: forms, cells of patterns, glyphs, masks.
const CONTENT_COUNT_MAX: usize = 50_000;

/// Refuses a page that takes too many instructions, or uses something that does.
pub(super) fn check<'a>(page: &Page<'a>, limits: &'a Limits) -> Result<(), PictureError> {
    let mut forms =
        Forms { limits, contents: Vec::new(), known: BTreeMap::new(), waiting: VecDeque::new(), steps_read: 0 };
    let resources = Owned { owner: 0, resources: Rc::new(page.resources().clone()) };
    forms.contents.push(Content::default());
    forms.read(0, page.page_stream().unwrap_or_default(), &resources)?;
    while let Some((index, stream, resources)) = forms.waiting.pop_front() {
        forms.read(index, stream.decoded_data().unwrap_or_default().as_ref(), &resources)?;
    }
    if forms.most_steps() > STEP_COUNT_MAX { Err(too_many()) } else { Ok(()) }
}

/// Resources, and the content that they belong to.
#[derive(Clone)]
struct Owned<'a> {
    owner: usize,
    resources: Rc<Resources<'a>>,
}

/// What draws: a page, a form, a cell of a pattern, a glyph, a mask.
#[derive(Default)]
struct Content {
    /// Instructions of its own.
    steps: u64,
    /// The forms that it draws, as often as it does.
    forms: Vec<usize>,
}

struct Forms<'a> {
    limits: &'a Limits,
    contents: Vec<Content>,
    /// The same form is another one where it has the resources of whoever draws it.
    known: BTreeMap<(ObjectIdentifier, usize), usize>,
    waiting: VecDeque<(usize, Stream<'a>, Owned<'a>)>,
    steps_read: u64,
}

impl<'a> Forms<'a> {
    fn read(&mut self, index: usize, data: &[u8], resources: &Owned<'a>) -> Result<(), PictureError> {
        let mut content =
            Content { steps: u64::try_from(data.len() / STEP_SIZE_BYTES).unwrap_or(u64::MAX), ..Content::default() };
        let mut instructions = TypedIter::new(data);
        self.steps_read = self.steps_read.saturating_add(content.steps);
        while let Some(instruction) = instructions.next() {
            content.steps += 1;
            self.steps_read += 1;
            if self.steps_read > STEP_COUNT_MAX {
                return Err(too_many());
            }
            if let TypedInstruction::InlineImage(image) = &instruction {
                images::check(image.0, self.limits)?;
            }
            if let TypedInstruction::XObject(name) = instruction
                && let Some(stream) = resources.resources.get_x_object(name.0)
                && stream.dict().get::<Name<'_>>("Subtype").is_none_or(|subtype| subtype.as_ref() != b"Image")
            {
                content.forms.extend(self.find(stream, resources)?);
            }
        }
        if resources.owner == index {
            self.find_others(resources)?;
        }
        if let Some(place) = self.contents.get_mut(index) {
            *place = content;
        }
        Ok(())
    }

    /// What is drawn by other instructions than those that draw forms, each once.
    fn find_others(&mut self, resources: &Owned<'a>) -> Result<(), PictureError> {
        let shared = Rc::clone(&resources.resources);
        for name in shared.patterns.keys() {
            if let Some(cell) = shared.patterns.get::<Stream<'a>>(&name) {
                self.find(cell, resources)?;
            }
        }
        for name in shared.ext_g_states.keys() {
            let state = shared.ext_g_states.get::<Dict<'a>>(&name);
            if let Some(mask) = state.and_then(|state| state.get::<Dict<'a>>("SMask")?.get::<Stream<'a>>("G")) {
                self.find(mask, resources)?;
            }
        }
        for name in shared.fonts.keys() {
            let Some(font) = shared.fonts.get::<Dict<'a>>(&name) else { continue };
            let Some(glyphs) = font.get::<Dict<'a>>("CharProcs") else { continue };
            let own = font.get::<Dict<'a>>("Resources").map(Resources::new);
            let own = own.map(|own| Owned { owner: self.contents.len(), resources: Rc::new(own) });
            for name in glyphs.keys() {
                if let Some(glyph) = glyphs.get::<Stream<'a>>(&name) {
                    self.find(glyph, own.as_ref().unwrap_or(resources))?;
                }
            }
        }
        Ok(())
    }

    /// The index of a content, which is read once.
    fn find(&mut self, stream: Stream<'a>, resources: &Owned<'a>) -> Result<Option<usize>, PictureError> {
        let Some(id) = stream.dict().obj_id() else { return Ok(None) };
        let own = stream.dict().get::<Dict<'a>>("Resources").map(Resources::new);
        // With resources of its own it is the same everywhere.
        let owner = if own.is_some() { usize::MAX } else { resources.owner };
        if let Some(index) = self.known.get(&(id, owner)) {
            return Ok(Some(*index));
        }
        let index = self.contents.len();
        if index >= CONTENT_COUNT_MAX {
            return Err(PictureError::PdfLimit { what: "forms in one page", limit: CONTENT_COUNT_MAX });
        }
        self.contents.push(Content::default());
        self.known.insert((id, owner), index);
        let resources = own.map_or_else(|| resources.clone(), |own| Owned { owner: index, resources: Rc::new(own) });
        self.waiting.push_back((index, stream, resources));
        Ok(Some(index))
    }

    /// The steps of the content that takes most, with all forms that it draws.
    fn most_steps(&self) -> u64 {
        let mut steps = vec![0_u64; self.contents.len()];
        for _level in 0..LEVEL_COUNT {
            let next: Vec<u64> = self
                .contents
                .iter()
                .map(|content| {
                    let forms = content.forms.iter().filter_map(|form| steps.get(*form));
                    forms.fold(content.steps, |sum, steps| sum.saturating_add(*steps))
                })
                .collect();
            if next == steps {
                break;
            }
            steps = next;
        }
        steps.into_iter().max().unwrap_or(0)
    }
}

pub(super) fn too_many() -> PictureError {
    PictureError::PdfLimit {
        what: "steps to draw one page",
        limit: usize::try_from(STEP_COUNT_MAX).unwrap_or(usize::MAX),
    }
}
