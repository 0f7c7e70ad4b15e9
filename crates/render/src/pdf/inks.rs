//! Inks: separations (ISO 32000-1, 8.6.6.4), which inks a file uses, and overprinting (8.6.7).

use super::number::{push_fixed, push_name, push_unsigned};
use crate::document::{Color, Ink, InkKind, Spot};

/// The ink of all plates, for marks; no spot of a document has this index.
pub(super) const REGISTRATION: Ink = Ink::spot(u16::MAX, 100);

/// What a file uses of inks.
#[derive(Default)]
pub(super) struct InkUse {
    /// One bit for each of the document's spots, of which there are at most 32.
    spots: u32,
    /// Whether the ink of all plates is used.
    registration: bool,
    /// Which of the four states of overprinting are named: fills count one, strokes two.
    overprints: [bool; 4],
}

impl InkUse {
    /// Notes a spot.
    pub(super) fn add_spot(&mut self, index: u16) {
        match index {
            u16::MAX => self.registration = true,
            index => self.spots |= 1_u32.checked_shl(u32::from(index)).unwrap_or(0),
        }
    }

    /// Notes a state of overprinting.
    pub(super) fn add_overprint(&mut self, state: u8) {
        if let Some(used) = self.overprints.get_mut(usize::from(state)) {
            *used = true;
        }
    }

    /// Writes the entries `C<spot>` of a dictionary of colour spaces.
    pub(super) fn push_spaces(&self, out: &mut Vec<u8>, spots: &[Spot]) {
        for (index, spot) in
            (0_u32..).zip(spots).filter(|(index, _)| self.spots.checked_shr(*index).unwrap_or(0) & 1 == 1)
        {
            out.extend_from_slice(b"/C");
            push_unsigned(out, u64::from(index));
            push_separation(out, &spot.name, spot.process);
        }
        if self.registration {
            out.extend_from_slice(b"/CA");
            push_separation(out, "All", [100; 4]);
        }
    }

    /// Writes the entries `o<state>` of a dictionary of graphics states.
    pub(super) fn push_states(&self, out: &mut Vec<u8>) {
        for (state, _) in (0_u8..).zip(self.overprints).filter(|(_, used)| *used) {
            let word = |bit: u8| if state & bit != 0 { &b"true"[..] } else { b"false" };
            out.extend_from_slice(b"/o");
            push_unsigned(out, u64::from(state));
            // What has no ink in a plate leaves there what is below (8.6.7, mode 1).
            for part in [b"<</op ", word(1), b"/OP ", word(2), b"/OPM 1>>"] {
                out.extend_from_slice(part);
            }
        }
    }

    /// Whether any state is named.
    pub(super) fn has_states(&self) -> bool {
        self.overprints.contains(&true)
    }

    /// Whether any space is named.
    pub(super) fn has_spaces(&self) -> bool {
        self.spots != 0 || self.registration
    }
}

/// Writes the space of one ink, with the four inks that stand for it.
pub(super) fn push_separation(out: &mut Vec<u8>, name: &str, process: [u8; 4]) {
    out.extend_from_slice(b"[/Separation");
    push_name(out, name);
    out.extend_from_slice(b"/DeviceCMYK<</FunctionType 2/Domain[0 1]/N 1/C0[0 0 0 0]/C1[");
    for percent in process {
        push_fixed(out, i64::from(percent), 2);
        out.push(b' ');
    }
    out.extend_from_slice(b"]>>]");
}

/// The spot of a colour, with its index.
pub(super) fn spot_of(color: Color, spots: &[Spot]) -> Option<(u16, &Spot)> {
    match color.ink.kind() {
        InkKind::Spot { index, .. } => Some((index, spots.get(usize::from(index))?)),
        InkKind::Screen | InkKind::Process(_) => None,
    }
}

/// The four inks of a colour, where it has some: its own, those that stand for a spot, or black for a grey.
pub(super) fn process_of(color: Color, spots: &[Spot]) -> Option<[u8; 4]> {
    match color.ink.kind() {
        InkKind::Process(inks) => Some(inks),
        InkKind::Spot { index, tint } => {
            let spot = spots.get(usize::from(index))?;
            let scaled = |percent: u8| u8::try_from(u16::from(percent) * u16::from(tint) / 100).unwrap_or(100);
            Some(spot.process.map(scaled))
        }
        InkKind::Screen if color.red == color.green && color.green == color.blue => {
            let black = (u16::from(255 - color.red) * 100 + 127) / 255;
            Some([0, 0, 0, u8::try_from(black).unwrap_or(100)])
        }
        InkKind::Screen => None,
    }
}
