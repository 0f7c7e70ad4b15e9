//! What the product does, one module a subject. No HTTP, no SQL.
//!
//! [`Service`] is the door: each subject is a method of it, and every function there asks for an
//! [`Actor`](access::Actor), a handle that an actor was given, or the [`Operator`](access::Operator) of the machine.

pub mod access;
pub mod account;
mod cache;
pub mod check;
pub mod classes;
pub mod clock;
pub mod destruction;
pub mod doctor;
pub mod documents;
pub mod error;
pub mod files;
pub mod fonts;
mod keyring;
pub mod keys;
pub mod ledger;
pub mod ledger_keys;
mod ledger_outside;
pub mod links;
mod listening;
pub mod page;
pub mod permission;
pub mod purge;
mod reencryption;
pub mod renderer;
pub mod rotation;
mod sealing;
pub mod security;
mod service;
pub mod templates;
pub mod transactions;
mod uses;
pub mod workspaces;

pub use chancery_render::{Diagnostic, Severity};
pub use error::ServiceError;
pub use service::{Policy, Service, ServiceParts};

pub(crate) use service::Shared;
