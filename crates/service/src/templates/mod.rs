//! Templates: create, read, change, copy, delete; each through a handle that shows that the caller may.

mod handle;
mod key;
mod programs;
mod writing;

use std::sync::Arc;

use chancery_render::Diagnostic;
pub use chancery_render::template::Strictness;
use chancery_vault::Timestamp;

pub(crate) use handle::Head;
pub use handle::{AuthorisedTemplate, Purpose, ToDelete, ToRead, ToRender, ToWrite};
pub use key::TemplateKey;
pub(crate) use programs::{Programs, number_of};

use crate::Shared;

/// The templates of all workspaces; every function asks for an actor or a handle.
pub struct Templates<'a> {
    pub(crate) shared: &'a Arc<Shared>,
}

/// Which version of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionChoice {
    /// The latest.
    Latest,
    /// This one; versions count from 1.
    Number(u32),
}

/// A template without its definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateSummary {
    /// The name by which callers know it.
    pub key: TemplateKey,
    /// Its name for people.
    pub name: String,
    /// Its group; empty when it has none.
    pub group_name: String,
    /// `active`.
    pub status: String,
    /// The latest version.
    pub version: u32,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// A version of a template without its definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionSummary {
    /// Counts from 1.
    pub number: u32,
    /// What changed, in the words of whoever changed it.
    pub description: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A version of a template with its definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateContent {
    /// The template's name for people.
    pub name: String,
    /// The version.
    pub version: u32,
    /// The definition: JSON of format 1, as it was given.
    pub body: String,
    /// Sample data: JSON, as it was given.
    pub sample: String,
}

/// A template to create.
#[derive(Clone, Debug)]
pub struct NewTemplate {
    /// Name for people; without it the one that the definition gives.
    pub name: Option<String>,
    /// Group; empty for none.
    pub group_name: String,
    /// The definition: JSON of format 1. Properties that the format does not know are errors.
    pub body: String,
    /// Sample data: a JSON object; without it the first sample of the definition, if it has one.
    pub sample: Option<String>,
}

/// A template that was created.
#[derive(Clone, Debug)]
pub struct CreatedTemplate {
    /// The name by which callers know it.
    pub key: TemplateKey,
    /// Its name for people.
    pub name: String,
    /// What is probably not as it was meant.
    pub warnings: Vec<Diagnostic>,
}

/// What changes in a template; what is absent stays as it is.
#[derive(Clone, Debug)]
pub struct TemplateChange {
    /// New name for people.
    pub name: Option<String>,
    /// New definition.
    pub body: Option<String>,
    /// New sample data.
    pub sample: Option<String>,
    /// What changed, in the words of whoever changed it.
    pub description: String,
    /// What becomes of properties of the definition that the format does not know.
    pub strictness: Strictness,
}

/// How a template is copied.
#[derive(Clone, Debug)]
pub struct TemplateCopy {
    /// The version to copy; it becomes version 1 of the copy.
    pub version: VersionChoice,
    /// Name of the copy; without it that of the template with ` (copy)` behind it.
    pub name: Option<String>,
    /// Group of the copy; without it that of the template.
    pub group_name: Option<String>,
}
