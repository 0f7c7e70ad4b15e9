//! `workspace`: creates and lists workspaces.

use chancery_service::access::Operator;

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
    };
    opened.close().await;
    result
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
