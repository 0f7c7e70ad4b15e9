//! `pseudonym resolve`: says who is behind a pseudonym.

use crate::cli::PseudonymCommand;
use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, Opened, service_error};
use crate::output;

/// Does what was asked.
pub(crate) async fn run(config: &Config, command: &PseudonymCommand) -> Result<(), CommandError> {
    let PseudonymCommand::Resolve { pseudonym, of, reason } = command;
    let opened = opened::open(config).await?;
    let result = resolve(&opened, &of.workspace, pseudonym, reason).await;
    opened.close().await;
    result
}

async fn resolve(opened: &Opened, workspace: &str, pseudonym: &str, reason: &str) -> Result<(), CommandError> {
    let actor = opened.operator(workspace).await?;
    let original = opened.service.pseudonyms().resolve(&actor, pseudonym, reason).await;
    match original.map_err(|error| service_error("cannot resolve the pseudonym", error))? {
        Some(original) => output::line(&original),
        None => Err(CommandError::input("nobody is known behind this pseudonym: it was anonymised, or never was one")),
    }
}
