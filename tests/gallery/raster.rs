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

/// Mean difference on a page, of 255. Two rasterisers differ where the edges of shapes cut pixels, and in what they make
/// of a photo that is shown smaller: we average what the other one samples.
const MEAN_DIFFERENCE_MAX: f64 = 0.3;

/// Largest difference of the means of 3 × 3 pixels, of 255. What is missing, moved by two pixels or of another
/// colour has a larger one.
const BLURRED_DIFFERENCE_MAX: i32 = 50;

/// What is made for a press: pictures show the trimmed page, and each program mixes inks in its own way.
const FOR_PRESS: [&str; 1] = ["gallery/print"];

/// Red, green and blue of all pixels.
pub(crate) struct Pixels {
    pub(crate) width: usize,
    samples: Vec<u8>,
}

impl Pixels {
    pub(crate) fn height(&self) -> usize {
        self.samples.len() / (self.width * 3)
    }

    /// A rectangle of them.
    pub(crate) fn part(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let rows = self.samples.chunks(self.width * 3).skip(top).take(height);
        Self { width, samples: rows.flat_map(|row| &row[left * 3..(left + width) * 3]).copied().collect() }
    }
}

#[test]
fn pictures_show_what_another_program_makes_of_the_pdf() {
    let folder = TempDir::new().unwrap();
    let mut different = Vec::new();
    for name in examples().into_iter().filter(|name| !FOR_PRESS.contains(&name.as_str())) {
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

pub(crate) fn read(path: &Path) -> Pixels {
    let mut decoder = png::Decoder::new(BufReader::new(File::open(path).unwrap()));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut samples).unwrap();
    match frame.color_type {
        png::ColorType::Grayscale => samples = samples.iter().flat_map(|&grey| [grey; 3]).collect(),
        // On white, nothing shines through.
        png::ColorType::Rgba => samples = samples.chunks(4).flat_map(|pixel| &pixel[..3]).copied().collect(),
        _ => {}
    }
    Pixels { width: frame.width as usize, samples }
}

/// The mean and the largest difference of the means of 3 × 3 pixels. Where a baseline stands between two rows of pixels,
/// each program chooses its own, so that a pixel may stand one row higher or lower.
pub(crate) fn differences(first: &Pixels, second: &Pixels) -> (f64, i32) {
    let row = first.width * 3;
    let (ours, theirs) = (blurred(&first.samples, row), blurred(&second.samples, row));
    let nearest = |place: usize| {
        let rows = [Some(place), place.checked_sub(row), place.checked_add(row)];
        let known = rows.into_iter().flatten().filter_map(|place| theirs.get(place));
        known.map(|theirs| (ours[place] - theirs).abs()).min().unwrap_or_default()
    };
    let differences: Vec<i32> = (0..ours.len()).map(nearest).collect();
    let sum: i64 = differences.iter().map(|difference| i64::from(*difference)).sum();
    #[expect(clippy::cast_precision_loss, reason = "sums are far below 2^53")]
    let mean = sum as f64 / differences.len().max(1) as f64;
    (mean, differences.into_iter().max().unwrap_or_default())
}

/// Means of 3 × 3 pixels, channel by channel, without the edges.
fn blurred(samples: &[u8], row: usize) -> Vec<i32> {
    let across: Vec<i32> =
        samples.windows(7).map(|seen| [seen[0], seen[3], seen[6]].map(i32::from).iter().sum()).collect();
    let end = across.len().saturating_sub(2 * row);
    (0..end).map(|place| (across[place] + across[place + row] + across[place + 2 * row]) / 9).collect()
}
