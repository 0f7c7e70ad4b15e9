//! What Markdown becomes.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::limits::Limits;
use crate::template::model::{BlockForm, RichSpan};

fn spans(spans: &[RichSpan]) -> String {
    let mut out = String::new();
    for span in spans {
        let marks = &span.marks;
        let mut text = span.text.source().replace('\n', "⏎");
        for (is_on, letter) in
            [(marks.strong, 's'), (marks.emphasis, 'e'), (marks.code, 'c'), (marks.patch.is_some(), 'x')]
        {
            if is_on {
                text = format!("{letter}[{text}]");
            }
        }
        if let Some(link) = &marks.link {
            text = format!("{text}→{}", link.source());
        }
        out.push_str(&text);
        out.push('|');
    }
    out.pop();
    out
}

/// One line a block, indented by its depth.
fn outline(blocks: &[RichBlock], depth: usize, out: &mut String) {
    for block in blocks {
        out.push_str(&"  ".repeat(depth));
        match &block.form {
            BlockForm::Paragraph(text) => out.push_str(&format!("p {}\n", spans(text))),
            BlockForm::Heading { level, spans: text } => out.push_str(&format!("h{level} {}\n", spans(text))),
            BlockForm::Code(text) => out.push_str(&format!("code {:?}\n", text.source())),
            BlockForm::Rule => out.push_str("rule\n"),
            BlockForm::Image(image) => {
                out.push_str(&format!("image {} {}\n", image.source.source(), image.alt.source()));
            }
            BlockForm::Quote(blocks) => {
                out.push_str("quote\n");
                outline(blocks, depth + 1, out);
            }
            BlockForm::List(list) => {
                out.push_str(&format!("list {:?} {} loose={}\n", list.marker, list.start, list.loose));
                for item in &list.items {
                    out.push_str(&format!("{}item\n", "  ".repeat(depth + 1)));
                    outline(item, depth + 2, out);
                }
            }
            BlockForm::Table(table) => {
                out.push_str(&format!("table {:?}\n", table.columns));
                for row in std::iter::once(&table.header).chain(&table.rows) {
                    let cells: Vec<String> = row.iter().map(|cell| spans(cell)).collect();
                    out.push_str(&format!("{}{}\n", "  ".repeat(depth + 1), cells.join(" / ")));
                }
            }
        }
    }
}

fn read(source: &str) -> String {
    let mut out = String::new();
    outline(&blocks_of_text(source), 0, &mut out);
    out
}

fn read_template(source: &str) -> String {
    let mut out = String::new();
    outline(&blocks_of(&TextTemplate::compile(source, &Limits::default()).unwrap()), 0, &mut out);
    out
}

#[test]
fn spans_keep_their_marks_and_breaks() {
    assert_eq!(
        read("One **two *three*** `four`\nfive\\\nsix ~~seven~~ [eight](https://a.example)"),
        "p One |s[two ]|e[s[three]]| |c[four]| five⏎six |x[seven]| |eight→https://a.example\n"
    );
}

#[test]
fn blocks_nest() {
    assert_eq!(
        read("# A\n\n> q\n>\n> 1. a\n\n3. x\n   - y\n\n---\n\n```\nlet a;\n\nb\n```\n"),
        "h1 A\nquote\n  p q\n  list Decimal 1 loose=false\n    item\n      p a\nlist Decimal 3 loose=false\n  item\n    p x\n    \
         list Auto 1 loose=false\n      item\n        p y\nrule\ncode \"let a;\\n\\nb\"\n"
    );
    assert_eq!(read("- a\n\n- b\n"), "list Auto 1 loose=true\n  item\n    p a\n  item\n    p b\n");
}

#[test]
fn tables_have_cells_of_spans() {
    assert_eq!(
        read("| a | **b** |\n|:--|--:|\n| 1 | 2 |\n| 3 | |\n"),
        "table [Start, End]\n  a / s[b]\n  1 / 2\n  3 / \n"
    );
}

#[test]
fn html_is_text_and_pictures_are_blocks() {
    assert_eq!(read("<b>x</b> y\n\n<div>\nz\n</div>\n"), "p <b>x</b> y\np <div>⏎z⏎</div>\n");
    assert_eq!(read("see ![the *map*](asset:map) here"), "p see \nimage asset:map the map\np  here\n");
}

#[test]
fn what_expressions_give_is_never_markdown() {
    assert_eq!(
        read_template("# {{ data.title }}\n\n**{{ data.name }}** pays [{{ data.sum }}]({{ data.url }}) _{{ data.a }}_"),
        "h1 {{ data.title }}\np s[{{ data.name }}]| pays |{{ data.sum }}→{{ data.url }}| |e[{{ data.a }}]\n"
    );
    // A private character of the author's own is no expression.
    assert_eq!(read_template("a\u{F0000}b {{ 1 }}"), "p a\u{FFFD}b {{ 1 }}\n");
}

#[test]
fn hostile_sources_end_and_stay_shallow() {
    for source in [">".repeat(5_000), "- ".repeat(5_000), "[".repeat(5_000), "*a ".repeat(5_000), "![](".repeat(2_000)]
    {
        let blocks = blocks_of_text(&source);
        let mut out = String::new();
        outline(&blocks, 0, &mut out);
        assert!(out.lines().all(|line| line.len() - line.trim_start().len() <= 4 * 24), "too deep");
    }
    assert_eq!(read(""), "");
}
