//! The same document is the same file, whatever was made before it and beside it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::answers::{Job, Kept, hash};
use super::case::CaseFile;
use super::run::in_threads;

/// Fewer documents than this would prove too little.
const DOCUMENT_COUNT_MIN: usize = 500;

/// Where the order of the second round begins.
const SEED: u64 = 0x5DEE_CE66_D1CE_4E5B;

/// Renders all documents one after the other with fresh caches, then on two threads, in another order, with caches
/// that know all documents before; the files must be the same.
pub(crate) fn check(files: &[CaseFile]) {
    let mut jobs: Vec<(String, Job)> = Vec::new();
    for file in files {
        for case in &file.cases {
            let job = Job::of_document(file, case);
            jobs.extend(job.map(|job| (format!("{}.case: {}", file.name, case.name), job)));
        }
    }
    let first = Mutex::new(BTreeMap::new());
    in_threads(1, |_| {
        for (name, job) in &jobs {
            if let Ok((_, _, bytes)) = job.render(&mut Kept::default()) {
                first.lock().unwrap().insert(name.as_str(), hash(&bytes));
            }
        }
    });
    let first = first.into_inner().unwrap();
    assert!(first.len() >= DOCUMENT_COUNT_MIN, "only {} documents were made", first.len());

    let mut order: Vec<usize> = (0..jobs.len()).collect();
    shuffle(&mut order);
    let different = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    in_threads(2, |kept| {
        while let Some(&index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (name, job) = &jobs[index];
            let second = job.render(kept).ok().map(|(_, _, bytes)| hash(&bytes));
            if second.as_ref() != first.get(name.as_str()) {
                different.lock().unwrap().push(name.clone());
            }
        }
    });
    let different = different.into_inner().unwrap();
    assert!(different.is_empty(), "these are other files the second time:\n{}", different.join("\n"));
}

/// Fisher and Yates, with the numbers of a xorshift generator.
fn shuffle(order: &mut [usize]) {
    let mut state = SEED;
    for last in (1..order.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let count = u64::try_from(last + 1).unwrap();
        order.swap(last, usize::try_from(state % count).unwrap());
    }
}
