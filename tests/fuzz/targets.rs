//! What each fuzz target does with its input; the corpus test does the same.
//!
//! Nothing is asserted but what must hold for every input: no panic, an end, and places that lie in the source.
#![cfg_attr(not(test), expect(dead_code, reason = "each target uses one of these functions"))]

mod stage;

use std::sync::Arc;

use chancery_render::expression::{Context, Expression, Locale, Scope, TextTemplate};
use chancery_render::fonts::{Face, FontSet};
use chancery_render::template::{self, CheckOptions};
use chancery_render::{Bound, DataBounds, data as schemas, picture};
use serde_json::{Value as Json, json};

use stage::{Stage, limits};

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
    Stage::default().play(text, None);
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
            let value = expression.evaluate(&Scope::new(data), &mut context);
            let most = Bound::of_expression(&expression, &DataBounds::of_value(data), &limits);
            if let Bound::AtMost(most) = most {
                let steps = limits.fuel_max - context.fuel_left();
                assert!(steps <= most.steps, "took {steps} steps of at most {}", most.steps);
            }
            match value {
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
    json!({
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
    if let Some(schema) = data.get("schema")
        && let Ok(schema) = schemas::Schema::from_json(schema, &limits())
    {
        drop(schema.problems(&data));
    }
    let inferred = schemas::infer([&data]);
    let schema = schemas::Schema::from_json(&inferred, &limits());
    assert!(schema.is_ok(), "what is inferred is no schema: {:?}: {inferred}", schema.err());
    let template = json!({ "format": 1, "data": { "schema": data.get("schema"), "samples": { "default": data } } });
    drop(template::check(&template.to_string(), &CheckOptions { data: Some(&data), assets: None }, &limits()));
}

/// Reads a font and sets lines in it.
pub(crate) fn font(input: &[u8]) {
    drop(Face::parse(input.into(), 1));
    let Ok(face) = Face::parse(input.into(), 0) else { return };
    for character in "AÄé€ffi漢😀".chars() {
        if let Some(glyph) = face.glyph(character) {
            let _width = face.advance(glyph);
        }
    }
    let template = json!({
        "format": 1, "page": { "size": [200, 100], "margin": 5 },
        "styles": { "text": { "font": face.family(), "size": 10, "weight": 650 } },
        "body": { "nodes": [
            { "kind": "text", "width": 190, "style": "text", "text": "AVA fi Äé 0123 漢😀" },
            { "kind": "text", "at": [0, 40], "width": 60, "style": "text", "align": "justify",
              "text": "مرحبا בית हिन्दी ไทย Text, set in it." } ] },
    });
    let fonts = FontSet::builder().add_face(Arc::new(face)).build();
    Stage::with_fonts(fonts).play(&template.to_string(), None);
}

/// Decodes a picture of any kind, and a data URL, and shows the picture on a page.
pub(crate) fn image(input: &[u8]) {
    if let Ok(text) = std::str::from_utf8(input) {
        drop(picture::data_url(text));
    }
    show(input, "asset:picture");
}

/// Reads a drawing and shows it on a page.
pub(crate) fn svg(input: &[u8]) {
    if std::str::from_utf8(input).is_ok() {
        show(input, "asset:picture");
    }
}

/// Reads a page of a PDF as a picture and shows it on a page.
pub(crate) fn pdf_page(input: &[u8]) {
    drop(picture::decode(input, Some(2), &limits()));
    show(input, "asset:file#page=1");
}

/// Shows a picture that can be decoded, cut by a rounded frame.
fn show(input: &[u8], source: &str) {
    let page = source.ends_with("#page=1").then_some(1);
    if picture::decode(input, page, &limits()).is_err() {
        return;
    }
    let image = json!({ "kind": "image", "at": [0, 0], "size": [120, 60], "source": source, "alt": "", "radius": 4 });
    let template = json!({ "format": 1, "page": { "size": [140, 80], "margin": 10 }, "body": { "nodes": [image] } });
    Stage::with_asset(input).play(&template.to_string(), None);
}

/// Sets Markdown that comes with the data, and Markdown that is written in the template.
pub(crate) fn markdown(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    for written in ["{{ data }}", text] {
        let node = json!({ "kind": "markdown", "width": 190, "style": "text", "text": written, "bookmarks": 3 });
        let template = json!({
            "format": 1, "page": { "size": [200, 300], "margin": 5 },
            "styles": { "text": { "font": "Inter", "size": 9 } }, "body": { "nodes": [node] },
        });
        Stage::default().play(&template.to_string(), Some(&Json::from(text)));
    }
}

/// Imports a web page, or a template of pdfme; what comes of it is a template.
pub(crate) fn import(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let json = serde_json::from_str::<Json>(text).ok();
    let imported = match json.map(|json| chancery_import::pdfme(&json)) {
        Some(Ok(imported)) => imported,
        _ => chancery_import::html(text),
    };
    let template = imported.template.to_string();
    drop(template::check(&template, &CheckOptions::default(), &limits()));
    Stage::default().play(&template, None);
}
