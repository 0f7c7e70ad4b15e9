//! What is to be measured, read from the command line.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;

use super::answer::Expected;
use super::caller::Round;
use crate::arguments::Options;
use crate::engine::{Content, DocumentKind, read_text};
use crate::failure::Failure;

/// Different bodies that are sent in turn; enough that no cache of whole documents could help.
const BODY_COUNT: u64 = 400;
/// Longest round; short enough that all rounds together take about a minute.
const SECONDS_DEFAULT: u64 = 5;
/// Most requests of a round.
const REQUESTS_DEFAULT: u64 = 20_000;
/// More callers than this only measure the queue.
const CALLERS_MAX: u32 = 1_000;

/// The whole measurement.
pub(crate) struct Plan {
    address: SocketAddr,
    key: Arc<str>,
    file_bodies: Arc<[Bytes]>,
    json_bodies: Arc<[Bytes]>,
    request_count_max: u64,
    time_max: Duration,
    /// The process whose CPU time is read.
    pub(crate) service_pid: u32,
    /// Folder below which the PostgreSQL cluster is.
    pub(crate) cluster: Option<PathBuf>,
    /// Numbers of callers, one round each.
    pub(crate) callers: Vec<u32>,
}

impl Plan {
    /// Reads the command line.
    ///
    /// # Errors
    /// What is missing or wrong; an address that is not loopback.
    pub(crate) fn read(options: &Options) -> Result<Self, Failure> {
        let address = loopback(options.required("address")?)?;
        let key = read_text(Path::new(options.required("key-file")?))?.trim().into();
        let template_id = options.required("template-id")?;
        let content = Path::new(options.required("content")?);
        let service_pid = options.number("service-pid", 0)?;
        if service_pid == 0 {
            return Err(Failure::Usage("--service-pid is missing".to_owned()));
        }
        Ok(Self {
            address,
            key,
            file_bodies: bodies(template_id, content, Expected::Pdf)?,
            json_bodies: bodies(template_id, content, Expected::Json)?,
            request_count_max: options.number("requests", REQUESTS_DEFAULT)?,
            time_max: Duration::from_secs(options.number("seconds", SECONDS_DEFAULT)?),
            service_pid,
            cluster: options.optional("cluster").map(PathBuf::from),
            callers: callers(options.optional("callers").unwrap_or("1,2,4,8,32"))?,
        })
    }

    /// The round with so many callers.
    pub(crate) fn round(&self, expected: Expected, callers: u32) -> Round {
        let bodies = match expected {
            Expected::Pdf => &self.file_bodies,
            Expected::Json => &self.json_bodies,
        };
        Round {
            address: self.address,
            key: Arc::clone(&self.key),
            bodies: Arc::clone(bodies),
            expected,
            callers,
            request_count_max: self.request_count_max,
            time_max: self.time_max,
        }
    }
}

/// This generator is a weapon elsewhere: it talks to this machine only.
fn loopback(text: &str) -> Result<SocketAddr, Failure> {
    let address: SocketAddr =
        text.parse().map_err(|_| Failure::Usage(format!("--address wants an address and a port, not `{text}`")))?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(Failure::Usage(format!("{address} is not this machine: requests go to loopback only")))
    }
}

fn callers(text: &str) -> Result<Vec<u32>, Failure> {
    let wrong =
        || Failure::Usage(format!("--callers wants numbers from 1 to {CALLERS_MAX}, such as 1,4, not `{text}`"));
    let read = |part: &str| part.parse().ok().filter(|count| (1..=CALLERS_MAX).contains(count)).ok_or_else(wrong);
    text.split(',').map(read).collect()
}

/// The bodies are made before the measurement: the generator must cost as little as possible.
fn bodies(template_id: &str, content: &Path, expected: Expected) -> Result<Arc<[Bytes]>, Failure> {
    let mut content = Content::read(DocumentKind::Invoice, content)?;
    let body = |index| {
        let data = content.data(index);
        let body = json!({ "template_id": template_id, "export_type": expected.name(), "data": data });
        Bytes::from(body.to_string())
    };
    Ok((0..BODY_COUNT).map(body).collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn only_this_machine_is_called() {
        assert!(loopback("127.0.0.1:80").is_ok());
        assert!(loopback("[::1]:80").is_ok());
        for text in ["10.0.0.1:80", "0.0.0.0:80", "example.org:80", "127.0.0.1", ""] {
            assert!(loopback(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_of_callers_are_checked() {
        assert_eq!(callers("1,2,32").unwrap(), [1, 2, 32]);
        for text in ["", "0", "1,,2", "-1", "1001", "many"] {
            assert!(callers(text).is_err(), "{text}");
        }
    }
}
