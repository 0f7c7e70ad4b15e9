//! How a language tells one from many, and joins a list.

use super::Locale;
use icu_list::ListFormatter;
use icu_list::options::ListFormatterOptions;
use icu_plurals::{PluralCategory, PluralOperands, PluralRules};
use writeable::Writeable as _;

/// The word before the last item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expression) enum ListStyle {
    And,
    Or,
}

impl Locale {
    /// The plural category of a number, by its name in CLDR.
    pub(in crate::expression) fn plural_category(&self, number: f64) -> &'static str {
        let decimal = crate::expression::value::number_text(number.abs()).parse::<fixed_decimal::Decimal>();
        let operands = decimal.ok().map(|decimal| PluralOperands::from(&decimal));
        let rules = PluralRules::try_new_cardinal((&self.icu).into()).ok();
        match rules.zip(operands).map(|(rules, operands)| rules.category_for(operands)) {
            Some(PluralCategory::Zero) => "zero",
            Some(PluralCategory::One) => "one",
            Some(PluralCategory::Two) => "two",
            Some(PluralCategory::Few) => "few",
            Some(PluralCategory::Many) => "many",
            Some(PluralCategory::Other) | None => "other",
        }
    }

    /// Joins texts to a list.
    pub(in crate::expression) fn join<'t>(
        &self,
        items: impl Iterator<Item = &'t str> + Clone,
        style: ListStyle,
    ) -> String {
        let options = ListFormatterOptions::default();
        let formatter = match style {
            ListStyle::And => ListFormatter::try_new_and((&self.icu).into(), options),
            ListStyle::Or => ListFormatter::try_new_or((&self.icu).into(), options),
        };
        match formatter {
            Ok(formatter) => formatter.format(items).write_to_string().into_owned(),
            Err(_) => items.collect::<Vec<_>>().join(", "),
        }
    }
}
