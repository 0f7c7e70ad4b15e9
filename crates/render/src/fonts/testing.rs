//! Fonts for tests, from the folder named by `CHANCERY_FONTS`.
#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

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

/// Where a table of a font file is.
pub(crate) fn table(bytes: &[u8], tag: [u8; 4]) -> Option<std::ops::Range<usize>> {
    tables(bytes).into_iter().find(|(known, _)| *known == tag).map(|(_, range)| range)
}

/// A font file with more tables, and without some that it had.
pub(crate) fn with_tables(bytes: &[u8], more: &[([u8; 4], Vec<u8>)], without: &[[u8; 4]]) -> Arc<[u8]> {
    let kept = tables(bytes).into_iter().filter(|(tag, _)| !without.contains(tag));
    let mut all: Vec<([u8; 4], Vec<u8>)> = kept.map(|(tag, range)| (tag, bytes[range].to_vec())).collect();
    all.extend_from_slice(more);
    all.sort();
    let count = u16::try_from(all.len()).expect("a font has few tables");
    let mut out = [&[0, 1, 0, 0], &count.to_be_bytes()[..], &[0; 6]].concat();
    let mut offset = 12 + 16 * all.len();
    for (tag, data) in &all {
        out.extend_from_slice(tag);
        for number in [0, offset, data.len()] {
            out.extend_from_slice(&u32::try_from(number).expect("a font is small").to_be_bytes());
        }
        offset += data.len().next_multiple_of(4);
    }
    for (_, data) in &all {
        out.extend_from_slice(data);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out.into()
}

fn tables(bytes: &[u8]) -> Vec<([u8; 4], std::ops::Range<usize>)> {
    let number = |place: usize| u32::from_be_bytes(bytes[place..place + 4].try_into().expect("four bytes")) as usize;
    let count = usize::from(u16::from_be_bytes([bytes[4], bytes[5]]));
    let records = (0..count).map(|record| 12 + 16 * record);
    let range = |record: usize| number(record + 8)..number(record + 8) + number(record + 12);
    records.map(|record| (bytes[record..record + 4].try_into().expect("four bytes"), range(record))).collect()
}
