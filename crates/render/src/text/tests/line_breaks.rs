//! Lines end where Chromium ends them, but for differences that are meant.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::*;
use crate::template::model::Writing;

/// The texts, and what Chromium did with them; `script/linebreaks` records it.
const CASES: &str = include_str!("../../../../../tests/linebreaks/cases.json");
const CHROMIUM: &str = include_str!("../../../../../tests/linebreaks/chromium.json");

/// Cases in which the engine ends lines elsewhere on purpose, with the reason.
const DIFFERENCES: &str = include_str!("../../../../../tests/linebreaks/differences.json");

fn strings(json: &Json) -> Vec<String> {
    json.as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// The lines of a text, as their characters stand in it, without spaces at their ends.
fn lines(laid: &Laid, text: &str) -> Vec<String> {
    let starts: Vec<usize> = laid
        .lines()
        .iter()
        .filter_map(|line| laid.runs(line).iter().map(|run| run.text.start as usize).min())
        .collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| text[*start..end].trim_end().to_owned()).collect()
}

#[test]
fn lines_end_where_chromium_ends_them_but_for_stated_differences() {
    let cases: Json = serde_json::from_str(CASES).unwrap();
    let chromium: Json = serde_json::from_str(CHROMIUM).unwrap();
    let differences: BTreeMap<String, String> = serde_json::from_str(DIFFERENCES).unwrap();
    let style = TextStyle { size: 16.0, ..TextStyle::default() };
    let mut wrong = Vec::new();
    let mut stated = Vec::new();
    let mut compared = 0;
    for case in cases.as_array().unwrap() {
        let (name, text) = (case["name"].as_str().unwrap(), case["text"].as_str().unwrap());
        let fonts = strings(&case["fonts"]);
        let font = font(&fonts.iter().map(String::as_str).collect::<Vec<_>>());
        let language = TextLanguage::new(case["language"].as_str().unwrap());
        for width in case["widths"].as_array().unwrap() {
            let room = width.as_f64().unwrap();
            let request = Request { text, width: units::to_f32(room), style: &style, font: &font, language: &language };
            let laid = lay_out_request(&mut TextEngine::default(), &request);
            let expected = strings(&chromium[name][width.to_string()]);
            let found = lines(&laid, text);
            let key = format!("{name} {width}");
            match (found == expected, differences.contains_key(&key)) {
                (false, false) => wrong.push(format!("{key}\n  chromium: {expected:?}\n  engine:   {found:?}")),
                (true, true) => wrong.push(format!("{key}: there is no difference any more; take its reason out")),
                (false, true) => stated.push(key),
                (true, false) => {}
            }
            compared += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(stated.len(), differences.len(), "differences are stated for cases that do not exist");
    assert!(compared >= 60);
}

#[test]
fn columns_end_where_lines_of_the_same_length_end() {
    let cases: Json = serde_json::from_str(CASES).unwrap();
    let chromium: Json = serde_json::from_str(CHROMIUM).unwrap();
    let differences: BTreeMap<String, String> = serde_json::from_str(DIFFERENCES).unwrap();
    let mut style = TextStyle { size: 16.0, ..TextStyle::default() };
    style.typography.writing = Writing::VerticalRl;
    let mut compared = 0;
    for case in cases.as_array().unwrap() {
        let (name, text) = (case["name"].as_str().unwrap(), case["text"].as_str().unwrap());
        let language = case["language"].as_str().unwrap();
        if !language.starts_with("ja") && !language.starts_with("zh") {
            continue;
        }
        let fonts = strings(&case["fonts"]);
        let font = font(&fonts.iter().map(String::as_str).collect::<Vec<_>>());
        let language = TextLanguage::new(language);
        for width in case["widths"].as_array().unwrap() {
            if differences.contains_key(&format!("{name} {width}")) {
                continue;
            }
            let room = units::to_f32(width.as_f64().unwrap());
            let request = Request { text, width: room, style: &style, font: &font, language: &language };
            let laid = lay_out_request(&mut TextEngine::default(), &request);
            assert_eq!(lines(&laid, text), strings(&chromium[name][width.to_string()]), "{name} {width}");
            compared += 1;
        }
    }
    assert!(compared >= 5, "{compared} columns were compared");
}
