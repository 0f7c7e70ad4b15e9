//! Lines that go down: how their glyphs stand, and what they become in a file.

use super::*;
use crate::document::Posture;
use crate::pdf::{PdfCache, PdfOptions, write};

fn column(says: &str) -> Json {
    let style = json!({ "font": ["Noto Sans JP", "Inter"], "size": 10, "lineHeight": 1, "combine": 2 });
    let node = json!({ "kind": "text", "at": [0, 0], "size": [60, 90], "writing": "vertical-rl", "style": style, "text": says });
    template(json!([node]))
}

fn laid_out(template: &Json) -> Document {
    let fonts = testing::set(&["Inter_400Regular", "NotoSansJP_400Regular", "NotoColorEmoji_Subset"]);
    let world = TestWorld { fonts, assets: TestAssets::default() };
    let program = program(template, &world).unwrap_or_else(|findings| panic!("{}", shown(&findings)));
    program.render(&json!({}), &world, &RenderOptions::default(), &mut Scratch::default()).unwrap().document
}

fn file(document: &Document) -> String {
    let options = PdfOptions { compression: 0, ..PdfOptions::default() };
    String::from_utf8_lossy(&write(document, &options, &mut PdfCache::new()).unwrap()).into_owned()
}

/// What each run says, and how its glyphs stand.
fn postures(document: &Document) -> Vec<(String, Posture)> {
    let said = |range: &std::ops::Range<u32>| document.text[range.start as usize..range.end as usize].to_owned();
    let runs = document.pages[0].items.iter().filter_map(|item| match item {
        Item::Glyphs(run) => Some((said(&run.text), run.posture)),
        _ => None,
    });
    runs.collect()
}

#[test]
fn letters_stand_as_their_script_wants_it_and_numbers_share_a_square() {
    let document = laid_out(&column("第12回（PDF）"));
    let expected = [
        ("第", Posture::Upright),
        ("12", Posture::Combined(100)),
        ("回（", Posture::Upright),
        ("PDF", Posture::Along),
        ("）", Posture::Upright),
    ];
    assert_eq!(postures(&document), expected.map(|(said, posture)| (said.to_owned(), posture)));
}

#[test]
fn marks_take_their_vertical_forms_and_upright_glyphs_stand_in_the_middle_of_the_column() {
    let document = laid_out(&column("国「"));
    let face = &document.faces[0];
    let [ideograph, bracket] = &document.glyphs[..] else { panic!("{:?}", document.glyphs) };
    assert_eq!((ideograph.advance, ideograph.x_offset), (1_000, 880));
    assert_ne!(Some(bracket.id), face.glyph('「'), "the bracket is that of lines that go across");
    let middle = i32::from(face.metrics().cap_height) / 2;
    assert!((i32::from(ideograph.y_offset) + 500 - middle).abs() <= 1, "{}", ideograph.y_offset);
}

#[test]
fn three_digits_are_made_narrower_to_share_a_square() {
    let mut template = column("第405号");
    template["body"]["nodes"][0]["style"]["combine"] = json!(3);
    let document = laid_out(&template);
    let found = postures(&document);
    let Some((_, Posture::Combined(percent))) = found.get(1) else { panic!("{found:?}") };
    assert!((50..75).contains(percent), "{percent}");
}

#[test]
fn a_file_has_a_font_that_writes_downwards_only_when_something_stands_upright() {
    let pdf = file(&laid_out(&column("縦書きPDF")));
    assert_eq!((pdf.matches("/Identity-V").count(), pdf.matches("/Identity-H").count()), (1, 1), "one face, both ways");
    assert_eq!(pdf.matches("/FontFile").count(), 1, "embedded once");
    assert!(!file(&document(&template(json!([text([0.0, 0.0], "across")])))).contains("/Identity-V"));
}

#[test]
fn an_emoji_is_turned_back_as_the_letters_around_it_are() {
    let document = laid_out(&column("茶☕"));
    let turns: Vec<[f32; 4]> = document.pages[0]
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Push { transform, .. } => transform.coefficients.first_chunk::<4>().copied(),
            _ => None,
        })
        .collect();
    assert_eq!(turns, [[0.0, 1.0, -1.0, 0.0], [0.0, -1.0, 1.0, 0.0]], "the column, and the emoji in it");
}

#[test]
fn hostile_columns_give_an_ordinary_answer() {
    let marks = "「".repeat(100);
    let joined = "\u{200D}\u{FE0F}\u{301}".repeat(100);
    let digits = "7".repeat(100);
    let text = "あ".repeat(1_000);
    for says in ["", " ", "\n\n\n", "\u{AD}", "\u{3000}\u{3000}", &marks, &joined, &digits, &text] {
        for size in [json!([0, 0]), json!([60, 0]), json!([0, 90]), json!([1, 90])] {
            for overflow in ["grow", "clip", "ellipsis", "shrink"] {
                let mut template = column(says);
                template["body"]["nodes"][0]["size"] = size.clone();
                template["body"]["nodes"][0]["overflow"] = json!(overflow);
                assert!(try_render(&template, &json!({}), &RenderOptions::default()).is_ok() || overflow == "grow");
            }
        }
    }
}
