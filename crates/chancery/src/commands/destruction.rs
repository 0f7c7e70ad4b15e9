//! `keys custodian` and `keys destroy`: two people destroy the keys of a workspace, and a receipt is left.

use std::path::Path;

use chancery_ledger::{InclusionProof, Note, PublicKey, Receipt, SigningKey};
use chancery_service::access::Operator;
use chancery_service::destruction::{Destruction, Proven};
use chancery_vault::root_file::PassPhraseCost;
use chancery_vault::uuid::Uuid;
use chancery_vault::{SystemRandom, Timestamp, custodian_file};
use serde_json::{Value as Json, json};

use super::receipt::with_any;
use crate::cli_custody::{Custodian, Destroy, Signer};
use crate::error::CommandError;
use crate::opened::{self, Opened, secret, service_error};
use crate::root_key::write_new;
use crate::{inputs, output};

/// Makes a custodian's key.
pub(crate) fn create(name: &str, file: &Path, pass_phrase_file: &Path) -> Result<(), CommandError> {
    let pass_phrase = secret(pass_phrase_file)?;
    let made = custodian_file::create(&SystemRandom, name, pass_phrase.as_bytes(), PassPhraseCost::RECOMMENDED);
    let (key, text) = made.map_err(|error| CommandError::input(format!("cannot make the key: {error}")))?;
    write_new(file, text.as_bytes())?;
    output::line(&key.public().to_text())
}

/// What custodians are asked about.
pub(crate) async fn custodian(opened: &Opened, command: &Custodian) -> Result<(), CommandError> {
    let (destruction, operator) = (opened.service.destruction(), Operator::of_this_machine());
    match command {
        Custodian::Create { name, file, pass_phrase_file } => create(name, file, pass_phrase_file),
        Custodian::Register { public_key, vouched_by, pass_phrase_file } => {
            let key = read_public_key(public_key)?;
            let endorsement = match (vouched_by, pass_phrase_file) {
                (Some(file), Some(pass_phrase_file)) => {
                    Some(signed(Note::new(Destruction::endorsement(&key)), &open_key(file, pass_phrase_file)?)?)
                }
                _ => None,
            };
            let registered = destruction.register(&operator, &key, endorsement.as_ref()).await;
            registered.map_err(|error| service_error("cannot register the custodian", error))
        }
        Custodian::List => {
            let custodians = destruction.custodians(&operator).await;
            for custodian in custodians.map_err(|error| service_error("cannot list the custodians", error))? {
                let revoked = custodian.revoked_at.map_or_else(|| "-".to_owned(), opened::time);
                let (name, key, created) = (custodian.name, custodian.public_key, opened::time(custodian.created_at));
                output::line(&format!("{name}\t{key}\t{created}\t{revoked}"))?;
            }
            Ok(())
        }
        Custodian::Revoke { name } => {
            let revoked = destruction.revoke(&operator, name).await;
            revoked.map_err(|error| service_error("cannot revoke the custodian", error))
        }
    }
}

/// The steps of a destruction.
pub(crate) async fn destroy(opened: &Opened, command: &Destroy) -> Result<(), CommandError> {
    let (destruction, operator) = (opened.service.destruction(), Operator::of_this_machine());
    let failed = |error| service_error("the destruction is not done", error);
    match command {
        Destroy::Request { workspace, signer } => {
            let workspace = opened.workspace(workspace).await?;
            let statement = destruction.prepare(&operator, workspace).await.map_err(failed)?;
            output::note(statement.to_text().trim_end());
            let note = signed(Note::new(statement.to_text()), &key_of(signer)?)?;
            destruction.request(&operator, &note).await.map_err(failed)?;
            output::line(&statement.request.to_string())
        }
        Destroy::Show { request } => {
            output::data(&destruction.find(&operator, id(request)?).await.map_err(failed)?.to_text())
        }
        Destroy::Approve { request, signer, receipt } => {
            refuse_existing(receipt)?;
            let note = destruction.find(&operator, id(request)?).await.map_err(failed)?;
            output::note(note.text().trim_end());
            let note = signed(note, &key_of(signer)?)?;
            write(receipt, &destruction.approve(&operator, &note).await.map_err(failed)?)
        }
        Destroy::Receipt { request, receipt } => {
            refuse_existing(receipt)?;
            write(receipt, &destruction.finish(&operator, id(request)?).await.map_err(failed)?)
        }
    }
}

/// Verifies a receipt with nothing but public keys of the ledger, and prints the signed text. What is wrong is told.
pub(super) fn verify(content: &str, keys: &[PublicKey], id: Option<&str>) -> Result<(), String> {
    let json: Json = serde_json::from_str(content).map_err(|error| error.to_string())?;
    let text = |name: &str| json.get(name).and_then(Json::as_str).ok_or_else(|| format!("it has no text `{name}`"));
    let note = |name| Note::parse(text(name)?).map_err(|error| error.to_string());
    let (receipt, statement) = (note("receipt")?, note("statement")?);
    let proofs = json.get("proofs").and_then(Json::as_array).into_iter().flatten();
    let proofs: Vec<InclusionProof> = proofs
        .map(|proof| InclusionProof::parse(proof.as_str().unwrap_or_default()).map_err(|error| error.to_string()))
        .collect::<Result<_, _>>()?;
    let read = with_any(keys, |key| Receipt::verify(&receipt, &statement, &proofs, key))?;
    // What people read must say what was signed.
    if json.get("destruction") != Some(&facts(&read)) {
        return Err("`destruction` does not say what was signed".to_owned());
    }
    let destroyed = &read.destruction;
    if let Some(id) = id
        && destroyed.workspace.to_string() != id
        && !destroyed.keys.iter().any(|key| key == id)
    {
        return Err(format!("it does not list {id}"));
    }
    output::data(receipt.text()).map_err(|error| error.to_string())
}

/// The receipt for people: what the signed text says, with times that can be read.
fn facts(receipt: &Receipt) -> Json {
    let time = |millis| opened::time(Timestamp::from_millis(millis));
    let name = |key: &PublicKey| custodian_file::custodian_name(key.name()).unwrap_or(key.name()).to_owned();
    let unreadable: serde_json::Map<String, Json> =
        receipt.unreadable.iter().map(|(what, count)| (what.clone(), json!(count))).collect();
    json!({
        "request": receipt.destruction.request.to_string(),
        "workspace": receipt.destruction.workspace.to_string(),
        "keys": receipt.destruction.keys,
        "root_key": receipt.destruction.root_key,
        "requested_by": name(&receipt.requested_by),
        "requested_at": time(receipt.destruction.requested_at_millis),
        "approved_by": name(&receipt.approved_by),
        "executed_at": time(receipt.executed_at_millis),
        "unreadable": unreadable,
        "ledger_indexes": receipt.events.iter().map(|(_, index)| *index).collect::<Vec<_>>(),
    })
}

fn write(path: &Path, proven: &Proven) -> Result<(), CommandError> {
    let failed = |error| CommandError::environment("cannot read the receipt", error);
    let receipt = Receipt::parse(proven.receipt.text()).map_err(failed)?;
    let json = json!({
        "destruction": facts(&receipt),
        "receipt": proven.receipt.to_text(),
        "statement": proven.statement.to_text(),
        "proofs": proven.proofs.iter().map(InclusionProof::to_text).collect::<Vec<_>>(),
    });
    let text =
        serde_json::to_string_pretty(&json).map_err(|error| CommandError::environment("cannot write JSON", error))?;
    write_new(path, format!("{text}\n").as_bytes())?;
    output::note(&format!("destroyed; the receipt is {}", path.display()));
    Ok(())
}

/// Told before anything is destroyed.
fn refuse_existing(path: &Path) -> Result<(), CommandError> {
    if path.exists() {
        return Err(CommandError::input(format!("{} is there already", path.display())));
    }
    Ok(())
}

fn id(text: &str) -> Result<Uuid, CommandError> {
    Uuid::try_parse(text).map_err(|_| CommandError::input(format!("`{text}` is not the id of a request")))
}

fn key_of(signer: &Signer) -> Result<SigningKey, CommandError> {
    open_key(&signer.key, &signer.pass_phrase_file)
}

fn open_key(file: &Path, pass_phrase_file: &Path) -> Result<SigningKey, CommandError> {
    let opened = custodian_file::open(&inputs::text(file)?, secret(pass_phrase_file)?.as_bytes());
    opened.map_err(|error| CommandError::input(format!("cannot open {}: {error}", file.display())))
}

fn read_public_key(path: &Path) -> Result<PublicKey, CommandError> {
    PublicKey::parse(inputs::text(path)?.trim_end())
        .map_err(|error| CommandError::input(format!("{}: {error}", path.display())))
}

fn signed(mut note: Note, key: &SigningKey) -> Result<Note, CommandError> {
    note.sign(key).map_err(|error| CommandError::environment("cannot sign", error))?;
    Ok(note)
}
