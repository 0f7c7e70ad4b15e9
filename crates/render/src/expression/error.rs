//! Errors of expressions: what is wrong with a source, and what went wrong while one ran.

/// A place in a source that cannot be used, with what is wrong and, where known, what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExpressionError {
    /// Byte offset in the source that was given to `compile`.
    pub offset: usize,
    /// Bytes that the message is about; may be 0.
    pub length: usize,
    /// What is wrong, in words for the author of a template.
    pub message: String,
    /// What would be right.
    pub hint: Option<String>,
}

impl ExpressionError {
    pub(super) fn new(offset: usize, length: usize, message: impl Into<String>) -> Self {
        Self { offset, length, message: message.into(), hint: None }
    }

    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn shifted(mut self, bytes: usize) -> Self {
        self.offset = self.offset.saturating_add(bytes);
        self
    }
}

/// Why an evaluation ended without a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// All expressions of this render together took more steps than `Limits::fuel_max`.
    #[error("the expressions of this render need more steps than are allowed")]
    FuelExhausted {
        /// Byte offset in the source of the expression.
        offset: usize,
    },
    /// A string or list outgrew `Limits::value_size_bytes_max`, or one evaluation made too many of them.
    #[error("a value is larger than {size_bytes_max} bytes")]
    ValueTooLarge {
        /// Byte offset in the source of the expression.
        offset: usize,
        /// The limit that was reached.
        size_bytes_max: u64,
    },
    /// Calls or values are nested deeper than `Limits::depth_max` allows.
    #[error("calls or values are nested too deep")]
    TooDeep {
        /// Byte offset in the source of the expression.
        offset: usize,
    },
    /// A name that neither the document nor this language knows.
    #[error("`{name}` is not known here")]
    UnknownName {
        /// Byte offset in the source of the expression.
        offset: usize,
        /// The name as it was written.
        name: Box<str>,
        /// A known name that is close to it.
        hint: Option<Box<str>>,
    },
    /// A call of something that cannot be called.
    #[error("{what} is not a function")]
    NotAFunction {
        /// Byte offset in the source of the expression.
        offset: usize,
        /// What was called.
        what: Box<str>,
        /// What would be right.
        hint: Option<Box<str>>,
    },
    /// A method that the type of the value does not have.
    #[error("{receiver} has no method `{method}`")]
    UnknownMethod {
        /// Byte offset in the source of the expression.
        offset: usize,
        /// The type of the value, with its article.
        receiver: &'static str,
        /// The method as it was written.
        method: Box<str>,
        /// What would be right.
        hint: Option<Box<str>>,
    },
    /// An argument or operand that the function or operator cannot work with.
    #[error("{message}")]
    WrongArgument {
        /// Byte offset in the source of the expression.
        offset: usize,
        /// What is wrong with it.
        message: Box<str>,
        /// What would be right.
        hint: Option<Box<str>>,
    },
}

impl EvaluationError {
    /// Tells whether a limit ended the evaluation: the whole render should stop, other errors concern one node.
    pub fn is_limit(&self) -> bool {
        matches!(self, Self::FuelExhausted { .. } | Self::ValueTooLarge { .. } | Self::TooDeep { .. })
    }

    /// Byte offset in the source of the expression, where the evaluation stopped.
    pub fn offset(&self) -> Option<usize> {
        match self {
            Self::FuelExhausted { offset }
            | Self::ValueTooLarge { offset, .. }
            | Self::TooDeep { offset }
            | Self::UnknownName { offset, .. }
            | Self::NotAFunction { offset, .. }
            | Self::UnknownMethod { offset, .. }
            | Self::WrongArgument { offset, .. } => Some(*offset),
        }
    }

    /// What would be right, where that is known.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::FuelExhausted { .. } | Self::ValueTooLarge { .. } | Self::TooDeep { .. } => None,
            Self::UnknownName { hint, .. }
            | Self::NotAFunction { hint, .. }
            | Self::UnknownMethod { hint, .. }
            | Self::WrongArgument { hint, .. } => hint.as_deref(),
        }
    }

    pub(super) fn shifted(mut self, bytes: usize) -> Self {
        match &mut self {
            Self::FuelExhausted { offset }
            | Self::ValueTooLarge { offset, .. }
            | Self::TooDeep { offset }
            | Self::UnknownName { offset, .. }
            | Self::NotAFunction { offset, .. }
            | Self::UnknownMethod { offset, .. }
            | Self::WrongArgument { offset, .. } => *offset = offset.saturating_add(bytes),
        }
        self
    }
}
