//! Files follow the standards that they claim, by the judgement of veraPDF; what cannot be met is refused with reasons.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail loudly"
)]

mod foreign;
mod inside;
mod matrix;
mod refusals;
mod render;
mod verapdf;
