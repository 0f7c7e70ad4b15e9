//! Walking over all nodes of a template.

use std::sync::Arc;

use crate::template::Template;
use crate::template::model::{Kind, Node};

/// Calls `visit` for every node, in the order in which they are counted: background, header, body, footer, foreground,
/// each before its children.
pub(super) fn all_nodes<'t>(template: &'t Template, visit: &mut dyn FnMut(&'t Node)) {
    template.background.iter().for_each(|layer| walk(&layer.nodes, visit));
    template.header.iter().for_each(|band| walk(&band.nodes, visit));
    walk(&template.body, visit);
    template.footer.iter().for_each(|band| walk(&band.nodes, visit));
    template.foreground.iter().for_each(|layer| walk(&layer.nodes, visit));
}

/// Whether any node lists the document's contents.
pub(super) fn has_contents(template: &Template) -> bool {
    let mut found = false;
    all_nodes(template, &mut |node| found |= matches!(node.kind, Kind::Contents(_)));
    found
}

/// Ids and JSON pointers of all nodes by their index.
pub(super) fn node_names(template: &Template) -> (Vec<Arc<str>>, Arc<[Box<str>]>) {
    let mut ids: Vec<Arc<str>> = Vec::new();
    let mut pointers: Vec<Box<str>> = Vec::new();
    all_nodes(template, &mut |node| {
        let index = node.index as usize;
        if ids.len() <= index && index < NODE_INDEX_MAX {
            ids.resize(index + 1, Arc::from(""));
            pointers.resize(index + 1, Box::from(""));
        }
        if let (Some(id), Some(pointer)) = (ids.get_mut(index), pointers.get_mut(index)) {
            *id = Arc::from(node.id.as_str());
            *pointer = Box::from(node.pointer.as_str());
        }
    });
    (ids, pointers.into())
}

/// Indexes count nodes, of which there are at most 20,000; larger ones would be a mistake of who made the model.
const NODE_INDEX_MAX: usize = 1_000_000;

fn walk<'t>(nodes: &'t [Node], visit: &mut dyn FnMut(&'t Node)) {
    for node in nodes {
        visit(node);
        node.each_list(&mut |inside| walk(inside, visit));
    }
}
