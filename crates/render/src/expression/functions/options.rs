//! Options of number formats, with the names of `Intl.NumberFormat`.

use super::shown;
use crate::expression::error::EvaluationError;
use crate::expression::evaluate::Machine;
use crate::expression::locale::CurrencyDisplay;
use crate::expression::value::{Value, wrap_to_i64};

/// Digits behind the point at most, as in ECMA-402.
const DECIMALS_MAX: u32 = 100;

/// How a number is to be written.
#[derive(Clone, Debug)]
pub(super) struct NumberOptions {
    pub(super) style: Style,
    pub(super) decimals_min: Option<u32>,
    pub(super) decimals_max: Option<u32>,
    pub(super) grouping: bool,
    pub(super) currency: Option<String>,
    pub(super) currency_display: CurrencyDisplay,
    pub(super) accounting: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Decimal,
    Percent,
    Currency,
}

impl NumberOptions {
    pub(super) fn new(style: Style) -> Self {
        Self {
            style,
            decimals_min: None,
            decimals_max: None,
            grouping: true,
            currency: None,
            currency_display: CurrencyDisplay::Symbol,
            accounting: false,
        }
    }

    /// Reads an argument: nothing, a number of decimals, or an object of options.
    pub(super) fn read(
        mut self,
        machine: &mut Machine<'_, '_, '_>,
        value: &Value<'_>,
    ) -> Result<Self, EvaluationError> {
        if value.is_nullish() {
            return Ok(self);
        }
        if let Value::Number(_) = value {
            self.set_decimals(decimals(machine, value)?);
            return Ok(self);
        }
        let Some(record) = value.as_record() else {
            return Err(machine.wrong(
                format!("the options of a number cannot be {}", value.type_name()),
                Some("write a number of decimals, or `{ minimumFractionDigits: 2 }`"),
            ));
        };
        machine.spend(record.len() as u64)?;
        for (name, value) in record.entries() {
            if !value.is_nullish() {
                self.set(machine, &name, &value)?;
            }
        }
        Ok(self)
    }

    fn set_decimals(&mut self, decimals: u32) {
        self.decimals_min = Some(decimals);
        self.decimals_max = Some(decimals);
    }

    fn set(&mut self, machine: &Machine<'_, '_, '_>, name: &str, value: &Value<'_>) -> Result<(), EvaluationError> {
        let text = value.to_display_string();
        match (name, &*text) {
            ("decimals", _) => self.set_decimals(decimals(machine, value)?),
            ("minimumFractionDigits", _) => self.decimals_min = Some(decimals(machine, value)?),
            ("maximumFractionDigits", _) => self.decimals_max = Some(decimals(machine, value)?),
            ("useGrouping", "false") => self.grouping = false,
            ("useGrouping", "true" | "auto" | "always") => self.grouping = true,
            ("style", "decimal") => self.style = Style::Decimal,
            ("style", "percent") => self.style = Style::Percent,
            ("style", "currency") => self.style = Style::Currency,
            ("currency", _) => self.currency = Some(text.into_owned()),
            ("currencyDisplay", "symbol") => self.currency_display = CurrencyDisplay::Symbol,
            ("currencyDisplay", "narrowSymbol") => self.currency_display = CurrencyDisplay::NarrowSymbol,
            ("currencyDisplay", "code") => self.currency_display = CurrencyDisplay::Code,
            ("currencySign", "standard") => self.accounting = false,
            ("currencySign", "accounting") => self.accounting = true,
            ("style" | "useGrouping" | "currencyDisplay" | "currencySign", _) => {
                return Err(machine.wrong(format!("the option `{name}` cannot be {}", shown(value)), None));
            }
            _ => {
                let name: String = name.chars().take(40).collect();
                return Err(machine.wrong(
                    format!("numbers have no option `{name}`"),
                    Some(
                        "there are `decimals`, `minimumFractionDigits`, `maximumFractionDigits`, `useGrouping`, `style`, `currency`, `currencyDisplay` and `currencySign`",
                    ),
                ));
            }
        }
        Ok(())
    }

    /// The least and the most digits behind the point, where nothing else is asked for those of the style.
    pub(super) fn decimals(&self, default_min: u32, default_max: u32) -> (u32, u32) {
        match (self.decimals_min, self.decimals_max) {
            (None, None) => (default_min, default_max),
            (Some(least), None) => (least, default_max.max(least)),
            (None, Some(most)) => (default_min.min(most), most),
            (Some(least), Some(most)) => (least.min(most), most),
        }
    }
}

fn decimals(machine: &Machine<'_, '_, '_>, value: &Value<'_>) -> Result<u32, EvaluationError> {
    u32::try_from(wrap_to_i64(value.as_number()))
        .ok()
        .filter(|count| *count <= DECIMALS_MAX && !value.as_number().is_nan())
        .ok_or_else(|| {
            machine.wrong(
                format!("the number of decimals must be from 0 to {DECIMALS_MAX}, but is {}", shown(value)),
                None,
            )
        })
}
