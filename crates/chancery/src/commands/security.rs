//! `security`: lists what was refused.

use chancery_service::access::Operator;
use chancery_service::security::{IncidentKind, SecurityEvent, SecurityFilter};
use chancery_vault::Timestamp;
use serde_json::json;

use crate::cli_watching::{Security, SecurityEvents};
use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, Opened, service_error};
use crate::{inputs, output};

/// Does what was asked.
pub(crate) async fn run(config: &Config, command: &Security) -> Result<(), CommandError> {
    let Security::Events(flags) = command;
    let opened = opened::open(config).await?;
    let result = list(&opened, flags).await;
    opened.close().await;
    result
}

async fn list(opened: &Opened, flags: &SecurityEvents) -> Result<(), CommandError> {
    let time = |text: &Option<String>| {
        text.as_deref().map(|text| inputs::time_ms(text).map(Timestamp::from_signed_millis)).transpose()
    };
    let filter = SecurityFilter {
        workspace: match &flags.workspace {
            Some(workspace) => Some(opened.workspace(workspace).await?),
            None => None,
        },
        kind: flags.kind.as_deref().map(kind_of).transpose()?,
        since: time(&flags.since)?,
        until: time(&flags.until)?,
    };
    let events = opened.service.security().list(&Operator::of_this_machine(), &filter, flags.limit).await;
    for event in events.map_err(|error| service_error("cannot list security events", error))? {
        output::line(&if flags.json { as_json(&event) } else { as_text(&event) })?;
    }
    Ok(())
}

fn kind_of(word: &str) -> Result<IncidentKind, CommandError> {
    IncidentKind::from_word(word).ok_or_else(|| {
        let known: Vec<&str> = IncidentKind::ALL.iter().map(|kind| kind.word()).collect();
        CommandError::input(format!("there is no kind `{word}`; there are: {}", known.join(", ")))
    })
}

fn as_text(event: &SecurityEvent) -> String {
    let or_nothing = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    [
        event.id.to_string(),
        opened::time(event.at),
        event.kind.clone(),
        event.count.to_string(),
        or_nothing(event.workspace.map(|id| id.to_string())),
        event.actor_kind.to_owned(),
        or_nothing(event.actor_id.map(|id| id.to_string())),
        event.place.clone(),
        or_nothing(event.column.clone()),
        or_nothing(event.place_id.map(|id| id.to_string())),
        event.reason.clone(),
    ]
    .join("\t")
}

fn as_json(event: &SecurityEvent) -> String {
    json!({
        "id": event.id.to_string(),
        "at": opened::time(event.at),
        "kind": event.kind,
        "count": event.count,
        "workspace": event.workspace.map(|id| id.to_string()),
        "actor": { "kind": event.actor_kind, "id": event.actor_id.map(|id| id.to_string()) },
        "place": { "kind": event.place, "column": event.column, "id": event.place_id.map(|id| id.to_string()) },
        "reason": event.reason,
    })
    .to_string()
}
