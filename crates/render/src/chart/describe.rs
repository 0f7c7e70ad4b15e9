//! What a chart says to those who cannot see it, when its author says nothing.

use std::fmt::Write as _;

use super::data::Data;
use super::kinds::Content;
use super::slices::slices;
use super::typesetter::{Figure, Purpose, Typesetter};
use crate::template::model::ChartNode;

/// The language of descriptions.
pub(crate) const LANGUAGE: &str = "en";

/// Series or slices that a description names one by one; a longer list is not listened to.
const NAMED_COUNT_MAX: usize = 8;

/// Describes a chart: its kind, what it consists of, and the range of its values.
pub(crate) fn describe(node: &ChartNode, data: &Data, setter: &mut dyn Typesetter) -> String {
    let mut text = node.kind.title.to_owned();
    if !data.has_values() {
        text.push_str(" without values");
        return text;
    }
    match node.kind.content {
        Content::Slices => describe_slices(&mut text, node, data, setter),
        Content::Single => describe_single(&mut text, data, setter),
        Content::Categories | Content::Points => describe_series(&mut text, node, data, setter),
    }
    text
}

fn number(setter: &mut dyn Typesetter, value: f64) -> String {
    setter.write(Purpose::Description, &Figure::plain(value))
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn describe_series(text: &mut String, node: &ChartNode, data: &Data, setter: &mut dyn Typesetter) {
    let categories = node.kind.content == Content::Categories;
    let (one, many) = if categories { ("category", "categories") } else { ("point", "points") };
    let _infallible =
        write!(text, ", {}, {}", counted(data.series.len(), "series", "series"), counted(data.item_count(), one, many));
    let ends =
        data.labels.first().zip(data.labels.last()).filter(|(first, last)| !first.is_empty() && !last.is_empty());
    if let Some((first, last)) = ends.filter(|_| categories && data.item_count() > 1) {
        let _infallible = write!(text, " from {first} to {last}");
    }
    for series in data.series.iter().take(NAMED_COUNT_MAX) {
        let Some((low, high)) = series.extent() else { continue };
        let name = if series.name.is_empty() { "values" } else { &series.name };
        let (low_text, high_text) = (number(setter, low), number(setter, high));
        let _infallible = if low == high {
            write!(text, "; {name}: {low_text}")
        } else {
            write!(text, "; {name} from {low_text} to {high_text}")
        };
    }
    push_rest(text, data.series.len());
}

fn describe_slices(text: &mut String, node: &ChartNode, data: &Data, setter: &mut dyn Typesetter) {
    let slices = slices(node, data);
    let _infallible = write!(text, ", {}", counted(slices.len(), "part", "parts"));
    for slice in slices.iter().take(NAMED_COUNT_MAX) {
        let value = number(setter, slice.value);
        let figure = Figure { value: slice.value, share: Some(slice.share), decimals: None, label: slice.name };
        let share = setter.write(Purpose::Description, &figure);
        let name = if slice.name.is_empty() { "one" } else { slice.name };
        let _infallible = write!(text, "; {name}: {value}, {share}");
    }
    push_rest(text, slices.len());
}

fn describe_single(text: &mut String, data: &Data, setter: &mut dyn Typesetter) {
    let Some(series) = data.series.first() else { return };
    let Some(value) = series.values.iter().flatten().next() else { return };
    let name = if series.name.is_empty() { String::new() } else { format!("{} ", series.name) };
    let (low, high) = super::kinds::gauge_ends(data.value.min, data.value.max, *value);
    let (value, low, high) = (number(setter, *value), number(setter, low), number(setter, high));
    let _infallible = write!(text, ", {name}{value} on a scale from {low} to {high}");
}

fn push_rest(text: &mut String, count: usize) {
    if count > NAMED_COUNT_MAX {
        let _infallible = write!(text, "; and {} more", count - NAMED_COUNT_MAX);
    }
}
