//! A witness: it remembers the last checkpoint of the log, and cosigns the next one only when that continues it (C2SP tlog-witness).

use aws_lc_rs::digest::{SHA256, digest};
use chancery_ledger::{AddCheckpoint, Checkpoint, NOTE_BYTES_MAX, Note, PublicKey};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use reqwest::{Client, Response, StatusCode, Url};

use super::{Cosignature, Offer, Place, web};
use crate::PlaceError;

/// A witness.
pub(crate) struct Witness {
    client: Client,
    url: Url,
    key: PublicKey,
}

/// What a witness answered.
enum Answer {
    Cosigned(String),
    /// It saw another size last.
    Conflict(u64),
}

impl Witness {
    /// The witness at an address with its key.
    pub(crate) fn new(url: &str, key: PublicKey) -> Result<Self, String> {
        if !key.is_witness() {
            return Err("the key is not that of a witness".to_owned());
        }
        Ok(Self { client: web::client().map_err(|error| error.to_string())?, url: web::address(url)?, key })
    }

    async fn cosign(&self, offer: &Offer<'_>) -> Result<Cosignature, PlaceError> {
        let new = Checkpoint::parse(offer.note.text())?;
        let lines = match self.add(offer, offer.kept.min(new.size), new.size).await? {
            Answer::Cosigned(lines) => lines,
            Answer::Conflict(seen) if seen > new.size => {
                return Err(PlaceError::Conflict(format!(
                    "the witness has seen {seen} entries, the ledger has {}: it was restored from before or cut off",
                    new.size
                )));
            }
            Answer::Conflict(seen) => match self.add(offer, seen, new.size).await? {
                Answer::Cosigned(lines) => lines,
                Answer::Conflict(_) => {
                    return Err(PlaceError::Conflict(format!(
                        "the witness has seen another root of {seen} entries: the ledger was forked"
                    )));
                }
            },
        };
        offer.note.clone().adopt(&self.key, &lines)?;
        Ok(Cosignature { key: self.key.clone(), lines })
    }

    async fn add(&self, offer: &Offer<'_>, old: u64, new: u64) -> Result<Answer, PlaceError> {
        let proof = offer.proofs.consistency(old, new).await.map_err(PlaceError::Failed)?;
        let request = AddCheckpoint { old, proof, note: offer.note.clone() };
        let url = web::below(&self.url, &["add-checkpoint"]);
        let response = self.client.post(url).body(request.to_text()).send().await.map_err(PlaceError::request)?;
        let status = response.status();
        let said = web::text(response, NOTE_BYTES_MAX).await?;
        match status {
            StatusCode::OK => Ok(Answer::Cosigned(said)),
            StatusCode::CONFLICT => said
                .trim_end()
                .parse()
                .map(Answer::Conflict)
                .map_err(|_| PlaceError::Failed(format!("it answered 409 without a size: {}", web::excerpt(&said)))),
            StatusCode::UNPROCESSABLE_ENTITY => Err(PlaceError::Conflict(
                "the witness refuses the proof: the ledger does not continue what it has seen; it was forked"
                    .to_owned(),
            )),
            other => Err(PlaceError::Failed(format!("it answered {}: {}", other.as_u16(), web::excerpt(&said)))),
        }
    }

    /// Our own witness hands out what it saw last; others answer 404.
    async fn last_seen(&self, origin: &str) -> Result<Option<Vec<Note>>, PlaceError> {
        let url = web::below(&self.url, &["checkpoint", &origin_id(origin)]);
        let response: Response = self.client.get(url).send().await.map_err(PlaceError::request)?;
        match response.status() {
            StatusCode::OK => Ok(Some(vec![Note::parse(&web::text(response, NOTE_BYTES_MAX).await?)?])),
            StatusCode::NOT_FOUND => Ok(Some(Vec::new())),
            other => Err(PlaceError::Failed(format!("it answered {}", other.as_u16()))),
        }
    }
}

/// The name of a log in a path: SHA-256 in hexadecimal digits.
pub(crate) fn origin_id(origin: &str) -> String {
    digest(&SHA256, origin.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Place for Witness {
    fn kind(&self) -> &'static str {
        "witness"
    }

    fn keep<'a>(&'a self, offer: &'a Offer<'a>) -> BoxFuture<'a, Result<Option<Cosignature>, PlaceError>> {
        async move { self.cosign(offer).await.map(Some) }.boxed()
    }

    fn read<'a>(&'a self, origin: &'a str) -> BoxFuture<'a, Result<Option<Vec<Note>>, PlaceError>> {
        self.last_seen(origin).boxed()
    }
}
