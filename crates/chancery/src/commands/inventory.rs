//! `inventory`: prints what is held, where, how long and under which key.

use chancery_service::inventory;

use crate::error::CommandError;
use crate::output;

/// Prints it.
pub(crate) fn run(json: bool) -> Result<(), CommandError> {
    if !json {
        return output::data(&inventory::to_markdown());
    }
    let text = serde_json::to_string_pretty(&inventory::to_json())
        .map_err(|error| CommandError::environment("cannot write the inventory", error))?;
    output::line(&text)
}
