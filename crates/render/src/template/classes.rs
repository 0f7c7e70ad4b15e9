//! Classes: how documents must be handled, what they are called on the page, and which class a template may have.

use super::model::Template;
use crate::data::Usage;
use crate::diagnostic::{Diagnostic, codes};

/// How a document must be handled, from least to most careful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Classification {
    Public,
    Internal,
    Confidential,
    Restricted,
}

/// Languages with what the classes are called in them, in the order of [`Classification::ALL`]. The first stands for all
/// others.
const LABELS: [(&str, [&str; 4]); 8] = [
    ("en", ["Public", "Internal", "Confidential", "Restricted"]),
    ("de", ["Öffentlich", "Intern", "Vertraulich", "Streng vertraulich"]),
    ("fr", ["Public", "Interne", "Confidentiel", "Diffusion restreinte"]),
    ("es", ["Público", "Interno", "Confidencial", "Restringido"]),
    ("it", ["Pubblico", "Interno", "Riservato", "Strettamente riservato"]),
    ("pt", ["Público", "Interno", "Confidencial", "Restrito"]),
    ("nl", ["Openbaar", "Intern", "Vertrouwelijk", "Strikt vertrouwelijk"]),
    ("ja", ["公開", "社内", "秘", "極秘"]),
];

/// Bytes of the longest label.
pub(crate) const LABEL_BYTES_MAX: u64 = 32;

impl Classification {
    /// All classes with their names in templates.
    pub const ALL: [(&'static str, Self); 4] = [
        ("public", Self::Public),
        ("internal", Self::Internal),
        ("confidential", Self::Confidential),
        ("restricted", Self::Restricted),
    ];

    /// Its name in templates.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// What people call it, in the language of a tag such as `de-AT`; in English where the language is not known.
    #[must_use]
    pub fn label(self, language_tag: &str) -> &'static str {
        let language = language_tag.split(['-', '_']).next().unwrap_or_default();
        let known = LABELS.iter().find(|(known, _)| known.eq_ignore_ascii_case(language));
        let [english, ..] = LABELS;
        let (_, labels) = known.copied().unwrap_or(english);
        let all = Self::ALL.iter().zip(labels);
        all.into_iter().find(|((_, class), _)| *class == self).map_or("", |(_, label)| label)
    }
}

impl Template {
    /// The strictest class of a field of its data, when any has one.
    #[must_use]
    pub fn field_class(&self) -> Option<Classification> {
        let schema = self.data.schema.as_deref()?;
        schema.fields().into_iter().filter_map(|field| field.class).max()
    }

    /// Whether any text of it shows the class of the document.
    #[must_use]
    pub fn shows_class(&self) -> bool {
        Usage::of(self).shows_class()
    }

    /// The error of a template that says a class below that of a field of its data. One that says none has at least that
    /// of its fields.
    #[must_use]
    pub fn class_fault(&self) -> Option<Diagnostic> {
        let own = self.output.class?;
        let schema = self.data.schema.as_deref()?;
        let field = schema.fields().into_iter().find(|field| field.class.is_some_and(|class| class > own))?;
        let above = field.class.map_or("", Classification::name);
        let message =
            format!("the class `{}` is below that of the field `{}`, which is `{above}`", own.name(), field.path);
        let hint = format!("set `output.class` to `{above}` or higher, or leave it out");
        Some(Diagnostic::error(codes::CLASS_TOO_LOW, "/output/class", message).with_hint(hint))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::limits::Limits;

    fn template(rest: &str) -> Template {
        Template::parse(&format!(r#"{{"format": 1, "name": "N", {rest}}}"#), &Limits::default()).unwrap().0
    }

    const FIELDS: &str = r#""data": {"schema": {"properties": {
        "a": {"x-class": "internal"},
        "people": {"items": {"properties": {"salary": {"x-class": "restricted"}}}}
    }}}"#;

    #[test]
    fn a_class_below_that_of_a_field_is_an_error_that_names_the_field() {
        let fault = template(&format!(r#""output": {{"class": "confidential"}}, {FIELDS}"#)).class_fault().unwrap();
        assert_eq!(
            (fault.code, fault.pointer.as_str(), fault.message.as_str(), fault.hint.as_deref()),
            (
                "class-too-low",
                "/output/class",
                "the class `confidential` is below that of the field `people[].salary`, which is `restricted`",
                Some("set `output.class` to `restricted` or higher, or leave it out"),
            )
        );
        for fine in [r#""output": {"class": "restricted"},"#, ""] {
            assert_eq!(template(&format!("{fine} {FIELDS}")).class_fault(), None);
        }
        assert_eq!(template(FIELDS).field_class(), Some(Classification::Restricted));
    }

    #[test]
    fn every_language_has_four_different_labels_that_fit() {
        for (language, labels) in LABELS {
            for (index, label) in labels.iter().enumerate() {
                assert!(u64::try_from(label.len()).unwrap() <= LABEL_BYTES_MAX, "{label}");
                assert!(!labels.iter().skip(index + 1).any(|other| other == label), "{language}");
            }
        }
        assert_eq!(Classification::Confidential.label("de-AT"), "Vertraulich");
        assert_eq!(Classification::Confidential.label("en-GB"), "Confidential");
        assert_eq!(Classification::Confidential.label("fi"), "Confidential");
        assert_eq!(Classification::Confidential.label(""), "Confidential");
    }

    #[test]
    fn a_template_shows_its_class_when_some_text_reads_it() {
        let text = |text: &str| {
            format!(r#""body": {{"nodes": [{{"kind": "text", "at": [0, 0], "width": 9, "text": "{text}"}}]}}"#)
        };
        assert!(template(&text("{{ sys.classLabel }}")).shows_class());
        assert!(template(&text("{{ sys.class }}")).shows_class());
        assert!(!template(&text("{{ sys.now }} sys.class")).shows_class());
    }
}
