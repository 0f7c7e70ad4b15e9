//! Measuring a node: condition, repetition, bound properties, size; its kind does the rest.

use std::borrow::Cow;

use super::baseline::snaps;
use super::binding::Bound;
use super::deferred::waits_for_page;
use super::design::design_height;
use super::measured::{Content, Extras, Measured};
use super::state::{Layouter, Site, Stop};
use crate::document::Size;
use crate::expression::{Expression, Scope, TextTemplate};
use crate::template::model::{BoxLook, Break, Fill, Keep, Kind, Node, PathNode, StrokeLook};

/// Where a node is measured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Width of the parent's content box; in a row, what is left of it.
    pub(super) width: f32,
    pub(super) kind: PlaceKind,
}

/// How the parent places its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlaceKind {
    /// By their own `at`.
    Free,
    /// One below the other.
    Column,
    /// One beside the other.
    Row,
}

/// A node with its properties as they are for this data.
pub(super) struct Subject<'n, 'a> {
    pub(super) node: &'a Node,
    pub(super) bound: &'n Bound<'a>,
    /// Width that is given or bound.
    pub(super) width: Option<f32>,
    /// Height that is given or bound.
    pub(super) height: Option<f32>,
    /// Width that it can have at most.
    pub(super) room: f32,
    pub(super) place: Place,
}

impl Subject<'_, '_> {
    /// The width when the node fills its room unless it has one of its own.
    pub(super) fn filled_width(&self) -> f32 {
        self.width.unwrap_or(self.room)
    }
}

/// What measuring the kind of a node gave.
pub(super) struct Sized<'a> {
    pub(super) content: Content<'a>,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) design_height: f32,
}

impl<'a> Layouter<'a> {
    /// Measures the children of a container; in stacks those that are hidden are left out.
    pub(super) fn measure_all(
        &mut self,
        nodes: &'a [Node],
        scope: &Scope<'_, 'a>,
        place: Place,
    ) -> Result<Vec<Measured<'a>>, Stop> {
        let mut children = Vec::with_capacity(nodes.len());
        for node in nodes {
            let child = self.measure(node, scope, place)?;
            if place.kind == PlaceKind::Free || !matches!(child.content, Content::Nothing) {
                children.push(child);
            }
        }
        Ok(children)
    }

    /// Measures a node with all its copies.
    pub(super) fn measure(
        &mut self,
        node: &'a Node,
        scope: &Scope<'_, 'a>,
        place: Place,
    ) -> Result<Measured<'a>, Stop> {
        match &node.repeat {
            Some(repeat) => self.measure_copies(node, repeat, scope, place),
            None => self.measure_shown(node, scope, place),
        }
    }

    /// Measures a node, or one copy, when it is visible.
    pub(super) fn measure_shown(
        &mut self,
        node: &'a Node,
        scope: &Scope<'_, 'a>,
        place: Place,
    ) -> Result<Measured<'a>, Stop> {
        self.count_item(Site::of(node, ""))?;
        // On which page a node of the body comes to stand is not known yet: it gets its room in any case.
        let deferred = node.visible.as_ref().is_some_and(Expression::uses_page) && !self.knows_page();
        if let Some(visible) = node.visible.as_ref().filter(|_| !deferred)
            && !self.evaluate(visible, scope, Site::of(node, "visible"))?.truthy()
        {
            return Ok(hidden(node));
        }
        let mut measured = self.measure_with_bound(node, scope, place)?;
        if deferred {
            measured.extras.get_or_insert_default().deferred_visible = Some(self.bindings.clone());
        }
        Ok(measured)
    }

    fn measure_with_bound(
        &mut self,
        node: &'a Node,
        scope: &Scope<'_, 'a>,
        place: Place,
    ) -> Result<Measured<'a>, Stop> {
        if !self.knows_page() && waits_for_page(node) {
            self.measure_early(node, scope, place)
        } else if node.bind.is_empty() {
            self.measure_visible(node, &Bound::default(), scope, place)
        } else {
            let bound = self.bound(&node.bind, scope, Site::of(node, ""))?;
            self.measure_visible(node, &bound, scope, place)
        }
    }

    /// Measures a node as on page 1 of 1; its content is made again once its page is known.
    fn measure_early(&mut self, node: &'a Node, scope: &Scope<'_, 'a>, place: Place) -> Result<Measured<'a>, Stop> {
        self.report_paged_sizes(node);
        let bound = self.on_some_page(|layouter| layouter.bound(&node.bind, scope, Site::of(node, "")))?;
        // What stands inside waits by itself.
        let holds_nodes = matches!(node.kind, Kind::Frame(_) | Kind::Table(_));
        let mut measured = if holds_nodes {
            self.measure_visible(node, &bound, scope, place)?
        } else {
            self.on_some_page(|layouter| layouter.measure_visible(node, &bound, scope, place))?
        };
        measured.extras.get_or_insert_default().deferred = Some(self.bindings.clone());
        Ok(measured)
    }

    fn measure_visible(
        &mut self,
        node: &'a Node,
        bound: &Bound<'a>,
        scope: &Scope<'_, 'a>,
        place: Place,
    ) -> Result<Measured<'a>, Stop> {
        let free = place.kind == PlaceKind::Free;
        let [at_x, at_y] = if free { node.at } else { [0.0; 2] };
        let x = bound.x.filter(|_| free).unwrap_or(at_x);
        let y = bound.y.filter(|_| free).unwrap_or(at_y);
        let subject = Subject {
            node,
            bound,
            width: bound.width.or(node.width),
            height: bound.height.or(node.height),
            room: (place.width - x).max(0.0),
            place,
        };
        let mut extras = self.extras(node, scope)?;
        let sized = self.measure_kind(&subject, scope, &mut extras)?;
        let has_breaks = match &sized.content {
            Content::PageBreak => true,
            Content::Column { children, .. } => {
                let kept = matches!(node.keep, Keep::Together | Keep::TogetherWithNext);
                children.iter().any(|child| breaks_inside(child) || !kept && snaps(child))
            }
            Content::Table(table) => table.has_breaks(),
            _ => false,
        };
        Ok(Measured {
            node,
            x,
            y,
            width: sized.width,
            height: sized.height,
            design_height: sized.design_height,
            rotation: bound.rotation.unwrap_or(node.rotation),
            opacity: bound.opacity.unwrap_or(node.opacity),
            content: sized.content,
            extras: (!extras.is_empty()).then(|| Box::new(extras)),
            element: None,
            has_breaks,
            is_copies: false,
        })
    }

    /// Measures what only this kind of node has.
    pub(super) fn measure_kind(
        &mut self,
        subject: &Subject<'_, 'a>,
        scope: &Scope<'_, 'a>,
        extras: &mut Extras<'a>,
    ) -> Result<Sized<'a>, Stop> {
        let bound = subject.bound;
        Ok(match &subject.node.kind {
            Kind::Text(text) => self.measure_text(subject, text, scope, extras)?,
            Kind::Image(image) => self.measure_image(subject, image, scope)?,
            Kind::Line(line) => {
                let stroke = stroke_look(&line.stroke, bound);
                plain(subject, Content::Line { stroke, rising: line.rising })
            }
            Kind::Rect(shape) => plain(subject, Content::Rect { look: box_look(&shape.look, bound) }),
            Kind::Ellipse(shape) => plain(subject, Content::Ellipse { look: box_look(&shape.look, bound) }),
            Kind::Path(path) => outline(subject, path),
            Kind::Frame(frame) => self.measure_frame(subject, frame, scope)?,
            Kind::Table(table) => self.measure_table(subject, table, scope)?,
            Kind::Barcode(barcode) => self.measure_barcode(subject, barcode, scope, extras)?,
            Kind::Chart(chart) => self.measure_chart(subject, chart, scope, extras)?,
            Kind::Field(field) => self.measure_field(subject, field, scope, extras)?,
            Kind::Rich(rich) => self.measure_rich(subject, rich, scope, extras)?,
            Kind::Contents(contents) => self.measure_contents(subject, contents, extras)?,
            Kind::PageBreak => Sized { content: Content::PageBreak, width: 0.0, height: 0.0, design_height: 0.0 },
        })
    }

    /// Writes what few nodes have.
    pub(super) fn extras(&mut self, node: &'a Node, scope: &Scope<'_, 'a>) -> Result<Extras<'a>, Stop> {
        let mut extras = Extras::default();
        if let Some(link) = &node.link {
            extras.link = Some(self.early_text_of(link, scope, Site::of(node, "link"))?);
        }
        if let Some((level, title)) = &node.bookmark {
            let title = self.early_text_of(title, scope, Site::of(node, "bookmark"))?;
            // An entry without words is nothing that anyone could find.
            extras.bookmark = (!title.trim().is_empty()).then_some((*level, title));
        }
        if let Some(alt) = &node.alt {
            extras.alt = Some(self.early_text_of(alt, scope, Site::of(node, "alt"))?);
        }
        Ok(extras)
    }

    /// Writes a text template; one that needs its page, before that is known, as on page 1 of 1.
    fn early_text_of(
        &mut self,
        template: &'a TextTemplate,
        scope: &Scope<'_, 'a>,
        site: Site<'_>,
    ) -> Result<String, Stop> {
        if self.knows_page() || !template.uses_page() {
            return self.text_of(template, scope, site);
        }
        self.on_some_page(|layouter| layouter.text_of(template, scope, site))
    }
}

impl Extras<'_> {
    fn is_empty(&self) -> bool {
        self.link.is_none() && self.bookmark.is_none() && self.alt.is_none() && self.deferred.is_none()
    }
}

/// Whether a page ends before, after or inside a child, given that something stands before it.
pub(super) fn breaks_inside(child: &Measured<'_>) -> bool {
    child.has_breaks || child.break_before() != Break::None || child.break_after()
}

/// The look of a box with what is bound.
pub(super) fn box_look<'a>(look: &'a BoxLook, bound: &Bound<'_>) -> Cow<'a, BoxLook> {
    if bound.fill.is_none() && bound.stroke_color.is_none() && bound.stroke_width.is_none() {
        return Cow::Borrowed(look);
    }
    let mut look = look.clone();
    look.fill = bound.fill.map(Fill::Color).or(look.fill);
    if look.stroke.is_some() || bound.stroke_color.is_some() {
        let stroke = look.stroke.unwrap_or(DEFAULT_STROKE);
        look.stroke = Some(stroke_look(&stroke, bound).into_owned());
    }
    Cow::Owned(look)
}

/// A border that exists only because its colour is bound.
const DEFAULT_STROKE: StrokeLook = StrokeLook::solid(crate::document::Color::BLACK, 1.0);

fn stroke_look<'s>(stroke: &'s StrokeLook, bound: &Bound<'_>) -> Cow<'s, StrokeLook> {
    if bound.stroke_color.is_none() && bound.stroke_width.is_none() && bound.color.is_none() {
        return Cow::Borrowed(stroke);
    }
    Cow::Owned(StrokeLook {
        color: bound.stroke_color.or(bound.color).unwrap_or(stroke.color),
        width: bound.stroke_width.unwrap_or(stroke.width),
        ..stroke.clone()
    })
}

/// What has exactly the size that it is given.
fn plain<'a>(subject: &Subject<'_, 'a>, content: Content<'a>) -> Sized<'a> {
    let height = subject.height.unwrap_or(0.0);
    Sized { content, width: subject.filled_width(), height, design_height: subject.node.height.unwrap_or(0.0) }
}

/// A path has the size that it is given, else that of its coordinates.
fn outline<'a>(subject: &Subject<'_, 'a>, path: &'a PathNode) -> Sized<'a> {
    let Size { width, height } = size_of_path(path, subject.width, subject.height);
    let content = Content::Path { look: box_look(&path.look, subject.bound), path };
    Sized { content, width, height, design_height: subject.node.height.unwrap_or(height) }
}

pub(super) fn size_of_path(path: &PathNode, width: Option<f32>, height: Option<f32>) -> Size {
    let natural = path.view.map_or(path.extent, |[_, _, width, height]| Size { width, height });
    match (width, height) {
        (Some(width), None) if path.view.is_some() => Size { width, height: width * natural.height / natural.width },
        (None, Some(height)) if path.view.is_some() => Size { width: height * natural.width / natural.height, height },
        (width, height) => Size { width: width.unwrap_or(natural.width), height: height.unwrap_or(natural.height) },
    }
}

/// A node that is not visible: among free nodes it keeps its room, unless it says that it gives it back.
fn hidden(node: &Node) -> Measured<'_> {
    let design_height = design_height(node);
    let [x, y] = node.at;
    let height = if node.collapse { 0.0 } else { design_height };
    Measured { x, y, height, design_height, ..Measured::empty(node) }
}
