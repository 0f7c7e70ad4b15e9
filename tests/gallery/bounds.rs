//! No render of an example takes more than the bound of its template says, and the bound is near.

use std::path::PathBuf;
use std::sync::Arc;

use chancery_render::fonts::FontSet;
use chancery_render::program::Scratch;
use chancery_render::{Assets, Bound, DataBounds, Limits, Program, RenderOptions, Template, World};
use chancery_tests::{examples, fonts, root};
use serde_json::Value as Json;

/// How many times what a render took its bound may be.
const RATIO_MAX: u64 = 20;

/// Examples whose bound is far above what they take: how often a text is repeated is a number of the data, of which only
/// its limit is known.
const LOOSE: [&str; 1] = ["gallery/emoji"];

/// Examples whose charts write numbers by an expression, of which nobody knows how often it is asked.
const UNKNOWN: &[&str] = &["gallery/charts"];

struct ExampleWorld {
    fonts: FontSet,
    assets: ExampleAssets,
}

struct ExampleAssets(PathBuf);

impl Assets for ExampleAssets {
    fn asset(&self, name: &str) -> Option<Arc<[u8]>> {
        ["", ".png", ".jpg", ".svg"]
            .iter()
            .find_map(|end| std::fs::read(self.0.join(format!("{name}{end}"))).ok())
            .map(Into::into)
    }
}

impl World for ExampleWorld {
    fn fonts(&self) -> &FontSet {
        &self.fonts
    }

    fn assets(&self) -> &dyn Assets {
        &self.assets
    }

    fn now_ms(&self) -> i64 {
        1_795_339_800_000
    }
}

fn all_fonts() -> FontSet {
    let mut builder = FontSet::builder();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(fonts()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "ttf" || end == "otf")) {
        let _ = builder.add(std::fs::read(path).unwrap().into(), 0);
    }
    builder.build()
}

#[test]
fn no_example_takes_more_than_its_bound_or_much_less() {
    let limits = Limits::default();
    let mut world = ExampleWorld { fonts: all_fonts(), assets: ExampleAssets(PathBuf::new()) };
    let (mut shown, mut unknown, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for name in examples() {
        let folder = root().join("examples").join(&name);
        let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
        let data: Json = serde_json::from_str(&read("data.json")).unwrap();
        world.assets.0 = folder.join("assets");
        let (template, _) = Template::parse(&read("template.json"), &limits).unwrap();
        let program = Program::new(Arc::new(template), &world).unwrap();
        let options = RenderOptions::default();
        let rendered = program.render(&data, &world, &options, &mut Scratch::default()).unwrap();
        let mut known = DataBounds::of_value(&data);
        known.page_count = u32::try_from(rendered.document.pages.len()).unwrap();
        match program.bound(&known, &limits) {
            Bound::AtMost(amounts) => {
                let ratio = amounts.steps / rendered.steps.max(1);
                shown.push(format!("{name}: took {} of {}, {ratio} times", rendered.steps, amounts.steps));
                if rendered.steps > amounts.steps || ratio > RATIO_MAX && !LOOSE.contains(&name.as_str()) {
                    failed.push(name);
                }
            }
            Bound::Unknown(unbounded) => {
                shown.push(format!("{name}: {unbounded}"));
                unknown.push(name);
            }
        }
    }
    let shown = shown.join("\n");
    assert!(failed.is_empty(), "{failed:?} in\n{shown}");
    assert_eq!(unknown, UNKNOWN, "{shown}");
}
