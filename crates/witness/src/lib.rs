//! Keeps the ledger's checkpoints where whoever rules the database cannot reach them, and is a witness for the ledgers of others.
//!
//! It knows the ledger's arithmetic and no other part of Chancery: no database, no keys of workspaces, no requests of users.
//!
//! - A [`Place`] keeps checkpoints: a file, a bucket under object lock, a witness, a web address, a syslog server.
//! - [`read_places`] reads the file that lists them.
//! - [`WitnessServer`] answers C2SP tlog-witness for the logs of others, and [`WitnessState`] is all that it remembers.

mod error;
mod places;
mod server;
mod settings;
mod state;
mod witness_key;

pub use error::{PlaceError, WitnessError};
pub use places::file::read as read_checkpoints;
pub use places::{Configured, Cosignature, FilePlace, Offer, Place, Proofs};
pub use server::WitnessServer;
pub use settings::read_places;
pub use state::WitnessState;
pub use witness_key::{generate as generate_witness_key, read as read_witness_key};
