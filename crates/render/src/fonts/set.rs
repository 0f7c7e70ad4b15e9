//! All faces at hand: found by family, weight and style, with a fixed order of fallback.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Face, FontError};

/// All faces at hand. Built once, then only read.
#[derive(Clone, Debug, Default)]
pub struct FontSet {
    faces: Vec<Arc<Face>>,
    /// Lower-case family name to faces, in the order added.
    families: BTreeMap<String, Vec<Arc<Face>>>,
    /// Lower-case typographic family names in the order added.
    order: Vec<String>,
}

/// Collects faces for a [`FontSet`].
#[derive(Debug, Default)]
pub struct FontSetBuilder {
    set: FontSet,
}

impl FontSet {
    /// Starts an empty set.
    #[must_use]
    pub fn builder() -> FontSetBuilder {
        FontSetBuilder::default()
    }

    /// All faces in the order added.
    #[must_use]
    pub fn faces(&self) -> &[Arc<Face>] {
        &self.faces
    }

    /// Whether a family of this name is there; upper and lower case are the same.
    #[must_use]
    pub fn has_family(&self, family: &str) -> bool {
        self.families.contains_key(&family.to_lowercase())
    }

    /// Names of all families, as the fonts write them, in the order added.
    pub fn family_names(&self) -> impl Iterator<Item = &str> {
        self.order.iter().filter_map(|key| Some(self.families.get(key)?.first()?.family()))
    }

    /// The face of a family that is nearest to a weight and style, by the rules of CSS Fonts 4, clause 5.2:
    /// style before weight; below 400 lighter before bolder, above 500 bolder before lighter.
    #[must_use]
    pub fn find(&self, family: &str, weight: u16, italic: bool) -> Option<&Arc<Face>> {
        nearest(self.families.get(&family.to_lowercase())?, weight, italic)
    }

    /// The nearest face of every family, in the order added: what is asked, one after the other, for a character
    /// that the wanted families do not have.
    pub fn fallbacks(&self, weight: u16, italic: bool) -> impl Iterator<Item = &Arc<Face>> {
        self.order.iter().filter_map(move |key| nearest(self.families.get(key)?, weight, italic))
    }
}

impl FontSetBuilder {
    /// Adds a face of a font file; a face that is there already is not added twice.
    ///
    /// # Errors
    /// Says what is wrong with the bytes.
    pub fn add(&mut self, bytes: Arc<[u8]>, index: u32) -> Result<&mut Self, FontError> {
        let face = Arc::new(Face::parse(bytes, index)?);
        Ok(self.add_face(face))
    }

    /// Adds a face that is already parsed, so that sets can share it.
    pub fn add_face(&mut self, face: Arc<Face>) -> &mut Self {
        let set = &mut self.set;
        if set.faces.iter().any(|other| other.id() == face.id()) {
            return self;
        }
        let key = face.family().to_lowercase();
        if !set.order.contains(&key) {
            set.order.push(key.clone());
        }
        if let Some(legacy) = face.legacy_family() {
            set.families.entry(legacy.to_lowercase()).or_default().push(Arc::clone(&face));
        }
        set.families.entry(key).or_default().push(Arc::clone(&face));
        set.faces.push(face);
        self
    }

    /// Ends building.
    #[must_use]
    pub fn build(&mut self) -> FontSet {
        std::mem::take(&mut self.set)
    }
}

fn nearest(faces: &[Arc<Face>], weight: u16, italic: bool) -> Option<&Arc<Face>> {
    faces.iter().min_by_key(|face| (!face.offers(italic), weight_rank(weight, face.nearest_weight(weight))))
}

/// Smaller is nearer.
fn weight_rank(wanted: u16, offered: u16) -> (u8, u16) {
    let distance = wanted.abs_diff(offered);
    let heavier = offered >= wanted;
    let group = match (wanted, heavier) {
        (400..=500, true) if offered <= 500 => 0,
        (400..=500, false) => 1,
        (400..=500, true) => 2,
        (..400, false) | (501.., true) => 0,
        (..400, true) if distance == 0 => 0,
        (..400, true) | (501.., false) => 1,
    };
    (group, distance)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::fonts::testing;

    #[test]
    fn weights_are_chosen_by_the_rules_of_css() {
        let choose = |wanted: u16, offered: &[u16]| {
            offered.iter().copied().min_by_key(|offered| weight_rank(wanted, *offered)).unwrap()
        };
        assert_eq!(choose(400, &[300, 500, 700]), 500);
        assert_eq!(choose(450, &[400, 600]), 400);
        assert_eq!(choose(500, &[400, 600]), 400);
        assert_eq!(choose(300, &[100, 200, 400]), 200);
        assert_eq!(choose(300, &[400, 700]), 400);
        assert_eq!(choose(650, &[400, 600, 700]), 700);
        assert_eq!(choose(900, &[400, 700]), 700);
        assert_eq!(choose(300, &[300, 200]), 300);
    }

    #[test]
    fn families_are_found_in_any_case_and_by_their_old_name() {
        let set = testing::set(&["Inter_400Regular", "Inter_600SemiBold"]);
        assert_eq!(set.find("inter", 400, false).unwrap().weight(), 400);
        assert_eq!(set.find("INTER", 700, false).unwrap().weight(), 600);
        assert_eq!(set.find("Inter SemiBold", 400, false).unwrap().weight(), 600);
        assert!(set.find("Nowhere", 400, false).is_none());
        assert_eq!(set.family_names().collect::<Vec<_>>(), ["Inter"]);
    }

    #[test]
    fn the_same_face_is_kept_once() {
        let bytes = testing::bytes("Inter_400Regular");
        let mut builder = FontSet::builder();
        builder.add(Arc::clone(&bytes), 0).unwrap().add(bytes, 0).unwrap();
        assert_eq!(builder.build().faces().len(), 1);
    }

    #[test]
    fn metrics_and_glyphs_are_those_of_the_file() {
        let face = testing::face("Inter_400Regular");
        assert_eq!(face.family(), "Inter");
        assert_eq!(face.postscript_name(), "Inter-Regular");
        assert!(!face.italic());
        let metrics = face.metrics();
        assert!(metrics.ascent > 0 && metrics.descent < 0 && metrics.cap_height > 0);
        let glyph = face.glyph('A').unwrap();
        assert!(face.advance(glyph) > face.advance(face.glyph('i').unwrap()));
        assert_eq!(face.glyph('€').map(|glyph| glyph > 0), Some(true));
        assert_eq!(face.glyph('漢'), None);
        assert_eq!(face.advance(u16::MAX), 0);
    }

    #[test]
    fn damaged_fonts_are_errors_and_never_panic() {
        assert!(Face::parse(Arc::from(&b""[..]), 0).is_err());
        assert!(Face::parse(Arc::from(&b"not a font at all"[..]), 0).is_err());
        let bytes = testing::bytes("Inter_400Regular");
        assert!(Face::parse(Arc::clone(&bytes), 7).is_err());
        // Cut anywhere, and flip bytes of the table directory and of the first tables: an error or a face.
        for length in [4, 12, 100, 1_000, bytes.len() / 2, bytes.len() - 1] {
            let _ = Face::parse(Arc::from(bytes.get(..length).unwrap()), 0);
        }
        for position in (0..600).step_by(7) {
            let mut damaged = bytes.to_vec();
            *damaged.get_mut(position).unwrap() ^= 0xFF;
            if let Ok(face) = Face::parse(Arc::from(damaged), 0) {
                let _ = (face.glyph('A'), face.glyph('漢'), face.metrics());
            }
        }
    }
}
