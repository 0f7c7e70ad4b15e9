//! Barcodes are read back from rendered pages by readers that we did not write.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod four_state;
mod matrix;

use std::path::{Path, PathBuf};

use chancery_tests::chancery;
use serde_json::{Value as Json, json};

/// Renders barcode nodes, one a page of this size with margins of 20 points, into pictures or a PDF; gives the files of the pages.
fn render(nodes: Vec<Json>, page: [u32; 2], folder: &Path, extension: &str) -> Vec<PathBuf> {
    let count = nodes.len();
    let mut body: Vec<Json> = Vec::new();
    for mut node in nodes {
        let object = node.as_object_mut().unwrap();
        object.insert("kind".to_owned(), json!("barcode"));
        object.insert("alt".to_owned(), json!("Code"));
        body.push(json!({ "kind": "frame", "width": page[0] - 40, "break": if body.is_empty() { "none" } else { "before" }, "nodes": [node] }));
    }
    let template = json!({
        "format": 1, "name": "Barcodes", "page": { "size": page, "margin": 20, "fill": "#ffffff" },
        "body": { "nodes": [ { "kind": "frame", "width": page[0] - 40, "layout": "stack", "nodes": body } ] },
        "assets": { "mark": MARK },
    });
    let path = folder.join("template.json");
    std::fs::write(&path, template.to_string()).unwrap();
    let data = folder.join("data.json");
    std::fs::write(&data, "{}").unwrap();
    let out = folder.join(if extension == "png" { "page-{n}.png".to_owned() } else { format!("pages.{extension}") });
    let more: &[&str] = if extension == "png" { &["--format", "png", "--dpi", "200"] } else { &[] };
    let (path, data, out_text) = (path.display().to_string(), data.display().to_string(), out.display().to_string());
    let mut arguments = vec!["render", &path, "--data", &data, "-o", &out_text, "--now", "2026-11-22T09:30:00Z"];
    arguments.extend(more);
    let output = chancery(&arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the barcodes do not render:\n{errors}");
    match extension {
        "png" => (1..=count).map(|page| folder.join(format!("page-{page}.png"))).collect(),
        _ => vec![out],
    }
}

/// A dark disc, as a logo.
const MARK: &str = "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'><circle cx='10' cy='10' r='10' fill='%23123456'/></svg>";
