//! Operators of two values, by the rules of ECMAScript.

use super::machine::{Machine, Outcome};
use crate::expression::tree::BinaryOperator;
use crate::expression::value::{self, Value};
use std::cmp::Ordering;

/// Tells whether `+` joins these as texts instead of adding them as numbers.
pub(super) fn joins(left: &Value<'_>, right: &Value<'_>) -> bool {
    let is_text = |value: &Value<'_>| {
        matches!(
            value,
            Value::Text(_)
                | Value::Array(_)
                | Value::Object(_)
                | Value::DataArray(_)
                | Value::DataObject(_)
                | Value::Function(_)
                | Value::Moment(_)
                | Value::Pattern(_)
        )
    };
    is_text(left) || is_text(right)
}

fn is_list(value: &Value<'_>) -> bool {
    matches!(value, Value::Array(_) | Value::DataArray(_))
}

fn is_object(value: &Value<'_>) -> bool {
    matches!(
        value,
        Value::Object(_)
            | Value::DataObject(_)
            | Value::Function(_)
            | Value::Moment(_)
            | Value::Pattern(_)
            | Value::Numeral(_)
    )
}

/// Raises to a power with the software routine, so that every machine gives the same digits.
pub(in crate::expression) fn power(base: f64, exponent: f64) -> f64 {
    // ECMAScript differs from IEEE 754 here (ECMA-262 6.1.6.1.3): 1 to an infinite or unknown power is unknown.
    if exponent.is_nan() || (base.abs() == 1.0 && exponent.is_infinite()) {
        return f64::NAN;
    }
    libm::pow(base, exponent)
}

impl<'d> Machine<'_, '_, 'd> {
    pub(super) fn operate(&mut self, operator: BinaryOperator, left: &Value<'d>, right: &Value<'d>) -> Outcome<'d> {
        use BinaryOperator as O;
        // Lists are compared as texts, which are counted when they are made.
        let converts = match operator {
            O::StrictEqual | O::StrictNotEqual | O::In => false,
            // Two objects are equal when they are one; nothing is converted.
            O::Equal | O::NotEqual => is_list(left) != is_list(right) && !is_object(left) && !is_object(right),
            _ => true,
        };
        if converts {
            if is_list(left) && !right.is_nullish() {
                let left = Value::Text(self.display(left)?);
                return self.operate(operator, &left, right);
            }
            if is_list(right) && !left.is_nullish() {
                let right = Value::Text(self.display(right)?);
                return self.operate(operator, left, &right);
            }
        }
        // `in` reads its key only, and counts it when it is written.
        if operator != O::In {
            self.spend_for_reading(&[left, right])?;
        }
        let numbers = || (left.as_number(), right.as_number());
        let integers = || (value::to_int32(left.as_number()), value::to_uint32(right.as_number()));
        Ok(match operator {
            O::Add => Value::Number(left.as_number() + right.as_number()),
            O::Subtract => Value::Number(left.as_number() - right.as_number()),
            O::Multiply => Value::Number(left.as_number() * right.as_number()),
            O::Divide => Value::Number(left.as_number() / right.as_number()),
            O::Remainder => Value::Number(left.as_number() % right.as_number()),
            O::Power => {
                let (base, exponent) = numbers();
                Value::Number(power(base, exponent))
            }
            O::Equal => Value::Bool(value::loosely_equal(left, right)),
            O::NotEqual => Value::Bool(!value::loosely_equal(left, right)),
            O::StrictEqual => Value::Bool(value::strictly_equal(left, right)),
            O::StrictNotEqual => Value::Bool(!value::strictly_equal(left, right)),
            O::Less => Value::Bool(order(left, right) == Some(Ordering::Less)),
            O::LessOrEqual => Value::Bool(matches!(order(left, right), Some(Ordering::Less | Ordering::Equal))),
            O::Greater => Value::Bool(order(left, right) == Some(Ordering::Greater)),
            O::GreaterOrEqual => Value::Bool(matches!(order(left, right), Some(Ordering::Greater | Ordering::Equal))),
            O::ShiftLeft => {
                let (left, right) = integers();
                Value::Number(f64::from(left.wrapping_shl(right)))
            }
            O::ShiftRight => {
                let (left, right) = integers();
                Value::Number(f64::from(left.wrapping_shr(right)))
            }
            O::ShiftRightZero => {
                let (left, right) = integers();
                Value::Number(f64::from(left.cast_unsigned().wrapping_shr(right)))
            }
            O::BitAnd => {
                let (left, right) = integers();
                Value::Number(f64::from(left & right.cast_signed()))
            }
            O::BitOr => {
                let (left, right) = integers();
                Value::Number(f64::from(left | right.cast_signed()))
            }
            O::BitXor => {
                let (left, right) = integers();
                Value::Number(f64::from(left ^ right.cast_signed()))
            }
            O::In => return self.is_in(left, right),
        })
    }

    fn is_in(&mut self, key: &Value<'d>, holder: &Value<'d>) -> Outcome<'d> {
        if holder.is_nullish() {
            // What is missing holds nothing; reading it has been recorded.
            return Ok(Value::Bool(false));
        }
        let key = self.display(key)?;
        self.spend_for_key(&key)?;
        if let Some(record) = holder.as_record() {
            return Ok(Value::Bool(record.get(&key).is_some()));
        }
        if let Some(list) = holder.as_list() {
            let index = value::list_index(&key).and_then(|index| usize::try_from(index).ok());
            return Ok(Value::Bool(&*key == "length" || index.is_some_and(|index| index < list.len())));
        }
        Err(self.wrong(
            format!("`in` needs an object on its right, but this is {}", holder.type_name()),
            Some("for strings and lists use `includes`"),
        ))
    }
}

/// Orders two values as `<` does; `None` when one is no number.
fn order(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    let as_text = |value: &Value<'_>| {
        matches!(
            value,
            Value::Text(_)
                | Value::Array(_)
                | Value::DataArray(_)
                | Value::Object(_)
                | Value::DataObject(_)
                | Value::Function(_)
                | Value::Pattern(_)
        )
    };
    if as_text(left) && as_text(right) {
        return Some(value::compare_texts(&left.to_display_string(), &right.to_display_string()));
    }
    left.as_number().partial_cmp(&right.as_number())
}
