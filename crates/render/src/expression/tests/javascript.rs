//! Expressions that mean the same as elsewhere; Node.js, Numeral.js and Moment.js made the results in the case files.

use super::run;

#[test]
fn expressions_give_what_javascript_gives() {
    check(include_str!("javascript_cases.txt"), 450);
}

#[test]
fn patterns_give_what_numeral_js_and_moment_js_give() {
    check(include_str!("library_cases.txt"), 500);
}

fn check(file: &str, least: usize) {
    let cases: Vec<(&str, &str)> = file.lines().filter_map(|line| line.split_once(" ==> ")).collect();
    assert!(cases.len() > least, "only {} cases", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .map(|(source, expected)| (source, expected, escaped(&run(source))))
        .filter(|(_, expected, actual)| actual != *expected)
        .map(|(source, expected, actual)| format!("{source}\n  expected {expected}\n  actual   {actual}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Writes what a line of a case file cannot hold, or what nobody can see, as an escape.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\u{a0}' | '\u{202f}' | '\u{feff}' | '\u{200f}' | '\u{61c}' | '\u{200e}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => out.push(other),
        }
    }
    out
}
