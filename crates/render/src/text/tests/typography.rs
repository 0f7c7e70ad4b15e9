//! Features, hyphenation, even paragraphs, hanging punctuation and variable fonts.

use super::*;
use crate::template::model::{Align, FeatureSetting, Typography, Wrap};

const LETTER: &str = "We confirm the cancellation of your subscription. The administrative department will \
                      reimburse the proportional contribution automatically within approximately fourteen days.";

fn styled(typography: Typography) -> TextStyle {
    TextStyle { size: 10.0, typography, ..TextStyle::default() }
}

fn in_english(text: &str, width: f32, style: &TextStyle, way: Option<TextEngine>) -> Laid {
    lay_out(&mut way.unwrap_or_default(), text, width, style, &font(&["SourceSerif4_400Regular"]))
}

/// What a reader puts together again: lines one after the other, hyphens taken out, spaces between words.
fn read_back(laid: &Laid) -> String {
    let mut said = String::new();
    for text in laid.texts() {
        match text.strip_suffix('\u{AD}') {
            Some(part) => said.push_str(part),
            None => {
                said.push_str(&text);
                said.push(' ');
            }
        }
    }
    said.trim_end().to_owned()
}

#[test]
fn words_are_broken_with_a_hyphen_that_stands_for_a_soft_one() {
    let style = styled(Typography { hyphenate: true, ..Typography::default() });
    let laid = in_english(LETTER, 90.0, &style, None);
    let texts = laid.texts();
    assert!(texts.iter().any(|text| text.ends_with('\u{AD}')), "{texts:?}");
    assert_eq!(read_back(&laid), LETTER);
    let hyphen = laid.document.faces[0].hyphen().unwrap();
    for (line, text) in laid.lines().iter().zip(&texts) {
        assert!(line.width <= 90.01, "{text}");
        assert_eq!(laid.seen_line(line).glyphs.last().unwrap().0 == hyphen, text.ends_with('\u{AD}'), "{text}");
    }
    // Without the property no word is broken.
    let plain = in_english(LETTER, 90.0, &styled(Typography::default()), None);
    assert!(plain.texts().iter().all(|text| !text.contains('\u{AD}')));
    assert!(plain.lines().len() >= laid.lines().len());
}

#[test]
fn no_more_than_two_lines_in_a_row_end_with_a_hyphen() {
    for wrap in [Wrap::Greedy, Wrap::Pretty] {
        let typography = Typography { hyphenate: true, wrap, ..Typography::default() };
        let style = TextStyle { align: Align::Justify, ..styled(typography) };
        let mut hyphens = 0;
        for width in 55..140u16 {
            let laid = in_english(LETTER, f32::from(width), &style, None);
            let ends: Vec<bool> = laid.texts().iter().map(|text| text.ends_with('\u{AD}')).collect();
            hyphens += ends.iter().filter(|end| **end).count();
            assert!(!ends.windows(3).any(|three| three == [true; 3]), "{width}: {:?}", laid.texts());
            assert_eq!(read_back(&laid), LETTER);
        }
        assert!(hyphens > 50, "{hyphens}");
    }
}

#[test]
fn both_ways_choose_the_same_line_ends() {
    for wrap in [Wrap::Greedy, Wrap::Balance, Wrap::Pretty] {
        for hangs in [false, true] {
            let typography = Typography {
                hyphenate: true,
                wrap,
                hanging_punctuation: hangs,
                ligatures: false,
                ..Typography::default()
            };
            let style = TextStyle { align: Align::Justify, ..styled(typography) };
            for width in [70.0, 101.5, 140.0, 233.0] {
                let short = in_english(LETTER, width, &style, None);
                let long = in_english(LETTER, width, &style, Some(TextEngine::long_way_only()));
                assert_eq!(short.texts(), long.texts(), "{wrap:?} {width}");
                for (short, long) in short.lines().iter().zip(long.lines()) {
                    assert!((short.width - long.width).abs() < 0.1 && (short.x - long.x).abs() < 0.1, "{width}");
                }
            }
        }
    }
}

/// The widest and the narrowest space of all lines but the last, as parts of the room.
fn unevenness(laid: &Laid, width: f32) -> f32 {
    let (_, full) = laid.lines().split_last().unwrap();
    full.iter()
        .map(|line| {
            let spaces = laid.line_text(line).matches(' ').count().max(1);
            #[expect(clippy::cast_precision_loss, reason = "few spaces")]
            let spaces = spaces as f32;
            let free = (width - line.width) / spaces;
            free * free * free.abs()
        })
        .sum()
}

#[test]
fn paragraphs_that_are_chosen_together_are_more_even() {
    let mut better = 0;
    for width in (100..220u16).step_by(7).map(f32::from) {
        // Not justified here, so that the room that is left can be measured.
        let greedy = in_english(LETTER, width, &styled(Typography::default()), None);
        let typography = Typography { wrap: Wrap::Pretty, ..Typography::default() };
        let pretty = in_english(LETTER, width, &styled(typography), None);
        assert_eq!(read_back(&pretty), LETTER);
        assert!(pretty.lines().iter().all(|line| line.width <= width + 0.01));
        let (greedy, pretty) = (unevenness(&greedy, width), unevenness(&pretty, width));
        better += usize::from(pretty < greedy * 0.95);
    }
    assert!(better >= 6, "{better}");
}

#[test]
fn balanced_lines_are_as_few_and_about_equally_long() {
    let title = "Confirmation of the cancellation of your subscription";
    let typography = Typography { wrap: Wrap::Balance, ..Typography::default() };
    let balanced = in_english(title, 200.0, &styled(typography), None);
    let greedy = in_english(title, 200.0, &styled(Typography::default()), None);
    assert_eq!(balanced.lines().len(), greedy.lines().len());
    let spread = |laid: &Laid| {
        let widths: Vec<f32> = laid.lines().iter().map(|line| line.width).collect();
        widths.iter().fold(0.0, |most: f32, width| most.max(*width))
            - widths.iter().fold(f32::MAX, |least, width| least.min(*width))
    };
    assert!(spread(&balanced) < spread(&greedy) / 2.0, "{:?}", balanced.texts());
}

#[test]
fn justified_lines_that_are_chosen_together_all_end_at_the_edge() {
    let typography = Typography { hyphenate: true, wrap: Wrap::Pretty, letter_stretch: 0.02, ..Typography::default() };
    let style = TextStyle { align: Align::Justify, ..styled(typography) };
    for width in [90.0, 130.0, 180.0, 240.0] {
        let laid = in_english(LETTER, width, &style, None);
        let (last, full) = laid.lines().split_last().unwrap();
        for line in full.iter().filter(|line| laid.line_text(line).contains(' ')) {
            assert!((line.width - width).abs() < 0.05, "{width}: {} {:?}", line.width, laid.line_text(line));
            for run in laid.runs(line) {
                assert!(run.letter_spacing.abs() <= 0.2 + 0.001, "{}", run.letter_spacing);
            }
        }
        assert!(last.width <= width + 0.01);
    }
}

#[test]
fn no_hyphen_stands_before_an_ellipsis() {
    let style = styled(Typography { hyphenate: true, ..Typography::default() });
    let (font, language) = (font(&["SourceSerif4_400Regular"]), TextLanguage::new("en"));
    let mut cut_words = 0;
    for width in 50..120u16 {
        let request =
            Request { text: LETTER, width: f32::from(width), style: &style, font: &font, language: &language };
        let (mut document, mut store) = (Document::default(), TextStore::default());
        let mut engine = TextEngine::default();
        let mut out = Output { document: &mut document, store: &mut store };
        let mut block = engine.lay_out(&request, &mut out);
        let whole = lay_out_request(&mut TextEngine::default(), &request);
        cut_words += usize::from(whole.texts()[1].ends_with('\u{AD}'));
        assert!(engine.cut_with_ellipsis(&mut block, &request, 30.0, &mut out));
        let last = Laid { document, store, block }.texts().pop().unwrap();
        assert!(last.ends_with('…') && !last.contains('\u{AD}'), "{last:?}");
    }
    assert!(cut_words > 5, "{cut_words}");
}

#[test]
fn marks_hang_out_of_the_edges() {
    let typography = Typography { hanging_punctuation: true, ..Typography::default() };
    let style = TextStyle { align: Align::Right, ..styled(typography) };
    let laid = in_english("“Yes,” she said.", 300.0, &style, None);
    let line = &laid.lines()[0];
    assert!(line.x + line.width > 300.5, "{}", line.x + line.width);
    let plain = in_english(
        "“Yes,” she said.",
        300.0,
        &TextStyle { align: Align::Right, ..styled(Typography::default()) },
        None,
    );
    assert!((plain.lines()[0].x + plain.lines()[0].width - 300.0).abs() < 0.01);
    let left = in_english("“Yes,” she said.", 300.0, &TextStyle { align: Align::Left, ..style }, None);
    assert!(left.lines()[0].x < -0.5);
}

#[test]
fn features_change_glyphs_in_both_ways() {
    let feature = |tag: &[u8; 4], value| FeatureSetting { tag: *tag, value };
    let plain = styled(Typography::default());
    let switched = |features: Vec<FeatureSetting>| styled(Typography { features, ..Typography::default() });
    for (text, style) in [
        ("Chancery", switched(vec![feature(b"smcp", 1)])),
        ("1/2 3/4", switched(vec![feature(b"frac", 1)])),
        ("2026", switched(vec![feature(b"onum", 1)])),
        ("Wa To AV", styled(Typography { kerning: false, ..Typography::default() })),
    ] {
        let usual = in_english(text, 300.0, &plain, None).seen();
        let short = in_english(text, 300.0, &style, None).seen();
        let long = in_english(text, 300.0, &style, Some(TextEngine::long_way_only())).seen();
        assert_ne!(usual, short, "{text}");
        let ids =
            |seen: &[Seen]| seen.iter().flat_map(|line| line.glyphs.iter().map(|glyph| glyph.0)).collect::<Vec<_>>();
        assert_eq!(ids(&short), ids(&long), "{text}");
        assert!((short[0].width - long[0].width).abs() < 0.05, "{text}");
    }
}

#[test]
fn variable_fonts_stand_where_the_style_wants_them() {
    let set = testing::set(&["IBMPlexSansVar-Roman"]);
    let base = Arc::clone(&set.faces()[0]);
    let at = |weight: f32, width: f32| {
        let places = [AxisSetting { tag: *b"wght", value: weight }, AxisSetting { tag: *b"wdth", value: width }];
        base.at(&places).unwrap()
    };
    let (bold, narrow) = (at(700.0, 100.0), at(400.0, 85.0));
    assert_eq!((bold.weight(), narrow.weight()), (700, 400));
    assert!(bold.id() != base.id() && bold.id() != narrow.id());
    assert!(base.at(&[AxisSetting { tag: *b"opsz", value: 9.0 }]).is_none(), "there is no such axis");
    assert_eq!(at(5_000.0, 100.0).weight(), 700, "the font bounds what is asked for");
    let glyph = base.glyph('m').unwrap();
    assert!(bold.advance(glyph) > base.advance(glyph) && narrow.advance(glyph) < base.advance(glyph));
    // Both ways shape the same instance.
    let style = styled(Typography::default());
    let choice = FontChoice {
        primary: Arc::new(bold),
        faces: Vec::new(),
        places: vec![AxisSetting { tag: *b"wght", value: 700.0 }],
        shortfalls: Box::default(),
    };
    let choice = FontChoice { faces: vec![Arc::clone(&choice.primary)], ..choice };
    let short = lay_out(&mut TextEngine::default(), "Wavy invoice", 300.0, &style, &choice).seen();
    let long = lay_out(&mut TextEngine::long_way_only(), "Wavy invoice", 300.0, &style, &choice).seen();
    assert!((short[0].width - long[0].width).abs() < 0.05, "{} {}", short[0].width, long[0].width);
}

#[test]
fn hostile_text_ends_in_every_way_to_wrap() {
    let texts = [
        "a\u{AD}".repeat(400),
        "x".repeat(3_000),
        "incomprehensibilities ".repeat(200),
        " ".repeat(500),
        "\u{AD}".repeat(99),
    ];
    for wrap in [Wrap::Greedy, Wrap::Balance, Wrap::Pretty] {
        let typography = Typography {
            hyphenate: true,
            wrap,
            hanging_punctuation: true,
            letter_stretch: 0.1,
            ..Typography::default()
        };
        let style = TextStyle { align: Align::Justify, ..styled(typography) };
        for text in &texts {
            for width in [f32::INFINITY, 33.0, 0.0, -5.0, f32::NAN] {
                for engine in [TextEngine::default(), TextEngine::long_way_only()] {
                    let laid = in_english(text, width, &style, Some(engine));
                    assert!(!laid.lines().is_empty());
                    assert!(laid.lines().iter().all(|line| line.width.is_finite() && line.x.is_finite()), "{width}");
                }
            }
        }
    }
}
