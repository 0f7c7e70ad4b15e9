//! The root of a template: everything outside of nodes.

use serde_json::Value as Json;

use super::colors::read_colors;
use super::data::DATA;
use super::describe::{Description, Form};
use super::layers::Layers;
use super::model::Template;
use super::output::OUTPUT;
use super::page::{BANDS, Content, PAGE, check_bands, default_page};
use super::reader::ObjectReader;
use super::reading::Reading;
use super::shape::{AnyObject, Line, List, MapOf, Object, Shape, TemplateText};
use super::style::{StyleShape, chosen, read_styles};
use crate::diagnostic::codes;

/// The version of the document language that this engine reads.
pub const FORMAT: u32 = 1;

/// Name of a template that gives none.
pub(crate) const NAME_DEFAULT: &str = "Untitled";

/// Locale of a template that names none.
const LOCALE_DEFAULT: &str = "en-GB";

/// Keywords of one file.
const KEYWORD_COUNT_MAX: usize = 100;

pub(super) const ROOT: Object<Template> = Object {
    name: "template",
    title: "a template",
    doc: "A template of format 1: a page, bands and nodes.",
    read: read_root,
};

fn read_root(reader: &mut ObjectReader<'_>) -> Option<Template> {
    let address = Line { phrase: "the address of a JSON Schema", length_max: 1000 };
    let _schema = reader.optional("$schema", address, "Address of the JSON Schema, for editors; no effect.");
    let _format = reader.required("format", FormatShape, "Version of the document language.");
    let name = Line { phrase: "a name", length_max: 200 };
    let name =
        reader.or("name", name, NAME_DEFAULT.to_owned(), "Name for people, and title of documents that have no other.");
    let locale = reader.or(
        "locale",
        LocaleShape,
        LOCALE_DEFAULT.to_owned(),
        "Language and region (BCP 47), such as `de-AT`: language of the document, and how numbers and dates look.",
    );
    let title = reader.optional("title", TemplateText, "Title of the file.");
    let author = reader.optional("author", TemplateText, "Author of the file.");
    let subject = reader.optional("subject", TemplateText, "Subject of the file.");
    let word = Line { phrase: "a keyword", length_max: 200 };
    let words = List { phrase: "an array of keywords", of: word, least: 0, most: KEYWORD_COUNT_MAX };
    let keywords = reader.or("keywords", words, Vec::new(), "Keywords of the file.");
    read_colors(reader);
    let output = reader.optional("output", OUTPUT, "What the file must be.").unwrap_or_default();
    let page = reader.optional("page", PAGE, "Paper and its margins.").unwrap_or_else(default_page);
    read_styles(reader);
    let style = reader.optional("style", StyleShape, "Look of text that has no style of its own.");
    if let Some(reading) = reader.state() {
        reading.base_style = chosen(style.as_ref(), &reading.base_style, &reading.styles);
    }
    let background = reader
        .optional(
            "background",
            Layers,
            "Painted first on every page, measured from the corner of the paper: nodes, or layers for certain pages.",
        )
        .unwrap_or_default();
    let header = reader.or("header", BANDS, Vec::new(), "Strips at the top of pages.");
    let body = reader.optional("body", Content, "What flows from page to page.").unwrap_or_default();
    let footer = reader.or("footer", BANDS, Vec::new(), "Strips at the bottom of pages.");
    let foreground = reader
        .optional(
            "foreground",
            Layers,
            "Painted last on every page, such as a watermark, measured from the corner of the paper: nodes, or layers for \
             certain pages. Screen readers pass over it.",
        )
        .unwrap_or_default();
    let assets = MapOf { phrase: "an object of `data:` URLs by name", of: PictureUrl };
    let assets =
        reader.optional("assets", assets, "Pictures that the template carries itself, by name.").unwrap_or_default();
    let data = reader.optional("data", DATA, "What the template expects as data.").unwrap_or_default();
    let _meta = reader.optional("meta", AnyObject, "Free notes for tools; no effect.");
    let _designer = reader.optional("designer", AnyObject, "State of the designer, such as guides; no effect.");
    let reading = reader.state()?;
    check_bands(&page, &header, &footer, reading);
    let styles = std::mem::take(&mut reading.styles);
    let colors = std::mem::take(&mut reading.colors);
    let node_count = reading.node_count;
    let template = Template {
        name,
        locale,
        title,
        author,
        subject,
        keywords,
        page,
        colors,
        styles,
        background,
        header,
        body,
        footer,
        foreground,
        assets,
        data,
        output,
        node_count,
    };
    super::breaks::check(&template, reading);
    Some(template)
}

/// The version of the document language.
#[derive(Clone, Copy)]
struct FormatShape;

impl Shape for FormatShape {
    type Value = ();

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<()> {
        check_format(Some(json), reading)
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Constant(FORMAT)
    }
}

/// Reports a format that this engine does not read.
pub(super) fn check_format(json: Option<&Json>, reading: &mut Reading) -> Option<()> {
    if json.and_then(Json::as_f64) == Some(f64::from(FORMAT)) {
        return Some(());
    }
    let (message, hint) = match json {
        None => ("the template does not say its `format`".to_owned(), format!("begin with \"format\": {FORMAT}")),
        Some(other) => (
            format!("format {} is not known, this engine reads format {FORMAT}", super::reading::quoted(other)),
            if other.as_f64().is_some_and(|format| format > f64::from(FORMAT)) {
                "use a newer version of this program".to_owned()
            } else {
                format!("write \"format\": {FORMAT}")
            },
        ),
    };
    let report = |reading: &mut Reading| reading.error(codes::UNSUPPORTED_FORMAT, message, Some(hint));
    if reading.pointer().is_empty() && json.is_some() {
        reading.within("format", report);
    } else {
        report(reading);
    }
    None
}

/// Language and region.
#[derive(Clone, Copy)]
struct LocaleShape;

impl Shape for LocaleShape {
    type Value = String;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<String> {
        let Some(text) = json.as_str() else {
            reading.wrong_type("a string: a language and region such as \"en-GB\"", json);
            return None;
        };
        let known = !text.contains('_') && icu_locale::Locale::try_from_str(text).is_ok();
        if !known {
            let hint =
                text.contains('_').then(|| format!("write \"{}\"", super::reading::shortened(&text.replace('_', "-"))));
            reading.not_allowed("a language and region such as \"en-GB\"", json, hint);
            return None;
        }
        Some(text.to_owned())
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Text { phrase: "a language and region", pattern: None, length_max: None }
    }

    fn show(&self, value: &String) -> Option<Json> {
        Some(Json::from(value.as_str()))
    }
}

/// Beginnings of the `data:` URLs of pictures that the engine reads.
const PICTURE_URLS: [&str; 4] = ["data:image/png", "data:image/jpeg", "data:image/svg+xml", "data:application/pdf"];

/// Whether a text is a `data:` URL of a picture.
pub(super) fn is_picture_url(text: &str) -> bool {
    PICTURE_URLS.iter().any(|start| {
        text.strip_prefix(start)
            .is_some_and(|rest| (rest.starts_with(';') || rest.starts_with(',')) && rest.contains(','))
    })
}

/// A picture as a `data:` URL.
#[derive(Clone, Copy)]
struct PictureUrl;

impl Shape for PictureUrl {
    type Value = String;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<String> {
        let Some(text) = json.as_str() else {
            reading.wrong_type("a string: a data: URL", json);
            return None;
        };
        if !is_picture_url(text) {
            let hint = "write data:image/png;base64, data:image/jpeg;base64, data:image/svg+xml;base64, or data:application/pdf;base64, and the picture";
            reading.not_allowed("a data: URL of a picture", json, Some(hint.to_owned()));
            return None;
        }
        // Base64 carries three bytes in four characters.
        let most = u64::from(reading.limits.picture_size_bytes_max) * 4 / 3;
        if u64::try_from(text.len()).is_ok_and(|length| length > most) {
            let message =
                format!("{} holds more than {} bytes", reading.subject(), reading.limits.picture_size_bytes_max);
            reading.error(codes::LIMIT_EXCEEDED, message, Some("use a smaller picture".to_owned()));
            return None;
        }
        Some(text.to_owned())
    }

    fn form(&self, _description: &mut Description) -> Form {
        let pattern = r"^data:image/(png|jpeg|svg\+xml)[;,]";
        Form::Text { phrase: "a `data:` URL of a picture", pattern: Some(pattern), length_max: None }
    }
}
