//! Text templates: text with `{{ … }}` or `{% … %}` in it.

use super::scan::{self, SOURCE_SIZE_BYTES_MAX, Stop};
use super::{Context, EvaluationError, Expression, ExpressionError, Scope};
use crate::Limits;
use std::sync::Arc;

/// Errors that are told of one text; a text with more is no template.
const ERROR_COUNT_MAX: usize = 100;

/// A text in which expressions stand between `{{` and `}}` or between `{%` and `%}`; cheap to clone.
#[derive(Clone)]
pub struct TextTemplate(Arc<Parts>);

struct Parts {
    source: Box<str>,
    segments: Box<[Segment]>,
}

enum Segment {
    Literal(Box<str>),
    /// An expression and where its source begins in the source of the template.
    Expression(Expression, usize),
}

impl TextTemplate {
    /// Compiles a text.
    ///
    /// # Errors
    /// Every expression that cannot be compiled; offsets count from the beginning of the whole text.
    pub fn compile(source: &str, limits: &Limits) -> Result<Self, Vec<ExpressionError>> {
        let mut segments = Vec::new();
        let mut errors = Vec::new();
        let mut at = 0;
        while errors.len() < ERROR_COUNT_MAX
            && let Some((start, stop)) = next_opening(source, at)
        {
            push_literal(&mut segments, source.get(at..start).unwrap_or_default());
            let inner_start = start + 2;
            let inner = source.get(inner_start..).unwrap_or_default();
            match scan::scan(beginning(inner), stop, limits.depth_max) {
                Ok(length) => {
                    let written = inner.get(..length).unwrap_or_default();
                    let lead = written.len() - written.trim_start().len();
                    match Expression::compile(written.trim(), limits) {
                        Ok(expression) => segments.push(Segment::Expression(expression, inner_start + lead)),
                        Err(error) => errors.push(error.shifted(inner_start + lead)),
                    }
                    at = inner_start + length + 2;
                }
                Err(error) => {
                    let closing = if stop == Stop::Braces { "}}" } else { "%}" };
                    let Some(length) = inner.find(closing) else {
                        let opening = source.get(start..inner_start).unwrap_or_default();
                        errors.push(
                            ExpressionError::new(start, 2, format!("this `{opening}` is never closed")).with_hint(
                                format!("end it with `{closing}`; to print it write `{{{{ '{opening}' }}}}`"),
                            ),
                        );
                        at = source.len();
                        break;
                    };
                    errors.push(if length > SOURCE_SIZE_BYTES_MAX {
                        let message = format!("the expression is longer than {SOURCE_SIZE_BYTES_MAX} bytes");
                        ExpressionError::new(inner_start, length, message)
                    } else {
                        error.shifted(inner_start)
                    });
                    at = inner_start + length + 2;
                }
            }
        }
        push_literal(&mut segments, source.get(at..).unwrap_or_default());
        if errors.is_empty() {
            Ok(Self(Arc::new(Parts { source: source.into(), segments: segments.into() })))
        } else {
            Err(errors)
        }
    }

    /// Makes a template that is this text and nothing else, whatever is in it.
    pub fn literal(text: impl Into<String>) -> Self {
        let source = text.into().into_boxed_str();
        let segments = if source.is_empty() {
            Box::default()
        } else {
            Box::new([Segment::Literal(source.clone())]) as Box<[Segment]>
        };
        Self(Arc::new(Parts { source, segments }))
    }

    /// The source as it was given.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The text, when there is no expression in it.
    pub fn as_literal(&self) -> Option<&str> {
        match &*self.0.segments {
            [] => Some(""),
            [Segment::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Tells whether there is neither text nor expression.
    pub fn is_empty(&self) -> bool {
        self.0.segments.is_empty()
    }

    /// Tells whether the current page or the number of pages is read.
    pub fn uses_page(&self) -> bool {
        self.expressions().any(Expression::uses_page)
    }

    /// Tells whether the number of pages is read.
    pub fn uses_total_pages(&self) -> bool {
        self.expressions().any(Expression::uses_total_pages)
    }

    /// The expressions in order of appearance.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.0.segments.iter().filter_map(|segment| match segment {
            Segment::Expression(expression, _) => Some(expression),
            Segment::Literal(_) => None,
        })
    }

    /// The expressions, each with the byte offset in the source of the text at which its own source begins.
    pub fn placed_expressions(&self) -> impl Iterator<Item = (&Expression, usize)> {
        self.0.segments.iter().filter_map(|segment| match segment {
            Segment::Expression(expression, start) => Some((expression, *start)),
            Segment::Literal(_) => None,
        })
    }

    /// The expression, when the text is exactly one.
    pub fn single_expression(&self) -> Option<&Expression> {
        match &*self.0.segments {
            [Segment::Expression(expression, _)] => Some(expression),
            _ => None,
        }
    }

    /// Appends the text; `null` and `undefined` write nothing.
    ///
    /// # Errors
    /// The first expression that fails; what was appended before it stays. The offset counts from the beginning of
    /// the whole text.
    pub fn write<'d>(
        &self,
        out: &mut String,
        scope: &Scope<'_, 'd>,
        context: &mut Context<'_>,
    ) -> Result<(), EvaluationError> {
        for segment in &self.0.segments {
            match segment {
                Segment::Literal(text) => out.push_str(text),
                Segment::Expression(expression, start) => {
                    expression.write(out, scope, context).map_err(|error| error.shifted(*start))?;
                }
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for TextTemplate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("TextTemplate").field(&self.source()).finish()
    }
}

/// The part in which an expression must end; looking further for each one would take the square of the length.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(SOURCE_SIZE_BYTES_MAX + 2);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn push_literal(segments: &mut Vec<Segment>, text: &str) {
    if !text.is_empty() {
        segments.push(Segment::Literal(text.into()));
    }
}

fn next_opening(source: &str, from: usize) -> Option<(usize, Stop)> {
    let rest = source.get(from..)?;
    let (start, _) = rest
        .char_indices()
        .zip(rest.char_indices().skip(1))
        .find(|((_, first), (_, second))| *first == '{' && matches!(second, '{' | '%'))?
        .0;
    let stop = if rest.get(start..)?.starts_with("{{") { Stop::Braces } else { Stop::Percent };
    Some((from + start, stop))
}
