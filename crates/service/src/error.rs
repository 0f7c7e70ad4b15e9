//! The one error of this crate: a stable code, one sentence, a hint; inner causes are for the log only.

use std::borrow::Cow;
use std::error::Error as StdError;

use chancery_ledger::LedgerError;
use chancery_render::{Diagnostic, Severity};
use chancery_store::StoreError;
use chancery_vault::VaultError;

use crate::classes::{Class, Rule};
use crate::permission::Permission;
use crate::security::{Incident, IncidentKind, Place};

/// Why the service did not do what was asked.
///
/// `Display` is the one sentence that a caller may see. What [`std::error::Error::source`] leads to is for the log.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// No key, a damaged key, an unknown, expired or revoked key. All look the same on purpose.
    #[error("the API key is missing or not valid")]
    Unauthenticated,
    /// The key is good, but does not carry the permission.
    #[error("this API key does not have the permission `{}`", permission.name())]
    Forbidden {
        /// What would be needed.
        permission: Permission,
    },
    /// There is no such thing in this workspace. Things of other workspaces look the same on purpose.
    #[error("there is no {what} with this id")]
    NotFound {
        /// What was looked for: `template`, `template version`, `document`.
        what: &'static str,
    },
    /// A signed link that is not genuine, or was altered.
    #[error("this link is not valid")]
    LinkInvalid,
    /// A signed link whose time is over, or whose file was purged.
    #[error("this link has expired")]
    LinkExpired,
    /// A genuine link that was revoked.
    #[error("this link was revoked")]
    LinkRevoked,
    /// A genuine link that was used as often as it may be.
    #[error("this link was used already")]
    LinkUsedUp,
    /// A genuine link that may not be used from where it was. Nothing else is told there.
    #[error("this link does not work from this network")]
    LinkElsewhere,
    /// The link asks for a passcode, and none was sent.
    #[error("this link asks for a passcode")]
    PasscodeRequired,
    /// The passcode is another one.
    #[error("this is not the passcode of the link")]
    PasscodeWrong,
    /// Too many wrong passcodes were tried.
    #[error("too many wrong passcodes were tried for this link")]
    PasscodeLocked {
        /// When to try again.
        retry_after_s: u32,
    },
    /// The class of the document forbids it.
    #[error("documents of the class `{}` {}", class.name(), rule.demand())]
    ClassForbids {
        /// The class.
        class: Class,
        /// The rule that would be broken.
        rule: Rule,
    },
    /// A value that cannot be accepted.
    #[error("`{field}` {problem}")]
    InvalidField {
        /// Name of the field on the wire.
        field: Cow<'static, str>,
        /// Continues the sentence that starts with the field's name.
        problem: Cow<'static, str>,
    },
    /// The template has errors.
    #[error("the template has {}", count_of_errors(findings))]
    TemplateInvalid {
        /// All findings, warnings included.
        findings: Vec<Diagnostic>,
    },
    /// The template and this data do not make a document.
    #[error("the document cannot be made: {}", first_error(findings))]
    RenderFailed {
        /// All findings, warnings included.
        findings: Vec<Diagnostic>,
    },
    /// The render took longer than this server allows.
    #[error("the render took longer than {limit_ms} ms and was stopped")]
    RenderTimeout {
        /// The limit.
        limit_ms: u64,
    },
    /// All render threads are busy and the queue is full.
    #[error("the server is busy")]
    Busy {
        /// When to try again.
        retry_after_s: u32,
    },
    /// The server is on its way down.
    #[error("the server is shutting down")]
    ShuttingDown,
    /// The database or the object store does not answer.
    #[error("a part that the server needs is not available")]
    Unavailable {
        /// What happened, for the log.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// Stored data that is not what was written there: altered, moved, rolled back, or its key is gone.
    #[error("stored data was refused, because it is not what was written")]
    Refused {
        /// What was refused, for the record.
        incident: Box<Incident>,
        /// Why, for the log.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// A defect of this program.
    #[error("something went wrong inside the server")]
    Internal {
        /// What was being done, for the log.
        context: &'static str,
        /// What happened, for the log.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
}

/// The class of an error; the wire maps each to a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// The caller has not shown who they are.
    Unauthenticated,
    /// The caller may not do this.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// There was such a thing, and its time is over.
    Gone,
    /// The request itself is wrong.
    Invalid,
    /// The request is well-formed, but template and data do not make a document.
    Unprocessable,
    /// Try again later.
    Busy,
    /// The caller tried too often.
    Throttled,
    /// The render took too long.
    Timeout,
    /// A part behind the service is away.
    Unavailable,
    /// A defect.
    Internal,
}

impl ServiceError {
    /// Makes the error for a value that cannot be accepted; `problem` continues a sentence that starts with the
    /// field's name, such as `must be a number from 1 to 10080`.
    pub fn invalid(field: impl Into<Cow<'static, str>>, problem: impl Into<Cow<'static, str>>) -> Self {
        Self::InvalidField { field: field.into(), problem: problem.into() }
    }

    /// Makes the error for a defect; `context` says what was being done.
    pub fn internal(context: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal { context, source: source.into() }
    }

    /// Makes the error for a refusal; what is no refusal is a defect.
    pub(crate) fn refused(incident: Option<Incident>, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        match incident {
            Some(incident) => Self::Refused { incident: Box::new(incident), source: source.into() },
            None => Self::internal("sealing or opening", source),
        }
    }

    /// The causes behind the sentence, outermost first, for the log only.
    #[must_use]
    pub fn source_text(&self) -> String {
        let mut text = String::new();
        let mut source = self.source();
        while let Some(cause) = source {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }

    /// The stable machine-readable code, in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden { .. } => "forbidden",
            Self::NotFound { .. } => "not-found",
            Self::LinkInvalid => "link-invalid",
            Self::LinkExpired => "link-expired",
            Self::LinkRevoked => "link-revoked",
            Self::LinkUsedUp => "link-used-up",
            Self::LinkElsewhere => "link-elsewhere",
            Self::PasscodeRequired => "passcode-required",
            Self::PasscodeWrong => "passcode-wrong",
            Self::PasscodeLocked { .. } => "passcode-locked",
            Self::ClassForbids { .. } => "class-forbids",
            Self::InvalidField { .. } => "invalid-field",
            Self::TemplateInvalid { .. } => "template-invalid",
            Self::RenderFailed { .. } => "render-failed",
            Self::RenderTimeout { .. } => "render-timeout",
            Self::Busy { .. } => "busy",
            Self::ShuttingDown => "shutting-down",
            Self::Unavailable { .. } => "unavailable",
            Self::Refused { .. } => "data-refused",
            Self::Internal { .. } => "internal",
        }
    }

    /// The class, from which the wire chooses its status.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Unauthenticated => ErrorClass::Unauthenticated,
            Self::Forbidden { .. } | Self::LinkElsewhere | Self::PasscodeRequired | Self::PasscodeWrong => {
                ErrorClass::Forbidden
            }
            Self::PasscodeLocked { .. } => ErrorClass::Throttled,
            Self::NotFound { .. } | Self::LinkInvalid => ErrorClass::NotFound,
            Self::LinkExpired | Self::LinkRevoked | Self::LinkUsedUp => ErrorClass::Gone,
            Self::InvalidField { .. } => ErrorClass::Invalid,
            Self::TemplateInvalid { .. } | Self::RenderFailed { .. } | Self::ClassForbids { .. } => {
                ErrorClass::Unprocessable
            }
            Self::RenderTimeout { .. } => ErrorClass::Timeout,
            Self::Busy { .. } | Self::ShuttingDown => ErrorClass::Busy,
            Self::Unavailable { .. } => ErrorClass::Unavailable,
            Self::Refused { .. } | Self::Internal { .. } => ErrorClass::Internal,
        }
    }

    /// What the caller can do about it, when there is something.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Unauthenticated => {
                Some("send the key in the header `X-API-KEY`, or as `Authorization: Bearer`".into())
            }
            Self::Forbidden { .. } => {
                Some("use a key that has this permission, or ask who administers the workspace".into())
            }
            Self::LinkExpired => Some("create the document again, with a longer `expiration` if need be".into()),
            Self::LinkRevoked | Self::LinkUsedUp => Some("ask whoever sent it for a new one".into()),
            Self::LinkElsewhere => Some("use the network that the link was made for".into()),
            Self::PasscodeRequired => Some("post it to this address as the form field `passcode`".into()),
            Self::PasscodeWrong => Some("look again; it is eight letters and digits".into()),
            Self::PasscodeLocked { .. } => Some("wait a quarter of an hour, or ask for a new link".into()),
            Self::ClassForbids { rule, .. } => Some(rule.hint().into()),
            Self::TemplateInvalid { findings } | Self::RenderFailed { findings } => findings
                .iter()
                .find(|finding| finding.severity == Severity::Error)
                .and_then(|finding| finding.hint.clone())
                .map(Cow::Owned),
            Self::RenderTimeout { .. } => Some("render fewer records at once, or simplify the template".into()),
            Self::Busy { retry_after_s } => Some(format!("try again in {retry_after_s} s").into()),
            Self::ShuttingDown => {
                Some("try again: another instance, or this one after its restart, will answer".into())
            }
            Self::Unavailable { .. } => Some("try again in a moment".into()),
            Self::Refused { .. } => {
                Some("tell whoever operates this service: `chancery security events` says what it is".into())
            }
            Self::Internal { .. } => Some("report this with the request id".into()),
            Self::NotFound { .. } | Self::LinkInvalid | Self::InvalidField { .. } => None,
        }
    }

    /// Seconds after which a repetition makes sense, where that is known.
    #[must_use]
    pub fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Busy { retry_after_s } | Self::PasscodeLocked { retry_after_s } => Some(*retry_after_s),
            Self::ShuttingDown | Self::Unavailable { .. } => Some(1),
            _ => None,
        }
    }

    /// The findings about template or data, when that is what is wrong.
    #[must_use]
    pub fn findings(&self) -> &[Diagnostic] {
        match self {
            Self::TemplateInvalid { findings } | Self::RenderFailed { findings } => findings,
            _ => &[],
        }
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Database { .. }
            | StoreError::Folder { .. }
            | StoreError::ObjectStore { .. }
            | StoreError::Cluster(_) => Self::Unavailable { source: error.into() },
            // The key was good when it was looked up; the workspace stopped since.
            StoreError::WorkspaceNotActive => Self::Unauthenticated,
            StoreError::Busy { .. } | StoreError::KeyClosed => Self::Busy { retry_after_s: 1 },
            StoreError::Closed => Self::ShuttingDown,
            StoreError::Isolation { .. } => {
                let (kind, place) = (IncidentKind::IsolationViolated, Place::thing("database"));
                Self::refused(Some(Incident::new(kind, None, place, "the database refused to cross a border")), error)
            }
            StoreError::Vault(error) => error.into(),
            other => Self::internal("using the store", other),
        }
    }
}

impl From<LedgerError> for ServiceError {
    fn from(error: LedgerError) -> Self {
        Self::internal("working on the ledger", error)
    }
}

impl From<VaultError> for ServiceError {
    fn from(error: VaultError) -> Self {
        let place = Place::thing("value");
        let incident = match error {
            VaultError::Keeper { .. } => return Self::Unavailable { source: error.into() },
            VaultError::NotAuthentic { .. } | VaultError::OtherKey { .. } => Incident::of_stored(&error, None, place),
            _ => None,
        };
        Self::refused(incident, error)
    }
}

fn count_of_errors(findings: &[Diagnostic]) -> String {
    match findings.iter().filter(|finding| finding.severity == Severity::Error).count() {
        1 => "1 error".to_owned(),
        count => format!("{count} errors"),
    }
}

fn first_error(findings: &[Diagnostic]) -> &str {
    findings
        .iter()
        .find(|finding| finding.severity == Severity::Error)
        .or(findings.first())
        .map_or("the engine gave no reason", |finding| &finding.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_answer_names_the_missing_permission() {
        let error = ServiceError::Forbidden { permission: Permission::TemplatesWrite };
        assert_eq!(error.to_string(), "this API key does not have the permission `templates:write`");
        assert_eq!(error.code(), "forbidden");
        assert_eq!(error.class(), ErrorClass::Forbidden);
    }

    #[test]
    fn an_internal_error_shows_nothing_of_its_cause() {
        let error = ServiceError::internal("reading a row", "password=hunter2");
        assert!(!error.to_string().contains("hunter2"));
        assert!(!error.hint().is_some_and(|hint| hint.contains("hunter2")));
    }

    #[test]
    fn a_failed_render_says_the_first_error_and_not_a_warning_before_it() {
        let error = ServiceError::RenderFailed {
            findings: vec![
                Diagnostic::warning("overflow", "/a", "a warning"),
                Diagnostic::error("missing-font", "/b", "no font `X`").with_hint("install it"),
            ],
        };
        assert_eq!(error.to_string(), "the document cannot be made: no font `X`");
        assert_eq!(error.hint().as_deref(), Some("install it"));
        assert_eq!(error.findings().len(), 2);
    }
}
