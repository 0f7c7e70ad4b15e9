//! Where the engine leaves JavaScript on purpose: every kind of difference with its reason and an example.

use crate::oracle::Answer;

/// A kind of difference.
pub(crate) struct Difference {
    /// Why the engine is different.
    pub(crate) reason: &'static str,
    /// Parts of what Node.js throws in this case.
    messages: &'static [&'static str],
    /// An expression over no data, and what the engine gives for it.
    pub(crate) example: &'static str,
    pub(crate) gives: &'static str,
}

/// Errors of Node.js for which the engine gives a value.
///
/// Two more are built into `oracle.mjs`: nothing is changed in place, so that `sort`, `reverse` and `Object.assign` give
/// something new and `push` and its like do not exist; a function as text is `[function]`. More are kept out
/// of the generator: half a surrogate pair becomes U+FFFD; two empty lists of the data are the same to `===`; a
/// comparison that contradicts itself sorts in some order; in a regular expression the group of a repetition holds what
/// its last turn matched, even when that is nothing, the flag `u` refuses no old spellings, and nothing looks around or
/// backward. The tests of the engine hold them.
pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        reason: "reading from nothing gives nothing and is recorded, so that a document does not die of a missing line",
        messages: &["TypeError: Cannot read properties of undefined", "TypeError: Cannot read properties of null"],
        example: "data.customer.address.city",
        gives: "undefined",
    },
    Difference {
        reason: "taking nothing apart gives nothing, for the same reason",
        messages: &["TypeError: Cannot destructure property", "TypeError: Cannot destructure '"],
        example: "(({ name }) => name)(data.customer)",
        gives: "undefined",
    },
    Difference {
        reason: "a missing list counts as an empty one where it is spread or taken apart",
        messages: &[
            // What is not iterable and not nothing is an error on both sides.
            " is not iterable",
            "TypeError: Spread syntax requires ...iterable[Symbol.iterator] to be a function",
        ],
        example: "[...data.items, 1]",
        gives: "[1]",
    },
    Difference {
        reason: "what is missing holds nothing",
        messages: &["TypeError: Cannot use 'in' operator to search for"],
        example: "'name' in data.customer",
        gives: "false",
    },
    Difference {
        reason: "what is missing has no properties",
        messages: &["TypeError: Cannot convert undefined or null to object"],
        example: "Object.keys(data.customer)",
        gives: "[]",
    },
];

/// Tells whether both sides agree, or differ as they are meant to.
pub(crate) fn agree(node: &Answer, engine: &Answer) -> bool {
    match (node, engine) {
        (Answer::Value(left), Answer::Value(right)) => left == right,
        (Answer::Error(_), Answer::Error(_)) | (_, Answer::Limit) => true,
        (Answer::Error(message), Answer::Value(_)) => {
            DIFFERENCES.iter().flat_map(|difference| difference.messages).any(|part| message.contains(part))
        }
        _ => false,
    }
}
