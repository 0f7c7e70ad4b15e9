//! Ranges of network addresses: `203.0.113.0/24`, `2001:db8::/32` (RFC 4632, RFC 4291).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A range of addresses of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// The first address; the bits after the prefix are zero.
    address: IpAddr,
    prefix_bits: u8,
}

/// A text that is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// It has another form.
    #[error("must be an address or a range such as 203.0.113.0/24 or 2001:db8::/32")]
    Form,
    /// Bits after the prefix are set: it is not clear whether the address or the range is meant.
    #[error("has an address that does not begin its range: write {0}")]
    HostBits(Network),
}

impl Network {
    /// Whether an address lies in it. An IPv4 address that is written as an IPv6 one counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => truncated_v4(address, self.prefix_bits) == network,
            (IpAddr::V6(network), IpAddr::V6(address)) => truncated_v6(address, self.prefix_bits) == network,
            _ => false,
        }
    }

    /// The range of this length around an address: /24 or /48 tell where somebody was without telling who.
    #[must_use]
    pub fn around(address: IpAddr) -> Self {
        const V4_PREFIX_BITS: u8 = 24;
        const V6_PREFIX_BITS: u8 = 48;
        match address.to_canonical() {
            IpAddr::V4(address) => {
                Self { address: truncated_v4(address, V4_PREFIX_BITS).into(), prefix_bits: V4_PREFIX_BITS }
            }
            IpAddr::V6(address) => {
                Self { address: truncated_v6(address, V6_PREFIX_BITS).into(), prefix_bits: V6_PREFIX_BITS }
            }
        }
    }
}

fn truncated_v4(address: Ipv4Addr, prefix_bits: u8) -> Ipv4Addr {
    let host_bits = 32_u32.saturating_sub(prefix_bits.into());
    Ipv4Addr::from_bits(address.to_bits() & u32::MAX.checked_shl(host_bits).unwrap_or(0))
}

fn truncated_v6(address: Ipv6Addr, prefix_bits: u8) -> Ipv6Addr {
    let host_bits = 128_u32.saturating_sub(prefix_bits.into());
    Ipv6Addr::from_bits(address.to_bits() & u128::MAX.checked_shl(host_bits).unwrap_or(0))
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| NetworkError::Form)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix_bits = match prefix {
            None => longest,
            // Strictly: `+8` and `08` are somebody's mistake.
            Some(digits)
                if digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0')) =>
            {
                digits.parse().ok().filter(|bits| *bits <= longest).ok_or(NetworkError::Form)?
            }
            Some(_) => return Err(NetworkError::Form),
        };
        let first = match address {
            IpAddr::V4(address) => truncated_v4(address, prefix_bits).into(),
            // What it would contain are IPv4 addresses, which are compared as such.
            IpAddr::V6(address) if address.to_ipv4_mapped().is_some() => return Err(NetworkError::Form),
            IpAddr::V6(address) => truncated_v6(address, prefix_bits).into(),
        };
        let network = Self { address: first, prefix_bits };
        if first == address { Ok(network) } else { Err(NetworkError::HostBits(network)) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix_bits)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn contains(network: &str, address: &str) -> bool {
        network.parse::<Network>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn an_address_lies_in_its_range_and_in_no_other_one() {
        assert!(contains("203.0.113.0/24", "203.0.113.255"));
        assert!(!contains("203.0.113.0/24", "203.0.114.0"));
        assert!(contains("0.0.0.0/0", "255.255.255.255"));
        assert!(contains("198.51.100.7", "198.51.100.7"));
        assert!(!contains("198.51.100.7/32", "198.51.100.6"));
        assert!(contains("2001:db8::/32", "2001:db8:ffff::1"));
        assert!(!contains("2001:db8::/32", "2001:db9::"));
        assert!(contains("::/0", "2001:db8::1"));
        assert!(contains("2001:db8::1", "2001:db8::1"));
    }

    #[test]
    fn an_ipv4_address_in_the_clothes_of_ipv6_is_ipv4() {
        assert!(contains("203.0.113.0/24", "::ffff:203.0.113.9"));
        assert!(!contains("::/0", "::ffff:203.0.113.9"));
        assert_eq!("::ffff:0:0/96".parse::<Network>(), Err(NetworkError::Form));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in [
            "",
            "/",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/08",
            "10.0.0/8",
            "::/129",
            "a/8",
            "10.0.0.0/8/8",
            " 10.0.0.0/8",
            "10.0.0.0/8 ",
            "010.0.0.0/8",
            "10.0.0.0/256",
            "fe80::1%eth0",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NetworkError::Form), "{text}");
        }
        let error = "10.1.2.3/8".parse::<Network>().unwrap_err();
        assert_eq!(error.to_string(), "has an address that does not begin its range: write 10.0.0.0/8");
    }

    #[test]
    fn what_is_recorded_of_an_address_is_its_surroundings() {
        let around = |address: &str| Network::around(address.parse().unwrap()).to_string();
        assert_eq!(around("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(around("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(around("2001:db8:1:2:3::4"), "2001:db8:1::/48");
    }
}
