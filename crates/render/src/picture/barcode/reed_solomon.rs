//! Check words of Reed–Solomon codes over fields of 2^n elements.

/// A field of 2^n elements, n from 4 to 12, with its tables of powers and logarithms.
pub(super) struct Field {
    powers: Vec<u16>,
    logarithms: Vec<u16>,
}

impl Field {
    /// The field of words of `bits` bits, by its primitive polynomial.
    pub(super) fn new(bits: u8, polynomial: u32) -> Self {
        let size = 1_usize << bits.min(12);
        let mut powers = Vec::with_capacity(size);
        let mut logarithms = vec![0; size];
        let mut value = 1_u32;
        for exponent in 0..size - 1 {
            let word = u16::try_from(value).unwrap_or_default();
            powers.push(word);
            if let Some(logarithm) = logarithms.get_mut(usize::from(word)) {
                *logarithm = u16::try_from(exponent).unwrap_or_default();
            }
            value <<= 1;
            if usize::try_from(value).is_ok_and(|value| value >= size) {
                value ^= polynomial;
            }
        }
        Self { powers, logarithms }
    }

    fn product(&self, one: u16, other: u16) -> u16 {
        if one == 0 || other == 0 {
            return 0;
        }
        let logarithm = |word: u16| self.logarithms.get(usize::from(word)).copied().map_or(0, usize::from);
        self.power((logarithm(one) + logarithm(other)) % self.powers.len())
    }

    fn power(&self, exponent: usize) -> u16 {
        self.powers.get(exponent % self.powers.len()).copied().unwrap_or_default()
    }

    /// The check words of `data` for the generator with the roots α^1 to α^count.
    pub(super) fn check_words(&self, data: &[u16], count: usize) -> Vec<u16> {
        let mut generator = vec![1_u16];
        for exponent in 1..=count {
            // Times (x − α^exponent); the highest power first.
            let root = self.power(exponent);
            generator.push(0);
            for place in (1..generator.len()).rev() {
                let before = generator.get(place - 1).copied().unwrap_or_default();
                if let Some(coefficient) = generator.get_mut(place) {
                    *coefficient ^= self.product(before, root);
                }
            }
        }
        let mut remainder = vec![0_u16; count];
        for &word in data {
            let factor = word ^ remainder.first().copied().unwrap_or_default();
            remainder.rotate_left(1);
            if let Some(last) = remainder.last_mut() {
                *last = 0;
            }
            for (slot, &coefficient) in remainder.iter_mut().zip(generator.iter().skip(1)) {
                *slot ^= self.product(factor, coefficient);
            }
        }
        remainder
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_with_its_check_words_vanishes_at_every_root() {
        for (bits, polynomial) in [(4, 0x13), (6, 0x43), (8, 0x12D), (10, 0x409), (12, 0x1069)] {
            let field = Field::new(bits, polynomial);
            let data: Vec<u16> = (0..10).map(|word| (word * 7 + 3) % (1 << bits)).collect();
            let checks = field.check_words(&data, 5);
            let whole: Vec<u16> = data.into_iter().chain(checks).collect();
            for exponent in 1..=5 {
                let root = field.power(exponent);
                let value = whole.iter().fold(0, |value, &word| field.product(value, root) ^ word);
                assert_eq!(value, 0, "{bits} bits, root {exponent}");
            }
        }
    }
}
