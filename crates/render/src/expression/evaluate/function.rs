//! Functions as values: those of the language and arrow functions with what they took from outside.

use super::machine::{Arguments, Frame, Machine, Outcome};
use crate::expression::error::EvaluationError;
use crate::expression::functions::Builtin;
use crate::expression::tree::{Arrow, Capture, Parameter, Pattern};
use crate::expression::value::{Entries, Text, Value};
use std::rc::Rc;
use std::sync::Arc;

/// Something that can be called; cheap to clone.
///
/// Names that are no parameters are looked up in the scope of the evaluation that calls, so that a function should
/// only be called in the scope that it was made in.
#[derive(Clone, Debug)]
pub struct Function<'d>(Kind<'d>);

#[derive(Clone, Debug)]
enum Kind<'d> {
    Builtin(&'static Builtin),
    Arrow(Rc<Closure<'d>>),
}

#[derive(Debug)]
struct Closure<'d> {
    arrow: Arc<Arrow>,
    captured: Box<[Value<'d>]>,
    depth: u32,
}

impl<'d> Function<'d> {
    pub(in crate::expression) fn builtin(builtin: &'static Builtin) -> Self {
        Self(Kind::Builtin(builtin))
    }

    pub(in crate::expression) fn depth(&self) -> u32 {
        match &self.0 {
            Kind::Builtin(_) => 0,
            Kind::Arrow(closure) => closure.depth,
        }
    }

    pub(in crate::expression) fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Kind::Builtin(left), Kind::Builtin(right)) => std::ptr::eq(*left, *right),
            (Kind::Arrow(left), Kind::Arrow(right)) => Rc::ptr_eq(left, right),
            _ => false,
        }
    }
}

/// The local values of a call; they grow while parameters are taken apart.
type Locals<'d> = Arguments<'d>;

impl<'d> Machine<'_, '_, 'd> {
    pub(super) fn make_function(&mut self, arrow: &Arc<Arrow>, frame: Frame<'_, 'd>) -> Outcome<'d> {
        let captured: Box<[Value<'d>]> = arrow
            .captures
            .iter()
            .map(|capture| match capture {
                Capture::Local(place) => frame.local(*place),
                Capture::Captured(place) => frame.captured(*place),
            })
            .collect();
        let depth = captured.iter().map(Value::depth).max().unwrap_or(0).saturating_add(1);
        self.check_depth_of(depth)?;
        Ok(Value::Function(Function(Kind::Arrow(Rc::new(Closure { arrow: Arc::clone(arrow), captured, depth })))))
    }

    /// Calls a function; `what` names it in errors.
    pub(in crate::expression) fn call(&mut self, callee: &Value<'d>, arguments: &[Value<'d>]) -> Outcome<'d> {
        self.spend(1)?;
        match callee {
            Value::Function(Function(Kind::Builtin(builtin))) => {
                for argument in arguments {
                    self.spend_for_reading(&[argument])?;
                }
                (builtin.call)(self, arguments)
            }
            Value::Function(Function(Kind::Arrow(closure))) => {
                self.enter()?;
                let outcome = self.call_arrow(closure, arguments);
                self.leave();
                outcome
            }
            other => Err(self.not_callable(other)),
        }
    }

    /// The error for an argument that must be a function and is none.
    pub(in crate::expression) fn not_callable(&self, value: &Value<'_>) -> EvaluationError {
        EvaluationError::NotAFunction {
            offset: self.offset(),
            what: value.type_name().into(),
            hint: Some("give an arrow function: `item => item.price`".into()),
        }
    }

    fn call_arrow(&mut self, closure: &Closure<'d>, arguments: &[Value<'d>]) -> Outcome<'d> {
        let arrow = &closure.arrow;
        let mut locals = Locals::new();
        for (index, parameter) in arrow.parameters.iter().enumerate() {
            let value = arguments.get(index).cloned().unwrap_or(Value::Undefined);
            self.bind(parameter, value, &mut locals, &closure.captured)?;
        }
        if let Some(rest) = &arrow.rest {
            let left = arguments.get(arrow.parameters.len()..).unwrap_or_default().to_vec();
            let left = self.list(left)?;
            self.bind_pattern(rest, left, &mut locals, &closure.captured)?;
        }
        self.eval(&arrow.body, Frame { locals: &locals, captured: &closure.captured })
    }

    fn bind(
        &mut self,
        parameter: &Parameter,
        value: Value<'d>,
        locals: &mut Locals<'d>,
        captured: &[Value<'d>],
    ) -> Result<(), EvaluationError> {
        let value = match (&parameter.default, value) {
            (Some(default), Value::Undefined) => self.eval(default, Frame { locals, captured })?,
            (_, value) => value,
        };
        self.bind_pattern(&parameter.pattern, value, locals, captured)
    }

    fn bind_pattern(
        &mut self,
        pattern: &Pattern,
        value: Value<'d>,
        locals: &mut Locals<'d>,
        captured: &[Value<'d>],
    ) -> Result<(), EvaluationError> {
        match pattern {
            Pattern::Name => locals.push(value),
            Pattern::Object { properties, rest } => {
                let mut taken: Vec<Text<'d>> = Vec::new();
                for (key, parameter) in properties {
                    let key = self.key(key, Frame { locals, captured })?;
                    let property = self.property(&value, &key)?.unwrap_or(Value::Undefined);
                    if *rest {
                        taken.push(key);
                    }
                    self.bind(parameter, property, locals, captured)?;
                }
                if *rest {
                    let mut left = Entries::default();
                    self.spread_entries(&value, &mut left)?;
                    self.spend((left.len() as u64).saturating_mul(taken.len() as u64))?;
                    left.retain(|key, _| !taken.contains(key));
                    let left = self.object(left)?;
                    locals.push(left);
                }
            }
            Pattern::List { items, rest } => {
                let values = self.spread_items(&value)?;
                self.spend_for_count(values.len())?;
                let mut values = values.into_iter();
                for item in items {
                    let value = values.next().unwrap_or(Value::Undefined);
                    if let Some(parameter) = item {
                        self.bind(parameter, value, locals, captured)?;
                    }
                }
                if let Some(rest) = rest {
                    let left = self.list(values.collect())?;
                    self.bind_pattern(rest, left, locals, captured)?;
                }
            }
        }
        Ok(())
    }
}
