//! Groups of tables, and what is carried from page to page.

use super::cell::CellDraft;
use super::row::{CELLS, HeadScope, RowDraft, RowLook, RowOrRows, settle_rows};
use crate::diagnostic::codes;
use crate::expression::Expression;
use crate::template::model::{Carry, Group, RowSpan};
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{Choice, ExpressionShape, Identifier, List, MapOf, Object};

/// Groups inside each other; nobody follows more.
const GROUP_COUNT_MAX: usize = 8;

/// Sums that are carried.
const SUM_COUNT_MAX: usize = 20;

pub(super) const GROUPS: List<Object<GroupDraft>> =
    List { phrase: "an array of groups", of: GROUP, least: 0, most: GROUP_COUNT_MAX };

/// A group as it is written.
pub(super) struct GroupDraft {
    by: Expression,
    name: String,
    header: Vec<RowDraft>,
    footer: Vec<RowDraft>,
    together: bool,
    new_page: bool,
}

const GROUP: Object<GroupDraft> = Object {
    name: "group",
    title: "a group",
    doc: "Items that follow each other and have the same key. Its rows and those of its items know it as `group`, with \
          `key`, `items`, `index` (counted from 0) and `count`, the number of items.",
    read: read_group,
};

fn read_group(reader: &mut ObjectReader<'_>) -> Option<GroupDraft> {
    let by = reader.required(
        "by",
        ExpressionShape,
        "Expression that gives the key of an item; another key begins a new group.",
    );
    let name = reader.or("as", Identifier, "group".to_owned(), "Name of the group in expressions.");
    let header = reader.or("header", RowOrRows, Vec::new(), "Row or rows above its first item; they stay with it.");
    let footer = reader.or("footer", RowOrRows, Vec::new(), "Row or rows below its last item; they stay with it.");
    let keep = Choice(&[("none", false), ("together", true)]);
    let together = reader.or("keep", keep, false, "Whether the group stays on one page when a page can hold it.");
    let breaks = Choice(&[("none", false), ("page", true)]);
    let new_page = reader.or("break", breaks, false, "Whether each group but the first begins on a new page.");
    Some(GroupDraft { by: by?, name, header, footer, together, new_page })
}

/// Gives the rows of groups their looks.
pub(super) fn settle_groups(drafts: Vec<GroupDraft>, look: RowLook<'_>, reading: &mut Reading) -> Vec<Group> {
    let mut groups = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let GroupDraft { by, name, header, footer, together, new_page } = draft;
        let header = settle_rows(header, RowLook { scope: HeadScope::FirstCell, ..look }, reading);
        let footer = settle_rows(footer, look, reading);
        groups.push(Group { by, name, header, footer, together, new_page });
    }
    groups
}

/// What is carried, as it is written.
pub(super) struct CarryDraft {
    sums: Vec<(String, Expression)>,
    top: Option<Vec<CellDraft>>,
    bottom: Option<Vec<CellDraft>>,
}

pub(super) const CARRY: Object<CarryDraft> = Object {
    name: "carry",
    title: "what is carried",
    doc: "Rows where a page ends inside the table. They know `carried`: each sum over the items above, by its name, \
          and their `count`.",
    read: read_carry,
};

fn read_carry(reader: &mut ObjectReader<'_>) -> Option<CarryDraft> {
    let sums = MapOf { phrase: "an object of expressions by name", of: ExpressionShape };
    let sums = reader.optional("sums", sums, "What each item adds to the sum of that name.").unwrap_or_default();
    let top = reader.optional("top", CELLS, "Cells of the row at the top of each further page.");
    let bottom = reader.optional("bottom", CELLS, "Cells of the row at the bottom of each page but the last.");
    if sums.len() > SUM_COUNT_MAX {
        let message = format!("a table carries at most {SUM_COUNT_MAX} sums, not {}", sums.len());
        reader.error_at(Some("sums"), codes::LIMIT_EXCEEDED, message, None);
    }
    if sums.contains_key("count") {
        let message = "`count` is the number of items already".to_owned();
        reader.error_at(Some("sums"), codes::INVALID_NAME, message, Some("give the sum another name".to_owned()));
    }
    for (name, cells) in [("top", &top), ("bottom", &bottom)] {
        let mut cells = cells.iter().flatten();
        if cells.any(|cell| cell.has_nodes() || cell.row_span != RowSpan::ONE) {
            let message = "a cell of a carried row holds text and covers one row".to_owned();
            reader.error_at(Some(name), codes::INVALID_VALUE, message, None);
        }
    }
    Some(CarryDraft { sums: sums.into_iter().collect(), top, bottom })
}

/// Gives the carried rows their looks.
pub(super) fn settle_carry(draft: CarryDraft, look: RowLook<'_>, reading: &mut Reading) -> Carry {
    let table = reading.pointer().to_owned();
    let mut row = |cells: Option<Vec<CellDraft>>, name: &str| {
        let draft = RowDraft::of_cells(cells?, format!("{table}/carry/{name}"));
        settle_rows(vec![draft], look, reading).pop()
    };
    let top = row(draft.top, "top");
    let bottom = row(draft.bottom, "bottom");
    Carry { sums: draft.sums, top, bottom }
}
