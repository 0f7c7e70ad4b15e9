//! Choosing line ends: line by line, in balance, or all together.

use super::super::FIT_TOLERANCE;
use super::opportunities::{Ending, Opportunity, first_beginning, opportunities};
use super::total_fit::total_fit;
use super::{HYPHENS_IN_A_ROW_MAX, LineEnd, Paragraph};
use crate::template::model::Wrap;

/// Places that are weighed together; a paragraph of a thousand lines has less. What is longer is cut line by line.
const TOTAL_FIT_COUNT_MAX: usize = 20_000;

/// Halvings that find the width of balanced lines: the last one is below a thousandth of a point.
const BALANCE_STEP_COUNT: usize = 24;

/// When lines are not justified, no word is broken to gain less than this part of the width.
const HYPHENATION_ZONE: f64 = 0.08;

/// The ends of all lines of a paragraph, the last one that of the paragraph.
pub(in crate::text) fn choose(paragraph: &Paragraph<'_>) -> Vec<LineEnd> {
    let mut list = opportunities(paragraph, paragraph.wrap != Wrap::Balance);
    if paragraph.wrap == Wrap::Balance
        && list.iter().any(|place| matches!(place.ending, Ending::Mark | Ending::Anywhere | Ending::Torn))
    {
        // Headings break words only when nothing else helps.
        list = opportunities(paragraph, true);
    }
    let chosen = match paragraph.wrap {
        Wrap::Pretty if list.len() <= TOTAL_FIT_COUNT_MAX => total_fit(paragraph, &list),
        Wrap::Greedy | Wrap::Pretty => greedy(paragraph, &list, paragraph.width),
        Wrap::Balance => balance(paragraph, &list),
    };
    let place = |index: usize| list.get(index).copied();
    let end = |place: Opportunity| LineEnd { piece: place.piece, hyphen: place.ending == Ending::Hyphen };
    chosen.into_iter().filter_map(place).map(end).collect()
}

/// Fills line by line; gives indexes of places.
fn greedy(paragraph: &Paragraph<'_>, list: &[Opportunity], width: f64) -> Vec<usize> {
    let mut chosen = Vec::new();
    let mut from = first_beginning(paragraph);
    let mut first = 0;
    let mut hyphens = 0;
    while first < list.len() {
        let mut best_hyphen = None;
        let mut best_word = None;
        let mut best_mark = None;
        let mut best_anywhere = None;
        let mut best_torn = None;
        for (index, place) in list.iter().enumerate().skip(first) {
            if place.width_from(from, paragraph) <= width + FIT_TOLERANCE {
                match place.ending {
                    Ending::Hyphen => best_hyphen = Some(index),
                    Ending::Word | Ending::Last => best_word = Some((index, place.end - from.width)),
                    Ending::Mark => best_mark = Some(index),
                    Ending::Anywhere => best_anywhere = Some(index),
                    Ending::Torn => best_torn = Some(index),
                }
            } else if place.end - from.width > width + FIT_TOLERANCE {
                break;
            }
        }
        let best = match best_word {
            Some((word, used)) => {
                let is_full = !paragraph.is_justified && width - used <= HYPHENATION_ZONE * width;
                let may_break = hyphens < HYPHENS_IN_A_ROW_MAX && !is_full;
                best_hyphen.filter(|hyphen| may_break && *hyphen > word).or(Some(word))
            }
            // A word that is wider than a line begins on a line of its own before it is broken anywhere.
            None => best_hyphen.or(best_mark).or(best_anywhere).or(best_torn),
        };
        // At least one place is taken, so that the loop ends however narrow the room is.
        let index = best.unwrap_or(first);
        let Some(place) = list.get(index) else { break };
        hyphens = if place.ending == Ending::Hyphen { hyphens + 1 } else { 0 };
        from = place.beginning();
        chosen.push(index);
        first = index + 1;
    }
    chosen
}

/// As few lines as possible, in the narrowest width that needs no more of them.
fn balance(paragraph: &Paragraph<'_>, list: &[Opportunity]) -> Vec<usize> {
    let mut best = greedy(paragraph, list, paragraph.width);
    let line_count = best.len();
    if line_count < 2 || !paragraph.width.is_finite() {
        return best;
    }
    let (mut narrow, mut wide) = (0.0, paragraph.width);
    for _ in 0..BALANCE_STEP_COUNT {
        let middle = (narrow + wide) / 2.0;
        let chosen = greedy(paragraph, list, middle);
        if chosen.len() <= line_count && fits(paragraph, list, &chosen) {
            wide = middle;
            best = chosen;
        } else {
            narrow = middle;
        }
    }
    best
}

/// Whether no line is wider than the room: lines of one piece may be wider than a width that is tried.
fn fits(paragraph: &Paragraph<'_>, list: &[Opportunity], chosen: &[usize]) -> bool {
    let mut from = first_beginning(paragraph);
    chosen.iter().filter_map(|index| list.get(*index)).all(|place| {
        let width = place.width_from(from, paragraph);
        from = place.beginning();
        width <= paragraph.width + FIT_TOLERANCE
    })
}
