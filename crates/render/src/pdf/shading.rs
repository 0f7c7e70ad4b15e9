//! Gradients as shadings (ISO 32000-1, 8.7.4.5) with stitched functions (7.10).

use super::inks::{process_of, push_separation, spot_of};
use super::number::{push_fixed, push_unsigned, scaled};
use crate::document::{Color, InkKind, Spot};
use crate::picture::{Gradient, GradientShape, GradientStop};

/// Decimals of coordinates: gradients often live in a unit square.
const DECIMALS: u32 = 5;

/// What of a gradient's colours is painted.
#[derive(Clone, Copy)]
pub(super) enum Paint<'a> {
    /// Their look on a screen.
    Screen,
    /// Their inks, when each of them has some.
    Inks(&'a [Spot]),
    /// Their opacity, as grey.
    Alpha,
}

/// Where colours are mixed.
#[derive(Clone, Copy)]
enum Space<'a> {
    Rgb,
    Grey,
    Process(&'a [Spot]),
    Spot(&'a Spot, u16),
}

impl<'a> Space<'a> {
    fn of(stops: &[GradientStop], paint: Paint<'a>) -> Self {
        let spots = match paint {
            Paint::Screen => return Self::Rgb,
            Paint::Alpha => return Self::Grey,
            Paint::Inks(spots) => spots,
        };
        if stops.iter().all(|stop| stop.color.ink.is_screen()) {
            return Self::Rgb;
        }
        let first = stops.iter().find_map(|stop| spot_of(stop.color, spots));
        if let Some((index, spot)) = first
            && stops.iter().all(|stop| tint(stop.color, index).is_some())
        {
            return Self::Spot(spot, index);
        }
        let is_process = stops.iter().all(|stop| process_of(stop.color, spots).is_some());
        if is_process { Self::Process(spots) } else { Self::Rgb }
    }
}

/// How much of a spot ink a colour is; white has nothing of any.
fn tint(color: Color, index: u16) -> Option<u8> {
    match color.ink.kind() {
        InkKind::Spot { index: own, tint } => (own == index).then_some(tint),
        InkKind::Screen => ([color.red, color.green, color.blue] == [255; 3]).then_some(0),
        InkKind::Process(inks) => (inks == [0; 4]).then_some(0),
    }
}

/// Writes the entry `S<name>` of a shading dictionary.
pub(super) fn push_shading(out: &mut Vec<u8>, name: u32, gradient: &Gradient, paint: Paint<'_>) {
    out.extend_from_slice(b"/S");
    push_unsigned(out, u64::from(name));
    let (kind, coordinates) = match gradient.shape {
        GradientShape::Linear { start, end } => (2, vec![start.x, start.y, end.x, end.y]),
        GradientShape::Radial { start: (start, start_radius), end: (end, end_radius) } => {
            (3, vec![start.x, start.y, start_radius, end.x, end.y, end_radius])
        }
    };
    out.extend_from_slice(b"<</ShadingType ");
    push_unsigned(out, kind);
    let space = Space::of(&gradient.stops, paint);
    match space {
        Space::Rgb => out.extend_from_slice(b"/ColorSpace/DeviceRGB"),
        Space::Grey => out.extend_from_slice(b"/ColorSpace/DeviceGray"),
        Space::Process(_) => out.extend_from_slice(b"/ColorSpace/DeviceCMYK"),
        Space::Spot(spot, _) => {
            out.extend_from_slice(b"/ColorSpace");
            push_separation(out, &spot.name, spot.process);
        }
    }
    out.extend_from_slice(b"/Extend[true true]/Coords[");
    for coordinate in coordinates {
        push_number(out, coordinate);
    }
    out.extend_from_slice(b"]/Function");
    push_function(out, &gradient.stops, space);
    out.extend_from_slice(b">>");
}

/// Two stops are one function; more are stitched.
fn push_function(out: &mut Vec<u8>, stops: &[GradientStop], space: Space<'_>) {
    let pairs = || stops.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
    let inner = || stops.iter().take(stops.len().saturating_sub(1)).skip(1);
    if stops.len() <= 2 {
        pairs().for_each(|(from, to)| push_interpolation(out, from.color, to.color, space));
        return;
    }
    out.extend_from_slice(b"<</FunctionType 3/Domain[0 1]/Bounds[");
    inner().for_each(|stop| push_number(out, stop.offset));
    out.extend_from_slice(b"]/Encode[");
    pairs().for_each(|_| out.extend_from_slice(b"0 1 "));
    out.extend_from_slice(b"]/Functions[");
    pairs().for_each(|(from, to)| push_interpolation(out, from.color, to.color, space));
    out.extend_from_slice(b"]>>");
}

fn push_interpolation(out: &mut Vec<u8>, from: Color, to: Color, space: Space<'_>) {
    out.extend_from_slice(b"<</FunctionType 2/Domain[0 1]/N 1/C0[");
    for (color, after) in [(from, &b"]/C1["[..]), (to, b"]>>")] {
        let mut push = |value: u8, whole: i64| {
            push_fixed(out, (i64::from(value) * 10_000 + whole / 2) / whole, 4);
            out.push(b' ');
        };
        match space {
            Space::Rgb => [color.red, color.green, color.blue].into_iter().for_each(|channel| push(channel, 255)),
            Space::Grey => push(color.alpha, 255),
            Space::Process(spots) => {
                process_of(color, spots).unwrap_or_default().into_iter().for_each(|percent| push(percent, 100));
            }
            Space::Spot(_, index) => push(tint(color, index).unwrap_or_default(), 100),
        }
        out.extend_from_slice(after);
    }
}

fn push_number(out: &mut Vec<u8>, value: f32) {
    push_fixed(out, scaled(value, 1e5), DECIMALS);
    out.push(b' ');
}
