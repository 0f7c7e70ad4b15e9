//! `template infer` and `template fields`: what data looks like, and what a template reads of it.

use std::path::{Path, PathBuf};

use chancery_render::data::{self, DataPath, Field, Schema, Usage};
use chancery_render::diagnostic::{Diagnostic, codes};
use chancery_render::{Limits, Template};
use serde_json::Value as Json;

use super::render;
use crate::config::Config;
use crate::error::CommandError;
use crate::{inputs, output};

/// Prints a schema that all examples follow.
pub(crate) fn infer(paths: &[PathBuf]) -> Result<(), CommandError> {
    let samples = paths.iter().map(|path| inputs::json(path)).collect::<Result<Vec<Json>, _>>()?;
    let text = serde_json::to_string_pretty(&data::infer(&samples))
        .map_err(|error| CommandError::environment("cannot write the schema", error))?;
    output::line(&text)
}

/// Prints the fields of a template's data.
pub(crate) fn list(config: &Config, path: &Path, data: Option<&Path>) -> Result<(), CommandError> {
    let limits = render::limits(config);
    let given = data.map(inputs::json).transpose()?;
    let template = render::parse(&inputs::text(path)?, &limits, path)?;
    let schema = known(&template, given.as_ref(), &limits)?;
    let usage = Usage::of(&template);
    let fields = schema.fields();
    for field in &fields {
        output::line(&[field.path.to_string(), types(field), marks(field), readers(&usage, &field.path)].join("\t"))?;
    }
    for (path, usage) in usage.fields().filter(|(path, _)| !fields.iter().any(|field| field.path == **path)) {
        output::line(&format!("{path}\tunknown\t-\t{}", names(&usage.nodes)))?;
    }
    Ok(())
}

/// Warnings for fields of the schema that no node reads.
pub(crate) fn unused(template: &Template) -> Vec<Diagnostic> {
    let Some(schema) = &template.data.schema else { return Vec::new() };
    let warning = |path: DataPath| {
        let message = format!("nothing in the template reads `{path}`");
        Diagnostic::warning(codes::UNUSED_FIELD, "/data/schema", message)
            .with_hint("show it, or leave it out of the schema and of the data")
    };
    Usage::of(template).unused(schema).into_iter().map(warning).collect()
}

/// The schema of a template, or what its samples or other data look like.
pub(crate) fn known(template: &Template, given: Option<&Json>, limits: &Limits) -> Result<Schema, CommandError> {
    if let Some(schema) = &template.data.schema {
        return Ok((**schema).clone());
    }
    let inferred = data::infer(template.data.samples.values().chain(given));
    Schema::from_json(&inferred, limits).map_err(|findings| {
        let first = findings.first().map(ToString::to_string).unwrap_or_default();
        CommandError::input(format!("the data cannot be described: {first}"))
    })
}

fn types(field: &Field) -> String {
    let names: Vec<&str> = field.types.iter().map(|known| known.name()).collect();
    let names = if names.is_empty() { "any".to_owned() } else { names.join("|") };
    if field.required { names } else { format!("{names}?") }
}

fn marks(field: &Field) -> String {
    let personal = field.personal.map(|personal| format!("personal:{}", personal.keyword()));
    let class = field.class.map(|class| format!("class:{}", class.name()));
    let marks: Vec<String> = personal.into_iter().chain(class).collect();
    if marks.is_empty() { "-".to_owned() } else { marks.join(",") }
}

fn readers(usage: &Usage, path: &DataPath) -> String {
    match usage.fields().find(|(read, _)| *read == path) {
        Some((_, usage)) => names(&usage.nodes),
        None if usage.reads(path) => "inside".to_owned(),
        None => "unused".to_owned(),
    }
}

fn names(nodes: &[(String, String)]) -> String {
    let ids: Vec<&str> = nodes.iter().map(|(id, _)| id.as_str()).collect();
    if ids.is_empty() { "document".to_owned() } else { ids.join(",") }
}
