//! Barcodes.

use super::{KindEntry, Needs};
use crate::diagnostic::codes;
use crate::document::Color;
use crate::template::model::{BarcodeNode, Bindable, Kind, QrLevel, Symbology};
use crate::template::node::Place;
use crate::template::reader::ObjectReader;
use crate::template::shape::{Choice, ColorShape, TemplateText, Whole};

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "barcode",
    definition: "barcodeNode",
    title: "a barcode node",
    doc: "A barcode: a QR code (ISO/IEC 18004) or Code 128 (ISO/IEC 15417).",
    placed: true,
    needs: Needs::OneSide("give `size`, `width` or `height`"),
    bindable: &[
        Bindable::X,
        Bindable::Y,
        Bindable::Width,
        Bindable::Height,
        Bindable::Rotation,
        Bindable::Opacity,
        Bindable::Color,
    ],
    read,
};

#[derive(Clone, Copy, PartialEq)]
enum Name {
    Qr,
    Code128,
}

const NAMES: Choice<Name> = Choice(&[("qr", Name::Qr), ("code128", Name::Code128)]);

const LEVELS: Choice<QrLevel> =
    Choice(&[("L", QrLevel::Low), ("M", QrLevel::Medium), ("Q", QrLevel::Quartile), ("H", QrLevel::High)]);

/// Empty modules around a QR code (ISO/IEC 18004, 9.1).
const QR_QUIET_ZONE_MODULES: u32 = 4;

/// Empty modules beside a Code 128 (ISO/IEC 15417, 4.2).
const CODE128_QUIET_ZONE_MODULES: u32 = 10;

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let name = reader.required("symbology", NAMES, "Which barcode it is.");
    let level = reader.or(
        "level",
        LEVELS,
        QrLevel::Medium,
        "QR code: how much damage it survives, about 7, 15, 25 or 30 per cent.",
    );
    let color = reader.or("color", ColorShape, Color::BLACK, "Colour of the bars.");
    let modules = Whole { phrase: "a whole number from 0 to 50", minimum: 0, maximum: 50 };
    let quiet_zone = reader.optional(
        "quietZone",
        modules,
        "Empty modules around it; by the standards 4 around a QR code and 10 beside Code 128.",
    );
    let value = reader.required("value", TemplateText, "What it carries.");
    let (symbology, standard) = match name? {
        Name::Qr => (Symbology::Qr(level), QR_QUIET_ZONE_MODULES),
        Name::Code128 => {
            reader.no_effect("level", "on a code128");
            (Symbology::Code128, CODE128_QUIET_ZONE_MODULES)
        }
    };
    let value = value?;
    if value.is_empty() {
        let message = "`value` of a barcode cannot be empty".to_owned();
        reader.error_at(Some("value"), codes::INVALID_BARCODE, message, None);
    }
    let quiet_zone = u8::try_from(quiet_zone.unwrap_or(standard)).unwrap_or(u8::MAX);
    Some(Kind::Barcode(BarcodeNode { symbology, value, color, quiet_zone }))
}
