//! Measures the engine and the service: one command renders for the harness, the other makes requests.

mod arguments;
mod engine;
mod failure;
mod load;
mod pictures;
mod report;

use std::process::ExitCode;

use arguments::Arguments;
use failure::Failure;

// The service uses the same allocator, so that both are measured alike.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "\
chancery-bench engine --templates DIR --mode render|floor DOCUMENT CONTENT REGULAR SEMIBOLD
    Renders for the harness: one JSON command a line on stdin, one JSON answer a line on stdout.
    DOCUMENT is invoice or table; CONTENT a JSON file; REGULAR and SEMIBOLD are font files.
    The mode floor writes a document that is already laid out, again and again.

chancery-bench load --address 127.0.0.1:PORT --key-file FILE --template-id ID --content FILE
                    --service-pid PID [--cluster DIR] [--seconds N] [--requests N] [--callers 1,2,4,8,32]
    Makes requests to a running service and prints one JSON object for each number of callers and kind of answer.
    CPU time is read of the process and of the PostgreSQL cluster below DIR.

chancery-bench pictures --examples DIR --fonts DIR [--only WORDS]
    Draws every page of the examples in every format, or in those with these words in their name, and prints one JSON object for each example and format.

chancery-bench self-check
    Runs the load generator against servers that answer wrongly; each must be found out.
";

fn main() -> ExitCode {
    // As the service does.
    rustix::thread::disable_transparent_huge_pages(true).ok();
    match run() {
        Ok(code) => code,
        Err(failure) => {
            report::note(&format!("error: {}", report::chain(&failure)));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, Failure> {
    let mut arguments = Arguments::new(std::env::args().skip(1));
    match arguments.next_word().as_deref() {
        Some("engine") => engine::run(&arguments.parse()?).map(|()| ExitCode::SUCCESS),
        Some("load") => load::run(&arguments.parse()?),
        Some("pictures") => pictures::run(&arguments.parse()?).map(|()| ExitCode::SUCCESS),
        Some("self-check") => load::self_check(),
        _ => {
            report::note(USAGE);
            Ok(ExitCode::from(2))
        }
    }
}
