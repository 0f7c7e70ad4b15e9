//! Which face stands in best for another one: the same region of East Asia first, then the same kind of letters.

use skrifa::raw::TableProvider;

use super::{Face, FontSet};

/// Kinds of letters, as far as they matter for standing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Letters {
    Sans,
    Serif,
    Monospaced,
}

/// Code pages of East Asia that a font says it is made for (OpenType, `OS/2`, `ulCodePageRange1`).
const JAPANESE: u32 = 1 << 17;
const CHINESE_SIMPLIFIED: u32 = 1 << 18;
const KOREAN: u32 = 1 << 19 | 1 << 21;
const CHINESE_TRADITIONAL: u32 = 1 << 20;
const EAST_ASIAN: u32 = JAPANESE | CHINESE_SIMPLIFIED | KOREAN | CHINESE_TRADITIONAL;

impl FontSet {
    /// The nearest face of every family, in the order in which they are asked for a character that `primary` does not
    /// have, in a text of this language (BCP 47). One Han character looks different in Japan, Korea and China, so
    /// fonts of the text's own region come first; among others those with the same kind of letters; else the order is
    /// that in which they were added. Fonts of emoji have digits and marks, too, and come last.
    pub(crate) fn fallbacks_of<'s>(
        &'s self,
        primary: &Face,
        language: &str,
        weight: u16,
        italic: bool,
    ) -> Vec<&'s std::sync::Arc<Face>> {
        let region = region(language);
        let letters = letters(primary);
        let mut faces: Vec<_> = self.fallbacks(weight, italic).collect();
        // Asked once for each face, since it reads tables of the font; the sort keeps the order of equals.
        faces.sort_by_cached_key(|face| {
            (
                face.is_colored(),
                is_foreign(face, region),
                self::letters(face) != letters,
                self::letters(face) == Letters::Monospaced,
            )
        });
        faces
    }
}

/// The code pages of the region that a text shows by its own letters: Kana are Japanese, Hangul is Korean; Han alone may
/// be of any.
pub(crate) fn region_of_text(text: &str) -> u32 {
    let mut region = 0;
    for character in text.chars() {
        match character {
            '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' => return JAPANESE,
            '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7A3}' => region = KOREAN,
            _ => {}
        }
    }
    region
}

/// Whether a face is made for East Asia, but not for this region of it.
pub(crate) fn is_foreign(face: &Face, region: u32) -> bool {
    if region == 0 {
        return false;
    }
    let regions = regions(face);
    regions != 0 && regions & region == 0
}

/// The code pages of a language; none outside of East Asia.
fn region(language: &str) -> u32 {
    let mut parts = language.split(['-', '_']).map(str::to_ascii_lowercase);
    match parts.next().as_deref() {
        Some("ja") => JAPANESE,
        Some("ko") => KOREAN,
        Some("zh") => {
            let is_traditional = parts.any(|part| matches!(part.as_str(), "hant" | "tw" | "hk" | "mo"));
            if is_traditional { CHINESE_TRADITIONAL } else { CHINESE_SIMPLIFIED }
        }
        _ => 0,
    }
}

/// The code pages of East Asia that a face is made for. A name says it more exactly than the table: many fonts claim
/// all regions.
fn regions(face: &Face) -> u32 {
    let suffix = face.family().rsplit(' ').next().unwrap_or_default();
    match suffix {
        "JP" => return JAPANESE,
        "KR" => return KOREAN,
        "SC" => return CHINESE_SIMPLIFIED,
        "TC" | "HK" => return CHINESE_TRADITIONAL,
        _ => {}
    }
    let table = face.font_ref().and_then(|font| font.os2().ok()?.ul_code_page_range_1());
    table.unwrap_or(0) & EAST_ASIAN
}

fn letters(face: &Face) -> Letters {
    let name = face.family().to_lowercase();
    if face.metrics().monospace {
        return Letters::Monospaced;
    }
    if name.contains("sans") {
        return Letters::Sans;
    }
    if ["serif", "naskh", "mincho", "song", "ming", "myungjo", "batang"].iter().any(|word| name.contains(word)) {
        return Letters::Serif;
    }
    // PANOSE of Latin text: kinds 2 to 10 of serifs have them, 11 to 15 are without.
    let panose = face.font_ref().and_then(|font| font.os2().ok().map(|table| table.panose_10().to_vec()));
    match panose.as_deref() {
        Some([2, 2..=10, ..]) => Letters::Serif,
        _ => Letters::Sans,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::testing;

    fn order(primary: &str, language: &str, stems: &[&str]) -> Vec<String> {
        let set = testing::set(stems);
        let primary = testing::face(primary);
        let faces = set.fallbacks_of(&primary, language, 400, false);
        faces.iter().map(|face| face.family().to_owned()).collect()
    }

    #[test]
    fn the_same_kind_of_letters_comes_first_and_monospaced_last() {
        let stems = [
            "JetBrainsMono_400Regular",
            "NotoNaskhArabic_400Regular",
            "SourceSerif4_400Regular",
            "NotoSansArabic_400Regular",
        ];
        assert_eq!(
            order("Inter_400Regular", "en", &stems),
            ["Noto Sans Arabic", "Noto Naskh Arabic", "Source Serif 4", "JetBrains Mono"]
        );
        assert_eq!(
            order("SourceSerif4_400Regular", "en", &stems),
            ["Noto Naskh Arabic", "Source Serif 4", "Noto Sans Arabic", "JetBrains Mono"]
        );
    }

    #[test]
    fn letters_tell_the_region() {
        assert_eq!(region_of_text("「合計」です"), JAPANESE);
        assert_eq!(region_of_text("合計 감사합니다"), KOREAN);
        assert_eq!(region_of_text("合計 Total"), 0);
        let (jp, inter) = (testing::face("NotoSansJP_400Regular"), testing::face("Inter_400Regular"));
        assert!(is_foreign(&jp, KOREAN) && !is_foreign(&jp, JAPANESE) && !is_foreign(&inter, KOREAN));
    }

    #[test]
    fn regions_follow_the_language() {
        assert_eq!(region("ja-JP"), JAPANESE);
        assert_eq!(region("zh-Hant-TW"), CHINESE_TRADITIONAL);
        assert_eq!(region("zh-CN"), CHINESE_SIMPLIFIED);
        assert_eq!(region("de-DE"), 0);
        let jp = testing::face("NotoSansJP_400Regular");
        assert_eq!(regions(&jp), JAPANESE);
    }
}
