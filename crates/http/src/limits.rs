//! Limits of the wire, each with its reason.

/// What one request and all requests together may take. Hitting one is an answer with its own code.
#[derive(Clone, Debug)]
pub struct WireLimits {
    /// Bytes of one body. The contract's payloads are 4 to 6 MB.
    pub body_size_bytes_max: usize,
    /// Time for one body to arrive, in milliseconds; a slow sender must not hold memory for long.
    pub body_timeout_ms: u64,
    /// Time for the head of a request to arrive, in milliseconds.
    pub header_timeout_ms: u64,
    /// Nesting of JSON. Documents have a dozen levels; serde_json itself refuses at 128.
    pub json_depth_max: u32,
    /// Requests that are answered at once; beyond it 503.
    pub concurrency_max: usize,
    /// Connections that are open at once; beyond it they wait to be accepted.
    pub connection_count_max: usize,
    /// Time to finish what is under way when the server is told to stop, in milliseconds.
    pub drain_timeout_ms: u64,
}

impl Default for WireLimits {
    fn default() -> Self {
        Self {
            body_size_bytes_max: 6_000_000,
            body_timeout_ms: 30_000,
            header_timeout_ms: 10_000,
            json_depth_max: 64,
            concurrency_max: 1_000,
            connection_count_max: 10_000,
            drain_timeout_ms: 30_000,
        }
    }
}
