//! Checks of nodes: links, pictures, alternative texts, places.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, codes};
use crate::document::Size;
use crate::expression::TextTemplate;
use crate::picture::split_page;
use crate::template::model::{Band, Bindable, ColumnWidth, FrameLayout, Kind, Node, NodeRole, TableNode, Template};
use crate::template::reading::suggestion;
use crate::template::shape::number_text;
use crate::template::suggest::nearest;
use crate::world::Assets;

/// Points that a node may stick out before anyone is told: less than a hair.
const TOLERANCE_POINTS: f32 = 0.5;

/// Checks all nodes of a template.
pub(super) fn check(template: &Template, assets: Option<&dyn Assets>, findings: &mut Vec<Diagnostic>) {
    let mut ids = BTreeSet::new();
    each_node(template, &mut |node| {
        ids.insert(node.id.as_str());
    });
    let [top, _, _, left] = template.page.margin;
    let mut walk = Walk { template, assets, ids, findings };
    let page = Area { x: 0.0, y: 0.0, height: None, decoration: true, bleeds: true };
    template.background.iter().for_each(|layer| walk.nodes(&layer.nodes, page));
    walk.bands(&template.header, left);
    walk.nodes(&template.body, Area { x: left, y: top, height: None, decoration: false, bleeds: false });
    walk.bands(&template.footer, left);
    template.foreground.iter().for_each(|layer| walk.nodes(&layer.nodes, page));
}

/// Where nodes stand, in points from the corner of the page.
#[derive(Clone, Copy)]
struct Area {
    x: f32,
    y: f32,
    /// Height of the band around them.
    height: Option<f32>,
    /// Nothing here is read aloud, or something around it is read instead.
    decoration: bool,
    /// Sticking out of the page is usual here.
    bleeds: bool,
}

struct Walk<'t> {
    template: &'t Template,
    assets: Option<&'t dyn Assets>,
    ids: BTreeSet<&'t str>,
    findings: &'t mut Vec<Diagnostic>,
}

impl<'t> Walk<'t> {
    fn bands(&mut self, bands: &'t [Band], left: f32) {
        for band in bands {
            let area = Area { x: left, y: 0.0, height: Some(band.height), decoration: true, bleeds: false };
            self.nodes(&band.nodes, area);
        }
    }

    fn nodes(&mut self, nodes: &'t [Node], area: Area) {
        for node in nodes {
            self.node(node, Some(area), area.decoration);
        }
    }

    /// Checks a node; without an area its place is not known before the layout.
    fn node(&mut self, node: &'t Node, area: Option<Area>, decoration: bool) {
        self.link(node);
        let decoration = decoration || matches!(node.role, Some(NodeRole::Artifact(_)));
        if let Some(area) = area {
            self.place(node, area);
        }
        match &node.kind {
            Kind::Image(image) => {
                self.source(node, "source", &image.source);
                if let Some(mask) = image.mask_source() {
                    self.source(node, "mask", mask);
                }
                self.alternative(node, "an image", decoration);
            }
            Kind::Barcode(barcode) => {
                if let Some(logo) = &barcode.logo {
                    self.source(node, "logo", logo);
                }
                self.alternative(node, "a barcode", decoration);
            }
            Kind::Table(table) => {
                self.columns(node, table);
                table.each_cell(&mut |cell| {
                    for child in &cell.nodes {
                        self.node(child, None, decoration);
                    }
                });
            }
            Kind::Frame(frame) => {
                let [top, _, _, left] = frame.look.padding;
                let free = frame.layout == FrameLayout::Free && settled(node);
                let inner = area.filter(|_| free).map(|area| Area {
                    x: area.x + node.at[0] + left,
                    y: area.y + node.at[1] + top,
                    height: None,
                    ..area
                });
                for child in &frame.nodes {
                    self.node(child, inner, decoration || node.alt.is_some());
                }
            }
            Kind::Text(_)
            | Kind::Rich(_)
            | Kind::Contents(_)
            | Kind::Line(_)
            | Kind::Rect(_)
            | Kind::Ellipse(_)
            | Kind::Path(_)
            | Kind::Chart(_)
            | Kind::Field(_)
            | Kind::PageBreak => {}
        }
    }

    fn link(&mut self, node: &Node) {
        let Some(id) = node.link.as_ref().and_then(TextTemplate::as_literal).and_then(|link| link.strip_prefix('#'))
        else {
            return;
        };
        if !self.ids.contains(id) {
            let message = format!("the link leads to `#{id}`, and there is no node with this id");
            let hint = suggestion(id, "ids", self.ids.iter().copied());
            let finding = Diagnostic::error(codes::INVALID_NAME, format!("{}/link", node.pointer), message);
            self.findings.push(finding.with_node(Some(&node.id)).with_hint(hint));
        }
    }

    fn source(&mut self, node: &Node, property: &str, source: &TextTemplate) {
        let Some(name) = source.as_literal().and_then(|source| source.strip_prefix("asset:")) else { return };
        let (name, _) = split_page(name);
        if self.template.assets.contains_key(name) {
            return;
        }
        let own = self.template.assets.keys().map(String::as_str);
        let finding = match self.assets {
            Some(assets) if assets.asset(name).is_some() => return,
            Some(_) => Diagnostic::error,
            None if nearest(name, own.clone()).is_some() => Diagnostic::warning,
            None => return,
        };
        let message = format!("there is no asset `{name}`");
        let finding = finding(codes::MISSING_IMAGE, format!("{}/{property}", node.pointer), message);
        let hint = if self.template.assets.is_empty() {
            "upload the picture, or put it into `assets` of the template".to_owned()
        } else {
            suggestion(name, "assets of the template", own)
        };
        self.findings.push(finding.with_node(Some(&node.id)).with_hint(hint));
    }

    fn alternative(&mut self, node: &Node, what: &str, decoration: bool) {
        if decoration || node.alt.is_some() {
            return;
        }
        let message = format!("{what} needs `alt`, a text for those who cannot see it");
        let strict = self.template.output.profiles.iter().find(|profile| profile.is_tagged());
        let finding = match strict {
            Some(profile) => {
                let message = format!("{message}: {} asks for it", profile.name());
                Diagnostic::error(codes::MISSING_ALT, node.pointer.clone(), message)
            }
            None => Diagnostic::warning(codes::MISSING_ALT, node.pointer.clone(), message),
        };
        self.findings.push(
            finding
                .with_node(Some(&node.id))
                .with_hint("give `alt`, or \"role\": \"artifact\" when it is only decoration"),
        );
    }

    fn place(&mut self, node: &Node, area: Area) {
        if !settled(node) || node.kind_is_break() {
            return;
        }
        let Size { width: page_width, height: page_height } = self.template.page.size;
        let [x, y] = node.at;
        let (left, top) = (area.x + x, area.y + y);
        let right = left + node.width.unwrap_or(0.0);
        let bottom = top + node.height.unwrap_or(0.0);
        if area.bleeds {
            if right < 0.0 || bottom < 0.0 || left > page_width || top > page_height {
                self.warn(node, "the node is wholly outside of the page".to_owned());
            }
            return;
        }
        if left < -TOLERANCE_POINTS {
            self.warn(node, format!("the node begins {} points left of the page", number_text(f64::from(-left))));
        } else if right > page_width + TOLERANCE_POINTS {
            let excess = number_text(f64::from(right - page_width));
            self.warn(node, format!("the node ends {excess} points right of the page"));
        }
        if area.height.is_none() && top < -TOLERANCE_POINTS {
            self.warn(node, format!("the node begins {} points above the page", number_text(f64::from(-top))));
        }
        if let (Some(height), Some(own)) = (area.height, node.height)
            && y + own > height + TOLERANCE_POINTS
        {
            let excess = number_text(f64::from(y + own - height));
            self.warn(node, format!("the node ends {excess} points below its band"));
        }
    }

    fn columns(&mut self, node: &Node, table: &TableNode) {
        let fixed: f32 = table
            .columns
            .iter()
            .filter(|column| column.visible.is_none())
            .map(|column| match column.width {
                ColumnWidth::Fixed(width) => width,
                ColumnWidth::Fraction(_) | ColumnWidth::Auto => 0.0,
            })
            .sum();
        let shares = table.columns.iter().any(|column| !matches!(column.width, ColumnWidth::Fixed(_)));
        if let Some(width) = node.width.filter(|_| settled(node))
            && (fixed > width + TOLERANCE_POINTS || shares && fixed >= width)
        {
            let message = format!(
                "the columns take {} points, the table has {}",
                number_text(f64::from(fixed)),
                number_text(f64::from(width))
            );
            self.warn(node, message);
        }
    }

    fn warn(&mut self, node: &Node, message: String) {
        let finding = Diagnostic::warning(codes::OVERFLOW, node.pointer.clone(), message);
        self.findings.push(finding.with_node(Some(&node.id)));
    }
}

impl Node {
    fn kind_is_break(&self) -> bool {
        matches!(self.kind, Kind::PageBreak)
    }
}

/// Whether the place is known without data: nothing turns it, repeats it or sets it.
fn settled(node: &Node) -> bool {
    let moving = |property: &Bindable| {
        matches!(property, Bindable::X | Bindable::Y | Bindable::Width | Bindable::Height | Bindable::Rotation)
    };
    node.rotation == 0.0 && node.repeat.is_none() && !node.bind.iter().any(|(property, _)| moving(property))
}

fn each_node<'t>(template: &'t Template, visit: &mut dyn FnMut(&'t Node)) {
    let bands = template.header.iter().chain(&template.footer).map(|band| &band.nodes);
    let layers = template.background.iter().chain(&template.foreground).map(|layer| &layer.nodes);
    for nodes in layers.chain([&template.body]).chain(bands) {
        descend(nodes, visit);
    }
}

fn descend<'t>(nodes: &'t [Node], visit: &mut dyn FnMut(&'t Node)) {
    for node in nodes {
        visit(node);
        node.each_list(&mut |inside| descend(inside, visit));
    }
}
