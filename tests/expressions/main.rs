//! Expressions mean what JavaScript means: thousands of generated ones give what Node.js gives.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail loudly"
)]

mod bounds;
mod data;
mod differences;
mod generator;
mod numbers;
mod oracle;
mod tree;

use std::collections::BTreeSet;

use differences::{DIFFERENCES, agree};
use generator::Generator;
use oracle::{Answer, Case};
use serde_json::Value as Json;
use tree::Tree;

/// Generated expressions that are compared.
const CASE_COUNT: usize = 12_000;

/// Data sets that they run over.
const SET_COUNT: usize = 40;

/// The longest generated source; longer ones take long to read when they fail.
const SOURCE_LENGTH_MAX: usize = 400;

/// Failing expressions that are made smaller and shown.
const SHOWN_COUNT_MAX: usize = 8;

/// The seed of the generator; another one tries other expressions.
fn seed() -> u64 {
    std::env::var("CHANCERY_EXPRESSION_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

#[test]
fn generated_expressions_give_what_node_gives() {
    let mut generator = Generator::new(seed());
    let sets: Vec<Json> = (0..SET_COUNT).map(|_| data::set(generator.numbers())).collect();
    let mut seen = BTreeSet::new();
    let mut trees = Vec::new();
    let mut cases = Vec::new();
    while cases.len() < CASE_COUNT {
        let tree = generator.expression();
        let source = tree.source();
        if source.len() <= SOURCE_LENGTH_MAX && seen.insert(source.clone()) {
            cases.push(Case { set: generator.numbers().below(SET_COUNT), source });
            trees.push(tree);
        }
    }
    let expected = oracle::node(&sets, &cases);
    let (mut values, mut limits) = (0, 0);
    let mut failed = Vec::new();
    for ((case, tree), expected) in cases.iter().zip(&trees).zip(&expected) {
        let actual = oracle::engine(&sets, case);
        values += usize::from(matches!((expected, &actual), (Answer::Value(_), Answer::Value(_))));
        limits += usize::from(actual == Answer::Limit);
        if !agree(expected, &actual) {
            failed.push((case.set, tree));
        }
    }
    let shown: BTreeSet<String> =
        failed.iter().take(SHOWN_COUNT_MAX).map(|(set, tree)| smallest(&sets, *set, tree)).collect();
    let list: Vec<String> = shown.into_iter().collect();
    assert!(failed.is_empty(), "{} of {CASE_COUNT} differ; made smaller:\n\n{}", failed.len(), list.join("\n\n"));
    // Most are values on both sides; a generator of errors would prove nothing.
    assert!(values > CASE_COUNT * 7 / 10, "only {values} values");
    assert!(limits < CASE_COUNT / 100, "{limits} stopped at a limit");
}

/// Makes a failing expression as small as it gets while it fails, and describes it.
fn smallest(sets: &[Json], set: usize, tree: &Tree) -> String {
    let mut tree = tree.clone();
    loop {
        let length = tree.source().len();
        let mut candidates: Vec<Tree> = tree.simpler();
        candidates.retain(|candidate| candidate.source().len() < length);
        candidates.sort_by_key(|candidate| candidate.source().len());
        let cases: Vec<Case> = candidates.iter().map(|candidate| Case { set, source: candidate.source() }).collect();
        let expected = oracle::node(sets, &cases);
        let failing =
            cases.iter().zip(&expected).position(|(case, expected)| !agree(expected, &oracle::engine(sets, case)));
        match failing {
            Some(index) => tree = candidates.swap_remove(index),
            None => break,
        }
    }
    let case = Case { set, source: tree.source() };
    let node = oracle::node(sets, std::slice::from_ref(&case));
    let engine = oracle::engine(sets, &case);
    let named: String = ["a", "b", "s", "t", "l", "w", "m", "r", "o", "n", "y"]
        .iter()
        .filter(|name| case.source.contains(&format!("data.{name}")))
        .map(|name| format!("\n  data.{name} = {}", sets[set].get(name).map_or("missing".to_owned(), Json::to_string)))
        .collect();
    format!("{}{named}\n  node:   {:?}\n  engine: {engine:?}", case.source, node[0])
}

/// The largest difference between two libraries of such functions, relative to the result.
const RELATIVE_ERROR_MAX: f64 = 1e-15;

#[test]
fn functions_that_are_not_exact_differ_in_the_last_digit_at_most() {
    let functions = [
        "exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh",
        "tanh", "asinh", "acosh", "atanh", "cbrt", "sqrt",
    ];
    let arguments = ["0", "-0", "1", "-1", "0.5", "-0.3", "2", "10", "3.7", "-12.25", "100", "1e-9", "NaN", "Infinity"];
    let mut sources: Vec<String> = Vec::new();
    for argument in arguments {
        sources.extend(functions.iter().map(|name| format!("Math.{name}({argument})")));
        for other in arguments {
            let names = ["Math.pow", "Math.atan2", "Math.hypot"];
            sources.extend(names.iter().map(|name| format!("{name}({argument}, {other})")));
        }
    }
    let sets = [Json::Null];
    let cases: Vec<Case> = sources.into_iter().map(|source| Case { set: 0, source }).collect();
    for (case, expected) in cases.iter().zip(oracle::node(&sets, &cases)) {
        let (Answer::Value(left), Answer::Value(right)) = (&expected, oracle::engine(&sets, case)) else {
            panic!("{case:?}: {expected:?}");
        };
        let (near, exact): (f64, f64) = (right.parse().unwrap(), left.parse().unwrap());
        let error = ((near - exact) / exact).abs();
        assert!(*left == right || error < RELATIVE_ERROR_MAX, "{}: {left} and {right}", case.source);
    }
}

#[test]
fn every_difference_that_is_meant_is_one() {
    let sets = [serde_json::json!({})];
    for difference in DIFFERENCES {
        let case = Case { set: 0, source: difference.example.to_owned() };
        let node = oracle::node(&sets, std::slice::from_ref(&case));
        let engine = oracle::engine(&sets, &case);
        assert_eq!(engine, Answer::Value(difference.gives.to_owned()), "{}: {}", difference.example, difference.reason);
        assert!(matches!(node[0], Answer::Error(_)), "{}: {node:?}", difference.example);
        assert!(agree(&node[0], &engine), "{}: {node:?}", difference.example);
    }
}
