//! Page breaks that stand between nodes.

use super::{KindEntry, Needs};
use crate::template::model::Kind;
use crate::template::node::Place;
use crate::template::reader::ObjectReader;

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "pageBreak",
    definition: "pageBreakNode",
    title: "a pageBreak node",
    doc: "Ends the page. What stands after it in the list begins on the next page.",
    placed: false,
    needs: Needs::Nothing,
    bindable: &[],
    read,
};

fn read(_reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    Some(Kind::PageBreak)
}
