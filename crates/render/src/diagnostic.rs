//! Diagnostics: what is wrong with a template or its data, told to the person who can mend it.

use std::fmt;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document can be made, but something in it is probably not what was meant.
    Warning,
    /// The document cannot be made as asked.
    Error,
}

/// One finding: what is wrong, where, and what would be right.
///
/// `Display` prints `error[code] at /body/nodes/0 (node total): message` and, when there is one, a line `hint: …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether the document can still be made.
    pub severity: Severity,
    /// Stable machine-readable code in kebab case, such as `unknown-property`. See [`codes`].
    pub code: &'static str,
    /// JSON pointer (RFC 6901) into the template, or into the data when the code starts with `data-`.
    pub pointer: String,
    /// The `id` of the nearest enclosing node that has one.
    pub node: Option<String>,
    /// One sentence, lower case, no full stop.
    pub message: String,
    /// What to do about it, when the engine can tell.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// Makes an error without node and hint.
    pub fn error(code: &'static str, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            pointer: pointer.into(),
            node: None,
            message: message.into(),
            hint: None,
        }
    }

    /// Makes a warning without node and hint.
    pub fn warning(code: &'static str, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, pointer, message) }
    }

    /// Adds the id of the node that the finding is about.
    #[must_use]
    pub fn with_node(mut self, node: Option<impl Into<String>>) -> Self {
        self.node = node.map(Into::into);
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        write!(f, "{severity}[{}] at {pointer}", self.code)?;
        if let Some(node) = &self.node {
            write!(f, " (node {node})")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

/// Every code that a diagnostic can carry; each has its section in `docs/reference/errors.md`.
pub mod codes {
    /// The template or the data is not JSON.
    pub const INVALID_JSON: &str = "invalid-json";
    /// The template's `format` is missing or unknown to this engine.
    pub const UNSUPPORTED_FORMAT: &str = "unsupported-format";
    /// A property that this kind of object does not have.
    pub const UNKNOWN_PROPERTY: &str = "unknown-property";
    /// A required property is missing.
    pub const MISSING_PROPERTY: &str = "missing-property";
    /// A value of the wrong JSON type.
    pub const WRONG_TYPE: &str = "wrong-type";
    /// A value of the right type that is not allowed here.
    pub const INVALID_VALUE: &str = "invalid-value";
    /// A name (style, asset, id) that is not defined, or defined twice.
    pub const INVALID_NAME: &str = "invalid-name";
    /// An expression that cannot be parsed, or uses what is not allowed.
    pub const INVALID_EXPRESSION: &str = "invalid-expression";
    /// An expression that failed on this data.
    pub const EXPRESSION_FAILED: &str = "expression-failed";
    /// A path that leads nowhere in this data (strict mode: an error).
    pub const UNRESOLVED_PATH: &str = "unresolved-path";
    /// A limit of this engine was reached.
    pub const LIMIT_EXCEEDED: &str = "limit-exceeded";
    /// Content does not fit into its place.
    pub const OVERFLOW: &str = "overflow";
    /// Content stands on other content.
    pub const OVERLAP: &str = "overlap";
    /// No font with this family.
    pub const MISSING_FONT: &str = "missing-font";
    /// A weight or slant that a family does not have; the nearest face is used.
    pub const SUBSTITUTED_FACE: &str = "substituted-face";
    /// An axis of variable fonts that the font of a style does not have (strict mode: an error).
    pub const MISSING_AXIS: &str = "missing-axis";
    /// A character that no font at hand can show.
    pub const MISSING_GLYPH: &str = "missing-glyph";
    /// A picture that cannot be found.
    pub const MISSING_IMAGE: &str = "missing-image";
    /// A picture that cannot be read.
    pub const INVALID_IMAGE: &str = "invalid-image";
    /// A barcode value that its symbology cannot carry.
    pub const INVALID_BARCODE: &str = "invalid-barcode";
    /// A picture without a text for those who cannot see it.
    pub const MISSING_ALT: &str = "missing-alt";
    /// The document cannot follow a standard that was asked for.
    pub const NONCONFORMING: &str = "nonconforming";
    /// Data that does not follow the schema of its template.
    pub const DATA_MISMATCH: &str = "data-mismatch";
    /// A field of the data that nothing in the template reads.
    pub const UNUSED_FIELD: &str = "unused-field";
    /// The class of a template is below that of a field of its data.
    pub const CLASS_TOO_LOW: &str = "class-too-low";
    /// The render was cancelled from outside.
    pub const CANCELLED: &str = "cancelled";
}
