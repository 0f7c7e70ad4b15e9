//! How a font and its letters are used beyond family, size and weight: features, axes, and how paragraphs are set.

pub use crate::fonts::AxisSetting;

/// What a style says about the finer points of setting text.
#[derive(Clone, Debug, PartialEq)]
pub struct Typography {
    /// OpenType features that are switched, ordered by tag, each tag once.
    pub features: Vec<FeatureSetting>,
    /// Places on the axes of variable fonts, ordered by tag, each tag once.
    pub axes: Vec<AxisSetting>,
    /// Whether letters are joined as the font wants it.
    pub ligatures: bool,
    /// Whether pairs of letters are moved together or apart as the font wants it.
    pub kerning: bool,
    /// Whether words are broken by the rules of the text's language.
    pub hyphenate: bool,
    /// How a paragraph is cut into lines.
    pub wrap: Wrap,
    /// How much justified lines may change the space between letters, in em.
    pub letter_stretch: f32,
    /// Whether full stops, hyphens and quotation marks stand a little outside of the edges.
    pub hanging_punctuation: bool,
    /// Which way lines go; a node says it, not a style.
    pub writing: Writing,
    /// How letters stand in lines that go down.
    pub orientation: Orientation,
    /// What is set upright in one square of a line that goes down.
    pub combine: Combine,
}

impl Default for Typography {
    fn default() -> Self {
        Self {
            features: Vec::new(),
            axes: Vec::new(),
            ligatures: true,
            kerning: true,
            hyphenate: false,
            wrap: Wrap::Greedy,
            letter_stretch: 0.0,
            hanging_punctuation: false,
            writing: Writing::default(),
            orientation: Orientation::default(),
            combine: Combine::default(),
        }
    }
}

impl Typography {
    /// Whether lines are as full as they can be, without words broken by rules and without marks at the edges.
    pub(crate) fn breaks_plainly(&self) -> bool {
        self.wrap == Wrap::Greedy && !self.hyphenate && !self.hanging_punctuation
    }
}

/// An OpenType feature and what it is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureSetting {
    /// Its tag, such as `smcp`.
    pub tag: [u8; 4],
    /// 0 is off, 1 is on; more chooses among alternatives.
    pub value: u16,
}

/// How a paragraph is cut into lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrap {
    /// Each line takes what fits.
    #[default]
    Greedy,
    /// As few lines as possible, all about equally long: for headings and captions.
    Balance,
    /// All breaks are chosen together, so that spaces are even and few words are broken: for running text.
    Pretty,
}

/// Which way lines go (CSS Writing Modes 4, clause 3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writing {
    /// Lines go across, the next one below.
    #[default]
    Horizontal,
    /// Lines go down, the next one to the left, as in Japanese and Chinese books.
    VerticalRl,
}

/// How letters stand in lines that go down (CSS Writing Modes 4, clause 5.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orientation {
    /// Characters of East Asia stand upright, others are turned by a quarter (UAX #50).
    #[default]
    Mixed,
    /// All stand upright.
    Upright,
}

/// What is set side by side in one square of a line that goes down (CSS Writing Modes 4, clause 9.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Combine {
    /// Nothing.
    #[default]
    None,
    /// Numbers of up to so many digits.
    Digits(u8),
    /// All of the text.
    All,
}
