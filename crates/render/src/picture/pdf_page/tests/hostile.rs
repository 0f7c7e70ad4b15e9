//! Tests of files of a few bytes that would take hours or gigabytes.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::super::decode;
use super::{file, page, refused, stream};
use crate::limits::Limits;

/// A file whose second object is a packed stream, as bytes.
fn packed(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    out.extend_from_slice(format!("7 0 obj\n<<{dictionary}/Length {}>>stream\n", data.len()).as_bytes());
    out.extend_from_slice(data);
    out.extend_from_slice(b"\nendstream\nendobj\n");
    out.extend_from_slice(&page("", &[&stream("", "")]));
    out
}

fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Room for 40,000 bytes.
fn small() -> Limits {
    Limits { picture_pixels_max: 10_000, ..Limits::default() }
}

const TOO_LARGE: &str = "the PDF exceeds the limit of 40000 unpacked bytes in one file";
const TOO_LONG: &str = "the PDF exceeds the limit of 5000000 steps to draw one page";

#[test]
fn what_becomes_too_large_is_refused_before_it_is_unpacked() {
    let outcome = |file: &[u8]| decode(file, 1, &small()).map(|_| ()).map_err(|error| error.to_string());
    assert_eq!(outcome(&packed("/Filter/FlateDecode", &deflated(&[0; 30_000]))), Ok(()));
    let bomb = deflated(&[0; 50_000]);
    assert_eq!(outcome(&packed("/Filter/FlateDecode", &bomb)), Err(TOO_LARGE.to_owned()));
    assert_eq!(outcome(&packed("/Filter[/Fl#61teDecode]", &bomb)), Err(TOO_LARGE.to_owned()));
    let twice = deflated(&deflated(&[0; 1_000_000]));
    assert_eq!(outcome(&packed("/Filter[/FlateDecode/FlateDecode]", &twice)), Err(TOO_LARGE.to_owned()));
    // The head is wrong, and a reader takes what follows.
    let damaged: Vec<u8> = [&[0x78, 0x9C, 0xFF][..], &bomb].concat();
    assert_eq!(outcome(&packed("/Filter/FlateDecode", &damaged)), Err(TOO_LARGE.to_owned()));
    let padded = format!("/Filter/FlateDecode{}", " ".repeat(20_000));
    assert_eq!(outcome(&packed(&padded, &bomb)), Err(TOO_LARGE.to_owned()));
    for filter in ["/LZWDecode", "/RunLengthDecode", "[/ASCII85Decode/FlateDecode]"] {
        let dictionary = format!("/Filter{filter}");
        assert_eq!(outcome(&packed(&dictionary, &[b'x'; 8])), Ok(()), "{filter}");
        assert_eq!(outcome(&packed(&dictionary, &[b'x'; 900])), Err(TOO_LARGE.to_owned()), "{filter}");
    }
    let hidden = outcome(&packed("/Filter 4 0 R", &bomb)).unwrap_err();
    assert_eq!(hidden, "the PDF cannot be read: how a stream is packed is not told where the stream is");
}

#[test]
fn a_page_that_would_be_drawn_for_years_is_refused() {
    let form = |next: usize| {
        let dictionary = format!("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {next} 0 R>>>>");
        stream(&dictionary, "/X Do /X Do")
    };
    let levels: Vec<String> = (6..36).map(form).collect();
    let content = stream("", "/X Do");
    let objects: Vec<&str> = [&content].into_iter().chain(&levels).map(String::as_str).collect();
    assert_eq!(refused(&page("/Resources<</XObject<</X 5 0 R>>>>", &objects), 1), TOO_LONG);
    let few = [objects.get(..6).unwrap_or_default(), &["<</Type/Nothing>>"]].concat();
    assert!(decode(&page("/Resources<</XObject<</X 5 0 R>>>>", &few), 1, &Limits::default()).is_ok());
}

#[test]
fn a_form_that_draws_itself_twice_is_refused() {
    let form = stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "/X Do /X Do");
    let bytes = page("/Resources<</XObject<</X 5 0 R>>>>", &[&stream("", "/X Do"), &form]);
    assert_eq!(refused(&bytes, 1), TOO_LONG);
}

#[test]
fn cells_of_patterns_are_counted_as_often_as_they_are_drawn() {
    let with_step = |step: &str| {
        let cell = format!(
            "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 100 100]/XStep {step}/YStep {step}/Resources<<>>"
        );
        let content = stream("", "/Pattern cs /P scn 0 0 200 100 re f");
        page("/Resources<</Pattern<</P 5 0 R>>>>", &[&content, &stream(&cell, "0 0 1 1 re f")])
    };
    assert!(decode(&with_step("20"), 1, &Limits::default()).is_ok());
    assert_eq!(refused(&with_step("0.01"), 1), TOO_LONG);
}

#[test]
fn dashes_and_pixels_are_work_too() {
    let with_content = |content: &str| page("", &[&stream("", content)]);
    assert!(decode(&with_content("[3 2] 0 d 0 0 m 200 100 l S"), 1, &Limits::default()).is_ok());
    assert_eq!(refused(&with_content("[0.00001] 0 d 0 0 m 200 100 l S"), 1), TOO_LONG);
    let image = "/Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8";
    let with_image = |side: u32, content: &str| {
        let image = stream(&format!("{image}/Width {side}/Height {side}"), "x");
        file(&[
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 9 9]>>",
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
            &stream("", content),
            &image,
        ])
    };
    assert!(decode(&with_image(4_000, "/I Do"), 1, &Limits::default()).is_ok());
    assert_eq!(
        refused(&with_image(60_000, "/I Do"), 1),
        "the picture is 60000 × 60000 pixels, the limit is 50000000 in all"
    );
    assert_eq!(refused(&with_image(4_000, &"/I Do ".repeat(100)), 1), TOO_LONG);
}

#[test]
fn layers_are_painted_more_than_once() {
    let form =
        |group: &str| stream(&format!("/Type/XObject/Subtype/Form/BBox[0 0 2000 2000]{group}"), "0 0 2000 2000 re f");
    let pages = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 2000 2000]>>";
    let kid = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>";
    let outcome = |group: &str| {
        let (content, form) = (stream("", &"/X Do ".repeat(200)), form(group));
        let bytes = file(&["<</Type/Catalog/Pages 2 0 R>>", pages, kid, &content, &form]);
        decode(&bytes, 1, &Limits::default()).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(outcome(""), Ok(()));
    assert_eq!(outcome("/Group<</S/Transparency>>"), Err(TOO_LONG.to_owned()));
}

#[test]
fn sizes_in_packed_images_are_looked_at() {
    let outcome = |dictionary: &str, data: &str| {
        let image = format!("/Type/XObject/Subtype/Image/Width 9/Height 9{dictionary}");
        let (content, image) = (stream("", "/I Do"), stream(&image, data));
        decode(&page("/Resources<</XObject<</I 5 0 R>>>>", &[&content, &image]), 1, &small())
            .map(|_| ())
            .map_err(|e| e.to_string())
    };
    let fax = "/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/CCITTFaxDecode/DecodeParms";
    assert_eq!(outcome(&format!("{fax}<</K -1/Columns 900>>"), "x"), Ok(()));
    let wide = Err("the PDF exceeds the limit of 65536 pixels across one fax".to_owned());
    assert_eq!(outcome(&format!("{fax}<</K -1/Columns 2000000000>>"), "x"), wide);
    assert_eq!(outcome(&format!("{fax}[null<</K -1/Columns 2000000000>>]"), "x"), wide);
    let program = |tokens: usize| {
        outcome("/FunctionType 4/Domain[0 1]/Range[0 1]", &format!("{{{}}}", "dup pop ".repeat(tokens)))
    };
    assert_eq!(program(900), Ok(()));
    assert_eq!(program(1_100), Err("the PDF exceeds the limit of 8192 bytes in one function".to_owned()));
}

#[test]
fn codestreams_of_too_many_pixels_are_refused() {
    let with_size = |side: u32| {
        let mut data = vec![0xFF, 0x4F, 0xFF, 0x51, 0, 47, 0, 0];
        data.extend([side, side, 0, 0].map(u32::to_be_bytes).concat());
        let mut bytes =
            b"%PDF-1.7\n5 0 obj\n<</Type/XObject/Subtype/Image/Width 9/Height 9/Filter/JPXDecode/Length ".to_vec();
        bytes.extend_from_slice(format!("{}>>stream\n", data.len()).as_bytes());
        bytes.extend_from_slice(&data);
        bytes.extend_from_slice(b"\nendstream\nendobj\n");
        let rest = page("/Resources<</XObject<</I 5 0 R>>>>", &[&stream("", "/I Do")]);
        // Without a table of objects, they are looked for.
        let end = rest.windows(5).position(|window| window == b"xref\n").unwrap();
        bytes.extend_from_slice(&rest[9..end]);
        bytes.extend_from_slice(b"trailer\n<</Root 1 0 R>>\n");
        decode(&bytes, 1, &Limits::default()).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(with_size(500), Ok(()));
    let refusal = "the picture is 40000 × 40000 pixels, the limit is 50000000 in all";
    assert_eq!(with_size(40_000), Err(refusal.to_owned()));
}

#[test]
fn triangles_of_a_mesh_count_wherever_they_lie() {
    let with_range = |range: &str| {
        let mesh = format!(
            "/ShadingType 5/ColorSpace/DeviceGray/BitsPerCoordinate 8/BitsPerComponent 8/VerticesPerRow 2\
             /Decode[0 {range} 0 {range} 0 1]"
        );
        let (content, mesh) = (stream("", "/S sh"), stream(&mesh, &"aaxzzxazxzax".repeat(30)));
        decode(&page("/Resources<</Shading<</S 5 0 R>>>>", &[&content, &mesh]), 1, &Limits::default())
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    assert_eq!(with_range("100"), Ok(()));
    assert_eq!(with_range("1000000"), Err(TOO_LONG.to_owned()));
}
