//! The service on storage that is not its embedded default, with real servers.

mod checkpoints;
mod postgres;
mod s3;
