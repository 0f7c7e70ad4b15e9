//! `help`: of the program, of one command, or of every command as Markdown.

use clap::{Command, CommandFactory};

use crate::cli::Cli;
use crate::error::CommandError;
use crate::output;

/// Prints it.
pub(crate) fn run(path: &[String], all: bool) -> Result<(), CommandError> {
    let mut root = Cli::command();
    root.build();
    if all {
        return output::data(&reference(&mut root));
    }
    let mut command = &mut root;
    for name in path {
        command = command.find_subcommand_mut(name).ok_or_else(|| {
            CommandError::input(format!("there is no command `{}`; see `chancery help`", path.join(" ")))
        })?;
    }
    output::data(&command.render_long_help().to_string())
}

/// All commands, each with its help as its `--help` prints it.
fn reference(root: &mut Command) -> String {
    let mut text = "# Commands\n\nWritten by `chancery help --all`.\n".to_owned();
    describe(root, 2, &mut text);
    text
}

fn describe(command: &mut Command, level: usize, text: &mut String) {
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let help = command.render_long_help().to_string();
    text.push_str(&format!("\n{} {name}\n\n```text\n{}\n```\n", "#".repeat(level), help.trim_end()));
    for subcommand in command.get_subcommands_mut() {
        describe(subcommand, level + 1, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_has_every_command_under_its_full_name() {
        let mut root = Cli::command();
        root.build();
        let text = reference(&mut root);
        for name in ["chancery serve", "chancery template check", "chancery key revoke", "chancery help"] {
            assert!(text.contains(&format!("# {name}\n")), "{name}");
        }
    }

    #[test]
    fn an_unknown_command_is_the_users_error() {
        let error = run(&["nothing".to_owned()], false).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("there is no command `nothing`; see `chancery help`"));
    }
}
