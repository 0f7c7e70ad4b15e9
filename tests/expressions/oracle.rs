//! Both sides of the comparison: Node.js in one process for many expressions, and the engine.

use std::io::Write as _;
use std::process::{Command, Stdio};

use chancery_render::Limits;
use chancery_render::expression::{Context, Expression, Locale, Scope, Value};
use serde_json::Value as Json;

/// One expression over one of the data sets.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) set: usize,
    pub(crate) source: String,
}

/// What one side says: a value in the notation of `oracle.mjs`, or the message of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Value(String),
    Error(String),
    /// The engine stopped at a limit, which the other side does not have.
    Limit,
}

/// Asks Node.js for all cases in one process.
pub(crate) fn node(sets: &[Json], cases: &[Case]) -> Vec<Answer> {
    let mut input = Json::from(sets.iter().map(Json::to_string).collect::<Vec<_>>()).to_string();
    for case in cases {
        input.push('\n');
        input.push_str(&serde_json::json!([case.set, case.source]).to_string());
    }
    let mut child = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/expressions/oracle.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node.js runs; script/setup installs it");
    let mut stdin = child.stdin.take().unwrap();
    // The oracle reads to the end before it writes, so that neither side waits for the other.
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the oracle failed");
    let answers: Vec<Answer> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| match serde_json::from_str::<(bool, String)>(line).unwrap() {
            (true, value) => Answer::Value(value),
            (false, message) => Answer::Error(message),
        })
        .collect();
    assert_eq!(answers.len(), cases.len());
    answers
}

/// Asks the engine.
pub(crate) fn engine(sets: &[Json], case: &Case) -> Answer {
    let limits = Limits { fuel_max: 1_000_000, ..Limits::default() };
    let locale = Locale::new("en-US").unwrap();
    let expression = match Expression::compile(&case.source, &limits) {
        Ok(expression) => expression,
        Err(error) => return Answer::Error(error.to_string()),
    };
    let mut context = Context::new(&locale, 0, &limits);
    match expression.evaluate(&Scope::new(&sets[case.set]), &mut context) {
        Ok(value) => Answer::Value(written(&value)),
        Err(error) if error.is_limit() => Answer::Limit,
        Err(error) => Answer::Error(error.to_string()),
    }
}

fn written(value: &Value<'_>) -> String {
    if let Some(items) = value.iterate() {
        return format!("[{}]", items.map(|item| written(&item)).collect::<Vec<_>>().join(","));
    }
    if let Some(record) = value.as_record() {
        let entries = record.entries().into_iter().map(|(key, item)| format!("{}:{}", quoted(&key), written(&item)));
        return format!("{{{}}}", entries.collect::<Vec<_>>().join(","));
    }
    match value {
        Value::Text(text) => quoted(text),
        Value::Number(number) if *number == 0.0 && number.is_sign_negative() => "-0".to_owned(),
        Value::Function(_) => "function".to_owned(),
        other => other.to_display_string().into_owned(),
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}
