//! Charts in documents: data by expressions, tags and descriptions, findings.

use serde_json::{Value as Json, json};

use super::{document, errors, render, template, texts, try_render};
use crate::document::{Color, Item, Role};
use crate::program::RenderOptions;
use crate::template::parse_color;

fn chart(more: Json) -> Json {
    let mut chart = json!({
        "kind": "chart", "type": "bar", "size": [180, 90], "style": { "size": 6, "lineHeight": 1 },
        "each": "data.rows", "label": "{{ item.name }}",
        "series": [{ "name": "Sales", "value": "item.sales" }],
    });
    chart.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    template(json!([chart]))
}

fn rows() -> Json {
    json!({ "rows": [{ "name": "North", "sales": 1200 }, { "name": "South", "sales": 3400.5 }, { "name": "West", "sales": null }] })
}

fn fills(template: &Json, data: &Json) -> Vec<Color> {
    let document = render(template, data).document;
    let items = document.pages[0].items.iter();
    items.filter_map(|item| if let Item::Rect(rect) = item { rect.fill } else { None }).collect()
}

#[test]
fn a_chart_is_a_figure_that_describes_itself_in_the_numbers_of_its_locale() {
    let mut template = chart(json!({}));
    template["locale"] = json!("de-DE");
    let document = render(&template, &rows()).document;
    let figure = document.structure.elements.iter().find(|element| element.role == Role::Figure).unwrap();
    assert_eq!(
        figure.alt.as_deref(),
        Some("Balkendiagramm, 1 Reihe, 3 Kategorien von North bis West; Sales von 1.200 bis 3.400,5")
    );
    assert_eq!(figure.language, None, "it is described in the language of the document");
}

#[test]
fn the_authors_own_description_counts_and_decoration_stays_decoration() {
    let document = render(&chart(json!({ "alt": "Sales by region" })), &rows()).document;
    let figure = document.structure.elements.iter().find(|element| element.role == Role::Figure).unwrap();
    assert_eq!((figure.alt.as_deref(), figure.language.as_deref()), (Some("Sales by region"), None));
    let document = render(&chart(json!({ "role": "artifact" })), &rows()).document;
    assert!(document.structure.elements.iter().all(|element| element.role != Role::Figure));
}

#[test]
fn values_labels_and_colours_come_from_expressions() {
    let bind = json!({ "color": "item.sales > 2000 ? '#ff0000' : null" });
    let series = json!([{ "value": "item.sales / 100", "color": "#00ff00", "bind": bind }]);
    let more = json!({ "series": series, "valueLabels": true, "labelFormat": "label[0] + number(value, 1)" });
    let template = chart(more);
    assert_eq!(fills(&template, &rows()), [parse_color("#00ff00").unwrap(), parse_color("#ff0000").unwrap()]);
    let says: Vec<String> = texts(&render(&template, &rows()).document).into_iter().map(|(.., says)| says).collect();
    for expected in ["North", "South", "N12.0", "S34.0"] {
        assert!(says.iter().any(|text| text == expected), "{expected} in {says:?}");
    }
}

#[test]
fn ticks_are_written_by_the_locale_or_by_an_expression() {
    let says = |template: &Json| -> Vec<String> {
        texts(&render(template, &rows()).document).into_iter().map(|(.., says)| says).collect()
    };
    assert!(says(&chart(json!({}))).contains(&"2,000".to_owned()));
    let money = chart(json!({ "format": "money(value, 'EUR', { decimals: 0 })" }));
    assert!(says(&money).contains(&"€2,000".to_owned()));
    let own = chart(json!({ "format": "'no'", "valueAxis": { "format": "value / 1000 + ' k'" } }));
    assert!(says(&own).contains(&"2 k".to_owned()));
}

#[test]
fn what_is_no_number_is_told_and_left_out() {
    let data = json!({ "rows": [{ "name": "A", "sales": "many" }, { "name": "B", "sales": "12.5" }, { "name": "C", "sales": "" }] });
    let rendered = render(&chart(json!({})), &data);
    let found = super::shown(&rendered.diagnostics);
    assert_eq!(
        found,
        "warning[expression-failed] at /body/nodes/0/series/0/value (node body.0): \"many\" cannot be drawn\n  \
         hint: give a number, or null to leave the item out"
    );
    let strict = RenderOptions { strict: true, ..RenderOptions::default() };
    assert!(try_render(&chart(json!({})), &data, &strict).is_err());
}

#[test]
fn too_many_values_end_the_render_with_an_error() {
    let rows: Vec<Json> = (0..60_000).map(|number| json!({ "sales": number })).collect();
    let two = json!([{ "value": "item.sales" }, { "value": "item.sales" }]);
    let found = errors(&chart(json!({ "series": two, "label": "" })), &json!({ "rows": rows }));
    assert!(found.contains("error[limit-exceeded]") && found.contains("more than 100000 values"), "{found}");
}

#[test]
fn fuel_ends_a_chart_like_everything_else() {
    let mut options = RenderOptions::default();
    options.limits.fuel_max = 20;
    let found = try_render(&chart(json!({})), &rows(), &options).err().map(|findings| super::shown(&findings));
    assert!(found.is_some_and(|found| found.contains("error[limit-exceeded]")));
}

#[test]
fn an_axis_that_ends_before_it_begins_is_told() {
    let rendered = render(&chart(json!({ "valueAxis": { "min": 5, "max": "3" } })), &rows());
    assert!(super::shown(&rendered.diagnostics).contains("the axis ends at 3, which is not beyond its beginning at 5"));
}

#[test]
fn a_chart_has_the_width_of_its_room_and_half_of_it_as_height() {
    let template = template(
        json!([{ "kind": "chart", "type": "sparkline", "at": [20, 0], "fill": "#eeeeee", "series": [{ "value": "1" }] }]),
    );
    let rects = super::rects(&document(&template), 0);
    assert_eq!((rects[0].width, rects[0].height), (180.0, 90.0));
}

#[test]
fn a_chart_may_stand_in_a_repeated_frame() {
    let spark = json!({ "kind": "chart", "type": "sparkline", "size": [40, 8], "each": "row.trend", "as": "point", "series": [{ "value": "point" }] });
    let nodes =
        json!([{ "kind": "frame", "height": 10, "repeat": { "each": "data.rows", "as": "row" }, "nodes": [spark] }]);
    let data = json!({ "rows": [{ "trend": [1, 2, 3] }, { "trend": [3, 2, 1] }] });
    let document = render(&template(nodes), &data).document;
    let lines = document.pages[0].items.iter().filter(|item| matches!(item, Item::Path(_))).count();
    assert_eq!(lines, 2);
}
