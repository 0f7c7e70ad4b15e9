//! Four-state codes: no free reader knows them, so the bars are read from the page and compared with those of zint.

use chancery_tests::run;
use serde_json::json;
use tempfile::TempDir;

use crate::render;

/// The symbologies that are read here.
pub(crate) const NAMES: [&str; 2] = ["rm4scc", "japan-post"];

#[test]
fn the_bars_of_postal_codes_are_those_of_zint() {
    for (symbology, zint, values) in [
        ("rm4scc", "70", ["SN34RD1A", "BX11LT1A", "0123456789ABCDEFGHIJ", "KLMNOPQRSTUVWXYZ", "LE28HS9Z"]),
        (
            "japan-post",
            "76",
            ["26300233-20-5-503", "0640804", "15400233-16-4-205", "9800015A1-BK-UZ", "12345678901234567890"],
        ),
    ] {
        for value in values {
            let folder = TempDir::new().unwrap();
            let node = json!({ "symbology": symbology, "value": value, "at": [0, 0] });
            let pdf = render(vec![node], [400, 100], folder.path(), "pdf").remove(0);
            let picture = folder.path().join("page.pgm");
            let (pdf, picture) = (pdf.display().to_string(), picture.display().to_string());
            let _ = run("mutool", &["draw", "-q", "-F", "pgm", "-r", "200", "-o", &picture, &pdf]);
            let bars = bars(&std::fs::read(&picture).unwrap());
            assert_eq!(bars, zint_bars(zint, value), "{symbology} {value}");
        }
    }
}

/// The bars of a picture: F reaches from top to bottom, A rises, D falls, T is the track only.
fn bars(pgm: &[u8]) -> String {
    // A header of four numbers and words, then one byte a pixel.
    let mut header = Vec::new();
    let mut offset = 0;
    while header.len() < 4 {
        let end = offset + pgm[offset..].iter().position(u8::is_ascii_whitespace).unwrap();
        header.push(std::str::from_utf8(&pgm[offset..end]).unwrap());
        offset = end + 1;
    }
    let width: usize = header[1].parse().unwrap();
    let rows: Vec<&[u8]> = pgm[offset..].chunks(width).collect();
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut inside = false;
    for x in 0..width {
        let dark = |y: &usize| rows[*y][x] < 100;
        let top = (0..rows.len()).find(dark);
        if let (Some(top), false) = (top, inside) {
            found.push((top, (0..rows.len()).rfind(dark).unwrap()));
        }
        inside = top.is_some();
    }
    let top = found.iter().map(|bar| bar.0).min().unwrap();
    let bottom = found.iter().map(|bar| bar.1).max().unwrap();
    let near = |one: usize, other: usize| one.abs_diff(other) <= 2;
    let letter = |&(from, to): &(usize, usize)| match (near(from, top), near(to, bottom)) {
        (true, true) => 'F',
        (true, false) => 'A',
        (false, true) => 'D',
        (false, false) => 'T',
    };
    found.iter().map(letter).collect()
}

/// The bars that zint makes: three rows of modules in hexadecimal, every second module a bar.
fn zint_bars(kind: &str, value: &str) -> String {
    let said = run("zint", &["-b", kind, "-d", value, "--dump"]);
    let rows: Vec<Vec<bool>> = said
        .lines()
        .map(|row| {
            let digits = row.chars().filter_map(|digit| digit.to_digit(16));
            digits.flat_map(|digit| (0..4).rev().map(move |bit| digit >> bit & 1 == 1)).collect()
        })
        .collect();
    let track: Vec<usize> = (0..rows[1].len()).filter(|&x| rows[1][x]).collect();
    let letter = |x: usize| match (rows[0][x], rows[2][x]) {
        (true, true) => 'F',
        (true, false) => 'A',
        (false, true) => 'D',
        (false, false) => 'T',
    };
    track.into_iter().map(letter).collect()
}
