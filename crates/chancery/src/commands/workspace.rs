//! `workspace`: creates, lists and classifies workspaces.

use chancery_service::access::Operator;
use chancery_service::classes;

use crate::cli::Workspace;
use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, service_error};
use crate::output;

/// Does what was asked.
pub(crate) async fn run(config: &Config, command: &Workspace) -> Result<(), CommandError> {
    let opened = opened::open(config).await?;
    let result = match command {
        Workspace::Create { name } => {
            let created = opened.service.workspaces().create(&Operator::of_this_machine(), name).await;
            created
                .map_err(|error| service_error("cannot create the workspace", error))
                .and_then(|id| output::line(&id.to_string()))
        }
        Workspace::List => list(&opened).await,
        Workspace::Class { name, class } => classify(&opened, name, class.as_deref()).await,
    };
    opened.close().await;
    result
}

async fn classify(opened: &opened::Opened, workspace: &str, class: Option<&str>) -> Result<(), CommandError> {
    let actor = opened.operator(workspace).await?;
    let Some(name) = class else { return output::line(actor.class().name()) };
    let class = classes::from_name(name).ok_or_else(|| {
        CommandError::input(format!("the class must be public, internal, confidential or restricted, not `{name}`"))
    })?;
    let set = opened.service.workspaces().set_class(&actor, class).await;
    set.map_err(|error| service_error("cannot change the class", error))
}

async fn list(opened: &opened::Opened) -> Result<(), CommandError> {
    let workspaces = opened
        .service
        .workspaces()
        .list(&Operator::of_this_machine())
        .await
        .map_err(|error| service_error("cannot list the workspaces", error))?;
    for workspace in workspaces {
        output::line(&format!("{}\t{}\t{}", workspace.id, opened::time(workspace.created_at), workspace.name))?;
    }
    Ok(())
}
