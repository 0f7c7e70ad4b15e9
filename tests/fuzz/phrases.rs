//! Changes expressions as expressions: whole terms are exchanged, wrapped and left out, so that brackets still match.
//!
//! Bytes changed at random are hardly ever an expression any more, and never reach the arguments of a function.

use std::ops::Range;
use std::sync::LazyLock;

use crate::dice::Dice;

/// Signs of more than one letter, the longest first.
const SIGNS: [&str; 26] = [
    ">>>", "===", "!==", "...", "**", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "<<", ">>", "{{", "}}",
    "{%", "%}", "${", "++", "--", "+=", "\\(", "\\)",
];
/// Values at the edge of something.
const EDGES: [&str; 34] = [
    "0",
    "-0",
    "1",
    "-1",
    "0.5",
    "1e-7",
    "1e21",
    "1e308",
    "-1e308",
    "2**53",
    "4294967296",
    "NaN",
    "Infinity",
    "-Infinity",
    "null",
    "undefined",
    "true",
    "false",
    "''",
    "'ä😀'",
    "'0x1f'",
    "' 12 '",
    "[]",
    "[,1]",
    "{}",
    "[[1, 2], [3]]",
    "data.items",
    "data.price",
    "data.text",
    "x => x",
    "/(a+)|b/giu",
    "'2026-02-29T23:59:60Z'",
    "'de-CH'",
    "'EUR'",
];

/// Every example of the reference, and the terms in it.
static PHRASES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let reference = chancery_render::expression::reference_markdown();
    let mut phrases: Vec<String> = EDGES.map(str::to_owned).into();
    for example in reference.split("```js\n").skip(1) {
        let lines = example.split("```").next().unwrap_or_default().lines();
        let source = lines.filter(|line| !line.starts_with("//")).collect::<Vec<_>>().join(" ");
        let tokens = tokens(&source);
        for index in 0..tokens.len() {
            phrases.push(source[term(&source, &tokens, index, usize::MAX)].to_owned());
        }
        phrases.push(source);
    }
    phrases.sort();
    phrases.dedup();
    phrases
});

/// An expression with one term changed.
pub(crate) fn change(source: &str, dice: &mut Dice) -> String {
    let tokens = tokens(source);
    let phrase = dice.pick(&PHRASES).cloned().unwrap_or_default();
    let index = dice.index(tokens.len());
    if tokens.is_empty() {
        return phrase;
    }
    let range = term(source, &tokens, index, dice.index(4));
    let (before, this, after) = (&source[..range.start], &source[range.clone()], &source[range.end..]);
    let other = dice.index(tokens.len());
    let other = &source[term(source, &tokens, other, dice.index(4))];
    match dice.below(8) {
        0 | 1 => format!("{before}{phrase}{after}"),
        2 => format!("{before}{other}{after}"),
        3 => format!("{before}{after}"),
        4 => format!("{before}{}({this}){after}", name(&phrase)),
        5 => format!("{before}{this}.{}({other}){after}", name(&phrase)),
        6 => format!("{before}{this}, {phrase}{after}"),
        _ => format!("{before}{}{after}", EDGES[dice.index(EDGES.len())]),
    }
}

/// The last name before a bracket: that of a function or a method.
fn name(phrase: &str) -> &str {
    let head = phrase.split('(').next().unwrap_or_default();
    head.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
}

/// Where the words, numbers, texts and signs of an expression are.
fn tokens(source: &str) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = source[start..].chars().next() {
        let rest = &source[start..];
        let length = if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else if first == '\'' || first == '"' {
            rest[1..].find(first).map_or(1, |end| end + 2)
        } else {
            SIGNS.iter().find(|sign| rest.starts_with(**sign)).map_or(first.len_utf8(), |sign| sign.len())
        };
        if !first.is_whitespace() {
            tokens.push(start..start + length);
        }
        start += length;
    }
    tokens
}

/// The term that begins with a token: what its bracket holds, and up to `calls` calls and members behind it.
fn term(source: &str, tokens: &[Range<usize>], index: usize, calls: usize) -> Range<usize> {
    let text = |index: usize| tokens.get(index).map_or("", |token| &source[token.clone()]);
    let mut last = closing(source, tokens, index);
    for _ in 0..calls {
        last = match text(last + 1) {
            "(" | "[" => closing(source, tokens, last + 1),
            "." | "?." if !text(last + 2).is_empty() => last + 2,
            _ => break,
        };
    }
    let end = |index: usize| tokens.get(index).map_or(source.len(), |token| token.end);
    tokens.get(index).map_or(0, |token| token.start)..end(last).max(end(index))
}

/// The token that closes the bracket that a token opens; itself when it opens none.
fn closing(source: &str, tokens: &[Range<usize>], index: usize) -> usize {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(index) {
        match &source[token.clone()] {
            "(" | "[" | "{" | "{{" | "${" => depth += 1,
            ")" | "]" | "}" | "}}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return place;
        }
    }
    index
}
