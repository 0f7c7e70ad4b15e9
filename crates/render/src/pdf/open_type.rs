//! Takes out of an OpenType file what a PDF needs of it (ISO 32000-1, 9.9).

use skrifa::raw::TableProvider;

use crate::fonts::Face;

/// The tables that a TrueType program in a PDF has. Names and glyph names are of no use there.
const TABLES: [&[u8; 4]; 9] = [b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"prep"];

/// Bytes of the file's head and of one table record.
const HEAD_LENGTH: usize = 12;
const RECORD_LENGTH: usize = 16;

/// The bare CFF table and true, or the file with only the tables of TrueType and false. Nothing when the bytes are no
/// OpenType file.
pub(super) fn embeddable(file: &[u8]) -> Option<(bool, Vec<u8>)> {
    let tables = read(file)?;
    if let Some((_, _, data)) = tables.iter().find(|(tag, _, _)| tag == b"CFF ") {
        return Some((true, data.to_vec()));
    }
    let kept: Vec<_> = tables.into_iter().filter(|(tag, _, _)| TABLES.contains(&tag)).collect();
    Some((false, write(&kept)?))
}

/// The number of glyphs of a TrueType file (OpenType, `maxp`).
pub(super) fn glyph_count(file: &[u8]) -> Option<u16> {
    let tables = read(file)?;
    let (_, _, data) = tables.iter().find(|(tag, _, _)| tag == b"maxp")?;
    Some(u16::from_be_bytes(*data.get(4..6)?.first_chunk()?))
}

/// A glyph of one contour without area: some readers take a font without any outline for one of bitmaps.
const DOT: [u8; 18] = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0x31, 0x31, 0x31, 0];

/// A TrueType file with the widths of a face whose glyphs have no outlines, all of them blank: those glyphs are seen as
/// pictures, but text needs a font.
pub(super) fn blank(face: &Face) -> Option<Vec<u8>> {
    let font = face.font_ref()?;
    let count = u16::try_from(face.glyph_count()).ok()?;
    let mut head = font.head().ok()?.offset_data().as_bytes().to_vec();
    // Places of glyphs are in units of two bytes.
    head.get_mut(50..52)?.fill(0);
    let mut maxp = vec![0, 1, 0, 0];
    maxp.extend_from_slice(&count.to_be_bytes());
    maxp.resize(32, 0);
    let mut loca = vec![0; 2];
    loca.extend(std::iter::repeat_n([0, 9], usize::from(count)).flatten());
    let mut hhea = font.hhea().ok()?.offset_data().as_bytes().get(..36)?.to_vec();
    hhea.get_mut(34..36)?.copy_from_slice(&count.to_be_bytes());
    let hmtx: Vec<u8> = face.advances().iter().flat_map(|advance| [advance.to_be_bytes(), [0; 2]].concat()).collect();
    let tables =
        [(b"glyf", &DOT[..]), (b"head", &head), (b"hhea", &hhea), (b"hmtx", &hmtx), (b"loca", &loca), (b"maxp", &maxp)];
    write(&tables.map(|(tag, data)| (*tag, [0; 4], data)))
}

type Table<'a> = ([u8; 4], [u8; 4], &'a [u8]);

/// All tables: tag, checksum, data.
fn read(file: &[u8]) -> Option<Vec<Table<'_>>> {
    let (head, rest) = file.split_at_checked(HEAD_LENGTH)?;
    let count = usize::from(u16::from_be_bytes(*head.get(4..6)?.first_chunk()?));
    let (records, _) = rest.as_chunks::<RECORD_LENGTH>();
    let records = records.get(..count)?;
    records
        .iter()
        .map(|record| {
            let number = |place: usize| -> Option<usize> {
                usize::try_from(u32::from_be_bytes(*record.get(place..)?.first_chunk()?)).ok()
            };
            let (offset, length) = (number(8)?, number(12)?);
            let data = file.get(offset..offset.checked_add(length)?)?;
            Some((*record.first_chunk()?, *record.get(4..)?.first_chunk()?, data))
        })
        .collect()
}

fn write(tables: &[Table<'_>]) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let power = count.checked_ilog2()?;
    let range = (1_u16 << power) * 16;
    let mut out = vec![0, 1, 0, 0];
    for value in [count, range, u16::try_from(power).ok()?, count * 16 - range] {
        out.extend_from_slice(&value.to_be_bytes());
    }
    let mut offset = HEAD_LENGTH + RECORD_LENGTH * tables.len();
    let mut head_offset = None;
    for (tag, checksum, data) in tables {
        if tag == b"head" {
            head_offset = Some(offset);
        }
        out.extend_from_slice(tag);
        out.extend_from_slice(checksum);
        out.extend_from_slice(&u32::try_from(offset).ok()?.to_be_bytes());
        out.extend_from_slice(&u32::try_from(data.len()).ok()?.to_be_bytes());
        offset += data.len().next_multiple_of(4);
    }
    for (_, _, data) in tables {
        out.extend_from_slice(data);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    // The sum of the whole file, this field taken as 0, and the field make a constant (OpenType, `head`).
    let field = head_offset? + 8;
    out.get_mut(field..)?.first_chunk_mut::<4>()?.fill(0);
    let (words, _) = out.as_chunks::<4>();
    let sum = words.iter().fold(0_u32, |sum, word| sum.wrapping_add(u32::from_be_bytes(*word)));
    *out.get_mut(field..)?.first_chunk_mut::<4>()? = 0xB1B0_AFBA_u32.wrapping_sub(sum).to_be_bytes();
    Some(out)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::{embeddable, read};
    use crate::fonts::testing::bytes;

    #[test]
    fn only_the_tables_that_a_pdf_needs_are_left_and_the_sum_of_the_file_is_right() {
        let font = bytes("Inter_400Regular");
        let (compact, program) = embeddable(&font).unwrap();
        assert!(!compact && program.len() < font.len());
        let tags: Vec<[u8; 4]> = read(&program).unwrap().iter().map(|table| table.0).collect();
        assert!(tags.contains(b"glyf") && tags.contains(b"hmtx") && !tags.contains(b"name") && !tags.contains(b"GPOS"));
        let sum =
            program.chunks(4).fold(0_u32, |sum, word| sum.wrapping_add(u32::from_be_bytes(word.try_into().unwrap())));
        assert_eq!(sum, 0xB1B0_AFBA);
    }

    #[test]
    fn truncated_files_are_nothing_and_never_panic() {
        let font = bytes("Inter_400Regular");
        for length in (0..400).chain([font.len() / 2]) {
            assert!(embeddable(&font[..length]).is_none(), "{length} bytes");
        }
    }
}
