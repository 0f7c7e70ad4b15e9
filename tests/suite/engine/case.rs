//! Case files: read into cases, and written in one form.

use std::path::{Path, PathBuf};

use chancery_tests::root;

/// What a case can ask for. The order is that in which answers are written.
pub(crate) const ANSWERS: [&str; 13] = [
    "value", "pages", "text", "lines", "boxes", "items", "fields", "tags", "links", "file", "findings", "hash",
    "picture",
];

/// What can stand in lines that begin with `@`.
const SETTINGS: [&str; 8] = ["data", "template", "locale", "strict", "lenient", "raw", "check", "limits"];

/// A file of cases about one topic.
pub(crate) struct CaseFile {
    /// Area and topic, such as `layout/pages`.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its whole text.
    pub(crate) source: String,
    /// What stands above the first case: comments and settings for all cases.
    pub(crate) head: Vec<String>,
    /// The settings in it.
    pub(crate) settings: Vec<Setting>,
    /// The cases in order.
    pub(crate) cases: Vec<Case>,
}

/// A line `@name value`, and those that follow it with two spaces in front.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// One input with its answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Case {
    /// The sentence that it proves.
    pub(crate) name: String,
    /// Line of its name in the file, from 1.
    pub(crate) line: usize,
    /// Settings of this case alone.
    pub(crate) settings: Vec<Setting>,
    /// An expression, nodes, or a whole template.
    pub(crate) input: String,
    /// Name and text of each answer; the text of a picture is empty.
    pub(crate) answers: Vec<(String, String)>,
}

/// The folder of the suite.
pub(crate) fn folder() -> PathBuf {
    root().join("tests/suite")
}

/// All case files in the order of their names.
pub(crate) fn read_all() -> Vec<CaseFile> {
    let mut paths = Vec::new();
    let mut folders = vec![folder()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder of the suite is there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "case") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> CaseFile {
    let source = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let relative = path.strip_prefix(folder()).expect("below the folder of the suite").with_extension("");
    let name = relative.to_str().expect("names are UTF-8").replace('\\', "/");
    parse(name, path.to_owned(), source)
}

/// Reads the text of a case file.
fn parse(name: String, path: PathBuf, source: String) -> CaseFile {
    let mut parts: Vec<(usize, Vec<&str>)> = vec![(0, Vec::new())];
    for (number, line) in source.lines().enumerate() {
        if line.starts_with("=== ") {
            parts.push((number + 1, Vec::new()));
        }
        parts.last_mut().expect("there is a first part").1.push(line);
    }
    let mut parts = parts.into_iter();
    let (_, head) = parts.next().expect("there is a first part");
    let mut settings = Vec::new();
    let head = trimmed(&head);
    let rest = read_settings(head, &mut settings, &name);
    assert!(
        rest.iter().all(|line| line.is_empty() || line.starts_with('#')),
        "{name}.case: above the first case only comments and settings can stand"
    );
    let head = head.iter().map(|line| (*line).to_owned()).collect();
    let cases = parts.map(|(line, lines)| parse_case(&name, line, &lines)).collect();
    CaseFile { name, path, source, head, settings, cases }
}

fn parse_case(file: &str, line: usize, lines: &[&str]) -> Case {
    let name = lines[0]["=== ".len()..].trim().to_owned();
    let mut sections: Vec<(String, Vec<&str>)> = vec![(String::new(), Vec::new())];
    for text in &lines[1..] {
        match text.strip_prefix("--- ") {
            Some(kind) => sections.push((kind.trim().to_owned(), Vec::new())),
            None => sections.last_mut().expect("there is a first section").1.push(text),
        }
    }
    let mut sections = sections.into_iter();
    let (_, input) = sections.next().expect("there is a first section");
    let mut settings = Vec::new();
    let input = read_settings(trimmed(&input), &mut settings, file);
    let answers = sections.map(|(kind, lines)| {
        assert!(ANSWERS.contains(&kind.as_str()), "{file}.case:{line}: `{kind}` is no answer; there are {ANSWERS:?}");
        (kind, unescaped(trimmed(&lines)))
    });
    Case { name, line, settings, input: input.join("\n"), answers: answers.collect() }
}

/// Takes lines that begin with `@`, and what belongs to them; gives the others.
fn read_settings<'a>(lines: &[&'a str], settings: &mut Vec<Setting>, file: &str) -> Vec<&'a str> {
    let mut rest = Vec::new();
    let mut open = false;
    for line in lines {
        if let Some(setting) = line.strip_prefix('@') {
            let (name, value) = setting.split_once(' ').unwrap_or((setting, ""));
            assert!(SETTINGS.contains(&name), "{file}.case: `@{name}` is no setting; there are {SETTINGS:?}");
            settings.push(Setting { name: name.to_owned(), value: value.to_owned() });
            open = true;
        } else if open && line.starts_with("  ") {
            let setting = settings.last_mut().expect("a setting is open");
            setting.value.push('\n');
            setting.value.push_str(line);
        } else {
            open = false;
            rest.push(*line);
        }
    }
    rest
}

/// Without empty lines at both ends.
fn trimmed<'a, 'l>(lines: &'l [&'a str]) -> &'l [&'a str] {
    let start = lines.iter().position(|line| !line.trim().is_empty()).unwrap_or(lines.len());
    let end = lines.iter().rposition(|line| !line.trim().is_empty()).map_or(start, |last| last + 1);
    &lines[start..end]
}

/// A line of an answer that would be read as something else has a backslash in front.
fn unescaped(lines: &[&str]) -> String {
    let lines: Vec<&str> = lines.iter().map(|line| line.strip_prefix('\\').unwrap_or(line)).collect();
    lines.join("\n")
}

fn escaped(line: &str) -> String {
    let special = line.starts_with("--- ") || line.starts_with("=== ") || line.starts_with('\\');
    format!("{}{line}", if special { "\\" } else { "" })
}

impl CaseFile {
    /// The file in its one form.
    pub(crate) fn to_text(&self) -> String {
        let mut out = String::new();
        for line in &self.head {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        for case in &self.cases {
            if !out.is_empty() {
                out.push('\n');
            }
            case.write(&mut out);
        }
        out
    }
}

impl Case {
    /// The answer of a kind, when the case asks for it.
    pub(crate) fn answer(&self, kind: &str) -> Option<&str> {
        self.answers.iter().find(|(name, _)| name == kind).map(|(_, text)| text.as_str())
    }

    fn write(&self, out: &mut String) {
        out.push_str(&format!("=== {}\n", self.name));
        for setting in &self.settings {
            out.push_str(format!("@{} {}", setting.name, setting.value).trim_end());
            out.push('\n');
        }
        for line in self.input.lines() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        for (kind, text) in &self.answers {
            out.push_str(&format!("--- {kind}\n"));
            for line in text.lines() {
                out.push_str(escaped(line).trim_end());
                out.push('\n');
            }
        }
    }
}

#[test]
fn a_case_file_is_read_and_written_alike() {
    let source = "# About sums.\n@data { \"a\": 1,\n  \"b\": 2 }\n\n=== one and one\n@strict\n1 + 1\n--- value\n2\n\n\
                  === a line of dashes\ntext { text: \"x\" }\n--- text\n\\--- x\n--- picture\n";
    let file = parse("expressions/sums".into(), PathBuf::new(), source.into());
    assert_eq!(file.to_text(), source);
    assert_eq!(file.settings, [Setting { name: "data".into(), value: "{ \"a\": 1,\n  \"b\": 2 }".into() }]);
    assert_eq!((file.cases.len(), file.cases[1].line), (2, 11));
    assert_eq!(file.cases[0].settings, [Setting { name: "strict".into(), value: String::new() }]);
    assert_eq!(file.cases[1].answers, [("text".into(), "--- x".into()), ("picture".into(), String::new())]);
}
