//! Measuring barcodes: modules become one path of rectangles, with their text under them.

use super::measure::{Sized, Subject};
use super::measured::{BarcodeBox, Content, Extras, PlacedText, TextContent};
use super::narrow;
use super::state::{HeightRule, Layouter, Site, Stop, TextWork};
use crate::diagnostic::codes;
use crate::document::{Color, Point, Rect, Segment};
use crate::expression::Scope;
use crate::picture::barcode::{BarcodeError, Caption, CaptionPlace, NaturalHeight, Rows, Symbol};
use crate::template::model::{Align, BarcodeNode, BarcodeText, TextCase, TextStyle};

/// Size of text in the cells of digits, in modules: digits of usual fonts then fill their cells of 7 modules.
const CELL_TEXT_MODULES: f32 = 10.0;

/// Size of other text when nobody says one.
const TEXT_SIZE: f32 = 8.0;

/// Text that is wider than its room is made smaller, to this share at most.
const SHRINK_MIN: f32 = 0.4;

/// Space between bars and text under them, as a share of the text's size; text in cells has it within its line.
const TEXT_GAP: f32 = 0.25;

/// Modules between the free square of a QR code's modules and the logo in it.
const LOGO_MARGIN_MODULES: f32 = 0.5;

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
        let made = match (barcode.symbology.encode)(&value, &barcode.options) {
            Ok(symbol) => Some(symbol),
            Err(error) => {
                let property = if matches!(error, BarcodeError::Logo { .. }) { "logo" } else { "value" };
                let site = Site::of(subject.node, property);
                self.error(codes::INVALID_BARCODE, site, error.to_string(), error.hint().map(str::to_owned));
                None
            }
        };
        if extras.alt.as_ref().is_none_or(|alt| alt.is_empty()) {
            extras.alt = Some(value);
        }
        let color = subject.bound.color.unwrap_or(barcode.color);
        let Some(symbol) = made else {
            let (width, height) = (subject.width.unwrap_or(0.0), subject.height.unwrap_or(0.0));
            let nothing = BarcodeBox { bars: Vec::new(), color, captions: Vec::new(), logo: None };
            return Ok(Sized { content: Content::Barcode(Box::new(nothing)), width, height, design_height: height });
        };
        let text = barcode.text.as_ref().filter(|_| !symbol.captions.is_empty());
        let place = Placement::new(subject, barcode, &symbol, text);
        let captions = match text {
            Some(text) => self.captions(&symbol, &place, text, color, site),
            None => Vec::new(),
        };
        let logo = match (&barcode.logo, symbol.logo) {
            (Some(source), Some(side)) => {
                let site = Site::of(subject.node, "logo");
                let source = self.text_of(source, scope, site)?;
                let placed = if source.trim().is_empty() { None } else { self.place_art(&source, site) };
                placed.map(|placed| (place.middle(&symbol, side), placed))
            }
            _ => None,
        };
        let content = BarcodeBox { bars: place.bars(&symbol), color, captions, logo };
        let design_height = subject.node.height.unwrap_or(place.height);
        let (width, height) = (place.width, place.height);
        Ok(Sized { content: Content::Barcode(Box::new(content)), width, height, design_height })
    }

    /// Lays out the pieces of text at their places.
    fn captions(
        &mut self,
        symbol: &Symbol,
        place: &Placement,
        text: &BarcodeText,
        color: Color,
        site: Site<'_>,
    ) -> Vec<PlacedText> {
        let style = TextStyle {
            size: place.text_size,
            line_height: 1.0,
            color,
            align: Align::Left,
            letter_spacing: 0.0,
            tabular: true,
            case: TextCase::None,
            ..text.style.clone()
        };
        symbol.captions.iter().filter_map(|caption| self.caption(caption, place, &style, site)).collect()
    }

    fn caption(
        &mut self,
        caption: &Caption,
        place: &Placement,
        style: &TextStyle,
        site: Site<'_>,
    ) -> Option<PlacedText> {
        let (left, room, cells) = match caption.place {
            CaptionPlace::Under => (0.0, place.width, None),
            CaptionPlace::Cells { start, width } => {
                let left = place.left + narrow(f64::from(start)) * place.step_x;
                let count = u32::try_from(caption.text.chars().count()).unwrap_or(u32::MAX);
                (left, across(width) * place.step_x, Some(across(count.max(1))))
            }
        };
        let mut lay_out = |style: &TextStyle| {
            let work = TextWork { style, width: f32::INFINITY, height: HeightRule::Free };
            self.lay_out_text(work, &caption.text, site)
        };
        let mut style = style.clone();
        let mut block = lay_out(&style)?;
        let mut y = place.text_top;
        if block.width > room && room > 0.0 {
            let size = (style.size * room / block.width).max(style.size * SHRINK_MIN);
            // What is made smaller stands on the same baseline.
            y += (style.size - size) * BASELINE;
            style.size = size;
            block = lay_out(&style)?;
        }
        let free = room - block.width;
        let mut x = left + free / 2.0;
        if let Some(count) = cells.filter(|_| free > 0.0) {
            // Each digit stands in the middle of its cell.
            style.letter_spacing = free / count;
            block = lay_out(&style)?;
            x = left + style.letter_spacing / 2.0;
        }
        if free < -WIDTH_TOLERANCE {
            let message = format!("the text under the barcode is {:.1} points wider than the barcode", -free);
            let hint = "make the barcode wider, or set showText to false";
            self.warn(codes::OVERFLOW, site, message, Some(hint.to_owned()));
        }
        let text = TextContent::new(block, &style);
        Some(PlacedText { at: Point { x, y }, text })
    }
}

/// Distance of the baseline from the top of a line as high as the text's size, for usual fonts.
const BASELINE: f32 = 0.86;

/// Text may be this much wider than its room, in points: sums of rounded numbers are not exact.
const WIDTH_TOLERANCE: f32 = 0.01;

/// Where the modules of a barcode stand in its box.
struct Placement {
    width: f32,
    height: f32,
    /// Left and top edge of the first module, quiet zone and frame passed.
    left: f32,
    top: f32,
    step_x: f32,
    /// Heights of the rows, all alike but for guard bars.
    step_y: f32,
    /// Height of the second row when it holds guard bars.
    guard: f32,
    /// Quiet zone at the left, right, and above and below, in points.
    quiet: [f32; 3],
    bearer: f32,
    text_size: f32,
    text_top: f32,
}

impl Placement {
    fn new(subject: &Subject<'_, '_>, barcode: &BarcodeNode, symbol: &Symbol, text: Option<&BarcodeText>) -> Self {
        let outer = |at: i32, edge: u32| {
            // Digits beside the bars need their room even where the quiet zone is less.
            let cells = symbol.captions.iter().filter(|_| text.is_some()).filter_map(|caption| match caption.place {
                CaptionPlace::Cells { start, width } => Some((start, start + i32::try_from(width).unwrap_or(0))),
                CaptionPlace::Under => None,
            });
            let edge = i32::try_from(edge).unwrap_or(0);
            let over = cells.map(|(start, end)| if at < 0 { -start } else { end - edge }).max();
            narrow(f64::from(over.unwrap_or(0).max(0)))
        };
        let quiet_left = f32::from(barcode.quiet_zone.left).max(outer(-1, 0));
        let quiet_right = f32::from(barcode.quiet_zone.right).max(outer(1, symbol.modules.width));
        let quiet_above = f32::from(barcode.quiet_zone.above);
        let bearer = f32::from(symbol.bearer);
        let columns = across(symbol.modules.width) + quiet_left + quiet_right + 2.0 * bearer;
        let around = 2.0 * (quiet_above + bearer);
        let in_cells = symbol.captions.iter().any(|caption| matches!(caption.place, CaptionPlace::Cells { .. }));
        let natural = barcode.symbology.module_points;
        let text_size = |step: f32| match text {
            Some(text) if text.is_sized => text.style.size,
            Some(_) if in_cells => CELL_TEXT_MODULES * step,
            _ => TEXT_SIZE,
        };
        let text_height = |step: f32| match text {
            Some(_) if in_cells => text_size(step),
            Some(_) => text_size(step) * (1.0 + TEXT_GAP),
            None => 0.0,
        };
        let (width, height, step_x, step_y);
        let (mut left, mut top) = (0.0, 0.0);
        if let Rows::Fixed(ratio) = symbol.rows {
            let ratio = f32::from(ratio);
            let rows = across(symbol.modules.height) * ratio + around;
            let text_height = text_height(natural);
            let by_width = subject.width.map(|width| width / columns);
            let by_height = subject.height.map(|height| (height - text_height).max(0.0) / rows);
            let step = match (by_width, by_height) {
                (Some(one), Some(other)) => one.min(other),
                (Some(step), None) | (None, Some(step)) => step,
                (None, None) => natural.min(subject.room / columns),
            };
            width = subject.width.unwrap_or(step * columns);
            height = subject.height.unwrap_or(step * rows + text_height);
            left = (width - step * columns) / 2.0;
            top = ((height - text_height - step * rows) / 2.0).max(0.0);
            step_x = step;
            step_y = step * ratio;
        } else {
            width = subject.width.unwrap_or_else(|| (natural * columns).min(subject.room));
            step_x = width / columns;
            let beside_bars = around * step_x + text_height(step_x);
            let usual = match barcode.symbology.height {
                NaturalHeight::Points(points) => points,
                NaturalHeight::Modules(modules) => modules * step_x,
                NaturalHeight::Proportional => 0.0,
            };
            height = subject.height.unwrap_or(usual + beside_bars);
            let rows = if symbol.rows == Rows::Shared { across(symbol.modules.height) } else { 1.0 };
            step_y = (height - beside_bars).max(0.0) / rows;
        }
        let guard = match symbol.rows {
            Rows::Guarded(modules) if text.is_some() => f32::from(modules) * step_x,
            _ => 0.0,
        };
        Self {
            width,
            height,
            left: left + (quiet_left + bearer) * step_x,
            top: top + (quiet_above + bearer) * step_x,
            step_x,
            step_y,
            guard,
            quiet: [quiet_left * step_x, quiet_right * step_x, quiet_above * step_x],
            bearer: bearer * step_x,
            text_size: text_size(step_x),
            text_top: height - text_size(step_x),
        }
    }

    /// The upper edge of a row.
    fn row(&self, y: u32, rows: Rows) -> f32 {
        match rows {
            Rows::Guarded(_) if y > 1 => self.top + self.step_y + self.guard,
            _ => self.top + across(y) * self.step_y,
        }
    }

    /// Rectangles for all dark modules and the frame, relative to the corner of the box.
    fn bars(&self, symbol: &Symbol) -> Vec<Segment> {
        let mut segments = Vec::new();
        let mut add = |x0: f32, y0: f32, x1: f32, y1: f32| {
            segments.extend([
                Segment::Move(Point { x: x0, y: y0 }),
                Segment::Line(Point { x: x1, y: y0 }),
                Segment::Line(Point { x: x1, y: y1 }),
                Segment::Line(Point { x: x0, y: y1 }),
                Segment::Close,
            ]);
        };
        let x_of = |x: u32| self.left + across(x) * self.step_x;
        let y_of = |y: u32| self.row(y, symbol.rows);
        for (x, y, wide, high) in symbol.modules.rects() {
            let (top, bottom) = (y_of(y), y_of(y + high));
            if bottom > top {
                add(x_of(x), top, x_of(x + wide), bottom);
            }
        }
        if self.bearer > 0.0 {
            let [quiet_left, quiet_right, quiet_above] = self.quiet;
            let (left, right) = (x_of(0) - quiet_left, x_of(symbol.modules.width) + quiet_right);
            let (top, bottom) = (y_of(0) - quiet_above, y_of(symbol.modules.height) + quiet_above);
            let thick = self.bearer;
            add(left - thick, top - thick, right + thick, top);
            add(left - thick, bottom, right + thick, bottom + thick);
            add(left - thick, top, left, bottom);
            add(right, top, right + thick, bottom);
        }
        segments
    }

    /// A square in the middle, so many modules wide, without the margin of a logo.
    fn middle(&self, symbol: &Symbol, side: u32) -> Rect {
        let start = (across(symbol.modules.width) - across(side)) / 2.0 + LOGO_MARGIN_MODULES;
        let length = (across(side) - 2.0 * LOGO_MARGIN_MODULES) * self.step_x;
        let (x, y) = (self.left + start * self.step_x, self.top + start * self.step_y);
        Rect { x, y, width: length, height: length }
    }
}

fn across(modules: u32) -> f32 {
    narrow(f64::from(modules))
}
