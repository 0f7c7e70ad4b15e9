//! The form in readable form: its fields, what they hold, and where they stand.

use chancery_render::Document;
use chancery_render::document::{Field, FieldValue};

use super::display_list::rect;
use super::text_lines::by_page;

/// All fields, one a line.
pub(crate) fn fields(document: &Document) -> String {
    by_page(document, |page| page.fields.iter().map(one).collect())
}

fn one(field: &Field) -> String {
    let entry = &field.entry;
    let mut out = format!("{} ({}) in {}: ", entry.key, entry.description, rect(field.rect));
    match &entry.value {
        FieldValue::Text { text, is_multiple, cell_count, length_max } => {
            out.push_str(&format!("text {text:?}"));
            for (holds, what) in [
                (*is_multiple, ", several lines".to_owned()),
                (*cell_count > 0, format!(", {cell_count} cells")),
                (*length_max > 0, format!(", at most {length_max} characters")),
            ] {
                out.push_str(if holds { &what } else { "" });
            }
        }
        FieldValue::Checkbox { is_on } => out.push_str(if *is_on { "checkbox, on" } else { "checkbox, off" }),
        FieldValue::Radio { option, is_on } => {
            out.push_str(&format!("radio {option:?}, {}", if *is_on { "on" } else { "off" }));
        }
        FieldValue::Choice { options, chosen } => out.push_str(&format!("choice {chosen:?} of {options:?}")),
        FieldValue::Signature => out.push_str("signature"),
    }
    for (holds, what) in [(entry.required, ", required"), (entry.read_only, ", fixed")] {
        out.push_str(if holds { what } else { "" });
    }
    out
}
