//! Examples bear all data that their schemas allow; every one that is a document has a schema.

use chancery_tests::{chancery, examples, root};

#[test]
fn every_example_bears_all_data_that_its_schema_allows() {
    for name in examples() {
        let example = root().join("examples").join(&name);
        let (template, data) = (example.join("template.json"), example.join("data.json"));
        if !std::fs::read_to_string(&template).unwrap().contains("\"schema\": {") {
            // Pages of the gallery show one element each, with the data that shows it best.
            assert!(name.starts_with("gallery/"), "{name} says nothing about its data");
            continue;
        }
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
}
