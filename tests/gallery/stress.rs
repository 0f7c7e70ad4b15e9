//! Examples with a schema bear all data that it allows.

use chancery_tests::{chancery, examples, root};

#[test]
fn examples_with_a_schema_bear_all_data_that_it_allows() {
    let mut tried = 0;
    for name in examples() {
        let example = root().join("examples").join(&name);
        let (template, data) = (example.join("template.json"), example.join("data.json"));
        if !std::fs::read_to_string(&template).unwrap().contains("\"schema\": {") {
            continue;
        }
        tried += 1;
        let (template, data) = (template.display().to_string(), data.display().to_string());
        let output = chancery(&["template", "check", &template, "--data", &data, "--stress"]);
        // The fonts of the examples have no emoji; everything else must be borne.
        let printed = String::from_utf8(output.stdout).unwrap();
        let faults: Vec<&str> = printed
            .lines()
            .filter(|line| line.starts_with("error[") && !line.starts_with("error[missing-glyph]"))
            .collect();
        assert!(faults.is_empty(), "{name}:\n{printed}");
        let made = String::from_utf8(output.stderr).unwrap();
        assert!(made.contains(" documents were made"), "{name}: {made}");
    }
    assert!(tried >= 5, "only {tried} examples have a schema");
}
