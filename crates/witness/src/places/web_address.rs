//! A web address that takes each checkpoint as the body of a POST, and gives nothing back.

use chancery_ledger::Note;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use reqwest::{Client, Url, header};

use super::{Cosignature, Offer, Place, web};
use crate::PlaceError;

/// Bytes of an answer that are looked at.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// A web address.
pub(crate) struct WebAddress {
    client: Client,
    url: Url,
    /// Sent as `Authorization: Bearer`.
    token: Option<header::HeaderValue>,
}

impl WebAddress {
    /// An address, and a token when it asks for one.
    pub(crate) fn new(url: &str, token: Option<&str>) -> Result<Self, String> {
        let token = token.map(|token| header::HeaderValue::from_str(&format!("Bearer {token}"))).transpose();
        let mut token = token.map_err(|_| "the token holds what no header may hold".to_owned())?;
        if let Some(token) = &mut token {
            token.set_sensitive(true);
        }
        Ok(Self { client: web::client().map_err(|error| error.to_string())?, url: web::address(url)?, token })
    }

    async fn post(&self, note: &Note) -> Result<(), PlaceError> {
        let mut request = self.client.post(self.url.clone()).header(header::CONTENT_TYPE, "text/plain; charset=utf-8");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, token.clone());
        }
        let response = request.body(note.to_text()).send().await.map_err(PlaceError::request)?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let said = web::excerpt(&web::text(response, ANSWER_BYTES_MAX).await?);
        Err(PlaceError::Failed(format!("it answered {}: {said}", status.as_u16())))
    }
}

impl Place for WebAddress {
    fn kind(&self) -> &'static str {
        "web"
    }

    fn keep<'a>(&'a self, offer: &'a Offer<'a>) -> BoxFuture<'a, Result<Option<Cosignature>, PlaceError>> {
        async move { self.post(offer.note).await.map(|()| None) }.boxed()
    }

    fn read<'a>(&'a self, _origin: &'a str) -> BoxFuture<'a, Result<Option<Vec<Note>>, PlaceError>> {
        std::future::ready(Ok(None)).boxed()
    }
}
