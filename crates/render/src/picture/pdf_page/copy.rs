//! Copies objects of a PDF file with all that they refer to.

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::io::Write as _;

use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::{Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream};
use hayro::hayro_syntax::xref::XRef;

use super::operators::without_marks;
use super::{LEFT_BEHIND, PdfObject, PdfPart, images};
use crate::limits::Limits;
use crate::picture::PictureError;
use crate::text::index32;

/// Objects of one page; pages of drawings have thousands.
const OBJECT_COUNT_MAX: usize = 50_000;

/// Dictionaries and arrays in one another.
const DEPTH_MAX: usize = 64;

/// Copies objects, each once.
pub(super) struct Copier<'a> {
    xref: &'a XRef,
    known: BTreeMap<ObjectIdentifier, u32>,
    waiting: VecDeque<ObjectIdentifier>,
    size_bytes: usize,
    size_bytes_max: usize,
    limits: &'a Limits,
}

impl<'a> Copier<'a> {
    pub(super) fn new(xref: &'a XRef, limits: &'a Limits) -> Self {
        let size_bytes_max = usize::try_from(limits.picture_size_bytes_max).unwrap_or(usize::MAX);
        Self { xref, known: BTreeMap::new(), waiting: VecDeque::new(), size_bytes: 0, size_bytes_max, limits }
    }

    /// Copies the inside of a dictionary.
    pub(super) fn dictionary(&mut self, dictionary: &Dict<'a>) -> Result<PdfPart, PictureError> {
        self.some_of(dictionary, &|_| true)
    }

    /// Copies the inside of a dictionary without the entries that are not wanted.
    pub(super) fn some_of(
        &mut self,
        dictionary: &Dict<'a>,
        is_wanted: &dyn Fn(&[u8]) -> bool,
    ) -> Result<PdfPart, PictureError> {
        let mut part = PdfPart::default();
        self.push_entries(&mut part, dictionary, is_wanted, 0)?;
        Ok(part)
    }

    /// Copies everything that was referred to.
    pub(super) fn finish(mut self) -> Result<Vec<PdfObject>, PictureError> {
        let mut objects = Vec::new();
        while let Some(id) = self.waiting.pop_front() {
            let source = (id.obj_number, id.gen_number);
            let object = match self.xref.get::<Object<'a>>(id) {
                Some(Object::Stream(stream)) => self.stream(&stream, source)?,
                other => {
                    let mut body = PdfPart::default();
                    match other {
                        Some(object) => self.push(&mut body, &object, 0)?,
                        // A reference to nothing is null (7.3.10).
                        None => body.bytes.extend_from_slice(b"null"),
                    }
                    PdfObject { source, body, data: None, is_plain: false }
                }
            };
            self.count(object.body.bytes.len() + object.data.as_ref().map_or(0, Vec::len))?;
            objects.push(object);
        }
        Ok(objects)
    }

    fn count(&mut self, size_bytes: usize) -> Result<(), PictureError> {
        self.size_bytes = self.size_bytes.saturating_add(size_bytes);
        if self.size_bytes > self.size_bytes_max {
            return Err(PictureError::PdfLimit { what: "bytes in one page", limit: self.size_bytes_max });
        }
        Ok(())
    }

    fn stream(&mut self, stream: &Stream<'a>, source: (u32, i32)) -> Result<PdfObject, PictureError> {
        let dictionary = stream.dict();
        if dictionary.contains_key("F") {
            return Err(PictureError::PdfFeature { feature: "data in another file" });
        }
        images::check(stream, self.limits)?;
        let unpacked = match unpacked(stream)? {
            None if is_content(dictionary) => content(stream),
            unpacked => unpacked,
        };
        let is_plain = unpacked.is_some();
        let data = unpacked.unwrap_or_else(|| stream.raw_data().into_owned());
        let left_out: &[&[u8]] = if is_plain { &[b"Length", b"Filter", b"DecodeParms"] } else { &[b"Length"] };
        let mut body = PdfPart::default();
        self.push_entries(&mut body, dictionary, &|key| !left_out.contains(&key), 0)?;
        Ok(PdfObject { source, body, data: Some(data), is_plain })
    }

    fn push(&mut self, part: &mut PdfPart, object: &Object<'a>, depth: usize) -> Result<(), PictureError> {
        if depth > DEPTH_MAX {
            return Err(PictureError::PdfLimit { what: "levels in one object", limit: DEPTH_MAX });
        }
        let out = &mut part.bytes;
        match object {
            Object::Null(_) => out.extend_from_slice(b"null"),
            Object::Boolean(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Object::Number(number) => push_number(out, number.as_f64()),
            Object::String(string) => {
                out.push(b'<');
                for byte in string.as_bytes() {
                    push_hexadecimal(out, *byte);
                }
                out.push(b'>');
            }
            Object::Name(name) => push_name(out, name.as_ref()),
            Object::Dict(dictionary) => {
                out.extend_from_slice(b"<<");
                self.push_entries(part, dictionary, &|_| true, depth)?;
                part.bytes.extend_from_slice(b">>");
            }
            Object::Array(array) => {
                out.push(b'[');
                for item in array.raw_iter() {
                    self.push_value(part, &item, depth)?;
                }
                part.bytes.push(b']');
            }
            Object::Stream(_) => return Err(damaged("a stream stands inside of an object")),
        }
        self.count_text(part)
    }

    /// What is being written counts, too, before it is whole.
    fn count_text(&self, part: &PdfPart) -> Result<(), PictureError> {
        if part.bytes.len() > self.size_bytes_max {
            return Err(PictureError::PdfLimit { what: "bytes in one page", limit: self.size_bytes_max });
        }
        Ok(())
    }

    fn push_entries(
        &mut self,
        part: &mut PdfPart,
        dictionary: &Dict<'a>,
        is_wanted: &dyn Fn(&[u8]) -> bool,
        depth: usize,
    ) -> Result<(), PictureError> {
        for (name, value) in dictionary.entries() {
            let key: &[u8] = name.as_ref();
            if LEFT_BEHIND.contains(&key) || !is_wanted(key) {
                continue;
            }
            push_name(&mut part.bytes, key);
            self.push_value(part, &value, depth)?;
        }
        Ok(())
    }

    fn push_value(
        &mut self,
        part: &mut PdfPart,
        value: &MaybeRef<Object<'a>>,
        depth: usize,
    ) -> Result<(), PictureError> {
        part.bytes.push(b' ');
        match value {
            MaybeRef::NotRef(object) => self.push(part, object, depth + 1),
            MaybeRef::Ref(reference) => {
                let id = ObjectIdentifier::from(*reference);
                let number = match self.known.get(&id) {
                    Some(number) => *number,
                    None => {
                        if self.known.len() >= OBJECT_COUNT_MAX {
                            return Err(PictureError::PdfLimit {
                                what: "objects in one page",
                                limit: OBJECT_COUNT_MAX,
                            });
                        }
                        let number = index32(self.known.len());
                        self.known.insert(id, number);
                        self.waiting.push_back(id);
                        number
                    }
                };
                part.references.push((index32(part.bytes.len()), number));
                Ok(())
            }
        }
    }
}

/// Data that are packed in a way that another file must not have: encrypted there, or as LZW, which no archive allows.
fn unpacked(stream: &Stream<'_>) -> Result<Option<Vec<u8>>, PictureError> {
    let filters = stream.filters();
    let is_encrypted = filters.iter().any(|filter| matches!(filter, Filter::Crypt));
    // What is packed twice, as a picture too, stays as it is.
    let is_picture = |filter: &Filter| {
        matches!(filter, Filter::DctDecode | Filter::JpxDecode | Filter::CcittFaxDecode | Filter::Jbig2Decode)
    };
    let is_lzw = filters.iter().any(|filter| matches!(filter, Filter::LzwDecode)) && !filters.iter().any(is_picture);
    if !is_encrypted && !is_lzw {
        return Ok(None);
    }
    let data = stream.decoded().map_err(|_| damaged("a stream cannot be decoded"))?;
    Ok(Some(data.into_owned()))
}

/// Whether a stream paints: a form or the cell of a pattern.
fn is_content(dictionary: &Dict<'_>) -> bool {
    dictionary.get::<Name<'_>>("Subtype").as_deref() == Some(b"Form") || dictionary.get::<i32>("PatternType") == Some(1)
}

/// The content of a stream that paints, without its marks, when it has any.
fn content(stream: &Stream<'_>) -> Option<Vec<u8>> {
    let data = stream.decoded().ok()?;
    match without_marks(&data) {
        std::borrow::Cow::Borrowed(_) => None,
        std::borrow::Cow::Owned(content) => Some(content),
    }
}

pub(super) fn damaged(what: &str) -> PictureError {
    PictureError::Pdf(what.to_owned())
}

fn push_number(out: &mut Vec<u8>, value: f64) {
    // Writing to memory does not fail.
    let _infallible = if value.is_finite() { write!(out, "{value}") } else { write!(out, "0") };
}

/// A name with its irregular characters as numbers (7.3.5).
fn push_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(byte) {
            out.push(*byte);
        } else {
            out.push(b'#');
            push_hexadecimal(out, *byte);
        }
    }
}

fn push_hexadecimal(out: &mut Vec<u8>, byte: u8) {
    for half in [byte >> 4, byte & 15] {
        out.push(if half < 10 { b'0' + half } else { b'A' + half - 10 });
    }
}
