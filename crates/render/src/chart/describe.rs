//! What a chart says to those who cannot see it, when its author says nothing.

use super::data::Data;
use super::kinds::Content;
use super::slices::slices;
use super::typesetter::{Figure, Purpose, Typesetter};
use super::words::{Words, counted, filled, words};
use crate::template::model::ChartNode;

/// Series or slices that a description names one by one; a longer list is not listened to.
const NAMED_COUNT_MAX: usize = 8;

/// Describes a chart: its kind, what it consists of, and the range of its values. Gives the language that it is
/// described in, too: that of the document, where there are words of it.
pub(crate) fn describe(
    node: &ChartNode,
    data: &Data,
    locale: &str,
    setter: &mut dyn Typesetter,
) -> (String, &'static str) {
    let words = words(locale);
    let title = words.title(node.kind.name);
    if !data.has_values() {
        return (filled(words.without_values, &[title]), words.language);
    }
    let mut text = title.to_owned();
    match node.kind.content {
        Content::Slices => describe_slices(&mut text, words, node, data, setter),
        Content::Single => describe_single(&mut text, words, data, setter),
        Content::Categories | Content::Points => describe_series(&mut text, words, node, data, setter),
    }
    (text, words.language)
}

fn number(setter: &mut dyn Typesetter, value: f64) -> String {
    setter.write(Purpose::Description, &Figure::plain(value))
}

fn describe_series(text: &mut String, words: &Words, node: &ChartNode, data: &Data, setter: &mut dyn Typesetter) {
    let categories = node.kind.content == Content::Categories;
    let items = counted(data.item_count(), if categories { words.categories } else { words.points });
    let ends =
        data.labels.first().zip(data.labels.last()).filter(|(first, last)| !first.is_empty() && !last.is_empty());
    let items = match ends.filter(|_| categories && data.item_count() > 1) {
        Some((first, last)) => filled(words.range, &[&items, first, last]),
        None => items,
    };
    text.extend([words.comma, &counted(data.series.len(), words.series), words.comma, &items]);
    for series in data.series.iter().take(NAMED_COUNT_MAX) {
        let Some((low, high)) = series.extent() else { continue };
        let name = if series.name.is_empty() { words.values } else { &series.name };
        let (low_text, high_text) = (number(setter, low), number(setter, high));
        text.push_str(words.semicolon);
        if low == high {
            text.extend([name, words.colon, &low_text]);
        } else {
            text.push_str(&filled(words.range, &[name, &low_text, &high_text]));
        }
    }
    push_rest(text, words, data.series.len());
}

fn describe_slices(text: &mut String, words: &Words, node: &ChartNode, data: &Data, setter: &mut dyn Typesetter) {
    let slices = slices(node, data);
    text.extend([words.comma, &counted(slices.len(), words.parts)]);
    for slice in slices.iter().take(NAMED_COUNT_MAX) {
        let value = number(setter, slice.value);
        let figure = Figure { value: slice.value, share: Some(slice.share), decimals: None, label: slice.name };
        let share = setter.write(Purpose::Description, &figure);
        let name = if slice.name.is_empty() { words.unnamed } else { slice.name };
        text.extend([words.semicolon, name, words.colon, &value, words.comma, &share]);
    }
    push_rest(text, words, slices.len());
}

fn describe_single(text: &mut String, words: &Words, data: &Data, setter: &mut dyn Typesetter) {
    let Some(series) = data.series.first() else { return };
    let Some(value) = series.values.iter().flatten().next() else { return };
    let (low, high) = super::kinds::gauge_ends(data.value.min, data.value.max, *value);
    let (value, low, high) = (number(setter, *value), number(setter, low), number(setter, high));
    let value = if series.name.is_empty() { value } else { format!("{} {value}", series.name) };
    text.extend([words.comma, &filled(words.scale, &[&value, &low, &high])]);
}

fn push_rest(text: &mut String, words: &Words, count: usize) {
    if count > NAMED_COUNT_MAX {
        text.extend([words.semicolon, &filled(words.more, &[&(count - NAMED_COUNT_MAX).to_string()])]);
    }
}
