//! `purge`: deletes what has expired, once; and the receipts of what was deleted.

use chancery_service::DataKind;
use chancery_service::Service;
use chancery_service::access::Operator;
use chancery_service::page::Page;
use chancery_service::purge::Scope;

use crate::cli::PurgeCommand;
use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, Opened, service_error};
use crate::output;

/// Rows between two signs of life.
const PROGRESS_ROWS: u64 = 10_000;

/// Runs of one list.
const LISTED: Page = Page { limit: 1000, offset: 0 };

/// Does what was asked.
pub(crate) async fn run(config: &Config, command: Option<&PurgeCommand>) -> Result<(), CommandError> {
    let opened = opened::open(config).await?;
    let result = match command {
        None => purge(&opened.service).await,
        Some(PurgeCommand::Receipts { run: Some(run), of }) => receipt(&opened, &of.workspace, run).await,
        Some(PurgeCommand::Receipts { run: None, of }) => receipts(&opened, &of.workspace).await,
    };
    opened.close().await;
    result
}

async fn purge(service: &Service) -> Result<(), CommandError> {
    let operator = Operator::of_this_machine();
    let mut progress = |kind: DataKind, count: u64| {
        if count.is_multiple_of(PROGRESS_ROWS) {
            output::note(&format!("{}: {count} destroyed", kind.as_str()));
        }
    };
    let purged = service.purge().run(&operator, Scope::Everything, &mut progress).await;
    let purged = purged.map_err(|error| service_error("the purge did not end; another one goes on", error))?;
    let orphans =
        service.purge().sweep(&operator).await.map_err(|error| service_error("the sweep did not end", error))?;
    output::data(&format!("documents\t{}\nbytes\t{}\norphans\t{orphans}\n", purged.document_count, purged.size_bytes))?;
    for (kind, count) in purged.destroyed.iter().filter(|(kind, _)| *kind != DataKind::Documents) {
        output::line(&format!("{}\t{count}", kind.as_str()))?;
    }
    output::line(&format!("held\t{}", purged.held_count))?;
    match purged.failed_count {
        0 => Ok(()),
        count => Err(CommandError::environment(
            format!("{count} objects could not be deleted"),
            "see the log; the next purge tries again",
        )),
    }
}

async fn receipts(opened: &Opened, workspace: &str) -> Result<(), CommandError> {
    let actor = opened.operator(workspace).await?;
    let runs = opened.service.receipts().list(&actor, LISTED).await;
    for run in runs.map_err(|error| service_error("cannot list the receipts", error))? {
        let finished = run.finished_at.map_or_else(|| "-".to_owned(), opened::time);
        let started = opened::time(run.started_at);
        output::line(&format!("{}\t{}\t{started}\t{finished}\t{}", run.run, run.cause, run.held_count))?;
    }
    Ok(())
}

async fn receipt(opened: &Opened, workspace: &str, run: &str) -> Result<(), CommandError> {
    let run = run.parse().map_err(|_| CommandError::input(format!("`{run}` is not an id of a run")))?;
    let actor = opened.operator(workspace).await?;
    let receipt = opened.service.receipts().of(&actor, run).await;
    output::data(&receipt.map_err(|error| service_error("cannot make the receipt", error))?.to_text())
}
