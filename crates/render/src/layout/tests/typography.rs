//! What styles say of typography, from JSON to the page, and what is told when it cannot be had.

use super::*;

fn with_style(style: Json, body: Json) -> Json {
    let mut template = template(body);
    template["styles"]["text"] = style;
    template
}

#[test]
fn a_face_that_is_not_there_is_told_once_for_all_text() {
    let body = json!([text([0.0, 0.0], "one"), text([0.0, 20.0], "two")]);
    let slanted = with_style(json!({ "font": "Inter", "italic": true }), body.clone());
    assert_eq!(
        shown(&render(&slanted, &json!({})).diagnostics),
        "warning[substituted-face] at /styles: \"Inter\" has no italic letters here; upright ones are used\n  \
         hint: install the face, or ask for one that is there: nothing is made bold or slanted by force"
    );
    let thin = with_style(json!({ "font": "Inter", "weight": 200 }), body.clone());
    let said = shown(&render(&thin, &json!({})).diagnostics);
    assert!(
        said.starts_with("warning[substituted-face] at /styles: \"Inter\" has no weight near 200 here; 400 is used")
    );
    let semibold = with_style(json!({ "font": "Inter", "weight": 600 }), body);
    assert!(render(&semibold, &json!({})).diagnostics.is_empty(), "one step of weight is not told");
}

#[test]
fn properties_of_typography_are_read_and_checked() {
    let body = json!([{ "kind": "text", "at": [0, 0], "width": 60, "style": "text",
        "text": "An administrative confirmation" }]);
    let fine = json!({ "font": "Inter", "size": 10, "lineHeight": 1, "hyphenate": true, "wrap": "pretty",
        "features": { "tnum": true, "ss01": 1 }, "ligatures": false, "kerning": false, "letterStretch": 0.02,
        "hangingPunctuation": true, "axes": { "wght": 450 } });
    let document = document(&with_style(fine, body.clone()));
    assert!(texts(&document).iter().any(|(.., says)| says == "\u{AD}"), "{:?}", texts(&document));
    let wrong = json!({ "font": "Inter", "features": { "small": true, "smcp": 999 }, "axes": { "wdth": "85" },
        "letterStretch": 1, "wrap": "justify" });
    let said = errors(&with_style(wrong, body), &json!({}));
    for expected in [
        "error[invalid-name] at /styles/text/features/small: \"small\" is not a tag of OpenType\n  \
         hint: a tag has four letters or digits, such as smcp, ss01 or wdth",
        "error[invalid-value] at /styles/text/features/smcp:",
        "error[wrong-type] at /styles/text/axes/wdth:",
        "error[invalid-value] at /styles/text/letterStretch:",
        "error[invalid-value] at /styles/text/wrap:",
    ] {
        assert!(said.contains(expected), "{expected} is not in\n{said}");
    }
}
