//! Paper, and the bands that stand on it.

use serde_json::Value as Json;

use super::describe::{Description, Form};
use super::model::{Band, BandOn, Baseline, Node, PageSetup};
use super::node::NODES;
use super::reader::ObjectReader;
use super::reading::Reading;
use super::shape::{Choice, ColorShape, Length, List, Object, Pair, Shape, Sides, number_text};
use crate::diagnostic::{Diagnostic, codes};
use crate::document::{PrinterMark, Sheet, Size};

/// Margin of a page that gives none, points: 15 mm, which every printer can do.
const MARGIN_POINTS: f32 = 42.0;

/// Room that header and footer must leave to the body, points: one line of small text.
const BODY_HEIGHT_MIN_POINTS: f32 = 10.0;

/// Bands in one header or footer, and layers: one for each word of `on`.
pub(super) const BAND_COUNT_MAX: usize = 7;

/// Smallest side of a page, points (ISO 32000-1, annex C.2).
const PAGE_SIDE_MIN_POINTS: f64 = 3.0;

const SIZES: Choice<Paper> = Choice(&[
    ("A3", Paper(841.889_8, 1_190.551_2)),
    ("A4", A4),
    ("A5", Paper(419.527_56, 595.275_6)),
    ("A6", Paper(297.637_8, 419.527_56)),
    ("Letter", Paper(612.0, 792.0)),
    ("Legal", Paper(612.0, 1008.0)),
    ("Tabloid", Paper(792.0, 1224.0)),
]);

/// Width and height, upright, points.
#[derive(Clone, Copy, PartialEq)]
struct Paper(f32, f32);

/// 210 by 297 mm (ISO 216).
const A4: Paper = Paper(595.275_6, 841.889_8);

/// Paper of a template that says nothing about it: upright A4.
pub(super) fn default_page() -> PageSetup {
    let Paper(width, height) = A4;
    PageSetup { size: Size { width, height }, margin: [MARGIN_POINTS; 4], fill: None, sheet: None, baseline: None }
}

pub(super) const PAGE: Object<PageSetup> =
    Object { name: "page", title: "the page", doc: "Paper and its margins.", read: read_page };

fn read_page(reader: &mut ObjectReader<'_>) -> Option<PageSetup> {
    let Paper(width, height) = reader.or("size", PaperShape, A4, "Name of a paper size, or `[width, height]`.");
    let orientations = Choice(&[("portrait", false), ("landscape", true)]);
    let landscape =
        reader.optional("orientation", orientations, "Upright or wide; as the size says, when nothing is said.");
    let margin = reader.or("margin", Sides, [MARGIN_POINTS; 4], "Space around header, body and footer.");
    let fill = reader.optional("fill", ColorShape, "Colour of the paper.");
    let sheet = read_sheet(reader);
    let baseline = reader.optional(
        "baseline",
        BASELINE,
        "Grid on which lines of text stand whose style has `snap`, so that neighbouring columns agree.",
    );
    let (short, long) = (width.min(height), width.max(height));
    let (width, height) = match landscape {
        None => (width, height),
        Some(false) => (short, long),
        Some(true) => (long, short),
    };
    let [top, right, bottom, left] = margin;
    if left + right >= width || top + bottom >= height {
        let message = format!(
            "the margins leave no room on a page of {} by {} points",
            number_text(f64::from(width)),
            number_text(f64::from(height))
        );
        reader.error_at(Some("margin"), codes::INVALID_VALUE, message, None);
    }
    Some(PageSetup { size: Size { width, height }, margin, fill, sheet, baseline })
}

const MARKS: Choice<PrinterMark> = Choice(&[
    ("crop", PrinterMark::Crop),
    ("registration", PrinterMark::Registration),
    ("colors", PrinterMark::Colors),
]);

/// Widest bleed, points: an inch, which is more than any press asks for.
const BLEED_MAX_POINTS: f32 = 72.0;

/// Bleed and marks; nothing when neither is asked for.
fn read_sheet(reader: &mut ObjectReader<'_>) -> Option<Box<Sheet>> {
    let bleed = reader.or(
        "bleed",
        Sides,
        [0.0; 4],
        "For a press: how far colours and pictures go on beyond the edge where the page is cut, usually 3 mm.",
    );
    let marks = List { phrase: "an array of marks", of: MARKS, least: 0, most: 3 };
    let mut marks = reader.or(
        "marks",
        marks,
        Vec::new(),
        "For a press: what stands around the page: lines where it is cut, targets for the plates, patches of the inks.",
    );
    if bleed.iter().any(|side| *side > BLEED_MAX_POINTS) {
        let message = format!("`bleed` is at most {BLEED_MAX_POINTS} points");
        reader.error_at(Some("bleed"), codes::INVALID_VALUE, message, Some("3 mm are usual".to_owned()));
    }
    marks.sort_unstable();
    marks.dedup();
    let needed = bleed.iter().any(|side| *side > 0.0) || !marks.is_empty();
    needed.then(|| Box::new(Sheet { bleed, marks }))
}

const BASELINE: Object<Baseline> = Object {
    name: "baseline",
    title: "a baseline grid",
    doc: "Lines at equal distances on every page.",
    read: read_baseline,
};

fn read_baseline(reader: &mut ObjectReader<'_>) -> Option<Baseline> {
    let step = reader.required("step", Length::between(1.0, 1000.0), "Distance of two lines, 1 to 1000 points.");
    let start = reader.or("start", Length::DISTANCE, 0.0, "Distance of one of the lines from the top of the paper.");
    Some(Baseline { step: step?, start })
}

/// A name, or `[width, height]`.
#[derive(Clone, Copy)]
struct PaperShape;

const OWN_SIZE: Pair<Length> =
    Pair("[width, height]", Length::between(PAGE_SIDE_MIN_POINTS, super::shape::LENGTH_MAX_POINTS));

impl Shape for PaperShape {
    type Value = Paper;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Paper> {
        match json {
            Json::String(_) => SIZES.read(json, reading),
            Json::Array(_) => OWN_SIZE.read(json, reading).map(|[width, height]| Paper(width, height)),
            other => {
                reading.wrong_type("the name of a paper size or [width, height]", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![SIZES.form(description), OWN_SIZE.form(description)])
    }

    fn show(&self, value: &Paper) -> Option<Json> {
        SIZES.show(value)
    }
}

pub(super) const ON: Choice<BandOn> = Choice(&[
    ("all", BandOn::All),
    ("first", BandOn::First),
    ("rest", BandOn::Rest),
    ("last", BandOn::Last),
    ("odd", BandOn::Odd),
    ("even", BandOn::Even),
    ("not-last", BandOn::NotLast),
]);

const BAND: Object<Band> = Object {
    name: "band",
    title: "a band",
    doc: "A strip at the top or bottom of pages, inside the margins.",
    read: read_band,
};

pub(super) const BANDS: List<Object<Band>> =
    List { phrase: "an array of bands", of: BAND, least: 0, most: BAND_COUNT_MAX };

fn read_band(reader: &mut ObjectReader<'_>) -> Option<Band> {
    let on = reader.or("on", ON, BandOn::All, "Pages that it stands on; the most specific word wins.");
    let height = reader.required("height", Length::DISTANCE, "Height; it takes this room from the body.");
    let nodes = reader.or("nodes", NODES, Vec::new(), "What it holds.");
    Some(Band { on, height: height?, nodes })
}

/// A list of nodes, or an object that holds it.
#[derive(Clone, Copy)]
pub(super) struct Content;

const HOLDER: Object<Vec<Node>> = Object {
    name: "content",
    title: "the content",
    doc: "A list of nodes.",
    read: |reader| Some(reader.or("nodes", NODES, Vec::new(), "What it holds.")),
};

impl Shape for Content {
    type Value = Vec<Node>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Vec<Node>> {
        match json {
            Json::Array(_) => NODES.read(json, reading),
            Json::Object(_) => HOLDER.read(json, reading),
            other => {
                reading.wrong_type("an object with `nodes`, or an array of nodes", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![HOLDER.form(description), NODES.form(description)])
    }
}

/// Reports bands that stand on the same pages, and pages on which bands leave no room to the body.
pub(super) fn check_bands(page: &PageSetup, header: &[Band], footer: &[Band], reading: &mut Reading) {
    for (name, bands) in [("header", header), ("footer", footer)] {
        for (index, band) in bands.iter().enumerate() {
            if bands.iter().take(index).any(|other| other.on == band.on) {
                let word = ON.show(&band.on).unwrap_or_default();
                let message = format!("two bands of the {name} stand on {word} pages");
                reading.report(Diagnostic::error(codes::INVALID_VALUE, format!("/{name}/{index}/on"), message));
            }
        }
    }
    let [top, _, bottom, _] = page.margin;
    let room = page.size.height - top - bottom;
    let mut worst: Option<(f32, f32, f32)> = None;
    for state in 0..8_u8 {
        let (first, last, odd) = (state & 1 != 0, state & 2 != 0, state & 4 != 0 || state & 1 != 0);
        let head = height_on(header, first, last, odd);
        let foot = height_on(footer, first, last, odd);
        if worst.is_none_or(|(sum, _, _)| head + foot > sum) {
            worst = Some((head + foot, head, foot));
        }
    }
    if let Some((sum, head, foot)) = worst
        && sum > 0.0
        && sum + BODY_HEIGHT_MIN_POINTS > room
        && room > 0.0
    {
        let (pointer, name) = if head >= foot { ("/header", "header") } else { ("/footer", "footer") };
        let message = format!(
            "header ({} points) and footer ({} points) leave no room for the body: \
             the page has {} points inside its margins",
            number_text(f64::from(head)),
            number_text(f64::from(foot)),
            number_text(f64::from(room))
        );
        let finding = Diagnostic::error(codes::INVALID_VALUE, pointer, message);
        reading.report(finding.with_hint(format!("make the {name} lower, or the page higher")));
    }
}

/// Height of the band that stands on such a page, the highest of those that match equally well.
fn height_on(bands: &[Band], first: bool, last: bool, odd: bool) -> f32 {
    let rank = |on: BandOn| match on {
        BandOn::First => first.then_some(2),
        BandOn::Last => last.then_some(2),
        BandOn::Odd => odd.then_some(1),
        BandOn::Even => (!odd).then_some(1),
        BandOn::Rest => (!first).then_some(1),
        BandOn::NotLast => (!last).then_some(1),
        BandOn::All => Some(0),
    };
    let best = bands.iter().filter_map(|band| rank(band.on)).max();
    bands.iter().filter(|band| rank(band.on) == best && best.is_some()).map(|band| band.height).fold(0.0, f32::max)
}
