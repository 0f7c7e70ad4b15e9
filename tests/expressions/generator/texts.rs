//! Generated texts and the methods of texts and numbers.

use super::{Generator, Kind, TEXTS};
use crate::tree::{Tree, tree};

impl Generator {
    pub(super) fn text_leaf(&mut self) -> Tree {
        if let Some(local) = self.local(Kind::Text) {
            return local;
        }
        match self.numbers.below(6) {
            0..=2 => tree![*self.numbers.pick(&TEXTS)],
            3 => tree!["data.s"],
            4 => tree!["data.t"],
            _ => tree!["data.w[", self.numbers.below(3).to_string(), "]"],
        }
    }

    pub(super) fn text(&mut self, depth: usize) -> Tree {
        if depth == 0 {
            return self.text_leaf();
        }
        let inner = depth - 1;
        match self.numbers.below(16) {
            0..=2 => self.text_leaf(),
            3 => self.infix(inner, "+", Self::text),
            4 => tree!["`", "a${", self.typed(inner, Self::any), "}b${", self.typed(inner, Self::text), "}`"],
            5..=9 => self.text_method(inner),
            10 | 11 => self.number_method(inner),
            12 => self.joined(inner),
            13 => {
                let (value, indent) = (
                    self.any(inner),
                    *self.numbers.pick(&[
                        "",
                        ", null, 2",
                        ", null, '--'",
                        ", null, 99",
                        ", ['x', 'name', 10, 'a']",
                        ", (k, v) => k === 'x' ? k : v",
                    ]),
                );
                tree!["JSON.stringify(", value, format!("{indent})")]
            }
            14 => {
                let name = *self.numbers.pick(&["String", "typeof "]);
                tree![format!("{name}("), self.any(inner), ")"]
            }
            _ => self.choice(inner, Self::text),
        }
    }

    pub(super) fn position(&mut self) -> Tree {
        let positions = [
            "0",
            "1",
            "2",
            "-1",
            "-2",
            "5",
            "100",
            "NaN",
            "Infinity",
            "-Infinity",
            "undefined",
            "1.7",
            "'1'",
            "null",
            "-0.5",
        ];
        tree![*self.numbers.pick(&positions)]
    }

    pub(super) fn text_method(&mut self, depth: usize) -> Tree {
        let text = self.typed(depth, Self::text);
        let name = *self.numbers.pick(&[
            "slice",
            "substring",
            "substr",
            "at",
            "charAt",
            "padStart",
            "padEnd",
            "repeat",
            "replace",
            "replaceAll",
            "trim",
            "trimStart",
            "trimEnd",
            "toUpperCase",
            "toLowerCase",
            "concat",
            "toString",
            "valueOf",
            "charCodeAt",
            "codePointAt",
        ]);
        match name {
            "slice" | "substring" | "substr" if self.numbers.one_in(2) => {
                tree!["(", text, format!(").{name}("), self.position(), ", ", self.position(), ")"]
            }
            "slice" | "substring" | "substr" | "at" | "charAt" | "charCodeAt" | "codePointAt" => {
                tree!["(", text, format!(").{name}("), self.position(), ")"]
            }
            "padStart" | "padEnd" => {
                let filler = self.typed(0, Self::text);
                tree!["(", text, format!(").{name}("), self.position_small(), ", ", filler, ")"]
            }
            "repeat" => tree!["(", text, ").repeat(", self.position_small(), ")"],
            "replace" | "replaceAll" => {
                let wanted = self.typed(0, Self::text);
                let with = match self.numbers.below(4) {
                    0 => tree!["(found, at, all) => found + at + all"],
                    1 => tree![*self.numbers.pick(&["'[$&]'", "'$$'", "'$`'", "\"$'\"", "'$1'", "'$'"])],
                    _ => self.typed(depth, Self::text),
                };
                tree!["(", text, format!(").{name}("), wanted, ", ", with, ")"]
            }
            "concat" => tree!["(", text, ").concat(", self.any(depth), ", ", self.typed(depth, Self::text), ")"],
            _ => tree!["(", text, format!(").{name}()")],
        }
    }

    pub(super) fn position_small(&mut self) -> Tree {
        tree![*self.numbers.pick(&["0", "1", "2", "3", "7", "-1", "NaN", "'4'", "undefined", "2.9"])]
    }

    pub(super) fn text_position(&mut self, depth: usize) -> Tree {
        let name = *self.numbers.pick(&["indexOf", "lastIndexOf"]);
        let (text, wanted) = (self.typed(depth, Self::text), self.typed(0, Self::text));
        if self.numbers.one_in(2) {
            return tree!["(", text, format!(").{name}("), wanted, ")"];
        }
        tree!["(", text, format!(").{name}("), wanted, ", ", self.position(), ")"]
    }

    pub(super) fn number_method(&mut self, depth: usize) -> Tree {
        let number = self.typed(depth, Self::number);
        let name = *self.numbers.pick(&["toFixed", "toPrecision", "toString", "toExponential", "valueOf"]);
        let digits = match (name, self.numbers.below(3)) {
            (_, 0) => String::new(),
            ("toString", _) => (self.numbers.below(38)).to_string(),
            _ => (self.numbers.below(24)).to_string(),
        };
        tree!["(", number, format!(").{name}({digits})")]
    }
}
