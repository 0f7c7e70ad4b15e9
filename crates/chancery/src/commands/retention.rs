//! `retention`: how long what is kept, and what a purge would delete.

use chancery_service::retention::{Policy, PolicyChange};
use chancery_service::{DataKind, ServiceError};
use chancery_vault::Class;

use crate::cli::{Retention, RetentionChange};
use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, Opened, service_error};
use crate::output;

/// The word for no end.
const FOREVER: &str = "forever";

/// Does what was asked.
pub(crate) async fn run(config: &Config, command: &Retention) -> Result<(), CommandError> {
    let opened = opened::open(config).await?;
    let result = match command {
        Retention::List(of) => list(&opened, &of.workspace).await,
        Retention::Set(change) => set(&opened, change).await,
        Retention::Preview { kind, days, class, of } => {
            let change = match (kind, days) {
                (Some(kind), Some(days)) => change(kind, days, class.as_deref()).map(Some),
                _ => Ok(None),
            };
            match change {
                Ok(change) => preview(&opened, &of.workspace, change.as_ref()).await,
                Err(error) => Err(error),
            }
        }
    };
    opened.close().await;
    result
}

async fn list(opened: &Opened, workspace: &str) -> Result<(), CommandError> {
    let actor = opened.operator(workspace).await?;
    let policies = opened.service.retention().list(&actor).await;
    for policy in policies.map_err(|error| service_error("cannot list the policies", error))? {
        let is_set = if policy.is_set { "set" } else { "default" };
        let rule = policy.rule;
        let max = shown(rule.days_max);
        output::line(&format!("{}\t{is_set}\t{}\t{max}\t{}", of_policy(&policy), rule.days_min, rule.reason))?;
    }
    Ok(())
}

async fn set(opened: &Opened, flags: &RetentionChange) -> Result<(), CommandError> {
    let change = change(&flags.kind, &flags.days, flags.class.as_deref())?;
    let actor = opened.operator(&flags.of.workspace).await?;
    let set = opened.service.retention().set(&actor, &change).await;
    set.map_err(|error: ServiceError| service_error("cannot set the policy", error))
}

async fn preview(opened: &Opened, workspace: &str, change: Option<&PolicyChange>) -> Result<(), CommandError> {
    let actor = opened.operator(workspace).await?;
    let previews = opened.service.retention().preview(&actor, change).await;
    for preview in previews.map_err(|error| service_error("cannot count what is due", error))? {
        let (count, bytes, held) = (preview.count, preview.size_bytes, preview.held_count);
        output::line(&format!("{}\t{count}\t{bytes}\t{held}", of_policy(&preview.policy)))?;
    }
    Ok(())
}

fn of_policy(policy: &Policy) -> String {
    format!("{}\t{}\t{}", policy.rule.kind.as_str(), policy.class.as_str(), shown(policy.days))
}

fn shown(days: Option<u32>) -> String {
    days.map_or_else(|| FOREVER.to_owned(), |days| days.to_string())
}

fn change(kind: &str, days: &str, class: Option<&str>) -> Result<PolicyChange, CommandError> {
    let kinds = DataKind::ALL.map(DataKind::as_str).join(", ");
    let kind = DataKind::parse(kind)
        .ok_or_else(|| CommandError::input(format!("`{kind}` is no kind of data; there are {kinds}")))?;
    let days = match days {
        FOREVER => None,
        days => Some(
            days.parse()
                .map_err(|_| CommandError::input(format!("`{days}` is neither a number of days nor `{FOREVER}`")))?,
        ),
    };
    let classes = Class::ALL.map(Class::as_str).join(", ");
    let class = class
        .map(|class| {
            Class::parse(class)
                .ok_or_else(|| CommandError::input(format!("`{class}` is no class; there are {classes}")))
        })
        .transpose()?;
    Ok(PolicyChange { kind, class, days })
}
