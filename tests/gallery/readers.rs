//! Readers that we did not write accept every example and find its text.

use chancery_tests::{examples, run, squeeze};
use tempfile::TempDir;

use crate::render;

#[test]
fn qpdf_mutool_poppler_and_ghostscript_read_every_example_without_a_warning() {
    let folder = TempDir::new().unwrap();
    for name in examples() {
        let pdf = render(&name, folder.path(), "pdf", &[]).display().to_string();
        let checked = run("qpdf", &["--check", &pdf]);
        assert!(checked.contains("No syntax or stream encoding errors found"), "{name}: {checked}");
        for (program, arguments) in [
            ("mutool", vec!["draw", "-q", "-F", "stext", "-o", "/dev/null", &pdf]),
            ("pdftotext", vec!["-q", &pdf, "/dev/null"]),
            ("gs", vec!["-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=nullpage", &pdf]),
        ] {
            let said = run(program, &arguments);
            assert!(
                !said.to_lowercase().contains("warning") && !said.to_lowercase().contains("error"),
                "{program} on {name}: {said}"
            );
        }
    }
}

/// What must be found in the text of each example, in reading order.
const TEXTS: &[(&str, &[&str])] = &[
    (
        "bank-statement",
        &["Account statement", "€4,820.55", "Salary, Atelier Noord B.V.", "Closing balance on 30 September 2026"],
    ),
    ("certificate", &["Amélie Fontaine-Okafor", "Restoration of mechanical clocks, level III", "19 June 2026"]),
    (
        "event-ticket",
        &["Die lange Nacht der Streicher", "Freitag, 11. Dezember 2026", "20:30 Uhr", "Jürgen Weißmüller", "48,50"],
    ),
    (
        "gallery/barcodes",
        &[
            "From shelf to letterbox",
            "006381 333931",
            "36000 29145",
            "1 54 00141 28876 3",
            "(01)09501101530003(10)AB-12",
            "Japan Post",
            "Code 128",
        ],
    ),
    (
        "gallery/charts",
        &[
            "The year 2025 in charts",
            "Revenue and costs",
            "Outdoor and garden",
            "4,180",
            "Nordics 31%",
            "of 100 points",
        ],
    ),
    (
        "gallery/columns",
        &[
            "The Harbour Current",
            "The sail loft makes its own light",
            "half a roof",
            "Mending what hums",
            "Soup, songs",
        ],
    ),
    (
        "gallery/contents",
        &["Annual report 2025", "Insulation", "The common room", "It can be booked by every member", "three roofs"],
    ),
    (
        "gallery/emoji",
        &[
            "Your bike is on its way 🚲",
            "Osaka 🇯🇵 → Berlin 🇩🇪",
            "Mira, workshop 👩‍💻",
            "Perfect 👍🏽 Could you add a bell? 😀",
            "1️⃣ bell and a sticker 🌈",
            "⭐⭐⭐⭐⭐",
            "Questions? ☎️ +49 30 5550 1187",
        ],
    ),
    (
        "gallery/forms",
        &["Membership application", "Lindner-Hofstätter", "4863 Seewalchen am Attersee", "By bill", "Signature"],
    ),
    ("gallery/frames", &["Three ways to place", "Pumpkin soup", "18 November", "Open daily from 8"]),
    ("gallery/images", &["Pictures and their shapes", "How a picture fits", "In any path", "A drawing stays one"]),
    (
        "gallery/lettering",
        &["Summer nights in the palm house", "Admission free", "Live & outdoors", "Ines Duarte Trio"],
    ),
    (
        "gallery/markdown",
        &[
            "Fleetline 7.0",
            "2 November 2026",
            "fleet export --open",
            "Porto Metro",
            "not a footnote, and <b> is not bold",
        ],
    ),
    (
        "gallery/pdf-pages",
        &["Hollin & Wray", "Your planting plan", "Beech", "Stream", "not pixels", "VAT GB 123 4567 89"],
    ),
    (
        "gallery/print",
        &["Lindqvist & Daughters", "BOOKBINDING SINCE 1911", "Ingrid Lindqvist", "Österlånggatan 17, 111 31 Stockholm"],
    ),
    (
        "gallery/rich-text",
        &["A house in the mountains", "Annegret Thurnherr", "€1,332.00", "a. open the main valve", "Page 1 of 1"],
    ),
    (
        "gallery/scripts",
        &[
            "One sentence in fourteen languages",
            "Благодарим за заказ.",
            "Cảm ơn quý khách đã đặt hàng.",
            "ご注文ありがとうございます。",
            "주문해 주셔서 감사합니다.",
        ],
    ),
    ("gallery/shapes", &["Shapes and paints", "Linear, from corner to corner", "Frames take all of them"]),
    (
        "gallery/tables",
        &["Autumn report", "Harbour hall", "Carried forward", "Brought forward, 6 sales", "€4,025.20", "€11,111.00"],
    ),
    (
        "gallery/typography",
        &[
            "A letter from the printers of",
            "Since 1789, telephone 46052",
            "Order 2006-0080-10",
            "Quarterly statement 2026",
        ],
    ),
    (
        "gallery/vertical",
        &[
            "貴社は昭和四十六年の創業以来五十五年にわたり",
            "をもって出版文化の発展に寄与され",
            "謹賀新年",
            "小社も「創業20周年」を迎えました。",
            "1丁目12番3号",
        ],
    ),
    ("gallery/watermark", &["Lease of business premises", "Continued on page 2", "Ordinary wear"]),
    (
        "gallery/wording",
        &[
            "Alder & Finch Joinery Ltd.",
            "One thousand seven hundred twenty pounds and seventy pence",
            "HL-1180, HL-1184 and HL-1191",
        ],
    ),
    (
        "invoice",
        &[
            "Invoice",
            "HF-2026-0417",
            "2 November 2026",
            "Reading lamp “Fjell”",
            "£3,564.00",
            "Subtotal",
            "£12,550.10",
            "£15,060.12",
        ],
    ),
    ("invoice-japanese", &["請 求 書", "有限会社 みなと茶舗 御中", "新茶パッケージデザイン「朝霧」", "消費税"]),
    (
        "letter-arabic",
        &[
            "السيدة الفاضلة ليلى عبد الرحمن",
            "دعوة إلى معرض الخط العربي وتسليم الكتب المطلوبة",
            "وهي مبينة في الجدول",
            "مغلفًة ومرفقًة بشهادات الأصل",
            "PO-2281",
            "Colour Terms",
            "info@alnaseem.example",
        ],
    ),
    ("packing-slip", &["Packing slip", "PS-2026-118804", "79 articles in 7 parcels", "Page 3 of 3"]),
    ("quote", &["A website that", "41 days at $1,150.00", "$47,150.00", "1. Listen", "3. Build"]),
    ("shipping-label", &["Express 12:00", "UNITED STATES", "DEN-4C", "1ZQ4"]),
];

#[test]
fn pdftotext_finds_the_text_of_every_example() {
    let folder = TempDir::new().unwrap();
    let named: Vec<&str> = TEXTS.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, examples(), "every example states what its text is");
    for &(name, texts) in TEXTS {
        let pdf = render(name, folder.path(), "pdf", &[]).display().to_string();
        let text = squeeze(&run("pdftotext", &["-q", "-layout", &pdf, "-"]));
        for expected in texts {
            assert!(text.contains(expected), "{name}: “{expected}” is not in its text:\n{text}");
        }
    }
}

#[test]
fn every_font_is_embedded_as_a_subset() {
    let folder = TempDir::new().unwrap();
    for name in examples() {
        let pdf = render(&name, folder.path(), "pdf", &[]).display().to_string();
        let fonts = run("pdffonts", &[&pdf]);
        let lines: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(!lines.is_empty(), "{name} has no fonts: {fonts}");
        for line in lines {
            // The columns from the right: object id (two), unicode map, subset, embedded.
            let columns: Vec<&str> = line.split_whitespace().rev().collect();
            assert_eq!(columns.get(2..5), Some(["yes", "yes", "yes"].as_slice()), "{name}: {line}");
        }
    }
}
