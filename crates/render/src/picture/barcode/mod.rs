//! Barcodes: a value becomes a grid of dark and light modules.

mod aztec;
mod check_digit;
mod codabar;
mod code128;
mod code128_patterns;
mod code39;
mod code93;
mod data_matrix;
mod ean;
mod ean13;
mod ean8;
mod error;
mod four_state;
mod gs1;
mod gs1_128;
mod gs1_data_matrix;
mod itf;
mod itf14;
mod japan_post;
mod linear;
mod micro_qr;
mod modules;
mod pdf417;
mod qr;
mod qr_bits;
mod reed_solomon;
mod registry;
mod rm4scc;
mod symbol;
#[cfg(test)]
mod tests;
mod upc_a;
mod upc_e;

pub use error::BarcodeError;
pub use modules::Modules;
pub use registry::{ALL, Level, NaturalHeight, Options, QuietZone, Symbology};
pub use symbol::{Caption, CaptionPlace, Rows, Symbol};

use linear::Bars;
use registry::millimetres;
