//! Usage: which fields of the data a template reads, so that misspelt and forgotten ones are found before a render.

use std::collections::BTreeMap;

use super::path::{DataPath, Step};
use super::schema::{Additional, Field, Schema, Type};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Expression, Names, Origin, Reads, TextTemplate};
use crate::template::model::{
    Asked, Bindable, Cell, ChartAxis, ChartNode, Kind, Node, RowContent, TableNode, TableRow, Template,
};
use crate::template::{FINDING_COUNT_MAX, nearest};

/// The name under which the cells of a table find their item, whatever the table calls it.
const ROW_NAME: &str = "row";

/// What a template reads of its data.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    fields: BTreeMap<DataPath, Use>,
    shows_class: bool,
}

/// How one field is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// The value itself is shown or computed with, not only looked into.
    pub whole: bool,
    /// Somewhere it is read without `?.`, `??`, `ifNull` or a condition around it.
    pub expected: bool,
    /// Ids and JSON pointers of the nodes that read it, each once.
    pub nodes: Vec<(String, String)>,
}

impl Usage {
    /// Finds what a template reads, from its expressions alone.
    #[must_use]
    pub fn of(template: &Template) -> Self {
        let mut walk = Walk { fields: BTreeMap::new(), reads: Reads::new(), shows_class: false };
        let mut names: Names<'_> = vec![("data", Origin::Data(DataPath::default()))];
        for text in [&template.title, &template.author, &template.subject].into_iter().flatten() {
            walk.text(text, &names);
        }
        for attachment in &template.output.attachments {
            let description = attachment.description.iter();
            for text in [&attachment.name, &attachment.content].into_iter().chain(description) {
                walk.text(text, &names);
            }
        }
        walk.keep(None);
        template.background.iter().for_each(|layer| walk.nodes(&layer.nodes, &mut names));
        template.header.iter().for_each(|band| walk.nodes(&band.nodes, &mut names));
        walk.nodes(&template.body, &mut names);
        template.footer.iter().for_each(|band| walk.nodes(&band.nodes, &mut names));
        template.foreground.iter().for_each(|layer| walk.nodes(&layer.nodes, &mut names));
        Self { fields: walk.fields, shows_class: walk.shows_class }
    }

    /// Whether any text shows the class of the document.
    #[must_use]
    pub fn shows_class(&self) -> bool {
        self.shows_class
    }

    /// Every field that is read, in the order of the paths.
    pub fn fields(&self) -> impl Iterator<Item = (&DataPath, &Use)> {
        self.fields.iter()
    }

    /// Whether anything reads a place: itself, something inside, or something around it as a whole.
    #[must_use]
    pub fn reads(&self, path: &DataPath) -> bool {
        self.fields.iter().any(|(read, usage)| path.contains(read) || usage.whole && read.contains(path))
    }

    /// Fields of a schema that the template never reads: of several inside each other the outermost.
    #[must_use]
    pub fn unused(&self, schema: &Schema) -> Vec<DataPath> {
        let mut unused: Vec<DataPath> = Vec::new();
        for Field { path, .. } in schema.fields() {
            if !self.reads(&path) && !unused.iter().any(|outer| outer.contains(&path)) {
                unused.push(path);
            }
        }
        unused
    }

    /// Warnings for fields that are read without a guard and cannot be there, or have nearly the name of one that is:
    /// a schema may leave out what it has nothing to say about.
    #[must_use]
    pub fn missing(&self, schema: &Schema) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        let mut told: Vec<&DataPath> = Vec::new();
        for (path, usage) in &self.fields {
            if !usage.expected || told.iter().any(|outer| outer.contains(path)) || findings.len() >= FINDING_COUNT_MAX {
                continue;
            }
            let Some((siblings, Step::Name(name))) = unknown(schema, path).zip(path.steps().last()) else { continue };
            let near = nearest(name, siblings.names.iter().copied());
            if near.is_none() && !siblings.is_closed {
                continue;
            }
            told.push(path);
            let message = format!("the data of this template has no `{path}`");
            let (node, pointer) = usage.nodes.first().cloned().unwrap_or_default();
            let finding = Diagnostic::warning(codes::UNRESOLVED_PATH, pointer, message)
                .with_node(Some(node).filter(|node| !node.is_empty()))
                .with_hint(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "add it to `data.schema`, or guard it with `?.`, `??` or `ifNull`".to_owned(),
                });
            findings.push(finding);
        }
        findings
    }
}

/// What stands where a path is not known.
struct Siblings<'s> {
    names: Vec<&'s str>,
    /// Nothing else can be there.
    is_closed: bool,
}

/// What the schema has instead of the last step of a path; none when it knows the path, or not even what is around it.
fn unknown<'s>(root: &'s Schema, path: &DataPath) -> Option<Siblings<'s>> {
    let mut parts = root.parts(root);
    for (index, step) in path.steps().iter().enumerate() {
        let inside = match step {
            Step::Name(name) => {
                let types: Vec<Type> = parts.iter().flat_map(|part| part.types.iter().copied()).collect();
                let has_length =
                    types.is_empty() || types.iter().any(|known| matches!(known, Type::Array | Type::String));
                if has_length && &**name == "length" {
                    return None;
                }
                let is_described = parts.iter().any(|part| !part.properties.is_empty());
                let found = parts.iter().find_map(|part| part.properties.get(&**name));
                let other = parts.iter().find_map(|part| match &part.additional {
                    Additional::Schema(schema) => Some(&**schema),
                    _ => None,
                });
                let alternatives = parts.iter().any(|part| part.any_of.len() > 1);
                match found.or(other) {
                    Some(inside) => inside,
                    // Only the last step is the one to blame; those before it are told on their own.
                    None if is_described && !alternatives && index + 1 == path.steps().len() => {
                        return Some(Siblings {
                            names: parts.iter().flat_map(|part| part.properties.keys().map(String::as_str)).collect(),
                            is_closed: parts.iter().any(|part| matches!(part.additional, Additional::Forbidden)),
                        });
                    }
                    None => return None,
                }
            }
            Step::Item => parts.iter().find_map(|part| part.items.as_deref())?,
        };
        parts = inside.parts(root);
    }
    None
}

struct Walk {
    fields: BTreeMap<DataPath, Use>,
    /// What the node that is being walked reads.
    reads: Reads,
    shows_class: bool,
}

impl Walk {
    /// Keeps what was read since the last call, as read by a node.
    fn keep(&mut self, node: Option<&Node>) {
        for (path, manner) in std::mem::take(&mut self.reads) {
            let usage = self.fields.entry(path).or_default();
            usage.whole |= manner.whole;
            usage.expected |= manner.expected;
            if let Some(node) = node
                && !usage.nodes.iter().any(|(_, pointer)| *pointer == node.pointer)
            {
                usage.nodes.push((node.id.clone(), node.pointer.clone()));
            }
        }
    }

    fn text(&mut self, text: &TextTemplate, names: &Names<'_>) {
        for expression in text.expressions() {
            self.shows_class |= expression.uses_class();
            expression.trace_whole(names, &mut self.reads);
        }
    }

    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t TextTemplate>, names: &Names<'_>) {
        texts.into_iter().for_each(|text| self.text(text, names));
    }

    fn values<'t>(&mut self, expressions: impl IntoIterator<Item = &'t Expression>, names: &Names<'_>) {
        expressions.into_iter().for_each(|expression| expression.trace_whole(names, &mut self.reads));
    }

    /// A condition looks whether something is there; it does not show it.
    fn condition(&mut self, condition: Option<&Expression>, names: &Names<'_>) {
        if let Some(condition) = condition {
            condition.trace(names, &mut self.reads);
        }
    }

    fn bind(&mut self, bind: &[(Bindable, Expression)], names: &Names<'_>) {
        self.values(bind.iter().map(|(_, expression)| expression), names);
    }

    fn nodes<'t>(&mut self, nodes: &'t [Node], names: &mut Names<'t>) {
        nodes.iter().for_each(|node| self.node(node, names));
    }

    fn node<'t>(&mut self, node: &'t Node, names: &mut Names<'t>) {
        let outside = names.len();
        if let Some(repeat) = &node.repeat {
            let list = repeat.each.trace(names, &mut self.reads);
            names.push((&repeat.name, list.item()));
            names.push((&repeat.index_name, Origin::Unknown));
        }
        self.condition(node.visible.as_ref(), names);
        self.bind(&node.bind, names);
        self.texts(node.link.iter().chain(&node.alt).chain(node.bookmark.as_ref().map(|(_, title)| title)), names);
        match &node.kind {
            Kind::Text(text) => self.text(&text.text, names),
            Kind::Image(image) => self.texts([&image.source].into_iter().chain(image.mask_source()), names),
            Kind::Barcode(barcode) => self.texts([&barcode.value].into_iter().chain(&barcode.logo), names),
            Kind::Chart(chart) => self.chart(chart, names),
            Kind::Field(field) => {
                self.text(&field.key, names);
                self.texts(field.kind.texts(), names);
                self.condition(field.kind.condition(), names);
            }
            Kind::Table(table) => self.table(node, table, names),
            Kind::Frame(frame) => {
                self.keep(Some(node));
                self.nodes(&frame.nodes, names);
            }
            Kind::Rich(rich) => rich.each(&mut |asked| match asked {
                Asked::Text(text) => self.text(text, names),
                Asked::Expression(expression) => self.condition(Some(expression), names),
            }),
            Kind::Contents(_) | Kind::Line(_) | Kind::Rect(_) | Kind::Ellipse(_) | Kind::Path(_) | Kind::PageBreak => {}
        }
        self.keep(Some(node));
        names.truncate(outside);
    }

    fn chart<'t>(&mut self, chart: &'t ChartNode, names: &mut Names<'t>) {
        let outside = names.len();
        let axis = |walk: &mut Self, axis: &ChartAxis, names: &Names<'_>| {
            walk.texts(&axis.title, names);
            walk.values([&axis.min, &axis.max, &axis.format].into_iter().flatten(), names);
        };
        axis(self, &chart.category_axis, names);
        axis(self, &chart.value_axis, names);
        self.texts(&chart.empty, names);
        self.values(chart.bands.iter().map(|(end, _)| end), names);
        self.values([&chart.format, &chart.label_format].into_iter().flatten(), names);
        if let Some(each) = &chart.each {
            let list = each.trace(names, &mut self.reads);
            names.push((&chart.name, list.item()));
            names.push((&chart.index_name, Origin::Unknown));
        }
        self.texts(&chart.label, names);
        for series in &chart.series {
            self.text(&series.name, names);
            self.values([&series.value].into_iter().chain(&series.x), names);
            self.bind(&series.bind, names);
        }
        names.truncate(outside);
    }

    fn table<'t>(&mut self, node: &'t Node, table: &'t TableNode, names: &mut Names<'t>) {
        for column in &table.columns {
            self.condition(column.visible.as_ref(), names);
        }
        let list = table.each.trace(names, &mut self.reads);
        let item = list.item();
        let outside = names.len();
        let within_item = |names: &mut Names<'t>| {
            names.extend([
                (ROW_NAME, item.clone()),
                (&*table.name, item.clone()),
                (&*table.index_name, Origin::Unknown),
            ]);
        };
        self.rows(node, table.header.iter().flat_map(|header| &header.rows), names);
        self.rows(node, table.totals.iter().chain(&table.empty), names);
        if let Some(carry) = &table.carry {
            within_item(names);
            self.values(carry.sums.iter().map(|(_, value)| value), names);
            names.truncate(outside);
            self.rows(node, carry.top.iter().chain(&carry.bottom), names);
        }
        for group in &table.groups {
            within_item(names);
            self.values([&group.by], names);
            names.truncate(names.len() - 3);
            names.push((&group.name, Origin::group_of(list.clone())));
            self.rows(node, group.header.iter().chain(&group.footer), names);
        }
        within_item(names);
        self.rows(node, &table.rows, names);
        names.truncate(outside);
    }

    fn rows<'t>(&mut self, node: &'t Node, rows: impl IntoIterator<Item = &'t TableRow>, names: &mut Names<'t>) {
        for row in rows {
            let outside = names.len();
            if let Some(each) = &row.each {
                let list = each.each.trace(names, &mut self.reads);
                names.push((&each.name, list.item()));
                names.push((&each.index_name, Origin::Unknown));
            }
            self.condition(row.visible.as_ref(), names);
            self.bind(&row.bind, names);
            match &row.content {
                RowContent::Cells(cells) => cells.iter().for_each(|cell| self.cell(node, cell, names)),
                RowContent::Rows(rows) => self.rows(node, rows, names),
            }
            names.truncate(outside);
        }
    }

    fn cell<'t>(&mut self, node: &'t Node, cell: &'t Cell, names: &mut Names<'t>) {
        self.text(&cell.text, names);
        self.bind(&cell.bind, names);
        self.keep(Some(node));
        self.nodes(&cell.nodes, names);
    }
}
