//! What each fuzz target does with its input; the corpus test does the same.
//!
//! Nothing is asserted but what must hold for every input: no panic, an end, and places that lie in the source.
#![cfg_attr(not(test), expect(dead_code, reason = "each target uses one of these functions"))]

use std::sync::Arc;

use chancery_render::expression::{Context, Expression, Locale, Scope, TextTemplate};
use chancery_render::fonts::{Face, FontSet};
use chancery_render::program::Scratch;
use chancery_render::template::{self, CheckOptions};
use chancery_render::{Assets, Limits, Program, RenderOptions, Template, World, picture};
use serde_json::Value as Json;

/// Limits under which every input ends in well under a second in an instrumented build.
fn limits() -> Limits {
    Limits {
        fuel_max: 300_000,
        value_size_bytes_max: 300_000,
        page_count_max: 20,
        item_count_max: 20_000,
        picture_pixels_max: 4_000_000,
        ..Limits::default()
    }
}

/// Reads, checks and formats a template, and renders it with its own sample.
pub(crate) fn template(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let limits = limits();
    let findings = template::check(text, &CheckOptions::default(), &limits);
    for finding in &findings {
        assert!(!finding.message.is_empty());
    }
    if let Ok(json) = serde_json::from_str::<Json>(text) {
        let once = template::format_json(&json);
        if let Ok(again) = serde_json::from_str::<Json>(&once) {
            assert_eq!(template::format_json(&again), once, "formatting twice changes the text");
        }
    }
    let Ok((template, _)) = Template::parse(text, &limits) else { return };
    let data = template.data.samples.get("default").cloned().unwrap_or_default();
    let world = Empty::default();
    if let Ok(program) = Program::new(Arc::new(template), &world) {
        let options = RenderOptions { limits, ..RenderOptions::default() };
        // Only that it ends matters.
        drop(program.render(&data, &world, &options, &mut Scratch::default()));
    }
}

/// Compiles and evaluates an expression, and a text with expressions in it.
pub(crate) fn expression(input: &[u8]) {
    let Ok(source) = std::str::from_utf8(input) else { return };
    evaluate(source, &sample());
    let limits = limits();
    match TextTemplate::compile(source, &limits) {
        Ok(text) => {
            let locale = Locale::new("en").unwrap_or_else(|_| unreachable!("`en` is a language tag"));
            let data = sample();
            let mut out = String::new();
            drop(text.write(&mut out, &Scope::new(&data), &mut Context::new(&locale, 0, &limits)));
        }
        Err(errors) => {
            for error in errors {
                assert!(source.get(error.offset..error.offset + error.length).is_some(), "{error:?}");
            }
        }
    }
}

fn evaluate(source: &str, data: &Json) {
    let limits = limits();
    match Expression::compile(source, &limits) {
        Ok(expression) => {
            let Ok(locale) = Locale::new("de-DE") else { return };
            let mut context = Context::new(&locale, 1_773_576_000_000, &limits);
            match expression.evaluate(&Scope::new(data), &mut context) {
                Ok(value) => assert!(value.to_display_string().len() <= 4_000_001),
                Err(error) => assert!(error.offset().is_none_or(|offset| offset <= source.len())),
            }
        }
        Err(error) => {
            assert!(source.get(error.offset..error.offset + error.length).is_some(), "{error:?}");
        }
    }
}

fn sample() -> Json {
    serde_json::json!({
        "number": "2026-001", "price": 1234.5, "yes": true, "nothing": null, "text": "Grüße, 😀",
        "items": [{ "name": "Desk", "qty": 2, "price": 19.99 }, { "name": "Lamp", "qty": 1, "price": 5 }],
    })
}

/// Expressions that read data in every way.
const READERS: [&str; 12] = [
    "JSON.stringify(data)",
    "String(data) + data.text + data.items",
    "sum(data.items, 'price') + avg(data.items, i => i.qty)",
    "sortBy(data.items, 'name').map(i => i.name).join()",
    "group(data.items, 'name').map(g => g.key).join()",
    "Object.entries(data).map(([key, value]) => key + value).join()",
    "money(data.price, 'EUR') + number(data.price) + percent(data.price)",
    "date(data.date, 'long') + moment(data.date).add(1, 'month').format('LL')",
    "data.text.split(/[ ,]+/).map(titleCase).join('-')",
    "unique(Object.values(data)).length",
    "words(data.price) + roman(data.qty) + ordinal(data.qty)",
    "truncate(data.text, 5) + slug(data.text) + grouped(data.text, 4)",
];

/// Reads data with expressions, and holds it against a schema that is part of it.
pub(crate) fn data(input: &[u8]) {
    let Ok(data) = serde_json::from_slice::<Json>(input) else { return };
    for source in READERS {
        evaluate(source, &data);
    }
    let template =
        serde_json::json!({ "format": 1, "data": { "schema": data.get("schema"), "samples": { "default": data } } });
    drop(template::check(&template.to_string(), &CheckOptions { data: Some(&data), assets: None }, &limits()));
}

/// Reads a font and sets a line in it.
pub(crate) fn font(input: &[u8]) {
    let Ok(face) = Face::parse(input.into(), 0) else { return };
    for character in "AÄé€ffi漢😀".chars() {
        if let Some(glyph) = face.glyph(character) {
            let _width = face.advance(glyph);
        }
    }
    let family = face.family().to_owned();
    let fonts = FontSet::builder().add_face(Arc::new(face)).build();
    let template = serde_json::json!({
        "format": 1, "styles": { "text": { "font": family, "size": 10 } },
        "body": { "nodes": [{ "kind": "text", "width": 200, "style": "text", "text": "AVA fi Äé 漢😀" }] },
    });
    let Ok((template, _)) = Template::parse(&template.to_string(), &limits()) else { return };
    let world = Empty { fonts };
    if let Ok(program) = Program::new(Arc::new(template), &world) {
        let options = RenderOptions { limits: limits(), ..RenderOptions::default() };
        drop(program.render(&Json::Null, &world, &options, &mut Scratch::default()));
    }
}

/// Decodes a picture of any kind.
pub(crate) fn image(input: &[u8]) {
    drop(picture::decode(input, None, &limits()));
}

/// Reads a drawing.
pub(crate) fn svg(input: &[u8]) {
    if std::str::from_utf8(input).is_ok() {
        drop(picture::decode(input, None, &limits()));
    }
}

/// A world with nothing but fonts.
struct Empty {
    fonts: FontSet,
}

impl Default for Empty {
    fn default() -> Self {
        Self { fonts: FontSet::builder().build() }
    }
}

impl World for Empty {
    fn fonts(&self) -> &FontSet {
        &self.fonts
    }

    fn assets(&self) -> &dyn Assets {
        &()
    }

    fn now_ms(&self) -> i64 {
        0
    }
}
