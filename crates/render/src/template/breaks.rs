//! Breaks that have no effect: where nothing is cut, no page can end.

use super::model::{FrameLayout, Kind, Node, Template};
use super::reading::Reading;
use crate::diagnostic::{Diagnostic, codes};

/// Warns of breaks in nodes that always stand on one page.
pub(super) fn check(template: &Template, reading: &mut Reading) {
    let mut walk = Walk { reading };
    for layer in template.background.iter().chain(&template.foreground) {
        walk.nodes(&layer.nodes, Some("below or above the content of a page"));
    }
    for band in template.header.iter().chain(&template.footer) {
        walk.nodes(&band.nodes, Some("in a header or footer"));
    }
    walk.nodes(&template.body, None);
}

struct Walk<'r> {
    reading: &'r mut Reading,
}

impl Walk<'_> {
    /// Looks at nodes which are in something that is not cut, if so why.
    fn nodes(&mut self, nodes: &[Node], uncut: Option<&'static str>) {
        for node in nodes {
            if let Some(place) = uncut {
                self.report(node, place);
            }
            let inside = uncut.or_else(|| is_uncut(node));
            match &node.kind {
                Kind::Table(table) => {
                    let inside = inside.or(Some("in a cell of a table"));
                    table.each_cell(&mut |cell| self.nodes(&cell.nodes, inside));
                }
                _ => node.each_list(&mut |nodes| self.nodes(nodes, inside)),
            }
        }
    }

    fn report(&mut self, node: &Node, place: &str) {
        let (pointer, message) = match node.kind {
            Kind::PageBreak => (node.pointer.clone(), format!("a page break has no effect {place}")),
            _ if node.break_before != super::model::Break::None || node.break_after => {
                (format!("{}/break", node.pointer), format!("`break` has no effect {place}"))
            }
            _ => return,
        };
        let hint = "pages end between nodes of the body, and between those of frames that are cut: stacks downwards, \
                    lines of a stack, grids and columns";
        let finding = Diagnostic::warning(codes::INVALID_VALUE, pointer, message);
        self.reading.report(finding.with_node(Some(&node.id)).with_hint(hint));
    }
}

/// Why no page ends inside of a node, when none can.
fn is_uncut(node: &Node) -> Option<&'static str> {
    let Kind::Frame(frame) = &node.kind else { return None };
    if node.rotation != 0.0 || node.opacity < 1.0 {
        return Some("in a frame that is turned or faded");
    }
    match &frame.layout {
        FrameLayout::Free => Some("in a frame whose nodes have places of their own"),
        FrameLayout::Stack { across: true, wrap: false, .. } => Some("in a row of nodes"),
        FrameLayout::Stack { .. } | FrameLayout::Grid { .. } | FrameLayout::Columns(_) => None,
    }
}
