//! How lists are numbered (ISO 32000-1, 14.8.5.5): told by their first label.

use std::collections::BTreeMap;

use crate::document::{Document, ElementId, Item, Role};

/// The numbering of each list that has labels.
pub(super) fn numberings(document: &Document) -> BTreeMap<ElementId, &'static [u8]> {
    let elements = &document.structure.elements;
    let mut lists: BTreeMap<ElementId, ElementId> = BTreeMap::new();
    for (id, element) in (0..).map(ElementId).zip(elements).filter(|(_, element)| element.role == Role::Label) {
        let item = element.parent.and_then(|parent| elements.get(parent.0 as usize));
        if let Some(list) = item.filter(|item| item.role == Role::ListItem).and_then(|item| item.parent) {
            lists.entry(list).or_insert(id);
        }
    }
    if lists.is_empty() {
        return BTreeMap::new();
    }
    let mut texts: BTreeMap<ElementId, &str> = lists.values().map(|&label| (label, "")).collect();
    for page in &document.pages {
        let mut open = None;
        for item in &page.items {
            match item {
                Item::Element(id) => open = Some(*id),
                Item::Artifact(_) => open = None,
                Item::Glyphs(run) => {
                    if let Some(text @ &mut "") = open.and_then(|open| texts.get_mut(&open)) {
                        let range = run.text.start as usize..run.text.end as usize;
                        *text = document.text.get(range).unwrap_or_default();
                    }
                }
                _ => {}
            }
        }
    }
    let text = |label: &ElementId| texts.get(label).copied().unwrap_or_default();
    lists.into_iter().map(|(list, label)| (list, numbering(text(&label)))).collect()
}

fn numbering(label: &str) -> &'static [u8] {
    match label.chars().find(|character| character.is_alphanumeric()) {
        Some(character) if character.is_numeric() => b"Decimal",
        Some(character) if character.is_uppercase() => b"UpperAlpha",
        Some(character) if character.is_lowercase() => b"LowerAlpha",
        _ => b"Disc",
    }
}

#[cfg(test)]
mod tests {
    use super::numbering;

    #[test]
    fn the_first_label_tells_how_a_list_is_numbered() {
        for (label, expected) in [
            ("1.", "Decimal"),
            ("(a)", "LowerAlpha"),
            ("B)", "UpperAlpha"),
            ("•", "Disc"),
            ("", "Disc"),
            ("٣", "Decimal"),
        ] {
            assert_eq!(numbering(label), expected.as_bytes(), "{label}");
        }
    }
}
