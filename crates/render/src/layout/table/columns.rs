//! Widths of columns.

use crate::template::model::{Column, ColumnWidth};

/// Edges of the columns: fixed widths first, then those that are as wide as their content, and the rest is shared.
/// Columns that are too wide together are made narrower, so that the table keeps its width.
///
/// `natural` has the width of the content of `auto` columns; columns that are not shown are left out.
pub(in crate::layout) fn edges(columns: &[Column], shown: &[bool], natural: &[f32], width: f32) -> Vec<f32> {
    let is_shown = |index: usize| shown.get(index).copied().unwrap_or(true);
    let visible = || columns.iter().enumerate().filter(|(index, _)| is_shown(*index));
    let fixed: f32 = visible().map(|(_, column)| fixed_width(column)).sum();
    let scale = if fixed > width && fixed > 0.0 { width / fixed } else { 1.0 };
    let rest = (width - fixed).max(0.0);
    let auto = auto_widths(columns, &is_shown, natural, rest);
    let rest = (rest - auto.iter().sum::<f32>()).max(0.0);
    let shares = shares(columns, &is_shown, rest);
    let mut edges = Vec::with_capacity(columns.len() + 1);
    let mut x = 0.0;
    edges.push(x);
    for (index, column) in columns.iter().enumerate() {
        if is_shown(index) {
            x += match column.width {
                ColumnWidth::Fixed(_) => fixed_width(column) * scale,
                ColumnWidth::Fraction(_) => shares.width(column),
                ColumnWidth::Auto => auto.get(index).copied().unwrap_or(0.0),
            };
        }
        edges.push(x);
    }
    edges
}

fn fixed_width(column: &Column) -> f32 {
    match column.width {
        ColumnWidth::Fixed(width) => width.max(0.0),
        ColumnWidth::Fraction(_) | ColumnWidth::Auto => 0.0,
    }
}

fn within(column: &Column, width: f32) -> f32 {
    width.min(column.most.unwrap_or(f32::INFINITY)).max(column.least)
}

/// Widths of `auto` columns. When they do not fit, the widest are made narrower, all to the same width; when no column
/// takes a share, they take what is left.
fn auto_widths(columns: &[Column], is_shown: &dyn Fn(usize) -> bool, natural: &[f32], rest: f32) -> Vec<f32> {
    let is_auto = |index: usize, column: &Column| column.width == ColumnWidth::Auto && is_shown(index);
    if !columns.iter().enumerate().any(|(index, column)| is_auto(index, column)) {
        return Vec::new();
    }
    let sharing = || {
        columns
            .iter()
            .enumerate()
            .filter(|(index, column)| matches!(column.width, ColumnWidth::Fraction(_)) && is_shown(*index))
    };
    let room = (rest - sharing().map(|(_, column)| column.least).sum::<f32>()).max(0.0);
    let mut widths: Vec<f32> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let content = natural.get(index).copied().unwrap_or(0.0);
            if is_auto(index, column) { within(column, content) } else { 0.0 }
        })
        .collect();
    let sum: f32 = widths.iter().sum();
    if sum > room {
        let cap = cap(columns, &widths, room);
        for (width, column) in widths.iter_mut().zip(columns) {
            *width = width.min(cap.max(column.least));
        }
    } else if sharing().next().is_none() && sum > 0.0 {
        let factor = room / sum;
        for (width, column) in widths.iter_mut().zip(columns) {
            *width = (*width * factor).min(column.most.unwrap_or(f32::INFINITY).max(*width));
        }
    }
    widths
}

/// The width above which columns are cut so that all of them fit, when their least widths let them.
fn cap(columns: &[Column], widths: &[f32], room: f32) -> f32 {
    /// Halvings after which nobody could measure the rest.
    const STEP_COUNT: usize = 40;
    let (mut low, mut high) = (0.0_f32, widths.iter().copied().fold(0.0, f32::max));
    for _ in 0..STEP_COUNT {
        let cap = f32::midpoint(low, high);
        let sum: f32 = widths.iter().zip(columns).map(|(width, column)| width.min(cap.max(column.least))).sum();
        if sum > room {
            high = cap;
        } else {
            low = cap;
        }
    }
    low
}

/// What shares come to.
struct Shares {
    rest: f32,
    sum: f32,
}

impl Shares {
    fn width(&self, column: &Column) -> f32 {
        let share = share(column);
        let width = if self.sum > 0.0 { self.rest * share / self.sum } else { 0.0 };
        within(column, width)
    }
}

fn share(column: &Column) -> f32 {
    match column.width {
        ColumnWidth::Fraction(share) => share.max(0.0),
        ColumnWidth::Fixed(_) | ColumnWidth::Auto => 0.0,
    }
}

/// What is left for shares, without the columns whose own bounds decide. Each round takes one such column at least.
fn shares(columns: &[Column], is_shown: &dyn Fn(usize) -> bool, rest: f32) -> Shares {
    let mut sharing: Vec<&Column> = columns
        .iter()
        .enumerate()
        .filter(|(index, column)| share(column) > 0.0 && is_shown(*index))
        .map(|(_, column)| column)
        .collect();
    let mut shares = Shares { rest, sum: sharing.iter().map(|column| share(column)).sum() };
    loop {
        let unbound = |column: &Column| if shares.sum > 0.0 { shares.rest * share(column) / shares.sum } else { 0.0 };
        let gain: f32 = sharing.iter().map(|column| within(column, unbound(column)) - unbound(column)).sum();
        // Too much is given away: those at their least decide; too little: those at their most.
        let (bound, free): (Vec<&Column>, Vec<&Column>) = sharing.iter().partition(|column| {
            let width = unbound(column);
            if gain > 0.0 { column.least > width } else { column.most.is_some_and(|most| most < width) }
        });
        if bound.is_empty() {
            return shares;
        }
        let taken: f32 = bound.iter().map(|column| within(column, unbound(column))).sum();
        shares = Shares { rest: (shares.rest - taken).max(0.0), sum: free.iter().map(|column| share(column)).sum() };
        sharing = free;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ColumnWidth::{Auto, Fixed, Fraction};

    fn column(width: ColumnWidth) -> Column {
        Column { width, least: 0.0, most: None, visible: None }
    }

    fn of(widths: &[ColumnWidth], width: f32) -> Vec<f32> {
        let columns: Vec<Column> = widths.iter().map(|width| column(*width)).collect();
        edges(&columns, &[], &[], width)
    }

    fn rounded(edges: &[f32]) -> Vec<f32> {
        edges.iter().map(|edge| (edge * 10.0).round() / 10.0).collect()
    }

    #[test]
    fn fractions_share_what_fixed_columns_leave() {
        assert_eq!(of(&[Fraction(1.0), Fixed(50.0), Fraction(3.0)], 250.0), [0.0, 50.0, 100.0, 250.0]);
        assert_eq!(of(&[Fixed(200.0), Fixed(200.0)], 100.0), [0.0, 50.0, 100.0]);
        assert_eq!(of(&[Fixed(150.0), Fraction(1.0)], 100.0), [0.0, 100.0, 100.0]);
        assert_eq!(of(&[Fraction(0.0)], 100.0), [0.0, 0.0]);
        assert_eq!(of(&[], 100.0), [0.0]);
    }

    #[test]
    fn auto_columns_are_as_wide_as_their_content_and_shares_take_the_rest() {
        let columns = [column(Auto), column(Fraction(1.0)), column(Auto)];
        assert_eq!(edges(&columns, &[], &[30.0, 0.0, 20.0], 100.0), [0.0, 30.0, 80.0, 100.0]);
        let columns = [column(Auto), column(Auto)];
        assert_eq!(edges(&columns, &[], &[30.0, 10.0], 100.0), [0.0, 75.0, 100.0]);
    }

    #[test]
    fn of_auto_columns_that_do_not_fit_the_widest_gives_way() {
        let mut columns = [column(Auto), column(Auto), column(Auto)];
        assert_eq!(rounded(&edges(&columns, &[], &[20.0, 300.0, 30.0], 100.0)), [0.0, 20.0, 70.0, 100.0]);
        assert_eq!(rounded(&edges(&columns, &[], &[300.0, 300.0, 20.0], 100.0)), [0.0, 40.0, 80.0, 100.0]);
        columns[1].least = 60.0;
        assert_eq!(rounded(&edges(&columns, &[], &[30.0, 300.0, 30.0], 100.0)), [0.0, 20.0, 80.0, 100.0]);
        columns[0].most = Some(10.0);
        assert_eq!(rounded(&edges(&columns, &[], &[30.0, 60.0, 30.0], 100.0)), [0.0, 10.0, 70.0, 100.0]);
    }

    #[test]
    fn shares_keep_their_bounds_and_the_others_take_what_is_left() {
        let mut columns = [column(Fraction(1.0)), column(Fraction(1.0)), column(Fraction(2.0))];
        columns[0].least = 40.0;
        assert_eq!(edges(&columns, &[], &[], 100.0), [0.0, 40.0, 60.0, 100.0]);
        columns[2].most = Some(30.0);
        assert_eq!(edges(&columns, &[], &[], 100.0), [0.0, 40.0, 70.0, 100.0]);
    }

    #[test]
    fn columns_that_are_not_shown_leave_their_room_to_the_others() {
        let columns = [column(Fixed(50.0)), column(Fraction(1.0)), column(Fraction(1.0))];
        assert_eq!(edges(&columns, &[false, true, true], &[], 100.0), [0.0, 0.0, 50.0, 100.0]);
        assert_eq!(edges(&columns, &[true, false, true], &[], 100.0), [0.0, 50.0, 50.0, 100.0]);
    }
}
