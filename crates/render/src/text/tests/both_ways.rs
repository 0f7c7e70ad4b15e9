//! The short way gives exactly what parley gives.

use super::*;
use crate::template::model::Align;

const TEXTS: [&str; 22] = [
    "Invoice",
    "Total amount due: 1,234.56 €",
    "The quick brown fox jumps over the lazy dog, then AV To Te WA LT fi ffl office.",
    "Well-known mother-in-law re-entered; state-of-the-art (see note 3) and/or either/or.",
    "https://example.org/a/very/long/path?with=query&and=more#fragment",
    "“Quoted text” – with an en dash — and an em dash… and ‘single’ quotes.",
    "Ångström naïve façade Straße Žluťoučký kůň úpěl ďábelské ódy",
    "12.50 % of 3,000 kg = 375 kg; 20–25 °C; 5 × 3 ÷ 2 ± 1",
    "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "Ταχίστη αλώπηξ βαφής ψημένη γη, δρασκελίζει υπέρ νωθρού κυνός.",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "a  b   c    d     e",
    "  leading and trailing   ",
    "No\u{A0}break here and 10\u{A0}000\u{A0}EUR there",
    "(a) [b] {c} <d> \"e\" 'f' !g ?h",
    "A! B? C: D; E, F. G/ H\\ I| J_ K~",
    "1. First 2. Second 10. Tenth",
    "e-mail: someone@example.org, tel. +49 (30) 123 45-67",
    "AVAVAV WAWAWA ToToTo Yo. P, T. \"A\" L'Y r. f) T:",
    "€5 $6 £7 ¥8 5€ 6$ 7£ 100%",
    "x",
    "Terms → see № 4 ™",
];

/// Glyphs may differ by rounding to font units, and by nothing more.
fn assert_same(short: &[Seen], long: &[Seen], what: &str) {
    let texts = |lines: &[Seen]| lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(short), texts(long), "{what}");
    for (short, long) in short.iter().zip(long) {
        let ids = |line: &Seen| line.glyphs.iter().map(|glyph| glyph.0).collect::<Vec<_>>();
        assert_eq!(ids(short), ids(long), "{what}: {}", short.text);
        assert!((short.width - long.width).abs() < 0.05, "{what}: {} is {} or {}", short.text, short.width, long.width);
        for (short, long) in short.glyphs.iter().zip(&long.glyphs) {
            assert!((short.1 - long.1).abs() < 0.05, "{what}: {short:?} {long:?}");
        }
    }
}

fn compare(stem: &str, style: &TextStyle, widths: &[f32]) {
    let font = font(&[stem]);
    let mut short = TextEngine::default();
    let mut long = TextEngine::long_way_only();
    for text in TEXTS {
        for width in widths {
            let what = format!("{stem} at {width} for {text:?}");
            let short = lay_out(&mut short, text, *width, style, &font);
            let long = lay_out(&mut long, text, *width, style, &font);
            assert!(short.store.missing.is_empty() || short.store.missing == long.store.missing);
            assert_same(&short.seen(), &long.seen(), &what);
            assert_eq!(short.block.height, long.block.height, "{what}");
        }
    }
}

const WIDTHS: [f32; 9] = [f32::INFINITY, 500.0, 200.0, 133.7, 90.0, 61.3, 40.0, 12.0, 1.0];

#[test]
fn both_ways_break_and_shape_alike() {
    let style = TextStyle { size: 9.5, ..TextStyle::default() };
    for stem in [
        "Inter_400Regular",
        "Inter_700Bold",
        "SourceSerif4_400Regular",
        "PlayfairDisplay_400Regular",
        "JetBrainsMono_400Regular",
    ] {
        compare(stem, &style, &WIDTHS);
    }
}

#[test]
fn both_ways_space_letters_alike() {
    let style = TextStyle { size: 10.0, letter_spacing: 1.25, ..TextStyle::default() };
    compare("Inter_400Regular", &style, &[f32::INFINITY, 210.0, 87.0]);
}

#[test]
fn both_ways_justify_and_align_alike() {
    for align in [Align::Justify, Align::End, Align::Center, Align::Right] {
        let style = TextStyle { size: 11.0, align, tabular: true, ..TextStyle::default() };
        compare("Inter_400Regular", &style, &[230.0, 120.0]);
    }
}
