//! The state of one render: what is read, what is made, what it has cost so far, and how expressions are asked.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::Value as Json;

use super::findings::Findings;
use super::measured::Bindings;
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::document::Document;
use crate::expression::{Context, EvaluationError, Expression, Scope, TextTemplate, Value};
use crate::limits::Limits;
use crate::program::{FontTable, Program, RenderOptions};
use crate::template::model::{Node, Template, TextStyle};
use crate::template::{Classification, Place};
use crate::text::{Block, FontChoice, Output, Request, TextEngine, TextStore};
use crate::world::World;

/// The render ends here; why is among the findings.
#[derive(Debug)]
pub(super) struct Stop;

/// What a finding is about.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    /// Pointer of the object that holds the property.
    pub(super) pointer: &'a str,
    /// The property; empty when the finding is about the object itself.
    pub(super) property: &'a str,
    /// The node.
    pub(super) node: Option<&'a str>,
}

impl<'a> Site<'a> {
    /// A property of a node.
    pub(super) fn of(node: &'a Node, property: &'a str) -> Self {
        Self { pointer: &node.pointer, property, node: Some(&node.id) }
    }

    /// The JSON pointer.
    pub(super) fn pointer(&self) -> String {
        if self.property.is_empty() { self.pointer.to_owned() } else { format!("{}/{}", self.pointer, self.property) }
    }
}

/// One render under way.
pub(super) struct Layouter<'a> {
    pub(super) program: &'a Program,
    pub(super) data: &'a Json,
    pub(super) template: &'a Template,
    pub(super) world: &'a dyn World,
    pub(super) options: &'a RenderOptions<'a>,
    pub(super) engine: &'a mut TextEngine,
    pub(super) document: Document,
    pub(super) store: TextStore,
    pub(super) context: Context<'a>,
    pub(super) findings: Findings,
    /// Names bound by repetition around the node at hand, outermost first.
    pub(super) bindings: Bindings<'a>,
    /// Fonts of styles that an expression put together.
    pub(super) fonts: FontTable,
    /// Pictures by source: index into the document's pictures or drawings.
    pub(super) art: BTreeMap<String, Option<super::picture::Placed>>,
    /// Glyphs in colour, by face, glyph and colour of the text: where they are in the document.
    pub(super) color_glyphs: super::paint::ColorPlaces,
    /// Points of content that may still be put into columns only to try.
    pub(super) tried_points_left: f64,
    /// What a contents list lists, once it is known.
    pub(super) entries: Vec<super::contents::Entry>,
    buffer: String,
    item_count: u32,
    text_length: u64,
}

impl<'a> Layouter<'a> {
    /// Starts a render.
    pub(super) fn new(
        program: &'a Program,
        data: &'a Json,
        world: &'a dyn World,
        options: &'a RenderOptions<'a>,
        engine: &'a mut TextEngine,
    ) -> Self {
        Self {
            program,
            data,
            template: program.template(),
            world,
            options,
            engine,
            document: Document::default(),
            store: TextStore::default(),
            context: Context::new(program.locale(), world.now_ms(), &options.limits)
                .with_class(class_of(program, options)),
            findings: Findings::default(),
            bindings: Vec::new(),
            fonts: FontTable::default(),
            art: BTreeMap::new(),
            color_glyphs: BTreeMap::new(),
            tried_points_left: super::place_columns::TRIED_POINTS_MAX,
            entries: Vec::new(),
            buffer: String::new(),
            item_count: 0,
            text_length: 0,
        }
    }

    /// Bounds of this render.
    pub(super) fn limits(&self) -> &'a Limits {
        &self.options.limits
    }

    /// Counts one thing that is placed, and looks whether the render was cancelled.
    pub(super) fn count_item(&mut self, site: Site<'_>) -> Result<(), Stop> {
        self.item_count = self.item_count.saturating_add(1);
        if self.item_count > self.limits().item_count_max {
            let message = format!("the document has more than {} pieces", self.limits().item_count_max);
            return Err(self.limit(site, message));
        }
        if self.options.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
            self.findings.push(Diagnostic::error(codes::CANCELLED, "", "the render was cancelled"));
            return Err(Stop);
        }
        Ok(())
    }

    /// Counts text.
    pub(super) fn count_text(&mut self, length: usize, site: Site<'_>) -> Result<(), Stop> {
        self.text_length = self.text_length.saturating_add(length as u64);
        if self.text_length > u64::from(self.limits().text_length_max) {
            let message = format!("the document has more than {} characters", self.limits().text_length_max);
            return Err(self.limit(site, message));
        }
        Ok(())
    }

    /// Records that a limit was reached.
    pub(super) fn limit(&mut self, site: Site<'_>, message: String) -> Stop {
        self.findings.push(Diagnostic::error(codes::LIMIT_EXCEEDED, site.pointer(), message).with_node(site.node));
        Stop
    }

    /// Records what is an error in strict mode and a warning otherwise.
    pub(super) fn warn(&mut self, code: &'static str, site: Site<'_>, message: String, hint: Option<String>) {
        let mut finding = Diagnostic::warning(code, site.pointer(), message).with_node(site.node);
        if self.options.strict {
            finding.severity = Severity::Error;
        }
        finding.hint = hint;
        self.findings.push(finding);
    }

    /// Records an error; the render goes on, to find more.
    pub(super) fn error(&mut self, code: &'static str, site: Site<'_>, message: String, hint: Option<String>) {
        let mut finding = Diagnostic::error(code, site.pointer(), message).with_node(site.node);
        finding.hint = hint;
        self.findings.push(finding);
    }

    /// Asks an expression. A failure is recorded and gives `undefined`; a reached limit ends the render.
    pub(super) fn evaluate(
        &mut self,
        expression: &Expression,
        scope: &Scope<'_, 'a>,
        site: Site<'_>,
    ) -> Result<Value<'a>, Stop> {
        let result = expression.evaluate(scope, &mut self.context);
        self.report_unresolved(site);
        match result {
            Ok(value) => Ok(value),
            Err(error) => self.report_failure(&error, expression.source(), site).map(|()| Value::Undefined),
        }
    }

    /// Does something as if on page 1 of 1, for content whose page is not known yet.
    pub(super) fn on_some_page<T>(&mut self, then: impl FnOnce(&mut Self) -> T) -> T {
        self.context.page_number = Some(1);
        self.context.total_pages = Some(1);
        let result = then(self);
        self.context.page_number = None;
        self.context.total_pages = None;
        result
    }

    /// Whether pages are being painted, so that their numbers are known.
    pub(super) fn knows_page(&self) -> bool {
        self.context.page_number.is_some()
    }

    /// Writes a text template and hands the text to `then`; the memory is used again.
    pub(super) fn with_text<T>(
        &mut self,
        template: &TextTemplate,
        scope: &Scope<'_, 'a>,
        site: Site<'_>,
        then: impl FnOnce(&mut Self, &str) -> T,
    ) -> Result<T, Stop> {
        if let Some(text) = template.as_literal() {
            self.count_text(text.len(), site)?;
            return Ok(then(self, text));
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let result = template.write(&mut buffer, scope, &mut self.context);
        self.report_unresolved(site);
        if let Err(error) = result {
            self.report_failure(&error, template.source(), site)?;
        }
        self.count_text(buffer.len(), site)?;
        let given = then(self, &buffer);
        self.buffer = buffer;
        Ok(given)
    }

    /// Writes a text template into a string of its own.
    pub(super) fn text_of(
        &mut self,
        template: &TextTemplate,
        scope: &Scope<'_, 'a>,
        site: Site<'_>,
    ) -> Result<String, Stop> {
        self.with_text(template, scope, site, |_, text| text.to_owned())
    }

    fn report_unresolved(&mut self, site: Site<'_>) {
        for unresolved in self.context.take_unresolved() {
            let message = format!("`{}` leads nowhere in this data", unresolved.path);
            self.warn(codes::UNRESOLVED_PATH, site, message, unresolved.hint);
        }
    }

    fn report_failure(&mut self, error: &EvaluationError, source: &str, site: Site<'_>) -> Result<(), Stop> {
        let shown: String = source.chars().take(80).collect();
        if error.is_limit() {
            return Err(self.limit(site, format!("{error}, in `{shown}`")));
        }
        let excerpt = error.offset().map(|offset| Place::of_word(source, offset).excerpt);
        let hint = match (error.hint(), excerpt) {
            (Some(hint), Some(excerpt)) => Some(format!("{hint}\n{excerpt}")),
            (hint, excerpt) => hint.map(str::to_owned).or(excerpt.map(|it| format!("look at the marked place\n{it}"))),
        };
        self.error(codes::EXPRESSION_FAILED, site, format!("{error}, in `{shown}`"), hint);
        Ok(())
    }

    /// The faces for a style.
    pub(super) fn font(&mut self, style: &TextStyle) -> Option<Arc<FontChoice>> {
        if let Some(choice) = self.program.fonts().find(style) {
            return Some(Arc::clone(choice));
        }
        self.fonts.find_or_add(style, self.world.fonts(), &self.template.locale).map(Arc::clone)
    }

    /// The faces for a style; that there are none is recorded.
    pub(super) fn font_for(&mut self, style: &TextStyle, site: Site<'_>) -> Option<Arc<FontChoice>> {
        let font = self.font(style);
        if font.is_none() {
            let message = format!("there is no font family {}", quoted(&style.font));
            self.error(codes::MISSING_FONT, site, message, None);
        }
        for shortfall in font.iter().flat_map(|font| &font.shortfalls) {
            // Once for all text, not once for each.
            let mut finding = Diagnostic::warning(shortfall.code, "/styles", &shortfall.message);
            if self.options.strict && !shortfall.is_harmless {
                finding.severity = Severity::Error;
            }
            self.findings.push(finding.with_hint(&shortfall.hint));
        }
        font
    }

    /// The width of a text that is never broken; nothing is kept of it.
    pub(super) fn natural_text_width(&mut self, style: &TextStyle, text: &str, site: Site<'_>) -> f32 {
        let Some(font) = self.font_for(style, site) else { return 0.0 };
        let request = Request { text, width: f32::INFINITY, style, font: &font, language: self.program.language() };
        let mut out = Output { document: &mut self.document, store: &mut self.store };
        self.engine.natural_width(&request, &mut out)
    }

    /// Lays out text, and records characters that no face has.
    pub(super) fn lay_out_text(&mut self, work: TextWork<'_>, text: &str, site: Site<'_>) -> Option<Block> {
        let font = self.font_for(work.style, site)?;
        let request =
            Request { text, width: work.width, style: work.style, font: &font, language: self.program.language() };
        let mut out = Output { document: &mut self.document, store: &mut self.store };
        let block = match work.height {
            HeightRule::Free => self.engine.lay_out(&request, &mut out),
            HeightRule::Shrink(height) => self.engine.lay_out_shrunk(&request, height, &mut out),
            HeightRule::Ellipsis(height) => {
                let mut block = self.engine.lay_out(&request, &mut out);
                self.engine.cut_with_ellipsis(&mut block, &request, height, &mut out);
                block
            }
        };
        self.report_missing(site);
        Some(block)
    }

    /// Records characters that no face has.
    pub(super) fn report_missing(&mut self, site: Site<'_>) {
        if self.store.missing.is_empty() {
            return;
        }
        for character in std::mem::take(&mut self.store.missing) {
            let message = format!("no font at hand has {character:?} (U+{:04X})", u32::from(character));
            let hint = "add a font that has it; other families are asked in the order in which they were added";
            self.warn(codes::MISSING_GLYPH, site, message, Some(hint.to_owned()));
        }
    }
}

/// How text is laid out.
#[derive(Clone, Copy)]
pub(super) struct TextWork<'w> {
    pub(super) style: &'w TextStyle,
    /// Room for a line; infinite when lines are never broken.
    pub(super) width: f32,
    pub(super) height: HeightRule,
}

/// What height does to text.
#[derive(Clone, Copy)]
pub(super) enum HeightRule {
    /// Nothing.
    Free,
    /// The size goes down until it fits.
    Shrink(f32),
    /// What does not fit is replaced by an ellipsis.
    Ellipsis(f32),
}

/// Names in quotation marks for a message.
pub(super) fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" or ")
}

/// How a document must be handled: as its template says, or as the caller does, whichever is stricter.
fn class_of(program: &Program, options: &RenderOptions<'_>) -> Option<Classification> {
    program.template().output.class.max(options.class)
}
