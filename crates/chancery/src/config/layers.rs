//! Puts the layers together: defaults, file, environment, flags.

use std::path::{Path, PathBuf};

use super::{Config, SETTINGS, Setting};
use crate::error::CommandError;

/// What flags say, as key and value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flags {
    /// The file; without it `chancery.toml` in the current folder, when there is one.
    pub(crate) config_file: Option<PathBuf>,
    /// Values by the key of their setting.
    pub(crate) values: Vec<(&'static str, String)>,
}

/// The file that is read when no flag and no variable names another one.
const DEFAULT_FILE: &str = "chancery.toml";

/// Bytes of the file at most; a full one has three thousand.
const FILE_SIZE_BYTES_MAX: u64 = 1_000_000;

/// Loads the configuration; `variable` looks a name up in the environment.
///
/// # Errors
/// [`CommandError::Input`] naming key, source and what would be right.
pub(crate) fn load(flags: &Flags, variable: impl Fn(&str) -> Option<String>) -> Result<Config, CommandError> {
    let mut config = Config::default();
    let named = flags.config_file.clone().or_else(|| variable("CHANCERY_CONFIG").map(PathBuf::from));
    match named {
        Some(path) => apply_file(&mut config, &path, &read_file(&path)?)?,
        None if Path::new(DEFAULT_FILE).is_file() => {
            apply_file(&mut config, Path::new(DEFAULT_FILE), &read_file(Path::new(DEFAULT_FILE))?)?;
        }
        None => {}
    }
    for setting in SETTINGS {
        let name = setting.variable();
        if let Some(value) = variable(&name) {
            apply(&mut config, setting, &value, &format!("environment variable {name}"))?;
        }
    }
    for (key, value) in &flags.values {
        let setting = find(key).ok_or_else(|| CommandError::input(format!("there is no setting `{key}`")))?;
        apply(&mut config, setting, value, &format!("flag for {key}"))?;
    }
    Ok(config)
}

fn read_file(path: &Path) -> Result<String, CommandError> {
    let size = std::fs::metadata(path).map_err(|source| CommandError::file("read", path, source))?.len();
    if size > FILE_SIZE_BYTES_MAX {
        return Err(CommandError::input(format!("{} is too large to be a configuration", path.display())));
    }
    std::fs::read_to_string(path).map_err(|source| CommandError::file("read", path, source))
}

fn apply_file(config: &mut Config, path: &Path, text: &str) -> Result<(), CommandError> {
    let table = text
        .parse::<toml::Table>()
        .map_err(|error| CommandError::input(format!("{} is not valid TOML: {error}", path.display())))?;
    let mut values = Vec::new();
    flatten("", &toml::Value::Table(table), &mut values);
    for (key, value) in values {
        let Some(setting) = find(&key) else {
            let hint = nearest(&key).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(CommandError::input(format!("{}: there is no setting `{key}`{hint}", path.display())));
        };
        apply(config, setting, &value, &path.display().to_string())?;
    }
    Ok(())
}

/// Lists all values of a table under their dotted keys.
fn flatten(prefix: &str, value: &toml::Value, into: &mut Vec<(String, String)>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&key, value, into);
            }
        }
        toml::Value::String(text) => into.push((prefix.to_owned(), text.clone())),
        other => into.push((prefix.to_owned(), other.to_string())),
    }
}

fn apply(config: &mut Config, setting: &Setting, value: &str, source: &str) -> Result<(), CommandError> {
    (setting.read)(config, value)
        .map_err(|problem| CommandError::input(format!("{source}: `{}` {problem}", setting.key)))
}

fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// The known key that ends like the unknown one, or starts like it.
fn nearest(key: &str) -> Option<&'static str> {
    let last = key.rsplit('.').next().unwrap_or(key);
    let shared = |known: &str| known.bytes().zip(key.bytes()).take_while(|(a, b)| a == b).count();
    SETTINGS.iter().map(|setting| setting.key).find(|known| known.rsplit('.').next() == Some(last)).or_else(|| {
        SETTINGS.iter().map(|setting| setting.key).max_by_key(|known| shared(known)).filter(|known| shared(known) >= 4)
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn from_text(text: &str) -> Result<Config, CommandError> {
        let mut config = Config::default();
        apply_file(&mut config, Path::new("x.toml"), text).map(|()| config)
    }

    #[test]
    fn a_file_sets_what_it_names_and_nothing_else() {
        let config = from_text("[server]\nlisten = \"127.0.0.1:9000\"\n[render]\ntimeout_ms = 5\n").unwrap();
        assert_eq!(config.listen.port(), 9000);
        assert_eq!(config.render_timeout_ms, 5);
        assert_eq!(Config { listen: Config::default().listen, render_timeout_ms: 30_000, ..config }, Config::default());
    }

    #[test]
    fn an_unknown_key_is_an_error_with_the_nearest_known_one() {
        for (text, message) in [
            ("[server]\nlissten = 1", "x.toml: there is no setting `server.lissten`; did you mean `server.listen`?"),
            ("timeout_ms = 1", "x.toml: there is no setting `timeout_ms`; did you mean `render.timeout_ms`?"),
            ("zzz = 1", "x.toml: there is no setting `zzz`"),
        ] {
            assert_eq!(from_text(text).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_damaged_file_is_an_error_with_its_name() {
        assert!(from_text("[server").unwrap_err().to_string().starts_with("x.toml is not valid TOML: "));
        let error = from_text("[limits]\njson_depth_max = [1]").unwrap_err().to_string();
        assert_eq!(error, "x.toml: `limits.json_depth_max` must be a whole number, not `[1]`");
    }

    #[test]
    fn the_environment_wins_over_defaults_and_a_flag_over_the_environment() {
        let environment = |name: &str| match name {
            "CHANCERY_RENDER_TIMEOUT_MS" => Some("7".to_owned()),
            "CHANCERY_FONTS" => Some("/fonts".to_owned()),
            _ => None,
        };
        let mut flags = Flags::default();
        assert_eq!(load(&flags, environment).unwrap().render_timeout_ms, 7);
        flags.values.push(("render.timeout_ms", "8".to_owned()));
        let config = load(&flags, environment).unwrap();
        assert_eq!(config.render_timeout_ms, 8);
        assert_eq!(config.fonts_folder, Some(PathBuf::from("/fonts")));
    }

    #[test]
    fn a_file_that_is_named_and_missing_is_the_users_error() {
        let flags = Flags { config_file: Some(PathBuf::from("/nowhere/x.toml")), values: Vec::new() };
        assert!(matches!(load(&flags, |_| None), Err(CommandError::Input { .. })));
    }
}
