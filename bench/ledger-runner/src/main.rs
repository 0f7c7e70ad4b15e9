//! Measures the ledger for `bench/ledger`: one command a line on standard input, one JSON answer a line on standard output.

mod export;
mod failure;
mod installation;
mod tree;
mod writing;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

use export::Export;
use failure::Failure;
use installation::Installation;
use tree::Tree;
use writing::COMMIT_ROWS;

// The service uses the same allocator, so that both are measured alike.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "\
chancery-ledger-bench FOLDER
    Makes a PostgreSQL of its own in FOLDER, answers `{\"ready\":true}`, and then each line of standard input.
    What writes says `{\"prepared\":true}` first and waits for a line, so that its processor time can be read before.

    plain COUNT              writes events into a plain table, many with one commit
    events COUNT             writes events into the audit log, and has them numbered
    plain-alone COUNT        writes events into a plain table, each with a commit of its own
    events-alone COUNT       the same into the audit log, and has them numbered
    documents COUNT          records documents as the service does, and has their events numbered
    documents-unlogged COUNT records documents with the ledger's trigger off
    tree COUNT               fills a second database with a ledger of so many entries
    inclusion COUNT          proves entries of that ledger
    consistency COUNT        proves that it continues what it was before
    export COUNT             makes an export of so many entries, in memory
    verify                   verifies that export
";

/// Everything that is measured, as far as it was made.
struct Bench {
    installation: Installation,
    tree: Option<Tree>,
    export: Option<Export>,
}

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1).filter(|word| !word.starts_with('-')) else {
        let _ = write!(std::io::stderr(), "{USAGE}");
        return ExitCode::from(2);
    };
    match run(PathBuf::from(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: PathBuf) -> Result<(), Failure> {
    let runtime = Runtime::new()?;
    let installation = runtime.block_on(Installation::start(folder))?;
    let mut bench = Bench { installation, tree: None, export: None };
    say(&json!({ "ready": true }))?;
    let served = serve(&runtime, &mut bench);
    runtime.block_on(bench.stop())?;
    served
}

fn serve(runtime: &Runtime, bench: &mut Bench) -> Result<(), Failure> {
    let mut line = String::new();
    while std::io::stdin().read_line(&mut line)? > 0 {
        let (word, count) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), "0"));
        let count = count.parse().map_err(|_| Failure::Usage(format!("`{line}` has no count")))?;
        say(&runtime.block_on(bench.answer(word, count))?)?;
        line.clear();
    }
    Ok(())
}

/// Says that what comes now is to be measured, and waits for the line that lets it begin.
fn await_go() -> Result<(), Failure> {
    say(&json!({ "prepared": true }))?;
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

fn say(answer: &Json) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{answer}")?;
    Ok(out.flush()?)
}

impl Bench {
    async fn answer(&mut self, word: &str, count: u64) -> Result<Json, Failure> {
        let installation = &mut self.installation;
        match word {
            "plain" => writing::plain(installation, count, COMMIT_ROWS).await,
            "events" => writing::events(installation, count, COMMIT_ROWS).await,
            "plain-alone" => writing::plain(installation, count, 1).await,
            "events-alone" => writing::events(installation, count, 1).await,
            "documents" => writing::documents(installation, count, true).await,
            "documents-unlogged" => writing::documents(installation, count, false).await,
            "tree" => {
                let (tree, answer) = Tree::fill(installation, count).await?;
                self.tree = Some(tree);
                Ok(answer)
            }
            "inclusion" => self.tree()?.inclusion(count).await,
            "consistency" => self.tree()?.consistency(count).await,
            "export" => {
                self.export = Some(Export::make(count)?);
                Ok(json!({ "entries": count }))
            }
            "verify" => self.export.as_ref().ok_or_else(|| missing("export"))?.verify(),
            _ => Err(Failure::Usage(format!("`{word}` is no command"))),
        }
    }

    fn tree(&self) -> Result<&Tree, Failure> {
        self.tree.as_ref().ok_or_else(|| missing("tree"))
    }

    async fn stop(self) -> Result<(), Failure> {
        if let Some(tree) = self.tree {
            tree.close().await;
        }
        self.installation.stop().await
    }
}

fn missing(what: &str) -> Failure {
    Failure::Usage(format!("there is no {what} yet"))
}
