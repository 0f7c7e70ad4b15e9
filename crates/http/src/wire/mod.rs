//! What comes in: bodies within limits, JSON within a depth, fields read leniently.

pub(crate) mod body;
pub(crate) mod depth;
pub(crate) mod fields;
pub(crate) mod link_wish;
pub(crate) mod time;
