//! What a template takes at most, in a sentence.

use chancery_render::{Bound, Limits, Template};

/// Tells the bound of a template, or why there is none.
pub(crate) fn told(template: &Template, limits: &Limits) -> String {
    let Ok(data) = template.data_bounds(limits) else {
        return "no bound is known: the samples cannot be described".to_owned();
    };
    match Bound::of(template, &data, limits) {
        Bound::AtMost(most) => {
            let beyond = if most.steps > limits.fuel_max { ", more than a render may take" } else { "" };
            format!(
                "at most {} steps{beyond}, {} of values and {} pieces, for lists of up to {} items, texts of up to {} \
                 characters and {} pages where the schema says no more",
                grouped(most.steps),
                size(most.bytes),
                grouped(most.pieces),
                data.list_length,
                data.text_length,
                data.page_count,
            )
        }
        Bound::Unknown(unbounded) => {
            format!("no bound is known, so that the limits of a render hold alone: {unbounded}")
        }
    }
}

/// A number in groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Bytes in the largest unit that leaves a number above 1, rounded up.
fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{} bytes", grouped(bytes)),
        10_000..10_000_000 => format!("{} kB", grouped(bytes.div_ceil(1_000))),
        _ => format!("{} MB", grouped(bytes.div_ceil(1_000_000))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_sizes_are_rounded_up() {
        assert_eq!([0, 999, 12_400, 1_234_567].map(grouped), ["0", "999", "12,400", "1,234,567"]);
        assert_eq!([9_999, 10_001, 12_000_001].map(size), ["9,999 bytes", "11 kB", "13 MB"]);
    }
}
