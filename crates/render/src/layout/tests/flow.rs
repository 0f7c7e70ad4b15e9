//! Free nodes keep their distance to what stands above them.

use super::*;

#[test]
fn text_stands_where_the_template_puts_it() {
    let document = document(&template(json!([text([10.0, 20.0], "here")])));
    assert_eq!(find(&document, "here"), (0, 10, 20));
    assert_eq!(document.pages.len(), 1);
    assert_eq!(document.pages[0].size.width, 200.0);
}

#[test]
fn what_grows_pushes_what_follows_by_as_much() {
    let template = template(json!([
        text([0.0, 0.0], "{{ data.long }}"),
        text([0.0, 25.0], "below"),
        text([100.0, 5.0], "beside")
    ]));
    let short = render(&template, &json!({ "long": "a" })).document;
    assert_eq!(find(&short, "below"), (0, 0, 25));
    let long = render(&template, &json!({ "long": "a\nb\nc" })).document;
    assert_eq!(find(&long, "below"), (0, 0, 45));
    assert_eq!(find(&long, "beside"), (0, 100, 5));
}

#[test]
fn a_given_height_is_room_for_growing() {
    let body = json!([
        { "kind": "text", "at": [0, 0], "height": 40, "style": "text", "text": "{{ data.long }}" },
        text([0.0, 40.0], "below"),
    ]);
    assert_eq!(find(&render(&template(body.clone()), &json!({ "long": "a\nb\nc" })).document, "below"), (0, 0, 40));
    assert_eq!(find(&render(&template(body), &json!({ "long": "a\nb\nc\nd\ne\nf" })).document, "below"), (0, 0, 60));
}

#[test]
fn hidden_nodes_keep_their_room_unless_they_collapse() {
    let body = |collapse: bool| {
        template(json!([
            text([0.0, 0.0], "above"),
            { "kind": "text", "at": [0, 10], "style": "text", "text": "x", "visible": "data.shown", "collapse": collapse },
            text([0.0, 20.0], "below"),
        ]))
    };
    let hidden = json!({ "shown": false });
    assert_eq!(find(&render(&body(false), &hidden).document, "below"), (0, 0, 20));
    assert_eq!(find(&render(&body(true), &hidden).document, "below"), (0, 0, 10));
    assert_eq!(find(&render(&body(true), &json!({ "shown": true })).document, "below"), (0, 0, 20));
}

#[test]
fn free_frames_grow_with_their_content_and_keep_their_lower_margin() {
    let body = json!([
        { "kind": "frame", "at": [10, 0], "width": 100, "height": 30, "fill": "#eeeeee", "padding": 5, "nodes": [
            text([0.0, 0.0], "{{ data.long }}"), text([0.0, 10.0], "inside") ] },
        text([0.0, 40.0], "below"),
    ]);
    let document = render(&template(body), &json!({ "long": "a\nb" })).document;
    assert_eq!(find(&document, "inside"), (0, 15, 25));
    assert_eq!(find(&document, "below"), (0, 0, 50));
    assert_eq!(rects(&document, 0)[0].height, 40.0);
}

#[test]
fn bound_properties_move_and_colour_a_node() {
    let body = json!([{ "kind": "text", "at": [0, 0], "style": "text", "text": "x", "bind": {
        "x": "data.x", "y": "'10mm'", "color": "data.color", "fontSize": "20", "fontWeight": "'bold'", "opacity": "0.5" } }]);
    let document = render(&template(body), &json!({ "x": 30, "color": "#ff0000" })).document;
    let run = document.pages[0]
        .items
        .iter()
        .find_map(|item| if let Item::Glyphs(run) = item { Some(run) } else { None })
        .unwrap();
    assert_eq!((run.size, run.color.red, rounded(run.origin.x)), (20.0, 255, 30));
    assert_eq!(document.faces[run.face as usize].weight(), 700);
    let push = document.pages[0].items.iter().any(|item| matches!(item, Item::Push { opacity, .. } if *opacity == 0.5));
    assert!(push);
}

#[test]
fn bound_values_that_make_no_sense_are_errors_with_their_place() {
    let body = |property: &str, expression: &str| {
        template(
            json!([{ "id": "n", "kind": "rect", "at": [0, 0], "size": [10, 10], "fill": "#000000", "bind": { property: expression } }]),
        )
    };
    let said = errors(&body("width", "0 / 0"), &json!({}));
    assert_eq!(
        said,
        "error[expression-failed] at /body/nodes/0/bind/width (node n): \"NaN\" is not a length of 0 or more"
    );
    assert!(errors(&body("height", "-5"), &json!({})).contains("\"-5\" is not a length of 0 or more"));
    assert!(errors(&body("x", "1e300"), &json!({})).contains("is not a length"));
    assert!(errors(&body("fill", "'greenish'"), &json!({})).contains("\"greenish\" is not a colour"));
    assert!(errors(&body("opacity", "2"), &json!({})).contains("is not a number from 0 to 1"));
}

#[test]
fn what_the_data_lacks_is_a_warning_and_an_error_in_strict_mode() {
    let template =
        template(json!([{ "id": "who", "kind": "text", "style": "text", "text": "{{ data.customer.nmae }}" }]));
    let data = json!({ "customer": { "name": "Ada" } });
    let rendered = render(&template, &data);
    let said = shown(&rendered.diagnostics);
    assert!(
        said.starts_with("warning[unresolved-path] at /body/nodes/0/text (node who): `data.customer.nmae`"),
        "{said}"
    );
    assert!(said.contains("name"), "{said}");
    let strict = RenderOptions { strict: true, ..RenderOptions::default() };
    let findings = try_render(&template, &data, &strict).unwrap_err();
    assert!(shown(&findings).starts_with("error[unresolved-path]"));
}
