//! Shapes: what is known of a value before there is one, as upper bounds.

use crate::expression::functions::Builtin;
use crate::expression::tree::Arrow;
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;
use std::sync::Arc;

/// Kinds that a value may have, as a set.
pub(super) mod kind {
    pub(in crate::expression) const NULLISH: u16 = 1;
    pub(in crate::expression) const BOOL: u16 = 1 << 1;
    pub(in crate::expression) const NUMBER: u16 = 1 << 2;
    pub(in crate::expression) const TEXT: u16 = 1 << 3;
    pub(in crate::expression) const LIST: u16 = 1 << 4;
    pub(in crate::expression) const OBJECT: u16 = 1 << 5;
    pub(in crate::expression) const FUNCTION: u16 = 1 << 6;
    pub(in crate::expression) const MOMENT: u16 = 1 << 7;
    pub(in crate::expression) const PATTERN: u16 = 1 << 8;
    pub(in crate::expression) const NUMERAL: u16 = 1 << 9;
}
use kind::{BOOL, FUNCTION, LIST, MOMENT, NULLISH, NUMBER, NUMERAL, OBJECT, PATTERN, TEXT};

/// Bytes of a number as JavaScript prints it: sign, `0.00000` and 17 digits, rounded up.
pub(super) const NUMBER_BYTES: u64 = 26;

/// Bytes of a point in time as text, with years of five digits and a zone.
pub(super) const MOMENT_BYTES: u64 = 40;

/// What is known of a value.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(super) kinds: u16,
    /// Bytes as a text or pattern; when `open` also what anything inside takes as a text.
    pub(super) text: u64,
    /// The greatest distance of a number from zero, also of one that is written as a text when `open`.
    pub(super) magnitude: f64,
    /// A number that is known exactly.
    pub(super) number: Option<f64>,
    pub(super) list: Option<Rc<(u64, Shape)>>,
    pub(super) object: Option<Rc<Fields>>,
    /// Of a function: what it may be; none when that is not known.
    pub(super) callees: Option<Rc<Vec<Callee>>>,
    pub(super) search: Search,
    /// Nothing describes it: items and properties are like itself, and there are so many of them.
    pub(super) open: Option<u64>,
    /// What it is on every evaluation of a render.
    pub(super) fixed: Option<Fixed>,
}

/// A regular expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Search {
    pub(super) instructions: u64,
    pub(super) groups: u64,
    /// Whether it finds all matches.
    pub(super) is_global: bool,
}

/// Properties of an object.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) named: Vec<(Rc<str>, Shape)>,
    /// Properties with other names.
    pub(super) others: Option<Shape>,
    pub(super) count: u64,
    /// Bytes of a name.
    pub(super) key: u64,
}

/// Something that can be called.
#[derive(Clone, Debug)]
pub(super) enum Callee {
    Builtin(&'static Builtin),
    Arrow(Arc<Arrow>, Rc<[Shape]>),
}

/// A value that does not change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fixed {
    Literal(Rc<str>),
    Place(Rc<str>),
}

/// What was joined while two shapes are, by the addresses of both: a shape that stands at many places is joined once.
#[derive(Default)]
struct Joins {
    count: u32,
    depth: u32,
    lists: FxHashMap<(usize, usize), Rc<(u64, Shape)>>,
    objects: FxHashMap<(usize, usize), Rc<Fields>>,
}

/// Shapes that are looked at while two are joined; of what holds more, it is only known what anything in it may be.
const JOINED_MAX: u32 = 5_000;

/// Levels of lists and objects in each other that are looked at.
const JOINED_DEPTH_MAX: u32 = 50;

/// Shapes that are compared before two values count as different.
const COMPARED_MAX: u32 = 10_000;

impl Shape {
    pub(super) fn of(kinds: u16) -> Self {
        Self {
            kinds,
            text: 0,
            magnitude: 0.0,
            number: None,
            list: None,
            object: None,
            callees: None,
            search: Search::default(),
            open: None,
            fixed: None,
        }
    }

    /// `undefined` or `null`.
    pub(crate) fn nothing() -> Self {
        Self::of(NULLISH)
    }

    /// A truth value.
    pub(crate) fn bool() -> Self {
        Self::of(BOOL)
    }

    /// A number so far from zero at most.
    pub(crate) fn number(magnitude: f64) -> Self {
        Self { magnitude, ..Self::of(NUMBER) }
    }

    /// Exactly this number.
    pub(crate) fn exactly(number: f64) -> Self {
        let magnitude = if number.is_nan() { 0.0 } else { number.abs() };
        Self { number: Some(number), ..Self::number(magnitude) }
    }

    /// A text of so many bytes at most.
    pub(crate) fn text(bytes: u64) -> Self {
        Self { text: bytes, magnitude: f64::INFINITY, ..Self::of(TEXT) }
    }

    /// Exactly this text.
    pub(crate) fn literal(text: &str) -> Self {
        Self { fixed: Some(Fixed::Literal(text.into())), ..Self::text(text.len() as u64) }
    }

    /// A list of so many items at most.
    pub(crate) fn list(count: u64, item: Self) -> Self {
        Self { list: Some(Rc::new((count, item))), ..Self::of(LIST) }
    }

    /// An object with these properties, and `more` others.
    pub(crate) fn object(named: Vec<(Rc<str>, Self)>, others: Option<(u64, u64, Self)>) -> Self {
        let longest = named.iter().map(|(name, _)| name.len() as u64).max().unwrap_or(0);
        let (more, key, others) = match others {
            Some((more, key, shape)) => (more, key, Some(shape)),
            None => (0, 0, None),
        };
        let count = more.saturating_add(named.len() as u64);
        let fields = Fields { named, others, count, key: key.max(longest) };
        Self { object: Some(Rc::new(fields)), ..Self::of(OBJECT) }
    }

    /// Data that nothing describes: it is written as at most so many bytes, and so are the values inside; lists and
    /// objects have at most so many entries.
    pub(crate) fn open(text: u64, count: u64, magnitude: f64) -> Self {
        Self { text, magnitude, open: Some(count), ..Self::of(NULLISH | BOOL | NUMBER | TEXT | LIST | OBJECT) }
    }

    pub(super) fn function(callee: Callee) -> Self {
        Self { callees: Some(Rc::new(vec![callee])), ..Self::of(FUNCTION) }
    }

    pub(super) fn may(&self, kinds: u16) -> bool {
        self.kinds & kinds != 0
    }

    /// The same, or nothing.
    pub(crate) fn maybe(mut self) -> Self {
        self.kinds |= NULLISH;
        self
    }

    /// This value stands at a place of the data that is one on every evaluation.
    pub(crate) fn at_place(mut self, place: &str) -> Self {
        self.fixed = Some(Fixed::Place(place.into()));
        self
    }

    /// One or the other.
    pub(crate) fn or(&self, other: &Self) -> Self {
        self.joined(other, &mut Joins::default())
    }

    fn joined(&self, other: &Self, joins: &mut Joins) -> Self {
        joins.depth += 1;
        let joined = self.joined_here(other, joins);
        joins.depth -= 1;
        joined
    }

    fn joined_here(&self, other: &Self, joins: &mut Joins) -> Self {
        if self.kinds == 0 {
            return other.clone();
        }
        if other.kinds == 0 {
            return self.clone();
        }
        joins.count += 1;
        if joins.count > JOINED_MAX || joins.depth > JOINED_DEPTH_MAX {
            // What functions there are in it is not known any more.
            let mut out = Self::open(0, 0, 0.0);
            let mut seen = FxHashSet::default();
            [self, other].into_iter().for_each(|shape| out.absorb(shape, &mut seen, None));
            return out;
        }
        if self.open.is_some() || other.open.is_some() {
            let mut out = if self.open.is_some() { self.clone() } else { other.clone() };
            out.absorb(if self.open.is_some() { other } else { self }, &mut FxHashSet::default(), Some(joins));
            out.number = None;
            out.fixed = None;
            return out;
        }
        let list = match (&self.list, &other.list) {
            (Some(left), Some(right)) if !Rc::ptr_eq(left, right) => {
                let place = (Rc::as_ptr(left).addr(), Rc::as_ptr(right).addr());
                let known = joins.lists.get(&place).cloned();
                Some(known.unwrap_or_else(|| {
                    let joined = Rc::new((left.0.max(right.0), left.1.joined(&right.1, joins)));
                    joins.lists.insert(place, Rc::clone(&joined));
                    joined
                }))
            }
            (left, right) => left.clone().or_else(|| right.clone()),
        };
        let object = match (&self.object, &other.object) {
            (Some(left), Some(right)) if !Rc::ptr_eq(left, right) => {
                let place = (Rc::as_ptr(left).addr(), Rc::as_ptr(right).addr());
                let known = joins.objects.get(&place).cloned();
                Some(known.unwrap_or_else(|| {
                    let joined = Rc::new(left.joined(right, joins));
                    joins.objects.insert(place, Rc::clone(&joined));
                    joined
                }))
            }
            (left, right) => left.clone().or_else(|| right.clone()),
        };
        Self {
            kinds: self.kinds | other.kinds,
            text: self.text.max(other.text),
            magnitude: self.magnitude.max(other.magnitude),
            number: self.number.filter(|number| other.number.is_some_and(|it| it.to_bits() == number.to_bits())),
            list,
            object,
            callees: callees_of(self, other, joins),
            search: self.search.or(other.search),
            open: None,
            fixed: self.fixed.clone().filter(|fixed| other.fixed.as_ref() == Some(fixed)),
        }
    }

    /// Makes an open shape large enough for everything inside another one; what was `seen` is inside already. Without
    /// `joins`, functions are forgotten.
    fn absorb(&mut self, other: &Self, seen: &mut FxHashSet<usize>, mut joins: Option<&mut Joins>) {
        self.callees = joins.as_deref_mut().and_then(|joins| callees_of(self, other, joins));
        self.kinds |= other.kinds;
        self.text = self.text.max(other.text).max(other.written());
        self.magnitude = self.magnitude.max(other.magnitude);
        self.search = self.search.or(other.search);
        let mut count = self.open.unwrap_or(0).max(other.open.unwrap_or(0));
        if let Some(list) = other.list.as_ref().filter(|list| seen.insert(Rc::as_ptr(list).addr())) {
            count = count.max(list.0);
            self.absorb(&list.1, seen, joins.as_deref_mut());
        }
        if let Some(fields) = other.object.as_ref().filter(|fields| seen.insert(Rc::as_ptr(fields).addr())) {
            count = count.max(fields.count);
            self.text = self.text.max(fields.key);
            for shape in fields.named.iter().map(|(_, shape)| shape).chain(&fields.others) {
                self.absorb(shape, seen, joins.as_deref_mut());
            }
        }
        self.open = Some(self.open.unwrap_or(0).max(count));
    }

    /// Items at most, and what one is.
    pub(crate) fn items(&self) -> (u64, Self) {
        match (self.open, &self.list) {
            (Some(count), _) if self.may(LIST) => (count, self.unfixed()),
            (_, Some(list)) if self.may(LIST) => (list.0, list.1.unfixed()),
            _ => (0, Self::of(0)),
        }
    }

    /// Entries at most, bytes of a name, and what one value is.
    pub(super) fn entries(&self) -> (u64, u64, Self) {
        match (self.open, &self.object) {
            (Some(count), _) if self.may(OBJECT) => (count, self.text, self.unfixed()),
            (_, Some(fields)) if self.may(OBJECT) => {
                let values = fields.named.iter().map(|(_, shape)| shape).chain(&fields.others);
                let value = values.fold(Self::of(0), |value, shape| value.or(shape));
                (fields.count, fields.key, value.unfixed())
            }
            _ => (0, 0, Self::of(0)),
        }
    }

    pub(super) fn unfixed(&self) -> Self {
        Self { fixed: None, number: None, ..self.clone() }
    }

    /// The property of a name, which may always be missing.
    pub(crate) fn property(&self, name: &str) -> Self {
        let mut found = Self::nothing();
        if self.open.is_some() {
            found = found.or(&self.unfixed());
        } else if let Some(fields) = &self.object {
            let named = fields.named.iter().find(|(known, _)| **known == *name).map(|(_, shape)| shape);
            if let Some(shape) = named.or(fields.others.as_ref()) {
                found = found.or(shape);
            }
        }
        if self.may(TEXT | LIST) {
            let is_index = name.bytes().all(|byte| byte.is_ascii_digit());
            if name == "length" {
                found = found.or(&Self::number(1e15));
            } else if is_index && self.may(TEXT) {
                found = found.or(&Self::text(4));
            }
            if is_index {
                found = found.or(&self.items().1);
            }
        }
        found.fixed = match (&self.fixed, self.may(TEXT | LIST) && self.open.is_none()) {
            (Some(Fixed::Place(place)), false) => Some(Fixed::Place(format!("{place}.{name}").into())),
            _ => None,
        };
        found
    }

    /// The property of any name.
    pub(super) fn any_property(&self) -> Self {
        let mut found = self.entries().2.maybe().or(&self.items().1);
        if self.may(TEXT) {
            found = found.or(&Self::text(4));
        }
        if self.may(TEXT | LIST) { found.or(&Self::number(1e15)) } else { found }
    }

    /// Bytes that `String(x)` gives.
    pub(super) fn written(&self) -> u64 {
        let mut bytes = if self.may(TEXT) { self.text } else { 0 };
        for (kinds, size) in [
            (NULLISH, 9),
            (BOOL, 5),
            (NUMBER | NUMERAL, NUMBER_BYTES),
            (FUNCTION, 10),
            (OBJECT, 15),
            (MOMENT, MOMENT_BYTES),
            (PATTERN, self.text),
        ] {
            if self.may(kinds) && (self.open.is_none() || kinds & (NULLISH | BOOL | NUMBER | OBJECT) == 0) {
                bytes = bytes.max(size);
            }
        }
        if self.open.is_some() {
            return bytes.max(self.text);
        }
        match self.items() {
            (0, _) => bytes,
            (count, item) => bytes.max(count.saturating_mul(item.written().saturating_add(1))),
        }
    }

    /// Bytes that `String(x)` makes: a text is made already.
    pub(super) fn made(&self) -> u64 {
        if self.kinds == TEXT { 0 } else { self.written() }
    }

    /// Bytes that are read when it is compared or becomes a number.
    pub(super) fn read(&self) -> u64 {
        if self.open.is_some() {
            return self.text;
        }
        let own = if self.may(TEXT) { self.text } else { 0 };
        let (count, item) = self.items();
        if count > 0 { own.max(item.read()) } else { own }
    }

    /// How far from zero it is as a number.
    pub(super) fn distance(&self) -> f64 {
        if self.may(TEXT | LIST) && self.open.is_none() {
            return f64::INFINITY;
        }
        let moment = if self.may(MOMENT) { 1e15 } else { 0.0 };
        self.magnitude.max(moment).max(if self.may(BOOL) { 1.0 } else { 0.0 })
    }

    /// Whether everything in it is as large as in another one.
    pub(super) fn same_size(&self, other: &Self) -> bool {
        self.is_as_large(other, &mut { COMPARED_MAX })
    }

    fn is_as_large(&self, other: &Self, left: &mut u32) -> bool {
        let Some(rest) = left.checked_sub(1) else { return false };
        *left = rest;
        let lists = match (&self.list, &other.list) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other) || one.0 == other.0 && one.1.is_as_large(&other.1, left),
            (None, None) => true,
            _ => false,
        };
        let objects = match (&self.object, &other.object) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other) || one.is_as_large(other, left),
            (None, None) => true,
            _ => false,
        };
        lists
            && objects
            && self.kinds == other.kinds
            && self.text == other.text
            && self.magnitude.to_bits() == other.magnitude.to_bits()
            && self.search == other.search
            && self.open == other.open
            && self.callees.is_none()
            && other.callees.is_none()
    }

    pub(super) fn as_literal(&self) -> Option<&str> {
        match &self.fixed {
            Some(Fixed::Literal(text)) => Some(text),
            _ => None,
        }
    }

    /// A count that is known to be written.
    pub(super) fn as_count(&self) -> Option<u64> {
        let number = self.number.filter(|number| *number >= 0.0 && *number < 1e15)?;
        u64::try_from(crate::expression::value::wrap_to_i64(number)).ok()
    }
}

impl Search {
    fn or(self, other: Self) -> Self {
        Self {
            instructions: self.instructions.max(other.instructions),
            groups: self.groups.max(other.groups),
            is_global: self.is_global || other.is_global,
        }
    }
}

impl Fields {
    fn is_as_large(&self, other: &Self, left: &mut u32) -> bool {
        let others = match (&self.others, &other.others) {
            (Some(one), Some(other)) => one.is_as_large(other, left),
            (None, None) => true,
            _ => false,
        };
        others
            && self.count == other.count
            && self.key == other.key
            && self.named.len() == other.named.len()
            && self
                .named
                .iter()
                .zip(&other.named)
                .all(|((name, one), (known, other))| name == known && one.is_as_large(other, left))
    }

    fn joined(&self, other: &Self, joins: &mut Joins) -> Self {
        let mut named = Vec::with_capacity(self.named.len());
        for (name, shape) in &self.named {
            let there = other.named.iter().find(|(known, _)| known == name).map(|(_, shape)| shape);
            let there = there.or(other.others.as_ref());
            named.push((Rc::clone(name), there.map_or_else(|| shape.clone(), |there| shape.joined(there, joins))));
        }
        for (name, shape) in &other.named {
            if !self.named.iter().any(|(known, _)| known == name) {
                let here = self.others.as_ref();
                named.push((Rc::clone(name), here.map_or_else(|| shape.clone(), |here| here.joined(shape, joins))));
            }
        }
        let others = match (&self.others, &other.others) {
            (Some(left), Some(right)) => Some(left.joined(right, joins)),
            (left, right) => left.clone().or_else(|| right.clone()),
        };
        Self { named, others, count: self.count.max(other.count), key: self.key.max(other.key) }
    }
}

/// All that may be called; none when that is not known of one of them. What one arrow function takes from outside is joined,
/// so that there are no more than the source has.
fn callees_of(one: &Shape, other: &Shape, joins: &mut Joins) -> Option<Rc<Vec<Callee>>> {
    let (one, other) = match (&one.callees, &other.callees) {
        (Some(one), Some(other)) => (one, other),
        (None, callees) if !one.may(FUNCTION) => return callees.clone(),
        (callees, None) if !other.may(FUNCTION) => return callees.clone(),
        _ => return None,
    };
    if Rc::ptr_eq(one, other) {
        return Some(Rc::clone(one));
    }
    let mut all = one.to_vec();
    for callee in other.iter() {
        let known = all.iter_mut().find(|known| known.is_same(callee));
        match (known, callee) {
            (Some(Callee::Arrow(_, captured)), Callee::Arrow(_, others)) if !Rc::ptr_eq(captured, others) => {
                *captured = captured.iter().zip(others.iter()).map(|(one, other)| one.joined(other, joins)).collect();
            }
            (Some(_), _) => {}
            (None, callee) => all.push(callee.clone()),
        }
    }
    Some(Rc::new(all))
}

impl Callee {
    /// Whether it is the same place of the source.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Builtin(one), Self::Builtin(other)) => std::ptr::eq(*one, *other),
            (Self::Arrow(one, _), Self::Arrow(other, _)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}
