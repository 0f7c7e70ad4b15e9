//! `keys`: lists and rotates the keys that seal what is stored; and what `serve` does of it by itself.

use std::time::Duration;

use chancery_service::Service;
use chancery_service::access::Operator;
use chancery_service::rotation::{Reason, Step};
use chancery_vault::{RootKeyProvider as _, Timestamp, WorkspaceId};

use crate::cli::Keys;
use crate::cli_custody::Ceremony;
use crate::commands::{ceremony, destruction};
use crate::config::{Config, RootKeyHolder};
use crate::error::CommandError;
use crate::opened::{self, Opened, service_error};
use crate::output;
use crate::root_key::RootKeyFiles;

/// How often a rotation that waits is looked at, in milliseconds.
const WAIT_INTERVAL_MS: u64 = 250;

/// Seconds between two looks at what is due while serving.
const KEYS_INTERVAL_S: u64 = 60;

/// Progress is told every so many rows.
const PROGRESS_ROWS: u64 = 1_000;

/// Does what was asked.
pub(crate) async fn run(config: &Config, command: &Keys) -> Result<(), CommandError> {
    if let Keys::Rotate { root: true, prepare: true, .. } = command {
        return output::line(&RootKeyFiles::prepare_next(config)?.display().to_string());
    }
    match command {
        Keys::Ceremony(Ceremony::Verify { shares }) => return ceremony::verify(shares),
        Keys::Ceremony(Ceremony::Combine { shares }) => return ceremony::combine(config, shares),
        _ => {}
    }
    let opened = opened::open(config).await?;
    let result = match command {
        Keys::List => list(&opened).await,
        Keys::Rotate { root: true, to, .. } => rotate_root(config, &opened, *to).await,
        Keys::Rotate { workspace, compromised, .. } => rotate(&opened, workspace.as_deref(), *compromised).await,
        Keys::Rewrap => finish_all(&opened).await,
        Keys::Ceremony(Ceremony::Split { threshold, custodians, folder }) => {
            ceremony::split(config, &opened, *threshold, custodians, folder).await
        }
        // Those that need no database are done.
        Keys::Ceremony(_) => Ok(()),
        Keys::Custodian(command) => destruction::custodian(&opened, command).await,
        Keys::Destroy(command) => destruction::destroy(&opened, command).await,
    };
    opened.close().await;
    result
}

async fn list(opened: &Opened) -> Result<(), CommandError> {
    let keys = opened.service.rotation().list(&Operator::of_this_machine()).await;
    let time = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), opened::time);
    for key in keys.map_err(|error| service_error("cannot list the keys", error))? {
        let root = key.root.map_or_else(|| "-".to_owned(), |root| root.to_string());
        let (created, activated) = (opened::time(key.created_at), time(key.activated_at));
        let (deactivated, destroyed) = (time(key.deactivated_at), time(key.destroyed_at));
        let (holder, compromised) = (key.holder.unwrap_or("-"), time(key.compromised_at));
        output::line(&format!(
            "{}\t{}\t{}\t{root}\t{holder}\t{}\t{created}\t{activated}\t{deactivated}\t{compromised}\t{destroyed}",
            key.workspace, key.id, key.state, key.row_count
        ))?;
    }
    Ok(())
}

async fn rotate(opened: &Opened, workspace: Option<&str>, compromised: bool) -> Result<(), CommandError> {
    let operator = Operator::of_this_machine();
    let workspaces = match workspace {
        Some(workspace) => vec![opened.workspace(workspace).await?],
        None => {
            let all = opened.service.workspaces().list(&operator).await;
            let all = all.map_err(|error| service_error("cannot list the workspaces", error))?;
            // One whose keys are destroyed has no name any more, and no key to rotate.
            all.into_iter().filter(|workspace| !workspace.name.is_empty()).map(|workspace| workspace.id).collect()
        }
    };
    let reason = if compromised { Reason::Compromise } else { Reason::Demand };
    for workspace in &workspaces {
        let key = opened.service.rotation().start(&operator, *workspace, reason).await;
        let key = key.map_err(|error| service_error("cannot rotate the key", error))?;
        output::note(&format!("workspace {workspace}: the next key is {key}"));
    }
    finish(opened, &workspaces).await
}

/// Replaces the root key, or moves it to another holder. Everything is wrapped by the next one before that takes the old
/// one's place, so that an end at any point leaves what opens everything.
async fn rotate_root(config: &Config, opened: &Opened, to: Option<RootKeyHolder>) -> Result<(), CommandError> {
    let held = &opened.root_keys;
    let now = held.holder(held.key_id());
    let to = to.map(RootKeyHolder::as_str).or(now).unwrap_or_default();
    let is_file = to == RootKeyHolder::File.as_str();
    if is_file {
        RootKeyFiles::prepare_next(config)?;
        held.refresh();
    } else if now == Some(to) {
        return Err(CommandError::input(format!(
            "the root key is held by `{to}`, which replaces its keys by itself; --to moves it to another holder"
        )));
    }
    let next = held.key_of(to).ok_or_else(|| {
        CommandError::input(format!("`{to}` is not a configured holder: set `root_key.also`, on every machine"))
    })?;
    let mut progress = |done, total| tell("workspace keys", done, total);
    let rotation = opened.service.rotation();
    let rewrapped = rotation.rewrap_under_root(&Operator::of_this_machine(), next, &mut progress).await;
    rewrapped.map_err(|error| service_error("cannot rotate the root key; run the command again to go on", error))?;
    if is_file {
        RootKeyFiles::promote_next(config)?;
    }
    output::note(&format!("the root key is {next}, held by `{to}`; destroy every copy of the old one"));
    Ok(())
}

async fn finish_all(opened: &Opened) -> Result<(), CommandError> {
    let unfinished = opened.service.rotation().unfinished(&Operator::of_this_machine()).await;
    let unfinished = unfinished.map_err(|error| service_error("cannot list the keys", error))?;
    finish(opened, &unfinished).await
}

/// Advances the rotations of all these workspaces until none is left.
async fn finish(opened: &Opened, workspaces: &[WorkspaceId]) -> Result<(), CommandError> {
    let operator = Operator::of_this_machine();
    let mut waiting = workspaces.to_vec();
    let mut kept = 0;
    while !waiting.is_empty() {
        let mut still = Vec::new();
        for workspace in waiting {
            let mut progress = |done, total| tell(&format!("workspace {workspace}: rows"), done, total);
            let step = opened.service.rotation().advance(&operator, workspace, &mut progress).await;
            let context = "the rotation did not end; `chancery keys rewrap` goes on";
            match step.map_err(|error| service_error(context, error))? {
                Step::Done => output::note(&format!("workspace {workspace}: only the new key is left")),
                Step::WaitUntil(_) => still.push(workspace),
                Step::Kept { row_count } => {
                    output::note(&format!("workspace {workspace}: an old key stays, because {row_count} rows name it"));
                    kept += 1;
                }
            }
        }
        waiting = still;
        if !waiting.is_empty() {
            tokio::time::sleep(Duration::from_millis(WAIT_INTERVAL_MS)).await;
        }
    }
    match kept {
        0 => Ok(()),
        _ => Err(CommandError::environment("not every old key could be destroyed", "see above and the log")),
    }
}

fn tell(what: &str, done: u64, total: u64) {
    if done == total || done.is_multiple_of(PROGRESS_ROWS) {
        output::note(&format!("{what} {done} of {total}"));
    }
}

/// Begins rotations that are due, and goes on with those that are under way.
pub(super) async fn rotate_regularly(service: Service, rotate_after_days: u32) {
    let mut looks = super::serve::ticks(Duration::from_secs(KEYS_INTERVAL_S));
    loop {
        looks.tick().await;
        if let Err(error) = rotate_due(&service, rotate_after_days).await {
            tracing::error!(%error, cause = error.source_text(), "the rotation of keys did not end");
        }
    }
}

async fn rotate_due(service: &Service, rotate_after_days: u32) -> Result<(), chancery_service::ServiceError> {
    let (rotation, operator) = (service.rotation(), Operator::of_this_machine());
    rotation.forget_old_root_keys(&operator).await;
    if rotate_after_days > 0 {
        rotation.start_due(&operator, rotate_after_days).await?;
    }
    for workspace in rotation.unfinished(&operator).await? {
        match rotation.advance(&operator, workspace, &mut |_, _| {}).await? {
            Step::Done => tracing::info!(%workspace, "the key was rotated"),
            Step::WaitUntil(_) => {}
            Step::Kept { row_count } => tracing::warn!(%workspace, row_count, "an old key stays: rows name it"),
        }
    }
    Ok(())
}
