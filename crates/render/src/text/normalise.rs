//! Cleaning of text before layout: one kind of line end, no control characters.

/// Appends a text so that line feeds are its only control characters: all other line ends become line feeds, tabs
/// four spaces, and the rest is dropped.
pub(super) fn push_normalised(out: &mut String, text: &str) {
    if text.bytes().all(is_plain) {
        out.push_str(text);
        return;
    }
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                characters.next_if_eq(&'\n');
                out.push('\n');
            }
            '\n' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push_str("    "),
            '\u{FEFF}' => {}
            character if character.is_control() => {}
            character => out.push(character),
        }
    }
}

/// Whether a byte can neither be a control character nor begin one (C2 85, E2 80 A8, EF BB BF).
fn is_plain(byte: u8) -> bool {
    (byte >= 0x20 && byte != 0x7F && !matches!(byte, 0xC2 | 0xE2 | 0xEF)) || byte == b'\n'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(text: &str) -> String {
        let mut out = String::new();
        push_normalised(&mut out, text);
        out
    }

    #[test]
    fn all_line_ends_become_line_feeds_and_controls_vanish() {
        assert_eq!(normalised("a\r\nb\rc\u{2028}d\u{85}e\nf"), "a\nb\nc\nd\ne\nf");
        assert_eq!(normalised("a\tb\u{0}\u{7F}\u{9F}\u{FEFF}c"), "a    bc");
        assert_eq!(normalised("“€ 5” ü"), "“€ 5” ü");
    }
}
