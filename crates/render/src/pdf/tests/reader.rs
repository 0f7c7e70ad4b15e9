//! A small reader of the PDFs that are written here: through the cross-reference stream to every object.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::io::Read as _;

/// An object: its text, and its data when it is a stream (inflated, predictors undone).
#[derive(Clone, Debug, Default)]
pub(super) struct Object {
    pub(super) text: String,
    pub(super) data: Vec<u8>,
}

/// All objects of a file.
#[derive(Debug)]
pub(super) struct Pdf {
    pub(super) objects: BTreeMap<u32, Object>,
    pub(super) trailer: String,
}

impl Pdf {
    /// Reads a file; panics on anything that is not as it should be.
    pub(super) fn read(bytes: &[u8]) -> Self {
        assert!((bytes.starts_with(b"%PDF-1.7\n") || bytes.starts_with(b"%PDF-1.6\n")) && bytes.ends_with(b"%%EOF\n"));
        let start = position(bytes, b"startxref\n", true);
        let offset: usize = text(&bytes[start + 10..]).lines().next().unwrap().parse().unwrap();
        let (trailer, table) = stream_at(bytes, offset);
        let size = number_after(&trailer, "/Size ");
        assert_eq!(table.len(), size * 7, "{trailer}");

        let mut objects = BTreeMap::new();
        let mut packed: BTreeMap<u32, Vec<(u32, Object)>> = BTreeMap::new();
        for (id, row) in (0_u32..).zip(table.chunks(7)) {
            let middle = u32::from_be_bytes(row[1..5].try_into().unwrap());
            match row[0] {
                0 => assert_eq!(id, 0, "object {id} was reserved and never written"),
                1 => {
                    let at = middle as usize;
                    assert!(bytes[at..].starts_with(format!("{id} 0 obj\n").as_bytes()), "object {id} is not at {at}");
                    let (text, data) = stream_at(bytes, at);
                    objects.insert(id, Object { text, data });
                }
                2 => {
                    let list = packed.entry(middle).or_insert_with(|| {
                        let stream = u32_row(&table, middle);
                        unpack(bytes, stream)
                    });
                    let index = usize::from(u16::from_be_bytes([row[5], row[6]]));
                    let (number, object) = &list[index];
                    assert_eq!(*number, id);
                    objects.insert(id, object.clone());
                }
                kind => panic!("entry of kind {kind}"),
            }
        }
        let pdf = Self { objects, trailer };
        pdf.check_references();
        pdf
    }

    /// The only object whose text contains this.
    pub(super) fn one(&self, needle: &str) -> &Object {
        let found = self.all(needle);
        assert_eq!(found.len(), 1, "{needle} is in {} objects", found.len());
        found[0].1
    }

    /// All objects whose text contains this.
    pub(super) fn all(&self, needle: &str) -> Vec<(u32, &Object)> {
        self.objects
            .iter()
            .filter(|(_, object)| object.text.contains(needle))
            .map(|(id, object)| (*id, object))
            .collect()
    }

    /// The object that stands behind a key of another one.
    pub(super) fn follow(&self, object: &Object, key: &str) -> &Object {
        &self.objects[&u32::try_from(number_after(&object.text, key)).unwrap()]
    }

    /// Content of a page.
    pub(super) fn content(&self, page: usize) -> String {
        let (_, object) = self.all("/Type/Page/")[page];
        text(&self.follow(object, "/Contents ").data)
    }

    fn check_references(&self) {
        for (id, object) in &self.objects {
            let words: Vec<&str> = object.text.split([' ', '[', ']', '/', '<', '>', '(', ')']).collect();
            for three in words.windows(3) {
                if three[1] == "0"
                    && three[2] == "R"
                    && let Ok(target) = three[0].parse::<u32>()
                {
                    assert!(self.objects.contains_key(&target), "object {id} refers to {target}: {}", object.text);
                }
            }
        }
    }
}

/// The number that stands right after a key.
pub(super) fn number_after(text: &str, key: &str) -> usize {
    let start = text.find(key).unwrap_or_else(|| panic!("no {key} in {text}")) + key.len();
    let digits: String = text[start..].chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

/// Bytes as text, each byte one character.
pub(super) fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

fn u32_row(table: &[u8], id: u32) -> usize {
    let row = &table[id as usize * 7..];
    assert_eq!(row[0], 1);
    u32::from_be_bytes(row[1..5].try_into().unwrap()) as usize
}

fn unpack(bytes: &[u8], offset: usize) -> Vec<(u32, Object)> {
    let (dictionary, data) = stream_at(bytes, offset);
    let (count, first) = (number_after(&dictionary, "/N "), number_after(&dictionary, "/First "));
    let head: Vec<usize> = text(&data[..first]).split_whitespace().map(|word| word.parse().unwrap()).collect();
    assert_eq!(head.len(), 2 * count);
    let starts: Vec<usize> = head.chunks(2).map(|pair| pair[1]).chain([data.len() - first]).collect();
    let objects = head.chunks(2).zip(starts.windows(2)).map(|(pair, range)| {
        let text = text(&data[first + range[0]..first + range[1]]);
        (u32::try_from(pair[0]).unwrap(), Object { text: text.trim_end().to_owned(), data: Vec::new() })
    });
    objects.collect()
}

fn stream_at(bytes: &[u8], offset: usize) -> (String, Vec<u8>) {
    let rest = &bytes[offset..];
    let begin = position(rest, b">>stream\n", false);
    let dictionary = text(&rest[position(rest, b"<<", false)..begin]);
    let length = number_after(&dictionary, "/Length ");
    let data = &rest[begin + 9..begin + 9 + length];
    assert!(rest[begin + 9 + length..].starts_with(b"\nendstream\nendobj\n"), "{dictionary}");
    let mut result = Vec::new();
    if dictionary.contains("/FlateDecode") {
        flate2::read::ZlibDecoder::new(data).read_to_end(&mut result).unwrap();
    } else {
        result.extend_from_slice(data);
    }
    if dictionary.contains("/Predictor 12") {
        let mut above = vec![0; number_after(&dictionary, "/Columns ")];
        let rows: Vec<u8> = result
            .chunks(above.len() + 1)
            .flat_map(|row| {
                assert_eq!(row[0], 2);
                above = row[1..].iter().zip(&above).map(|(byte, above)| byte.wrapping_add(*above)).collect();
                above.clone()
            })
            .collect();
        result = rows;
    }
    (dictionary, result)
}

fn position(bytes: &[u8], needle: &[u8], last: bool) -> usize {
    let mut windows = bytes.windows(needle.len());
    let found = if last { windows.rposition(|w| w == needle) } else { windows.position(|w| w == needle) };
    found.unwrap_or_else(|| panic!("no {}", text(needle)))
}
