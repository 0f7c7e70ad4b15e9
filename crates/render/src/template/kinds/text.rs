//! Text nodes.

use super::{KindEntry, Needs, TEXT_BINDABLE};
use crate::diagnostic::codes;
use crate::document::InkKind;
use crate::template::look::read_box;
use crate::template::model::{Kind, Overflow, TextNode, TextStyle};
use crate::template::node::Place;
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{Choice, TemplateText};
use crate::template::style::Overrides;
use crate::template::typography::read_writing;

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "text",
    definition: "textNode",
    title: "a text node",
    doc: "Text, as wide as `width` and as high as it needs to be.",
    placed: true,
    needs: Needs::Nothing,
    bindable: TEXT_BINDABLE,
    read,
};

pub(super) const OVERFLOW: Choice<Overflow> = Choice(&[
    ("grow", Overflow::Grow),
    ("clip", Overflow::Clip),
    ("ellipsis", Overflow::Ellipsis),
    ("shrink", Overflow::Shrink),
]);

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let overrides = Overrides::read(reader);
    let look = read_box(reader);
    let writing = read_writing(reader);
    let overflow = reader.or(
        "overflow",
        OVERFLOW,
        Overflow::Grow,
        "What happens when `height` is too small: the box grows, the text is cut off, it ends with an ellipsis, \
         or its size goes down to a half at most.",
    );
    let text =
        reader.required("text", TemplateText, "What it says. `{{ … }}` holds an expression; `\\n` ends a paragraph.");
    let style = match reader.state() {
        Some(reading) => {
            let mut style = overrides.over(&reading.base_style, &reading.styles);
            style.typography.writing = writing;
            warn_of_plates(&style, reading);
            style
        }
        None => TextStyle::default(),
    };
    Some(Kind::Text(TextNode { text: text?, style, look, overflow }))
}

/// Text smaller than this, points, shows when plates lie a tenth of a millimetre apart.
const SMALL_TEXT_POINTS: f32 = 10.0;

/// Inks that small text may have: two plates still cover each other, three rarely do.
const SMALL_TEXT_INK_COUNT_MAX: usize = 2;

/// Warns of small text in many inks, such as a black made of all four.
fn warn_of_plates(style: &TextStyle, reading: &mut Reading) {
    let InkKind::Process(inks) = style.color.ink.kind() else { return };
    let count = inks.into_iter().filter(|ink| *ink > 0).count();
    if style.size < SMALL_TEXT_POINTS && count > SMALL_TEXT_INK_COUNT_MAX {
        let message = format!("small text in {count} inks blurs where plates do not lie exactly upon one another");
        let hint = "print it in one ink: cmyk(0 0 0 100), or a spot".to_owned();
        reading.warning(codes::INVALID_VALUE, message, Some(hint));
    }
}
