//! The items of pieces say what the document says.

use std::sync::Arc;

use serde_json::json;

use super::decoder::Bytes;
use super::{Session, render, text, world};
use crate::document::{Document, Item, Page, Rect, Segment, Size, Transform};
use crate::fonts::testing;
use crate::limits::Limits;
use crate::picture::{self, Decoded, Picture, PictureData};
use crate::screen::{Client, Screen};

/// An item as a client reads it; places in hundredths of a point on the page.
#[derive(Debug, PartialEq)]
enum Read {
    Pop,
    Push {
        transform: Option<[f32; 6]>,
        clip: Option<[i64; 4]>,
        opacity: Option<f32>,
    },
    /// Face, size, colour; glyphs with the place of each in the text's own units.
    Run {
        face: u64,
        size: i64,
        color: Vec<u8>,
        spacing: i64,
        at: [i64; 2],
        glyphs: Vec<u64>,
        added: Vec<i64>,
        shifts: Vec<[i64; 2]>,
    },
    Rect {
        rect: [i64; 4],
        radius: Option<i64>,
        fill: Option<Vec<u8>>,
        stroke: Option<ReadStroke>,
    },
    Path {
        segments: Vec<(u8, Vec<[i64; 2]>)>,
        even_odd: bool,
        fill: Option<Vec<u8>>,
        stroke: Option<ReadStroke>,
    },
    Gradient {
        segments: Vec<(u8, Vec<[i64; 2]>)>,
        even_odd: bool,
        shape: Vec<f32>,
        linear: Vec<f32>,
        at: [i64; 2],
        stops: Vec<(f32, Vec<u8>)>,
    },
    Object {
        kind: u8,
        number: u64,
        rect: [i64; 4],
    },
}

#[derive(Debug, PartialEq)]
struct ReadStroke {
    color: Vec<u8>,
    width: f32,
    look: u8,
    dash: Vec<f32>,
}

struct Reader<'a> {
    bytes: Bytes<'a>,
    origin: [i64; 2],
    style: (u64, i64, Vec<u8>, i64),
    line: [i64; 2],
}

impl Reader<'_> {
    fn rect(&mut self) -> [i64; 4] {
        let [left, top] = self.point([0, 0]);
        let size = [self.bytes.signed(), self.bytes.signed()];
        [left + self.origin[0], top + self.origin[1], size[0], size[1]]
    }

    fn point(&mut self, before: [i64; 2]) -> [i64; 2] {
        before.map(|before| before + self.bytes.signed())
    }

    fn segments(&mut self) -> Vec<(u8, Vec<[i64; 2]>)> {
        let (count, mut before, origin) = (self.bytes.count(), [0, 0], self.origin);
        (0..count)
            .map(|_| {
                let kind = self.bytes.byte();
                let points = (0..[1, 1, 3, 0][usize::from(kind)]).map(|_| {
                    before = self.point(before);
                    [before[0] + origin[0], before[1] + origin[1]]
                });
                (kind, points.collect())
            })
            .collect()
    }

    fn stroke(&mut self) -> ReadStroke {
        let (color, width, look) = (self.bytes.take(4), self.bytes.float(), self.bytes.byte());
        let dash = (0..self.bytes.count()).map(|_| self.bytes.float()).collect();
        ReadStroke { color, width, look, dash }
    }

    fn item(&mut self) -> Read {
        let head = self.bytes.byte();
        let [first, second, third] = [0x10, 0x20, 0x40].map(|bit| head & bit != 0);
        match head & 0x0F {
            0 => Read::Pop,
            1 => {
                let transform = first.then(|| std::array::from_fn(|_| self.bytes.float()));
                let opacity = third.then(|| self.bytes.float());
                Read::Push { transform, clip: second.then(|| self.rect()), opacity }
            }
            2 => {
                if first {
                    let face = self.bytes.unsigned();
                    self.style = (face, self.bytes.signed(), self.bytes.take(4), self.bytes.signed());
                }
                self.line = self.point(self.line);
                let at = [self.line[0] + self.origin[0], self.line[1] + self.origin[1]];
                let count = self.bytes.count();
                let glyphs = (0..count).map(|_| self.bytes.unsigned()).collect();
                let added = (0..count).map(|_| if second { self.bytes.signed() } else { 0 }).collect();
                let shifts = (0..count).map(|_| if third { self.point([0, 0]) } else { [0, 0] }).collect();
                let (face, size, color, spacing) = self.style.clone();
                Read::Run { face, size, color, spacing, at, glyphs, added, shifts }
            }
            3 => {
                let rect = self.rect();
                let radius = third.then(|| self.bytes.signed());
                let fill = first.then(|| self.bytes.take(4));
                Read::Rect { rect, radius, fill, stroke: second.then(|| self.stroke()) }
            }
            4 => {
                let segments = self.segments();
                let fill = first.then(|| self.bytes.take(4));
                Read::Path { segments, even_odd: third, fill, stroke: second.then(|| self.stroke()) }
            }
            5 => {
                let segments = self.segments();
                let shape = (0..if first { 6 } else { 4 }).map(|_| self.bytes.float()).collect();
                let linear = (0..4).map(|_| self.bytes.float()).collect();
                let at = self.point(self.origin);
                let stops = (0..self.bytes.count()).map(|_| (self.bytes.float(), self.bytes.take(4))).collect();
                Read::Gradient { segments, even_odd: third, shape, linear, at, stops }
            }
            kind => Read::Object { kind, number: self.bytes.unsigned(), rect: self.rect() },
        }
    }
}

/// All items of the first page, as a client reads them.
fn read(screen: &Screen) -> Vec<Read> {
    let mut items = Vec::new();
    for piece in &screen.pages[0].pieces {
        let origin = [piece.place[0], piece.place[1]];
        let style = (0, 0, Vec::new(), 0);
        let mut reader = Reader { bytes: Bytes(&piece.content), origin, style, line: [0, 0] };
        while !reader.bytes.0.is_empty() {
            items.push(reader.item());
        }
    }
    items
}

fn hundredths(value: f32) -> i64 {
    format!("{:.0}", f64::from(value) * 100.0).parse().unwrap()
}

/// A document of one page without boxes.
fn page(items: Vec<Item>) -> Document {
    let page = Page { size: Size { width: 100.0, height: 50.0 }, items, ..Page::default() };
    Document { pages: vec![page], ..Document::default() }
}

fn screen(document: &Document) -> Screen {
    Screen::new(document, Vec::new(), 1, &mut Client::new()).unwrap()
}

#[test]
fn glyphs_stand_where_the_document_has_them() {
    let rendered = render(&world(), &json!([text("a", 0.0, "AVATAR To"), text("b", 33.25, "Wave")]));
    let document = &rendered.document;
    let mut session = Session::default();
    session.show(&rendered);
    let runs = document.pages[0].items.iter().filter_map(|item| match item {
        Item::Glyphs(run) => Some(run),
        _ => None,
    });
    let runs = runs.collect::<Vec<_>>();
    let items = read(&session.shown.screen);
    assert_eq!(items.len(), runs.len());
    let mut kerned = 0;
    for (item, run) in items.iter().zip(runs) {
        let Read::Run { face, size, color, spacing, at, glyphs, added, shifts } = item else { panic!("{item:?}") };
        assert_eq!((*face, *size, color.as_slice(), *spacing), (0, 10_000, &[0, 0, 0, 255][..], 0));
        assert_eq!(*at, [hundredths(run.origin.x), hundredths(run.origin.y)]);
        for (place, glyph) in document.glyphs[run.glyphs.start as usize..run.glyphs.end as usize].iter().enumerate() {
            let (advance, _) = session.shown.outlines[&(0, glyphs[place])];
            assert_eq!(glyphs[place], u64::from(glyph.id));
            assert_eq!(i64::try_from(advance).unwrap() + added[place], i64::from(glyph.advance));
            assert_eq!(shifts[place], [i64::from(glyph.x_offset), i64::from(glyph.y_offset)]);
            kerned += usize::from(added[place] != 0);
        }
    }
    assert!(kerned > 2, "AVATAR is kerned");
}

#[test]
fn an_outline_is_that_of_the_font() {
    let mut session = Session::default();
    session.show(&render(&world(), &json!([text("a", 0.0, "l")])));
    let face = testing::face("Inter_400Regular");
    let glyph = face.glyph('l').unwrap();
    let (advance, steps) = &session.shown.outlines[&(0, u64::from(glyph))];
    assert_eq!(*advance, u64::from(face.advance(glyph)));
    let points: Vec<[i64; 2]> = steps.iter().flat_map(|(_, points)| points.clone()).collect();
    let height = points.iter().map(|point| point[1]).max().unwrap();
    // Half units: the letter l is about 0.74 em high and stands on the baseline.
    let em = i64::from(face.metrics().units_per_em) * 2;
    assert!(height * 100 / em >= 70 && height * 100 / em <= 80, "{height}");
    assert_eq!(points.iter().map(|point| point[1]).min(), Some(0));
    assert_eq!(steps.last().unwrap().0, 4);
}

#[test]
fn shapes_groups_and_pictures_are_read_as_they_are() {
    let rendered = render(
        &world(),
        &json!([
            { "kind": "rect", "at": [10, 20], "size": [30, 40], "fill": "#112233", "radius": 5,
              "stroke": { "width": 2, "color": "#445566" } },
            { "kind": "ellipse", "at": [60, 20], "size": [30, 40], "fill": "#FF000080", "rotation": 30, "opacity": 0.5 },
        ]),
    );
    let mut session = Session::default();
    session.show(&rendered);
    let items = read(&session.shown.screen);
    let rects: Vec<_> = items.iter().filter(|item| matches!(item, Read::Rect { .. })).collect();
    let Read::Rect { rect, radius: Some(_), fill: Some(fill), .. } = rects[0] else { panic!("{rects:?}") };
    assert_eq!((rect[0], fill.as_slice()), (2_000, &[0x11, 0x22, 0x33, 255][..]), "{rect:?}");
    assert!(items.iter().any(|item| matches!(item, Read::Push { transform: Some(_), opacity: Some(0.5), .. })));
    assert!(
        items.iter().any(|item| matches!(item, Read::Path { fill: Some(fill), .. } if fill[..] == [255, 0, 0, 128]))
    );
    assert_eq!(items.iter().filter(|item| matches!(item, Read::Pop)).count(), 1);
}

#[test]
fn a_clip_and_a_picture_keep_their_places() {
    let rect = Rect { x: 1.25, y: 2.5, width: 10.0, height: 20.0 };
    let mut document = page(vec![
        Item::Push { transform: Transform::IDENTITY, clip: Some(rect), opacity: 1.0 },
        Item::Picture { picture: 0, rect },
        Item::Pop,
    ]);
    let data = PictureData::Grey(vec![7; 6]);
    document.pictures.push(Arc::new(Picture { width: 2, height: 3, data, alpha: None }));
    let places = [125, 250, 1_000, 2_000];
    assert_eq!(
        read(&screen(&document)),
        [
            Read::Push { transform: None, clip: Some(places), opacity: None },
            Read::Object { kind: 6, number: 0, rect: places },
            Read::Pop,
        ]
    );
    document.pictures.clear();
    let error = Screen::new(&document, Vec::new(), 1, &mut Client::new()).unwrap_err();
    assert_eq!(error.to_string(), "an item names picture 0, which the document does not have");
}

#[test]
fn equal_pictures_and_drawings_have_one_name() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'><rect width='8' height='4'/></svg>";
    let mut document = page(Vec::new());
    for _ in 0..2 {
        let data = PictureData::Grey(vec![7; 6]);
        document.pictures.push(Arc::new(Picture { width: 2, height: 3, data, alpha: None }));
        let Decoded::Drawing(drawing) = picture::decode(svg, None, &Limits::default()).unwrap() else {
            panic!("no drawing")
        };
        document.drawings.push(Arc::new(drawing));
    }
    let rect = Rect { x: 0.0, y: 0.0, width: 8.0, height: 8.0 };
    document.pages[0].items = (0..2).map(|drawing| Item::Drawing { drawing, rect }).collect();
    let mut client = Client::new();
    let screen = Screen::new(&document, Vec::new(), 1, &mut client).unwrap();
    let expected = |_| Read::Object { kind: 7, number: 0, rect: [0, 0, 800, 800] };
    assert_eq!(read(&screen), (0..2).map(expected).collect::<Vec<_>>());
    let mut shown = super::Shown::default();
    shown.apply(&screen.message(&Screen::default(), &mut client));
    assert_eq!((shown.pictures.len(), shown.drawings.len()), (1, 1));
    assert_eq!((shown.pictures[0].1, shown.pictures[0].2), (2, 3));
    // Size, one path of a rectangle in ten-thousandths, black.
    let mut drawing =
        Reader { bytes: Bytes(&shown.drawings[0]), origin: [0, 0], style: Default::default(), line: [0, 0] };
    assert_eq!([drawing.bytes.float(), drawing.bytes.float()], [8.0, 8.0]);
    let Read::Path { segments, fill: Some(fill), .. } = drawing.item() else { panic!("no path") };
    assert_eq!((segments[0].clone(), fill), ((0, vec![[0, 0]]), vec![0, 0, 0, 255]));
    assert!(segments.contains(&(1, vec![[80_000, 40_000]])), "{segments:?}");
}

#[test]
fn a_path_is_told_by_its_steps() {
    let mut document = page(Vec::new());
    let at = |x, y| crate::document::Point { x, y };
    document.segments =
        vec![Segment::Move(at(1.0, 2.0)), Segment::Cubic(at(1.0, 3.0), at(2.0, 4.0), at(5.0, 4.0)), Segment::Close];
    document.pages[0].items = vec![Item::Path(crate::document::Path {
        segments: 0..3,
        fill: None,
        even_odd: true,
        stroke: Some(crate::document::Stroke {
            color: crate::document::Color::BLACK,
            width: 0.75,
            dash: vec![3.0, 1.5],
            cap: crate::document::LineCap::Round,
            join: crate::document::LineJoin::Bevel,
        }),
    })];
    let stroke = ReadStroke { color: vec![0, 0, 0, 255], width: 0.75, look: 1 | 2 << 4, dash: vec![3.0, 1.5] };
    let segments = vec![(0, vec![[100, 200]]), (2, vec![[100, 300], [200, 400], [500, 400]]), (3, vec![])];
    assert_eq!(read(&screen(&document)), [Read::Path { segments, even_odd: true, fill: None, stroke: Some(stroke) }]);
}

#[test]
fn a_client_that_learned_too_much_has_to_begin_again() {
    let mut client = Client::new();
    let mut show = |count: u16| {
        let mut document = page(Vec::new());
        document.pictures = (0..count)
            .map(|grey| {
                Arc::new(Picture {
                    width: 2,
                    height: 1,
                    data: PictureData::Grey(grey.to_le_bytes().to_vec()),
                    alpha: None,
                })
            })
            .collect();
        Screen::new(&document, Vec::new(), 1, &mut client)
    };
    assert!(show(1_000).is_ok() && show(1_000).is_ok(), "equal pictures are one");
    assert_eq!(
        show(1_001).unwrap_err().to_string(),
        "the client has learned more than 1000 pictures; begin with a new one"
    );
}
