//! Scales: from numbers to places, with ticks that people can read (steps of 1, 2 and 5).

use crate::document::narrow;

/// Ticks of one axis at most; more are no help on any page.
const TICK_COUNT_MAX: usize = 24;

/// A range of which this part or less differs cannot be told apart with the digits that a number has.
const RESOLUTION: f64 = 1e-11;

/// Values nearer to zero are zero: a step has a power of ten that a number can hold.
const MAGNITUDE_MIN: f64 = 1e-250;

/// What a scale must show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// Least value.
    pub(crate) low: f64,
    /// Greatest value.
    pub(crate) high: f64,
    /// Where the author wants it to begin.
    pub(crate) min: Option<f64>,
    /// Where the author wants it to end.
    pub(crate) max: Option<f64>,
    /// Whether lengths are compared, so that it must begin at zero.
    pub(crate) zero: bool,
    /// Whether all values are whole numbers, which have no ticks between them.
    pub(crate) whole: bool,
    /// Whether it ends where the values end, as nobody sees its ticks.
    pub(crate) tight: bool,
    /// Steps between ticks at most.
    pub(crate) steps: usize,
}

/// A range of numbers with its ticks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    /// Where it begins.
    pub(crate) min: f64,
    /// Where it ends.
    pub(crate) max: f64,
    /// Ascending, each within the range.
    pub(crate) ticks: Vec<f64>,
    /// Digits behind the point that every tick needs.
    pub(crate) decimals: u32,
}

impl Scale {
    /// The scale with the finest ticks that are not too many.
    pub(crate) fn new(wanted: &Wanted) -> Self {
        let (low, high) = range(wanted);
        let step = Step::at_least((high - low) / to_f64(wanted.steps.clamp(1, TICK_COUNT_MAX)));
        let step = if wanted.whole { step.whole() } else { step };
        let rounded = |value: f64, round: fn(f64) -> f64| {
            if wanted.tight { value } else { step.times(round(value / step.size())) }
        };
        let min = wanted.min.filter(|min| *min < high).unwrap_or_else(|| rounded(low, f64::floor));
        let max = wanted.max.filter(|max| *max > min).unwrap_or_else(|| rounded(high, f64::ceil));
        let max = if max > min { max } else { min + step.size() };
        let tolerance = step.size() * 1e-9;
        let first = ((min - tolerance) / step.size()).ceil();
        let ticks = (0..=TICK_COUNT_MAX)
            .map(|count| step.times(first + to_f64(count)))
            .take_while(|tick| *tick <= max + tolerance)
            .collect();
        Self { min, max, ticks, decimals: step.decimals() }
    }

    /// Where a number is: 0 at the beginning, 1 at the end, and beyond them what is outside.
    pub(crate) fn share(&self, value: f64) -> f64 {
        (value - self.min) / (self.max - self.min)
    }

    /// The same, kept inside.
    pub(crate) fn share_inside(&self, value: f64) -> f32 {
        narrow(self.share(value).clamp(0.0, 1.0))
    }

    /// The number from which lengths are measured: zero, or the end nearest to it.
    pub(crate) fn base(&self) -> f64 {
        0.0_f64.max(self.min).min(self.max)
    }
}

/// The range to be shown, never empty.
fn range(wanted: &Wanted) -> (f64, f64) {
    let settled = |value: f64| if value.abs() < MAGNITUDE_MIN { 0.0 } else { value };
    let (first, second) = (settled(wanted.low), settled(wanted.high));
    let (mut low, mut high) = (first.min(second), first.max(second));
    let flat = high - low <= high.abs().max(low.abs()) * RESOLUTION;
    // A line that begins far above zero is told by its changes; otherwise zero is the honest beginning.
    if wanted.zero || flat || (low > 0.0 && low <= high * ZERO_FROM) || (high < 0.0 && high >= low * ZERO_FROM) {
        low = low.min(0.0);
        high = high.max(0.0);
    }
    low = wanted.min.unwrap_or(low);
    high = wanted.max.unwrap_or(high);
    if high - low <= high.abs().max(low.abs()) * RESOLUTION {
        // All zero, or limits that leave nothing.
        high = low + low.abs().max(1.0);
    }
    (low, high)
}

/// Values from this share of the greatest one on begin at zero, although they would not need to.
const ZERO_FROM: f64 = 0.6;

/// A step of 1, 2 or 5 times a power of ten.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    mantissa: u8,
    exponent: i32,
}

impl Step {
    /// The smallest step that is not smaller than `size`.
    fn at_least(size: f64) -> Self {
        // The shortest decimal digits of a number tell its power of ten without a logarithm.
        let written = format!("{size:e}");
        let exponent = written.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
        [(1, exponent), (2, exponent), (5, exponent), (1, exponent + 1)]
            .into_iter()
            .map(|(mantissa, exponent)| Self { mantissa, exponent })
            .find(|step| step.size() >= size * (1.0 - 1e-9))
            .unwrap_or(Self { mantissa: 1, exponent: exponent + 1 })
    }

    fn whole(self) -> Self {
        if self.exponent < 0 { Self { mantissa: 1, exponent: 0 } } else { self }
    }

    fn size(self) -> f64 {
        self.times(1.0)
    }

    /// So many steps, as the number that the digits mean: 3 steps of 0.1 are 0.3.
    fn times(self, count: f64) -> f64 {
        let digits = count * f64::from(self.mantissa);
        let power = power_of_ten(self.exponent.unsigned_abs());
        let value = if self.exponent < 0 { digits / power } else { digits * power };
        // No minus before zero.
        value + 0.0
    }

    fn decimals(self) -> u32 {
        if self.exponent < 0 { self.exponent.unsigned_abs().min(DECIMALS_MAX) } else { 0 }
    }
}

/// Digits behind the point that a tick shows at most.
const DECIMALS_MAX: u32 = 20;

/// Exactly rounded, unlike repeated multiplication.
fn power_of_ten(exponent: u32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(f64::MAX)
}

fn to_f64(count: usize) -> f64 {
    f64::from(crate::text::index32(count))
}
