//! Tests of glyphs in colour: a real font of emoji, and tables made here and put into a font that has none.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use super::*;
use crate::fonts::testing;
use crate::picture::{DrawingItem, GradientShape, PictureData};

/// The font of all tests below, and its glyph that gets a colour.
const STEM: &str = "Inter_400Regular";

fn u16s(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

fn u32s(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

/// A font with more tables.
fn face_with(tables: &[([u8; 4], Vec<u8>)]) -> Face {
    Face::parse(testing::with_tables(&testing::bytes(STEM), tables, &[]), 0).unwrap()
}

fn glyph(character: char) -> u16 {
    testing::face(STEM).glyph(character).unwrap()
}

/// One palette of half-transparent red, and layers (glyph and entry of the palette) for a glyph.
fn layered(glyph: u16, layers: &[[u16; 2]]) -> Face {
    let count = u16::try_from(layers.len()).unwrap();
    let mut colr = [u16s(&[0, 1]), u32s(&[14, 20]), u16s(&[count]), u16s(&[glyph, 0, count])].concat();
    layers.iter().for_each(|layer| colr.extend(u16s(layer)));
    let cpal = [u16s(&[0, 1, 1, 1]), u32s(&[14]), u16s(&[0]), vec![0, 0, 255, 128]].concat();
    face_with(&[(*b"COLR", colr), (*b"CPAL", cpal)])
}

fn drawing(glyph: &ColorGlyph) -> &Drawing {
    match &glyph.art {
        ColorArt::Drawing(drawing) => drawing,
        ColorArt::Picture(_) => panic!("it is a picture"),
    }
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let samples = [200, 30, 40].repeat((width * height) as usize);
    encoder.write_header().unwrap().write_image_data(&samples).unwrap();
    bytes
}

fn assert_near(rect: &Rect, expected: [f32; 4]) {
    let sides = [rect.x, rect.y, rect.width, rect.height];
    assert!(sides.iter().zip(expected).all(|(side, expected)| (side - expected).abs() < 1e-4), "{rect:?}");
}

#[test]
fn layers_take_colours_of_the_palette_and_of_the_text() {
    let face = layered(glyph('A'), &[[glyph('O'), 0], [glyph('I'), 0xFFFF], [glyph('I'), 7]]);
    assert!(face.is_colored() && !testing::face(STEM).is_colored());
    let text = Color::rgb(10, 20, 30);
    let made = face.color_glyph(glyph('A'), text).unwrap();
    let fills: Vec<_> = drawing(&made)
        .items
        .iter()
        .map(|item| if let DrawingItem::Path(path) = item { path.fill.unwrap() } else { panic!("{item:?}") })
        .collect();
    assert_eq!(fills, [Color::rgba(255, 0, 0, 128), text, Color::rgba(0, 0, 0, 0)]);
    // It is around the O, which is larger than the I: from the baseline up, and a little below it.
    assert!(made.bounds.y < -0.7 && made.bounds.y > -0.8 && made.bounds.y + made.bounds.height > 0.0, "{made:?}");
    assert!(face.color_glyph(glyph('B'), text).is_none());
}

#[test]
fn a_glyph_is_made_once_for_every_colour_that_it_takes_from_the_text() {
    let (red, blue) = (Color::rgb(255, 0, 0), Color::rgb(0, 0, 255));
    let own = layered(glyph('A'), &[[glyph('O'), 0]]);
    let [first, second] = [red, blue].map(|color| own.color_glyph(glyph('A'), color).unwrap());
    assert!(Arc::ptr_eq(&first, &second));
    let taking = layered(glyph('A'), &[[glyph('O'), 0xFFFF]]);
    let [first, second, third] = [red, blue, red].map(|color| taking.color_glyph(glyph('A'), color).unwrap());
    assert!(!Arc::ptr_eq(&first, &second) && Arc::ptr_eq(&first, &third));
}

#[test]
fn more_layers_than_any_font_needs_are_not_painted() {
    let layers = |count| vec![[glyph('I'), 0]; count];
    assert!(layered(glyph('A'), &layers(2_000)).color_glyph(glyph('A'), Color::BLACK).is_some());
    assert!(layered(glyph('A'), &layers(20_000)).color_glyph(glyph('A'), Color::BLACK).is_none());
}

#[test]
fn gradients_and_opacities_of_real_emoji_are_kept() {
    let face = testing::face("NotoColorEmoji_Subset");
    let made = |character: char| face.color_glyph(face.glyph(character).unwrap(), Color::BLACK).unwrap();
    let kinds = |glyph: &ColorGlyph| {
        let items = &drawing(glyph).items;
        let (mut paths, mut linear, mut radial, mut faded, mut depth) = (0, 0, 0, 0, 0_i32);
        for item in items {
            match item {
                DrawingItem::Path(_) => paths += 1,
                DrawingItem::Gradient(gradient) => match gradient.shape {
                    GradientShape::Linear { .. } => linear += 1,
                    GradientShape::Radial { .. } => radial += 1,
                },
                DrawingItem::Push { opacity, .. } => {
                    depth += 1;
                    faded += i32::from(*opacity < 1.0);
                }
                DrawingItem::Pop => depth -= 1,
            }
        }
        assert_eq!(depth, 0);
        (paths > 0, linear > 0, radial > 0, faded > 0)
    };
    let all: Vec<_> = ['😀', '🎉', '☕', '🚲', '📦', '⭐', '🌈'].into_iter().map(|emoji| kinds(&made(emoji))).collect();
    assert!(all.iter().all(|kinds| kinds.0), "{all:?}");
    assert!(all.iter().any(|kinds| kinds.1) && all.iter().any(|kinds| kinds.2), "{all:?}");
    assert!(face.color_glyph(face.glyph(' ').unwrap(), Color::BLACK).is_none(), "a space has no colour");
    // An emoji fills its square: about as high as it is wide, and mostly above the baseline.
    let Rect { y, width, height, .. } = made('😀').bounds;
    assert!((width - height).abs() < 0.1 && width > 1.0 && y < -0.8 && y + height > 0.0, "{:?}", made('😀').bounds);
}

#[test]
fn bitmaps_stand_where_their_bearings_say() {
    let id = glyph('A');
    let image = png(20, 10);
    // One size of 50 pixels an em, with an index of one glyph.
    let mut cblc =
        [u16s(&[3, 0]), u32s(&[1, 56, 24, 1, 0]), vec![0; 24], u16s(&[id, id]), vec![50, 50, 32, 1]].concat();
    let length = u32::try_from(image.len()).unwrap();
    cblc.extend([u16s(&[id, id]), u32s(&[8]), u16s(&[1, 17]), u32s(&[4, 0, 9 + length])].concat());
    // Height, width, bearing to the right and upwards, advance.
    let cbdt = [u16s(&[3, 0]), vec![10, 20, 5, 40, 30], u32s(&[length]), image].concat();
    let face = face_with(&[(*b"CBLC", cblc), (*b"CBDT", cbdt)]);
    let made = face.color_glyph(id, Color::BLACK).unwrap();
    assert_near(&made.bounds, [0.1, -0.8, 0.4, 0.2]);
    let ColorArt::Picture(picture) = &made.art else { panic!("{made:?}") };
    assert_eq!((picture.width, picture.height), (20, 10));
    assert!(!matches!(picture.data, PictureData::Jpeg { .. }));
    assert!(face.color_glyph(glyph('B'), Color::BLACK).is_none());
}

#[test]
fn bitmaps_of_apple_stand_on_the_baseline() {
    let id = usize::from(glyph('A'));
    let image = png(16, 16);
    let count = testing::face(STEM).glyph_count();
    let start = u32::try_from(4 + 4 * (count + 1)).unwrap();
    let end = start + 8 + u32::try_from(image.len()).unwrap();
    let offsets: Vec<u32> = (0..=count).map(|glyph| if glyph <= id { start } else { end }).collect();
    let strike = [u16s(&[32, 72]), u32s(&offsets), u16s(&[4, 2]), b"png ".to_vec(), image].concat();
    let face = face_with(&[(*b"sbix", [u16s(&[1, 1]), u32s(&[1, 12]), strike].concat())]);
    let made = face.color_glyph(glyph('A'), Color::BLACK).unwrap();
    let Rect { y, width, height, .. } = made.bounds;
    assert_eq!((width, height), (0.5, 0.5));
    assert!((y + height + 0.0625).abs() < 1e-4, "two of 32 pixels above the baseline: {:?}", made.bounds);
}

#[test]
fn damaged_tables_give_a_glyph_or_none_and_never_panic() {
    let bytes = testing::bytes("NotoColorEmoji_Subset");
    let table = testing::table(&bytes, *b"COLR").unwrap();
    let (mut seen, mut lost) = (0, 0);
    for place in table.step_by(61) {
        let mut damaged = bytes.to_vec();
        damaged[place] ^= 0xFF;
        let Ok(face) = Face::parse(damaged.into(), 0) else { continue };
        for emoji in ['😀', '🎉', '🌈', '📦'] {
            let made = face.glyph(emoji).and_then(|glyph| face.color_glyph(glyph, Color::BLACK));
            seen += i32::from(made.is_some());
            lost += i32::from(made.is_none());
        }
    }
    assert!(seen > 0 && lost > 0, "{seen} seen, {lost} lost");
}
