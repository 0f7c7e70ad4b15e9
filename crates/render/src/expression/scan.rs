//! The scan before the parser: bounds nesting, refuses what has no meaning here, finds the end of `{{ … }}`.
//!
//! The parser is recursive, so that nesting is bounded before it runs. The scan reads tokens only; it refuses function
//! bodies, `++` and words that are an operator in one place and a name in another before a `/`, because without them a
//! regular expression can be told from a division with certainty, and nothing can hide from the count in either.

use super::error::ExpressionError;

/// The largest source of one expression; the longest in real templates have about 1,000 bytes.
pub(super) const SOURCE_SIZE_BYTES_MAX: usize = 10_000;

/// Levels that the parser can take on a 2 MiB stack in a debug build, with room to spare.
pub(super) const PARSER_DEPTH_MAX: u32 = 64;

/// Where an expression ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// At the end of the source.
    End,
    /// Before `}}`.
    Braces,
    /// Before `%}`.
    Percent,
}

/// Checks a source and gives the byte offset at which the expression ends.
pub(super) fn scan(source: &str, stop: Stop, depth_max: u32) -> Result<usize, ExpressionError> {
    let mut scanner = Scanner {
        bytes: source.as_bytes(),
        source,
        at: 0,
        levels: vec![Level { close: Close::End, offset: 0, operators: 0, prefixes: 0 }],
        before: Before::Operator,
        depth_max: depth_max.min(PARSER_DEPTH_MAX),
    };
    scanner.run(stop)
}

/// What must close an open level.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Close {
    End,
    Parenthesis,
    Bracket,
    Brace,
    /// The `}` of `${ … }`, after which the template string goes on.
    Substitution,
}

struct Level {
    close: Close,
    offset: usize,
    /// Operators that the parser takes apart recursively: `? :`, `=>`, `**`, `=`.
    operators: u32,
    /// Prefix operators of the current operand.
    prefixes: u32,
}

/// What stands before the current token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Operator,
    Operand,
    /// `)`, after which a `{` would be a body.
    Parenthesis,
    Arrow,
    Dot,
    /// A word after which a `/` may divide or begin a regular expression.
    Word,
}

struct Scanner<'s> {
    bytes: &'s [u8],
    source: &'s str,
    at: usize,
    levels: Vec<Level>,
    before: Before,
    depth_max: u32,
}

fn is_name_part(character: char) -> bool {
    match character {
        '_' | '$' | '#' => true,
        '\u{FEFF}' => false,
        other if other.is_ascii() => other.is_ascii_alphanumeric(),
        other => !other.is_whitespace(),
    }
}

impl Scanner<'_> {
    fn run(&mut self, stop: Stop) -> Result<usize, ExpressionError> {
        while let Some(byte) = self.peek(0) {
            let outermost = self.levels.len() == 1;
            match stop {
                Stop::Braces if outermost && byte == b'}' && self.peek(1) == Some(b'}') => return Ok(self.at),
                Stop::Percent if outermost && byte == b'%' && self.peek(1) == Some(b'}') => return Ok(self.at),
                _ => {}
            }
            self.token(byte)?;
            self.check_depth()?;
        }
        match self.levels.last() {
            Some(level) if level.close != Close::End => {
                let open = self.source.get(level.offset..=level.offset).unwrap_or_default();
                let close = match open {
                    "(" => ")",
                    "[" => "]",
                    _ => "}",
                };
                Err(ExpressionError::new(level.offset, 1, format!("this `{open}` is never closed"))
                    .with_hint(format!("write `{close}` where it ends")))
            }
            _ if stop == Stop::End => Ok(self.at),
            _ => Err(ExpressionError::new(self.at, 0, "the end of the expression is missing")),
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at.saturating_add(ahead)).copied()
    }

    fn after_operand(&self) -> bool {
        matches!(self.before, Before::Operand | Before::Parenthesis)
    }

    fn check_depth(&self) -> Result<(), ExpressionError> {
        let operators: u32 = self.levels.iter().map(|level| level.operators.saturating_add(level.prefixes)).sum();
        let brackets = u32::try_from(self.levels.len()).unwrap_or(u32::MAX).saturating_sub(1);
        if operators.saturating_add(brackets) > self.depth_max {
            let message = format!("the expression is nested deeper than {} levels", self.depth_max);
            return Err(ExpressionError::new(self.at.saturating_sub(1), 1, message));
        }
        Ok(())
    }

    fn token(&mut self, byte: u8) -> Result<(), ExpressionError> {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C => self.at += 1,
            b'\'' | b'"' => self.string(byte)?,
            b'`' => self.template(self.at)?,
            b'(' | b'[' | b'{' => self.open(byte)?,
            b')' | b']' | b'}' => self.close(byte)?,
            b'/' => self.slash()?,
            b'0'..=b'9' => self.word(),
            b'.' if self.peek(1).is_some_and(|next| next.is_ascii_digit()) => {
                self.at += 1;
                self.word();
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'#' | 0x80.. => self.name()?,
            b'\\' => {
                // A keyword in disguise must not change what a `/` is taken for.
                return Err(ExpressionError::new(self.at, 1, "a `\\` can only stand in a string"));
            }
            _ => self.operator(byte)?,
        }
        Ok(())
    }

    /// Skips letters, digits and points: a number, or the rest of a word.
    fn word(&mut self) {
        while self.peek(0).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')) {
            self.at += 1;
        }
        self.before = Before::Operand;
    }

    fn name(&mut self) -> Result<(), ExpressionError> {
        let start = self.at;
        let rest = self.source.get(start..).unwrap_or_default();
        let length = rest.find(|character| !is_name_part(character)).unwrap_or(rest.len());
        if length == 0 {
            // White space outside ASCII, such as a no-break space, changes nothing.
            self.at += rest.chars().next().map_or(1, char::len_utf8);
            return Ok(());
        }
        self.at += length;
        let name = rest.get(..length).unwrap_or_default();
        let is_key = self.before == Before::Dot || self.next_is_colon_after_operator();
        self.before = match name {
            _ if is_key => Before::Operand,
            "function" | "class" => {
                let message = format!("`{name}` cannot be used in an expression");
                return Err(ExpressionError::new(start, name.len(), message)
                    .with_hint("write an arrow function: `item => item.price * item.quantity`"));
            }
            "typeof" | "void" | "delete" => {
                self.add_prefix();
                Before::Operator
            }
            "new" | "await" | "yield" => {
                self.add_prefix();
                Before::Word
            }
            "in" | "instanceof" => Before::Operator,
            "of" | "return" | "throw" | "case" | "do" | "else" | "default" | "extends" | "async" => Before::Word,
            _ => Before::Operand,
        };
        Ok(())
    }

    /// Tells a key of an object, `{ class: 1 }`, from a keyword.
    fn next_is_colon_after_operator(&self) -> bool {
        let in_object = self.levels.last().is_some_and(|level| level.close == Close::Brace);
        let next = self.bytes.get(self.at..).and_then(|rest| rest.iter().find(|byte| !byte.is_ascii_whitespace()));
        in_object && self.before == Before::Operator && next == Some(&b':')
    }

    fn string(&mut self, quote: u8) -> Result<(), ExpressionError> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek(0) {
                None | Some(b'\n' | b'\r') => {
                    return Err(ExpressionError::new(start, 1, "this string is never closed").with_hint(
                        "end it with the same quote; write `\\'` for a quote in it and `\\n` for a new line",
                    ));
                }
                Some(b'\\') => {
                    // A line continuation of two bytes is one escape.
                    self.at += if self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n') { 3 } else { 2 };
                }
                Some(byte) => {
                    self.at += 1;
                    if byte == quote {
                        self.before = Before::Operand;
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Skips the text of a template string, from its backquote or from the end of a substitution.
    fn template(&mut self, start: usize) -> Result<(), ExpressionError> {
        self.at += 1;
        loop {
            match self.peek(0) {
                None => {
                    return Err(ExpressionError::new(start, 1, "this template string is never closed")
                        .with_hint("close each `${` with `}`, and end the text with a backquote"));
                }
                Some(b'\\') => self.at += 2,
                Some(b'`') => {
                    self.at += 1;
                    self.before = Before::Operand;
                    return Ok(());
                }
                Some(b'$') if self.peek(1) == Some(b'{') => {
                    self.push(Close::Substitution, start);
                    self.at += 2;
                    return Ok(());
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn push(&mut self, close: Close, offset: usize) {
        self.levels.push(Level { close, offset, operators: 0, prefixes: 0 });
        self.before = Before::Operator;
    }

    fn open(&mut self, byte: u8) -> Result<(), ExpressionError> {
        let close = match byte {
            b'(' => Close::Parenthesis,
            b'[' => Close::Bracket,
            _ => Close::Brace,
        };
        if close == Close::Brace && matches!(self.before, Before::Arrow | Before::Parenthesis) {
            return Err(ExpressionError::new(self.at, 1, "statements in `{ … }` cannot be used in an expression")
                .with_hint("write `x => x + 1`, or `x => ({ name: x })` to give an object"));
        }
        self.push(close, self.at);
        self.at += 1;
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Result<(), ExpressionError> {
        let wrong = ExpressionError::new(self.at, 1, format!("this `{}` closes nothing", char::from(byte)))
            .with_hint("leave it out, or open it further in front");
        let Some(level) = self.levels.last() else { return Err(wrong) };
        let (close, offset) = (level.close, level.offset);
        let fits = match byte {
            b')' => close == Close::Parenthesis,
            b']' => close == Close::Bracket,
            _ => matches!(close, Close::Brace | Close::Substitution),
        };
        if !fits {
            return Err(wrong);
        }
        self.levels.pop();
        if close == Close::Substitution {
            return self.template(offset);
        }
        self.at += 1;
        self.before = if byte == b')' { Before::Parenthesis } else { Before::Operand };
        Ok(())
    }

    fn slash(&mut self) -> Result<(), ExpressionError> {
        match self.peek(1) {
            Some(b'/') => {
                // JavaScript ends a line at U+2028 and U+2029 too.
                let rest = self.source.get(self.at..).unwrap_or_default();
                self.at += rest.find(['\n', '\r', '\u{2028}', '\u{2029}']).unwrap_or(rest.len());
            }
            Some(b'*') => {
                let rest = self.source.get(self.at.saturating_add(2)..).unwrap_or_default();
                match rest.find("*/") {
                    Some(end) => self.at += end.saturating_add(4),
                    None => return Err(ExpressionError::new(self.at, 2, "this comment is never closed")),
                }
            }
            _ if self.after_operand() => {
                self.infix();
                self.at += 1;
            }
            _ if self.before == Before::Word => {
                return Err(ExpressionError::new(self.at, 1, "a `/` cannot stand behind this word"));
            }
            _ => self.pattern()?,
        }
        Ok(())
    }

    /// Skips a regular expression with its flags.
    fn pattern(&mut self) -> Result<(), ExpressionError> {
        let start = self.at;
        let rest = self.source.get(start + 1..).unwrap_or_default();
        let (mut in_class, mut escaped) = (false, false);
        for (index, character) in rest.char_indices() {
            match character {
                '\n' | '\r' | '\u{2028}' | '\u{2029}' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => {
                    let flags = rest.get(index + 1..).unwrap_or_default();
                    let length = flags.find(|flag| !is_name_part(flag)).unwrap_or(flags.len());
                    self.at = start + 1 + index + 1 + length;
                    self.before = Before::Operand;
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(ExpressionError::new(start, 1, "this regular expression is never closed")
            .with_hint("end it with `/`; to divide, write a value before the `/`"))
    }

    fn operator(&mut self, byte: u8) -> Result<(), ExpressionError> {
        let (second, third) = (self.peek(1), self.peek(2));
        match (byte, second, third) {
            (b'+', Some(b'+'), _) | (b'-', Some(b'-'), _) => {
                let message = format!("`{0}{0}` cannot be used in an expression", char::from(byte));
                return Err(ExpressionError::new(self.at, 2, message)
                    .with_hint("an expression changes nothing: write `x + 1` or `x - 1`"));
            }
            (b'=', Some(b'>'), _) => {
                self.add_operator();
                self.before = Before::Arrow;
                self.at += 2;
            }
            (b'=' | b'!', Some(b'='), Some(b'=')) => self.binary(3),
            (b'=' | b'!' | b'<' | b'>', Some(b'='), _) => self.binary(2),
            (b'=', _, _) => {
                self.add_operator();
                self.binary(1);
            }
            (b'*', Some(b'*'), _) => {
                self.add_operator();
                self.binary(2);
            }
            (b'?', Some(b'?'), _) => self.binary(2),
            (b'?', Some(b'.'), third) if !third.is_some_and(|byte| byte.is_ascii_digit()) => {
                self.before = Before::Dot;
                self.at += 2;
            }
            (b'?', _, _) => {
                self.add_operator();
                self.binary(1);
            }
            (b'.', Some(b'.'), Some(b'.')) => {
                self.before = Before::Operator;
                self.at += 3;
            }
            (b'.', _, _) => {
                self.before = Before::Dot;
                self.at += 1;
            }
            (b',', _, _) => {
                if let Some(level) = self.levels.last_mut() {
                    level.operators = 0;
                    level.prefixes = 0;
                }
                self.before = Before::Operator;
                self.at += 1;
            }
            (b'+' | b'-' | b'!' | b'~', _, _) if !self.after_operand() => {
                self.add_prefix();
                self.before = Before::Operator;
                self.at += 1;
            }
            _ => self.binary(1),
        }
        Ok(())
    }

    fn binary(&mut self, length: usize) {
        self.infix();
        self.at += length;
    }

    fn infix(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.prefixes = 0;
        }
        self.before = Before::Operator;
    }

    fn add_operator(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.operators = level.operators.saturating_add(1);
        }
    }

    fn add_prefix(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.prefixes = level.prefixes.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn end(source: &str) -> usize {
        scan(source, Stop::Braces, 64).unwrap()
    }

    #[test]
    fn the_end_is_found_behind_braces_of_objects_strings_and_templates() {
        assert_eq!(end("a }} b"), 2);
        assert_eq!(end("{a:{b:1}}.a }}"), 12);
        assert_eq!(end("'}}' }}"), 5);
        assert_eq!(end("`}} ${ {a:`}}`}.a } }}` }}"), 24);
        assert_eq!(end("a /* }} */ }}"), 11);
        assert_eq!(end("x => ({y:{z:x}}) }}"), 17);
    }

    #[test]
    fn a_quote_in_a_regular_expression_hides_nothing() {
        let error = scan(&format!("/'/ + {}", "(".repeat(500)), Stop::End, 64).unwrap_err();
        assert!(error.message.contains("nested deeper"));
        let error = scan(&format!("a => {{ if (a) /'/ + {} }}", "(".repeat(500)), Stop::End, 64).unwrap_err();
        assert!(error.message.contains("statements"));
        let error = scan(&format!("typeof\u{a0}/'/ + {}", "(".repeat(500)), Stop::End, 64).unwrap_err();
        assert!(error.message.contains("nested deeper"));
        for word in ["of", "async", "await", "yield", "new", "return", "do"] {
            let error = scan(&format!("{word} /{}/ 1", "(".repeat(500)), Stop::End, 64).unwrap_err();
            assert!(error.message.contains("behind this word"), "{word}");
        }
        for operand in ["a", "1", "'a'", "(a)", "[a]", "{}", "`a`", "a.of", "a?.in", "this", "a /b/ c"] {
            let error = scan(&format!("{operand} /{}/ 1", "(".repeat(500)), Stop::End, 64).unwrap_err();
            assert!(error.message.contains("nested deeper"), "{operand}");
        }
        assert!(scan("typ\\u0065of /'/", Stop::End, 64).is_err());
    }

    #[test]
    fn nesting_of_every_kind_is_bounded() {
        for piece in [
            "(",
            "[",
            "{a:",
            "!",
            "- ",
            "typeof ",
            "new ",
            "a?b:",
            "a?",
            "a=>",
            "a**",
            "a=",
            "`${",
            "a[",
            "f(",
            "async a=>",
            "await ",
        ] {
            let error = scan(&piece.repeat(2_000), Stop::End, 64).unwrap_err();
            assert!(error.message.contains("deeper than 64"), "{piece}: {}", error.message);
        }
        assert!(scan(&"a + -b * ".repeat(400), Stop::End, 64).is_ok());
        assert!(scan(&"(a ? b : c), ".repeat(400), Stop::End, 64).is_ok());
    }
}
