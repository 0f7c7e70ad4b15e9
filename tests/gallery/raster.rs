//! Pictures show what the PDF shows: its pages, drawn by another program, are the same but for the edges of shapes.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use chancery_tests::{examples, run};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use tempfile::TempDir;

use crate::render;

const DPI: u8 = 100;

/// Mean difference of all samples of a page, of 255. Two rasterisers differ where the edges of shapes cut pixels.
const MEAN_DIFFERENCE_MAX: f64 = 0.4;

/// Largest difference of the means of 3 × 3 pixels, of 255. What is missing, moved by a pixel or of another colour has
/// a larger one.
const BLURRED_DIFFERENCE_MAX: i32 = 40;

/// Red, green and blue of all pixels.
struct Pixels {
    width: usize,
    samples: Vec<u8>,
}

#[test]
fn pictures_show_what_another_program_makes_of_the_pdf() {
    let folder = TempDir::new().unwrap();
    let mut different = Vec::new();
    for name in examples() {
        let pdf = std::fs::read(render(&name, folder.path(), "pdf", &[])).unwrap();
        let pdf = Pdf::new(pdf).unwrap();
        for (number, page) in (1..).zip(pdf.pages().iter()) {
            let drawn = rasterise(page);
            let dpi = DPI.to_string();
            let file = render(&name, folder.path(), "png", &["--dpi", &dpi, "--pages", &number.to_string()]);
            let ours = read(&file);
            assert_eq!((ours.width, ours.samples.len()), (drawn.width, drawn.samples.len()), "{name}, page {number}");
            let (mean, blurred) = differences(&ours, &drawn);
            if mean > MEAN_DIFFERENCE_MAX || blurred > BLURRED_DIFFERENCE_MAX {
                different.push(format!("{name}, page {number}: {mean:.3} in the mean, {blurred} in nine pixels"));
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn another_program_reads_the_svg_of_every_example() {
    let folder = TempDir::new().unwrap();
    for name in examples() {
        let file = render(&name, folder.path(), "svg", &["--pages", "1"]);
        let drawn = folder.path().join("drawn.png").display().to_string();
        let said = run("mutool", &["draw", "-q", "-r", "36", "-o", &drawn, &file.display().to_string()]);
        assert!(!said.contains("error"), "{name}: {said}");
        let ours = render(&name, folder.path(), "png", &["--pages", "1", "--dpi", "36"]);
        // It cuts the size where we round it.
        let (drawn, ours) = (read(Path::new(&drawn)).width, read(&ours).width);
        assert!(drawn.abs_diff(ours) <= 1, "{name}: {drawn} pixels across, and ours {ours}");
    }
}

#[test]
fn a_moved_line_is_found() {
    let page = |line: usize| {
        let samples = (0..30 * 30).flat_map(|place| [if place / 30 == line { 0 } else { 255 }; 3]).collect();
        Pixels { width: 30, samples }
    };
    assert_eq!(differences(&page(10), &page(10)), (0.0, 0));
    let (_, blurred) = differences(&page(10), &page(13));
    assert_eq!(blurred, 85);
}

fn rasterise(page: &hayro::hayro_syntax::page::Page<'_>) -> Pixels {
    let (width, height) = page.render_dimensions();
    // As many whole pixels as the picture has, and stretched to their edges as it is.
    let scale = |points: f32| (points * f32::from(DPI) / 72.0).round() / points;
    let (x_scale, y_scale) = (scale(width), scale(height));
    let settings = RenderSettings { hinting: false, ..RenderSettings::default() };
    // The size is cut, not rounded: a little more makes no pixel more, and none less.
    let more = PixmapSettings { x_scale: x_scale * 1.000_001, y_scale: y_scale * 1.000_001, bg_color: WHITE };
    let pixmap = hayro::render(page, &RenderCache::new(), &InterpreterSettings::default(), &settings, &more);
    let samples = pixmap.data_as_u8_slice().chunks(4).flat_map(|pixel| pixel[..3].to_vec()).collect();
    Pixels { width: usize::from(pixmap.width()), samples }
}

fn read(path: &Path) -> Pixels {
    let mut decoder = png::Decoder::new(BufReader::new(File::open(path).unwrap()));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut samples).unwrap();
    if frame.color_type == png::ColorType::Grayscale {
        samples = samples.iter().flat_map(|&grey| [grey; 3]).collect();
    }
    Pixels { width: frame.width as usize, samples }
}

/// The mean difference of all samples, and the largest difference of the means of 3 × 3 pixels.
fn differences(first: &Pixels, second: &Pixels) -> (f64, i32) {
    let signed: Vec<i32> =
        first.samples.iter().zip(&second.samples).map(|(&a, &b)| i32::from(a) - i32::from(b)).collect();
    let sum: i64 = signed.iter().map(|difference| i64::from(difference.abs())).sum();
    let row = first.width * 3;
    let across: Vec<i32> = (3..signed.len().saturating_sub(3))
        .map(|place| signed[place - 3] + signed[place] + signed[place + 3])
        .collect();
    let largest = (0..across.len().saturating_sub(2 * row))
        .map(|place| (across[place] + across[place + row] + across[place + 2 * row]).abs() / 9)
        .max();
    #[expect(clippy::cast_precision_loss, reason = "sums are far below 2^53")]
    let mean = sum as f64 / signed.len() as f64;
    (mean, largest.unwrap_or_default())
}
