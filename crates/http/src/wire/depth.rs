//! Measures how deep JSON is nested before anything recursive reads it.

/// Whether arrays and objects are nested at most `depth_max` deep. Reads each byte once, without recursion, and says
/// nothing about whether the text is JSON at all.
pub(crate) fn is_within(text: &[u8], depth_max: u32) -> bool {
    let mut depth = 0_u32;
    let mut in_string = false;
    let mut escaped = false;
    for byte in text {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > depth_max {
                    return false;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn the_limit_itself_is_allowed_and_one_more_is_not() {
        assert!(is_within(b"[[1],[2]]", 2));
        assert!(!is_within(b"[[[1]]]", 2));
        assert!(!is_within(&b"[".repeat(100_000), 64));
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        assert!(is_within(br#"{"a":"[[[[\"[[[[\\"}"#, 1));
        assert!(!is_within(br##"{"a":"\\","##.repeat(3).as_slice(), 2));
    }

    #[test]
    fn damaged_text_is_measured_without_harm() {
        assert!(is_within(b"]]]]}}}}", 0));
        assert!(is_within(b"", 0));
        assert!(is_within(b"\"\\", 0));
    }
}
