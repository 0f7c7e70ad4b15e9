//! The press that a file is made for: its profile is found among the assets, and looked at before it is believed.

use std::sync::Arc;

use super::state::{Layouter, Site};
use crate::diagnostic::codes;
use crate::document::PrintingCondition;

/// Bytes of a profile; the largest that associations of printers publish have nine million.
const PROFILE_SIZE_BYTES_MAX: usize = 16 << 20;

/// Bytes of the header of a profile (ICC.1, 7.2).
const HEADER_LENGTH: usize = 128;

impl Layouter<'_> {
    /// The press that the template names. What is wrong with it is recorded.
    pub(super) fn condition(&mut self) -> Option<Arc<PrintingCondition>> {
        let intent = self.template.output.intent.as_ref()?;
        let site = Site { pointer: "/output/intent", property: "profile", node: None };
        let Some(bytes) = self.world.assets().asset(&intent.profile) else {
            let message = format!("there is no asset \"{}\"", intent.profile);
            let hint = "upload the ICC profile of the press under this name".to_owned();
            self.error(codes::MISSING_IMAGE, site, message, Some(hint));
            return None;
        };
        if let Err(what) = check(&bytes) {
            let hint = "use the profile of a press with four inks, such as those of the ICC's registry".to_owned();
            self.error(codes::INVALID_VALUE, site, format!("the asset \"{}\" {what}", intent.profile), Some(hint));
            return None;
        }
        Some(Arc::new(PrintingCondition { identifier: intent.condition.clone(), profile: bytes.to_vec() }))
    }
}

/// Whether bytes are the profile of an output device with four inks, of a version that PDF 1.6 knows (ICC.1, 7.2).
fn check(bytes: &[u8]) -> Result<(), &'static str> {
    if bytes.len() > PROFILE_SIZE_BYTES_MAX {
        return Err("is too large for a profile");
    }
    let stated = bytes.first_chunk::<4>().map(|length| u64::from(u32::from_be_bytes(*length)));
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if bytes.len() < HEADER_LENGTH || bytes.get(36..40) != Some(b"acsp") || stated.is_none_or(|stated| stated > length)
    {
        return Err("is no ICC profile");
    }
    if bytes.get(12..16) != Some(b"prtr") || bytes.get(16..20) != Some(b"CMYK") {
        return Err("is a profile of another device than a press with cyan, magenta, yellow and black");
    }
    if !matches!(bytes.get(8), Some(2 | 4)) {
        return Err("is a profile of a version that PDF does not know");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_profiles_of_four_inks_are_taken() {
        let mut profile = vec![0; 132];
        for (at, part) in [(0, &[0, 0, 0, 132][..]), (8, &[2]), (12, b"prtrCMYK"), (36, b"acsp")] {
            profile.splice(at..at + part.len(), part.iter().copied());
        }
        assert_eq!(check(&profile), Ok(()));
        assert_eq!(check(&[]), Err("is no ICC profile"));
        assert_eq!(check(profile.get(..131).unwrap_or_default()), Err("is no ICC profile"));
        let mut display = profile.clone();
        display.splice(12..20, *b"mntrRGB ");
        assert_eq!(
            check(&display),
            Err("is a profile of another device than a press with cyan, magenta, yellow and black")
        );
        let mut new = profile;
        new.splice(8..9, [5]);
        assert_eq!(check(&new), Err("is a profile of a version that PDF does not know"));
    }
}
