//! Reads the settings about proxies before this server.

use chancery_http::{ForwardedHeader, Proxies};
use chancery_service::links::Network;

use super::Config;

/// Ranges of addresses, separated by commas.
pub(super) fn networks(text: &str) -> Result<Vec<Network>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().map_err(|error| format!("{error}, not `{part}`"))).collect()
}

pub(super) fn header(text: &str) -> Result<ForwardedHeader, String> {
    match text {
        "x-forwarded-for" => Ok(ForwardedHeader::XForwardedFor),
        "forwarded" => Ok(ForwardedHeader::Forwarded),
        other => Err(format!("must be `x-forwarded-for` or `forwarded`, not `{other}`")),
    }
}

/// The proxies of a configuration. What cannot be read was refused when the configuration was: then nobody is trusted.
pub(crate) fn proxies_of(config: &Config) -> Proxies {
    Proxies {
        networks: networks(&config.proxies).unwrap_or_default(),
        header: header(&config.forwarded_header).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn proxies_are_ranges_with_commas_between() {
        assert_eq!(networks("").unwrap(), []);
        assert_eq!(networks("127.0.0.1, 10.0.0.0/8,").unwrap().len(), 2);
        assert_eq!(
            networks("10.0.0.1/8").unwrap_err(),
            "has an address that does not begin its range: write 10.0.0.0/8, not `10.0.0.1/8`"
        );
        assert!(networks("localhost").is_err());
        assert_eq!(header("via").unwrap_err(), "must be `x-forwarded-for` or `forwarded`, not `via`");
    }
}
