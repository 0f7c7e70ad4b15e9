//! Personal data by name and form: what a field probably tells about a person.

use super::format::Format;
use super::schema::Personal;

/// What things are called that belong to a person: `name` inside of them is a person's.
const PEOPLE: [&str; 28] = [
    "applicant",
    "attendee",
    "author",
    "buyer",
    "client",
    "contact",
    "customer",
    "driver",
    "employee",
    "guest",
    "guests",
    "holder",
    "insured",
    "member",
    "owner",
    "participant",
    "passenger",
    "patient",
    "payer",
    "person",
    "people",
    "recipient",
    "resident",
    "sender",
    "signatory",
    "student",
    "tenant",
    "user",
];

/// Words in the name of a field, and what the field tells.
const WORDS: [(&str, Personal); 34] = [
    ("email", Personal::Email),
    ("mail", Personal::Email),
    ("phone", Personal::Phone),
    ("telephone", Personal::Phone),
    ("mobile", Personal::Phone),
    ("fax", Personal::Phone),
    ("iban", Personal::BankAccount),
    ("bic", Personal::BankAccount),
    ("account number", Personal::BankAccount),
    ("birth", Personal::BirthDate),
    ("birthday", Personal::BirthDate),
    ("birthdate", Personal::BirthDate),
    ("dob", Personal::BirthDate),
    ("ssn", Personal::Identifier),
    ("passport", Personal::Identifier),
    ("national id", Personal::Identifier),
    ("tax id", Personal::Identifier),
    ("licence number", Personal::Identifier),
    ("diagnosis", Personal::Health),
    ("allergies", Personal::Health),
    ("medication", Personal::Health),
    ("address", Personal::Address),
    ("street", Personal::Address),
    ("postcode", Personal::Address),
    ("postal code", Personal::Address),
    ("zip", Personal::Address),
    ("first name", Personal::Name),
    ("last name", Personal::Name),
    ("full name", Personal::Name),
    ("given name", Personal::Name),
    ("family name", Personal::Name),
    ("middle name", Personal::Name),
    ("surname", Personal::Name),
    ("forename", Personal::Name),
];

/// What a text field probably tells about a person, by the names on the way to it and by its form.
///
/// It is a proposal: somebody must look at it. `names` goes from the outside to the field's own name.
pub(super) fn guess(names: &[&str], format: Option<Format>) -> Option<Personal> {
    if format == Some(Format::Email) {
        return Some(Personal::Email);
    }
    let (own, around) = names.split_last()?;
    let own = words(own);
    let known = WORDS.iter().find(|(known, _)| {
        let known: Vec<&str> = known.split(' ').collect();
        own.windows(known.len()).any(|window| window == known)
    });
    if let Some((_, personal)) = known {
        return Some(*personal);
    }
    let is_person = |words: &[String]| words.iter().any(|word| PEOPLE.contains(&word.as_str()));
    let holds_name = own.last().is_some_and(|last| last == "name") && (own.len() == 1 || is_person(&own));
    let is_inside = around.iter().any(|name| is_person(&words(name)));
    (holds_name && (is_inside || is_person(&own)) || own.len() == 1 && is_person(&own)).then_some(Personal::Name)
}

/// The words of a name, in lower case: `firstName`, `first_name` and `first-name` have two.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            before = ' ';
            continue;
        }
        let begins = !before.is_alphanumeric() || letter.is_uppercase() && before.is_lowercase();
        match words.last_mut() {
            Some(word) if !begins => word.extend(letter.to_lowercase()),
            _ => words.push(letter.to_lowercase().collect()),
        }
        before = letter;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_people_are_recognised_by_their_names_and_those_of_things_are_not() {
        for (names, expected) in [
            (["customer", "name"].as_slice(), Some(Personal::Name)),
            (&["seller", "name"], None),
            (&["items", "name"], None),
            (&["firstName"], Some(Personal::Name)),
            (&["guests", "name"], Some(Personal::Name)),
            (&["customerName"], Some(Personal::Name)),
            (&["recipient"], Some(Personal::Name)),
            (&["shipping_address"], Some(Personal::Address)),
            (&["customer", "dateOfBirth"], Some(Personal::BirthDate)),
            (&["payment", "iban"], Some(Personal::BankAccount)),
            (&["mobilePhone"], Some(Personal::Phone)),
            (&["passport-no"], Some(Personal::Identifier)),
            (&["mailbox"], None),
            (&["number"], None),
            (&[], None),
        ] {
            assert_eq!(guess(names, None), expected, "{names:?}");
        }
        assert_eq!(guess(&["reply"], Some(Format::Email)), Some(Personal::Email));
    }
}
