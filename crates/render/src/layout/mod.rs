//! Layout: a program and data become pages.
//!
//! Three steps: measure every node as if pages were endless; put the body on pages; paint the pages one after the
//! other, bands included, now that page numbers are known.

mod attachments;
mod barcode;
mod baseline;
mod binding;
mod body;
mod chart;
mod condition;
mod contents;
mod deferred;
mod design;
mod field;
mod findings;
mod flow;
mod frame;
mod lines;
mod measure;
mod measured;
mod page;
mod paint;
mod picture;
mod picture_mask;
mod place;
mod place_columns;
mod place_rich;
mod place_stack;
mod place_table;
mod regions;
mod repeat;
mod rich;
mod rotate;
mod state;
mod table;
mod text;
mod vertical;

#[cfg(test)]
mod tests;

pub(crate) use self::rich::{column_pass_count, shrink_step_count};
pub(crate) use self::rotate::bounds_of;
pub(crate) use self::vertical::is_vertical;
use std::sync::Arc;

use serde_json::Value as Json;

use self::frame::{extent, place_free};
use self::measure::{Place, PlaceKind};
use self::measured::Measured;
use self::page::{band_for, layer_for, room};
use self::paint::{Painter, Tagging};
use self::state::{Layouter, Site, Stop};
use crate::diagnostic::{Diagnostic, codes};
use crate::document::{ArtifactKind, Item, Metadata, Rect, RectItem, Role, narrow};
use crate::expression::{Scope, TextTemplate};
use crate::program::{Program, RenderOptions, Rendered};
use crate::template::model::{Band, Layer, Node};
use crate::text::TextEngine;
use crate::world::World;

/// Lays out one document.
///
/// # Errors
/// All findings, when at least one is an error.
pub(crate) fn lay_out<'a>(
    program: &'a Program,
    data: &'a Json,
    world: &'a dyn World,
    options: &'a RenderOptions<'a>,
    engine: &'a mut TextEngine,
) -> Result<Rendered, Vec<Diagnostic>> {
    let mut layouter = Layouter::new(program, data, world, options, engine);
    // A stop leaves its reason among the findings, as an error.
    let _stopped = layouter.run();
    let steps = options.limits.fuel_max.saturating_sub(layouter.context.fuel_left());
    let diagnostics = layouter.findings.into_result()?;
    Ok(Rendered { document: layouter.document, diagnostics, steps })
}

impl<'a> Layouter<'a> {
    fn run(&mut self) -> Result<(), Stop> {
        let template = self.template;
        let [_, right, _, left] = template.page.margin;
        let width = (template.page.size.width - left - right).max(0.0);
        let scope = Scope::new(self.data);
        let mut nodes = self.measure_all(&template.body, &scope, Place { width, kind: PlaceKind::Free })?;
        if self.program.has_contents() {
            self.list_contents(&mut nodes, &scope, Place { width, kind: PlaceKind::Free })?;
        }
        let placed = body::place_body(self, &nodes)?;
        if self.program.has_contents() {
            self.number_contents(&nodes, &placed);
        }
        self.document.metadata = self.metadata(&scope)?;
        self.document.nodes = self.program.node_ids().to_vec();
        self.document.pointers = Arc::clone(self.program.node_pointers());
        self.document.profiles.clone_from(&template.output.profiles);
        self.document.attachments = self.attachments(&scope)?;
        self.document.has_inks = template.colors.has_inks;
        self.document.spots = Arc::clone(&template.colors.spots);
        self.document.sheet.clone_from(&template.page.sheet);
        self.document.condition = self.condition();
        let root = self.document.structure.add(Role::Document, None);
        self.context.total_pages = Some(placed.page_count);
        let mut painter = Painter::new(self, root);
        let mut placements = placed.placements.into_iter().peekable();
        for page in 0..placed.page_count {
            let is_last = page + 1 == placed.page_count;
            painter.layouter.context.page_number = Some(page + 1);
            painter.begin_page(page);
            painter.paint_paper();
            painter.paint_layer(&template.background, is_last, ArtifactKind::Background, &scope)?;
            let top = template.page.margin.first().copied().unwrap_or(0.0);
            if let Some(band) = band_for(&template.header, page, is_last) {
                painter.paint_band(band, [left, top, width], ArtifactKind::Header, &scope)?;
            }
            let room = room(template, page, is_last);
            while let Some(placement) = placements.next_if(|placement| placement.fragment.page == page) {
                if let Some(node) = nodes.get_mut(placement.node) {
                    let tagging = Tagging::Under(painter.root());
                    painter.paint_fragment(node, &placement.fragment, left, room.top, tagging)?;
                }
            }
            if let Some(band) = band_for(&template.footer, page, is_last) {
                let top = room.top + room.height;
                painter.paint_band(band, [left, top, width], ArtifactKind::Footer, &scope)?;
            }
            painter.paint_layer(&template.foreground, is_last, ArtifactKind::Watermark, &scope)?;
            painter.end_page();
        }
        painter.resolve_links();
        Ok(())
    }

    fn metadata(&mut self, scope: &Scope<'_, 'a>) -> Result<Metadata, Stop> {
        let template = self.template;
        let mut written = |text: &'a Option<TextTemplate>, pointer: &'static str| match text {
            Some(text) => self.text_of(text, scope, Site { pointer, property: "", node: None }).map(Some),
            None => Ok(None),
        };
        let title = written(&template.title, "/title")?;
        let author = written(&template.author, "/author")?;
        let subject = written(&template.subject, "/subject")?;
        Ok(Metadata {
            title: title.filter(|title| !title.is_empty()).unwrap_or_else(|| template.name.clone()),
            author: author.filter(|author| !author.is_empty()),
            subject: subject.filter(|subject| !subject.is_empty()),
            keywords: template.keywords.clone(),
            language: template.locale.clone(),
            class: self.context.class,
            created_ms: self.world.now_ms(),
        })
    }
}

impl<'a> Painter<'_, 'a> {
    /// The colour of the paper.
    fn paint_paper(&mut self) {
        let template = self.layouter.template;
        let size = template.page.size;
        if let Some(fill) = template.page.fill.filter(|fill| fill.alpha > 0) {
            let trim = Rect { x: 0.0, y: 0.0, width: size.width, height: size.height };
            let rect = template.page.sheet.as_ref().map_or(trim, |sheet| sheet.bleed_box(size));
            let item = Item::Rect(RectItem { rect, radius: 0.0, fill: Some(fill), stroke: None });
            self.paint_decoration_item(item, ArtifactKind::Background);
        }
    }

    /// The nodes below or above the content of this page, which stand in page coordinates.
    fn paint_layer(
        &mut self,
        layers: &'a [Layer],
        is_last: bool,
        kind: ArtifactKind,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        let Some(layer) = layer_for(layers, self.page_index, is_last) else { return Ok(()) };
        let width = self.layouter.template.page.size.width;
        let mut nodes = self.measure_band(&layer.nodes, width, scope)?;
        self.paint_all(&mut nodes, 0.0, 0.0, Tagging::Artifact(kind))
    }

    fn paint_band(
        &mut self,
        band: &'a Band,
        [x, y, width]: [f32; 3],
        kind: ArtifactKind,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        let mut nodes = self.measure_band(&band.nodes, width, scope)?;
        let height = extent(&nodes);
        if height > band.height + place::FIT_TOLERANCE
            && let Some(lowest) = nodes.iter().max_by(|first, second| first.bottom().total_cmp(&second.bottom()))
        {
            let message =
                format!("it ends {height:.1} points below the top of a band that is {:.1} points high", band.height);
            let hint = "make the band higher".to_owned();
            self.layouter.warn(codes::OVERFLOW, Site::of(lowest.node, ""), message, Some(hint));
        }
        self.paint_all(&mut nodes, x, y, Tagging::Artifact(kind))
    }

    fn measure_band(
        &mut self,
        nodes: &'a [Node],
        width: f32,
        scope: &Scope<'_, 'a>,
    ) -> Result<Vec<Measured<'a>>, Stop> {
        let mut measured = self.layouter.measure_all(nodes, scope, Place { width, kind: PlaceKind::Free })?;
        place_free(&mut measured);
        Ok(measured)
    }
}
