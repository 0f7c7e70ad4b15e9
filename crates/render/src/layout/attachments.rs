//! Files inside of the document's file: names and contents written with the data.

use super::state::{Layouter, Site, Stop};
use crate::diagnostic::codes;
use crate::document::Attachment;
use crate::expression::Scope;

/// Longest name of a file inside, in bytes: what file systems take.
const NAME_LENGTH_BYTES_MAX: usize = 255;

impl<'a> Layouter<'a> {
    /// Writes the files that the template attaches.
    pub(super) fn attachments(&mut self, scope: &Scope<'_, 'a>) -> Result<Vec<Attachment>, Stop> {
        let mut attachments: Vec<Attachment> = Vec::new();
        let template = self.template;
        for (index, source) in template.output.attachments.iter().enumerate() {
            let pointer = format!("/output/attachments/{index}");
            let site = |property: &'static str| Site { pointer: &pointer, property, node: None };
            let name = self.text_of(&source.name, scope, site("name"))?.trim().to_owned();
            let content = self.text_of(&source.content, scope, site("content"))?;
            let description = match &source.description {
                Some(description) => self.text_of(description, scope, site("description"))?,
                None => String::new(),
            };
            if !is_file_name(&name) {
                let shown: String = name.chars().take(60).collect();
                let hint = "use a name without folders, such as invoice.json";
                let message = format!("\"{shown}\" cannot be the name of a file");
                self.error(codes::INVALID_VALUE, site("name"), message, Some(hint.to_owned()));
            } else if attachments.iter().any(|known| known.name == name) {
                let message = format!("two attachments have the name \"{name}\"");
                self.error(codes::INVALID_NAME, site("name"), message, None);
            }
            attachments.push(Attachment {
                description: if description.trim().is_empty() { name.clone() } else { description },
                name,
                mime: source.mime.clone(),
                relationship: source.relationship,
                bytes: content.into_bytes(),
            });
        }
        Ok(attachments)
    }
}

fn is_file_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= NAME_LENGTH_BYTES_MAX
        && !matches!(name, "." | "..")
        && !name.contains(['/', '\\', ':'])
        && !name.chars().any(char::is_control)
}
