//! Measuring barcodes: one path of rectangles.

use super::measure::{Sized, Subject};
use super::measured::{Content, Extras};
use super::state::{Layouter, Site, Stop};
use crate::diagnostic::codes;
use crate::document::{Point, Segment};
use crate::expression::Scope;
use crate::picture::barcode::{Modules, code128, qr};
use crate::template::model::{BarcodeNode, Symbology};

/// Side of a QR code without a size: an inch is read from a hand's distance.
const QR_SIDE: f32 = 72.0;

/// Height of a linear barcode without one.
const LINEAR_HEIGHT: f32 = 36.0;

/// Width of a module of a linear barcode without a width; 0.33 mm by the standard's nominal size.
const LINEAR_MODULE: f32 = 0.935;

impl<'a> Layouter<'a> {
    /// Measures a barcode. Without an alt text its value is what is read out.
    pub(super) fn measure_barcode(
        &mut self,
        subject: &Subject<'_, 'a>,
        barcode: &'a BarcodeNode,
        scope: &Scope<'_, 'a>,
        extras: &mut Extras<'a>,
    ) -> Result<Sized<'a>, Stop> {
        let site = Site::of(subject.node, "value");
        let value = self.text_of(&barcode.value, scope, site)?;
        let made = match barcode.symbology {
            Symbology::Qr(level) => qr(&value, level, barcode.quiet_zone),
            Symbology::Code128 => code128(&value, barcode.quiet_zone),
        };
        let modules = match made {
            Ok(modules) => Some(modules),
            Err(error) => {
                self.error(codes::INVALID_BARCODE, site, error.to_string(), None);
                None
            }
        };
        let (width, height) = size(subject, barcode.symbology, modules.as_ref());
        let square = matches!(barcode.symbology, Symbology::Qr(_));
        let bars = modules.map_or_else(Vec::new, |modules| bars(&modules, width, height, square));
        if extras.alt.as_ref().is_none_or(|alt| alt.is_empty()) {
            extras.alt = Some(value);
        }
        let color = subject.bound.color.or(subject.bound.fill).unwrap_or(barcode.color);
        let design_height = subject.node.height.unwrap_or(height);
        Ok(Sized { content: Content::Barcode { bars, color }, width, height, design_height })
    }
}

fn size(subject: &Subject<'_, '_>, symbology: Symbology, modules: Option<&Modules>) -> (f32, f32) {
    match symbology {
        Symbology::Qr(_) => {
            let side = subject.width.or(subject.height).unwrap_or(QR_SIDE);
            (side, subject.height.unwrap_or(side))
        }
        Symbology::Code128 => {
            let natural = modules.map_or(0.0, |modules| across(modules.width) * LINEAR_MODULE);
            (subject.width.unwrap_or(natural.min(subject.room)), subject.height.unwrap_or(LINEAR_HEIGHT))
        }
    }
}

/// Rectangles for all dark modules, relative to the box's corner. Square modules stand in the middle of the box.
fn bars(modules: &Modules, width: f32, height: f32, square: bool) -> Vec<Segment> {
    if modules.width == 0 || modules.height == 0 {
        return Vec::new();
    }
    let mut step_x = width / across(modules.width);
    let mut step_y = height / across(modules.height);
    let (mut left, mut top) = (0.0, 0.0);
    if square {
        step_x = step_x.min(step_y);
        step_y = step_x;
        left = (width - step_x * across(modules.width)) / 2.0;
        top = (height - step_y * across(modules.height)) / 2.0;
    }
    let mut segments = Vec::new();
    for (x, y, wide, high) in modules.rects() {
        let (x0, y0) = (left + across(x) * step_x, top + across(y) * step_y);
        let (x1, y1) = (left + across(x + wide) * step_x, top + across(y + high) * step_y);
        segments.extend([
            Segment::Move(Point { x: x0, y: y0 }),
            Segment::Line(Point { x: x1, y: y0 }),
            Segment::Line(Point { x: x1, y: y1 }),
            Segment::Line(Point { x: x0, y: y1 }),
            Segment::Close,
        ]);
    }
    segments
}

fn across(modules: u32) -> f32 {
    super::narrow(f64::from(modules))
}
