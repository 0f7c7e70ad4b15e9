//! Blocks: headings, paragraphs, lists, pictures and what is around them.

use serde_json::{Value as Json, json};

use super::GAP_POINTS;
use super::look::{BoxOf, Look, length};
use super::marks::{Piece, Scope, TOO_DEEP, inline, pieces, value, without_deep};
use super::tree::{Child, Element};
use crate::node::{Properties, points};
use crate::note::Notes;

/// Elements that stand in a line of text.
const INLINE: [&str; 26] = [
    "a", "abbr", "b", "big", "br", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s",
    "small", "span", "strike", "strong", "sub", "sup", "time", "u", "wbr",
];

/// Elements that show nothing on paper.
const UNSEEN: [&str; 9] = ["head", "link", "meta", "noscript", "script", "style", "template", "title", "base"];

pub(super) struct Blocks<'n> {
    pub(super) notes: &'n mut Notes,
}

/// A stretch of children.
enum Part<'c> {
    /// Text and inline elements.
    Words(Vec<Child>),
    Block(&'c Element),
    Mark(Piece),
}

impl Part<'_> {
    fn mark(&self) -> Option<&Piece> {
        if let Self::Mark(piece) = self { Some(piece) } else { None }
    }
}

impl Blocks<'_> {
    /// Children as nodes that stand below each other.
    pub(super) fn list(&mut self, children: &[Child], look: &Look, scope: &Scope) -> Vec<Json> {
        let mut parts = parts(children);
        if without_deep(&mut parts, Part::mark) {
            self.notes.add("blocks", TOO_DEEP);
        }
        let mut at = 0;
        self.until_end(&parts, &mut at, look, scope).0
    }

    /// Nodes up to the end of a block of marks; and whether it was an `else` that ended it.
    fn until_end(&mut self, parts: &[Part<'_>], at: &mut usize, look: &Look, scope: &Scope) -> (Vec<Json>, bool) {
        let mut nodes = Vec::new();
        while let Some(part) = parts.get(*at) {
            *at += 1;
            match part {
                Part::Words(words) => nodes.extend(self.paragraph(words, look, scope, "text")),
                Part::Block(element) => self.block(element, look, scope, &mut nodes),
                Part::Mark(Piece::Each(list)) => {
                    let list = value(list, scope, &mut |note| self.notes.add("a list", note));
                    let (inside, name) = scope.inside();
                    let index = inside.index();
                    let (inner, divided) = self.until_end(parts, at, look, &inside);
                    if divided {
                        self.notes.add("{{else}}", "what stands for an empty list is left out");
                        self.until_end(parts, at, look, scope);
                    }
                    if let Some(mut node) = grouped(inner) {
                        node.set("repeat", json!({ "each": list, "as": name, "index": index, "gap": GAP_POINTS }));
                        nodes.push(node.into());
                    }
                }
                Part::Mark(Piece::If { test, negated }) => {
                    let test = value(test, scope, &mut |note| self.notes.add("a condition", note));
                    let opposite = format!("!({test})");
                    let (first, second) = if *negated { (opposite, test) } else { (test, opposite) };
                    let (then, divided) = self.until_end(parts, at, look, scope);
                    let otherwise = if divided { self.until_end(parts, at, look, scope).0 } else { Vec::new() };
                    for (condition, inner) in [(first, then), (second, otherwise)] {
                        if let Some(mut node) = grouped(inner) {
                            node.set("visible", condition);
                            nodes.push(node.into());
                        }
                    }
                }
                Part::Mark(end) => return (nodes, *end == Piece::Else),
            }
        }
        (nodes, false)
    }

    fn block(&mut self, element: &Element, look: &Look, scope: &Scope, nodes: &mut Vec<Json>) {
        let name = element.name.as_str();
        if UNSEEN.contains(&name) {
            if name == "script" {
                self.notes.add(element.place(), "scripts are left out: templates have no code");
            }
            return;
        }
        let (inner, around) = look.of(element, self.notes);
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                if let Some(mut node) = self.words_of(element, &inner, scope) {
                    node.set("role", name.to_ascii_uppercase());
                    node.set("keep", "with-next");
                    nodes.push(dressed(node, around).into());
                }
            }
            "p" | "address" | "pre" | "dt" | "dd" | "figcaption" | "li" if !has_blocks(&element.children) => {
                nodes.extend(self.words_of(element, &inner, scope).map(|node| dressed(node, around).into()));
            }
            "ul" | "ol" | "dl" => self.items(element, &inner, scope, nodes),
            "table" => {
                nodes.extend(self.table(element, &inner, scope).map(|table| Json::from(dressed(table, around))));
            }
            "img" => nodes.extend(self.image(element, scope, &around)),
            "hr" => nodes.push(json!({ "kind": "line", "size": [super::PAPER_WIDTH_POINTS, 0], "stroke": "#C8CDD3" })),
            "form" | "input" | "button" | "select" | "textarea" | "video" | "audio" | "iframe" | "canvas"
            | "object" | "svg" => {
                self.notes.add(element.place(), "there is no counterpart: the element is left out with what is in it");
            }
            _ => {
                let inside = self.list(&element.children, &inner, scope);
                if around.properties.is_empty() && around.breaks.is_none() && around.width.is_none() {
                    nodes.extend(inside);
                } else if let Some(node) = stacked(inside) {
                    nodes.push(dressed(node, around).into());
                }
            }
        }
    }

    fn words_of(&mut self, element: &Element, look: &Look, scope: &Scope) -> Option<Properties> {
        let mut look = look.clone();
        // Words that are all bold or all a link look and lead like their one element.
        let mut children = &element.children;
        let mut link = None;
        while let [Child::Element(only)] = children.as_slice()
            && INLINE.contains(&only.name.as_str())
        {
            look = look.of(only, self.notes).0;
            link = link.or_else(|| only.attribute("href").filter(|_| only.name == "a"));
            children = &only.children;
        }
        let mut node = self.text(children, &look, scope)?;
        if let Some(link) = link {
            node.set("link", inline(link, scope, &mut |note| self.notes.add(element.place(), note)));
        }
        Some(node)
    }

    fn paragraph(&mut self, words: &[Child], look: &Look, scope: &Scope, name: &str) -> Option<Json> {
        let element = Element { name: name.to_owned(), children: words.to_vec(), ..Element::default() };
        self.words_of(&element, look, scope).map(Json::from)
    }

    fn text(&mut self, children: &[Child], look: &Look, scope: &Scope) -> Option<Properties> {
        let says = self.inline_text(children, scope);
        (!says.is_empty()).then(|| Properties::of_kind("text").with("style", look.style()).with("text", says))
    }

    /// Words with their marks; looks that change inside are noted.
    pub(super) fn inline_text(&mut self, children: &[Child], scope: &Scope) -> String {
        for child in children {
            if let Child::Element(element) = child
                && !matches!(element.name.as_str(), "br" | "span" | "wbr" | "label")
            {
                let message = "its look inside of a line of text is left out: a text node has one look";
                self.notes.add(element.place(), message);
            }
        }
        inline(&words(children), scope, &mut |note| self.notes.add("text", note))
    }

    fn items(&mut self, list: &Element, look: &Look, scope: &Scope, nodes: &mut Vec<Json>) {
        let is_numbered = list.name == "ol";
        let mut number = 0_u32;
        let mut repeated: Option<(String, Scope, String)> = None;
        for child in &list.children {
            match child {
                Child::Text(text) => {
                    for piece in pieces(text) {
                        match piece {
                            Piece::Each(path) => {
                                let each = value(&path, scope, &mut |note| self.notes.add(list.place(), note));
                                let (inside, name) = scope.inside();
                                repeated = Some((each, inside, name));
                            }
                            Piece::End => repeated = None,
                            Piece::Text(text) if text.trim().is_empty() => {}
                            other => self.notes.add(list.place(), format!("{other:?} between the items is left out")),
                        }
                    }
                }
                Child::Element(item) => {
                    number = number.saturating_add(1);
                    let inner_scope = repeated.as_ref().map_or(scope, |(_, inside, _)| inside);
                    let mark = match (is_numbered, &repeated) {
                        (true, None) => format!("{number}."),
                        (true, Some((_, inside, _))) => format!("{{{{ {} + 1 }}}}.", inside.index()),
                        (false, _) => "•".to_owned(),
                    };
                    let (inner, _) = look.of(item, self.notes);
                    let inside = self.list(&item.children, &inner, inner_scope);
                    let mark = Properties::of_kind("text")
                        .with("width", MARK_WIDTH_POINTS)
                        .with("style", inner.style())
                        .with("text", mark);
                    let Some(body) = grouped(inside) else { continue };
                    let mut row = Properties::of_kind("frame")
                        .with("layout", "grid")
                        .with("columns", json!([MARK_WIDTH_POINTS, "1fr"]))
                        .with("nodes", json!([mark.0, body.0]));
                    if let Some((each, inside, name)) = &repeated {
                        row.set(
                            "repeat",
                            json!({ "each": each, "as": name, "index": inside.index(), "gap": ITEM_GAP_POINTS }),
                        );
                    }
                    nodes.push(row.into());
                }
            }
        }
    }

    fn image(&mut self, element: &Element, scope: &Scope, around: &BoxOf) -> Option<Json> {
        let source = element.attribute("src").unwrap_or_default();
        let mut source = inline(source, scope, &mut |note| self.notes.add(element.place(), note));
        if !source.starts_with("data:") && !source.starts_with("{{") {
            let name = source.rsplit('/').next().unwrap_or_default().to_owned();
            self.notes
                .add(element.place(), format!("pictures are not fetched: upload `{source}` as the asset `{name}`"));
            source = format!("asset:{name}");
        }
        let side = |name: &str| {
            element.attribute(name).and_then(|value| length(&format!("{}px", value.trim_end_matches("px")), 0.0))
        };
        let (width, height) = (around.width.or_else(|| side("width")), around.height.or_else(|| side("height")));
        let mut node = Properties::of_kind("image");
        node.set_some("width", width.map(points));
        node.set_some("height", height.map(points));
        if width.is_none() && height.is_none() {
            self.notes.add(element.place(), "the picture says no size: it is 120 points wide");
            node.set("width", 120);
        }
        let alt = inline(element.attribute("alt").unwrap_or_default(), scope, &mut |_| {});
        if alt.is_empty() {
            node.set("role", "artifact");
        } else {
            node.set("alt", alt);
        }
        Some(node.with("source", source).into())
    }
}

/// Width of the mark before an item of a list, points.
const MARK_WIDTH_POINTS: u32 = 16;

/// Space between the items of a repeated list, points.
const ITEM_GAP_POINTS: u32 = 4;

/// Several nodes as one.
fn grouped(mut nodes: Vec<Json>) -> Option<Properties> {
    if nodes.len() == 1
        && let Some(Json::Object(only)) =
            nodes.pop_if(|only| only.get("repeat").is_none() && only.get("visible").is_none())
    {
        return Some(Properties(only));
    }
    stacked(nodes)
}

fn stacked(nodes: Vec<Json>) -> Option<Properties> {
    let stack = || Properties::of_kind("frame").with("layout", "stack").with("gap", GAP_POINTS);
    (!nodes.is_empty()).then(|| stack().with("nodes", nodes))
}

/// A node with the box of its element.
fn dressed(mut node: Properties, around: BoxOf) -> Properties {
    node.0.extend(around.properties.0);
    node.set_some("width", around.width.map(points));
    node.set_some("height", around.height.map(points));
    node.set_some("break", around.breaks);
    node
}

fn has_blocks(children: &[Child]) -> bool {
    children.iter().any(|child| matches!(child, Child::Element(element) if !INLINE.contains(&element.name.as_str())))
}

/// Divides children into stretches of words, blocks, and marks that stand between blocks.
fn parts(children: &[Child]) -> Vec<Part<'_>> {
    let mixed = has_blocks(children);
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut words: Vec<Child> = Vec::new();
    for child in children {
        match child {
            Child::Element(element) if !INLINE.contains(&element.name.as_str()) => {
                flush(&mut words, &mut parts);
                parts.push(Part::Block(element));
            }
            Child::Text(text) if mixed => {
                for piece in pieces(text) {
                    match piece {
                        Piece::Text(text) => words.push(Child::Text(text)),
                        Piece::Value(path) => words.push(Child::Text(format!("{{{{{path}}}}}"))),
                        mark => {
                            flush(&mut words, &mut parts);
                            parts.push(Part::Mark(mark));
                        }
                    }
                }
            }
            other => words.push(other.clone()),
        }
    }
    flush(&mut words, &mut parts);
    parts
}

fn flush<'c>(words: &mut Vec<Child>, parts: &mut Vec<Part<'c>>) {
    if !self::words(words).is_empty() {
        parts.push(Part::Words(std::mem::take(words)));
    }
    words.clear();
}

/// The words of children: spaces as a page shows them, `br` as the end of a line.
pub(super) fn words(children: &[Child]) -> String {
    let mut raw = String::new();
    collect(children, &mut raw);
    let lines = raw.split('\u{1}').map(|line| line.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn collect(children: &[Child], out: &mut String) {
    for child in children {
        match child {
            Child::Text(text) => out.push_str(text),
            Child::Element(element) if element.name == "br" => out.push('\u{1}'),
            Child::Element(element) => collect(&element.children, out),
        }
    }
}
