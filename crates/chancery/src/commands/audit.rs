//! `audit`: verifies, proves, exports and searches the ledger.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use chancery_ledger::{
    Checkpoint, ExportVerifier, InclusionProof, LINE_BYTES_MAX, LogKeys, Note, PublicKey, Verified, WitnessPolicy,
    Wrong, WrongKind,
};
use chancery_service::Service;
use chancery_service::access::Operator;
use chancery_service::ledger::{Search, VerifyFailure};
use chancery_vault::Timestamp;
use chancery_witness::{Configured, PlaceError};

use super::witness::public_key;
use crate::cli::{Audit, AuditSearch, AuditVerify};
use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, Opened, service_error};
use crate::places::{self, Collected};
use crate::{inputs, output};

/// Lines between two signs of life.
const PROGRESS_LINES: u64 = 500_000;

/// Verifies a file, without a database.
pub(crate) fn offline(flags: &AuditVerify) -> Result<(), CommandError> {
    let path = flags.key.as_deref().ok_or_else(|| CommandError::input("--key is needed to verify a file"))?;
    let (key, held, policy) = (public_key(path)?, held(&flags.checkpoints)?, policy(flags)?);
    if let Some(path) = &flags.proof {
        verify_proof(path, &key, &held, policy.as_ref())?;
    }
    match &flags.export {
        Some(path) => verify_export(path, verifier(key, &held, policy)?),
        None => Ok(()),
    }
}

/// Does what was asked. What waits for its number gets it before.
pub(crate) async fn run(config: &Config, command: &Audit) -> Result<(), CommandError> {
    let places = places::open(config)?;
    let opened = opened::open(config).await?;
    let result = async {
        match command {
            Audit::Verify(flags) => verify_database(&opened.service, flags, &places).await,
            Audit::Search(flags) => search(&opened, flags).await,
            Audit::Key { all } => super::ledger_keys::show(&opened.service, *all).await,
            Audit::RotateKey { compromised_since } => {
                super::ledger_keys::rotate(&opened.service, compromised_since.as_deref()).await?;
                told_failures(&places::publish_all(&opened.service, &places).await)
            }
            Audit::Places => list_places(&opened.service, &places).await,
            Audit::Publish => {
                numbered(&opened.service).await?;
                match places::publish_all(&opened.service, &places).await {
                    failures if failures.is_empty() => Ok(()),
                    failures => {
                        told_failures(&failures)?;
                        Err(CommandError::environment("not every place took the checkpoint", "see above"))
                    }
                }
            }
            Audit::Prove { id } => {
                advance(&opened.service, &places).await?;
                let id = id.parse().map_err(|_| CommandError::input(format!("`{id}` is not an id of an entry")))?;
                let proof = opened.service.ledger().prove(&Operator::of_this_machine(), id).await;
                output::data(&proof.map_err(|error| service_error("cannot prove the entry", error))?.to_text())
            }
            Audit::Export => {
                advance(&opened.service, &places).await?;
                export(&opened.service).await
            }
        }
    }
    .await;
    opened.close().await;
    result
}

/// Gives numbers to what waits, and offers the checkpoint to all places.
async fn advance(service: &Service, places: &[Configured]) -> Result<(), CommandError> {
    numbered(service).await?;
    told_failures(&places::publish_all(service, places).await)
}

async fn numbered(service: &Service) -> Result<(), CommandError> {
    let advanced = service.ledger().advance(&Operator::of_this_machine()).await;
    advanced.map(drop).map_err(|error| service_error("cannot continue the ledger", error))
}

/// A place that is away is caught up when it is back; one that keeps another history is nothing to go on with.
fn told_failures(failures: &[(String, PlaceError)]) -> Result<(), CommandError> {
    for (name, error) in failures {
        match error {
            PlaceError::Conflict(reason) => return Err(CommandError::input(format!("place `{name}`: {reason}"))),
            PlaceError::Failed(reason) => output::note(&format!("warning: place `{name}`: {reason}")),
        }
    }
    Ok(())
}

async fn list_places(service: &Service, places: &[Configured]) -> Result<(), CommandError> {
    for place in places::standings(service, places).await? {
        let time = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), opened::time);
        output::line(&format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}",
            place.name,
            place.kind,
            place.size,
            place.behind,
            time(place.kept_at),
            time(place.failed_at),
            place.error.unwrap_or_else(|| "-".to_owned()),
        ))?;
    }
    Ok(())
}

async fn export(service: &Service) -> Result<(), CommandError> {
    let mut written = Ok(());
    let mut stdout = io::BufWriter::new(io::stdout());
    let mut line = |text: &str| {
        written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.write_all(b"\n"));
        written.is_ok()
    };
    let exported = service.ledger().export(&Operator::of_this_machine(), &mut line).await;
    exported.map_err(|error| service_error("cannot export the ledger", error))?;
    written.and_then(|()| stdout.flush()).map_err(CommandError::output)
}

/// Verifies before anything is added: the evidence stays as it was found.
async fn verify_database(service: &Service, flags: &AuditVerify, places: &[Configured]) -> Result<(), CommandError> {
    let operator = Operator::of_this_machine();
    let key = match &flags.key {
        Some(path) => public_key(path)?,
        None => {
            let key = service.ledger().public_key(&operator).await;
            key.map_err(|error| service_error("cannot read the ledger's key", error))?
        }
    };
    let policy = policy(flags)?;
    let mut held: Vec<Held> = held(&flags.checkpoints)?.into_iter().map(|note| Held { note, place: None }).collect();
    let mut away = 0_usize;
    for collected in if flags.alone { Vec::new() } else { places::collect(places, key.name()).await } {
        let Collected { name, notes } = collected;
        match notes {
            Ok(notes) => held.extend(notes.into_iter().flatten().map(|note| Held { note, place: Some(name.clone()) })),
            Err(error) => {
                output::note(&format!("place `{name}` cannot be asked: {error}"));
                away += 1;
            }
        }
    }
    let notes: Vec<Note> = held.iter().map(|held| held.note.clone()).collect();
    let verifier = verifier(key, &notes, policy).map_err(|error| promised(error, &held))?;
    let mut lines = Progress::default();
    let verified = service.ledger().verify(&operator, verifier, &mut || lines.next()).await;
    match verified {
        Ok(verified) => told(&verified)?,
        Err(VerifyFailure::Wrong(wrong)) => return Err(promised(refused(&wrong), &held)),
        Err(VerifyFailure::Stray { id, at, is_there }) => {
            let at = at.map_or_else(String::new, |at| format!(" of {}", opened::time(at)));
            let what = if is_there { "was written past the ledger" } else { "was deleted before it got its number" };
            return Err(CommandError::input(format!("the ledger is not right: the event {id}{at} {what}")));
        }
        Err(VerifyFailure::Service(error)) => return Err(service_error("cannot verify the ledger", error)),
    }
    match away {
        0 => Ok(()),
        _ => Err(CommandError::environment("what is there is right, but not every place could be asked", "see above")),
    }
}

/// A checkpoint with the place that keeps it.
struct Held {
    note: Note,
    place: Option<String>,
}

/// Names the places that keep a checkpoint of which the message tells size and root.
fn promised(error: CommandError, held: &[Held]) -> CommandError {
    let CommandError::Input { message } = &error else { return error };
    let mut names = std::collections::BTreeSet::new();
    for (held, place) in held.iter().filter_map(|held| Some((held, held.place.as_ref()?))) {
        let Ok(checkpoint) = Checkpoint::parse(held.note.text()) else { continue };
        let is_named = message.contains(&checkpoint.root.to_string())
            || message.ends_with(&format!("promises {} entries", checkpoint.size));
        if is_named {
            names.insert(place.as_str());
        }
    }
    if names.is_empty() {
        return error;
    }
    let names: Vec<&str> = names.into_iter().collect();
    CommandError::input(format!("{message}; such a checkpoint is kept by: {}", names.join(", ")))
}

fn verifier(key: PublicKey, held: &[Note], policy: Option<WitnessPolicy>) -> Result<ExportVerifier, CommandError> {
    let verifier = ExportVerifier::new(key, held).map_err(|wrong| refused(&wrong))?;
    Ok(match policy {
        Some(policy) => verifier.with_witnesses(policy),
        None => verifier,
    })
}

fn policy(flags: &AuditVerify) -> Result<Option<WitnessPolicy>, CommandError> {
    if flags.witness_keys.is_empty() {
        return Ok(None);
    }
    let keys = flags.witness_keys.iter().map(|path| public_key(path)).collect::<Result<Vec<_>, _>>()?;
    let least = flags.witnesses.unwrap_or(keys.len());
    let policy = WitnessPolicy::new(keys, least);
    policy.map(Some).map_err(|error| CommandError::input(format!("--witnesses: {error}")))
}

fn verify_export(path: &Path, mut verifier: ExportVerifier) -> Result<(), CommandError> {
    let read = |source| CommandError::file("read", path, source);
    let mut file = BufReader::new(File::open(path).map_err(read)?);
    let (mut line, mut lines) = (Vec::new(), Progress::default());
    let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(2);
    loop {
        line.clear();
        if file.by_ref().take(limit).read_until(b'\n', &mut line).map_err(read)? == 0 {
            break;
        }
        let text = std::str::from_utf8(&line)
            .map_err(|_| CommandError::input(format!("{} is not UTF-8 text", path.display())))?;
        verifier.line(text.strip_suffix('\n').unwrap_or(text)).map_err(|wrong| refused(&wrong))?;
        lines.next();
    }
    told(&verifier.finish().map_err(|wrong| refused(&wrong))?)
}

/// Verifies a proof by a key of the log; checkpoints among `held` that introduce another key lead to that.
fn verify_proof(
    path: &Path,
    key: &PublicKey,
    held: &[Note],
    policy: Option<&WitnessPolicy>,
) -> Result<(), CommandError> {
    let wrong = |error| CommandError::input(format!("{}: {error}", path.display()));
    let proof = InclusionProof::parse(&inputs::text(path)?).map_err(wrong)?;
    let mut keys = LogKeys::trusting(key.clone());
    let mut changes = Vec::new();
    for note in held {
        let checkpoint = Checkpoint::parse(note.text()).map_err(wrong)?;
        if checkpoint.handover.is_some() {
            changes.push((checkpoint.size, note));
        }
    }
    changes.sort_by_key(|(size, _)| *size);
    changes.dedup();
    for (_, note) in changes {
        keys.open(note).map_err(wrong)?;
    }
    let checkpoint = proof.verify_with(&keys).map_err(wrong)?;
    let witnessed = policy.map(|policy| policy.witnessed_at(&proof.note)).transpose().map_err(wrong)?;
    let at = opened::time(Timestamp::from_millis(proof.entry.at_millis));
    output::line(&format!("entry\t{}\t{at}\t{}", proof.entry.number, proof.entry.to_line()))?;
    output::line(&format!("checkpoint\t{}\t{}", checkpoint.size, checkpoint.root))?;
    match witnessed {
        None => Ok(()),
        Some(Some(seconds)) => output::line(&witnessed_line(checkpoint.size, seconds)),
        Some(None) => Err(CommandError::input(format!("{}: {}", path.display(), WrongKind::Unwitnessed))),
    }
}

fn witnessed_line(size: u64, seconds: u64) -> String {
    format!("witnessed\t{size}\t{}", opened::time(Timestamp::from_millis(seconds.saturating_mul(1000))))
}

async fn search(opened: &Opened, flags: &AuditSearch) -> Result<(), CommandError> {
    let id = |text: &Option<String>, what: &str| {
        let id = text.as_deref().map(str::parse).transpose();
        id.map_err(|_| CommandError::input(format!("--{what} is not an id")))
    };
    let time = |text: &Option<String>| {
        text.as_deref().map(|text| inputs::time_ms(text).map(Timestamp::from_signed_millis)).transpose()
    };
    let search = Search {
        actor: id(&flags.actor, "actor")?,
        action: flags.action.clone(),
        target: id(&flags.target, "target")?,
        since: time(&flags.since)?,
        until: time(&flags.until)?,
        with_details: flags.details,
    };
    let actor = opened.operator(&flags.workspace).await?;
    let acts = opened.service.ledger().search(&Operator::of_this_machine(), &actor, &search, flags.limit).await;
    let acts = acts.map_err(|error| service_error("cannot search the ledger", error))?;
    for act in acts {
        let or_nothing =
            |id: Option<_>| id.map_or_else(|| "-".to_owned(), |id: chancery_vault::uuid::Uuid| id.to_string());
        let details = match &act.details {
            _ if !flags.details => String::new(),
            None => "\t-".to_owned(),
            Some(details) => format!("\t{details}"),
        };
        output::line(&format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}{details}",
            act.id,
            opened::time(act.at),
            act.actor_kind,
            or_nothing(act.actor_id),
            act.action,
            act.target_kind,
            or_nothing(act.target_id),
        ))?;
    }
    Ok(())
}

fn held(paths: &[PathBuf]) -> Result<Vec<Note>, CommandError> {
    let mut notes = Vec::new();
    for path in paths {
        let read = chancery_witness::read_checkpoints(path);
        notes.extend(read.map_err(|error| CommandError::input(error.to_string()))?);
    }
    Ok(notes)
}

fn told(verified: &Verified) -> Result<(), CommandError> {
    let Verified { entries, bodies, erased, checkpoints, held, discounted, witnessed, last } = verified;
    output::data(&format!(
        "entries\t{entries}\nbodies\t{bodies}\nerased\t{erased}\ncheckpoints\t{checkpoints}\nkept elsewhere\t{held}\n"
    ))?;
    if *discounted > 0 {
        output::line(&format!("not counted, since their key was compromised\t{discounted}"))?;
    }
    if let Some((size, seconds)) = witnessed {
        output::line(&witnessed_line(*size, *seconds))?;
    }
    last.as_ref().map_or(Ok(()), |last| output::line(&format!("root\t{}", last.root)))
}

fn refused(wrong: &Wrong) -> CommandError {
    let at = wrong.at_millis.map_or_else(String::new, |at| format!(" of {}", opened::time(Timestamp::from_millis(at))));
    CommandError::input(format!("the ledger is not right: entry {}{at}: {}", wrong.number, wrong.kind))
}

/// Says on stderr that a long verification goes on.
#[derive(Default)]
struct Progress(u64);

impl Progress {
    fn next(&mut self) {
        self.0 += 1;
        if self.0.is_multiple_of(PROGRESS_LINES) {
            output::note(&format!("{} lines are right so far", self.0));
        }
    }
}
