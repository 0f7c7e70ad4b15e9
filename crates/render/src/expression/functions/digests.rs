//! Digests of texts: short marks that tell whether a text is still the same.

use super::Builtin;
use super::texts::converted;
use sha2::{Digest, Sha256};

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin {
        name: "sha256",
        signature: "sha256(text)",
        summary: "The SHA-256 digest of the UTF-8 bytes of the text, in 64 hexadecimal digits.",
        example: "sha256('INV-2026-001').slice(0, 16)",
        result: "b2458d7cb216405e",
        call: |machine, arguments| converted(machine, arguments, |text| hexadecimal(&Sha256::digest(text.as_bytes()))),
    },
    Builtin {
        name: "crc32",
        signature: "crc32(text)",
        summary: "The CRC-32 checksum of the UTF-8 bytes of the text, in 8 hexadecimal digits.",
        example: "crc32('123456789')",
        result: "cbf43926",
        call: |machine, arguments| converted(machine, arguments, |text| format!("{:08x}", checksum(text.as_bytes()))),
    },
];

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(u32::from(half), 16))
        .collect()
}

/// The checksum of ISO 3309, as ZIP and PNG have it, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |checksum, byte| {
        (0..8).fold(
            checksum ^ u32::from(*byte),
            |bits, _| if bits & 1 == 1 { (bits >> 1) ^ 0xEDB8_8320 } else { bits >> 1 },
        )
    })
}
