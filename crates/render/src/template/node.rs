//! Nodes: what every kind of node has in common.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::describe::{Body, Definition, Description, Form};
use super::flow::{self, Flow};
use super::kinds::{self, KindEntry};
use super::model::{Kind, Node};
use super::reader::ObjectReader;
use super::reading::{Reading, suggestion};
use super::shape::{Flag, Length, Line, List, Pair, Shape, is_name};
use crate::diagnostic::codes;

/// A node of any kind.
#[derive(Clone, Copy)]
pub(super) struct NodeShape;

/// A list of nodes.
pub(super) const NODES: List<NodeShape> = List::any("an array of nodes", NodeShape);

/// Where a node stands, as far as it says so.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) at: [f32; 2],
    pub(super) width: Option<f32>,
    pub(super) height: Option<f32>,
}

impl Shape for NodeShape {
    type Value = Node;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Node> {
        let Some(object) = json.as_object() else {
            reading.wrong_type("an object: a node", json);
            return None;
        };
        let index = reading.count_node()?;
        let outer = reading.node.clone();
        let given = object.get("id").and_then(Json::as_str).filter(|id| is_name(id));
        let id = given.map_or_else(|| made_id(reading), str::to_owned);
        reading.node = Some(id.clone());
        let node = find_kind(object.get("kind"), reading).and_then(|entry| {
            let mut reader = ObjectReader::reading(entry.title, object, reading);
            let node = read_node(&mut reader, entry, index, id);
            reader.finish();
            node
        });
        reading.node = outer;
        node
    }

    fn form(&self, description: &mut Description) -> Form {
        if !description.definitions.contains_key("node") {
            let definition = Definition {
                title: "node",
                doc: "Anything that can be placed. Its `kind` says what it is.",
                body: Body::Pending,
            };
            description.definitions.insert("node", definition);
            let mut names = Vec::new();
            for entry in kinds::ALL {
                description.object(entry.definition, entry.title, entry.doc, |reader| {
                    let _nothing_is_read = read_node(reader, entry, 0, String::new());
                });
                names.push((entry.name, entry.definition));
            }
            description.settle("node", Body::Kinds(names));
        }
        Form::Named("node")
    }
}

fn find_kind(kind: Option<&Json>, reading: &mut Reading) -> Option<&'static KindEntry> {
    let names = kinds::ALL.iter().map(|entry| entry.name);
    let Some(kind) = kind else {
        let hint = suggestion("", "kinds", names);
        reading.error(codes::MISSING_PROPERTY, "a node needs `kind`", Some(hint));
        return None;
    };
    let Some(name) = kind.as_str() else {
        reading.within("kind", |reading| reading.wrong_type("a string: a kind of node", kind));
        return None;
    };
    let found = kinds::ALL.iter().find(|entry| entry.name == name);
    if found.is_none() {
        let message = format!("there is no kind of node `{}`", super::reading::shortened(name));
        reading.within("kind", |reading| {
            reading.unknown_name(codes::INVALID_VALUE, message, name, "kinds", names);
        });
    }
    found
}

fn read_node(reader: &mut ObjectReader<'_>, entry: &'static KindEntry, index: u32, id: String) -> Option<Node> {
    let _known = reader.optional(
        "id",
        IdShape,
        "Short stable name, unique in the template; links and expressions of tools refer to it.",
    );
    let _kind = reader.required("kind", KindName(entry.name), "What the node is.");
    let _name = reader.optional(
        "name",
        Line { phrase: "a name for people", length_max: 200 },
        "Name that the designer shows; no effect.",
    );
    let mut place = read_place(reader, entry);
    let flow = Flow::read(reader, entry);
    let _locked = reader.or("locked", Flag, false, "The designer does not let it be moved; no effect.");
    let class = Line { phrase: "words", length_max: 200 };
    let _class = reader.optional("class", class, "Free words for tools; no effect.");
    let kind = (entry.read)(reader, &mut place);
    flow::check_size(reader, entry, &flow);
    let pointer = reader.state().map(|reading| reading.pointer().to_owned()).unwrap_or_default();
    let kind: Kind = kind?;
    Some(Node {
        index,
        id,
        pointer,
        at: place.at,
        width: place.width,
        height: place.height,
        rotation: flow.rotation,
        opacity: flow.opacity,
        visible: flow.visible,
        collapse: flow.collapse,
        repeat: flow.repeat,
        bind: flow.bind,
        keep: flow.keep,
        span: flow.span,
        row_span: flow.row_span,
        break_before: flow.break_before,
        break_after: flow.break_after,
        break_to: flow.break_to,
        too_tall: flow.too_tall,
        link: flow.link,
        bookmark: flow.bookmark,
        alt: flow.alt,
        role: flow.role,
        kind,
    })
}

fn read_place(reader: &mut ObjectReader<'_>, entry: &'static KindEntry) -> Place {
    let at = Pair("[x, y]", Length::ANY);
    let at = reader.or(
        "at",
        at,
        [0.0; 2],
        "Top left corner, from the top left corner of what contains the node. Stacks ignore it.",
    );
    if !entry.placed {
        return Place { at, width: None, height: None };
    }
    reader.exclude("size", "width");
    reader.exclude("size", "height");
    let size = reader.optional("size", Pair("[width, height]", Length::DISTANCE), "Width and height in one.");
    let width = reader.optional("width", Length::DISTANCE, "Width.");
    let height = reader.optional("height", Length::DISTANCE, "Height. What grows takes more when it needs more.");
    match size {
        Some([width, height]) => Place { at, width: Some(width), height: Some(height) },
        None => Place { at, width, height },
    }
}

/// Id of a node, which must be new.
#[derive(Clone, Copy)]
struct IdShape;

impl Shape for IdShape {
    type Value = ();

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<()> {
        let Some(id) = json.as_str() else {
            reading.wrong_type("a string: an id", json);
            return None;
        };
        if !is_name(id) {
            let hint =
                "ids have 1 to 64 characters and no spaces, control characters, quotes, braces, `#`, `/` or `\\`";
            reading.not_allowed("an id", json, Some(hint.to_owned()));
            return None;
        }
        if let Some(first) = reading.ids.get(id) {
            let message = format!("the id `{id}` is used twice");
            let hint = format!("the other node is at {first}");
            reading.error(codes::INVALID_NAME, message, Some(hint));
            return None;
        }
        let pointer = reading.pointer().strip_suffix("/id").unwrap_or_default().to_owned();
        reading.ids.insert(id.to_owned(), pointer);
        Some(())
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Text { phrase: "an id", pattern: Some(r##"^[^\s#/"'\\{}]+$"##), length_max: Some(64) }
    }
}

/// `/body/nodes/3/nodes/0` gives `body.3.0`; one that some node has gets a mark until it is free.
fn made_id(reading: &mut Reading) -> String {
    let pointer = reading.pointer().to_owned();
    let parts: Vec<&str> = pointer.split('/').filter(|part| !part.is_empty() && *part != "nodes").collect();
    let mut id = parts.join(".");
    while reading.given_ids.contains(&id) || reading.ids.contains_key(&id) {
        id.push('_');
    }
    reading.ids.insert(id.clone(), pointer);
    id
}

/// Collects the ids that nodes are given, wherever they stand. The value's depth is bounded before.
pub(super) fn collect_ids(json: &Json, ids: &mut BTreeSet<String>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| collect_ids(item, ids)),
        Json::Object(object) => {
            if object.contains_key("kind")
                && let Some(id) = object.get("id").and_then(Json::as_str)
            {
                ids.insert(id.to_owned());
            }
            object.values().for_each(|value| collect_ids(value, ids));
        }
        _ => {}
    }
}

/// The word that `kind` is.
#[derive(Clone, Copy)]
pub(super) struct KindName(pub(super) &'static str);

impl Shape for KindName {
    type Value = ();

    fn read(&self, _json: &Json, _reading: &mut Reading) -> Option<()> {
        Some(())
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Word(self.0)
    }
}
