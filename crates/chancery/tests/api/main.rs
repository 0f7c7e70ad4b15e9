//! The API against a real PostgreSQL: every answer as it goes over the wire, and what it leaves behind.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail loudly"
)]

mod access;
mod bad_input;
mod classes;
mod contract;
mod isolation;
mod kept_links;
mod ledger_keys;
mod limits;
mod link_pages;
mod links;
mod retrievals;
mod support;
