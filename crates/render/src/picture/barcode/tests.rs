//! What holds for every symbology.

#![expect(clippy::indexing_slicing, clippy::panic, reason = "tests")]

use proptest::prelude::*;

use super::{ALL, Level, Options};

/// A value that each symbology carries.
const VALUES: [(&str, &str); 19] = [
    ("qr", "https://example.com"),
    ("micro-qr", "AB-12"),
    ("data-matrix", "Rotor 7/A"),
    ("gs1-data-matrix", "(01)09501101530003(10)AB-12"),
    ("aztec", "Platform 9, seat 61"),
    ("pdf417", "M1MUSTER/ERIKA"),
    ("ean13", "4006381333931"),
    ("ean8", "96385074"),
    ("upc-a", "036000291452"),
    ("upc-e", "04252614"),
    ("itf14", "15400141288763"),
    ("gs1-128", "(00)106141412345678908"),
    ("rm4scc", "SN34RD1A"),
    ("japan-post", "26300233-20-5-503"),
    ("itf", "00123456"),
    ("codabar", "A40156B"),
    ("code39", "CODE 39"),
    ("code93", "Code 93"),
    ("code128", "PJJ123C"),
];

fn levels() -> impl Iterator<Item = Options> {
    [None, Some(Level::Low), Some(Level::Medium), Some(Level::Quartile), Some(Level::High)]
        .into_iter()
        .flat_map(|level| [false, true].map(|flag| Options { level, check_digit: flag, rectangle: flag, logo: flag }))
}

#[test]
fn every_symbology_encodes_its_example() {
    let named: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(VALUES.map(|(name, _)| name).as_slice(), named);
    for ((name, symbology), (_, value)) in ALL.iter().zip(VALUES) {
        let symbol = (symbology.encode)(value, &Options::default());
        let symbol = symbol.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(symbol.modules.rects().next().is_some() && !symbol.captions.is_empty(), "{name}");
    }
}

#[test]
fn huge_values_are_refused_in_no_time() {
    // A thousand times what anything carries: counting it through would take seconds for all symbologies.
    for value in ["7".repeat(5_000_000), "A".repeat(5_000_000), "é漢".repeat(1_000_000), "(10)A".repeat(1_000_000)] {
        for (name, symbology) in ALL {
            for options in levels() {
                assert!((symbology.encode)(&value, &options).is_err(), "{name}");
            }
        }
    }
}

#[test]
fn nothing_at_all_is_an_error() {
    for (name, symbology) in ALL {
        let error = (symbology.encode)("", &Options::default()).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("the value is empty"), "{name}");
    }
}

/// Values near to what symbologies carry, and far from it.
fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{0,50}",
        "[0-9]{0,3000}",
        "[0-9A-Z $%*+./:-]{0,300}",
        "[A-D]?[0-9$:/.+-]{0,30}[A-D]?",
        "[0-9]{7}[0-9A-Z-]{0,20}",
        "(\\((00|01|10|17|21|310[0-9]|37|39[0-9]{2}|414|8003|9[0-9])\\)[0-9A-Za-z()/-]{0,20}){0,6}",
        "[ -~]{0,200}",
        "[\\x00-\\x7f]{0,200}",
        "[\\x00-\\xff]{0,400}",
        "[一-龠ぁ-んァ-ヶ0-9A-Za-z]{0,60}",
        ".{0,200}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn any_value_becomes_a_symbol_or_an_error_and_always_the_same(
        value in values(), index in 0..ALL.len(), options in prop::sample::select(levels().collect::<Vec<_>>())
    ) {
        let (name, symbology) = ALL[index];
        let one = (symbology.encode)(&value, &options);
        if let Err(error) = &one {
            prop_assert!(!error.to_string().is_empty());
        }
        prop_assert_eq!(&one, &(symbology.encode)(&value, &options), "{}", name);
    }
}
