//! The syntax of regular expressions (ECMA-262 22.2.1 and B.1.2).

use super::set::{Kind, Property, Set};
use crate::expression::error::ExpressionError;

/// Levels of groups; deeper ones would come from a machine.
const DEPTH_MAX: u32 = 20;

/// Groups that are kept of a match.
const GROUP_COUNT_MAX: usize = 30;

/// The largest count of a repetition; programs hold a copy for each.
const REPEAT_COUNT_MAX: u32 = 1_000;

/// What the flags change.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub(super) multiline: bool,
    pub(super) dot_all: bool,
    pub(super) unicode: bool,
}

/// A piece of a regular expression.
#[derive(Debug)]
pub(super) enum Piece {
    Character(char),
    Set(Set),
    Assertion(Assertion),
    /// A group with its number, when it is kept.
    Group(Option<usize>, Box<Piece>),
    Sequence(Vec<Piece>),
    Alternatives(Vec<Piece>),
    Repeat(Box<Repeat>),
}

/// A piece that is taken several times.
#[derive(Debug)]
pub(super) struct Repeat {
    pub(super) piece: Piece,
    pub(super) least: u32,
    pub(super) most: Option<u32>,
    pub(super) greedy: bool,
    /// Groups inside, which begin anew in each turn: from, and up to but without.
    pub(super) groups: (usize, usize),
}

/// A condition on the place, which takes no character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assertion {
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordEdge,
    NoWordEdge,
}

type Parsed<T> = Result<T, ExpressionError>;

/// Parses a pattern; gives it with the names of its groups.
pub(super) fn parse(source: &str, rules: Rules, offset: usize) -> Parsed<(Piece, Vec<Option<Box<str>>>)> {
    let mut parser = Parser { source, at: 0, rules, offset, names: Vec::new(), depth: 0 };
    let piece = parser.alternatives()?;
    if parser.at < source.len() {
        return Err(parser.error("this `)` closes nothing", "write `\\)` for the character"));
    }
    Ok((piece, parser.names))
}

struct Parser<'s> {
    source: &'s str,
    at: usize,
    rules: Rules,
    /// Where the pattern stands in the source of the expression.
    offset: usize,
    names: Vec<Option<Box<str>>>,
    depth: u32,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    fn error(&self, message: &str, hint: &str) -> ExpressionError {
        let length = self.peek().map_or(0, char::len_utf8);
        ExpressionError::new(self.offset + self.at, length, format!("in this regular expression, {message}"))
            .with_hint(hint)
    }

    fn alternatives(&mut self) -> Parsed<Piece> {
        let mut all = vec![self.sequence()?];
        while self.take("|") {
            all.push(self.sequence()?);
        }
        Ok(if all.len() == 1 { all.pop().unwrap_or(Piece::Sequence(Vec::new())) } else { Piece::Alternatives(all) })
    }

    fn sequence(&mut self) -> Parsed<Piece> {
        let mut pieces = Vec::new();
        while let Some(character) = self.peek().filter(|character| !matches!(character, '|' | ')')) {
            let groups_before = self.names.len();
            let piece = self.atom(character)?;
            pieces.push(self.repeated(piece, groups_before)?);
        }
        Ok(Piece::Sequence(pieces))
    }

    fn atom(&mut self, character: char) -> Parsed<Piece> {
        match character {
            '(' => return self.group(),
            '*' | '+' | '?' => {
                let hint = format!("write `\\{character}` for the character");
                return Err(self.error(&format!("there is nothing before `{character}` that it could repeat"), &hint));
            }
            '{' if self.counts().is_some() => {
                return Err(
                    self.error("there is nothing before `{` that it could repeat", "write `\\{` for the character")
                );
            }
            _ => self.at += character.len_utf8(),
        }
        Ok(match character {
            '.' if self.rules.dot_all => Piece::Set(Set { negated: true, ..Set::default() }),
            '.' => Piece::Set(Set {
                negated: true,
                ranges: vec![('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')],
                ..Set::default()
            }),
            '^' if self.rules.multiline => Piece::Assertion(Assertion::LineStart),
            '^' => Piece::Assertion(Assertion::TextStart),
            '$' if self.rules.multiline => Piece::Assertion(Assertion::LineEnd),
            '$' => Piece::Assertion(Assertion::TextEnd),
            '[' => Piece::Set(self.class()?),
            '\\' => match self.peek() {
                Some('b') => self.assertion(Assertion::WordEdge),
                Some('B') => self.assertion(Assertion::NoWordEdge),
                Some('1'..='9' | 'k') => {
                    let hint = "compare the parts with `===` behind the match";
                    return Err(self.error("backward references such as `\\1` cannot be used", hint));
                }
                _ => match self.escape()? {
                    Escaped::Character(character) => Piece::Character(character),
                    Escaped::Kind(kind) => Piece::Set(Set::of(kind)),
                },
            },
            other => Piece::Character(other),
        })
    }

    fn assertion(&mut self, assertion: Assertion) -> Piece {
        self.at += 1;
        Piece::Assertion(assertion)
    }

    fn group(&mut self) -> Parsed<Piece> {
        for look in ["(?=", "(?!", "(?<=", "(?<!"] {
            if self.rest().starts_with(look) {
                let hint = "match more and keep a group, such as `text.match(/a(b)/)?.[1]`";
                return Err(self.error(&format!("looking around with `{look}` cannot be used"), hint));
            }
        }
        if self.depth >= DEPTH_MAX {
            return Err(self.error("groups are nested too deep", "write fewer groups"));
        }
        let unclosed = self.error("this `(` is never closed", "write `\\(` for the character");
        self.at += 1;
        let kept = if self.take("?:") {
            None
        } else {
            let name = if self.take("?<") { Some(self.group_name()?) } else { None };
            if self.rest().starts_with('?') {
                return Err(
                    self.error("this kind of group cannot be used", "there are `( )`, `(?: )` and `(?<name> )`")
                );
            }
            if self.names.len() >= GROUP_COUNT_MAX {
                return Err(self.error("there are too many groups", "write `(?: )` for groups that you do not read"));
            }
            self.names.push(name);
            Some(self.names.len())
        };
        self.depth += 1;
        let inside = self.alternatives()?;
        self.depth -= 1;
        if !self.take(")") {
            return Err(unclosed);
        }
        Ok(Piece::Group(kept, Box::new(inside)))
    }

    fn group_name(&mut self) -> Parsed<Box<str>> {
        let rest = self.rest();
        let end = rest.find('>').unwrap_or(0);
        let name = rest.get(..end).unwrap_or_default();
        let fits = name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '$'));
        if name.is_empty() || !fits || name.starts_with(|first: char| first.is_numeric()) {
            return Err(self.error("this is no name of a group", "write `(?<name> … )`"));
        }
        let name: Box<str> = name.into();
        self.at += end + 1;
        if self.names.iter().flatten().any(|known| *known == name) {
            return Err(self.error("two groups have the same name", "give each its own"));
        }
        Ok(name)
    }

    /// Reads `{2}`, `{2,}` or `{2,5}` without taking it; gives its length too.
    fn counts(&self) -> Option<(u32, Option<u32>, usize)> {
        let inside = self.rest().strip_prefix('{')?;
        let end = inside.find('}')?;
        let text = inside.get(..end)?;
        let digits = |text: &str| {
            let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            fits.then(|| text.parse().unwrap_or(u32::MAX))
        };
        let (least, most) = match text.split_once(',') {
            None => (digits(text)?, Some(digits(text)?)),
            Some((least, "")) => (digits(least)?, None),
            Some((least, most)) => (digits(least)?, Some(digits(most)?)),
        };
        Some((least, most, end + 2))
    }

    fn repeated(&mut self, piece: Piece, groups_before: usize) -> Parsed<Piece> {
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.counts() {
                Some((least, most, length)) => {
                    if most.is_some_and(|most| most < least) {
                        return Err(self.error("the numbers are the wrong way round", "write the smaller one first"));
                    }
                    if least > REPEAT_COUNT_MAX || most.is_some_and(|most| most > REPEAT_COUNT_MAX) {
                        let message = format!("a repetition goes up to {REPEAT_COUNT_MAX}");
                        return Err(self.error(&message, "write `*` or `{2,}` for any number"));
                    }
                    self.at += length - 1;
                    (least, most)
                }
                None => return Ok(piece),
            },
            _ => return Ok(piece),
        };
        if let Piece::Assertion(_) = piece {
            return Err(self.error("a place cannot be repeated", "leave out the repetition"));
        }
        self.at += 1;
        let greedy = !self.take("?");
        let groups = (groups_before + 1, self.names.len() + 1);
        Ok(Piece::Repeat(Box::new(Repeat { piece, least, most, greedy, groups })))
    }

    /// Reads a class from behind its `[`.
    fn class(&mut self) -> Parsed<Set> {
        let start = self.at;
        let mut set = Set { negated: self.take("^"), ..Set::default() };
        loop {
            let first = match self.class_item(start)? {
                None => return Ok(set),
                Some(Escaped::Kind(kind)) => {
                    set.kinds.push(kind);
                    continue;
                }
                Some(Escaped::Character(first)) => first,
            };
            // A `-` between two characters is a range, anywhere else it is itself.
            if !self.rest().starts_with('-') || self.rest().starts_with("-]") {
                set.ranges.push((first, first));
                continue;
            }
            self.at += 1;
            match self.class_item(start)? {
                Some(Escaped::Character(last)) if last >= first => set.ranges.push((first, last)),
                Some(Escaped::Character(_)) => {
                    self.at -= 1;
                    return Err(self.error("this range is the wrong way round", "write the smaller character first"));
                }
                Some(Escaped::Kind(kind)) => {
                    set.ranges.extend([(first, first), ('-', '-')]);
                    set.kinds.push(kind);
                }
                None => return Ok(set),
            }
        }
    }

    /// Reads one item of a class; `None` at its end.
    fn class_item(&mut self, start: usize) -> Parsed<Option<Escaped>> {
        match self.next() {
            Some(']') => Ok(None),
            Some('\\') if self.take("b") => Ok(Some(Escaped::Character('\u{8}'))),
            Some('\\') if self.take("-") => Ok(Some(Escaped::Character('-'))),
            Some('\\') => self.escape().map(Some),
            Some(other) => Ok(Some(Escaped::Character(other))),
            None => {
                self.at = start.saturating_sub(1);
                Err(self.error("this `[` is never closed", "write `\\[` for the character"))
            }
        }
    }

    /// Reads what follows a `\`.
    fn escape(&mut self) -> Parsed<Escaped> {
        let Some(character) = self.next() else {
            return Err(self.error("nothing follows the `\\`", "write `\\\\` for the character"));
        };
        Ok(Escaped::Character(match character {
            'd' | 'w' | 's' => return Ok(Escaped::Kind(Kind::Escape(character, true))),
            'D' | 'W' | 'S' => return Ok(Escaped::Kind(Kind::Escape(character.to_ascii_lowercase(), false))),
            'p' | 'P' if self.rules.unicode => return self.property(character == 'p'),
            'p' | 'P' => {
                return Err(self.error("`\\p` needs the flag `u`", "write `/\\p{L}/u`"));
            }
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{B}',
            'f' => '\u{C}',
            '0' => '\0',
            'x' => self.hexadecimal(2)?.unwrap_or('x'),
            'u' if self.rules.unicode && self.take("{") => {
                let end = self.rest().find('}').unwrap_or(0);
                let code = u32::from_str_radix(self.rest().get(..end).unwrap_or_default(), 16).ok();
                let Some(character) = code.and_then(char::from_u32) else {
                    return Err(self.error("this is no character", "write its number, such as `\\u{20AC}`"));
                };
                self.at += end + 1;
                character
            }
            'u' => self.hexadecimal(4)?.unwrap_or('u'),
            other => other,
        }))
    }

    fn hexadecimal(&mut self, length: usize) -> Parsed<Option<char>> {
        let digits = self.rest().get(..length).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(code) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else { return Ok(None) };
        match char::from_u32(code) {
            Some(character) => {
                self.at += length;
                Ok(Some(character))
            }
            None => Err(self.error("half a surrogate pair matches nothing", "write the whole character")),
        }
    }

    fn property(&mut self, wanted: bool) -> Parsed<Escaped> {
        let name = self.rest().strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
        match name.and_then(|name| Some((name.len(), Property::from_name(name)?))) {
            Some((length, property)) => {
                self.at += length + 2;
                Ok(Escaped::Kind(Kind::Property(property, wanted)))
            }
            None => Err(self.error(
                "this property of characters is not known",
                "there are `\\p{L}` (letters), `\\p{Lu}`, `\\p{Ll}`, `\\p{N}` (numbers) and `\\p{White_Space}`",
            )),
        }
    }
}

/// What an escape stands for.
enum Escaped {
    Character(char),
    Kind(Kind),
}
