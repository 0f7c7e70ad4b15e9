//! Repetition: one copy of a node for each item.

use std::borrow::Cow;

use super::baseline::snaps;
use super::design::design_height;
use super::measure::{Place, PlaceKind, breaks_inside};
use super::measured::{Content, Measured};
use super::state::{Layouter, Site, Stop};
use crate::diagnostic::codes;
use crate::expression::{Expression, Items, List, Scope, Value};
use crate::template::model::{BoxLook, Node, Repeat};
use crate::text::index32;

/// A box without any look.
pub(super) const NO_LOOK: BoxLook = BoxLook { fill: None, shadow: None, stroke: None, radius: 0.0, padding: [0.0; 4] };

/// What expressions call an item and its number.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) item: &'a str,
    pub(super) index: &'a str,
    /// Whether they are kept for what is laid out again once the page is known.
    pub(super) kept: bool,
}

impl<'a> Names<'a> {
    pub(super) fn of(repeat: &'a Repeat) -> Self {
        Self { item: &repeat.name, index: &repeat.index_name, kept: true }
    }
}

impl<'a> Layouter<'a> {
    /// Measures all copies of a node and puts them one below the other, or in rows.
    pub(super) fn measure_copies(
        &mut self,
        node: &'a Node,
        repeat: &'a Repeat,
        scope: &Scope<'_, 'a>,
        place: Place,
    ) -> Result<Measured<'a>, Stop> {
        let free = place.kind == PlaceKind::Free;
        let [x, y] = if free { node.at } else { [0.0; 2] };
        let room = (place.width - x).max(0.0);
        let kind = if repeat.across { PlaceKind::Row } else { PlaceKind::Column };
        let mut children = Vec::new();
        for (index, item) in
            self.items(&repeat.each, scope, Site::of(node, "repeat/each"))?.into_iter().flatten().enumerate()
        {
            let names = Names::of(repeat);
            let copy = self.with_item(names, (index, item), scope, |layouter, inner| {
                layouter.measure_shown(node, inner, Place { width: room, kind })
            })?;
            if !matches!(copy.content, Content::Nothing) {
                children.push(copy);
            }
        }
        let [width, height] = if repeat.across {
            place_in_rows(&mut children, repeat, room)
        } else {
            place_down(&mut children, repeat.gap)
        };
        let first_height = || children.first().map_or_else(|| design_height(node), |child| child.design_height);
        let design_height = node.height.unwrap_or_else(first_height);
        let nothing = children.is_empty();
        let has_breaks = children.iter().any(|child| breaks_inside(child) || snaps(child));
        let height = if nothing && free && !node.collapse { design_height } else { height };
        let content = Content::Column { look: Cow::Owned(NO_LOOK), children };
        Ok(Measured {
            x,
            y,
            width,
            height,
            design_height,
            content: if nothing { Content::Nothing } else { content },
            has_breaks,
            is_copies: true,
            ..Measured::empty(node)
        })
    }

    /// Runs something for a node that is no repeated one, or for each of its copies: where children have cells or stand in
    /// a row, each copy is a child of its own.
    pub(super) fn each_copy(
        &mut self,
        node: &'a Node,
        scope: &Scope<'_, 'a>,
        mut run: impl FnMut(&mut Self, &Scope<'_, 'a>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let Some(repeat) = &node.repeat else { return run(self, scope) };
        let items = self.items(&repeat.each, scope, Site::of(node, "repeat/each"))?;
        for (index, item) in items.into_iter().flatten().enumerate() {
            self.with_item(Names::of(repeat), (index, item), scope, &mut run)?;
        }
        Ok(())
    }

    /// Runs something for which expressions know an item and its number.
    pub(super) fn with_item<T>(
        &mut self,
        names: Names<'a>,
        (index, item): (usize, Value<'a>),
        scope: &Scope<'_, 'a>,
        run: impl FnOnce(&mut Self, &Scope<'_, 'a>) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let with_item = scope.with(names.item, item.clone());
        let position = Value::Number(f64::from(index32(index)));
        let inner = with_item.with(names.index, position.clone());
        let outside = self.bindings.len();
        if names.kept {
            self.bindings.push((names.item, item));
            self.bindings.push((names.index, position));
        }
        let done = run(self, &inner);
        self.bindings.truncate(outside);
        done
    }

    /// The items that an expression gives; nothing is no item, anything else that is no list is an error.
    pub(super) fn items(
        &mut self,
        each: &Expression,
        scope: &Scope<'_, 'a>,
        site: Site<'_>,
    ) -> Result<Option<Items<'a>>, Stop> {
        Ok(self.list(each, scope, site)?.map(List::into_items))
    }

    /// The list that an expression gives; nothing is no list, anything else is an error.
    pub(super) fn list(
        &mut self,
        each: &Expression,
        scope: &Scope<'_, 'a>,
        site: Site<'_>,
    ) -> Result<Option<List<'a>>, Stop> {
        let value = self.evaluate(each, scope, site)?;
        let list = value.as_list();
        if list.is_none() && !value.is_nullish() {
            let message = format!("`{}` is {}, not a list", each.source(), value.type_name());
            self.error(codes::EXPRESSION_FAILED, site, message, None);
        }
        Ok(list)
    }
}

fn place_down(children: &mut [Measured<'_>], gap: f32) -> [f32; 2] {
    let mut y = 0.0;
    let mut width: f32 = 0.0;
    let mut bottom = 0.0;
    for child in children {
        child.y = y;
        bottom = child.bottom();
        y = bottom + gap;
        width = width.max(child.width);
    }
    [width, bottom]
}

/// Puts copies from left to right; a row is full after the given number of them, or when the next one does not fit.
fn place_in_rows(children: &mut [Measured<'_>], repeat: &Repeat, room: f32) -> [f32; 2] {
    let mut x = 0.0;
    let mut y = 0.0;
    let mut in_row = 0;
    let mut right: f32 = 0.0;
    let mut bottom: f32 = 0.0;
    for child in children {
        let full = if repeat.columns > 0 { in_row >= repeat.columns } else { x + child.width > room + 0.01 };
        if full && in_row > 0 {
            x = 0.0;
            y = bottom + repeat.gap;
            in_row = 0;
        }
        child.x = x;
        child.y = y;
        right = right.max(x + child.width);
        bottom = bottom.max(child.bottom());
        x += child.width + repeat.gap;
        in_row += 1;
    }
    [right, bottom]
}
