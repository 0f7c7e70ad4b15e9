//! Numbers along an axis.

use crate::chart::scale::{Scale, Wanted};
use crate::chart::{Figure, Label, Purpose, Typesetter, Voice};

/// Steps of an axis that runs to the right, to begin with.
const STEPS_ACROSS: usize = 8;

/// What stands along an axis of numbers.
pub(super) struct Ticks {
    /// Share along the axis, from the left or from the bottom, and its label.
    pub(super) labels: Vec<(f32, Label)>,
}

/// The scale along a width whose labels have room.
pub(super) fn fitting(
    setter: &mut dyn Typesetter,
    wanted: &Wanted,
    width: f32,
    purpose: Purpose,
    shares: bool,
    width_max: f32,
) -> (Scale, Ticks) {
    let gap = setter.size(Voice::Axis) * 1.4;
    let mut steps = STEPS_ACROSS;
    loop {
        let scale = Scale::new(&Wanted { steps, ..*wanted });
        let ticks = number_labels(setter, &scale, purpose, shares, width_max);
        let needed: f32 = ticks.labels.iter().map(|(_, label)| label.width + gap).sum();
        if needed <= width || steps <= 1 {
            return (scale, ticks);
        }
        steps -= 1;
    }
}

/// Sets the numbers of all ticks.
pub(super) fn number_labels(
    setter: &mut dyn Typesetter,
    scale: &Scale,
    purpose: Purpose,
    shares: bool,
    width_max: f32,
) -> Ticks {
    let mut labels = Vec::with_capacity(scale.ticks.len());
    for tick in &scale.ticks {
        let share = shares.then_some(*tick);
        let decimals = if shares { scale.decimals.saturating_sub(2) } else { scale.decimals };
        let figure = Figure { value: *tick, share, decimals: Some(decimals), label: "" };
        let text = setter.write(purpose, &figure);
        labels.push((scale.share_inside(*tick), setter.line(&text, Voice::Axis, Some(width_max))));
    }
    Ticks { labels }
}
