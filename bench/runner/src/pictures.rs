//! Pictures of pages: how long a page of each example takes to be drawn and encoded, in each format.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chancery_render::image::{self, Fit, ImageCache, ImageFormat, ImageOptions};
use chancery_render::program::Scratch;
use chancery_render::{Document, Limits, Program, RenderOptions, Template};
use serde_json::{Value as Json, json};

use crate::arguments::Options;
use crate::engine::{BenchWorld, read_text};
use crate::failure::Failure;
use crate::report;

/// Times that each page is drawn after the first; the median counts.
const ROUND_COUNT: usize = 9;

/// Pixels across a thumbnail.
const THUMBNAIL_WIDTH: u32 = 200;

/// Draws every example in every format and prints one JSON object for each: CPU time and bytes of a page.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let folder = PathBuf::from(options.required("examples")?);
    let world = BenchWorld::read_folder(Path::new(options.required("fonts")?))?;
    let mut documents = BTreeMap::new();
    collect(&folder, &folder, &world, &mut documents)?;
    let thumbnail = Fit { width: Some(THUMBNAIL_WIDTH), height: None };
    for (what, format, fit) in [
        ("PNG, 150 dpi", ImageFormat::Png, None),
        ("JPEG, 150 dpi", ImageFormat::Jpeg { quality: 85 }, None),
        ("WebP, 150 dpi", ImageFormat::Webp { quality: None }, None),
        ("SVG", ImageFormat::Svg, None),
        ("thumbnail, PNG, 200 pixels across", ImageFormat::Png, Some(thumbnail)),
    ] {
        if options.optional("only").is_some_and(|only| !what.contains(only)) {
            continue;
        }
        for (name, document) in &documents {
            let options = ImageOptions { format, fit, pages: 0..document.pages.len(), ..ImageOptions::default() };
            let (cpu_ms, size_bytes) = measure(document, &options)?;
            report::line(&json!({ "format": what, "name": name, "cpu_ms": cpu_ms, "size_bytes": size_bytes }))?;
        }
    }
    Ok(())
}

/// CPU milliseconds and bytes of one page.
fn measure(document: &Document, options: &ImageOptions) -> Result<(f64, usize), Failure> {
    let mut cache = ImageCache::default();
    let mut times = Vec::new();
    let mut size_bytes = 0;
    for _ in 0..=ROUND_COUNT {
        let began = cpu_ms();
        let pages =
            image::render_pages(document, options, &mut cache).map_err(|error| Failure::Render(error.to_string()))?;
        times.push(cpu_ms() - began);
        size_bytes = pages.iter().map(Vec::len).sum();
    }
    // The first one fills caches.
    times.remove(0);
    times.sort_by(f64::total_cmp);
    let pages = document.pages.len().max(1);
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    Ok((median / f64::from(u32::try_from(pages).unwrap_or(u32::MAX)), size_bytes / pages))
}

/// CPU time of this thread up to now.
fn cpu_ms() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default().as_secs_f64() * 1e3
}

/// Lays out every example below a folder.
fn collect(
    top: &Path,
    folder: &Path,
    world: &BenchWorld,
    documents: &mut BTreeMap<String, Document>,
) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder).map_err(|source| Failure::File { path: folder.to_owned(), source })?;
    for entry in entries.flatten().filter(|entry| entry.path().is_dir()) {
        collect(top, &entry.path(), world, documents)?;
    }
    let template = folder.join("template.json");
    if template.is_file() {
        let name = folder.strip_prefix(top).unwrap_or(folder).display().to_string();
        documents.insert(name, document(&template, &folder.join("data.json"), world)?);
    }
    Ok(())
}

fn document(template: &Path, data: &Path, world: &BenchWorld) -> Result<Document, Failure> {
    let failed = |found: &[chancery_render::Diagnostic]| {
        let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
        Failure::Content { path: template.to_owned(), reason: texts.join("; ") }
    };
    let content = |error: serde_json::Error| Failure::Content { path: data.to_owned(), reason: error.to_string() };
    let data: Json = serde_json::from_str(&read_text(data)?).map_err(content)?;
    let (parsed, _) = Template::parse(&read_text(template)?, &Limits::default()).map_err(|found| failed(&found))?;
    let program = Program::new(Arc::new(parsed), world).map_err(|found| failed(&found))?;
    let rendered = program.render(&data, world, &RenderOptions::default(), &mut Scratch::default());
    rendered.map(|rendered| rendered.document).map_err(|found| failed(&found))
}
