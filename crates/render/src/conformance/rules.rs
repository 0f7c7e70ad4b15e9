//! What the standards ask of a document, each rule with its clause in each standard.

use std::fmt;

use super::combine::Conformance;
use super::profile::Profile;

/// Something that a standard asks of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Rule {
    /// The file is tagged.
    Tags,
    /// It has a title.
    Title,
    /// It has a language.
    Language,
    /// What is only seen has a text.
    Alternative,
    /// Levels of headings are not skipped.
    Headings,
    /// Tags stand where they may.
    Nesting,
    /// Everything is opaque.
    Opacity,
    /// Colours have a meaning on every device.
    Color,
    /// Content has nothing but what there is.
    Foreign,
    /// A page is for a press.
    Press,
    /// Colour profiles are of a kind that the standard knows.
    Profile,
    /// Inks of one name are the same ink.
    Ink,
    /// What a graphics state may ask for.
    State,
    /// Which rendering intents there are.
    RenderingIntent,
    /// What a picture may ask for.
    Image,
    /// How data may be packed.
    Filter,
    /// No programs.
    PostScript,
    /// Parts of fonts say which part they are.
    Subset,
    /// How composite fonts are made.
    Composite,
    /// Widths are those of the glyphs.
    Metrics,
    /// Codes lead to glyphs plainly.
    Encoding,
    /// The font has the glyph.
    Glyph,
    /// The font may be embedded.
    Embedding,
    /// Codes lead to Unicode.
    Unicode,
    /// No text is private.
    PrivateUse,
    /// Which files may be inside.
    Attachments,
    /// A file is inside.
    Attached,
    /// Length of strings.
    StringLength,
    /// Length of arrays.
    ArrayLength,
    /// Nesting of the graphics state.
    StateDepth,
    /// Nothing is clickable where it is printed.
    Annotations,
    /// The profile of the press is one that the file may have.
    Intent,
}

/// Bytes of a string in PDF/A-1 (ISO 19005-1, 6.1.12).
pub(super) const STRING_LENGTH_BYTES_MAX_1: usize = 65_535;
/// Bytes of a string in PDF/A-2 and -3 (ISO 19005-2, 6.1.13).
pub(super) const STRING_LENGTH_BYTES_MAX: usize = 32_767;
/// Elements of an array in PDF/A-1 (ISO 19005-1, 6.1.12).
pub(super) const ARRAY_LENGTH_MAX: usize = 8_191;
/// Nesting of saved graphics states in PDF/A-1, -2 and -3 (ISO 19005-1, 6.1.12; ISO 19005-2, 6.1.13).
pub(super) const STATE_DEPTH_MAX: usize = 28;

/// A rule of a standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    pub(super) profile: Profile,
    clause: &'static str,
}

impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let standard = match self.profile.part_of_archive() {
            Some((1, _)) => "ISO 19005-1",
            Some((2, _)) => "ISO 19005-2",
            Some((3, _)) => "ISO 19005-3",
            Some(_) => "ISO 19005-4",
            None if self.profile == Profile::PdfX4 => "ISO 15930-7",
            None if self.profile == Profile::PdfUa1 => "ISO 14289-1",
            None => "ISO 14289-2",
        };
        write!(f, "{} does not allow that ({standard}, {})", self.profile.name(), self.clause)
    }
}

impl Conformance {
    /// The first of the standards that asks for this.
    pub(super) fn asks(&self, rule: Rule) -> Option<Demand> {
        self.profiles().iter().find_map(|&profile| Some(Demand { profile, clause: clause(profile, rule)? }))
    }
}

/// Where a standard asks for this, when it does.
fn clause(profile: Profile, rule: Rule) -> Option<&'static str> {
    let clause = match profile {
        Profile::PdfA1b => match rule {
            Rule::Opacity => "6.4",
            Rule::Color => "6.2.3.3",
            Rule::Foreign => "6.2.10",
            Rule::Profile => "6.2.3.2",
            Rule::Image => "6.2.4",
            Rule::PostScript => "6.2.7",
            Rule::State => "6.2.8",
            Rule::RenderingIntent => "6.2.9",
            Rule::Filter => "6.1.10",
            Rule::Composite => "6.3.3",
            Rule::Subset => "6.3.5",
            Rule::Metrics => "6.3.6",
            Rule::Encoding => "6.3.7",
            Rule::Intent => "6.2.2",
            Rule::Glyph => "6.3.5",
            Rule::Embedding => "6.3.4",
            Rule::Attachments => "6.1.11",
            Rule::StringLength | Rule::ArrayLength | Rule::StateDepth => "6.1.12",
            _ => return None,
        },
        // Parts 2 and 3 have the same clauses; only files inside are another matter.
        Profile::PdfA2b | Profile::PdfA2u | Profile::PdfA2a | Profile::PdfA3b | Profile::PdfA3u | Profile::PdfA3a => {
            let is_mapped = !matches!(profile, Profile::PdfA2b | Profile::PdfA3b);
            let is_tagged = profile.is_tagged();
            let is_closed = matches!(profile, Profile::PdfA2b | Profile::PdfA2u | Profile::PdfA2a);
            match rule {
                Rule::Color => "6.2.4.3",
                Rule::Foreign => "6.2.2",
                Rule::Profile => "6.2.4.2",
                Rule::Ink => "6.2.4.4",
                Rule::State => "6.2.5",
                Rule::RenderingIntent => "6.2.6",
                Rule::Image => "6.2.8",
                Rule::PostScript => "6.2.9",
                Rule::Filter => "6.1.7.2",
                Rule::Composite => "6.2.11.3",
                Rule::Metrics => "6.2.11.5",
                Rule::Encoding => "6.2.11.6",
                Rule::Glyph => "6.2.11.8",
                Rule::Embedding => "6.2.11.4.1",
                Rule::StringLength | Rule::StateDepth => "6.1.13",
                Rule::Attachments if is_closed => "6.8",
                Rule::Unicode if is_mapped => "6.2.11.7.2",
                Rule::PrivateUse if is_tagged => "6.2.11.7.3",
                Rule::Tags if is_tagged => "6.7.2",
                Rule::Language if is_tagged => "6.7.4",
                Rule::Alternative if is_tagged => "6.7.5",
                _ => return None,
            }
        }
        Profile::PdfA4 | Profile::PdfA4f => match rule {
            Rule::Color => "6.2.4.3",
            Rule::Foreign => "6.2.2",
            Rule::Profile => "6.2.4.2",
            Rule::Ink => "6.2.4.4",
            Rule::State => "6.2.5",
            Rule::RenderingIntent => "6.2.6",
            Rule::Image => "6.2.7",
            Rule::PostScript => "6.2.8",
            Rule::Filter => "6.1.6.2",
            Rule::Composite => "6.2.10.3",
            Rule::Metrics => "6.2.10.5",
            Rule::Encoding => "6.2.10.6",
            Rule::Glyph => "6.2.10.9",
            Rule::Embedding => "6.2.10.4.1",
            Rule::Unicode => "6.2.10.7",
            Rule::PrivateUse => "6.2.10.8",
            Rule::Attachments if profile == Profile::PdfA4 => "6.9",
            Rule::Attached if profile == Profile::PdfA4f => "6.9",
            _ => return None,
        },
        Profile::PdfUa1 => match rule {
            Rule::Tags | Rule::Title => "7.1",
            Rule::Language | Rule::Nesting => "7.2",
            Rule::Alternative => "7.3",
            Rule::Headings => "7.4.2",
            Rule::Composite => "7.21.3",
            Rule::Metrics => "7.21.5",
            Rule::Encoding => "7.21.6",
            Rule::Glyph => "7.21.8",
            Rule::Embedding => "7.21.4.1",
            Rule::Unicode => "7.21.7",
            _ => return None,
        },
        // What the standard is about where it says this; its numbers changed from one edition to the next.
        Profile::PdfX4 => match rule {
            Rule::Title => "metadata",
            Rule::Embedding => "fonts",
            Rule::Press => "content of pages",
            Rule::Annotations => "annotations",
            _ => return None,
        },
        Profile::PdfUa2 => match rule {
            Rule::Tags => "8.2.1",
            Rule::Composite => "8.4.5.4",
            Rule::Metrics => "8.4.5.6",
            Rule::Encoding => "8.4.5.7",
            Rule::Title => "8.11.1",
            Rule::Language => "8.4.4",
            Rule::Alternative => "8.2.5.28.2",
            Rule::Nesting => "8.2.5",
            Rule::Glyph => "8.4.5.9",
            Rule::Embedding => "8.4.5.5.1",
            Rule::Unicode => "8.4.5.8",
            Rule::PrivateUse => "8.4.3",
            _ => return None,
        },
    };
    Some(clause)
}
