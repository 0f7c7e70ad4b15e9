//! Bounds of expressions and small templates, beside what they take.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use serde_json::{Value as Json, json};

use super::*;
use crate::data::Schema;
use crate::expression::{Context, Locale, Scope};
use crate::template::Strictness;

fn amounts(bound: Bound) -> Amounts {
    match bound {
        Bound::AtMost(amounts) => amounts,
        Bound::Unknown(unbounded) => panic!("{unbounded}"),
    }
}

/// The bound of an expression, and the steps and bytes that it took.
fn compared(source: &str, data: &Json) -> (Amounts, u64, u64) {
    let limits = Limits::default();
    let expression = Expression::compile(source, &limits).unwrap();
    let bound = amounts(Bound::of_expression(&expression, &DataBounds::of_value(data), &limits));
    let locale = Locale::new("en-GB").unwrap();
    let mut context = Context::new(&locale, 0, &limits);
    let result = expression.evaluate(&Scope::new(data), &mut context);
    assert!(result.is_ok(), "{source}: {result:?}");
    (bound, limits.fuel_max - context.fuel_left(), context.made_bytes())
}

#[test]
fn a_bound_is_near_to_what_an_expression_of_a_document_takes() {
    let items: Vec<Json> =
        (0..60).map(|index| json!({ "name": "Desk lamp, brass", "qty": index, "price": 12.5, "kind": "a" })).collect();
    let data = json!({ "items": items, "currency": "EUR", "due": "2026-03-15", "name": "Ann", "tags": ["a", "b"] });
    for (source, ratio) in [
        ("1 + 2 * 3", 1),
        ("data.name + ', ' + data.due", 3),
        ("data.items.length", 1),
        ("sum(data.items, i => i.qty * i.price)", 1),
        ("sum(data.items, 'price')", 2),
        ("money(data.items[3].price, data.currency)", 2),
        ("data.items.map(i => money(i.price, data.currency)).join(' ')", 4),
        ("date(data.due, 'long')", 3),
        ("data.items.filter(i => i.qty > 3).map(i => i.name).join(', ')", 3),
        ("data.items.reduce((total, i) => total + i.qty * i.price, 0)", 2),
        ("data.items.reduce((text, i) => text + i.name, '')", 3),
        ("sortBy(data.items, 'qty').map(i => i.qty).join()", 5),
        ("data.tags.includes('b') ? upper(data.name) : data.name", 3),
        ("group(data.items, 'kind').map(g => g.key).join()", 30),
        ("unique(data.items, 'kind').length", 5),
        ("data.items.toSorted((a, b) => b.qty - a.qty)[0].name", 3),
        ("JSON.stringify(data.items)", 8),
        ("/l[a-z]+/.test(data.name)", 20),
        ("moment(data.due).add(14, 'days').format('YYYY-MM-DD')", 4),
        ("'x'.repeat(40).padStart(60)", 4),
        ("range(12).map(m => m + 1).join()", 3),
        ("numeral(data.items[1].price).format('0,0.00')", 3),
    ] {
        let (bound, steps, bytes) = compared(source, &data);
        assert!(steps <= bound.steps, "{source}: took {steps} of {}", bound.steps);
        assert!(bytes <= bound.bytes, "{source}: made {bytes} of {}", bound.bytes);
        assert!(bound.steps <= steps * ratio, "{source}: {} are {} times {steps}", bound.steps, bound.steps / steps);
    }
}

#[test]
fn what_is_not_followed_says_why() {
    let limits = Limits::default();
    for (source, reason) in [
        ("JSON.stringify(data, (k, v) => v)", "`JSON.stringify` with a second argument is not followed"),
        ("JSON.parse(data.x).flat(1/0)", "how deep the lists are that `flat` takes apart is not known"),
        ("(f => f(f))(f => f(f) + f(f))", "its functions call each other in too many ways to follow"),
    ] {
        let expression = Expression::compile(source, &limits).unwrap();
        match Bound::of_expression(&expression, &DataBounds::unknown(), &limits) {
            Bound::Unknown(unbounded) => {
                assert_eq!(unbounded.to_string(), format!("{reason}, in `{source}`"));
            }
            Bound::AtMost(amounts) => panic!("{source}: {amounts:?}"),
        }
    }
}

fn template(body: &Json) -> Template {
    let json = json!({
        "format": 1,
        "name": "Test",
        "page": { "size": [200, 100], "margin": 0 },
        "styles": { "text": { "font": "Inter", "size": 10 } },
        "body": { "nodes": body },
    });
    Template::from_value(&json, &Limits::default(), Strictness::Check).unwrap().0
}

#[test]
fn repetition_multiplies_what_is_inside() {
    let text = json!({ "kind": "text", "width": 80, "style": "text", "text": "{{ item.a }}" });
    let once =
        template(&json!([{ "kind": "frame", "layout": "stack", "nodes": [text], "repeat": { "each": "data.list" } }]));
    let schema = |count: u32| {
        let schema = json!({ "type": "object", "additionalProperties": false, "properties": {
            "list": { "type": "array", "maxItems": count, "items": { "type": "object", "properties": { "a": { "type": "number" } } } } } });
        DataBounds::new(&Schema::from_json(&schema, &Limits::default()).unwrap())
    };
    let limits = Limits::default();
    let [ten, twenty] = [10, 20].map(|count| amounts(Bound::of(&once, &schema(count), &limits)));
    assert_eq!((ten.pieces, twenty.pieces), (20, 40));
    // The list is read once, in three steps; each number is read in three and written in one.
    assert_eq!(ten.steps, 3 + 10 * 4);
    assert_eq!(twenty.steps, 3 + 20 * 4);
}

#[test]
fn a_chart_with_formats_is_not_known_and_says_where() {
    let chart = json!({ "kind": "chart", "type": "bar", "size": [100, 60], "each": "data.rows", "label": "{{ item.a }}",
        "style": "text", "alt": "Rows", "format": "number(value)", "series": [{ "name": "A", "value": "item.b" }] });
    match Bound::of(&template(&json!([chart])), &DataBounds::unknown(), &Limits::default()) {
        Bound::Unknown(unbounded) => assert_eq!(
            unbounded.to_string(),
            "how many labels a chart has is found with its axes, in `number(value)` at /body/nodes/0"
        ),
        Bound::AtMost(amounts) => panic!("{amounts:?}"),
    }
}

#[test]
fn values_in_values_are_joined_once_however_many_places_they_stand_at() {
    // Each of these has more places than there are atoms; walked one by one, no bound would ever be found.
    let twice = (0..50).fold("1".to_owned(), |value, _| format!("f({value})"));
    for source in [
        format!("(f => [{twice}, JSON.parse('1')])(x => ({{ a: x, b: x }}))"),
        "range(200).reduce(x => ({ a: x, b: x }), 0)".to_owned(),
        "range(200).reduce(x => [x, y => x], 0)".to_owned(),
        "range(200).reduce(x => ({ a: y => x, b: y => [x, y], c: x }), 0)".to_owned(),
        "range(200).reduce(x => ({ a: [x, { c: x }], b: [x], c: x }), {})".to_owned(),
    ] {
        let limits = Limits::default();
        let expression = Expression::compile(&source, &limits).unwrap();
        drop(Bound::of_expression(&expression, &DataBounds::unknown(), &limits));
    }
}

#[test]
fn a_function_that_stands_too_deep_to_be_followed_is_not_taken_for_another_one() {
    let deep = ".a".repeat(70);
    let source = format!(
        "(v => [v{deep}.f, y => 1][0](1))(range(90).reduce(x => ({{ a: x, f: y => 'x'.repeat(9000) }}), {{}}))"
    );
    let limits = Limits::default();
    let expression = Expression::compile(&source, &limits).unwrap();
    match Bound::of_expression(&expression, &DataBounds::unknown(), &limits) {
        Bound::AtMost(amounts) => assert!(amounts.bytes >= 9_000, "{amounts:?}"),
        Bound::Unknown(unbounded) => assert!(unbounded.reason.contains("too large to follow"), "{unbounded}"),
    }
}
