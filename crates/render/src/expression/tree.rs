//! The compiled tree: what remains of an expression after it was parsed and checked.

use super::functions::Builtin;
use super::methods::Method;
use std::sync::Arc;

/// One step of a compiled expression.
#[derive(Debug)]
pub(super) enum Node {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(Arc<str>),
    RegularExpression(Arc<super::pattern::Pattern>),
    /// A parameter of the arrow function around.
    Local(u16),
    /// A parameter of an arrow function further out.
    Captured(u16),
    Name(Box<Name>),
    System(SystemName, u32),
    Builtin(&'static Builtin),
    Template(Box<[TemplatePart]>),
    List(Box<[Argument]>),
    Object(Box<[Entry]>),
    Unary(UnaryOperator, Box<Node>),
    Binary(Box<Binary>),
    Logical(LogicalOperator, Box<[Node]>),
    Conditional(Box<Conditional>),
    Chain(Box<Chain>),
    Arrow(Arc<Arrow>),
}

/// A name that is looked up in the scope first and among the functions then.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) name: Box<str>,
    pub(super) builtin: Option<&'static Builtin>,
    pub(super) offset: u32,
    /// Whether an unknown name is `undefined` here, as under `typeof`.
    pub(super) optional: bool,
}

/// What `sys` offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SystemName {
    PageNumber,
    TotalPages,
    Now,
    Class,
    ClassLabel,
}

/// A piece of a template string.
#[derive(Debug)]
pub(super) enum TemplatePart {
    Text(Box<str>),
    Value(Node),
}

/// An argument of a call or an item of a list.
#[derive(Debug)]
pub(super) struct Argument {
    pub(super) node: Node,
    pub(super) spread: bool,
    pub(super) offset: u32,
}

/// An entry of an object.
#[derive(Debug)]
pub(super) enum Entry {
    Property(Key, Node),
    Spread(Node),
}

/// The key of a property.
#[derive(Debug)]
pub(super) enum Key {
    Fixed(Arc<str>),
    Computed(Node),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnaryOperator {
    Plus,
    Minus,
    Not,
    BitNot,
    TypeOf,
    Void,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Equal,
    NotEqual,
    StrictEqual,
    StrictNotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    ShiftLeft,
    ShiftRight,
    ShiftRightZero,
    BitAnd,
    BitOr,
    BitXor,
    In,
}

/// Operators from left to right; a long sum is one of these and not one level for each term.
#[derive(Debug)]
pub(super) struct Binary {
    pub(super) first: Node,
    pub(super) rest: Box<[(BinaryOperator, Node, u32)]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogicalOperator {
    And,
    Or,
    Coalesce,
}

#[derive(Debug)]
pub(super) struct Conditional {
    pub(super) test: Node,
    pub(super) then: Node,
    pub(super) otherwise: Node,
}

/// A value with everything that is read from it or called on it; `?.` ends the whole chain.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) base: Node,
    pub(super) links: Box<[Link]>,
    pub(super) start: u32,
    pub(super) base_end: u32,
}

#[derive(Debug)]
pub(super) struct Link {
    pub(super) kind: LinkKind,
    /// Whether it is written `?.`.
    pub(super) optional: bool,
    /// Whether a missing property is expected here and not recorded.
    pub(super) quiet: bool,
    /// Where the link itself stands, for errors.
    pub(super) offset: u32,
    /// Where the chain up to this link ends in the source, for the path of what is unresolved.
    pub(super) end: u32,
}

#[derive(Debug)]
pub(super) enum LinkKind {
    Property(Box<str>),
    Index(Node),
    Method { name: Box<str>, method: Option<Method>, arguments: Box<[Argument]> },
    Call(Box<[Argument]>),
}

/// An arrow function.
#[derive(Debug)]
pub(super) struct Arrow {
    pub(super) parameters: Box<[Parameter]>,
    pub(super) rest: Option<Pattern>,
    /// Where the values of `Node::Captured` come from when the function is made.
    pub(super) captures: Box<[Capture]>,
    pub(super) body: Node,
}

#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) pattern: Pattern,
    pub(super) default: Option<Node>,
}

/// What a parameter takes apart; each name takes the next local place.
#[derive(Debug)]
pub(super) enum Pattern {
    Name,
    Object { properties: Box<[(Key, Parameter)]>, rest: bool },
    List { items: Box<[Option<Parameter>]>, rest: Option<Box<Pattern>> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Capture {
    Local(u16),
    Captured(u16),
}
