//! Where a request comes from: the address at the other end of the connection.

use std::net::IpAddr;

/// The address at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);
