//! `hold`: places, releases and lists legal holds.

use chancery_service::holds::ToHold;
use chancery_service::page::Page;
use chancery_service::templates::TemplateKey;

use crate::cli::Hold;
use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, Opened, service_error};
use crate::output;

/// Holds of one list.
const LISTED: Page = Page { limit: 1000, offset: 0 };

/// Does what was asked.
pub(crate) async fn run(config: &Config, command: &Hold) -> Result<(), CommandError> {
    let opened = opened::open(config).await?;
    let result = match command {
        Hold::Place { of, template, document, reason } => {
            place(&opened, &of.workspace, (template.as_deref(), document.as_deref()), reason).await
        }
        Hold::Release { hold, of, reason } => release(&opened, &of.workspace, hold, reason).await,
        Hold::List(of) => list(&opened, &of.workspace).await,
    };
    opened.close().await;
    result
}

async fn place(
    opened: &Opened,
    workspace: &str,
    target: (Option<&str>, Option<&str>),
    reason: &str,
) -> Result<(), CommandError> {
    let failed = |error| service_error("cannot place the hold", error);
    let what = match target {
        (Some(template), _) => ToHold::Template(TemplateKey::parse(template).map_err(failed)?),
        (None, Some(document)) => ToHold::Document(opened::id(document)?),
        (None, None) => ToHold::Workspace,
    };
    let actor = opened.operator(workspace).await?;
    let hold = opened.service.holds().place(&actor, what, reason).await.map_err(failed)?;
    output::line(&hold.to_string())
}

async fn release(opened: &Opened, workspace: &str, hold: &str, reason: &str) -> Result<(), CommandError> {
    let hold = hold.parse().map_err(|_| CommandError::input(format!("`{hold}` is not an id of a hold")))?;
    let actor = opened.operator(workspace).await?;
    let released = opened.service.holds().release(&actor, hold, reason).await;
    released.map_err(|error| service_error("cannot release the hold", error))
}

async fn list(opened: &Opened, workspace: &str) -> Result<(), CommandError> {
    let actor = opened.operator(workspace).await?;
    let holds = opened.service.holds().list(&actor, LISTED).await;
    for hold in holds.map_err(|error| service_error("cannot list the holds", error))? {
        let released = hold.released_at.map_or_else(|| "-".to_owned(), opened::time);
        let placed = opened::time(hold.placed_at);
        let (id, target, target_id, reason) = (hold.id, hold.target, hold.target_id, hold.reason);
        output::line(&format!("{id}\t{target}\t{target_id}\t{placed}\t{released}\t{reason}"))?;
    }
    Ok(())
}
