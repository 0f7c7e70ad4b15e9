//! Markdown (CommonMark 0.31 with tables and strikethrough): from its source to the blocks of rich text.

mod builder;

#[cfg(test)]
mod tests;

use builder::Builder;
use pulldown_cmark::{Options, Parser};

use crate::expression::TextTemplate;
use crate::template::model::RichBlock;

/// The blocks of a text with expressions. What they give is text: they stand in the source as letters do.
pub(crate) fn blocks_of(template: &TextTemplate) -> Vec<RichBlock> {
    let marked = template.marked();
    parse(&marked, &|text| template.unmarked(text))
}

/// The blocks of Markdown that is known only when it is laid out.
pub(crate) fn blocks_of_text(source: &str) -> Vec<RichBlock> {
    parse(source, &|text| TextTemplate::literal(text))
}

fn parse(source: &str, template: &dyn Fn(&str) -> TextTemplate) -> Vec<RichBlock> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut builder = Builder::new(template);
    for event in Parser::new_ext(source, options) {
        builder.take(event);
    }
    builder.finish()
}
