//! The list of all settings: key, meaning, how to read one and how to show it.

use std::path::PathBuf;
use std::str::FromStr;

use super::{Config, LogFormat, RootKeyHolder, proxies};

/// One setting.
pub(crate) struct Setting {
    /// Its key in the file, dotted; [`Setting::variable`] gives the environment variable.
    pub(crate) key: &'static str,
    /// What it means, with unit and what happens at the limit.
    pub(crate) meaning: &'static str,
    /// Reads a value, or says what would be right.
    pub(crate) read: fn(&mut Config, &str) -> Result<(), String>,
    /// Shows the value as it would stand in the file; nothing when it is not set.
    pub(crate) show: fn(&Config) -> Option<String>,
}

impl Setting {
    /// The environment variable: `CHANCERY_` and the key in upper case, with `_` for `.`; only the fonts folder, which
    /// everybody sets, is shorter.
    pub(crate) fn variable(&self) -> String {
        if self.key == "fonts.folder" {
            return "CHANCERY_FONTS".to_owned();
        }
        format!("CHANCERY_{}", self.key.replace('.', "_").to_ascii_uppercase())
    }
}

fn read_number<T: FromStr>(target: &mut T, text: &str) -> Result<(), String> {
    *target = text.parse().map_err(|_| format!("must be a whole number, not `{text}`"))?;
    Ok(())
}

fn read_positive<T: FromStr + PartialEq + Default>(target: &mut T, text: &str) -> Result<(), String> {
    let number: T = text.parse().map_err(|_| format!("must be a whole number, not `{text}`"))?;
    if number == T::default() {
        return Err("must be at least 1".to_owned());
    }
    *target = number;
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "the signature is that of all readers")]
fn read_path(target: &mut Option<PathBuf>, text: &str) -> Result<(), String> {
    *target = (!text.is_empty()).then(|| PathBuf::from(text));
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "the signature is that of all readers")]
fn read_text(target: &mut Option<String>, text: &str) -> Result<(), String> {
    *target = (!text.is_empty()).then(|| text.to_owned());
    Ok(())
}

fn read_url(target: &mut Option<String>, text: &str) -> Result<(), String> {
    if !text.is_empty() && !text.starts_with("http://") && !text.starts_with("https://") {
        return Err(format!("must start with `http://` or `https://`, not `{text}`"));
    }
    read_text(target, text)
}

fn read_holder(text: &str) -> Result<RootKeyHolder, String> {
    let known = RootKeyHolder::ALL.into_iter().find(|holder| holder.as_str() == text);
    known.ok_or_else(|| format!("must be `file`, `pkcs11`, `transit` or `kms`, not `{text}`"))
}

/// A string as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn shown_path(path: Option<&PathBuf>) -> Option<String> {
    path.map(|path| quoted(&path.to_string_lossy()))
}

fn shown_text(text: Option<&String>) -> Option<String> {
    text.map(|text| quoted(text))
}

macro_rules! number {
    ($key:literal, $field:ident, $meaning:literal) => {
        Setting {
            key: $key,
            meaning: $meaning,
            read: |config, text| read_positive(&mut config.$field, text),
            show: |config| Some(config.$field.to_string()),
        }
    };
}

macro_rules! path {
    ($key:literal, $field:ident, $meaning:literal) => {
        Setting {
            key: $key,
            meaning: $meaning,
            read: |config, text| read_path(&mut config.$field, text),
            show: |config| shown_path(config.$field.as_ref()),
        }
    };
}

macro_rules! text {
    ($key:literal, $field:ident, $meaning:literal) => {
        Setting {
            key: $key,
            meaning: $meaning,
            read: |config, text| read_text(&mut config.$field, text),
            show: |config| shown_text(config.$field.as_ref()),
        }
    };
}

/// All settings, in the order in which they are shown.
pub(crate) const SETTINGS: &[Setting] = &[
    Setting {
        key: "data.folder",
        meaning: "Folder for the private cluster, objects and the root key. Made with mode 0700 when missing.",
        read: |config, text| {
            if text.is_empty() {
                return Err("must name a folder".to_owned());
            }
            config.data_folder = PathBuf::from(text);
            Ok(())
        },
        show: |config| shown_path(Some(&config.data_folder)),
    },
    Setting {
        key: "server.listen",
        meaning: "Address to listen on. Loopback only in this version, because it speaks no TLS. Port 0 takes a free one.",
        read: |config, text| {
            config.listen = text
                .parse()
                .map_err(|_| format!("must be an address and a port such as 127.0.0.1:8080, not `{text}`"))?;
            Ok(())
        },
        show: |config| Some(quoted(&config.listen.to_string())),
    },
    Setting {
        key: "server.public_url",
        meaning: "What signed links start with, such as https://pdf.example.com. Without it: the address listened on.",
        read: |config, text| read_url(&mut config.public_url, text),
        show: |config| shown_text(config.public_url.as_ref()),
    },
    Setting {
        key: "server.trusted_proxies",
        meaning: "Ranges of addresses of the proxies before this server, separated by commas, such as 127.0.0.1, 10.0.0.0/8. Their word about the address of a client is believed, nobody else's.",
        read: |config, text| {
            proxies::networks(text)?;
            config.proxies = text.to_owned();
            Ok(())
        },
        show: |config| Some(quoted(&config.proxies)),
    },
    Setting {
        key: "server.forwarded_header",
        meaning: "The header in which these proxies tell it: x-forwarded-for or forwarded (RFC 7239). The other one is not read.",
        read: |config, text| {
            proxies::header(text)?;
            config.forwarded_header = text.to_owned();
            Ok(())
        },
        show: |config| Some(quoted(&config.forwarded_header)),
    },
    path!("fonts.folder", fonts_folder, "Folder with .ttf and .otf files, searched recursively in sorted order."),
    path!(
        "database.url_file",
        database_url_file,
        "File with the URL of a PostgreSQL database for the role chancery_app. Without it a private cluster runs in the data folder."
    ),
    path!(
        "database.migrate_url_file",
        database_migrate_url_file,
        "File with the URL of the same database for the role chancery_migrate; only `chancery migrate` needs it."
    ),
    path!(
        "database.bin_folder",
        database_bin_folder,
        "Folder with PostgreSQL's programs, for the private cluster. Without it: PATH, then the usual places."
    ),
    Setting {
        key: "database.connection_count_max",
        meaning: "Connections to the database. Without it: twice the cores and two.",
        read: |config, text| {
            let mut count = 0;
            read_positive(&mut count, text)?;
            config.database_connection_count_max = Some(count);
            Ok(())
        },
        show: |config| config.database_connection_count_max.map(|count| count.to_string()),
    },
    Setting {
        key: "root_key.provider",
        meaning: "Who holds the root key of a new installation: file, pkcs11, transit or kms. One that has a root key goes on with that: `chancery keys rotate --root --to` moves it.",
        read: |config, text| {
            config.root_key_provider = read_holder(text)?;
            Ok(())
        },
        show: |config| Some(quoted(config.root_key_provider.as_str())),
    },
    Setting {
        key: "root_key.also",
        meaning: "A second holder, which opens what it wrapped: where the root key is to move to, or came from.",
        read: |config, text| {
            config.root_key_also = (!text.is_empty()).then(|| read_holder(text)).transpose()?;
            Ok(())
        },
        show: |config| config.root_key_also.map(|holder| quoted(holder.as_str())),
    },
    Setting {
        key: "root_key.name",
        meaning: "What the names of our keys start with at another holder than the file: NAME-WORKSPACE. Lower-case letters, digits and `-`; its own for each installation.",
        read: |config, text| {
            config.root_key_name = text.to_owned();
            Ok(())
        },
        show: |config| Some(quoted(&config.root_key_name)),
    },
    path!(
        "root_key.file",
        root_key_file,
        "The root key. Without it: root.key in the data folder, made at the first start with mode 0600."
    ),
    path!(
        "root_key.pass_phrase_file",
        root_key_pass_phrase_file,
        "File with the pass phrase that seals the root key; a line feed at its end does not count. Without it the root key lies in the clear."
    ),
    path!("root_key.pkcs11.module", pkcs11_module, "PKCS#11 module of the security module, a shared library."),
    text!("root_key.pkcs11.token", pkcs11_token, "Label of the token."),
    path!("root_key.pkcs11.pin_file", pkcs11_pin_file, "File with the token's user PIN."),
    Setting {
        key: "root_key.transit.url",
        meaning: "Address of Vault or OpenBao, such as https://bao.example.com:8200.",
        read: |config, text| read_url(&mut config.transit_url, text),
        show: |config| shown_text(config.transit_url.as_ref()),
    },
    path!("root_key.transit.token_file", transit_token_file, "File with the token; read again for each request."),
    Setting {
        key: "root_key.transit.mount",
        meaning: "Where the transit engine is mounted.",
        read: |config, text| {
            config.transit_mount = text.to_owned();
            Ok(())
        },
        show: |config| Some(quoted(&config.transit_mount)),
    },
    path!(
        "root_key.transit.authority_file",
        transit_authority_file,
        "Certificates (PEM) of the authority that vouches for the server. Without it: those that the system trusts."
    ),
    Setting {
        key: "root_key.kms.endpoint",
        meaning: "URL of the key service. Without it: that of AWS in the region.",
        read: |config, text| read_url(&mut config.kms_endpoint, text),
        show: |config| shown_text(config.kms_endpoint.as_ref()),
    },
    Setting {
        key: "root_key.kms.region",
        meaning: "Region of the key service.",
        read: |config, text| {
            config.kms_region = text.to_owned();
            Ok(())
        },
        show: |config| Some(quoted(&config.kms_region)),
    },
    text!("root_key.kms.access_key_id", kms_access_key_id, "Access key id for the key service."),
    path!("root_key.kms.secret_key_file", kms_secret_key_file, "File with the secret key for the key service."),
    path!(
        "objects.folder",
        objects_folder,
        "Folder for sealed objects. Without it: objects in the data folder. Not used with S3."
    ),
    text!("objects.s3.bucket", s3_bucket, "S3 bucket for sealed objects. Without it they go to the folder."),
    Setting {
        key: "objects.s3.endpoint",
        meaning: "URL of the S3 service. Without it: that of AWS.",
        read: |config, text| read_url(&mut config.s3_endpoint, text),
        show: |config| shown_text(config.s3_endpoint.as_ref()),
    },
    Setting {
        key: "objects.s3.region",
        meaning: "Region of the bucket.",
        read: |config, text| {
            config.s3_region = text.to_owned();
            Ok(())
        },
        show: |config| Some(quoted(&config.s3_region)),
    },
    text!("objects.s3.access_key_id", s3_access_key_id, "Access key id for the bucket."),
    path!("objects.s3.secret_key_file", s3_secret_key_file, "File with the secret key for the bucket."),
    Setting {
        key: "objects.s3.prefix",
        meaning: "Folder in the bucket, without slashes at its ends; empty for the bucket itself.",
        read: |config, text| {
            if text.starts_with('/') || text.ends_with('/') {
                return Err("must not start or end with a slash".to_owned());
            }
            config.s3_prefix = text.to_owned();
            Ok(())
        },
        show: |config| Some(quoted(&config.s3_prefix)),
    },
    Setting {
        key: "objects.s3.server_side_encryption",
        meaning: "Whether the S3 service is asked to encrypt what is sealed already with its own keys, too.",
        read: |config, text| {
            config.s3_server_side_encryption =
                text.parse().map_err(|_| format!("must be true or false, not `{text}`"))?;
            Ok(())
        },
        show: |config| Some(config.s3_server_side_encryption.to_string()),
    },
    number!(
        "objects.s3.request_timeout_ms",
        s3_timeout_ms,
        "Time for one request to the S3 service, in milliseconds; a part of 8 MiB takes 30 s at 280 kB/s."
    ),
    text!(
        "objects.s3.kms_key_id",
        s3_kms_key_id,
        "Id of a key of the S3 service's key service, with which it is asked to encrypt instead of with its own (SSE-KMS)."
    ),
    path!(
        "objects.s3.customer_key_file",
        s3_customer_key_file,
        "File with 32 bytes in base64 that go with every request, for the S3 service to encrypt with and to forget (SSE-C)."
    ),
    Setting {
        key: "render.thread_count",
        meaning: "Render threads. 0: as many as cores.",
        read: |config, text| read_number(&mut config.render_thread_count, text),
        show: |config| Some(config.render_thread_count.to_string()),
    },
    number!(
        "render.queue_length_max",
        render_queue_length_max,
        "Renders that may wait; one more is answered with 503."
    ),
    number!("render.timeout_ms", render_timeout_ms, "Time for one render, waiting included, in milliseconds."),
    number!("render.page_count_max", render_page_count_max, "Pages of one document."),
    number!("render.pixel_count_max", render_pixel_count_max, "Pixels of one picture, read or made."),
    number!("render.image_dpi", image_dpi, "Resolution of the pictures that /v1/create-image makes, in dots per inch."),
    number!(
        "links.lifetime_minutes",
        link_lifetime_minutes,
        "How long a signed link works when the caller does not say, in minutes."
    ),
    Setting {
        key: "links.lifetime_minutes_max",
        meaning: "The longest time a signed link may work, in minutes, up to 10080 (7 days). Longer wishes get this.",
        read: |config, text| {
            read_positive(&mut config.link_lifetime_minutes_max, text)?;
            if config.link_lifetime_minutes_max > 10_080 {
                return Err("must be at most 10080".to_owned());
            }
            Ok(())
        },
        show: |config| Some(config.link_lifetime_minutes_max.to_string()),
    },
    number!("limits.body_size_bytes_max", body_size_bytes_max, "Bytes of one request body; more is answered with 413."),
    number!("limits.body_timeout_ms", body_timeout_ms, "Time for one body to arrive, in milliseconds."),
    number!(
        "limits.header_timeout_ms",
        header_timeout_ms,
        "Time for the head of a request to arrive, in milliseconds."
    ),
    Setting {
        key: "limits.json_depth_max",
        meaning: "Nesting of JSON in requests, up to 127.",
        read: |config, text| {
            read_positive(&mut config.json_depth_max, text)?;
            if config.json_depth_max > 127 {
                return Err("must be at most 127".to_owned());
            }
            Ok(())
        },
        show: |config| Some(config.json_depth_max.to_string()),
    },
    number!("limits.concurrency_max", concurrency_max, "Requests answered at once; more are answered with 503."),
    number!("limits.connection_count_max", connection_count_max, "Connections open at once; more wait."),
    number!(
        "limits.drain_timeout_ms",
        drain_timeout_ms,
        "Time to finish requests under way at the end, in milliseconds."
    ),
    number!("purge.interval_s", purge_interval_s, "Seconds between two runs of the purge while serving."),
    Setting {
        key: "keys.rotate_after_days",
        meaning: "Days after which the key of a workspace is replaced while serving. 0: never by itself.",
        read: |config, text| read_number(&mut config.keys_rotate_after_days, text),
        show: |config| Some(config.keys_rotate_after_days.to_string()),
    },
    Setting {
        key: "audit.interval_s",
        meaning: "Seconds between two checkpoints of the ledger while serving, when something happened.",
        read: |config, text| read_positive(&mut config.audit_interval_s, text),
        show: |config| Some(config.audit_interval_s.to_string()),
    },
    path!(
        "audit.checkpoint_file",
        audit_checkpoint_file,
        "File to which checkpoints of the ledger are appended; best where nobody who can change the database can write."
    ),
    path!(
        "audit.places_file",
        audit_places_file,
        "File (TOML) that lists more places for checkpoints: buckets under object lock, witnesses, web addresses, syslog."
    ),
    Setting {
        key: "audit.rotate_key_after_days",
        meaning: "Days after which the key that signs the ledger is replaced while serving. 0: never by itself.",
        read: |config, text| read_number(&mut config.audit_rotate_key_after_days, text),
        show: |config| Some(config.audit_rotate_key_after_days.to_string()),
    },
    Setting {
        key: "memory.lock",
        meaning: "Whether all memory is kept from being swapped out. Needs an unlimited RLIMIT_MEMLOCK.",
        read: |config, text| {
            config.memory_is_locked = text.parse().map_err(|_| format!("must be true or false, not `{text}`"))?;
            Ok(())
        },
        show: |config| Some(config.memory_is_locked.to_string()),
    },
    Setting {
        key: "log.level",
        meaning: "What is logged to stderr: error, warn, info, debug or trace; or a filter such as info,chancery_http=debug.",
        read: |config, text| {
            config.log_level = text.to_owned();
            Ok(())
        },
        show: |config| Some(quoted(&config.log_level)),
    },
    Setting {
        key: "log.format",
        meaning: "How log lines look: json or text.",
        read: |config, text| {
            config.log_format = match text {
                "json" => LogFormat::Json,
                "text" => LogFormat::Text,
                other => return Err(format!("must be `json` or `text`, not `{other}`")),
            };
            Ok(())
        },
        show: |config| {
            Some(quoted(match config.log_format {
                LogFormat::Json => "json",
                LogFormat::Text => "text",
            }))
        },
    },
];

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_shown_can_be_read_again() {
        let config = Config::default();
        for setting in SETTINGS {
            let Some(shown) = (setting.show)(&config) else { continue };
            let text = match format!("x = {shown}").parse::<toml::Table>().unwrap().remove("x").unwrap() {
                toml::Value::String(text) => text,
                other => other.to_string(),
            };
            let mut read = config.clone();
            (setting.read)(&mut read, &text).unwrap();
            assert_eq!(read, config, "{}", setting.key);
        }
    }

    #[test]
    fn every_setting_has_its_own_key_and_variable_and_says_what_it_means() {
        let keys: BTreeSet<_> = SETTINGS.iter().map(|setting| setting.key).collect();
        let variables: BTreeSet<_> = SETTINGS.iter().map(Setting::variable).collect();
        assert_eq!(keys.len(), SETTINGS.len());
        assert_eq!(variables.len(), SETTINGS.len());
        assert!(SETTINGS.iter().all(|setting| setting.meaning.ends_with('.')));
    }

    #[test]
    fn wrong_values_are_refused_with_what_would_be_right() {
        let refused = |key: &str, value: &str| {
            let setting = SETTINGS.iter().find(|setting| setting.key == key).unwrap();
            (setting.read)(&mut Config::default(), value).unwrap_err()
        };
        assert_eq!(refused("render.timeout_ms", "0"), "must be at least 1");
        assert_eq!(refused("render.timeout_ms", "soon"), "must be a whole number, not `soon`");
        assert_eq!(refused("limits.json_depth_max", "128"), "must be at most 127");
        assert_eq!(refused("links.lifetime_minutes_max", "525600"), "must be at most 10080");
        assert_eq!(
            refused("server.listen", "8080"),
            "must be an address and a port such as 127.0.0.1:8080, not `8080`"
        );
        assert_eq!(
            refused("server.public_url", "pdf.example.com"),
            "must start with `http://` or `https://`, not `pdf.example.com`"
        );
        assert_eq!(refused("log.format", "xml"), "must be `json` or `text`, not `xml`");
    }
}
