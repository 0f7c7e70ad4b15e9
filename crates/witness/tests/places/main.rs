//! Places and a witness against each other, over real sockets and files.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly")]

mod files;
mod ledger;
mod watching;
