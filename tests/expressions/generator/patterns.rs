//! Generated regular expressions and the methods that take them, and texts with characters of two units.

use super::Generator;
use crate::tree::{Tree, tree};

impl Generator {
    /// A method that takes a regular expression.
    pub(super) fn matched(&mut self) -> Tree {
        let text = match self.numbers.below(3) {
            0 => self.text(1),
            1 => tree![*self.numbers.pick(&[
                "'2026-03-15'",
                "'a1b22c333'",
                "'Ann  Example, Cologne'",
                "'aaa'",
                "'aAbB'",
                "'x=1;y=2'",
                "'line 1\\nline 2'",
                "'foo.bar@example.org'",
                "'äÖü ß'",
                "'abcabc'",
                "'1,234.50'",
                "'[a-z]'",
                "' \\t '",
            ])],
            _ => tree!["(data.s + data.t)"],
        };
        let pattern = self.pattern();
        let flags = *self.numbers.pick(&["", "g", "g", "gi", "i", "gm", "s", "gu", "u"]);
        let with = *self.numbers.pick(&[
            "'-'",
            "'[$&]'",
            "'$1'",
            "'<$2$1>'",
            "'$$'",
            "'$`'",
            "\"$'\"",
            "'$10'",
            "'$01'",
            "'$3'",
            "''",
            "String",
            "(...found) => found.slice(0, -1).join('|')",
        ]);
        match self.numbers.below(8) {
            0 | 1 => tree!["(", text, ").replace(/", pattern, format!("/{flags}, {with})")],
            2 => tree!["(", text, ").replaceAll(/", pattern, format!("/{flags}, {with})")],
            3 => tree!["(", text, ").split(/", pattern, format!("/{flags})")],
            4 => tree!["(", text, ").split(/", pattern, format!("/{flags}, {})", self.numbers.below(4))],
            5 => tree!["(", text, ").match(/", pattern, format!("/{flags})")],
            6 => tree!["[...(", text, ").matchAll(/", pattern, format!("/{flags})]")],
            _ => tree![
                "[(",
                text,
                ").search(/",
                pattern.clone(),
                format!("/{flags}), /"),
                pattern,
                format!("/{flags}.test('abc 12')]")
            ],
        }
    }

    pub(super) fn pattern(&mut self) -> Tree {
        let atom = |generator: &mut Self| {
            let atoms = [
                "a",
                "b",
                "[a-c]",
                "[^a-c]",
                "\\d",
                "\\w",
                "\\s",
                "\\D",
                "\\W",
                "\\S",
                ".",
                "(a)",
                "(a|b)",
                "(\\d+)",
                "(?:ab|a)",
                "(?<y>\\w)",
                "[\\w.-]",
                "\\.",
                ",",
                "-",
                "x",
                "[^]",
                "[]",
                "\\u00e4",
                "[ä-ü]",
                "\\/",
                "(?:(a)|b)",
                "[\\dx-]",
                "\\x61",
                "\\n",
                "[$^.]",
                "A",
                "B",
            ];
            let quantifiers = ["", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,1}?", "{2,}"];
            if generator.numbers.one_in(12) {
                // What the last empty turn of a repetition leaves in a group is not compared; see `differences.rs`.
                return tree![*generator.numbers.pick(&["(a*)", "(b|)", "(c??)"])];
            }
            tree![*generator.numbers.pick(&atoms), *generator.numbers.pick(&quantifiers)]
        };
        let mut parts = vec![];
        if self.numbers.one_in(8) {
            parts.push((*self.numbers.pick(&["^", "\\b", "\\B"])).into());
        }
        for index in 0..=self.numbers.below(3) {
            if index > 0 && self.numbers.one_in(5) {
                parts.push("|".into());
            }
            parts.push(atom(self).into());
            if self.numbers.one_in(10) {
                parts.push((*self.numbers.pick(&["\\b", "\\B", "$"])).into());
            }
        }
        Tree(parts)
    }

    /// Texts with characters that are two units long, in methods that leave them whole.
    pub(super) fn whole_text(&mut self) -> Tree {
        let text = *self.numbers.pick(&["'😀'", "'a😀b'", "'𝒳y😀'", "`${'😀'}!`"]);
        let call = *self.numbers.pick(&[
            ".length",
            ".indexOf('b')",
            ".lastIndexOf('😀')",
            ".includes('😀')",
            ".codePointAt(1)",
            ".charCodeAt(1)",
            ".padStart(7, '-')",
            ".padEnd(8, 'xy')",
            ".repeat(2)",
            ".toUpperCase()",
            ".split('b')",
            ".replace('😀', '!')",
            ".endsWith('b')",
            ".startsWith('😀')",
            " < '\u{ffff}'",
            ".concat('😀')",
            "+ String.fromCodePoint(0x1F600)",
        ]);
        match self.numbers.below(4) {
            0 => tree![format!("[...{text}].length")],
            1 => tree![format!("[...{text}, 'a'].sort().join()")],
            _ => tree![format!("({text}{call})")],
        }
    }
}
