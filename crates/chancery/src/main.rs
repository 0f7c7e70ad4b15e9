//! The one binary: configuration, commands, exit codes.

mod cli;
mod cli_custody;
mod cli_watching;
mod commands;
mod config;
mod error;
mod inputs;
mod logging;
mod masking;
mod memory;
mod opened;
mod output;
mod places;
mod root_key;
mod root_keys;
mod world;

use std::process::ExitCode;

use chancery_service::program::{ProgramName, on_behalf_of};
use clap::Parser as _;

use cli::{Audit, Cli, Command, Global, Keys, Receipt, Witness};
use cli_custody::Custodian;
use config::{Config, Flags};
use error::CommandError;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The heap would take its memory in pages of two megabytes each: half as much again, and hardly faster.
    // Where the system knows no such pages, there is nothing to refuse.
    rustix::thread::disable_transparent_huge_pages(true).ok();
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if let Some(report) = error.report() {
                output::note(report.trim_end());
            }
            error.exit_code()
        }
    }
}

fn run(cli: &Cli) -> Result<(), CommandError> {
    let flags = flags_of(&cli.global, &cli.command);
    let config = config::load(&flags, |name| std::env::var(name).ok())?;
    match &cli.command {
        // These need no runtime, no database and no log: they start in a few milliseconds.
        Command::Render(render) => commands::render::run(&config, render),
        Command::Expressions => output::data(&chancery_render::expression::reference_markdown()),
        Command::Config => commands::config::run(&config),
        Command::Migrate { print_roles: true } => output::data(&chancery_store::bootstrap_sql()),
        Command::Help { command, all } => commands::help::run(command, *all),
        Command::Requests(requests) => commands::requests::run(requests),
        Command::Keys(Keys::Custodian(Custodian::Create { name, file, pass_phrase_file })) => {
            commands::destruction::create(name, file, pass_phrase_file)
        }
        Command::Audit(Audit::Verify(flags)) if flags.is_offline() => commands::audit::offline(flags),
        Command::Receipt(Receipt::Verify { receipt, keys, id }) => {
            commands::receipt::verify(receipt, keys, id.as_deref())
        }
        Command::Inventory(flags) => commands::inventory::run(flags.json),
        Command::Witness(Witness::Key { name, key_file }) => commands::witness::make_key(name, key_file),
        command => {
            memory::shield()?;
            memory::lock(&config)?;
            logging::start(&config)?;
            runtime()?.block_on(on_behalf_of(own_name(std::env::args()), run_async(&config, command)))
        }
    }
}

async fn run_async(config: &Config, command: &Command) -> Result<(), CommandError> {
    match command {
        Command::Serve(serve) => commands::serve::run(config, serve).await,
        Command::Template(template) => commands::template::run(config, template).await,
        Command::Workspace(workspace) => commands::workspace::run(config, workspace).await,
        Command::Key(key) => commands::key::run(config, key).await,
        Command::Keys(keys) => commands::keys::run(config, keys).await,
        Command::Migrate { .. } => opened::migrate(config).await,
        Command::Purge { command } => commands::purge::run(config, command.as_ref()).await,
        Command::Retention(retention) => commands::retention::run(config, retention).await,
        Command::Hold(hold) => commands::hold::run(config, hold).await,
        Command::Documents(documents) => commands::documents::run(config, documents).await,
        Command::Pseudonym(pseudonym) => commands::pseudonym::run(config, pseudonym).await,
        Command::Usage(usage) => commands::usage::run(config, usage).await,
        Command::Audit(audit) => commands::audit::run(config, audit).await,
        Command::Witness(Witness::Serve(serve)) => commands::witness::serve(serve).await,
        Command::Witness(Witness::Key { name, key_file }) => commands::witness::make_key(name, key_file),
        Command::Doctor => commands::doctor::run(config).await,
        Command::Store(store) => commands::store::run(config, store).await,
        Command::Security(security) => commands::security::run(config, security).await,
        Command::Render(render) => commands::render::run(config, render),
        Command::Help { command, all } => commands::help::run(command, *all),
        Command::Requests(requests) => commands::requests::run(requests),
        Command::Expressions | Command::Config | Command::Receipt(_) | Command::Inventory(_) => Ok(()),
    }
}

/// What the audit log calls this command: its first two words. What follows may be a secret, or somebody's name.
fn own_name(arguments: impl Iterator<Item = String>) -> Option<ProgramName> {
    let words = arguments.skip(1).take(2).take_while(|word| word.bytes().all(|letter| letter.is_ascii_lowercase()));
    ProgramName::new(&std::iter::once("chancery".to_owned()).chain(words).collect::<Vec<_>>().join(" "))
}

/// Rendering has threads of its own, and the rest is a fifth of the work: half as many threads as cores carry it, and
/// hand a request from one to the other less often.
fn runtime() -> Result<tokio::runtime::Runtime, CommandError> {
    let core_count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(core_count.div_ceil(2))
        .enable_all()
        .build()
        .map_err(|error| CommandError::environment("cannot start the threads of the server", error))
}

fn flags_of(global: &Global, command: &Command) -> Flags {
    let path = |path: &std::path::Path| path.to_string_lossy().into_owned();
    let mut values = Vec::new();
    if let Some(folder) = &global.data_folder {
        values.push(("data.folder", path(folder)));
    }
    if let Some(folder) = &global.fonts {
        values.push(("fonts.folder", path(folder)));
    }
    if let Command::Serve(serve) = command
        && let Some(listen) = &serve.listen
    {
        values.push(("server.listen", listen.clone()));
    }
    Flags { config_file: global.config.clone(), values }
}
