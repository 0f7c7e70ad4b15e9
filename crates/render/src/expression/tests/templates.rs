//! Text templates: where expressions begin and end, and what they write.

use super::{TextTemplate, sample};
use crate::Limits;
use crate::expression::{Context, Locale, Scope, Value};

fn written(source: &str) -> String {
    let template =
        TextTemplate::compile(source, &Limits::default()).unwrap_or_else(|errors| panic!("{source}: {errors:?}"));
    let data = sample();
    let locale = Locale::new("en").unwrap();
    let limits = Limits::default();
    let mut context = Context::new(&locale, 0, &limits);
    context.page_number = Some(2);
    context.total_pages = Some(7);
    let root = Scope::new(&data);
    let item = root.with("item", Value::from_json(&data["items"][0]));
    let scope = item.with("index", Value::Number(4.0));
    let mut out = String::from(">");
    template.write(&mut out, &scope, &mut context).unwrap();
    out
}

fn errors(source: &str) -> Vec<String> {
    match TextTemplate::compile(source, &Limits::default()) {
        Ok(_) => Vec::new(),
        Err(errors) => errors
            .into_iter()
            .map(|error| {
                assert!(error.offset + error.length <= source.len());
                format!("{}: {}", error.offset, error.message)
            })
            .collect(),
    }
}

#[test]
fn text_and_values_are_written_in_order() {
    for (source, expected) in [
        ("", ""),
        ("plain", "plain"),
        ("Invoice {{ data.number }}!", "Invoice 2026-001!"),
        ("{{data.number}}{{data.zero}}", "2026-0010"),
        ("{% data.number %} and {{ data.yes }}", "2026-001 and true"),
        ("{{ data.nothing }}|{{ undefined }}|{{ null }}|{{ '' }}", "|||"),
        ("{{ item.name }} {{ index + 1 }}", "Desk 5"),
        ("Page {{ sys.pageNumber }} of {{ sys.totalPages }}", "Page 2 of 7"),
        ("{{ '}}' }}", "}}"),
        ("{{ '{{' }}", "{{"),
        ("{{ `}}${ '}}' }` }}", "}}}}"),
        ("{{ {a: {b: 5}}.a.b }}", "5"),
        ("{{ data.items.map(i => ({ n: i.qty })).length }}", "4"),
        ("{% 7 % 4 %}", "3"),
        ("{% ({a: 10}).a %}", "10"),
        ("{ not } {a} }} %} {", "{ not } {a} }} %} {"),
        ("100 % {{ 1 }}", "100 % 1"),
        ("größe {{ data.text }} ü", "größe Grüße, 😀 Welt ü"),
        ("{{ [1, null, 2] }}", "1,,2"),
        ("{{ 0.1 + 0.2 }}", "0.30000000000000004"),
        ("{{ data.items.length > 3 ? 'many' : 'few' }}", "many"),
        ("{{ // comment }}\n data.name }}", "Ann Example"),
    ] {
        assert_eq!(written(source), format!(">{expected}"), "{source}");
    }
}

#[test]
fn every_error_is_found_with_its_offset_in_the_whole_text() {
    for (source, expected) in [
        ("a {{ }} b", vec!["5: the expression is empty"]),
        (
            "ü {{ x = 1 }} {{ this }} {{ 1 }}",
            vec!["6: an assignment cannot be used here", "18: `this` cannot be used here"],
        ),
        ("a {{ data.x", vec!["2: this `{{` is never closed"]),
        ("a {% data.x }}", vec!["2: this `{%` is never closed"]),
        ("{{ 'abc }} {{ new X() }}", vec!["3: this string is never closed", "14: `new` cannot be used here"]),
        ("{{ (1 }} {{ 2 }}", vec!["6: this `}` closes nothing"]),
    ] {
        assert_eq!(errors(source), expected, "{source}");
    }
}

#[test]
fn hostile_texts_are_read_in_time_that_grows_with_their_length() {
    assert_eq!(written("{"), ">{");
    assert_eq!(errors(&"{{".repeat(20_000)).len(), 1);
    assert_eq!(errors(&"{{ ( }}".repeat(2_000)).len(), 100);
    assert_eq!(errors(&"{{ /* }}".repeat(100_000)).len(), 100);
    let long = format!("{{{{ '{}' }}}}", "a".repeat(10_000));
    assert_eq!(errors(&long), ["2: the expression is longer than 10000 bytes"]);
    assert_eq!(errors(&format!("{{{{ {} }}}}", "(".repeat(50_000))).len(), 1);
    assert_eq!(written(&"x".repeat(1_000_000)).len(), 1_000_001);
}

#[test]
fn a_template_knows_what_it_is_made_of() {
    let limits = Limits::default();
    let compile = |source| TextTemplate::compile(source, &limits).unwrap();
    assert_eq!(compile("plain").as_literal(), Some("plain"));
    assert_eq!(compile("").as_literal(), Some(""));
    assert!(compile("").is_empty());
    assert_eq!(compile("{{ 1 }}").as_literal(), None);
    assert_eq!(
        compile("{{ data.x }}").single_expression().map(|expression| expression.source().to_owned()),
        Some("data.x".to_owned())
    );
    assert!(compile(" {{ data.x }}").single_expression().is_none());
    assert!(compile("{{ sys.pageNumber }}").uses_page());
    assert!(!compile("{{ sys.pageNumber }}").uses_total_pages());
    assert!(compile("a {{ sys.totalPages }}").uses_total_pages());
    assert!(compile("a {{ sys.totalPages }}").uses_page());
    assert!(!compile("sys.totalPages").uses_page());
    let literal = TextTemplate::literal("{{ not an expression }}");
    assert_eq!(literal.as_literal(), Some("{{ not an expression }}"));
    assert_eq!(literal.source(), "{{ not an expression }}");
    assert_eq!(format!("{:?}", compile("a {{ 1 }}")), "TextTemplate(\"a {{ 1 }}\")");
}

#[test]
fn an_error_while_writing_counts_from_the_beginning_of_the_text() {
    let limits = Limits::default();
    let template = TextTemplate::compile("abc {{  nowhere }}", &limits).unwrap();
    let locale = Locale::new("en").unwrap();
    let data = sample();
    let mut out = String::new();
    let error = template.write(&mut out, &Scope::new(&data), &mut Context::new(&locale, 0, &limits)).unwrap_err();
    assert_eq!(error.offset(), Some(8));
    assert_eq!(out, "abc ");
}
