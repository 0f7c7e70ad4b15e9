//! Strings, lists and objects as they are written.

use super::{Compiled, Compiler, error_at, offset_of, refusal};
use crate::expression::pattern::Pattern;
use crate::expression::tree::{Argument, Entry, Key, Node};
use oxc_ast::ast;
use oxc_span::{GetSpan, Span};
use std::sync::Arc;

/// Takes over a number.
pub(super) fn number(literal: &ast::NumericLiteral<'_>) -> Compiled<Node> {
    let raw = literal.raw.as_ref().map_or("", |raw| raw.as_str());
    if raw.starts_with('0') && raw.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
        return Err(error_at(literal.span, "a number cannot begin with a zero")
            .with_hint("leave the zero out, or write a text in quotes: `'0123'`"));
    }
    Ok(Node::Number(literal.value))
}

/// Takes over the text of a string literal.
pub(super) fn text(span: Span, value: &str, lone_surrogates: bool) -> Compiled<Arc<str>> {
    if lone_surrogates {
        return Err(error_at(span, "the string holds half a surrogate pair")
            .with_hint("write the whole character, such as `\\u{1F600}`"));
    }
    Ok(Arc::from(value))
}

/// Compiles a regular expression.
pub(super) fn pattern(literal: &ast::RegExpLiteral<'_>) -> Compiled<Arc<Pattern>> {
    let flags = literal.regex.flags.to_string();
    let inside = literal.span.start as usize + 1;
    Pattern::compile(literal.regex.pattern.text.as_str(), &flags, inside).map(Arc::new)
}

impl Compiler {
    pub(super) fn list(&mut self, list: &ast::ArrayExpression<'_>) -> Compiled<Node> {
        let mut items = Vec::with_capacity(list.elements.len());
        for element in &list.elements {
            let offset = offset_of(element.span());
            items.push(match element {
                ast::ArrayExpressionElement::SpreadElement(spread) => {
                    Argument { node: self.node(&spread.argument, false)?, spread: true, offset }
                }
                ast::ArrayExpressionElement::Elision(_) => Argument { node: Node::Undefined, spread: false, offset },
                other => {
                    let expression = other.as_expression().ok_or_else(|| error_at(other.span(), "this is no value"))?;
                    Argument { node: self.node(expression, false)?, spread: false, offset }
                }
            });
        }
        Ok(Node::List(items.into()))
    }

    pub(super) fn object(&mut self, object: &ast::ObjectExpression<'_>) -> Compiled<Node> {
        let mut entries = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            entries.push(match property {
                ast::ObjectPropertyKind::SpreadProperty(spread) => Entry::Spread(self.node(&spread.argument, false)?),
                ast::ObjectPropertyKind::ObjectProperty(property) => {
                    if property.kind != ast::PropertyKind::Init || property.method {
                        return Err(error_at(property.span, "methods cannot be written in an expression")
                            .with_hint("write an arrow function: `{ total: item => item.price }`"));
                    }
                    Entry::Property(self.key(&property.key)?, self.node(&property.value, false)?)
                }
            });
        }
        Ok(Node::Object(entries.into()))
    }

    /// Converts the key of an object or of a pattern.
    pub(super) fn key(&mut self, key: &ast::PropertyKey<'_>) -> Compiled<Key> {
        match key {
            ast::PropertyKey::StaticIdentifier(identifier) => {
                refusal::check_property(&identifier.name, identifier.span)?;
                Ok(Key::Fixed(Arc::from(identifier.name.as_str())))
            }
            ast::PropertyKey::PrivateIdentifier(identifier) => {
                Err(error_at(identifier.span, "private names cannot be used"))
            }
            ast::PropertyKey::StringLiteral(literal) => {
                refusal::check_property(&literal.value, literal.span)?;
                text(literal.span, &literal.value, literal.lone_surrogates).map(Key::Fixed)
            }
            ast::PropertyKey::NumericLiteral(literal) => {
                Ok(Key::Fixed(Arc::from(crate::expression::value::number_text(literal.value).as_str())))
            }
            other => {
                let expression = other.as_expression().ok_or_else(|| error_at(other.span(), "this is no key"))?;
                Ok(Key::Computed(self.node(expression, false)?))
            }
        }
    }
}
