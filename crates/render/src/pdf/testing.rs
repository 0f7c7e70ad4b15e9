//! Documents for tests, laid out by hand: no kerning but a made-up one, no line breaking.

use std::sync::Arc;

use crate::document::{
    ArtifactKind, Color, Document, ElementId, Glyph, GlyphRun, Item, Metadata, Page, Point, Posture, Rect, RectItem,
    Role, Size,
};
use crate::fonts::Face;

/// A4 in points.
pub(crate) const A4: Size = Size { width: 595.28, height: 841.89 };

/// A document that grows.
pub(crate) struct Builder {
    pub(crate) document: Document,
    root: ElementId,
}

impl Builder {
    /// An empty document with a root element.
    pub(crate) fn new(faces: Vec<Arc<Face>>) -> Self {
        let metadata = Metadata {
            title: "A test".into(),
            language: "en-GB".into(),
            created_ms: 1_700_000_000_000,
            ..Metadata::default()
        };
        let mut document = Document { faces, metadata, ..Document::default() };
        let root = document.structure.add(Role::Document, None);
        Self { document, root }
    }

    /// Adds a page.
    pub(crate) fn page(&mut self, size: Size) -> &mut Self {
        self.document.pages.push(Page { size, ..Page::default() });
        self
    }

    /// Adds an element below the root.
    pub(crate) fn element(&mut self, role: Role) -> ElementId {
        self.document.structure.add(role, Some(self.root))
    }

    /// Adds an element below another.
    pub(crate) fn child(&mut self, role: Role, parent: ElementId) -> ElementId {
        self.document.structure.add(role, Some(parent))
    }

    /// Adds an item to the last page.
    pub(crate) fn item(&mut self, item: Item) -> &mut Self {
        if let Some(page) = self.document.pages.last_mut() {
            page.items.push(item);
        }
        self
    }

    /// Adds a filled rectangle.
    pub(crate) fn rect(&mut self, rect: Rect, fill: Color) -> &mut Self {
        self.item(Item::Rect(RectItem { rect, radius: 0.0, fill: Some(fill), stroke: None }))
    }

    /// Adds text on a baseline, one glyph a character; every fifth pair or so is kerned.
    pub(crate) fn text(&mut self, face: u32, size: f32, x: f32, y: f32, text: &str) -> &mut Self {
        let document = &mut self.document;
        let Some(known) = document.faces.get(face as usize) else { return self };
        let first_glyph = length(&document.glyphs);
        let first_byte = u32::try_from(document.text.len()).unwrap_or(u32::MAX);
        let mut before = 0;
        for (offset, character) in text.char_indices() {
            let id = known.glyph(character).unwrap_or(0);
            let kerning = i32::from((before ^ id) % 60) + 8;
            if (u32::from(before) * 31 + u32::from(id)) % 5 == 0
                && let Some(last) = document.glyphs.last_mut().filter(|_| offset > 0)
            {
                last.advance -= kerning;
            }
            before = id;
            document.glyphs.push(Glyph {
                id,
                text_length: u16::try_from(character.len_utf8()).unwrap_or(0),
                text_start: first_byte + u32::try_from(offset).unwrap_or(0),
                advance: i32::from(known.advance(id)),
                x_offset: 0,
                y_offset: 0,
            });
        }
        document.text.push_str(text);
        let run = GlyphRun {
            face,
            size,
            color: Color::BLACK,
            origin: Point { x, y },
            letter_spacing: 0.0,
            glyphs: first_glyph..length(&self.document.glyphs),
            text: first_byte..u32::try_from(self.document.text.len()).unwrap_or(u32::MAX),
            posture: Posture::Along,
        };
        self.item(Item::Glyphs(run))
    }

    /// Adds tagged text of its own element.
    pub(crate) fn tagged(&mut self, role: Role, face: u32, size: f32, x: f32, y: f32, text: &str) -> ElementId {
        let element = self.element(role);
        self.item(Item::Element(element)).text(face, size, x, y, text);
        element
    }
}

fn length(glyphs: &[Glyph]) -> u32 {
    u32::try_from(glyphs.len()).unwrap_or(u32::MAX)
}

/// An invoice of one page: about 80 pieces of text, a table, lines and fills. Face 0 is regular, face 1 bold.
pub(crate) fn invoice(faces: Vec<Arc<Face>>, number: u32) -> Document {
    let mut builder = Builder::new(faces);
    builder.page(A4);
    let blue = Color::rgb(20, 80, 160);
    let pale = Color::rgb(243, 245, 247);
    builder.item(Item::Artifact(ArtifactKind::Layout)).rect(Rect { x: 42.0, y: 48.0, width: 90.0, height: 28.0 }, blue);
    builder.tagged(Role::Heading1, 1, 22.0, 360.0, 70.0, &format!("Invoice 2026-{number:04}"));
    for (line, text) in
        ["Northwind Trading Ltd", "12 Harbour Road", "Bristol BS1 4QD", "United Kingdom"].iter().enumerate()
    {
        builder.tagged(Role::Paragraph, 0, 9.5, 42.0, 110.0 + 13.0 * number_of(line), text);
    }
    for (line, (label, value)) in
        [("Date", "14 November 2026"), ("Due", "14 December 2026"), ("Customer", "C-20417"), ("Order", "PO-88112")]
            .iter()
            .enumerate()
    {
        let y = 110.0 + 13.0 * number_of(line);
        builder.tagged(Role::Paragraph, 1, 9.5, 360.0, y, label);
        builder.tagged(Role::Paragraph, 0, 9.5, 430.0, y, value);
    }
    let table = builder.element(Role::Table);
    let head = builder.child(Role::TableHead, table);
    let row = builder.child(Role::TableRow, head);
    let columns = [42.0, 330.0, 390.0, 470.0];
    for (x, title) in columns.iter().zip(["Description", "Quantity", "Price", "Total"]) {
        let cell = builder.child(Role::TableHeaderCell, row);
        builder.item(Item::Element(cell)).text(1, 9.0, *x, 200.0, title);
    }
    let body = builder.child(Role::TableBody, table);
    let names = [
        "Espresso beans, 1 kg",
        "Filter papers size 4",
        "Hand grinder",
        "Ceramic cups, set of six",
        "Milk jug 0.6 l",
        "Descaler",
    ];
    for (line, name) in (0..12_u32).zip(names.iter().cycle()) {
        let y = 218.0 + 16.0 * number_of(line as usize);
        if line % 2 == 0 {
            let stripe = Rect { x: 42.0, y: y - 11.0, width: 511.0, height: 16.0 };
            builder.item(Item::Artifact(ArtifactKind::Layout)).rect(stripe, pale);
        }
        let row = builder.child(Role::TableRow, body);
        let price = 400 + (line * 7_919 + number * 31) % 9_000;
        let quantity = 1 + (line * 3 + number) % 9;
        let cells = [
            (*name).to_owned(),
            quantity.to_string(),
            format!("{}.{:02}", price / 100, price % 100),
            format!("{}.{:02}", price * quantity / 100, price * quantity % 100),
        ];
        for (x, text) in columns.iter().zip(&cells) {
            let cell = builder.child(Role::TableDataCell, row);
            builder.item(Item::Element(cell)).text(0, 9.0, *x, y, text);
        }
    }
    for (line, (label, value)) in [("Subtotal", 1_204.5_f32), ("VAT 20%", 240.9), ("Total", 1_445.4)].iter().enumerate()
    {
        let y = 430.0 + 15.0 * number_of(line);
        builder.tagged(Role::Paragraph, 1, 9.5, 390.0, y, label);
        builder.tagged(
            Role::Paragraph,
            0,
            9.5,
            470.0,
            y,
            &format!("{:.2}", value + f32::from(u16::try_from(number % 1_000).unwrap_or(0))),
        );
    }
    for (line, text) in [
        "Please pay within thirty days to account 20417733, sort code 40-11-62.",
        "Thank you for your order; questions are answered at accounts@northwind.example.",
    ]
    .iter()
    .enumerate()
    {
        builder.tagged(Role::Paragraph, 0, 9.5, 42.0, 520.0 + 13.0 * number_of(line), text);
    }
    builder.item(Item::Artifact(ArtifactKind::Footer)).text(0, 8.0, 270.0, 810.0, "Page 1 of 1");
    builder.document
}

/// A table over many pages: 40 rows a page, five columns, stripes.
pub(crate) fn table(faces: Vec<Arc<Face>>, row_count: u32) -> Document {
    let mut builder = Builder::new(faces);
    let pale = Color::rgb(243, 245, 247);
    let table = builder.element(Role::Table);
    let body = builder.child(Role::TableBody, table);
    let columns = [42.0, 100.0, 280.0, 380.0, 470.0];
    for index in 0..row_count {
        let line = index % 40;
        if line == 0 {
            builder.page(A4);
            let number = index / 40 + 1;
            builder.item(Item::Artifact(ArtifactKind::Footer)).text(
                0,
                8.0,
                270.0,
                810.0,
                &format!("Page {number} of {}", row_count.div_ceil(40)),
            );
        }
        let y = 60.0 + 18.0 * number_of(line as usize);
        if line % 2 == 0 {
            let stripe = Rect { x: 42.0, y: y - 12.0, width: 511.0, height: 18.0 };
            builder.item(Item::Artifact(ArtifactKind::Layout)).rect(stripe, pale);
        }
        let row = builder.child(Role::TableRow, body);
        let value = index.wrapping_mul(2_654_435_761) >> 12;
        let cells = [
            format!("{:05}", index + 1),
            format!("Customer number {}", value % 9_973),
            format!("2026-{:02}-{:02}", 1 + value % 12, 1 + value % 28),
            format!("{}", 1 + value % 90),
            format!("{}.{:02}", value % 10_000, value % 100),
        ];
        for (x, text) in columns.iter().zip(&cells) {
            let cell = builder.child(Role::TableDataCell, row);
            builder.item(Item::Element(cell)).text(0, 9.0, *x, y, text);
        }
    }
    builder.document
}

fn number_of(line: usize) -> f32 {
    f32::from(u16::try_from(line).unwrap_or(0))
}
