//! Matrix and linear codes, read by ZXing.

use std::path::Path;
use std::process::Command;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::render;

/// A value in a symbology, and what a reader must say.
struct Case {
    symbology: &'static str,
    value: String,
    /// Further properties of the node.
    more: Json,
    read: Vec<u8>,
}

/// How ZXing calls the symbologies.
const FORMATS: [(&str, &str); 17] = [
    ("qr", "QRCode"),
    ("micro-qr", "MicroQRCode"),
    ("data-matrix", "DataMatrix"),
    ("gs1-data-matrix", "DataMatrix"),
    ("aztec", "Aztec"),
    ("pdf417", "PDF417"),
    ("ean13", "EAN-13"),
    ("ean8", "EAN-8"),
    ("upc-a", "UPC-A"),
    ("upc-e", "UPC-E"),
    ("itf14", "ITF"),
    ("gs1-128", "Code128"),
    ("itf", "ITF"),
    ("codabar", "Codabar"),
    ("code39", "Code39"),
    ("code93", "Code93"),
    ("code128", "Code128"),
];

/// Those that are no bars.
const MATRIX: [&str; 6] = ["qr", "micro-qr", "data-matrix", "gs1-data-matrix", "aztec", "pdf417"];

/// A value that is read as it is given.
fn same(symbology: &'static str, value: impl Into<String>) -> Case {
    let value = value.into();
    Case { symbology, read: value.clone().into_bytes(), value, more: json!({}) }
}

/// A value that is read as another one.
fn reads(symbology: &'static str, value: impl Into<String>, read: impl Into<Vec<u8>>) -> Case {
    Case { symbology, value: value.into(), more: json!({}), read: read.into() }
}

impl Case {
    fn with(self, more: Json) -> Self {
        Self { more, ..self }
    }
}

fn cases() -> Vec<Case> {
    let mut cases = matrix_cases();
    cases.extend(goods_cases());
    cases.extend(linear_cases());
    cases
}

fn matrix_cases() -> Vec<Case> {
    let all_bytes: String = (1..=255_u8).map(char::from).collect();
    let prose = "Bitte überweisen Sie 1.204,50 € bis zum 30. November 2026 — vielen Dank! ".repeat(4);
    let mut cases = vec![
        same("qr", "0123456789012345"),
        same("qr", "HTTPS://EXAMPLE.COM/A-1"),
        same("qr", "https://example.com/pay?id=2026-001&amount=1204.50"),
        same("qr", prose.clone()),
        reads("qr", "東京都千代田区1-1 ABC", encoded_shift_jis("東京都千代田区", "1-1 ABC")),
        same("qr", "x".repeat(1_200)),
        same("qr", "https://example.com/logo").with(json!({ "logo": "asset:mark" })),
        same("qr", "https://example.com/a/longer/address/with/a/logo")
            .with(json!({ "logo": "asset:mark", "level": "Q" })),
        same("micro-qr", "12345"),
        same("micro-qr", "77777777777777777777"),
        same("micro-qr", "AB-12"),
        same("micro-qr", "rotor 7").with(json!({ "level": "M" })),
        same("micro-qr", "é 12"),
        same("micro-qr", "0123456789").with(json!({ "level": "Q" })),
        same("data-matrix", "Rotor 7/A"),
        same("data-matrix", "30Q324343430794<OQQ"),
        same("data-matrix", "1234567890".repeat(30)),
        same("data-matrix", "M1MUSTER/ERIKA").with(json!({ "shape": "rectangle" })),
        reads("data-matrix", "Zürich", b"Z\xFCrich".to_vec()),
        same("data-matrix", "Łódź 10 €"),
        reads(
            "gs1-data-matrix",
            "(01)09501101530003(17)261231(10)AB-12(21)77",
            "01095011015300031726123110AB-12\u{1D}2177",
        ),
        reads("gs1-data-matrix", "(10)a(B)", "10a(B)").with(json!({ "shape": "rectangle" })),
        same("aztec", "A"),
        same("aztec", "Platform 9, seat 61: (window). 100% {x} ~ @home"),
        same("aztec", "HELLO world 1234567890, MIXED lower UPPER; a\r\nb. c: d"),
        reads("aztec", all_bytes.clone(), (1..=255).collect::<Vec<u8>>()),
        same("aztec", prose.clone()),
        same("aztec", "7".repeat(2_000)).with(json!({ "level": "L" })),
        same("pdf417", "M1MUSTER/ERIKA        E3ABCDE FRAMUCLH 0400 326J001A0025 100"),
        same("pdf417", "12345678901234567890123456789012345678901234567890123"),
        same("pdf417", "Mixed: lower, UPPER, 12; <tag> [x] {y} 'z' \"q\" ~\n\ttab a;B;c!!d 1234567890123456 end"),
        same("pdf417", prose.clone()),
        same("pdf417", "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}AB\u{7}"),
        same("pdf417", "damage ".repeat(60)).with(json!({ "level": "H" })),
        same("pdf417", "little").with(json!({ "level": "L" })),
    ];
    for level in ["L", "M", "Q", "H"] {
        cases.push(same("qr", "Level of error correction").with(json!({ "level": level })));
        cases.push(same("aztec", "Level of error correction").with(json!({ "level": level })));
    }
    // From small to large, with no line of the reference grid and with several.
    for length in [10, 40, 90, 200, 420, 720, 900, 1_350, 1_600] {
        cases.push(same("aztec", "Ab1! ".repeat(length / 5)));
    }
    cases
}

fn goods_cases() -> Vec<Case> {
    let mut cases = vec![
        same("ean13", "4006381333931"),
        reads("ean13", "400638133393", "4006381333931"),
        reads("ean13", "978316148410", "9783161484100"),
        same("ean8", "96385074"),
        reads("ean8", "5512345", "55123457"),
        reads("ean8", "9638507", "96385074").with(json!({ "showText": false })),
        same("upc-a", "036000291452"),
        reads("upc-a", "72527273070", "725272730706"),
        reads("itf14", "1540014128876", "15400141288763"),
        same("itf14", "98765432109213"),
        reads("gs1-128", "(00)106141412345678908", "00106141412345678908"),
        reads("gs1-128", "(01)09501101530003(10)AB-12(17)261231", "010950110153000310AB-12\u{1D}17261231"),
        reads("gs1-128", "(421)840Abc(3103)001250", "421840Abc\u{1D}3103001250"),
    ];
    // Every first digit of EAN-13 and every last digit of UPC-E has a pattern of its own.
    for first in 0..10 {
        let digits = format!("{first}01234567890");
        let check = modulo_10(&digits);
        cases.push(reads("ean13", digits.clone(), format!("{digits}{check}")));
    }
    for (value, read) in [
        ("425261", "04252614"),
        ("0123450", "01234505"),
        ("123451", "01234514"),
        ("123452", "01234523"),
        ("123453", "01234531"),
        ("123454", "01234543"),
        ("1234565", "12345656"),
        ("06543217", "06543217"),
    ] {
        cases.push(reads("upc-e", value, read));
    }
    cases
}

fn linear_cases() -> Vec<Case> {
    let ascii: String = (1..128_u8).map(char::from).collect();
    let mut cases = vec![
        same("itf", "0123456789"),
        reads("itf", "123456789", "1234567895").with(json!({ "checkDigit": true })),
        reads("codabar", "A40156B", "40156"),
        reads("codabar", "0123456789-$:/.+", "0123456789-$:/.+"),
        same("code39", "CODE 39"),
        same("code39", "0123456789"),
        same("code39", "ABCDEFGHIJKLM"),
        same("code39", "NOPQRSTUVWXYZ"),
        same("code39", "-. $/+%"),
        reads("code39", "159AZ", "159AZH").with(json!({ "checkDigit": true })),
        same("code93", "TEST93"),
        same("code93", "Rotor 7/A"),
        same("code128", "PJJ123C"),
        same("code128", "2026-0001234"),
        same("code128", "Rotor\t7/A\r\nok"),
        same("code128", "00123456789012345678"),
        same("code128", "AB-12").with(json!({ "showText": true })),
    ];
    for part in ascii.as_bytes().chunks(16) {
        let part = String::from_utf8(part.to_vec()).unwrap();
        cases.push(same("code93", part.clone()));
        cases.push(same("code128", part));
    }
    cases
}

/// Japanese in Shift JIS, which has other bytes than Unicode: the reader gives them as they are in the symbol.
fn encoded_shift_jis(japanese: &str, rest: &str) -> Vec<u8> {
    assert_eq!(japanese, "東京都千代田区");
    let mut bytes = b"\x93\x8c\x8b\x9e\x93\x73\x90\xe7\x91\xe3\x93\x63\x8b\xe6".to_vec();
    bytes.extend(rest.bytes());
    bytes
}

fn modulo_10(digits: &str) -> u32 {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([3, 1].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    (10 - sum % 10) % 10
}

#[test]
fn every_matrix_code_reads_back_as_its_value() {
    let cases = cases().into_iter().filter(|case| MATRIX.contains(&case.symbology));
    check(cases.collect(), [300, 300], &json!({ "at": [0, 0], "size": [260, 260] }));
}

#[test]
fn every_linear_code_reads_back_as_its_value() {
    let cases = cases().into_iter().filter(|case| !MATRIX.contains(&case.symbology));
    // A reader that expects nothing but the code looks for bars in the middle row of the page.
    check(cases.collect(), [400, 100], &json!({ "at": [0, 0], "height": 60 }));
}

/// Renders the cases, one a page, and has them read.
fn check(cases: Vec<Case>, page: [u32; 2], place: &Json) {
    let folder = TempDir::new().unwrap();
    let nodes = cases.iter().map(|case| {
        let mut node = case.more.clone();
        node["symbology"] = json!(case.symbology);
        node["value"] = json!(case.value);
        node.as_object_mut().unwrap().extend(place.as_object().unwrap().clone());
        node
    });
    let pages = render(nodes.collect(), page, folder.path(), "png");
    let mut wrong = Vec::new();
    for (case, page) in cases.iter().zip(&pages) {
        let format = FORMATS.iter().find(|(name, _)| *name == case.symbology).unwrap().1;
        // First as nothing but the code, then as a picture in which the code must be found.
        let mut said = read(format, true, page);
        if said != case.read {
            said = read(format, false, page);
        }
        if said != case.read {
            let shown: String = case.value.chars().take(60).collect();
            let (said, expected) = (String::from_utf8_lossy(&said), String::from_utf8_lossy(&case.read));
            wrong.push(format!("{} {shown:?} is read as {said:?}, not {expected:?}", case.symbology));
        }
    }
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// What ZXing reads in a picture.
fn read(format: &str, is_pure: bool, page: &Path) -> Vec<u8> {
    let mut command = Command::new("ZXingReader");
    if is_pure {
        command.arg("-ispure");
    }
    let output = command.args(["-format", format, "-bytes"]).arg(page).output();
    output.expect("ZXingReader runs; `script/setup test` installs it").stdout
}

#[test]
fn every_symbology_is_read_back_in_several_values() {
    let cases = cases();
    let known = chancery_render::picture::barcode::ALL.iter().map(|(name, _)| *name);
    for name in known.filter(|name| !crate::four_state::NAMES.contains(name)) {
        let count = cases.iter().filter(|case| case.symbology == name).count();
        assert!(count >= 2 && FORMATS.iter().any(|(known, _)| *known == name), "{name} has {count} cases");
    }
}
