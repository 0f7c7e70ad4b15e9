//! Painting form fields: box, cells, marks, and the text in them.

use super::text::Lines;
use super::{Painter, Tagging};
use crate::document::{Field, LineCap, LineJoin, Point, Rect, Segment, Stroke};
use crate::layout::measured::{FieldBox, FieldSign};
use crate::template::model::{BoxLook, FIELD_BORDER, FieldMark, Fill, StrokeLook};

/// Width of the line to sign on.
const LINE_POINTS: f32 = 0.75;

/// Thickness of a mark, as a share of its box.
const MARK_SHARE: f32 = 0.11;

impl Painter<'_, '_> {
    /// A form field into its box. All of it is content: the box itself says that there is something to fill in.
    pub(super) fn paint_field(&mut self, node: u32, rect: Rect, field: &FieldBox<'_>, tagging: Tagging) {
        match field.sign {
            FieldSign::Circle { .. } => self.paint_ellipse(rect, &field.look, tagging),
            _ => self.paint_box(rect, &field.look, tagging),
        }
        self.paint_cells(rect, field, tagging);
        for placed in &field.texts {
            let range = 0..placed.text.block.lines.len();
            self.paint_lines(&placed.text, &Lines { range, x: rect.x + placed.at.x, y: rect.y + placed.at.y }, tagging);
        }
        match field.sign {
            FieldSign::None => {}
            FieldSign::Box { mark } | FieldSign::Circle { mark } => {
                if let Some(mark) = mark {
                    self.paint_field_mark(rect, mark, field, tagging);
                }
            }
            FieldSign::List => self.paint_list_sign(rect, field, tagging),
            FieldSign::Line { is_captioned } => self.paint_signature_line(rect, is_captioned, field, tagging),
        }
        let element = match tagging {
            Tagging::Under(element) => Some(element),
            Tagging::Artifact(_) => None,
        };
        self.page.fields.push(Field { rect, element, node, entry: field.entry.clone() });
    }

    /// Lines between the cells of a field.
    fn paint_cells(&mut self, rect: Rect, field: &FieldBox<'_>, tagging: Tagging) {
        let Some(stroke) = field.look.stroke.as_ref().filter(|_| field.cell_count > 1).and_then(StrokeLook::to_stroke)
        else {
            return;
        };
        let step = rect.width / f32::from(field.cell_count);
        let mut segments = Vec::new();
        for cell in 1..field.cell_count {
            let x = rect.x + step * f32::from(cell);
            segments.push(Segment::Move(Point { x, y: rect.y }));
            segments.push(Segment::Line(Point { x, y: rect.bottom() }));
        }
        self.paint_path(&segments, None, Some(stroke), tagging);
    }

    fn paint_field_mark(&mut self, rect: Rect, mark: FieldMark, field: &FieldBox<'_>, tagging: Tagging) {
        let side = rect.width.min(rect.height);
        let (left, top) = (rect.x + (rect.width - side) / 2.0, rect.y + (rect.height - side) / 2.0);
        let at = |x: f32, y: f32| Point { x: left + side * x, y: top + side * y };
        let lines: &[&[Point]] = match mark {
            FieldMark::Dot => {
                let inner =
                    Rect { x: left + side * 0.27, y: top + side * 0.27, width: side * 0.46, height: side * 0.46 };
                let look = BoxLook { fill: Some(Fill::Color(field.color)), ..BoxLook::default() };
                self.paint_ellipse(inner, &look, tagging);
                return;
            }
            FieldMark::Check => &[&[at(0.22, 0.54), at(0.43, 0.74), at(0.79, 0.29)]],
            FieldMark::Cross => &[&[at(0.26, 0.26), at(0.74, 0.74)], &[at(0.74, 0.26), at(0.26, 0.74)]],
        };
        let stroke = round_stroke(field, side * MARK_SHARE);
        self.paint_path(&polylines(lines), None, Some(stroke), tagging);
    }

    /// The small arrow that a list opens.
    fn paint_list_sign(&mut self, rect: Rect, field: &FieldBox<'_>, tagging: Tagging) {
        let [_, right, _, _] = field.look.padding;
        let side = (rect.height * 0.5).min(rect.width * 0.5).min(LIST_SIGN_POINTS_MAX);
        let (x, y) = (rect.right() - right - side, rect.y + rect.height / 2.0);
        let arrow = [
            Point { x: x + side * 0.1, y: y - side * 0.22 },
            Point { x: x + side * 0.5, y: y + side * 0.2 },
            Point { x: x + side * 0.9, y: y - side * 0.22 },
        ];
        let stroke = Stroke {
            color: field.look.stroke.as_ref().map_or(FIELD_BORDER, |stroke| stroke.color),
            ..round_stroke(field, side * 0.16)
        };
        self.paint_path(&polylines(&[&arrow]), None, Some(stroke), tagging);
    }

    fn paint_signature_line(&mut self, rect: Rect, is_captioned: bool, field: &FieldBox<'_>, tagging: Tagging) {
        let [_, right, bottom, left] = field.look.padding;
        let text = field.texts.first().filter(|_| is_captioned);
        let y = text.map_or(rect.bottom() - bottom, |text| rect.y + text.at.y);
        let line = [Point { x: rect.x + left, y }, Point { x: rect.right() - right, y }];
        let stroke = round_stroke(field, LINE_POINTS);
        self.paint_path(&polylines(&[&line]), None, Some(stroke), tagging);
    }
}

/// Side of the arrow of a list; in a high field it does not grow with it.
const LIST_SIGN_POINTS_MAX: f32 = 8.0;

fn round_stroke(field: &FieldBox<'_>, width: f32) -> Stroke {
    Stroke {
        color: field.color,
        width: width.max(f32::MIN_POSITIVE),
        dash: Vec::new(),
        cap: LineCap::Round,
        join: LineJoin::Round,
    }
}

fn polylines(lines: &[&[Point]]) -> Vec<Segment> {
    let points = lines.iter().flat_map(|line| line.iter().enumerate());
    points.map(|(index, point)| if index == 0 { Segment::Move(*point) } else { Segment::Line(*point) }).collect()
}
