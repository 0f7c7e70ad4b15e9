//! All line ends of a paragraph chosen together: the way through it that costs least (Knuth and Plass, "Breaking
//! Paragraphs into Lines", 1981).

use super::super::FIT_TOLERANCE;
use super::opportunities::{Beginning, Ending, Opportunity, first_beginning};
use super::{HYPHENS_IN_A_ROW_MAX, Paragraph};

/// How much a space may grow before it is bad, and shrink at all, in spaces.
const SPACE_STRETCH: f64 = 0.5;
pub(in crate::text) const SPACE_SHRINK: f64 = 0.25;

/// Free room that is bad in lines that are not justified, as a part of the width.
const RAGGED_STRETCH: f64 = 0.16;

/// Cost of a hyphen, where spaces gain by it and where only the edge does, and of ends
/// inside of a word that is wider than a line.
const HYPHEN_COST: f64 = 50.0;
const RAGGED_HYPHEN_COST: f64 = 180.0;
const MARK_COST: f64 = 2_000.0;
const ANYWHERE_COST: f64 = 5_000.0;
const TORN_COST: f64 = 8_000.0;

/// Added when a line ends with a hyphen as the one before does.
const HYPHENS_IN_A_ROW_COST: f64 = 6_000.0;

/// Added when there are more hyphens in a row than are wanted; any line that fits is better.
const TOO_MANY_HYPHENS_COST: f64 = 1e14;

/// Added when the last line begins with a part of a word.
const LAST_HYPHEN_COST: f64 = 60_000.0;

/// Added when the last line is shorter than this part of the width.
const LAST_LINE_MIN: f64 = 0.15;
const SHORT_LAST_LINE_COST: f64 = 20_000.0;

/// The worst that a line that fits can be; beyond, all are as bad.
const BADNESS_MAX: f64 = 1e6;

/// Cost of a line that is too wide; taken only where nothing else is possible.
const OVERFULL_COST: f64 = 1e15;

/// The best known way to a place that ends with so many hyphens in a row.
#[derive(Clone, Copy)]
struct Way {
    cost: f64,
    /// Place where the line before ends, none at the paragraph's beginning, and its hyphens in a row.
    from: Option<(usize, usize)>,
}

type Ways = [Option<Way>; HYPHENS_IN_A_ROW_MAX + 1];

/// The indexes of the places at which lines end.
pub(super) fn total_fit(paragraph: &Paragraph<'_>, list: &[Opportunity]) -> Vec<usize> {
    let start = first_beginning(paragraph);
    let mut ways: Vec<Ways> = Vec::with_capacity(list.len());
    for (index, place) in list.iter().enumerate() {
        let mut best: Ways = Ways::default();
        // Backwards: each line is longer than the one looked at before.
        for before in (0..=index).rev() {
            let from = match before.checked_sub(1) {
                None => start,
                Some(before) => match list.get(before) {
                    Some(before) => before.beginning(),
                    None => continue,
                },
            };
            let is_only_piece = before == index;
            let Some(cost) = line_cost(paragraph, from, place, is_only_piece) else { break };
            match before.checked_sub(1) {
                None => consider(&mut best, place, cost, 0.0, 0, None),
                Some(before) => {
                    let known = ways.get(before).copied().unwrap_or_default();
                    for (hyphens, way) in known.iter().enumerate() {
                        if let Some(way) = way {
                            consider(&mut best, place, cost, way.cost, hyphens, Some((before, hyphens)));
                        }
                    }
                }
            }
        }
        ways.push(best);
    }
    backwards(&ways)
}

/// Notes a way to a place when it is the cheapest.
fn consider(
    best: &mut Ways,
    place: &Opportunity,
    line_cost: f64,
    cost_before: f64,
    hyphens_before: usize,
    from: Option<(usize, usize)>,
) {
    let is_hyphen = place.ending == Ending::Hyphen;
    let hyphens = if is_hyphen { (hyphens_before + 1).min(HYPHENS_IN_A_ROW_MAX) } else { 0 };
    let mut cost = cost_before + line_cost;
    if is_hyphen && hyphens_before > 0 {
        cost += if hyphens_before < HYPHENS_IN_A_ROW_MAX { HYPHENS_IN_A_ROW_COST } else { TOO_MANY_HYPHENS_COST };
    }
    if place.ending == Ending::Last && hyphens_before > 0 {
        cost += LAST_HYPHEN_COST;
    }
    if let Some(slot) = best.get_mut(hyphens)
        && slot.is_none_or(|known| cost < known.cost)
    {
        *slot = Some(Way { cost, from });
    }
}

/// What a line costs; nothing when it is too long, as are then all longer ones.
fn line_cost(paragraph: &Paragraph<'_>, from: Beginning, place: &Opportunity, is_only_piece: bool) -> Option<f64> {
    let free = paragraph.width - place.width_from(from, paragraph);
    let spaces = f64::from(place.spaces[0].saturating_sub(from.spaces)) * paragraph.space;
    let shrink = if paragraph.is_justified { spaces * SPACE_SHRINK } else { 0.0 };
    if free + shrink < -FIT_TOLERANCE {
        // With its hyphen it may be too long where the next place is not.
        let is_too_long = place.end - from.width - shrink > paragraph.width + FIT_TOLERANCE;
        return match (is_only_piece, is_too_long) {
            (false, true) => None,
            _ => Some(OVERFULL_COST),
        };
    }
    let is_last = place.ending == Ending::Last;
    let ratio = if free < 0.0 {
        -free / shrink.max(FIT_TOLERANCE)
    } else if is_last {
        0.0
    } else {
        free / stretch(paragraph, from, place, spaces).max(FIT_TOLERANCE)
    };
    let badness = (100.0 * ratio * ratio * ratio).min(BADNESS_MAX);
    let penalty = match place.ending {
        Ending::Hyphen if paragraph.is_justified => HYPHEN_COST,
        Ending::Hyphen => RAGGED_HYPHEN_COST,
        Ending::Mark => MARK_COST,
        Ending::Anywhere => ANYWHERE_COST,
        Ending::Torn => TORN_COST,
        Ending::Word | Ending::Last => 0.0,
    };
    let cost = (1.0 + badness + penalty) * (1.0 + badness + penalty);
    let is_short = is_last && from.piece > 0 && paragraph.width - free < LAST_LINE_MIN * paragraph.width;
    Some(if is_short { cost + SHORT_LAST_LINE_COST } else { cost })
}

/// How much a line can grow before it is bad.
fn stretch(paragraph: &Paragraph<'_>, from: Beginning, place: &Opportunity, spaces: f64) -> f64 {
    if !paragraph.is_justified {
        return RAGGED_STRETCH * paragraph.width;
    }
    let letters = f64::from(super::super::units::index32(place.piece.saturating_sub(from.piece)));
    spaces * SPACE_STRETCH + letters * paragraph.letter_stretch
}

/// The places of the best way, from the last one to the first, turned around.
fn backwards(ways: &[Ways]) -> Vec<usize> {
    let mut chosen = Vec::new();
    let Some(last) = ways.len().checked_sub(1) else { return chosen };
    // The paragraph's end is no hyphen.
    let mut at = Some((last, 0));
    while let Some((index, hyphens)) = at {
        chosen.push(index);
        let way = ways.get(index).and_then(|ways| ways.get(hyphens).copied().flatten());
        at = way.and_then(|way| way.from);
    }
    chosen.reverse();
    chosen
}
