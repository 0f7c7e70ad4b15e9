//! Requests to key services: over TLS or on this machine, with limits of time and size.

use std::io::Read as _;
use std::net::IpAddr;
use std::time::Duration;

use chancery_vault::VaultError;
use reqwest::Url;
use reqwest::blocking::{Client, Request, Response};
use serde_json::Value as Json;

/// A service that does not take the connection in this time is away.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// A whole answer; key services answer in milliseconds, and a request of ours waits for it.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(8);
/// Answers hold one key; anything longer is not from a key service.
const ANSWER_BYTES_MAX: u64 = 256 * 1024;

/// What a service answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Json,
}

/// Talks to one service.
pub(crate) struct Https {
    client: Client,
    keeper: &'static str,
}

impl Https {
    /// Prepares for a service; `authority` is the certificate of an authority of one's own, in PEM.
    pub(crate) fn new(keeper: &'static str, authority: Option<&[u8]>) -> Result<Self, VaultError> {
        let failed = |error: reqwest::Error| VaultError::Keeper { keeper, reason: chain(&error) };
        let mut client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ANSWER_TIMEOUT)
            // A redirect would carry a token to somebody else, and a proxy from the environment would see it.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        if let Some(pem) = authority {
            let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(failed)?;
            client = client.tls_certs_only(certificates);
        }
        Ok(Self { client: client.build().map_err(failed)?, keeper })
    }

    /// The address of a service: HTTPS, or HTTP on this machine.
    pub(crate) fn address(keeper: &'static str, text: &str) -> Result<Url, VaultError> {
        let refused = |reason: &str| VaultError::Keeper { keeper, reason: reason.to_owned() };
        let url = Url::parse(text).map_err(|_| refused("its URL cannot be read"))?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let is_local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_local => Ok(url),
            _ => Err(refused("its URL must start with `https://`: keys are not sent in the clear to another machine")),
        }
    }

    /// Sends a request and reads the answer.
    pub(crate) fn send(&self, request: Request) -> Result<Answer, VaultError> {
        let failed = |reason| VaultError::Keeper { keeper: self.keeper, reason };
        // The path may name a key, never its content; the address is the operator's own.
        let response = self.client.execute(request).map_err(|error| failed(chain(&error.without_url())))?;
        let status = response.status().as_u16();
        let body = read(response).map_err(|error| failed(error.to_string()))?;
        let body = if body.is_empty() { Json::Null } else { serde_json::from_slice(&body).unwrap_or_default() };
        Ok(Answer { status, body })
    }
}

fn read(response: Response) -> std::io::Result<zeroize::Zeroizing<Vec<u8>>> {
    let mut body = zeroize::Zeroizing::new(Vec::new());
    response.take(ANSWER_BYTES_MAX).read_to_end(&mut body)?;
    Ok(body)
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_over_tls_or_stay_on_this_machine() {
        for good in ["https://bao.example.com:8200", "http://127.0.0.1:8200", "http://[::1]:8200", "http://localhost:1"]
        {
            assert!(Https::address("x", good).is_ok(), "{good}");
        }
        for bad in
            ["http://bao.example.com", "http://10.0.0.1:8200", "ftp://127.0.0.1", "bao", "http://127.0.0.1.example.com"]
        {
            assert!(Https::address("x", bad).is_err(), "{bad}");
        }
    }
}
