//! Measuring charts: expressions become numbers, the chart becomes a scene of marks and set text.

use super::binding::Bound;
use super::measure::{Sized, Subject, box_look};
use super::measured::{ChartBox, Content, Extras, TextContent};
use super::state::{HeightRule, Layouter, Site, Stop, TextWork};
use crate::chart::{
    AxisData, Data, Figure, Label, Purpose, Series, Typesetter, VALUE_COUNT_MAX, Voice, describe, draw, drawable, nth,
};
use crate::diagnostic::codes;
use crate::document::Size;
use crate::expression::{Expression, Scope, TextTemplate, Value};
use crate::template::model::{Align, ChartAxis, ChartNode, ChartSeries, TextStyle};
use crate::text::index32;

/// Height of a chart that has none, as a share of its width.
const HEIGHT_SHARE: f32 = 0.5;

impl<'a> Layouter<'a> {
    /// Measures a chart: asks its data, and draws it at the size that it is given. Without an alt text it is described.
    pub(super) fn measure_chart(
        &mut self,
        subject: &Subject<'_, 'a>,
        chart: &'a ChartNode,
        scope: &Scope<'_, 'a>,
        extras: &mut Extras<'a>,
    ) -> Result<Sized<'a>, Stop> {
        let node = subject.node;
        let width = subject.filled_width();
        let height = subject.height.unwrap_or(width * HEIGHT_SHARE);
        let data = self.chart_data(subject, chart, scope)?;
        let look = box_look(&chart.look, subject.bound);
        let [top, right, bottom, left] = look.padding;
        let size = Size { width: (width - left - right).max(0.0), height: (height - top - bottom).max(0.0) };
        let axis_style = straight(&chart.axis_style);
        let style = straight(&chart.style);
        let mut setter =
            Setter { layouter: self, chart, scope, subject, style, axis_style, texts: Vec::new(), stop: None };
        let scene = draw(chart, &data, size, &mut setter);
        if extras.alt.as_ref().is_none_or(String::is_empty) {
            let locale = &setter.layouter.template.locale;
            let (alt, language) = describe(chart, &data, locale, &mut setter);
            (extras.alt, extras.alt_language) = (Some(alt), Some(language));
        }
        let Setter { texts, stop, .. } = setter;
        if let Some(stop) = stop {
            return Err(stop);
        }
        let content = Content::Chart(Box::new(ChartBox { look, scene, texts }));
        Ok(Sized { content, width, height, design_height: node.height.unwrap_or(height) })
    }

    fn chart_data(
        &mut self,
        subject: &Subject<'_, 'a>,
        chart: &'a ChartNode,
        scope: &Scope<'_, 'a>,
    ) -> Result<Data, Stop> {
        let node = subject.node;
        let mut data = Data {
            category: self.axis_data(subject, &chart.category_axis, "categoryAxis", scope)?,
            value: self.axis_data(subject, &chart.value_axis, "valueAxis", scope)?,
            empty: self.optional_text(chart.empty.as_ref(), scope, Site::of(node, "empty"))?,
            ..Data::default()
        };
        for (end, color) in &chart.bands {
            let end = self.evaluate(end, scope, Site::of(node, "bands"))?;
            let Some(end) = drawable(end.as_number()) else { continue };
            if let Some((before, _)) = data.bands.last().filter(|(before, _)| end < *before) {
                let message =
                    format!("a band of the gauge ends at {end}, below the one before it, which ends at {before}");
                let hint = "write the bands from low to high".to_owned();
                self.warn(codes::INVALID_VALUE, Site::of(node, "bands"), message, Some(hint));
            }
            data.bands.push((end, *color));
        }
        for (place, series) in chart.series.iter().enumerate() {
            let name = self.text_of(&series.name, scope, series_site(node.id.as_str(), series, "name"))?;
            let color = series.color.unwrap_or_else(|| nth(&chart.palette, place));
            data.series.push(Series { name, color, values: Vec::new(), x: Vec::new(), colors: Vec::new() });
        }
        let Some(each) = &chart.each else {
            self.chart_item(subject, chart, scope, &mut data)?;
            return Ok(data);
        };
        let Some(items) = self.items(each, scope, Site::of(node, "each"))? else { return Ok(data) };
        for (index, item) in items.enumerate() {
            if (index + 1).saturating_mul(chart.series.len()) > VALUE_COUNT_MAX {
                let message = format!("the chart has more than {VALUE_COUNT_MAX} values");
                return Err(self.limit(Site::of(node, "each"), message));
            }
            let with_item = scope.with(&chart.name, item);
            let inner = with_item.with(&chart.index_name, Value::Number(f64::from(index32(index))));
            self.chart_item(subject, chart, &inner, &mut data)?;
        }
        Ok(data)
    }

    /// Asks everything about one item.
    fn chart_item(
        &mut self,
        subject: &Subject<'_, 'a>,
        chart: &'a ChartNode,
        scope: &Scope<'_, 'a>,
        data: &mut Data,
    ) -> Result<(), Stop> {
        let id = subject.node.id.as_str();
        let label = self.optional_text(chart.label.as_ref(), scope, Site::of(subject.node, "label"))?;
        data.labels.push(label);
        for (series, out) in chart.series.iter().zip(&mut data.series) {
            let value = self.chart_number(&series.value, scope, series_site(id, series, "value"))?;
            out.values.push(value);
            if let Some(x) = &series.x {
                let x = self.chart_number(x, scope, series_site(id, series, "x"))?;
                out.x.push(x);
            }
            if !series.bind.is_empty() {
                let bound: Bound<'_> = self.bound(&series.bind, scope, series_site(id, series, ""))?;
                out.colors.push(bound.color);
            }
        }
        Ok(())
    }

    fn axis_data(
        &mut self,
        subject: &Subject<'_, 'a>,
        axis: &'a ChartAxis,
        name: &'static str,
        scope: &Scope<'_, 'a>,
    ) -> Result<AxisData, Stop> {
        let site = Site::of(subject.node, name);
        let mut end = |end: &'a Option<Expression>| match end {
            Some(end) => self.chart_number(end, scope, site),
            None => Ok(None),
        };
        let (min, max) = (end(&axis.min)?, end(&axis.max)?);
        if let (Some(low), Some(high)) = (min, max)
            && low >= high
        {
            let message = format!("the axis ends at {high}, which is not beyond its beginning at {low}");
            self.warn(codes::INVALID_VALUE, site, message, Some("make `max` greater than `min`".to_owned()));
        }
        Ok(AxisData { title: self.optional_text(axis.title.as_ref(), scope, site)?, min, max })
    }

    /// A text that need not be there.
    pub(super) fn optional_text(
        &mut self,
        text: Option<&'a TextTemplate>,
        scope: &Scope<'_, 'a>,
        site: Site<'_>,
    ) -> Result<String, Stop> {
        text.map_or_else(|| Ok(String::new()), |text| self.text_of(text, scope, site))
    }

    /// A number that can be drawn. Nothing is nothing; what is there and no number is told.
    fn chart_number(
        &mut self,
        expression: &Expression,
        scope: &Scope<'_, 'a>,
        site: Site<'_>,
    ) -> Result<Option<f64>, Stop> {
        let value = self.evaluate(expression, scope, site)?;
        if value.is_nullish() || value.as_text().is_some_and(|text| text.trim().is_empty()) {
            return Ok(None);
        }
        let number = drawable(value.as_number());
        if number.is_none() {
            let shown: String = value.to_display_string().chars().take(40).collect();
            let hint = "give a number, or null to leave the item out";
            self.warn(codes::EXPRESSION_FAILED, site, format!("\"{shown}\" cannot be drawn"), Some(hint.to_owned()));
        }
        Ok(number)
    }
}

fn series_site<'s>(node: &'s str, series: &'s ChartSeries, property: &'s str) -> Site<'s> {
    Site { pointer: &series.pointer, property, node: Some(node) }
}

/// The style of text that the chart itself puts into place.
fn straight(style: &TextStyle) -> TextStyle {
    TextStyle { align: Align::Left, paragraph_gap: 0.0, ..style.clone() }
}

/// Sets the text of one chart with the fonts and the locale of the render.
struct Setter<'s, 'n, 'a> {
    layouter: &'s mut Layouter<'a>,
    chart: &'a ChartNode,
    scope: &'s Scope<'s, 'a>,
    subject: &'s Subject<'n, 'a>,
    style: TextStyle,
    axis_style: TextStyle,
    texts: Vec<TextContent>,
    /// Why the render ends, when it does; charts go on without text then, which is soon done.
    stop: Option<Stop>,
}

impl Setter<'_, '_, '_> {
    fn style(&self, voice: Voice) -> TextStyle {
        match voice {
            Voice::Text => self.style.clone(),
            Voice::Axis => self.axis_style.clone(),
            Voice::Figure(scale) => TextStyle {
                size: self.style.size * scale,
                weight: self.style.weight.max(FIGURE_WEIGHT),
                line_height: 1.0,
                ..self.style.clone()
            },
        }
    }

    fn set(&mut self, text: &str, style: &TextStyle, width: f32, height: HeightRule) -> TextContent {
        let site = Site::of(self.subject.node, "");
        let cased = self.layouter.program.language().with_case(text, style.case);
        let block = match self.layouter.count_text(cased.len(), site) {
            Ok(()) => self.layouter.lay_out_text(TextWork { style, width, height }, &cased, site),
            Err(stop) => {
                self.stop = Some(stop);
                None
            }
        };
        let block = block.unwrap_or_default();
        TextContent::new(block, style)
    }

    fn keep(&mut self, content: TextContent, width: f32) -> Label {
        let height = content.block.height;
        self.texts.push(content);
        Label { id: self.texts.len() - 1, width, height }
    }

    /// Asks an expression that writes a number.
    fn asked(&mut self, format: &Expression, purpose: Purpose, figure: &Figure<'_>) -> String {
        if self.stop.is_some() {
            return String::new();
        }
        let property = match purpose {
            Purpose::ValueTick => "valueAxis",
            Purpose::CategoryTick => "categoryAxis",
            Purpose::Label => "labelFormat",
            Purpose::Description => "format",
        };
        let share = figure.share.map_or(Value::Undefined, Value::Number);
        let with_value = self.scope.with("value", Value::Number(figure.value));
        let with_share = with_value.with("share", share);
        let scope = with_share.with("label", Value::text(figure.label));
        match self.layouter.evaluate(format, &scope, Site::of(self.subject.node, property)) {
            Ok(value) if value.is_nullish() => String::new(),
            Ok(value) => value.to_display_string().into_owned(),
            Err(stop) => {
                self.stop = Some(stop);
                String::new()
            }
        }
    }
}

/// Lines of a label whose author breaks it.
const LINE_COUNT_MAX: u8 = 3;

/// Weight of the one number that a chart is about.
const FIGURE_WEIGHT: u16 = 600;

impl Typesetter for Setter<'_, '_, '_> {
    fn line(&mut self, text: &str, voice: Voice, width: Option<f32>) -> Label {
        if text.is_empty() || self.stop.is_some() {
            return Label { id: usize::MAX, width: 0.0, height: self.line_height(voice) };
        }
        let style = self.style(voice);
        let content = self.set(text, &style, f32::INFINITY, HeightRule::Free);
        let own = content.block.width;
        if text.contains('\n') {
            return self.lines(text, voice, width.map_or(own, |width| own.min(width)), LINE_COUNT_MAX, Align::Center);
        }
        match width.filter(|width| own > *width) {
            None => self.keep(content, own),
            Some(width) => {
                let one = style.size * style.line_height;
                let content = self.set(text, &style, width, HeightRule::Ellipsis(one));
                let own = content.block.width.min(width);
                self.keep(content, own)
            }
        }
    }

    fn lines(&mut self, text: &str, voice: Voice, width: f32, count: u8, align: Align) -> Label {
        let style = TextStyle { align, ..self.style(voice) };
        let height = style.size * style.line_height * f32::from(count);
        let content = self.set(text, &style, width, HeightRule::Ellipsis(height));
        self.keep(content, width)
    }

    fn line_height(&self, voice: Voice) -> f32 {
        let style = self.style(voice);
        style.size * style.line_height
    }

    fn size(&self, voice: Voice) -> f32 {
        self.style(voice).size
    }

    fn write(&mut self, purpose: Purpose, figure: &Figure<'_>) -> String {
        let chart = self.chart;
        let own = match purpose {
            Purpose::ValueTick => chart.value_axis.format.as_ref(),
            Purpose::CategoryTick => chart.category_axis.format.as_ref(),
            Purpose::Label => chart.label_format.as_ref(),
            Purpose::Description => None,
        };
        let general = chart.format.as_ref().filter(|_| figure.share.is_none() && purpose != Purpose::CategoryTick);
        if let Some(format) = own.or(general) {
            return self.asked(format, purpose, figure);
        }
        let locale = self.layouter.program.locale();
        match figure.share {
            Some(share) => locale.write_percent(share, figure.decimals.unwrap_or(0)),
            None => locale.write_number(figure.value, figure.decimals),
        }
    }

    fn warn(&mut self, message: String, hint: &'static str) {
        let site = Site::of(self.subject.node, "series");
        self.layouter.warn(codes::INVALID_VALUE, site, message, Some(hint.to_owned()));
    }
}
