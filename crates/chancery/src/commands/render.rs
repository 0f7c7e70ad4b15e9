//! `render`: a PDF or pictures from a template and data, without server and database.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery_render::document::Color;
use chancery_render::image::{Fit, ImageCache, ImageFormat, ImageOptions, render_pages};
use chancery_render::pdf::{self, PdfCache, PdfError, PdfOptions};
use chancery_render::program::Scratch;
use chancery_render::{Document, Limits, Program, RenderOptions, Template};
use chancery_service::clock::{Clock as _, SystemClock};

use super::samples;
use crate::cli::{Format, Render};
use crate::config::Config;
use crate::error::CommandError;
use crate::world::{AssetFolder, LocalWorld};
use crate::{inputs, opened, output};

/// Quality of JPEG pictures, from 1 to 100: no visible loss in text at 150 dpi.
const JPEG_QUALITY: u8 = 90;

/// Renders.
pub(crate) fn run(config: &Config, flags: &Render) -> Result<(), CommandError> {
    let format = format_of(flags);
    if format != Format::Pdf && !flags.profiles.is_empty() {
        return Err(CommandError::input("--profile is for PDFs; pictures follow no standard"));
    }
    refuse_useless(format, flags)?;
    let limits = limits(config);
    let now_ms = match &flags.now {
        Some(text) => inputs::time_ms(text)?,
        None => SystemClock.now().signed_millis(),
    };
    let text = inputs::text(&flags.template)?;
    let given = flags.data.as_deref().map(inputs::json).transpose()?;
    let template = parse(&text, &limits, &flags.template)?;
    let data = match (given, &flags.sample) {
        (Some(data), _) => data,
        (None, name) => samples::chosen(&template, name.as_deref().unwrap_or_default())?.clone(),
    };
    let world = world(config, &flags.template, now_ms)?;
    let document = lay_out(template, &world, &data, flags.strict, limits, &flags.template)?;
    match format {
        Format::Pdf => {
            let options = PdfOptions { profiles: flags.profiles.clone(), ..PdfOptions::default() };
            let bytes = pdf::write(&document, &options, &mut PdfCache::default()).map_err(|error| match error {
                PdfError::Nonconforming { findings } => failed(&findings, &flags.template),
                error => CommandError::environment("cannot write the PDF", error),
            })?;
            write(&flags.output, &bytes)
        }
        Format::Png => write_pictures(&document, ImageFormat::Png, flags, config),
        Format::Jpeg => {
            let quality = flags.quality.unwrap_or(JPEG_QUALITY);
            write_pictures(&document, ImageFormat::Jpeg { quality }, flags, config)
        }
        Format::Webp => write_pictures(&document, ImageFormat::Webp { quality: flags.quality }, flags, config),
        Format::Svg => write_pictures(&document, ImageFormat::Svg, flags, config),
    }
}

/// Refuses flags that would change nothing in this format, since whoever gave them expects something.
fn refuse_useless(format: Format, flags: &Render) -> Result<(), CommandError> {
    let sized = flags.width.is_some() || flags.height.is_some();
    let useless = match format {
        Format::Pdf if flags.pages.is_some() => Some("--pages is for pictures; a PDF has all pages"),
        Format::Pdf | Format::Svg if sized => Some("--width and --height are for PNG, JPEG and WebP"),
        Format::Pdf | Format::Png | Format::Svg if flags.quality.is_some() => Some("--quality is for JPEG and WebP"),
        Format::Pdf | Format::Jpeg if flags.transparent => Some("--transparent is for PNG, WebP and SVG"),
        _ => None,
    };
    useless.map_or(Ok(()), |message| Err(CommandError::input(message)))
}

/// Reads `3` or `2-5` as indexes.
fn page_range(text: &str) -> Result<Range<usize>, CommandError> {
    let wrong = || CommandError::input(format!("--pages wants a page or a range, such as 3 or 2-5, not `{text}`"));
    let number = |text: &str| text.parse().ok().filter(|&number: &usize| number > 0).ok_or_else(wrong);
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(text)?, number(text)?),
    };
    if first <= last { Ok(first - 1..last) } else { Err(wrong()) }
}

/// The limits of one render, from the configuration.
pub(crate) fn limits(config: &Config) -> Limits {
    Limits {
        page_count_max: config.render_page_count_max,
        picture_pixels_max: config.render_pixel_count_max,
        ..Limits::default()
    }
}

/// Parses a template and tells its findings.
pub(crate) fn parse(text: &str, limits: &Limits, name: &Path) -> Result<Arc<Template>, CommandError> {
    match Template::parse(text, limits) {
        Ok((template, warnings)) => {
            inputs::told(&warnings, name)?;
            Ok(Arc::new(template))
        }
        Err(findings) => Err(failed(&findings, name)),
    }
}

/// The world of a template on disk.
pub(crate) fn world(config: &Config, template: &Path, now_ms: i64) -> Result<LocalWorld, CommandError> {
    Ok(LocalWorld { fonts: opened::load_fonts(config)?, assets: AssetFolder::beside(template), now_ms })
}

/// Lays a document out and tells the findings.
pub(crate) fn lay_out(
    template: Arc<Template>,
    world: &LocalWorld,
    data: &serde_json::Value,
    strict: bool,
    limits: Limits,
    name: &Path,
) -> Result<Document, CommandError> {
    let program = Program::new(template, world).map_err(|findings| failed(&findings, name))?;
    let options = RenderOptions { strict, limits, ..RenderOptions::default() };
    let rendered =
        program.render(data, world, &options, &mut Scratch::default()).map_err(|findings| failed(&findings, name))?;
    inputs::told(&rendered.diagnostics, name)?;
    Ok(rendered.document)
}

fn failed(findings: &[chancery_render::Diagnostic], name: &Path) -> CommandError {
    match inputs::told(findings, name) {
        Err(error) => error,
        Ok(()) => CommandError::input(format!("{} cannot be rendered", name.display())),
    }
}

fn format_of(flags: &Render) -> Format {
    flags.format.unwrap_or_else(|| {
        let extension = flags.output.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        match extension.as_deref() {
            Some("png") => Format::Png,
            Some("jpg" | "jpeg") => Format::Jpeg,
            Some("webp") => Format::Webp,
            Some("svg") => Format::Svg,
            _ => Format::Pdf,
        }
    })
}

fn write_pictures(
    document: &Document,
    format: ImageFormat,
    flags: &Render,
    config: &Config,
) -> Result<(), CommandError> {
    let pages = match &flags.pages {
        Some(text) => page_range(text)?,
        None => 0..document.pages.len(),
    };
    let first_number = pages.start + 1;
    let options = ImageOptions {
        dpi: dots_per_inch(flags.dpi),
        fit: (flags.width.is_some() || flags.height.is_some())
            .then_some(Fit { width: flags.width, height: flags.height }),
        format,
        pages,
        background: if flags.transparent { Color { alpha: 0, ..Color::WHITE } } else { Color::WHITE },
        pixels_max: config.render_pixel_count_max,
    };
    let pictures = render_pages(document, &options, &mut ImageCache::new())
        .map_err(|error| CommandError::input(format!("cannot make the pictures: {error}")))?;
    if flags.output == Path::new("-") && pictures.len() > 1 {
        return Err(CommandError::input(format!("{} pages cannot go to standard output: name a file", pictures.len())));
    }
    for (number, picture) in (first_number..).zip(&pictures) {
        write(&path_of_page(&flags.output, number, pictures.len()), picture)?;
    }
    Ok(())
}

/// A resolution as the engine takes it. The command line allows at most 1200.
pub(crate) fn dots_per_inch(dpi: u32) -> f32 {
    f32::from(u16::try_from(dpi).unwrap_or(u16::MAX))
}

/// Where a page goes: `{n}` becomes its number; without it, the number of one of several pages stands before the extension.
fn path_of_page(output: &Path, number: usize, count: usize) -> PathBuf {
    let text = output.to_string_lossy();
    if text.contains("{n}") {
        return PathBuf::from(text.replace("{n}", &number.to_string()));
    }
    if count == 1 {
        return output.to_owned();
    }
    let stem = output.file_stem().unwrap_or_default().to_string_lossy();
    let name = match output.extension() {
        Some(extension) => format!("{stem}-{number}.{}", extension.to_string_lossy()),
        None => format!("{stem}-{number}"),
    };
    output.with_file_name(name)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    if path == Path::new("-") {
        return output::bytes(bytes);
    }
    fs::write(path, bytes).map_err(|source| CommandError::file("write", path, source))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn pages_get_their_numbers_only_when_there_are_several_or_the_name_says_where() {
        let path = |output: &str, number, count| path_of_page(Path::new(output), number, count).display().to_string();
        assert_eq!(path("out.png", 1, 1), "out.png");
        assert_eq!(path("a/out.png", 2, 3), "a/out-2.png");
        assert_eq!(path("out", 2, 3), "out-2");
        assert_eq!(path("page-{n}.png", 1, 1), "page-1.png");
        assert_eq!(path("{n}/page.png", 12, 20), "12/page.png");
    }

    #[test]
    fn pages_are_counted_from_one_and_ranges_hold_both_ends() {
        assert_eq!(page_range("3").unwrap(), 2..3);
        assert_eq!(page_range("2-5").unwrap(), 1..5);
        for wrong in ["", "0", "5-2", "1-", "-3", "a", "1-2-3", "18446744073709551616"] {
            let message = page_range(wrong).unwrap_err().to_string();
            assert_eq!(message, format!("--pages wants a page or a range, such as 3 or 2-5, not `{wrong}`"));
        }
    }
}
