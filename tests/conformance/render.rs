//! Renders templates in this process, where the fonts are loaded once.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use chancery_render::fonts::FontSet;
use chancery_render::pdf::{PdfCache, PdfError, PdfOptions, write};
use chancery_render::program::{RenderOptions, Scratch};
use chancery_render::template::{Classification, Strictness};
use chancery_render::{Assets, Diagnostic, Limits, Profile, Program, Template, World};
use chancery_tests::{fonts, root};
use serde_json::{Value as Json, json};

/// The time that all renders of these tests say it is: 22 November 2026, 9:30.
const NOW_MS: i64 = 1_795_339_800_000;

static FONTS: LazyLock<FontSet> = LazyLock::new(|| chancery_service::fonts::load(&fonts()).expect("the fonts").set);

/// A world with fonts; assets are in the templates.
pub(crate) struct TestWorld<'a> {
    pub(crate) fonts: &'a FontSet,
}

impl TestWorld<'static> {
    /// The one with all fonts of the tests.
    pub(crate) fn usual() -> Self {
        Self { fonts: &FONTS }
    }
}

impl World for TestWorld<'_> {
    fn fonts(&self) -> &FontSet {
        self.fonts
    }

    fn assets(&self) -> &dyn Assets {
        &()
    }

    fn now_ms(&self) -> i64 {
        NOW_MS
    }
}

/// Renders a template that must follow these standards, beside those that it names itself.
pub(crate) fn render(
    template: &Json,
    data: &Json,
    profiles: &[Profile],
    world: &TestWorld<'_>,
) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let (template, _) = Template::from_value(template, &Limits::default(), Strictness::Check)?;
    let program = Program::new(Arc::new(template), world)?;
    // The class is in the metadata, which every standard has an opinion on.
    let options = RenderOptions { class: Some(Classification::Confidential), ..RenderOptions::default() };
    let rendered = program.render(data, world, &options, &mut Scratch::default())?;
    let options = PdfOptions { profiles: profiles.to_vec(), ..PdfOptions::default() };
    write(&rendered.document, &options, &mut PdfCache::default()).map_err(|error| match error {
        PdfError::Nonconforming { findings } => findings,
        other => panic!("{other}"),
    })
}

/// A document of the matrix: a template without standards of its own, and its data.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) template: Json,
    pub(crate) data: Json,
}

impl Case {
    /// An example.
    pub(crate) fn example(name: &str) -> Self {
        let folder = root().join("examples").join(name);
        let (mut template, data) = (read(&folder.join("template.json")), read(&folder.join("data.json")));
        if let Some(output) = template.get_mut("output").and_then(Json::as_object_mut) {
            output.remove("profiles");
        }
        Self { name: name.to_owned(), template, data }
    }

    /// The document that has everything that the format has.
    pub(crate) fn everything(name: &str, is_clear: bool) -> Self {
        let template = read(&root().join("tests/conformance/everything.json"));
        let rows: Vec<Json> = (1..60).map(|row| json!({ "name": format!("Row {row}"), "amount": row })).collect();
        // The title has what XML cannot carry as it is.
        let title = format!("{name}\r\n\u{7}");
        let data = json!({ "name": title, "clear": is_clear, "none": [], "rows": rows });
        Self { name: name.to_owned(), template, data }
    }

    /// The same without links, which no press can follow.
    pub(crate) fn without_links(mut self) -> Self {
        fn strip(json: &mut Json) {
            match json {
                Json::Object(object) => {
                    object.shift_remove("link");
                    object.values_mut().for_each(strip);
                }
                Json::Array(items) => items.iter_mut().for_each(strip),
                _ => {}
            }
        }
        strip(&mut self.template);
        self
    }

    /// The same with files inside.
    pub(crate) fn with_attachments(&self) -> Json {
        let mut template = self.template.clone();
        let output = template.as_object_mut().unwrap().entry("output").or_insert_with(|| json!({}));
        output["attachments"] = json!([
            { "name": "data.json", "content": "{{ JSON.stringify(data) }}", "mime": "application/json",
              "relationship": "source", "description": "What the document was made from" },
            { "name": "Übersicht (1).txt", "content": "<>&", "mime": "text/plain" },
        ]);
        template
    }
}

fn read(path: &Path) -> Json {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
