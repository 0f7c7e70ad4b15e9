//! What stands between a page of another file and a standard.

/// Something in a page that some standards forbid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Obstacle {
    pub(crate) matter: Matter,
    /// What it is: a sentence without its full stop.
    pub(crate) what: String,
}

/// What an obstacle is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Matter {
    /// Something is transparent.
    Transparency,
    /// A colour of any screen.
    Rgb,
    /// A colour of any press.
    Cmyk,
    /// A colour profile that does not fit.
    Profile,
    /// A colour profile that is too new for PDF/A-1.
    NewProfile,
    /// Inks with recipes of their own.
    Ink,
    /// A graphics state.
    State,
    /// A rendering intent.
    RenderingIntent,
    /// A picture.
    Image,
    /// A way to pack data.
    Filter,
    /// A program.
    PostScript,
    /// An operator.
    Operator,
    /// A font that is not inside.
    Embedding,
    /// A part of a font that does not say which.
    Subset,
    /// A composite font.
    Composite,
    /// Widths of glyphs.
    Metrics,
    /// Codes of glyphs.
    Encoding,
    /// Codes that do not lead to Unicode.
    Unicode,
    /// Codes that lead to private characters.
    PrivateUse,
    /// A glyph that the font does not have.
    Glyph,
}

/// What an examination of a page has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Examination {
    pub(crate) obstacles: Vec<Obstacle>,
    /// How deep graphics states are saved inside of each other.
    pub(crate) depth: usize,
}
