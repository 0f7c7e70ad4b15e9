//! `template check --stress`: data that the schema allows and the template does not bear, with pictures.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery_render::image::{ImageCache, ImageOptions, render_pages};
use chancery_render::program::Scratch;
use chancery_render::stress::{self, Counterexample};
use chancery_render::{Limits, Program, RenderOptions, Template};
use serde_json::Value as Json;

use super::fields;
use crate::error::CommandError;
use crate::output;
use crate::world::LocalWorld;

/// Resolution of the pictures: enough to read small print.
const DOTS_PER_INCH: f32 = 110.0;

/// What a stress test is done with.
pub(crate) struct Stress<'a> {
    /// The template's file, for messages.
    pub(crate) name: &'a Path,
    /// Data to start from; without it a sample, or what the schema describes.
    pub(crate) data: Option<&'a Json>,
    /// Decides which values are combined.
    pub(crate) seed: u64,
    /// Folder for pictures and data.
    pub(crate) out: Option<&'a Path>,
}

/// Tries a template and prints what fails.
pub(crate) fn run(
    template: Template,
    world: &LocalWorld,
    limits: &Limits,
    stress: &Stress<'_>,
) -> Result<(), CommandError> {
    let schema = fields::known(&template, stress.data, limits)?;
    let base = stress.data.or_else(|| template.data.samples.values().next());
    let base = base.cloned().unwrap_or_else(|| stress::typical(&schema));
    let program = Program::new(Arc::new(template), world)
        .map_err(|_| CommandError::input(format!("{} cannot be rendered", stress.name.display())))?;
    let report = stress::stress(&program, world, &schema, &base, limits, stress.seed);
    for (number, found) in (1_usize..).zip(&report.counterexamples) {
        output::line(&described(found, &base))?;
        if let Some(folder) = stress.out {
            for path in keep(&program, world, limits, found, folder, number)? {
                output::line(&format!("  see {}", path.display()))?;
            }
        }
    }
    output::note(&format!("{} documents were made", report.case_count));
    match report.counterexamples.len() {
        0 => Ok(()),
        1 => Err(CommandError::input(format!("{} has 1 counterexample", stress.name.display()))),
        count => Err(CommandError::input(format!("{} has {count} counterexamples", stress.name.display()))),
    }
}

fn described(found: &Counterexample, base: &Json) -> String {
    let mut text = format!("{}\n  with {}", found.fault.finding, found.case);
    for path in &found.paths {
        let value = shown(value_at(&found.data, path));
        let usual = shown(value_at(base, path));
        text.push_str(&format!("\n  data: {path} = {value}, usually {usual}"));
    }
    if let Some(page) = found.fault.page {
        text.push_str(&format!("\n  on page {}", page + 1));
    }
    text
}

/// The value at a path, with the first item of every list.
fn value_at<'d>(data: &'d Json, path: &chancery_render::data::DataPath) -> Option<&'d Json> {
    path.steps().iter().try_fold(data, |value, step| match step {
        chancery_render::data::Step::Name(name) => value.get(&**name),
        chancery_render::data::Step::Item => value.get(0),
    })
}

/// A value on one line, cut where it gets long.
fn shown(value: Option<&Json>) -> String {
    const LENGTH_MAX: usize = 90;
    let text = match value {
        None => return "nothing".to_owned(),
        Some(Json::Array(items)) => return format!("a list of {}", items.len()),
        Some(value) => value.to_string(),
    };
    match text.char_indices().nth(LENGTH_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Writes the picture of the page with the places framed, and the data.
fn keep(
    program: &Program,
    world: &LocalWorld,
    limits: &Limits,
    found: &Counterexample,
    folder: &Path,
    number: usize,
) -> Result<Vec<PathBuf>, CommandError> {
    fs::create_dir_all(folder).map_err(|source| CommandError::file("make", folder, source))?;
    let write =
        |path: &Path, bytes: &[u8]| fs::write(path, bytes).map_err(|source| CommandError::file("write", path, source));
    let node = found.fault.finding.node.as_deref().unwrap_or("document");
    let name: String =
        node.chars().map(|letter| if letter.is_alphanumeric() || letter == '.' { letter } else { '-' }).collect();
    let stem = format!("{number:02}-{}-{name}", found.fault.finding.code);
    let data = folder.join(format!("{stem}.json"));
    let text = serde_json::to_string_pretty(&found.data)
        .map_err(|error| CommandError::environment("cannot write the data", error))?;
    write(&data, text.as_bytes())?;
    let mut paths = vec![data];
    let options = RenderOptions { limits: limits.clone(), ..RenderOptions::default() };
    // What cannot be rendered has no picture.
    if let Ok(rendered) = program.render(&found.data, world, &options, &mut Scratch::default()) {
        let page = found.fault.page.unwrap_or(0);
        let framed = stress::outlined(&rendered.document, &found.fault);
        let options = ImageOptions { dpi: DOTS_PER_INCH, pages: page..page + 1, ..ImageOptions::default() };
        let pictures = render_pages(&framed, &options, &mut ImageCache::default())
            .map_err(|error| CommandError::input(format!("cannot make the picture: {error}")))?;
        for picture in pictures {
            let path = folder.join(format!("{stem}.png"));
            write(&path, &picture)?;
            paths.push(path);
        }
    }
    Ok(paths)
}
