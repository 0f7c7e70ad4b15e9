//! The bound of a template: what its expressions take at most, found before anything is rendered.

mod data;
mod walk;

#[cfg(test)]
mod tests;

pub use data::DataBounds;

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::expression::{Expression, Shape, Shapes};
use crate::limits::Limits;
use crate::program::Program;
use crate::template::Template;

/// What a template, or an expression, takes at most.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// No more than this.
    AtMost(Amounts),
    /// It is not known; the limits of a render end it where it takes too much.
    Unknown(Unbounded),
}

/// How much is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Steps of all expressions, as `Limits::fuel_max` counts them.
    pub steps: u64,
    /// Bytes that expressions make, whether they are kept or not.
    pub bytes: u64,
    /// Nodes, copies of nodes, and rows of tables; the lines of text are not among them.
    pub pieces: u64,
}

/// Why there is no bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Unbounded {
    /// The node.
    pub node: Option<String>,
    /// JSON pointer of the node; empty for the template as a whole.
    pub pointer: String,
    /// The expression, when it is one.
    pub expression: String,
    /// The reason, as a sentence.
    pub reason: String,
}

impl fmt::Display for Unbounded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.reason)?;
        if !self.expression.is_empty() {
            let shown: String = self.expression.chars().take(80).collect();
            write!(formatter, ", in `{shown}`")?;
        }
        if !self.pointer.is_empty() {
            write!(formatter, " at {}", self.pointer)?;
        }
        Ok(())
    }
}

impl Bound {
    /// The bound of a template whose data follows what is known of it.
    #[must_use]
    pub fn of(template: &Template, data: &DataBounds, limits: &Limits) -> Self {
        walk::bound(template, data, limits)
    }

    /// The bound of one evaluation of an expression that reads `data`.
    #[must_use]
    pub fn of_expression(expression: &Expression, data: &DataBounds, limits: &Limits) -> Self {
        let shapes: Shapes<'_> = vec![("data", data.shape())];
        let mut namings = crate::expression::Namings::default();
        match expression.bound(&shapes, limits, &mut namings) {
            Ok((cost, _)) => Self::AtMost(Amounts::of(cost, &namings)),
            Err(reason) => Self::Unknown(Unbounded {
                node: None,
                pointer: String::new(),
                expression: expression.source().to_owned(),
                reason: reason.0,
            }),
        }
    }
}

impl Amounts {
    fn of(cost: crate::expression::Cost, namings: &crate::expression::Namings) -> Self {
        let first_uses = namings.steps(cost.namings);
        Self {
            steps: cost.steps.saturating_add(cost.byte_steps).saturating_add(first_uses),
            bytes: cost.bytes,
            pieces: cost.pieces,
        }
    }
}

impl Program {
    /// What rendering takes at most with data that follows what is known of it.
    #[must_use]
    pub fn bound(&self, data: &DataBounds, limits: &Limits) -> Bound {
        Bound::of(self.template(), data, limits)
    }
}

impl Template {
    /// What is known of the data of this template: its schema, else what its samples look like, else nothing.
    ///
    /// # Errors
    /// What makes the samples no data of a template.
    pub fn data_bounds(&self, limits: &Limits) -> Result<DataBounds, Vec<Diagnostic>> {
        if let Some(schema) = &self.data.schema {
            return Ok(DataBounds::new(schema));
        }
        if self.data.samples.is_empty() {
            return Ok(DataBounds::unknown());
        }
        let inferred = crate::data::infer(self.data.samples.values());
        crate::data::Schema::from_json(&inferred, limits).map(|schema| DataBounds::new(&schema))
    }
}
