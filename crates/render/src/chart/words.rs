//! The words of descriptions of charts, in the languages that they are written in.

/// The words of one language. `{0}`, `{1}` and `{2}` are what is said.
pub(super) struct Words {
    /// The language's tag.
    pub(super) language: &'static str,
    /// Names of the kinds, in the order of [`KINDS`].
    titles: [&'static str; KINDS.len()],
    /// A chart of this name has nothing to show.
    pub(super) without_values: &'static str,
    /// One series, and several.
    pub(super) series: [&'static str; 2],
    pub(super) categories: [&'static str; 2],
    pub(super) points: [&'static str; 2],
    pub(super) parts: [&'static str; 2],
    /// After something: from the first to the last, or from the lowest to the highest.
    pub(super) range: &'static str,
    /// Values of a series without a name.
    pub(super) values: &'static str,
    /// A part without a name.
    pub(super) unnamed: &'static str,
    /// A value, and the ends of its scale.
    pub(super) scale: &'static str,
    /// How many more there are.
    pub(super) more: &'static str,
    /// Between two things that are said.
    pub(super) comma: &'static str,
    /// Between two series or parts.
    pub(super) semicolon: &'static str,
    /// Between a name and its value.
    pub(super) colon: &'static str,
}

/// Kinds of charts, as templates name them.
const KINDS: [&str; 8] = ["bar", "line", "area", "pie", "donut", "scatter", "sparkline", "gauge"];

const ENGLISH: Words = Words {
    language: "en",
    titles: [
        "Bar chart",
        "Line chart",
        "Area chart",
        "Pie chart",
        "Donut chart",
        "Scatter chart",
        "Sparkline",
        "Gauge",
    ],
    without_values: "{0} without values",
    series: ["{0} series", "{0} series"],
    categories: ["{0} category", "{0} categories"],
    points: ["{0} point", "{0} points"],
    parts: ["{0} part", "{0} parts"],
    range: "{0} from {1} to {2}",
    values: "values",
    unnamed: "one",
    scale: "{0} on a scale from {1} to {2}",
    more: "and {0} more",
    comma: ", ",
    semicolon: "; ",
    colon: ": ",
};

/// English first: it is what all other languages get.
const ALL: [Words; 8] = [
    ENGLISH,
    Words {
        language: "de",
        titles: [
            "Balkendiagramm",
            "Liniendiagramm",
            "Flächendiagramm",
            "Kreisdiagramm",
            "Ringdiagramm",
            "Punktdiagramm",
            "Sparkline",
            "Anzeige",
        ],
        without_values: "{0} ohne Werte",
        series: ["{0} Reihe", "{0} Reihen"],
        categories: ["{0} Kategorie", "{0} Kategorien"],
        points: ["{0} Punkt", "{0} Punkte"],
        parts: ["{0} Teil", "{0} Teile"],
        range: "{0} von {1} bis {2}",
        values: "Werte",
        unnamed: "ohne Namen",
        scale: "{0} auf einer Skala von {1} bis {2}",
        more: "und {0} weitere",
        ..ENGLISH
    },
    Words {
        language: "fr",
        titles: [
            "Diagramme à barres",
            "Courbe",
            "Diagramme en aires",
            "Diagramme circulaire",
            "Diagramme en anneau",
            "Nuage de points",
            "Courbe miniature",
            "Jauge",
        ],
        without_values: "{0} sans valeurs",
        series: ["{0} série", "{0} séries"],
        categories: ["{0} catégorie", "{0} catégories"],
        points: ["{0} point", "{0} points"],
        parts: ["{0} part", "{0} parts"],
        range: "{0} de {1} à {2}",
        values: "valeurs",
        unnamed: "sans nom",
        scale: "{0} sur une échelle de {1} à {2}",
        more: "et {0} de plus",
        semicolon: "\u{202F}; ",
        colon: "\u{A0}: ",
        ..ENGLISH
    },
    Words {
        language: "es",
        titles: [
            "Gráfico de barras",
            "Gráfico de líneas",
            "Gráfico de áreas",
            "Gráfico circular",
            "Gráfico de anillos",
            "Gráfico de dispersión",
            "Minigráfico",
            "Indicador",
        ],
        without_values: "{0} sin valores",
        series: ["{0} serie", "{0} series"],
        categories: ["{0} categoría", "{0} categorías"],
        points: ["{0} punto", "{0} puntos"],
        parts: ["{0} parte", "{0} partes"],
        range: "{0} de {1} a {2}",
        values: "valores",
        unnamed: "sin nombre",
        scale: "{0} en una escala de {1} a {2}",
        more: "y {0} más",
        ..ENGLISH
    },
    Words {
        language: "it",
        titles: [
            "Grafico a barre",
            "Grafico a linee",
            "Grafico ad area",
            "Grafico a torta",
            "Grafico ad anello",
            "Grafico a dispersione",
            "Minigrafico",
            "Indicatore",
        ],
        without_values: "{0} senza valori",
        series: ["{0} serie", "{0} serie"],
        categories: ["{0} categoria", "{0} categorie"],
        points: ["{0} punto", "{0} punti"],
        parts: ["{0} parte", "{0} parti"],
        range: "{0} da {1} a {2}",
        values: "valori",
        unnamed: "senza nome",
        scale: "{0} su una scala da {1} a {2}",
        more: "e altri {0}",
        ..ENGLISH
    },
    Words {
        language: "pt",
        titles: [
            "Gráfico de barras",
            "Gráfico de linhas",
            "Gráfico de áreas",
            "Gráfico circular",
            "Gráfico de anel",
            "Gráfico de dispersão",
            "Minigráfico",
            "Indicador",
        ],
        without_values: "{0} sem valores",
        series: ["{0} série", "{0} séries"],
        categories: ["{0} categoria", "{0} categorias"],
        points: ["{0} ponto", "{0} pontos"],
        parts: ["{0} parte", "{0} partes"],
        range: "{0} de {1} a {2}",
        values: "valores",
        unnamed: "sem nome",
        scale: "{0} numa escala de {1} a {2}",
        more: "e mais {0}",
        ..ENGLISH
    },
    Words {
        language: "nl",
        titles: [
            "Staafdiagram",
            "Lijndiagram",
            "Vlakdiagram",
            "Cirkeldiagram",
            "Ringdiagram",
            "Spreidingsdiagram",
            "Sparkline",
            "Meter",
        ],
        without_values: "{0} zonder waarden",
        series: ["{0} reeks", "{0} reeksen"],
        categories: ["{0} categorie", "{0} categorieën"],
        points: ["{0} punt", "{0} punten"],
        parts: ["{0} deel", "{0} delen"],
        range: "{0} van {1} tot {2}",
        values: "waarden",
        unnamed: "zonder naam",
        scale: "{0} op een schaal van {1} tot {2}",
        more: "en nog {0}",
        ..ENGLISH
    },
    Words {
        language: "ja",
        titles: [
            "棒グラフ",
            "折れ線グラフ",
            "面グラフ",
            "円グラフ",
            "ドーナツグラフ",
            "散布図",
            "スパークライン",
            "メーター",
        ],
        without_values: "{0}、値なし",
        series: ["{0}系列", "{0}系列"],
        categories: ["{0}項目", "{0}項目"],
        points: ["{0}点", "{0}点"],
        parts: ["{0}区分", "{0}区分"],
        range: "{0}、{1}から{2}まで",
        values: "値",
        unnamed: "名前なし",
        scale: "{0}、目盛りは{1}から{2}まで",
        more: "ほか{0}件",
        comma: "、",
        semicolon: "；",
        colon: "：",
    },
];

/// The words of a language, else those of English.
pub(super) fn words(locale: &str) -> &'static Words {
    let language = locale.split(['-', '_']).next().unwrap_or_default();
    ALL.iter().find(|words| words.language.eq_ignore_ascii_case(language)).unwrap_or(&ENGLISH_WORDS)
}

static ENGLISH_WORDS: Words = ENGLISH;

impl Words {
    /// The name of a kind of chart.
    pub(super) fn title(&self, kind: &str) -> &'static str {
        let titles = KINDS.iter().zip(self.titles);
        titles.into_iter().find(|(known, _)| **known == kind).map_or("", |(_, title)| title)
    }
}

/// Puts what is said into its places.
pub(super) fn filled(pattern: &str, said: &[&str]) -> String {
    let mut text = String::with_capacity(pattern.len() + said.iter().map(|said| said.len()).sum::<usize>());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((place, after)) = after.split_once('}') else { break };
        text.push_str(place.parse::<usize>().ok().and_then(|place| said.get(place)).unwrap_or(&""));
        rest = after;
    }
    text.push_str(rest);
    text
}

/// A number of things, in words.
pub(super) fn counted(count: usize, [one, many]: [&str; 2]) -> String {
    filled(if count == 1 { one } else { many }, &[&count.to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_names_every_kind_and_uses_every_place() {
        for words in &ALL {
            for kind in crate::chart::kinds::ALL {
                assert!(!words.title(kind.name).is_empty(), "{} {}", words.language, kind.name);
            }
            for (pattern, count) in [(words.without_values, 1), (words.range, 3), (words.scale, 3), (words.more, 1)] {
                for place in 0..count {
                    assert!(pattern.contains(&format!("{{{place}}}")), "{}: {pattern}", words.language);
                }
            }
            let counted = [words.series, words.categories, words.points, words.parts];
            assert!(counted.iter().flatten().all(|pattern| pattern.contains("{0}")), "{}", words.language);
        }
    }

    #[test]
    fn what_is_said_is_taken_as_it_is() {
        assert_eq!(filled("{0} von {1} bis {2}", &["{1}", "a", "b"]), "{1} von a bis b");
        assert_eq!(filled("{0}, {7} {", &["x"]), "x,   {");
    }

    #[test]
    fn a_language_without_words_is_described_in_english() {
        assert_eq!(words("pt-BR").language, "pt");
        assert_eq!(words("DE").language, "de");
        assert_eq!(words("sv-SE").language, "en");
        assert_eq!(words("").language, "en");
    }
}
