//! The compiler: checks a parsed expression against the allowed subset and converts it into the compact tree.

mod arrow;
mod chain;
mod literal;
mod misread;
mod refusal;

use super::error::ExpressionError;
use super::functions::{self, Member};
use super::scan::{self, SOURCE_SIZE_BYTES_MAX, Stop};
use super::tree::{
    Argument, Binary, BinaryOperator, Conditional, LogicalOperator, Name, Node, TemplatePart, UnaryOperator,
};
use arrow::Function;
use oxc_allocator::Allocator;
use oxc_ast::ast;
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType, Span};
use oxc_syntax::operator;

type Compiled<T> = Result<T, ExpressionError>;

/// What is known of an expression without running it.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Names that come from the scope or are functions, each once, in order of appearance.
    pub(super) names: Vec<Box<str>>,
    pub(super) uses_page_number: bool,
    pub(super) uses_total_pages: bool,
    pub(super) uses_class: bool,
    /// Whether the result depends on the clock or the locale without naming anything.
    pub(super) uses_context: bool,
}

/// Compiles a whole source; `quiet` says that missing properties are expected, as in a condition.
pub(super) fn compile(source: &str, depth_max: u32, quiet: bool) -> Compiled<(Node, Facts)> {
    if source.len() > SOURCE_SIZE_BYTES_MAX {
        let message = format!("the expression is longer than {SOURCE_SIZE_BYTES_MAX} bytes");
        return Err(ExpressionError::new(0, source.len(), message));
    }
    if source.trim().is_empty() {
        return Err(ExpressionError::new(0, source.len(), "the expression is empty")
            .with_hint("write a value, such as `data.number`"));
    }
    scan::scan(source, Stop::End, depth_max)?;
    let allocator = Allocator::default();
    let parsed =
        Parser::new(&allocator, source, SourceType::mjs()).parse_expression().map_err(
            |diagnostics| match diagnostics.into_iter().next() {
                Some(first) => {
                    let place = first.labels.first().map(|label| (label.offset() as usize, label.len() as usize));
                    misread::explained(source, &first.message, place)
                }
                None => misread::explained(source, "unknown reason", None),
            },
        )?;
    refusal::check_complete(source, parsed.span())?;
    let mut compiler = Compiler { depth: 0, depth_max, functions: Vec::new(), facts: Facts::default() };
    let node = compiler.node(&parsed, quiet)?;
    Ok((node, compiler.facts))
}

struct Compiler {
    depth: u32,
    depth_max: u32,
    /// The arrow functions around the current node, outermost first.
    functions: Vec<Function>,
    facts: Facts,
}

fn offset_of(span: Span) -> u32 {
    span.start
}

fn error_at(span: Span, message: impl Into<String>) -> ExpressionError {
    ExpressionError::new(span.start as usize, span.size() as usize, message)
}

impl Compiler {
    /// Converts one node; `quiet` holds for what is read directly, not for arguments of calls.
    fn node(&mut self, expression: &ast::Expression<'_>, quiet: bool) -> Compiled<Node> {
        self.depth += 1;
        if self.depth > self.depth_max {
            let message = format!("the expression is nested deeper than {} levels", self.depth_max);
            return Err(error_at(expression.span(), message));
        }
        let node = self.convert(expression, quiet);
        self.depth -= 1;
        node
    }

    fn convert(&mut self, expression: &ast::Expression<'_>, quiet: bool) -> Compiled<Node> {
        use ast::Expression as E;
        match expression {
            E::BooleanLiteral(literal) => Ok(Node::Bool(literal.value)),
            E::NullLiteral(_) => Ok(Node::Null),
            E::NumericLiteral(literal) => literal::number(literal),
            E::StringLiteral(literal) => {
                literal::text(literal.span, &literal.value, literal.lone_surrogates).map(Node::Text)
            }
            E::RegExpLiteral(literal) => literal::pattern(literal).map(Node::RegularExpression),
            E::TemplateLiteral(template) => self.template(template),
            E::Identifier(identifier) => self.name(&identifier.name, identifier.span, false),
            E::ArrayExpression(list) => self.list(list),
            E::ObjectExpression(object) => self.object(object),
            E::ArrowFunctionExpression(arrow) => self.arrow(arrow),
            E::UnaryExpression(unary) => self.unary(unary, quiet),
            E::BinaryExpression(binary) => self.binary(binary, quiet),
            E::LogicalExpression(logical) => self.logical(logical, quiet),
            E::ConditionalExpression(conditional) => Ok(Node::Conditional(Box::new(Conditional {
                test: self.node(&conditional.test, true)?,
                then: self.node(&conditional.consequent, quiet)?,
                otherwise: self.node(&conditional.alternate, quiet)?,
            }))),
            E::ParenthesizedExpression(inner) => self.node(&inner.expression, quiet),
            E::ChainExpression(_)
            | E::CallExpression(_)
            | E::StaticMemberExpression(_)
            | E::ComputedMemberExpression(_) => self.chain(expression, quiet),
            other => Err(refusal::of(other)),
        }
    }

    /// Converts a name; `optional` says that an unknown one is `undefined`.
    fn name(&mut self, name: &str, span: Span, optional: bool) -> Compiled<Node> {
        if let Some(local) = self.local(name, span)? {
            return Ok(local);
        }
        match name {
            "undefined" => return Ok(Node::Undefined),
            "NaN" => return Ok(Node::Number(f64::NAN)),
            "Infinity" => return Ok(Node::Number(f64::INFINITY)),
            "sys" => {
                return Err(error_at(span, "`sys` is no value by itself").with_hint(
                    "write `sys.pageNumber`, `sys.totalPages`, `sys.now`, `sys.class` or `sys.classLabel`",
                ));
            }
            _ => {}
        }
        if functions::is_namespace(name) {
            return functions::callable_namespace(name).map(Node::Builtin).ok_or_else(|| {
                error_at(span, format!("`{name}` is no value by itself"))
                    .with_hint(format!("write `{name}.` and one of {}", functions::member_names(name)))
            });
        }
        if let Some(error) = refusal::of_name(name, span) {
            return Err(error);
        }
        if !self.facts.names.iter().any(|known| **known == *name) {
            self.facts.names.push(name.into());
        }
        Ok(Node::Name(Box::new(Name {
            name: name.into(),
            builtin: functions::function(name),
            offset: offset_of(span),
            optional,
        })))
    }

    /// Resolves `Math.round` and its like.
    fn namespace_member(&mut self, namespace: &str, member: &str, span: Span) -> Compiled<Option<Node>> {
        if !functions::is_namespace(namespace) || self.local(namespace, span)?.is_some() {
            return Ok(None);
        }
        match functions::member(namespace, member) {
            Some(Member::Function(builtin)) => Ok(Some(Node::Builtin(builtin))),
            Some(Member::Constant(number)) => Ok(Some(Node::Number(number))),
            None => Err(refusal::of_member(namespace, member, span)),
        }
    }

    fn template(&mut self, template: &ast::TemplateLiteral<'_>) -> Compiled<Node> {
        let mut parts = Vec::new();
        let mut expressions = template.expressions.iter();
        for quasi in &template.quasis {
            let cooked =
                quasi.value.cooked.as_ref().ok_or_else(|| error_at(quasi.span, "this escape is not allowed"))?;
            let text = literal::text(quasi.span, cooked, quasi.lone_surrogates)?;
            if !text.is_empty() {
                parts.push(TemplatePart::Text(Box::from(&*text)));
            }
            if let Some(expression) = expressions.next() {
                parts.push(TemplatePart::Value(self.node(expression, false)?));
            }
        }
        Ok(Node::Template(parts.into()))
    }

    fn arguments(&mut self, arguments: &[ast::Argument<'_>], first_quiet: bool) -> Compiled<Box<[Argument]>> {
        let mut out = Vec::with_capacity(arguments.len());
        for (index, argument) in arguments.iter().enumerate() {
            let offset = offset_of(argument.span());
            out.push(match argument {
                ast::Argument::SpreadElement(spread) => {
                    Argument { node: self.node(&spread.argument, false)?, spread: true, offset }
                }
                other => {
                    let expression = other.as_expression().ok_or_else(|| error_at(other.span(), "this is no value"))?;
                    Argument { node: self.node(expression, first_quiet && index == 0)?, spread: false, offset }
                }
            });
        }
        Ok(out.into())
    }

    fn unary(&mut self, unary: &ast::UnaryExpression<'_>, quiet: bool) -> Compiled<Node> {
        use operator::UnaryOperator as O;
        let operator = match unary.operator {
            O::UnaryPlus => UnaryOperator::Plus,
            O::UnaryNegation => UnaryOperator::Minus,
            O::LogicalNot => UnaryOperator::Not,
            O::BitwiseNot => UnaryOperator::BitNot,
            O::Typeof => UnaryOperator::TypeOf,
            O::Void => UnaryOperator::Void,
            O::Delete => {
                return Err(error_at(unary.span, "`delete` cannot be used in an expression")
                    .with_hint("an expression changes nothing; choose what you need with `filter` or `({ a: x.a })`"));
            }
        };
        let quiet = quiet || matches!(operator, UnaryOperator::Not | UnaryOperator::TypeOf);
        let argument = match &unary.argument {
            ast::Expression::Identifier(identifier) if operator == UnaryOperator::TypeOf => {
                self.name(&identifier.name, identifier.span, true)?
            }
            argument => self.node(argument, quiet)?,
        };
        match (operator, argument) {
            (UnaryOperator::Minus, Node::Number(number)) => Ok(Node::Number(-number)),
            (_, argument) => Ok(Node::Unary(operator, Box::new(argument))),
        }
    }

    fn binary(&mut self, binary: &ast::BinaryExpression<'_>, quiet: bool) -> Compiled<Node> {
        // The left spine is walked in a loop, so that a sum of a hundred terms is no hundred levels.
        let mut spine = vec![binary];
        let mut first = &binary.left;
        while let ast::Expression::BinaryExpression(inner) = first {
            spine.push(inner);
            first = &inner.left;
        }
        let compares_nothing = |expression: &ast::Expression<'_>| {
            matches!(expression, ast::Expression::NullLiteral(_))
                || matches!(expression, ast::Expression::Identifier(name) if name.name == "undefined")
        };
        let innermost =
            spine.last().is_some_and(|inner| inner.operator.is_equality() && compares_nothing(&inner.right));
        let first = self.node(first, quiet || innermost)?;
        let mut rest = Vec::with_capacity(spine.len());
        for inner in spine.iter().rev() {
            if let ast::Expression::Identifier(name) = &inner.right
                && self.local(&name.name, name.span)?.is_none()
            {
                refusal::check_filter(inner)?;
            }
            let operator = binary_operator(inner)?;
            let against_nothing = inner.operator.is_equality() && compares_nothing(&inner.left);
            rest.push((operator, self.node(&inner.right, quiet || against_nothing)?, offset_of(inner.span)));
        }
        Ok(Node::Binary(Box::new(Binary { first, rest: rest.into() })))
    }

    fn logical(&mut self, logical: &ast::LogicalExpression<'_>, quiet: bool) -> Compiled<Node> {
        refusal::check_mixture(logical)?;
        let mut operands = vec![&logical.right];
        let mut first = &logical.left;
        while let ast::Expression::LogicalExpression(inner) = first
            && inner.operator == logical.operator
        {
            refusal::check_mixture(inner)?;
            operands.push(&inner.right);
            first = &inner.left;
        }
        operands.push(first);
        let last = operands.len() - 1;
        let nodes = operands
            .iter()
            .rev()
            .enumerate()
            // All but the last are guards: they are read to find out whether they are there.
            .map(|(index, operand)| self.node(operand, quiet || index < last))
            .collect::<Compiled<Vec<Node>>>()?;
        let operator = match logical.operator {
            operator::LogicalOperator::And => LogicalOperator::And,
            operator::LogicalOperator::Or => LogicalOperator::Or,
            operator::LogicalOperator::Coalesce => LogicalOperator::Coalesce,
        };
        Ok(Node::Logical(operator, nodes.into()))
    }
}

fn binary_operator(binary: &ast::BinaryExpression<'_>) -> Compiled<BinaryOperator> {
    use operator::BinaryOperator as O;
    Ok(match binary.operator {
        O::Addition => BinaryOperator::Add,
        O::Subtraction => BinaryOperator::Subtract,
        O::Multiplication => BinaryOperator::Multiply,
        O::Division => BinaryOperator::Divide,
        O::Remainder => BinaryOperator::Remainder,
        O::Exponential => BinaryOperator::Power,
        O::Equality => BinaryOperator::Equal,
        O::Inequality => BinaryOperator::NotEqual,
        O::StrictEquality => BinaryOperator::StrictEqual,
        O::StrictInequality => BinaryOperator::StrictNotEqual,
        O::LessThan => BinaryOperator::Less,
        O::LessEqualThan => BinaryOperator::LessOrEqual,
        O::GreaterThan => BinaryOperator::Greater,
        O::GreaterEqualThan => BinaryOperator::GreaterOrEqual,
        O::ShiftLeft => BinaryOperator::ShiftLeft,
        O::ShiftRight => BinaryOperator::ShiftRight,
        O::ShiftRightZeroFill => BinaryOperator::ShiftRightZero,
        O::BitwiseAnd => BinaryOperator::BitAnd,
        O::BitwiseOR => BinaryOperator::BitOr,
        O::BitwiseXOR => BinaryOperator::BitXor,
        O::In => BinaryOperator::In,
        O::Instanceof => {
            return Err(error_at(binary.span, "`instanceof` cannot be used in an expression")
                .with_hint("use `typeof x` or `Array.isArray(x)`"));
        }
    })
}
