//! The tag tree, the boxes of nodes, links and bookmarks, and what the file says about itself.

use std::collections::BTreeMap;

use chancery_render::Document;
use chancery_render::document::{Element, Item, Target};

use super::display_list::{number, rect};
use super::text_lines::{by_page, said};

/// The tag tree, and below it what is decoration.
pub(crate) fn tree(document: &Document) -> String {
    let mut texts: BTreeMap<u32, String> = BTreeMap::new();
    let mut decoration = Vec::new();
    for page in &document.pages {
        let mut element = None;
        let mut artifact = String::new();
        for item in &page.items {
            match item {
                Item::Element(id) => element = Some(id.0),
                Item::Artifact(kind) => {
                    element = None;
                    artifact = format!("{kind:?}").to_lowercase();
                }
                Item::Glyphs(run) => match element {
                    Some(id) => texts.entry(id).or_default().push_str(said(document, run)),
                    None => decoration.push(format!("{artifact}: {}", said(document, run).trim_end())),
                },
                _ => {}
            }
        }
    }
    let mut lines = Vec::new();
    branch(document, None, 0, &texts, &mut lines);
    decoration.dedup();
    lines.extend(decoration);
    lines.join("\n")
}

fn branch(
    document: &Document,
    parent: Option<u32>,
    depth: usize,
    texts: &BTreeMap<u32, String>,
    lines: &mut Vec<String>,
) {
    for (id, element) in (0..).zip(&document.structure.elements) {
        if element.parent.map(|parent| parent.0) == parent {
            let text = texts.get(&id).map_or(String::new(), |text| format!(": {}", text.trim_end()));
            lines.push(format!("{}{}{text}", "  ".repeat(depth), named(element)));
            branch(document, Some(id), depth + 1, texts, lines);
        }
    }
}

fn named(element: &Element) -> String {
    let mut out = element.role.name().to_owned();
    if element.column_span != 1 {
        out.push_str(&format!(" columns={}", element.column_span));
    }
    if element.row_span != 1 {
        out.push_str(&format!(" rows={}", element.row_span));
    }
    if let Some(scope) = element.scope {
        out.push_str(&format!(" scope={scope:?}").to_lowercase());
    }
    if let Some(language) = &element.language {
        out.push_str(&format!(" language={language}"));
    }
    if let Some(alt) = &element.alt {
        out.push_str(&format!(" alt=\"{alt}\""));
    }
    out
}

/// Where each node came to stand: its id, or its place in the template.
pub(crate) fn boxes(document: &Document) -> String {
    by_page(document, |page| {
        let line = |node: &chancery_render::document::NodeBox| {
            let id = &document.nodes[node.node as usize];
            let pointer = &document.pointers[node.node as usize];
            let name = if id.is_empty() {
                pointer.replace("/body/nodes/", "").replace("/nodes/", ".")
            } else {
                id.to_string()
            };
            format!("{name}: {}", rect(node.rect))
        };
        page.boxes.iter().map(line).collect()
    })
}

/// Links by page with the place that they take, then bookmarks.
pub(crate) fn links(document: &Document) -> String {
    let links = by_page(document, |page| {
        let line = |link: &chancery_render::document::Link| match &link.target {
            Target::Uri(uri) => format!("{} -> {uri}", rect(link.rect)),
            Target::Place { page, y } => format!("{} -> page {} at {}", rect(link.rect), page + 1, number(*y)),
        };
        page.links.iter().map(line).collect()
    });
    let mut lines: Vec<String> = links.lines().map(str::to_owned).collect();
    lines.extend(document.bookmarks.iter().map(|bookmark| {
        let indent = "  ".repeat(usize::from(bookmark.level));
        format!("bookmark{indent}{}: page {} at {}", bookmark.title, bookmark.page + 1, number(bookmark.y))
    }));
    lines.join("\n")
}

/// Pages, title, author, language, standards and attachments.
pub(crate) fn file(document: &Document) -> String {
    let metadata = &document.metadata;
    let mut lines = vec![format!("title: {}", metadata.title)];
    for (name, value) in [("author", &metadata.author), ("subject", &metadata.subject)] {
        lines.extend(value.iter().map(|value| format!("{name}: {value}")));
    }
    if !metadata.keywords.is_empty() {
        lines.push(format!("keywords: {}", metadata.keywords.join(", ")));
    }
    lines.push(format!("language: {}", metadata.language));
    let sizes = document.pages.iter().map(|page| format!("{} × {}", number(page.size.width), number(page.size.height)));
    lines.extend(sizes.enumerate().map(|(index, size)| format!("page {}: {size}", index + 1)));
    if let (Some(sheet), Some(page)) = (&document.sheet, document.pages.first()) {
        let [bleed, media] = [sheet.bleed_box(page.size), sheet.media_box(page.size)].map(rect);
        lines.push(format!("bleed: {bleed}, sheet: {media}"));
    }
    lines.extend(document.spots.iter().map(|spot| format!("ink: {}", spot.name)));
    lines.extend(document.profiles.iter().map(|profile| format!("follows {}", profile.name())));
    for attachment in &document.attachments {
        let relationship = format!("{:?}", attachment.relationship).to_lowercase();
        let content = String::from_utf8_lossy(&attachment.bytes);
        lines.push(format!(
            "{relationship} {} ({}, {}): {content}",
            attachment.name, attachment.mime, attachment.description
        ));
    }
    lines.join("\n")
}
