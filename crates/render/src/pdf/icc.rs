//! The container of ICC profiles (ICC.1:2001-04, version 2.4): header, table of tags, and what they lead to.

/// What a profile is of.
pub(super) struct Kind {
    /// The class of the device.
    pub(super) class: &'static [u8; 4],
    /// Its channels.
    pub(super) space: &'static [u8; 4],
    /// What they are told in.
    pub(super) connection: &'static [u8; 4],
}

/// The white D50, as fixed-point numbers of 16 bits before and after the point.
pub(super) const WHITE: [i32; 3] = [0xF6D6, 0x1_0000, 0xD32D];

/// Bytes of the header and of one entry of the tag table.
const HEADER_LENGTH: usize = 128;
const ENTRY_LENGTH: usize = 12;

/// Puts a profile together. Each block has the tags that lead to it.
pub(super) fn profile(kind: &Kind, blocks: &[(&[&[u8; 4]], Vec<u8>)]) -> Vec<u8> {
    let count: usize = blocks.iter().map(|(names, _)| names.len()).sum();
    let mut table = be32(count).to_vec();
    let mut data = Vec::new();
    let start = HEADER_LENGTH + 4 + ENTRY_LENGTH * count;
    for (names, block) in blocks {
        for name in *names {
            table.extend_from_slice(*name);
            table.extend_from_slice(&be32(start + data.len()));
            table.extend_from_slice(&be32(block.len()));
        }
        data.extend_from_slice(block);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut profile = header(kind, start + data.len());
    profile.extend_from_slice(&table);
    profile.extend_from_slice(&data);
    profile
}

/// The header (6.1).
fn header(kind: &Kind, length: usize) -> Vec<u8> {
    let mut header = Vec::with_capacity(HEADER_LENGTH);
    header.extend_from_slice(&be32(length));
    header.extend_from_slice(&[0; 4]);
    header.extend_from_slice(&[2, 0x40, 0, 0]);
    for part in [kind.class, kind.space, kind.connection] {
        header.extend_from_slice(part);
    }
    // The date that every profile must have: that of the standard of sRGB, 18 October 1999.
    for part in [1999_u16, 10, 18, 0, 0, 0] {
        header.extend_from_slice(&part.to_be_bytes());
    }
    header.extend_from_slice(b"acsp");
    header.resize(68, 0);
    for value in WHITE {
        header.extend_from_slice(&value.to_be_bytes());
    }
    header.resize(HEADER_LENGTH, 0);
    header
}

/// A `textDescriptionType` (6.5.17): ASCII, and neither Unicode nor Macintosh script.
pub(super) fn description(text: &[u8]) -> Vec<u8> {
    let mut out = b"desc\0\0\0\0".to_vec();
    out.extend_from_slice(&be32(text.len() + 1));
    out.extend_from_slice(text);
    out.push(0);
    out.resize(out.len() + 4 + 4 + 2 + 1 + 67, 0);
    out
}

/// A `textType`.
pub(super) fn text(text: &[u8]) -> Vec<u8> {
    [b"text\0\0\0\0", text, b"\0"].concat()
}

/// An `XYZType` (6.5.26).
pub(super) fn xyz(values: [i32; 3]) -> Vec<u8> {
    let mut out = b"XYZ \0\0\0\0".to_vec();
    for value in values {
        out.extend_from_slice(&value.to_be_bytes());
    }
    out
}

fn be32(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes()
}
