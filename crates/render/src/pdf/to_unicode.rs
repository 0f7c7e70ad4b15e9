//! Character maps from codes back to text (ISO 32000-1, 9.10.3).

use super::number::{push_hexadecimal, push_unsigned};

/// Entries in one block; more is not allowed.
const BLOCK_ENTRY_COUNT_MAX: usize = 100;

/// What the dots and marks of a letter map to, whose base stands for the whole letter: a character that is not seen,
/// and parts no word.
const SILENT: &str = "\u{200D}";

/// Writes the character map of a font whose code `n` stands for `texts[n]`. Code 0 is the missing glyph.
pub(super) fn character_map(texts: &[String]) -> Vec<u8> {
    let mut out = Vec::with_capacity(300 + 16 * texts.len());
    out.extend_from_slice(
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n\
          /CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n\
          /CMapName/Adobe-Identity-UCS def/CMapType 2 def\n\
          1 begincodespacerange<0000><FFFF>endcodespacerange\n",
    );
    let mut entries: Vec<(u16, &str)> = (0_u16..).zip(texts.iter().map(String::as_str)).collect();
    // A missing glyph that nobody uses needs no entry.
    entries.retain(|&(code, text)| code != 0 || !text.is_empty());
    for block in entries.chunks(BLOCK_ENTRY_COUNT_MAX) {
        push_unsigned(&mut out, block.len() as u64);
        out.extend_from_slice(b" beginbfchar\n");
        for &(code, text) in block {
            out.push(b'<');
            for byte in code.to_be_bytes() {
                push_hexadecimal(&mut out, byte);
            }
            out.extend_from_slice(b"><");
            let text = if text.is_empty() { SILENT } else { text };
            for unit in text.encode_utf16() {
                for byte in unit.to_be_bytes() {
                    push_hexadecimal(&mut out, byte);
                }
            }
            out.extend_from_slice(b">\n");
        }
        out.extend_from_slice(b"endbfchar\n");
    }
    out.extend_from_slice(b"endcmap CMapName currentdict/CMap defineresource pop end end\n");
    out
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::character_map;

    fn map(texts: &[&str]) -> String {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        String::from_utf8(character_map(&texts)).unwrap()
    }

    #[test]
    fn ligatures_and_characters_beyond_the_basic_plane_are_told_in_full() {
        let map = map(&["", "A", "ffi", "😀"]);
        assert!(
            map.contains("3 beginbfchar\n<0001><0041>\n<0002><006600660069>\n<0003><D83DDE00>\nendbfchar"),
            "{map}"
        );
    }

    #[test]
    fn blocks_have_at_most_a_hundred_entries() {
        let map = map(&["x"; 250]);
        assert_eq!(map.matches("100 beginbfchar").count(), 2);
        assert_eq!(map.matches("50 beginbfchar").count(), 1);
    }

    #[test]
    fn a_part_of_a_letter_maps_to_a_character_that_is_not_seen() {
        assert!(map(&["", ""]).contains("<0001><200D>"));
    }
}
