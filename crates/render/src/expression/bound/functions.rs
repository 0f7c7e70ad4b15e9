//! What functions that are called by name take at most.

use super::function::{Given, record};
use super::shape::kind::{BOOL, LIST, MOMENT, NULLISH, NUMBER, NUMERAL, OBJECT, TEXT};
use super::{BYTES_PER_STEP, Bounder, NUMBERS, NoBound, Result, Shape, product};

/// Steps of the functions that write a number, a date or a number in words.
const FORMAT_STEPS: u64 = 20;

/// Steps of the functions that ask the rules of a language.
const RULES_STEPS: u64 = 200;

/// Bytes of a number in words: 15 digits of at most four words each.
const WORDS_BYTES: u64 = 800;

/// Bytes of a date that is written out, in any language.
const DATE_BYTES: u64 = 240;

impl Bounder<'_> {
    /// Calls a function; its arguments have been read.
    pub(super) fn builtin(&mut self, name: &str, count: u64, given: &Given) -> Result<Shape> {
        let first = given.at(0);
        Ok(match name {
            "sum" | "avg" | "min" | "max" => self.numbers(name, count, given)?,
            "count" => {
                let (count, item) = self.with_picker(given);
                if !given.at(1).may(!NULLISH) {
                    return Ok(Shape::number(1e15));
                }
                self.times(count, |bounder| bounder.picked(&given.at(1), &item))?;
                Shape::number(1e15)
            }
            "cumulative" => {
                let (count, item) = self.with_picker(given);
                let value = self.times(count, |bounder| bounder.picked(&given.at(1), &item))?;
                self.list(count, Shape::number(product(value.distance(), float(count))))
            }
            "minBy" | "maxBy" => {
                let (count, item) = self.with_picker(given);
                self.times(count, |bounder| bounder.picked(&given.at(1), &item))?;
                item.maybe()
            }
            "group" => self.group(given)?,
            "unique" => self.unique(given)?,
            "sortBy" => {
                let (count, item) = self.with_picker(given);
                let key = self.times(count, |bounder| bounder.picked(&given.at(1), &item))?;
                let comparisons = comparisons(count);
                let reading = key.read().saturating_mul(4) / BYTES_PER_STEP;
                self.spend(comparisons.saturating_mul(reading.saturating_add(10)));
                self.list(count, item)
            }
            "join" => {
                let (count, item) = Self::items_of(&first);
                let mut separator = 2;
                for place in [1, 2] {
                    separator = separator.max(self.display(&given.at(place)));
                }
                let size = item.written().saturating_add(separator);
                self.times(count, |bounder| {
                    bounder.append(&item);
                    bounder.spend(1);
                    Ok(())
                })?;
                self.text(count.saturating_mul(size))
            }
            "joinAnd" | "joinOr" => {
                self.spend(RULES_STEPS);
                let (count, item) = Self::items_of(&first);
                let size = self.times(count, |bounder| {
                    bounder.spend(1);
                    Ok(bounder.display(&item))
                })?;
                self.text(count.saturating_mul(size.saturating_add(32)))
            }
            "first" | "last" => {
                let (count, item) = Self::items_of(&first);
                let wanted = given.at(1);
                if wanted.may(!NULLISH) {
                    let count = wanted.as_count().map_or(count, |wanted| wanted.min(count));
                    self.list(count, item.clone()).or(&item.maybe())
                } else {
                    item.maybe()
                }
            }
            "chunk" => {
                let (count, item) = Self::items_of(&first);
                self.spend_for_count(count);
                self.list(count, Shape::list(count, item))
            }
            "range" => {
                let known = match (given.fixed.len(), given.at(0).number, given.at(1).number, given.at(2).number) {
                    (1, Some(end), ..) => Some(end),
                    (2, Some(start), Some(end), _) => Some(end - start),
                    (3.., Some(start), Some(end), Some(step)) => Some((end - start) / step),
                    _ => None,
                };
                let count = known
                    .filter(|_| given.spread.kinds == 0)
                    .and_then(|known| Shape::exactly(known.ceil().max(0.0)).as_count());
                let reach = (0..3).map(|place| given.at(place).distance()).fold(0.0, f64::max);
                self.list(count.unwrap_or(u64::MAX), Shape::number(reach))
            }
            "zip" => {
                let lists = given.from(0);
                let (length, item) = lists.items();
                self.times(length, |bounder| Ok(bounder.list(count, item.clone().maybe())))?;
                self.list(length, Shape::list(count, item.maybe()))
            }
            "number" | "percent" | "money" => {
                if name == "money" {
                    let currency = given.at(1);
                    self.display(&currency);
                    if currency.may(!NULLISH) {
                        self.naming(&currency);
                    }
                }
                let options = given.at(if name == "money" { 2 } else { 1 });
                let distance = if name == "percent" { first.distance() * 100.0 } else { first.distance() };
                self.spend(FORMAT_STEPS);
                let size = self.options(&options, distance);
                self.text(size)
            }
            "round" => Shape::number(first.distance() + 1.0).maybe(),
            "numeral" => Shape { magnitude: first.distance(), ..Shape::of(NUMERAL) },
            "upper" | "lower" | "capitalize" | "titleCase" | "camelCase" | "snakeCase" | "kebabCase" | "slug"
            | "base64" | "encodeURIComponent" | "sha256" | "crc32" => {
                let size = self.display(&first);
                let made = match name {
                    "sha256" => 64,
                    "crc32" => 8,
                    // Padding to a whole group of four.
                    "base64" => (size / 3).saturating_add(1).saturating_mul(4),
                    _ => size.saturating_mul(3),
                };
                let text = self.text(made);
                if first.may(NULLISH) { text.maybe() } else { text }
            }
            "truncate" => {
                let size = self.display(&first);
                let mark = self.display(&given.at(2)).max(3);
                self.spend_for_bytes(size.saturating_add(mark));
                self.text(size.saturating_add(mark)).maybe()
            }
            "grouped" => {
                let size = self.display(&first);
                let (sizes, _) = given.at(1).items();
                self.spend_for_count(sizes.max(1));
                let separator = self.display(&given.at(2)).max(1);
                self.text(size.saturating_mul(separator.saturating_add(1))).maybe()
            }
            "plural" => {
                self.spend(RULES_STEPS);
                let forms = given.at(1).entries().2;
                given.at(1).or(&given.at(2)).or(&forms).unfixed().maybe()
            }
            "ordinal" | "roman" => {
                self.spend(FORMAT_STEPS);
                self.text(40)
            }
            "words" => {
                self.spend(FORMAT_STEPS);
                self.display(&given.at(1));
                self.text(WORDS_BYTES)
            }
            "date" | "time" | "datetime" => {
                self.spend(FORMAT_STEPS);
                self.display(&given.at(2));
                let size = self.pattern_of_date(&given.at(1));
                self.text(size)
            }
            "moment" => {
                self.spend(FORMAT_STEPS);
                self.display(&given.at(1));
                Shape::of(MOMENT).maybe()
            }
            "now" => Shape::of(MOMENT),
            "ifNull" => {
                let mut value = first;
                value.kinds &= !NULLISH;
                value.or(&given.at(1))
            }
            "String" => {
                let size = self.display(&first);
                Shape { fixed: first.fixed, ..Shape::text(size) }
            }
            "String.fromCharCode" | "String.fromCodePoint" => self.text(count.saturating_mul(4)),
            "parseInt" | "parseFloat" | "Number.parseInt" | "Number.parseFloat" => {
                let size = self.display(&first);
                self.spend_for_bytes(size);
                Shape::number(f64::INFINITY)
            }
            "Number" => Shape::number(first.distance()),
            "Boolean"
            | "isNaN"
            | "isFinite"
            | "Array.isArray"
            | "Object.is"
            | "Number.isInteger"
            | "Number.isSafeInteger"
            | "Number.isFinite"
            | "Number.isNaN" => Shape::bool(),
            "JSON.parse" => {
                let size = self.display(&first);
                self.spend_for_bytes(size.saturating_mul(10));
                // Each value takes at least a byte, and an entry of an object five for three cells.
                self.spend(size.saturating_add(1));
                self.spend_for_bytes(size.saturating_mul(32));
                Shape::open(size.saturating_mul(8).max(super::NUMBER_BYTES), size, f64::INFINITY)
            }
            "JSON.stringify" => self.stringify(given)?,
            "Object.keys" | "Object.values" | "Object.entries" => {
                let (count, key, value) = self.spread_entries(&first);
                match name {
                    "Object.keys" => self.list(count, Shape::text(key)),
                    "Object.values" => self.list(count, value),
                    _ => {
                        let pair = Shape::list(2, Shape::text(key).or(&value));
                        self.times(count, |bounder| Ok(bounder.list(2, Shape::nothing())))?;
                        self.list(count, pair)
                    }
                }
            }
            "Object.fromEntries" => {
                let (count, pair) = Self::items_of(&first);
                let (_, part) = pair.items();
                let size = self.times(count, |bounder| {
                    bounder.spend(1);
                    let size = bounder.display(&part.clone().maybe());
                    bounder.spend(size / BYTES_PER_STEP);
                    Ok(size)
                })?;
                self.object(count);
                Shape::object(Vec::new(), Some((count, size, part.maybe())))
            }
            "Object.assign" => {
                let (mut total, mut longest, mut inside) = (0_u64, 0, Shape::of(0));
                let mut add = |bounder: &mut Self, shape: &Shape| {
                    let (count, key, value) = bounder.spread_entries(shape);
                    total = total.saturating_add(count);
                    longest = longest.max(key);
                    inside = inside.or(&value);
                };
                for shape in &given.fixed {
                    add(self, shape);
                }
                if given.spread.kinds != 0 {
                    return Err(unknown_count(name));
                }
                self.object(total);
                Shape::object(Vec::new(), Some((total, longest, inside)))
            }
            "Object.groupBy" => {
                let (count, item) = self.spread(&first);
                self.spend_for_count(count);
                let size = self.times(count, |bounder| {
                    let values = vec![item.clone(), Shape::number(1e15)];
                    let key = bounder.call_with(&given.at(1), values)?;
                    let size = bounder.display(&key);
                    bounder.spend(size / BYTES_PER_STEP);
                    Ok(size)
                })?;
                self.spend_for_count(count);
                self.object(count);
                Shape::object(Vec::new(), Some((count, size, Shape::list(count, item))))
            }
            "Object.hasOwn" => {
                let size = self.display(&given.at(1));
                self.spend(size / BYTES_PER_STEP);
                self.spend(first.read() / BYTES_PER_STEP);
                Shape::bool()
            }
            "Array.of" => self.list(count, given.from(0)),
            "Array.from" => self.array_from(given)?,
            name if name.starts_with("Math.") => match name {
                "Math.abs" | "Math.floor" | "Math.ceil" | "Math.round" | "Math.trunc" | "Math.sign" | "Math.sqrt"
                | "Math.fround" => Shape::number(first.distance() + 1.0),
                "Math.min" | "Math.max" if count > 0 => Shape::number(given.from(0).distance()),
                _ => Shape::number(f64::INFINITY),
            },
            _ => return Err(NoBound(format!("what `{name}` takes is not followed"))),
        })
    }

    fn numbers(&mut self, name: &str, count: u64, given: &Given) -> Result<Shape> {
        let first = given.at(0);
        let mut distance = 0.0_f64;
        if first.may(LIST) {
            let (items, item) = self.with_picker(given);
            let value = self.times(items, |bounder| bounder.picked(&given.at(1), &item))?;
            distance = product(value.distance(), if name == "sum" { float(items) } else { 1.0 });
        }
        if matches!(name, "min" | "max") && count > 0 {
            distance = distance.max(given.from(0).distance());
        }
        // What is far from zero in the middle may be rounded.
        Ok(Shape::number(distance * 1.01).maybe())
    }

    /// Items of the list that is the first argument, once the name of a property was looked for.
    fn with_picker(&mut self, given: &Given) -> (u64, Shape) {
        let (count, item) = Self::items_of(&given.at(0));
        let picker = given.at(1);
        if picker.may(TEXT) {
            let reading = if item.may(TEXT) { item.text / BYTES_PER_STEP } else { 0 };
            let key = picker.text / BYTES_PER_STEP;
            self.spend(count.saturating_mul(key.saturating_add(reading).saturating_add(1)));
        }
        (count, item)
    }

    /// What a function, or the name of a property, gives for an item.
    fn picked(&mut self, picker: &Shape, item: &Shape) -> Result<Shape> {
        self.spend(1);
        let mut value = if picker.may(NULLISH) { item.clone() } else { Shape::of(0) };
        if picker.may(TEXT) {
            value = value.or(&match picker.as_literal() {
                Some(name) => self.property(item, name),
                None => {
                    self.spend(picker.text / BYTES_PER_STEP);
                    self.read(item);
                    item.any_property()
                }
            });
        }
        // What is no function is called too, and refused then.
        if picker.may(!(NULLISH | TEXT)) {
            value = value.or(&self.call_with(picker, vec![item.clone(), Shape::number(1e15)])?);
        }
        self.read(&value);
        Ok(value)
    }

    fn group(&mut self, given: &Given) -> Result<Shape> {
        let (count, item) = self.with_picker(given);
        let key = self.times(count, |bounder| {
            let key = bounder.picked(&given.at(1), &item)?;
            bounder.display(&key);
            Ok(key)
        })?;
        // All groups together have as many items as the list.
        self.spend_for_count(count);
        self.times(count, |bounder| {
            bounder.object(2);
            Ok(())
        })?;
        let group = record(vec![("key", key), ("items", Shape::list(count, item))]);
        Ok(self.list(count, group))
    }

    fn unique(&mut self, given: &Given) -> Result<Shape> {
        let (count, item) = self.with_picker(given);
        let key = self.times(count, |bounder| {
            let key = bounder.picked(&given.at(1), &item)?;
            bounder.display(&key);
            Ok(key)
        })?;
        // Of texts and numbers with the same text there is one; of objects and lists all are looked at.
        let known = if key.kinds & !(NULLISH | BOOL | NUMBER | TEXT) == 0 { 1 } else { count };
        let reading = key.read() / BYTES_PER_STEP;
        self.spend(count.saturating_mul(known.saturating_mul(reading.saturating_add(1))));
        Ok(self.list(count, item))
    }

    fn array_from(&mut self, given: &Given) -> Result<Shape> {
        let first = given.at(0);
        let (mut count, mut item) = self.spread(&first);
        if first.may(OBJECT) {
            let length = first.property("length");
            let made = length.as_count().unwrap_or(u64::MAX).min(self.count_max());
            self.spend_for_count(made);
            count = count.max(made);
            item = item.or(&first.any_property());
        }
        let function = given.at(1);
        if function.may(!NULLISH) {
            let values = vec![item.clone(), Shape::number(1e15)];
            let made = self.times(count, |bounder| bounder.call_with(&function, values))?;
            item = if function.may(NULLISH) { item.or(&made) } else { made };
        }
        Ok(self.list(count, item))
    }

    fn stringify(&mut self, given: &Given) -> Result<Shape> {
        if given.at(1).may(!NULLISH) {
            return Err(NoBound("`JSON.stringify` with a second argument is not followed".to_owned()));
        }
        // Each value writes at least a byte, and no text is longer than the largest one allowed.
        let (count, size) = json(&given.at(0));
        let indented = if given.at(2).may(!NULLISH) { u64::MAX } else { size };
        let most = self.value_max().saturating_add(2);
        self.spend(count.min(most));
        Ok(self.text(indented).maybe())
    }

    /// Notes that a currency or locale is named, which may be for the first time.
    pub(super) fn naming(&mut self, shape: &Shape) {
        self.namings.add(shape);
        self.cost.namings = self.cost.namings.saturating_add(1);
    }

    /// Reads the options of a number; gives the bytes that it is written as.
    pub(super) fn options(&mut self, options: &Shape, distance: f64) -> u64 {
        let mut decimals = 4;
        if options.may(NUMBERS) {
            decimals = options.as_count().unwrap_or(100).min(100);
        }
        let (count, ..) = options.entries();
        if options.may(OBJECT) && count > 0 {
            self.spend(count);
            decimals = 100;
            let currency = options.property("currency");
            if currency.may(!NULLISH) {
                self.naming(&currency);
            }
        }
        // Digits of any script, and what groups them.
        let digits: u64 = if distance < 1e15 { 18 } else { 312 };
        digits.saturating_mul(6).saturating_add(decimals.saturating_mul(4)).saturating_add(60)
    }

    /// Bytes of a date in a named style, or by a pattern, whose letters stand for names of up to so many bytes.
    pub(super) fn pattern_of_date(&mut self, pattern: &Shape) -> u64 {
        const LETTER_BYTES: u64 = 40;
        let size = self.display(pattern);
        match pattern.as_literal() {
            Some("short" | "medium" | "long" | "full") => DATE_BYTES,
            _ if !pattern.may(!NULLISH) => DATE_BYTES,
            // Longer patterns are refused.
            _ => size.min(200).saturating_mul(LETTER_BYTES).max(DATE_BYTES),
        }
    }
}

/// Values inside a value as JSON, itself included, and the bytes that all take.
fn json(shape: &Shape) -> (u64, u64) {
    if shape.open.is_some() {
        return (u64::MAX, u64::MAX);
    }
    let (mut count, mut size) = (1_u64, shape.written().saturating_mul(6).saturating_add(2));
    if shape.may(LIST) {
        let (items, item) = shape.items();
        let (inside, bytes) = json(&item);
        count = count.saturating_add(items.saturating_mul(inside));
        size = size.saturating_add(items.saturating_mul(bytes.saturating_add(1)));
    }
    if let Some(fields) = shape.object.as_ref().filter(|_| shape.may(OBJECT)) {
        let mut add = |key: u64, times: u64, value: &Shape| {
            let (inside, bytes) = json(value);
            count = count.saturating_add(times.saturating_mul(inside));
            let entry = bytes.saturating_add(key.saturating_mul(6)).saturating_add(4);
            size = size.saturating_add(times.saturating_mul(entry));
        };
        fields.named.iter().for_each(|(name, value)| add(name.len() as u64, 1, value));
        if let Some(others) = &fields.others {
            add(fields.key, fields.count, others);
        }
    }
    (count, size)
}

/// Comparisons of a merge sort.
pub(super) fn comparisons(count: u64) -> u64 {
    count.saturating_mul(u64::from(count.max(1).next_power_of_two().trailing_zeros()))
}

#[expect(clippy::cast_precision_loss, reason = "a count is only compared")]
pub(super) fn float(count: u64) -> f64 {
    count as f64
}

pub(super) fn unknown_count(name: &str) -> NoBound {
    NoBound(format!("how many arguments `{name}` gets is not known"))
}
