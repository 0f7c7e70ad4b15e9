//! What an expression reads of the data, found without running it.
//!
//! Values are followed from where they come to where they are used: through properties, lists, arrow functions and
//! the functions that hand items to them. What cannot be followed counts as used as a whole, so that a field is never
//! called unused when it may be used.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Expression;
use super::functions::Builtin;
use super::tree::{
    Argument, Arrow, Capture, Chain, Entry, Key, Link, LinkKind, Node, Parameter, Pattern, TemplatePart,
};
use crate::data::DataPath;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Origin {
    /// It is computed, or nothing is known of it.
    Unknown,
    /// It stands in the data.
    Data(DataPath),
    /// A list whose items come from there.
    List(Rc<Self>),
    /// An object with these properties.
    Object(Rc<[(Box<str>, Self)]>),
    /// One or the other.
    Either(Rc<[Self]>),
}

impl Origin {
    /// The origin of an item of a list.
    pub(crate) fn item(&self) -> Self {
        match self {
            Self::Data(path) => Self::Data(path.item()),
            Self::List(item) => (**item).clone(),
            Self::Either(origins) => Self::either(origins.iter().map(Self::item).collect()),
            Self::Unknown | Self::Object(_) => Self::Unknown,
        }
    }

    /// An object that a group of items is: `{ key, items, index, count }`.
    pub(crate) fn group_of(list: Self) -> Self {
        Self::Object([("key".into(), Self::Unknown), ("items".into(), list)].into())
    }

    fn either(mut origins: Vec<Self>) -> Self {
        origins.retain(|origin| *origin != Self::Unknown);
        match origins.len() {
            0 => Self::Unknown,
            1 => origins.pop().unwrap_or(Self::Unknown),
            _ => Self::Either(origins.into()),
        }
    }
}

/// How a place in the data is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manner {
    /// The value itself is used, with all that is inside.
    pub(crate) whole: bool,
    /// It is expected to be there: nothing like `?.` or `??` guards it.
    pub(crate) expected: bool,
}

/// The places that were read, with their manner.
pub(crate) type Reads = BTreeMap<DataPath, Manner>;

/// Names of a scope and where their values come from, the innermost last.
pub(crate) type Names<'n> = Vec<(&'n str, Origin)>;

impl Expression {
    /// Adds what the expression reads, and tells where its value comes from; the value itself is not used yet.
    pub(crate) fn trace(&self, names: &Names<'_>, reads: &mut Reads) -> Origin {
        Tracer { names, reads }.node(&self.0.node, &Frame::default())
    }

    /// Adds what the expression reads when its value is used as a whole, as in a text.
    pub(crate) fn trace_whole(&self, names: &Names<'_>, reads: &mut Reads) {
        let origin = self.trace(names, reads);
        use_whole(&origin, reads);
    }
}

/// The value is used with all that is inside.
fn use_whole(origin: &Origin, reads: &mut Reads) {
    match origin {
        Origin::Unknown => {}
        Origin::Data(path) => reads.entry(path.clone()).or_default().whole = true,
        Origin::List(item) => use_whole(item, reads),
        Origin::Object(entries) => entries.iter().for_each(|(_, origin)| use_whole(origin, reads)),
        Origin::Either(origins) => origins.iter().for_each(|origin| use_whole(origin, reads)),
    }
}

/// The values of an arrow function's parameters, and of those around it that it uses.
#[derive(Default)]
struct Frame {
    locals: Vec<Origin>,
    captured: Vec<Origin>,
}

struct Tracer<'t> {
    names: &'t Names<'t>,
    reads: &'t mut Reads,
}

impl Tracer<'_> {
    fn node(&mut self, node: &Node, frame: &Frame) -> Origin {
        match node {
            Node::Local(place) => frame.locals.get(usize::from(*place)).cloned().unwrap_or(Origin::Unknown),
            Node::Captured(place) => frame.captured.get(usize::from(*place)).cloned().unwrap_or(Origin::Unknown),
            Node::Name(name) => self.name(&name.name).unwrap_or(Origin::Unknown),
            Node::RegularExpression(_) => Origin::Unknown,
            Node::Template(parts) => {
                for part in parts {
                    if let TemplatePart::Value(node) = part {
                        self.whole(node, frame);
                    }
                }
                Origin::Unknown
            }
            Node::List(items) => {
                let items = items.iter().map(|item| match self.node(&item.node, frame) {
                    origin if item.spread => origin.item(),
                    origin => origin,
                });
                let items = items.collect();
                Origin::List(Rc::new(Origin::either(items)))
            }
            Node::Object(entries) => self.object(entries, frame),
            Node::Unary(_, inner) => {
                self.node(inner, frame);
                Origin::Unknown
            }
            Node::Binary(binary) => {
                self.whole(&binary.first, frame);
                binary.rest.iter().for_each(|(_, node, _)| self.whole(node, frame));
                Origin::Unknown
            }
            Node::Logical(_, nodes) => {
                let origins = nodes.iter().map(|node| self.node(node, frame)).collect();
                Origin::either(origins)
            }
            Node::Conditional(conditional) => {
                self.node(&conditional.test, frame);
                let branches = vec![self.node(&conditional.then, frame), self.node(&conditional.otherwise, frame)];
                Origin::either(branches)
            }
            Node::Chain(chain) => self.chain(chain, frame),
            Node::Arrow(arrow) => {
                // A function that nobody known calls: what it reads of the data around it is still read.
                let result = self.apply(arrow, frame, &[]);
                use_whole(&result, self.reads);
                Origin::Unknown
            }
            Node::Undefined
            | Node::Null
            | Node::Bool(_)
            | Node::Number(_)
            | Node::Text(_)
            | Node::System(..)
            | Node::Builtin(_) => Origin::Unknown,
        }
    }

    fn whole(&mut self, node: &Node, frame: &Frame) {
        let origin = self.node(node, frame);
        use_whole(&origin, self.reads);
    }

    fn name(&self, name: &str) -> Option<Origin> {
        self.names.iter().rev().find(|(known, _)| *known == name).map(|(_, origin)| origin.clone())
    }

    fn object(&mut self, entries: &[Entry], frame: &Frame) -> Origin {
        let mut properties = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry {
                Entry::Property(Key::Fixed(name), node) => {
                    properties.push((Box::from(&**name), self.node(node, frame)));
                }
                Entry::Property(Key::Computed(key), node) => {
                    self.whole(key, frame);
                    self.whole(node, frame);
                }
                Entry::Spread(node) => self.whole(node, frame),
            }
        }
        Origin::Object(properties.into())
    }

    fn chain(&mut self, chain: &Chain, frame: &Frame) -> Origin {
        let mut links = chain.links.iter();
        let builtin = match &chain.base {
            Node::Builtin(builtin) => Some(*builtin),
            Node::Name(name) if self.name(&name.name).is_none() => name.builtin,
            _ => None,
        };
        let mut origin = match (builtin, chain.links.first()) {
            (Some(builtin), Some(Link { kind: LinkKind::Call(arguments), .. })) => {
                links.next();
                self.call(builtin, arguments, frame)
            }
            _ => self.node(&chain.base, frame),
        };
        for link in links {
            origin = match &link.kind {
                LinkKind::Property(name) => self.property(&origin, name, !link.quiet),
                LinkKind::Index(index) => self.index(&origin, index, frame),
                LinkKind::Method { name, arguments, .. } => self.method(&origin, name, arguments, frame),
                LinkKind::Call(arguments) => {
                    use_whole(&origin, self.reads);
                    self.arguments(arguments, &Origin::Unknown, frame);
                    Origin::Unknown
                }
            };
        }
        origin
    }

    fn property(&mut self, origin: &Origin, name: &str, expected: bool) -> Origin {
        match origin {
            Origin::Data(path) => {
                let path = path.name(name);
                self.reads.entry(path.clone()).or_default().expected |= expected;
                Origin::Data(path)
            }
            Origin::Object(entries) => entries
                .iter()
                .rev()
                .find(|(known, _)| **known == *name)
                .map_or(Origin::Unknown, |(_, origin)| origin.clone()),
            Origin::Either(origins) => {
                // Whichever of them it is may lack the property.
                Origin::either(origins.iter().map(|origin| self.property(origin, name, false)).collect())
            }
            Origin::List(_) | Origin::Unknown => Origin::Unknown,
        }
    }

    fn index(&mut self, origin: &Origin, index: &Node, frame: &Frame) -> Origin {
        if !matches!(index, Node::Number(_)) {
            // It may be the name of any property.
            self.whole(index, frame);
            use_whole(origin, self.reads);
        }
        origin.item()
    }

    /// Arguments that are handed to something: functions among them are called with `item`, values are used.
    fn arguments(&mut self, arguments: &[Argument], item: &Origin, frame: &Frame) -> Origin {
        let mut result = Origin::Unknown;
        for argument in arguments {
            match &argument.node {
                Node::Arrow(arrow) => result = self.apply(arrow, frame, &[item.clone(), Origin::Unknown]),
                node => self.whole(node, frame),
            }
        }
        result
    }

    fn method(&mut self, origin: &Origin, name: &str, arguments: &[Argument], frame: &Frame) -> Origin {
        let item = origin.item();
        match name {
            "filter" => {
                self.judge(arguments, &[item], frame);
                origin.clone()
            }
            "sort" | "toSorted" => {
                self.judge(arguments, &[item.clone(), item], frame);
                origin.clone()
            }
            "find" | "findLast" => {
                self.judge(arguments, std::slice::from_ref(&item), frame);
                item
            }
            "some" | "every" | "findIndex" | "findLastIndex" => {
                self.judge(arguments, &[item], frame);
                Origin::Unknown
            }
            "map" => Origin::List(Rc::new(self.arguments(arguments, &item, frame))),
            "flatMap" => Origin::List(Rc::new(self.arguments(arguments, &item, frame).item())),
            "reduce" | "reduceRight" => {
                self.judge(arguments, &[Origin::Unknown, item], frame);
                Origin::Unknown
            }
            "slice" | "reverse" | "toReversed" | "concat" | "with" => {
                let mut origins = vec![origin.clone()];
                origins.extend(arguments.iter().map(|argument| self.node(&argument.node, frame)));
                Origin::either(origins)
            }
            "at" => {
                self.arguments(arguments, &Origin::Unknown, frame);
                item
            }
            "flat" => Origin::List(Rc::new(item.item())),
            _ => {
                use_whole(origin, self.reads);
                self.arguments(arguments, &Origin::Unknown, frame);
                Origin::Unknown
            }
        }
    }

    /// Functions whose result is looked at and not kept.
    fn judge(&mut self, arguments: &[Argument], values: &[Origin], frame: &Frame) {
        for argument in arguments {
            match &argument.node {
                Node::Arrow(arrow) => {
                    let result = self.apply(arrow, frame, values);
                    use_whole(&result, self.reads);
                }
                node => self.whole(node, frame),
            }
        }
    }

    fn call(&mut self, builtin: &Builtin, arguments: &[Argument], frame: &Frame) -> Origin {
        match builtin.name {
            "ifNull" => {
                let origins = arguments.iter().map(|argument| self.node(&argument.node, frame)).collect();
                Origin::either(origins)
            }
            "sum" | "avg" | "min" | "max" | "count" | "unique" | "sortBy" | "group" => {
                let Some((list, rest)) = arguments.split_first() else { return Origin::Unknown };
                let list = self.node(&list.node, frame);
                let item = list.item();
                match rest.first().map(|picker| &picker.node) {
                    Some(Node::Text(name)) => {
                        let picked = self.property(&item, name, true);
                        use_whole(&picked, self.reads);
                    }
                    Some(_) => self.judge(rest, &[item], frame),
                    None if builtin.name == "count" => {}
                    None => use_whole(&list, self.reads),
                }
                match builtin.name {
                    "unique" | "sortBy" => list,
                    "group" => Origin::List(Rc::new(Origin::group_of(list))),
                    _ => Origin::Unknown,
                }
            }
            _ => {
                self.arguments(arguments, &Origin::Unknown, frame);
                Origin::Unknown
            }
        }
    }

    /// Calls a function with values; gives where its result comes from.
    fn apply(&mut self, arrow: &Arrow, around: &Frame, values: &[Origin]) -> Origin {
        let captured = arrow.captures.iter().map(|capture| match capture {
            Capture::Local(place) => around.locals.get(usize::from(*place)),
            Capture::Captured(place) => around.captured.get(usize::from(*place)),
        });
        let captured = captured.map(|origin| origin.cloned().unwrap_or(Origin::Unknown)).collect();
        let mut frame = Frame { locals: Vec::new(), captured };
        for (index, parameter) in arrow.parameters.iter().enumerate() {
            let value = values.get(index).cloned().unwrap_or(Origin::Unknown);
            self.parameter(parameter, value, &mut frame);
        }
        if let Some(rest) = &arrow.rest {
            self.pattern(rest, Origin::Unknown, &mut frame);
        }
        self.node(&arrow.body, &frame)
    }

    fn parameter(&mut self, parameter: &Parameter, value: Origin, frame: &mut Frame) {
        if let Some(default) = &parameter.default {
            self.whole(default, frame);
        }
        self.pattern(&parameter.pattern, value, frame);
    }

    /// Takes a value apart; every name takes the next local place.
    fn pattern(&mut self, pattern: &Pattern, value: Origin, frame: &mut Frame) {
        match pattern {
            Pattern::Name => frame.locals.push(value),
            Pattern::Object { properties, rest } => {
                for (key, parameter) in properties {
                    let inside = match key {
                        Key::Fixed(name) => self.property(&value, name, parameter.default.is_none()),
                        Key::Computed(key) => {
                            self.whole(key, frame);
                            use_whole(&value, self.reads);
                            Origin::Unknown
                        }
                    };
                    self.parameter(parameter, inside, frame);
                }
                if *rest {
                    use_whole(&value, self.reads);
                    frame.locals.push(Origin::Unknown);
                }
            }
            Pattern::List { items, rest } => {
                for parameter in items.iter().flatten() {
                    self.parameter(parameter, value.item(), frame);
                }
                if let Some(rest) = rest {
                    self.pattern(rest, value.clone(), frame);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    /// What a source reads: `!` marks what must be there, `*` what is used as a whole.
    fn reads(source: &str) -> String {
        let names = vec![
            ("data", Origin::Data(DataPath::default())),
            ("item", Origin::Data(DataPath::default().name("items").item())),
        ];
        let mut reads = Reads::new();
        Expression::compile(source, &Limits::default()).unwrap().trace_whole(&names, &mut reads);
        let shown = reads.iter().map(|(path, manner)| {
            format!("{path}{}{}", if manner.expected { "!" } else { "" }, if manner.whole { "*" } else { "" })
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn properties_are_followed_through_lists_functions_and_groups() {
        for (source, expected) in [
            ("data.customer.name", "customer! customer.name!*"),
            ("item.qty * item.price", "items[].price!* items[].qty!*"),
            ("sum(data.items, i => i.qty * i.price)", "items! items[].price!* items[].qty!*"),
            ("sum(data.items, 'price')", "items! items[].price!*"),
            ("data.items.filter(i => i.on).map(i => i.name).join(', ')", "items! items[].name!* items[].on!*"),
            ("data.items[0].name", "items! items[].name!*"),
            ("data.items.find(i => i.id == data.chosen)?.name", "chosen!* items! items[].id!* items[].name*"),
            ("data.items.reduce((total, i) => total + i.price, 0)", "items! items[].price!*"),
            ("group(data.items, 'kind').map(g => sum(g.items, i => i.price))", "items! items[].kind!* items[].price!*"),
            (
                "data.items.map(({ name, tags: [first] }) => name + first)",
                "items! items[].name!* items[].tags! items[].tags[]*",
            ),
            ("data.a ?? data.b", "a* b!*"),
            ("ifNull(data.note, '')", "note*"),
            ("data.labels[item.kind]", "items[].kind!* labels!* labels[]*"),
            ("data.customer ? data.customer.name : data.name", "customer! customer.name!* name!*"),
            ("({ who: data.customer }).who.name", "customer! customer.name!*"),
            ("`${data.city}, ${data.country}`", "city!* country!*"),
            ("JSON.stringify(data.customer)", "customer!*"),
            (
                "data.rows.map(r => r.cells.map(c => c.v + r.unit))",
                "rows! rows[].cells! rows[].cells[].v!* rows[].unit!*",
            ),
            ("other.x + 1", ""),
        ] {
            assert_eq!(reads(source), expected, "{source}");
        }
    }
}
