//! Who keeps the root key besides us: security modules (PKCS#11), Vault or OpenBao (transit), and AWS KMS.
//!
//! Each is a [`Keeper`](chancery_vault::Keeper): it holds a key for each workspace, encrypts the workspace's keys with it,
//! and never gives it away. Destroying a workspace destroys that key, in the keeper. What a wrapped key must be bound to is
//! decided in the vault; here are only the conversations with those who keep, each with its limits of time and size.
//! [`HeldRootKeys`] puts several holders together, so that a root key can move from one to another.

mod held;
mod https;
mod kms;
mod name;
mod pkcs11;
mod transit;

pub use held::HeldRootKeys;
pub use kms::{Kms, KmsConfig};
pub use pkcs11::{Pkcs11Config, SecurityModule};
pub use transit::{Transit, TransitConfig};
