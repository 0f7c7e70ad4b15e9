//! The places that keep the ledger's checkpoints: opens them, keeps each up to date on its own, and collects what they keep.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chancery_ledger::{Checkpoint, Hash, Note};
use chancery_service::Service;
use chancery_service::access::Operator;
use chancery_vault::Timestamp;
use chancery_witness::{Configured, FilePlace, Offer, PlaceError, Proofs, WitnessError};
use futures::FutureExt as _;
use futures::future::{BoxFuture, join_all};

use crate::config::Config;
use crate::error::CommandError;
use crate::opened::service_error;

/// The name under which the progress of `audit.checkpoint_file` is remembered.
const FILE_NAME: &str = "file";
/// Seconds that the file has: a disk that hangs must not hold a command back for ever.
const FILE_TIMEOUT_S: u64 = 30;
/// Attempts to offer what is the latest at that moment, while others write too.
const ATTEMPT_COUNT_MAX: usize = 3;

/// A place as `audit places` and `doctor` show it.
pub(crate) struct Standing {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    /// Entries of its last checkpoint, and how many the ledger has more.
    pub(crate) size: u64,
    pub(crate) behind: u64,
    pub(crate) kept_at: Option<Timestamp>,
    pub(crate) failed_at: Option<Timestamp>,
    pub(crate) error: Option<String>,
}

/// What a place keeps; none when it never gives anything back.
pub(crate) struct Collected {
    pub(crate) name: String,
    pub(crate) notes: Result<Option<Vec<Note>>, PlaceError>,
}

/// Opens all places of the configuration.
pub(crate) fn open(config: &Config) -> Result<Vec<Configured>, CommandError> {
    let mut places = Vec::new();
    if let Some(path) = &config.audit_checkpoint_file {
        places.push(file(path.clone()));
    }
    if let Some(path) = &config.audit_places_file {
        places.extend(chancery_witness::read_places(path).map_err(failed)?);
    }
    if places.iter().filter(|it| it.name == FILE_NAME).count() > 1 {
        return Err(CommandError::input("the name `file` is that of `audit.checkpoint_file`; give the place another"));
    }
    Ok(places)
}

/// A failure of places or witness as a failure of a command.
pub(crate) fn failed(error: WitnessError) -> CommandError {
    match error {
        WitnessError::File { doing, path, source } => CommandError::file(doing, &path, source),
        other => CommandError::input(other.to_string()),
    }
}

fn file(path: PathBuf) -> Configured {
    Configured {
        name: FILE_NAME.to_owned(),
        interval: Duration::ZERO,
        timeout: Duration::from_secs(FILE_TIMEOUT_S),
        place: Box::new(FilePlace::new(path)),
    }
}

/// How far each place is.
pub(crate) async fn standings(service: &Service, places: &[Configured]) -> Result<Vec<Standing>, CommandError> {
    let failed = |error| service_error("cannot read how far the places are", error);
    let operator = Operator::of_this_machine();
    let ledger = service.ledger();
    let known = ledger.places(&operator).await.map_err(failed)?;
    let size = size_of(ledger.latest_checkpoint(&operator).await.map_err(failed)?.as_ref());
    let standing = |place: &Configured| {
        let known = known.iter().find(|known| known.name == place.name);
        let kept = known.map_or(0, |known| known.size);
        Standing {
            name: place.name.clone(),
            kind: place.place.kind(),
            size: kept,
            behind: size.saturating_sub(kept),
            kept_at: known.and_then(|known| known.kept_at),
            failed_at: known.and_then(|known| known.failed_at),
            error: known.and_then(|known| known.error.clone()),
        }
    };
    Ok(places.iter().map(standing).collect())
}

/// Offers the latest checkpoint to every place at once; gives each with its failure.
pub(crate) async fn publish_all(service: &Service, places: &[Configured]) -> Vec<(String, PlaceError)> {
    let published = places
        .iter()
        .map(|place| async move { publish(service, place).await.err().map(|error| (place.name.clone(), error)) });
    join_all(published).await.into_iter().flatten().collect()
}

/// Keeps one place up to date for as long as the service lives; nobody waits for it.
pub(crate) async fn publish_regularly(service: Service, place: Configured, interval: Duration) {
    let mut ticks = crate::commands::serve::ticks(interval.max(place.interval));
    loop {
        ticks.tick().await;
        match publish(&service, &place).await {
            Ok(()) => {}
            Err(PlaceError::Conflict(reason)) => {
                tracing::error!(place = place.name, reason, "a place keeps what the ledger does not continue");
            }
            Err(error) => tracing::warn!(place = place.name, %error, "a place does not take the checkpoint"),
        }
    }
}

/// Reads what every place keeps, at once.
pub(crate) async fn collect(places: &[Configured], origin: &str) -> Vec<Collected> {
    let reads = places.iter().map(|place| async move {
        let read = tokio::time::timeout(place.timeout, place.place.read(origin)).await;
        let notes = read.unwrap_or_else(|_| Err(late(place)));
        Collected { name: place.name.clone(), notes }
    });
    join_all(reads).await
}

/// Offers a place what it does not keep yet, and remembers how that went.
async fn publish(service: &Service, place: &Configured) -> Result<(), PlaceError> {
    let operator = Operator::of_this_machine();
    let mut result = Ok(());
    for _ in 0..ATTEMPT_COUNT_MAX {
        result = tokio::time::timeout(place.timeout, offer(service, place)).await.unwrap_or_else(|_| Err(late(place)));
        // Another process may have given it a later one meanwhile: then the latest is offered again.
        if !matches!(result, Err(PlaceError::Conflict(_))) {
            break;
        }
    }
    if let Err(error) = &result
        && let Err(error) = service.ledger().place_failed(&operator, &place.name, &error.to_string()).await
    {
        tracing::warn!(%error, cause = error.source_text(), "the failure of a place could not be remembered");
    }
    result
}

async fn offer(service: &Service, place: &Configured) -> Result<(), PlaceError> {
    let operator = Operator::of_this_machine();
    let unavailable =
        |error: chancery_service::ServiceError| PlaceError::Failed(format!("{error}: {}", error.source_text()));
    let ledger = service.ledger();
    let known = ledger.places(&operator).await.map_err(unavailable)?;
    let mut kept = known.iter().find(|known| known.name == place.name).map_or(0, |known| known.size);
    let mut notes = ledger.checkpoints_after(&operator, kept).await.map_err(unavailable)?;
    if notes.is_empty() && size_of(ledger.latest_checkpoint(&operator).await.map_err(unavailable)?.as_ref()) < kept {
        // The ledger is shorter than what this place got: it is told so by the place itself, which may be right or not.
        notes.extend(ledger.latest_checkpoint(&operator).await.map_err(unavailable)?);
    }
    let proofs = LedgerProofs { service };
    for note in &notes {
        let offer = Offer { note, kept, proofs: &proofs, now_millis: now_millis() };
        if let Some(cosignature) = place.place.keep(&offer).await? {
            let stored = ledger.keep_cosignature(&operator, note, &cosignature.key, &cosignature.lines).await;
            stored.map_err(unavailable)?;
        }
        kept = size_of(Some(note));
        ledger.place_kept(&operator, &place.name, kept).await.map_err(unavailable)?;
    }
    Ok(())
}

fn late(place: &Configured) -> PlaceError {
    PlaceError::Failed(format!("it did not answer within {} seconds", place.timeout.as_secs()))
}

fn size_of(note: Option<&Note>) -> u64 {
    note.and_then(|note| Checkpoint::parse(note.text()).ok()).map_or(0, |checkpoint| checkpoint.size)
}

fn now_millis() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Proofs from the database.
struct LedgerProofs<'a> {
    service: &'a Service,
}

impl Proofs for LedgerProofs<'_> {
    fn consistency(&self, old: u64, new: u64) -> BoxFuture<'_, Result<Vec<Hash>, String>> {
        async move {
            let proof = self.service.ledger().consistency(&Operator::of_this_machine(), old, new).await;
            proof.map_err(|error| format!("there is no proof that the ledger grew: {}", error.source_text()))
        }
        .boxed()
    }
}
