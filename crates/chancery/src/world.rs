//! The world of a render on the command line: a folder of fonts, and the files beside the template.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chancery_render::fonts::FontSet;
use chancery_render::{Assets, World};

/// What a render may learn from outside.
pub(crate) struct LocalWorld {
    pub(crate) fonts: FontSet,
    pub(crate) assets: AssetFolder,
    pub(crate) now_ms: i64,
}

impl World for LocalWorld {
    fn fonts(&self) -> &FontSet {
        &self.fonts
    }

    fn assets(&self) -> &dyn Assets {
        &self.assets
    }

    fn now_ms(&self) -> i64 {
        self.now_ms
    }
}

/// Bytes of one asset; the engine's own limit for a picture is the same.
const ASSET_SIZE_BYTES_MAX: u64 = 20_000_000;

/// What a name may leave out.
const EXTENSIONS: [&str; 5] = ["", ".png", ".jpg", ".jpeg", ".svg"];

/// The folder `assets` beside a template. Each file is read once.
pub(crate) struct AssetFolder {
    folder: PathBuf,
    read: Mutex<BTreeMap<String, Option<Arc<[u8]>>>>,
}

impl AssetFolder {
    pub(crate) fn beside(template: &Path) -> Self {
        let folder = template.parent().unwrap_or(Path::new("")).join("assets");
        Self { folder, read: Mutex::default() }
    }

    fn find(&self, name: &str) -> Option<Arc<[u8]>> {
        if !is_plain(name) {
            return None;
        }
        EXTENSIONS.into_iter().find_map(|extension| {
            let path = self.folder.join(format!("{name}{extension}"));
            let metadata = fs::metadata(&path).ok()?;
            if !metadata.is_file() || metadata.len() > ASSET_SIZE_BYTES_MAX {
                return None;
            }
            fs::read(&path).ok().map(Into::into)
        })
    }
}

impl Assets for AssetFolder {
    fn asset(&self, name: &str) -> Option<Arc<[u8]>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.entry(name.to_owned()).or_insert_with(|| self.find(name)).clone()
    }
}

/// Whether a name stays inside of the folder.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0', ':'])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_asset_is_found_with_and_without_its_extension() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("assets")).unwrap();
        fs::write(folder.path().join("assets/logo.svg"), b"<svg/>").unwrap();
        let assets = AssetFolder::beside(&folder.path().join("template.json"));
        assert_eq!(assets.asset("logo").as_deref(), Some(b"<svg/>".as_slice()));
        assert_eq!(assets.asset("logo.svg").as_deref(), Some(b"<svg/>".as_slice()));
        assert_eq!(assets.asset("photo"), None);
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("assets")).unwrap();
        fs::write(folder.path().join("secret.png"), b"secret").unwrap();
        let assets = AssetFolder::beside(&folder.path().join("template.json"));
        let absolute = folder.path().join("secret.png");
        for name in ["../secret", "../secret.png", "x/../../secret", "", ".", "..", absolute.to_str().unwrap()] {
            assert_eq!(assets.asset(name), None, "{name}");
        }
    }
}
