//! Expressions that mean the same as elsewhere; Node.js, Numeral.js and Moment.js made the results in the case files.

use super::run;

#[test]
fn expressions_give_what_javascript_gives() {
    check(include_str!("javascript_cases.txt"), 450);
}

#[test]
fn regular_expressions_give_what_javascript_gives() {
    for (source, expected) in [
        ("' a  b '.trim().replace(/\\s+/g, ' ')", "a b"),
        ("'2026-03-15'.replace(/(\\d+)-(\\d+)-(\\d+)/, '$3.$2.$1')", "15.03.2026"),
        ("'2026-03-15'.replace(/(?<y>\\d+)-(?<m>\\d+)/, '$<m>/$<y>')", "03/2026-15"),
        ("'DE89370400440532013000'.match(/.{1,4}/g).join(' ')", "DE89 3704 0044 0532 0130 00"),
        ("'Joinery Ltd'.replace(/\\bLtd\\b/, 'Limited')", "Joinery Limited"),
        ("'a\\nb'.replace(/^b/m, 'c')", "a\nc"),
        ("'a1b22'.replace(/\\d+/g, n => n * 2)", "a2b44"),
        ("'ab'.match(/(?:(a)|b)*/).join('|')", "ab|"),
        ("'x'.match(/y/) === null && /y/i.test('Y')", "true"),
        ("'a, b;c'.split(/[,;]\\s*/).join('|')", "a|b|c"),
        ("'a1b'.split(/(\\d)/).join('|')", "a|1|b"),
        ("[...'k=v;l=w'.matchAll(/(\\w)=(\\w)/g)].map(m => m[2]).join('')", "vw"),
        ("'😀a'.replace(/./, '-') + '😀'.match(/^.$/).length", "-a1"),
        ("data.price / 2 / 1 > 0 ? /a/g + '' : ''", "/a/g"),
        ("`${ 'a/b'.replace(/\\//, '-') }` + [/[/]/.test('/')]", "a-btrue"),
        ("'line 1\\nline 2'.match(/^line.$|2$/gm).length", "1"),
        ("'ÄÖ'.replace(/\\p{Lu}/gu, l => l.toLowerCase())", "äö"),
    ] {
        assert_eq!(run(source), expected, "{source}");
    }
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
