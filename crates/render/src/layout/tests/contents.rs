//! Contents lists: entries, numbers of pages that come later, places that links lead to.

use super::tags::tree;
use super::*;
use crate::document::{Role, Target};

fn chapter(id: &str, level: u8, y: u32) -> Json {
    json!({ "id": id, "kind": "text", "at": [0, y], "style": "text", "text": format!("Chapter {id}"), "break": "before",
        "bookmark": { "level": level, "text": format!("About {id}") } })
}

fn list() -> Json {
    json!({ "kind": "contents", "width": 200, "style": "text", "gap": 0, "depth": 2 })
}

#[test]
fn entries_tell_the_pages_on_which_they_stand() {
    let body = json!([list(), chapter("a", 1, 20), chapter("b", 2, 40), chapter("c", 3, 60), chapter("d", 1, 80)]);
    let document = document(&template(body));
    let found: Vec<String> =
        texts(&document).into_iter().filter(|(page, ..)| *page == 0).map(|(.., text)| text).collect();
    let without_dots: Vec<&str> = found.iter().map(String::as_str).filter(|text| !text.contains("..")).collect();
    assert_eq!(without_dots, ["About a", "2", "About b", "3", "About d", "5"]);
    assert_eq!(found.len(), 9, "each entry has a leader");
    let numbers: Vec<f32> = document.pages[0].links.iter().map(|link| link.rect.right()).collect();
    assert!(numbers.iter().any(|right| (right - 200.0).abs() < 0.5), "numbers stand at the right edge: {numbers:?}");
    let pages: Vec<u32> = document.pages[0]
        .links
        .iter()
        .map(|link| match link.target {
            Target::Place { page, .. } => page,
            Target::Uri(_) => panic!("a place"),
        })
        .collect();
    assert_eq!(pages, [1, 2, 4]);
    let start = "Document\n  TableOfContents\n    TableOfContentsItem\n      Paragraph\n        Link\n    TableOfContents\n      \
                 TableOfContentsItem\n        Paragraph\n          Link\n    TableOfContentsItem\n      Paragraph\n        Link\n";
    assert!(tree(&document).starts_with(start), "{}", tree(&document));
    let about: Vec<String> = document
        .structure
        .references
        .iter()
        .map(|(item, about)| {
            assert_eq!(document.structure.elements[item.0 as usize].role, Role::TableOfContentsItem);
            format!("{:?} {}", document.structure.elements[about.0 as usize].role, about.0)
        })
        .collect();
    assert_eq!(about, ["Paragraph 12", "Paragraph 13", "Paragraph 15"]);
}

#[test]
fn the_list_takes_room_for_its_entries_and_moves_what_follows() {
    let mut entries = vec![list()];
    entries.extend((0..5).map(|number| {
        json!({ "kind": "text", "at": [0, 10 + number * 10], "style": "text", "text": format!("T{number}"), "bookmark": format!("B{number}") })
    }));
    let document = document(&template(Json::Array(entries)));
    assert_eq!(find(&document, "T0"), (0, 0, 50));
    assert_eq!(find(&document, "T4"), (0, 0, 90));
}

#[test]
fn headings_of_rich_text_inside_of_frames_are_entries() {
    let frame = json!({ "kind": "frame", "layout": "stack", "width": 200, "at": [0, 20], "break": "before", "nodes": [
        text([0.0, 0.0], "above"),
        { "kind": "markdown", "style": "text", "bookmarks": 2, "text": format!("{}\n\n# Deep {{{{ data.x }}}}\n\ntext", "word ".repeat(90)) } ] });
    let document = render(&template(json!([list(), frame])), &json!({ "x": "down" })).document;
    let first = pages(&document).remove(0);
    let (page, ..) = texts(&document).into_iter().rfind(|(.., text)| text == "Deep down").unwrap();
    assert!(page > 1, "the heading stands on a later page than the frame begins");
    assert!(first.starts_with("Deep down") && first.ends_with(&(page + 1).to_string()), "{first}");
    assert_eq!(document.bookmarks.len(), 1);
}

#[test]
fn a_list_without_entries_is_empty() {
    let document = document(&template(json!([list(), text([0.0, 0.0], "alone")])));
    assert_eq!(pages(&document), ["alone"]);
}
