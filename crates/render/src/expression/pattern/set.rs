//! Sets of characters, and which characters are the same when capital letters do not count.

/// Characters of a class such as `[a-z]`.
#[derive(Clone, Debug, Default)]
pub(super) struct Set {
    pub(super) negated: bool,
    pub(super) ranges: Vec<(char, char)>,
    pub(super) kinds: Vec<Kind>,
}

/// Characters by what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What a class escape such as `\d` takes; with `false` what it does not take.
    Escape(char, bool),
    /// What `\p{…}` takes; with `false` what it does not take.
    Property(Property, bool),
}

/// Properties of Unicode that can be asked for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    Letter,
    Uppercase,
    Lowercase,
    Number,
    WhiteSpace,
}

impl Property {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "L" | "Letter" | "Alphabetic" | "Alpha" => Self::Letter,
            "Lu" | "Uppercase_Letter" | "Uppercase" => Self::Uppercase,
            "Ll" | "Lowercase_Letter" | "Lowercase" => Self::Lowercase,
            "N" | "Number" => Self::Number,
            "White_Space" | "space" => Self::WhiteSpace,
            _ => return None,
        })
    }

    fn has(self, character: char) -> bool {
        match self {
            Self::Letter => character.is_alphabetic(),
            Self::Uppercase => character.is_uppercase(),
            Self::Lowercase => character.is_lowercase(),
            Self::Number => character.is_numeric(),
            Self::WhiteSpace => character.is_whitespace(),
        }
    }
}

impl Set {
    /// A set of one class escape, such as `\d`.
    pub(super) fn of(kind: Kind) -> Self {
        Self { kinds: vec![kind], ..Self::default() }
    }

    pub(super) fn contains(&self, character: char, ignore_case: bool) -> bool {
        let found = self.lists(character)
            || ignore_case && (self.lists(folded(character)) || character.to_lowercase().any(|low| self.lists(low)));
        found != self.negated
    }

    fn lists(&self, character: char) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&character))
            || self.kinds.iter().any(|kind| match kind {
                Kind::Escape('d', wanted) => character.is_ascii_digit() == *wanted,
                Kind::Escape('w', wanted) => is_word(character) == *wanted,
                Kind::Escape(_, wanted) => crate::expression::value::is_white_space(character) == *wanted,
                Kind::Property(property, wanted) => property.has(character) == *wanted,
            })
    }
}

/// Letters, digits and the low line of ASCII, as `\w` and `\b` have them.
pub(super) fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// The character that stands for all of its cases (ECMA-262 22.2.2.7.3).
pub(super) fn folded(character: char) -> char {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        // A letter outside ASCII never becomes one of ASCII.
        (Some(upper), None) if character.is_ascii() || !upper.is_ascii() => upper,
        _ => character,
    }
}
