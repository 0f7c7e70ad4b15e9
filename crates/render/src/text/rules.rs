//! Which characters of a face are *plain*: any text of them is shaped character by character, plus kerning of
//! neighbours. Shaping such text is then a matter of adding numbers, with exactly the shaper's result.
//!
//! A font changes text by rules (OpenType GSUB and GPOS): each needs certain glyphs in certain places. A rule cannot
//! apply to text in which one of its places finds no glyph. So, rule by rule, the characters of one place are taken
//! out of the plain ones, of the place that costs least. What remains is safe by construction. Anything that is not
//! understood makes the whole face unfit.

use read_fonts::TableProvider;
use read_fonts::tables::gpos::{PairPos, PositionSubtables};
use read_fonts::tables::gsub::{SingleSubst, SubstitutionLookup, SubstitutionSubtables};
use read_fonts::tables::layout::{
    ChainedSequenceContext, ClassDef, CoverageTable, FeatureList, LookupFlag, SequenceContext,
};
use read_fonts::types::{GlyphId, Tag};
use read_fonts::{ArrayOfOffsets, FontRef, ReadError};

use super::classify::SOFT_HYPHEN;
use super::features::Features;
use crate::fonts::Face;

/// Characters that can be plain at most; sets of them are bits.
pub(super) const CANDIDATE_COUNT_MAX: usize = 256;

/// A set of candidates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CharacterSet([u64; CANDIDATE_COUNT_MAX / 64]);

impl CharacterSet {
    fn insert(&mut self, index: usize) {
        if let Some(word) = self.0.get_mut(index / 64) {
            *word |= 1 << (index % 64);
        }
    }

    /// Whether a candidate is in it.
    pub(super) fn contains(&self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    fn unite(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
    }

    fn without(&self, other: &Self) -> Self {
        let mut rest = *self;
        for (word, other) in rest.0.iter_mut().zip(other.0) {
            *word &= !other;
        }
        rest
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    fn indexes(&self) -> impl Iterator<Item = usize> {
        (0..CANDIDATE_COUNT_MAX).filter(|index| self.contains(*index))
    }
}

/// The characters that are looked at: Latin as far as western Europe writes it, with the marks of business letters.
pub(super) fn candidates(face: &Face) -> Vec<char> {
    let marks = ['–', '—', '‘', '’', '“', '”', '„', '•', '…', '€', '\u{202F}', '−'];
    let all = (' '..='~').chain('\u{A0}'..='ÿ').chain(marks);
    all.filter(|character| *character != SOFT_HYPHEN && face.glyph(*character).is_some()).collect()
}

/// The plain ones among the candidates; nothing when the face has what is not understood.
pub(super) fn plain_characters(face: &Face, candidates: &[char], features: Features<'_>) -> Option<CharacterSet> {
    let font = face.shaped_font()?;
    let has_table = |tag: &[u8; 4]| font.table_data(Tag::new(tag)).is_some();
    if [b"morx", b"kerx", b"trak"].into_iter().any(has_table) || has_table(b"kern") && !kerns_by_gpos(&font) {
        return None;
    }
    let mut rules = Rules::new(face, candidates);
    rules.read_substitutions(&font, features).ok()??;
    rules.read_positions(&font, features).ok()??;
    let mut plain = CharacterSet::default();
    (0..candidates.len().min(CANDIDATE_COUNT_MAX)).for_each(|index| plain.insert(index));
    let unfit = rules.hit();
    let plain = plain.without(&unfit);
    (!plain.is_empty()).then_some(plain)
}

/// Features that the shaper applies to plain horizontal text unless told otherwise.
const USUAL_FEATURES: [&[u8; 4]; 17] = [
    b"rvrn", b"ltra", b"ltrm", b"ccmp", b"locl", b"mark", b"mkmk", b"rlig", b"calt", b"clig", b"curs", b"dist",
    b"kern", b"liga", b"rclt", b"abvm", b"blwm",
];

/// Whether kerning comes from GPOS, so that the shaper leaves the old `kern` table alone.
fn kerns_by_gpos(font: &FontRef<'_>) -> bool {
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

/// The rules of a face that text of the candidates could meet.
struct Rules {
    /// Which candidates may show a glyph, by glyph; grows by single substitutions.
    shown_by: Vec<CharacterSet>,
    /// Glyphs with a non-empty set.
    reached: Vec<u16>,
    /// For each rule the candidates of each of its places.
    rules: Vec<Vec<CharacterSet>>,
    /// How much it costs to lose a candidate.
    costs: Vec<u32>,
}

/// Rules that are looked at; fonts for complex scripts have many, of which few concern the candidates.
const RULE_COUNT_MAX: usize = 20_000;

impl Rules {
    fn new(face: &Face, candidates: &[char]) -> Self {
        let mut rules = Self {
            shown_by: vec![CharacterSet::default(); face.glyph_count()],
            reached: Vec::new(),
            rules: Vec::new(),
            costs: candidates.iter().map(|character| cost(*character)).collect(),
        };
        for (index, character) in candidates.iter().enumerate().take(CANDIDATE_COUNT_MAX) {
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

    fn shown_by(&self, glyph: u16) -> CharacterSet {
        self.shown_by.get(usize::from(glyph)).copied().unwrap_or_default()
    }

    fn of_glyphs(&self, matches: impl Fn(u16) -> bool) -> CharacterSet {
        let mut set = CharacterSet::default();
        for glyph in self.reached.iter().filter(|glyph| matches(**glyph)) {
            set.unite(&self.shown_by(*glyph));
        }
        set
    }

    fn of_coverage(&self, coverage: &CoverageTable<'_>) -> CharacterSet {
        self.of_glyphs(|glyph| coverage.get(GlyphId::from(glyph)).is_some())
    }

    fn of_class(&self, classes: &ClassDef<'_>, class: u16) -> CharacterSet {
        self.of_glyphs(|glyph| classes.get(GlyphId::from(glyph)) == class)
    }

    /// Adds a rule, unless one of its places finds none of the candidates.
    fn add(&mut self, places: Vec<CharacterSet>) -> Option<()> {
        if places.iter().any(CharacterSet::is_empty) {
            return Some(());
        }
        if self.rules.len() >= RULE_COUNT_MAX {
            return None;
        }
        self.rules.push(places);
        Some(())
    }

    fn read_substitutions(&mut self, font: &FontRef<'_>, features: Features<'_>) -> Result<Option<()>, ReadError> {
        let Ok(gsub) = font.gsub() else { return Ok(Some(())) };
        if gsub.feature_variations().is_some() {
            return Ok(None);
        }
        if gsub.feature_variations().is_some() {
            return Ok(None);
        }
        let lookups = gsub.lookup_list()?.lookups();
        let active = active_lookups(&gsub.feature_list()?, features)?;
        self.follow_singles(&active, &lookups)?;
        for index in &active {
            let done = match lookups.get(usize::from(*index))?.subtables()? {
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
                                done = done.and(self.add(places));
                            }
                        }
                    }
                    done
                }
                SubstitutionSubtables::Contextual(tables) => self.read_all(tables.iter(), Self::read_context)?,
                SubstitutionSubtables::ChainContextual(tables) => self.read_all(tables.iter(), Self::read_chain)?,
            };
            if done.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(()))
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
            for index in active {
                let SubstitutionSubtables::Single(tables) = lookups.get(usize::from(*index))?.subtables()? else {
                    continue;
                };
                for table in tables.iter() {
                    let table = table?;
                    for glyph in self.reached.clone() {
                        if let Some(to) = substitute(&table, glyph)? {
                            let by = self.shown_by(glyph);
                            grown |= self.reach(to, &by);
                        }
                    }
                }
            }
            if !grown {
                break;
            }
        }
        Ok(())
    }

    /// Takes all covered candidates out.
    fn forbid<'f>(&mut self, coverages: impl Iterator<Item = Result<CoverageTable<'f>, ReadError>>) -> Option<()> {
        for coverage in coverages {
            let set = self.of_coverage(&coverage.ok()?);
            self.add(vec![set])?;
        }
        Some(())
    }

    fn read_positions(&mut self, font: &FontRef<'_>, features: Features<'_>) -> Result<Option<()>, ReadError> {
        let Ok(gpos) = font.gpos() else { return Ok(Some(())) };
        if gpos.feature_variations().is_some() {
            return Ok(None);
        }
        if gpos.feature_variations().is_some() {
            return Ok(None);
        }
        let lookups = gpos.lookup_list()?.lookups();
        for index in active_lookups(&gpos.feature_list()?, features)? {
            let lookup = lookups.get(usize::from(index))?;
            let flag = lookup.lookup_flag().to_bits();
            let skipping = LookupFlag::IGNORE_BASE_GLYPHS.to_bits() | LookupFlag::IGNORE_LIGATURES.to_bits();
            let done = match lookup.subtables()? {
                // What a glyph gets alone, it gets everywhere; marks are no candidates.
                PositionSubtables::Single(_)
                | PositionSubtables::MarkToBase(_)
                | PositionSubtables::MarkToLig(_)
                | PositionSubtables::MarkToMark(_)
                | PositionSubtables::EmptyExtension => Some(()),
                PositionSubtables::Pair(tables) => {
                    let mut done = (flag & skipping == 0).then_some(());
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
                PositionSubtables::Contextual(tables) => self.read_all(tables.iter(), Self::read_context)?,
                PositionSubtables::ChainContextual(tables) => self.read_all(tables.iter(), Self::read_chain)?,
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

    /// Rules that do nothing only keep others from applying; the others are looked at themselves.
    fn read_context(&mut self, context: &SequenceContext<'_>) -> Result<Option<()>, ReadError> {
        match context {
            SequenceContext::Format1(table) => {
                for (first, set) in table.coverage()?.iter().zip(table.seq_rule_sets().iter()) {
                    let Some(set) = set else { continue };
                    for rule in set?.seq_rules().iter() {
                        let rule = rule?;
                        let mut places = vec![self.shown_by(first.to_u16())];
                        places.extend(rule.input_sequence().iter().map(|glyph| self.shown_by(glyph.get().to_u16())));
                        if !rule.seq_lookup_records().is_empty() && self.add(places).is_none() {
                            return Ok(None);
                        }
                    }
                }
            }
            SequenceContext::Format2(table) => {
                let classes = table.class_def()?;
                let covered = self.of_coverage(&table.coverage()?);
                for (class, set) in (0u16..).zip(table.class_seq_rule_sets().iter()) {
                    let Some(set) = set else { continue };
                    let first = self.of_class(&classes, class);
                    for rule in set?.class_seq_rules().iter() {
                        let rule = rule?;
                        let mut places = vec![covered, first];
                        places.extend(rule.input_sequence().iter().map(|class| self.of_class(&classes, class.get())));
                        if !rule.seq_lookup_records().is_empty() && self.add(places).is_none() {
                            return Ok(None);
                        }
                    }
                }
            }
            SequenceContext::Format3(table) => {
                if table.seq_lookup_records().is_empty() {
                    return Ok(Some(()));
                }
                let mut places = Vec::new();
                for coverage in table.coverages().iter() {
                    places.push(self.of_coverage(&coverage?));
                }
                return Ok(self.add(places));
            }
        }
        Ok(Some(()))
    }

    fn read_chain(&mut self, context: &ChainedSequenceContext<'_>) -> Result<Option<()>, ReadError> {
        match context {
            ChainedSequenceContext::Format1(table) => {
                for (first, set) in table.coverage()?.iter().zip(table.chained_seq_rule_sets().iter()) {
                    let Some(set) = set else { continue };
                    for rule in set?.chained_seq_rules().iter() {
                        let rule = rule?;
                        let others = rule
                            .backtrack_sequence()
                            .iter()
                            .chain(rule.input_sequence())
                            .chain(rule.lookahead_sequence());
                        let mut places = vec![self.shown_by(first.to_u16())];
                        places.extend(others.map(|glyph| self.shown_by(glyph.get().to_u16())));
                        if !rule.seq_lookup_records().is_empty() && self.add(places).is_none() {
                            return Ok(None);
                        }
                    }
                }
            }
            ChainedSequenceContext::Format2(table) => {
                let backtrack = table.backtrack_class_def()?;
                let input = table.input_class_def()?;
                let lookahead = table.lookahead_class_def()?;
                let covered = self.of_coverage(&table.coverage()?);
                for (class, set) in (0u16..).zip(table.chained_class_seq_rule_sets().iter()) {
                    let Some(set) = set else { continue };
                    let first = self.of_class(&input, class);
                    for rule in set?.chained_class_seq_rules().iter() {
                        let rule = rule?;
                        let mut places = vec![covered, first];
                        places.extend(
                            rule.backtrack_sequence().iter().map(|class| self.of_class(&backtrack, class.get())),
                        );
                        places.extend(rule.input_sequence().iter().map(|class| self.of_class(&input, class.get())));
                        places.extend(
                            rule.lookahead_sequence().iter().map(|class| self.of_class(&lookahead, class.get())),
                        );
                        if !rule.seq_lookup_records().is_empty() && self.add(places).is_none() {
                            return Ok(None);
                        }
                    }
                }
            }
            ChainedSequenceContext::Format3(table) => {
                if table.seq_lookup_records().is_empty() {
                    return Ok(Some(()));
                }
                let mut places = Vec::new();
                let coverages = table.backtrack_coverages();
                for coverage in
                    coverages.iter().chain(table.input_coverages().iter()).chain(table.lookahead_coverages().iter())
                {
                    places.push(self.of_coverage(&coverage?));
                }
                return Ok(self.add(places));
            }
        }
        Ok(Some(()))
    }

    /// Characters without which no rule can apply: for each rule those of its cheapest place, beginning with the
    /// rules that leave no choice.
    fn hit(mut self) -> CharacterSet {
        let mut gone = CharacterSet::default();
        let costs = &self.costs;
        let price = |set: &CharacterSet| set.indexes().map(|index| costs.get(index).copied().unwrap_or(1)).sum::<u32>();
        self.rules.sort_by_cached_key(|places| places.iter().map(price).min());
        for places in &self.rules {
            let rest = places.iter().map(|place| place.without(&gone));
            if let Some((_, cheapest)) = rest.map(|rest| (price(&rest), rest)).min_by_key(|(price, _)| *price) {
                gone.unite(&cheapest);
            }
        }
        gone
    }
}

/// Rounds of following single substitutions; fonts chain two.
const SINGLE_ROUND_COUNT: usize = 4;

fn substitute(table: &SingleSubst<'_>, glyph: u16) -> Result<Option<u16>, ReadError> {
    match table {
        SingleSubst::Format1(table) => {
            let covered = table.coverage()?.get(GlyphId::from(glyph)).is_some();
            Ok(covered.then(|| glyph.wrapping_add_signed(table.delta_glyph_id())))
        }
        SingleSubst::Format2(table) => {
            let index = table.coverage()?.get(GlyphId::from(glyph));
            Ok(index
                .and_then(|index| table.substitute_glyph_ids().get(usize::from(index)))
                .map(|glyph| glyph.get().to_u16()))
        }
    }
}

/// Figures, letters and the space are what text is made of; brackets and arrows can be spared.
fn cost(character: char) -> u32 {
    match character {
        '0'..='9' | ' ' | '.' | ',' => 100,
        'a'..='z' | 'A'..='Z' => 50,
        character if character.is_alphabetic() => 10,
        '-' | ':' | '/' | '€' | '%' | '\u{A0}' => 10,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::fonts::testing;

    fn plain(stem: &str) -> String {
        let face = testing::face(stem);
        let candidates = candidates(&face);
        let set = plain_characters(&face, &candidates, Features::PLAIN).unwrap();
        candidates
            .iter()
            .enumerate()
            .filter(|(index, _)| set.contains(*index))
            .map(|(_, character)| character)
            .collect()
    }

    #[test]
    fn figures_and_letters_are_plain_where_a_font_has_no_rules_for_them() {
        for stem in ["Inter_400Regular", "Inter_600SemiBold"] {
            let plain = plain(stem);
            for wanted in "0123456789., ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwyz€%/ÄÖÜäöüßéèñ".chars()
            {
                assert!(plain.contains(wanted), "{stem}: {wanted:?} is not among {plain}");
            }
        }
        assert!(plain("SourceSerif4_400Regular").contains("0123456789"));
    }

    #[test]
    fn what_takes_part_in_ligatures_or_rules_is_not_plain() {
        let inter = plain("Inter_400Regular");
        assert!(!inter.contains("-") && !inter.contains(":") && !inter.contains("("), "{inter}");
        assert!(!plain("PlayfairDisplay_400Regular").contains('f'));
    }
}
