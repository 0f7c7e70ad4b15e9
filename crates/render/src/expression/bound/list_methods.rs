//! What methods of lists take at most.

use super::function::Given;
use super::functions::comparisons;
use super::methods::endless;
use super::shape::kind::{FUNCTION, LIST, NULLISH};
use super::{BYTES_PER_STEP, Bounder, NoBound, Result, Shape};
use crate::expression::methods::Method;

/// Calls of a `reduce` that are walked one by one before it is taken for granted that its value may become anything.
const REDUCE_WALKED_MAX: u64 = 300;

/// Levels of lists in lists that `flat` takes apart.
const FLAT_DEPTH_MAX: u64 = 8;

impl Bounder<'_> {
    pub(super) fn list_method(&mut self, receiver: &Shape, method: Method, given: &Given) -> Result<Shape> {
        let (count, item) = receiver.items();
        let first = given.at(0);
        let whole = Shape::list(count, item.clone());
        Ok(match method {
            Method::At => item.maybe(),
            Method::Concat => {
                let fixed = given.fixed.iter().cloned();
                let (mut total, mut joined) = Self::joined((count, item), fixed);
                if given.spread.kinds != 0 {
                    (total, joined) = (u64::MAX, Self::joined((0, joined), std::iter::once(given.spread.clone())).1);
                }
                self.list(total, joined)
            }
            Method::Entries => {
                self.times(count, |bounder| Ok(bounder.list(2, Shape::nothing())))?;
                self.list(count, Shape::list(2, Shape::number(1e15).or(&item)))
            }
            Method::Every
            | Method::Some
            | Method::Find
            | Method::FindLast
            | Method::FindIndex
            | Method::FindLastIndex => {
                self.each(count, &first, &item, &whole)?;
                match method {
                    Method::Every | Method::Some => Shape::bool(),
                    Method::Find | Method::FindLast => item.maybe(),
                    _ => Shape::number(1e15),
                }
            }
            Method::Filter => {
                self.each(count, &first, &item, &whole)?;
                self.list(count, item)
            }
            Method::Map => {
                let made = self.each(count, &first, &item, &whole)?;
                self.list(count, made)
            }
            Method::FlatMap => {
                let made = self.each(count, &first, &item, &whole)?;
                let mapped = self.list(count, made);
                let (total, inside) = self.flat(&mapped, Some(1))?;
                self.list(total, inside)
            }
            Method::Flat => {
                let depth = match (first.may(!NULLISH), first.number) {
                    (false, _) => Some(1),
                    (true, Some(number)) if number < 1.0 => Some(0),
                    (true, Some(number)) if number > 1e9 => Some(u64::MAX),
                    _ => first.as_count(),
                };
                let (total, inside) = self.flat(&whole, depth)?;
                self.list(total, inside)
            }
            Method::Includes | Method::IndexOf | Method::LastIndexOf => {
                let reading = item.read() / BYTES_PER_STEP;
                self.spend(count.saturating_mul(reading.saturating_add(1)));
                if method == Method::Includes { Shape::bool() } else { Shape::number(1e15) }
            }
            Method::Join => {
                let separator = self.display(&first).max(1);
                let size = self.times(count, |bounder| {
                    bounder.spend(1);
                    Ok(bounder.append(&item))
                })?;
                self.text(count.saturating_mul(size.saturating_add(separator)))
            }
            Method::Reduce | Method::ReduceRight => self.reduce(count, &item, &whole, given)?,
            Method::Keys => self.list(count, Shape::number(1e15)),
            Method::ToSpliced => {
                let inserted = given.fixed.len() as u64 + if given.spread.kinds == 0 { 0 } else { self.count_max() };
                self.list(count.saturating_add(inserted), item.or(&given.from(2)))
            }
            Method::With => self.list(count, item.or(&given.at(1))),
            Method::Sort | Method::ToSorted => {
                if first.may(NULLISH) {
                    let size = self.times(count, |bounder| Ok(bounder.display(&item)))?;
                    let step = (size / BYTES_PER_STEP).saturating_mul(2).saturating_add(1);
                    self.spend(comparisons(count).saturating_mul(step));
                }
                if first.may(!NULLISH) {
                    let values = vec![item.clone(), item.clone()];
                    self.times(comparisons(count), |bounder| bounder.call_with(&first, values))?;
                }
                self.list(count, item)
            }
            Method::Reverse | Method::ToReversed | Method::Slice => self.list(count, item),
            Method::ToString => {
                let size = self.display(&whole);
                Shape::text(size)
            }
            // `values` and `valueOf`.
            _ => whole,
        })
    }

    /// Calls a function for each item.
    fn each(&mut self, count: u64, function: &Shape, item: &Shape, whole: &Shape) -> Result<Shape> {
        let values = vec![item.clone(), Shape::number(1e15), whole.clone()];
        self.times(count, |bounder| bounder.call_with(function, values))
    }

    /// The items of lists in a list, so many levels deep; each is looked at once at each level.
    fn flat(&mut self, list: &Shape, depth: Option<u64>) -> Result<(u64, Shape)> {
        let (mut count, mut item) = list.items();
        self.spend(count);
        let mut level = 0;
        while level < depth.unwrap_or(u64::MAX) && item.may(LIST) {
            level += 1;
            if level > FLAT_DEPTH_MAX || depth.is_none() {
                return Err(endless("flat"));
            }
            let (inside, inner) = item.items();
            if item.open.is_none() {
                let alone = Shape { kinds: item.kinds & !LIST, list: None, ..item.clone() };
                item = inner.or(&alone);
            }
            count = count.saturating_mul(inside.max(1));
            self.spend(count);
        }
        Ok((count, item))
    }

    /// The value goes from call to call and may grow with each, so that the calls are walked one by one until it no
    /// longer changes, or has grown for so long that it counts as anything that can be made.
    fn reduce(&mut self, count: u64, item: &Shape, whole: &Shape, given: &Given) -> Result<Shape> {
        let function = given.at(0);
        let mut value = if given.fixed.len() > 1 || given.spread.kinds != 0 { given.at(1) } else { item.clone() };
        value = value.unfixed();
        let mut done = 0;
        while done < count {
            let is_anything = done >= REDUCE_WALKED_MAX;
            if is_anything {
                value = Shape::open(self.value_max(), self.count_max(), f64::INFINITY).or(&value).or(item);
            }
            let before = self.cost;
            let values = vec![value.clone(), item.clone(), Shape::number(1e15), whole.clone()];
            let next = self.call_with(&function, values)?;
            if is_anything && (next.kinds & !value.kinds != 0 || next.may(FUNCTION)) {
                return Err(NoBound("what `reduce` gives is not known".to_owned()));
            }
            let mut result = value.or(&next).unfixed();
            if done > 0 && result.magnitude > value.magnitude {
                result.magnitude = f64::INFINITY;
            }
            let is_same = result.same_size(&value);
            done += 1;
            value = result;
            if is_same || is_anything {
                // The calls that are left cost what this one did.
                let one = self.cost.without(before);
                self.cost = self.cost.and(one.times(count - done));
                break;
            }
        }
        Ok(value)
    }
}
