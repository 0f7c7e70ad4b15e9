//! Kinds of nodes: one file and one reading function each, listed here.

mod barcode;
mod cell;
mod chart;
mod column;
mod contents;
mod field;
mod frame;
mod group;
mod image;
mod image_shape;
mod line;
mod markdown;
mod outline;
mod page_break;
mod rich;
mod rich_block;
mod row;
mod shapes;
mod span;
mod table;
mod text;

use super::model::{Bindable, Kind};
use super::node::Place;
use super::reader::ObjectReader;

/// A kind of node.
pub(super) struct KindEntry {
    /// What `kind` says.
    pub(super) name: &'static str,
    /// Name of its definition in the schema.
    pub(super) definition: &'static str,
    /// How messages call it.
    pub(super) title: &'static str,
    /// What it is.
    pub(super) doc: &'static str,
    /// Whether it has a place on the page.
    pub(super) placed: bool,
    /// Sizes that it cannot do without.
    pub(super) needs: Needs,
    /// What `bind` may set.
    pub(super) bindable: &'static [Bindable],
    /// Reads what only this kind has; it may correct the place.
    pub(super) read: fn(&mut ObjectReader<'_>, &mut Place) -> Option<Kind>,
}

/// Sizes that a kind cannot do without, and what to do when they are missing.
#[derive(Clone, Copy)]
pub(super) enum Needs {
    /// It finds its own size.
    Nothing,
    /// Width or height.
    OneSide(&'static str),
    /// Width and height.
    BothSides(&'static str),
}

/// What `bind` may set of a box with a fill and an outline.
const BOX_BINDABLE: &[Bindable] = &[
    Bindable::X,
    Bindable::Y,
    Bindable::Width,
    Bindable::Height,
    Bindable::Rotation,
    Bindable::Opacity,
    Bindable::Fill,
    Bindable::StrokeColor,
    Bindable::StrokeWidth,
];

/// What `bind` may set of a box with text in it.
const TEXT_BINDABLE: &[Bindable] = &[
    Bindable::X,
    Bindable::Y,
    Bindable::Width,
    Bindable::Height,
    Bindable::Rotation,
    Bindable::Opacity,
    Bindable::Color,
    Bindable::Fill,
    Bindable::StrokeColor,
    Bindable::StrokeWidth,
    Bindable::Align,
    Bindable::Style,
    Bindable::FontSize,
    Bindable::FontWeight,
];

/// All kinds, in the order of the documentation.
pub(super) static ALL: &[KindEntry] = &[
    text::ENTRY,
    rich::ENTRY,
    markdown::ENTRY,
    contents::ENTRY,
    image::ENTRY,
    line::ENTRY,
    shapes::RECT,
    shapes::ELLIPSE,
    outline::PATH,
    outline::POLYGON,
    outline::POLYLINE,
    frame::ENTRY,
    table::ENTRY,
    barcode::ENTRY,
    chart::ENTRY,
    field::ENTRY,
    page_break::ENTRY,
];
