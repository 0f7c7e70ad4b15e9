//! How large the data of a PDF becomes when it is unpacked, found before anything of it is kept.
//!
//! A file of twenty megabytes can hold as many gigabytes. Whoever reads a PDF unpacks the tables of its objects first,
//! and any of its streams may be such a table, so all of them are counted.

use flate2::{Decompress, FlushDecompress, Status};
use hayro::hayro_syntax::object::{Dict, MaybeRef, Number, Object};
use hayro::hayro_syntax::reader::{Reader, ReaderExt as _};

use super::copy::damaged;
use crate::limits::Limits;
use crate::picture::PictureError;

/// Bytes that may be unpacked for each pixel that a picture may have: one picture of four channels, or many smaller ones.
const PIXEL_SIZE_BYTES: usize = 4;

/// Objects of one file; the largest drawings have some ten thousand.
const OBJECT_COUNT_MAX: usize = 200_000;

/// Dictionaries that are looked at whole: those of streams are far shorter.
const USUAL_DICTIONARY_SIZE_BYTES: usize = 16_384;

/// Longer dictionaries of one file, such as those with the widths of many glyphs.
const LONG_DICTIONARY_COUNT_MAX: usize = 200;

/// Bytes that come of one, at most.
const FLATE_FACTOR: usize = 1_032;
const LZW_FACTOR: usize = 2_731;
const RUN_LENGTH_FACTOR: usize = 64;
const ASCII_85_FACTOR: usize = 4;

/// Refuses a file whose streams unpack to more than `limits` allow.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), PictureError> {
    let pixels_max = usize::try_from(limits.picture_pixels_max).unwrap_or(usize::MAX);
    let size_bytes_max = pixels_max.saturating_mul(PIXEL_SIZE_BYTES);
    let too_much = || PictureError::PdfLimit { what: "unpacked bytes in one file", limit: size_bytes_max };
    let mut scratch = vec![0; SCRATCH_SIZE_BYTES];
    let mut size_bytes = 0_usize;
    let (mut count, mut long_count) = (0, 0);
    for start in object_starts(bytes) {
        count += 1;
        if count > OBJECT_COUNT_MAX {
            return Err(PictureError::PdfLimit { what: "objects in one file", limit: OBJECT_COUNT_MAX });
        }
        let Some((dictionary, data)) = stream_at(bytes.get(start..).unwrap_or_default(), &mut long_count)? else {
            continue;
        };
        let left = size_bytes_max.saturating_sub(size_bytes);
        size_bytes = size_bytes.saturating_add(unpacked(&dictionary, data, left, &mut scratch)?);
        if size_bytes > size_bytes_max {
            return Err(too_much());
        }
    }
    Ok(())
}

/// Where the values of objects begin: behind each `obj` that is not `endobj`.
fn object_starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let found = bytes.windows(3).enumerate().filter(|(_, window)| *window == b"obj");
    found
        .map(|(at, _)| at)
        .filter(|at| !bytes.get(..*at).is_some_and(|before| before.ends_with(b"end")))
        .map(|at| at + 3)
}

/// The dictionary of a stream and all that follows its beginning, where a stream begins.
fn stream_at<'a>(bytes: &'a [u8], long_count: &mut usize) -> Result<Option<(Dict<'a>, &'a [u8])>, PictureError> {
    let mut reader = Reader::new(bytes);
    reader.skip_white_spaces_and_comments();
    let start = reader.offset();
    let rest = bytes.get(start..).unwrap_or_default();
    if !rest.starts_with(b"<<") {
        return Ok(None);
    }
    let usual = rest.get(..USUAL_DICTIONARY_SIZE_BYTES);
    let mut found = dictionary_of(usual.unwrap_or(rest));
    if found.is_none() && usual.is_some() {
        *long_count += 1;
        if *long_count > LONG_DICTIONARY_COUNT_MAX {
            let what = "long dictionaries in one file";
            return Err(PictureError::PdfLimit { what, limit: LONG_DICTIONARY_COUNT_MAX });
        }
        found = dictionary_of(rest);
    }
    let Some((dictionary, length)) = found else { return Ok(None) };
    let mut reader = Reader::new(rest.get(length..).unwrap_or_default());
    reader.skip_white_spaces_and_comments();
    if reader.forward_tag(b"stream").is_none() {
        return Ok(None);
    }
    let _end = reader.forward_tag(b"\n").or_else(|| reader.forward_tag(b"\r\n")).or_else(|| reader.forward_tag(b"\r"));
    Ok(reader.tail().map(|data| (dictionary, data)))
}

fn dictionary_of(bytes: &[u8]) -> Option<(Dict<'_>, usize)> {
    let mut reader = Reader::new(bytes);
    let dictionary = reader.read_without_context::<Dict<'_>>()?;
    Some((dictionary, reader.offset()))
}

/// Size of what a stream unpacks to; when it is above `left`, some number above it.
fn unpacked(dictionary: &Dict<'_>, data: &[u8], left: usize, scratch: &mut [u8]) -> Result<usize, PictureError> {
    let factors = factors_of(dictionary)?;
    let Some((first, others)) = factors.split_first() else { return Ok(0) };
    let worst =
        |size_bytes: usize, factors: &[usize]| factors.iter().fold(size_bytes, |size, by| size.saturating_mul(*by));
    if *first != FLATE_FACTOR {
        return Ok(worst(length_of(dictionary, data), &factors));
    }
    let mut size_bytes = 0_usize;
    let mut is_whole = false;
    // Behind the two bytes of a zlib stream; a stream without them is read from its beginning.
    for start in [2, 0] {
        let (count, has_ended) = inflated(data.get(start..).unwrap_or_default(), left, scratch);
        size_bytes = size_bytes.saturating_add(count);
        is_whole |= has_ended;
        if size_bytes > left {
            return Ok(size_bytes);
        }
    }
    if !is_whole {
        // It is damaged or encrypted, and nobody knows what a patient reader makes of it.
        size_bytes = size_bytes.saturating_add(worst(length_of(dictionary, data), &[FLATE_FACTOR]));
    }
    Ok(worst(size_bytes, others))
}

/// By how much the filters of a stream lengthen it at most, one after the other, up to one that makes an image. A file
/// that names them elsewhere hides them: no program writes so.
fn factors_of(dictionary: &Dict<'_>) -> Result<Vec<usize>, PictureError> {
    let mut factors = Vec::new();
    for key in ["F", "Filter"] {
        let filters = match dictionary.get_raw::<Object<'_>>(key) {
            Some(MaybeRef::NotRef(Object::Array(filters))) => filters.raw_iter().collect(),
            Some(filter) => vec![filter],
            None => Vec::new(),
        };
        for filter in filters {
            factors.push(match filter {
                MaybeRef::NotRef(Object::Name(name)) => match name.as_ref() {
                    b"FlateDecode" | b"Fl" => FLATE_FACTOR,
                    b"LZWDecode" | b"LZW" => LZW_FACTOR,
                    b"RunLengthDecode" | b"RL" => RUN_LENGTH_FACTOR,
                    b"ASCII85Decode" | b"A85" => ASCII_85_FACTOR,
                    b"DCTDecode" | b"DCT" | b"JPXDecode" | b"JBIG2Decode" | b"CCITTFaxDecode" | b"CCF" => break,
                    _ => 1,
                },
                MaybeRef::Ref(_) => return Err(damaged("how a stream is packed is not told where the stream is")),
                MaybeRef::NotRef(_) => 1,
            });
        }
    }
    Ok(factors)
}

/// Length of the data of a stream at most.
fn length_of(dictionary: &Dict<'_>, data: &[u8]) -> usize {
    let said = match dictionary.get_raw::<Number>("Length") {
        Some(MaybeRef::NotRef(length)) => usize::try_from(length.as_i64()).unwrap_or(0),
        Some(MaybeRef::Ref(_)) => data.len(),
        None => 0,
    };
    let end = data.windows(END.len()).position(|window| window == END).unwrap_or(data.len());
    said.min(data.len()).max(end)
}

/// What stands behind the data of a stream.
const END: &[u8] = b"endstream";

/// Bytes that are inflated at once, to be counted and forgotten.
const SCRATCH_SIZE_BYTES: usize = 65_536;

/// How many bytes come out of deflated data, counted up to a bit above `count_max`, and whether it has an end.
fn inflated(data: &[u8], count_max: usize, scratch: &mut [u8]) -> (usize, bool) {
    let mut inflater = Decompress::new(false);
    let mut count = 0_usize;
    while count <= count_max {
        let rest = usize::try_from(inflater.total_in()).ok().and_then(|read| data.get(read..)).unwrap_or_default();
        let before = (inflater.total_in(), inflater.total_out());
        let Ok(status) = inflater.decompress(rest, scratch, FlushDecompress::None) else { return (count, false) };
        count = usize::try_from(inflater.total_out()).unwrap_or(usize::MAX);
        if status == Status::StreamEnd {
            return (count, true);
        }
        if (inflater.total_in(), inflater.total_out()) == before {
            return (count, false);
        }
    }
    (count, true)
}
