//! Gradients as shadings (ISO 32000-1, 8.7.4.5) with stitched functions (7.10).

use super::number::{push_fixed, push_unsigned, scaled};
use crate::document::Color;
use crate::picture::{Gradient, GradientShape, GradientStop};

/// Decimals of coordinates: gradients often live in a unit square.
const DECIMALS: u32 = 5;

/// Writes the entry `S<name>` of a shading dictionary.
pub(super) fn push_shading(out: &mut Vec<u8>, name: u32, gradient: &Gradient) {
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
    out.extend_from_slice(b"/ColorSpace/DeviceRGB/Extend[true true]/Coords[");
    for coordinate in coordinates {
        push_number(out, coordinate);
    }
    out.extend_from_slice(b"]/Function");
    push_function(out, &gradient.stops);
    out.extend_from_slice(b">>");
}

/// Two stops are one function; more are stitched.
fn push_function(out: &mut Vec<u8>, stops: &[GradientStop]) {
    let pairs = || stops.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
    let inner = || stops.iter().take(stops.len().saturating_sub(1)).skip(1);
    if stops.len() <= 2 {
        pairs().for_each(|(from, to)| push_interpolation(out, from.color, to.color));
        return;
    }
    out.extend_from_slice(b"<</FunctionType 3/Domain[0 1]/Bounds[");
    inner().for_each(|stop| push_number(out, stop.offset));
    out.extend_from_slice(b"]/Encode[");
    pairs().for_each(|_| out.extend_from_slice(b"0 1 "));
    out.extend_from_slice(b"]/Functions[");
    pairs().for_each(|(from, to)| push_interpolation(out, from.color, to.color));
    out.extend_from_slice(b"]>>");
}

fn push_interpolation(out: &mut Vec<u8>, from: Color, to: Color) {
    out.extend_from_slice(b"<</FunctionType 2/Domain[0 1]/N 1/C0[");
    for (color, after) in [(from, &b"]/C1["[..]), (to, b"]>>")] {
        for channel in [color.red, color.green, color.blue] {
            push_fixed(out, (i64::from(channel) * 10_000 + 127) / 255, 4);
            out.push(b' ');
        }
        out.extend_from_slice(after);
    }
}

fn push_number(out: &mut Vec<u8>, value: f32) {
    push_fixed(out, scaled(value, 1e5), DECIMALS);
    out.push(b' ');
}
