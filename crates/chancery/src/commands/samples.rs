//! Samples of a template, by name.

use chancery_render::Template;
use serde_json::Value as Json;

use crate::error::CommandError;

/// The sample of a name.
pub(crate) fn chosen<'t>(template: &'t Template, name: &str) -> Result<&'t Json, CommandError> {
    let samples = &template.data.samples;
    samples.get(name).ok_or_else(|| {
        let known: Vec<String> = samples.keys().map(|name| format!("`{name}`")).collect();
        CommandError::input(match known.as_slice() {
            [] => format!("the template has no sample `{name}`, nor any other: give --data"),
            known => format!("the template has no sample `{name}`; there are {}", known.join(", ")),
        })
    })
}
