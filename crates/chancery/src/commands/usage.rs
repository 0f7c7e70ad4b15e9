//! `usage export`: what was made in a workspace, with pseudonyms for what may tell about a person.

use chancery_service::page::Page;
use serde_json::json;

use crate::cli::Usage;
use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, Opened, service_error};
use crate::output;

/// Transactions of one question.
const PAGE_LENGTH: u32 = 1000;

/// Does what was asked.
pub(crate) async fn run(config: &Config, command: &Usage) -> Result<(), CommandError> {
    let Usage::Export { of } = command;
    let opened = opened::open(config).await?;
    let result = export(&opened, &of.workspace).await;
    opened.close().await;
    result
}

async fn export(opened: &Opened, workspace: &str) -> Result<(), CommandError> {
    let actor = opened.operator(workspace).await?;
    let mut page = Page { limit: PAGE_LENGTH, offset: 0 };
    loop {
        let transactions = opened.service.transactions().export(&actor, page).await;
        let transactions = transactions.map_err(|error| service_error("cannot export what was made", error))?;
        let count = u32::try_from(transactions.len()).unwrap_or(u32::MAX);
        for (transaction, file) in transactions {
            let line = json!({
                "reference": transaction.reference.to_string(),
                "template": transaction.template.map(|template| template.to_string()),
                "kind": transaction.kind,
                "is_stored": transaction.is_stored,
                "status": transaction.status,
                "pages": transaction.page_count,
                "bytes": transaction.size_bytes,
                "created_at": opened::time(transaction.created_at),
                "file": file.map(|file| file.to_string()),
            });
            output::line(&line.to_string())?;
        }
        if count < PAGE_LENGTH {
            return Ok(());
        }
        page.offset = page.offset.saturating_add(count);
    }
}
