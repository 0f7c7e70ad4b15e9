//! Generated lists, objects and functions.

use super::{Generator, Kind};
use crate::tree::{Tree, tree};

impl Generator {
    pub(super) fn list_leaf(&mut self) -> Tree {
        match self.numbers.below(9) {
            0 => tree!["data.l"],
            1 => tree!["data.w"],
            2 => tree!["data.m"],
            3 => tree!["[]"],
            4 => tree!["[1, 2, 3]"],
            5 => tree!["['b', 'a', 'c']"],
            6 => tree!["[3, '10', null, true, undefined, NaN, 'a']"],
            7 => tree!["data.r.map(({ qty, price = 1 }) => qty * price)"],
            _ => tree!["data.r.map(row => row.name)"],
        }
    }

    pub(super) fn list(&mut self, depth: usize) -> Tree {
        if depth == 0 {
            return self.list_leaf();
        }
        let inner = depth - 1;
        match self.numbers.below(16) {
            0..=2 => self.list_leaf(),
            3 => tree!["[", self.any(inner), ", ", self.any(inner), "]"],
            4 => tree!["[...", self.typed(inner, Self::list), ", ", self.any(inner), ", ...", self.text_leaf(), "]"],
            5..=10 => self.list_method(inner),
            11 => {
                let (text, by) = (self.typed(inner, Self::text), self.typed(0, Self::text));
                match self.numbers.below(3) {
                    0 => tree!["(", text, ").split(", by, ")"],
                    1 => tree!["(", text, ").split(", by, ", ", self.position_small(), ")"],
                    _ => tree!["(", text, ").split('')"],
                }
            }
            12 if self.numbers.one_in(3) => {
                let name = *self.numbers.pick(&["keys", "values", "entries"]);
                tree!["[...(", self.list(inner), format!(").{name}()]")]
            }
            12 => {
                let name = *self.numbers.pick(&["keys", "values", "entries"]);
                tree![format!("Object.{name}("), self.typed(inner, Self::object), ")"]
            }
            13 => {
                let count = self.numbers.below(5).to_string();
                let body = self.arrow(inner, &[("_", Kind::Any), ("i", Kind::Number)]);
                tree!["Array.from({ length: ", count, " }, ", body, ")"]
            }
            14 => tree!["Array.of(", self.any(inner), ", ", self.any(inner), ")"],
            _ => self.choice(inner, Self::list),
        }
    }

    /// An arrow function; its parameters get fresh names.
    pub(super) fn arrow(&mut self, depth: usize, parameters: &[(&str, Kind)]) -> Tree {
        let (names, body) = self.arrow_parts(depth, parameters, Self::any);
        tree![format!("({}) => ", names.join(", ")), "(", body, ")"]
    }

    pub(super) fn arrow_parts(
        &mut self,
        depth: usize,
        parameters: &[(&str, Kind)],
        make: fn(&mut Self, usize) -> Tree,
    ) -> (Vec<String>, Tree) {
        let outer = self.locals.len();
        let mut names = Vec::new();
        for (name, kind) in parameters {
            self.names += 1;
            let name = format!("{name}{}", self.names);
            self.locals.push((name.clone(), *kind));
            names.push(name);
        }
        let body = make(self, depth);
        self.locals.truncate(outer);
        (names, body)
    }

    pub(super) fn list_method(&mut self, depth: usize) -> Tree {
        let list = self.typed(depth, Self::list);
        let name = *self.numbers.pick(&[
            "map",
            "map",
            "filter",
            "filter",
            "flatMap",
            "slice",
            "concat",
            "reverse",
            "toReversed",
            "toSorted",
            "sort",
            "sort",
            "flat",
            "with",
            "toSpliced",
        ]);
        match name {
            "map" | "filter" | "flatMap" => {
                let function = match self.numbers.below(8) {
                    0 => tree![*self.numbers.pick(&["Boolean", "Number", "String", "parseInt", "isNaN", "Math.floor"])],
                    1 => self.odd(),
                    2 => self.arrow(depth, &[("x", Kind::Any), ("i", Kind::Number), ("all", Kind::Any)]),
                    3 => self.arrow(depth, &[("x", Kind::Any), ("i", Kind::Number)]),
                    _ => self.arrow(depth, &[("x", Kind::Any)]),
                };
                tree!["(", list, format!(").{name}("), function, ")"]
            }
            "slice" => tree!["(", list, ").slice(", self.position(), ", ", self.position(), ")"],
            "concat" => tree!["(", list, ").concat(", self.any(depth), ", ", self.any(depth), ")"],
            "flat" => tree!["[", list, ", [[1]], 2].flat(", self.position(), ")"],
            "with" => tree!["(", list, ").with(", self.position(), ", ", self.any(depth), ")"],
            "toSpliced" if self.numbers.one_in(3) => tree!["(", list, ").toSpliced(", self.position(), ")"],
            "toSpliced" => {
                tree!["(", list, ").toSpliced(", self.position(), ", ", self.position(), ", ", self.any(depth), ")"]
            }
            // A comparison that contradicts itself gives no order that two engines must agree on.
            "sort" => {
                let by = *self.numbers.pick(&["(x, y) => x - y", "(x, y) => y - x", "undefined"]);
                tree!["data.l.sort(", by, ")"]
            }
            _ => tree!["(", list, format!(").{name}()")],
        }
    }

    pub(super) fn list_number(&mut self, depth: usize) -> Tree {
        let list = self.typed(depth, Self::list);
        match self.numbers.below(6) {
            0 | 1 => {
                let name = *self.numbers.pick(&["indexOf", "lastIndexOf"]);
                let wanted = self.any(0);
                if self.numbers.one_in(2) {
                    return tree!["(", list, format!(").{name}("), wanted, ")"];
                }
                tree!["(", list, format!(").{name}("), wanted, ", ", self.position(), ")"]
            }
            2 | 3 => {
                let name = *self.numbers.pick(&["findIndex", "findLastIndex", "find", "findLast"]);
                let (names, body) = self.arrow_parts(depth, &[("x", Kind::Any)], Self::truth);
                tree!["(", list, format!(").{name}({} => ", names.join("")), body, ")"]
            }
            _ => {
                let name = *self.numbers.pick(&["reduce", "reduceRight"]);
                let function = self.arrow(depth.min(1), &[("sum", Kind::Any), ("x", Kind::Any), ("i", Kind::Number)]);
                if self.numbers.one_in(4) {
                    return tree!["(", list, format!(").{name}("), function, ")"];
                }
                tree!["(", list, format!(").{name}("), function, ", ", self.any(0), ")"]
            }
        }
    }

    pub(super) fn joined(&mut self, depth: usize) -> Tree {
        let list = self.typed(depth, Self::list);
        match self.numbers.below(3) {
            0 => tree!["(", list, ").join(", self.typed(0, Self::text), ")"],
            1 => tree!["(", list, ").join()"],
            _ => tree!["String(", list, ")"],
        }
    }

    pub(super) fn key(&mut self) -> &'static str {
        self.numbers.pick::<&'static str>(&["a", "b", "x", "y", "10", "2", "'z w'", "length", "name"])
    }

    pub(super) fn object(&mut self, depth: usize) -> Tree {
        if depth == 0 {
            return tree![*self.numbers.pick(&["data.o", "({})", "({ x: 1, a: 'b' })", "data.r[0]"])];
        }
        let inner = depth - 1;
        match self.numbers.below(7) {
            0 => self.object(0),
            1 => {
                let (first, second) = (self.key(), self.key());
                tree![format!("({{ {first}: "), self.any(inner), format!(", {second}: "), self.any(inner), " })"]
            }
            2 => {
                tree!["({ ...", self.typed(inner, Self::object), ", [", self.text(inner), "]: ", self.any(inner), " })"]
            }
            3 => tree!["Object.assign({}, ", self.typed(inner, Self::object), ", ", self.object(inner), ")"],
            4 => tree!["Object.fromEntries(Object.entries(", self.object(inner), ").map(([k, v]) => [v, k]))"],
            5 => self.choice(inner, Self::object),
            _ => self.called(inner, Self::object),
        }
    }

    /// Chains, optional chains and functions that are called where they stand.
    pub(super) fn called(&mut self, depth: usize, make: fn(&mut Self, usize) -> Tree) -> Tree {
        let value = make(self, depth);
        match self.numbers.below(9) {
            0 => {
                let key = self.key().trim_matches('\'').to_owned();
                tree!["(", value, format!(")?.['{key}']")]
            }
            1 => tree!["data.o?.", *self.numbers.pick(&["x", "y", "q?.r", "x.y?.z", "x?.[0]", "q.r"])],
            2 => {
                let (names, body) = self.arrow_parts(depth, &[("p", Kind::Any)], make);
                tree![format!("({} => ", names.join("")), body, ")(", value, ")"]
            }
            3 => {
                let (names, body) = self.arrow_parts(depth, &[("p", Kind::Any), ("q", Kind::Any)], make);
                let [first, second] = &names[..] else { unreachable!("two parameters") };
                tree![format!("(([{first}, {second} = 5] = [1]) => "), body, ")(", self.list(depth), ")"]
            }
            4 => {
                let (names, body) = self.arrow_parts(depth, &[("p", Kind::Any), ("q", Kind::Any)], make);
                let [first, second] = &names[..] else { unreachable!("two parameters") };
                tree![format!("(({{ x: {first}, ...{second} }}) => "), body, ")(", self.object(depth), ")"]
            }
            5 => {
                let (names, body) = self.arrow_parts(depth, &[("p", Kind::Any), ("q", Kind::Any)], make);
                let [first, second] = &names[..] else { unreachable!("two parameters") };
                tree![format!("(({first}, ...{second}) => "), body, ")(...", self.list(depth), ")"]
            }
            6 => tree!["(", self.list(depth), ")[", self.position(), "]"],
            7 => tree!["(", self.text(depth), ")[", self.position(), "]"],
            _ => tree!["(", self.list(depth), ").at(", self.position(), ")"],
        }
    }
}
