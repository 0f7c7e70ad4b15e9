//! What is recorded as unresolved, and what is expected to be missing.

use super::{Unresolved, compile, sample, with_result};
use crate::Limits;
use crate::expression::{Context, Expression, Locale, Scope};

fn unresolved(source: &str) -> Vec<String> {
    with_result(source, "en", &Limits::default(), |result, context| {
        assert!(result.is_ok(), "{source}: {result:?}");
        context
            .take_unresolved()
            .into_iter()
            .map(|Unresolved { path, hint }| format!("{path}|{}", hint.unwrap_or_default()))
            .collect()
    })
}

#[test]
fn a_missing_property_is_recorded_with_what_was_probably_meant() {
    let cases = [
        ("data.custmoer", "data.custmoer|did you mean `customer`?"),
        ("data.customer.adress.city", "data.customer.adress|did you mean `address`?"),
        ("data['itmes']", "data['itmes']|did you mean `items`?"),
        ("data.strange", "data.strange|"),
        (
            "data.items.name",
            "data.items.name|this is a list; write `[0].name` for its first item, or `.map(item => item.name)`",
        ),
        ("data.items[9].name", "data.items[9]|the list has 4 items"),
        ("data.name.first", "data.name.first|this is a string, which has no properties"),
        ("data.nothing.x", "data.nothing.x|"),
        ("data.nothing.trim()", "data.nothing|"),
        ("data.strange.trim().length", "data.strange|"),
        ("data.items.map(i => i.nmae)", "i.nmae|did you mean `name`?"),
        ("({ total: 1 }).totl", "({ total: 1 }).totl|did you mean `total`?"),
        ("sum(data.itmes, i => i.qty)", "data.itmes|did you mean `items`?"),
        ("data.strange + 1", "data.strange|"),
        ("data.yes && data.strange", "data.strange|"),
        ("data.yes ? data.strange : 1", "data.strange|"),
        ("ifNull(1, data.strange)", ""),
        ("ifNull(null, data.strange)", "data.strange|"),
        ("sys.pageNumber", "sys.pageNumber|pages are only known in headers, footers and texts"),
    ];
    for (source, expected) in cases {
        let expected: Vec<&str> = match source {
            // Arguments are evaluated whether they are needed or not, as everywhere in JavaScript.
            "ifNull(1, data.strange)" => vec!["data.strange|"],
            _ => vec![expected],
        };
        assert_eq!(unresolved(source), expected, "{source}");
    }
}

#[test]
fn what_is_asked_for_carefully_is_not_recorded() {
    for source in [
        "data.name",
        "data.empty",
        "data.nothing",
        "data.strange?.x",
        "data.strange?.x.y.z",
        "data.customer?.strange",
        "data.strange ?? 'none'",
        "data.strange.deep.deeper ?? 'none'",
        "data.strange || 'none'",
        "ifNull(data.strange, 'none')",
        "ifNull(data.strange.deep, 'none')",
        "typeof data.strange",
        "!data.strange",
        "data.strange && data.strange.x",
        "data.strange ? data.strange : 'none'",
        "data.strange > 5 ? 'many' : 'few'",
        "data.strange === undefined",
        "data.strange != null",
        "null == data.strange",
        "(data.strange)?.x",
    ] {
        assert_eq!(unresolved(source), Vec::<String>::new(), "{source}");
    }
}

#[test]
fn a_path_is_recorded_once_and_at_most_a_hundred_are() {
    assert_eq!(unresolved("data.items.map(i => i.nope + i.nope)").len(), 1);
    let locale = Locale::new("en").unwrap();
    let limits = Limits::default();
    let mut context = Context::new(&locale, 0, &limits);
    let data = sample();
    for index in 0..300 {
        compile(&format!("data.x{index}")).unwrap().evaluate(&Scope::new(&data), &mut context).unwrap();
    }
    assert_eq!(context.take_unresolved().len(), 100);
    assert_eq!(context.take_unresolved(), Vec::new());
}

#[test]
fn a_condition_records_nothing() {
    let locale = Locale::new("en").unwrap();
    let limits = Limits::default();
    let mut context = Context::new(&locale, 0, &limits);
    let data = sample();
    let condition = Expression::compile_condition("data.strange.deep", &limits).unwrap();
    assert!(!condition.evaluate(&Scope::new(&data), &mut context).unwrap().truthy());
    assert_eq!(context.take_unresolved(), Vec::new());
}
