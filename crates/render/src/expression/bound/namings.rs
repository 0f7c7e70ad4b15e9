//! Currencies and locales that are named: the first use of each is worth many steps.

use super::shape::{Fixed, Shape};
use crate::expression::context::{USED_COUNT_MAX, USED_SIZE_BYTES_MAX};
use crate::expression::functions::FIRST_USE_STEPS;
use std::collections::BTreeSet;

/// What is named in all expressions of a template.
#[derive(Clone, Debug, Default)]
pub(crate) struct Namings {
    fixed: BTreeSet<Fixed>,
    /// Something else is named at each evaluation, or what is named is too long to be kept.
    is_any: bool,
}

impl Namings {
    /// Notes that a currency or locale is named.
    pub(super) fn add(&mut self, shape: &Shape) {
        match &shape.fixed {
            Some(fixed) if shape.written() <= USED_SIZE_BYTES_MAX as u64 => drop(self.fixed.insert(fixed.clone())),
            _ => self.is_any = true,
        }
    }

    /// Steps of those of so many namings that are first ones.
    pub(crate) fn steps(&self, namings: u64) -> u64 {
        let few = self.fixed.len() <= USED_COUNT_MAX && !self.is_any;
        let first = if few { namings.min(self.fixed.len() as u64) } else { namings };
        first.saturating_mul(FIRST_USE_STEPS)
    }
}
