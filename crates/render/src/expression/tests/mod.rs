//! Tests of whole expressions.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod arguments;
mod constants;
mod errors;
mod javascript;
mod languages;
mod limits;
mod mistakes;
mod mutations;
mod templates;
mod unresolved;

use super::{Context, EvaluationError, Expression, ExpressionError, Locale, Scope, TextTemplate, Unresolved, Value};
use crate::Limits;
use serde_json::Value as Json;

/// 15 March 2026, 12:00 UTC.
const NOW_MS: i64 = 1_773_576_000_000;

fn sample() -> Json {
    serde_json::from_str(include_str!("data.json")).unwrap()
}

fn compile(source: &str) -> Result<Expression, ExpressionError> {
    Expression::compile(source, &Limits::default())
}

/// Evaluates with the sample data and hands the result on, since it borrows everything else.
fn with_result<T>(
    source: &str,
    tag: &str,
    limits: &Limits,
    look: impl FnOnce(Result<Value<'_>, EvaluationError>, &mut Context<'_>) -> T,
) -> T {
    let data = sample();
    let locale = Locale::new(tag).unwrap();
    let mut context = Context::new(&locale, NOW_MS, limits);
    let expression = compile(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    let result = expression.evaluate(&Scope::new(&data), &mut context);
    look(result, &mut context)
}

/// The value as text, in the locale.
fn run_in(source: &str, tag: &str) -> String {
    with_result(source, tag, &Limits::default(), |result, _| match result {
        Ok(value) => value.to_display_string().into_owned(),
        Err(error) => format!("error: {error}"),
    })
}

/// The value as text, in `en-US`.
fn run(source: &str) -> String {
    run_in(source, "en-US")
}

/// The error of an evaluation with these limits.
fn failure(source: &str, limits: &Limits) -> EvaluationError {
    with_result(source, "en-US", limits, |result, _| match result {
        Ok(value) => panic!("{source} gives {}", value.to_display_string()),
        Err(error) => error,
    })
}
