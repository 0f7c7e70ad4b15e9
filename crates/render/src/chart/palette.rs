//! The colours that series get when nobody says otherwise.

use crate::document::Color;

const fn rgb(red: u8, green: u8, blue: u8) -> Color {
    Color::rgb(red, green, blue)
}

/// Eight colours that stay apart when seen with any of the three colour deficiencies, and in print without colour: each
/// has a lightness of its own, and neighbours are far apart. A test holds the distances.
pub(crate) const PALETTE: [Color; 8] = [
    rgb(0x1f, 0x5a, 0x99),
    rgb(0xf0, 0xa6, 0x3a),
    rgb(0x2b, 0x9a, 0x8b),
    rgb(0x54, 0x24, 0x4a),
    rgb(0xa9, 0xd3, 0xec),
    rgb(0xbf, 0x4b, 0x35),
    rgb(0xc1, 0x8c, 0xd5),
    rgb(0x49, 0x4b, 0x0a),
];

/// The colour of the n-th series; after the last one the first comes again.
pub(crate) fn nth(palette: &[Color], index: usize) -> Color {
    let colors = if palette.is_empty() { &PALETTE } else { palette };
    colors.iter().cycle().nth(index % colors.len().max(1)).copied().unwrap_or(Color::BLACK)
}

/// Black or white: what can be read on this colour (WCAG 2, relative luminance).
pub(crate) fn readable_on(color: Color) -> Color {
    // The weights of the standard on gamma-coded channels are near enough to choose between two.
    let luma = 299 * u32::from(color.red) + 587 * u32::from(color.green) + 114 * u32::from(color.blue);
    if luma > LUMA_MIDDLE { rgb(0x1a, 0x1a, 0x1a) } else { Color::WHITE }
}

/// Above this, dark text has the higher contrast: a little above the middle of 255,000, as the eye has it.
const LUMA_MIDDLE: u32 = 145_000;

/// The same colour, let through by so many of 255.
pub(crate) fn faded(color: Color, alpha: u8) -> Color {
    let alpha = u32::from(color.alpha) * u32::from(alpha) / 255;
    Color { alpha: u8::try_from(alpha).unwrap_or(u8::MAX), ..color }
}
