//! What lines must keep to, whichever way they were made.

use super::*;
use crate::template::model::Align;

fn style() -> TextStyle {
    TextStyle { size: 10.0, line_height: 1.5, ..TextStyle::default() }
}

fn inter() -> FontChoice {
    font(&["Inter_400Regular"])
}

#[test]
fn line_feeds_end_paragraphs_and_empty_ones_keep_their_room() {
    let style = TextStyle { paragraph_gap: 4.0, ..style() };
    let laid = lay_out(&mut TextEngine::default(), "one\n\ntwo", 100.0, &style, &inter());
    assert_eq!(laid.texts(), ["one", "", "two"]);
    assert_eq!(laid.lines().iter().map(|line| line.y).collect::<Vec<_>>(), [0.0, 19.0, 38.0]);
    assert_eq!(laid.block.height, 53.0);
}

#[test]
fn empty_text_is_one_empty_line() {
    let laid = lay_out(&mut TextEngine::default(), "", 100.0, &style(), &inter());
    assert_eq!(laid.lines().len(), 1);
    assert_eq!(laid.block.height, 15.0);
}

#[test]
fn half_leading_stands_above_and_below() {
    let font = inter();
    let laid = lay_out(&mut TextEngine::default(), "x", 100.0, &style(), &font);
    let metrics = font.primary.metrics();
    let ascent = f32::from(metrics.ascent) / f32::from(metrics.units_per_em) * 10.0;
    let descent = -f32::from(metrics.descent) / f32::from(metrics.units_per_em) * 10.0;
    let above = laid.block.baseline - ascent;
    let below = 15.0 - laid.block.baseline - descent;
    assert!((above - below).abs() < 0.001);
}

#[test]
fn justified_lines_reach_the_edge_and_the_last_one_does_not() {
    let style = TextStyle { align: Align::Justify, ..style() };
    let text = "Several words that fill more than one line of a narrow column of text";
    let laid = lay_out(&mut TextEngine::default(), text, 120.0, &style, &inter());
    let (last, full) = laid.lines().split_last().unwrap();
    assert!(full.len() > 1);
    for line in full {
        assert!((line.width - 120.0).abs() < 0.01, "{}", line.width);
        let end = laid.seen_line(line).glyphs.last().unwrap().1;
        assert!(end < 120.0 && end > 100.0);
    }
    assert!(last.width < 119.0);
}

#[test]
fn words_longer_than_the_line_are_broken_between_characters() {
    let laid = lay_out(&mut TextEngine::default(), "incomprehensibilities", 30.0, &style(), &inter());
    assert!(laid.lines().len() > 2);
    assert_eq!(laid.texts().concat(), "incomprehensibilities");
    assert!(laid.lines().iter().all(|line| line.width <= 30.01));
}

#[test]
fn no_width_at_all_gives_one_character_a_line() {
    let laid = lay_out(&mut TextEngine::default(), "abc d", 0.0, &style(), &inter());
    assert_eq!(laid.texts(), ["a", "b", "c", "d"]);
}

#[test]
fn a_soft_hyphen_shows_where_the_line_is_broken_and_nowhere_else() {
    let font = inter();
    let hyphen = font.primary.glyph('\u{2010}').or(font.primary.glyph('-')).unwrap();
    let text = "extra\u{AD}ordinary incompre\u{AD}hensible";
    let shown = |width| {
        let laid = lay_out(&mut TextEngine::default(), text, width, &style(), &font);
        laid.seen().iter().map(|line| line.glyphs.iter().filter(|glyph| glyph.0 == hyphen).count()).collect::<Vec<_>>()
    };
    assert_eq!(shown(500.0), [0]);
    let broken = shown(70.0);
    assert!(broken.len() > 1);
    let laid = lay_out(&mut TextEngine::default(), text, 70.0, &style(), &font);
    for (line, hyphens) in laid.lines().iter().zip(broken) {
        assert!(line.width <= 70.01);
        let text = laid.line_text(line);
        assert_eq!(hyphens, usize::from(text.ends_with('\u{AD}')), "{text}");
    }
}

#[test]
fn hebrew_and_arabic_run_from_right_to_left_and_start_at_the_right() {
    for (stem, text) in [("NotoSansHebrew_400Regular", "שלום עולם"), ("NotoSansArabic_400Regular", "مرحبا بالعالم")]
    {
        let laid = lay_out(&mut TextEngine::default(), text, 200.0, &style(), &font(&[stem]));
        let line = &laid.lines()[0];
        assert!(line.right_to_left && line.x > 100.0, "{stem}");
        assert!((line.x + line.width - 200.0).abs() < 0.01);
        // The first character is the rightmost one.
        let run = &laid.runs(line)[0];
        let glyphs = &laid.document.glyphs[run.glyphs.start as usize..run.glyphs.end as usize];
        let first = glyphs.iter().position(|glyph| glyph.text_start == 0 && glyph.text_length > 0).unwrap();
        assert!(first + 2 >= glyphs.len(), "{first} of {}", glyphs.len());
        assert!(laid.store.missing.is_empty());
    }
}

#[test]
fn arabic_letters_are_joined() {
    let font = font(&["NotoSansArabic_400Regular"]);
    let glyphs = |text| lay_out(&mut TextEngine::default(), text, 200.0, &style(), &font).seen()[0].glyphs.clone();
    let alone = glyphs("ب")[0].0;
    let joined: Vec<u16> = glyphs("ببب").iter().map(|glyph| glyph.0).collect();
    assert!(joined.len() >= 3 && !joined.contains(&alone), "{joined:?}");
}

#[test]
fn other_scripts_come_from_the_first_face_that_has_them() {
    let font = font(&["Inter_400Regular", "NotoSansJP_400Regular", "NotoSansThai_400Regular"]);
    let laid = lay_out(&mut TextEngine::default(), "Total 合計 ราคา", 400.0, &style(), &font);
    let families: Vec<&str> =
        laid.runs(&laid.lines()[0]).iter().map(|run| laid.document.faces[run.face as usize].family()).collect();
    assert!(families.contains(&"Inter") && families.contains(&"Noto Sans JP") && families.contains(&"Noto Sans Thai"));
    assert!(laid.store.missing.is_empty());
}

#[test]
fn marks_come_from_the_font_of_the_letters_around_them() {
    let font = font(&["Inter_400Regular", "NanumGothic_400Regular", "NotoSansJP_400Regular"]);
    for (text, family) in [("「合計」です。", "Noto Sans JP"), ("「합계」입니다.", "NanumGothic")] {
        let laid = lay_out(&mut TextEngine::default(), text, 400.0, &style(), &font);
        let run = &laid.runs(&laid.lines()[0])[0];
        assert_eq!(laid.document.faces[run.face as usize].family(), family, "{text}");
    }
}

#[test]
fn japanese_is_broken_between_characters_and_thai_between_words() {
    let japanese = lay_out(
        &mut TextEngine::default(),
        "請求書の合計金額は次の通りです。",
        60.0,
        &style(),
        &font(&["NotoSansJP_400Regular"]),
    );
    assert!(japanese.lines().len() > 1);
    assert!(japanese.texts().iter().all(|line| !line.starts_with('。')));
    let thai =
        lay_out(&mut TextEngine::default(), "ภาษาไทยเป็นภาษา", 40.0, &style(), &font(&["NotoSansThai_400Regular"]));
    let words = ["ภาษา", "ไทย", "เป็น"];
    for line in thai.texts() {
        assert!(words.iter().any(|word| line.starts_with(word)), "{line}");
    }
}

#[test]
fn characters_that_no_face_has_are_named() {
    let laid = lay_out(&mut TextEngine::default(), "a漢b字", 100.0, &style(), &inter());
    assert_eq!(laid.store.missing, ['漢', '字']);
}

#[test]
fn the_ellipsis_replaces_what_does_not_fit() {
    let font = inter();
    let style = style();
    let language = TextLanguage::new("en");
    let request = Request {
        text: "Many words that need three lines or even more than that",
        width: 80.0,
        style: &style,
        font: &font,
        language: &language,
    };
    let mut document = Document::default();
    let mut store = TextStore::default();
    let mut engine = TextEngine::default();
    let mut out = Output { document: &mut document, store: &mut store };
    let mut block = engine.lay_out(&request, &mut out);
    assert!(engine.cut_with_ellipsis(&mut block, &request, 31.0, &mut out));
    assert!(!engine.cut_with_ellipsis(&mut block, &request, 31.0, &mut out));
    let laid = Laid { document, store, block };
    let texts = laid.texts();
    assert_eq!(texts.len(), 2);
    assert!(texts[1].ends_with('…') && !texts[1].ends_with(" …"), "{texts:?}");
    assert!(laid.lines().iter().all(|line| line.width <= 80.01));
}

#[test]
fn shrinking_stops_when_it_fits_and_at_the_half() {
    let font = inter();
    let style = style();
    let language = TextLanguage::new("en");
    let shrunk = |text: &str, height| {
        let mut document = Document::default();
        let mut store = TextStore::default();
        let request = Request { text, width: 80.0, style: &style, font: &font, language: &language };
        let mut out = Output { document: &mut document, store: &mut store };
        let block = TextEngine::default().lay_out_shrunk(&request, height, &mut out);
        (block.size, block.fits(height), store.lines.len() == block.lines.len())
    };
    assert_eq!(shrunk("short", 15.0), (10.0, true, true));
    let (size, fits, clean) = shrunk("a text of some more words", 20.0);
    assert!(size < 10.0 && size >= 5.0 && fits && clean, "{size}");
    let (size, fits, _) = shrunk(&"far too many words ".repeat(30), 20.0);
    assert!((size - 5.0).abs() < 0.001 && !fits);
}

#[test]
fn warm_caches_and_cold_ones_give_the_same() {
    let mut warm = TextEngine::default();
    let font = inter();
    // Long enough for all caches to be at work.
    for _ in 0..60 {
        lay_out(&mut warm, "Other words first, then Invoice 2026-001", 77.0, &style(), &font);
    }
    let text = "Invoice 2026-001, due at once, AV To fi";
    let first = lay_out(&mut warm, text, 77.0, &style(), &font);
    let second = lay_out(&mut TextEngine::default(), text, 77.0, &style(), &font);
    assert_eq!(first.document.glyphs, second.document.glyphs);
    assert_eq!(first.store.lines, second.store.lines);
    assert_eq!(first.store.runs, second.store.runs);
}

#[test]
fn hostile_text_neither_panics_nor_loops() {
    let font = inter();
    let mut engine = TextEngine::default();
    let texts = [
        "\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}".repeat(200),
        "e".to_owned() + &"\u{301}".repeat(2_000),
        "\u{200D}\u{FE0F}👩‍👩‍👧‍👦".repeat(50),
        "\n".repeat(500),
        " ".repeat(5_000),
        "\u{AD}".repeat(500),
        "a\u{AD}".repeat(500),
        "\u{10FFFF}\u{E000}\u{FFFD}".to_owned(),
        "x".repeat(20_000),
    ];
    for text in &texts {
        for width in [f32::INFINITY, 50.0, 0.0, -5.0] {
            let laid = lay_out(&mut engine, text, width, &style(), &font);
            assert!(!laid.lines().is_empty());
            assert!(laid.lines().iter().all(|line| line.width.is_finite() && line.x.is_finite()));
        }
    }
}
