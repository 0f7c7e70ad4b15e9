//! Fonts for tests, from the folder named by `CHANCERY_FONTS`.
#![expect(clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Face, FontSet};

/// The bytes of the font file with this stem, such as `Inter_400Regular`, anywhere below the folder.
pub(crate) fn bytes(stem: &str) -> Arc<[u8]> {
    let root = std::env::var_os("CHANCERY_FONTS")
        .expect("CHANCERY_FONTS must name a folder with the test fonts: run `make fonts`, then `make test`");
    let path = find(Path::new(&root), stem)
        .unwrap_or_else(|| panic!("no {stem}.ttf or {stem}.otf below CHANCERY_FONTS: run `make fonts`"));
    std::fs::read(path).expect("the font file can be read").into()
}

/// The parsed face of a font file.
pub(crate) fn face(stem: &str) -> Arc<Face> {
    Arc::new(Face::parse(bytes(stem), 0).expect("the test font is a font"))
}

/// A set of the named font files, in this order.
pub(crate) fn set(stems: &[&str]) -> FontSet {
    let mut builder = FontSet::builder();
    for stem in stems {
        builder.add_face(face(stem));
    }
    builder.build()
}

fn find(folder: &Path, stem: &str) -> Option<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let is_font = |path: &PathBuf| {
        path.file_stem().is_some_and(|name| name == stem)
            && path.extension().is_some_and(|extension| extension == "ttf" || extension == "otf")
    };
    if let Some(path) = entries.iter().find(|path| is_font(path)) {
        return Some(path.clone());
    }
    entries.iter().filter(|path| path.is_dir()).find_map(|path| find(path, stem))
}
