//! Renders the input of a case and gives every answer that it asks for.

use std::collections::BTreeMap;
use std::sync::Arc;

use chancery_render::image::{ImageCache, ImageOptions, render_pages};
use chancery_render::pdf::{PdfCache, PdfError, PdfOptions, write};
use chancery_render::program::{RenderOptions, Scratch};
use chancery_render::template::{CheckOptions, Strictness, check};
use chancery_render::{Diagnostic, Document, Limits, Program, Template};
use serde_json::{Value as Json, json};

use super::case::{Case, CaseFile, Setting};
use super::world::SuiteWorld;
use super::{display_list, expressions, form, input, tags, text_lines};

/// Pixels in an inch of golden pictures.
const PICTURE_DPI: f32 = 96.0;

/// What a thread keeps from one case to the next.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) scratch: Scratch,
    pub(crate) cache: PdfCache,
    images: ImageCache,
}

/// What came out of a case.
#[derive(Default)]
pub(crate) struct Answers {
    /// Text of each answer that was asked for, and of `findings` when there are any.
    pub(crate) texts: BTreeMap<String, String>,
    /// The first page as PNG, when it was asked for.
    pub(crate) picture: Option<Vec<u8>>,
}

/// A template with its data and the way in which it is rendered.
pub(crate) struct Job {
    template: Json,
    source: Option<String>,
    data: Json,
    strict: bool,
    strictness: Strictness,
    limits: Limits,
}

/// Gives the answers of a case.
///
/// # Errors
/// The case itself cannot be read.
pub(crate) fn answer(file: &CaseFile, case: &Case, kept: &mut Kept) -> Result<Answers, String> {
    let settings: Vec<&Setting> = file.settings.iter().chain(&case.settings).collect();
    if case.answer("value").is_some() {
        let locale = last(&settings, "locale").unwrap_or("en-GB");
        let text = expressions::value(&case.input, &data(&settings)?, locale, &limits(&settings)?);
        return Ok(Answers { texts: BTreeMap::from([("value".into(), text)]), picture: None });
    }
    let job = Job::of(case, &settings)?;
    if last(&settings, "check").is_some() {
        let options = CheckOptions { data: Some(&job.data), assets: None };
        let text = job.source.clone().unwrap_or_else(|| job.template.to_string());
        let findings = told(&check(&text, &options, &job.limits));
        return Ok(Answers { texts: BTreeMap::from([("findings".into(), findings)]), picture: None });
    }
    let mut answers = Answers::default();
    match job.render(kept) {
        Err(findings) => {
            answers.texts.insert("findings".into(), told(&findings));
        }
        Ok((document, findings, bytes)) => {
            if !findings.is_empty() {
                answers.texts.insert("findings".into(), told(&findings));
            }
            for (kind, _) in &case.answers {
                match kind.as_str() {
                    "picture" => answers.picture = Some(picture(&document, kept)?),
                    "findings" => {}
                    kind => {
                        answers.texts.insert(kind.into(), text_of(kind, &document, &bytes));
                    }
                }
            }
        }
    }
    Ok(answers)
}

fn text_of(kind: &str, document: &Document, bytes: &[u8]) -> String {
    match kind {
        "pages" => document.pages.len().to_string(),
        "text" => text_lines::text(document),
        "lines" => text_lines::lines(document),
        "boxes" => tags::boxes(document),
        "items" => display_list::items(document),
        "fields" => form::fields(document),
        "tags" => tags::tree(document),
        "links" => tags::links(document),
        "file" => tags::file(document),
        "hash" => hash(bytes),
        other => panic!("`{other}` is no answer of a document"),
    }
}

/// SHA-256 of a file in hexadecimal.
pub(crate) fn hash(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn picture(document: &Document, kept: &mut Kept) -> Result<Vec<u8>, String> {
    let options = ImageOptions { dpi: PICTURE_DPI, ..ImageOptions::default() };
    let mut pages = render_pages(document, &options, &mut kept.images).map_err(|error| error.to_string())?;
    Ok(pages.remove(0))
}

fn told(findings: &[Diagnostic]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The document, what was found, and its file.
type Made = (Document, Vec<Diagnostic>, Vec<u8>);

impl Job {
    /// The document of a case; nothing when it is an expression, or is only checked.
    pub(crate) fn of_document(file: &CaseFile, case: &Case) -> Option<Self> {
        let settings: Vec<&Setting> = file.settings.iter().chain(&case.settings).collect();
        let other = case.answer("value").is_some() || last(&settings, "check").is_some();
        if other { None } else { Self::of(case, &settings).ok() }
    }

    fn of(case: &Case, settings: &[&Setting]) -> Result<Self, String> {
        let raw = last(settings, "raw").is_some();
        let mut shared = Vec::new();
        for setting in settings {
            match setting.name.as_str() {
                "template" => shared.push(input::value(&setting.value)?),
                "locale" => shared.push(json!({ "locale": setting.value })),
                _ => {}
            }
        }
        Ok(Self {
            template: if raw { Json::Null } else { input::template(&case.input, &shared)? },
            source: raw.then(|| case.input.clone()),
            data: data(settings)?,
            strict: last(settings, "strict").is_some(),
            strictness: if last(settings, "lenient").is_some() { Strictness::Lenient } else { Strictness::Check },
            limits: limits(settings)?,
        })
    }

    /// Renders and writes it; a finding of either is given.
    pub(crate) fn render(&self, kept: &mut Kept) -> Result<Made, Vec<Diagnostic>> {
        let (template, mut findings) = match &self.source {
            Some(source) => Template::parse(source, &self.limits)?,
            None => Template::from_value(&self.template, &self.limits, self.strictness)?,
        };
        let program = Program::new(Arc::new(template), &SuiteWorld)?;
        let options = RenderOptions { strict: self.strict, limits: self.limits.clone(), ..RenderOptions::default() };
        let rendered = program.render(&self.data, &SuiteWorld, &options, &mut kept.scratch)?;
        findings.extend(rendered.diagnostics);
        match write(&rendered.document, &PdfOptions::default(), &mut kept.cache) {
            Ok(bytes) => Ok((rendered.document, findings, bytes)),
            Err(PdfError::Nonconforming { findings }) => Err(findings),
            Err(error) => Err(vec![Diagnostic::error("pdf", "", error.to_string())]),
        }
    }
}

fn last<'s>(settings: &[&'s Setting], name: &str) -> Option<&'s str> {
    settings.iter().rev().find(|setting| setting.name == name).map(|setting| setting.value.as_str())
}

fn data(settings: &[&Setting]) -> Result<Json, String> {
    last(settings, "data").map_or_else(|| Ok(json!({})), input::value)
}

/// The usual limits, with those that a case sets: `@limits { pages: 2, fuel: 1000 }`.
fn limits(settings: &[&Setting]) -> Result<Limits, String> {
    let mut limits = Limits::default();
    let Some(text) = last(settings, "limits") else { return Ok(limits) };
    let given = input::value(text)?;
    for (name, value) in given.as_object().ok_or("limits are an object")? {
        let value = value.as_u64().ok_or("a limit is a whole number")?;
        let small = u32::try_from(value).unwrap_or(u32::MAX);
        match name.as_str() {
            "depth" => limits.depth_max = small,
            "nodes" => limits.node_count_max = small,
            "pages" => limits.page_count_max = small,
            "fuel" => limits.fuel_max = value,
            "items" => limits.item_count_max = small,
            "text" => limits.text_length_max = small,
            "pictureBytes" => limits.picture_size_bytes_max = small,
            "picturePixels" => limits.picture_pixels_max = small,
            "valueBytes" => limits.value_size_bytes_max = small,
            other => return Err(format!("there is no limit `{other}`")),
        }
    }
    Ok(limits)
}
