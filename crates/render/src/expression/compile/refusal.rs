//! Refusals: what an expression must not hold, each with the way to write it instead.

use super::{Compiled, error_at};
use crate::expression::error::ExpressionError;
use crate::expression::functions;
use crate::expression::methods::Method;
use oxc_ast::ast;
use oxc_span::{GetSpan, Span};
use oxc_syntax::operator::{BinaryOperator, LogicalOperator};

/// Refuses the names through which JavaScript reaches prototypes; here they lead nowhere, so they are always mistakes.
pub(super) fn check_property(name: &str, span: Span) -> Compiled<()> {
    if matches!(name, "__proto__" | "prototype" | "constructor") {
        return Err(error_at(span, format!("`{name}` cannot be read in an expression")).with_hint(
            "objects here have only their own properties; to read one of this name use `Object.entries(x)`",
        ));
    }
    Ok(())
}

/// Refuses `??` beside `||` or `&&` without brackets, where JavaScript leaves open what is meant (ECMA-262 13.13).
pub(super) fn check_mixture(logical: &ast::LogicalExpression<'_>) -> Compiled<()> {
    let is_coalesce = |operator: LogicalOperator| operator == LogicalOperator::Coalesce;
    for operand in [&logical.left, &logical.right] {
        if let ast::Expression::LogicalExpression(inner) = operand
            && is_coalesce(inner.operator) != is_coalesce(logical.operator)
        {
            let other = if is_coalesce(inner.operator) { logical.operator } else { inner.operator };
            let other = other.as_str();
            return Err(error_at(logical.span, format!("`??` and `{other}` stand side by side without brackets"))
                .with_hint(format!("say what comes first, such as `a {other} (b ?? c)`")));
        }
    }
    Ok(())
}

/// The error for an expression that has no meaning here.
pub(super) fn of(expression: &ast::Expression<'_>) -> ExpressionError {
    use ast::Expression as E;
    let (what, hint) = match expression {
        E::AssignmentExpression(_) => ("an assignment", "an expression changes nothing; did you mean `===`?"),
        E::UpdateExpression(_) => ("`++` and `--`", "write `x + 1` or `x - 1`"),
        E::NewExpression(new) => {
            if let Some(error) = base_name(&new.callee).and_then(|name| of_name(name, new.span)) {
                return error;
            }
            ("`new`", "write `date(value, 'long')` or `moment(value)` for dates, `[ ]` and `{ }` for lists and objects")
        }
        E::ThisExpression(_) => ("`this`", "write `data` or the name of the row, such as `item`"),
        E::FunctionExpression(_) | E::ClassExpression(_) => {
            ("`function` and `class`", "write an arrow function: `item => item.price`")
        }
        E::TaggedTemplateExpression(_) => ("a tagged template", "call the function with brackets: `upper(`text`)`"),
        E::SequenceExpression(sequence) if matches!(sequence.expressions.first(), Some(E::NumericLiteral(_))) => {
            ("a comma in a number", "write a point before the decimals and nothing between thousands: `1000.50`")
        }
        E::SequenceExpression(_) => ("a comma between expressions", "write one expression only"),
        E::BigIntLiteral(_) => ("an integer with `n`", "leave out the `n`"),
        E::AwaitExpression(_) | E::YieldExpression(_) | E::ImportExpression(_) | E::ImportMeta(_) => {
            ("`await`, `yield` and `import`", "all data of the document is in `data`")
        }
        E::PrivateFieldExpression(_) | E::PrivateInExpression(_) => ("a private name", "leave out the `#`"),
        _ => ("this", "see the reference of expressions for what can be written"),
    };
    let verb = if what.contains(" and ") { "cannot be used" } else { "cannot be used here" };
    error_at(expression.span(), format!("{what} {verb}")).with_hint(hint)
}

/// The name that an expression begins with.
fn base_name<'n>(expression: &'n ast::Expression<'_>) -> Option<&'n str> {
    match expression {
        ast::Expression::Identifier(identifier) => Some(identifier.name.as_str()),
        ast::Expression::StaticMemberExpression(member) => base_name(&member.object),
        _ => None,
    }
}

/// Refuses `price | money`, with which other template languages call a function.
pub(super) fn check_filter(binary: &ast::BinaryExpression<'_>) -> Compiled<()> {
    let ast::Expression::Identifier(name) = &binary.right else { return Ok(()) };
    let name_is_function = functions::function(&name.name).is_some();
    let name_is_method = name.name == "length" || Method::from_name(&name.name).is_some();
    if binary.operator != BinaryOperator::BitwiseOR || !(name_is_function || name_is_method) {
        return Ok(());
    }
    let call = if name_is_function { format!("{}(x)", name.name) } else { format!("x.{}", name.name) };
    Err(error_at(name.span, "`|` does not hand a value to a function").with_hint(format!("write `{call}`")))
}

/// The error for a global name of JavaScript that many people try.
pub(super) fn of_name(name: &str, span: Span) -> Option<ExpressionError> {
    let hint = match name {
        "Date" => "write `now()`, `date(value, 'long')` or `moment(value)`",
        "Intl" => "write `number(x, 2)`, `money(x, 'EUR')` or `date(value, 'long')`",
        "window" | "document" | "globalThis" | "process" | "require" | "eval" | "Function" | "Reflect" | "Proxy"
        | "Symbol" | "fetch" | "setTimeout" | "console" | "arguments" => {
            "an expression can only read `data`, `sys` and the names of the template"
        }
        "Map" | "Set" => "use `group(list, x => x.key)` or `unique(list)`",
        "RegExp" => "write the regular expression between slashes: `/[0-9]+/g`",
        _ => return None,
    };
    Some(error_at(span, format!("`{name}` is not available")).with_hint(hint))
}

/// The error for something that `Math` and the like do not have.
pub(super) fn of_member(namespace: &str, member: &str, span: Span) -> ExpressionError {
    let error = error_at(span, format!("`{namespace}.{member}` is not available"));
    match (namespace, member) {
        ("Math", "random") => {
            error.with_hint("a document must come out the same each time; put the number into the data")
        }
        _ => error.with_hint(match functions::closest_member(namespace, member) {
            Some(close) => format!("did you mean `{namespace}.{close}`?"),
            None => format!("of `{namespace}` there are {}", functions::member_names(namespace)),
        }),
    }
}

/// Refuses what the parser left over behind the expression.
pub(super) fn check_complete(source: &str, span: Span) -> Compiled<()> {
    let end = span.end as usize;
    let rest = source.get(end..).unwrap_or_default();
    // Parentheses around the whole are part of its span; only comments and white space may follow.
    let mut left = rest.trim_start();
    loop {
        if let Some(comment) = left.strip_prefix("//") {
            left = comment.split_once('\n').map_or("", |(_, after)| after).trim_start();
        } else if let Some(comment) = left.strip_prefix("/*") {
            left = comment.split_once("*/").map_or("", |(_, after)| after).trim_start();
        } else {
            break;
        }
    }
    if left.is_empty() {
        return Ok(());
    }
    let offset = source.len() - left.len();
    Err(ExpressionError::new(offset, left.len(), "this is more than one expression")
        .with_hint("write one expression, without `;`; join texts with `+`"))
}
