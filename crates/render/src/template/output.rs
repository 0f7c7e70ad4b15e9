//! What the file must be: standards, files inside, how it is to be handled.

use serde_json::Value as Json;

use super::describe::{Description, Form};
use super::model::{AttachmentSource, Classification, Output, PressIntent};
use super::reader::ObjectReader;
use super::reading::Reading;
use super::shape::{Choice, Line, List, Object, Shape, TemplateText};
use crate::conformance::{Conformance, Profile};
use crate::diagnostic::codes;
use crate::document::Relationship;

/// Files inside of one file; an invoice has one.
const ATTACHMENT_COUNT_MAX: usize = 20;

/// Characters of a media type (RFC 6838, 4.2, allows 127 on each side).
const MIME_LENGTH_MAX: usize = 255;

pub(super) const OUTPUT: Object<Output> =
    Object { name: "output", title: "the output", doc: "What the file must be.", read: read_output };

pub(super) const CLASSES: Choice<Classification> = Choice(&Classification::ALL);

fn read_output(reader: &mut ObjectReader<'_>) -> Option<Output> {
    let profiles = List::any("an array of standards", ProfileShape);
    let profiles = reader.or(
        "profiles",
        profiles,
        Vec::new(),
        "Standards that the file must follow; what one of them asks and the document does not have is an error.",
    );
    if let Err(conflict) = Conformance::of(profiles.iter().copied()) {
        reader.error_at(Some("profiles"), codes::INVALID_VALUE, conflict.to_string(), Some(conflict.hint()));
    }
    let attachments = List { phrase: "an array of files", of: ATTACHMENT, least: 0, most: ATTACHMENT_COUNT_MAX };
    let attachments = reader.or("attachments", attachments, Vec::new(), "Files that go along inside of the file.");
    let intent = reader.optional(
        "intent",
        INTENT,
        "The press that the file is made for; without it, PDF/X-4 takes a model of offset printing on coated paper.",
    );
    let class = reader.optional("class", CLASSES, "How documents of this template must be handled.");
    Some(Output { profiles, attachments, intent, class })
}

const INTENT: Object<PressIntent> = Object {
    name: "intent",
    title: "an output intent",
    doc: "A press with its paper, by an ICC profile of four inks.",
    read: |reader| {
        let name = Line { phrase: "the name of a printing condition", length_max: 120 };
        let condition = reader.required("condition", name, "Its name, as the printer gives it: `FOGRA51`.");
        let asset = Line { phrase: "`asset:` and the name of an asset", length_max: 200 };
        let profile = reader.required("profile", asset, "`asset:` and the name of its ICC profile.");
        let name = profile.as_deref().map(|profile| profile.strip_prefix("asset:").unwrap_or_default().to_owned());
        if name.as_deref() == Some("") {
            let message = "`profile` must be `asset:` and the name of an asset".to_owned();
            reader.error_at(Some("profile"), codes::INVALID_VALUE, message, None);
        }
        Some(PressIntent { condition: condition?, profile: name? })
    },
};

const ATTACHMENT: Object<AttachmentSource> = Object {
    name: "attachment",
    title: "an attachment",
    doc: "A file inside of the file, such as the data of an invoice.",
    read: read_attachment,
};

const RELATIONSHIPS: Choice<Relationship> = Choice(&[
    ("source", Relationship::Source),
    ("data", Relationship::Data),
    ("alternative", Relationship::Alternative),
    ("supplement", Relationship::Supplement),
    ("unspecified", Relationship::Unspecified),
]);

fn read_attachment(reader: &mut ObjectReader<'_>) -> Option<AttachmentSource> {
    let name = reader.required("name", TemplateText, "Its name, such as `invoice.json`; no two have the same.");
    let content = reader.required(
        "content",
        TemplateText,
        "What it holds: text, such as `{{ JSON.stringify(data) }}` or an XML of the data.",
    );
    let mime = reader.required("mime", MimeShape, "Its media type, such as `application/json`.");
    let relationship = reader.or(
        "relationship",
        RELATIONSHIPS,
        Relationship::Unspecified,
        "What it is to the document: what it was made from, data that it shows, the same in another form, or more.",
    );
    let description = reader.optional("description", TemplateText, "What it is, for people; without it, its name.");
    Some(AttachmentSource { name: name?, content: content?, mime: mime?, relationship, description })
}

/// A media type.
#[derive(Clone, Copy)]
struct MimeShape;

impl Shape for MimeShape {
    type Value = String;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<String> {
        let Some(text) = json.as_str() else {
            reading.wrong_type("a string: a media type", json);
            return None;
        };
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_+.".contains(&byte))
        };
        let known = text.split_once('/').is_some_and(|(kind, name)| is_word(kind) && is_word(name));
        if !known || text.len() > MIME_LENGTH_MAX {
            let hint = "write application/json, text/xml or application/octet-stream";
            reading.not_allowed("a media type such as \"application/json\"", json, Some(hint.to_owned()));
            return None;
        }
        Some(text.to_owned())
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Text { phrase: "a media type", pattern: Some(r"^[-\w+.]+/[-\w+.]+$"), length_max: Some(MIME_LENGTH_MAX) }
    }
}

/// The name of a standard.
#[derive(Clone, Copy)]
struct ProfileShape;

fn names() -> impl Iterator<Item = &'static str> + Clone {
    Profile::ALL.into_iter().map(Profile::name)
}

impl Shape for ProfileShape {
    type Value = Profile;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Profile> {
        let Some(text) = json.as_str() else {
            reading.wrong_type("a string: the name of a standard", json);
            return None;
        };
        let found = Profile::from_name(text);
        if found.is_none() {
            let message = format!("this engine cannot make files that follow \"{}\"", super::reading::shortened(text));
            // A standard with nearly the same name is another standard: only the case of letters is a slip.
            let hint = match names().find(|name| name.eq_ignore_ascii_case(text)) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("it can make {}", names().collect::<Vec<_>>().join(", ")),
            };
            reading.error(codes::INVALID_VALUE, message, Some(hint));
        }
        found
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Choice(names().collect())
    }

    fn show(&self, value: &Profile) -> Option<Json> {
        Some(Json::from(value.name()))
    }
}
