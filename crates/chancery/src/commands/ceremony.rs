//! `keys ceremony`: splits the root key into shares for several people, checks shares, and brings a lost root key back.

use std::path::{Path, PathBuf};

use chancery_service::access::Operator;
use chancery_vault::shares::{self, Share};
use chancery_vault::{SystemRandom, VaultError};
use serde_json::json;

use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{Opened, service_error};
use crate::{inputs, output, root_key};

/// Writes the shares of the root key's file, and records that it was split and among whom.
pub(crate) async fn split(
    config: &Config,
    opened: &Opened,
    threshold: u8,
    custodians: &[String],
    folder: &Path,
) -> Result<(), CommandError> {
    let failed = |error: VaultError| CommandError::input(format!("cannot split the root key: {error}"));
    let root = root_key::read(config)?;
    let shares = shares::split(&SystemRandom, &root, threshold, custodians).map_err(failed)?;
    let set = shares.first().map(|share| share.set().to_string());
    let details =
        json!({ "root_key": root.id().to_string(), "set": set, "threshold": threshold, "custodians": custodians });
    let recorded = opened.service.ledger().record(&Operator::of_this_machine(), "root_key.split", &details).await;
    recorded.map_err(|error| service_error("cannot record the ceremony", error))?;
    for share in &shares {
        let path = folder.join(format!("share-{:02}", share.number()));
        root_key::write_new(&path, share.to_text().as_bytes())?;
        output::note(&format!("{}: {share}", path.display()));
    }
    Ok(())
}

/// Tells what shares are of.
pub(crate) fn verify(paths: &[PathBuf]) -> Result<(), CommandError> {
    for share in read(paths)? {
        output::line(&share.to_string())?;
    }
    Ok(())
}

/// Puts shares together in memory, and writes the root key.
pub(crate) fn combine(config: &Config, paths: &[PathBuf]) -> Result<(), CommandError> {
    let path = config.root_key_path();
    if path.exists() {
        return Err(CommandError::input(format!("{} is there already", path.display())));
    }
    let combined = shares::combine(&read(paths)?);
    let root = combined.map_err(|error| CommandError::input(format!("cannot bring the root key back: {error}")))?;
    root_key::write(config, &root)?;
    output::note(&format!("the root key {} is back in {}", root.id(), path.display()));
    Ok(())
}

fn read(paths: &[PathBuf]) -> Result<Vec<Share>, CommandError> {
    let read = |path: &PathBuf| {
        let text = zeroize::Zeroizing::new(inputs::text(path)?);
        Share::parse(&text).map_err(|error| CommandError::input(format!("{}: {error}", path.display())))
    };
    paths.iter().map(read).collect()
}
