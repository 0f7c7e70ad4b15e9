//! Styles: looks of text by name, what they inherit, and what a node puts over them.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::describe::{Description, Form};
use super::model::{Align, ShadowLook, TextCase, TextStyle, VerticalAlign};
use super::paint::SHADOW;
use super::reader::ObjectReader;
use super::reading::{Reading, shortened};
use super::shape::{Choice, ColorShape, Factor, Flag, Length, Line, List, MapOf, Object, Shape, Whole};
use super::typography::TypographyPatch;
use crate::diagnostic::codes;
use crate::document::Color;

/// Longest chain of `extends`; nobody can follow more.
const EXTENDS_DEPTH_MAX: usize = 16;

/// Families in one style.
const FONT_COUNT_MAX: usize = 16;

pub(super) const ALIGN: Choice<Align> = Choice(&[
    ("start", Align::Start),
    ("center", Align::Center),
    ("end", Align::End),
    ("left", Align::Left),
    ("right", Align::Right),
    ("justify", Align::Justify),
]);

pub(super) const VERTICAL_ALIGN: Choice<VerticalAlign> = Choice(&[
    ("top", VerticalAlign::Top),
    ("middle", VerticalAlign::Middle),
    ("bottom", VerticalAlign::Bottom),
    ("baseline", VerticalAlign::Baseline),
]);

const CASE: Choice<TextCase> =
    Choice(&[("none", TextCase::None), ("upper", TextCase::Upper), ("lower", TextCase::Lower)]);

/// Lines that stay together; a paragraph of more is better kept together as a whole.
const LINES: Whole = Whole { phrase: "a whole number from 1 to 20", minimum: 1, maximum: 20 };

fn lines(count: u32) -> u8 {
    u8::try_from(count).unwrap_or(1)
}

/// A look of text that says only what differs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StylePatch {
    extends: Option<String>,
    font: Option<Vec<String>>,
    size: Option<f32>,
    weight: Option<u16>,
    italic: Option<bool>,
    line_height: Option<f32>,
    color: Option<Color>,
    align: Option<Align>,
    vertical_align: Option<VerticalAlign>,
    letter_spacing: Option<f32>,
    paragraph_gap: Option<f32>,
    underline: Option<bool>,
    strike: Option<bool>,
    tabular: Option<bool>,
    case: Option<TextCase>,
    orphans: Option<u8>,
    widows: Option<u8>,
    snap: Option<bool>,
    shadow: Option<Option<Box<ShadowLook>>>,
    typography: TypographyPatch,
}

/// A style object.
pub(super) const STYLE: Object<StylePatch> = Object {
    name: "style",
    title: "a style",
    doc: "A look of text. What it leaves out comes from the style that it extends, else from the surroundings.",
    read: read_patch,
};

fn read_patch(reader: &mut ObjectReader<'_>) -> Option<StylePatch> {
    Some(read_reach(reader, Reach::Paragraphs))
}

/// Reads what letters have, wherever they stand.
pub(super) fn read_letters(reader: &mut ObjectReader<'_>) -> StylePatch {
    read_reach(reader, Reach::Letters)
}

/// How much of a text a look is for.
#[derive(Clone, Copy, PartialEq)]
enum Reach {
    Letters,
    Paragraphs,
}

fn read_reach(reader: &mut ObjectReader<'_>, reach: Reach) -> StylePatch {
    let is_whole = reach == Reach::Paragraphs;
    let mut patch = StylePatch::default();
    if is_whole {
        let name = Line { phrase: "the name of a style", length_max: 120 };
        patch.extends = reader.optional("extends", name, "Name of the style that this one builds on.");
    }
    patch.font = reader.optional(
        "font",
        Families,
        "Font family, or several in order of preference. The engine's default is `Inter`.",
    );
    patch.size = reader.optional(
        "size",
        Length::between(0.5, 1000.0),
        "Size of the letters (em), 0.5 to 1000 points. The engine's default is 10.",
    );
    patch.weight = reader.optional("weight", Weight, "Weight: 100 to 900, or `regular`, `medium`, `semibold`, `bold`.");
    patch.italic = reader.optional("italic", Flag, "Slanted letters.");
    if is_whole {
        patch.line_height = reader.optional(
            "lineHeight",
            Factor { phrase: "a number from 0.5 to 10", minimum: 0.5, maximum: 10.0 },
            "Distance of baselines as a multiple of the size. The engine's default is 1.4.",
        );
    }
    patch.color = reader.optional("color", ColorShape, "Colour of the letters.");
    if is_whole {
        patch.align = reader.optional(
            "align",
            ALIGN,
            "Horizontal alignment; `start` and `end` follow the direction of the script.",
        );
        patch.vertical_align = reader.optional(
            "verticalAlign",
            VERTICAL_ALIGN,
            "Vertical alignment in a box with a given height, or in a row of a table; `baseline` puts the first lines of \
             a row's cells on one line.",
        );
    }
    patch.letter_spacing =
        reader.optional("letterSpacing", Length::between(-100.0, 1000.0), "Added after each letter.");
    if is_whole {
        patch.paragraph_gap = reader.optional("paragraphGap", Length::DISTANCE, "Space between paragraphs.");
    }
    patch.underline = reader.optional("underline", Flag, "A line under the text.");
    patch.strike = reader.optional("strike", Flag, "A line through the text.");
    patch.tabular = reader.optional("tabular", Flag, "Figures of equal width, for columns of numbers.");
    patch.case = reader.optional("case", CASE, "Changes the case of letters, by the rules of the template's language.");
    patch.shadow = reader.optional(
        "textShadow",
        LetterShadow,
        "What the letters throw on what is behind them: a shadow, or `none` for none where the surroundings have one.",
    );
    if is_whole {
        let orphans = "Least lines of a paragraph at the end of a page or column. Usually 2.";
        patch.orphans = reader.optional("orphans", LINES, orphans).map(lines);
        let widows = "Least lines of a paragraph at the beginning of a page or column. Usually 2.";
        patch.widows = reader.optional("widows", LINES, widows).map(lines);
        patch.snap = reader.optional("snap", Flag, "Lines stand on the baseline grid of the page, in the body.");
        patch.typography = TypographyPatch::read(reader);
    }
    patch
}

/// A shadow of letters, or the word that takes one away.
#[derive(Clone, Copy)]
struct LetterShadow;

const NO_SHADOW: Choice<()> = Choice(&[("none", ())]);

impl Shape for LetterShadow {
    type Value = Option<Box<ShadowLook>>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Self::Value> {
        match json {
            Json::String(_) => NO_SHADOW.read(json, reading).map(|()| None),
            _ => SHADOW.read(json, reading).map(|shadow| Some(Box::new(shadow))),
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![SHADOW.form(description), NO_SHADOW.form(description)])
    }
}

impl StylePatch {
    /// A patch that only makes the text semi-bold: header cells without a style of their own.
    pub(super) fn semibold() -> Self {
        Self { weight: Some(600), ..Self::default() }
    }

    /// A patch that only puts a line through the text.
    pub(crate) fn struck() -> Self {
        Self { strike: Some(true), ..Self::default() }
    }

    /// Puts what this patch says over `style`; `extends` is not followed.
    pub(crate) fn apply(&self, style: &mut TextStyle) {
        set(&mut style.font, self.font.as_ref());
        set(&mut style.size, self.size.as_ref());
        set(&mut style.weight, self.weight.as_ref());
        set(&mut style.italic, self.italic.as_ref());
        set(&mut style.line_height, self.line_height.as_ref());
        set(&mut style.color, self.color.as_ref());
        set(&mut style.align, self.align.as_ref());
        set(&mut style.vertical_align, self.vertical_align.as_ref());
        set(&mut style.letter_spacing, self.letter_spacing.as_ref());
        set(&mut style.paragraph_gap, self.paragraph_gap.as_ref());
        set(&mut style.underline, self.underline.as_ref());
        set(&mut style.strike, self.strike.as_ref());
        set(&mut style.tabular, self.tabular.as_ref());
        set(&mut style.case, self.case.as_ref());
        set(&mut style.orphans, self.orphans.as_ref());
        set(&mut style.widows, self.widows.as_ref());
        set(&mut style.snap, self.snap.as_ref());
        set(&mut style.shadow, self.shadow.as_ref());
        self.typography.apply(&mut style.typography);
    }

    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn set<T: Clone>(slot: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        slot.clone_from(value);
    }
}

/// The style that a node or cell asks for.
#[derive(Clone, Debug)]
pub(crate) enum StyleChoice {
    /// A named style, already resolved; it replaces what the surroundings say.
    Named(Box<TextStyle>),
    /// An object; it goes over its `extends`, else over what the surroundings say.
    Inline(Box<StylePatch>),
}

/// The name of a style, or a style object.
#[derive(Clone, Copy)]
pub(super) struct StyleShape;

impl Shape for StyleShape {
    type Value = StyleChoice;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<StyleChoice> {
        match json {
            Json::String(name) => {
                let style = named(name, reading)?;
                Some(StyleChoice::Named(Box::new(style)))
            }
            Json::Object(_) => {
                let patch = STYLE.read(json, reading)?;
                if let Some(name) = &patch.extends {
                    reading.within("extends", |reading| named(name, reading))?;
                }
                Some(StyleChoice::Inline(Box::new(patch)))
            }
            other => {
                reading.wrong_type("the name of a style or a style object", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        let name = Form::Text { phrase: "the name of a style", pattern: None, length_max: None };
        Form::AnyOf(vec![name, STYLE.form(description)])
    }
}

fn named(name: &str, reading: &mut Reading) -> Option<TextStyle> {
    if let Some(style) = reading.styles.get(name) {
        return Some(style.clone());
    }
    let message = format!("there is no style `{}`", shortened(name));
    let known: Vec<String> = reading.styles.keys().cloned().collect();
    reading.unknown_name(codes::INVALID_NAME, message, name, "styles", known.iter().map(String::as_str));
    None
}

/// What a node or cell says about its text: a style, and a few properties over it.
#[derive(Clone, Debug, Default)]
pub(super) struct Overrides {
    pub(super) style: Option<StyleChoice>,
    pub(super) align: Option<Align>,
    pub(super) vertical_align: Option<VerticalAlign>,
    pub(super) color: Option<Color>,
}

impl Overrides {
    /// Reads `style`, `align`, `verticalAlign` and `color`.
    pub(super) fn read(reader: &mut ObjectReader<'_>) -> Self {
        Self {
            style: reader.optional("style", StyleShape, "Look of the text: the name of a style, or a style object."),
            align: reader.optional("align", ALIGN, "Horizontal alignment, over the style's."),
            vertical_align: reader.optional("verticalAlign", VERTICAL_ALIGN, "Vertical alignment, over the style's."),
            color: reader.optional("color", ColorShape, "Colour of the text, over the style's."),
        }
    }

    /// The complete look, over what the surroundings say.
    pub(super) fn over(&self, base: &TextStyle, styles: &IndexMap<String, TextStyle>) -> TextStyle {
        let mut style = chosen(self.style.as_ref(), base, styles);
        set(&mut style.align, self.align.as_ref());
        set(&mut style.vertical_align, self.vertical_align.as_ref());
        set(&mut style.color, self.color.as_ref());
        style
    }
}

/// The look that a choice means, over what the surroundings say.
pub(crate) fn chosen(
    choice: Option<&StyleChoice>,
    base: &TextStyle,
    styles: &IndexMap<String, TextStyle>,
) -> TextStyle {
    match choice {
        None => base.clone(),
        Some(StyleChoice::Named(style)) => style.as_ref().clone(),
        Some(StyleChoice::Inline(patch)) => {
            let mut style = patch.extends.as_ref().and_then(|name| styles.get(name)).unwrap_or(base).clone();
            patch.apply(&mut style);
            style
        }
    }
}

/// Reads `styles` and keeps them, resolved, in the reading.
pub(super) fn read_styles(reader: &mut ObjectReader<'_>) {
    let map = MapOf { phrase: "an object of styles by name", of: STYLE };
    let patches = reader.optional("styles", map, "Looks of text by name.").unwrap_or_default();
    if let Some(reading) = reader.state() {
        reading.within("styles", |reading| resolve(&patches, reading));
    }
}

/// Follows `extends` of every style; what is wrong is reported once, at the style that says it.
fn resolve(patches: &IndexMap<String, StylePatch>, reading: &mut Reading) {
    for (name, patch) in patches {
        let mut chain = vec![(name.as_str(), patch)];
        let mut next = patch.extends.as_deref();
        while let Some(parent) = next {
            let problem = if !patches.contains_key(parent) {
                Some(Problem::Unknown)
            } else if chain.iter().any(|(name, _)| *name == parent) {
                Some(Problem::Circle)
            } else {
                (chain.len() >= EXTENDS_DEPTH_MAX).then_some(Problem::Deep)
            };
            if let Some(problem) = problem {
                let own = chain.len() == 1;
                reading.within(name, |reading| {
                    reading.within("extends", |reading| problem.report(parent, name, own, &chain, patches, reading));
                });
                break;
            }
            let Some((parent, patch)) = patches.get_key_value(parent) else { break };
            chain.push((parent.as_str(), patch));
            next = patch.extends.as_deref();
        }
        let mut style = TextStyle::default();
        for (_, patch) in chain.iter().rev() {
            patch.apply(&mut style);
        }
        reading.styles.insert(name.clone(), style);
    }
}

/// What can be wrong with `extends`.
#[derive(Clone, Copy)]
enum Problem {
    Unknown,
    Circle,
    Deep,
}

impl Problem {
    /// Reports it, unless another style of the chain does so itself.
    fn report(
        self,
        parent: &str,
        name: &str,
        own: bool,
        chain: &[(&str, &StylePatch)],
        patches: &IndexMap<String, StylePatch>,
        reading: &mut Reading,
    ) {
        match self {
            Self::Unknown if own => {
                let message = format!("there is no style `{}`", shortened(parent));
                let known = patches.keys().map(String::as_str).filter(|known| *known != name);
                reading.unknown_name(codes::INVALID_NAME, message, parent, "styles", known);
            }
            Self::Circle if parent == name => {
                let mut names: Vec<&str> = chain.iter().map(|(name, _)| *name).collect();
                names.push(parent);
                let message = format!("styles extend each other in a circle: {}", names.join(" → "));
                reading.error(codes::INVALID_NAME, message, None);
            }
            Self::Deep => {
                let message = format!("styles extend each other more than {EXTENDS_DEPTH_MAX} deep");
                reading.error(codes::LIMIT_EXCEEDED, message, None);
            }
            Self::Unknown | Self::Circle => {}
        }
    }
}

/// One family or several.
#[derive(Clone, Copy)]
struct Families;

const FAMILY: Line = Line { phrase: "a font family", length_max: 100 };

impl Shape for Families {
    type Value = Vec<String>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Vec<String>> {
        if json.is_string() {
            return FAMILY.read(json, reading).map(|family| vec![family]);
        }
        if json.is_array() {
            return families().read(json, reading);
        }
        reading.wrong_type("a font family or an array of them", json);
        None
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![FAMILY.form(description), families().form(description)])
    }
}

fn families() -> List<Line> {
    List { phrase: "an array of font families", of: FAMILY, least: 1, most: FONT_COUNT_MAX }
}

/// 100 to 900, or a word.
#[derive(Clone, Copy)]
struct Weight;

const WEIGHTS: Choice<u16> = Choice(&[("regular", 400), ("medium", 500), ("semibold", 600), ("bold", 700)]);

const WEIGHT_PHRASE: &str = "a weight from 100 to 900, or `regular`, `medium`, `semibold`, `bold`";

impl Shape for Weight {
    type Value = u16;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<u16> {
        if json.is_string() {
            return WEIGHTS.read(json, reading);
        }
        if !json.is_number() {
            reading.wrong_type(WEIGHT_PHRASE, json);
            return None;
        }
        match json.as_u64().and_then(|weight| u16::try_from(weight).ok()) {
            Some(weight) if (100..=900).contains(&weight) => Some(weight),
            _ => {
                reading.not_allowed(WEIGHT_PHRASE, json, None);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        let number = Form::Integer { phrase: "a weight from 100 to 900", minimum: 100, maximum: 900 };
        Form::AnyOf(vec![number, WEIGHTS.form(description)])
    }
}
