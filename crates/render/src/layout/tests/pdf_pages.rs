//! Pages of other files: found by their number, as large as they are, and told when they are not there.

use super::*;

/// A file of two pages, 40 by 20 and 30 by 60 points.
const FILE: &str = "data:application/pdf,%25PDF-1.4\n\
    1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>endobj \
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 40 20]>>endobj \
    4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 30 60]>>endobj trailer<</Root 1 0 R>>";

fn pdf_pages(document: &Document) -> Vec<Rect> {
    let items = document.pages.iter().flat_map(|page| &page.items);
    items
        .filter_map(|item| match item {
            Item::PdfPage { rect, .. } => Some(*rect),
            _ => None,
        })
        .collect()
}

fn image(source: &str) -> Json {
    template(json!([{ "kind": "image", "source": source, "alt": "Plan" }]))
}

#[test]
fn a_page_is_as_large_as_it_is() {
    let first = pdf_pages(&document(&image(FILE)));
    assert_eq!(first, [Rect { x: 0.0, y: 0.0, width: 40.0, height: 20.0 }]);
    let second = pdf_pages(&document(&image(&format!("{FILE}#page=2"))));
    assert_eq!(second, [Rect { x: 0.0, y: 0.0, width: 30.0, height: 60.0 }]);
}

#[test]
fn the_number_of_a_page_may_be_written_by_an_expression() {
    let mut template = template(json!([
        { "kind": "image", "source": "asset:plan#page={{ data.page }}", "alt": "Plan", "repeat": { "each": "[1, 2]", "as": "n" } }
    ]));
    template["assets"] = json!({ "plan": FILE });
    let document = render(&template, &json!({ "page": 2 })).document;
    assert_eq!(pdf_pages(&document).len(), 2);
    assert_eq!(document.pdf_pages.len(), 1, "what is used twice is there once");
    assert_eq!(document.pdf_pages[0].page, 1);
}

#[test]
fn what_is_not_there_is_told() {
    let told = errors(&image(&format!("{FILE}#page=3")), &json!({}));
    assert!(told.contains("the PDF has 2 pages, there is no page 3"), "{told}");
    let drawing = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>#page=2";
    let told = errors(&image(drawing), &json!({}));
    assert!(told.contains("only a PDF has pages"), "{told}");
}
