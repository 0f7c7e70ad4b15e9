//! A browser shows of an SVG what our own picture shows.

use std::fmt::Write as _;
use std::path::Path;

use chancery_tests::{examples, run};
use tempfile::TempDir;

use crate::raster::{Pixels, differences, read};
use crate::render;

/// Pixels of CSS in an inch, so that a picture of as many dots has the size that the browser gives the SVG.
const DPI: &str = "96";

/// Width of the sheet on which all pages lie, in pixels.
const SHEET_WIDTH: usize = 4_200;

/// Mean difference on a page, of 255. A browser draws the edges of letters lighter than we do.
const MEAN_DIFFERENCE_MAX: f64 = 1.5;

/// Largest difference of the means of 3 × 3 pixels, of 255; see `raster.rs`.
const BLURRED_DIFFERENCE_MAX: i32 = 50;

#[test]
fn a_browser_shows_of_an_svg_what_our_picture_shows() {
    let folder = TempDir::new().unwrap();
    let mut body = String::new();
    let mut pages = Vec::new();
    let (mut left, mut top, mut row_height) = (0, 0, 0);
    for name in examples() {
        let svg = render(&name, folder.path(), "svg", &["--pages", "1"]);
        let ours = read(&render(&name, folder.path(), "png", &["--pages", "1", "--dpi", DPI]));
        let (width, height) = (ours.width, ours.height());
        if left + width > SHEET_WIDTH {
            (left, top, row_height) = (0, top + row_height, 0);
        }
        let file = svg.file_name().unwrap().to_str().unwrap();
        let place = format!("position:absolute;left:{left}px;top:{top}px;width:{width}px;height:{height}px");
        writeln!(body, "<img src=\"{file}\" style=\"{place}\">").unwrap();
        pages.push((name, ours, left, top));
        left += width;
        row_height = row_height.max(height);
    }
    let sheet = photograph(&body, top + row_height, folder.path());
    let mut different = Vec::new();
    for (name, ours, left, top) in pages {
        let (mean, blurred) = differences(&ours, &sheet.part(left, top, ours.width, ours.height()));
        if mean > MEAN_DIFFERENCE_MAX || blurred > BLURRED_DIFFERENCE_MAX {
            different.push(format!("{name}: {mean:.3} in the mean, {blurred} in nine pixels"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// What the browser shows of a page.
fn photograph(body: &str, height: usize, folder: &Path) -> Pixels {
    let (page, photograph) = (folder.join("sheet.html"), folder.join("sheet.png"));
    std::fs::write(&page, format!("<!doctype html><body style=\"background:#fff\">{body}")).unwrap();
    let _said = run(
        "chromium",
        &[
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-lcd-text",
            "--force-device-scale-factor=1",
            &format!("--user-data-dir={}", folder.join("profile").display()),
            &format!("--window-size={SHEET_WIDTH},{height}"),
            &format!("--screenshot={}", photograph.display()),
            &format!("file://{}", page.display()),
        ],
    );
    let sheet = read(&photograph);
    assert_eq!((sheet.width, sheet.height()), (SHEET_WIDTH, height), "the browser shows another part of the sheet");
    sheet
}
