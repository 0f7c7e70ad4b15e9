//! Conformance: the standards that a file must follow, which of them go together, and what each asks of a document.
//!
//! ```text
//! profile    the standards by name
//! rules      what each asks, with its clause
//! check      document -> findings             (items, tags, text, foreign pages, findings)
//! ```
//!
//! What was asked and cannot be met is an error; nothing is left out silently.

mod check;
mod combine;
mod findings;
mod foreign;
mod items;
mod nesting;
mod profile;
mod rules;
mod tags;
#[cfg(test)]
mod tests;

pub(crate) use check::{check, is_private};
pub use combine::{Conflict, Conformance, FileVersion};
pub use profile::Profile;
