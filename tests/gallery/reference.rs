//! The generated pages of `docs/reference/` are what the code says today.

use chancery_tests::{chancery, root};

#[test]
fn the_generated_reference_is_what_the_binary_prints() {
    let mut stale = Vec::new();
    for (file, arguments) in [
        ("template.schema.json", ["template", "schema"].as_slice()),
        ("template.md", &["template", "reference"]),
        ("expressions.md", &["expressions"]),
        ("command.md", &["help", "--all"]),
        ("inventory.md", &["inventory"]),
    ] {
        let output = chancery(arguments);
        assert!(output.status.success(), "chancery {arguments:?} fails");
        let written = std::fs::read(root().join("docs/reference").join(file)).unwrap_or_default();
        if written != output.stdout {
            stale.push(file);
        }
    }
    assert!(stale.is_empty(), "{stale:?} are stale; run `make reference`");
}
