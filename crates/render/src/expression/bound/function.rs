//! Calls: what is handed to functions, and what arrow functions do with it.

use super::shape::Callee;
use super::shape::kind::{FUNCTION, LIST, NULLISH, OBJECT, TEXT};
use super::{BYTES_PER_STEP, Bounder, Frame, NoBound, Result, Shape};
use crate::expression::tree::{Arrow, Capture, Key, Parameter, Pattern};
use std::rc::Rc;

/// Arguments that are known by their place, and what all behind them may be.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) fixed: Vec<Shape>,
    pub(super) spread: Shape,
}

impl Given {
    pub(super) fn of(fixed: Vec<Shape>) -> Self {
        Self { fixed, spread: Shape::of(0) }
    }

    /// The argument at a place; nothing when it is missing.
    pub(super) fn at(&self, place: usize) -> Shape {
        match self.fixed.get(place) {
            Some(shape) => shape.clone(),
            None if self.spread.kinds == 0 => Shape::nothing(),
            None => self.spread.unfixed().maybe(),
        }
    }

    /// Any argument from a place on.
    pub(super) fn from(&self, place: usize) -> Shape {
        self.fixed.iter().skip(place).fold(self.spread.clone(), |any, shape| any.or(shape))
    }
}

/// What an arrow function takes from outside when it is made.
pub(super) fn captured(capture: Capture, frame: Frame<'_>) -> Shape {
    let found = match capture {
        Capture::Local(place) => frame.locals.get(usize::from(place)),
        Capture::Captured(place) => frame.captured.get(usize::from(place)),
    };
    found.cloned().unwrap_or_else(Shape::nothing)
}

impl Bounder<'_> {
    /// Calls whatever a shape may be; `count` are the arguments at most.
    pub(super) fn call(&mut self, callee: &Shape, count: u64, given: &Given) -> Result<Shape> {
        self.spend(1);
        if !callee.may(FUNCTION) {
            return Ok(Shape::of(0));
        }
        let Some(callees) = callee.callees.clone() else {
            return Err(NoBound("what is called stands in a value that is too large to follow".to_owned()));
        };
        self.either(&callees, |bounder, callee| match callee {
            Callee::Builtin(builtin) => {
                for shape in &given.fixed {
                    bounder.read(shape);
                }
                let more = count.saturating_sub(given.fixed.len() as u64);
                bounder.spend(more.saturating_mul(given.spread.read() / BYTES_PER_STEP));
                bounder.builtin(builtin.name, count, given)
            }
            Callee::Arrow(arrow, captured) => {
                bounder.depth += 1;
                let is_too_deep = bounder.depth > bounder.limits.depth_max.saturating_mul(2);
                let shape =
                    if is_too_deep { Ok(Shape::of(0)) } else { bounder.call_arrow(arrow, captured, count, given) };
                bounder.depth -= 1;
                shape
            }
        })
    }

    /// Calls a function with values whose number is known.
    pub(super) fn call_with(&mut self, callee: &Shape, values: Vec<Shape>) -> Result<Shape> {
        let count = values.len() as u64;
        self.call(callee, count, &Given::of(values))
    }

    fn call_arrow(&mut self, arrow: &Arrow, captured: &[Shape], count: u64, given: &Given) -> Result<Shape> {
        let mut locals = Vec::new();
        for (index, parameter) in arrow.parameters.iter().enumerate() {
            self.bind(parameter, given.at(index), &mut locals, captured)?;
        }
        if let Some(rest) = &arrow.rest {
            let left = self.list(count, given.from(arrow.parameters.len()));
            self.bind_pattern(rest, &left, &mut locals, captured)?;
        }
        self.node(&arrow.body, Frame { locals: &locals, captured })
    }

    fn bind(&mut self, parameter: &Parameter, value: Shape, locals: &mut Vec<Shape>, captured: &[Shape]) -> Result<()> {
        let value = match &parameter.default {
            Some(default) if value.may(NULLISH) => value.or(&self.node(default, Frame { locals, captured })?),
            _ => value,
        };
        self.bind_pattern(&parameter.pattern, &value, locals, captured)
    }

    /// Takes a value apart; every name takes the next local place.
    fn bind_pattern(
        &mut self,
        pattern: &Pattern,
        value: &Shape,
        locals: &mut Vec<Shape>,
        captured: &[Shape],
    ) -> Result<()> {
        match pattern {
            Pattern::Name => locals.push(value.clone()),
            Pattern::Object { properties, rest } => {
                for (key, parameter) in properties {
                    let inside = match key {
                        Key::Fixed(name) => self.property(value, name),
                        Key::Computed(key) => {
                            let key = self.node(key, Frame { locals, captured })?;
                            let size = self.display(&key);
                            self.spend(size / BYTES_PER_STEP);
                            if value.may(TEXT) {
                                self.spend(value.text / BYTES_PER_STEP);
                            }
                            value.any_property()
                        }
                    };
                    self.bind(parameter, inside, locals, captured)?;
                }
                if *rest {
                    let (count, key, inside) = self.spread_entries(value);
                    self.spend(count.saturating_mul(properties.len() as u64));
                    self.object(count);
                    locals.push(Shape::object(Vec::new(), Some((count, key, inside))));
                }
            }
            Pattern::List { items, rest } => {
                let (count, item) = self.spread(value);
                self.spend_for_count(count);
                for parameter in items.iter().flatten() {
                    self.bind(parameter, item.clone().maybe(), locals, captured)?;
                }
                if let Some(rest) = rest {
                    let left = self.list(count, item);
                    self.bind_pattern(rest, &left, locals, captured)?;
                }
            }
        }
        Ok(())
    }

    /// A property that is called, or a method.
    pub(super) fn method(
        &mut self,
        receiver: &Shape,
        name: &str,
        method: Option<crate::expression::methods::Method>,
        given: &Given,
    ) -> Result<Shape> {
        self.read(receiver);
        given.fixed.iter().for_each(|shape| self.read(shape));
        if given.spread.kinds != 0 {
            // Arguments that are spread are read one by one; there are no more than a list may have.
            self.spend(self.count_max().saturating_mul(given.spread.read() / BYTES_PER_STEP));
        }
        let mut result = Shape::of(0);
        if receiver.may(OBJECT) {
            let property = receiver.property(name);
            if property.may(FUNCTION) {
                let count = given.fixed.len() as u64 + if given.spread.kinds == 0 { 0 } else { self.count_max() };
                result = self.call(&property, count, given)?;
            }
        }
        if let Some(method) = method {
            result = result.or(&self.known_method(receiver, method, given)?);
        }
        Ok(result)
    }

    /// Items of a list that a function gets, when it is one.
    pub(super) fn items_of(shape: &Shape) -> (u64, Shape) {
        if shape.may(LIST) { shape.items() } else { (0, Shape::of(0)) }
    }

    /// A list of the items of several lists, without the steps for making it.
    pub(super) fn joined(first: (u64, Shape), more: impl Iterator<Item = Shape>) -> (u64, Shape) {
        more.fold(first, |(count, item), other| {
            let (items, inside) = other.items();
            let alone = if other.kinds & !LIST == 0 { Shape::of(0) } else { other.clone() };
            (count.saturating_add(items.max(1)), item.or(&inside).or(&alone))
        })
    }
}

/// An object of fixed names.
pub(super) fn record(entries: Vec<(&str, Shape)>) -> Shape {
    Shape::object(entries.into_iter().map(|(name, shape)| (Rc::from(name), shape)).collect(), None)
}
