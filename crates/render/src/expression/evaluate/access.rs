//! Access: reading properties, calling methods, and noting what is not there.

use super::machine::{Frame, Machine, Outcome};
use crate::expression::error::EvaluationError;
use crate::expression::methods::{self, Method};
use crate::expression::suggest;
use crate::expression::tree::{Argument, Chain, Link, LinkKind};
use crate::expression::value::{self, List, Text, Value, units};

/// Bytes of a path that are kept when it could not be resolved; longer ones are computed and help nobody.
const PATH_SIZE_BYTES_MAX: usize = 200;

impl<'d> Machine<'_, '_, 'd> {
    pub(super) fn chain(&mut self, chain: &Chain, frame: Frame<'_, 'd>) -> Outcome<'d> {
        let mut current = self.eval(&chain.base, frame)?;
        let mut end = chain.base_end;
        // Only the first gap in a chain is worth telling.
        let mut recorded = false;
        for link in &chain.links {
            self.spend(1)?;
            self.at(link.offset);
            if current.is_nullish() {
                if link.optional {
                    return Ok(Value::Undefined);
                }
                if matches!(link.kind, LinkKind::Call(_)) && !recorded {
                    return Err(self.not_a_function(chain, end));
                }
                if !recorded && !link.quiet {
                    let end = if matches!(link.kind, LinkKind::Method { .. }) { end } else { link.end };
                    self.record(chain.start, end, || None);
                }
                recorded = true;
                current = Value::Undefined;
                continue;
            }
            current = self.link(chain, link, &current, end, frame, &mut recorded)?;
            end = link.end;
        }
        Ok(current)
    }

    fn link(
        &mut self,
        chain: &Chain,
        link: &Link,
        receiver: &Value<'d>,
        receiver_end: u32,
        frame: Frame<'_, 'd>,
        recorded: &mut bool,
    ) -> Outcome<'d> {
        match &link.kind {
            LinkKind::Property(name) => {
                let found = self.property(receiver, name)?;
                self.found(found, chain, link, receiver, name, recorded)
            }
            LinkKind::Index(node) => {
                let index = self.eval(node, frame)?;
                self.at(link.offset);
                if let (Value::Number(number), Some(list)) = (&index, receiver.as_list())
                    && number.fract() == 0.0
                    && *number >= 0.0
                {
                    let found = usize::try_from(value::wrap_to_i64(*number)).ok().and_then(|index| list.get(index));
                    return self.found(found, chain, link, receiver, "", recorded);
                }
                let name = self.display(&index)?;
                let found = self.property(receiver, &name)?;
                self.found(found, chain, link, receiver, &name, recorded)
            }
            LinkKind::Method { name, method, arguments } => {
                self.method(link, name, *method, arguments, receiver, frame)
            }
            LinkKind::Call(arguments) => {
                if !matches!(receiver, Value::Function(_)) {
                    return Err(self.not_a_function(chain, receiver_end));
                }
                let arguments = self.arguments(arguments, frame)?;
                self.at(link.offset);
                self.call(receiver, &arguments)
            }
        }
    }

    fn method(
        &mut self,
        link: &Link,
        name: &str,
        method: Option<Method>,
        arguments: &[Argument],
        receiver: &Value<'d>,
        frame: Frame<'_, 'd>,
    ) -> Outcome<'d> {
        let arguments = self.arguments(arguments, frame)?;
        self.at(link.offset);
        self.spend_for_reading(&[receiver])?;
        for argument in &arguments {
            self.spend_for_reading(&[argument])?;
        }
        if let Some(record) = receiver.as_record()
            && let Some(function) = record.get(name)
        {
            return match function {
                Value::Function(_) => self.call(&function, &arguments),
                _ => Err(EvaluationError::NotAFunction {
                    offset: self.offset(),
                    what: format!("`{name}`").into(),
                    hint: Some(format!("it is {}; leave out the brackets", function.type_name()).into()),
                }),
            };
        }
        if let Some(method) = method
            && let Some(outcome) = methods::call(self, receiver, method, &arguments)
        {
            return outcome;
        }
        Err(methods::unknown(self.offset(), receiver, name))
    }

    /// Reads a property; `None` when there is none.
    pub(in crate::expression) fn property(
        &mut self,
        receiver: &Value<'d>,
        name: &str,
    ) -> Result<Option<Value<'d>>, EvaluationError> {
        self.spend_for_key(name)?;
        Ok(match receiver {
            Value::DataObject(entries) => entries.get(name).map(Value::from_json),
            Value::Object(object) => object.get(name).cloned(),
            Value::Text(text) => {
                self.spend_for_reading(&[receiver])?;
                text_property(text, name)
            }
            Value::Array(_) | Value::DataArray(_) => receiver.as_list().and_then(|list| list_property(&list, name)),
            _ => None,
        })
    }

    /// Passes on what was found, or notes that nothing was.
    fn found(
        &mut self,
        found: Option<Value<'d>>,
        chain: &Chain,
        link: &Link,
        receiver: &Value<'d>,
        name: &str,
        recorded: &mut bool,
    ) -> Outcome<'d> {
        if let Some(value) = found {
            return Ok(value);
        }
        let is_object = receiver.as_record().is_some();
        if !is_object && Method::from_name(name).is_some_and(|method| methods::has(receiver, method)) {
            let message = format!("`{name}` is a method and must be called");
            let hint = format!("write `{name}( … )`");
            return Err(self.wrong(message, Some(&hint)));
        }
        if !link.quiet && !*recorded {
            self.record(chain.start, link.end, || missing_hint(receiver, name));
        }
        *recorded = true;
        Ok(Value::Undefined)
    }

    /// Notes a property that was asked for by its name in a text and is not there.
    pub(in crate::expression) fn record_missing(&mut self, receiver: &Value<'d>, name: &str) {
        let name: String = name.chars().take(PATH_SIZE_BYTES_MAX / 4).collect();
        self.context.record_unresolved(&name, || missing_hint(receiver, &name));
    }

    /// Notes a path that leads nowhere, as it is written in the source.
    fn record(&mut self, start: u32, end: u32, hint: impl FnOnce() -> Option<String>) {
        let path = self.source.get(start as usize..end as usize).unwrap_or_default();
        let mut cut = path.len().min(PATH_SIZE_BYTES_MAX);
        while !path.is_char_boundary(cut) {
            cut -= 1;
        }
        self.context.record_unresolved(path.get(..cut).unwrap_or_default(), hint);
    }

    fn not_a_function(&self, chain: &Chain, end: u32) -> EvaluationError {
        let written = self.source.get(chain.start as usize..end as usize).unwrap_or("this");
        EvaluationError::NotAFunction { offset: self.offset(), what: format!("`{written}`").into(), hint: None }
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^53")]
fn text_property<'d>(text: &Text<'d>, name: &str) -> Option<Value<'d>> {
    if name == "length" {
        return Some(Value::Number(units::length(text) as f64));
    }
    let index = usize::try_from(value::list_index(name)?).ok()?;
    let character = units::slice(text, index, index.saturating_add(1));
    if character.is_empty() { None } else { Some(Value::Text(character)) }
}

#[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^53")]
fn list_property<'d>(list: &List<'d>, name: &str) -> Option<Value<'d>> {
    if name == "length" {
        return Some(Value::Number(list.len() as f64));
    }
    list.get(usize::try_from(value::list_index(name)?).ok()?)
}

fn missing_hint(receiver: &Value<'_>, name: &str) -> Option<String> {
    let close = match receiver {
        Value::DataObject(entries) => suggest::closest(name, entries.keys().map(String::as_str)).map(str::to_owned),
        Value::Object(_) => {
            let entries = receiver.as_record().map(|record| record.entries()).unwrap_or_default();
            suggest::closest(name, entries.iter().map(|(key, _)| &**key)).map(str::to_owned)
        }
        Value::Array(_) | Value::DataArray(_) => {
            let count = receiver.as_list().map_or(0, |list| list.len());
            if name.starts_with('-') {
                return Some(format!("the list has {count} items; write `.at({name})` to count from its end"));
            }
            if matches!(name, "size" | "count") {
                return Some("write `.length` for the number of items".to_owned());
            }
            if name.is_empty() {
                return Some(format!("the list has {count} items"));
            }
            return Some(format!(
                "this is a list; write `[0].{name}` for its first item, or `.map(item => item.{name})`"
            ));
        }
        other => return Some(format!("this is {}, which has no properties", other.type_name())),
    };
    close.map(|close| format!("did you mean `{close}`?"))
}
