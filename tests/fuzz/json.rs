//! Changes JSON as JSON: values are exchanged, left out and doubled, so that an input stays one that is looked into.
//!
//! Bytes changed at random are hardly ever JSON any more, and never get behind the parser.

use libfuzzer_sys::fuzzer_mutate;
use serde_json::{Map, Value as Json};

use crate::dice::Dice;

/// Changes to one input at most.
const CHANGE_COUNT_MAX: u64 = 4;

/// Numbers that are at the edge of something.
pub(crate) const NUMBERS: [f64; 16] =
    [0.0, -0.0, 1.0, -1.0, 0.5, 1e-9, 2.0, 63.0, 255.0, 1000.0, 65_536.0, 4_294_967_296.0, 1e15, 1e38, 1e308, -1e308];

/// Changes a text of JSON at some places, each time by `change`.
pub(crate) fn changed(text: &str, dice: &mut Dice, change: impl Fn(&mut Json, &mut Dice)) -> Option<String> {
    let mut json = serde_json::from_str(text).ok()?;
    for _ in 0..=dice.below(CHANGE_COUNT_MAX) {
        change(&mut json, dice);
    }
    Some(json.to_string())
}

/// Changes one value, whatever it is there for. `words` are names and texts that mean something.
pub(crate) fn change_any(json: &mut Json, words: &[String], dice: &mut Dice) {
    let mut place = dice.below(count(json));
    let mut other = dice.below(count(json));
    let taken = at(&mut json.clone(), &mut other).map(Json::take).unwrap_or_default();
    if let Some(value) = at(json, &mut place) {
        change(value, taken, words, dice);
    }
}

/// Names of properties and the values that texts may have, as a JSON schema tells them.
pub(crate) fn words_of(schema: &Json) -> Vec<String> {
    let mut words = Vec::new();
    collect(schema, &mut words);
    words.sort();
    words.dedup();
    words
}

fn collect(schema: &Json, words: &mut Vec<String>) {
    match schema {
        Json::Object(object) => {
            for (name, value) in object {
                match (name.as_str(), value) {
                    ("properties", Json::Object(properties)) => words.extend(properties.keys().cloned()),
                    ("enum", Json::Array(values)) => {
                        words.extend(values.iter().filter_map(|value| value.as_str().map(str::to_owned)));
                    }
                    ("const", Json::String(value)) => words.push(value.clone()),
                    _ => {}
                }
                collect(value, words);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, words)),
        _ => {}
    }
}

/// How many values there are, itself among them.
fn count(json: &Json) -> u64 {
    1 + match json {
        Json::Object(object) => object.values().map(count).sum(),
        Json::Array(items) => items.iter().map(count).sum(),
        _ => 0_u64,
    }
}

/// The value at a place in order of reading.
fn at<'j>(json: &'j mut Json, place: &mut u64) -> Option<&'j mut Json> {
    if *place == 0 {
        return Some(json);
    }
    *place -= 1;
    match json {
        Json::Object(object) => object.values_mut().find_map(|value| at(value, place)),
        Json::Array(items) => items.iter_mut().find_map(|item| at(item, place)),
        _ => None,
    }
}

fn change(value: &mut Json, taken: Json, words: &[String], dice: &mut Dice) {
    match (dice.below(5), &mut *value) {
        (0, _) => *value = taken,
        (1..=2, Json::Object(object)) => change_object(object, taken, words, dice),
        (1..=2, Json::Array(items)) => change_list(items, taken, dice),
        (_, Json::String(text)) => change_text(text, words, dice),
        (3, _) => *value = dice.pick(words).map_or(Json::Null, |word| Json::from(word.as_str())),
        _ => *value = Json::from(NUMBERS[dice.index(NUMBERS.len())]),
    }
}

fn change_object(object: &mut Map<String, Json>, taken: Json, words: &[String], dice: &mut Dice) {
    let known = object.keys().nth(dice.index(object.len())).cloned();
    match (dice.below(3), known, dice.pick(words)) {
        (0, Some(known), _) => drop(object.shift_remove(&known)),
        (1, Some(known), _) => drop(object.insert(known, taken)),
        (_, _, Some(word)) => drop(object.insert(word.clone(), taken)),
        _ => {}
    }
}

fn change_list(items: &mut Vec<Json>, taken: Json, dice: &mut Dice) {
    let index = dice.index(items.len());
    match (dice.below(4), items.get(index).cloned()) {
        (0, Some(_)) => drop(items.remove(index)),
        (1, Some(item)) => items.extend(std::iter::repeat_n(item, dice.index(20))),
        (2, Some(_)) => items.swap(0, index),
        _ => items.push(taken),
    }
}

fn change_text(text: &mut String, words: &[String], dice: &mut Dice) {
    if let Some(word) = dice.pick(words).filter(|_| dice.below(3) == 0) {
        text.clone_from(word);
        return;
    }
    let length = text.len();
    let mut room = std::mem::take(text).into_bytes();
    room.resize(length * 2 + 16, 0);
    let size = room.len();
    let length = fuzzer_mutate(&mut room, length, size);
    room.truncate(length);
    *text = String::from_utf8_lossy(&room).into_owned();
}
