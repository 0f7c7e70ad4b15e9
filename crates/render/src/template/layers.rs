//! Layers: what is painted below or above the content of pages.

use serde_json::Value as Json;

use super::describe::{Description, Form};
use super::model::{BandOn, Layer};
use super::node::NODES;
use super::page::{BAND_COUNT_MAX, ON};
use super::reader::ObjectReader;
use super::reading::Reading;
use super::shape::{List, Object, Shape};
use crate::diagnostic::{Diagnostic, codes};

const LAYER: Object<Layer> = Object {
    name: "layer",
    title: "a layer",
    doc: "Nodes below or above the content of certain pages, measured from the corner of the paper.",
    read: read_layer,
};

const LAYER_LIST: List<Object<Layer>> =
    List { phrase: "an array of layers", of: LAYER, least: 0, most: BAND_COUNT_MAX };

fn read_layer(reader: &mut ObjectReader<'_>) -> Option<Layer> {
    let on = reader.or("on", ON, BandOn::All, "Pages that it stands on; the most specific word wins.");
    let nodes = reader.or("nodes", NODES, Vec::new(), "What it holds.");
    Some(Layer { on, nodes })
}

/// A list of nodes for all pages, a layer, or several layers of which each page has one.
#[derive(Clone, Copy)]
pub(super) struct Layers;

impl Shape for Layers {
    type Value = Vec<Layer>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Vec<Layer>> {
        match json {
            Json::Object(_) => LAYER.read(json, reading).map(|layer| vec![layer]),
            Json::Array(items) if !items.is_empty() && items.iter().all(is_layer) => {
                let layers = LAYER_LIST.read(json, reading)?;
                report_doubles(&layers, reading);
                Some(layers)
            }
            Json::Array(_) => NODES.read(json, reading).map(|nodes| vec![Layer { on: BandOn::All, nodes }]),
            other => {
                reading.wrong_type("an object with `nodes`, an array of layers, or an array of nodes", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![LAYER.form(description), LAYER_LIST.form(description), NODES.form(description)])
    }
}

/// Every node says its kind, and no layer does.
fn is_layer(json: &Json) -> bool {
    json.as_object().is_some_and(|object| !object.contains_key("kind") && object.contains_key("nodes"))
}

fn report_doubles(layers: &[Layer], reading: &mut Reading) {
    for (index, layer) in layers.iter().enumerate() {
        if layers.iter().take(index).any(|other| other.on == layer.on) {
            let word = ON.show(&layer.on).unwrap_or_default();
            let message = format!("two layers stand on {word} pages");
            let pointer = format!("{}/{index}/on", reading.pointer());
            let hint = "put their nodes into one layer".to_owned();
            reading.report(Diagnostic::error(codes::INVALID_VALUE, pointer, message).with_hint(hint));
        }
    }
}
