//! What methods of texts, numbers and points in time take at most.

use super::function::Given;
use super::shape::NUMBER_BYTES;
use super::shape::kind::{BOOL, FUNCTION, LIST, MOMENT, NULLISH, NUMBER, NUMERAL, OBJECT, PATTERN, TEXT};
use super::{BYTES_PER_STEP, Bounder, NoBound, Result, Shape};
use crate::expression::methods::Method;

/// Steps of a method of a point in time.
const MOMENT_STEPS: u64 = 20;

impl Bounder<'_> {
    /// Calls a method of whatever a receiver may be; the costs of all are added up.
    pub(super) fn known_method(&mut self, receiver: &Shape, method: Method, given: &Given) -> Result<Shape> {
        let mut result = Shape::of(0);
        if method == Method::HasOwnProperty {
            let size = self.display(&given.at(0));
            self.spend(size / BYTES_PER_STEP);
            self.read(receiver);
            return Ok(Shape::bool());
        }
        if receiver.may(TEXT) && Method::of_texts().contains(&method) {
            result = result.or(&self.text_method(receiver, method, given)?);
        }
        if receiver.may(LIST) && Method::of_lists().contains(&method) {
            result = result.or(&self.list_method(receiver, method, given)?);
        }
        if receiver.may(NUMBER) {
            result = result.or(&self.number_method(receiver, method, given));
        }
        if receiver.may(NUMERAL) {
            self.spend(20);
            let pattern = self.display(&given.at(0));
            let distance = receiver.magnitude + given.at(0).distance();
            let size = if distance < 1e15 { 120 } else { 900 };
            // A format of numbers has at most 100 bytes.
            let text = self.text(pattern.min(100).saturating_add(size));
            result = result.or(&match method {
                Method::Format | Method::ToString => text,
                Method::Add | Method::Subtract => Shape { magnitude: distance, ..Shape::of(NUMERAL) },
                _ => Shape::number(receiver.magnitude),
            });
        }
        if receiver.may(MOMENT) {
            result = result.or(&self.moment_method(method, given));
        }
        if receiver.may(PATTERN) && Method::of_patterns().contains(&method) {
            result = result.or(&self.pattern_method(receiver, method, given));
        }
        if receiver.may(BOOL | OBJECT | FUNCTION) && matches!(method, Method::ToString | Method::ValueOf) {
            let size = self.append(receiver);
            result = result.or(&if method == Method::ToString { Shape::text(size) } else { receiver.clone() });
        }
        Ok(result)
    }

    fn text_method(&mut self, receiver: &Shape, method: Method, given: &Given) -> Result<Shape> {
        let first = given.at(0);
        let size = receiver.text;
        if first.may(PATTERN) {
            return self.text_with_pattern(receiver, &first, method, given);
        }
        Ok(match method {
            Method::At | Method::CharAt => Shape::text(4).maybe(),
            Method::CharCodeAt | Method::CodePointAt => Shape::number(2e6).maybe(),
            Method::Concat => {
                let mut total = size;
                for shape in &given.fixed {
                    total = total.saturating_add(self.append(shape));
                }
                if given.spread.kinds != 0 {
                    let count = self.count_max();
                    total = total.saturating_add(self.times(count, |bounder| Ok(bounder.append(&given.spread)))?);
                    total = self.value_max().max(total);
                }
                self.text(total)
            }
            Method::EndsWith | Method::StartsWith | Method::Includes => {
                self.display(&first);
                Shape::bool()
            }
            Method::IndexOf | Method::LastIndexOf | Method::LocaleCompare => {
                self.display(&first);
                Shape::number(1e15)
            }
            Method::Match | Method::MatchAll | Method::Search => Shape::of(0),
            Method::PadStart | Method::PadEnd => {
                self.display(&given.at(1));
                let most = first.as_count().map_or(u64::MAX, |length| length.saturating_mul(3));
                self.text(most.saturating_add(size))
            }
            Method::Repeat => {
                let count = first.as_count().unwrap_or(u64::MAX);
                self.text(if size == 0 { 0 } else { count.saturating_mul(size) })
            }
            Method::Replace | Method::ReplaceAll => {
                self.display(&first);
                let matches = if method == Method::ReplaceAll { size.saturating_add(1) } else { 1 };
                self.replaced(receiver, matches, &given.at(1), &[Shape::text(size), Shape::number(1e15)])?
            }
            Method::Slice | Method::Substring | Method::Substr | Method::Trim | Method::TrimStart | Method::TrimEnd => {
                Shape::text(size)
            }
            Method::Split => {
                let separator = self.display(&first);
                let least = match first.as_literal() {
                    Some(_) => separator.max(1),
                    // Nothing splits nothing, and null is searched as `null`.
                    None if !first.may(!NULLISH) => 4,
                    None => 1,
                };
                let pieces = (size / least).saturating_add(1);
                let limit = given.at(1).as_count().unwrap_or(u64::MAX);
                self.list(pieces.min(limit), Shape::text(size.max(3)))
            }
            Method::ToLowerCase | Method::ToLocaleLowerCase | Method::ToUpperCase | Method::ToLocaleUpperCase => {
                self.text(size.saturating_mul(3))
            }
            // `toString` and `valueOf`.
            _ => Shape { kinds: TEXT, open: None, ..receiver.clone() },
        })
    }

    /// What is written in place of so many matches.
    pub(super) fn replaced(
        &mut self,
        receiver: &Shape,
        matches: u64,
        replacement: &Shape,
        values: &[Shape],
    ) -> Result<Shape> {
        let size = receiver.text;
        let mut piece = 0;
        if replacement.may(FUNCTION) {
            piece = self.times(matches, |bounder| {
                let mut values = values.to_vec();
                values.push(Shape::text(size));
                let made = bounder.call_with(replacement, values)?;
                Ok(bounder.append(&made))
            })?;
        }
        if replacement.may(!FUNCTION) {
            let template = self.times(matches, |bounder| {
                let template = bounder.display(replacement);
                bounder.spend_for_bytes(template);
                Ok(template)
            })?;
            let has_parts = replacement.as_literal().is_none_or(|text| text.contains('$'));
            let parts = if has_parts { (template / 2).saturating_mul(size) } else { 0 };
            piece = piece.max(template.saturating_add(parts));
        }
        Ok(self.text(matches.saturating_mul(piece).saturating_add(size)))
    }

    fn number_method(&mut self, receiver: &Shape, method: Method, given: &Given) -> Shape {
        let first = given.at(0);
        match method {
            Method::ToFixed => {
                self.spend(10);
                let decimals = if first.may(!NULLISH) { first.as_count().unwrap_or(100).min(100) } else { 0 };
                self.text(decimals.saturating_add(NUMBER_BYTES))
            }
            Method::ToPrecision | Method::ToExponential => {
                self.spend(50);
                self.text(140)
            }
            Method::ToLocaleString => {
                self.spend(20);
                let size = self.options(&given.at(1), receiver.distance());
                if first.may(!NULLISH) {
                    self.display(&first);
                    self.naming(&first);
                }
                self.text(size)
            }
            Method::ToString => {
                // Only without an argument the radix is 10; `null` is one that is refused.
                if !given.fixed.is_empty() || given.spread.kinds != 0 {
                    self.spend(50);
                    // The digits of the largest and of the smallest number to the base 2.
                    return self.text(2_200);
                }
                self.text(NUMBER_BYTES)
            }
            Method::ValueOf => receiver.clone(),
            _ => Shape::of(0),
        }
    }

    fn moment_method(&mut self, method: Method, given: &Given) -> Shape {
        self.spend(MOMENT_STEPS);
        let first = given.at(0);
        match method {
            Method::Format => {
                let size = self.pattern_of_date(&first);
                self.text(size)
            }
            Method::ToIsoString | Method::ToString => self.text(40),
            Method::Locale => {
                self.display(&first);
                self.naming(&first);
                Shape::of(MOMENT)
            }
            Method::Add
            | Method::Subtract
            | Method::StartOf
            | Method::EndOf
            | Method::Tz
            | Method::Utc
            | Method::Local
            | Method::Clone => {
                self.display(&first);
                Shape::of(MOMENT)
            }
            Method::IsBefore
            | Method::IsAfter
            | Method::IsSame
            | Method::IsSameOrBefore
            | Method::IsSameOrAfter
            | Method::IsBetween
            | Method::IsValid => Shape::bool(),
            _ => Shape::number(1e17),
        }
    }
}

/// The reason for what is nested without end.
pub(super) fn endless(method: &str) -> NoBound {
    NoBound(format!("how deep the lists are that `{method}` takes apart is not known"))
}
