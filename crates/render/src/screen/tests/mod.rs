//! Tests of screens: what a decoder that knows only the description makes of the messages.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod content;
mod decoder;
mod properties;

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{Client, Screen};
use crate::fonts::{FontSet, testing};
use crate::limits::Limits;
use crate::program::{Program, RenderOptions, Rendered, Scratch};
use crate::template::Template;
use crate::world::{Assets, World};
use decoder::Shown;

struct TestWorld(FontSet);

impl World for TestWorld {
    fn fonts(&self) -> &FontSet {
        &self.0
    }

    fn assets(&self) -> &dyn Assets {
        &()
    }

    fn now_ms(&self) -> i64 {
        0
    }
}

fn world() -> TestWorld {
    TestWorld(testing::set(&["Inter_400Regular", "Inter_700Bold"]))
}

fn template(nodes: &Json) -> Json {
    json!({
        "format": 1, "name": "Test", "locale": "en-GB",
        "page": { "size": [400, 300], "margin": 10 },
        "styles": { "text": { "font": "Inter", "size": 10, "lineHeight": 1.2 } },
        "body": { "nodes": nodes },
    })
}

fn render(world: &TestWorld, nodes: &Json) -> Rendered {
    let template = Template::from_value(&template(nodes), &Limits::default(), crate::template::Strictness::Check);
    let program = Program::new(Arc::new(template.unwrap().0), world).unwrap();
    program.render(&json!({}), world, &RenderOptions::default(), &mut Scratch::default()).unwrap()
}

/// A line of text.
fn text(id: &str, y: f32, says: &str) -> Json {
    json!({ "id": id, "kind": "text", "at": [0, y], "width": 300, "style": "text", "text": says })
}

/// A client at work: what it shows, and what the engine knows of it.
#[derive(Default)]
struct Session {
    client: Client,
    screen: Screen,
    shown: Shown,
}

impl Session {
    /// Shows a render, and gives the length of the message.
    fn show(&mut self, rendered: &Rendered) -> usize {
        let revision = self.screen.revision + 1;
        let diagnostics = rendered.diagnostics.clone();
        let next = Screen::new(&rendered.document, diagnostics, revision, &mut self.client).unwrap();
        let message = next.message(&self.screen, &mut self.client);
        self.shown.apply(&message);
        self.screen = next;
        message.len()
    }
}

#[test]
fn a_client_shows_what_the_engine_made_after_every_change() {
    let world = world();
    let mut session = Session::default();
    for nodes in [
        json!([text("a", 0.0, "Invoice"), text("b", 20.0, "Total 20")]),
        json!([text("a", 0.0, "Invoice"), text("b", 20.0, "Total 21")]),
        json!([text("a", 0.0, "Invoice"), text("b", 40.0, "Total 21"), text("c", 60.0, "Thanks")]),
        json!([text("c", 0.0, "Thanks"), text("a", 30.0, "Invoice")]),
        json!([]),
        json!([text("a", 0.0, "Invoice")]),
    ] {
        session.show(&render(&world, &nodes));
        assert_eq!(session.shown.screen, session.screen);
    }
}

#[test]
fn a_message_holds_only_what_changed() {
    let world = world();
    let many = |last: &str, y: f32| {
        let mut nodes: Vec<Json> = (0..20_u8)
            .map(|n| text(&format!("n{n}"), f32::from(n) * 13.0, &format!("Line {n} of the letter that stays")))
            .collect();
        nodes[7] = text("n7", 7.0 * 13.0 + y, last);
        render(&world, &json!(nodes))
    };
    let mut session = Session::default();
    let first = session.show(&many("Seven", 0.0));
    assert!(first > 2_000, "{first}");
    let nothing = session.show(&many("Seven", 0.0));
    assert!(nothing < 40, "{nothing}");
    // An “x” is new to the client, and so is its outline.
    let text = session.show(&many("Sevenx", 0.0));
    assert!((100..250).contains(&text), "{text}");
    let text = session.show(&many("xSevenx", 0.0));
    assert!(text < 80, "the outline is known now: {text}");
    let moved = session.show(&many("xSevenx", 0.5));
    assert!(moved < 60, "{moved}");
    assert_eq!(session.shown.screen, session.screen);
}

#[test]
fn outlines_that_a_client_has_are_not_sent_again() {
    let world = world();
    let rendered = render(&world, &json!([text("a", 0.0, "Invoice")]));
    let mut fresh = Session::default();
    let all = fresh.show(&rendered);
    assert_eq!(fresh.shown.outlines.len(), "Invoice".len());
    let mut knowing = Session::default();
    let face = &rendered.document.faces[0];
    knowing.client.has_outlines(face, "Invoice".chars().filter_map(|character| face.glyph(character)));
    let fewer = knowing.show(&rendered);
    assert!(knowing.shown.outlines.is_empty() && fewer * 3 < all, "{fewer} of {all}");
}

#[test]
fn diagnostics_links_and_nodes_come_along() {
    let world = world();
    let rendered = render(
        &world,
        &json!([
            { "id": "site", "kind": "text", "at": [0, 0], "width": 200, "style": "text",
              "text": "{{ data.missing }}Visit us", "link": "https://example.com/" },
        ]),
    );
    assert!(!rendered.diagnostics.is_empty());
    let mut session = Session::default();
    session.show(&rendered);
    assert_eq!(session.shown.screen.diagnostics, rendered.diagnostics);
    assert_eq!(session.shown.screen.pages[0].links.len(), 1);
    let piece = &session.shown.screen.pages[0].pieces[0];
    assert_eq!(session.shown.nodes[piece.node.unwrap() as usize], "site");
    assert_eq!(piece.place[..2], [1_000, 1_000]);
}

#[test]
fn a_page_of_five_thousand_glyphs_takes_seven_kilobytes() {
    // A page of small print: 75 lines of 70 letters, words that come again as words do.
    let words =
        ["goods", "remain", "the", "property", "of", "seller", "until", "paid", "in", "full", "and", "interest"];
    let mut state = 7_u32;
    let mut line = || {
        let mut text = String::new();
        while text.len() < 68 {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            text.push_str(words[(state >> 16) as usize % words.len()]);
            text.push(' ');
        }
        text
    };
    let nodes: Vec<Json> = (0..75_u8).map(|n| text(&format!("n{n}"), f32::from(n) * 3.7, &line())).collect();
    let world = world();
    let rendered = render(&world, &json!(nodes));
    let glyph_count = rendered.document.glyphs.len();
    assert!(glyph_count > 5_000, "{glyph_count}");
    let mut session = Session::default();
    session.show(&rendered);
    let mut client = session.client.clone();
    let again = Screen::new(&rendered.document, Vec::new(), 9, &mut client).unwrap();
    let message = again.message(&Screen::default(), &mut client);
    let mut deflater = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(6));
    std::io::Write::write_all(&mut deflater, &message).unwrap();
    let sent = deflater.finish().unwrap().len();
    assert!(sent <= 7_168, "{sent} bytes compressed, {} plain", message.len());
}

#[test]
fn what_a_damaged_document_names_and_does_not_have_is_an_error() {
    let world = world();
    let mut rendered = render(&world, &json!([text("a", 0.0, "Invoice")]));
    rendered.document.glyphs.clear();
    let error = Screen::new(&rendered.document, Vec::new(), 1, &mut Client::new()).unwrap_err();
    assert_eq!(error.to_string(), "an item names glyph 7, which the document does not have");
}
