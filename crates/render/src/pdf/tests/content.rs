//! Tests of content streams: what is painted, where, and with how little.

use std::sync::Arc;

use super::super::testing::{A4, Builder};
use super::{faces, read};
use crate::document::{
    Color, Glyph, Item, LineCap, LineJoin, Path, Point, Rect, RectItem, Role, Segment, Stroke, Transform,
};
use crate::picture::{Drawing, DrawingItem, Picture, PictureData};

const RED: Color = Color::rgb(255, 0, 0);

fn untagged() -> Builder {
    let mut builder = Builder::new(faces());
    builder.document.structure.elements.clear();
    builder.page(A4);
    builder
}

#[test]
fn coordinates_count_from_the_lower_left_and_edges_that_touch_keep_touching() {
    let mut builder = untagged();
    builder.rect(Rect { x: 10.004, y: 20.0, width: 5.003, height: 10.0 }, Color::BLACK);
    builder.rect(Rect { x: 15.007, y: 20.0, width: 5.0, height: 10.0 }, Color::BLACK);
    assert_eq!(read(&builder.document).content(0), "10 811.89 5.01 10 re\nf\n15.01 811.89 5 10 re\nf\n");
}

#[test]
fn colours_fonts_and_line_styles_are_written_only_when_they_change() {
    let mut builder = untagged();
    for line in 0..3_u8 {
        builder.text(0, 9.0, 50.0, 50.0 + f32::from(line) * 12.0, "ab");
        builder.rect(Rect { x: 0.0, y: 0.0, width: 1.0, height: 1.0 }, RED);
    }
    let content = read(&builder.document).content(0);
    assert_eq!(content.matches(" Tf").count(), 1);
    // Black and red take turns: the first black is the initial colour.
    assert_eq!((content.matches("1 0 0 rg").count(), content.matches("0 g").count()), (3, 2), "{content}");
}

#[test]
fn text_goes_on_in_one_text_object_with_relative_positions() {
    let mut builder = untagged();
    builder.text(0, 9.0, 50.0, 100.0, "a").text(0, 9.0, 50.0, 112.5, "a").text(0, 9.0, 40.0, 112.5, "a");
    let content = read(&builder.document).content(0);
    assert_eq!(content.matches("BT\n").count(), 1);
    assert!(
        content.contains("50 741.89 Td") && content.contains("0 -12.5 Td") && content.contains("-10 0 Td"),
        "{content}"
    );
}

#[test]
fn a_word_that_is_broken_at_the_end_of_a_line_is_told_as_one() {
    let mut builder = untagged();
    builder.text(0, 9.0, 50.0, 50.0, "a docu\u{AD}").text(0, 9.0, 50.0, 62.0, "mentation is");
    let content = read(&builder.document).content(0);
    let word = content.find("/Span<</ActualText(documentation)>>BDC").unwrap();
    let rest = content.find("/Span<</ActualText()>>BDC").unwrap();
    assert!(word < rest, "{content}");
    assert_eq!((content.matches("BDC").count(), content.matches("EMC").count()), (2, 2), "{content}");
    assert!(content.trim_end().ends_with(")]TJ\nET"), "what follows the word tells itself: {content}");
}

#[test]
fn a_hyphen_before_another_text_stays_a_soft_hyphen() {
    let mut builder = untagged();
    builder.text(0, 9.0, 50.0, 50.0, "a docu\u{AD}").rect(Rect { x: 0.0, y: 0.0, width: 1.0, height: 1.0 }, RED);
    builder.document.text.push(' ');
    builder.text(0, 9.0, 50.0, 62.0, "mentation is");
    assert!(!read(&builder.document).content(0).contains("ActualText"));
}

#[test]
fn kerning_is_exact_to_half_a_thousandth_of_an_em_over_any_length() {
    let mut builder = untagged();
    builder.text(0, 9.0, 50.0, 100.0, &"a".repeat(500));
    let units_per_em = f64::from(builder.document.faces[0].units_per_em());
    let natural = i32::from(builder.document.faces[0].advance(builder.document.glyphs[0].id));
    let mut expected = 0.0;
    for (index, glyph) in builder.document.glyphs.iter_mut().enumerate() {
        glyph.advance = natural - 1 - i32::try_from(index % 3).unwrap();
        if index < 499 {
            expected += f64::from(natural - glyph.advance) * 1_000.0 / units_per_em;
        }
    }
    let content = read(&builder.document).content(0);
    let adjustments: f64 =
        content.split(')').skip(1).filter_map(|part| part.split('(').next()?.parse::<f64>().ok()).sum();
    assert!((adjustments - expected).abs() <= 0.5, "{adjustments} against {expected}");
}

#[test]
fn offsets_move_a_glyph_and_nothing_after_it() {
    let mut builder = untagged();
    builder.text(0, 10.0, 50.0, 100.0, "abc");
    let face = Arc::clone(&builder.document.faces[0]);
    for glyph in &mut builder.document.glyphs {
        glyph.advance = i32::from(face.advance(glyph.id));
    }
    let units = face.units_per_em();
    let tenth = i16::try_from(units / 10).unwrap();
    builder.document.glyphs[1] = Glyph { x_offset: tenth, y_offset: tenth, ..builder.document.glyphs[1] };
    let content = read(&builder.document).content(0);
    let moved = f64::from(tenth) * 1_000.0 / f64::from(units);
    let numbers: Vec<f64> = content.split([')', '(']).filter_map(|part| part.parse().ok()).collect();
    assert_eq!(numbers.len(), 2, "{content}");
    assert!((numbers[0] + moved).abs() <= 1.0 && (numbers[0] + numbers[1]).abs() <= 1.0, "{numbers:?}");
    assert!(content.contains(" Ts\n[(") && content.contains("0 Ts\n"), "{content}");
}

#[test]
fn a_run_may_begin_with_a_raised_glyph() {
    let mut builder = untagged();
    builder.text(0, 10.0, 50.0, 100.0, "ab");
    let units = i16::try_from(builder.document.faces[0].units_per_em()).unwrap();
    for (glyph, length) in builder.document.glyphs.iter_mut().zip([2, 0]) {
        glyph.y_offset = -units / 2;
        glyph.text_length = length;
    }
    let content = read(&builder.document).content(0);
    // The narrower of the two is the part that says nothing.
    assert!(content.contains("Td\n/Span<</ActualText()>>BDC\n-5 Ts\n[("), "{content}");
    assert!(content.ends_with(")]TJ\n0 Ts\nET\n"), "{content}");
}

#[test]
fn letter_spacing_is_set_and_taken_back() {
    let mut builder = untagged();
    builder.text(0, 10.0, 50.0, 100.0, "ab").text(0, 10.0, 50.0, 120.0, "ab");
    if let Some(Item::Glyphs(run)) = builder.document.pages[0].items.first_mut() {
        run.letter_spacing = 0.75;
    }
    let content = read(&builder.document).content(0);
    assert!(content.contains(".75 Tc") && content.contains("\n0 Tc"), "{content}");
}

#[test]
fn strokes_dashes_and_round_corners_are_painted() {
    let mut builder = untagged();
    let stroke = Stroke { color: RED, width: 0.5, dash: vec![3.0, 1.5], cap: LineCap::Round, join: LineJoin::Round };
    let rect = Rect { x: 10.0, y: 10.0, width: 100.0, height: 50.0 };
    builder.item(Item::Rect(RectItem { rect, radius: 5.0, fill: Some(RED), stroke: Some(stroke.clone()) }));
    builder.document.segments = vec![
        Segment::Move(Point { x: 0.0, y: 0.0 }),
        Segment::Line(Point { x: 10.0, y: 0.0 }),
        Segment::Cubic(Point { x: 1.0, y: 2.0 }, Point { x: 3.0, y: 4.0 }, Point { x: 5.0, y: 6.0 }),
        Segment::Close,
    ];
    builder.item(Item::Path(Path { segments: 0..4, fill: Some(RED), even_odd: true, stroke: None }));
    let content = read(&builder.document).content(0);
    assert!(content.contains("1 0 0 RG\n.5 w\n1 J\n1 j\n[3 1.5 ]0 d\n"), "{content}");
    assert_eq!(content.matches(" c\n").count(), 5);
    assert!(content.contains("h\nB\n"), "{content}");
    assert!(content.ends_with("0 841.89 m\n10 841.89 l\n1 839.89 3 837.89 5 835.89 c\nh\nf*\n"), "{content}");
}

#[test]
fn a_dash_of_zeros_is_a_solid_line() {
    let mut builder = untagged();
    let stroke = Stroke { color: RED, width: 1.0, dash: vec![0.0, 0.0], cap: LineCap::Butt, join: LineJoin::Miter };
    let rect = Rect { x: 10.0, y: 10.0, width: 10.0, height: 10.0 };
    builder.item(Item::Rect(RectItem { rect, radius: 0.0, fill: None, stroke: Some(stroke) }));
    assert!(!read(&builder.document).content(0).contains(" d\n"));
}

#[test]
fn a_transform_is_the_same_seen_from_the_other_corner() {
    let mut builder = untagged();
    // A quarter turn clockwise (y is downwards) around the point (100, 200).
    let transform = Transform { coefficients: [0.0, 1.0, -1.0, 0.0, 300.0, 100.0] };
    builder.item(Item::Push { transform, clip: None, opacity: 1.0 });
    builder.rect(Rect { x: 100.0, y: 200.0, width: 10.0, height: 20.0 }, Color::BLACK);
    builder.item(Item::Pop);
    // In PDF: (x, y) -> (y - 541.89, 741.89 - x); the corner (100, 641.89) stays where it is.
    assert_eq!(read(&builder.document).content(0), "q\n0 -1 1 0 -541.89 741.89 cm\n100 621.89 10 20 re\nf\nQ\n");
}

#[test]
fn one_faded_thing_is_faded_by_its_colour_and_several_as_a_group() {
    let mut builder = untagged();
    let rect = Rect { x: 10.0, y: 10.0, width: 10.0, height: 10.0 };
    let push = || Item::Push { transform: Transform::IDENTITY, clip: None, opacity: 0.5 };
    builder.item(push()).rect(rect, RED).item(Item::Pop);
    let single = read(&builder.document);
    assert!(single.content(0).contains("/a128 gs") && single.all("/S/Transparency").is_empty());
    assert!(single.one("/ExtGState").text.contains("/a128<</ca .502>>"));

    let mut builder = untagged();
    builder.item(push()).rect(rect, RED).text(0, 10.0, 12.0, 18.0, "over").item(Item::Pop).rect(rect, RED);
    let several = read(&builder.document);
    let group = several.one("/S/Transparency");
    assert!(super::reader::text(&group.data).contains("re\nf\n"), "the content is in the group");
    let content = several.content(0);
    assert!(content.starts_with("q\n/a128 gs\n/X0 Do\nQ\n"), "{content}");
    assert_eq!(content.matches("re\n").count(), 1);
}

#[test]
fn a_faded_group_keeps_its_tags() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    builder.item(Item::Push { transform: Transform::IDENTITY, clip: None, opacity: 0.5 });
    builder.tagged(Role::Paragraph, 0, 10.0, 50.0, 50.0, "one");
    builder.tagged(Role::Paragraph, 0, 10.0, 50.0, 70.0, "two");
    builder.item(Item::Pop);
    let pdf = read(&builder.document);
    let (group, object) = pdf.all("/S/Transparency")[0];
    assert!(object.text.contains("/StructParents 1"), "{}", object.text);
    assert_eq!(pdf.all(&format!("/Stm {group} 0 R/MCID")).len(), 2);
    assert!(!pdf.content(0).contains("BDC"), "nothing is marked around the group");
}

#[test]
fn pictures_and_drawings_are_written_once_and_placed_by_their_rectangles() {
    let mut builder = untagged();
    let alpha = Some(vec![255, 128, 0, 255]);
    let data = PictureData::Rgb(vec![9; 12]);
    builder.document.pictures.push(Arc::new(Picture { width: 2, height: 2, data, alpha }));
    let segments = vec![Segment::Move(Point { x: 0.0, y: 0.0 }), Segment::Line(Point { x: 1.0, y: 1.0 })];
    let path = Path { segments: 0..2, fill: Some(RED), even_odd: false, stroke: None };
    let size = crate::document::Size { width: 50.0, height: 25.0 };
    builder.document.drawings.push(Arc::new(Drawing { size, items: vec![DrawingItem::Path(path)], segments }));
    let rect = Rect { x: 10.0, y: 20.0, width: 100.0, height: 50.0 };
    for _ in 0..2 {
        builder.item(Item::Picture { picture: 0, rect }).item(Item::Drawing { drawing: 0, rect });
    }
    let pdf = read(&builder.document);
    let content = pdf.content(0);
    assert_eq!(content.matches("q 100 0 0 50 10 771.89 cm/I0 Do Q").count(), 2, "{content}");
    assert_eq!(content.matches("q 2 0 0 2 10 771.89 cm/D0 Do Q").count(), 2, "{content}");
    let picture = pdf.one("/ColorSpace/DeviceRGB/");
    assert_eq!(pdf.all("/Subtype/Image").len(), 2, "the picture and its mask");
    assert!(pdf.follow(picture, "/SMask ").text.contains("/DeviceGray"));
    let drawing = pdf.one("/BBox[0 0 50 25]");
    assert_eq!(super::reader::text(&drawing.data), "4 M\n1 0 0 rg\n0 25 m\n1 24 l\nf\n");
}

#[test]
fn a_jpeg_goes_in_as_it_is() {
    let mut builder = untagged();
    let data = PictureData::Jpeg { bytes: b"not looked at".to_vec(), components: 4, inverted: true };
    builder.document.pictures.push(Arc::new(Picture { width: 2, height: 2, data, alpha: None }));
    let rect = Rect { x: 10.0, y: 20.0, width: 100.0, height: 50.0 };
    builder.item(Item::Picture { picture: 0, rect });
    let pdf = read(&builder.document);
    let picture = pdf.one("/DCTDecode");
    assert!(picture.text.contains("/DeviceCMYK") && picture.text.contains("/Decode[1 0 1 0 1 0 1 0]"));
    assert_eq!(picture.data, b"not looked at");
}

#[test]
fn text_that_is_not_seen_is_still_text_and_needs_no_opacity() {
    let mut builder = untagged();
    builder.text(0, 9.0, 50.0, 50.0, "a").text(0, 9.0, 50.0, 62.0, "b").text(0, 9.0, 50.0, 74.0, "c");
    if let Some(Item::Glyphs(run)) = builder.document.pages[0].items.get_mut(1) {
        run.color.alpha = 0;
    }
    let content = read(&builder.document).content(0);
    let modes: Vec<&str> = content.lines().filter(|line| line.ends_with(" Tr")).collect();
    assert_eq!(modes, ["3 Tr", "0 Tr"], "{content}");
    assert_eq!((content.matches("TJ").count(), content.contains(" gs")), (3, false), "{content}");
}
