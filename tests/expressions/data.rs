//! Generated data sets: the shapes that invoices have, with odd values in them.

use serde_json::{Map, Value as Json, json};

use crate::numbers::Numbers;

/// Numbers as they stand in data.
const NUMBERS: [f64; 22] = [
    0.0,
    1.0,
    -1.0,
    2.0,
    3.0,
    10.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    0.1,
    0.2,
    19.99,
    -7.25,
    1e21,
    1e-7,
    255.0,
    2147483648.0,
    4294967296.5,
    9007199254740993.0,
    123456.789,
    5e-324,
];

/// Texts as they stand in data: words, numbers, white space, quotes, letters of several scripts.
const TEXTS: [&str; 22] = [
    "",
    " ",
    "a",
    "abc",
    "Abc",
    "b,c",
    "a b c",
    "12",
    "12.5",
    " 7 ",
    "0x1F",
    "-3e2",
    "1,234",
    "null",
    "äöü",
    "Straße",
    "a\nb",
    "\t x \u{a0}",
    "\"q\"",
    "$&",
    "日本語",
    "aaaa",
];

pub(crate) fn number(numbers: &mut Numbers) -> f64 {
    *numbers.pick(&NUMBERS)
}

pub(crate) fn text(numbers: &mut Numbers) -> &'static str {
    numbers.pick::<&str>(&TEXTS)
}

fn any(numbers: &mut Numbers) -> Json {
    match numbers.below(7) {
        0 => Json::Null,
        1 => json!(numbers.one_in(2)),
        2 | 3 => json!(number(numbers)),
        4 | 5 => json!(text(numbers)),
        _ => json!([number(numbers), text(numbers)]),
    }
}

/// One data set; every field is missing now and then.
pub(crate) fn set(numbers: &mut Numbers) -> Json {
    let mut out = Map::new();
    let mut put = |name: &str, value: Json, missing: bool| {
        if !missing {
            out.insert(name.to_owned(), value);
        }
    };
    for name in ["a", "b"] {
        let value = json!(number(numbers));
        put(name, value, numbers.one_in(12));
    }
    for name in ["s", "t"] {
        let value = json!(text(numbers));
        put(name, value, numbers.one_in(12));
    }
    // Two empty lists of the data are one and the same to the engine, so that only one list is ever empty.
    let list = |numbers: &mut Numbers, item: fn(&mut Numbers) -> Json| -> Json {
        (0..=numbers.below(4)).map(|_| item(numbers)).collect()
    };
    let value = if numbers.one_in(4) { json!([]) } else { list(numbers, |numbers| json!(number(numbers))) };
    put("l", value, false);
    let value = list(numbers, |numbers| json!(text(numbers)));
    put("w", value, false);
    let value = list(numbers, any);
    put("m", value, numbers.one_in(12));
    let value = list(
        numbers,
        |numbers| json!({ "name": text(numbers), "qty": number(numbers), "price": number(numbers), "tags": [text(numbers)] }),
    );
    put("r", value, false);
    let value = json!({ "x": any(numbers), "10": number(numbers), "y": text(numbers), "2": any(numbers), "": 1 });
    put("o", value, numbers.one_in(12));
    put("n", Json::Null, false);
    put("y", json!(numbers.one_in(2)), false);
    Json::Object(out)
}
