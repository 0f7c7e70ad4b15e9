//! The machine: one evaluation with its fuel, its limits and the place where it is.

use super::names;
use crate::expression::context::Context;
use crate::expression::error::EvaluationError;
use crate::expression::scope::Scope;
use crate::expression::tree::Name;
use crate::expression::value::{self, CELL_SIZE_BYTES, Text, Value};
use smallvec::SmallVec;

pub(in crate::expression) type Outcome<'d> = Result<Value<'d>, EvaluationError>;

/// The arguments of a call; most calls have at most three.
pub(in crate::expression) type Arguments<'d> = SmallVec<[Value<'d>; 3]>;

/// Bytes of made values that cost one step.
pub(in crate::expression) const BYTES_PER_STEP: u64 = 16;

/// Levels of evaluation for each level of `Limits::depth_max`: functions that call functions add theirs to those of
/// the expression. 128 levels take less than 1 MiB of stack in a debug build.
const EVALUATION_LEVELS_PER_DEPTH: u32 = 2;

/// Parameters of the running arrow function, and what it took from outside.
#[derive(Clone, Copy, Default)]
pub(in crate::expression) struct Frame<'f, 'd> {
    pub(super) locals: &'f [Value<'d>],
    pub(super) captured: &'f [Value<'d>],
}

impl<'d> Frame<'_, 'd> {
    pub(super) fn local(&self, place: u16) -> Value<'d> {
        self.locals.get(usize::from(place)).cloned().unwrap_or(Value::Undefined)
    }

    pub(super) fn captured(&self, place: u16) -> Value<'d> {
        self.captured.get(usize::from(place)).cloned().unwrap_or(Value::Undefined)
    }
}

/// One evaluation.
pub(in crate::expression) struct Machine<'e, 'w, 'd> {
    pub(in crate::expression) scope: &'e Scope<'e, 'd>,
    pub(in crate::expression) context: &'e mut Context<'w>,
    pub(in crate::expression) source: &'e str,
    /// Where the evaluation is in the source.
    offset: u32,
    depth: u32,
}

impl<'e, 'w, 'd> Machine<'e, 'w, 'd> {
    pub(in crate::expression) fn new(source: &'e str, scope: &'e Scope<'e, 'd>, context: &'e mut Context<'w>) -> Self {
        context.made_bytes = 0;
        Self { scope, context, source, offset: 0, depth: 0 }
    }

    /// Notes the place for errors.
    pub(in crate::expression) fn at(&mut self, offset: u32) {
        self.offset = offset;
    }

    pub(in crate::expression) fn offset(&self) -> usize {
        self.offset as usize
    }

    /// Takes steps from the fuel.
    pub(in crate::expression) fn spend(&mut self, steps: u64) -> Result<(), EvaluationError> {
        match self.context.fuel_left.checked_sub(steps) {
            Some(left) => {
                self.context.fuel_left = left;
                Ok(())
            }
            None => {
                self.context.fuel_left = 0;
                Err(EvaluationError::FuelExhausted { offset: self.offset() })
            }
        }
    }

    /// Takes steps for work over that many items.
    pub(in crate::expression) fn spend_for_count(&mut self, count: usize) -> Result<(), EvaluationError> {
        self.spend_for_bytes((count as u64).saturating_mul(CELL_SIZE_BYTES))
    }

    /// Takes steps for bytes that were made, and counts them to what one evaluation may make.
    pub(in crate::expression) fn spend_for_bytes(&mut self, bytes: u64) -> Result<(), EvaluationError> {
        self.context.made_bytes = self.context.made_bytes.saturating_add(bytes);
        if self.context.made_bytes > self.context.made_bytes_max() {
            return Err(EvaluationError::ValueTooLarge {
                offset: self.offset(),
                size_bytes_max: self.context.made_bytes_max(),
            });
        }
        self.spend(bytes / BYTES_PER_STEP)
    }

    /// Takes steps for texts that are read to the end: compared, searched, converted to numbers.
    pub(in crate::expression) fn spend_for_reading(&mut self, values: &[&Value<'d>]) -> Result<(), EvaluationError> {
        let bytes = values.iter().map(|value| text_size_bytes(value)).fold(0, u64::saturating_add);
        if bytes < BYTES_PER_STEP { Ok(()) } else { self.spend(bytes / BYTES_PER_STEP) }
    }

    /// Takes steps for a key that is looked up or inserted.
    pub(in crate::expression) fn spend_for_key(&mut self, key: &str) -> Result<(), EvaluationError> {
        self.spend(key.len() as u64 / BYTES_PER_STEP)
    }

    /// Fails when a string of this size is too large; to be called before it is made.
    pub(in crate::expression) fn check_size(&self, size_bytes: u64) -> Result<(), EvaluationError> {
        let size_bytes_max = self.context.value_size_bytes_max;
        if size_bytes > size_bytes_max {
            return Err(EvaluationError::ValueTooLarge { offset: self.offset(), size_bytes_max });
        }
        Ok(())
    }

    /// Fails when a list of this length is too large; to be called before it is made.
    pub(in crate::expression) fn check_count(&self, count: usize) -> Result<(), EvaluationError> {
        self.check_size((count as u64).saturating_mul(CELL_SIZE_BYTES))
    }

    pub(super) fn check_depth_of(&self, depth: u32) -> Result<(), EvaluationError> {
        if depth > self.context.depth_max {
            return Err(EvaluationError::TooDeep { offset: self.offset() });
        }
        Ok(())
    }

    pub(super) fn enter(&mut self) -> Result<(), EvaluationError> {
        self.depth += 1;
        if self.depth > self.context.depth_max.saturating_mul(EVALUATION_LEVELS_PER_DEPTH) {
            return Err(EvaluationError::TooDeep { offset: self.offset() });
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Makes a string value.
    pub(in crate::expression) fn text(&mut self, text: String) -> Outcome<'d> {
        self.check_size(text.len() as u64)?;
        self.spend_for_bytes(text.len() as u64)?;
        Ok(Value::Text(Text::from(text)))
    }

    /// Converts to a string as `String(x)` does.
    pub(in crate::expression) fn display(&mut self, value: &Value<'d>) -> Result<Text<'d>, EvaluationError> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            other => {
                let mut out = String::new();
                self.append(&mut out, other)?;
                Ok(Text::from(out))
            }
        }
    }

    /// Appends what `String(x)` gives.
    pub(in crate::expression) fn append(&mut self, out: &mut String, value: &Value<'_>) -> Result<(), EvaluationError> {
        let before = out.len();
        let size_bytes_max = self.context.value_size_bytes_max;
        let limit = usize::try_from(size_bytes_max).unwrap_or(usize::MAX);
        value.write_display(out, limit).map_err(|value::DisplayTooLarge| EvaluationError::ValueTooLarge {
            offset: self.offset(),
            size_bytes_max,
        })?;
        self.spend_for_bytes(out.len().saturating_sub(before) as u64)
    }

    /// The error for an argument or operand.
    pub(in crate::expression) fn wrong(&self, message: impl Into<String>, hint: Option<&str>) -> EvaluationError {
        EvaluationError::WrongArgument {
            offset: self.offset(),
            message: message.into().into_boxed_str(),
            hint: hint.map(Box::from),
        }
    }

    pub(super) fn unknown_name(&self, name: &Name) -> EvaluationError {
        let hint = names::hint(self.source, self.scope, name);
        EvaluationError::UnknownName {
            offset: name.offset as usize,
            name: name.name.clone(),
            hint: Some(hint.into_boxed_str()),
        }
    }
}

/// Bytes of the text that a value is converted through; a list of one item is converted as its item.
fn text_size_bytes(value: &Value<'_>) -> u64 {
    match value {
        Value::Text(text) => text.len() as u64,
        Value::Array(array) => match array.items() {
            [only] => text_size_bytes(only),
            _ => 0,
        },
        Value::DataArray([serde_json::Value::String(text)]) => text.len() as u64,
        _ => 0,
    }
}
