//! What is sealed of a link: for whom, from where, which passcode, how it is handed out.

use chancery_store::LinkRow;
use chancery_vault::{LinkId, PasscodeCheck, Random, WorkspaceKeyring};
use serde_json::{Value as Json, json};

use super::Network;
use crate::error::ServiceError;
use crate::sealing::{self, Cell};

/// Characters of a recipient's name or mail address (RFC 5321, 4.5.3.1.3, has 256 octets for a path).
const NAME_LENGTH_MAX: usize = 200;

/// For whom a link is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    name: String,
    mail: Option<String>,
}

/// What browsers do with a document (RFC 6266).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Show it.
    Inline,
    /// Save it.
    Attachment,
}

/// The sealed part of a link.
pub(crate) struct Details {
    pub(crate) recipient: Option<Recipient>,
    pub(crate) networks: Vec<Network>,
    pub(crate) passcode: Option<PasscodeCheck>,
    pub(crate) has_page: bool,
    pub(crate) disposition: Disposition,
}

impl Recipient {
    /// A recipient; both texts are shown on the page of the link.
    ///
    /// # Errors
    /// [`ServiceError::InvalidField`].
    pub fn new(name: String, mail: Option<String>) -> Result<Self, ServiceError> {
        let is_plain = |text: &str| {
            !text.trim().is_empty() && text.chars().count() <= NAME_LENGTH_MAX && !text.chars().any(char::is_control)
        };
        if !is_plain(&name) {
            return Err(ServiceError::invalid(
                "recipient.name",
                "must have 1 to 200 characters, none of them a control character",
            ));
        }
        if mail.as_deref().is_some_and(|mail| !is_plain(mail) || !mail.contains('@')) {
            return Err(ServiceError::invalid("recipient.mail", "must be a mail address of at most 200 characters"));
        }
        Ok(Self { name, mail })
    }

    /// Their name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Their mail address, when it was given.
    #[must_use]
    pub fn mail(&self) -> Option<&str> {
        self.mail.as_deref()
    }
}

impl Disposition {
    /// Its name (RFC 6266, 4.2).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Attachment => "attachment",
        }
    }
}

fn cell(link: LinkId) -> Cell {
    Cell { table: "links", column: "details_sealed", row: link.uuid() }
}

impl Details {
    pub(crate) fn seal(
        &self,
        keys: &WorkspaceKeyring,
        random: &dyn Random,
        link: LinkId,
    ) -> Result<Vec<u8>, ServiceError> {
        let networks: Vec<String> = self.networks.iter().map(ToString::to_string).collect();
        let recipient =
            self.recipient.as_ref().map(|recipient| json!({ "name": recipient.name, "mail": recipient.mail }));
        let passcode = self.passcode.as_ref().map(|check| hexadecimal(&check.to_bytes()));
        let json = json!({
            "recipient": recipient, "networks": networks, "passcode": passcode, "page": self.has_page,
            "disposition": self.disposition.name(),
        });
        sealing::seal(keys, random, cell(link), &json.to_string())
    }

    /// Opens what was sealed. Whatever is missing or wrong in it is an error, never a condition less.
    pub(crate) fn open(keys: &WorkspaceKeyring, row: &LinkRow) -> Result<Self, ServiceError> {
        let text = sealing::open(keys, cell(row.id), &row.details_sealed)?;
        read(&text).ok_or_else(|| ServiceError::internal("reading a link", "what was sealed of it cannot be read"))
    }
}

fn read(text: &str) -> Option<Details> {
    let json: Json = serde_json::from_str(text).ok()?;
    let recipient = match json.get("recipient")? {
        Json::Null => None,
        recipient => Some(Recipient {
            name: recipient.get("name")?.as_str()?.to_owned(),
            mail: match recipient.get("mail")? {
                Json::Null => None,
                mail => Some(mail.as_str()?.to_owned()),
            },
        }),
    };
    let networks = json.get("networks")?.as_array()?.iter();
    let networks = networks.map(|network| network.as_str()?.parse().ok()).collect::<Option<_>>()?;
    let passcode = match json.get("passcode")? {
        Json::Null => None,
        check => Some(PasscodeCheck::from_bytes(&from_hexadecimal(check.as_str()?)?).ok()?),
    };
    let disposition = match json.get("disposition")?.as_str()? {
        "inline" => Disposition::Inline,
        "attachment" => Disposition::Attachment,
        _ => return None,
    };
    Some(Details { recipient, networks, passcode, has_page: json.get("page")?.as_bool()?, disposition })
}

/// Lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of hexadecimal digits, or nothing.
pub(crate) fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    text.as_bytes().chunks_exact(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const WHOLE: &str = r#"{"recipient":{"name":"A","mail":null},"networks":["10.0.0.0/8"],"passcode":null,"page":true,"disposition":"inline"}"#;

    #[test]
    fn a_link_of_which_a_condition_is_missing_is_not_read_as_one_without_it() {
        let details = read(WHOLE).unwrap();
        assert_eq!(details.recipient.unwrap().name(), "A");
        assert_eq!(details.networks.len(), 1);
        let json: Json = serde_json::from_str(WHOLE).unwrap();
        for key in json.as_object().unwrap().keys() {
            let mut without = json.clone();
            without.as_object_mut().unwrap().swap_remove(key);
            assert!(read(&without.to_string()).is_none(), "{key}");
            let mut other = json.clone();
            other[key] = json!(7);
            assert!(read(&other.to_string()).is_none(), "{key}");
        }
        assert!(read(&WHOLE.replace("10.0.0.0/8", "10.0.0.0/x")).is_none());
        assert!(read("{").is_none());
    }

    #[test]
    fn recipients_have_plain_names_and_addresses() {
        assert!(Recipient::new("Dr. Größe".into(), Some("g@example.com".into())).is_ok());
        for (name, mail) in [("", None), (" ", None), ("a\nb", None), ("A", Some("nobody")), ("A", Some("a@\r\nb"))] {
            assert!(Recipient::new(name.into(), mail.map(str::to_owned)).is_err(), "{name:?} {mail:?}");
        }
        assert!(Recipient::new("x".repeat(201), None).is_err());
    }

    #[test]
    fn bytes_survive_their_digits() {
        assert_eq!(from_hexadecimal(&hexadecimal(&[0, 15, 255])), Some(vec![0, 15, 255]));
        for text in ["0", "0g", "+1", "é"] {
            assert_eq!(from_hexadecimal(text), None);
        }
    }
}
