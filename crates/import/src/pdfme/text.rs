//! Expressions of pdfme: `{name}` in texts that nobody fills in.

use crate::node::{is_identifier, literal};
use crate::note::Notes;

/// Text with its expressions as format 1 has them.
///
/// `{currentPage}` and `{totalPages}` are known, `{date}` and `{dateTime}` are the time of the render, a name or a path
/// such as `{customer.name}` is read from the data. Anything else is kept as text and noted.
pub(super) fn with_expressions(content: &str, name: &str, notes: &mut Notes) -> String {
    let mut says = String::with_capacity(content.len());
    let mut rest = content;
    while let Some((before, after)) = rest.split_once('{') {
        says.push_str(&literal(before));
        let Some((inside, after)) = after.split_once('}') else {
            says.push('{');
            rest = after;
            break;
        };
        match expression(inside.trim()) {
            Some(expression) => says.push_str(&format!("{{{{ {expression} }}}}")),
            None => {
                says.push_str(&format!("{{{inside}}}"));
                notes.add(
                    name,
                    format!("the expression `{{{inside}}}` is kept as text: write it as `{{{{ … }}}}` over `data`"),
                );
            }
        }
        rest = after;
    }
    says.push_str(&literal(rest));
    says
}

fn expression(source: &str) -> Option<String> {
    match source {
        "currentPage" => return Some("sys.pageNumber".to_owned()),
        "totalPages" => return Some("sys.totalPages".to_owned()),
        "date" => return Some("date(sys.now, 'YYYY/MM/DD')".to_owned()),
        "dateTime" => return Some("date(sys.now, 'YYYY/MM/DD HH:mm')".to_owned()),
        _ => {}
    }
    let is_path = source.split('.').all(is_identifier);
    is_path.then(|| format!("data.{source}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_pages_become_expressions_and_code_is_kept_and_noted() {
        let mut notes = Notes::default();
        let said = with_expressions(
            "Page {currentPage}/{totalPages} for {customer.name}: {price * 2} {",
            "footer",
            &mut notes,
        );
        assert_eq!(said, "Page {{ sys.pageNumber }}/{{ sys.totalPages }} for {{ data.customer.name }}: {price * 2} {");
        let notes = notes.into_list();
        assert_eq!(notes.len(), 1);
        assert!(notes.iter().all(|note| note.to_string().starts_with("footer: the expression `{price * 2}`")));
    }
}
