//! The finer points of a style: OpenType features, axes of variable fonts, hyphenation, and how paragraphs are set.

use serde_json::Value as Json;

use super::describe::{Description, Form};
use super::model::{AxisSetting, Combine, FeatureSetting, Orientation, Typography, Wrap, Writing};
use super::reader::ObjectReader;
use super::reading::{Reading, shortened};
use super::shape::{Choice, Factor, Flag, Shape, Whole};
use crate::diagnostic::codes;

/// Features that one style switches; fonts of many alternates have some thirty.
const FEATURE_COUNT_MAX: usize = 32;

/// Axes that one style sets; the richest variable fonts have fifteen.
const AXIS_COUNT_MAX: usize = 16;

/// Highest value of a feature: alternates are counted, and no font has more of one letter.
const FEATURE_VALUE_MAX: u16 = 255;

/// Greatest place on an axis, either way: the range of the format's own numbers (OpenType, `Fixed`).
const AXIS_VALUE_MAX: f64 = 32_767.0;

/// More between letters is seen as spaced letters.
const LETTER_STRETCH_MAX_EM: f64 = 0.1;

const WRAP: Choice<Wrap> = Choice(&[("greedy", Wrap::Greedy), ("balance", Wrap::Balance), ("pretty", Wrap::Pretty)]);

const ORIENTATION: Choice<Orientation> = Choice(&[("mixed", Orientation::Mixed), ("upright", Orientation::Upright)]);

const WRITING: Choice<Writing> = Choice(&[("horizontal", Writing::Horizontal), ("vertical-rl", Writing::VerticalRl)]);

/// Reads which way the lines of a node go.
pub(super) fn read_writing(reader: &mut ObjectReader<'_>) -> Writing {
    reader.or(
        "writing",
        WRITING,
        Writing::Horizontal,
        "Which way lines go: `horizontal`, or `vertical-rl` for lines that go down, from right to left, as in Japanese \
         and Chinese. Then `align` is along the columns, `verticalAlign` puts them to the right, the middle or the \
         left, columns are as long as `height`, and without it as long as `width` makes them.",
    )
}

/// Most digits that are set side by side in one square; more cannot be read.
const COMBINE_DIGIT_COUNT_MAX: u32 = 4;

/// A number of digits, or all.
#[derive(Clone, Copy)]
struct CombineShape;

const COMBINE_DIGITS: Whole =
    Whole { phrase: "a whole number from 0 to 4", minimum: 0, maximum: COMBINE_DIGIT_COUNT_MAX };

const COMBINE_ALL: Choice<Combine> = Choice(&[("all", Combine::All)]);

impl Shape for CombineShape {
    type Value = Combine;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Combine> {
        if json.is_string() {
            return COMBINE_ALL.read(json, reading);
        }
        let count = COMBINE_DIGITS.read(json, reading)?;
        Some(if count == 0 { Combine::None } else { Combine::Digits(u8::try_from(count).unwrap_or(0)) })
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![COMBINE_DIGITS.form(description), COMBINE_ALL.form(description)])
    }
}

/// The finer points that a style says, where it says them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TypographyPatch {
    features: Vec<FeatureSetting>,
    axes: Vec<AxisSetting>,
    ligatures: Option<bool>,
    kerning: Option<bool>,
    hyphenate: Option<bool>,
    wrap: Option<Wrap>,
    letter_stretch: Option<f32>,
    hanging_punctuation: Option<bool>,
    orientation: Option<Orientation>,
    combine: Option<Combine>,
}

impl TypographyPatch {
    /// Reads the properties of a style that belong here.
    pub(super) fn read(reader: &mut ObjectReader<'_>) -> Self {
        let features = Tags {
            phrase: "an object of OpenType features by tag, such as { \"smcp\": true }",
            of: FeatureValue,
            most: FEATURE_COUNT_MAX,
        };
        let axes = Tags {
            phrase: "an object of axes by tag, such as { \"wdth\": 85 }",
            of: Factor { phrase: "a number from -32767 to 32767", minimum: -AXIS_VALUE_MAX, maximum: AXIS_VALUE_MAX },
            most: AXIS_COUNT_MAX,
        };
        let features = reader.optional(
            "features",
            features,
            "OpenType features by tag: `true` or `false`, or the number of an alternative, such as \
             `{ \"smcp\": true, \"ss01\": 1, \"frac\": true }`. They are added to those of the style that is extended.",
        );
        let axes = reader.optional(
            "axes",
            axes,
            "Places on the axes of a variable font by tag, such as `{ \"wdth\": 85, \"opsz\": 14 }`. `weight` sets \
             the axis `wght` by itself.",
        );
        let feature = |(tag, value)| FeatureSetting { tag, value };
        let axis = |(tag, value)| AxisSetting { tag, value };
        Self {
            features: features.into_iter().flatten().map(feature).collect(),
            axes: axes.into_iter().flatten().map(axis).collect(),
            ligatures: reader.optional(
                "ligatures",
                Flag,
                "Whether letters such as f and i are joined where the font does so. The engine's default is `true`; \
                 letters that are spaced are never joined.",
            ),
            kerning: reader.optional(
                "kerning",
                Flag,
                "Whether pairs of letters such as A and V are moved together as the font says. The engine's default \
                 is `true`.",
            ),
            hyphenate: reader.optional(
                "hyphenate",
                Flag,
                "Breaks words at the end of a line by the rules of the template's language; no words in capitals, no \
                 addresses, and no more than two lines in a row. Soft hyphens (U+00AD) are honoured in any case.",
            ),
            wrap: reader.optional(
                "wrap",
                WRAP,
                "How a paragraph is cut into lines: `greedy` fills line by line, `balance` makes the lines of a \
                 heading about equally long, `pretty` chooses all breaks of a paragraph together, for even spaces \
                 and few broken words. The engine's default is `greedy`.",
            ),
            letter_stretch: reader.optional(
                "letterStretch",
                Factor { phrase: "a number from 0 to 0.1", minimum: 0.0, maximum: LETTER_STRETCH_MAX_EM },
                "How much a justified line may change the space between its letters, in em, before the spaces between \
                 words get too wide. The engine's default is 0; 0.02 is hardly seen.",
            ),
            hanging_punctuation: reader.optional(
                "hangingPunctuation",
                Flag,
                "Lets full stops, commas, hyphens and quotation marks stand a little outside of the edges, so that \
                 the edges look straight.",
            ),
            orientation: reader.optional(
                "orientation",
                ORIENTATION,
                "How letters stand in vertical text: `mixed` turns Latin letters and digits by a quarter, `upright` \
                 sets them one below the other. The engine's default is `mixed`.",
            ),
            combine: reader.optional(
                "combine",
                CombineShape,
                "What stands upright and side by side in one square of vertical text: numbers of up to so \
                 many digits, 1 to 4, or `\"all\"`, for a short span such as `No`. The engine's default is 0, nothing.",
            ),
        }
    }

    /// Puts what this patch says over `typography`.
    pub(super) fn apply(&self, typography: &mut Typography) {
        for setting in &self.features {
            put(&mut typography.features, *setting, |setting| setting.tag);
        }
        for setting in &self.axes {
            put(&mut typography.axes, *setting, |setting| setting.tag);
        }
        typography.ligatures = self.ligatures.unwrap_or(typography.ligatures);
        typography.kerning = self.kerning.unwrap_or(typography.kerning);
        typography.hyphenate = self.hyphenate.unwrap_or(typography.hyphenate);
        typography.wrap = self.wrap.unwrap_or(typography.wrap);
        typography.letter_stretch = self.letter_stretch.unwrap_or(typography.letter_stretch);
        typography.hanging_punctuation = self.hanging_punctuation.unwrap_or(typography.hanging_punctuation);
        typography.orientation = self.orientation.unwrap_or(typography.orientation);
        typography.combine = self.combine.unwrap_or(typography.combine);
    }
}

/// Puts a setting in its place in a list ordered by tag, over one of the same tag.
fn put<T>(list: &mut Vec<T>, setting: T, tag: impl Fn(&T) -> [u8; 4]) {
    match list.binary_search_by_key(&tag(&setting), &tag) {
        Ok(place) => {
            if let Some(slot) = list.get_mut(place) {
                *slot = setting;
            }
        }
        Err(place) => list.insert(place, setting),
    }
}

/// An object whose names are tags of OpenType.
#[derive(Clone, Copy)]
struct Tags<S> {
    /// What it is.
    phrase: &'static str,
    /// Shape of a value.
    of: S,
    /// Most entries.
    most: usize,
}

impl<S: Shape> Shape for Tags<S> {
    type Value = Vec<([u8; 4], S::Value)>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Self::Value> {
        let Some(object) = json.as_object() else {
            reading.wrong_type(self.phrase, json);
            return None;
        };
        if object.len() > self.most {
            let message =
                format!("{} must have at most {} entries, not {}", reading.subject(), self.most, object.len());
            reading.error(codes::INVALID_VALUE, message, None);
            return None;
        }
        let mut values = Vec::with_capacity(object.len());
        for (name, item) in object {
            values.extend(reading.within(name, |reading| {
                let tag = tag(name);
                if tag.is_none() {
                    let message = format!("\"{}\" is not a tag of OpenType", shortened(name));
                    let hint = "a tag has four letters or digits, such as smcp, ss01 or wdth";
                    reading.error(codes::INVALID_NAME, message, Some(hint.to_owned()));
                }
                let value = self.of.read(item, reading);
                Some((tag?, value?))
            }));
        }
        Some(values)
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::Map(Box::new(self.of.form(description)))
    }
}

fn tag(name: &str) -> Option<[u8; 4]> {
    let tag: [u8; 4] = name.as_bytes().try_into().ok()?;
    tag.iter().all(u8::is_ascii_alphanumeric).then_some(tag)
}

/// On, off, or the number of an alternative.
#[derive(Clone, Copy)]
struct FeatureValue;

const FEATURE_VALUE_PHRASE: &str = "`true`, `false`, or a whole number from 0 to 255";

impl Shape for FeatureValue {
    type Value = u16;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<u16> {
        if let Some(on) = json.as_bool() {
            return Some(u16::from(on));
        }
        if !json.is_number() {
            reading.wrong_type(FEATURE_VALUE_PHRASE, json);
            return None;
        }
        match json.as_u64().and_then(|value| u16::try_from(value).ok()) {
            Some(value) if value <= FEATURE_VALUE_MAX => Some(value),
            _ => {
                reading.not_allowed(FEATURE_VALUE_PHRASE, json, None);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        let number =
            Form::Integer { phrase: "a whole number from 0 to 255", minimum: 0, maximum: u32::from(FEATURE_VALUE_MAX) };
        Form::AnyOf(vec![Flag.form(description), number])
    }
}
