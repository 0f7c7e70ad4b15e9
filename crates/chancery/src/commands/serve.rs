//! `serve`: answers requests until it is told to stop, then finishes what is under way.

use std::fs;
use std::path::Path;
use std::time::Duration;

use chancery_http::{ServeError, Server, Site, WireLimits};
use chancery_service::Service;
use chancery_service::access::Operator;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Interval, MissedTickBehavior};

use crate::cli::Serve;
use crate::config::{Config, proxies_of};
use crate::error::CommandError;
use crate::{opened, output, places};

/// Serves.
pub(crate) async fn run(config: &Config, flags: &Serve) -> Result<(), CommandError> {
    // Bound first: a taken port or a forbidden address is told before a database is started.
    let server = Server::bind(config.listen).await.map_err(|error| match error {
        ServeError::NotLoopback { .. } => CommandError::input(error.to_string()),
        ServeError::Bind { .. } => CommandError::environment("cannot serve", error),
    })?;
    let places = places::open(config)?;
    let mut interrupt = listen_for(SignalKind::interrupt())?;
    let mut terminate = listen_for(SignalKind::terminate())?;
    let opened = opened::open_with_fonts(config).await?;
    let address = server.address();
    let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let proxies = proxies_of(config);
    let site = Site::behind(opened.service.clone(), wire_limits(config), &public_url, proxies);
    let purge = tokio::spawn(purge_regularly(opened.service.clone(), Duration::from_secs(config.purge_interval_s)));
    let keys = tokio::spawn(super::keys::rotate_regularly(opened.service.clone(), config.keys_rotate_after_days));
    let ledger = tokio::spawn(advance_regularly(opened.service.clone(), config.clone()));
    let audit_interval = Duration::from_secs(config.audit_interval_s);
    let publishing = places
        .into_iter()
        .map(|place| tokio::spawn(places::publish_regularly(opened.service.clone(), place, audit_interval)))
        .collect::<Vec<_>>();

    let told = tell(address.port(), &format!("listening on http://{address}"), flags.port_file.as_deref());
    if told.is_ok() {
        server
            .run(site, async {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                tracing::info!("told to stop; finishing what is under way");
            })
            .await;
    }
    purge.abort();
    keys.abort();
    ledger.abort();
    publishing.iter().for_each(tokio::task::JoinHandle::abort);
    opened.close().await;
    if let Some(path) = &flags.port_file {
        drop(fs::remove_file(path));
    }
    told
}

pub(super) fn listen_for(kind: SignalKind) -> Result<Signal, CommandError> {
    signal(kind).map_err(|error| CommandError::environment("cannot listen for signals", error))
}

pub(super) fn tell(port: u16, line: &str, port_file: Option<&Path>) -> Result<(), CommandError> {
    if let Some(path) = port_file {
        fs::write(path, format!("{port}\n")).map_err(|source| CommandError::file("write", path, source))?;
    }
    match output::line(line) {
        // A server that nobody reads from serves all the same.
        Err(CommandError::OutputClosed) => Ok(()),
        result => result,
    }
}

fn wire_limits(config: &Config) -> WireLimits {
    WireLimits {
        body_size_bytes_max: config.body_size_bytes_max,
        body_timeout_ms: config.body_timeout_ms,
        header_timeout_ms: config.header_timeout_ms,
        json_depth_max: config.json_depth_max,
        concurrency_max: config.concurrency_max,
        connection_count_max: config.connection_count_max,
        drain_timeout_ms: config.drain_timeout_ms,
    }
}

/// Seconds between two searches for objects that no row names; each looks at every object.
const SWEEP_INTERVAL_S: u64 = 60 * 60;

/// Seconds between two looks at whether the ledger's key is due.
const ROTATION_INTERVAL_S: u64 = 60 * 60;

async fn purge_regularly(service: Service, interval: Duration) {
    let operator = Operator::of_this_machine();
    let mut purges = ticks(interval);
    let mut sweeps = ticks(Duration::from_secs(SWEEP_INTERVAL_S));
    loop {
        tokio::select! {
            _ = purges.tick() => match service.purge().run(&operator).await {
                Ok(purged) if purged.document_count > 0 => tracing::info!(documents = purged.document_count, bytes = purged.size_bytes, "purged"),
                Ok(_) => {}
                Err(error) => tracing::error!(%error, cause = error.source_text(), "the purge did not end"),
            },
            _ = sweeps.tick() => match service.purge().sweep(&operator).await {
                Ok(0) => {}
                Ok(orphans) => tracing::info!(orphans, "swept"),
                Err(error) => tracing::error!(%error, cause = error.source_text(), "the sweep did not end"),
            },
        }
    }
}

async fn advance_regularly(service: Service, config: Config) {
    let operator = Operator::of_this_machine();
    let mut ticks = ticks(Duration::from_secs(config.audit_interval_s));
    let mut rotations = self::ticks(Duration::from_secs(ROTATION_INTERVAL_S));
    loop {
        tokio::select! {
            _ = ticks.tick() => if let Err(error) = service.ledger().advance(&operator).await {
                tracing::error!(%error, cause = error.source_text(), "the ledger was not continued");
            },
            _ = rotations.tick(), if config.audit_rotate_key_after_days > 0 => {
                match service.ledger().rotate_key_when_due(&operator, config.audit_rotate_key_after_days).await {
                    Ok(true) => tracing::info!("the ledger's key was replaced"),
                    Ok(false) => {}
                    Err(error) => tracing::error!(%error, cause = error.source_text(), "the ledger's key was not replaced"),
                }
            }
        }
    }
}

pub(crate) fn ticks(interval: Duration) -> Interval {
    let mut ticks = tokio::time::interval(interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
