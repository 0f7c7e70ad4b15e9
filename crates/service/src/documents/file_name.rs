//! The name under which a file is saved by whoever downloads it.

/// Characters of a name at most; file systems stop at 255 bytes.
const LENGTH_MAX: usize = 120;

/// A file name without folders, control characters and what file systems treat specially.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// Makes a file name of a wish; what is left of an impossible wish is `default`.
    #[must_use]
    pub fn new(wish: &str, default: &str) -> Self {
        let last = wish.rsplit(['/', '\\']).next().unwrap_or_default();
        let cleaned: String = last
            .chars()
            .filter(|character| !character.is_control() && !is_invisible(*character))
            .map(|character| if "<>:\"|?*".contains(character) { '_' } else { character })
            .take(LENGTH_MAX)
            .collect();
        let trimmed = cleaned.trim().trim_start_matches('.').trim_end_matches('.').trim();
        Self(if trimmed.is_empty() { default.to_owned() } else { trimmed.to_owned() })
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters that reorder or hide others, with which `cod.exe` can look like `exe.doc`.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::FileName;

    fn name(wish: &str) -> String {
        FileName::new(wish, "output.pdf").as_str().to_owned()
    }

    #[test]
    fn an_ordinary_name_stays_as_it_is() {
        assert_eq!(name("Rechnung 2026-01 Größe.pdf"), "Rechnung 2026-01 Größe.pdf");
    }

    #[test]
    fn folders_control_characters_and_dots_in_front_are_taken_away() {
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name("C:\\x\\y.pdf"), "y.pdf");
        assert_eq!(name(".bashrc"), "bashrc");
        assert_eq!(name("a\r\nb\0.pdf"), "ab.pdf");
        assert_eq!(name("a\u{202E}fdp.exe"), "afdp.exe");
        assert_eq!(name("a?b*c.pdf"), "a_b_c.pdf");
    }

    #[test]
    fn nothing_left_is_the_default() {
        for wish in ["", "/", "...", " ", "x/"] {
            assert_eq!(name(wish), "output.pdf");
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(name(&"é".repeat(10_000)).chars().count(), 120);
    }
}
