//! The thing that is measured: one template, rendered with the data of one document after the other.

use std::sync::Arc;

use chancery_render::pdf::{self, PdfCache, PdfOptions};
use chancery_render::program::Scratch;
use chancery_render::{Diagnostic, Document, Limits, Program, RenderOptions, Template};

use super::content::Content;
use super::world::BenchWorld;
use crate::failure::Failure;

/// A template made ready, with what one thread keeps between two documents.
pub(crate) struct Subject {
    program: Program,
    world: BenchWorld,
    content: Content,
    scratch: Scratch,
    cache: PdfCache,
    options: RenderOptions<'static>,
    pdf_options: PdfOptions,
    /// When there is one, it is written again and again, and nothing is laid out.
    kept: Option<Document>,
}

impl Subject {
    /// Makes a template ready.
    ///
    /// # Errors
    /// The engine's findings, when it refuses the template.
    pub(crate) fn new(template: &str, content: Content, world: BenchWorld) -> Result<Self, Failure> {
        // Strict: a document with a hole in it would be measured too fast.
        let options = RenderOptions { strict: true, ..RenderOptions::default() };
        let (template, _warnings) = Template::parse(template, &Limits::default()).map_err(|found| refused(&found))?;
        let program = Program::new(Arc::new(template), &world).map_err(|found| refused(&found))?;
        Ok(Self {
            program,
            world,
            content,
            scratch: Scratch::default(),
            cache: PdfCache::default(),
            options,
            pdf_options: PdfOptions::default(),
            kept: None,
        })
    }

    /// Lays the document 0 out and keeps it, so that only writing is measured from now on.
    ///
    /// # Errors
    /// As [`Subject::pdf`].
    pub(crate) fn keep_document(&mut self) -> Result<(), Failure> {
        self.kept = Some(self.document(0)?);
        Ok(())
    }

    /// The PDF with that index.
    ///
    /// # Errors
    /// The engine's findings, when it refuses the data.
    pub(crate) fn pdf(&mut self, index: u64) -> Result<Vec<u8>, Failure> {
        let fresh;
        let document = if let Some(kept) = &self.kept {
            kept
        } else {
            fresh = self.document(index)?;
            &fresh
        };
        pdf::write(document, &self.pdf_options, &mut self.cache).map_err(|error| Failure::Render(error.to_string()))
    }

    fn document(&mut self, index: u64) -> Result<Document, Failure> {
        let data = self.content.data(index);
        self.program
            .render(data, &self.world, &self.options, &mut self.scratch)
            .map(|rendered| rendered.document)
            .map_err(|found| refused(&found))
    }
}

fn refused(findings: &[Diagnostic]) -> Failure {
    let texts: Vec<String> = findings.iter().map(ToString::to_string).collect();
    Failure::Render(if texts.is_empty() { "without a reason".to_owned() } else { texts.join("; ") })
}
