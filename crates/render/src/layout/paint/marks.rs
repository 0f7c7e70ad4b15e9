//! Marks: which element of the tag tree painted content belongs to, or that it is decoration.

use super::Painter;
use crate::document::{ArtifactKind, ElementId, Item, Rect, Role};
use crate::expression::TextTemplate;
use crate::layout::measured::{Content, Measured};
use crate::layout::rotate::bounds_of;
use crate::layout::state::Site;
use crate::template::model::NodeRole;

/// What content is for who reads the tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::layout) enum Tagging {
    /// Decoration, or part of a running header or footer.
    Artifact(ArtifactKind),
    /// Content of this element.
    Under(ElementId),
}

impl Tagging {
    /// The same for fills and borders, which never mean anything.
    pub(super) fn for_decoration(self) -> Self {
        match self {
            Self::Artifact(kind) => Self::Artifact(kind),
            Self::Under(_) => Self::Artifact(ArtifactKind::Layout),
        }
    }
}

/// The mark that is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    None,
    Set(Tagging),
}

impl<'a> Painter<'_, 'a> {
    /// Writes a mark, unless it is in force.
    pub(super) fn apply(&mut self, tagging: Tagging) {
        if self.mark == Mark::Set(tagging) {
            return;
        }
        self.mark = Mark::Set(tagging);
        self.page.items.push(match tagging {
            Tagging::Artifact(kind) => Item::Artifact(kind),
            Tagging::Under(element) => Item::Element(element),
        });
    }

    /// Adds an element below another one.
    pub(super) fn add_element(&mut self, role: Role, parent: ElementId) -> ElementId {
        self.layouter.document.structure.add(role, Some(parent))
    }

    /// What the content of a node is: its own role, or that of its kind, below what surrounds it. A link gets its
    /// element and its clickable rectangle.
    pub(super) fn tagging_of(&mut self, node: &mut Measured<'a>, rect: Rect, around: Tagging) -> Tagging {
        let Some(link) = node.extras.as_ref().filter(|_| !node.is_copies).and_then(|extras| extras.link.clone()) else {
            return self.own_tagging(node, around);
        };
        let rect = self.placement().map_or(rect, |placement| bounds_of(rect, &placement));
        let site = Site::of(node.node, "link");
        if let (Tagging::Under(parent), true) = (around, has_parts_of_its_own(node)) {
            return self.tagging_in_link(node, parent, &link, rect);
        }
        let own = self.own_tagging(node, around);
        match own {
            Tagging::Artifact(_) => {
                self.add_link(&link, rect, None, site);
                own
            }
            Tagging::Under(parent) => {
                let count = self.page.links.len();
                // In a table only rows may stand: its link stands beside it.
                let beside = match around {
                    Tagging::Under(around) if matches!(node.content, Content::Table(_)) => Some(around),
                    _ => None,
                };
                let element = self.add_element(Role::Link, beside.unwrap_or(parent));
                self.add_link(&link, rect, Some(element), site);
                if beside.is_some() {
                    return own;
                }
                if self.page.links.len() > count { Tagging::Under(element) } else { own }
            }
        }
    }

    /// A table or list has nothing but its own parts directly inside, so that the link stands around it.
    fn tagging_in_link(&mut self, node: &mut Measured<'a>, parent: ElementId, link: &str, rect: Rect) -> Tagging {
        let count = self.page.links.len();
        self.add_link(link, rect, None, Site::of(node.node, "link"));
        if self.page.links.len() == count {
            return self.own_tagging(node, Tagging::Under(parent));
        }
        let elements = &self.layouter.document.structure.elements;
        // What goes on on another page has its link already.
        let known = node.element.and_then(|own| elements.get(own.0 as usize)?.parent);
        let element = known.unwrap_or_else(|| self.add_element(Role::Link, parent));
        if let Some(made) = self.page.links.last_mut() {
            made.element = Some(element);
        }
        self.own_tagging(node, Tagging::Under(element))
    }

    fn own_tagging(&mut self, node: &mut Measured<'a>, around: Tagging) -> Tagging {
        if node.is_copies {
            return around;
        }
        let role = match (node.node.role, around) {
            (Some(NodeRole::Artifact(kind)), Tagging::Under(_)) => return Tagging::Artifact(kind),
            (Some(NodeRole::Artifact(_)) | None, Tagging::Artifact(_)) => return around,
            (Some(NodeRole::Element(role)), _) => role,
            (None, Tagging::Under(_)) if self.says_nothing(node) => return Tagging::Artifact(ArtifactKind::Layout),
            (None, Tagging::Under(_)) => match usual_role(node) {
                UsualRole::Element(role) => role,
                UsualRole::Transparent => return around,
                UsualRole::Decoration => {
                    self.note_unnamed(node, around);
                    return Tagging::Artifact(ArtifactKind::Layout);
                }
            },
        };
        if let Some(element) = node.element {
            return Tagging::Under(element);
        }
        // An author's role in a running header takes the node out of it.
        let parent = match around {
            Tagging::Under(parent) => parent,
            Tagging::Artifact(_) => self.root,
        };
        let element = self.add_element(role, parent);
        if let Some(alt) = node.extras.as_ref().and_then(|extras| extras.alt.as_deref()).filter(|alt| !alt.is_empty())
            && let Some(made) = self.layouter.document.structure.get_mut(element)
        {
            made.alt = Some(alt.into());
            let spoken = node.extras.as_ref().and_then(|extras| extras.alt_language);
            made.language = spoken.filter(|language| !speaks(&self.layouter.template.locale, language)).map(Into::into);
        }
        node.element = Some(element);
        Tagging::Under(element)
    }

    /// Whether it is a text without a letter, of which nobody needs to be told.
    fn says_nothing(&self, node: &Measured<'_>) -> bool {
        let Content::Text(text) = &node.content else { return false };
        let lines = &text.text.block.lines;
        let lines = self.layouter.store.lines.get(lines.start as usize..lines.end as usize).unwrap_or_default();
        lines.iter().all(|line| line.runs.is_empty())
    }

    /// Remembers a picture that becomes decoration only because it has no text. An empty `alt` says that it is
    /// decoration, and inside of a figure the figure's own text speaks for all.
    fn note_unnamed(&mut self, node: &Measured<'a>, around: Tagging) {
        let is_named = |alt: &TextTemplate| alt.as_literal() == Some("");
        if !matches!(node.content, Content::Image(_)) || node.node.alt.as_ref().is_some_and(is_named) {
            return;
        }
        let elements = &self.layouter.document.structure.elements;
        let is_in_figure = match around {
            Tagging::Under(around) => {
                elements.get(around.0 as usize).is_some_and(|element| element.role == Role::Figure)
            }
            Tagging::Artifact(_) => true,
        };
        if !is_in_figure {
            self.page.unnamed.push(node.node.index);
        }
    }
}

/// Whether a locale is one of a language.
fn speaks(locale: &str, language: &str) -> bool {
    locale.split('-').next().is_some_and(|own| own.eq_ignore_ascii_case(language))
}

/// What a kind of node is when its author says nothing.
enum UsualRole {
    Element(Role),
    /// Nothing itself; its children are what they are.
    Transparent,
    Decoration,
}

fn usual_role(node: &Measured<'_>) -> UsualRole {
    let has_alt = node.extras.as_ref().is_some_and(|extras| extras.alt.as_ref().is_some_and(|alt| !alt.is_empty()));
    match &node.content {
        Content::Text(_) => UsualRole::Element(Role::Paragraph),
        Content::Field(_) => UsualRole::Element(Role::Form),
        Content::Table(_) => UsualRole::Element(Role::Table),
        Content::Rich(_) => UsualRole::Transparent,
        Content::Group { .. } | Content::Column { .. } if has_alt => UsualRole::Element(Role::Figure),
        Content::Group { .. } | Content::Column { .. } => UsualRole::Transparent,
        Content::Image(_) | Content::Barcode(_) | Content::Chart(_) if has_alt => UsualRole::Element(Role::Figure),
        Content::Line { .. } | Content::Rect { .. } | Content::Ellipse { .. } | Content::Path { .. } if has_alt => {
            UsualRole::Element(Role::Figure)
        }
        _ => UsualRole::Decoration,
    }
}

/// Whether a node is tagged as something that has only parts of certain kinds directly inside.
fn has_parts_of_its_own(node: &Measured<'_>) -> bool {
    match node.node.role {
        Some(NodeRole::Element(role)) => matches!(role, Role::Table | Role::List),
        Some(NodeRole::Artifact(_)) => false,
        None => matches!(node.content, Content::Table(_)),
    }
}
