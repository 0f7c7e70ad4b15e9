//! Operators of content streams with their operands as they are written (ISO 32000-1, 7.8.2).

use std::borrow::Cow;
use std::ops::Range;

/// Bytes after an inline image that must look like text, so that its end is not found inside of it.
const AFTER_IMAGE_BYTES: usize = 8;

/// An operator and what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Operation<'a> {
    /// For an inline image `BI`.
    pub(super) operator: &'a [u8],
    /// For an inline image its dictionary.
    pub(super) operands: &'a [u8],
    /// Where the first operand begins.
    pub(super) start: usize,
    /// Where the operator ends, or the inline image.
    pub(super) end: usize,
}

/// Goes through a content stream. What is damaged ends it.
pub(super) struct Operators<'a> {
    data: &'a [u8],
    at: usize,
}

/// A piece of a content stream.
enum Token {
    Name,
    Word,
    Other,
}

impl<'a> Operators<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0 }
    }

    fn token(&mut self) -> Option<(Token, Range<usize>)> {
        self.skip_space();
        let start = self.at;
        let first = *self.data.get(start)?;
        self.at += 1;
        let token = match first {
            b'/' => {
                self.skip_regular();
                Token::Name
            }
            b'(' => {
                self.skip_string()?;
                Token::Other
            }
            b'<' if self.data.get(self.at) != Some(&b'<') => {
                self.at += self.rest().iter().position(|byte| *byte == b'>')? + 1;
                Token::Other
            }
            b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b')' => Token::Other,
            _ => {
                self.skip_regular();
                let is_operand = matches!(first, b'0'..=b'9' | b'+' | b'-' | b'.')
                    || matches!(self.data.get(start..self.at), Some(b"true" | b"false" | b"null"));
                if is_operand { Token::Other } else { Token::Word }
            }
        };
        Some((token, start..self.at))
    }

    fn rest(&self) -> &'a [u8] {
        self.data.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        loop {
            self.at += self.rest().iter().take_while(|byte| is_space(**byte)).count();
            if self.rest().first() != Some(&b'%') {
                return;
            }
            self.at += self.rest().iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
        }
    }

    fn skip_regular(&mut self) {
        self.at += self.rest().iter().take_while(|byte| is_regular(**byte)).count();
    }

    fn skip_string(&mut self) -> Option<()> {
        let mut depth = 1_usize;
        while depth > 0 {
            let byte = *self.data.get(self.at)?;
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
        }
        Some(())
    }

    /// The end of an inline image whose data begin here.
    fn end_of_image(&self) -> Option<usize> {
        let data = self.rest();
        let found = data.windows(3).position(|window| matches!(window, [before, b'E', b'I'] if is_space(*before)))?;
        let mut from = found;
        loop {
            let end = from + 3;
            let after = data.get(end..data.len().min(end + AFTER_IMAGE_BYTES)).unwrap_or_default();
            let is_text = after.iter().all(|byte| is_space(*byte) && *byte != 0 || (b' '..=b'~').contains(byte));
            if is_text && after.first().is_none_or(|byte| is_space(*byte)) {
                return Some(self.at + end);
            }
            let rest = data.get(from + 1..)?;
            let next =
                rest.windows(3).position(|window| matches!(window, [before, b'E', b'I'] if is_space(*before)))?;
            from += 1 + next;
        }
    }
}

impl<'a> Iterator for Operators<'a> {
    type Item = Operation<'a>;

    fn next(&mut self) -> Option<Operation<'a>> {
        let mut start = None;
        loop {
            let (token, range) = self.token()?;
            let first = *start.get_or_insert(range.start);
            if !matches!(token, Token::Word) {
                continue;
            }
            let operator = self.data.get(range.clone())?;
            if operator != b"BI" {
                let operands = self.data.get(first..range.start)?;
                return Some(Operation { operator, operands, start: first, end: range.end });
            }
            let dictionary = range.end;
            let mut until = dictionary;
            while self.data.get(until..self.at) != Some(b"ID") {
                until = self.token()?.1.start;
            }
            self.at = self.end_of_image()?;
            let operands = self.data.get(dictionary..until)?;
            return Some(Operation { operator, operands, start: first, end: self.at });
        }
    }
}

/// The names among operands, in order.
pub(super) fn names(operands: &[u8]) -> impl Iterator<Item = Cow<'_, [u8]>> {
    let mut operators = Operators::new(operands);
    std::iter::from_fn(move || {
        loop {
            let (token, range) = operators.token()?;
            if matches!(token, Token::Name) {
                return operators.data.get(range.start + 1..range.end).map(plain);
            }
        }
    })
}

/// A name whose irregular characters are not written as numbers (7.3.5).
fn plain(name: &[u8]) -> Cow<'_, [u8]> {
    if !name.contains(&b'#') {
        return Cow::Borrowed(name);
    }
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name;
    while let [first, after @ ..] = rest {
        let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (first, after) {
            (b'#', [high, low, after @ ..]) if digit(high).is_some() && digit(low).is_some() => {
                out.push(digit(high).unwrap_or(0) << 4 | digit(low).unwrap_or(0));
                rest = after;
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
    Cow::Owned(out)
}

/// A content stream without its marks: the file that they lead to is another one, and in ours the page is one thing.
pub(super) fn without_marks(content: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Vec::new();
    let mut kept = 0;
    for operation in Operators::new(content) {
        if matches!(operation.operator, b"BMC" | b"BDC" | b"EMC" | b"MP" | b"DP") {
            out.extend_from_slice(content.get(kept..operation.start).unwrap_or_default());
            kept = operation.end;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(content);
    }
    out.extend_from_slice(content.get(kept..).unwrap_or_default());
    Cow::Owned(out)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(content: &[u8]) -> Vec<(&[u8], &[u8])> {
        Operators::new(content).map(|operation| (operation.operator, operation.operands)).collect()
    }

    #[test]
    fn operators_come_with_their_operands_whatever_these_are() {
        let content = b"q 1 0 0 1 -.5 +2 cm%comment (\n/F#31 9 Tf[(a\\)(b)) -20 <4142>]TJ/P<</MCID 3>>BDC true(x)' Q";
        let expected: [(&[u8], &[u8]); 6] = [
            (b"q", b""),
            (b"cm", b"1 0 0 1 -.5 +2 "),
            (b"Tf", b"/F#31 9 "),
            (b"TJ", b"[(a\\)(b)) -20 <4142>]"),
            (b"BDC", b"/P<</MCID 3>>"),
            (b"'", b"true(x)"),
        ];
        assert_eq!(said(content).get(..6), Some(&expected[..]));
        assert_eq!(names(b"/F#31 9 /A").collect::<Vec<_>>(), [&b"F1"[..], b"A"]);
    }

    #[test]
    fn an_inline_image_is_one_operation_whatever_its_data_look_like() {
        let content = b"q BI /W 4/CS/RGB ID \x01 EI\x02\x03( EI Q";
        assert_eq!(said(content), [(&b"q"[..], &b""[..]), (b"BI", b" /W 4/CS/RGB "), (b"Q", b"")]);
    }

    #[test]
    fn marks_are_taken_out_and_nothing_else() {
        let content = b"/Artifact BMC 0 0 5 5 re f EMC /P <</MCID 0>> BDC BT (EMC) Tj ET EMC /X MP";
        assert_eq!(&*without_marks(content), &b" 0 0 5 5 re f   BT (EMC) Tj ET  "[..]);
        assert!(matches!(without_marks(b"0 0 5 5 re f"), Cow::Borrowed(_)));
    }

    #[test]
    fn damage_ends_the_stream() {
        for content in [&b"(open"[..], b"<41", b"BI /W 4", b"BI ID data", b"BI ID\nEI"] {
            assert!(said(content).len() <= 1, "{content:?}");
            let _same = without_marks(content);
        }
    }
}
