//! SVG 1.1: guarded, simplified by usvg, flattened to paths. What a drawing cannot show is an error, never left out.

mod flatten;
mod guard;
mod paint;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use usvg::{ImageHrefResolver, Options, Tree, roxmltree};

use super::{Drawing, PictureError};
use crate::limits::Limits;

/// Elements of the XML, and elements after `use` is resolved. Drawings have hundreds; some steps of the
/// simplification take time that grows with the square.
const ELEMENT_COUNT_MAX: u32 = 20_000;

/// Reads an SVG. It can name no file and no address: nothing outside its bytes is looked at.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Drawing, PictureError> {
    let text = std::str::from_utf8(bytes).map_err(|_| PictureError::Svg("it is not UTF-8 text".into()))?;
    // Attributes and text count as nodes for the parser as well, so the elements are counted once more below.
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        nodes_limit: ELEMENT_COUNT_MAX.saturating_mul(8),
        ..roxmltree::ParsingOptions::default()
    };
    let xml =
        roxmltree::Document::parse_with_options(text, options).map_err(|error| PictureError::Svg(error.to_string()))?;
    guard::check(&xml, limits)?;

    let has_image = Arc::new(AtomicBool::new(false));
    let (seen_data, seen_address) = (Arc::clone(&has_image), Arc::clone(&has_image));
    let options = Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(move |_, _, _| {
                seen_data.store(true, Ordering::Relaxed);
                None
            }),
            resolve_string: Box::new(move |_, _| {
                seen_address.store(true, Ordering::Relaxed);
                None
            }),
        },
        ..Options::default()
    };
    let tree = Tree::from_xmltree(&xml, &options).map_err(|error| PictureError::Svg(error.to_string()))?;
    if has_image.load(Ordering::Relaxed) {
        return Err(PictureError::SvgFeature { feature: "an embedded raster image" });
    }
    flatten::flatten(&tree)
}

#[cfg(test)]
mod tests;
