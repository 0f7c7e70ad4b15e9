//! The service on storage that is not its embedded default, with real servers.

mod checkpoints;
mod full_disk;
mod hostile_s3;
mod postgres;
mod s3;
