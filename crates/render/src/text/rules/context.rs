//! Reads rules of context: what they do depends on the glyphs around (OpenType layout, "Sequence context tables").

use read_fonts::ReadError;
use read_fonts::tables::layout::{ChainedSequenceContext, ClassDef, SequenceContext, SequenceLookupRecord};
use read_fonts::types::{BigEndian, GlyphId16};

use super::read::Rules;
use super::rule::Effect;

impl Rules {
    /// What a rule of context does by the lookups that it applies.
    fn effect(&mut self, records: &[SequenceLookupRecord], is_single: &dyn Fn(u16) -> bool) -> Effect {
        let applied = records.iter().map(|record| record.lookup_list_index());
        if !applied.clone().all(is_single) {
            return Effect::Changes;
        }
        for index in applied {
            if !self.applied.contains(&index) {
                self.applied.push(index);
            }
        }
        if records.is_empty() { Effect::Blocks } else { Effect::Replaces }
    }

    pub(super) fn read_context(
        &mut self,
        context: &SequenceContext<'_>,
        is_single: &dyn Fn(u16) -> bool,
    ) -> Result<Option<()>, ReadError> {
        let mut done = Some(());
        match context {
            SequenceContext::Format1(table) => {
                for (first, set) in table.coverage()?.iter().zip(table.seq_rule_sets().iter()) {
                    let Some(set) = set else { continue };
                    for rule in set?.seq_rules().iter() {
                        let rule = rule?;
                        let mut places = vec![self.shown_by(first.to_u16())];
                        places.extend(rule.input_sequence().iter().map(|glyph| self.shown_by(glyph.get().to_u16())));
                        let effect = self.effect(rule.seq_lookup_records(), is_single);
                        done = done.and(self.add(Vec::new(), places, effect));
                    }
                }
            }
            SequenceContext::Format2(table) => {
                let classes = table.class_def()?;
                let coverage = table.coverage()?;
                for (class, set) in (0u16..).zip(table.class_seq_rule_sets().iter()) {
                    let Some(set) = set else { continue };
                    let first = self.of_covered_class(&coverage, &classes, class);
                    for rule in set?.class_seq_rules().iter() {
                        let rule = rule?;
                        let mut places = vec![first];
                        places.extend(rule.input_sequence().iter().map(|class| self.of_class(&classes, class.get())));
                        let effect = self.effect(rule.seq_lookup_records(), is_single);
                        done = done.and(self.add(Vec::new(), places, effect));
                    }
                }
            }
            SequenceContext::Format3(table) => {
                let Some(places) = self.of_coverages(table.coverages().iter())? else { return Ok(done) };
                let effect = self.effect(table.seq_lookup_records(), is_single);
                done = self.add(Vec::new(), places, effect);
            }
        }
        Ok(done)
    }

    pub(super) fn read_chain(
        &mut self,
        context: &ChainedSequenceContext<'_>,
        is_single: &dyn Fn(u16) -> bool,
    ) -> Result<Option<()>, ReadError> {
        let mut done = Some(());
        match context {
            ChainedSequenceContext::Format1(table) => {
                for (first, set) in table.coverage()?.iter().zip(table.chained_seq_rule_sets().iter()) {
                    let Some(set) = set else { continue };
                    for rule in set?.chained_seq_rules().iter() {
                        let rule = rule?;
                        let shown = |glyph: &BigEndian<GlyphId16>| self.shown_by(glyph.get().to_u16());
                        let before = rule.backtrack_sequence().iter().map(shown).collect();
                        let following = rule.input_sequence().iter().chain(rule.lookahead_sequence());
                        let from = std::iter::once(self.shown_by(first.to_u16())).chain(following.map(shown)).collect();
                        let effect = self.effect(rule.seq_lookup_records(), is_single);
                        done = done.and(self.add(before, from, effect));
                    }
                }
            }
            ChainedSequenceContext::Format2(table) => {
                let backtrack = table.backtrack_class_def()?;
                let input = table.input_class_def()?;
                let lookahead = table.lookahead_class_def()?;
                let coverage = table.coverage()?;
                for (class, set) in (0u16..).zip(table.chained_class_seq_rule_sets().iter()) {
                    let Some(set) = set else { continue };
                    let first = self.of_covered_class(&coverage, &input, class);
                    for rule in set?.chained_class_seq_rules().iter() {
                        let rule = rule?;
                        let of = |classes: &ClassDef<'_>, class: &BigEndian<u16>| self.of_class(classes, class.get());
                        let before = rule.backtrack_sequence().iter().map(|class| of(&backtrack, class)).collect();
                        let following = rule.input_sequence().iter().map(|class| of(&input, class));
                        let last = rule.lookahead_sequence().iter().map(|class| of(&lookahead, class));
                        let from = std::iter::once(first).chain(following).chain(last).collect();
                        let effect = self.effect(rule.seq_lookup_records(), is_single);
                        done = done.and(self.add(before, from, effect));
                    }
                }
            }
            ChainedSequenceContext::Format3(table) => {
                let following = table.input_coverages().iter().chain(table.lookahead_coverages().iter());
                let Some(from) = self.of_coverages(following)? else { return Ok(done) };
                let Some(before) = self.of_coverages(table.backtrack_coverages().iter())? else { return Ok(done) };
                let effect = self.effect(table.seq_lookup_records(), is_single);
                done = self.add(before, from, effect);
            }
        }
        Ok(done)
    }
}
