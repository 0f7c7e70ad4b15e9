//! `config`: prints the effective configuration as a file that says what every value means.

use crate::config::{Config, SETTINGS, Setting};
use crate::error::CommandError;
use crate::output;

/// Prints it.
pub(crate) fn run(config: &Config) -> Result<(), CommandError> {
    output::data(&text(config))
}

fn text(config: &Config) -> String {
    let defaults = Config::default();
    let mut text = "# Configuration of chancery. Later sources win: this file, environment, flags.\n".to_owned();
    let mut section = "";
    for setting in SETTINGS {
        let (table, name) = setting.key.rsplit_once('.').unwrap_or(("", setting.key));
        if table != section {
            text.push_str(&format!("\n[{table}]\n"));
            section = table;
        }
        text.push_str(&entry(setting, name, config, &defaults));
    }
    text
}

fn entry(setting: &Setting, name: &str, config: &Config, defaults: &Config) -> String {
    let value = (setting.show)(config);
    let default = (setting.show)(defaults).unwrap_or_else(|| "not set".to_owned());
    let head = format!("# {}\n# Default: {default}. Environment: {}\n", setting.meaning, setting.variable());
    match value {
        Some(value) => format!("{head}{name} = {value}\n"),
        None => format!("{head}# {name} =\n"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_printed_configuration_is_a_file_that_names_every_setting() {
        let text = text(&Config::default());
        let table: toml::Table = text.parse().unwrap();
        assert_eq!(table.get("render").unwrap().get("timeout_ms").unwrap().as_integer(), Some(30_000));
        for setting in SETTINGS {
            assert!(text.contains(&setting.variable()), "{}", setting.key);
        }
    }
}
