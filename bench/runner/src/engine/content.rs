//! The data of the n-th document, by the rules of `peers/shared.py`: amounts, references and lots differ.

use std::path::Path;

use serde_json::{Map, Value as Json, json};

use super::read_text;
use crate::failure::Failure;

/// The step between two invoices in pence; a multiple of 5 keeps the tax a whole number of pence.
const INVOICE_STEP_CENTS: u64 = 5;
/// Steps before the prices start again; a prime, so that it meets no other period.
const INVOICE_STEP_COUNT: u64 = 997;
/// As above, for the table, whose step is one penny.
const TABLE_STEP_COUNT: u64 = 9_973;

/// A number that goes on from one document to the next and starts again after `count`.
struct Rule {
    name: &'static str,
    step: u64,
    count: u64,
    first: u64,
}

/// The numbers of a row of the table, beside its amount.
const RULES: [Rule; 2] = [
    Rule { name: "reference", step: 7_919, count: 900_000, first: 100_000 },
    Rule { name: "lot", step: 31, count: 9_000, first: 1_000 },
];

/// Which of the two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    /// One page.
    Invoice,
    /// Forty rows a page.
    Table,
}

impl DocumentKind {
    /// Reads the name that the harness uses.
    pub(crate) fn parse(name: &str) -> Result<Self, Failure> {
        match name {
            "invoice" => Ok(Self::Invoice),
            "table" => Ok(Self::Table),
            other => Err(Failure::Usage(format!("the document is invoice or table, not `{other}`"))),
        }
    }

    /// The list that the document repeats, the amount in pence in the file, and the amount in pounds in the data.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Invoice => ("items", "price_cents", "price"),
            Self::Table => ("rows", "amount_cents", "amount"),
        }
    }
}

/// The data of one document after the other, changed in place.
pub(crate) struct Content {
    kind: DocumentKind,
    data: Json,
    /// What the file says, one an entry.
    starts: Vec<Start>,
}

/// The numbers of one entry as the file gives them.
struct Start {
    cents: u32,
    /// One a rule; empty where no rule holds.
    numbers: Vec<u64>,
}

impl Content {
    /// Reads the file that the harness made.
    ///
    /// # Errors
    /// The file cannot be read, or is not such content.
    pub(crate) fn read(kind: DocumentKind, path: &Path) -> Result<Self, Failure> {
        Self::parse(kind, &read_text(path)?)
            .map_err(|reason| Failure::Content { path: path.to_owned(), reason: reason.to_owned() })
    }

    fn parse(kind: DocumentKind, text: &str) -> Result<Self, &'static str> {
        let mut data: Json = serde_json::from_str(text).map_err(|_| "this is not JSON")?;
        let (list, from, to) = kind.names();
        let entries = data.get_mut(list).and_then(Json::as_array_mut).ok_or("the list is missing")?;
        let mut starts = Vec::with_capacity(entries.len());
        for entry in entries {
            let entry = entry.as_object_mut().ok_or("an entry is not an object")?;
            let amount = entry.shift_remove(from).and_then(|amount| amount.as_u64()).ok_or("an amount is missing")?;
            let cents = u32::try_from(amount).map_err(|_| "an amount is too large")?;
            entry.insert(to.to_owned(), Json::Null);
            let number = |rule: &Rule| {
                let number = entry.get(rule.name).and_then(Json::as_u64);
                number.filter(|number| *number < rule.count).ok_or("a reference or a lot is missing or too large")
            };
            let numbers = match kind {
                DocumentKind::Invoice => Vec::new(),
                DocumentKind::Table => RULES.iter().map(number).collect::<Result<_, _>>()?,
            };
            starts.push(Start { cents, numbers });
        }
        Ok(Self { kind, data, starts })
    }

    /// The data of the document with that index.
    pub(crate) fn data(&mut self, index: u64) -> &Json {
        let (list, _, to) = self.kind.names();
        let (number, step) = match self.kind {
            DocumentKind::Invoice => {
                (format!("INV-2026-{index:06}"), INVOICE_STEP_CENTS * (index % INVOICE_STEP_COUNT))
            }
            DocumentKind::Table => (format!("{index:06}"), index % TABLE_STEP_COUNT),
        };
        let step = u32::try_from(step).unwrap_or(0);
        if let Some(entries) = self.data.get_mut(list).and_then(Json::as_array_mut) {
            for (entry, start) in entries.iter_mut().filter_map(Json::as_object_mut).zip(&self.starts) {
                replace(entry, to, json!(f64::from(start.cents.saturating_add(step)) / 100.0));
                for (rule, number) in RULES.iter().zip(&start.numbers) {
                    let number = rule.first + number.saturating_add(rule.step.saturating_mul(index)) % rule.count;
                    replace(entry, rule.name, Json::from(number));
                }
            }
        }
        if let Some(data) = self.data.as_object_mut() {
            data.insert("number".to_owned(), Json::String(number));
        }
        &self.data
    }
}

fn replace(entry: &mut Map<String, Json>, name: &str, value: Json) {
    if let Some(slot) = entry.get_mut(name) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn invoices_differ_in_number_and_amounts() {
        let text = r#"{"items": [{"name": "a", "quantity": 2, "price_cents": 150}]}"#;
        let mut content = Content::parse(DocumentKind::Invoice, text).unwrap();
        let first = content.data(0).clone();
        assert_eq!(first, json!({"items": [{"name": "a", "quantity": 2, "price": 1.5}], "number": "INV-2026-000000"}));
        let second = content.data(3);
        assert_eq!(second.pointer("/items/0/price"), Some(&json!(1.65)));
        assert_eq!(second.get("number"), Some(&json!("INV-2026-000003")));
        assert_eq!(content.data(0), &first, "the same index gives the same data");
    }

    #[test]
    fn statements_differ_in_references_and_lots_too() {
        let text = r#"{"rows": [{"reference": 899999, "lot": 5, "amount_cents": 1000}]}"#;
        let mut content = Content::parse(DocumentKind::Table, text).unwrap();
        let row = |reference: u32, lot: u32, amount: f64| json!({"reference": reference, "lot": lot, "amount": amount});
        assert_eq!(content.data(0).pointer("/rows/0"), Some(&row(999_999, 1_005, 10.0)));
        assert_eq!(content.data(1).pointer("/rows/0"), Some(&row(107_918, 1_036, 10.01)));
        assert_eq!(content.data(0).pointer("/rows/0"), Some(&row(999_999, 1_005, 10.0)));
    }

    #[test]
    fn damaged_content_is_refused_with_its_reason() {
        let reason = |text| Content::parse(DocumentKind::Table, text).err();
        assert_eq!(reason("{"), Some("this is not JSON"));
        assert_eq!(reason("{}"), Some("the list is missing"));
        assert_eq!(reason(r#"{"rows": [1]}"#), Some("an entry is not an object"));
        assert_eq!(reason(r#"{"rows": [{}]}"#), Some("an amount is missing"));
        assert_eq!(reason(r#"{"rows": [{"amount_cents": 5000000000}]}"#), Some("an amount is too large"));
        assert_eq!(
            reason(r#"{"rows": [{"amount_cents": 5, "reference": 900000, "lot": 1}]}"#),
            Some("a reference or a lot is missing or too large")
        );
        assert_eq!(reason(r#"{"rows": []}"#), None);
    }
}
