//! The tag tree: what the content means, for screen readers and for conversion (ISO 32000-2, 14.7 and 14.8).

/// The tag tree. Elements are in reading order; an element's parent always has a smaller id.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    /// All elements; the index is the [`ElementId`]. Element 0 is the `Document`, when there is any.
    pub elements: Vec<Element>,
    /// Entries of contents lists with the elements that they are about, in order of the entries.
    pub references: Vec<(ElementId, ElementId)>,
}

/// Index of an element in [`Structure::elements`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(pub u32);

/// One element.
#[derive(Clone, Debug)]
pub struct Element {
    /// What it is.
    pub role: Role,
    /// Its parent; none only for the root.
    pub parent: Option<ElementId>,
    /// Replacement text for figures.
    pub alt: Option<Box<str>>,
    /// BCP 47 language, where it differs from the document's.
    pub language: Option<Box<str>>,
    /// For table cells: columns covered (1 is the usual).
    pub column_span: u16,
    /// For table cells: rows covered (1 is the usual).
    pub row_span: u16,
    /// For header cells: what they head.
    pub scope: Option<Scope>,
}

impl Structure {
    /// Adds an element at the end of its parent's children and returns its id.
    pub fn add(&mut self, role: Role, parent: Option<ElementId>) -> ElementId {
        let id = ElementId(u32::try_from(self.elements.len()).unwrap_or(u32::MAX));
        self.elements.push(Element {
            role,
            parent,
            alt: None,
            language: None,
            column_span: 1,
            row_span: 1,
            scope: None,
        });
        id
    }

    /// The element behind an id.
    #[must_use]
    pub fn get_mut(&mut self, id: ElementId) -> Option<&mut Element> {
        self.elements.get_mut(id.0 as usize)
    }
}

/// Standard structure types (ISO 32000-1, 14.8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum Role {
    Document,
    Part,
    Section,
    Division,
    Paragraph,
    Heading1,
    Heading2,
    Heading3,
    Heading4,
    Heading5,
    Heading6,
    List,
    ListItem,
    Label,
    ListBody,
    Table,
    TableHead,
    TableBody,
    TableFoot,
    TableRow,
    TableHeaderCell,
    TableDataCell,
    Figure,
    Caption,
    Span,
    Emphasis,
    Strong,
    Link,
    Quote,
    BlockQuote,
    Code,
    Note,
    TableOfContents,
    TableOfContentsItem,
    Form,
}

impl Role {
    /// The name that the standard has for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::Part => "Part",
            Self::Section => "Sect",
            Self::Division => "Div",
            Self::Paragraph => "P",
            Self::Heading1 => "H1",
            Self::Heading2 => "H2",
            Self::Heading3 => "H3",
            Self::Heading4 => "H4",
            Self::Heading5 => "H5",
            Self::Heading6 => "H6",
            Self::List => "L",
            Self::ListItem => "LI",
            Self::Label => "Lbl",
            Self::ListBody => "LBody",
            Self::Table => "Table",
            Self::TableHead => "THead",
            Self::TableBody => "TBody",
            Self::TableFoot => "TFoot",
            Self::TableRow => "TR",
            Self::TableHeaderCell => "TH",
            Self::TableDataCell => "TD",
            Self::Figure => "Figure",
            Self::Caption => "Caption",
            Self::Span => "Span",
            Self::Emphasis => "Em",
            Self::Strong => "Strong",
            Self::Link => "Link",
            Self::Quote => "Quote",
            Self::BlockQuote => "BlockQuote",
            Self::Code => "Code",
            Self::Note => "Note",
            Self::TableOfContents => "TOC",
            Self::TableOfContentsItem => "TOCI",
            Self::Form => "Form",
        }
    }
}

/// What a header cell heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Scope {
    Row,
    Column,
    Both,
}

/// Why content is no part of the reading (ISO 32000-1, 14.8.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArtifactKind {
    /// Lines, fills and pictures without meaning.
    Layout,
    /// A running header.
    Header,
    /// A running footer.
    Footer,
    /// The page's background.
    Background,
    /// What stands over the content of a page, such as a watermark.
    Watermark,
}
