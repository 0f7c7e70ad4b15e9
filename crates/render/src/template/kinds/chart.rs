//! Charts: data, series, axes, legend, and the looks of them.

use serde_json::Value as Json;

use super::{BOX_BINDABLE, KindEntry, Needs};
use crate::chart::{ALL, ChartKind, PALETTE};
use crate::diagnostic::codes;
use crate::document::Color;
use crate::expression::{Expression, TextTemplate};
use crate::template::describe::{Description, Form};
use crate::template::flow::{Bind, check_names};
use crate::template::look::{StrokeShape, read_box};
use crate::template::model::{
    Bindable, ChartAxis, ChartNode, ChartSeries, Curve, Kind, LegendPlace, Rule, Stack, TextStyle,
};
use crate::template::node::Place;
use crate::template::reader::ObjectReader;
use crate::template::reading::{Reading, shortened};
use crate::template::shape::{
    Choice, ColorShape, ExpressionShape, Factor, Flag, Identifier, List, Object, Shape, TemplateText,
};
use crate::template::style::{StyleShape, chosen};

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "chart",
    definition: "chartNode",
    title: "a chart node",
    doc: "A chart of numbers. Without `alt` it gets a description in English: its kind, its series and the range of their values.",
    placed: true,
    needs: Needs::Nothing,
    bindable: BOX_BINDABLE,
    read,
};

/// Series of one chart; nobody tells more colours apart.
const SERIES_COUNT_MAX: usize = 50;

/// Colours of one palette.
const COLOR_COUNT_MAX: usize = 50;

/// Ranges of one gauge.
const BAND_COUNT_MAX: usize = 20;

/// Space between categories, as a share of one: bars are twice as wide as the space between them.
const GAP: f32 = 0.34;

/// Properties that not every kind has.
const SOME_KINDS: [&str; 11] = [
    "horizontal",
    "stack",
    "gap",
    "curve",
    "markers",
    "hole",
    "bands",
    "categoryAxis",
    "valueAxis",
    "legend",
    "valueLabels",
];

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let kind = reader.required("type", TypeShape, "Which chart it is.");
    let each = reader.optional(
        "each",
        ExpressionShape,
        "Expression that gives the list of items: one category, slice or point each. Without it there is one item.",
    );
    let name = reader.or("as", Identifier, "item".to_owned(), "Name of the item in expressions.");
    let index_name =
        reader.or("index", Identifier, "index".to_owned(), "Name of the item's number in expressions, counted from 0.");
    check_names(reader, &name, &index_name);
    let label = reader.optional("label", TemplateText, "What an item is called.");
    let series = reader.required("series", SERIES, "What is measured. A pie or donut of items has one.");
    let stacks = Choice(&[("none", Stack::None), ("sum", Stack::Sum), ("share", Stack::Share)]);
    let stack = reader.or(
        "stack",
        stacks,
        Stack::None,
        "Bars and areas: whether series stand upon one another, and whether as shares of their sum.",
    );
    let horizontal = reader.or("horizontal", Flag, false, "Bars go to the right instead of upwards.");
    let gap = Factor { phrase: "a number from 0 to 0.9", minimum: 0.0, maximum: 0.9 };
    let gap = reader.or("gap", gap, GAP, "Bars: share of a category that stays empty.");
    let curves = Choice(&[("straight", Curve::Straight), ("smooth", Curve::Smooth), ("step", Curve::Step)]);
    let curve = reader.or("curve", curves, Curve::Straight, "How points are joined.");
    let markers = reader.or("markers", Flag, false, "Marks the points of lines; of a sparkline the last one.");
    let hole = Factor { phrase: "a number from 0.2 to 0.9", minimum: 0.2, maximum: 0.9 };
    let hole = reader.optional(
        "hole",
        hole,
        "Donut and gauge: radius of the hole as a share of the whole; else 0.6 and 0.74.",
    );
    let bands = reader.or("bands", BANDS, Vec::new(), "Gauge: ranges from low to high, each with its colour.");
    let palette = List { phrase: "an array of colours", of: ColorShape, least: 1, most: COLOR_COUNT_MAX };
    let palette = reader.or(
        "palette",
        palette,
        PALETTE.to_vec(),
        "Colours of series or slices in turn. The engine's own stay apart for the colour-blind and in grey.",
    );
    let legends = Choice(&[
        ("auto", LegendPlace::Auto),
        ("none", LegendPlace::None),
        ("top", LegendPlace::Top),
        ("bottom", LegendPlace::Bottom),
        ("right", LegendPlace::Right),
    ]);
    let legend = reader.or(
        "legend",
        legends,
        LegendPlace::Auto,
        "Where names are explained; by itself above several series, and to the right of slices.",
    );
    let format = reader.optional(
        "format",
        ExpressionShape,
        "Expression that writes a value: it knows `value`. Else numbers are written as the locale does.",
    );
    let value_labels =
        reader.or("valueLabels", Flag, false, "Writes values beside what shows them, where there is room.");
    let label_format = reader.optional(
        "labelFormat",
        ExpressionShape,
        "Expression that writes such a value: it knows `value`, `label`, and of a whole the `share`, from 0 to 1.",
    );
    let category_axis = reader.optional("categoryAxis", AXIS, "The axis of the items; in a scatter chart that of `x`.");
    let value_axis = reader.optional("valueAxis", AXIS, "The axis of the values.");
    let empty = reader.optional("empty", TemplateText, "What stands instead when there are no values.");
    let style = reader.optional("style", StyleShape, "Look of all text.");
    let axis_style = reader.optional("axisStyle", StyleShape, "Look of what stands along the axes, over `style`.");
    let look = read_box(reader);
    let (kind, series) = (kind?, series?);
    check_kind(reader, kind, each.is_some(), &series);
    let (style, axis_style) = match reader.state() {
        Some(reading) => {
            let style = chosen(style.as_ref(), &reading.base_style, &reading.styles);
            let axis_style = chosen(axis_style.as_ref(), &style, &reading.styles);
            (style, axis_style)
        }
        None => (TextStyle::default(), TextStyle::default()),
    };
    Some(Kind::Chart(Box::new(ChartNode {
        kind,
        each,
        name,
        index_name,
        label,
        series,
        stack,
        horizontal,
        gap,
        curve,
        markers,
        value_labels,
        hole: hole.unwrap_or(kind.hole),
        bands,
        legend,
        palette,
        format,
        label_format,
        category_axis: category_axis.unwrap_or_else(plain_axis),
        value_axis: value_axis.unwrap_or_else(plain_axis),
        empty,
        style,
        axis_style,
        look,
    })))
}

/// Reports what a kind of chart cannot do.
fn check_kind(reader: &mut ObjectReader<'_>, kind: &ChartKind, has_items: bool, series: &[ChartSeries]) {
    for name in SOME_KINDS {
        if !kind.takes.contains(&name) {
            reader.no_effect(name, &format!("on a chart of type `{}`", kind.name));
        }
    }
    let places = series.iter().filter(|series| series.x.is_some()).count();
    let scatter = kind.name == "scatter";
    if scatter && places < series.len() {
        let message = "a scatter chart needs `x` in each of its series".to_owned();
        let hint = "give the expression of the place to the right, such as \"x\": \"item.weight\"".to_owned();
        reader.error_at(Some("series"), codes::MISSING_PROPERTY, message, Some(hint));
    } else if !scatter
        && places > 0
        && let Some(reading) = reader.state()
    {
        let message = format!("`x` has no effect on a chart of type `{}`", kind.name);
        reading.within("series", |reading| reading.warning(codes::INVALID_VALUE, message, None));
    }
    let whole = kind.content == crate::chart::Content::Slices;
    if whole && has_items && series.len() > 1 {
        let message = format!("a {} of items has one series, not {}", kind.name, series.len());
        let hint = "leave out `each`, so that each series is a slice, or leave out series".to_owned();
        reader.error_at(Some("series"), codes::INVALID_VALUE, message, Some(hint));
    }
}

/// The name of a kind of chart.
#[derive(Clone, Copy)]
struct TypeShape;

impl Shape for TypeShape {
    type Value = &'static ChartKind;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<&'static ChartKind> {
        let Some(name) = json.as_str() else {
            reading.wrong_type("a string: a type of chart", json);
            return None;
        };
        let found = ALL.iter().find(|kind| kind.name == name);
        if found.is_none() {
            let message = format!("there is no type of chart `{}`", shortened(name));
            let names = ALL.iter().map(|kind| kind.name);
            reading.unknown_name(codes::INVALID_VALUE, message, name, "types", names);
        }
        found
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Choice(ALL.iter().map(|kind| kind.name).collect())
    }
}

const SERIES: List<Object<ChartSeries>> =
    List { phrase: "an array of series", of: ONE_SERIES, least: 1, most: SERIES_COUNT_MAX };

const ONE_SERIES: Object<ChartSeries> =
    Object { name: "chartSeries", title: "a series", doc: "One measure of all items of a chart.", read: read_series };

fn read_series(reader: &mut ObjectReader<'_>) -> Option<ChartSeries> {
    let name = reader.or("name", TemplateText, TextTemplate::literal(""), "What it is called.");
    let value =
        reader.required("value", ExpressionShape, "Expression that gives the value of an item; nothing leaves it out.");
    let x = reader.optional("x", ExpressionShape, "Scatter chart: expression that gives the place to the right.");
    let color = reader.optional("color", ColorShape, "Its colour, instead of the palette's.");
    let bind = Bind { allowed: &[Bindable::Color], title: "a series" };
    let bind = reader.optional("bind", bind, "Sets the `color` of single items by an expression.");
    let pointer = reader.state().map(|reading| reading.pointer().to_owned()).unwrap_or_default();
    Some(ChartSeries { name, value: value?, x, color, bind: bind.unwrap_or_default(), pointer })
}

const BANDS: List<Object<(Expression, Color)>> =
    List { phrase: "an array of ranges", of: BAND, least: 0, most: BAND_COUNT_MAX };

const BAND: Object<(Expression, Color)> = Object {
    name: "chartBand",
    title: "a range",
    doc: "A range of a gauge; it begins where the one before it ends.",
    read: |reader| {
        let to = reader.required("to", NumberShape, "Where it ends.");
        let color = reader.required("color", ColorShape, "Its colour; the value takes it when it lies there.");
        Some((to?, color?))
    },
};

const AXIS: Object<ChartAxis> = Object {
    name: "chartAxis",
    title: "an axis",
    doc: "An axis of a chart. Ticks are put at round numbers, as many as there is room for.",
    read: read_axis,
};

/// An axis of which nothing is said.
fn plain_axis() -> ChartAxis {
    ChartAxis { labels: true, ..ChartAxis::default() }
}

fn read_axis(reader: &mut ObjectReader<'_>) -> Option<ChartAxis> {
    Some(ChartAxis {
        title: reader.optional("title", TemplateText, "What it measures."),
        min: reader.optional("min", NumberShape, "Number where it begins."),
        max: reader.optional("max", NumberShape, "Number where it ends."),
        format: reader.optional("format", ExpressionShape, "Expression that writes its numbers: it knows `value`."),
        labels: reader.or("labels", Flag, true, "Whether anything is written along it."),
        grid: reader
            .optional("grid", RuleShape, "Lines across the chart: whether there are any, a colour, or a stroke object.")
            .unwrap_or_default(),
        line: reader
            .optional("line", RuleShape, "The line along the axis: whether there is one, a colour, or a stroke object.")
            .unwrap_or_default(),
    })
}

/// A number, or an expression that gives one.
#[derive(Clone, Copy)]
struct NumberShape;

impl Shape for NumberShape {
    type Value = Expression;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Expression> {
        match json {
            Json::Number(number) => ExpressionShape.read(&Json::from(number.to_string()), reading),
            Json::String(_) => ExpressionShape.read(json, reading),
            other => {
                reading.wrong_type("a number or an expression", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        let number = Form::Number { phrase: "a number", minimum: -1e300, maximum: 1e300, decimals: 6 };
        Form::AnyOf(vec![number, ExpressionShape.form(description)])
    }
}

/// True, false, a colour or a stroke object.
#[derive(Clone, Copy)]
struct RuleShape;

impl Shape for RuleShape {
    type Value = Rule;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Rule> {
        match json {
            Json::Bool(true) => Some(Rule::Shown),
            Json::Bool(false) => Some(Rule::None),
            _ => StrokeShape.read(json, reading).map(Rule::Stroke),
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![Form::Boolean, StrokeShape.form(description)])
    }
}
