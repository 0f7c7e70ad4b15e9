//! The reference of all functions, made from their table.

use super::{GROUPS, math};
use std::fmt::Write;

/// Writes the reference as Markdown: one heading for each group, one entry for each function with a tested example.
pub fn reference_markdown() -> String {
    let mut out = String::from(
        "# Expressions\n\n\
         What stands between `{{` and `}}`, and in properties such as `visible`, `each` and `bind`: expressions of JavaScript without\n\
         effects, and these functions. The examples are tests; they run in the locale `en-US`.\n\n",
    );
    for group in GROUPS {
        let _ = writeln!(out, "## {}\n", group.title);
        for function in group.functions {
            let _ = writeln!(out, "### `{}`\n", function.signature);
            let _ = writeln!(out, "{}\n", function.summary);
            let _ = writeln!(out, "```js\n{}\n// {}\n```\n", function.example, function.result);
        }
    }
    let _ = writeln!(out, "## Constants\n");
    for (namespace, name, _) in math::CONSTANTS {
        let _ = writeln!(out, "- `{namespace}.{name}`");
    }
    out
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::Limits;
    use crate::expression::{Context, Expression, Locale, Scope};

    #[test]
    fn every_example_of_the_reference_gives_its_result() {
        let locale = Locale::new("en-US").unwrap();
        let limits = Limits::default();
        for function in GROUPS.iter().flat_map(|group| group.functions) {
            let data = serde_json::json!({});
            let mut context = Context::new(&locale, 1_773_532_800_000, &limits);
            let expression = Expression::compile(function.example, &limits).unwrap();
            let value = expression.evaluate(&Scope::new(&data), &mut context).unwrap();
            assert_eq!(value.to_display_string(), function.result, "{}", function.example);
            assert!(function.example.contains(function.name), "the example of {} does not use it", function.name);
        }
    }

    #[test]
    fn the_reference_names_every_function_once() {
        let reference = reference_markdown();
        for function in GROUPS.iter().flat_map(|group| group.functions) {
            assert_eq!(reference.matches(&format!("### `{}`", function.signature)).count(), 1, "{}", function.name);
            assert!(function.signature.starts_with(function.name), "{}", function.signature);
        }
    }
}
