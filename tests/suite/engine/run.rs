//! Runs cases on all processors and compares what came with what was expected.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::answers::{Answers, Kept, answer};
use super::case::{ANSWERS, Case, CaseFile};
use super::pictures;

/// Stack of a thread: what a service gives its render threads, and twice as much, since nothing is optimised here.
const STACK_SIZE_BYTES: usize = 16_000_000;

/// What came out of one case.
pub(crate) struct CaseResult {
    /// Index of the file.
    pub(crate) file: usize,
    /// Index of the case in it.
    pub(crate) case: usize,
    /// What came.
    pub(crate) answers: Answers,
    /// What is not as expected; nothing, when the case holds.
    pub(crate) differences: Vec<Difference>,
}

/// An answer that is another one than expected.
pub(crate) struct Difference {
    /// Which answer.
    pub(crate) kind: String,
    /// What the case says.
    pub(crate) expected: String,
    /// What came; for pictures, how different they are.
    pub(crate) got: String,
}

impl CaseResult {
    /// The case.
    pub(crate) fn case<'f>(&self, files: &'f [CaseFile]) -> &'f Case {
        &files[self.file].cases[self.case]
    }

    /// One line about a case that does not hold.
    pub(crate) fn told(&self, files: &[CaseFile]) -> String {
        let (file, case) = (&files[self.file], self.case(files));
        let kinds: Vec<&str> = self.differences.iter().map(|difference| difference.kind.as_str()).collect();
        format!("  {}.case:{}: {} ({})", file.name, case.line, case.name, kinds.join(", "))
    }
}

/// Runs all cases whose file and name contain the filter, in the order of the files.
pub(crate) fn run_all(files: &[CaseFile], filter: Option<&str>) -> Vec<CaseResult> {
    let mut chosen = Vec::new();
    for (file_index, file) in files.iter().enumerate() {
        for (case_index, case) in file.cases.iter().enumerate() {
            let name = format!("{}: {}", file.name, case.name);
            if filter.is_none_or(|filter| name.contains(filter)) {
                chosen.push((file_index, case_index));
            }
        }
    }
    let results = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    in_threads(threads(), |kept| {
        while let Some(&(file, case)) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
            let result = run(&files[file], &files[file].cases[case], kept);
            let (answers, differences) = result;
            let mut results = results.lock().expect("no thread panics with the lock");
            results.push(CaseResult { file, case, answers, differences });
        }
    });
    let mut results = results.into_inner().expect("no thread panics with the lock");
    results.sort_by_key(|result| (result.file, result.case));
    results
}

/// Runs a job on each of some threads, each with caches of its own.
pub(crate) fn in_threads(count: usize, job: impl Fn(&mut Kept) + Sync) {
    std::thread::scope(|scope| {
        for _ in 0..count {
            std::thread::Builder::new()
                .stack_size(STACK_SIZE_BYTES)
                .spawn_scoped(scope, || job(&mut Kept::default()))
                .expect("a thread starts");
        }
    });
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn run(file: &CaseFile, case: &Case, kept: &mut Kept) -> (Answers, Vec<Difference>) {
    let answers = match answer(file, case, kept) {
        Ok(answers) => answers,
        Err(problem) => {
            let kind = "the case itself".to_owned();
            let differences = vec![Difference { kind, expected: String::new(), got: problem }];
            return (Answers::default(), differences);
        }
    };
    let mut differences = Vec::new();
    for kind in ANSWERS {
        if kind == "picture" {
            if case.answer(kind).is_some() {
                differences.extend(compare_picture(file, case, answers.picture.as_deref()));
            }
            continue;
        }
        let (expected, got) = (case.answer(kind), answers.texts.get(kind));
        let missing = if expected.is_some() { "(there is no document)" } else { "" };
        let got = match (kind, got) {
            ("findings", None) => "",
            (_, None) => missing,
            (_, Some(got)) => got,
        };
        let kept_form: Vec<&str> = got.lines().map(str::trim_end).collect();
        let kept_form = kept_form.join("\n");
        let kept_form = kept_form.trim_matches('\n');
        if expected.unwrap_or("") != kept_form {
            let expected = expected.unwrap_or("").to_owned();
            differences.push(Difference { kind: kind.into(), expected, got: kept_form.to_owned() });
        }
    }
    (answers, differences)
}

fn compare_picture(file: &CaseFile, case: &Case, got: Option<&[u8]>) -> Option<Difference> {
    let path = pictures::path(file, case);
    let shown = pictures::relative(&path);
    let golden = std::fs::read(&path).ok();
    let problem = match (golden, got) {
        (_, None) => "there is no document".into(),
        (None, Some(_)) => "there is no golden picture".into(),
        (Some(golden), Some(got)) => pictures::compare(&golden, got)?,
    };
    Some(Difference { kind: "picture".into(), expected: shown, got: problem })
}
