//! The world of a measurement: some fonts, no assets, a fixed time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery_render::fonts::FontSet;
use chancery_render::{Assets, World};

use crate::failure::Failure;

/// The time that all documents say they were made; any fixed time will do.
const NOW_MS: i64 = 1_795_305_600_000;

/// Fonts from files.
pub(crate) struct BenchWorld {
    fonts: FontSet,
}

impl BenchWorld {
    /// Reads font files.
    ///
    /// # Errors
    /// A file cannot be read or is no font.
    pub(crate) fn read(paths: &[&Path]) -> Result<Self, Failure> {
        let mut builder = FontSet::builder();
        for path in paths {
            let bytes = std::fs::read(path).map_err(|source| Failure::File { path: path.to_path_buf(), source })?;
            builder
                .add(Arc::from(bytes), 0)
                .map_err(|error| Failure::Content { path: path.to_path_buf(), reason: error.to_string() })?;
        }
        Ok(Self { fonts: builder.build() })
    }

    /// Reads all font files of a folder.
    ///
    /// # Errors
    /// The folder or a file cannot be read, or a file is no font.
    pub(crate) fn read_folder(folder: &Path) -> Result<Self, Failure> {
        let entries = std::fs::read_dir(folder).map_err(|source| Failure::File { path: folder.to_owned(), source })?;
        let is_font =
            |path: &PathBuf| path.extension().is_some_and(|extension| extension == "ttf" || extension == "otf");
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_font).collect();
        paths.sort();
        Self::read(&paths.iter().map(PathBuf::as_path).collect::<Vec<_>>())
    }
}

impl World for BenchWorld {
    fn fonts(&self) -> &FontSet {
        &self.fonts
    }

    fn assets(&self) -> &dyn Assets {
        &()
    }

    fn now_ms(&self) -> i64 {
        NOW_MS
    }
}
