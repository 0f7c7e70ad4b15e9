//! The verifier against the standards' own answers, every small tree, every altered bit, and its documentation.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail loudly")]

mod cases;
mod documented;
mod example;
mod exports;
mod hostile;
mod notes;
mod trees;
