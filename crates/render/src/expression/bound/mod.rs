//! What an expression takes at most, found without running it.
//!
//! The tree is walked once as the evaluator walks it, with shapes in place of values: every step that the evaluator
//! spends is counted for the largest value that a shape allows. What repeats is walked once and multiplied.

mod cost;
mod function;
mod functions;
mod list_methods;
mod methods;
mod namings;
mod patterns;
mod shape;

pub(crate) use cost::Cost;
pub(crate) use namings::Namings;
pub(crate) use shape::Shape;

use super::evaluate::BYTES_PER_STEP;
use super::tree::{
    Argument, Binary, BinaryOperator, Chain, Entry, Key, LinkKind, LogicalOperator, Node, SystemName, TemplatePart,
    UnaryOperator,
};
use super::{Expression, TextTemplate};
use crate::Limits;
use shape::kind::{BOOL, FUNCTION, LIST, MOMENT, NULLISH, NUMBER, NUMERAL, OBJECT, PATTERN, TEXT};
use shape::{Callee, NUMBER_BYTES};
use std::rc::Rc;

/// Bytes that one cell of a list is counted as.
const CELL_BYTES: u64 = super::value::CELL_SIZE_BYTES;

/// Nodes that are walked for one expression. Functions that hand functions on are walked again for each call; what
/// needs more than this is not followed, so that a bound is there in milliseconds.
const WORK_MAX: u32 = 100_000;

/// Why there is no bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoBound(pub(crate) String);

type Result<T> = std::result::Result<T, NoBound>;

/// Names of a scope with what is known of their values, the innermost last.
pub(crate) type Shapes<'n> = Vec<(&'n str, Shape)>;

/// The values of an arrow function's parameters, and those that it took from outside.
#[derive(Clone, Copy, Default)]
struct Frame<'f> {
    locals: &'f [Shape],
    captured: &'f [Shape],
}

/// One expression that is being bounded.
struct Bounder<'b> {
    shapes: &'b Shapes<'b>,
    limits: &'b Limits,
    namings: &'b mut Namings,
    cost: Cost,
    depth: u32,
    work_left: u32,
}

impl Expression {
    /// What one evaluation costs at most, and what is known of its value.
    pub(crate) fn bound(&self, shapes: &Shapes<'_>, limits: &Limits, namings: &mut Namings) -> Result<(Cost, Shape)> {
        let mut bounder = Bounder { shapes, limits, namings, cost: Cost::default(), depth: 0, work_left: WORK_MAX };
        let shape = bounder.node(&self.0.node, Frame::default())?;
        Ok((bounder.total(), shape))
    }
}

impl TextTemplate {
    /// What writing it costs at most, and how many bytes it writes.
    pub(crate) fn bound(&self, shapes: &Shapes<'_>, limits: &Limits, namings: &mut Namings) -> Result<(Cost, u64)> {
        let mut total = Cost::default();
        let mut size = self.source().len() as u64;
        for expression in self.expressions() {
            let namings = &mut *namings;
            let mut bounder = Bounder { shapes, limits, namings, cost: Cost::default(), depth: 0, work_left: WORK_MAX };
            let shape = bounder.node(&expression.0.node, Frame::default())?;
            bounder.display(&shape);
            total = total.and(bounder.total());
            size = size.saturating_add(shape.written());
        }
        Ok((total, size))
    }
}

impl Bounder<'_> {
    /// The cost of the whole evaluation, which makes no more bytes than it is allowed to.
    fn total(&self) -> Cost {
        let bytes_max = self.value_max().saturating_mul(super::context::VALUE_COUNT_OF_LARGEST_MAX);
        Cost {
            byte_steps: self.cost.byte_steps.min(bytes_max / BYTES_PER_STEP),
            bytes: self.cost.bytes.min(bytes_max),
            ..self.cost
        }
    }

    fn value_max(&self) -> u64 {
        u64::from(self.limits.value_size_bytes_max)
    }

    /// Items of the longest list that can be made.
    fn count_max(&self) -> u64 {
        self.value_max() / CELL_BYTES
    }

    fn spend(&mut self, steps: u64) {
        self.cost.steps = self.cost.steps.saturating_add(steps);
    }

    fn spend_for_bytes(&mut self, bytes: u64) {
        self.cost.byte_steps = self.cost.byte_steps.saturating_add(bytes / BYTES_PER_STEP);
        self.cost.bytes = self.cost.bytes.saturating_add(bytes);
    }

    fn spend_for_count(&mut self, count: u64) {
        self.spend_for_bytes(count.saturating_mul(CELL_BYTES));
    }

    fn read(&mut self, shape: &Shape) {
        self.spend(shape.read() / BYTES_PER_STEP);
    }

    /// Converts to a text; gives its bytes.
    fn display(&mut self, shape: &Shape) -> u64 {
        self.spend_for_bytes(shape.made().min(self.value_max()));
        shape.written().min(self.value_max())
    }

    /// Appends to a text; gives the bytes.
    fn append(&mut self, shape: &Shape) -> u64 {
        let bytes = shape.written().min(self.value_max());
        self.spend_for_bytes(bytes);
        bytes
    }

    /// Makes a text.
    fn text(&mut self, bytes: u64) -> Shape {
        let bytes = bytes.min(self.value_max());
        self.spend_for_bytes(bytes);
        Shape::text(bytes)
    }

    /// Makes a list.
    fn list(&mut self, count: u64, item: Shape) -> Shape {
        let count = count.min(self.count_max());
        self.spend_for_count(count);
        Shape::list(count, item)
    }

    /// Makes an object of so many entries.
    fn object(&mut self, count: u64) {
        self.spend_for_count(count.saturating_mul(3));
    }

    /// Does something so many times.
    fn times<T>(&mut self, count: u64, run: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let before = std::mem::take(&mut self.cost);
        let result = run(self);
        self.cost = before.and(self.cost.times(count));
        result
    }

    /// Does one of several things.
    fn either<T>(&mut self, choices: &[T], mut run: impl FnMut(&mut Self, &T) -> Result<Shape>) -> Result<Shape> {
        let before = std::mem::take(&mut self.cost);
        let (mut worst, mut shape) = (Cost::default(), Shape::of(0));
        for choice in choices {
            shape = shape.or(&run(self, choice)?);
            worst = worst.or(std::mem::take(&mut self.cost));
        }
        self.cost = before.and(worst);
        Ok(shape)
    }

    fn node(&mut self, node: &Node, frame: Frame<'_>) -> Result<Shape> {
        self.work_left = match self.work_left.checked_sub(1) {
            Some(left) => left,
            None => return Err(NoBound("its functions call each other in too many ways to follow".to_owned())),
        };
        self.spend(1);
        Ok(match node {
            Node::Undefined | Node::Null => Shape::nothing(),
            Node::Bool(_) => Shape::bool(),
            Node::Number(number) => Shape::exactly(*number),
            Node::Text(text) => Shape::literal(text),
            Node::RegularExpression(pattern) => Shape {
                text: pattern.written_length(),
                search: shape::Search {
                    instructions: pattern.instruction_count(),
                    groups: pattern.group_count(),
                    is_global: pattern.global,
                },
                ..Shape::of(PATTERN)
            },
            Node::Local(place) => frame.locals.get(usize::from(*place)).cloned().unwrap_or_else(Shape::nothing),
            Node::Captured(place) => frame.captured.get(usize::from(*place)).cloned().unwrap_or_else(Shape::nothing),
            Node::Name(name) => match self.shapes.iter().rev().find(|(known, _)| **known == *name.name) {
                Some((_, shape)) => shape.clone(),
                None => match name.builtin {
                    Some(builtin) => Shape::function(Callee::Builtin(builtin)),
                    None => Shape::nothing(),
                },
            },
            Node::Builtin(builtin) => Shape::function(Callee::Builtin(builtin)),
            Node::System(name, _) => match name {
                SystemName::Now => Shape::number(1e15),
                SystemName::PageNumber | SystemName::TotalPages => Shape::number(1e6).maybe(),
                SystemName::Class | SystemName::ClassLabel => Shape::text(crate::template::LABEL_BYTES_MAX).maybe(),
            },
            _ => {
                self.depth += 1;
                // What is nested deeper ends with an error.
                let is_too_deep = self.depth > self.limits.depth_max.saturating_mul(2);
                let shape = if is_too_deep { Ok(Shape::of(0)) } else { self.compound(node, frame) };
                self.depth -= 1;
                shape?
            }
        })
    }

    fn compound(&mut self, node: &Node, frame: Frame<'_>) -> Result<Shape> {
        match node {
            Node::Chain(chain) => self.chain(chain, frame),
            Node::Binary(binary) => self.binary(binary, frame),
            Node::Logical(operator, operands) => self.logical(*operator, operands, frame),
            Node::Conditional(conditional) => {
                self.node(&conditional.test, frame)?;
                let branches = [&conditional.then, &conditional.otherwise];
                self.either(&branches, |bounder, branch| bounder.node(branch, frame))
            }
            Node::Unary(operator, operand) => {
                let operand = self.node(operand, frame)?;
                self.read(&operand);
                Ok(match operator {
                    UnaryOperator::Minus => match operand.number {
                        Some(number) => Shape::exactly(-number),
                        None => Shape::number(operand.distance()),
                    },
                    UnaryOperator::Plus => Shape::number(operand.distance()),
                    UnaryOperator::BitNot => Shape::number(4_294_967_296.0),
                    UnaryOperator::Not => Shape::bool(),
                    UnaryOperator::TypeOf => Shape::text(9),
                    UnaryOperator::Void => Shape::nothing(),
                })
            }
            Node::Template(parts) => {
                let mut size = 0_u64;
                for part in parts {
                    size = size.saturating_add(match part {
                        TemplatePart::Text(text) => text.len() as u64,
                        TemplatePart::Value(node) => {
                            let value = self.node(node, frame)?;
                            self.append(&value)
                        }
                    });
                }
                Ok(self.text(size))
            }
            Node::List(items) => {
                let (count, item, fixed) = self.arguments(items, frame)?;
                let item = fixed.iter().fold(item, |item, shape| item.or(shape));
                Ok(self.list(count, item))
            }
            Node::Object(entries) => self.object_literal(entries, frame),
            Node::Arrow(arrow) => {
                let captured = arrow.captures.iter().map(|capture| function::captured(*capture, frame)).collect();
                Ok(Shape::function(Callee::Arrow(std::sync::Arc::clone(arrow), captured)))
            }
            // Leaves are handled by `node`.
            _ => Ok(Shape::of(0)),
        }
    }

    fn logical(&mut self, operator: LogicalOperator, operands: &[Node], frame: Frame<'_>) -> Result<Shape> {
        let mut shape = Shape::of(0);
        for (index, operand) in operands.iter().enumerate() {
            let mut value = self.node(operand, frame)?;
            if operator == LogicalOperator::Coalesce && index + 1 < operands.len() {
                value.kinds &= !NULLISH;
            }
            shape = shape.or(&value);
        }
        Ok(shape)
    }

    fn binary(&mut self, binary: &Binary, frame: Frame<'_>) -> Result<Shape> {
        const JOINS: u16 = TEXT | LIST | OBJECT | FUNCTION | MOMENT | PATTERN;
        let mut left = self.node(&binary.first, frame)?;
        let mut is_joined = false;
        for (operator, node, _) in &binary.rest {
            let right = self.node(node, frame)?;
            if *operator == BinaryOperator::Add && (left.may(JOINS) || right.may(JOINS)) {
                let size = left.written().saturating_add(right.written()).min(self.value_max());
                // A text that is being joined is not appended again; the number that it may be instead is.
                self.spend_for_bytes(if is_joined { NUMBER_BYTES } else { left.written().min(self.value_max()) });
                self.append(&right);
                let only_texts = left.kinds & !JOINS == 0 || right.kinds & !JOINS == 0;
                let sum = Shape::number(left.distance() + right.distance());
                self.read(&left);
                self.read(&right);
                left = if only_texts { Shape::text(size) } else { Shape::text(size).or(&sum) };
                is_joined = true;
                continue;
            }
            if is_joined {
                self.spend_for_bytes(left.text.min(self.value_max()));
                is_joined = false;
            }
            left = self.operate(*operator, &left, &right);
        }
        if is_joined {
            self.spend_for_bytes(left.text.min(self.value_max()));
        }
        Ok(left)
    }

    fn operate(&mut self, operator: BinaryOperator, left: &Shape, right: &Shape) -> Shape {
        use BinaryOperator as O;
        if operator == O::In {
            let size = self.display(left);
            self.spend(size / BYTES_PER_STEP);
            return Shape::bool();
        }
        let converts = !matches!(operator, O::StrictEqual | O::StrictNotEqual);
        // A list is read as the text that it becomes. Both sides are read together: each for itself, they would be rounded
        // down twice.
        let mut bytes = 0_u64;
        for side in [left, right] {
            let written = if converts && side.may(LIST) { self.append(side) } else { 0 };
            bytes = bytes.saturating_add(side.read().max(written));
        }
        self.spend(bytes / BYTES_PER_STEP);
        let (one, other) = (left.distance(), right.distance());
        match operator {
            O::Add | O::Subtract => match (left.number, right.number) {
                (Some(one), Some(other)) if operator == O::Add => Shape::exactly(one + other),
                (Some(one), Some(other)) => Shape::exactly(one - other),
                _ => Shape::number(one + other),
            },
            O::Multiply => Shape::number(product(one, other)),
            O::Divide => match right.number {
                Some(by) if by.abs() > 0.0 => Shape::number(one / by.abs()),
                _ => Shape::number(f64::INFINITY),
            },
            O::Remainder => Shape::number(one),
            O::Power => Shape::number(f64::INFINITY),
            O::ShiftLeft | O::ShiftRight | O::ShiftRightZero | O::BitAnd | O::BitOr | O::BitXor => {
                Shape::number(4_294_967_296.0)
            }
            _ => Shape::bool(),
        }
    }

    /// Arguments of a call, or items of a list: how many, what those that are spread are, and the others in order.
    fn arguments(&mut self, arguments: &[Argument], frame: Frame<'_>) -> Result<(u64, Shape, Vec<Shape>)> {
        let (mut count, mut spread, mut fixed) = (0_u64, Shape::of(0), Vec::new());
        for argument in arguments {
            let value = self.node(&argument.node, frame)?;
            if !argument.spread {
                count = count.saturating_add(1);
                // Behind something spread nobody knows which argument it is.
                if spread.kinds == 0 {
                    fixed.push(value);
                } else {
                    spread = spread.or(&value);
                }
                continue;
            }
            let (items, item) = self.spread(&value);
            self.spend_for_count(items);
            count = count.saturating_add(items);
            spread = spread.or(&item).maybe();
        }
        Ok((count, spread, fixed))
    }

    /// What `...x` gives: of a list its items, of a text its characters.
    fn spread(&self, value: &Shape) -> (u64, Shape) {
        let (mut count, mut item) = value.items();
        if value.may(TEXT) {
            count = count.max(value.text);
            item = item.or(&Shape::text(4));
        }
        (count.min(self.count_max()), item)
    }

    fn object_literal(&mut self, entries: &[Entry], frame: Frame<'_>) -> Result<Shape> {
        let mut named: Vec<(Rc<str>, Shape)> = Vec::new();
        let mut others: Option<(u64, u64, Shape)> = None;
        let mut add_other = |count: u64, key: u64, shape: &Shape| {
            let (known, size, value) = others.take().unwrap_or((0, 0, Shape::of(0)));
            others = Some((known.saturating_add(count), size.max(key), value.or(shape)));
        };
        for entry in entries {
            match entry {
                Entry::Property(Key::Fixed(name), node) => {
                    self.spend(name.len() as u64 / BYTES_PER_STEP);
                    let value = self.node(node, frame)?;
                    named.push((Rc::from(&**name), value));
                }
                Entry::Property(Key::Computed(key), node) => {
                    let key = self.node(key, frame)?;
                    let size = self.display(&key);
                    self.spend(size / BYTES_PER_STEP);
                    let value = self.node(node, frame)?;
                    add_other(1, size, &value);
                }
                Entry::Spread(node) => {
                    let value = self.node(node, frame)?;
                    let (count, key, value) = self.spread_entries(&value);
                    add_other(count, key, &value);
                }
            }
        }
        let shape = if let Some((count, key, value)) = others {
            // What is spread or computed may have any name, and stand over what is named.
            let value = named.iter().fold(value, |value, (_, shape)| value.or(shape));
            Shape::object(Vec::new(), Some((count.saturating_add(named.len() as u64), key.max(100), value)))
        } else {
            let mut own: Vec<(Rc<str>, Shape)> = Vec::with_capacity(named.len());
            for (name, shape) in named {
                match own.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, known)) => *known = shape,
                    None => own.push((name, shape)),
                }
            }
            Shape::object(own, None)
        };
        self.object(shape.entries().0);
        Ok(shape)
    }

    /// Copies the entries of an object, list or text: how many, how long their names, and what they are.
    fn spread_entries(&mut self, value: &Shape) -> (u64, u64, Shape) {
        let (entries, key, inside) = value.entries();
        let (items, item) = self.spread(value);
        let count = entries.max(items).min(self.count_max());
        self.spend_for_count(count);
        self.spend(count.saturating_mul(key / BYTES_PER_STEP));
        (count, key.max(20), inside.or(&item))
    }

    fn chain(&mut self, chain: &Chain, frame: Frame<'_>) -> Result<Shape> {
        let mut current = self.node(&chain.base, frame)?;
        let mut ended = Shape::of(0);
        for link in &chain.links {
            self.spend(1);
            let nothing = current.may(NULLISH);
            if nothing && link.optional {
                ended = Shape::nothing();
            }
            current.kinds &= !NULLISH;
            let receiver = current;
            current = match &link.kind {
                LinkKind::Property(name) => self.property(&receiver, name),
                LinkKind::Index(node) => {
                    let index = self.node(node, frame)?;
                    self.index(&receiver, &index)
                }
                LinkKind::Method { name, method, arguments } => {
                    let (_, spread, arguments) = self.arguments(arguments, frame)?;
                    let arguments = function::Given { fixed: arguments, spread };
                    self.method(&receiver, name, *method, &arguments)?
                }
                LinkKind::Call(arguments) => {
                    let (count, spread, fixed) = self.arguments(arguments, frame)?;
                    self.call(&receiver, count, &function::Given { fixed, spread })?
                }
            };
            if nothing && !link.optional {
                current = current.maybe();
            }
        }
        Ok(if ended.kinds == 0 { current } else { current.maybe() })
    }

    /// Reads a property by its name.
    fn property(&mut self, receiver: &Shape, name: &str) -> Shape {
        self.spend(name.len() as u64 / BYTES_PER_STEP);
        if receiver.may(TEXT) {
            self.spend(receiver.text / BYTES_PER_STEP);
        }
        receiver.property(name)
    }

    fn index(&mut self, receiver: &Shape, index: &Shape) -> Shape {
        if let Some(name) = index.as_literal() {
            return self.property(receiver, name);
        }
        // A number reads an item of a list as it is, and is converted to the name of a property of anything else.
        let only_items = receiver.kinds & !LIST == 0 && index.number.is_some_and(|it| it.fract() == 0.0 && it >= 0.0);
        if only_items {
            return receiver.items().1.maybe();
        }
        let size = self.display(index);
        self.spend(size / BYTES_PER_STEP);
        if receiver.may(TEXT) {
            self.spend(receiver.text / BYTES_PER_STEP);
        }
        receiver.any_property()
    }
}

/// A product that is 0 when one side is, also with infinity.
fn product(one: f64, other: f64) -> f64 {
    if one == 0.0 || other == 0.0 { 0.0 } else { one * other }
}

/// Kinds whose values are written for people by the same functions.
const NUMBERS: u16 = NUMBER | NUMERAL | BOOL;
