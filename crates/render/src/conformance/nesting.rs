//! Which tags may stand in which (ISO 14289-1, 7.2; ISO/TS 32005, table 5).

use crate::document::Role;

/// What tags are alike for nesting.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Document,
    Part,
    Section,
    Division,
    Paragraph,
    Heading,
    Span,
    Quote,
    BlockQuote,
    Code,
    Note,
    Figure,
    Caption,
    Link,
    List,
    ListItem,
    Label,
    ListBody,
    Table,
    RowGroup,
    Row,
    Cell,
    Contents,
    ContentsItem,
    Form,
}

fn kind(role: Role) -> Kind {
    match role {
        Role::Document => Kind::Document,
        Role::Part => Kind::Part,
        Role::Section => Kind::Section,
        Role::Division => Kind::Division,
        Role::Paragraph => Kind::Paragraph,
        Role::Heading1 | Role::Heading2 | Role::Heading3 | Role::Heading4 | Role::Heading5 | Role::Heading6 => {
            Kind::Heading
        }
        Role::Span | Role::Emphasis | Role::Strong => Kind::Span,
        Role::Quote => Kind::Quote,
        Role::BlockQuote => Kind::BlockQuote,
        Role::Code => Kind::Code,
        Role::Note => Kind::Note,
        Role::Figure => Kind::Figure,
        Role::Caption => Kind::Caption,
        Role::Link => Kind::Link,
        Role::List => Kind::List,
        Role::ListItem => Kind::ListItem,
        Role::Label => Kind::Label,
        Role::ListBody => Kind::ListBody,
        Role::Table => Kind::Table,
        Role::TableHead | Role::TableBody | Role::TableFoot => Kind::RowGroup,
        Role::TableRow => Kind::Row,
        Role::TableHeaderCell | Role::TableDataCell => Kind::Cell,
        Role::TableOfContents => Kind::Contents,
        Role::TableOfContentsItem => Kind::ContentsItem,
        Role::Form => Kind::Form,
    }
}

/// Whether a tag may stand directly in another one.
pub(super) fn is_allowed(outer: Role, inner: Role, part: u8) -> bool {
    let (outer, inner) = (kind(outer), kind(inner));
    is_allowed_in_1(outer, inner) && (part == 1 || is_allowed_in_2(outer, inner))
}

/// Lists, tables and contents lists have their own parts, and nothing else has these.
fn is_allowed_in_1(outer: Kind, inner: Kind) -> bool {
    let outside = match inner {
        Kind::ListItem => outer == Kind::List,
        Kind::ListBody => outer == Kind::ListItem,
        Kind::RowGroup => outer == Kind::Table,
        Kind::Row => matches!(outer, Kind::Table | Kind::RowGroup),
        Kind::Cell => outer == Kind::Row,
        Kind::ContentsItem => outer == Kind::Contents,
        _ => true,
    };
    let inside = match outer {
        Kind::List => matches!(inner, Kind::List | Kind::ListItem | Kind::Caption),
        Kind::ListItem => matches!(inner, Kind::Label | Kind::ListBody),
        Kind::Table => matches!(inner, Kind::RowGroup | Kind::Row | Kind::Caption),
        Kind::RowGroup => inner == Kind::Row,
        Kind::Row => inner == Kind::Cell,
        Kind::Contents => matches!(inner, Kind::Contents | Kind::ContentsItem | Kind::Caption),
        _ => true,
    };
    outside && inside
}

/// What part 2 forbids beyond that.
fn is_allowed_in_2(outer: Kind, inner: Kind) -> bool {
    let is_block = matches!(
        inner,
        Kind::Caption
            | Kind::Division
            | Kind::Heading
            | Kind::Paragraph
            | Kind::Part
            | Kind::Section
            | Kind::BlockQuote
            | Kind::Contents
    );
    match outer {
        Kind::Document => !matches!(inner, Kind::Caption | Kind::Span | Kind::Label | Kind::Quote),
        Kind::Section => !matches!(inner, Kind::Span | Kind::Quote),
        Kind::Paragraph => !is_block,
        Kind::Heading | Kind::Span | Kind::Label | Kind::Quote => {
            !is_block && !matches!(inner, Kind::List | Kind::Table)
        }
        Kind::Code => matches!(inner, Kind::Span | Kind::Link | Kind::Note | Kind::Part | Kind::Division),
        Kind::BlockQuote => !matches!(inner, Kind::Span | Kind::Quote),
        Kind::Caption => !matches!(inner, Kind::Caption | Kind::Contents),
        Kind::Figure => !matches!(inner, Kind::Contents),
        Kind::Note => inner != Kind::Heading,
        Kind::Link => !matches!(inner, Kind::Link | Kind::Contents),
        Kind::ContentsItem => inner != Kind::Link,
        Kind::ListBody => !matches!(inner, Kind::Label | Kind::Contents),
        Kind::Cell => !matches!(inner, Kind::Caption | Kind::Part | Kind::BlockQuote | Kind::Contents),
        _ => true,
    }
}

/// Whether content may stand directly in a tag by part 2.
pub(super) fn may_have_content(role: Role) -> bool {
    !matches!(
        kind(role),
        Kind::Document
            | Kind::Section
            | Kind::List
            | Kind::ListItem
            | Kind::Table
            | Kind::RowGroup
            | Kind::Row
            | Kind::Contents
            | Kind::ContentsItem
    )
}
