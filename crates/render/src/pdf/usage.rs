//! Which glyphs a document uses, and what text each of them stands for.

use std::cmp::Ordering;
use std::ops::Range;

use super::PdfError;
use super::figures::Figures;
use crate::document::{Document, Glyph, GlyphRun, Item, Posture};
use crate::fonts::Face;

/// Glyphs of all faces of one document. The memory is kept between documents.
#[derive(Default)]
pub(super) struct Usage {
    faces: Vec<FaceUsage>,
    figures: Figures,
    /// Starts (in the pool of glyphs) of the runs whose text must be given as a whole, in ascending order.
    jumbled: Vec<u32>,
    /// Starts of the runs with clusters whose text must be given, in ascending order.
    untold: Vec<u32>,
    cluster_texts: Vec<GlyphText>,
    /// Faces whose glyphs stand upright in lines that go down, ascending.
    upright: Vec<u32>,
}

/// How the text of a run is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// Each glyph stands for the text that it stands for everywhere.
    Glyphs,
    /// Some glyphs stand for another text here, or are a part of a letter, such as its dots.
    Clusters,
    /// The clusters do not follow one another in one direction: the text is given for the whole run.
    Run,
}

/// By which code a glyph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// The glyph's own.
    Usual,
    /// That of a variant.
    Variant(usize),
    /// The glyph's own, with the text given beside it.
    None,
}

/// Glyphs of one face.
#[derive(Default)]
pub(super) struct FaceUsage {
    /// By glyph: the text it stands for.
    texts: Vec<GlyphText>,
    /// Glyphs in use, each once, ascending after [`FaceUsage::finish`].
    used: Vec<u16>,
    /// Glyphs that stand for another text than above in places, ascending, each text once.
    variants: Vec<(u16, GlyphText)>,
}

/// Variants of one face. What goes beyond has its text given where it is shown.
const VARIANT_COUNT_MAX: usize = 512;

/// A range of the document's text, and its first bytes to compare quickly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct GlyphText {
    /// Bytes of the cluster plus one; 0 while the glyph is not used.
    length_and_one: u32,
    start: u32,
    /// The first bytes, filled up with zeros.
    head: u32,
}

/// The text of a glyph that is only a part of its cluster.
const NO_TEXT: GlyphText = GlyphText { length_and_one: 1, start: 0, head: 0 };

impl Usage {
    /// Looks at every glyph of the document once.
    pub(super) fn collect(&mut self, document: &Document) -> Result<(), PdfError> {
        self.jumbled.clear();
        self.untold.clear();
        self.upright.clear();
        for face in &mut self.faces {
            face.clear();
        }
        if self.faces.len() < document.faces.len() {
            self.faces.resize_with(document.faces.len(), FaceUsage::default);
        }
        for (usage, face) in self.faces.iter_mut().zip(&document.faces) {
            usage.texts.resize(face.glyph_count(), GlyphText::default());
        }
        for item in document.pages.iter().flat_map(|page| &page.items) {
            if let Item::Glyphs(run) = item {
                self.run(document, run)?;
                if run.posture != Posture::Along
                    && let Err(place) = self.upright.binary_search(&run.face)
                {
                    self.upright.insert(place, run.face);
                }
            }
        }
        self.jumbled.sort_unstable();
        self.untold.sort_unstable();
        for (usage, face) in self.faces.iter_mut().zip(&document.faces) {
            usage.finish(face, self.figures.of(face));
        }
        Ok(())
    }

    /// Faces whose glyphs stand upright in lines that go down, ascending.
    pub(super) fn upright(&self) -> &[u32] {
        &self.upright
    }

    /// The usage of one face of the document.
    pub(super) fn face(&self, index: usize) -> Option<&FaceUsage> {
        self.faces.get(index)
    }

    /// How the text of a run is told beyond what its glyphs stand for.
    pub(super) fn telling(&self, run: &GlyphRun) -> Telling {
        let has = |starts: &[u32]| !starts.is_empty() && starts.binary_search(&run.glyphs.start).is_ok();
        if has(&self.jumbled) || matches!(run.posture, Posture::Combined(_)) {
            // What shares a square is read at once, and not digit below digit.
            Telling::Run
        } else if has(&self.untold) {
            Telling::Clusters
        } else {
            Telling::Glyphs
        }
    }

    fn run(&mut self, document: &Document, run: &GlyphRun) -> Result<(), PdfError> {
        let dangling = || PdfError::Dangling { what: "face", index: run.face };
        let usage = self.faces.get_mut(run.face as usize).filter(|_| (run.face as usize) < document.faces.len());
        let usage = usage.ok_or_else(dangling)?;
        let text = document.text.as_bytes();
        let glyphs = glyphs(document, &run.glyphs)?;
        let mut told = true;
        let mut order = Order::default();
        // From the end, so that a cluster of several glyphs is known before its first glyph is looked at.
        for glyph in glyphs.iter().rev() {
            let new = GlyphText::of(glyph, text);
            let entry = usage.entry(glyph)?;
            if *entry == new && new != NO_TEXT {
                // By far the most common case.
            } else if new == NO_TEXT {
                told = false;
                break;
            } else if entry.length_and_one == 0 {
                *entry = new;
                usage.used.push(glyph.id);
            } else if !entry.says_the_same(new, text) {
                told = false;
                break;
            }
            order.follows(glyph.text_start);
        }
        if !told {
            order = usage.clusters(glyphs, text, &mut self.cluster_texts)?;
        }
        if order.is_jumbled() {
            self.jumbled.push(run.glyphs.start);
        } else if !told {
            self.untold.push(run.glyphs.start);
        }
        Ok(())
    }
}

/// Tells what each glyph of a run stands for. The text of a cluster of several glyphs is that of its widest: the others
/// are its dots and marks.
pub(super) fn cluster_texts(glyphs: &[Glyph], document_text: &[u8], out: &mut Vec<GlyphText>) {
    out.clear();
    for cluster in glyphs.chunk_by(|_, next| next.text_length == 0) {
        let widest = cluster.iter().map(|glyph| glyph.advance).max();
        let carrier = cluster.iter().position(|glyph| Some(glyph.advance) == widest);
        let text = cluster.first().map_or(NO_TEXT, |first| GlyphText::of(first, document_text));
        out.extend((0..cluster.len()).map(|place| if Some(place) == carrier { text } else { NO_TEXT }));
    }
}

/// The glyphs of a range of the pool.
pub(super) fn glyphs<'a>(document: &'a Document, range: &Range<u32>) -> Result<&'a [Glyph], PdfError> {
    document
        .glyphs
        .get(range.start as usize..range.end as usize)
        .ok_or(PdfError::Dangling { what: "glyph", index: range.end })
}

/// Follows whether clusters come in one direction, to the right or to the left.
#[derive(Default)]
struct Order {
    last: Option<u32>,
    rises: bool,
    falls: bool,
}

impl Order {
    fn follows(&mut self, start: u32) {
        if let Some(last) = self.last {
            self.rises |= start > last;
            self.falls |= start < last;
        }
        self.last = Some(start);
    }

    fn is_jumbled(&self) -> bool {
        self.rises && self.falls
    }
}

impl GlyphText {
    /// Whether there is no text: the glyph is only a part of its cluster.
    pub(super) const fn is_empty(self) -> bool {
        self.length_and_one <= 1
    }

    fn of(glyph: &Glyph, text: &[u8]) -> Self {
        let length = usize::from(glyph.text_length);
        if length == 0 {
            return NO_TEXT;
        }
        let length_and_one = u32::from(glyph.text_length) + 1;
        let rest = text.get(glyph.text_start as usize..).unwrap_or_default();
        let head = match rest.first_chunk::<4>() {
            Some(head) => u32::from_le_bytes(*head),
            None => {
                let mut head = [0; 4];
                head.iter_mut().zip(rest).for_each(|(place, &byte)| *place = byte);
                u32::from_le_bytes(head)
            }
        };
        // Texts of up to four bytes are told by the head alone; then the start would only make equal ones differ.
        match length {
            1 => Self { length_and_one, start: 0, head: head & 0xFF },
            2 => Self { length_and_one, start: 0, head: head & 0xFFFF },
            3 => Self { length_and_one, start: 0, head: head & 0xFF_FFFF },
            4 => Self { length_and_one, start: 0, head },
            _ => Self { length_and_one, start: glyph.text_start, head },
        }
    }

    fn says_the_same(self, other: Self, text: &[u8]) -> bool {
        self.length_and_one == other.length_and_one
            && self.head == other.head
            && (self.length_and_one <= 5 || self.long(text) == other.long(text))
    }

    /// The text.
    pub(super) fn to_text(self, document_text: &str) -> String {
        let mut bytes = Vec::new();
        self.push(document_text, &mut bytes);
        String::from_utf8(bytes).unwrap_or_default()
    }

    fn push(self, document_text: &str, out: &mut Vec<u8>) {
        let length = (self.length_and_one as usize).saturating_sub(1);
        if length <= 4 {
            out.extend_from_slice(self.head.to_le_bytes().get(..length).unwrap_or_default());
        } else {
            out.extend_from_slice(self.long(document_text.as_bytes()));
        }
    }

    fn long(self, text: &[u8]) -> &[u8] {
        let start = self.start as usize;
        text.get(start..start.saturating_add(self.length_and_one as usize).saturating_sub(1)).unwrap_or_default()
    }
}

/// Digits, and what comes along with them.
pub(super) const FIGURES: &str = "0123456789.,-+/%";

/// From this many different letters on, the whole alphabet is taken: the next document will need the others.
const ALPHABET_LETTER_COUNT_MIN: usize = 10;

impl FaceUsage {
    fn clear(&mut self) {
        for &glyph in &self.used {
            if let Some(entry) = self.texts.get_mut(usize::from(glyph)) {
                *entry = GlyphText::default();
            }
        }
        self.used.clear();
        self.variants.clear();
    }

    fn entry(&mut self, glyph: &Glyph) -> Result<&mut GlyphText, PdfError> {
        let dangling = PdfError::Dangling { what: "glyph", index: u32::from(glyph.id) };
        self.texts.get_mut(usize::from(glyph.id)).ok_or(dangling)
    }

    /// Looks at a run whose glyphs may stand for another text than elsewhere; `texts` is memory to use.
    fn clusters(&mut self, glyphs: &[Glyph], text: &[u8], texts: &mut Vec<GlyphText>) -> Result<Order, PdfError> {
        let mut order = Order::default();
        cluster_texts(glyphs, text, texts);
        for (glyph, &new) in glyphs.iter().zip(&*texts) {
            let entry = self.entry(glyph)?;
            if entry.length_and_one == 0 {
                *entry = new;
                self.used.push(glyph.id);
            } else if !entry.says_the_same(new, text)
                && let Err(place) = self.find_variant(glyph.id, new, text)
                && self.variants.len() < VARIANT_COUNT_MAX
            {
                self.variants.insert(place, (glyph.id, new));
            }
            if !new.is_empty() {
                order.follows(glyph.text_start);
            }
        }
        Ok(order)
    }

    /// Where a variant is, or would be.
    fn find_variant(&self, glyph: u16, wanted: GlyphText, text: &[u8]) -> Result<usize, usize> {
        self.variants.binary_search_by(|&(other, known)| {
            let key = |text: GlyphText| (text.length_and_one, text.head);
            let first = (other, key(known)).cmp(&(glyph, key(wanted)));
            first.then_with(|| {
                if known.length_and_one <= 5 { Ordering::Equal } else { known.long(text).cmp(wanted.long(text)) }
            })
        })
    }

    /// How a glyph that stands for this text is written.
    pub(super) fn spelling(&self, glyph: &Glyph, wanted: GlyphText, document_text: &str) -> Spelling {
        let text = document_text.as_bytes();
        match self.texts.get(usize::from(glyph.id)) {
            Some(entry) if entry.says_the_same(wanted, text) => Spelling::Usual,
            _ => self.find_variant(glyph.id, wanted, text).map_or(Spelling::None, Spelling::Variant),
        }
    }

    /// The glyphs that stand for another text in places.
    pub(super) fn variants(&self) -> impl ExactSizeIterator<Item = u16> {
        self.variants.iter().map(|&(glyph, _)| glyph)
    }

    /// The glyphs in use, ascending.
    pub(super) fn used(&self) -> &[u16] {
        &self.used
    }

    /// Appends the text that a glyph stands for.
    pub(super) fn push_text(&self, glyph: u16, document_text: &str, out: &mut Vec<u8>) {
        if let Some(entry) = self.texts.get(usize::from(glyph)) {
            entry.push(document_text, out);
        }
    }

    /// Appends the text of a variant.
    pub(super) fn push_variant_text(&self, variant: usize, document_text: &str, out: &mut Vec<u8>) {
        if let Some((_, entry)) = self.variants.get(variant) {
            entry.push(document_text, out);
        }
    }

    /// Completes the set, so that documents of one template with other data need the same subset. This depends on
    /// nothing but the document, so the same document always gets the same subset.
    fn finish(&mut self, face: &Face, figures: &[(u16, char)]) {
        let is_used = |usage: &Self, character| face.glyph(character).is_some_and(|glyph| usage.contains(glyph));
        if ('0'..='9').any(|digit| is_used(self, digit)) {
            self.add_all(face, FIGURES.chars());
        }
        if figures.iter().any(|&(glyph, character)| character.is_ascii_digit() && self.contains(glyph)) {
            for &(glyph, character) in figures {
                self.add(glyph, character);
            }
        }
        for alphabet in ['a'..='z', 'A'..='Z'] {
            let count = alphabet.clone().filter(|&letter| is_used(self, letter)).count();
            if count >= ALPHABET_LETTER_COUNT_MIN {
                self.add_all(face, alphabet);
            }
        }
        self.used.sort_unstable();
    }

    fn contains(&self, glyph: u16) -> bool {
        self.texts.get(usize::from(glyph)).is_some_and(|text| text.length_and_one != 0)
    }

    fn add_all(&mut self, face: &Face, characters: impl Iterator<Item = char>) {
        for character in characters {
            if let Some(glyph) = face.glyph(character) {
                self.add(glyph, character);
            }
        }
    }

    fn add(&mut self, glyph: u16, character: char) {
        let Some(entry) = self.texts.get_mut(usize::from(glyph)) else { return };
        if entry.length_and_one != 0 {
            return;
        }
        self.used.push(glyph);
        let mut head = [0; 4];
        let length = character.encode_utf8(&mut head).len();
        *entry = GlyphText {
            length_and_one: u32::try_from(length).unwrap_or_default() + 1,
            start: 0,
            head: u32::from_le_bytes(head),
        };
    }
}
