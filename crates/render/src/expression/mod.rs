//! Expressions: JavaScript expressions over the data of a document, without effects, bounded, and the same everywhere.
//!
//! A source is scanned, parsed, checked against the allowed subset and converted into a compact tree once; evaluating
//! it borrows the data. Nothing here reads a clock, a file, a random number or the order of a hash table.
//!
//! Where this language leaves JavaScript on purpose:
//! - Reading a property of `undefined` or `null`, or calling a method on it, gives `undefined` and is recorded as
//!   unresolved, so that a document does not die of a missing address line.
//! - Half a surrogate pair becomes U+FFFD.
//! - `sort` and `reverse` give a new list; nothing can be changed in place.
//! - Regular expressions do not look around or backward, and are matched in linear time.
//!
//! `tests/expressions/differences.rs` lists all of them; everything else is compared with Node.js.

mod bound;
mod calendar;
mod compile;
mod context;
mod decimal;
mod error;
mod evaluate;
mod functions;
mod locale;
mod methods;
mod moment;
mod numeral;
mod pattern;
mod reads;
mod scan;
mod scope;
mod suggest;
mod sum;
mod text_template;
mod tree;
mod value;

#[cfg(test)]
mod tests;

pub(crate) use bound::{Cost, Namings, Shape, Shapes};
pub use context::{Context, Unresolved};
pub use error::{EvaluationError, ExpressionError};
pub use evaluate::Function;
pub use functions::reference_markdown;
pub(crate) use functions::{ROMAN, roman};
pub use locale::{Locale, LocaleError};
pub use moment::Moment;
pub use pattern::Pattern;
pub(crate) use reads::{Names, Origin, Reads};
pub use scope::Scope;
pub use sum::Sum;
pub use text_template::TextTemplate;
pub use value::{Array, Items, List, Object, Record, Text, Value};

use crate::Limits;
use compile::Facts;
use evaluate::Machine;
use std::sync::Arc;
use tree::Node;

/// A compiled expression; cheap to clone and shared by all threads.
#[derive(Clone)]
pub struct Expression(Arc<Compiled>);

struct Compiled {
    source: Box<str>,
    node: Node,
    facts: Facts,
}

impl Expression {
    /// Compiles a source of at most 10,000 bytes, nested at most `limits.depth_max` levels (and never more than 64).
    ///
    /// # Errors
    /// The first thing in the source that is no part of the allowed subset of JavaScript.
    pub fn compile(source: &str, limits: &Limits) -> Result<Self, ExpressionError> {
        Self::compile_with(source, limits, false)
    }

    /// Compiles a source that is a condition, such as `visible`: a missing property is an answer there and is not
    /// recorded as unresolved.
    ///
    /// # Errors
    /// As [`Expression::compile`].
    pub fn compile_condition(source: &str, limits: &Limits) -> Result<Self, ExpressionError> {
        Self::compile_with(source, limits, true)
    }

    fn compile_with(source: &str, limits: &Limits, quiet: bool) -> Result<Self, ExpressionError> {
        let (node, facts) = compile::compile(source, limits.depth_max, quiet)?;
        Ok(Self(Arc::new(Compiled { source: source.into(), node, facts })))
    }

    /// The source as it was given.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Tells whether every evaluation gives the same value, because nothing is read from scope or context.
    pub fn is_constant(&self) -> bool {
        self.0.facts.names.is_empty() && !self.0.facts.uses_context
    }

    /// Tells whether the current page or the number of pages is read.
    pub fn uses_page(&self) -> bool {
        self.0.facts.uses_page_number || self.0.facts.uses_total_pages
    }

    /// Tells whether the number of pages is read.
    pub fn uses_total_pages(&self) -> bool {
        self.0.facts.uses_total_pages
    }

    /// Tells whether the class of the document is read.
    pub fn uses_class(&self) -> bool {
        self.0.facts.uses_class
    }

    /// Lists the names that are looked up in the scope or among the functions, each once, in order of appearance.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.facts.names.iter().map(|name| &**name)
    }

    /// Evaluates over a scope; what cannot be resolved is recorded in the context.
    ///
    /// # Errors
    /// A limit that was reached, an unknown name, a call that makes no sense.
    pub fn evaluate<'d>(&self, scope: &Scope<'_, 'd>, context: &mut Context<'_>) -> Result<Value<'d>, EvaluationError> {
        Machine::new(&self.0.source, scope, context).run(&self.0.node)
    }
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Expression").field(&self.source()).finish()
    }
}

impl Expression {
    /// Appends the value as text; `null` and `undefined` write nothing.
    fn write<'d>(
        &self,
        out: &mut String,
        scope: &Scope<'_, 'd>,
        context: &mut Context<'_>,
    ) -> Result<(), EvaluationError> {
        let mut machine = Machine::new(&self.0.source, scope, context);
        let value = machine.run(&self.0.node)?;
        if value.is_nullish() {
            return Ok(());
        }
        let mut text = String::new();
        match value {
            Value::Text(text) => {
                out.push_str(&text);
                Ok(())
            }
            value => {
                machine.append(&mut text, &value)?;
                out.push_str(&text);
                Ok(())
            }
        }
    }
}
