//! The HTTP client of all places: no redirects, no proxies, limits on time and size, and no plain text to other machines.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};

use crate::PlaceError;

/// Time to reach a server, in seconds; the time for all of a request is the place's own.
const CONNECT_TIMEOUT_S: u64 = 5;
/// Time of one request at most, in seconds.
const REQUEST_TIMEOUT_S: u64 = 60;

/// A client.
pub(super) fn client() -> Result<Client, PlaceError> {
    Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(Duration::from_secs(CONNECT_TIMEOUT_S))
        .timeout(Duration::from_secs(REQUEST_TIMEOUT_S))
        .user_agent(concat!("chancery/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(PlaceError::request)
}

/// Reads an address. Plain HTTP is for this machine only: on the way, anybody could answer in the server's stead.
pub(super) fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("`{text}` is no URL: {error}"))?;
    let is_here = url.host_str().is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host));
    match url.scheme() {
        "https" => {}
        "http" if is_here => {}
        "http" => return Err(format!("`{text}` leads to another machine, which needs `https://`")),
        _ => return Err(format!("`{text}` must start with `https://`")),
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(format!("`{text}` must be no more than a scheme, a host and a path"));
    }
    Ok(url)
}

/// The address with more words at the end of its path.
pub(super) fn below(url: &Url, words: &[&str]) -> Url {
    let mut url = url.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(words);
    }
    url
}

/// Reads an answer of at most so many bytes.
pub(super) async fn body(mut response: Response, bytes_max: usize) -> Result<Vec<u8>, PlaceError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(PlaceError::request)? {
        if bytes.len().saturating_add(chunk.len()) > bytes_max {
            return Err(PlaceError::Failed(format!("the answer is longer than {bytes_max} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Reads an answer as text; what is no UTF-8 is shown as far as it can be.
pub(super) async fn text(response: Response, bytes_max: usize) -> Result<String, PlaceError> {
    Ok(String::from_utf8_lossy(&body(response, bytes_max).await?).into_owned())
}

/// The start of an answer for a message: one line without control characters.
pub(super) fn excerpt(text: &str) -> String {
    const LETTERS_MAX: usize = 200;
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(LETTERS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_and_nothing_is_hidden_in_an_address() {
        for good in ["https://example.com/x", "http://127.0.0.1:8080", "http://[::1]/", "http://localhost"] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "example.com",
            "http://example.com",
            "ftp://127.0.0.1",
            "https://user:secret@example.com",
            "https://example.com/?token=x",
            "http://127.0.0.1.example.com/",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn words_are_added_below_a_path_and_cannot_leave_it() {
        let url = address("https://example.com/a/").map(|url| below(&url, &["b", "../c"]).to_string());
        assert_eq!(url.as_deref(), Ok("https://example.com/a/b/..%2Fc"));
    }
}
