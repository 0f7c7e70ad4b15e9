//! What is known of an expression before it runs.

use super::{compile, sample};
use crate::Limits;
use crate::expression::{Context, Expression, Locale, Scope, Value};

#[test]
fn only_what_reads_nothing_is_constant() {
    for source in
        ["1 + 2", "'a'.repeat(3)", "[1, 2].map(x => x * 2)", "Math.max(1, 2)", "`a${1}`", "undefined", "(5).toFixed(2)"]
    {
        assert!(compile(source).unwrap().is_constant(), "{source}");
    }
    for source in
        ["data", "item.x", "x => y", "sys.now", "now()", "number(1)", "(5).toLocaleString()", "'a'.localeCompare('b')"]
    {
        assert!(!compile(source).unwrap().is_constant(), "{source}");
    }
}

#[test]
fn pages_are_noticed_wherever_they_are_mentioned() {
    let expression = compile("[1].map(x => x + sys['pageNumber'])").unwrap();
    assert!(expression.uses_page() && !expression.uses_total_pages());
    assert!(compile("`${ sys.totalPages }`").unwrap().uses_total_pages());
    // A parameter of this name hides it.
    assert!(!compile("(sys => sys.pageNumber)({ pageNumber: 1 })").unwrap().uses_page());
}

#[test]
fn names_are_listed_once_and_parameters_are_not_names() {
    let expression = compile("sum(data.items, i => i.qty * item.x) + item.y + Math.PI").unwrap();
    assert_eq!(expression.names().collect::<Vec<_>>(), ["sum", "data", "item"]);
}

#[test]
fn names_of_the_scope_hide_functions_and_outer_names() {
    let data = sample();
    let locale = Locale::new("en").unwrap();
    let limits = Limits::default();
    let mut context = Context::new(&locale, 0, &limits);
    let root = Scope::new(&data);
    let outer = root.with("count", Value::Number(1.0));
    let inner = outer.with("count", Value::Number(2.0));
    let run = |source: &str, scope: &Scope<'_, '_>, context: &mut Context<'_>| {
        compile(source).unwrap().evaluate(scope, context).unwrap().to_display_string().into_owned()
    };
    assert_eq!(run("count", &inner, &mut context), "2");
    assert_eq!(run("count", &outer, &mut context), "1");
    assert_eq!(run("count([1, 2, 3])", &root, &mut context), "3");
    assert_eq!(run("(count => count + 1)(5)", &inner, &mut context), "6");
    assert_eq!(inner.names().collect::<Vec<_>>(), ["count", "count", "data"]);
}

#[test]
fn an_expression_is_shared_by_threads() {
    fn shared<T: Send + Sync + Clone>(_: &T) {}
    shared(&compile("data.x").unwrap());
}

#[test]
fn values_of_the_data_are_borrowed() {
    let data = sample();
    let locale = Locale::new("en").unwrap();
    let limits = Limits::default();
    let result = {
        let expression = Expression::compile("data.customer.name.slice(0, 5)", &limits).unwrap();
        let mut context = Context::new(&locale, 0, &limits);
        expression.evaluate(&Scope::new(&data), &mut context).unwrap()
    };
    // The value outlives expression, scope and context, because it points into the data.
    assert_eq!(result.as_text(), Some("North"));
    let inside = data["customer"]["name"].as_str().unwrap().as_ptr();
    assert_eq!(result.as_text().map(str::as_ptr), Some(inside));
}

#[test]
fn a_value_is_three_words() {
    assert_eq!(size_of::<Value<'_>>(), 24);
}

#[test]
fn what_differs_from_javascript_on_purpose_is_as_documented() {
    use super::run;
    for (source, expected) in [
        // Nothing is changed in place.
        "[data.numbers.sort().length, data.numbers[0]].join() ==> 6,10",
        "(list => list.reverse().concat(list))([1, 2]).join() ==> 2,1,1,2",
        "(a => JSON.stringify([Object.assign(a, { x: 2 }), a]))({ x: 1 }) ==> [{\"x\":2},{\"x\":1}]",
        // A function has no source.
        "String(x => x + 1) ==> [function]",
        // Half a surrogate pair cannot be held.
        "'😀'[0] ==> \u{FFFD}",
        "'😀'.split('').join('-') ==> \u{FFFD}-\u{FFFD}",
        // A hole in a list is an item.
        "[1, , 2].map(x => typeof x).join() ==> number,undefined,number",
    ]
    .map(|case| case.split_once(" ==> ").unwrap())
    {
        assert_eq!(run(source), expected, "{source}");
    }
    let data = serde_json::json!({ "a": [], "b": [], "c": [1], "d": [1] });
    let locale = Locale::new("en").unwrap();
    let limits = Limits::default();
    for (source, expected) in [("data.a === data.b", true), ("data.c === data.d", false), ("data.c === data.c", true)] {
        let mut context = Context::new(&locale, 0, &limits);
        let value = compile(source).unwrap().evaluate(&Scope::new(&data), &mut context).unwrap();
        assert_eq!(value.truthy(), expected, "{source}");
    }
}
