//! The output intent: what the colours of the file mean (ISO 32000-1, 14.11.5).

use std::sync::LazyLock;

use super::PdfError;
use super::file::File;
use super::number::push_reference;
use super::srgb;
use super::stream::Stream;

/// The profile with and without compression, made once.
static PROFILES: LazyLock<[Result<Stream, PdfError>; 2]> =
    LazyLock::new(|| [false, true].map(|compressed| Stream::new(srgb::profile(), compressed)));

/// Writes the entry of the catalog, and the profile it leads to. PDF/A reads the same intent in all its parts.
pub(super) fn write(file: &mut File<'_>, compressed: bool) -> Result<Vec<u8>, PdfError> {
    let [plain, small] = &*PROFILES;
    let profile = if compressed { small } else { plain };
    let id = file.reserve();
    profile.as_ref().map_err(PdfError::clone)?.write(file, id, b"/N 3");
    let mut out = b"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)\
        /RegistryName(http://www.color.org)/Info(sRGB IEC61966-2.1)/DestOutputProfile "
        .to_vec();
    push_reference(&mut out, id);
    out.extend_from_slice(b">>]");
    Ok(out)
}
