//! `purge`: deletes what has expired, once.

use chancery_service::Service;
use chancery_service::access::Operator;

use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, service_error};
use crate::output;

/// Purges and says what was deleted.
pub(crate) async fn run(config: &Config) -> Result<(), CommandError> {
    let opened = opened::open(config).await?;
    let result = purge(&opened.service).await;
    opened.close().await;
    result
}

async fn purge(service: &Service) -> Result<(), CommandError> {
    let operator = Operator::of_this_machine();
    let purged = service.purge().run(&operator).await.map_err(|error| service_error("the purge did not end", error))?;
    let orphans =
        service.purge().sweep(&operator).await.map_err(|error| service_error("the sweep did not end", error))?;
    output::data(&format!("documents\t{}\nbytes\t{}\norphans\t{orphans}\n", purged.document_count, purged.size_bytes))?;
    match purged.failed_count {
        0 => Ok(()),
        count => Err(CommandError::environment(
            format!("{count} objects could not be deleted"),
            "see the log; the next purge tries again",
        )),
    }
}
