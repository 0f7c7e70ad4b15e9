//! Arrow functions: their parameters get numbered places, so that no name is looked up while they run.

use super::{Compiled, Compiler, error_at};
use crate::expression::tree::{Arrow, Capture, Node, Parameter, Pattern};
use oxc_ast::ast;
use oxc_span::Span;
use std::sync::Arc;

/// The names of an arrow function that is being compiled.
#[derive(Default)]
pub(super) struct Function {
    locals: Vec<Box<str>>,
    captured: Vec<Box<str>>,
    captures: Vec<Capture>,
}

fn place(index: usize, span: Span) -> Compiled<u16> {
    u16::try_from(index).map_err(|_| error_at(span, "the function has too many parameters"))
}

impl Compiler {
    /// Finds a parameter of the arrow functions around.
    pub(super) fn local(&mut self, name: &str, span: Span) -> Compiled<Option<Node>> {
        let Some(innermost) = self.functions.len().checked_sub(1) else { return Ok(None) };
        Ok(self.capture(innermost, name, span)?.map(|capture| match capture {
            Capture::Local(place) => Node::Local(place),
            Capture::Captured(place) => Node::Captured(place),
        }))
    }

    /// Finds a name as the function at a level sees it, and has every function between hand it inwards.
    fn capture(&mut self, level: usize, name: &str, span: Span) -> Compiled<Option<Capture>> {
        let Some(function) = self.functions.get(level) else { return Ok(None) };
        if let Some(index) = function.locals.iter().rposition(|local| **local == *name) {
            return Ok(Some(Capture::Local(place(index, span)?)));
        }
        if let Some(index) = function.captured.iter().position(|captured| **captured == *name) {
            return Ok(Some(Capture::Captured(place(index, span)?)));
        }
        let Some(outer) = level.checked_sub(1) else { return Ok(None) };
        let Some(capture) = self.capture(outer, name, span)? else { return Ok(None) };
        let Some(function) = self.functions.get_mut(level) else { return Ok(None) };
        function.captured.push(name.into());
        function.captures.push(capture);
        Ok(Some(Capture::Captured(place(function.captured.len() - 1, span)?)))
    }

    pub(super) fn arrow(&mut self, arrow: &ast::ArrowFunctionExpression<'_>) -> Compiled<Node> {
        if arrow.r#async {
            return Err(error_at(arrow.span, "`async` cannot be used in an expression"));
        }
        let Some(body) = arrow.body.as_expression() else {
            return Err(error_at(arrow.span, "statements in `{ … }` cannot be used in an expression")
                .with_hint("write `x => x + 1`, or `x => ({ name: x })` to give an object"));
        };
        self.functions.push(Function::default());
        let parts = self.arrow_parts(&arrow.params, body);
        let function = self.functions.pop().unwrap_or_default();
        let (parameters, rest, body) = parts?;
        Ok(Node::Arrow(Arc::new(Arrow { parameters, rest, captures: function.captures.into(), body })))
    }

    fn arrow_parts(
        &mut self,
        params: &ast::FormalParameters<'_>,
        body: &ast::Expression<'_>,
    ) -> Compiled<(Box<[Parameter]>, Option<Pattern>, Node)> {
        let mut parameters = Vec::with_capacity(params.items.len());
        for item in &params.items {
            let default = item.initializer.as_ref().map(|default| self.node(default, false)).transpose()?;
            parameters.push(Parameter { pattern: self.pattern(&item.pattern)?, default });
        }
        let rest = params.rest.as_ref().map(|rest| self.pattern(&rest.rest.argument)).transpose()?;
        let body = self.node(body, false)?;
        Ok((parameters.into(), rest, body))
    }

    fn parameter(&mut self, pattern: &ast::BindingPattern<'_>) -> Compiled<Parameter> {
        if let ast::BindingPattern::AssignmentPattern(assignment) = pattern {
            let default = Some(self.node(&assignment.right, false)?);
            return Ok(Parameter { pattern: self.pattern(&assignment.left)?, default });
        }
        Ok(Parameter { pattern: self.pattern(pattern)?, default: None })
    }

    fn pattern(&mut self, pattern: &ast::BindingPattern<'_>) -> Compiled<Pattern> {
        match pattern {
            ast::BindingPattern::BindingIdentifier(identifier) => {
                if let Some(function) = self.functions.last_mut() {
                    if function.locals.iter().any(|local| **local == *identifier.name) {
                        let message = format!("two parameters are named `{}`", identifier.name);
                        return Err(error_at(identifier.span, message).with_hint("give each its own name"));
                    }
                    function.locals.push(identifier.name.as_str().into());
                }
                Ok(Pattern::Name)
            }
            ast::BindingPattern::ObjectPattern(object) => {
                let mut properties = Vec::with_capacity(object.properties.len());
                for property in &object.properties {
                    properties.push((self.key(&property.key)?, self.parameter(&property.value)?));
                }
                if let Some(rest) = &object.rest {
                    self.pattern(&rest.argument)?;
                }
                Ok(Pattern::Object { properties: properties.into(), rest: object.rest.is_some() })
            }
            ast::BindingPattern::ArrayPattern(list) => {
                let mut items = Vec::with_capacity(list.elements.len());
                for element in &list.elements {
                    items.push(element.as_ref().map(|element| self.parameter(element)).transpose()?);
                }
                let rest = list.rest.as_ref().map(|rest| self.pattern(&rest.argument)).transpose()?;
                Ok(Pattern::List { items: items.into(), rest: rest.map(Box::new) })
            }
            ast::BindingPattern::AssignmentPattern(assignment) => {
                Err(error_at(assignment.span, "a default value cannot stand here"))
            }
        }
    }
}
