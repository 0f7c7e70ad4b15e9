//! The world of the suite: the fonts of the tests, no assets, one time.

use std::sync::LazyLock;

use chancery_render::fonts::FontSet;
use chancery_render::{Assets, World};
use chancery_tests::fonts;

/// 15 March 2026, 12:00 UTC.
pub(crate) const NOW_MS: i64 = 1_773_576_000_000;

/// Faces that cases may use, so that more fonts in the folder change no answer.
const FACES: [&str; 23] = [
    "Inter_400Regular",
    "Inter_400Regular_Italic",
    "Inter_500Medium",
    "Inter_600SemiBold",
    "Inter_700Bold",
    "JetBrainsMono_400Regular",
    "JetBrainsMono_500Medium",
    "NotoNaskhArabic_400Regular",
    "NotoNaskhArabic_700Bold",
    "NotoSansArabic_400Regular",
    "NotoSansArabic_600SemiBold",
    "NotoSansDevanagari_400Regular",
    "NotoSansHebrew_400Regular",
    "NotoSansJP_400Regular",
    "NotoSansJP_500Medium",
    "NotoSansJP_700Bold",
    "NotoSansThai_400Regular",
    "PlayfairDisplay_400Regular",
    "PlayfairDisplay_400Regular_Italic",
    "PlayfairDisplay_700Bold",
    "SourceSerif4_400Regular",
    "SourceSerif4_400Regular_Italic",
    "SourceSerif4_600SemiBold",
];

static FONTS: LazyLock<FontSet> = LazyLock::new(|| {
    let mut builder = FontSet::builder();
    for name in FACES {
        let path = fonts().join(format!("{name}.ttf"));
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}; run `make fonts`"));
        builder.add(bytes.into(), 0).expect("a usable font");
    }
    builder.build()
});

/// The world of all cases.
pub(crate) struct SuiteWorld;

impl World for SuiteWorld {
    fn fonts(&self) -> &FontSet {
        &FONTS
    }

    fn assets(&self) -> &dyn Assets {
        &()
    }

    fn now_ms(&self) -> i64 {
        NOW_MS
    }
}
