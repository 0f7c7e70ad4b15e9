//! Builds blocks of rich text from the events of the Markdown parser.

use pulldown_cmark::{Alignment, Event, HeadingLevel, Tag, TagEnd};

use crate::expression::TextTemplate;
use crate::template::model::{Align, BlockForm, Marker, Marks, RichBlock, RichImage, RichList, RichSpan, RichTable};
use crate::template::style::StylePatch;

/// Quotations and lists inside each other; what is deeper has no room on any page and stays on this level.
const DEPTH_MAX: usize = 24;

/// Numbers of items; CommonMark has nine digits at most.
const NUMBER_MAX: u64 = 999_999_999;

/// What is being put together.
pub(super) struct Builder<'b> {
    template: &'b dyn Fn(&str) -> TextTemplate,
    /// The document, and what is open in it, the innermost last.
    open: Vec<Container>,
    /// Containers that were not opened because they were too deep.
    too_deep: usize,
    /// Spans of the text that is being read.
    spans: Vec<RichSpan>,
    /// Text of one look that is not a span yet.
    text: String,
    look: Look,
    /// The level of the heading that is open.
    heading: Option<u8>,
    /// The lines of the code that is open.
    is_code: bool,
    /// Where the picture that is open comes from, and the text in it.
    image: Option<(String, String)>,
    /// The table that is open, and whether its cells are those of the header.
    table: Option<(RichTable, bool)>,
}

/// What text looks like here.
#[derive(Default)]
struct Look {
    emphasis: usize,
    strong: usize,
    strike: usize,
    link: Option<String>,
}

/// Blocks that belong together.
struct Container {
    form: ContainerForm,
    blocks: Vec<RichBlock>,
}

enum ContainerForm {
    Document,
    Quote,
    List(RichList),
    Item,
}

impl<'b> Builder<'b> {
    pub(super) fn new(template: &'b dyn Fn(&str) -> TextTemplate) -> Self {
        Self {
            template,
            open: vec![Container { form: ContainerForm::Document, blocks: Vec::new() }],
            too_deep: 0,
            spans: Vec::new(),
            text: String::new(),
            look: Look::default(),
            heading: None,
            is_code: false,
            image: None,
            table: None,
        }
    }

    /// Takes the next event.
    pub(super) fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.push_text(&text),
            Event::Code(text) => {
                self.end_span();
                self.text.push_str(&text);
                self.push_span(true);
            }
            Event::SoftBreak => self.push_text(" "),
            Event::HardBreak => self.push_text("\n"),
            Event::Rule => self.push_block(BlockForm::Rule),
            // Extensions that are not asked for.
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    /// All blocks.
    pub(super) fn finish(mut self) -> Vec<RichBlock> {
        self.end_paragraph();
        while self.open.len() > 1 {
            self.close();
        }
        self.open.pop().map(|document| document.blocks).unwrap_or_default()
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => {
                self.end_paragraph();
                self.loosen();
            }
            Tag::HtmlBlock => self.end_paragraph(),
            Tag::Heading { level, .. } => {
                self.end_paragraph();
                self.heading = Some(level_of(level));
            }
            Tag::CodeBlock(_) => {
                self.end_paragraph();
                self.is_code = true;
            }
            Tag::BlockQuote(_) => self.open(ContainerForm::Quote),
            Tag::List(start) => {
                let marker = if start.is_some() { Marker::Decimal } else { Marker::Auto };
                let start = u32::try_from(start.unwrap_or(1).min(NUMBER_MAX)).unwrap_or(1);
                let list = RichList { marker, start, gap: None, loose: false, items: Vec::new() };
                self.open(ContainerForm::List(list));
            }
            Tag::Item => self.open(ContainerForm::Item),
            Tag::Table(columns) => {
                self.end_paragraph();
                let columns = columns.into_iter().map(align_of).collect();
                self.table = Some((RichTable { columns, header: Vec::new(), rows: Vec::new() }, false));
            }
            Tag::TableHead => self.set_header(true),
            Tag::TableRow => {
                if let Some((table, _)) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::Emphasis => self.change(|look| look.emphasis += 1),
            Tag::Strong => self.change(|look| look.strong += 1),
            Tag::Strikethrough => self.change(|look| look.strike += 1),
            Tag::Link { dest_url, .. } => self.change(|look| look.link = Some(dest_url.to_string())),
            Tag::Image { dest_url, .. } => {
                self.end_span();
                self.image = Some((dest_url.to_string(), String::new()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.end_paragraph(),
            TagEnd::Heading(_) => {
                self.end_span();
                let spans = std::mem::take(&mut self.spans);
                if let Some(level) = self.heading.take() {
                    self.push_block(BlockForm::Heading { level, spans });
                }
            }
            TagEnd::CodeBlock => {
                let text = std::mem::take(&mut self.text);
                let code = (self.template)(text.trim_end_matches('\n'));
                self.is_code = false;
                self.push_block(BlockForm::Code(code));
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.end_paragraph();
                match self.too_deep {
                    0 => self.close(),
                    _ => self.too_deep -= 1,
                }
            }
            TagEnd::TableHead => self.set_header(false),
            TagEnd::TableCell => {
                self.end_span();
                let cell = std::mem::take(&mut self.spans);
                if let Some((table, in_header)) = &mut self.table {
                    let row = if *in_header { Some(&mut table.header) } else { table.rows.last_mut() };
                    if let Some(row) = row {
                        row.push(cell);
                    }
                }
            }
            TagEnd::Table => {
                if let Some((table, _)) = self.table.take() {
                    self.push_block(BlockForm::Table(table));
                }
            }
            TagEnd::Emphasis => self.change(|look| look.emphasis = look.emphasis.saturating_sub(1)),
            TagEnd::Strong => self.change(|look| look.strong = look.strong.saturating_sub(1)),
            TagEnd::Strikethrough => self.change(|look| look.strike = look.strike.saturating_sub(1)),
            TagEnd::Link => self.change(|look| look.link = None),
            TagEnd::Image => self.end_image(),
            _ => {}
        }
    }

    fn push_text(&mut self, text: &str) {
        match &mut self.image {
            Some((_, alt)) => alt.push_str(text),
            None => self.text.push_str(text),
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Look)) {
        self.end_span();
        change(&mut self.look);
    }

    fn end_span(&mut self) {
        if !self.is_code {
            self.push_span(false);
        }
    }

    fn push_span(&mut self, code: bool) {
        if self.text.is_empty() {
            return;
        }
        let text = (self.template)(&std::mem::take(&mut self.text));
        let marks = Marks {
            emphasis: self.look.emphasis > 0,
            strong: self.look.strong > 0,
            patch: (self.look.strike > 0).then(|| Box::new(StylePatch::struck())),
            link: self.look.link.as_deref().map(self.template),
            code,
            ..Marks::default()
        };
        self.spans.push(RichSpan { text, marks, visible: None });
    }

    /// Text that stands in an item directly is a paragraph, too.
    fn end_paragraph(&mut self) {
        if self.text.ends_with('\n') {
            self.text.truncate(self.text.trim_end_matches('\n').len());
        }
        self.end_span();
        if !self.spans.is_empty() {
            let spans = std::mem::take(&mut self.spans);
            self.push_block(BlockForm::Paragraph(spans));
        }
    }

    /// A picture stands between paragraphs, also when it was written inside one; in headings and cells, and when it
    /// is a link, its text stands for it.
    fn end_image(&mut self) {
        let Some((source, alt)) = self.image.take() else { return };
        if self.heading.is_some() || self.table.is_some() || self.look.link.is_some() {
            self.text.push_str(&alt);
            return;
        }
        if self.text.chars().all(char::is_whitespace) {
            self.text.clear();
        }
        self.end_paragraph();
        let image = RichImage { source: (self.template)(&source), alt: (self.template)(&alt), width: None };
        self.push_block(BlockForm::Image(image));
    }

    fn push_block(&mut self, form: BlockForm) {
        if let Some(container) = self.open.last_mut() {
            container.blocks.push(RichBlock::new(form));
        }
    }

    fn open(&mut self, form: ContainerForm) {
        self.end_paragraph();
        // A list and its items are opened and closed together.
        let is_item = matches!(form, ContainerForm::Item);
        if self.too_deep > 0 || (self.open.len() >= DEPTH_MAX && !is_item) {
            self.too_deep += 1;
            return;
        }
        self.open.push(Container { form, blocks: Vec::new() });
    }

    /// Closes the innermost container, which becomes part of the one around it.
    fn close(&mut self) {
        if self.open.len() < 2 {
            return;
        }
        let Some(Container { form, blocks }) = self.open.pop() else { return };
        match form {
            ContainerForm::Document => {}
            ContainerForm::Quote => self.push_block(BlockForm::Quote(blocks)),
            ContainerForm::List(list) => self.push_block(BlockForm::List(list)),
            ContainerForm::Item => {
                if let Some(Container { form: ContainerForm::List(list), .. }) = self.open.last_mut() {
                    list.items.push(blocks);
                }
            }
        }
    }

    /// Paragraphs are told only in lists whose items stand apart.
    fn loosen(&mut self) {
        let mut inner = self.open.iter_mut().rev();
        let item = inner.next().is_some_and(|container| matches!(container.form, ContainerForm::Item));
        if let (true, Some(Container { form: ContainerForm::List(list), .. })) = (item, inner.next()) {
            list.loose = true;
        }
    }

    fn set_header(&mut self, is_header: bool) {
        if let Some((_, in_header)) = &mut self.table {
            *in_header = is_header;
        }
    }
}

fn level_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn align_of(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None | Alignment::Left => Align::Start,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::End,
    }
}
