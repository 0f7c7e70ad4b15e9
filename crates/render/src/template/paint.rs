//! Fills and shadows: a colour or a gradient, and what a box throws on what is behind it.

use serde_json::Value as Json;

use super::describe::{Description, Form};
use super::model::{Fill, GradientForm, GradientLook, ShadowLook};
use super::reader::ObjectReader;
use super::reading::Reading;
use super::shape::{Choice, ColorShape, Factor, Length, List, Object, Pair, Shape};
use crate::diagnostic::codes;
use crate::document::{Color, narrow};
use crate::picture::GradientStop;

/// Colours of one gradient.
const STOP_COUNT_MAX: usize = 32;

/// Widest blur, points: a shadow of a whole page.
const BLUR_MAX: f64 = 200.0;

/// Shadows are usually soft and dark, but not black.
const SHADOW_COLOR: Color = Color::rgba(0, 0, 0, 64);

/// A colour, or a gradient.
#[derive(Clone, Copy)]
pub(super) struct FillShape;

impl Shape for FillShape {
    type Value = Fill;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Fill> {
        match json {
            Json::Object(_) => GRADIENT.read(json, reading).map(|gradient| Fill::Gradient(Box::new(gradient))),
            Json::String(_) => ColorShape.read(json, reading).map(Fill::Color),
            other => {
                reading.wrong_type("a colour or a gradient", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![ColorShape.form(description), GRADIENT.form(description)])
    }
}

const GRADIENT: Object<GradientLook> =
    Object { name: "gradient", title: "a gradient", doc: "Colours that run into one another.", read: read_gradient };

struct StopDraft {
    offset: Option<f32>,
    color: Color,
}

const STOP: Object<StopDraft> = Object {
    name: "gradientStop",
    title: "a colour stop",
    doc: "A colour of a gradient and where it is.",
    read: |reader| {
        let share = Factor { phrase: "a number from 0 to 1", minimum: 0.0, maximum: 1.0 };
        let offset = reader.optional("offset", share, "Where it is, from 0 to 1; without it stops are spread evenly.");
        let color = reader.required("color", ColorShape, "The colour.");
        Some(StopDraft { offset, color: color? })
    },
};

fn read_gradient(reader: &mut ObjectReader<'_>) -> Option<GradientLook> {
    let kinds = Choice(&[("linear", false), ("radial", true)]);
    let radial = reader.or("type", kinds, false, "Whether colours change along a line, or from a middle outwards.");
    let degrees = Factor { phrase: "a number from -360 to 360", minimum: -360.0, maximum: 360.0 };
    let angle = reader.or("angle", degrees, 180.0, "Linear: its direction in degrees; 0 is upwards, 90 to the right.");
    let place = Pair("[across, down], each from -10 to 10", SHARE);
    let from = reader.optional("from", place, "Linear: where it begins, as shares of the box; instead of `angle`.");
    let to = reader.optional("to", place, "Linear: where it ends, as shares of the box.");
    let centre = reader.or("center", place, [0.5; 2], "Radial: its middle, as shares of the box.");
    let radii = Factor { phrase: "a number from 0.01 to 10", minimum: 0.01, maximum: 10.0 };
    let radius =
        reader.or("radius", radii, 1.0, "Radial: where it ends; 1 touches the sides of a box around its middle.");
    let stops = List { phrase: "an array of colour stops", of: STOP, least: 2, most: STOP_COUNT_MAX };
    let stops =
        reader.required("stops", stops, "Its colours, two or more; where their opacity differs, the fill fades.");
    let (others, because) = if radial {
        (["angle", "from", "to"].as_slice(), "unless `type` is `linear`")
    } else {
        (["center", "radius"].as_slice(), "unless `type` is `radial`")
    };
    for name in others {
        reader.no_effect(name, because);
    }
    reader.exclude("from", "angle");
    if from.is_some() != to.is_some() {
        let message = "a gradient has both `from` and `to`, or neither".to_owned();
        reader.error_at(None, codes::MISSING_PROPERTY, message, None);
    }
    let form = match (radial, from.zip(to)) {
        (true, _) => GradientForm::Radial(centre, radius),
        (false, Some((from, to))) => GradientForm::Points(from, to),
        (false, None) => GradientForm::Angle(angle),
    };
    let stops = settle(reader, &stops?);
    (stops.len() >= 2).then_some(GradientLook { form, stops })
}

/// A share of a side; a little outside is useful, far outside is a mistake.
const SHARE: Factor = Factor { phrase: "a number from -10 to 10", minimum: -10.0, maximum: 10.0 };

/// Gives every stop its place, and puts stops at both ends.
fn settle(reader: &mut ObjectReader<'_>, drafts: &[StopDraft]) -> Vec<GradientStop> {
    let last = narrow(f64::from(crate::text::index32(drafts.len().saturating_sub(1).max(1))));
    let mut stops: Vec<GradientStop> = Vec::with_capacity(drafts.len() + 2);
    for (place, draft) in drafts.iter().enumerate() {
        let even = narrow(f64::from(crate::text::index32(place))) / last;
        let offset = draft.offset.unwrap_or(even);
        if stops.last().is_some_and(|last| last.offset > offset) {
            let message = "stops of a gradient must not go back".to_owned();
            let hint = Some("put them in the order of their offsets".to_owned());
            reader.error_at(Some("stops"), codes::INVALID_VALUE, message, hint);
        }
        stops.push(GradientStop { offset, color: draft.color });
    }
    if let Some(first) = stops.first().copied().filter(|first| first.offset > 0.0) {
        stops.insert(0, GradientStop { offset: 0.0, ..first });
    }
    if let Some(last) = stops.last().copied().filter(|last| last.offset < 1.0) {
        stops.push(GradientStop { offset: 1.0, ..last });
    }
    if stops.iter().any(|stop| stop.color.alpha == 0) { fading(&stops) } else { stops }
}

/// Gives stops that cannot be seen the colours beside them: what fades out does not turn grey on the way.
fn fading(stops: &[GradientStop]) -> Vec<GradientStop> {
    let seen = |stop: Option<&GradientStop>| stop.map(|stop| stop.color).filter(|color| color.alpha > 0);
    let mut settled = Vec::with_capacity(stops.len() * 2);
    for (place, stop) in stops.iter().enumerate() {
        if stop.color.alpha > 0 {
            settled.push(*stop);
            continue;
        }
        let before = place.checked_sub(1).and_then(|before| seen(stops.get(before)));
        let after = seen(stops.get(place + 1));
        for color in before.into_iter().chain(after) {
            settled.push(GradientStop { color: Color { alpha: 0, ..color }, ..*stop });
        }
        if before.is_none() && after.is_none() {
            settled.push(*stop);
        }
    }
    settled
}

/// A shadow.
pub(super) const SHADOW: Object<ShadowLook> = Object {
    name: "shadow",
    title: "a shadow",
    doc: "What a shape throws on what is behind it.",
    read: |reader| {
        let offset = Pair("[right, down]", Length::between(-1000.0, 1000.0));
        Some(ShadowLook {
            offset: reader.or("offset", offset, [0.0, 2.0], "How far it lies to the right and below."),
            blur: reader.or("blur", Length::between(0.0, BLUR_MAX), 6.0, "How far its edge fades, 0 to 200 points."),
            color: reader.or("color", ColorShape, SHADOW_COLOR, "Colour, with its opacity."),
        })
    },
};
