//! Pictures: found by their source and decoded.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::walk::all_nodes;
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::TextTemplate;
use crate::limits::Limits;
use crate::picture::{self, Decoded, Drawing, PdfPage, Picture};
use crate::template::Template;
use crate::template::model::Kind;
use crate::world::World;

/// A picture that is ready to be placed.
#[derive(Clone, Debug)]
pub(crate) enum Art {
    /// PNG or JPEG.
    Picture(Arc<Picture>),
    /// SVG.
    Drawing(Arc<Drawing>),
    /// A page of a PDF.
    PdfPage(Arc<PdfPage>),
}

/// Pictures by source.
pub(crate) type ArtTable = BTreeMap<String, Art>;

/// Why there is no picture: a code and what to say.
pub(crate) struct ArtError {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

/// Decodes the pictures whose source is no expression.
pub(super) fn collect(template: &Template, world: &dyn World, findings: &mut Vec<Diagnostic>) -> ArtTable {
    let limits = Limits::default();
    let mut table = ArtTable::new();
    all_nodes(template, &mut |node| {
        let mut need = |source: &TextTemplate, property: &str| {
            let Some(source) = source.as_literal().filter(|source| !table.contains_key(*source)) else { return };
            match load_art(source, template, world, &limits) {
                Ok(art) => {
                    table.insert(source.to_owned(), art);
                }
                Err(error) => {
                    let mut finding =
                        Diagnostic::error(error.code, format!("{}/{property}", node.pointer), error.message);
                    finding.hint = error.hint;
                    findings.push(finding.with_node(Some(node.id.as_str())));
                }
            }
        };
        match &node.kind {
            Kind::Image(image) => {
                need(&image.source, "source");
                image.mask_source().into_iter().for_each(|mask| need(mask, "mask"));
            }
            Kind::Barcode(barcode) => barcode.logo.iter().for_each(|logo| need(logo, "logo")),
            _ => {}
        }
    });
    table
}

/// Finds and decodes a picture: `asset:<name>` (first among the template's own assets, then in the world) or a
/// `data:` URL. Of a PDF it is the first page, or the one that `#page=` at the end of the source names (RFC 8118).
pub(crate) fn load_art(source: &str, template: &Template, world: &dyn World, limits: &Limits) -> Result<Art, ArtError> {
    let shown = || source.chars().take(60).collect::<String>();
    let invalid = |error: picture::PictureError| ArtError {
        code: codes::INVALID_IMAGE,
        message: format!("the picture \"{}\" cannot be read: {error}", shown()),
        hint: None,
    };
    let (source, page) = picture::split_page(source);
    let decoded = if let Some(name) = source.strip_prefix("asset:") {
        if let Some(url) = template.assets.get(name) {
            let bytes = picture::data_url(url).map_err(invalid)?;
            picture::decode(&bytes, page, limits).map_err(invalid)?
        } else if let Some(bytes) = world.assets().asset(name) {
            picture::decode(&bytes, page, limits).map_err(invalid)?
        } else {
            return Err(ArtError {
                code: codes::MISSING_IMAGE,
                message: format!("there is no asset \"{}\"", name.chars().take(60).collect::<String>()),
                hint: Some("upload the file under this name, or carry it in \"assets\" of the template".to_owned()),
            });
        }
    } else if source.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
        let bytes = picture::data_url(source).map_err(invalid)?;
        picture::decode(&bytes, page, limits).map_err(invalid)?
    } else {
        return Err(ArtError {
            code: codes::MISSING_IMAGE,
            message: format!("\"{}\" is no source of a picture", shown()),
            hint: Some("use asset:<name> or a data: URL; pictures are not fetched over the network".to_owned()),
        });
    };
    Ok(match decoded {
        Decoded::Picture(picture) => Art::Picture(Arc::new(picture)),
        Decoded::Drawing(drawing) => Art::Drawing(Arc::new(drawing)),
        Decoded::PdfPage(pdf_page) => Art::PdfPage(Arc::new(pdf_page)),
    })
}
