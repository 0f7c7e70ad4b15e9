//! Chains: `a.b[c]?.d(e)` as one base and its links, without a level for each link.

use super::{Compiled, Compiler, error_at, offset_of, refusal};
use crate::expression::methods::Method;
use crate::expression::tree::{Chain, Link, LinkKind, Node, SystemName};
use oxc_ast::ast;
use oxc_span::{GetSpan, Span};

/// A link as the parser has it.
enum Raw<'t, 'a> {
    Property(&'t ast::StaticMemberExpression<'a>),
    Index(&'t ast::ComputedMemberExpression<'a>),
    Call(&'t ast::CallExpression<'a>),
}

impl Raw<'_, '_> {
    fn optional(&self) -> bool {
        match self {
            Self::Property(member) => member.optional,
            Self::Index(member) => member.optional,
            Self::Call(call) => call.optional,
        }
    }

    fn end(&self) -> u32 {
        match self {
            Self::Property(member) => member.span.end,
            Self::Index(member) => member.span.end,
            Self::Call(call) => call.span.end,
        }
    }
}

impl Compiler {
    pub(super) fn chain(&mut self, expression: &ast::Expression<'_>, quiet: bool) -> Compiled<Node> {
        let mut raw = Vec::new();
        let mut base = expression;
        if let ast::Expression::ChainExpression(chain) = base {
            base = match &chain.expression {
                ast::ChainElement::CallExpression(call) => {
                    raw.push(Raw::Call(call));
                    &call.callee
                }
                ast::ChainElement::StaticMemberExpression(member) => {
                    raw.push(Raw::Property(member));
                    &member.object
                }
                ast::ChainElement::ComputedMemberExpression(member) => {
                    raw.push(Raw::Index(member));
                    &member.object
                }
                other => return Err(error_at(other.span(), "this cannot be used in an expression")),
            };
        }
        loop {
            base = match base {
                ast::Expression::CallExpression(call) => {
                    raw.push(Raw::Call(call));
                    &call.callee
                }
                ast::Expression::StaticMemberExpression(member) => {
                    raw.push(Raw::Property(member));
                    &member.object
                }
                ast::Expression::ComputedMemberExpression(member) => {
                    raw.push(Raw::Index(member));
                    &member.object
                }
                _ => break,
            };
        }
        raw.reverse();
        let first_name = match base {
            ast::Expression::Identifier(identifier) => Some(identifier.name.as_str()),
            _ => None,
        };
        let Span { start, end: base_end, .. } = base.span();
        let (base, skip) = self.base(base, first_name, raw.first())?;
        let base_end = if skip == 1 { raw.first().map_or(base_end, Raw::end) } else { base_end };
        // The first argument of `ifNull(data.x, …)` is read to find out whether it is there.
        let guards = skip == 0 && first_name == Some("ifNull");
        let mut links = Vec::with_capacity(raw.len());
        let mut rest = raw.get(skip..).unwrap_or_default().iter().peekable();
        while let Some(link) = rest.next() {
            let mut link = self.link(link, &mut rest, guards)?;
            link.quiet = quiet || link.optional || rest.peek().is_some_and(|next| next.optional());
            links.push(link);
        }
        if links.is_empty() {
            return Ok(base);
        }
        Ok(Node::Chain(Box::new(Chain { base, links: links.into(), start, base_end })))
    }

    /// Converts the base; gives how many links it has used up.
    fn base(
        &mut self,
        base: &ast::Expression<'_>,
        name: Option<&str>,
        first: Option<&Raw<'_, '_>>,
    ) -> Compiled<(Node, usize)> {
        if let (Some(name), Some(first)) = (name, first)
            && let Some((property, span)) = fixed_property(first)
        {
            if name == "sys" && self.local("sys", span)?.is_none() {
                return Ok((self.system(&property, span)?, 1));
            }
            if let Some(node) = self.namespace_member(name, &property, span)? {
                return Ok((node, 1));
            }
        }
        // What stands in brackets before `?.` is read carefully too.
        Ok((self.node(base, first.is_some_and(Raw::optional))?, 0))
    }

    fn system(&mut self, property: &str, span: Span) -> Compiled<Node> {
        let name = match property {
            "pageNumber" => {
                self.facts.uses_page_number = true;
                SystemName::PageNumber
            }
            "totalPages" => {
                self.facts.uses_total_pages = true;
                SystemName::TotalPages
            }
            "now" => SystemName::Now,
            "class" | "classLabel" => {
                self.facts.uses_class = true;
                if property == "class" { SystemName::Class } else { SystemName::ClassLabel }
            }
            other => {
                return Err(error_at(span, format!("`sys` has no `{other}`")).with_hint(
                    "there are `sys.pageNumber`, `sys.totalPages`, `sys.now`, `sys.class` and `sys.classLabel`",
                ));
            }
        };
        self.facts.uses_context = true;
        Ok(Node::System(name, offset_of(span)))
    }

    /// Converts one link, or two when a property is called.
    fn link<'r, 't, 'a>(
        &mut self,
        raw: &Raw<'t, 'a>,
        rest: &mut std::iter::Peekable<std::slice::Iter<'r, Raw<'t, 'a>>>,
        guards: bool,
    ) -> Compiled<Link>
    where
        't: 'r,
        'a: 'r,
    {
        let (optional, end) = (raw.optional(), raw.end());
        let link = |kind, offset| Link { kind, optional, quiet: false, offset, end };
        if let Some((property, span)) = fixed_property(raw) {
            refusal::check_property(&property, span)?;
            // `a.b?.()` calls what was read; only `a.b()` calls a method.
            if let Some(Raw::Call(call)) = rest.next_if(|next| matches!(next, Raw::Call(call) if !call.optional)) {
                let method = Method::from_name(&property);
                self.facts.uses_context |= method.is_some_and(Method::uses_context);
                let arguments = self.arguments(&call.arguments, false)?;
                let kind = LinkKind::Method { name: property.into(), method, arguments };
                return Ok(link(kind, offset_of(span)));
            }
            return Ok(link(LinkKind::Property(property.into()), offset_of(span)));
        }
        match raw {
            Raw::Index(member) => {
                let index = self.node(&member.expression, false)?;
                Ok(link(LinkKind::Index(index), offset_of(member.expression.span())))
            }
            Raw::Call(call) => {
                let arguments = self.arguments(&call.arguments, guards)?;
                Ok(link(LinkKind::Call(arguments), offset_of(call.callee.span())))
            }
            // A property with a dot always has a fixed name.
            Raw::Property(member) => Err(error_at(member.span, "this cannot be used in an expression")),
        }
    }
}

/// The name of a property that is written out, with a dot or as a string in brackets.
fn fixed_property(raw: &Raw<'_, '_>) -> Option<(String, Span)> {
    match raw {
        Raw::Property(member) => Some((member.property.name.as_str().to_owned(), member.property.span)),
        Raw::Index(member) => match &member.expression {
            ast::Expression::StringLiteral(literal) if !literal.lone_surrogates => {
                Some((literal.value.as_str().to_owned(), literal.span))
            }
            _ => None,
        },
        Raw::Call(_) => None,
    }
}
