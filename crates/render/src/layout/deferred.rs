//! What needs to know its page: it is measured as on page 1 of 1, and its content is made again once its page is known.

use super::binding::Bound;
use super::measure::{Place, PlaceKind, Subject, box_look};
use super::measured::{Content, Measured};
use super::place::Part;
use super::state::{Layouter, Site, Stop};
use crate::diagnostic::codes;
use crate::expression::{Expression, Scope, TextTemplate};
use crate::template::model::{Bindable, ChartAxis, ChartNode, Kind, Node};

/// Whether anything but the text of a node depends on its page.
pub(super) fn waits_for_page(node: &Node) -> bool {
    node.bind.iter().any(|(_, expression)| expression.uses_page())
        || is_paged(node.link.as_ref())
        || is_paged(node.alt.as_ref())
        || is_paged(node.bookmark.as_ref().map(|(_, title)| title))
        || match &node.kind {
            Kind::Image(image) => image.source.uses_page() || is_paged(image.mask_source()),
            Kind::Barcode(barcode) => barcode.value.uses_page() || is_paged(barcode.logo.as_ref()),
            Kind::Chart(chart) => is_paged_chart(chart),
            _ => false,
        }
}

fn is_paged(text: Option<&TextTemplate>) -> bool {
    text.is_some_and(TextTemplate::uses_page)
}

fn is_paged_chart(chart: &ChartNode) -> bool {
    let asks = |expression: &Option<Expression>| expression.as_ref().is_some_and(Expression::uses_page);
    let axis =
        |axis: &ChartAxis| is_paged(axis.title.as_ref()) || asks(&axis.min) || asks(&axis.max) || asks(&axis.format);
    asks(&chart.each)
        || asks(&chart.format)
        || asks(&chart.label_format)
        || is_paged(chart.label.as_ref())
        || is_paged(chart.empty.as_ref())
        || axis(&chart.category_axis)
        || axis(&chart.value_axis)
        || chart.bands.iter().any(|(end, _)| end.uses_page())
        || chart.series.iter().any(|series| {
            series.name.uses_page()
                || series.value.uses_page()
                || asks(&series.x)
                || series.bind.iter().any(|(_, expression)| expression.uses_page())
        })
}

impl<'a> Layouter<'a> {
    /// Tells that a size depends on the page: what stands on a page depends on sizes.
    pub(super) fn report_paged_sizes(&mut self, node: &'a Node) {
        for (property, expression) in node.bind.iter().filter(|(_, expression)| expression.uses_page()) {
            let name = match property {
                Bindable::X => "x",
                Bindable::Y => "y",
                Bindable::Width => "width",
                Bindable::Height => "height",
                _ => continue,
            };
            let message = format!("`{name}` cannot follow `{}`: it is as on page 1 of 1", expression.source());
            let hint = "which page a node stands on is found with the sizes of all; use it in a header, footer, \
                        background or foreground"
                .to_owned();
            let pointer = format!("{}/bind", node.pointer);
            let site = Site { pointer: &pointer, property: name, node: Some(&node.id) };
            self.warn(codes::INVALID_EXPRESSION, site, message, Some(hint));
        }
    }

    /// Makes the content of a node again now that its page is known. It keeps its place and size.
    pub(super) fn measure_again(
        &mut self,
        measured: &mut Measured<'a>,
        part: &Part,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        let node = measured.node;
        let bound = self.bound(&node.bind, scope, Site::of(node, ""))?;
        let is_cut = !matches!(part, Part::Whole);
        if !is_cut {
            measured.rotation = bound.rotation.unwrap_or(node.rotation);
            measured.opacity = bound.opacity.unwrap_or(node.opacity);
        }
        let mut extras = self.extras(node, scope)?;
        match &node.kind {
            Kind::Text(text) => {
                // What is cut may be as high as it is.
                let height = if is_cut { f32::INFINITY } else { measured.height };
                let content = self.text_again(node, text, [measured.width, height], scope)?;
                if let Content::Text(known) = &mut measured.content {
                    if is_cut && known.text.block.lines.len() != content.block.lines.len() {
                        self.report_other_lines(Site::of(node, "text"));
                    } else {
                        known.text = content;
                    }
                }
            }
            Kind::Frame(frame) => {
                if let Content::Group { look, .. } | Content::Column { look, .. } = &mut measured.content {
                    *look = box_look(&frame.look, &bound);
                }
            }
            Kind::Table(source) => {
                if let Content::Table(table) = &mut measured.content {
                    table.look = box_look(&source.look, &bound);
                }
            }
            Kind::Rich(_) | Kind::Contents(_) => {}
            _ => {
                let subject = subject(node, &bound, [measured.width, measured.height]);
                measured.content = self.measure_kind(&subject, scope, &mut extras)?.content;
            }
        }
        if let Some(known) = &mut measured.extras {
            known.link = extras.link;
            known.bookmark = extras.bookmark;
            known.alt = extras.alt;
            known.alt_language = extras.alt_language;
        }
        Ok(())
    }

    /// Tells that text keeps saying page 1 of 1, because it is cut and its lines would be others.
    pub(super) fn report_other_lines(&mut self, site: Site<'_>) {
        let message = "the text is cut between pages and would have other lines with the right numbers of pages: it \
                       says page 1 of 1"
            .to_owned();
        let hint = "put what tells the page into a text of its own".to_owned();
        self.warn(codes::OVERFLOW, site, message, Some(hint));
    }
}

/// A node that has exactly the size that it was given before.
fn subject<'n, 'a>(node: &'a Node, bound: &'n Bound<'a>, [width, height]: [f32; 2]) -> Subject<'n, 'a> {
    let place = Place { width, kind: PlaceKind::Column };
    Subject { node, bound, width: Some(width), height: Some(height), room: width, place }
}
