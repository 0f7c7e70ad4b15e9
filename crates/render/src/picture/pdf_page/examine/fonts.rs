//! Fonts of a page as their dictionaries describe them.

use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use skrifa::FontRef;
use skrifa::raw::TableProvider as _;

use super::{Examiner, Matter, Scope};

/// Flags of a font descriptor (ISO 32000-1, 9.8.2).
const FLAG_NONSYMBOLIC: i32 = 1 << 5;

impl Examiner {
    pub(super) fn font(&mut self, font: &Dict<'_>, scope: &Scope<'_, '_>) {
        let name = font_name(font);
        if scope.is_hidden {
            self.add(
                Matter::Metrics,
                format!("the font {name} writes in a pattern or a mask, where it is not checked"),
            );
        }
        if font.obj_id().is_some_and(|id| !self.is_new(id)) {
            return;
        }
        let kind = font.get::<Name<'_>>("Subtype");
        match kind.as_deref() {
            Some(b"Type0") => self.composite(font, &name),
            Some(b"TrueType") => self.true_type(font, &name),
            Some(b"Type3") => {
                self.add(Matter::Metrics, "a font is drawn by the page itself (Type 3), which is not checked");
            }
            _ => {
                if self.program(font, &name).is_some() {
                    self.unjudged(&name);
                }
            }
        }
    }

    pub(super) fn unjudged(&mut self, name: &str) {
        self.add(Matter::Metrics, format!("the font {name} is of PostScript kind, whose widths are not checked"));
    }

    /// The embedded program of a font.
    fn program<'a>(&mut self, font: &Dict<'a>, name: &str) -> Option<Stream<'a>> {
        let descriptor = font.get::<Dict<'_>>("FontDescriptor");
        let program = descriptor.and_then(|descriptor| {
            ["FontFile2", "FontFile3", "FontFile"].into_iter().find_map(|key| descriptor.get::<Stream<'_>>(key))
        });
        if program.is_none() {
            self.add(Matter::Embedding, format!("the font {name} is not inside"));
        }
        program
    }

    fn composite(&mut self, font: &Dict<'_>, name: &str) {
        let encoding = font.get::<Name<'_>>("Encoding");
        if !encoding.is_some_and(|encoding| matches!(&*encoding, b"Identity-H" | b"Identity-V")) {
            self.add(Matter::Composite, format!("the font {name} has a map of characters (CMap) that is not checked"));
        }
        let descendant = font.get::<Array<'_>>("DescendantFonts").and_then(|list| list.iter::<Dict<'_>>().next());
        let Some(descendant) = descendant else {
            self.add(Matter::Composite, format!("the font {name} has no font inside"));
            return;
        };
        self.unicode(font, name);
        if self.program(&descendant, name).is_none() {
            return;
        }
        if is_subset(name) {
            self.add(Matter::Subset, format!("the font {name} is a part that does not list its glyphs"));
        }
        let is_true_type = descendant.get::<Name<'_>>("Subtype").as_deref() == Some(b"CIDFontType2");
        let map = descendant.get::<Object<'_>>("CIDToGIDMap");
        let is_mapped = match map {
            Some(Object::Name(name)) => &*name == b"Identity",
            Some(Object::Stream(_)) => true,
            _ => false,
        };
        if is_true_type && !is_mapped {
            self.add(Matter::Composite, format!("the font {name} does not say which character is which glyph"));
        }
    }

    fn true_type(&mut self, font: &Dict<'_>, name: &str) {
        let Some(program) = self.program(font, name) else { return };
        let data = program.decoded().unwrap_or_default();
        let Ok(read) = FontRef::new(&data) else {
            self.unjudged(name);
            return;
        };
        let flags = font.get::<Dict<'_>>("FontDescriptor").and_then(|descriptor| descriptor.get::<i32>("Flags"));
        let is_nonsymbolic = flags.is_some_and(|flags| flags & FLAG_NONSYMBOLIC != 0);
        let records: Vec<(u16, u16)> = read
            .cmap()
            .map(|cmap| {
                cmap.encoding_records()
                    .iter()
                    .map(|record| (record.platform_id() as u16, record.encoding_id()))
                    .collect()
            })
            .unwrap_or_default();
        let encoding = font.get::<Object<'_>>("Encoding");
        let is_plain = match &encoding {
            Some(Object::Name(name)) => matches!(&**name, b"WinAnsiEncoding" | b"MacRomanEncoding"),
            _ => false,
        };
        let fits = if is_nonsymbolic {
            is_plain && records.iter().any(|record| matches!(record, (3, 1) | (1, 0)))
        } else {
            encoding.is_none() && (records.len() == 1 || records.contains(&(3, 0)))
        };
        if !fits {
            self.add(Matter::Encoding, format!("the font {name} does not say plainly which code is which glyph"));
        }
        if !is_plain {
            self.unicode(font, name);
        }
    }

    fn unicode(&mut self, font: &Dict<'_>, name: &str) {
        if font.get::<Stream<'_>>("ToUnicode").is_none() {
            self.add(Matter::Unicode, format!("codes of the font {name} do not lead to characters (ToUnicode)"));
        }
    }
}

/// Whether a name says that only a part of the font is inside (ISO 32000-1, 9.6.4).
fn is_subset(name: &str) -> bool {
    name.split_once('+').is_some_and(|(tag, _)| tag.len() == 6 && tag.bytes().all(|byte| byte.is_ascii_uppercase()))
}

fn font_name(font: &Dict<'_>) -> String {
    let name = font.get::<Name<'_>>("BaseFont");
    name.map_or("without a name".to_owned(), |name| name.as_str().chars().take(60).collect())
}
