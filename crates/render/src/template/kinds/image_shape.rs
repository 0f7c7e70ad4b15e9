//! Crops and masks of pictures.

use serde_json::Value as Json;

use super::image::SourceShape;
use super::outline::{PathData, ViewBox, node};
use crate::diagnostic::codes;
use crate::template::describe::{Description, Form};
use crate::template::model::{BoxLook, Crop, ImageMask};
use crate::template::reading::Reading;
use crate::template::shape::{Choice, Factor, Object, Pair, Shape};

/// Shares or pixels; no picture is larger on a side than a JPEG can be.
const PART: Factor = Factor { phrase: "a number from 0 to 65535", minimum: 0.0, maximum: 65_535.0 };

pub(super) const CROP: Object<Crop> = Object {
    name: "crop",
    title: "a crop",
    doc: "A rectangle of a picture. What is outside stays in the file, and is not shown.",
    read: |reader| {
        let units = Choice(&[("share", false), ("pixel", true)]);
        let in_pixels = reader.or("unit", units, false, "Whether it is told in shares of the picture, or in pixels.");
        let at = reader.or("at", Pair("[left, top]", PART), [0.0; 2], "Its left and upper edge.");
        let size = reader.required("size", Pair("[width, height]", PART), "Its width and height.")?;
        let [left, top] = at;
        let [width, height] = size;
        let beyond = !in_pixels && (left + width > 1.0001 || top + height > 1.0001);
        if width <= 0.0 || height <= 0.0 || beyond {
            let message = "a crop is a rectangle inside of the picture".to_owned();
            let hint = if beyond {
                "shares go from 0 to 1; for pixels, say \"unit\": \"pixel\""
            } else {
                "make `size` larger than 0"
            };
            reader.error_at(Some("size"), codes::INVALID_VALUE, message, Some(hint.to_owned()));
        }
        Some(Crop { at, size, in_pixels })
    },
};

/// `ellipse`, the source of a picture, or a path.
#[derive(Clone, Copy)]
pub(super) struct MaskShape;

const WORDS: Choice<()> = Choice(&[("ellipse", ())]);

const MASK: Object<ImageMask> = Object {
    name: "mask",
    title: "a mask",
    doc: "A shape that a picture is cut to.",
    read: |reader| {
        let path = reader.required("path", PathData, "A path in the form of SVG, stretched to the picture.");
        let view = reader.optional(
            "viewBox",
            ViewBox,
            "Part of the path's coordinates that is stretched; without it, what the path covers.",
        );
        let rules = Choice(&[("nonzero", false), ("evenodd", true)]);
        let even_odd = reader.or("fillRule", rules, false, "What is inside where the path crosses itself.");
        let mut path = node(path?, view, even_odd, BoxLook::default());
        let extent = [0.0, 0.0, path.extent.width.max(0.01), path.extent.height.max(0.01)];
        path.view.get_or_insert(extent);
        Some(ImageMask::Path(Box::new(path)))
    },
};

impl Shape for MaskShape {
    type Value = ImageMask;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<ImageMask> {
        match json {
            Json::String(word) if word == "ellipse" => Some(ImageMask::Ellipse),
            Json::String(_) => SourceShape.read(json, reading).map(ImageMask::Picture),
            Json::Object(_) => MASK.read(json, reading),
            other => {
                reading.wrong_type("\"ellipse\", the source of a picture, or a mask", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![WORDS.form(description), SourceShape.form(description), MASK.form(description)])
    }
}
