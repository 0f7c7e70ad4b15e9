//! Reads the command line: words, and options of the form `--name value`.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::failure::Failure;

/// The command line before it is parsed.
pub(crate) struct Arguments<I> {
    words: I,
}

/// The command line: options by name, and the words that belong to none.
#[derive(Debug, Default)]
pub(crate) struct Options {
    named: BTreeMap<String, String>,
    words: Vec<String>,
}

impl<I: Iterator<Item = String>> Arguments<I> {
    /// Takes the words of a command line.
    pub(crate) fn new(words: I) -> Self {
        Self { words }
    }

    /// The next word, if there is one.
    pub(crate) fn next_word(&mut self) -> Option<String> {
        self.words.next()
    }

    /// Reads all that is left.
    ///
    /// # Errors
    /// An option without a value.
    pub(crate) fn parse(mut self) -> Result<Options, Failure> {
        let mut options = Options::default();
        while let Some(word) = self.words.next() {
            match word.strip_prefix("--") {
                None => options.words.push(word),
                Some(name) => {
                    let value = self.words.next().ok_or_else(|| Failure::Usage(format!("--{name} wants a value")))?;
                    options.named.insert(name.to_owned(), value);
                }
            }
        }
        Ok(options)
    }
}

impl Options {
    /// The value of an option that must be given.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Failure> {
        self.optional(name).ok_or_else(|| Failure::Usage(format!("--{name} is missing")))
    }

    /// The value of an option, when given.
    pub(crate) fn optional(&self, name: &str) -> Option<&str> {
        self.named.get(name).map(String::as_str)
    }

    /// The number that an option gives, or the default.
    pub(crate) fn number<T: FromStr>(&self, name: &str, default: T) -> Result<T, Failure> {
        self.optional(name).map_or(Ok(default), |text| {
            text.parse().map_err(|_| Failure::Usage(format!("--{name} wants a number, not `{text}`")))
        })
    }

    /// The words that belong to no option; there must be as many as names.
    pub(crate) fn words<const COUNT: usize>(&self, names: [&str; COUNT]) -> Result<[&str; COUNT], Failure> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        words.try_into().map_err(|_| Failure::Usage(format!("the words {} are wanted", names.join(", "))))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn parse(line: &str) -> Result<Options, Failure> {
        Arguments::new(line.split_whitespace().map(str::to_owned)).parse()
    }

    #[test]
    fn options_and_words_may_stand_in_any_order() {
        let options = parse("one --count 3 two").unwrap();
        assert_eq!(options.words(["first", "second"]).unwrap(), ["one", "two"]);
        assert_eq!(options.number("count", 0).unwrap(), 3);
        assert_eq!(options.number("other", 7).unwrap(), 7);
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        assert_eq!(parse("--count").unwrap_err().to_string(), "--count wants a value");
        let options = parse("--count many").unwrap();
        assert_eq!(options.number("count", 0).unwrap_err().to_string(), "--count wants a number, not `many`");
        assert_eq!(options.required("address").unwrap_err().to_string(), "--address is missing");
        assert_eq!(options.words(["document"]).unwrap_err().to_string(), "the words document are wanted");
    }
}
