//! Reads the rules of a face that text of the candidates could meet.

use read_fonts::tables::gpos::{PairPos, PositionSubtables};
use read_fonts::tables::gsub::{SingleSubst, SubstitutionLookup, SubstitutionSubtables};
use read_fonts::tables::layout::{ClassDef, CoverageTable, FeatureList, LookupFlag};
use read_fonts::types::{GlyphId, Tag};
use read_fonts::{ArrayOfOffsets, FontRef, ReadError, TableProvider};

use super::Rule;
use super::rule::Effect;
use super::set::CharacterSet;
use crate::fonts::Face;
use crate::text::features::Features;

/// Features that the shaper applies to plain horizontal text unless told otherwise.
const USUAL_FEATURES: [&[u8; 4]; 17] = [
    b"rvrn", b"ltra", b"ltrm", b"ccmp", b"locl", b"mark", b"mkmk", b"rlig", b"calt", b"clig", b"curs", b"dist",
    b"kern", b"liga", b"rclt", b"abvm", b"blwm",
];

/// Whether kerning comes from GPOS, so that the shaper leaves the old `kern` table alone.
pub(super) fn kerns_by_gpos(font: &FontRef<'_>) -> bool {
    let features = font.gpos().and_then(|gpos| gpos.feature_list());
    features.is_ok_and(|list| list.feature_records().iter().any(|record| record.feature_tag() == Tag::new(b"kern")))
}

/// Lookups of the features that are on, in the order of the font.
fn active_lookups(list: &FeatureList<'_>, features: Features<'_>) -> Result<Vec<u16>, ReadError> {
    let switched: Vec<(&[u8; 4], u32)> = features.list().collect();
    let mut lookups = Vec::new();
    for record in list.feature_records() {
        let tag = record.feature_tag();
        let asked = switched.iter().rev().find(|(name, _)| Tag::new(name) == tag).map(|(_, value)| *value > 0);
        if asked.unwrap_or_else(|| USUAL_FEATURES.iter().any(|name| Tag::new(name) == tag)) {
            let feature = record.feature(list.offset_data())?;
            lookups.extend(feature.lookup_list_indices().iter().map(|index| index.get()));
        }
    }
    lookups.sort_unstable();
    lookups.dedup();
    Ok(lookups)
}

/// The glyph class of marks (OpenType, GDEF).
const MARK_CLASS: u16 = 3;

/// The rules of a face that text of the candidates could meet.
pub(super) struct Rules {
    /// Which candidates may show a glyph, by glyph; grows by single substitutions.
    shown_by: Vec<CharacterSet>,
    /// Glyphs with a non-empty set.
    reached: Vec<u16>,
    /// The rules, those of a lookup one after the other.
    pub(super) rules: Vec<Rule>,
    /// Number of the lookup that is being read, and whether it passes over glyphs that are no marks.
    lookup: usize,
    skips: bool,
    /// Substitutions of single glyphs that rules of context apply.
    pub(super) applied: Vec<u16>,
}

/// Rules that are looked at; fonts for complex scripts have many, of which few concern the candidates.
const RULE_COUNT_MAX: usize = 20_000;

impl Rules {
    pub(super) fn new(face: &Face, candidates: &[char]) -> Self {
        let mut rules = Self {
            shown_by: vec![CharacterSet::default(); face.glyph_count()],
            reached: Vec::new(),
            rules: Vec::new(),
            lookup: 0,
            skips: false,
            applied: Vec::new(),
        };
        for (index, character) in candidates.iter().enumerate() {
            let mut alone = CharacterSet::default();
            alone.insert(index);
            if let Some(glyph) = face.glyph(*character) {
                rules.reach(glyph, &alone);
            }
        }
        rules
    }

    /// Notes that candidates may show a glyph; says whether that was new.
    fn reach(&mut self, glyph: u16, by: &CharacterSet) -> bool {
        let Some(set) = self.shown_by.get_mut(usize::from(glyph)) else { return false };
        let before = *set;
        set.unite(by);
        let grown = *set != before;
        if before.is_empty() && grown {
            self.reached.push(glyph);
        }
        grown
    }

    pub(super) fn shown_by(&self, glyph: u16) -> CharacterSet {
        self.shown_by.get(usize::from(glyph)).copied().unwrap_or_default()
    }

    fn of_glyphs(&self, matches: impl Fn(u16) -> bool) -> CharacterSet {
        let mut set = CharacterSet::default();
        for glyph in self.reached.iter().filter(|glyph| matches(**glyph)) {
            set.unite(&self.shown_by(*glyph));
        }
        set
    }

    /// Shows each covered glyph that candidates may show, and its place in the coverage.
    fn each_covered(&self, coverage: &CoverageTable<'_>, mut see: impl FnMut(u16, u16)) {
        match coverage {
            // Fonts have many rules for few glyphs: a short list is walked, in a long one the candidates are looked up.
            CoverageTable::Format1(list) if usize::from(list.glyph_count()) < self.reached.len() => {
                let glyphs = list.glyph_array().iter().map(|glyph| glyph.get().to_u16());
                let shown = (0..).zip(glyphs).filter(|(_, glyph)| !self.shown_by(*glyph).is_empty());
                shown.for_each(|(place, glyph)| see(place, glyph));
            }
            _ => {
                let place = |glyph: &u16| Some((coverage.get(GlyphId::from(*glyph))?, *glyph));
                self.reached.iter().filter_map(place).for_each(|(place, glyph)| see(place, glyph));
            }
        }
    }

    fn of_coverage(&self, coverage: &CoverageTable<'_>) -> CharacterSet {
        let mut set = CharacterSet::default();
        self.each_covered(coverage, |_, glyph| set.unite(&self.shown_by(glyph)));
        set
    }

    /// Nothing when one of the places finds none of the candidates: such a rule cannot apply.
    pub(super) fn of_coverages<'f>(
        &self,
        coverages: impl Iterator<Item = Result<CoverageTable<'f>, ReadError>>,
    ) -> Result<Option<Vec<CharacterSet>>, ReadError> {
        let mut places = Vec::new();
        for coverage in coverages {
            let place = self.of_coverage(&coverage?);
            if place.is_empty() {
                return Ok(None);
            }
            places.push(place);
        }
        Ok(Some(places))
    }

    pub(super) fn of_covered_class(
        &self,
        coverage: &CoverageTable<'_>,
        classes: &ClassDef<'_>,
        class: u16,
    ) -> CharacterSet {
        self.of_glyphs(|glyph| {
            let glyph = GlyphId::from(glyph);
            classes.get(glyph) == class && coverage.get(glyph).is_some()
        })
    }

    pub(super) fn of_class(&self, classes: &ClassDef<'_>, class: u16) -> CharacterSet {
        self.of_glyphs(|glyph| classes.get(GlyphId::from(glyph)) == class)
    }

    /// Adds a rule, unless one of its places finds none of the candidates.
    pub(super) fn add(&mut self, before: Vec<CharacterSet>, from: Vec<CharacterSet>, effect: Effect) -> Option<()> {
        if before.iter().chain(&from).any(CharacterSet::is_empty) {
            return Some(());
        }
        if self.rules.len() >= RULE_COUNT_MAX {
            return None;
        }
        self.rules.push(Rule { before, from, effect, lookup: self.lookup, skips: self.skips });
        Some(())
    }

    /// Begins with the rules of another lookup.
    fn begin(&mut self, flag: LookupFlag) {
        let skipping = LookupFlag::IGNORE_BASE_GLYPHS.to_bits() | LookupFlag::IGNORE_LIGATURES.to_bits();
        self.lookup += 1;
        self.skips = flag.to_bits() & skipping != 0;
    }

    /// Characters that a font takes for marks are passed over by many rules: they are left to the shaper.
    pub(super) fn read_marks(&mut self, font: &FontRef<'_>) {
        let classes = font.gdef().ok().and_then(|gdef| gdef.glyph_class_def()?.ok());
        let Some(classes) = classes else { return };
        let marks = self.of_class(&classes, MARK_CLASS);
        if !marks.is_empty() {
            self.rules.push(Rule {
                before: Vec::new(),
                from: vec![marks],
                effect: Effect::Changes,
                lookup: self.lookup,
                skips: true,
            });
        }
    }

    pub(super) fn read_substitutions(
        &mut self,
        font: &FontRef<'_>,
        features: Features<'_>,
    ) -> Result<Option<()>, ReadError> {
        let Ok(gsub) = font.gsub() else { return Ok(Some(())) };
        if gsub.feature_variations().is_some() {
            return Ok(None);
        }
        let lookups = gsub.lookup_list()?.lookups();
        let active = active_lookups(&gsub.feature_list()?, features)?;
        let first = self.rules.len();
        // What rules of context put in, other rules may look for: it is read again until nothing new comes.
        loop {
            let known = self.applied.len();
            self.follow_singles(&active, &lookups)?;
            self.rules.truncate(first);
            for index in &active {
                if self.read_substitution(&lookups.get(usize::from(*index))?, &lookups)?.is_none() {
                    return Ok(None);
                }
            }
            if self.applied.len() == known {
                return Ok(Some(()));
            }
        }
    }

    fn read_substitution<'f>(
        &mut self,
        lookup: &SubstitutionLookup<'f>,
        lookups: &ArrayOfOffsets<'f, SubstitutionLookup<'f>>,
    ) -> Result<Option<()>, ReadError> {
        self.begin(lookup.lookup_flag());
        let is_single = |index: u16| {
            let tables = lookups.get(usize::from(index)).and_then(|lookup| lookup.subtables());
            matches!(tables, Ok(SubstitutionSubtables::Single(_)))
        };
        Ok(match lookup.subtables()? {
            SubstitutionSubtables::Single(_) | SubstitutionSubtables::EmptyExtension => Some(()),
            SubstitutionSubtables::Multiple(tables) => self.forbid(tables.iter().map(|table| table?.coverage())),
            SubstitutionSubtables::Alternate(tables) => self.forbid(tables.iter().map(|table| table?.coverage())),
            SubstitutionSubtables::Reverse(tables) => self.forbid(tables.iter().map(|table| table?.coverage())),
            SubstitutionSubtables::Ligature(tables) => {
                let mut done = Some(());
                for table in tables.iter() {
                    let table = table?;
                    for (first, set) in table.coverage()?.iter().zip(table.ligature_sets().iter()) {
                        for ligature in set?.ligatures().iter() {
                            let components = ligature?.component_glyph_ids().iter();
                            let mut places = vec![self.shown_by(first.to_u16())];
                            places.extend(components.map(|glyph| self.shown_by(glyph.get().to_u16())));
                            done = done.and(self.add(Vec::new(), places, Effect::Changes));
                        }
                    }
                }
                done
            }
            SubstitutionSubtables::Contextual(tables) => {
                self.read_all(tables.iter(), |rules, table| rules.read_context(table, &is_single))?
            }
            SubstitutionSubtables::ChainContextual(tables) => {
                self.read_all(tables.iter(), |rules, table| rules.read_chain(table, &is_single))?
            }
        })
    }

    /// Glyphs that come from others by single substitution are shown by the same characters. Chains of them are
    /// followed until nothing new comes, which is bounded by their length in fonts.
    fn follow_singles<'f>(
        &mut self,
        active: &[u16],
        lookups: &ArrayOfOffsets<'f, SubstitutionLookup<'f>>,
    ) -> Result<(), ReadError> {
        for _round in 0..SINGLE_ROUND_COUNT {
            let mut grown = false;
            for index in active.iter().chain(&self.applied.clone()) {
                let SubstitutionSubtables::Single(tables) = lookups.get(usize::from(*index))?.subtables()? else {
                    continue;
                };
                for table in tables.iter() {
                    for (from, to) in self.substituted(&table?)? {
                        let by = self.shown_by(from);
                        grown |= self.reach(to, &by);
                    }
                }
            }
            if !grown {
                break;
            }
        }
        Ok(())
    }

    /// What a table puts in the place of glyphs that candidates may show.
    fn substituted(&self, table: &SingleSubst<'_>) -> Result<Vec<(u16, u16)>, ReadError> {
        let mut pairs = Vec::new();
        match table {
            SingleSubst::Format1(table) => self.each_covered(&table.coverage()?, |_, glyph| {
                pairs.push((glyph, glyph.wrapping_add_signed(table.delta_glyph_id())));
            }),
            SingleSubst::Format2(table) => self.each_covered(&table.coverage()?, |place, glyph| {
                let to = table.substitute_glyph_ids().get(usize::from(place));
                pairs.extend(to.map(|to| (glyph, to.get().to_u16())));
            }),
        }
        Ok(pairs)
    }

    /// Takes all covered candidates out.
    fn forbid<'f>(&mut self, coverages: impl Iterator<Item = Result<CoverageTable<'f>, ReadError>>) -> Option<()> {
        for coverage in coverages {
            let set = self.of_coverage(&coverage.ok()?);
            self.add(Vec::new(), vec![set], Effect::Changes)?;
        }
        Some(())
    }

    pub(super) fn read_positions(
        &mut self,
        font: &FontRef<'_>,
        features: Features<'_>,
    ) -> Result<Option<()>, ReadError> {
        let Ok(gpos) = font.gpos() else { return Ok(Some(())) };
        if gpos.feature_variations().is_some() {
            return Ok(None);
        }
        let lookups = gpos.lookup_list()?.lookups();
        for index in active_lookups(&gpos.feature_list()?, features)? {
            let lookup = lookups.get(usize::from(index))?;
            self.begin(lookup.lookup_flag());
            // What else positions do is left to the shaper.
            let is_single = |_| false;
            let done = match lookup.subtables()? {
                // What a glyph gets alone, it gets everywhere; marks are no candidates.
                PositionSubtables::Single(_)
                | PositionSubtables::MarkToBase(_)
                | PositionSubtables::MarkToLig(_)
                | PositionSubtables::MarkToMark(_)
                | PositionSubtables::EmptyExtension => Some(()),
                PositionSubtables::Pair(tables) => {
                    let mut done = (!self.skips).then_some(());
                    for table in tables.iter() {
                        // With a value for the second glyph, that glyph is not the first of the next pair.
                        let second = match table? {
                            PairPos::Format1(table) => table.value_format2(),
                            PairPos::Format2(table) => table.value_format2(),
                        };
                        done = done.filter(|()| second.bits() == 0);
                    }
                    done
                }
                PositionSubtables::Cursive(tables) => self.forbid(tables.iter().map(|table| table?.coverage())),
                PositionSubtables::Contextual(tables) => {
                    self.read_all(tables.iter(), |rules, table| rules.read_context(table, &is_single))?
                }
                PositionSubtables::ChainContextual(tables) => {
                    self.read_all(tables.iter(), |rules, table| rules.read_chain(table, &is_single))?
                }
            };
            if done.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(()))
    }

    fn read_all<T>(
        &mut self,
        tables: impl Iterator<Item = Result<T, ReadError>>,
        read: impl Fn(&mut Self, &T) -> Result<Option<()>, ReadError>,
    ) -> Result<Option<()>, ReadError> {
        let mut done = Some(());
        for table in tables {
            done = done.and(read(self, &table?)?);
        }
        Ok(done)
    }
}

/// Rounds of following single substitutions; fonts chain two.
const SINGLE_ROUND_COUNT: usize = 4;
