//! Bad inputs and what is said about them: `cases.txt` holds each input with the exact findings.

use super::{checked, with_nodes};

const CASES: &str = include_str!("cases.txt");

struct Case<'c> {
    name: &'c str,
    input: &'c str,
    findings: String,
}

/// A case is `### name`, then a template (or, when it begins with `node:`, nodes of a body), `---`, and the findings.
fn cases() -> Vec<Case<'static>> {
    CASES
        .split("### ")
        .skip(1)
        .map(|case| {
            let (name, rest) = case.split_once('\n').unwrap();
            let (input, findings) = rest.split_once("\n---\n").unwrap();
            Case { name, input, findings: findings.trim_end().to_owned() }
        })
        .collect()
}

#[test]
fn every_bad_input_gets_exactly_the_findings_that_its_case_says() {
    let mut actual = String::new();
    let mut different = Vec::new();
    for case in cases() {
        let text = match case.input.strip_prefix("node:") {
            Some(nodes) => with_nodes(nodes),
            None => case.input.to_owned(),
        };
        let findings = checked(&text);
        if findings != case.findings {
            different.push(format!("{}\n{findings}", case.name));
        }
        actual.push_str(&format!("### {}\n{}\n---\n{findings}\n\n", case.name, case.input));
    }
    assert!(different.is_empty(), "{} cases differ:\n\n{}", different.len(), different.join("\n\n"));
    assert_eq!(actual.trim_end(), CASES.trim_end(), "a case is not written as the others are");
}

#[test]
fn there_are_many_cases_each_with_its_own_name_and_a_finding() {
    let cases = cases();
    assert!(cases.len() >= 60, "{}", cases.len());
    for (index, case) in cases.iter().enumerate() {
        assert!(!case.findings.is_empty(), "{}", case.name);
        assert!(cases.iter().take(index).all(|other| other.name != case.name), "{}", case.name);
    }
}
