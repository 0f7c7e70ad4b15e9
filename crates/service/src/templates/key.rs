//! The name by which callers know a template.

use std::fmt;

use chancery_store::PublicTemplateId;

use crate::error::ServiceError;

/// 16 lower-case hexadecimal characters, unique in the whole installation and not guessable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TemplateKey(PublicTemplateId);

impl TemplateKey {
    /// Reads a template id as callers write it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]: what is no id is the id of nothing.
    pub fn parse(text: &str) -> Result<Self, ServiceError> {
        text.parse().map(Self).map_err(|_| ServiceError::NotFound { what: "template" })
    }

    pub(crate) const fn new(id: PublicTemplateId) -> Self {
        Self(id)
    }

    pub(crate) const fn id(self) -> PublicTemplateId {
        self.0
    }
}

impl fmt::Display for TemplateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn only_16_lower_case_hexadecimal_characters_are_a_template_id() {
        assert_eq!(TemplateKey::parse("0123456789abcdef").unwrap().to_string(), "0123456789abcdef");
        for text in
            ["", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcdeg", "é123456789abcde"]
        {
            assert_eq!(TemplateKey::parse(text).unwrap_err().to_string(), "there is no template with this id");
        }
    }
}
