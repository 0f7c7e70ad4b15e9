//! `audit`: verifies, proves, exports and searches the ledger.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use chancery_ledger::{ExportVerifier, InclusionProof, LINE_BYTES_MAX, Note, PublicKey, Verified, Wrong};
use chancery_service::Service;
use chancery_service::access::Operator;
use chancery_service::ledger::{Search, VerifyFailure};
use chancery_vault::Timestamp;

use crate::cli::{Audit, AuditSearch, AuditVerify};
use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, Opened, service_error};
use crate::{checkpoint_file, inputs, output};

/// Lines between two signs of life.
const PROGRESS_LINES: u64 = 500_000;

/// Verifies a file, without a database.
pub(crate) fn offline(flags: &AuditVerify) -> Result<(), CommandError> {
    let path = flags.key.as_deref().ok_or_else(|| CommandError::input("--key is needed to verify a file"))?;
    let key = public_key(path)?;
    if let Some(path) = &flags.proof {
        verify_proof(path, &key)?;
    }
    match &flags.export {
        Some(path) => verify_export(path, key, &held(&flags.checkpoints)?),
        None => Ok(()),
    }
}

/// Does what was asked. What waits for its number gets it before.
pub(crate) async fn run(config: &Config, command: &Audit) -> Result<(), CommandError> {
    let opened = opened::open(config).await?;
    let result = async {
        match command {
            Audit::Verify(flags) => verify_database(&opened.service, flags).await,
            Audit::Search(flags) => search(&opened, flags).await,
            Audit::Key => {
                let key = opened.service.ledger().public_key(&Operator::of_this_machine()).await;
                output::line(&key.map_err(|error| service_error("cannot read the ledger's key", error))?.to_text())
            }
            Audit::Prove { id } => {
                advance(&opened.service, config.audit_checkpoint_file.as_deref()).await?;
                let id = id.parse().map_err(|_| CommandError::input(format!("`{id}` is not an id of an entry")))?;
                let proof = opened.service.ledger().prove(&Operator::of_this_machine(), id).await;
                output::data(&proof.map_err(|error| service_error("cannot prove the entry", error))?.to_text())
            }
            Audit::Export => {
                advance(&opened.service, config.audit_checkpoint_file.as_deref()).await?;
                export(&opened.service).await
            }
        }
    }
    .await;
    opened.close().await;
    result
}

/// Gives numbers to what waits, and keeps the checkpoint outside when a file is configured.
pub(crate) async fn advance(service: &Service, checkpoint_file: Option<&Path>) -> Result<u64, CommandError> {
    let advanced = service.ledger().advance(&Operator::of_this_machine()).await;
    let advanced = advanced.map_err(|error| service_error("cannot continue the ledger", error))?;
    if let (Some(path), Some(note)) = (checkpoint_file, &advanced.checkpoint) {
        checkpoint_file::append(path, note)?;
    }
    Ok(advanced.entry_count)
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
async fn verify_database(service: &Service, flags: &AuditVerify) -> Result<(), CommandError> {
    let operator = Operator::of_this_machine();
    let key = match &flags.key {
        Some(path) => public_key(path)?,
        None => {
            let key = service.ledger().public_key(&operator).await;
            key.map_err(|error| service_error("cannot read the ledger's key", error))?
        }
    };
    let mut lines = Progress::default();
    let verified = service.ledger().verify(&operator, key, &held(&flags.checkpoints)?, &mut || lines.next()).await;
    match verified {
        Ok(verified) => told(&verified),
        Err(VerifyFailure::Wrong(wrong)) => Err(refused(&wrong)),
        Err(VerifyFailure::Stray { id, at, is_there }) => {
            let at = at.map_or_else(String::new, |at| format!(" of {}", opened::time(at)));
            let what = if is_there { "was written past the ledger" } else { "was deleted before it got its number" };
            Err(CommandError::input(format!("the ledger is not right: the event {id}{at} {what}")))
        }
        Err(VerifyFailure::Service(error)) => Err(service_error("cannot verify the ledger", error)),
    }
}

fn verify_export(path: &Path, key: PublicKey, held: &[Note]) -> Result<(), CommandError> {
    let read = |source| CommandError::file("read", path, source);
    let mut file = BufReader::new(File::open(path).map_err(read)?);
    let mut verifier = ExportVerifier::new(key, held).map_err(|wrong| refused(&wrong))?;
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

fn verify_proof(path: &Path, key: &PublicKey) -> Result<(), CommandError> {
    let wrong = |error| CommandError::input(format!("{}: {error}", path.display()));
    let proof = InclusionProof::parse(&inputs::text(path)?).map_err(wrong)?;
    let checkpoint = proof.verify(key).map_err(wrong)?;
    let at = opened::time(Timestamp::from_millis(proof.entry.at_millis));
    output::line(&format!("entry\t{}\t{at}\t{}", proof.entry.number, proof.entry.to_line()))?;
    output::line(&format!("checkpoint\t{}\t{}", checkpoint.size, checkpoint.root))
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
    };
    let actor = opened.operator(&flags.workspace).await?;
    let acts = opened.service.ledger().search(&Operator::of_this_machine(), &actor, &search, flags.limit).await;
    let acts = acts.map_err(|error| service_error("cannot search the ledger", error))?;
    let details = if flags.details {
        let ids: Vec<_> = acts.iter().map(|act| act.id).collect();
        let details = opened.service.ledger().details(&Operator::of_this_machine(), &actor, &ids).await;
        details.map_err(|error| service_error("cannot read the details", error))?
    } else {
        HashMap::new()
    };
    for act in acts {
        let or_nothing =
            |id: Option<_>| id.map_or_else(|| "-".to_owned(), |id: chancery_vault::uuid::Uuid| id.to_string());
        let details = if flags.details {
            details.get(&act.id).map_or_else(|| "\t-".to_owned(), |details| format!("\t{details}"))
        } else {
            String::new()
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

pub(super) fn public_key(path: &Path) -> Result<PublicKey, CommandError> {
    PublicKey::parse(inputs::text(path)?.trim_end())
        .map_err(|error| CommandError::input(format!("{}: {error}", path.display())))
}

fn held(paths: &[PathBuf]) -> Result<Vec<Note>, CommandError> {
    let mut notes = Vec::new();
    for path in paths {
        notes.extend(checkpoint_file::read(path)?);
    }
    Ok(notes)
}

fn told(verified: &Verified) -> Result<(), CommandError> {
    let Verified { entries, bodies, erased, checkpoints, held, last } = verified;
    output::data(&format!(
        "entries\t{entries}\nbodies\t{bodies}\nerased\t{erased}\ncheckpoints\t{checkpoints}\nkept elsewhere\t{held}\n"
    ))?;
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
