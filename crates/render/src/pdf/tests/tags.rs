//! Tests of the tag tree and of marked content.

use super::super::testing::{A4, Builder, invoice, table};
use super::reader::{Object, Pdf, text};
use super::{faces, read};
use crate::document::{ArtifactKind, Color, ElementId, Item, Link, Rect, Role, Scope, Target, Transform};

/// Walks from a piece of content to its element and back, for all content of all pages.
fn check_both_ways(pdf: &Pdf) {
    let root = pdf.one("/Type/StructTreeRoot");
    let tree = pdf.follow(root, "/ParentTree ");
    for (page, _) in pdf.all("/Type/Page/").iter().enumerate() {
        let (page_id, object) = pdf.all("/Type/Page/")[page];
        let key = super::reader::number_after(&object.text, "/StructParents ");
        let list = pdf.follow(tree, &format!("{}{key} ", if key == 0 { "[" } else { " R " }));
        let elements: Vec<u32> =
            list.text.split(['[', ']']).nth(1).unwrap().split(" 0 R ").filter_map(|word| word.parse().ok()).collect();
        let content = pdf.content(page);
        assert_eq!(content.matches("/MCID ").count(), elements.len());
        assert_eq!(content.matches("BDC\n").count(), content.matches("EMC\n").count());
        for (number, element) in elements.iter().enumerate() {
            assert!(content.contains(&format!("/MCID {number}>>BDC")));
            let kids = kids(&pdf.objects[element]);
            let plain = format!(" {number} ");
            let reference = format!("/Pg {page_id} 0 R/MCID {number}>>");
            let own_page = pdf.objects[element].text.contains(&format!("/Pg {page_id} 0 R/K"));
            assert!(own_page && kids.contains(&plain) || kids.contains(&reference), "{number} on page {page}: {kids}");
        }
    }
}

fn kids(object: &Object) -> String {
    let start = object.text.find("/K").unwrap() + 3;
    format!(" {} ", object.text[start..].trim_end_matches(">>"))
}

#[test]
fn every_piece_of_content_is_found_from_its_element_and_back() {
    check_both_ways(&read(&invoice(faces(), 7)));
    check_both_ways(&read(&table(faces(), 130)));
}

#[test]
fn all_content_is_in_an_element_or_an_artifact() {
    let mut builder = Builder::new(faces());
    builder.page(A4).text(0, 9.0, 50.0, 50.0, "before any mark");
    builder.item(Item::Artifact(ArtifactKind::Background));
    builder.rect(Rect { x: 0.0, y: 0.0, width: 595.28, height: 841.89 }, Color::WHITE);
    builder.item(Item::Artifact(ArtifactKind::Header)).text(0, 9.0, 50.0, 20.0, "header");
    builder.tagged(Role::Paragraph, 0, 9.0, 50.0, 70.0, "text");
    builder.item(Item::Artifact(ArtifactKind::Watermark)).text(0, 9.0, 50.0, 400.0, "draft");
    let content = read(&builder.document).content(0);
    assert!(content.contains("/Artifact<</Type/Pagination/Subtype/Watermark>>BDC"), "{content}");
    let mut depth = 0;
    for line in content.lines() {
        if line.ends_with("BDC") {
            depth += 1;
        } else if line == "EMC" {
            depth -= 1;
        }
        assert!((0..=1).contains(&depth));
        let paints = line.ends_with("TJ") || ["f", "S", "B"].contains(&line);
        assert!(depth == 1 || !paints, "{line}");
    }
    assert!(content.contains("/Artifact<</Type/Background/BBox[0 0 595.28 841.89]>>BDC"), "{content}");
    assert!(content.contains("/Artifact<</Type/Pagination/Subtype/Header/Attached[/Top]>>BDC"));
}

#[test]
fn text_objects_and_marks_nest_properly() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    let paragraph = builder.tagged(Role::Paragraph, 0, 9.0, 50.0, 70.0, "underlined");
    builder.rect(Rect { x: 50.0, y: 72.0, width: 40.0, height: 0.5 }, Color::BLACK);
    builder.tagged(Role::Paragraph, 0, 9.0, 50.0, 90.0, "plain");
    builder.item(Item::Element(paragraph)).text(0, 9.0, 50.0, 110.0, "more of the first");
    let pdf = read(&builder.document);
    let mut stack = Vec::new();
    for line in pdf.content(0).lines() {
        match line {
            "BT" => stack.push("BT"),
            _ if line.ends_with("BDC") => stack.push("BDC"),
            "ET" => assert_eq!(stack.pop(), Some("BT")),
            "EMC" => assert_eq!(stack.pop(), Some("BDC")),
            "f" => assert!(!stack.contains(&"BT"), "a path inside a text object"),
            _ => {}
        }
    }
    assert!(stack.is_empty());
    check_both_ways(&pdf);
    assert!(pdf.objects.values().any(|object| object.text.contains("/S/P/P ") && object.text.contains("/K[0 2 ]")));
}

#[test]
fn children_and_content_come_in_the_order_of_the_content() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    let paragraph = builder.tagged(Role::Paragraph, 0, 9.0, 50.0, 70.0, "before ");
    let link = builder.child(Role::Link, paragraph);
    builder.item(Item::Element(link)).text(0, 9.0, 90.0, 70.0, "link");
    builder.item(Item::Element(paragraph)).text(0, 9.0, 120.0, 70.0, " after");
    let rect = Rect { x: 90.0, y: 60.0, width: 20.0, height: 12.0 };
    let target = Target::Uri("https://example.com".into());
    builder.document.pages[0].links.push(Link { rect, target, element: Some(link) });
    let pdf = read(&builder.document);
    let (link_id, link) = pdf.all("/S/Link/P")[0];
    assert!(pdf.one("/S/P/P").text.ends_with(&format!("/K[0 {link_id} 0 R 2 ]>>")), "{}", pdf.one("/S/P/P").text);
    let annotation = pdf.all("/Subtype/Link")[0].0;
    assert!(kids(link).contains(&format!("1 <</Type/OBJR/Obj {annotation} 0 R")), "{}", link.text);
}

#[test]
fn a_link_without_an_element_of_its_own_gets_one() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    let figure = builder.tagged(Role::Figure, 0, 9.0, 50.0, 70.0, "picture");
    builder.document.structure.get_mut(figure).unwrap().alt = Some("A (logo)".into());
    let rect = Rect { x: 50.0, y: 60.0, width: 20.0, height: 12.0 };
    for element in [Some(figure), None, Some(ElementId(99))] {
        let target = Target::Uri("https://example.com".into());
        builder.document.pages[0].links.push(Link { rect, target, element });
    }
    let pdf = read(&builder.document);
    let links = pdf.all("/S/Link/P");
    assert_eq!(links.len(), 3);
    let (figure_id, figure) = pdf.all("/S/Figure")[0];
    assert!(figure.text.contains("/Alt(A \\(logo\\))") && kids(figure).contains(&format!(" {} 0 R ", links[0].0)));
    assert!(links[0].1.text.contains(&format!("/P {figure_id} 0 R")));
    let root = pdf.one("/S/Document");
    assert!(kids(root).contains(&format!("{} 0 R {} 0 R ", links[1].0, links[2].0)), "{}", root.text);
    assert_eq!(pdf.all("/Contents(A \\(logo\\))").len(), 1);
    assert_eq!(pdf.all("/Contents(https://example.com)").len(), 2);
}

#[test]
fn a_list_says_how_it_is_numbered_by_its_first_label() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    for label in ["1.", "b)", "•", ""] {
        let list = builder.element(Role::List);
        let item = builder.child(Role::ListItem, list);
        if !label.is_empty() {
            let label_element = builder.child(Role::Label, item);
            builder.item(Item::Element(label_element)).text(0, 9.0, 50.0, 70.0, label);
        }
        let body = builder.child(Role::ListBody, item);
        builder.item(Item::Element(body)).text(0, 9.0, 50.0, 70.0, "Body");
    }
    let pdf = read(&builder.document);
    let lists = pdf.all("/S/L/P");
    for ((_, list), numbering) in lists.iter().zip(["Decimal", "LowerAlpha", "Disc", "None"]) {
        assert!(list.text.contains(&format!("/A<</O/List/ListNumbering/{numbering}>>")), "{}", list.text);
    }
    assert_eq!(lists.len(), 4);
}

#[test]
fn a_table_without_rows_has_its_head_as_its_body() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    for has_rows in [false, true] {
        let table = builder.element(Role::Table);
        let head = builder.child(Role::TableHead, table);
        builder.child(Role::TableRow, head);
        if has_rows {
            let body = builder.child(Role::TableBody, table);
            builder.child(Role::TableRow, body);
        }
    }
    let pdf = read(&builder.document);
    assert_eq!((pdf.all("/S/THead").len(), pdf.all("/S/TBody").len()), (1, 2));
}

#[test]
fn a_figure_says_where_it_stands_unless_it_is_on_two_pages() {
    let mut builder = Builder::new(faces());
    let rect = |x| Rect { x, y: 100.0, width: 20.0, height: 30.0 };
    builder.page(A4);
    let (first, second) = (builder.element(Role::Figure), builder.element(Role::Figure));
    let transform = Transform { coefficients: [2.0, 0.0, 0.0, 2.0, 5.0, -100.0] };
    builder.item(Item::Element(first)).rect(rect(50.0), Color::BLACK).rect(rect(90.0), Color::BLACK);
    builder.item(Item::Push { transform, clip: None, opacity: 1.0 });
    builder.item(Item::Element(second)).rect(rect(50.0), Color::BLACK).item(Item::Pop);
    let content = read(&builder.document);
    let figures = content.all("/S/Figure");
    assert!(figures[0].1.text.contains("/A<</O/Layout/BBox[50 711.89 110 741.89 ]>>"), "{}", figures[0].1.text);
    assert!(figures[1].1.text.contains("/A<</O/Layout/BBox[105 681.89 145 741.89 ]>>"), "{}", figures[1].1.text);
    builder.page(A4).item(Item::Element(second)).rect(rect(50.0), Color::BLACK);
    assert_eq!(read(&builder.document).all("/BBox[").len(), 1);
}

#[test]
fn cells_say_what_they_span_and_head() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    let table = builder.element(Role::Table);
    let row = builder.child(Role::TableRow, table);
    let first = builder.child(Role::TableHeaderCell, row);
    let second = builder.child(Role::TableHeaderCell, row);
    let third = builder.child(Role::TableDataCell, row);
    builder.document.structure.get_mut(second).unwrap().scope = Some(Scope::Row);
    builder.document.structure.get_mut(third).unwrap().column_span = 3;
    builder.document.structure.get_mut(third).unwrap().row_span = 2;
    for cell in [first, second, third] {
        builder.item(Item::Element(cell)).text(0, 9.0, 50.0, 50.0, "x");
    }
    let pdf = read(&builder.document);
    assert_eq!(pdf.all("/A<</O/Table/Scope/Column>>").len(), 1);
    assert_eq!(pdf.all("/A<</O/Table/Scope/Row>>").len(), 1);
    assert_eq!(pdf.all("/A<</O/Table/ColSpan 3/RowSpan 2>>").len(), 1);
}

#[test]
fn content_on_two_pages_belongs_to_one_element() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    let paragraph = builder.tagged(Role::Paragraph, 0, 9.0, 50.0, 800.0, "begins here");
    builder.page(A4).item(Item::Element(paragraph)).text(0, 9.0, 50.0, 50.0, "ends here");
    let pdf = read(&builder.document);
    check_both_ways(&pdf);
    let second = pdf.all("/Type/Page/")[1].0;
    assert!(pdf.one("/S/P/P").text.contains(&format!("/K[0 <</Type/MCR/Pg {second} 0 R/MCID 0>>]")));
}

#[test]
fn notes_have_ids() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    builder.tagged(Role::Note, 0, 9.0, 50.0, 50.0, "one");
    builder.tagged(Role::Note, 0, 9.0, 50.0, 70.0, "two");
    let pdf = read(&builder.document);
    let notes = pdf.all("/S/Note");
    let root = &pdf.one("/Type/StructTreeRoot").text;
    assert!(
        root.contains(&format!("/IDTree<</Names[(note00000001){} 0 R(note00000002){} 0 R]>>", notes[0].0, notes[1].0))
    );
}

#[test]
fn a_glyph_that_stands_for_another_text_is_written_by_another_code() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    builder.tagged(Role::Paragraph, 0, 9.0, 50.0, 50.0, "plain");
    builder.tagged(Role::Paragraph, 0, 9.0, 50.0, 70.0, "xm");
    builder.tagged(Role::Paragraph, 0, 9.0, 50.0, 90.0, "é");
    // The two glyphs of "xm" are one cluster.
    builder.document.glyphs[5].text_length = 2;
    builder.document.glyphs[6].text_length = 0;
    // The glyph of "é" stands for "p" here.
    let p = builder.document.glyphs[0].id;
    builder.document.glyphs[7].id = p;
    let pdf = read(&builder.document);
    let content = pdf.content(0);
    // The wider glyph tells the cluster; the other says nothing.
    assert_eq!(content.matches("/Span<</ActualText()>>BDC\n[").count(), 1, "{content}");
    assert_eq!(content.matches("ActualText").count(), 1, "{content}");
    let font = pdf.one("/Subtype/Type0");
    let map = text(&pdf.follow(font, "/ToUnicode ").data);
    assert!(map.contains("<0078006D>") && map.contains("<0070>") && map.contains("<00E9>"), "{map}");
    // Two codes lead to one glyph.
    let codes = &pdf.follow(pdf.one("/Subtype/CIDFontType2"), "/CIDToGIDMap ").data;
    let glyphs: Vec<&[u8]> = codes.chunks(2).collect();
    assert_eq!(glyphs.iter().filter(|glyph| **glyph == glyphs[glyphs.len() - 1]).count(), 2, "{glyphs:?}");
}

#[test]
fn a_run_whose_clusters_jump_has_its_text_given_as_a_whole() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    builder.tagged(Role::Paragraph, 0, 9.0, 50.0, 50.0, "abc");
    builder.document.glyphs.swap(0, 1);
    let content = read(&builder.document).content(0);
    assert!(content.contains("Td\n/Span<</ActualText(abc)>>BDC\n["), "{content}");
    assert_eq!(content.matches("ActualText").count(), 1);
}
