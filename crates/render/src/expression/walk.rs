//! Walking over a compiled tree, and the paths into the data that are written out in it.

use super::tree::{Argument, Arrow, Chain, Entry, Key, LinkKind, Node, Parameter, Pattern, TemplatePart};

/// A step of a path into the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep<'e> {
    /// A property by its name.
    Property {
        /// The name.
        name: &'e str,
        /// Byte offset of the name in the source.
        offset: usize,
    },
    /// An item of a list, whichever.
    Item,
}

impl Node {
    /// Calls `visit` for every node directly inside this one.
    pub(super) fn each_child<'n>(&'n self, visit: &mut dyn FnMut(&'n Self)) {
        match self {
            Self::Undefined
            | Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::RegularExpression(_)
            | Self::Local(_)
            | Self::Captured(_)
            | Self::Name(_)
            | Self::System(..)
            | Self::Builtin(_) => {}
            Self::Template(parts) => parts.iter().for_each(|part| {
                if let TemplatePart::Value(node) = part {
                    visit(node);
                }
            }),
            Self::List(items) => each_argument(items, visit),
            Self::Object(entries) => entries.iter().for_each(|entry| match entry {
                Entry::Property(key, value) => {
                    each_key(key, visit);
                    visit(value);
                }
                Entry::Spread(node) => visit(node),
            }),
            Self::Unary(_, operand) => visit(operand),
            Self::Binary(binary) => {
                visit(&binary.first);
                binary.rest.iter().for_each(|(_, operand, _)| visit(operand));
            }
            Self::Logical(_, operands) => operands.iter().for_each(visit),
            Self::Conditional(conditional) => {
                visit(&conditional.test);
                visit(&conditional.then);
                visit(&conditional.otherwise);
            }
            Self::Chain(chain) => {
                visit(&chain.base);
                chain.links.iter().for_each(|link| match &link.kind {
                    LinkKind::Property(_) => {}
                    LinkKind::Index(index) => visit(index),
                    LinkKind::Method { arguments, .. } | LinkKind::Call(arguments) => each_argument(arguments, visit),
                });
            }
            Self::Arrow(arrow) => each_in_arrow(arrow, visit),
        }
    }

    /// Calls `visit` with every path into the data that is written out, such as `data.items[0].name`.
    pub(super) fn each_data_path<'n>(&'n self, visit: &mut dyn FnMut(&[PathStep<'n>])) {
        if let Self::Chain(chain) = self
            && matches!(&chain.base, Self::Name(name) if &*name.name == "data")
        {
            let steps = path(chain);
            if !steps.is_empty() {
                visit(&steps);
            }
        }
        self.each_child(&mut |child| child.each_data_path(visit));
    }
}

fn path(chain: &Chain) -> Vec<PathStep<'_>> {
    let mut steps = Vec::new();
    for link in &chain.links {
        steps.push(match &link.kind {
            LinkKind::Property(name) => PathStep::Property { name, offset: link.offset as usize },
            LinkKind::Index(Node::Number(_)) => PathStep::Item,
            _ => break,
        });
    }
    steps
}

fn each_argument<'n>(arguments: &'n [Argument], visit: &mut dyn FnMut(&'n Node)) {
    arguments.iter().for_each(|argument| visit(&argument.node));
}

fn each_key<'n>(key: &'n Key, visit: &mut dyn FnMut(&'n Node)) {
    if let Key::Computed(node) = key {
        visit(node);
    }
}

fn each_in_arrow<'n>(arrow: &'n Arrow, visit: &mut dyn FnMut(&'n Node)) {
    arrow.parameters.iter().for_each(|parameter| each_in_parameter(parameter, visit));
    if let Some(rest) = &arrow.rest {
        each_in_pattern(rest, visit);
    }
    visit(&arrow.body);
}

fn each_in_parameter<'n>(parameter: &'n Parameter, visit: &mut dyn FnMut(&'n Node)) {
    each_in_pattern(&parameter.pattern, visit);
    if let Some(default) = &parameter.default {
        visit(default);
    }
}

fn each_in_pattern<'n>(pattern: &'n Pattern, visit: &mut dyn FnMut(&'n Node)) {
    match pattern {
        Pattern::Name => {}
        Pattern::Object { properties, .. } => properties.iter().for_each(|(key, parameter)| {
            each_key(key, visit);
            each_in_parameter(parameter, visit);
        }),
        Pattern::List { items, rest } => {
            items.iter().flatten().for_each(|parameter| each_in_parameter(parameter, visit));
            if let Some(rest) = rest {
                each_in_pattern(rest, visit);
            }
        }
    }
}
