//! Writes new answers over those that no longer hold, and says which.

use std::collections::BTreeMap;

use super::case::{ANSWERS, Case, CaseFile, folder};
use super::pictures;
use super::run::CaseResult;

/// Writes the answers of all cases that do not hold; with `whole`, also removes pictures that no case asks for.
#[expect(clippy::print_stdout, reason = "it says what it changed")]
pub(crate) fn write(files: &[CaseFile], results: &[CaseResult], whole: bool) {
    let mut cases: BTreeMap<usize, Vec<Case>> = BTreeMap::new();
    let mut changed = 0;
    for result in results.iter().filter(|result| !result.differences.is_empty()) {
        let file = &files[result.file];
        println!("{}", result.told(files));
        if let Some(broken) = result.differences.iter().find(|difference| difference.kind == "the case itself") {
            println!("    not written, since the case cannot be read: {}", broken.got);
            continue;
        }
        changed += 1;
        let case = renewed(file, result, files);
        cases.entry(result.file).or_insert_with(|| file.cases.clone())[result.case] = case;
    }
    for (index, file) in files.iter().enumerate() {
        let cases = cases.remove(&index).unwrap_or_else(|| file.cases.clone());
        let (head, settings) = (file.head.clone(), file.settings.clone());
        let (name, path, source) = (file.name.clone(), file.path.clone(), String::new());
        let text = CaseFile { name, path, source, head, settings, cases }.to_text();
        if text != file.source {
            std::fs::write(&file.path, text).expect("the case file is written");
        }
    }
    if whole {
        for picture in pictures::unreferenced(files) {
            std::fs::remove_file(folder().join(&picture)).expect("the picture is removed");
            println!("  removed {picture}: no case asks for it");
        }
    }
    println!("{changed} of {} cases have new answers; read the diff before you commit it", results.len());
}

/// The case with the answers that came. What was asked for and did not come, because there is no document, is left out.
fn renewed(file: &CaseFile, result: &CaseResult, files: &[CaseFile]) -> Case {
    let mut case = result.case(files).clone();
    for difference in &result.differences {
        if difference.kind == "picture" {
            if let Some(picture) = &result.answers.picture {
                let path = pictures::path(file, &case);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
                std::fs::write(&path, picture).expect("the picture is written");
            }
        } else {
            case.answers.retain(|(kind, _)| *kind != difference.kind);
            case.answers.push((difference.kind.clone(), difference.got.clone()));
        }
    }
    let texts = &result.answers.texts;
    case.answers.retain(|(kind, _)| texts.contains_key(kind) || kind == "picture" && result.answers.picture.is_some());
    case.answers.sort_by_key(|(kind, _)| ANSWERS.iter().position(|answer| answer == kind));
    case
}
