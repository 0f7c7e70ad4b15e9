//! The store against a real PostgreSQL: one private cluster for all tests, one database for each.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod allocation;
mod api_keys;
mod cluster;
mod destructions;
mod doctor;
mod documents;
mod invalidation;
mod isolation;
mod keys;
mod ledger;
mod links;
mod purge;
mod retention;
mod support;
mod templates;
mod transactions;
mod upgrade;
