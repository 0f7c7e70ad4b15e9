//! Groups of a table: items that follow each other and have the same key.

use std::ops::Range;
use std::rc::Rc;

use super::rows::RowContext;
use super::{ROW_NAME, RowKind, Run, TableItems, glue};
use crate::expression::{List, Object, Scope, Value};
use crate::layout::binding::Bound;
use crate::layout::state::{Layouter, Site, Stop};
use crate::template::model::{Node, TableNode};
use crate::text::index32;

impl<'a> Layouter<'a> {
    /// For each level of groups: where a group begins, and its key. Where an outer group begins, an inner one does.
    pub(super) fn group_starts(
        &mut self,
        node: &'a Node,
        table: &'a TableNode,
        list: &List<'a>,
        scope: &Scope<'_, 'a>,
    ) -> Result<Vec<Vec<(usize, Value<'a>)>>, Stop> {
        let mut levels: Vec<Vec<(usize, Value<'a>)>> = vec![Vec::new(); table.groups.len()];
        if levels.is_empty() {
            return Ok(levels);
        }
        let sites: Vec<String> = (0..levels.len()).map(|level| format!("groups/{level}/by")).collect();
        for (index, item) in list.items().enumerate() {
            let row_scope = scope.with(ROW_NAME, item.clone());
            let item_scope = row_scope.with(&table.name, item);
            let inner = item_scope.with(&table.index_name, Value::Number(f64::from(index32(index))));
            let mut changed = false;
            for ((starts, group), site) in levels.iter_mut().zip(&table.groups).zip(&sites) {
                let key = self.evaluate(&group.by, &inner, Site::of(node, site))?;
                changed |= starts.last().is_none_or(|(_, last)| !last.is_same(&key));
                if changed {
                    starts.push((index, key));
                }
            }
        }
        Ok(levels)
    }

    /// Measures items with the groups around them, from a level of groups inwards.
    pub(super) fn measure_groups(
        &mut self,
        run: &mut Run<'a>,
        items: &TableItems<'_, 'a>,
        range: Range<usize>,
        level: usize,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        let Some((group, starts)) = run.source.groups.get(level).zip(items.groups.get(level)) else {
            return self.measure_items(run, items, range, scope);
        };
        let from = starts.partition_point(|(start, _)| *start < range.start);
        let mut ahead = starts.get(from..).unwrap_or_default().iter().peekable();
        let mut number = 0_u32;
        while let Some((start, key)) = ahead.next_if(|(start, _)| *start < range.end) {
            let end = ahead.peek().map_or(range.end, |(next, _)| (*next).min(range.end));
            let value = group_value(key, items.list.slice(*start..end), number, end - start);
            let inner = scope.with(&group.name, value.clone());
            let outside = self.bindings.len();
            if run.keeps_names {
                self.bindings.push((&group.name, value));
            }
            let first = run.table.rows.len();
            let measured = self.measure_group(run, items, *start..end, level, &inner);
            self.bindings.truncate(outside);
            measured?;
            run.end_group(first, level, number > 0);
            number = number.saturating_add(1);
        }
        Ok(())
    }

    fn measure_group(
        &mut self,
        run: &mut Run<'a>,
        items: &TableItems<'_, 'a>,
        range: Range<usize>,
        level: usize,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        let Some(group) = run.source.groups.get(level) else { return Ok(()) };
        let none = Bound::default();
        let first = run.table.rows.len();
        self.measure_list(run, &group.header, &RowContext::new(RowKind::GroupHeader, &none), scope)?;
        let header_end = run.table.rows.len();
        self.measure_groups(run, items, range, level + 1, scope)?;
        // The header holds on to the row below it.
        run.hold(first..run.table.rows.len().min(header_end + 1), glue::STRONG);
        let last = run.table.rows.len();
        self.measure_list(run, &group.footer, &RowContext::new(RowKind::GroupFooter, &none), scope)?;
        if run.table.rows.len() > last {
            run.hold(last.saturating_sub(1).max(first)..run.table.rows.len(), glue::STRONG);
        }
        Ok(())
    }
}

impl Run<'_> {
    /// Settles what the rows of a group do to each other and to those before them.
    fn end_group(&mut self, first: usize, level: usize, follows: bool) {
        let end = self.table.rows.len();
        let Some(group) = self.source.groups.get(level).filter(|_| end > first) else { return };
        if group.together {
            let level = u8::try_from(level).unwrap_or(u8::MAX);
            self.hold(first..end, glue::GROUP.saturating_add(level));
        }
        if let Some(row) = self.table.rows.get_mut(first) {
            row.starts_group |= level == 0;
            row.new_page |= group.new_page && follows;
        }
    }
}

fn group_value<'a>(key: &Value<'a>, items: List<'a>, index: u32, count: usize) -> Value<'a> {
    Value::Object(Rc::new(Object::of_names([
        ("key", key.clone()),
        ("items", items.to_value()),
        ("index", Value::Number(f64::from(index))),
        ("count", Value::Number(f64::from(index32(count)))),
    ])))
}
