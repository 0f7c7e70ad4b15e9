//! The commands, one module each.

pub(crate) mod audit;
mod bound;
pub(crate) mod ceremony;
pub(crate) mod config;
pub(crate) mod converted;
pub(crate) mod destruction;
pub(crate) mod doctor;
pub(crate) mod fields;
pub(crate) mod help;
pub(crate) mod key;
pub(crate) mod keys;
mod ledger_keys;
pub(crate) mod purge;
pub(crate) mod render;
pub(crate) mod requests;
pub(crate) mod samples;
pub(crate) mod security;
pub(crate) mod serve;
pub(crate) mod store;
pub(crate) mod stress;
pub(crate) mod template;
pub(crate) mod witness;
pub(crate) mod workspace;
