//! Words that are broken at the end of a line: told unbroken, so that they are found, copied and read out as one.
//!
//! The glyph of the hyphen stands for a soft hyphen (ISO 32000-1, 14.8.2.2.3), which few programs that read text take
//! out again. So the piece before it says the whole word, and hyphen and rest say nothing (14.9.4). Programs that know
//! nothing of replaced text still find the soft hyphen.

use std::ops::Range;

use crate::document::{Document, Glyph, GlyphRun, Item};

/// A hyphen that the engine has shown, as the document's text has it.
const SOFT_HYPHEN: &str = "\u{AD}";

/// Items between a line's last run and the first of the next: lines under words, marks, patches.
const LOOK_AHEAD_COUNT: usize = 12;

/// A word that is broken at the end of a run.
pub(super) struct BrokenWord {
    /// Where in the document's text the piece before the hyphen begins.
    pub(super) start: u32,
    /// The whole word, without hyphen.
    pub(super) word: String,
    /// Where in the document's text the rest stands.
    pub(super) rest: Range<u32>,
}

/// The word that is broken at the end of a run, given what is painted after it. `is_plain` says whether the glyphs of
/// a run tell its text one after the other.
pub(super) fn broken_word(
    document: &Document,
    run: &GlyphRun,
    after: &[Item],
    is_plain: impl Fn(&GlyphRun) -> bool,
) -> Option<BrokenWord> {
    let text = |range: &Range<u32>| document.text.get(range.start as usize..range.end as usize).unwrap_or_default();
    let after = match after.split_first() {
        Some((Item::Glyphs(next), after)) if is_hyphen(document, next) => after,
        _ if text(&run.text).ends_with(SOFT_HYPHEN) && !is_hyphen(document, run) => after,
        _ => return None,
    };
    let next = after.iter().take(LOOK_AHEAD_COUNT).find_map(|item| match item {
        Item::Glyphs(next) => Some(next),
        _ => None,
    })?;
    // What stands in another text, or in another column that is painted elsewhere, is not the rest.
    if next.text.start != run.text.end || !is_plain(run) || !is_plain(next) {
        return None;
    }
    let before = text(&run.text);
    let last = before.rfind(char::is_whitespace).and_then(|at| Some(at + before.get(at..)?.chars().next()?.len_utf8()));
    let start = run.text.start + u32::try_from(last.unwrap_or(0)).ok()?;
    let rest = text(&next.text);
    let rest = rest.get(..rest.find(char::is_whitespace).unwrap_or(rest.len()))?;
    let head = text(&(start..run.text.end));
    let begins = |glyph: &Glyph| glyph.text_length > 0 && glyph.text_start == start;
    let is_whole = glyphs_of(document, run).iter().any(begins);
    (is_whole && !rest.is_empty() && head.chars().any(char::is_alphanumeric)).then(|| BrokenWord {
        start,
        word: head.chars().chain(rest.chars()).filter(|character| !SOFT_HYPHEN.contains(*character)).collect(),
        rest: next.text.start..next.text.start + u32::try_from(rest.len()).unwrap_or(0),
    })
}

/// Whether a run is the hyphen of a broken word.
pub(super) fn is_hyphen(document: &Document, run: &GlyphRun) -> bool {
    let length = SOFT_HYPHEN.len();
    (run.text.end.saturating_sub(run.text.start)) as usize == length
        && document.text.get(run.text.start as usize..run.text.end as usize) == Some(SOFT_HYPHEN)
}

fn glyphs_of<'d>(document: &'d Document, run: &GlyphRun) -> &'d [Glyph] {
    document.glyphs.get(run.glyphs.start as usize..run.glyphs.end as usize).unwrap_or_default()
}
