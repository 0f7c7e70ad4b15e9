//! Rich text: spans on one baseline, lists, pages, tags, links.

use super::tags::tree;
use super::*;
use crate::document::{GlyphRun, Role, Target};

/// Rich text at the top of the body, with lines of 10 points and no space between paragraphs but what is asked for.
fn rich(content: Json) -> Json {
    json!([{ "kind": "rich", "width": 200, "style": { "extends": "text", "paragraphGap": 5 }, "content": content }])
}

fn runs(document: &Document) -> Vec<(String, GlyphRun)> {
    let items = document.pages.iter().flat_map(|page| &page.items);
    let runs = items.filter_map(|item| if let Item::Glyphs(run) = item { Some(run.clone()) } else { None });
    runs.map(|run| (document.text[run.text.start as usize..run.text.end as usize].to_owned(), run)).collect()
}

fn run_of(document: &Document, text: &str) -> GlyphRun {
    let all = runs(document);
    let found = all.iter().find(|(says, _)| says.trim() == text);
    found.unwrap_or_else(|| panic!("{text:?} is not among {all:?}")).1.clone()
}

#[test]
fn spans_of_all_sizes_share_a_baseline_and_the_largest_makes_the_line() {
    let content = json!([
        { "kind": "paragraph", "text": ["small ", { "text": "large", "size": 30 }, " small"] },
        "next" ]);
    let document = document(&template(rich(content)));
    let (small, large, next) = (run_of(&document, "small"), run_of(&document, "large"), run_of(&document, "next"));
    assert_eq!((small.size, large.size), (10.0, 30.0));
    assert_eq!(small.origin.y, large.origin.y);
    assert!(small.origin.x < large.origin.x);
    assert_eq!(find(&document, "next").2, 35, "a line of 30 points and a gap of 5");
    assert_eq!(rounded(next.origin.x), 0);
}

#[test]
fn raised_spans_do_not_spread_lines() {
    let content = json!([
        { "kind": "paragraph", "text": ["m", { "text": "2", "raise": "super" }, " and CO", { "text": "3", "raise": "sub" }] },
        "next" ]);
    let document = document(&template(rich(content)));
    let (base, up, down) = (run_of(&document, "m"), run_of(&document, "2"), run_of(&document, "3"));
    assert!(up.origin.y < base.origin.y && base.origin.y < down.origin.y);
    assert!(up.size < base.size && up.size == down.size);
    assert_eq!(find(&document, "next").2, 15);
}

#[test]
fn colours_alone_do_not_change_where_letters_stand() {
    let plain = document(&template(rich(json!(["WAVE AV"]))));
    let spans = json!([{ "kind": "paragraph", "text": ["WA", { "text": "VE A", "color": "#FF0000" }, "V"] }]);
    let colored = document(&template(rich(spans)));
    let end = |document: &Document| {
        let (_, run) = runs(document).pop().unwrap();
        let units: i32 =
            document.glyphs[run.glyphs.start as usize..run.glyphs.end as usize].iter().map(|glyph| glyph.advance).sum();
        let scale = run.size / f32::from(document.faces[run.face as usize].metrics().units_per_em);
        rounded((run.origin.x + crate::document::narrow(f64::from(units)) * scale) * 100.0)
    };
    assert_eq!(runs(&colored).len(), 3);
    assert_eq!(run_of(&colored, "VE A").color.red, 255);
    assert!((end(&plain) - end(&colored)).abs() <= 1, "kerning goes on across colours");
}

#[test]
fn text_in_two_directions_keeps_its_looks_and_is_tagged_as_it_is_read() {
    let content = json!([{ "kind": "paragraph", "text": [
        "abc ", { "text": "\u{5d0}\u{5d1}", "strong": true }, { "text": "\u{5d2}\u{5d3}", "emphasis": true }] }]);
    let mut template = template(rich(content));
    template["styles"]["text"]["font"] = json!(["Inter", "Noto Sans Hebrew"]);
    let world = TestWorld {
        fonts: testing::set(&["Inter_400Regular", "NotoSansHebrew_400Regular"]),
        assets: TestAssets::default(),
    };
    let program = program(&template, &world).unwrap();
    let document =
        program.render(&json!({}), &world, &RenderOptions::default(), &mut Scratch::default()).unwrap().document;
    let (first, second) = (run_of(&document, "\u{5d0}\u{5d1}"), run_of(&document, "\u{5d2}\u{5d3}"));
    assert!(first.origin.x > second.origin.x, "what is read first stands to the right");
    assert_eq!(tree(&document), "Document\n  Paragraph\n    Strong\n    Emphasis\n");
}

#[test]
fn lists_number_their_items_and_nest() {
    let content = json!([{ "kind": "list", "marker": "decimal", "start": 9, "items": [
        "nine",
        ["ten", { "kind": "list", "marker": "lower-alpha", "items": ["a long text that goes on in a second line"] }] ] }]);
    let document = document(&template(rich(content)));
    let found: Vec<String> = texts(&document).into_iter().map(|(.., text)| text).collect();
    assert_eq!(found[..5], ["9.", "nine", "10.", "ten", "a."]);
    let (nine, ten, number) = (find(&document, "nine"), find(&document, "ten"), find(&document, "9."));
    assert_eq!(nine.1, ten.1, "items stand below each other");
    assert_eq!(nine.2, number.2, "a number stands on the line of its item");
    assert!(number.1 < nine.1);
    let wide = run_of(&document, "10.");
    assert!(wide.origin.x >= 0.0, "there is room for the widest number");
    assert_eq!(
        tree(&document),
        "Document\n  List\n    ListItem\n      Label\n      ListBody\n        Paragraph\n    ListItem\n      Label\n      \
         ListBody\n        Paragraph\n        List\n          ListItem\n            Label\n            ListBody\n              \
         Paragraph\n"
    );
}

#[test]
fn pages_end_between_lines_and_headings_stay_with_what_follows() {
    let long =
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen";
    let content = json!([
        { "kind": "code", "text": "1\n2\n3\n4\n5", "style": { "font": "Inter", "size": 10, "lineHeight": 1 } },
        { "kind": "heading", "level": 4, "text": "Heading" },
        { "kind": "paragraph", "text": long } ]);
    let document = document(&template(rich(content)));
    let on: Vec<(usize, String)> = texts(&document).into_iter().map(|(page, .., text)| (page, text)).collect();
    let heading = on.iter().find(|(_, text)| text == "Heading").unwrap().0;
    let first = on.iter().find(|(_, text)| text.starts_with("one")).unwrap().0;
    assert_eq!(heading, first);
    assert_eq!(heading, 1, "two lines of the paragraph have no room below the heading: {on:?}");
    let paragraphs = document.structure.elements.iter().filter(|element| element.role == Role::Paragraph).count();
    assert_eq!(paragraphs, 2, "code and text, each once");
}

#[test]
fn a_paragraph_that_goes_on_is_one_element() {
    let content = json!([(vec!["word"; 120].join(" "))]);
    let document = document(&template(rich(content)));
    assert!(document.pages.len() > 1);
    assert_eq!(tree(&document), "Document\n  Paragraph\n");
}

#[test]
fn links_are_clickable_line_by_line_and_one_element() {
    let content = json!([{ "kind": "paragraph", "text": [
        "see ", { "text": "a text that is so long that it goes on in ", "link": "https://a.example" },
        { "text": "two lines", "strong": true, "link": "https://a.example" }, " and on" ] }]);
    let document = document(&template(rich(content)));
    let links = &document.pages[0].links;
    assert_eq!(links.len(), 2);
    assert!(links.iter().all(|link| link.target == Target::Uri("https://a.example".to_owned())));
    assert_eq!(links[0].element, links[1].element);
    assert!(links[0].rect.y < links[1].rect.y);
    assert_eq!(tree(&document), "Document\n  Paragraph\n    Link\n      Strong\n");
}

#[test]
fn links_that_lead_nowhere_good_are_text_and_a_warning() {
    let content =
        json!([{ "kind": "paragraph", "text": [{ "text": "click", "link": "{{ 'javascript:alert(1)' }}" }] }]);
    let rendered = render(&template(rich(content)), &json!({}));
    assert!(rendered.document.pages[0].links.is_empty());
    assert_eq!(tree(&rendered.document), "Document\n  Paragraph\n");
    assert_eq!(
        shown(&rendered.diagnostics),
        "warning[invalid-value] at /body/nodes/0 (node body.0): \"javascript:alert(1)\" is no link that a document may have\n  \
         hint: use http:, https:, mailto:, tel:, or # with the id of a node"
    );
}

#[test]
fn spans_and_blocks_are_shown_by_condition_and_written_by_expression() {
    let content = json!([
        { "kind": "paragraph", "text": ["Dear {{ data.name }}", { "text": " (late)", "visible": "data.late" }, { "text": "!" }] },
        { "kind": "paragraph", "visible": "data.late", "text": "Pay now." } ]);
    let template = template(rich(content));
    let says = |late: bool| {
        let document = render(&template, &json!({ "name": "Ada", "late": late })).document;
        runs(&document).into_iter().map(|(text, _)| text).collect::<String>()
    };
    assert_eq!(says(false), "Dear Ada!");
    assert_eq!(says(true), "Dear Ada (late)!Pay now.");
}

#[test]
fn the_page_is_known_in_rich_text() {
    let content = json!(["Page {{ sys.pageNumber }} of {{ sys.totalPages }}"]);
    let mut body = rich(content);
    body[0]["break"] = json!("before");
    let document = document(&template(json!([text([0.0, 0.0], "first"), body[0]])));
    assert_eq!(pages(&document), ["first", "Page 2 of 2"]);
}

#[test]
fn what_does_not_fit_shrinks_ends_with_an_ellipsis_or_is_cut() {
    let content = json!([(vec!["word"; 40].join(" "))]);
    let of = |overflow: &str| {
        let mut body = rich(content.clone());
        body[0]["height"] = json!(35);
        body[0]["overflow"] = json!(overflow);
        render(&template(body), &json!({}))
    };
    let shrunk = of("shrink");
    assert!(runs(&shrunk.document).iter().all(|(_, run)| run.size < 10.0));
    let ended = of("ellipsis");
    let all: Vec<String> = runs(&ended.document).into_iter().map(|(text, _)| text).collect();
    assert_eq!(all.len(), 4, "three lines, the last of them with an ellipsis: {all:?}");
    assert_eq!(all[3], "…");
    assert!(ended.diagnostics.is_empty());
    let cut = of("clip");
    assert!(shown(&cut.diagnostics).contains("is cut off at 35.0"), "{}", shown(&cut.diagnostics));
}

#[test]
fn rich_text_stands_in_cells_and_is_repeated() {
    let cell = json!({ "nodes": [{ "kind": "rich", "style": "text", "content": [{ "kind": "paragraph", "text": [{ "text": "{{ n }}", "strong": true }, " of all"] }] }] });
    let table = json!([{ "kind": "table", "width": 200, "padding": 0, "each": "[1, 2]", "as": "n", "columns": [
        { "title": "A", "headerStyle": "text", "nodes": cell["nodes"] }] }]);
    assert_eq!(pages(&document(&template(table))), ["A 1  of all 2  of all"]);
    let repeated = json!([{ "kind": "rich", "width": 100, "style": "text", "repeat": { "each": "[1, 2]", "as": "n" }, "content": ["no. {{ n }}"] }]);
    assert_eq!(pages(&document(&template(repeated))), ["no. 1 no. 2"]);
}

#[test]
fn looks_of_elements_can_be_set() {
    let mut body = rich(
        json!([{ "kind": "heading", "text": "Title" }, { "kind": "paragraph", "text": [{ "text": "code", "code": true }] }]),
    );
    body[0]["elements"] = json!({ "h1": { "size": 17, "color": "#FF0000" }, "code": "text" });
    let document = document(&template(body));
    let (title, code) = (run_of(&document, "Title"), run_of(&document, "code"));
    assert_eq!((title.size, title.color.red), (17.0, 255));
    assert_eq!(code.size, 10.0);
}

#[test]
fn what_is_wrong_is_told_where_it_stands() {
    let content = json!([
        { "kind": "paragraf", "text": "x" },
        { "kind": "paragraph" },
        { "kind": "list", "items": [{ "kind": "paragraph", "text": [{ "text": "x", "bold": true }] }] } ]);
    let mut body = rich(content);
    body[0]["elements"] = json!({ "h7": "text" });
    assert_eq!(
        errors(&template(body), &json!({})),
        "error[unknown-property] at /body/nodes/0/elements/h7 (node body.0): there is no element `h7`\n  hint: did you mean `h1`?\n\
         error[invalid-value] at /body/nodes/0/content/0/kind (node body.0): there is no kind of block `paragraf`\n  \
         hint: did you mean `paragraph`?\n\
         error[missing-property] at /body/nodes/0/content/1 (node body.0): a paragraph needs `text`\n\
         error[unknown-property] at /body/nodes/0/content/2/items/0/text/0/bold (node body.0): a span has no property `bold`\n  \
         hint: it has: `text`, `visible`, `style`, `strong`, `emphasis`, `code`, `link`, `highlight`, `raise`, `font`, `size`, \
         `weight`, `italic`, `color`, `letterSpacing`, `underline`, `strike`, `tabular`, `case`, `textShadow`"
    );
}
