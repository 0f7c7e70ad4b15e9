//! No generated expression takes more than its bound.

use chancery_render::expression::{Context, Expression, Locale, Scope};
use chancery_render::{Bound, DataBounds, Limits};
use serde_json::Value as Json;

use crate::generator::Generator;
use crate::{data, seed};

/// Generated expressions that are bounded and run.
const CASE_COUNT: usize = 20_000;

#[test]
fn no_generated_expression_takes_more_than_its_bound() {
    let limits = Limits::default();
    let locale = Locale::new("en-US").unwrap();
    let mut generator = Generator::new(seed());
    let sets: Vec<Json> = (0..40).map(|_| data::set(generator.numbers())).collect();
    let known: Vec<DataBounds> = sets.iter().map(DataBounds::of_value).collect();
    let (mut bounded, mut failed) = (0, Vec::new());
    for _case in 0..CASE_COUNT {
        let source = generator.expression().source();
        let set = generator.numbers().below(sets.len());
        let Ok(expression) = Expression::compile(&source, &limits) else { continue };
        let Bound::AtMost(most) = Bound::of_expression(&expression, &known[set], &limits) else { continue };
        bounded += 1;
        let mut context = Context::new(&locale, 0, &limits);
        // An expression that fails has taken steps too.
        let is_value = expression.evaluate(&Scope::new(&sets[set]), &mut context).is_ok();
        let steps = limits.fuel_max - context.fuel_left();
        if steps > most.steps || is_value && context.made_bytes() > most.bytes {
            failed.push(format!(
                "{source}\n  took {steps} of {} steps, made {} of {} bytes; data {}",
                most.steps,
                context.made_bytes(),
                most.bytes,
                sets[set]
            ));
        }
    }
    failed.sort_by_key(String::len);
    let shown: Vec<&String> = failed.iter().take(6).collect();
    assert!(failed.is_empty(), "{} of {bounded} take more, the shortest:\n{shown:#?}", failed.len());
    assert!(bounded > CASE_COUNT * 9 / 10, "only {bounded} have a bound");
}
