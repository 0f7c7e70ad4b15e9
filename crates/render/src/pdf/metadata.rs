//! What the file says about itself: the information dictionary and XMP (ISO 32000-1, 14.3; ISO 16684-1).

use super::PdfError;
use super::file::File;
use super::number::push_text;
use crate::conformance::{Conformance, Profile};
use crate::document::Metadata;

/// The name of this program, as it stands in every file.
const PRODUCER: &str = concat!("Chancery ", env!("CARGO_PKG_VERSION"));

/// Writes the information dictionary.
pub(super) fn write_information(
    file: &mut File<'_>,
    id: u32,
    metadata: &Metadata,
    claims: &Claims,
) -> Result<(), PdfError> {
    let time = Time::from_milliseconds(metadata.created_ms);
    let keywords = metadata.keywords.join(", ");
    let out = file.object(id)?;
    out.extend_from_slice(b"<<");
    let entries = [
        ("Title", Some(metadata.title.as_str())),
        ("Author", metadata.author.as_deref()),
        ("Subject", metadata.subject.as_deref()),
        ("Keywords", Some(keywords.as_str())),
        ("Producer", Some(PRODUCER)),
        ("CreationDate", Some(time.pdf().as_str())),
        ("ModDate", Some(time.pdf().as_str())),
    ]
    .map(|(key, value)| (key, value.map(str::to_owned)));
    for (key, value) in entries {
        if let Some(mut value) = value.filter(|value| !value.is_empty()) {
            if value.chars().any(is_beyond_xml) {
                // Both places must say the same (ISO 19005-1, 6.7.3).
                value = value.replace(is_beyond_xml, "\u{FFFD}");
            }
            out.push(b'/');
            out.extend_from_slice(key.as_bytes());
            push_text(out, &value);
        }
    }
    if claims.exchange {
        // A press must know whether plates were trapped; these were not.
        out.extend_from_slice(b"/Trapped/False");
    }
    out.extend_from_slice(b">>");
    Ok(())
}

/// Which standards the file says that it follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Claims {
    /// Part and level of PDF/A.
    archive: Option<(u8, &'static str)>,
    /// Part of PDF/UA.
    accessible: Option<u8>,
    /// Whether it is PDF/X-4.
    exchange: bool,
}

impl Claims {
    /// What was asked, since only that was checked.
    pub(super) fn new(conformance: &Conformance) -> Self {
        Self {
            archive: conformance.archive().and_then(Profile::part_of_archive),
            accessible: conformance.accessible().and_then(Profile::part_of_accessibility),
            exchange: conformance.is_exchange(),
        }
    }
}

/// Begins the description of properties that PDF/A-1 to -3 do not know (ISO 19005-2, 6.6.2.3.3).
const EXTENSION_BEGIN: &str = "<rdf:Description rdf:about=\"\" \
    xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" \
    xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" \
    xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n\
    <pdfaExtension:schemas><rdf:Bag>";
const EXTENSION_END: &str = "</rdf:Bag></pdfaExtension:schemas></rdf:Description>";

/// Describes the properties of PDF/X, and the one of PDF that XMP of that time did not have.
const EXTENSION_EXCHANGE: &str = "<rdf:li rdf:parseType=\"Resource\">\n\
    <pdfaSchema:schema>Adobe PDF</pdfaSchema:schema>\n\
    <pdfaSchema:namespaceURI>http://ns.adobe.com/pdf/1.3/</pdfaSchema:namespaceURI>\n\
    <pdfaSchema:prefix>pdf</pdfaSchema:prefix>\n\
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\n\
    <pdfaProperty:name>Trapped</pdfaProperty:name>\n\
    <pdfaProperty:valueType>Text</pdfaProperty:valueType>\n\
    <pdfaProperty:category>internal</pdfaProperty:category>\n\
    <pdfaProperty:description>Whether plates were trapped</pdfaProperty:description>\n\
    </rdf:li></rdf:Seq></pdfaSchema:property>\n\
    </rdf:li><rdf:li rdf:parseType=\"Resource\">\n\
    <pdfaSchema:schema>PDF/X identification</pdfaSchema:schema>\n\
    <pdfaSchema:namespaceURI>http://www.npes.org/pdfx/ns/id/</pdfaSchema:namespaceURI>\n\
    <pdfaSchema:prefix>pdfxid</pdfaSchema:prefix>\n\
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\n\
    <pdfaProperty:name>GTS_PDFXVersion</pdfaProperty:name>\n\
    <pdfaProperty:valueType>Text</pdfaProperty:valueType>\n\
    <pdfaProperty:category>internal</pdfaProperty:category>\n\
    <pdfaProperty:description>Version of the standard</pdfaProperty:description>\n\
    </rdf:li></rdf:Seq></pdfaSchema:property>\n\
    </rdf:li>";

/// Describes the properties of PDF/UA.
const EXTENSION_ACCESSIBLE: &str = "<rdf:li rdf:parseType=\"Resource\">\n\
    <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\n\
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\n\
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\n\
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\n\
    <pdfaProperty:name>part</pdfaProperty:name>\n\
    <pdfaProperty:valueType>Integer</pdfaProperty:valueType>\n\
    <pdfaProperty:category>internal</pdfaProperty:category>\n\
    <pdfaProperty:description>Part of the standard</pdfaProperty:description>\n\
    </rdf:li></rdf:Seq></pdfaSchema:property>\n\
    </rdf:li>";

/// Describes our own property: how the document must be handled.
const EXTENSION_CLASS: &str = "<rdf:li rdf:parseType=\"Resource\">\n\
    <pdfaSchema:schema>Handling of the document</pdfaSchema:schema>\n\
    <pdfaSchema:namespaceURI>urn:chancery:metadata:1:</pdfaSchema:namespaceURI>\n\
    <pdfaSchema:prefix>chancery</pdfaSchema:prefix>\n\
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\n\
    <pdfaProperty:name>Class</pdfaProperty:name>\n\
    <pdfaProperty:valueType>Text</pdfaProperty:valueType>\n\
    <pdfaProperty:category>external</pdfaProperty:category>\n\
    <pdfaProperty:description>public, internal, confidential or restricted</pdfaProperty:description>\n\
    </rdf:li></rdf:Seq></pdfaSchema:property>\n\
    </rdf:li>";

/// Writes the XMP packet. It stays uncompressed, so that programs that know no PDF find it.
pub(super) fn write_packet(file: &mut File<'_>, id: u32, metadata: &Metadata, claims: &Claims) {
    let time = Time::from_milliseconds(metadata.created_ms).iso();
    let mut xmp = String::with_capacity(1_500);
    xmp.push_str(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"",
    );
    if claims.accessible.is_some() {
        xmp.push_str(" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\"");
    }
    if claims.archive.is_some() {
        xmp.push_str(" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"");
    }
    if claims.exchange {
        xmp.push_str(
            " xmlns:pdfxid=\"http://www.npes.org/pdfx/ns/id/\" xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\"",
        );
    }
    if metadata.class.is_some() {
        xmp.push_str(" xmlns:chancery=\"urn:chancery:metadata:1:\"");
    }
    xmp.push_str(">\n<dc:format>application/pdf</dc:format>\n");
    if !metadata.title.is_empty() {
        push_element(
            &mut xmp,
            "dc:title",
            "<rdf:Alt><rdf:li xml:lang=\"x-default\">",
            &metadata.title,
            "</rdf:li></rdf:Alt>",
        );
    }
    if let Some(author) = &metadata.author {
        push_element(&mut xmp, "dc:creator", "<rdf:Seq><rdf:li>", author, "</rdf:li></rdf:Seq>");
    }
    if let Some(subject) = &metadata.subject {
        push_element(
            &mut xmp,
            "dc:description",
            "<rdf:Alt><rdf:li xml:lang=\"x-default\">",
            subject,
            "</rdf:li></rdf:Alt>",
        );
    }
    if !metadata.language.is_empty() {
        push_element(&mut xmp, "dc:language", "<rdf:Bag><rdf:li>", &metadata.language, "</rdf:li></rdf:Bag>");
    }
    if !metadata.keywords.is_empty() {
        push_element(&mut xmp, "pdf:Keywords", "", &metadata.keywords.join(", "), "");
    }
    if let Some(class) = metadata.class {
        push_element(&mut xmp, "chancery:Class", "", class.name(), "");
    }
    push_element(&mut xmp, "pdf:Producer", "", PRODUCER, "");
    for name in ["xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"] {
        push_element(&mut xmp, name, "", &time, "");
    }
    if claims.exchange {
        push_element(&mut xmp, "pdf:Trapped", "", "False", "");
        push_element(&mut xmp, "pdfxid:GTS_PDFXVersion", "", "PDF/X-4", "");
        push_element(&mut xmp, "xmpMM:DocumentID", "", &identifier(file.fingerprint()), "");
        push_element(&mut xmp, "xmpMM:VersionID", "", "1", "");
        push_element(&mut xmp, "xmpMM:RenditionClass", "", "default", "");
    }
    if let Some(part) = claims.accessible {
        push_element(&mut xmp, "pdfuaid:part", "", &part.to_string(), "");
        if part == 2 {
            push_element(&mut xmp, "pdfuaid:rev", "", "2024", "");
        }
    }
    if let Some((part, level)) = claims.archive {
        push_element(&mut xmp, "pdfaid:part", "", &part.to_string(), "");
        if part == 4 {
            push_element(&mut xmp, "pdfaid:rev", "", "2020", "");
        }
        if !level.is_empty() {
            push_element(&mut xmp, "pdfaid:conformance", "", level, "");
        }
    }
    xmp.push_str("</rdf:Description>");
    if (claims.accessible.is_some() || claims.exchange || metadata.class.is_some())
        && claims.archive.is_some_and(|(part, _)| part < 4)
    {
        xmp.push_str(EXTENSION_BEGIN);
        if claims.accessible.is_some() {
            xmp.push_str(EXTENSION_ACCESSIBLE);
        }
        if claims.exchange {
            xmp.push_str(EXTENSION_EXCHANGE);
        }
        if metadata.class.is_some() {
            xmp.push_str(EXTENSION_CLASS);
        }
        xmp.push_str(EXTENSION_END);
    }
    xmp.push_str("</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>");
    file.finished_stream(id, b"/Type/Metadata/Subtype/XML", xmp.as_bytes());
}

/// A name for the document, made from what it shows (RFC 9562, 5.8: an UUID of the maker's own kind).
fn identifier(fingerprint: [u8; 16]) -> String {
    use std::fmt::Write as _;
    let mut name = String::from("uuid:");
    for (place, byte) in fingerprint.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            name.push('-');
        }
        let byte = match place {
            6 => byte & 0x0F | 0x80,
            8 => byte & 0x3F | 0x80,
            _ => byte,
        };
        let _infallible = write!(name, "{byte:02x}");
    }
    name
}

/// Whether XML 1.0 has no place for a character, however it is written.
fn is_beyond_xml(character: char) -> bool {
    matches!(character, '\u{0}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

fn push_element(xmp: &mut String, name: &str, before: &str, text: &str, after: &str) {
    for part in ["<", name, ">", before] {
        xmp.push_str(part);
    }
    for character in text.chars() {
        match character {
            '<' => xmp.push_str("&lt;"),
            '>' => xmp.push_str("&gt;"),
            '&' => xmp.push_str("&amp;"),
            // Readers of XML would make a line feed of it.
            '\r' => xmp.push_str("&#13;"),
            _ if is_beyond_xml(character) => xmp.push('\u{FFFD}'),
            _ => xmp.push(character),
        }
    }
    for part in [after, "</", name, ">\n"] {
        xmp.push_str(part);
    }
}

/// A time as PDF writes it (7.9.4).
pub(super) fn pdf_time(milliseconds: i64) -> String {
    Time::from_milliseconds(milliseconds).pdf()
}

/// A time in UTC by the Gregorian calendar.
#[derive(Debug, PartialEq, Eq)]
struct Time {
    year: i64,
    month: i64,
    day: i64,
    second_of_day: i64,
}

impl Time {
    /// Years beyond 0 to 9999 cannot be written and are cut to it.
    fn from_milliseconds(milliseconds: i64) -> Self {
        let seconds = milliseconds.div_euclid(1_000).clamp(-62_167_219_200, 253_402_300_799);
        let (days, second_of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // Counted from 1 March of a year divisible by 400, leap days fall at the end of years.
        let days = days + 719_468;
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Self { year, month, day, second_of_day }
    }

    fn pdf(&self) -> String {
        let [hour, minute, second] = self.clock();
        format!("D:{:04}{:02}{:02}{hour:02}{minute:02}{second:02}Z", self.year, self.month, self.day)
    }

    fn iso(&self) -> String {
        let [hour, minute, second] = self.clock();
        format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", self.year, self.month, self.day)
    }

    fn clock(&self) -> [i64; 3] {
        [self.second_of_day / 3_600, self.second_of_day / 60 % 60, self.second_of_day % 60]
    }
}

#[cfg(test)]
mod tests {
    use super::{Time, push_element};

    #[test]
    fn times_are_those_of_the_calendar() {
        for (milliseconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_827_696_789, "2000-02-29T12:34:56Z"),
            (1_700_000_000_000, "2023-11-14T22:13:20Z"),
            (1_709_164_800_000, "2024-02-29T00:00:00Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (i64::MIN, "0000-01-01T00:00:00Z"),
            (i64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Time::from_milliseconds(milliseconds).iso(), expected);
        }
        assert_eq!(Time::from_milliseconds(951_827_696_789).pdf(), "D:20000229123456Z");
    }

    #[test]
    fn text_in_xmp_is_escaped_and_what_xml_cannot_carry_is_replaced() {
        let mut xmp = String::new();
        push_element(&mut xmp, "a:b", "", "<x> & \u{1}\r\n", "");
        assert_eq!(xmp, "<a:b>&lt;x&gt; &amp; \u{FFFD}&#13;\n</a:b>\n");
    }
}
