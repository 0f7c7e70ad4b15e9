//! Embeds faces: subsets, widths and the way back to text, made once for each set of glyphs and kept.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use subsetter::GlyphRemapper;

use super::PdfError;
use super::file::File;
use super::number::{push_fixed, push_integer, push_name, push_reference, push_string_byte, push_unsigned, scaled};
use super::open_type;
use super::stream::Stream;
use super::to_unicode;
use super::usage::FaceUsage;
use crate::conformance::FileVersion;
use crate::fonts::Face;

/// A subset of a face, ready to be put into any file.
pub(super) struct Subset {
    /// By glyph of the face: how it is written.
    pub(super) codes: Box<[Code]>,
    /// By variant: how it is written; nothing when the face can have none.
    pub(super) variant_codes: Box<[Code]>,
    /// PostScript name with the tag of a subset in front (ISO 32000-1, 9.6.4).
    name: String,
    /// Whether the outlines are CFF, instead of TrueType.
    compact: bool,
    /// The font program.
    program: Stream,
    /// From codes to glyphs of the program, when they are not the same.
    glyph_map: Option<Stream>,
    /// The character map back to text.
    to_unicode: Stream,
    /// The `W` array.
    widths: Vec<u8>,
    /// The inside of the font descriptor, without name and program.
    descriptor: Vec<u8>,
    /// Number of codes, those that nothing uses included.
    code_count: u16,
}

/// How a glyph is written, and how far it moves.
#[derive(Clone, Copy, Default)]
pub(super) struct Code {
    /// Its code in the file, as bytes of a literal string.
    pub(super) bytes: [u8; 4],
    /// How many of the bytes count; 2 but for the few codes that need an escape.
    pub(super) length: u8,
    /// Advance width in font units.
    pub(super) advance: u16,
}

/// Subsets that were made before, by face, glyphs and their texts.
#[derive(Default)]
pub(super) struct SubsetCache {
    known: FxHashMap<Arc<[u8]>, Arc<Subset>>,
    order: VecDeque<Arc<[u8]>>,
    size_bytes: usize,
    key: Vec<u8>,
}

/// Bytes of all subsets that one thread keeps; about a thousand subsets of Latin fonts.
const CACHE_SIZE_BYTES_MAX: usize = 32 << 20;

impl SubsetCache {
    /// The subset of a face with the glyphs that a document uses.
    pub(super) fn get(
        &mut self,
        face: &Face,
        usage: &FaceUsage,
        text: &str,
        compressed: bool,
    ) -> Result<Arc<Subset>, PdfError> {
        self.key.clear();
        self.key.extend_from_slice(&face.id().0.to_le_bytes());
        self.key.push(u8::from(compressed));
        for &glyph in usage.used() {
            push_key_part(&mut self.key, glyph, |key| usage.push_text(glyph, text, key));
        }
        for (variant, glyph) in usage.variants().enumerate() {
            push_key_part(&mut self.key, glyph, |key| usage.push_variant_text(variant, text, key));
        }
        if let Some(subset) = self.known.get(self.key.as_slice()) {
            return Ok(Arc::clone(subset));
        }

        let subset = Arc::new(make(face, usage, text, compressed, &self.key)?);
        let key: Arc<[u8]> = self.key.as_slice().into();
        self.size_bytes += subset.size_bytes() + key.len();
        self.order.push_back(Arc::clone(&key));
        self.known.insert(key, Arc::clone(&subset));
        while self.size_bytes > CACHE_SIZE_BYTES_MAX {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some(removed) = self.known.remove(&oldest) {
                self.size_bytes -= removed.size_bytes() + oldest.len();
            }
        }
        Ok(subset)
    }
}

/// Appends a glyph and its text.
fn push_key_part(key: &mut Vec<u8>, glyph: u16, push_text: impl FnOnce(&mut Vec<u8>)) {
    key.extend_from_slice(&glyph.to_le_bytes());
    let start = key.len();
    key.push(0);
    push_text(key);
    let length = key.len() - start - 1;
    // The length stands before the text, so that two keys are equal only when all their parts are.
    if let Some(place) = key.get_mut(start) {
        *place = u8::try_from(length).unwrap_or(u8::MAX);
    }
}

impl Code {
    fn new(code: u16, advance: u16) -> Self {
        let mut escaped = Vec::new();
        for byte in code.to_be_bytes() {
            push_string_byte(&mut escaped, byte);
        }
        let mut bytes = [0; 4];
        bytes.iter_mut().zip(&escaped).for_each(|(place, &byte)| *place = byte);
        Self { bytes, length: u8::try_from(escaped.len()).unwrap_or_default(), advance }
    }
}

impl Subset {
    fn size_bytes(&self) -> usize {
        size_of_val(&*self.codes) + self.program.size_bytes() + self.to_unicode.size_bytes() + self.widths.len()
    }

    /// Writes the font's objects; `id` is that of the font itself, `upright` that of the one for lines that go down.
    pub(super) fn write(&self, file: &mut File<'_>, id: u32, upright: Option<u32>) -> Result<(), PdfError> {
        let [descendant, descriptor, program, to_unicode] = std::array::from_fn(|_| file.reserve());
        let glyph_map = self.glyph_map.as_ref().map(|stream| (file.reserve(), stream));
        // PDF/A-1 wants a list of the codes in a subset (ISO 19005-1, 6.3.5); later standards do without.
        let code_set = (file.version == FileVersion::Pdf14).then(|| file.reserve());

        let encodings = [(Some(id), b"/Encoding/Identity-H"), (upright, b"/Encoding/Identity-V")];
        for (id, encoding) in encodings.into_iter().filter_map(|(id, encoding)| Some((id?, encoding))) {
            let out = file.object(id)?;
            out.extend_from_slice(b"<</Type/Font/Subtype/Type0/BaseFont");
            push_name(out, &self.name);
            out.extend_from_slice(encoding);
            out.extend_from_slice(b"/DescendantFonts[");
            push_reference(out, descendant);
            out.extend_from_slice(b"]/ToUnicode ");
            push_reference(out, to_unicode);
            out.extend_from_slice(b">>");
        }

        let out = file.object(descendant)?;
        if self.compact {
            out.extend_from_slice(b"<</Type/Font/Subtype/CIDFontType0/BaseFont");
        } else {
            out.extend_from_slice(b"<</Type/Font/Subtype/CIDFontType2/CIDToGIDMap");
            match glyph_map {
                Some((map, _)) => {
                    out.push(b' ');
                    push_reference(out, map);
                }
                None => out.extend_from_slice(b"/Identity"),
            }
            out.extend_from_slice(b"/BaseFont");
        }
        push_name(out, &self.name);
        out.extend_from_slice(b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor ");
        push_reference(out, descriptor);
        out.extend_from_slice(b"/DW 0/W[0[");
        out.extend_from_slice(&self.widths);
        out.extend_from_slice(b"]]>>");

        let out = file.object(descriptor)?;
        out.extend_from_slice(b"<</Type/FontDescriptor/FontName");
        push_name(out, &self.name);
        out.extend_from_slice(&self.descriptor);
        out.extend_from_slice(if self.compact { b"/FontFile3 " } else { b"/FontFile2 " });
        push_reference(out, program);
        if let Some(id) = code_set {
            out.extend_from_slice(b"/CIDSet ");
            push_reference(out, id);
        }
        out.extend_from_slice(b">>");

        let mut dictionary = Vec::new();
        if self.compact {
            dictionary.extend_from_slice(b"/Subtype/CIDFontType0C");
        } else {
            dictionary.extend_from_slice(b"/Length1 ");
            push_unsigned(&mut dictionary, self.program.length as u64);
        }
        self.program.write(file, program, &dictionary);
        self.to_unicode.write(file, to_unicode, b"");
        if let Some((id, stream)) = glyph_map {
            stream.write(file, id, b"");
        }
        if let Some(id) = code_set {
            file.finished_stream(id, b"", &self.code_set());
        }
        Ok(())
    }

    /// A bit for each code, the first one on top; a subset has all up to its last.
    fn code_set(&self) -> Vec<u8> {
        let mut set = vec![0xFF; usize::from(self.code_count / 8)];
        if let rest @ 1.. = self.code_count % 8 {
            set.push(0xFF << (8 - rest));
        }
        set
    }
}

fn make(face: &Face, usage: &FaceUsage, text: &str, compressed: bool, key: &[u8]) -> Result<Subset, PdfError> {
    let failed = |reason: String| PdfError::Font { family: face.family().to_owned(), reason };
    let mut remapper = GlyphRemapper::new();
    for &glyph in usage.used() {
        remapper.remap(glyph);
    }
    let program = if face.is_colored() && !face.has_outlines() {
        let blank = open_type::blank(face).ok_or_else(|| failed("it cannot be made blank".into()))?;
        subsetter::subset(&blank, 0, &remapper)
    } else if face.is_variable() {
        let places: Vec<_> = face.places().iter().map(|place| (subsetter::Tag::new(&place.tag), place.value)).collect();
        subsetter::subset_with_variations(face.bytes(), face.index(), &places, &remapper)
    } else {
        subsetter::subset(face.bytes(), face.index(), &remapper)
    };
    let program = program.map_err(|error| failed(error.to_string()))?;
    let (compact, program) = open_type::embeddable(&program).ok_or_else(|| failed("its subset is damaged".into()))?;

    let mut codes = vec![Code::default(); usage.used().last().map_or(1, |&last| usize::from(last) + 1)];
    let (mut widths, mut texts) = (Vec::new(), Vec::new());
    let mut add = |code: u16, glyph: u16, text: Vec<u8>| {
        if code != 0 {
            widths.push(b' ');
        }
        let width = f32::from(face.advance(glyph));
        push_fixed(&mut widths, scaled(width, 100_000.0 / f64::from(face.units_per_em())), 2);
        texts.push(String::from_utf8(text).unwrap_or_default());
        Code::new(code, face.advance(glyph))
    };
    let told = |push: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = Vec::new();
        push(&mut bytes);
        bytes
    };
    for (glyph, code) in remapper.remapped_gids().zip(0_u16..) {
        let code = add(code, glyph, told(&|out| usage.push_text(glyph, text, out)));
        if let Some(place) = codes.get_mut(usize::from(glyph)) {
            *place = code;
        }
    }
    // A variant is one more code for a glyph. Compact outlines have no map from codes to glyphs.
    let mut variant_codes = Vec::new();
    let mut glyph_map = None;
    if !compact && usage.variants().len() > 0 {
        let mut map: Vec<u16> = (0..remapper.num_gids()).collect();
        for (variant, (glyph, code)) in usage.variants().zip(remapper.num_gids()..=u16::MAX).enumerate() {
            variant_codes.push(add(code, glyph, told(&|out| usage.push_variant_text(variant, text, out))));
            map.push(remapper.get(glyph).unwrap_or_default());
        }
        let bytes = map.into_iter().flat_map(u16::to_be_bytes).collect();
        glyph_map = Some(Stream::new(bytes, compressed)?);
    }
    // Parts of glyphs follow after the glyphs, and have codes too unless a map leaves them out.
    let code_count = u16::try_from(texts.len()).unwrap_or(u16::MAX);
    let part_count = if glyph_map.is_none() { open_type::glyph_count(&program).unwrap_or_default() } else { 0 };
    let code_count = code_count.max(part_count);
    Ok(Subset {
        codes: codes.into_boxed_slice(),
        variant_codes: variant_codes.into_boxed_slice(),
        name: name(face, key),
        compact,
        program: Stream::new(program, compressed)?,
        glyph_map,
        to_unicode: Stream::new(to_unicode::character_map(&texts), compressed)?,
        widths,
        descriptor: descriptor(face),
        code_count,
    })
}

/// The subset's name: six letters made from what it contains, and the face's own name.
fn name(face: &Face, key: &[u8]) -> String {
    let mut state = 0xCBF2_9CE4_8422_2325_u64;
    for &byte in key {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    let mut name = String::new();
    for letter in (0..6).map(|place| (state >> (8 * place)) % 26) {
        name.push(char::from(b'A' + u8::try_from(letter).unwrap_or_default()));
    }
    name.push('+');
    name.extend(face.postscript_name().chars().filter(|c| c.is_ascii_graphic() && !"()<>[]{}/%#".contains(*c)));
    name
}

/// Font descriptor entries (ISO 32000-1, 9.8) in thousandths of an em.
fn descriptor(face: &Face) -> Vec<u8> {
    const FIXED_PITCH: i64 = 1;
    const SYMBOLIC: i64 = 1 << 2;
    const ITALIC: i64 = 1 << 6;
    let metrics = face.metrics();
    let thousandths = |units: i16| scaled(f32::from(units), 1_000.0 / f64::from(metrics.units_per_em));
    let mut flags = SYMBOLIC;
    if metrics.monospace {
        flags |= FIXED_PITCH;
    }
    if face.italic() {
        flags |= ITALIC;
    }
    // No font states its stem; this is the usual guess from the weight.
    let stem = 50 + i64::from(face.weight()) * i64::from(face.weight()) / 4_225;

    let mut out = b"/Flags ".to_vec();
    push_integer(&mut out, flags);
    out.extend_from_slice(b"/FontBBox[");
    for side in metrics.bounds {
        push_integer(&mut out, thousandths(side));
        out.push(b' ');
    }
    out.push(b']');
    for (key, value) in [
        (&b"/ItalicAngle "[..], scaled(metrics.italic_angle, 1.0)),
        (b"/Ascent ", thousandths(metrics.ascent)),
        (b"/Descent ", thousandths(metrics.descent)),
        (b"/CapHeight ", thousandths(metrics.cap_height)),
        (b"/StemV ", stem),
    ] {
        out.extend_from_slice(key);
        push_integer(&mut out, value);
    }
    out
}
