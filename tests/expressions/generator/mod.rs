//! Generated expressions: every operator, literal, kind of function and method that is allowed, mostly well typed.

mod lists;
mod patterns;
mod texts;

use crate::data;
use crate::numbers::Numbers;
use crate::tree::{Tree, tree};

/// Levels of one expression; deeper ones say nothing new and take longer to read when they fail.
const DEPTH_MAX: usize = 4;

/// What is known of a parameter of an arrow function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Any,
}

/// Makes expressions.
pub(crate) struct Generator {
    numbers: Numbers,
    /// Parameters of the arrow functions around.
    locals: Vec<(String, Kind)>,
    names: usize,
}

const LITERALS: [&str; 34] = [
    "0",
    "1",
    "2",
    "3",
    "-1",
    "10",
    "0.1",
    "0.2",
    "1.5",
    "2.5",
    "-2.5",
    "1e21",
    "1e-7",
    "1e300",
    "0x1F",
    "0b101",
    "0o17",
    ".5",
    "5.",
    "1_000",
    "NaN",
    "Infinity",
    "-0",
    "123456789012345680000",
    "5e-324",
    "4294967295",
    "-2147483649",
    "0.000001",
    "9007199254740993",
    "1.005",
    "19.99",
    "100",
    "7",
    "36",
];

const TEXTS: [&str; 24] = [
    "''",
    "' '",
    "'a'",
    "'abc'",
    "\"it's\"",
    "'12'",
    "'1e3'",
    "' 5 '",
    "'0x10'",
    "'-1'",
    "','",
    "'a,b,c'",
    "'Abc'",
    "'äß'",
    "'\\n'",
    "'\\u00e9'",
    "'\\x41\\t'",
    "'Infinity'",
    "'$&$$'",
    "'null'",
    "'aXbXc'",
    "'日本'",
    "'true'",
    "'\\\\'",
];

const ARITHMETIC: [&str; 6] = ["+", "-", "*", "/", "%", "+"];
const BITWISE: [&str; 6] = ["&", "|", "^", "<<", ">>", ">>>"];
const COMPARING: [&str; 8] = ["<", "<=", ">", ">=", "==", "!=", "===", "!=="];
const LOGICAL: [&str; 3] = ["&&", "||", "??"];

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self { numbers: Numbers::new(seed), locals: Vec::new(), names: 0 }
    }

    pub(crate) fn numbers(&mut self) -> &mut Numbers {
        &mut self.numbers
    }

    /// One expression of any type.
    pub(crate) fn expression(&mut self) -> Tree {
        self.locals.clear();
        self.names = 0;
        match self.numbers.below(40) {
            0 => self.whole_text(),
            1..=4 => self.matched(),
            _ => self.any(DEPTH_MAX),
        }
    }

    fn any(&mut self, depth: usize) -> Tree {
        match self.numbers.below(16) {
            0..=3 => self.number(depth),
            4..=7 => self.text(depth),
            8..=10 => self.list(depth),
            11 | 12 => self.truth(depth),
            13 => self.object(depth),
            14 => self.choice(depth, Self::any),
            _ => self.odd(),
        }
    }

    /// A value that is mostly of the wrong type where it stands.
    fn odd(&mut self) -> Tree {
        let odd = [
            "null",
            "undefined",
            "true",
            "false",
            "[]",
            "{}",
            "[1]",
            "[1,2]",
            "NaN",
            "'x'",
            "({})",
            "data.n",
            "data.missing",
            "data.o",
            "data.m",
            "data.r",
            "[[]]",
            "[null]",
            "['7']",
            "data.missing.deep",
            "void 0",
        ];
        let text = *self.numbers.pick(&odd);
        if text == "{}" { tree!["({ a: 1 })"] } else { tree![text] }
    }

    /// The expression, or now and then one of another type.
    fn typed(&mut self, depth: usize, make: fn(&mut Self, usize) -> Tree) -> Tree {
        if self.numbers.one_in(14) { self.odd() } else { make(self, depth) }
    }

    fn choice(&mut self, depth: usize, make: fn(&mut Self, usize) -> Tree) -> Tree {
        let depth = depth.saturating_sub(1);
        match self.numbers.below(4) {
            0 | 1 => {
                let (test, then, otherwise) = (self.truth(depth), make(self, depth), make(self, depth));
                tree!["(", test, " ? ", then, " : ", otherwise, ")"]
            }
            2 => {
                let operator = *self.numbers.pick(&LOGICAL);
                let (left, right) = (self.typed(depth, make), make(self, depth));
                tree!["(", left, format!(" {operator} "), right, ")"]
            }
            _ => {
                let (left, middle, right) = (self.odd(), self.odd(), make(self, depth));
                tree!["(", left, " ?? ", middle, " ?? ", right, ")"]
            }
        }
    }

    fn local(&mut self, kind: Kind) -> Option<Tree> {
        let known: Vec<&String> =
            self.locals.iter().filter(|(_, of)| *of == kind || kind == Kind::Any).map(|(name, _)| name).collect();
        if known.is_empty() || self.numbers.one_in(3) {
            return None;
        }
        Some(tree![self.numbers.pick(&known).as_str()])
    }

    fn number_leaf(&mut self) -> Tree {
        if let Some(local) = self.local(Kind::Number) {
            return local;
        }
        match self.numbers.below(8) {
            0..=3 => tree![*self.numbers.pick(&LITERALS)],
            4 => tree!["data.a"],
            5 => tree!["data.b"],
            6 => tree!["data.l[", self.numbers.below(4).to_string(), "]"],
            _ => tree![data::number(&mut self.numbers).to_string()],
        }
    }

    fn number(&mut self, depth: usize) -> Tree {
        if depth == 0 {
            return self.number_leaf();
        }
        let inner = depth - 1;
        match self.numbers.below(20) {
            0..=2 => self.number_leaf(),
            3..=6 => {
                let operator = *self.numbers.pick(&ARITHMETIC);
                self.infix(inner, operator, Self::number)
            }
            7 => {
                let operator = *self.numbers.pick(&BITWISE);
                self.infix(inner, operator, Self::number)
            }
            8 => {
                let operator = *self.numbers.pick(&["-", "+", "~", "- -", "~~", "+ +"]);
                tree![format!("({operator} "), self.typed(inner, Self::number), ")"]
            }
            9 => {
                // Small integers only: the last digit of other powers is a matter of the library.
                let base = *self.numbers.pick(&["2", "3", "10", "(-2)", "-2", "0", "(-0)", "NaN", "Infinity"]);
                let exponent = *self.numbers.pick(&["2", "3", "0", "10", "-1", "2 ** 2", "NaN", "Infinity"]);
                tree![base, " ** ", exponent]
            }
            10 | 11 => self.math(inner),
            12 => {
                let call = *self.numbers.pick(&["Number", "parseFloat", "parseInt", "+"]);
                tree![format!("{call}("), self.typed(inner, Self::text), ")"]
            }
            13 => {
                let radix = self.numbers.below(40).to_string();
                tree!["parseInt(", self.typed(inner, Self::text), ", ", radix, ")"]
            }
            14 => tree![self.text(inner), ".length"],
            15 => self.text_position(inner),
            16 => self.list_number(inner),
            17 => self.choice(inner, Self::number),
            18 => self.called(inner, Self::number),
            _ => tree![self.list(inner), ".length"],
        }
    }

    /// Operands beside an operator, with and without brackets, so that precedence is seen.
    fn infix(&mut self, depth: usize, operator: &str, make: fn(&mut Self, usize) -> Tree) -> Tree {
        let (left, right) = (self.typed(depth, make), self.typed(depth, make));
        match self.numbers.below(3) {
            0 => tree!["(", left, format!(" {operator} "), right, ")"],
            1 => tree![left, format!(" {operator} "), right],
            _ => tree!["(", left, format!(") {operator} ("), right, ")"],
        }
    }

    fn math(&mut self, depth: usize) -> Tree {
        let one = ["abs", "ceil", "floor", "round", "trunc", "sign", "sqrt", "fround", "clz32"];
        match self.numbers.below(5) {
            0..=2 => {
                let name = *self.numbers.pick(&one);
                tree![format!("Math.{name}("), self.typed(depth, Self::number), ")"]
            }
            3 => {
                let name = *self.numbers.pick(&["min", "max", "imul"]);
                let (left, right) = (self.typed(depth, Self::number), self.typed(depth, Self::number));
                tree![format!("Math.{name}("), left, ", ", right, ")"]
            }
            _ => {
                let name = *self.numbers.pick(&["min", "max"]);
                tree![format!("Math.{name}(..."), self.list(depth), ")"]
            }
        }
    }

    fn truth(&mut self, depth: usize) -> Tree {
        let inner = depth.saturating_sub(1);
        if depth == 0 {
            return tree![*self.numbers.pick(&["true", "false", "data.y", "!data.y", "!data.n"])];
        }
        match self.numbers.below(15) {
            0 => self.truth(0),
            1..=3 => {
                let operator = *self.numbers.pick(&COMPARING);
                self.infix(inner, operator, Self::any)
            }
            4 => {
                let operator = *self.numbers.pick(&COMPARING);
                self.infix(inner, operator, Self::number)
            }
            5 => {
                let operator = *self.numbers.pick(&LOGICAL);
                self.infix(inner, operator, Self::truth)
            }
            6 => tree!["!(", self.any(inner), ")"],
            7 => {
                let name = *self.numbers.pick(&["includes", "startsWith", "endsWith"]);
                let (text, wanted) = (self.typed(inner, Self::text), self.typed(0, Self::text));
                tree!["(", text, format!(").{name}("), wanted, ", ", self.position(), ")"]
            }
            8 => {
                let name = *self.numbers.pick(&["some", "every"]);
                let list = self.typed(inner, Self::list);
                let (names, body) = self.arrow_parts(inner, &[("x", Kind::Any)], Self::truth);
                tree!["(", list, format!(").{name}({} => ", names.join("")), body, ")"]
            }
            9 => tree!["(", self.typed(inner, Self::list), ").includes(", self.any(inner), ")"],
            10 => {
                let name = *self.numbers.pick(&[
                    "isNaN",
                    "isFinite",
                    "Boolean",
                    "Array.isArray",
                    "Number.isInteger",
                    "Number.isFinite",
                    "Number.isNaN",
                    "Number.isSafeInteger",
                ]);
                tree![format!("{name}("), self.any(inner), ")"]
            }
            11 => tree!["(", self.text_leaf(), " in ", self.typed(inner, Self::object), ")"],
            12 => tree!["(", self.object(inner), ").hasOwnProperty(", self.text_leaf(), ")"],
            13 => tree!["Object.hasOwn(", self.object(inner), ", ", self.text_leaf(), ")"],
            _ => tree!["Object.is(", self.any(inner), ", ", self.any(inner), ")"],
        }
    }
}
