//! Conditions of a node: when it is there, how often, where pages break, where a click leads, what it means.

use serde_json::Value as Json;

use super::describe::{Description, Form};
use super::kinds::{KindEntry, Needs};
use super::model::{Bindable, Break, BreakTo, Keep, NodeRole, Repeat, SPAN_ALL, TooTall};
use super::reader::ObjectReader;
use super::reading::{Reading, shortened};
use super::shape::{
    Choice, Condition, ExpressionShape, Factor, Flag, Identifier, Length, Object, Shape, TemplateText, Whole,
};
use crate::diagnostic::codes;
use crate::document::{ArtifactKind, Role};
use crate::expression::{Expression, TextTemplate};

/// Bound properties of a node.
pub(super) type Bindings = Vec<(Bindable, Expression)>;

/// What every node says beside its place and its kind.
pub(super) struct Flow {
    pub(super) visible: Option<Expression>,
    pub(super) collapse: bool,
    pub(super) repeat: Option<Repeat>,
    pub(super) keep: Keep,
    pub(super) span: u16,
    pub(super) row_span: u16,
    pub(super) break_before: Break,
    pub(super) break_after: bool,
    pub(super) break_to: BreakTo,
    pub(super) too_tall: TooTall,
    pub(super) rotation: f32,
    pub(super) opacity: f32,
    pub(super) link: Option<TextTemplate>,
    pub(super) bookmark: Option<(u8, TextTemplate)>,
    pub(super) role: Option<NodeRole>,
    pub(super) alt: Option<TextTemplate>,
    pub(super) bind: Bindings,
}

impl Flow {
    /// Reads what the kind allows: a page break has only a condition.
    pub(super) fn read(reader: &mut ObjectReader<'_>, entry: &'static KindEntry) -> Self {
        let visible =
            reader.optional("visible", Visibility, "When the node is there: an expression, or `false` for never.");
        let mut flow = Self {
            visible: visible.flatten(),
            collapse: false,
            repeat: None,
            keep: Keep::None,
            span: 1,
            row_span: 1,
            break_before: Break::None,
            break_after: false,
            break_to: BreakTo::Page,
            too_tall: TooTall::Error,
            rotation: 0.0,
            opacity: 1.0,
            link: None,
            bookmark: None,
            role: None,
            alt: None,
            bind: Vec::new(),
        };
        flow.break_to = reader.or(
            "breakTo",
            BREAK_TO,
            BreakTo::Page,
            "Where what stands after the break begins: on the next page, in the next column, or on the next page with an \
             odd or even number.",
        );
        if !entry.placed {
            return flow;
        }
        flow.collapse = reader.or("collapse", Flag, false, "What stands below moves up when the node is hidden.");
        flow.repeat = reader.optional("repeat", REPEAT, "Makes one copy of the node for each item of a list.");
        flow.keep = reader.or(
            "keep",
            KEEP,
            Keep::None,
            "What must stay on one page: the node itself, the node and the next one, or both.",
        );
        let breaks = reader.or(
            "break",
            BREAK,
            PageBreaks::None,
            "Where a page ends: before the node, before it unless it is the first on its page, or after it.",
        );
        flow.break_before = match breaks {
            PageBreaks::Before => Break::Before,
            PageBreaks::BeforeUnlessFirst => Break::BeforeUnlessFirst,
            PageBreaks::None | PageBreaks::After => Break::None,
        };
        flow.break_after = breaks == PageBreaks::After;
        if breaks == PageBreaks::None {
            reader.no_effect("breakTo", "without `break`");
        }
        flow.too_tall = reader.or(
            "tooTall",
            TOO_TALL,
            TooTall::Error,
            "What happens when it must not be cut and is taller than a page: an error, it is made smaller, or it is cut \
             off.",
        );
        flow.span =
            reader.or("span", SpanShape, 1, "In a grid: columns that it covers; `all` also in flowing columns.");
        flow.row_span = cells(reader.or("rowSpan", CELL_COUNT, 1, "In a grid: rows that it covers."));
        flow.rotation = reader.or("rotation", DEGREES, 0.0, "Clockwise turn about the centre, in degrees.");
        flow.opacity = reader.or("opacity", OPACITY, 1.0, "0 is invisible, 1 is solid.");
        flow.link = reader.optional(
            "link",
            LinkShape,
            "Where a click leads: an address with http, https, mailto or tel, or `#id` of a node.",
        );
        flow.bookmark = reader.optional(
            "bookmark",
            BookmarkShape,
            "Entry in the outline of the file: its text, or an object with `level` and `text`.",
        );
        flow.role = reader.optional(
            "role",
            ROLE,
            "What the node means to screen readers, when it is not what its kind usually means.",
        );
        flow.alt = reader.optional("alt", TemplateText, "What a screen reader says instead of the picture.");
        if !entry.bindable.is_empty() {
            let bind = Bind { allowed: entry.bindable, title: entry.title };
            flow.bind = reader
                .optional("bind", bind, "Sets properties by expressions: name of the property to expression.")
                .unwrap_or_default();
        }
        flow
    }

    /// Whether an expression sets this property.
    pub(super) fn binds(&self, property: Bindable) -> bool {
        self.bind.iter().any(|(bound, _)| *bound == property)
    }
}

/// Cells of a grid that a node covers each way; no grid has more columns.
const CELL_COUNT: Whole = Whole { phrase: "a whole number from 1 to 50", minimum: 1, maximum: 50 };

/// A number of cells, or all.
#[derive(Clone, Copy)]
struct SpanShape;

const ALL_CELLS: Choice<u16> = Choice(&[("all", SPAN_ALL)]);

impl Shape for SpanShape {
    type Value = u16;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<u16> {
        if json.is_string() { ALL_CELLS.read(json, reading) } else { CELL_COUNT.read(json, reading).map(cells) }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![CELL_COUNT.form(description), ALL_CELLS.form(description)])
    }

    fn show(&self, value: &u16) -> Option<Json> {
        CELL_COUNT.show(&u32::from(*value))
    }
}

fn cells(count: u32) -> u16 {
    u16::try_from(count).unwrap_or(1)
}

/// Reports a size that a kind cannot do without.
pub(super) fn check_size(reader: &mut ObjectReader<'_>, entry: &'static KindEntry, flow: &Flow) {
    let width = reader.has("width") || flow.binds(Bindable::Width);
    let height = reader.has("height") || flow.binds(Bindable::Height);
    let (complete, hint) = match entry.needs {
        Needs::Nothing => return,
        Needs::OneSide(hint) => (width || height, hint),
        Needs::BothSides(hint) => (width && height, hint),
    };
    if !complete && !reader.has("size") && !reader.has("to") {
        let message = format!("{} needs a size", reader.title());
        reader.error_at(None, codes::MISSING_PROPERTY, message, Some(hint.to_owned()));
    }
}

/// True, false or an expression; true needs no expression.
#[derive(Clone, Copy)]
pub(super) struct Visibility;

impl Shape for Visibility {
    type Value = Option<Expression>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Option<Expression>> {
        match json {
            Json::Bool(true) => Some(None),
            Json::Bool(false) => Condition.read(&Json::from("false"), reading).map(Some),
            Json::String(_) => Condition.read(json, reading).map(Some),
            other => {
                reading.wrong_type("an expression, true or false", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![Condition.form(description), Form::Boolean])
    }
}

/// True, false or an expression whose answer is known before anything is put on a page.
#[derive(Clone, Copy)]
pub(super) struct Certainty;

impl Shape for Certainty {
    type Value = Option<Expression>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Option<Expression>> {
        let condition = Visibility.read(json, reading)?;
        if condition.as_ref().is_some_and(Expression::uses_page) {
            let message = format!("{} cannot depend on the page", reading.subject());
            let hint = "rows and columns of a table are found before its pages are".to_owned();
            reading.error(codes::INVALID_EXPRESSION, message, Some(hint));
        }
        Some(condition)
    }

    fn form(&self, description: &mut Description) -> Form {
        Visibility.form(description)
    }
}

const REPEAT: Object<Repeat> = Object {
    name: "repeat",
    title: "a repetition",
    doc: "Makes one copy of a node for each item of a list.",
    read: read_repeat,
};

/// Copies side by side; more than a page has points make no sense.
const COLUMN_COUNT_MAX: u32 = 1000;

fn read_repeat(reader: &mut ObjectReader<'_>) -> Option<Repeat> {
    let each = reader.required("each", ExpressionShape, "Expression that gives the list.");
    let name = reader.or("as", Identifier, "item".to_owned(), "Name of the item in expressions.");
    let index_name =
        reader.or("index", Identifier, "index".to_owned(), "Name of the item's number in expressions, counted from 0.");
    let gap = reader.or(
        "gap",
        Length::DISTANCE,
        0.0,
        "Space between two copies. In a row, what is not given is the gap of the stack; in a grid, it is the grid's.",
    );
    let directions = Choice(&[("down", false), ("across", true)]);
    let across = reader.or(
        "direction",
        directions,
        false,
        "Where the next copy stands: below, or to the right. In a row and in a grid each copy is a child like any other.",
    );
    let columns = Whole { phrase: "a whole number from 0 to 1000", minimum: 0, maximum: COLUMN_COUNT_MAX };
    let columns = reader.or(
        "columns",
        columns,
        0,
        "With `across`: copies side by side before the next row; 0 is as many as fit.",
    );
    if !across {
        reader.no_effect("columns", "unless `direction` is `across`");
    }
    check_names(reader, &name, &index_name);
    Some(Repeat { each: each?, name, index_name, gap, across, columns })
}

/// Reports an item and an index of the same name.
pub(super) fn check_names(reader: &mut ObjectReader<'_>, name: &str, index_name: &str) {
    if name == index_name {
        let message = format!("`as` and `index` are both `{name}`");
        let hint = Some("give them different names".to_owned());
        reader.error_at(Some("index"), codes::INVALID_VALUE, message, hint);
    }
}

pub(super) const KEEP: Choice<Keep> = Choice(&[
    ("none", Keep::None),
    ("together", Keep::Together),
    ("with-next", Keep::WithNext),
    ("together-with-next", Keep::TogetherWithNext),
]);

#[derive(Clone, Copy, PartialEq)]
enum PageBreaks {
    None,
    Before,
    BeforeUnlessFirst,
    After,
}

const BREAK: Choice<PageBreaks> = Choice(&[
    ("none", PageBreaks::None),
    ("before", PageBreaks::Before),
    ("before-unless-first", PageBreaks::BeforeUnlessFirst),
    ("after", PageBreaks::After),
]);

const BREAK_TO: Choice<BreakTo> =
    Choice(&[("page", BreakTo::Page), ("column", BreakTo::Column), ("odd", BreakTo::Odd), ("even", BreakTo::Even)]);

const TOO_TALL: Choice<TooTall> =
    Choice(&[("error", TooTall::Error), ("scale", TooTall::Scale), ("cut", TooTall::Cut)]);

const DEGREES: Factor = Factor { phrase: "a number of degrees from -360 to 360", minimum: -360.0, maximum: 360.0 };

const OPACITY: Factor = Factor { phrase: "a number from 0 to 1", minimum: 0.0, maximum: 1.0 };

const ROLE: Choice<NodeRole> = Choice(&[
    ("H1", NodeRole::Element(Role::Heading1)),
    ("H2", NodeRole::Element(Role::Heading2)),
    ("H3", NodeRole::Element(Role::Heading3)),
    ("H4", NodeRole::Element(Role::Heading4)),
    ("H5", NodeRole::Element(Role::Heading5)),
    ("H6", NodeRole::Element(Role::Heading6)),
    ("P", NodeRole::Element(Role::Paragraph)),
    ("Span", NodeRole::Element(Role::Span)),
    ("Figure", NodeRole::Element(Role::Figure)),
    ("Caption", NodeRole::Element(Role::Caption)),
    ("Quote", NodeRole::Element(Role::Quote)),
    ("BlockQuote", NodeRole::Element(Role::BlockQuote)),
    ("Code", NodeRole::Element(Role::Code)),
    ("Note", NodeRole::Element(Role::Note)),
    ("Part", NodeRole::Element(Role::Part)),
    ("Sect", NodeRole::Element(Role::Section)),
    ("Div", NodeRole::Element(Role::Division)),
    ("L", NodeRole::Element(Role::List)),
    ("LI", NodeRole::Element(Role::ListItem)),
    ("Lbl", NodeRole::Element(Role::Label)),
    ("LBody", NodeRole::Element(Role::ListBody)),
    ("artifact", NodeRole::Artifact(ArtifactKind::Layout)),
]);

/// Schemes that a link may have: those that a reader opens without running anything.
const SCHEMES: [&str; 4] = ["http:", "https:", "mailto:", "tel:"];

/// Where a click leads.
#[derive(Clone, Copy)]
pub(super) struct LinkShape;

impl Shape for LinkShape {
    type Value = TextTemplate;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<TextTemplate> {
        let link = TemplateText.read(json, reading)?;
        if let Some(literal) = link.as_literal() {
            let lower = literal.to_ascii_lowercase();
            let known =
                literal.len() > 1 && literal.starts_with('#') || SCHEMES.iter().any(|scheme| lower.starts_with(scheme));
            if !known {
                let hint = "links begin with http:, https:, mailto:, tel: or # and the id of a node";
                reading.not_allowed("a link", json, Some(hint.to_owned()));
                return None;
            }
        }
        Some(link)
    }

    fn form(&self, description: &mut Description) -> Form {
        TemplateText.form(description)
    }
}

const BOOKMARK: Object<(u8, TextTemplate)> =
    Object { name: "bookmark", title: "a bookmark", doc: "An entry in the outline of the file.", read: read_bookmark };

fn read_bookmark(reader: &mut ObjectReader<'_>) -> Option<(u8, TextTemplate)> {
    let level = Whole { phrase: "a whole number from 1 to 6", minimum: 1, maximum: 6 };
    let level = reader.or("level", level, 1, "1 is the outermost level.");
    let text = reader.required("text", TemplateText, "What the outline says.");
    Some((u8::try_from(level).unwrap_or(1), text?))
}

/// Text, or a bookmark object.
#[derive(Clone, Copy)]
struct BookmarkShape;

impl Shape for BookmarkShape {
    type Value = (u8, TextTemplate);

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<(u8, TextTemplate)> {
        match json {
            Json::String(_) => TemplateText.read(json, reading).map(|text| (1, text)),
            Json::Object(_) => BOOKMARK.read(json, reading),
            other => {
                reading.wrong_type("text or a bookmark object", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![TemplateText.form(description), BOOKMARK.form(description)])
    }
}

/// Properties that `bind` may set, by the name that it has there.
pub(super) const BINDABLE: [(&str, Bindable); 14] = [
    ("x", Bindable::X),
    ("y", Bindable::Y),
    ("width", Bindable::Width),
    ("height", Bindable::Height),
    ("rotation", Bindable::Rotation),
    ("opacity", Bindable::Opacity),
    ("color", Bindable::Color),
    ("fill", Bindable::Fill),
    ("strokeColor", Bindable::StrokeColor),
    ("strokeWidth", Bindable::StrokeWidth),
    ("align", Bindable::Align),
    ("style", Bindable::Style),
    ("fontSize", Bindable::FontSize),
    ("fontWeight", Bindable::FontWeight),
];

/// An object of properties and their expressions.
#[derive(Clone, Copy)]
pub(super) struct Bind {
    /// What can be bound here.
    pub(super) allowed: &'static [Bindable],
    /// Whose properties they are: `a text node`.
    pub(super) title: &'static str,
}

impl Bind {
    fn names(self) -> impl Iterator<Item = &'static str> + Clone {
        BINDABLE.iter().filter(move |(_, property)| self.allowed.contains(property)).map(|(name, _)| *name)
    }
}

impl Shape for Bind {
    type Value = Bindings;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Bindings> {
        let Some(object) = json.as_object() else {
            reading.wrong_type("an object of expressions by property", json);
            return None;
        };
        let mut bindings = Vec::with_capacity(object.len());
        for (name, source) in object {
            reading.within(name, |reading| {
                let known = BINDABLE.iter().find(|(known, property)| known == name && self.allowed.contains(property));
                let Some((_, property)) = known else {
                    if reading.strictness == super::Strictness::Check {
                        let message =
                            format!("{} has no property `{}` that an expression can set", self.title, shortened(name));
                        reading.unknown_name(codes::UNKNOWN_PROPERTY, message, name, "these can be set", self.names());
                    }
                    return;
                };
                bindings.extend(ExpressionShape.read(source, reading).map(|expression| (*property, expression)));
            });
        }
        Some(bindings)
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::Keys(self.names().collect(), Box::new(ExpressionShape.form(description)))
    }
}
