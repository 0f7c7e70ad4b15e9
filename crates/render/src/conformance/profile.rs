//! The standards that a file can follow, by name.

/// A standard that a file follows, with its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// PDF/A-1b (ISO 19005-1): looks the same for ever; PDF 1.4 without transparency.
    PdfA1b,
    /// PDF/A-2b (ISO 19005-2): looks the same for ever.
    PdfA2b,
    /// PDF/A-2u: also, all text can be searched and copied.
    PdfA2u,
    /// PDF/A-2a: also, tagged.
    PdfA2a,
    /// PDF/A-3b (ISO 19005-3): as PDF/A-2b, with files of any kind inside.
    PdfA3b,
    /// PDF/A-3u: also, all text can be searched and copied.
    PdfA3u,
    /// PDF/A-3a: also, tagged.
    PdfA3a,
    /// PDF/A-4 (ISO 19005-4): for PDF 2.0.
    PdfA4,
    /// PDF/A-4f: with files of any kind inside.
    PdfA4f,
    /// PDF/UA-1 (ISO 14289-1): tagged, accessible.
    PdfUa1,
    /// PDF/UA-2 (ISO 14289-2): the same for PDF 2.0.
    PdfUa2,
    /// PDF/X-4 (ISO 15930-7): ready for a press, with transparency.
    PdfX4,
}

impl Profile {
    /// All that this engine can make.
    pub const ALL: [Self; 12] = [
        Self::PdfA1b,
        Self::PdfA2b,
        Self::PdfA2u,
        Self::PdfA2a,
        Self::PdfA3b,
        Self::PdfA3u,
        Self::PdfA3a,
        Self::PdfA4,
        Self::PdfA4f,
        Self::PdfUa1,
        Self::PdfUa2,
        Self::PdfX4,
    ];

    /// Its name, as templates write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PdfA1b => "PDF/A-1b",
            Self::PdfA2b => "PDF/A-2b",
            Self::PdfA2u => "PDF/A-2u",
            Self::PdfA2a => "PDF/A-2a",
            Self::PdfA3b => "PDF/A-3b",
            Self::PdfA3u => "PDF/A-3u",
            Self::PdfA3a => "PDF/A-3a",
            Self::PdfA4 => "PDF/A-4",
            Self::PdfA4f => "PDF/A-4f",
            Self::PdfUa1 => "PDF/UA-1",
            Self::PdfUa2 => "PDF/UA-2",
            Self::PdfX4 => "PDF/X-4",
        }
    }

    /// The standard with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }

    /// Whether it is one of PDF/A.
    #[must_use]
    pub fn is_archive(self) -> bool {
        self.part_of_archive().is_some()
    }

    /// Part and level of PDF/A, as the file states them.
    #[must_use]
    pub fn part_of_archive(self) -> Option<(u8, &'static str)> {
        match self {
            Self::PdfA1b => Some((1, "B")),
            Self::PdfA2b => Some((2, "B")),
            Self::PdfA2u => Some((2, "U")),
            Self::PdfA2a => Some((2, "A")),
            Self::PdfA3b => Some((3, "B")),
            Self::PdfA3u => Some((3, "U")),
            Self::PdfA3a => Some((3, "A")),
            Self::PdfA4 => Some((4, "")),
            Self::PdfA4f => Some((4, "F")),
            Self::PdfUa1 | Self::PdfUa2 | Self::PdfX4 => None,
        }
    }

    /// Part of PDF/UA.
    #[must_use]
    pub fn part_of_accessibility(self) -> Option<u8> {
        match self {
            Self::PdfUa1 => Some(1),
            Self::PdfUa2 => Some(2),
            _ => None,
        }
    }

    /// Whether it asks for tags, and so for texts in place of pictures.
    #[must_use]
    pub fn is_tagged(self) -> bool {
        matches!(self, Self::PdfA2a | Self::PdfA3a | Self::PdfUa1 | Self::PdfUa2)
    }
}
