//! Reading: where the reader stands in the JSON, what it has found so far, and which names it knows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::Strictness;
use super::model::TextStyle;
use super::suggest::nearest;
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::limits::Limits;

/// Findings that one template can get; a person mends a handful at a time, and a hostile file must not fill the memory.
pub const FINDING_COUNT_MAX: usize = 200;

/// Characters of a given value that a message repeats; more would hide what is said about it.
const QUOTE_LENGTH_MAX: usize = 40;

/// State of one reading of one template.
pub(super) struct Reading {
    pub(super) limits: Limits,
    pub(super) strictness: Strictness,
    /// Named styles, resolved; empty entries never happen.
    pub(super) styles: IndexMap<String, TextStyle>,
    /// Look of text without a style of its own.
    pub(super) base_style: TextStyle,
    /// Ids that nodes are given anywhere in the template, so that no made one takes them.
    pub(super) given_ids: BTreeSet<String>,
    /// Id of each node so far, given or made, with its pointer.
    pub(super) ids: BTreeMap<String, String>,
    /// Nodes so far.
    pub(super) node_count: u32,
    /// Id of the node that is being read.
    pub(super) node: Option<String>,
    /// What the template says of its data, when paths into it are to be checked.
    pub(super) data: Option<Json>,
    findings: Vec<Diagnostic>,
    pointer: String,
    full: bool,
}

impl Reading {
    /// Starts at the root.
    pub(super) fn new(limits: &Limits, strictness: Strictness) -> Self {
        Self {
            limits: limits.clone(),
            strictness,
            styles: IndexMap::new(),
            base_style: TextStyle::default(),
            given_ids: BTreeSet::new(),
            ids: BTreeMap::new(),
            node_count: 0,
            node: None,
            data: None,
            findings: Vec::new(),
            pointer: String::new(),
            full: false,
        }
    }

    /// All findings.
    pub(super) fn into_findings(self) -> Vec<Diagnostic> {
        self.findings
    }

    /// The JSON pointer of the place that is being read.
    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Reads the property of this name.
    pub(super) fn within<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        for letter in name.chars() {
            match letter {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                other => self.pointer.push(other),
            }
        }
        let value = read(self);
        self.pointer.truncate(length);
        value
    }

    /// Reads the item of this index.
    pub(super) fn within_item<T>(&mut self, index: usize, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        let _infallible = write!(self.pointer, "/{index}");
        let value = read(self);
        self.pointer.truncate(length);
        value
    }

    /// Keeps a finding, up to the limit.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if self.full {
            return;
        }
        if self.findings.len() + 1 >= FINDING_COUNT_MAX {
            self.full = true;
            self.findings.push(too_many());
            return;
        }
        let diagnostic = if diagnostic.node.is_none() { diagnostic.with_node(self.node.clone()) } else { diagnostic };
        self.findings.push(diagnostic);
    }

    /// Reports an error at this place.
    pub(super) fn error(&mut self, code: &'static str, message: impl Into<String>, hint: Option<String>) {
        self.report(with_hint(Diagnostic::error(code, self.pointer.clone(), message), hint));
    }

    /// Reports a warning at this place.
    pub(super) fn warning(&mut self, code: &'static str, message: impl Into<String>, hint: Option<String>) {
        self.report(with_hint(Diagnostic::warning(code, self.pointer.clone(), message), hint));
    }

    /// Reports a value of the wrong JSON type.
    pub(super) fn wrong_type(&mut self, expected: &str, found: &Json) {
        let message = format!("{} must be {expected}, not {}", self.subject(), type_phrase(found));
        let hint = match found {
            Json::Null => Some("leave the property out when it has no value".to_owned()),
            Json::Number(_) | Json::Bool(_) if expected.starts_with("text") || expected.ends_with("an expression") => {
                Some(format!("write \"{found}\""))
            }
            _ => None,
        };
        self.error(codes::WRONG_TYPE, message, hint);
    }

    /// Reports a value that is not allowed here: "`width` must be …, not "x"".
    pub(super) fn not_allowed(&mut self, expected: &str, found: &Json, hint: Option<String>) {
        let message = format!("{} must be {expected}, not {}", self.subject(), quoted(found));
        self.error(codes::INVALID_VALUE, message, hint);
    }

    /// Reports a name that is none of the known ones.
    pub(super) fn unknown_name<'c>(
        &mut self,
        code: &'static str,
        message: String,
        name: &str,
        what: &str,
        known: impl Iterator<Item = &'c str> + Clone,
    ) {
        let hint = suggestion(name, what, known);
        self.error(code, message, Some(hint));
    }

    /// Counts a node; none when the limit is reached, which is reported once.
    pub(super) fn count_node(&mut self) -> Option<u32> {
        let index = self.node_count;
        if index >= self.limits.node_count_max {
            if index == self.limits.node_count_max {
                self.node_count = index.saturating_add(1);
                let message = format!("the template has more than {} nodes", self.limits.node_count_max);
                self.error(codes::LIMIT_EXCEEDED, message, Some("divide it into several templates".to_owned()));
            }
            return None;
        }
        self.node_count = index.saturating_add(1);
        Some(index)
    }

    /// The place as people call it: `` `width` ``, `` `at[1]` ``, `the template`.
    pub(super) fn subject(&self) -> String {
        let mut parts = self.pointer.rsplit('/');
        let last = parts.next().unwrap_or_default();
        if self.pointer.is_empty() {
            return "the template".to_owned();
        }
        let mut indexes = String::new();
        let mut name = last;
        while is_index(name) {
            indexes.insert_str(0, &format!("[{name}]"));
            name = parts.next().unwrap_or_default();
        }
        format!("`{}{indexes}`", shortened(&name.replace("~1", "/").replace("~0", "~")))
    }
}

/// The last finding when there are too many.
pub(super) fn too_many() -> Diagnostic {
    let message = format!("there are {FINDING_COUNT_MAX} findings or more, the others are not shown");
    Diagnostic::error(codes::LIMIT_EXCEEDED, "", message)
}

/// Whether any finding is an error.
pub(super) fn has_error(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// `did you mean …?`, or the list of what there is.
pub(super) fn suggestion<'c>(name: &str, what: &str, known: impl Iterator<Item = &'c str> + Clone) -> String {
    /// Names that a hint lists; more are no help.
    const LISTED_COUNT_MAX: usize = 24;
    if let Some(near) = nearest(name, known.clone()) {
        return format!("did you mean `{near}`?");
    }
    let listed: Vec<String> = known.clone().take(LISTED_COUNT_MAX).map(|known| format!("`{known}`")).collect();
    if listed.is_empty() {
        return format!("there are no {what}");
    }
    let more = if known.count() > LISTED_COUNT_MAX { ", …" } else { "" };
    format!("{what}: {}{more}", listed.join(", "))
}

/// The value as a message repeats it: shortened, strings in quotes.
pub(super) fn quoted(json: &Json) -> String {
    match json {
        Json::String(text) => format!("\"{}\"", shortened(text)),
        Json::Number(_) | Json::Bool(_) | Json::Null => json.to_string(),
        Json::Array(items) if items.len() <= 4 && items.iter().all(|item| !item.is_array() && !item.is_object()) => {
            let items: Vec<String> = items.iter().map(quoted).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Array(items) => format!("an array of {}", items.len()),
        Json::Object(_) => "an object".to_owned(),
    }
}

/// Text cut to what fits into a message, on one line.
pub(super) fn shortened(text: &str) -> String {
    let mut short: String =
        text.chars().take(QUOTE_LENGTH_MAX).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(QUOTE_LENGTH_MAX).is_some() {
        short.push('…');
    }
    short
}

fn type_phrase(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

fn is_index(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit())
}

fn with_hint(diagnostic: Diagnostic, hint: Option<String>) -> Diagnostic {
    match hint {
        Some(hint) => diagnostic.with_hint(hint),
        None => diagnostic,
    }
}
