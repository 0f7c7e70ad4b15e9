//! The output intent: what the colours of the file mean (ISO 32000-1, 14.11.5).

use std::sync::LazyLock;

use super::PdfError;
use super::file::File;
use super::number::{push_reference, push_text};
use super::stream::Stream;
use super::{press_profile, srgb};
use crate::conformance::Conformance;
use crate::document::Document;

/// A profile with and without compression.
type Profiles = [Result<Stream, PdfError>; 2];

fn streams(profile: &[u8]) -> Profiles {
    [false, true].map(|compressed| Stream::new(profile.to_vec(), compressed))
}

/// The profile of screens, made once.
static SCREEN: LazyLock<Profiles> = LazyLock::new(|| streams(&srgb::profile()));

/// That of presses for which the template has no other, made once.
static PRESS: LazyLock<Profiles> = LazyLock::new(|| streams(&press_profile::profile()));

fn write_profile(
    file: &mut File<'_>,
    id: u32,
    profiles: &Profiles,
    compressed: bool,
    channels: &[u8],
) -> Result<(), PdfError> {
    let [plain, small] = profiles;
    let profile = if compressed { small } else { plain };
    profile.as_ref().map_err(PdfError::clone)?.write(file, id, channels);
    Ok(())
}

/// Writes the entry of the catalog, and the profiles it leads to: sRGB, or the press that the file is made for.
pub(super) fn write(
    file: &mut File<'_>,
    document: &Document,
    conformance: &Conformance,
    compressed: bool,
) -> Result<Vec<u8>, PdfError> {
    let profile = file.reserve();
    let Some(rgb_profile) = file.rgb_profile else {
        write_profile(file, profile, &SCREEN, compressed, b"/N 3")?;
        let mut out = b"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)\
            /RegistryName(http://www.color.org)/Info(sRGB IEC61966-2.1)/DestOutputProfile "
            .to_vec();
        push_reference(&mut out, profile);
        out.extend_from_slice(b">>]");
        return Ok(out);
    };
    write_profile(file, rgb_profile, &SCREEN, compressed, b"/N 3")?;
    let name = match &document.condition {
        Some(condition) => {
            Stream::new(condition.profile.clone(), compressed)?.write(file, profile, b"/N 4");
            condition.identifier.as_str()
        }
        None => {
            write_profile(file, profile, &PRESS, compressed, b"/N 4")?;
            press_profile::NAME
        }
    };
    let mut out = b"/OutputIntents[".to_vec();
    // PDF/A reads the same intent in all its parts; both standards must mean the same press (ISO 19005-2, 6.2.3).
    for (subtype, wanted) in
        [(&b"GTS_PDFX"[..], conformance.is_exchange()), (b"GTS_PDFA1", conformance.archive().is_some())]
    {
        if wanted {
            out.extend_from_slice(b"<</Type/OutputIntent/S/");
            out.extend_from_slice(subtype);
            out.extend_from_slice(b"/OutputConditionIdentifier");
            push_text(&mut out, name);
            if document.condition.is_some() {
                out.extend_from_slice(b"/RegistryName(http://www.color.org)");
            }
            out.extend_from_slice(b"/Info");
            push_text(&mut out, name);
            out.extend_from_slice(b"/DestOutputProfile ");
            push_reference(&mut out, profile);
            out.extend_from_slice(b">>");
        }
    }
    out.push(b']');
    Ok(out)
}
