//! Holds a document against the standards that its file must follow.

use super::combine::Conformance;
use super::findings::{Findings, Place};
use super::rules::{Rule, STRING_LENGTH_BYTES_MAX, STRING_LENGTH_BYTES_MAX_1};
use super::{items, tags};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Target};
use crate::template::NAME_DEFAULT;

/// Everything that stands between a document and its standards; nothing when it can follow them. `tagged` is whether
/// the file will have tags.
pub(crate) fn check(document: &Document, conformance: &Conformance, tagged: bool) -> Vec<Diagnostic> {
    let mut findings = Findings::new(document, conformance);
    check_metadata(document, &mut findings);
    check_attachments(document, &mut findings);
    if !tagged || document.structure.elements.is_empty() {
        let hint = "write the file with its tags";
        findings.report(Rule::Tags, Place::Property(""), "the file is not tagged", hint);
    }
    check_press(document, &mut findings);
    items::check(document, &mut findings);
    tags::check(document, &mut findings);
    check_strings(document, &mut findings);
    findings.into_list()
}

fn check_metadata(document: &Document, findings: &mut Findings<'_>) {
    let title = document.metadata.title.trim();
    // The name of a template that has none says nothing about the document.
    if title.is_empty() || title == NAME_DEFAULT {
        let hint = "give the template a `title`, or a `name`";
        findings.report(Rule::Title, Place::Property("/title"), "the document has no title", hint);
    }
    if !is_language(&document.metadata.language) {
        let hint = "give the template a `locale` such as \"en-GB\"";
        findings.report(Rule::Language, Place::Property("/locale"), "the document names no language", hint);
    }
}

/// Whether a text is a language tag: a language, then subtags (ISO 32000-1, 14.9.2.2).
fn is_language(text: &str) -> bool {
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.split('-').all(is_part)
        && text.split('-').next().is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// What only a press minds.
fn check_press(document: &Document, findings: &mut Findings<'_>) {
    for link in document.pages.iter().flat_map(|page| &page.links) {
        let place = link.element.map_or(Place::Node(None), |element| findings.node_of(element));
        let hint = "leave `link` out of what is printed, or make another file for screens";
        findings.report(Rule::Annotations, place, "a link lies on the page", hint);
    }
    // PDF 1.4 knows profiles of version 2 (PDF Reference 1.4, 4.5.4).
    if document.condition.as_ref().and_then(|condition| condition.profile.get(8)).is_some_and(|version| *version > 2) {
        let hint = "use a profile of version 2, or ask for PDF/A-2 or later";
        let place = Place::Property("/output/intent/profile");
        findings.report(Rule::Intent, place, "the profile of the press is of version 4", hint);
    }
}

fn check_attachments(document: &Document, findings: &mut Findings<'_>) {
    let place = Place::Property("/output/attachments");
    if document.attachments.is_empty() {
        let hint = "give `output.attachments` a file, or ask for PDF/A-4";
        findings.report(Rule::Attached, place, "there is no file inside", hint);
    } else {
        let hint = "ask for PDF/A-3 or PDF/A-4f, which may have files of any kind inside";
        findings.report(Rule::Attachments, place, "there is a file inside", hint);
    }
}

/// Texts for people: their length, and that they are not private.
fn check_strings(document: &Document, findings: &mut Findings<'_>) {
    if !findings.asks(Rule::StringLength) && !findings.asks(Rule::PrivateUse) {
        return;
    }
    let most = match findings.conformance.archive_part() {
        Some(1) => STRING_LENGTH_BYTES_MAX_1,
        _ => STRING_LENGTH_BYTES_MAX,
    };
    let metadata = &document.metadata;
    let keywords = metadata.keywords.join(", ");
    let properties = [
        ("/title", Some(metadata.title.as_str())),
        ("/author", metadata.author.as_deref()),
        ("/subject", metadata.subject.as_deref()),
        ("/keywords", Some(keywords.as_str())),
    ];
    for (pointer, text) in properties.into_iter().filter_map(|(pointer, text)| Some((pointer, text?))) {
        check_string(text, most, Place::Property(pointer), findings);
    }
    for bookmark in &document.bookmarks {
        check_string(&bookmark.title, most, Place::Node(None), findings);
    }
    for link in document.pages.iter().flat_map(|page| &page.links) {
        if let Target::Uri(uri) = &link.target {
            check_string(uri, most, Place::Node(None), findings);
        }
    }
    for (id, element) in (0..).map(crate::document::ElementId).zip(&document.structure.elements) {
        if let Some(alt) = element.alt.as_deref().filter(|alt| !alt.is_ascii() || alt.len() > most) {
            let place = findings.node_of(id);
            check_string(alt, most, place, findings);
        }
    }
}

fn check_string(text: &str, most: usize, place: Place, findings: &mut Findings<'_>) {
    // A text that is not ASCII is written as UTF-16 with its mark.
    let length = if text.is_ascii() { text.len() } else { 2 + 2 * text.encode_utf16().count() };
    if length > most {
        let what = format!("a text takes {length} bytes, the limit is {most}");
        findings.report(Rule::StringLength, place, &what, "make the text shorter");
    }
    if let Some(private) = text.chars().find(|&character| is_private(character)) {
        let what = format!("a text has the private character U+{:04X}", u32::from(private));
        findings.report(Rule::PrivateUse, place, &what, "write it with characters that have a meaning for everyone");
    }
}

/// Whether a character has no meaning but what its users agree on.
pub(crate) fn is_private(character: char) -> bool {
    matches!(u32::from(character), 0xE000..=0xF8FF | 0xF_0000..=0xF_FFFD | 0x10_0000..=0x10_FFFD)
}
