//! The program: a template with its fonts and pictures found, ready to be rendered many times.

mod art;
mod fonts;
mod walk;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::Value as Json;

pub(crate) use art::{Art, ArtTable, load_art};
pub(crate) use fonts::FontTable;

use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::document::Document;
use crate::expression::Locale;
use crate::layout;
use crate::limits::Limits;
use crate::template::{Classification, Template};
use crate::text::{TextEngine, TextLanguage};
use crate::world::World;

/// A template made ready for one world. Shared by all threads; rendering never changes it.
pub struct Program {
    template: Arc<Template>,
    locale: Locale,
    language: TextLanguage,
    fonts: FontTable,
    art: ArtTable,
    node_ids: Vec<Arc<str>>,
    node_pointers: Arc<[Box<str>]>,
    has_contents: bool,
}

/// How one render is done.
#[derive(Clone, Debug, Default)]
pub struct RenderOptions<'a> {
    /// Whether unresolved paths, overflow and missing glyphs are errors instead of warnings.
    pub strict: bool,
    /// Whether pages tell where each cell of a table stands, which takes memory for every cell.
    pub cells: bool,
    /// How the document must be handled; a stricter class of the template wins.
    pub class: Option<Classification>,
    /// Bounds.
    pub limits: Limits,
    /// Set from outside to end the render early with the code `cancelled`.
    pub cancel: Option<&'a AtomicBool>,
}

/// What a render gives.
#[derive(Debug)]
pub struct Rendered {
    /// The pages.
    pub document: Document,
    /// Warnings, in order of appearance, equal ones once, at most 100.
    pub diagnostics: Vec<Diagnostic>,
    /// Steps that its expressions took, as `Limits::fuel_max` counts them.
    pub steps: u64,
}

/// Memory that one thread keeps between renders: shaping contexts, caches. It makes renders faster and never
/// changes their result.
#[derive(Default)]
pub struct Scratch {
    pub(crate) engine: TextEngine,
}

impl Program {
    /// Makes a template ready.
    ///
    /// # Errors
    /// All findings, when at least one is an error (a font family that does not exist, a picture that cannot be read).
    pub fn new(template: Arc<Template>, world: &dyn World) -> Result<Self, Vec<Diagnostic>> {
        let mut findings = Vec::new();
        let locale = match Locale::new(&template.locale) {
            Ok(locale) => Some(locale),
            Err(error) => {
                let hint = "use a language tag such as en-GB or de-DE";
                findings.push(Diagnostic::error(codes::INVALID_VALUE, "/locale", error.to_string()).with_hint(hint));
                None
            }
        };
        let fonts = fonts::collect(&template, world.fonts(), &mut findings);
        let art = art::collect(&template, world, &mut findings);
        let (node_ids, node_pointers) = walk::node_names(&template);
        let language = TextLanguage::new(&template.locale);
        let has_contents = walk::has_contents(&template);
        match locale {
            Some(locale) if findings.iter().all(|finding| finding.severity == Severity::Warning) => {
                Ok(Self { template, locale, language, fonts, art, node_ids, node_pointers, has_contents })
            }
            _ => Err(findings),
        }
    }

    /// Renders one document. The world must be the one that the program was made for, or answer alike.
    /// In strict mode the data must follow the schema of the template.
    ///
    /// # Errors
    /// All findings, when at least one is an error.
    pub fn render(
        &self,
        data: &Json,
        world: &dyn World,
        options: &RenderOptions<'_>,
        scratch: &mut Scratch,
    ) -> Result<Rendered, Vec<Diagnostic>> {
        if options.strict
            && let Some(schema) = &self.template.data.schema
        {
            let problems = schema.problems(data);
            if !problems.is_empty() {
                return Err(problems.into_iter().map(Into::into).collect());
            }
        }
        layout::lay_out(self, data, world, options, &mut scratch.engine)
    }

    /// The template that it was made from.
    #[must_use]
    pub fn template(&self) -> &Template {
        &self.template
    }

    pub(crate) fn locale(&self) -> &Locale {
        &self.locale
    }

    /// Whether a contents list stands anywhere.
    pub(crate) fn has_contents(&self) -> bool {
        self.has_contents
    }

    pub(crate) fn language(&self) -> &TextLanguage {
        &self.language
    }

    pub(crate) fn fonts(&self) -> &FontTable {
        &self.fonts
    }

    pub(crate) fn art(&self) -> &ArtTable {
        &self.art
    }

    pub(crate) fn node_ids(&self) -> &[Arc<str>] {
        &self.node_ids
    }

    pub(crate) fn node_pointers(&self) -> &Arc<[Box<str>]> {
        &self.node_pointers
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("template", &self.template.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_shared_by_threads<T: Send + Sync>() {}
    fn moves_between_threads<T: Send>() {}

    #[test]
    fn programs_are_shared_by_threads_and_scratch_moves_between_them() {
        is_shared_by_threads::<Program>();
        moves_between_threads::<Scratch>();
    }
}
