//! `documents`: deletes documents, and shows the requests that led to them.

use chancery_service::documents::Shown;

use crate::cli::Documents;
use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, Opened, service_error};
use crate::output;

/// Does what was asked.
pub(crate) async fn run(config: &Config, command: &Documents) -> Result<(), CommandError> {
    let opened = opened::open(config).await?;
    let result = match command {
        Documents::Request { document, of, plain, reason } => {
            let shown = match (plain, reason) {
                (true, Some(reason)) => Shown::Plain { reason },
                _ => Shown::Pseudonymous,
            };
            request(&opened, &of.workspace, document, shown).await
        }
        Documents::Delete { document, of } => delete(&opened, &of.workspace, document).await,
    };
    opened.close().await;
    result
}

async fn request(opened: &Opened, workspace: &str, document: &str, shown: Shown<'_>) -> Result<(), CommandError> {
    let actor = opened.operator(workspace).await?;
    let kept = opened.service.documents().request(&actor, opened::id(document)?, shown).await;
    let kept = kept.map_err(|error| service_error("cannot show the request", error))?;
    let text = serde_json::to_string_pretty(&kept.request)
        .map_err(|error| CommandError::environment("cannot write the request", error))?;
    output::line(&text)
}

async fn delete(opened: &Opened, workspace: &str, document: &str) -> Result<(), CommandError> {
    let actor = opened.operator(workspace).await?;
    let run = opened.service.documents().delete(&actor, opened::id(document)?).await;
    output::line(&run.map_err(|error| service_error("cannot delete the document", error))?.to_string())
}
