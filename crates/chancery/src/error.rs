//! How a command fails: with a sentence on stderr and one of three exit codes.

use std::error::Error as StdError;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// Why a command did not do what was asked. `Display` is its own part; the chain of sources tells the rest.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// What the user gave is wrong: a template, data, a name, a configuration. Exit code 1.
    #[error("{message}")]
    Input {
        /// What is wrong.
        message: String,
    },
    /// What the command stands on is missing or fails: files, database, object store. Exit code 3.
    #[error("{context}")]
    Environment {
        /// What was being done.
        context: String,
        /// What happened.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// Whoever reads our output went away. A quiet end.
    #[error("the output was closed")]
    OutputClosed,
}

impl CommandError {
    /// What the user gave is wrong.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::Input { message: message.into() }
    }

    /// What the command stands on fails.
    pub(crate) fn environment(context: impl Into<String>, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Environment { context: context.into(), source: source.into() }
    }

    /// A file that cannot be read or written. A file that does not exist is the user's to mend, like a wrong name.
    pub(crate) fn file(doing: &str, path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::IsADirectory => {
                Self::input(format!("cannot {doing} {}: {source}", path.display()))
            }
            _ => Self::environment(format!("cannot {doing} {}", path.display()), source),
        }
    }

    /// Writing to standard output failed.
    pub(crate) fn output(source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe {
            Self::OutputClosed
        } else {
            Self::environment("cannot write to standard output", source)
        }
    }

    /// The exit code.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Input { .. } => ExitCode::from(1),
            Self::Environment { .. } => ExitCode::from(3),
            Self::OutputClosed => ExitCode::SUCCESS,
        }
    }

    /// The sentence with all causes, for another sentence.
    pub(crate) fn told(&self) -> String {
        let text = self.report().unwrap_or_default();
        text.trim_end().trim_start_matches("chancery: ").to_owned()
    }

    /// The sentence for stderr with all causes, or nothing when there is nobody to tell.
    pub(crate) fn report(&self) -> Option<String> {
        if matches!(self, Self::OutputClosed) {
            return None;
        }
        let mut text = format!("chancery: {self}");
        let mut source = self.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            // Some causes repeat themselves in the one above.
            if !text.ends_with(&cause_text) {
                text.push_str(": ");
                text.push_str(&cause_text);
            }
            source = cause.source();
        }
        text.push('\n');
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_tells_the_chain_of_causes() {
        let error = CommandError::environment("cannot open x", io::Error::other("disk on fire"));
        assert_eq!(error.report().as_deref(), Some("chancery: cannot open x: disk on fire\n"));
    }

    #[test]
    fn a_closed_pipe_is_a_quiet_end() {
        let error = CommandError::output(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(error.report(), None);
        assert_eq!(error.exit_code(), ExitCode::SUCCESS);
    }
}
