//! Changes inputs as the text that they are; in one of four cases as bytes.

use libfuzzer_sys::fuzzer_mutate;

use crate::dice::Dice;

/// Changes an input of `size` bytes and gives its new size. `change` gives the text changed, or nothing when it cannot
/// read it.
pub(crate) fn mutate(
    data: &mut [u8],
    size: usize,
    max_size: usize,
    seed: u32,
    change: impl FnOnce(&str, &mut Dice) -> Option<String>,
) -> usize {
    let mut dice = Dice::new(seed);
    let text = data.get(..size).and_then(|text| std::str::from_utf8(text).ok());
    let changed = text.filter(|_| dice.below(4) > 0).and_then(|text| change(text, &mut dice));
    match changed.and_then(|text| Some((data.get_mut(..text.len()).filter(|room| room.len() <= max_size)?, text))) {
        Some((room, text)) => {
            room.copy_from_slice(text.as_bytes());
            text.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
}
