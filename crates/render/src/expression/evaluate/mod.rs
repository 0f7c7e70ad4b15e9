//! The evaluator: walks the compiled tree with fuel and bounded depth.

mod access;
mod function;
mod machine;
mod names;
mod operate;

pub use function::Function;
pub(in crate::expression) use machine::{Arguments, BYTES_PER_STEP, Machine, Outcome};
pub(in crate::expression) use operate::power;

use super::error::EvaluationError;
use super::tree::{
    Argument, Binary, BinaryOperator, Conditional, Entry, Key, LogicalOperator, Name, Node, SystemName, TemplatePart,
    UnaryOperator,
};
use super::value::{self, Entries, Text, Value};
use machine::Frame;
use std::rc::Rc;
use std::sync::Arc;

impl<'d> Machine<'_, '_, 'd> {
    /// Evaluates a whole expression.
    pub(in crate::expression) fn run(&mut self, node: &Node) -> Outcome<'d> {
        self.eval(node, Frame::default())
    }

    pub(super) fn eval(&mut self, node: &Node, frame: Frame<'_, 'd>) -> Outcome<'d> {
        self.spend(1)?;
        match node {
            Node::Undefined => Ok(Value::Undefined),
            Node::Null => Ok(Value::Null),
            Node::Bool(value) => Ok(Value::Bool(*value)),
            Node::Number(number) => Ok(Value::Number(*number)),
            Node::Text(text) => Ok(Value::Text(Text::Literal(Arc::clone(text)))),
            Node::RegularExpression(pattern) => Ok(Value::Pattern(Arc::clone(pattern))),
            Node::Local(place) => Ok(frame.local(*place)),
            Node::Captured(place) => Ok(frame.captured(*place)),
            Node::Name(name) => self.name(name),
            Node::Builtin(builtin) => Ok(Value::Function(Function::builtin(builtin))),
            Node::System(name, offset) => Ok(self.system(*name, *offset)),
            _ => {
                self.enter()?;
                let outcome = self.eval_compound(node, frame);
                self.leave();
                outcome
            }
        }
    }

    fn eval_compound(&mut self, node: &Node, frame: Frame<'_, 'd>) -> Outcome<'d> {
        match node {
            Node::Chain(chain) => self.chain(chain, frame),
            Node::Binary(binary) => self.binary(binary, frame),
            Node::Logical(operator, operands) => self.logical(*operator, operands, frame),
            Node::Conditional(conditional) => self.conditional(conditional, frame),
            Node::Unary(operator, operand) => {
                let operand = self.eval(operand, frame)?;
                self.spend_for_reading(&[&operand])?;
                Ok(unary(*operator, &operand))
            }
            Node::Template(parts) => self.template(parts, frame),
            Node::List(items) => {
                let items = self.arguments(items, frame)?;
                self.list(items.into_vec())
            }
            Node::Object(entries) => self.object_literal(entries, frame),
            Node::Arrow(arrow) => self.make_function(arrow, frame),
            // Leaves are handled by `eval`.
            _ => Ok(Value::Undefined),
        }
    }

    fn name(&mut self, name: &Name) -> Outcome<'d> {
        if let Some(value) = self.scope.get(&name.name) {
            return Ok(value.clone());
        }
        match name.builtin {
            Some(builtin) => Ok(Value::Function(Function::builtin(builtin))),
            None if name.optional => Ok(Value::Undefined),
            None => Err(self.unknown_name(name)),
        }
    }

    fn system(&mut self, name: SystemName, offset: u32) -> Value<'d> {
        let (page, path) = match name {
            SystemName::PageNumber => (self.context.page_number, "sys.pageNumber"),
            SystemName::TotalPages => (self.context.total_pages, "sys.totalPages"),
            SystemName::Class | SystemName::ClassLabel => return self.class(name, offset),
            #[expect(clippy::cast_precision_loss, reason = "a time in milliseconds is far below 2^53")]
            SystemName::Now => return Value::Number(self.context.now_ms as f64),
        };
        self.at(offset);
        match page {
            Some(page) => Value::Number(f64::from(page)),
            None => {
                self.context
                    .record_unresolved(path, || Some("pages are only known in headers, footers and texts".to_owned()));
                Value::Undefined
            }
        }
    }

    fn class(&mut self, name: SystemName, offset: u32) -> Value<'d> {
        self.at(offset);
        match (self.context.class, name) {
            (Some(class), SystemName::ClassLabel) => {
                Value::Text(Text::Borrowed(class.label(self.context.locale.tag())))
            }
            (Some(class), _) => Value::Text(Text::Borrowed(class.name())),
            (None, _) => {
                self.context.record_unresolved("sys.class", || Some("give the template `output.class`".to_owned()));
                Value::Undefined
            }
        }
    }

    fn conditional(&mut self, conditional: &Conditional, frame: Frame<'_, 'd>) -> Outcome<'d> {
        let test = self.eval(&conditional.test, frame)?;
        self.eval(if test.truthy() { &conditional.then } else { &conditional.otherwise }, frame)
    }

    fn logical(&mut self, operator: LogicalOperator, operands: &[Node], frame: Frame<'_, 'd>) -> Outcome<'d> {
        let mut value = Value::Undefined;
        for operand in operands {
            value = self.eval(operand, frame)?;
            let decided = match operator {
                LogicalOperator::And => !value.truthy(),
                LogicalOperator::Or => value.truthy(),
                LogicalOperator::Coalesce => !value.is_nullish(),
            };
            if decided {
                break;
            }
        }
        Ok(value)
    }

    fn binary(&mut self, binary: &Binary, frame: Frame<'_, 'd>) -> Outcome<'d> {
        let mut left = self.eval(&binary.first, frame)?;
        // Text that is being joined; a sum of texts is one buffer and not one string for each term.
        let mut joined: Option<String> = None;
        for (operator, node, offset) in &binary.rest {
            let right = self.eval(node, frame)?;
            self.at(*offset);
            if *operator == BinaryOperator::Add && (joined.is_some() || operate::joins(&left, &right)) {
                let mut buffer = match joined.take() {
                    Some(buffer) => buffer,
                    None => {
                        let mut buffer = String::new();
                        self.append(&mut buffer, &left)?;
                        buffer
                    }
                };
                self.append(&mut buffer, &right)?;
                joined = Some(buffer);
                continue;
            }
            if let Some(buffer) = joined.take() {
                left = self.text(buffer)?;
            }
            left = self.operate(*operator, &left, &right)?;
        }
        match joined {
            Some(buffer) => self.text(buffer),
            None => Ok(left),
        }
    }

    fn template(&mut self, parts: &[TemplatePart], frame: Frame<'_, 'd>) -> Outcome<'d> {
        let mut out = String::new();
        for part in parts {
            match part {
                TemplatePart::Text(text) => out.push_str(text),
                TemplatePart::Value(node) => {
                    let value = self.eval(node, frame)?;
                    self.append(&mut out, &value)?;
                }
            }
        }
        self.text(out)
    }

    /// Evaluates arguments or the items of a list, with what is spread taken apart.
    pub(super) fn arguments(
        &mut self,
        arguments: &[Argument],
        frame: Frame<'_, 'd>,
    ) -> Result<Arguments<'d>, EvaluationError> {
        let mut values = Arguments::new();
        for argument in arguments {
            let value = self.eval(&argument.node, frame)?;
            if !argument.spread {
                values.push(value);
                continue;
            }
            self.at(argument.offset);
            let items = self.spread_items(&value)?;
            self.check_count(values.len().saturating_add(items.len()))?;
            self.spend_for_count(items.len())?;
            values.extend(items);
        }
        Ok(values)
    }

    fn object_literal(&mut self, entries: &[Entry], frame: Frame<'_, 'd>) -> Outcome<'d> {
        let mut out = Entries::default();
        for entry in entries {
            match entry {
                Entry::Property(key, node) => {
                    let key = self.key(key, frame)?;
                    self.spend_for_key(&key)?;
                    let value = self.eval(node, frame)?;
                    out.insert(key, value);
                }
                Entry::Spread(node) => {
                    let value = self.eval(node, frame)?;
                    self.spread_entries(&value, &mut out)?;
                }
            }
        }
        self.object(out)
    }

    pub(super) fn key(&mut self, key: &Key, frame: Frame<'_, 'd>) -> Result<Text<'d>, EvaluationError> {
        match key {
            Key::Fixed(name) => Ok(Text::Literal(Arc::clone(name))),
            Key::Computed(node) => {
                let value = self.eval(node, frame)?;
                self.display(&value)
            }
        }
    }

    /// Copies the entries of an object, as `{ ...x }` and `Object.assign` do; lists and texts give their indexes as keys.
    pub(in crate::expression) fn spread_entries(
        &mut self,
        value: &Value<'d>,
        out: &mut Entries<'d>,
    ) -> Result<(), EvaluationError> {
        if let Some(record) = value.as_record() {
            self.check_count(out.len().saturating_add(record.len()))?;
            self.spend_for_count(record.len())?;
            for (key, value) in record.entries() {
                self.spend_for_key(&key)?;
                out.insert(key, value);
            }
        } else if let Some(list) = value.as_list() {
            self.check_count(out.len().saturating_add(list.len()))?;
            self.spend_for_count(list.len())?;
            out.extend(list.items().enumerate().map(|(index, item)| (Text::from(index.to_string()), item)));
        } else if let Value::Text(_) = value {
            let items = self.spread_items(value)?;
            self.spend_for_count(items.len())?;
            out.extend(items.into_iter().enumerate().map(|(index, item)| (Text::from(index.to_string()), item)));
        }
        Ok(())
    }

    /// The items that `...x` gives: of a list its items, of a string its characters.
    pub(in crate::expression) fn spread_items(&mut self, value: &Value<'d>) -> Result<Vec<Value<'d>>, EvaluationError> {
        match value {
            Value::Text(text) => {
                self.check_count(text.len())?;
                Ok(text
                    .char_indices()
                    .map(|(start, character)| Value::Text(text.piece(start, start + character.len_utf8())))
                    .collect())
            }
            other => match other.as_list() {
                Some(list) => {
                    self.check_count(list.len())?;
                    Ok(list.into_items().collect())
                }
                // A missing list is recorded where it is read and counts as empty here.
                None if other.is_nullish() => Ok(Vec::new()),
                None => Err(self.wrong(
                    format!("{} cannot be spread with `...`", other.type_name()),
                    Some("spread a list: `[...data.items]`"),
                )),
            },
        }
    }
}

fn unary<'d>(operator: UnaryOperator, operand: &Value<'d>) -> Value<'d> {
    match operator {
        UnaryOperator::Plus => Value::Number(operand.as_number()),
        UnaryOperator::Minus => Value::Number(-operand.as_number()),
        UnaryOperator::Not => Value::Bool(!operand.truthy()),
        UnaryOperator::BitNot => Value::Number(f64::from(!value::to_int32(operand.as_number()))),
        UnaryOperator::TypeOf => Value::Text(Text::Borrowed(operand.type_of())),
        UnaryOperator::Void => Value::Undefined,
    }
}

impl<'d> Machine<'_, '_, 'd> {
    /// Makes a list; fails when it is too large or too deep.
    pub(in crate::expression) fn list(&mut self, items: Vec<Value<'d>>) -> Outcome<'d> {
        self.check_count(items.len())?;
        self.spend_for_count(items.len())?;
        let array = value::Array::new(items);
        self.check_depth_of(array.depth())?;
        Ok(Value::Array(Rc::new(array)))
    }

    /// Makes an object; fails when it is too large or too deep.
    pub(in crate::expression) fn object(&mut self, entries: Entries<'d>) -> Outcome<'d> {
        self.check_count(entries.len().saturating_mul(3))?;
        self.spend_for_count(entries.len().saturating_mul(3))?;
        let object = value::Object::new(entries);
        self.check_depth_of(object.depth())?;
        Ok(Value::Object(Rc::new(object)))
    }
}
