//! Limits: expressions that would take all time, all memory or all stack.

use super::{EvaluationError, compile, failure, run, sample, with_result};
use crate::Limits;
use crate::expression::{Context, Expression, Locale, Scope};

#[test]
fn bombs_end_with_a_limit() {
    let bombs = [
        "'a'.repeat(1e9)",
        "'a'.repeat(4e6).repeat(4e6)",
        "'a'.padStart(1e9)",
        "'a'.padEnd(1e15, 'ab')",
        "Array.from({ length: 1e9 })",
        "Array.from({ length: 1e5 }).map(() => Array.from({ length: 1e5 }))",
        "Array.from({ length: 1e4 }).map(() => 'a'.repeat(1e6))",
        "Array.from({ length: 1e5 }).map((_, i) => i).flatMap(i => Array.from({ length: 1e5 }, () => i))",
        "[1,2,3,4,5,6,7,8,9].flatMap(a => [1,2,3,4,5,6,7,8,9].flatMap(b => Array.from({ length: 1e5 }).map(c => Array.from({ length: 9 }).map(d => a + b))))",
        "Array.from({ length: 1e5 }).reduce(a => a + a, 'ab')",
        "Array.from({ length: 1e5 }).reduce(a => [a, a], [])",
        "Array.from({ length: 1e5 }).reduce(a => ({ a }), 1)",
        "Array.from({ length: 1e5 }).reduce(a => () => a, 1)",
        "Array.from({ length: 1e5 }).reduce(a => a.concat(a), [1])",
        "Array.from({ length: 1e5 }).reduce(a => [...a, ...a], [1])",
        "Array.from({ length: 1e5 }).reduce(a => `${a}${a}`, 'x')",
        "(f => f(f))(f => f(f))",
        "(f => f(f))(f => [f(f)])",
        "(f => f(f, 1))((f, n) => f(f, n + 1))",
        "'a'.repeat(2e6).replaceAll('a', 'b'.repeat(1000))",
        "'a'.repeat(2e6).replaceAll('', 'bc')",
        "'a'.repeat(2e6).split('')",
        "[...'a'.repeat(2e6)]",
        "String(Array.from({ length: 20 }).reduce(a => [a, a, a, a], 'abcdefgh'))",
        "JSON.stringify(Array.from({ length: 20 }).reduce(a => [a, a, a, a], 'abcdefgh'))",
        "Array.from({ length: 20 }).reduce(a => [a, a, a, a], []).flat(Infinity)",
        "join(Array.from({ length: 1e5 }), 'a'.repeat(1e6)) + join(Array.from({ length: 1e5 }, () => 1), 'a'.repeat(1e6))",
        "upper('ß'.repeat(1e6)) + base64('a'.repeat(4e6))",
        "Array.from({ length: 1e5 }, (_, i) => i).sort((a, b) => Array.from({ length: 1e5 }).length)",
        "Array.from({ length: 3e4 }, () => ({})).map((x, i, all) => unique(all).length)",
        "Array.from({ length: 1e5 }).map((_, i, all) => all.indexOf(i))",
        "range(1e9)",
        "range(0, 1, 1e-12)",
        "'a'.repeat(1e6).replace(/a/g, 'b'.repeat(1000))",
        "grouped('a'.repeat(1e6), 1, 'b'.repeat(1000))",
        "zip(...Array.from({ length: 1e3 }, () => range(1e3)))",
        "JSON.parse('['.repeat(100) + ']'.repeat(100))",
        "Object.keys(Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ['k' + i, Array.from({ length: 1000 })])))",
    ];
    let limits = Limits { fuel_max: 2_000_000, ..Limits::default() };
    for source in bombs {
        let error = failure(source, &limits);
        assert!(error.is_limit(), "{source}: {error}");
    }
}

#[test]
fn work_on_large_texts_is_counted() {
    let sources = [
        "(t => Array.from({ length: 1e4 }).map(() => t.length))('é'.repeat(1e6))",
        "(t => Array.from({ length: 1e4 }).map(() => t === t + ''))('a'.repeat(1e6))",
        "((t, u) => Array.from({ length: 1e4 }).map(() => t === u))('a'.repeat(1e6) + 'b', 'a'.repeat(1e6) + 'c')",
        "((t, u) => Array.from({ length: 1e4 }).map(() => t < u))('a'.repeat(1e6) + 'b', 'a'.repeat(1e6) + 'c')",
        "((t, u) => Array.from({ length: 1e4 }, () => t).includes(u))('a'.repeat(1e6) + 'b', 'a'.repeat(1e6) + 'c')",
        "(t => Array.from({ length: 1e4 }, () => t).sort())('a'.repeat(1e6))",
        "(t => sortBy(Array.from({ length: 1e4 }, () => t)))('a'.repeat(1e6))",
        "(t => unique(Array.from({ length: 1e4 }, () => t)))('a'.repeat(1e6))",
        "(t => group(Array.from({ length: 1e4 }, () => t), x => x))('a'.repeat(1e6))",
        "(t => sum(Array.from({ length: 1e4 }, () => t)))('0'.repeat(1e6) + '1')",
        "(t => Array.from({ length: 1e4 }).map(() => +t))('1'.repeat(1e6))",
        "(t => Array.from({ length: 1e4 }).map(() => Math.abs([t])))('1'.repeat(1e6))",
        "(t => Array.from({ length: 1e4 }).map(() => t * 2))('1'.repeat(1e6))",
        "(t => Array.from({ length: 1e4 }).map(() => [t] == t))('1'.repeat(1e6))",
        "(t => Array.from({ length: 1e4 }).map(() => data[t]?.x))('1'.repeat(1e6))",
        "(t => Array.from({ length: 1e4 }).map(() => ({ [t]: 1 })))('1'.repeat(1e6))",
        "(t => Array.from({ length: 1e4 }).map(() => t in data))('1'.repeat(1e6))",
        "(t => Array.from({ length: 1e4 }).map(() => 'abc'.slice(t)))('1'.repeat(1e6))",
        "(t => Array.from({ length: 1e4 }).map(() => t.trim()))(' '.repeat(1e6))",
        "/(a+)+$/.test('a'.repeat(1e6) + 'b')",
        "'a'.repeat(1e6).replace(/x*?y/g, '')",
        "'a'.repeat(1e6).split(/b|(a?){30}c/)",
        "(t => Array.from({ length: 1e4 }).map(() => truncate(t, 5)))('a'.repeat(1e6))",
        "(t => Array.from({ length: 1e4 }).map(() => sha256(t)))('a'.repeat(1e6))",
        "(t => Array.from({ length: 1e4 }).map(() => JSON.parse(t)))('[' + '1,'.repeat(1e5) + '1]')",
        "(l => Array.from({ length: 1e4 }).map(() => sum(l, 'price')))(Array.from({ length: 1e5 }, () => ({})))",
        "(t => Array.from({ length: 1e4 }).map(() => t.indexOf('b')))('a'.repeat(1e6))",
        "Array.from({ length: 1e4 }, (_, i) => (1).toLocaleString('en-x-a' + i))",
        "Array.from({ length: 1e4 }, (_, i) => money(1, String.fromCharCode(65 + i % 26, 65 + (i / 26 | 0) % 26, 65 + (i / 676 | 0))))",
    ];
    let limits = Limits { fuel_max: 600_000, ..Limits::default() };
    for source in sources {
        let error = failure(source, &limits);
        assert!(error.is_limit(), "{source}: {error}");
    }
}

#[test]
fn fuel_is_shared_by_all_evaluations_of_a_render() {
    let locale = Locale::new("en").unwrap();
    let limits = Limits { fuel_max: 1_000, ..Limits::default() };
    let mut context = Context::new(&locale, 0, &limits);
    let data = sample();
    let scope = Scope::new(&data);
    let expression = compile("data.items.map(i => i.qty * i.price).length").unwrap();
    let mut count = 0;
    let error = loop {
        match expression.evaluate(&scope, &mut context) {
            Ok(_) => count += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, EvaluationError::FuelExhausted { .. }));
    assert!((10..100).contains(&count), "{count} evaluations");
    assert_eq!(context.fuel_left(), 0);
}

#[test]
fn the_largest_value_is_allowed_and_one_byte_more_is_not() {
    let limits = Limits { value_size_bytes_max: 1_000, ..Limits::default() };
    let length =
        with_result("'a'.repeat(1000).length", "en", &limits, |result, _| result.map(|value| value.as_number()));
    assert_eq!(length, Ok(1_000.0));
    assert_eq!(
        failure("'a'.repeat(1001)", &limits),
        EvaluationError::ValueTooLarge { offset: 4, size_bytes_max: 1_000 }
    );
}

#[test]
fn deep_sources_are_refused_before_the_parser_sees_them() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{a:", "}"),
        ("!", ""),
        ("-", ""),
        ("- ", ""),
        ("a?", ":b"),
        ("x=>", ""),
        ("f(", ")"),
        ("`${", "}`"),
        ("a[", "]"),
        ("typeof ", ""),
    ] {
        for count in [100, 1_000, 3_000] {
            let source = format!("{}1{}", open.repeat(count), close.repeat(count));
            assert!(compile(&source).is_err(), "{open} {count}");
        }
    }
    assert!(compile(&"(".repeat(10_000)).is_err());
    assert!(compile(&" ".repeat(10_001)).is_err());
    assert!(compile(&format!("1{}", " ".repeat(9_999))).is_ok());
}

#[test]
fn the_deepest_source_that_is_allowed_fits_the_stack() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("!", ""),
        ("f => ", ""),
        ("[0].map(x => ", ")"),
        ("`${", "}`"),
        ("1 ? ", " : 0"),
        ("({ a: ", " })"),
        ("[", "][0]"),
        ("String(", ")"),
    ] {
        let mut deepest = 0;
        for count in 1..70 {
            let source = format!("{}1{}", open.repeat(count), close.repeat(count));
            if let Ok(expression) = compile(&source) {
                deepest = count;
                let locale = Locale::new("en").unwrap();
                let data = sample();
                let limits = Limits::default();
                // Only reaching a limit or a value matters here, not which.
                let _ = expression.evaluate(&Scope::new(&data), &mut Context::new(&locale, 0, &limits));
            }
        }
        assert!((15..=64).contains(&deepest), "{open}: {deepest}");
    }
}

#[test]
fn long_sums_and_chains_are_not_deep() {
    let sum = vec!["data.zero"; 500].join(" + ");
    assert_eq!(run(&sum), "0");
    let text = format!("'' + {}", vec!["data.name"; 500].join(" + "));
    assert_eq!(run(&text).len(), 500 * "Ann Example".len());
    assert_eq!(run(&format!("data.name{}", ".trim()".repeat(300))), "Ann Example");
    assert_eq!(run(&vec!["data.zero"; 300].join(" || ")), "0");
    assert_eq!(run(&vec!["data.yes"; 300].join(" && ")), "true");
}

#[test]
fn the_depth_of_a_limit_above_the_own_one_changes_nothing() {
    let limits = Limits { depth_max: 1_000_000, ..Limits::default() };
    assert!(Expression::compile(&format!("{}1{}", "(".repeat(1_000), ")".repeat(1_000)), &limits).is_err());
}
