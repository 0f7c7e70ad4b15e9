//! The marks of Handlebars in text: `{{name}}`, `{{#each list}}`, `{{#if value}}`.

use crate::node::{is_identifier, literal, property};

/// A piece of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    /// What stands between `{{` and `}}`, without the marks of a block.
    Value(String),
    Each(String),
    If {
        test: String,
        negated: bool,
    },
    Else,
    /// The end of a block, `each` or `if`.
    End,
}

/// Divides text at its marks. Comments are dropped, marks that are never closed are text.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (inside, after) = match after.strip_prefix('{').and_then(|raw| raw.split_once("}}}")) {
            Some(raw) => raw,
            None => match after.split_once("}}") {
                Some(parts) => parts,
                None => break,
            },
        };
        push_text(&mut pieces, before);
        let inside = inside.trim().trim_matches('~').trim();
        let word = |start: &str| inside.strip_prefix(start).map(|rest| rest.trim().to_owned());
        pieces.extend(if let Some(list) = word("#each ") {
            // `as |name|` is dropped: `this` is what the body reads.
            Some(Piece::Each(list.split(" as ").next().unwrap_or_default().trim().to_owned()))
        } else if let Some(test) = word("#if ") {
            Some(Piece::If { test, negated: false })
        } else if let Some(test) = word("#unless ") {
            Some(Piece::If { test, negated: true })
        } else if inside == "else" || inside == "^" {
            Some(Piece::Else)
        } else if inside.starts_with('/') {
            Some(Piece::End)
        } else if inside.starts_with('!') {
            None
        } else {
            Some(Piece::Value(inside.to_owned()))
        });
        rest = after;
    }
    push_text(&mut pieces, rest);
    pieces
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

/// Blocks of marks in one another; with elements in elements each takes room on the stack.
const MARK_DEPTH_MAX: usize = 16;

/// Takes out the marks of blocks that lie too deep, and says whether there were any.
pub(super) fn without_deep<T>(items: &mut Vec<T>, mark: fn(&T) -> Option<&Piece>) -> bool {
    let count = items.len();
    let mut depth = 0_usize;
    items.retain(|item| match mark(item) {
        Some(Piece::Each(_) | Piece::If { .. }) => {
            depth += 1;
            depth <= MARK_DEPTH_MAX
        }
        Some(Piece::End) => {
            depth = depth.saturating_sub(1);
            depth < MARK_DEPTH_MAX
        }
        Some(Piece::Else) => depth <= MARK_DEPTH_MAX,
        _ => true,
    });
    items.len() < count
}

/// What is noted of them.
pub(super) const TOO_DEEP: &str = "blocks in blocks are read to a depth of 16; the marks of deeper ones are left out";

/// The names of the items of the lists around, the innermost last.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope(Vec<String>);

impl Scope {
    /// The scope inside of one more list, with the name of its item.
    pub(super) fn inside(&self) -> (Self, String) {
        let name = match self.0.len() {
            0 => "item".to_owned(),
            depth => format!("item{}", depth + 1),
        };
        let mut names = self.0.clone();
        names.push(name.clone());
        (Self(names), name)
    }

    /// The name of the index of the innermost list.
    pub(super) fn index(&self) -> String {
        match self.0.len() {
            0 | 1 => "index".to_owned(),
            depth => format!("index{depth}"),
        }
    }

    /// A path of Handlebars as an expression; none for what is no path, such as the call of a helper.
    pub(super) fn expression(&self, path: &str) -> Option<String> {
        let mut depth = self.0.len();
        let mut rest = path.trim();
        if rest == "@index" {
            return (depth > 0).then(|| self.index());
        }
        if let Some(root) = rest.strip_prefix("@root.") {
            (rest, depth) = (root, 0);
        }
        while let Some(outer) = rest.strip_prefix("../") {
            (rest, depth) = (outer, depth.saturating_sub(1));
        }
        let base = depth.checked_sub(1).and_then(|index| self.0.get(index)).map_or("data", String::as_str);
        if matches!(rest, "this" | ".") {
            return Some(base.to_owned());
        }
        let rest = rest.strip_prefix("this.").or_else(|| rest.strip_prefix("./")).unwrap_or(rest);
        // Templates that say `data.name` mean the same data.
        let rest = if base == "data" { rest.strip_prefix("data.").unwrap_or(rest) } else { rest };
        let is_name =
            |name: &&str| is_identifier(name) || !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        let names: Vec<&str> = rest.split('.').collect();
        names.iter().all(is_name).then(|| {
            names.iter().fold(base.to_owned(), |of, name| match name.parse::<u32>() {
                Ok(index) => format!("{of}[{index}]"),
                Err(_) => property(&of, name),
            })
        })
    }
}

/// Inline text as text of format 1; what cannot be said is handed to `note` and kept as it is.
pub(super) fn inline(text: &str, scope: &Scope, note: &mut dyn FnMut(String)) -> String {
    let mut pieces = pieces(text);
    if without_deep(&mut pieces, |piece| Some(piece)) {
        note(TOO_DEEP.to_owned());
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        at += 1;
        match piece {
            Piece::Text(text) => out.push_str(&literal(text)),
            Piece::Value(path) => match scope.expression(path) {
                Some(expression) => out.push_str(&format!("{{{{ {expression} }}}}")),
                None => {
                    note(format!("`{{{{{path}}}}}` is no path of the data and is kept as text"));
                    out.push_str(&literal(&format!("{{{{{path}}}}}")));
                }
            },
            Piece::Each(_) | Piece::If { .. } => {
                at -= 1;
                let expression = block(&pieces, &mut at, scope, note);
                out.push_str(&format!("{{{{ {expression} }}}}"));
            }
            Piece::Else | Piece::End => note("a mark ends or divides a block that does not begin here".to_owned()),
        }
    }
    out
}

/// A block inside of text as an expression: `a ? `…` : `…``, or `list.map(item => `…`).join('')`.
fn block(pieces: &[Piece], at: &mut usize, scope: &Scope, note: &mut dyn FnMut(String)) -> String {
    let opening = pieces.get(*at).cloned();
    *at += 1;
    match opening {
        Some(Piece::Each(list)) => {
            let list = value(&list, scope, note);
            let (inside, name) = scope.inside();
            let index = inside.index();
            let (body, _) = branch(pieces, at, &inside, note);
            format!("{list}.map(({name}, {index}) => `{body}`).join('')")
        }
        Some(Piece::If { test, negated }) => {
            let test = value(&test, scope, note);
            let (then, divided) = branch(pieces, at, scope, note);
            let otherwise = if divided { branch(pieces, at, scope, note).0 } else { String::new() };
            let mark = if negated { "!" } else { "" };
            format!("{mark}{test} ? `{then}` : `{otherwise}`")
        }
        _ => "''".to_owned(),
    }
}

/// What stands up to the end of the block, as the inside of a template string; and whether it was an `else` that ended it.
fn branch(pieces: &[Piece], at: &mut usize, scope: &Scope, note: &mut dyn FnMut(String)) -> (String, bool) {
    let mut body = String::new();
    while let Some(piece) = pieces.get(*at) {
        match piece {
            Piece::End | Piece::Else => {
                *at += 1;
                return (body, *piece == Piece::Else);
            }
            Piece::Text(text) => {
                body.push_str(&text.replace('\\', "\\\\").replace('`', "\\`").replace("${", "\\${"));
                *at += 1;
            }
            Piece::Value(path) => {
                body.push_str(&format!("${{{}}}", value(path, scope, note)));
                *at += 1;
            }
            Piece::Each(_) | Piece::If { .. } => body.push_str(&format!("${{{}}}", block(pieces, at, scope, note))),
        }
    }
    note("a block is never closed".to_owned());
    (body, false)
}

pub(super) fn value(path: &str, scope: &Scope, note: &mut dyn FnMut(String)) -> String {
    scope.expression(path).unwrap_or_else(|| {
        note(format!("`{path}` is no path of the data; `undefined` stands for it"));
        "undefined".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_expressions_over_the_data() {
        let mut notes = Vec::new();
        let mut said = |text: &str| inline(text, &Scope::default(), &mut |note| notes.push(note));
        assert_eq!(
            said("Dear {{customer.name}}, {{{html}}}{{! no }}"),
            "Dear {{ data.customer.name }}, {{ data.html }}"
        );
        assert_eq!(
            said("{{#if paid}}Paid{{else}}Due `{{due}}`{{/if}}!"),
            "{{ data.paid ? `Paid` : `Due \\`${data.due}\\`` }}!"
        );
        assert_eq!(
            said("{{#each items}}{{@index}}: {{name}} of {{../title}}; {{/each}}"),
            "{{ data.items.map((item, index) => `${index}: ${item.name} of ${data.title}; `).join('') }}"
        );
        assert_eq!(said("{{lines.0.text}} {{data.x}}"), "{{ data.lines[0].text }} {{ data.x }}");
        assert_eq!(said("{{money total}}"), "{{ '{' }}{{ '{' }}money total}}");
        assert_eq!(notes, ["`{{money total}}` is no path of the data and is kept as text"]);
    }
}
