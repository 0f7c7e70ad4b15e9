//! `receipt verify`: checks a receipt of what was destroyed, without a database.

use std::path::{Path, PathBuf};

use chancery_ledger::{LedgerError, Note, PublicKey, open_receipt};
use chancery_service::receipts::root;
use serde_json::Value as Json;

use super::destruction;
use super::witness::public_key;
use crate::error::CommandError;
use crate::{inputs, output};

/// Verifies with whichever of the keys signed it, and prints what was destroyed; `id` must be covered when it is given.
pub(crate) fn verify(path: &Path, keys: &[PathBuf], id: Option<&str>) -> Result<(), CommandError> {
    let wrong =
        |problem: String| CommandError::input(format!("the receipt {} is not right: {problem}", path.display()));
    let keys = keys.iter().map(|key| public_key(key)).collect::<Result<Vec<_>, _>>()?;
    let content = inputs::text(path)?;
    // The receipt of a destruction is JSON with the signed texts in it, the one of a purge a signed text with JSON in it.
    if content.trim_start().starts_with('{') {
        return destruction::verify(&content, &keys, id).map_err(wrong);
    }
    let note = Note::parse(&content).map_err(|error| wrong(error.to_string()))?;
    let json = with_any(&keys, |key| open_receipt(&note, key)).map_err(wrong)?;
    let receipt: Json = serde_json::from_str(json).map_err(|error| wrong(error.to_string()))?;
    let text = |pointer: &str| match receipt.pointer(pointer) {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Null) | None => "-".to_owned(),
        Some(other) => other.to_string(),
    };
    for (name, pointer) in [
        ("workspace", "/facts/workspace"),
        ("run", "/facts/run"),
        ("cause", "/facts/cause"),
        ("begun", "/facts/started_at"),
        ("ended", "/facts/finished_at"),
        ("held", "/facts/held"),
        ("event", "/ledger/event"),
        ("number", "/ledger/number"),
    ] {
        output::line(&format!("{name}\t{}", text(pointer)))?;
    }
    let parts = receipt.pointer("/facts/destroyed").and_then(Json::as_array);
    let mut is_covered = false;
    for part in parts.ok_or_else(|| wrong("it does not say what was destroyed".to_owned()))? {
        for (list, expected, count) in [("ids", "ids_root", "count"), ("keys", "keys_root", "key_count")] {
            let Some(listed) = part.get(list).and_then(Json::as_array) else { continue };
            let listed: Vec<&str> = listed.iter().filter_map(Json::as_str).collect();
            let is_whole = part.get(count).and_then(Json::as_u64) == u64::try_from(listed.len()).ok();
            let found = root(listed.iter().map(|id| (*id).to_owned())).to_string();
            if !is_whole || part.get(expected).and_then(Json::as_str) != Some(&found) {
                return Err(wrong(format!("its list of {list} is not the one that its root stands for")));
            }
            is_covered |= id.is_some_and(|id| listed.contains(&id));
        }
        let field = |name: &str| part.get(name).map(|value| value.to_string().trim_matches('"').to_owned());
        let fields = ["kind", "class", "count", "bytes", "key_count"].map(|name| field(name).unwrap_or_default());
        output::line(&format!("destroyed\t{}", fields.join("\t")))?;
    }
    match id {
        Some(id) if !is_covered => Err(wrong(format!("it does not list {id}"))),
        _ => Ok(()),
    }
}

/// Tries each key; when none fits, says why the first one does not.
pub(super) fn with_any<T>(
    keys: &[PublicKey],
    verify: impl Fn(&PublicKey) -> Result<T, LedgerError>,
) -> Result<T, String> {
    let mut refused = None;
    for key in keys {
        match verify(key) {
            Ok(verified) => return Ok(verified),
            Err(error) => refused = refused.or_else(|| Some(error.to_string())),
        }
    }
    Err(refused.unwrap_or_else(|| "no key was given".to_owned()))
}
