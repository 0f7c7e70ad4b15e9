//! Reads a folder of fonts, recursively and in sorted order, so that the same folder gives the same fallbacks.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery_render::fonts::FontSet;

/// Bytes of one font file; the largest in use, with all of Chinese, has 20 MB.
const FILE_SIZE_BYTES_MAX: u64 = 64_000_000;

/// Bytes of all font files: they stay in memory.
const TOTAL_SIZE_BYTES_MAX: u64 = 2_000_000_000;

/// Font files of one folder; more is the wrong folder.
const FILE_COUNT_MAX: usize = 10_000;

/// Levels of folders; deeper is a loop of links.
const DEPTH_MAX: u32 = 16;

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontsError {
    /// A folder or file that cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Too much of something.
    #[error("{}: {problem}", path.display())]
    Limit {
        /// Where.
        path: PathBuf,
        /// Which limit.
        problem: &'static str,
    },
}

/// The fonts of a folder, and what was left out.
#[derive(Debug)]
pub struct LoadedFonts {
    /// The fonts.
    pub set: FontSet,
    /// Files that are no usable fonts, each with the reason; a broken file must not keep the others away.
    pub rejected: Vec<(PathBuf, String)>,
}

/// Reads all `.ttf` and `.otf` files of a folder and the folders in it.
///
/// # Errors
/// [`FontsError`] when something cannot be read, or is too much.
pub fn load(folder: &Path) -> Result<LoadedFonts, FontsError> {
    let mut paths = Vec::new();
    collect(folder, 0, &mut paths)?;
    let mut builder = FontSet::builder();
    let mut rejected = Vec::new();
    let mut total = 0_u64;
    for path in paths {
        let read = |source| FontsError::Read { path: path.clone(), source };
        let size = fs::metadata(&path).map_err(read)?.len();
        total = total.saturating_add(size);
        if size > FILE_SIZE_BYTES_MAX {
            return Err(FontsError::Limit { path, problem: "the font file is larger than 64 MB" });
        }
        if total > TOTAL_SIZE_BYTES_MAX {
            return Err(FontsError::Limit { path, problem: "the fonts are larger than 2 GB together" });
        }
        let bytes: Arc<[u8]> = fs::read(&path).map_err(read)?.into();
        if let Err(error) = builder.add(bytes, 0) {
            rejected.push((path, error.to_string()));
        }
    }
    Ok(LoadedFonts { set: builder.build(), rejected })
}

fn collect(folder: &Path, depth: u32, into: &mut Vec<PathBuf>) -> Result<(), FontsError> {
    let read = |source| FontsError::Read { path: folder.to_owned(), source };
    if depth > DEPTH_MAX {
        return Err(FontsError::Limit { path: folder.to_owned(), problem: "folders are nested too deep" });
    }
    let mut entries = fs::read_dir(folder)
        .map_err(read)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(read)?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, depth + 1, into)?;
        } else if is_font(&path) {
            if into.len() >= FILE_COUNT_MAX {
                return Err(FontsError::Limit { path, problem: "there are more than 10,000 font files" });
            }
            into.push(path);
        }
    }
    Ok(())
}

fn is_font(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("ttf") || extension.eq_ignore_ascii_case("otf"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn files_are_found_in_all_folders_in_sorted_order_and_broken_ones_are_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("b/c")).unwrap();
        for name in ["z.TTF", "b/c/x.otf", "a.ttf", "b/readme.txt"] {
            fs::write(folder.path().join(name), b"not a font").unwrap();
        }
        let loaded = load(folder.path()).unwrap();
        let names: Vec<_> = loaded
            .rejected
            .iter()
            .map(|(path, _)| path.strip_prefix(folder.path()).unwrap().to_str().unwrap())
            .collect();
        assert_eq!(names, ["a.ttf", "b/c/x.otf", "z.TTF"]);
        assert_eq!(loaded.set.faces().len(), 0);
    }

    #[test]
    fn a_folder_that_does_not_exist_is_an_error_with_its_name() {
        let error = load(Path::new("/nowhere/fonts")).unwrap_err();
        assert_eq!(error.to_string(), "cannot read /nowhere/fonts");
    }
}
