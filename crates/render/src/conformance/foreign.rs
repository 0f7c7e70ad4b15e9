//! Holds pages of other files against the standards: what is in them that our own pages never have.

use super::findings::{Findings, Place};
use super::rules::Rule;
use crate::picture::{Matter, PdfPage};

/// Reports what a page has that the standards forbid. `is_print` is whether the file is made for a press.
pub(super) fn check(pdf_page: &PdfPage, is_print: bool, place: Place, findings: &mut Findings<'_>) {
    let is_print = is_print || findings.conformance.is_exchange();
    for obstacle in &pdf_page.examination().obstacles {
        let fits = match obstacle.matter {
            // The intent of the file says what these mean.
            Matter::Rgb => !is_print,
            Matter::Cmyk => is_print,
            Matter::NewProfile => findings.conformance.archive_part() != Some(1),
            _ => false,
        };
        if fits {
            continue;
        }
        let (rule, hint) = demand(obstacle.matter);
        let what = format!("on page {} of the other file, {}", pdf_page.page.saturating_add(1), obstacle.what);
        if is_of_press(obstacle.matter) {
            findings.report(Rule::Press, place, &what, hint);
        }
        findings.report(rule, place, &what, hint);
    }
}

/// Whether PDF/X-4 minds what has no rule of its own there.
fn is_of_press(matter: Matter) -> bool {
    use Matter::{Operator, PostScript, Profile, RenderingIntent, Rgb, State};
    matches!(matter, Rgb | Profile | State | RenderingIntent | PostScript | Operator)
}

/// The rule that an obstacle breaks, and what to do.
fn demand(matter: Matter) -> (Rule, &'static str) {
    const FONTS: &str =
        "save the other file with its fonts inside, as TrueType with their widths, or use it as SVG or PNG";
    const COLORS: &str = "save the other file with colour profiles, or in the colours that this file is made for";
    const SAVE: &str = "save the other file as PDF/A, or use it as SVG or PNG";
    match matter {
        Matter::Transparency => (Rule::Opacity, "make it opaque, or ask for PDF/A-2 or later"),
        Matter::Rgb | Matter::Cmyk => (Rule::Color, COLORS),
        Matter::Profile => (Rule::Profile, COLORS),
        Matter::NewProfile => (Rule::Profile, "use a profile of version 2, or ask for PDF/A-2 or later"),
        Matter::Ink => (Rule::Ink, "save the other file with its inks as colours with a profile"),
        Matter::State => (Rule::State, SAVE),
        Matter::RenderingIntent => (Rule::RenderingIntent, SAVE),
        Matter::Image => (Rule::Image, SAVE),
        Matter::Filter => (Rule::Filter, SAVE),
        Matter::PostScript => (Rule::PostScript, SAVE),
        Matter::Operator => (Rule::Foreign, SAVE),
        Matter::Embedding => (Rule::Embedding, FONTS),
        Matter::Subset => (Rule::Subset, "ask for PDF/A-2 or later, or use it as SVG or PNG"),
        Matter::Composite => (Rule::Composite, FONTS),
        Matter::Metrics => (Rule::Metrics, FONTS),
        Matter::Encoding => (Rule::Encoding, FONTS),
        Matter::Unicode => (Rule::Unicode, FONTS),
        Matter::PrivateUse => (Rule::PrivateUse, "use it as SVG or PNG with `alt`"),
        Matter::Glyph => (Rule::Glyph, FONTS),
    }
}
