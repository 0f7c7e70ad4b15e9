//! Several standards for one file: which go together, and what follows from them.

use std::fmt;

use super::profile::Profile;

/// The standards that one file follows. The empty set asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conformance {
    profiles: Vec<Profile>,
}

/// The version of PDF that a file states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileVersion {
    /// PDF 1.4: no object streams, no cross-reference stream.
    Pdf14,
    /// PDF 1.6, which PDF/X-4 is made for.
    Pdf16,
    /// PDF 1.7 (ISO 32000-1).
    Pdf17,
    /// PDF 2.0 (ISO 32000-2).
    Pdf20,
}

/// Two standards that no file can follow at once. `Display` says why; [`Conflict::hint`] what would work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    first: Profile,
    second: Profile,
    reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    ArchiveParts,
    ArchiveLevels,
    AccessibilityParts,
    Versions,
    Exchange,
}

impl Conformance {
    /// Takes standards that go together; one named twice counts once.
    ///
    /// # Errors
    /// The first two that do not go together.
    pub fn of(profiles: impl IntoIterator<Item = Profile>) -> Result<Self, Conflict> {
        let mut profiles: Vec<Profile> = profiles.into_iter().collect();
        profiles.sort_unstable();
        profiles.dedup();
        for (place, &second) in profiles.iter().enumerate() {
            for &first in profiles.iter().take(place) {
                if let Some(reason) = conflict(first, second) {
                    return Err(Conflict { first, second, reason });
                }
            }
        }
        Ok(Self { profiles })
    }

    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.profiles.is_empty()
    }

    /// The standards in a fixed order.
    #[must_use]
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// The PDF/A that the file states: the one that asks most, since a part's levels contain each other.
    #[must_use]
    pub fn archive(&self) -> Option<Profile> {
        self.profiles.iter().copied().rfind(|profile| profile.is_archive())
    }

    /// The PDF/UA that the file states.
    #[must_use]
    pub fn accessible(&self) -> Option<Profile> {
        self.profiles.iter().copied().rfind(|profile| profile.part_of_accessibility().is_some())
    }

    /// Whether the file is one of PDF/X, for a press.
    #[must_use]
    pub fn is_exchange(&self) -> bool {
        self.profiles.contains(&Profile::PdfX4)
    }

    /// The part of PDF/A that the file states.
    #[must_use]
    pub fn archive_part(&self) -> Option<u8> {
        self.archive().and_then(Profile::part_of_archive).map(|(part, _)| part)
    }

    /// The version of PDF that follows from the standards.
    #[must_use]
    pub fn version(&self) -> FileVersion {
        self.profiles.iter().map(|&profile| version(profile)).fold(None, both).unwrap_or(FileVersion::Pdf17)
    }
}

fn both(known: Option<FileVersion>, next: FileVersion) -> Option<FileVersion> {
    // PDF/UA-1 is content with 1.4, where PDF/A-1 needs it; it and PDF/A-2 are with 1.6, where PDF/X-4 does.
    Some(match (known, next) {
        (Some(FileVersion::Pdf14), _) | (_, FileVersion::Pdf14) => FileVersion::Pdf14,
        (Some(FileVersion::Pdf16), _) | (_, FileVersion::Pdf16) => FileVersion::Pdf16,
        (Some(known), next) => known.max(next),
        (None, next) => next,
    })
}

/// The version that a standard is made for.
fn version(profile: Profile) -> FileVersion {
    match profile {
        Profile::PdfA1b => FileVersion::Pdf14,
        Profile::PdfX4 => FileVersion::Pdf16,
        Profile::PdfA4 | Profile::PdfA4f | Profile::PdfUa2 => FileVersion::Pdf20,
        _ => FileVersion::Pdf17,
    }
}

fn conflict(first: Profile, second: Profile) -> Option<Reason> {
    if second == Profile::PdfX4 {
        let goes =
            matches!(first, Profile::PdfA2b | Profile::PdfA2u | Profile::PdfA2a | Profile::PdfUa1 | Profile::PdfX4);
        return (!goes).then_some(Reason::Exchange);
    }
    let parts = (first.part_of_archive(), second.part_of_archive());
    match parts {
        (Some((one, _)), Some((other, _))) if one != other => Some(Reason::ArchiveParts),
        // The one forbids files inside, the other asks for them.
        (Some((4, one)), Some((4, other))) => (one != other).then_some(Reason::ArchiveLevels),
        (Some(_), Some(_)) => None,
        (None, None) => (first != second).then_some(Reason::AccessibilityParts),
        _ => {
            let is_new = |profile| version(profile) == FileVersion::Pdf20;
            (is_new(first) != is_new(second)).then_some(Reason::Versions)
        }
    }
}

impl Conflict {
    /// What would work.
    #[must_use]
    pub fn hint(&self) -> String {
        let (first, second) = (self.first.name(), self.second.name());
        match self.reason {
            Reason::ArchiveParts | Reason::ArchiveLevels | Reason::AccessibilityParts => {
                format!("ask for {first} or for {second}, not both")
            }
            Reason::Exchange => format!("{second} goes with PDF/A-2 and PDF/UA-1; make another file for {first}"),
            Reason::Versions if self.second == Profile::PdfUa2 => {
                format!("{first} goes with PDF/UA-1; {second} goes with PDF/A-4 and PDF/A-4f")
            }
            Reason::Versions => format!("{first} goes with PDF/UA-2; {second} goes with PDF/A-1b, PDF/A-2 and PDF/A-3"),
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = (self.first.name(), self.second.name());
        write!(f, "one file cannot follow {first} and {second}: ")?;
        match self.reason {
            Reason::ArchiveParts => f.write_str("a file states one part of PDF/A"),
            Reason::ArchiveLevels => f.write_str("the one has no files of other kinds inside, the other has"),
            Reason::AccessibilityParts => f.write_str("a file states one part of PDF/UA"),
            Reason::Exchange => f.write_str("the one is made for a press and for PDF 1.6, the other is not"),
            Reason::Versions => {
                let name = |profile| match version(profile) {
                    FileVersion::Pdf14 => "PDF 1.4",
                    FileVersion::Pdf16 => "PDF 1.6",
                    FileVersion::Pdf17 => "PDF 1.7",
                    FileVersion::Pdf20 => "PDF 2.0",
                };
                write!(f, "the one is for {}, the other for {}", name(self.first), name(self.second))
            }
        }
    }
}
