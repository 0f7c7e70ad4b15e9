//! Emoji in text: which font shows them, and that they are seen in colour and read as characters.

use super::*;
use crate::document::Glyph;
use crate::pdf::{PdfCache, PdfOptions, write};

/// One item of a page: the text of a run and whether it is seen, or where something in colour stands.
#[derive(Debug, PartialEq)]
enum Seen {
    Text(String),
    Hidden(String),
    Drawing(u32, [i32; 2]),
    Faded,
    End,
}

fn emoji_world() -> TestWorld {
    let fonts = testing::set(&["NotoColorEmoji_Subset", "Inter_400Regular"]);
    TestWorld { fonts, assets: TestAssets::default() }
}

fn rendered(template: &Json, world: &TestWorld) -> Rendered {
    let program = program(template, world).unwrap_or_else(|findings| panic!("{}", shown(&findings)));
    let options = RenderOptions::default();
    program.render(&json!({}), world, &options, &mut Scratch::default()).unwrap()
}

fn seen(document: &Document) -> Vec<Seen> {
    let text = |range: &std::ops::Range<u32>| document.text[range.start as usize..range.end as usize].to_owned();
    let items = document.pages[0].items.iter();
    items
        .filter_map(|item| match item {
            Item::Glyphs(run) if run.color.alpha == 0 => Some(Seen::Hidden(text(&run.text))),
            Item::Glyphs(run) => Some(Seen::Text(text(&run.text))),
            Item::Drawing { drawing, rect } => Some(Seen::Drawing(*drawing, [rounded(rect.x), rounded(rect.width)])),
            Item::Push { .. } => Some(Seen::Faded),
            Item::Pop => Some(Seen::End),
            _ => None,
        })
        .collect()
}

fn line(says: &str) -> Document {
    rendered(&template(json!([text([0.0, 0.0], says)])), &emoji_world()).document
}

#[test]
fn an_emoji_is_seen_as_a_drawing_and_read_as_a_character() {
    let document = line("é ☕☕ b");
    let [before, hidden, first, second, after] = seen(&document).try_into().unwrap();
    assert_eq!(
        [before, hidden, after],
        [Seen::Text("é ".to_owned()), Seen::Hidden("☕☕".to_owned()), Seen::Text(" b".to_owned())]
    );
    let (Seen::Drawing(0, [first, width]), Seen::Drawing(0, [second, _])) = (first, second) else { panic!() };
    assert!(
        first >= 8 && (12..=13).contains(&(second - first)) && (9..=13).contains(&width),
        "{first} {second} {width}"
    );
    assert_eq!(document.drawings.len(), 1);
}

#[test]
fn sequences_of_characters_are_one_glyph() {
    for emoji in ["👩‍💻", "👍🏽", "🇩🇪", "🇯🇵", "1️⃣", "❤️"] {
        let document = line(&format!("a{emoji}b"));
        let seen = seen(&document);
        assert!(
            matches!(seen.as_slice(), [Seen::Text(_), Seen::Hidden(hidden), Seen::Drawing(..), Seen::Text(_)] if hidden == emoji),
            "{emoji}: {seen:?}"
        );
        let length = usize::try_from(document.glyphs.iter().map(|glyph: &Glyph| glyph.text_length).max().unwrap());
        assert_eq!(length.unwrap(), emoji.len(), "{emoji}");
    }
}

#[test]
fn a_selector_says_whether_it_is_text_or_emoji() {
    let is_colored = |says: &str| seen(&line(says)).iter().any(|seen| matches!(seen, Seen::Drawing(..)));
    assert!(is_colored("☎\u{FE0F}") && is_colored("❤\u{FE0F}"));
    // Inter has the heart and the arrow, but not the telephone.
    assert!(!is_colored("❤\u{FE0E}") && !is_colored("❤") && !is_colored("↗\u{FE0F}"));
    assert!(is_colored("☎"), "better in colour than not at all");
    assert!(!is_colored("é 1 # *"), "digits stay text, though the font of emoji comes first and has them");
}

#[test]
fn emoji_fade_with_their_text() {
    let mut faded = template(json!([text([0.0, 0.0], "☕")]));
    faded["styles"]["text"]["color"] = json!("#00000080");
    let document = rendered(&faded, &emoji_world()).document;
    let seen = seen(&document);
    assert!(matches!(seen.as_slice(), [Seen::Hidden(_), Seen::Faded, Seen::Drawing(0, _), Seen::End]), "{seen:?}");
}

#[test]
fn rich_text_has_emoji_too() {
    let body = json!([{ "kind": "rich", "at": [0, 0], "width": 150, "style": "text", "content": ["Hot ☕ now"] }]);
    let document = rendered(&template(body), &emoji_world()).document;
    assert!(seen(&document).iter().any(|seen| matches!(seen, Seen::Drawing(0, _))), "{:?}", seen(&document));
}

#[test]
fn without_a_font_of_emoji_the_missing_glyph_is_told() {
    let rendered = render(&template(json!([text([0.0, 0.0], "Coffee ☕")])), &json!({}));
    assert!(shown(&rendered.diagnostics).contains("missing-glyph"), "{}", shown(&rendered.diagnostics));
    assert!(rendered.document.drawings.is_empty());
}

#[test]
fn a_font_of_bitmaps_alone_goes_into_a_pdf() {
    let outlines = [*b"glyf", *b"loca", *b"COLR", *b"CPAL"];
    let empty = [(*b"sbix", vec![0, 1, 0, 1, 0, 0, 0, 0])];
    let bytes = testing::with_tables(&testing::bytes("NotoColorEmoji_Subset"), &empty, &outlines);
    let mut fonts = FontSet::builder();
    fonts.add_face(testing::face("Inter_400Regular")).add(bytes, 0).unwrap();
    let world = TestWorld { fonts: fonts.build(), assets: TestAssets::default() };
    let document = rendered(&template(json!([text([0.0, 0.0], "é ☕ 🇩🇪")])), &world).document;
    let options = PdfOptions { compression: 0, ..PdfOptions::default() };
    let pdf = write(&document, &options, &mut PdfCache::new()).unwrap();
    let pdf = String::from_utf8_lossy(&pdf);
    let font = pdf.find("+NotoColorEmoji").expect("the font is in the file");
    assert!(pdf[font..].contains("/FontFile2 ") && pdf.contains("<D83CDDE9D83CDDEA>"), "with the text of the flag");
}
