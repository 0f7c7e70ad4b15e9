//! Sums that do not drift.

/// A sum with Neumaier's compensation, so that a long column of cents does not drift.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    /// Adds a number.
    pub fn add(&mut self, number: f64) {
        let next = self.sum + number;
        self.lost +=
            if self.sum.abs() >= number.abs() { (self.sum - next) + number } else { (number - next) + self.sum };
        self.sum = next;
    }

    /// The sum so far.
    pub fn value(self) -> f64 {
        if self.lost.is_finite() { self.sum + self.lost } else { self.sum }
    }
}
