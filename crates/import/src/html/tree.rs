//! The tree of a web page: elements and text, with the end tags that people leave out.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, CharacterTokens, Tag, TagKind, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// Nesting of elements; what lies deeper is put beside.
const DEPTH_MAX: usize = 100;

/// An element with what is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Child>,
    pub(super) line: u64,
}

/// A part of an element.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Child {
    Text(String),
    Element(Element),
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The element as a note calls it.
    pub(super) fn place(&self) -> String {
        format!("line {}, <{}>", self.line, self.name)
    }

    /// The first element of a name, this one or inside.
    pub(super) fn find(&self, name: &str) -> Option<&Self> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| match child {
            Child::Element(element) => element.find(name),
            Child::Text(_) => None,
        })
    }
}

/// Elements that have no end tag (HTML, 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Elements that end an open paragraph when they begin (HTML, 13.1.2.4).
const ENDS_PARAGRAPH: [&str; 23] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "div",
    "dl",
    "fieldset",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "ol",
    "p",
    "section",
    "table",
    "ul",
];

/// Reads a page; whatever it is, there is a tree.
pub(super) fn read(text: &str) -> Element {
    let root = Element { name: "document".to_owned(), line: 1, ..Element::default() };
    let tokenizer = Tokenizer::new(Builder { open: RefCell::new(vec![root]) }, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    // The builder hands no scripts back, so that one call reads everything.
    let _finished = tokenizer.feed(&input);
    tokenizer.end();
    let mut open = tokenizer.sink.open.take();
    close_to(&mut open, 1);
    open.pop().unwrap_or_default()
}

struct Builder {
    open: RefCell<Vec<Element>>,
}

impl TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut open = self.open.borrow_mut();
        match token {
            CharacterTokens(text) => add_text(&mut open, &text),
            TagToken(tag) => {
                let name = tag.name.to_string();
                match tag.kind {
                    TagKind::StartTag => return start(&mut open, &name, &tag, line),
                    TagKind::EndTag => end(&mut open, &name),
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn add_text(open: &mut [Element], text: &str) {
    let Some(element) = open.last_mut() else { return };
    match element.children.last_mut() {
        Some(Child::Text(before)) => before.push_str(text),
        _ => element.children.push(Child::Text(text.to_owned())),
    }
}

fn start(open: &mut Vec<Element>, name: &str, tag: &Tag, line: u64) -> TokenSinkResult<()> {
    let ended: &[&str] = match name {
        "li" => &["li"],
        "td" | "th" => &["td", "th"],
        "tr" => &["td", "th", "tr"],
        "tbody" | "thead" | "tfoot" => &["td", "th", "tr", "tbody", "thead", "tfoot"],
        "dt" | "dd" => &["dt", "dd"],
        name if ENDS_PARAGRAPH.contains(&name) => &["p"],
        _ => &[],
    };
    // A list or a table inside begins anew.
    let fence = open.iter().rposition(|element| matches!(element.name.as_str(), "ul" | "ol" | "table" | "dl"));
    let inside = open.get(fence.map_or(1, |fence| fence + 1)..).unwrap_or_default();
    if let Some(first) = inside.iter().position(|element| ended.contains(&element.name.as_str())) {
        let depth = open.len() - inside.len() + first;
        close_to(open, depth);
    }
    let attributes = tag.attrs.iter().map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()));
    let element = Element { name: name.to_owned(), attributes: attributes.collect(), children: Vec::new(), line };
    if VOID.contains(&name) || tag.self_closing || open.len() >= DEPTH_MAX {
        if let Some(parent) = open.last_mut() {
            parent.children.push(Child::Element(element));
        }
        return TokenSinkResult::Continue;
    }
    open.push(element);
    match name {
        "script" => TokenSinkResult::RawData(ScriptData),
        "style" => TokenSinkResult::RawData(Rawtext),
        "title" | "textarea" => TokenSinkResult::RawData(Rcdata),
        _ => TokenSinkResult::Continue,
    }
}

fn end(open: &mut Vec<Element>, name: &str) {
    if let Some(depth) = open.iter().skip(1).rposition(|element| element.name == name) {
        close_to(open, depth + 1);
    }
}

/// Closes open elements until only so many are left.
fn close_to(open: &mut Vec<Element>, depth: usize) {
    while open.len() > depth.max(1)
        && let Some(element) = open.pop()
        && let Some(parent) = open.last_mut()
    {
        parent.children.push(Child::Element(element));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(element: &Element) -> String {
        let inside = element.children.iter().map(|child| match child {
            Child::Text(text) => text.trim().to_owned(),
            Child::Element(element) => shown(element),
        });
        format!("{}({})", element.name, inside.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn end_tags_that_are_left_out_are_found_and_scripts_are_no_text() {
        let page = "<ul><li>a<li>b<ul><li>c</ul></ul><p>d<p>e<br>f<table><tr><td>1<td>2<tr><td>3</table><script>'<p>'</script>&amp;</x>";
        assert_eq!(
            shown(&read(page)),
            "document(ul(li(a) li(b ul(li(c)))) p(d) p(e br() f) table(tr(td(1) td(2)) tr(td(3))) script('<p>') &)"
        );
    }

    #[test]
    fn depth_has_an_end() {
        let deep = "<div>".repeat(100_000);
        assert_eq!(read(&deep).name, "document");
    }
}
