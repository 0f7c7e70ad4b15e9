//! Text as it stands on the pages: what each line says, and where.

use chancery_render::Document;
use chancery_render::document::{GlyphRun, Item, Page};

/// Runs on baselines that are nearer than this stand on one line.
const BASELINE_TOLERANCE: f32 = 0.01;

/// Runs that are nearer than this follow each other without a gap.
const GAP_TOLERANCE: f32 = 0.06;

/// Text that stands on one baseline without a gap.
struct Piece {
    left: f32,
    right: f32,
    baseline: f32,
    size: f32,
    text: String,
}

/// What each line says, a page after the other; pieces of one line that have a gap between them are divided.
pub(crate) fn text(document: &Document) -> String {
    by_page(document, |page| {
        let mut lines: Vec<String> = Vec::new();
        let mut last = f32::NAN;
        for piece in pieces(document, page) {
            match lines.last_mut() {
                Some(line) if (piece.baseline - last).abs() < BASELINE_TOLERANCE => {
                    line.push_str(" | ");
                    line.push_str(piece.text.trim());
                }
                _ => lines.push(piece.text.trim().to_owned()),
            }
            last = piece.baseline;
        }
        lines
    })
}

/// Left end, baseline and right end of each piece, its size, and what it says.
pub(crate) fn lines(document: &Document) -> String {
    by_page(document, |page| {
        let line = |piece: Piece| {
            let Piece { left, right, baseline, size, text } = piece;
            let size = if size == 10.0 { String::new() } else { format!(" ({size:.2})") };
            format!("{left:.2} {baseline:.2} to {right:.2}{size}: {}", text.trim_end())
        };
        pieces(document, page).into_iter().map(line).collect()
    })
}

/// Puts a heading above each page when there are several.
pub(crate) fn by_page(document: &Document, lines: impl Fn(&Page) -> Vec<String>) -> String {
    let mut out = Vec::new();
    for (index, page) in document.pages.iter().enumerate() {
        if document.pages.len() > 1 {
            out.push(format!("page {}", index + 1));
        }
        out.extend(lines(page));
    }
    out.join("\n")
}

/// What a run says.
pub(crate) fn said<'d>(document: &'d Document, run: &GlyphRun) -> &'d str {
    document.text.get(run.text.start as usize..run.text.end as usize).unwrap_or("(no text)")
}

/// Width of a run.
#[expect(clippy::cast_precision_loss, reason = "advances of a line are far below the precision of a number")]
pub(crate) fn width(document: &Document, run: &GlyphRun) -> f32 {
    let glyphs = &document.glyphs[run.glyphs.start as usize..run.glyphs.end as usize];
    let advance: i64 = glyphs.iter().map(|glyph| i64::from(glyph.advance)).sum();
    let units = f32::from(document.faces[run.face as usize].units_per_em());
    advance as f32 * run.size / units + run.letter_spacing * glyphs.len() as f32
}

fn pieces(document: &Document, page: &Page) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for item in &page.items {
        let Item::Glyphs(run) = item else { continue };
        let (left, baseline, text) = (run.origin.x, run.origin.y, said(document, run));
        let right = left + width(document, run);
        match pieces.last_mut() {
            Some(last)
                if (last.baseline - baseline).abs() < BASELINE_TOLERANCE
                    && (last.right - left).abs() < GAP_TOLERANCE
                    && last.size == run.size =>
            {
                last.right = right;
                last.text.push_str(text);
            }
            _ => pieces.push(Piece { left, right, baseline, size: run.size, text: text.to_owned() }),
        }
    }
    pieces
}
