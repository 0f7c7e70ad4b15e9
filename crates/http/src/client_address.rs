//! Where a request comes from: the address of the connection or, behind a proxy that is trusted, the one that it tells.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use chancery_service::links::{Network, Visitor};

use crate::app::App;

/// Entries of the header that are looked at, from the right; no chain of proxies is longer.
const ENTRY_COUNT_MAX: usize = 32;

/// The address at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// In which header a proxy tells from where a request came. Only one is read: a proxy sets one, and leaves the other as
/// the caller wrote it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The proxies before this server. Without any, headers about addresses are not believed.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// Where they are.
    pub networks: Vec<Network>,
    /// Their header.
    pub header: ForwardedHeader,
}

impl Proxies {
    /// The address of the client. Each proxy adds what it saw at the right end: from there on, the first address that is
    /// no proxy's is the client's, and whatever stands to the left of it is what the client says.
    fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let is_proxy = |address: IpAddr| self.networks.iter().any(|network| network.contains(address));
        let mut client = peer?;
        let name = match self.header {
            ForwardedHeader::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            ForwardedHeader::Forwarded => header::FORWARDED,
        };
        let values: Vec<_> = headers.get_all(name).iter().collect();
        // A value that is no text hides who added it.
        let entries = values.iter().rev().flat_map(|value| value.to_str().unwrap_or("?").rsplit(','));
        for entry in entries.take(ENTRY_COUNT_MAX) {
            if !is_proxy(client) {
                break;
            }
            client = match self.header {
                ForwardedHeader::XForwardedFor => address_of(entry.trim())?,
                ForwardedHeader::Forwarded => forwarded_for(entry)?,
            };
        }
        Some(client.to_canonical())
    }
}

/// The `for` of one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for")).map(|(_, value)| value.trim());
    let (value, None) = (values.next()?, values.next()) else { return None };
    address_of(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

/// An address, with or without brackets and port.
fn address_of(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Ok(socket) = text.parse::<std::net::SocketAddr>() {
        return Some(socket.ip());
    }
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

/// Whoever sent a request, as far as the door of links wants to know.
pub(crate) struct From(pub(crate) Visitor);

impl FromRequestParts<App> for From {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
        Ok(Self(Visitor { address: app.proxies.client(peer, &parts.headers) }))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use axum::http::HeaderValue;

    use super::*;

    fn client(header: ForwardedHeader, peer: &str, lines: &[(&'static str, &'static str)]) -> Option<String> {
        let networks = ["127.0.0.0/8", "10.0.0.0/8", "2001:db8:ffff::/48"].map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let proxies = Proxies { networks: networks.to_vec(), header };
        proxies.client(Some(peer.parse().unwrap()), &headers).map(|address| address.to_string())
    }

    fn x(peer: &str, lines: &[&'static str]) -> Option<String> {
        let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
        client(ForwardedHeader::XForwardedFor, peer, &lines)
    }

    #[test]
    fn who_is_no_proxy_is_the_client_whatever_they_write() {
        assert_eq!(x("203.0.113.9", &["198.51.100.1"]).as_deref(), Some("203.0.113.9"));
        let nobody = Proxies::default();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("198.51.100.1"));
        let peer: IpAddr = "127.0.0.1".parse().unwrap();
        assert_eq!(nobody.client(Some(peer), &headers), Some(peer));
        assert_eq!(nobody.client(None, &headers), None);
    }

    #[test]
    fn the_last_address_that_is_no_proxys_is_the_clients_and_what_it_wrote_before_counts_for_nothing() {
        assert_eq!(x("127.0.0.1", &["198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(x("127.0.0.1", &["10.1.1.1, 198.51.100.1, 10.0.0.2"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(x("127.0.0.1", &["192.0.2.1, 198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(x("127.0.0.1", &["192.0.2.1", "198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(x("127.0.0.1", &["[2001:db8::1]:443"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(x("127.0.0.1", &["198.51.100.1:4711"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(x("::ffff:127.0.0.1", &["198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(x("127.0.0.1", &[]).as_deref(), Some("127.0.0.1"));
        assert_eq!(x("127.0.0.1", &["10.0.0.3"]).as_deref(), Some("10.0.0.3"));
    }

    #[test]
    fn what_a_proxy_tells_and_nobody_can_read_is_no_address() {
        for line in ["", "unknown", "198.51.100.1, ", "198.51.100.1, _x", "198.51.100.999", "1.2.3.4 5.6.7.8"] {
            let lines: &[&'static str] = &[line];
            assert_eq!(x("127.0.0.1", lines), None, "{line:?}");
        }
    }

    #[test]
    fn forwarded_is_read_when_it_is_the_header_of_the_proxy_and_only_then() {
        let forwarded = |line| client(ForwardedHeader::Forwarded, "127.0.0.1", &[("forwarded", line)]);
        assert_eq!(forwarded("for=198.51.100.1;proto=https").as_deref(), Some("198.51.100.1"));
        assert_eq!(forwarded("for=192.0.2.1, For=\"[2001:db8::1]:4711\"").as_deref(), Some("2001:db8::1"));
        // An open quote of the caller does not swallow what the proxy adds.
        assert_eq!(forwarded("for=\"192.0.2.1, for=198.51.100.1").as_deref(), Some("198.51.100.1"));
        for line in ["for=_hidden", "for=unknown", "proto=https", "for=1.2.3.4;for=5.6.7.8", "198.51.100.1"] {
            assert_eq!(forwarded(line), None, "{line}");
        }
        let both = [("forwarded", "for=192.0.2.1"), ("x-forwarded-for", "198.51.100.1")];
        assert_eq!(client(ForwardedHeader::XForwardedFor, "127.0.0.1", &both).as_deref(), Some("198.51.100.1"));
        assert_eq!(client(ForwardedHeader::Forwarded, "127.0.0.1", &both).as_deref(), Some("192.0.2.1"));
    }
}
