//! Good inputs and the values that they become.

use super::{EXAMPLE, checked, good, lenient, parse, shown, with_nodes};
use crate::conformance::Profile;
use crate::document::{ArtifactKind, Color, Role};
use crate::limits::Limits;
use crate::picture::barcode::{Level, QuietZone};
use crate::template::model::{
    Align, BandOn, Bindable, BoxAlign, Break, Cell, Classification, ColumnWidth, Fit, FrameLayout, Justify, Keep, Kind,
    Node, NodeRole, Overflow, RowContent, TableNode, TableRow, TextCase, TextNode, VerticalAlign,
};
use crate::template::{CheckOptions, check};
use crate::world::Assets;

fn node(json: &str) -> Node {
    let mut template = good(&with_nodes(json));
    template.body.remove(0)
}

fn text(json: &str) -> TextNode {
    match node(json).kind {
        Kind::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

fn table(json: &str) -> TableNode {
    match node(json).kind {
        Kind::Table(table) => *table,
        other => panic!("{other:?}"),
    }
}

fn cells(row: &TableRow) -> &[Cell] {
    match &row.content {
        RowContent::Cells(cells) => cells,
        RowContent::Rows(rows) => panic!("{rows:?}"),
    }
}

fn sources(row: &TableRow) -> Vec<(u16, &str, Align)> {
    cells(row).iter().map(|cell| (cell.span, cell.text.source(), cell.style.align)).collect()
}

fn near(actual: f32, expected: f32) {
    assert!((actual - expected).abs() < 0.001, "{actual} is not {expected}");
}

#[test]
fn the_example_of_the_format_is_read_without_findings() {
    let template = good(EXAMPLE);
    assert_eq!(checked(EXAMPLE), "");
    assert_eq!(template.name, "Invoice");
    assert_eq!(template.node_count, 9);
    assert_eq!(template.page.margin, [48.0, 42.0, 56.0, 42.0]);
    assert_eq!(template.output.class, Some(Classification::Confidential));
    assert_eq!(template.output.profiles, [Profile::PdfUa1]);
    assert_eq!(template.styles["small"].font, ["Inter"]);
    near(template.styles["small"].size, 8.0);
    assert_eq!(template.styles["small"].color, Color::rgb(0x66, 0x71, 0x80));
    assert_eq!(template.header.iter().map(|band| band.on).collect::<Vec<_>>(), [BandOn::First, BandOn::Rest]);
    let title = &template.header[0].nodes[1];
    assert_eq!(title.role, Some(NodeRole::Element(Role::Heading1)));
    let Kind::Text(title) = &title.kind else { panic!() };
    assert_eq!((title.style.align, title.style.weight), (Align::End, 650));
    assert_eq!(template.data.samples["default"]["number"], "2026-001");
}

#[test]
fn the_least_template_has_all_defaults() {
    let template = good(r#"{"format": 1}"#);
    assert_eq!((template.name.as_str(), template.locale.as_str()), ("Untitled", "en-GB"));
    near(template.page.size.width, 595.276);
    near(template.page.size.height, 841.89);
    assert_eq!(template.page.margin, [42.0; 4]);
    assert!(template.body.is_empty() && template.header.is_empty() && template.styles.is_empty());
    assert!(template.data.schema.is_none() && template.data.samples.is_empty());
}

#[test]
fn lengths_have_units() {
    let lengths = [
        ("10", 10.0),
        ("\"10pt\"", 10.0),
        ("\"25.4mm\"", 72.0),
        ("\"2.54 cm\"", 72.0),
        ("\"1in\"", 72.0),
        ("\"16px\"", 12.0),
        ("\" .5in \"", 36.0),
    ];
    for (written, points) in lengths {
        let node = node(&format!(r#"{{"kind": "text", "text": "x", "at": [0, {written}], "width": {written}}}"#));
        near(node.at[1], points);
        near(node.width.unwrap(), points);
    }
}

#[test]
fn paper_is_named_or_measured_and_turned() {
    let size = |page: &str| {
        let size = good(&format!(r#"{{"format": 1, "page": {page}}}"#)).page.size;
        (size.width.round(), size.height.round())
    };
    assert_eq!(size(r#"{"size": "Letter"}"#), (612.0, 792.0));
    assert_eq!(size(r#"{"size": "A5", "orientation": "landscape"}"#), (595.0, 420.0));
    assert_eq!(size(r#"{"size": ["100mm", 200]}"#), (283.0, 200.0));
    assert_eq!(size(r#"{"size": [300, 200], "orientation": "portrait"}"#), (200.0, 300.0));
    for (name, width, height) in [
        ("A3", 842.0, 1191.0),
        ("A4", 595.0, 842.0),
        ("A6", 298.0, 420.0),
        ("Legal", 612.0, 1008.0),
        ("Tabloid", 792.0, 1224.0),
    ] {
        assert_eq!(size(&format!(r#"{{"size": "{name}"}}"#)), (width, height), "{name}");
    }
}

#[test]
fn sides_are_one_two_or_four() {
    let margin = |margin: &str| good(&format!(r#"{{"format": 1, "page": {{"margin": {margin}}}}}"#)).page.margin;
    assert_eq!(margin("5"), [5.0; 4]);
    assert_eq!(margin("[5, 6]"), [5.0, 6.0, 5.0, 6.0]);
    assert_eq!(margin("[1, 2, 3, \"1in\"]"), [1.0, 2.0, 3.0, 72.0]);
}

#[test]
fn colours_have_four_spellings() {
    let look = |color: &str| text(&format!(r#"{{"kind": "text", "text": "x", "fill": "{color}"}}"#)).look;
    let fill = |color: &str| look(color).fill.and_then(|fill| fill.color()).unwrap();
    assert_eq!(fill("#1af"), Color::rgb(0x11, 0xaa, 0xff));
    assert_eq!(fill("#1AaFf0"), Color::rgb(0x1a, 0xaf, 0xf0));
    assert_eq!(fill("#01020380"), Color::rgba(1, 2, 3, 0x80));
    assert_eq!(fill("white"), Color::WHITE);
    assert_eq!(fill("black"), Color::BLACK);
    assert_eq!(fill("transparent").alpha, 0);
}

#[test]
fn styles_inherit_in_any_order_and_nodes_put_their_own_over_them() {
    let template = good(
        r##"{"format": 1, "style": "small", "styles": {
            "small": {"extends": "text", "size": 8},
            "text": {"font": ["Inter", "Noto Sans"], "size": 9.5, "weight": "semibold", "case": "upper", "tabular": true}},
            "body": {"nodes": [
              {"kind": "text", "text": "a"},
              {"kind": "text", "text": "b", "style": "text", "color": "#fff", "align": "end", "verticalAlign": "middle"},
              {"kind": "text", "text": "c", "style": {"weight": 300, "italic": true}},
              {"kind": "text", "text": "d", "style": {"extends": "text", "underline": true}}]}}"##,
    );
    let styles: Vec<_> = template
        .body
        .iter()
        .map(|node| match &node.kind {
            Kind::Text(text) => &text.style,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!((styles[0].size, styles[0].weight, styles[0].case), (8.0, 600, TextCase::Upper));
    assert_eq!(styles[0].font, ["Inter", "Noto Sans"]);
    assert!(styles[0].tabular);
    assert_eq!((styles[1].size, styles[1].color, styles[1].align), (9.5, Color::WHITE, Align::End));
    assert_eq!(styles[1].vertical_align, VerticalAlign::Middle);
    assert_eq!((styles[2].size, styles[2].weight, styles[2].italic), (8.0, 300, true));
    assert_eq!((styles[3].size, styles[3].weight, styles[3].underline), (9.5, 600, true));
}

#[test]
fn a_node_says_when_how_often_and_where_it_stands() {
    let node = node(
        r##"{"id": "n", "kind": "text", "text": "x", "visible": "data.paid", "collapse": true,
            "repeat": {"each": "data.rows", "as": "r", "index": "i", "gap": 4, "direction": "across", "columns": 3},
            "keep": "together-with-next", "break": "before-unless-first", "rotation": -90, "opacity": 0.5,
            "link": "mailto:a@example.com", "bookmark": {"level": 2, "text": "B"}, "role": "artifact",
            "bind": {"color": "'#fff'", "x": "3"}, "name": "Anything", "locked": true, "class": "a b"}"##,
    );
    assert_eq!(node.id, "n");
    assert_eq!(node.visible.unwrap().source(), "data.paid");
    assert!(node.collapse);
    let repeat = node.repeat.unwrap();
    assert_eq!((repeat.each.source(), repeat.name.as_str(), repeat.index_name.as_str()), ("data.rows", "r", "i"));
    assert_eq!((repeat.gap, repeat.across, repeat.columns), (4.0, true, 3));
    assert_eq!(
        (node.keep, node.break_before, node.break_after),
        (Keep::TogetherWithNext, Break::BeforeUnlessFirst, false)
    );
    assert_eq!((node.rotation, node.opacity), (-90.0, 0.5));
    assert_eq!(node.link.unwrap().source(), "mailto:a@example.com");
    let (level, title) = node.bookmark.unwrap();
    assert_eq!((level, title.source()), (2, "B"));
    assert_eq!(node.role, Some(NodeRole::Artifact(ArtifactKind::Layout)));
    assert_eq!(node.bind.iter().map(|(property, _)| *property).collect::<Vec<_>>(), [Bindable::Color, Bindable::X]);
}

#[test]
fn visible_can_be_a_boolean_and_breaks_can_follow() {
    assert!(node(r#"{"kind": "text", "text": "x", "visible": true}"#).visible.is_none());
    let hidden = node(r#"{"kind": "text", "text": "x", "visible": false, "break": "after"}"#);
    assert_eq!(hidden.visible.unwrap().source(), "false");
    assert_eq!((hidden.break_before, hidden.break_after), (Break::None, true));
}

#[test]
fn a_page_break_needs_nothing_more() {
    assert!(matches!(node(r#"{"kind": "pageBreak"}"#).kind, Kind::PageBreak));
}

#[test]
fn nodes_without_id_get_one_from_their_place_that_no_other_node_has() {
    let template = good(
        r#"{"format": 1, "background": [{"kind": "text", "text": "x"}], "header": [{"height": 9, "nodes": [{"kind": "text", "text": "x"}]}],
            "body": {"nodes": [{"id": "x", "kind": "pageBreak"}, {"kind": "frame", "nodes": [{"kind": "text", "text": "x"}]},
            {"id": "body.1", "kind": "pageBreak"}]}}"#,
    );
    assert_eq!(template.background[0].nodes[0].id, "background.0");
    assert_eq!(template.header[0].nodes[0].id, "header.0.0");
    assert_eq!(template.body[1].id, "body.1_");
    let Kind::Frame(frame) = &template.body[1].kind else { panic!() };
    assert_eq!((frame.nodes[0].id.as_str(), frame.nodes[0].pointer.as_str()), ("body.1.0", "/body/nodes/1/nodes/0"));
    assert_eq!(frame.nodes[0].index, 4);
    assert_eq!(template.node_count, 6);
    assert_eq!(template.body[2].id, "body.1");
}

#[test]
fn a_box_has_fill_border_corners_and_padding() {
    let node = text(
        r##"{"kind": "text", "text": "x", "fill": "#eee", "stroke": "#ff0000", "radius": 3, "padding": [1, 2], "overflow": "shrink"}"##,
    );
    assert_eq!(node.overflow, Overflow::Shrink);
    assert_eq!((node.look.radius, node.look.padding), (3.0, [1.0, 2.0, 1.0, 2.0]));
    let stroke = node.look.stroke.unwrap();
    assert_eq!((stroke.color.red, stroke.width, stroke.dash.len()), (255, 0.5, 0));
    let node = text(r##"{"kind": "text", "text": "x", "stroke": {"color": "#00f", "width": "1mm", "dash": [2, 1]}}"##);
    let stroke = node.look.stroke.unwrap();
    near(stroke.width, 2.8346);
    assert_eq!(stroke.dash, [2.0, 1.0]);
}

#[test]
fn a_line_goes_across_its_size_or_to_its_end() {
    let line = |json: &str| {
        let node = node(json);
        let Kind::Line(line) = &node.kind else { panic!() };
        (node.at, node.width.unwrap(), node.height.unwrap(), line.rising)
    };
    assert_eq!(line(r#"{"kind": "line", "at": [1, 2], "width": 30}"#), ([1.0, 2.0], 30.0, 0.0, false));
    assert_eq!(line(r#"{"kind": "line", "size": [3, 4], "rising": true}"#), ([0.0, 0.0], 3.0, 4.0, true));
    assert_eq!(line(r#"{"kind": "line", "at": [10, 10], "to": [30, 50]}"#), ([10.0, 10.0], 20.0, 40.0, false));
    assert_eq!(line(r#"{"kind": "line", "at": [10, 50], "to": [30, 10]}"#), ([10.0, 10.0], 20.0, 40.0, true));
    assert_eq!(line(r#"{"kind": "line", "at": [30, 50], "to": [10, 10]}"#), ([10.0, 10.0], 20.0, 40.0, false));
}

#[test]
fn images_and_shapes_and_barcodes_are_read() {
    let Kind::Image(image) = node(
        r#"{"kind": "image", "source": "data:image/svg+xml;base64,AAAA", "fit": "cover", "focus": [0, 1], "alt": "x"}"#,
    )
    .kind
    else {
        panic!()
    };
    assert_eq!((image.fit, image.focus), (Fit::Cover, [0.0, 1.0]));
    assert!(matches!(node(r#"{"kind": "ellipse", "size": [1, 2]}"#).kind, Kind::Ellipse(_)));
    let bound = node(r#"{"kind": "rect", "height": 2, "bind": {"width": "data.share * 100"}}"#);
    assert!(matches!(bound.kind, Kind::Rect(_)) && bound.width.is_none());
    let barcode = |json: &str| match node(json).kind {
        Kind::Barcode(barcode) => *barcode,
        other => panic!("{other:?}"),
    };
    let qr = barcode(r#"{"kind": "barcode", "symbology": "qr", "level": "H", "size": [9, 9], "value": "x"}"#);
    assert_eq!((qr.symbology.title, qr.options.level), ("QR code", Some(Level::High)));
    assert_eq!((qr.quiet_zone, qr.text), (QuietZone::around(4), None));
    let code128 = barcode(r#"{"kind": "barcode", "symbology": "code128", "width": 99, "value": "x"}"#);
    assert_eq!((code128.symbology.title, code128.quiet_zone), ("Code 128", QuietZone::beside(10, 10)));
    let ean = barcode(r#"{"kind": "barcode", "symbology": "ean13", "quietZone": 3, "value": "{{ data.ean }}"}"#);
    assert_eq!(ean.quiet_zone, QuietZone::beside(3, 3));
    assert!(ean.text.is_some_and(|text| !text.is_sized));
    let aztec = barcode(r#"{"kind": "barcode", "symbology": "aztec", "quietZone": 3, "value": "x"}"#);
    assert_eq!(aztec.quiet_zone, QuietZone::around(3));
}

#[test]
fn a_frame_is_free_or_a_stack() {
    let layout = |json: &str| match node(json).kind {
        Kind::Frame(frame) => frame.layout,
        other => panic!("{other:?}"),
    };
    assert_eq!(layout(r#"{"kind": "frame"}"#), FrameLayout::Free);
    assert_eq!(
        layout(r#"{"kind": "frame", "layout": "stack", "direction": "row", "gap": 6, "align": "center"}"#),
        FrameLayout::Stack {
            across: true,
            gap: [6.0; 2],
            align: BoxAlign::Center,
            justify: Justify::Start,
            wrap: false
        }
    );
}

#[test]
fn the_header_of_a_table_comes_from_the_titles_and_is_aligned_as_the_columns() {
    let table = table(
        r#"{"kind": "table", "each": "data.rows", "as": "r", "columns": [
            {"title": "Item", "text": "{{ r.name }}"},
            {"title": "Price", "width": 80, "align": "end", "text": "{{ r.price }}"},
            {"width": "2.5fr", "headerAlign": "center"}]}"#,
    );
    assert_eq!(
        table.columns.iter().map(|column| column.width).collect::<Vec<_>>(),
        [ColumnWidth::Fraction(1.0), ColumnWidth::Fixed(80.0), ColumnWidth::Fraction(2.5)]
    );
    let header = table.header.unwrap();
    assert!(header.repeat);
    assert_eq!(sources(&header.rows[0]), [(1, "Item", Align::Start), (1, "Price", Align::End), (1, "", Align::Center)]);
    assert!(cells(&header.rows[0]).iter().all(|cell| cell.style.weight == 600));
    assert_eq!(cells(&header.rows[0])[1].pointer, "/body/nodes/0/columns/1/title");
    assert_eq!(
        sources(&table.rows[0]),
        [(1, "{{ r.name }}", Align::Start), (1, "{{ r.price }}", Align::End), (1, "", Align::Start)]
    );
    assert_eq!(cells(&table.rows[0])[1].pointer, "/body/nodes/0/columns/1");
    assert_eq!((table.name.as_str(), table.index_name.as_str(), table.keep_rows), ("r", "index", true));
    assert!(table.totals.is_empty() && table.empty.is_none());
}

#[test]
fn a_table_without_titles_has_no_header() {
    assert!(table(r#"{"kind": "table", "each": "data.rows", "columns": [{}]}"#).header.is_none());
    assert!(
        table(r#"{"kind": "table", "each": "data.rows", "columns": [{}], "header": {"repeat": false}}"#)
            .header
            .is_none()
    );
}

#[test]
fn rows_are_filled_up_to_all_columns() {
    let table = table(
        r##"{"kind": "table", "each": "data.rows", "style": {"size": 7}, "keepRows": "split", "zebra": "#eee",
            "columns": [{}, {"align": "right"}, {"align": "end"}],
            "header": {"repeat": false, "style": {"weight": 700}, "cells": [{"text": "All", "span": 2, "align": "center"}]},
            "totals": [[{"text": "a"}, {"text": "b"}], [{"span": 2, "text": "c"}, {"text": "d", "fill": "#fff"}]],
            "empty": "Nothing"}"##,
    );
    let header = table.header.unwrap();
    assert!(!header.repeat);
    assert_eq!(sources(&header.rows[0]), [(2, "All", Align::Center), (1, "", Align::Start)]);
    assert_eq!((cells(&header.rows[0])[0].style.weight, cells(&header.rows[0])[0].style.size), (700, 7.0));
    assert_eq!(sources(&table.totals[0]), [(1, "a", Align::Start), (1, "b", Align::Right), (1, "", Align::Start)]);
    assert_eq!(sources(&table.totals[1]), [(2, "c", Align::Start), (1, "d", Align::End)]);
    assert_eq!(cells(&table.totals[1])[1].style.size, 7.0);
    let empty = table.empty.unwrap();
    assert_eq!((cells(&empty)[0].span, cells(&empty)[0].text.source()), (3, "Nothing"));
    assert!(!table.keep_rows && table.zebra.is_some());
}

#[test]
fn unknown_properties_and_nulls_are_ignored_for_lenient_callers_only() {
    let text = r#"{"format": 1, "later": 1, "name": null, "body": {"nodes": [
        {"kind": "text", "text": "x", "width": null, "glow": {}, "bind": {"shadow": "1"}}]}}"#;
    let (template, warnings) = lenient(text).unwrap();
    assert_eq!((template.name.as_str(), warnings.len()), ("Untitled", 0));
    assert_eq!(parse(text).unwrap_err().len(), 5);
    assert!(lenient(r#"{"format": 1, "page": {"size": "A44"}}"#).is_err());
}

#[test]
fn what_tools_keep_in_a_template_has_no_effect() {
    let template = good(
        r#"{"$schema": "https://example.com/s.json", "format": 1, "meta": {"a": [1]}, "designer": {"guides": [3]},
            "title": "{{ data.t }}", "author": "A", "subject": "S", "keywords": ["k"], "data": {"samples": {"a": 1}}}"#,
    );
    assert_eq!(template.title.unwrap().source(), "{{ data.t }}");
    assert_eq!(template.keywords, ["k"]);
    assert!(template.body.is_empty());
}

#[test]
fn bands_that_never_share_a_page_may_be_high() {
    good(
        r#"{"format": 1, "page": {"size": "A6"}, "header": [{"on": "first", "height": 200}, {"on": "rest", "height": 10}],
        "footer": [{"on": "first", "height": 10}, {"on": "rest", "height": 200}]}"#,
    );
}

#[test]
fn names_of_assets_are_held_against_the_assets_that_exist() {
    struct Logo;
    impl Assets for Logo {
        fn asset(&self, name: &str) -> Option<std::sync::Arc<[u8]>> {
            (name == "logo").then(|| std::sync::Arc::from(&b"x"[..]))
        }
    }
    let text = with_nodes(r#"{"id": "i", "kind": "image", "source": "asset:logo", "alt": "x"}"#);
    let with = |assets: &dyn Assets| {
        shown(&check(&text, &CheckOptions { data: None, assets: Some(assets) }, &Limits::default()))
    };
    assert_eq!(with(&Logo), "");
    assert_eq!(
        with(&()),
        "error[missing-image] at /body/nodes/0/source (node i): there is no asset `logo`\n  hint: upload the picture, or put it into `assets` of the template"
    );
}

#[test]
fn data_is_held_against_the_schema_of_the_template() {
    let text = r##"{"format": 1, "data": {"schema": {
        "type": "object", "required": ["lines"], "$defs": {"money": {"type": "number", "minimum": 0}, "loop": {"$ref": "#/$defs/loop"}},
        "properties": {
          "lines": {"type": "array", "maxItems": 2, "items": {"$ref": "#/$defs/money"}},
          "kind": {"enum": ["a", "b"]}, "code": {"type": ["string", "null"], "maxLength": 3}, "me": {"$ref": "#/$defs/loop"},
          "either": {"anyOf": [{"type": "string"}, {"const": 4}]}}}}}"##;
    let with = |data: serde_json::Value| {
        let options = CheckOptions { data: Some(&data), assets: None };
        shown(&check(text, &options, &Limits::default()))
    };
    assert_eq!(
        with(serde_json::json!({ "lines": [1, 2.5], "kind": "a", "code": null, "me": 1, "either": 4, "more": 1 })),
        ""
    );
    assert_eq!(
        with(serde_json::json!({ "lines": [1, -2, "3"], "kind": "c", "code": "long", "either": 5 })),
        "error[data-mismatch] at /lines: must be at most 2 items, not 3
error[data-mismatch] at /lines/1: must be at least 0, not -2
error[data-mismatch] at /lines/2: must be number, not \"3\"
error[data-mismatch] at /kind: cannot be \"c\"
  hint: it can be \"a\", \"b\"
error[data-mismatch] at /code: must be at most 3 characters, not 4
error[data-mismatch] at /either: 5 is none of what is expected here"
    );
    assert_eq!(with(serde_json::json!([])), "error[data-mismatch] at /: must be object, not an array");
    assert_eq!(
        with(serde_json::json!({ "line": [] })),
        "error[data-mismatch] at /: `lines` is missing\n  hint: there is `line`"
    );
}
