//! Measuring rich text whose lines go down: its blocks stand from right to left.

use super::{RichBox, RichOrigin, RichRoom, bound_style, design_height};
use crate::diagnostic::codes;
use crate::expression::Scope;
use crate::layout::measure::{Sized, Subject, box_look};
use crate::layout::measured::Content;
use crate::layout::state::{Layouter, Site, Stop};
use crate::template::model::{Overflow, RichNode, TextStyle};
use crate::text::{Output, PoolMark};

/// Lengths of columns that are tried at most: a page of 14,400 points has 28,800 ems of half a point, whose number has 15
/// binary digits; before them the given length and the greatest are tried, and after them what was found is made.
const LENGTH_COUNT_MAX: u8 = 18;

/// How often text in columns is laid out to find how long they must be, at most.
pub(crate) fn column_pass_count() -> u64 {
    u64::from(LENGTH_COUNT_MAX)
}

/// Columns may be this much wider together than their room, in points.
const WIDTH_TOLERANCE: f32 = 0.01;

impl<'a> Layouter<'a> {
    /// Measures rich text whose lines go down.
    pub(super) fn measure_rich_columns(
        &mut self,
        subject: &Subject<'_, 'a>,
        rich: &'a RichNode,
        scope: &Scope<'_, 'a>,
    ) -> Result<Sized<'a>, Stop> {
        let node = subject.node;
        let look = box_look(&rich.look, subject.bound);
        let [top, right, bottom, left] = look.padding;
        let width = subject.filled_width();
        let inner = (width - left - right).max(0.0);
        let given = subject.height.map(|height| (height - top - bottom).max(0.0));
        let style = bound_style(subject.bound, &rich.style);
        let length = match given {
            Some(given) if rich.overflow != Overflow::Grow => given,
            _ => self.shortest_rich_columns(subject, rich, &style, (given, inner), scope)?,
        };
        let flow = self.rich_flow(node, rich, &style, RichRoom { width: length, height: Some(inner) }, scope)?;
        let fits = flow.height <= inner + WIDTH_TOLERANCE;
        if !fits && rich.overflow != Overflow::Ellipsis {
            let needed = flow.height;
            let message = format!("the columns are {needed:.1} points wide together, and there is room for {inner:.1}");
            let hint = "make the box wider or higher, or set overflow to shrink or ellipsis";
            self.warn(codes::OVERFLOW, Site::of(node, ""), message, Some(hint.to_owned()));
        }
        let design_height = node.height.unwrap_or_else(|| design_height(&rich.style, &rich.look));
        let content = Content::Rich(Box::new(RichBox {
            source: RichOrigin::Rich(rich),
            look,
            flow,
            vertical_align: style.vertical_align,
            clip: !fits && rich.overflow != Overflow::Grow,
            is_vertical: true,
        }));
        Ok(Sized { content, width, height: length + top + bottom, design_height })
    }

    /// How long columns must be, in whole ems, so that all fit beside each other; not less than what is given, and not
    /// longer than a page is high.
    fn shortest_rich_columns(
        &mut self,
        subject: &Subject<'_, 'a>,
        rich: &'a RichNode,
        style: &TextStyle,
        (given, width): (Option<f32>, f32),
        scope: &Scope<'_, 'a>,
    ) -> Result<f32, Stop> {
        let fits = |layouter: &mut Self, length: f32| -> Result<bool, Stop> {
            let mark = PoolMark::of(&Output { document: &mut layouter.document, store: &mut layouter.store });
            let room = RichRoom { width: length, height: None };
            let flow = layouter.rich_flow(subject.node, rich, style, room, scope)?;
            mark.restore(&mut Output { document: &mut layouter.document, store: &mut layouter.store });
            Ok(flow.height <= width + WIDTH_TOLERANCE)
        };
        if let Some(given) = given
            && fits(self, given)?
        {
            return Ok(given);
        }
        let em = style.size;
        let [above, _, below, _] = self.template.page.margin;
        let most = (self.template.page.size.height - above - below).max(em);
        let count = |length: f32| crate::text::round_i32(f64::from(length / em).floor()).max(1);
        let length = |count: i32| crate::document::narrow(f64::from(count)) * em;
        if !fits(self, most)? {
            // Longer columns do not help.
            return Ok(given.unwrap_or(most));
        }
        let (mut short, mut long) = (count(given.unwrap_or(0.0)), count(most));
        for _ in 3..LENGTH_COUNT_MAX {
            if short >= long {
                break;
            }
            let middle = short + (long - short) / 2;
            if fits(self, length(middle))? {
                long = middle;
            } else {
                short = middle + 1;
            }
        }
        Ok(length(long).max(given.unwrap_or(0.0)))
    }
}
