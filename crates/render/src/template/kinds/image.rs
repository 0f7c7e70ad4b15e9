//! Image nodes, and the form of their sources.

use serde_json::Value as Json;

use super::image_shape::{CROP, MaskShape};
use super::{BOX_BINDABLE, KindEntry, Needs};
use crate::expression::TextTemplate;
use crate::template::describe::{Description, Form};
use crate::template::look::{StrokeShape, read_fill};
use crate::template::model::{BoxLook, Fit, ImageCut, ImageMask, ImageNode, Kind};
use crate::template::node::Place;
use crate::template::paint::SHADOW;
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::root::is_picture_url;
use crate::template::shape::{Choice, Factor, Length, Pair, Shape, Sides, TemplateText};

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "image",
    definition: "imageNode",
    title: "an image node",
    doc: "A picture: PNG, JPEG, SVG, or a page of a PDF.",
    placed: true,
    needs: Needs::Nothing,
    bindable: BOX_BINDABLE,
    read,
};

const FIT: Choice<Fit> = Choice(&[("contain", Fit::Contain), ("cover", Fit::Cover), ("fill", Fit::Fill)]);

const SHARE: Factor = Factor { phrase: "a number from 0 to 1", minimum: 0.0, maximum: 1.0 };

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let fill = read_fill(reader);
    let shadow = reader.optional("shadow", SHADOW, "What the box throws on what is behind it.");
    let stroke = reader.optional("stroke", StrokeShape, "Border: a colour, or a stroke object.");
    let padding = reader.or("padding", Sides, [0.0; 4], "Space between the border and the picture.");
    let fit = reader.or(
        "fit",
        FIT,
        Fit::Contain,
        "How it fits into its box: wholly visible, covering the box, or stretched.",
    );
    let focus = reader.or(
        "focus",
        Pair("[across, down], each from 0 to 1", SHARE),
        [0.5; 2],
        "Which part stays visible, or where the picture stands in its box: 0 is left or top, 1 is right or bottom.",
    );
    let source = reader.required("source", SourceShape, "`asset:` and the name of an asset, or a `data:` URL. Of a PDF it is the first page; `#page=2` at the end names \
         another one.");
    let radius = reader.or("radius", Length::DISTANCE, 0.0, "Radius of the corners of box and picture.");
    let crop = reader.optional("crop", CROP, "The part of the picture that is shown; all of it, when nothing is said.");
    let mask = reader.optional("mask", MaskShape, "The shape that the picture is cut to: `ellipse`, or a path; or the source of a PNG, where it is opaque or light the picture is seen.");
    if mask.as_ref().is_some_and(|mask| !matches!(mask, ImageMask::Picture(_))) {
        reader.no_effect("radius", "beside a `mask` that is a shape");
    }
    let look = BoxLook { fill, shadow, stroke, radius, padding };
    let cut = (crop.is_some() || mask.is_some()).then(|| Box::new(ImageCut { crop, mask }));
    Some(Kind::Image(ImageNode { source: source?, fit, focus, cut, look }))
}

/// Where a picture comes from.
#[derive(Clone, Copy)]
pub(super) struct SourceShape;

impl Shape for SourceShape {
    type Value = TextTemplate;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<TextTemplate> {
        let source = TemplateText.read(json, reading)?;
        if let Some(literal) = source.as_literal() {
            let known = literal.strip_prefix("asset:").is_some_and(|name| !name.is_empty()) || is_picture_url(literal);
            if !known {
                let hint = "write asset: and the name of an asset, or a data: URL with image/png, image/jpeg, image/svg+xml or application/pdf";
                reading.not_allowed("the source of a picture", json, Some(hint.to_owned()));
                return None;
            }
        }
        Some(source)
    }

    fn form(&self, description: &mut Description) -> Form {
        TemplateText.form(description)
    }
}
