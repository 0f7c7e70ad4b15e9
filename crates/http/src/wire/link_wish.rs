//! Reads the conditions of a link, strictly: a misspelt condition must not become a link without it.

use chancery_service::links::{Disposition, LinkWish, Network, Recipient};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::WireError;
use crate::wire::fields::Fields;

/// The conditions of a link. Every one is optional; an unknown one is refused.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body; its fields are read one by one")]
pub(crate) struct LinkConditions {
    /// Minutes for which the link works, 1 to 10080; the default of the installation without it.
    #[schema(minimum = 1, maximum = 10080)]
    lifetime_minutes: Option<u32>,
    /// Whether it works once only: the same as `uses_max` 1.
    one_time: Option<bool>,
    /// How often it may be used.
    #[schema(minimum = 1, maximum = 1000)]
    uses_max: Option<u32>,
    /// Ranges of addresses from which it works, such as `203.0.113.0/24`; without them it works from everywhere.
    #[schema(max_items = 32)]
    networks: Option<Vec<String>>,
    /// For whom it is: named on its page and in the log.
    recipient: Option<LinkRecipient>,
    /// Whether it asks for a passcode; the answer holds one.
    passcode: Option<bool>,
    /// Whether it leads to a page with a button; by default when there is a recipient or a passcode.
    page: Option<bool>,
    /// `attachment` or `inline`: whether browsers save or show the file.
    disposition: Option<String>,
}

/// For whom a link is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "as above")]
pub(crate) struct LinkRecipient {
    name: String,
    mail: Option<String>,
}

const KNOWN: [&str; 8] =
    ["lifetime_minutes", "one_time", "uses_max", "networks", "recipient", "passcode", "page", "disposition"];

/// Reads the conditions.
///
/// # Errors
/// [`WireError::Field`], [`WireError::Service`] with an invalid field.
pub(crate) fn read(value: Value) -> Result<LinkWish, WireError> {
    let Value::Object(map) = value else {
        return Err(WireError::field("link", "must be an object with the conditions of the link"));
    };
    refuse_unknown(&map, &KNOWN)?;
    let mut fields = Fields::from_json(Value::Object(map))?;
    let lifetime = fields.integer("lifetime_minutes")?.map(lifetime_of).transpose()?;
    let uses_max = match (fields.boolean("one_time")?, fields.integer("uses_max")?) {
        (Some(true), None | Some(1)) => Some(1),
        (Some(true), Some(_)) => return Err(WireError::field("uses_max", "must be 1, or left out, with `one_time`")),
        (_, None) => None,
        // Zero is refused with all other numbers that are no limit.
        (_, Some(uses)) => Some(u32::try_from(uses).unwrap_or_default()),
    };
    Ok(LinkWish {
        lifetime,
        uses_max,
        networks: fields.json("networks").map(networks_of).transpose()?.unwrap_or_default(),
        recipient: fields.json("recipient").map(recipient_of).transpose()?,
        has_passcode: fields.boolean("passcode")?.unwrap_or(false),
        has_page: fields.boolean("page")?,
        disposition: match fields.text("disposition")?.as_deref() {
            None => None,
            Some("inline") => Some(Disposition::Inline),
            Some("attachment") => Some(Disposition::Attachment),
            Some(_) => return Err(WireError::field("disposition", "must be `attachment` or `inline`")),
        },
    })
}

fn refuse_unknown(map: &Map<String, Value>, known: &[&str]) -> Result<(), WireError> {
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(_) => {
            Err(WireError::field("link", format!("has a condition that is not known; there are {}", known.join(", "))))
        }
    }
}

fn lifetime_of(minutes: i64) -> Result<chancery_service::links::LinkLifetime, WireError> {
    let wrong = || WireError::field("lifetime_minutes", "must be a number from 1 to 10080");
    let minutes = u64::try_from(minutes).map_err(|_| wrong())?;
    chancery_service::links::LinkLifetime::from_seconds(minutes.saturating_mul(60)).map_err(|_| wrong())
}

fn networks_of(value: Value) -> Result<Vec<Network>, WireError> {
    let Value::Array(values) = value else {
        return Err(WireError::field("networks", "must be an array of ranges such as 203.0.113.0/24"));
    };
    // An empty list may be the rest of one that somebody lost.
    if values.is_empty() {
        return Err(WireError::field("networks", "must name a range, or be left out"));
    }
    values
        .iter()
        .map(|value| {
            let text = value.as_str().unwrap_or_default();
            text.parse().map_err(|error| WireError::field("networks", format!("{error}")))
        })
        .collect()
}

fn recipient_of(value: Value) -> Result<Recipient, WireError> {
    let Value::Object(map) = value else {
        return Err(WireError::field("recipient", "must be an object with `name` and, if you like, `mail`"));
    };
    refuse_unknown(&map, &["name", "mail"])?;
    let mut fields = Fields::from_json(Value::Object(map))?;
    let name = fields.text("name")?.unwrap_or_default();
    Ok(Recipient::new(name, fields.text("mail")?)?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    #[test]
    fn all_conditions_are_read() {
        let wish = read(json!({
            "lifetime_minutes": 60, "one_time": true, "networks": ["10.0.0.0/8", "2001:db8::/32"],
            "recipient": {"name": "A", "mail": "a@example.com"}, "passcode": true, "page": true, "disposition": "inline"
        }))
        .unwrap();
        assert_eq!((wish.lifetime.unwrap().seconds(), wish.uses_max, wish.networks.len()), (3600, Some(1), 2));
        assert_eq!(wish.recipient.unwrap().mail(), Some("a@example.com"));
        assert!(wish.has_passcode && wish.has_page == Some(true) && wish.disposition == Some(Disposition::Inline));
        let plain = read(json!({})).unwrap();
        assert!(plain.lifetime.is_none() && plain.uses_max.is_none() && plain.networks.is_empty());
    }

    #[test]
    fn a_condition_that_cannot_be_held_is_refused_and_never_left_out() {
        for wrong in [
            json!([]),
            json!({"one-time": true}),
            json!({"one_time": true, "uses_max": 2}),
            json!({"lifetime_minutes": 0}),
            json!({"lifetime_minutes": 10081}),
            json!({"networks": []}),
            json!({"networks": "10.0.0.0/8"}),
            json!({"networks": [7]}),
            json!({"networks": ["10.0.0.1/8"]}),
            json!({"recipient": "A"}),
            json!({"recipient": {}}),
            json!({"recipient": {"name": "A", "email": "a@example.com"}}),
            json!({"passcode": "1234"}),
            json!({"disposition": "view"}),
        ] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
