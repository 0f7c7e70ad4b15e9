//! The walk over a template: every expression as often as the layout asks it.

use super::{Amounts, Bound, DataBounds, Unbounded};
use crate::expression::{Cost, Expression, Namings, Shape, Shapes, TextTemplate};
use crate::layout::{column_pass_count, is_vertical, shrink_step_count};
use crate::limits::Limits;
use crate::template::model::{
    Asked, Bindable, Cell, ChartAxis, ChartNode, ColumnWidth, Kind, Node, Overflow, RichNode, RowContent, TableNode,
    TableRow, Template,
};

/// The name under which the cells of a table find their item, whatever the table calls it.
const ROW_NAME: &str = "row";

/// The name under which carried rows find their sums.
const CARRIED_NAME: &str = "carried";

/// Finds the bound of a template.
pub(super) fn bound(template: &Template, data: &DataBounds, limits: &Limits) -> Bound {
    let mut walk = Walk {
        limits,
        namings: Namings::default(),
        cost: Cost::default(),
        page_count: u64::from(data.page_count.max(1)),
        knows_page: false,
        failed: None,
        node: None,
    };
    let mut names: Shapes<'_> = vec![("data", data.shape())];
    walk.template(template, &mut names);
    match walk.failed {
        Some(failed) => Bound::Unknown(failed),
        None => Bound::AtMost(Amounts::of(walk.cost, &walk.namings)),
    }
}

struct Walk<'w> {
    limits: &'w Limits,
    namings: Namings,
    cost: Cost,
    page_count: u64,
    /// Whether pages are being painted: bands are made once for each.
    knows_page: bool,
    failed: Option<Unbounded>,
    /// Id and pointer of the node that is being walked.
    node: Option<(String, String)>,
}

impl Walk<'_> {
    fn template<'t>(&mut self, template: &'t Template, names: &mut Shapes<'t>) {
        self.texts([&template.title, &template.author, &template.subject].into_iter().flatten(), names);
        for attachment in &template.output.attachments {
            self.texts([&attachment.name, &attachment.content].into_iter().chain(&attachment.description), names);
        }
        for node in &template.body {
            // What lists the contents is measured again once they are known.
            let passes = if holds_contents(node) { 2 } else { 1 };
            self.times(passes, |walk| walk.node(node, names));
        }
        // One of several stands on each page.
        self.knows_page = true;
        let before = std::mem::take(&mut self.cost);
        let mut page = Cost::default();
        for layers in [&template.background, &template.foreground] {
            let mut worst = Cost::default();
            for layer in layers {
                self.nodes(&layer.nodes, names);
                worst = worst.or(std::mem::take(&mut self.cost));
            }
            page = page.and(worst);
        }
        for bands in [&template.header, &template.footer] {
            let mut worst = Cost::default();
            for band in bands {
                self.nodes(&band.nodes, names);
                worst = worst.or(std::mem::take(&mut self.cost));
            }
            page = page.and(worst);
        }
        self.cost = before.and(page.times(self.page_count));
    }

    fn times<T>(&mut self, count: u64, run: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::take(&mut self.cost);
        let result = run(self);
        self.cost = before.and(self.cost.times(count));
        result
    }

    fn fail(&mut self, expression: &str, reason: String) {
        if self.failed.is_none() {
            let (node, pointer) = self.node.clone().unzip();
            let pointer = pointer.unwrap_or_default();
            self.failed = Some(Unbounded { node, pointer, expression: expression.to_owned(), reason });
        }
    }

    fn value(&mut self, expression: &Expression, names: &Shapes<'_>) -> Shape {
        match expression.bound(names, self.limits, &mut self.namings) {
            Ok((cost, shape)) => {
                self.cost = self.cost.and(cost);
                shape
            }
            Err(reason) => {
                self.fail(expression.source(), reason.0);
                Shape::nothing()
            }
        }
    }

    fn values<'t>(&mut self, expressions: impl IntoIterator<Item = &'t Expression>, names: &Shapes<'_>) {
        for expression in expressions {
            self.value(expression, names);
        }
    }

    fn text(&mut self, text: &TextTemplate, names: &Shapes<'_>) {
        match text.bound(names, self.limits, &mut self.namings) {
            Ok((cost, _)) => self.cost = self.cost.and(cost),
            Err(reason) => self.fail(text.source(), reason.0),
        }
    }

    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t TextTemplate>, names: &Shapes<'_>) {
        texts.into_iter().for_each(|text| self.text(text, names));
    }

    fn bind(&mut self, bind: &[(Bindable, Expression)], names: &Shapes<'_>) {
        self.values(bind.iter().map(|(_, expression)| expression), names);
    }

    fn nodes<'t>(&mut self, nodes: &'t [Node], names: &mut Shapes<'t>) {
        nodes.iter().for_each(|node| self.node(node, names));
    }

    fn node<'t>(&mut self, node: &'t Node, names: &mut Shapes<'t>) {
        let outer = self.node.replace((node.id.clone(), node.pointer.clone()));
        match &node.repeat {
            None => self.shown(node, names),
            Some(repeat) => {
                let (count, item) = self.value(&repeat.each, names).items();
                let outside = names.len();
                names.push((&repeat.name, item));
                names.push((&repeat.index_name, Shape::number(1e15)));
                self.times(count, |walk| walk.shown(node, names));
                names.truncate(outside);
            }
        }
        self.node = outer;
    }

    /// A node, or one copy.
    fn shown<'t>(&mut self, node: &'t Node, names: &mut Shapes<'t>) {
        self.cost.pieces = self.cost.pieces.saturating_add(u64::from(node.row_span.max(1)));
        if let Some(visible) = &node.visible {
            // A condition that needs its page is asked for each piece of the node.
            let asked = if visible.uses_page() && !self.knows_page { self.page_count } else { 1 };
            self.times(asked, |walk| walk.value(visible, names));
        }
        let before = std::mem::take(&mut self.cost);
        self.bind(&node.bind, names);
        self.texts(node.link.iter().chain(&node.alt).chain(node.bookmark.as_ref().map(|(_, title)| title)), names);
        match &node.kind {
            Kind::Text(text) => {
                // Text without a width of its own may be broken after all, or has no room and is asked whether it says
                // anything.
                let bound_width = node.bind.iter().any(|(property, _)| *property == Bindable::Width);
                let [_, right, _, left] = text.look.padding;
                let has_room = !bound_width && node.width.is_some_and(|width| width > left + right);
                self.times(if has_room { 1 } else { 2 }, |walk| walk.text(&text.text, names));
            }
            Kind::Image(image) => self.texts([&image.source].into_iter().chain(image.mask_source()), names),
            Kind::Barcode(barcode) => self.texts([&barcode.value].into_iter().chain(&barcode.logo), names),
            Kind::Chart(chart) => self.chart(chart, names),
            Kind::Field(field) => {
                self.text(&field.key, names);
                self.texts(field.kind.texts(), names);
                self.values(field.kind.condition(), names);
            }
            Kind::Rich(rich) => self.rich(rich, names),
            Kind::Table(_)
            | Kind::Frame(_)
            | Kind::Contents(_)
            | Kind::Line(_)
            | Kind::Rect(_)
            | Kind::Ellipse(_)
            | Kind::Path(_)
            | Kind::PageBreak => {}
        }
        // What needs its page is made early and again, rich text on each of its pages; each time a text is made again,
        // so is what is bound, twice.
        let again = match &node.kind {
            _ if self.knows_page || !uses_page(node) => 1,
            Kind::Rich(_) => self.page_count.saturating_mul(2).saturating_add(1),
            _ => 3,
        };
        self.cost = before.and(self.cost.times(again));
        match &node.kind {
            Kind::Frame(frame) => self.nodes(&frame.nodes, names),
            Kind::Table(table) => self.table(table, names),
            _ => {}
        }
    }

    fn rich(&mut self, rich: &RichNode, names: &Shapes<'_>) {
        // Text that must fit is set smaller and smaller, and asked each time.
        let shrinking = if rich.overflow == Overflow::Shrink { shrink_step_count() } else { 0 };
        // How long columns must be is found by trying.
        let passes = shrinking.saturating_add(if is_vertical(&rich.style) { column_pass_count() } else { 1 });
        self.times(passes, |walk| {
            rich.each(&mut |asked| match asked {
                Asked::Text(text) => walk.text(text, names),
                Asked::Expression(expression) => drop(walk.value(expression, names)),
            });
        });
    }

    fn chart<'t>(&mut self, chart: &'t ChartNode, names: &mut Shapes<'t>) {
        let formats = [&chart.format, &chart.label_format, &chart.category_axis.format, &chart.value_axis.format];
        if let Some(format) = formats.into_iter().flatten().next() {
            let reason = "how many labels a chart has is found with its axes".to_owned();
            self.fail(format.source(), reason);
        }
        let axis = |walk: &mut Self, axis: &ChartAxis, names: &Shapes<'_>| {
            walk.texts(&axis.title, names);
            walk.values([&axis.min, &axis.max].into_iter().flatten(), names);
        };
        axis(self, &chart.category_axis, names);
        axis(self, &chart.value_axis, names);
        self.texts(&chart.empty, names);
        self.values(chart.bands.iter().map(|(end, _)| end), names);
        self.texts(chart.series.iter().map(|series| &series.name), names);
        let outside = names.len();
        let mut count = 1;
        if let Some(each) = &chart.each {
            let (items, item) = self.value(each, names).items();
            count = items;
            names.push((&chart.name, item));
            names.push((&chart.index_name, Shape::number(1e15)));
        }
        self.times(count, |walk| {
            walk.texts(&chart.label, names);
            for series in &chart.series {
                walk.values([&series.value].into_iter().chain(&series.x), names);
                walk.bind(&series.bind, names);
            }
        });
        names.truncate(outside);
    }

    fn table<'t>(&mut self, table: &'t TableNode, names: &mut Shapes<'t>) {
        self.values(table.columns.iter().filter_map(|column| column.visible.as_ref()), names);
        let (count, item) = self.value(&table.each, names).items();
        // Columns as wide as their content are found by asking all cells once before.
        let is_auto = table.columns.iter().any(|column| column.width == ColumnWidth::Auto);
        let passes = if is_auto { 2 } else { 1 };
        let outside = names.len();
        let number = || Shape::number(1e15);
        let within_item = |names: &mut Shapes<'t>| {
            names.extend([(ROW_NAME, item.clone()), (&*table.name, item.clone()), (&*table.index_name, number())]);
        };
        for group in &table.groups {
            within_item(names);
            let key = self.times(count, |walk| walk.value(&group.by, names));
            names.truncate(outside);
            let items = Shape::list(count, item.clone());
            names.push((&group.name, group_of(key, items)));
        }
        let mut plain = names.get(..outside).unwrap_or_default().to_vec();
        self.times(passes, |walk| {
            // The header stands at the top of each page again; its cells may say which one.
            walk.rows(table.header.iter().flat_map(|header| &header.rows), &mut plain);
            walk.rows(table.totals.iter().chain(&table.empty), &mut plain);
            for (level, group) in table.groups.iter().enumerate() {
                let mut around = names.get(..=outside + level).unwrap_or_default().to_vec();
                walk.times(count, |walk| walk.rows(group.header.iter().chain(&group.footer), &mut around));
            }
            within_item(names);
            walk.times(count, |walk| walk.rows(&table.rows, names));
        });
        names.truncate(outside);
        if let Some(carry) = &table.carry {
            within_item(names);
            self.times(count, |walk| walk.values(carry.sums.iter().map(|(_, value)| value), names));
            names.truncate(outside);
            let sums = carry.sums.iter().map(|(name, _)| (name.as_str().into(), Shape::number(f64::INFINITY)));
            let more = (4, 16, number());
            names.push((CARRIED_NAME, Shape::object(sums.collect(), Some(more))));
            let pages = self.page_count.saturating_mul(2).saturating_add(1);
            self.times(pages, |walk| walk.rows(carry.top.iter().chain(&carry.bottom), names));
        }
        names.truncate(outside);
    }

    fn rows<'t>(&mut self, rows: impl IntoIterator<Item = &'t TableRow>, names: &mut Shapes<'t>) {
        for row in rows {
            let outside = names.len();
            let mut count = 1;
            if let Some(each) = &row.each {
                let (items, item) = self.value(&each.each, names).items();
                count = items;
                names.push((&each.name, item));
                names.push((&each.index_name, Shape::number(1e15)));
            }
            self.times(count, |walk| {
                walk.values(&row.visible, names);
                walk.bind(&row.bind, names);
                // The copy itself, and its row.
                walk.cost.pieces = walk.cost.pieces.saturating_add(2);
                match &row.content {
                    RowContent::Cells(cells) => cells.iter().for_each(|cell| walk.cell(cell, names)),
                    RowContent::Rows(rows) => walk.rows(rows, names),
                }
            });
            names.truncate(outside);
        }
    }

    fn cell<'t>(&mut self, cell: &'t Cell, names: &mut Shapes<'t>) {
        // A cell that needs its page is laid out on each page that it stands on.
        let is_again = cell.text.uses_page() && !self.knows_page;
        let times = if is_again { self.page_count.saturating_add(1) } else { 1 };
        self.times(times, |walk| {
            walk.bind(&cell.bind, names);
            if cell.nodes.is_empty() {
                walk.text(&cell.text, names);
            }
        });
        self.nodes(&cell.nodes, names);
    }
}

/// What expressions know of a group.
fn group_of(key: Shape, items: Shape) -> Shape {
    let number = || Shape::number(1e15);
    let entries = [("key", key), ("items", items), ("index", number()), ("count", number())];
    Shape::object(entries.into_iter().map(|(name, shape)| (name.into(), shape)).collect(), None)
}

fn holds_contents(node: &Node) -> bool {
    let mut holds = matches!(node.kind, Kind::Contents(_));
    node.each_list(&mut |nodes| holds = holds || nodes.iter().any(holds_contents));
    holds
}

/// Whether anything about a node itself needs its page.
fn uses_page(node: &Node) -> bool {
    let texts = node.link.iter().chain(&node.alt).chain(node.bookmark.as_ref().map(|(_, title)| title));
    let inside = match &node.kind {
        Kind::Text(text) => text.text.uses_page(),
        Kind::Rich(rich) => rich.uses_page(),
        // Which of many expressions need the page is not worth telling apart.
        Kind::Image(_) | Kind::Barcode(_) | Kind::Chart(_) | Kind::Field(_) => true,
        _ => false,
    };
    inside || texts.into_iter().any(TextTemplate::uses_page) || node.bind.iter().any(|(_, it)| it.uses_page())
}
