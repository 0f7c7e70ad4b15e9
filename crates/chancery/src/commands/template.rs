//! `template`: checks, describes, formats and imports templates.

use std::path::Path;
use std::sync::Arc;

use chancery_render::program::Scratch;
use chancery_render::template::{self, CheckOptions};
use chancery_render::{Diagnostic, Limits, Program, RenderOptions, Severity, Template as Parsed};
use chancery_service::clock::{Clock as _, SystemClock};
use chancery_service::templates::NewTemplate;
use serde_json::Value as Json;

use super::stress::{self, Stress};
use super::{bound, converted, fields, render, samples};
use crate::cli::{Check, Template};
use crate::config::Config;
use crate::error::CommandError;
use crate::world::{AssetFolder, LocalWorld};
use crate::{inputs, opened, output};

/// Does what was asked.
pub(crate) async fn run(config: &Config, command: &Template) -> Result<(), CommandError> {
    match command {
        Template::Check(flags) => check(config, flags),
        Template::Infer { data } => fields::infer(data),
        Template::Fields { template, data } => fields::list(config, template, data.as_deref()),
        Template::Schema => schema(),
        Template::Reference => output::data(&template::reference_markdown()),
        Template::Format { template } => format(template),
        Template::Import { template, from, workspace, name, group, sample } => {
            let body = match from {
                Some(from) => converted::text(*from, template, &render::limits(config))?,
                None => inputs::text(template)?,
            };
            let Some(workspace) = workspace else { return output::data(&body) };
            let new = NewTemplate {
                name: name.clone(),
                group_name: group.clone(),
                body,
                sample: sample.as_deref().map(inputs::text).transpose()?,
            };
            import(config, workspace, new, template).await
        }
    }
}

fn schema() -> Result<(), CommandError> {
    let text = serde_json::to_string_pretty(&template::json_schema())
        .map_err(|error| CommandError::environment("cannot write the schema", error))?;
    output::line(&text)
}

fn format(path: &Path) -> Result<(), CommandError> {
    output::data(&template::format_json(&inputs::json(path)?))
}

/// Prints all findings of all steps that can be reached, on stdout: they are the data of this command.
fn check(config: &Config, flags: &Check) -> Result<(), CommandError> {
    let path = flags.template.as_path();
    let limits = render::limits(config);
    let text = inputs::text(path)?;
    let given = flags.data.as_deref().map(inputs::json).transpose()?;
    let assets = AssetFolder::beside(path);
    let mut findings = template::check(&text, &CheckOptions { data: given.as_ref(), assets: Some(&assets) }, &limits);
    let (mut stressed, mut bounded) = (None, None);
    if !has_error(&findings)
        && let Ok((parsed, _)) = Parsed::parse(&text, &limits)
    {
        let world = render::world(config, path, SystemClock.now().signed_millis())?;
        let data: Vec<Json> = match (given, &flags.sample) {
            (Some(data), _) => vec![data],
            (None, Some(name)) => vec![samples::chosen(&parsed, name)?.clone()],
            (None, None) => parsed.data.samples.values().cloned().collect(),
        };
        if flags.strict {
            findings.extend(fields::unused(&parsed));
        }
        bounded = Some(bound::told(&parsed, &limits));
        stressed = flags.stress.then(|| (parsed.clone(), data.first().cloned()));
        findings.extend(laid_out(parsed, &world, &data, flags.strict, limits.clone()));
        stressed = stressed.filter(|_| !has_error(&findings));
    }
    let mut seen = Vec::with_capacity(findings.len());
    for finding in findings {
        if !seen.contains(&finding) {
            output::line(&finding.to_string())?;
            seen.push(finding);
        }
    }
    match seen.iter().filter(|finding| finding.severity == Severity::Error).count() {
        0 => {}
        1 => return Err(CommandError::input(format!("{} has 1 error", path.display()))),
        count => return Err(CommandError::input(format!("{} has {count} errors", path.display()))),
    }
    if let Some(told) = bounded {
        output::note(&told);
    }
    let Some((parsed, data)) = stressed else { return Ok(()) };
    let world = render::world(config, path, SystemClock.now().signed_millis())?;
    let stress = Stress { name: path, data: data.as_ref(), seed: flags.seed, out: flags.out.as_deref() };
    stress::run(parsed, &world, &limits, &stress)
}

fn has_error(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

fn laid_out(template: Parsed, world: &LocalWorld, data: &[Json], strict: bool, limits: Limits) -> Vec<Diagnostic> {
    let program = match Program::new(Arc::new(template), world) {
        Ok(program) => program,
        Err(findings) => return findings,
    };
    let options = RenderOptions { strict, limits, ..RenderOptions::default() };
    let mut scratch = Scratch::default();
    let findings = data.iter().map(|data| match program.render(data, world, &options, &mut scratch) {
        Ok(rendered) => rendered.diagnostics,
        Err(findings) => findings,
    });
    findings.flatten().collect()
}

async fn import(config: &Config, workspace: &str, new: NewTemplate, path: &Path) -> Result<(), CommandError> {
    // With fonts: a template whose fonts are missing is refused here, not at its first render.
    let opened = opened::open_with_fonts(config).await?;
    let result = async {
        let actor = opened.operator(workspace).await?;
        let created = opened.service.templates().create(&actor, new).await;
        let created =
            created.map_err(|error| opened::service_error(&format!("cannot import {}", path.display()), error))?;
        inputs::told(&created.warnings, path)?;
        output::line(&created.key.to_string())
    }
    .await;
    opened.close().await;
    result
}
