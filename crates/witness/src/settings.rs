//! The file that lists the places: TOML, one table `[[place]]` each; secrets stay in files of their own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chancery_ledger::PublicKey;
use serde::Deserialize;

use crate::WitnessError;
use crate::places::bucket::BucketSettings;
use crate::places::{Bucket, Configured, FilePlace, Place, Syslog, WebAddress, Witness};

/// Places of one installation; each is a task with a connection.
const PLACE_COUNT_MAX: usize = 100;
/// Bytes of the list and of a file with a key or a secret.
const FILE_BYTES_MAX: u64 = 1_000_000;
/// Seconds that a place has to keep a checkpoint when nothing else is said.
const TIMEOUT_S: u64 = 30;
/// Seconds between two checkpoints in a bucket when nothing else is said: a hundred thousand objects a year.
const BUCKET_INTERVAL_S: u64 = 300;
/// Days for which a bucket must not delete a checkpoint when nothing else is said.
const RETAIN_DAYS: u32 = 400;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    #[serde(default)]
    place: Vec<PlaceSettings>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceSettings {
    name: String,
    interval_s: Option<u64>,
    timeout_s: Option<u64>,
    file: Option<PathBuf>,
    bucket: Option<BucketTable>,
    witness: Option<WitnessTable>,
    web: Option<WebTable>,
    syslog: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BucketTable {
    endpoint: String,
    #[serde(default = "default_region")]
    region: String,
    bucket: String,
    #[serde(default)]
    prefix: String,
    access_key_id: String,
    secret_key_file: PathBuf,
    #[serde(default = "default_retain_days")]
    retain_days: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WitnessTable {
    url: String,
    key_file: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebTable {
    url: String,
    token_file: Option<PathBuf>,
}

fn default_region() -> String {
    "us-east-1".to_owned()
}

const fn default_retain_days() -> u32 {
    RETAIN_DAYS
}

/// Reads the list of places.
///
/// # Errors
/// The file or one that it names cannot be read, or says something that cannot be.
pub fn read_places(path: &Path) -> Result<Vec<Configured>, WitnessError> {
    let text = small_file(path)?;
    let listed: Listed = toml::from_str(&text).map_err(|error| WitnessError::content(path, error))?;
    if listed.place.len() > PLACE_COUNT_MAX {
        return Err(WitnessError::content(path, format!("it lists more than {PLACE_COUNT_MAX} places")));
    }
    let mut names = BTreeSet::new();
    let mut places = Vec::with_capacity(listed.place.len());
    for settings in listed.place {
        let name = settings.name.clone();
        let is_name = (1..=64).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if !is_name || !names.insert(name.clone()) {
            let reason = format!("the name `{name}` must be 1 to 64 letters, digits, `-` and `_`, and given once");
            return Err(WitnessError::content(path, reason));
        }
        places.push(configured(path, settings)?);
    }
    Ok(places)
}

fn configured(path: &Path, settings: PlaceSettings) -> Result<Configured, WitnessError> {
    let PlaceSettings { name, interval_s, timeout_s, file, bucket, witness, web, syslog } = settings;
    let wrong = |reason: String| WitnessError::content(path, format!("place `{name}`: {reason}"));
    let is_bucket = bucket.is_some();
    let mut found: Vec<Box<dyn Place>> = Vec::new();
    if let Some(file) = file {
        found.push(Box::new(FilePlace::new(file)));
    }
    if let Some(table) = bucket {
        let settings = BucketSettings {
            endpoint: table.endpoint,
            region: table.region,
            bucket: table.bucket,
            prefix: table.prefix,
            access_key_id: table.access_key_id,
            secret_access_key: small_file(&table.secret_key_file)?.trim_end().to_owned(),
            retain_days: table.retain_days,
        };
        found.push(Box::new(Bucket::new(settings).map_err(&wrong)?));
    }
    if let Some(table) = witness {
        let key = PublicKey::parse(small_file(&table.key_file)?.trim_end());
        let key = key.map_err(|error| WitnessError::content(&table.key_file, error))?;
        found.push(Box::new(Witness::new(&table.url, key).map_err(&wrong)?));
    }
    if let Some(table) = web {
        let token = table.token_file.as_deref().map(small_file).transpose()?;
        let token = token.as_deref().map(str::trim_end);
        found.push(Box::new(WebAddress::new(&table.url, token).map_err(&wrong)?));
    }
    if let Some(address) = syslog {
        found.push(Box::new(Syslog::new(&address).map_err(&wrong)?));
    }
    let (Some(place), true) = (found.pop(), found.is_empty()) else {
        return Err(wrong("it must be one of `file`, `bucket`, `witness`, `web` and `syslog`".to_owned()));
    };
    let timeout_s = timeout_s.unwrap_or(TIMEOUT_S);
    if !(1..=600).contains(&timeout_s) {
        return Err(wrong("`timeout_s` must be 1 to 600".to_owned()));
    }
    let interval_s = interval_s.unwrap_or(if is_bucket { BUCKET_INTERVAL_S } else { 0 });
    let (interval, timeout) = (Duration::from_secs(interval_s), Duration::from_secs(timeout_s));
    Ok(Configured { name, interval, timeout, place })
}

fn small_file(path: &Path) -> Result<String, WitnessError> {
    if fs::metadata(path).map_err(WitnessError::file("read", path))?.len() > FILE_BYTES_MAX {
        return Err(WitnessError::content(path, "it is too large to be what it should be"));
    }
    fs::read_to_string(path).map_err(WitnessError::file("read", path))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn read(text: &str) -> Result<Vec<(String, &'static str, u64)>, String> {
        let folder = tempfile::tempdir().unwrap();
        let key = chancery_ledger::SigningKey::witness("w", &[1; 32]).unwrap().public().to_text();
        fs::write(folder.path().join("key"), key + "\n").unwrap();
        fs::write(folder.path().join("secret"), "s3cret\n").unwrap();
        let path = folder.path().join("places.toml");
        fs::write(&path, text.replace("IN", &folder.path().display().to_string())).unwrap();
        let places = read_places(&path).map_err(|error| error.to_string())?;
        Ok(places.into_iter().map(|it| (it.name, it.place.kind(), it.interval.as_secs())).collect())
    }

    #[test]
    fn any_number_of_places_of_all_kinds_is_read() {
        let places = read(
            "[[place]]\nname = \"a\"\nfile = \"IN/x\"\n\
             [[place]]\nname = \"b\"\nbucket = { endpoint = \"https://s3.example.com\", bucket = \"c\", access_key_id = \"i\", secret_key_file = \"IN/secret\" }\n\
             [[place]]\nname = \"c\"\nwitness = { url = \"https://w.example.com\", key_file = \"IN/key\" }\n\
             [[place]]\nname = \"d\"\nweb = { url = \"https://sink.example.com/x\", token_file = \"IN/secret\" }\n\
             [[place]]\nname = \"e\"\ninterval_s = 60\nsyslog = \"udp:127.0.0.1:514\"\n\
             [[place]]\nname = \"f\"\nfile = \"IN/y\"\n",
        )
        .unwrap();
        let told: Vec<_> = places.iter().map(|(name, kind, interval)| (name.as_str(), *kind, *interval)).collect();
        assert_eq!(
            told,
            [
                ("a", "file", 0),
                ("b", "bucket", 300),
                ("c", "witness", 0),
                ("d", "web", 0),
                ("e", "syslog", 60),
                ("f", "file", 0)
            ]
        );
        assert_eq!(read("").unwrap(), []);
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_reason() {
        for (text, reason) in [
            ("[[place]]\nname = \"a\"", "must be one of"),
            ("[[place]]\nname = \"a\"\nfile = \"x\"\nsyslog = \"udp:h:1\"", "must be one of"),
            ("[[place]]\nname = \"a b\"\nfile = \"x\"", "the name `a b`"),
            ("[[place]]\nname = \"a\"\nfile = \"x\"\n[[place]]\nname = \"a\"\nfile = \"y\"", "given once"),
            ("[[place]]\nname = \"a\"\nfile = \"x\"\ntimeout_s = 0", "`timeout_s`"),
            ("[[place]]\nname = \"a\"\nfiles = \"x\"", "unknown field"),
            ("[[place]]\nname = \"a\"\nsyslog = \"here\"", "udp:HOST:PORT"),
            ("[[place]]\nname = \"a\"\nweb = { url = \"http://example.com\" }", "needs `https://`"),
            ("[[place]]\nname = \"a\"\nwitness = { url = \"https://w\", key_file = \"IN/secret\" }", "public key"),
            ("[[place]]\nname = \"a\"\nweb = { url = \"https://w\", token_file = \"IN/none\" }", "cannot read"),
        ] {
            let refused = read(text).unwrap_err();
            assert!(refused.contains(reason), "{text}: {refused}");
        }
    }
}
