//! Bound properties: expressions that set a property at render time.

use super::state::{Layouter, Site, Stop};
use crate::diagnostic::codes;
use crate::document::Color;
use crate::expression::{Expression, Scope, Value};
use crate::template::Colors;
use crate::template::model::{Align, Bindable, TextStyle};

/// Lengths beyond this are mistakes; no paper is larger.
const LENGTH_POINTS_MAX: f64 = 100_000.0;

/// Values of bound properties; what is not bound, or bound to nothing, is not given.
#[derive(Debug, Default)]
pub(super) struct Bound<'a> {
    pub(super) x: Option<f32>,
    pub(super) y: Option<f32>,
    pub(super) width: Option<f32>,
    pub(super) height: Option<f32>,
    pub(super) rotation: Option<f32>,
    pub(super) opacity: Option<f32>,
    pub(super) color: Option<Color>,
    pub(super) fill: Option<Color>,
    pub(super) stroke_color: Option<Color>,
    pub(super) stroke_width: Option<f32>,
    pub(super) align: Option<Align>,
    pub(super) style: Option<&'a TextStyle>,
    pub(super) font_size: Option<f32>,
    pub(super) font_weight: Option<u16>,
}

impl Bound<'_> {
    /// Whether anything about the look of text is bound.
    pub(super) fn changes_text(&self) -> bool {
        self.color.is_some()
            || self.align.is_some()
            || self.style.is_some()
            || self.font_size.is_some()
            || self.font_weight.is_some()
    }

    /// What is bound here, and for the look of cells what is bound around them.
    pub(super) fn over(self, outer: &Self) -> Self {
        Self {
            color: self.color.or(outer.color),
            align: self.align.or(outer.align),
            style: self.style.or(outer.style),
            font_size: self.font_size.or(outer.font_size),
            font_weight: self.font_weight.or(outer.font_weight),
            ..self
        }
    }

    /// The style with what is bound. Another named style replaces all but what is bound beside it.
    pub(super) fn text_style(&self, style: &TextStyle) -> TextStyle {
        let writing = style.typography.writing;
        let mut style = self.style.unwrap_or(style).clone();
        style.typography.writing = writing;
        style.color = self.color.unwrap_or(style.color);
        style.align = self.align.unwrap_or(style.align);
        style.size = self.font_size.unwrap_or(style.size);
        style.weight = self.font_weight.unwrap_or(style.weight);
        style
    }
}

impl<'a> Layouter<'a> {
    /// Asks the expressions of all bound properties. A value that the property cannot have is an error.
    pub(super) fn bound(
        &mut self,
        bind: &'a [(Bindable, Expression)],
        scope: &Scope<'_, 'a>,
        site: Site<'_>,
    ) -> Result<Bound<'a>, Stop> {
        let mut bound = Bound::default();
        for (property, expression) in bind {
            let name = name_of(*property);
            let pointer = format!("{}/bind", site.pointer);
            let here = Site { pointer: &pointer, property: name, node: site.node };
            let value = self.evaluate(expression, scope, here)?;
            if value.is_nullish() {
                continue;
            }
            if let Err(expected) = self.set(&mut bound, *property, &value) {
                let shown: String = value.to_display_string().chars().take(40).collect();
                self.error(codes::EXPRESSION_FAILED, here, format!("\"{shown}\" is not {expected}"), None);
            }
        }
        Ok(bound)
    }

    /// Sets one property; fails with what would have been right.
    fn set(&self, bound: &mut Bound<'a>, property: Bindable, value: &Value<'a>) -> Result<(), &'static str> {
        match property {
            Bindable::X => bound.x = Some(length(value)?),
            Bindable::Y => bound.y = Some(length(value)?),
            Bindable::Width => bound.width = Some(positive(value)?),
            Bindable::Height => bound.height = Some(positive(value)?),
            Bindable::Rotation => {
                bound.rotation = Some(number(value, -36_000.0..=36_000.0).ok_or("an angle in degrees")?);
            }
            Bindable::Opacity => bound.opacity = Some(number(value, 0.0..=1.0).ok_or("a number from 0 to 1")?),
            Bindable::Color => bound.color = Some(color(&self.template.colors, value)?),
            Bindable::Fill => bound.fill = Some(color(&self.template.colors, value)?),
            Bindable::StrokeColor => bound.stroke_color = Some(color(&self.template.colors, value)?),
            Bindable::StrokeWidth => bound.stroke_width = Some(positive(value)?),
            Bindable::Align => bound.align = Some(align(value)?),
            Bindable::Style => {
                let style = value.as_text().and_then(|name| self.template.styles.get(name));
                bound.style = Some(style.ok_or("the name of a style")?);
            }
            Bindable::FontSize => {
                let size = number(value, 0.1..=2_000.0);
                bound.font_size = Some(size.ok_or("a font size from 0.1 to 2000 points")?);
            }
            Bindable::FontWeight => bound.font_weight = Some(weight(value)?),
        }
        Ok(())
    }
}

fn name_of(property: Bindable) -> &'static str {
    match property {
        Bindable::X => "x",
        Bindable::Y => "y",
        Bindable::Width => "width",
        Bindable::Height => "height",
        Bindable::Rotation => "rotation",
        Bindable::Opacity => "opacity",
        Bindable::Color => "color",
        Bindable::Fill => "fill",
        Bindable::StrokeColor => "strokeColor",
        Bindable::StrokeWidth => "strokeWidth",
        Bindable::Align => "align",
        Bindable::Style => "style",
        Bindable::FontSize => "fontSize",
        Bindable::FontWeight => "fontWeight",
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the range is far inside of single precision")]
fn number(value: &Value<'_>, range: std::ops::RangeInclusive<f64>) -> Option<f32> {
    let number = value.as_number();
    range.contains(&number).then_some(number as f32)
}

/// Points as a number, or a text with its unit.
fn points(value: &Value<'_>) -> Option<f64> {
    let Some(text) = value.as_text() else { return Some(value.as_number()) };
    let text = text.trim();
    let units = [("mm", 72.0 / 25.4), ("cm", 72.0 / 2.54), ("in", 72.0), ("px", 0.75), ("pt", 1.0)];
    let (digits, factor) =
        units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor))).unwrap_or((text, 1.0));
    Some(digits.trim_end().parse::<f64>().ok()? * factor)
}

fn length(value: &Value<'_>) -> Result<f32, &'static str> {
    let points = points(value).filter(|points| points.abs() <= LENGTH_POINTS_MAX);
    points.and_then(|points| number(&Value::Number(points), -LENGTH_POINTS_MAX..=LENGTH_POINTS_MAX)).ok_or("a length")
}

fn positive(value: &Value<'_>) -> Result<f32, &'static str> {
    length(value).ok().filter(|length| *length >= 0.0).ok_or("a length of 0 or more")
}

fn color(colors: &Colors, value: &Value<'_>) -> Result<Color, &'static str> {
    value.as_text().and_then(|text| colors.parse(text)).ok_or("a colour such as \"#1b1f24\"")
}

fn align(value: &Value<'_>) -> Result<Align, &'static str> {
    match value.as_text() {
        Some("start") => Ok(Align::Start),
        Some("center") => Ok(Align::Center),
        Some("end") => Ok(Align::End),
        Some("left") => Ok(Align::Left),
        Some("right") => Ok(Align::Right),
        Some("justify") => Ok(Align::Justify),
        _ => Err("start, center, end, left, right or justify"),
    }
}

fn weight(value: &Value<'_>) -> Result<u16, &'static str> {
    match value.as_text() {
        Some("regular") => return Ok(400),
        Some("medium") => return Ok(500),
        Some("semibold") => return Ok(600),
        Some("bold") => return Ok(700),
        _ => {}
    }
    let weight = number(value, 100.0..=900.0).map(|weight| crate::text::round_i32(f64::from(weight)));
    weight.and_then(|weight| u16::try_from(weight).ok()).ok_or("a font weight from 100 to 900")
}
