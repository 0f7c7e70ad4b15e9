//! Tests of what standards have against a page.

use super::super::tests::{page, read, stream};

/// What is found in a page of this content, resources and further objects, which begin with number 5.
fn found(content: &str, resources: &str, more: &[&str]) -> Vec<String> {
    let content = stream("", content);
    let objects: Vec<&str> = [content.as_str()].into_iter().chain(more.iter().copied()).collect();
    let pdf_page = read(&page(&format!("/Resources<<{resources}>>"), &objects));
    let obstacles = &pdf_page.examination().obstacles;
    obstacles.iter().map(|obstacle| format!("{:?}: {}", obstacle.matter, obstacle.what)).collect()
}

#[test]
fn lines_in_grey_have_nothing_against_them() {
    assert_eq!(found("q .5 g 0 0 5 5 re f* 1 w 0 G S Q", "", &[]), [""; 0]);
}

#[test]
fn colours_of_a_device_need_a_profile() {
    assert_eq!(
        found("1 0 0 rg 0 0 0 1 K", "", &[]),
        ["Rgb: a colour is in RGB without a profile", "Cmyk: a colour is in CMYK without a profile"]
    );
    let calibrated = "/ColorSpace<</DefaultRGB[/CalRGB<</WhitePoint[.95 1 1.09]>>]/C[/Indexed/DeviceRGB 0<000000>]>>";
    assert_eq!(found("1 0 0 rg /C cs", calibrated, &[]), [""; 0]);
    assert_eq!(found("BI /CS/CMYK /W 1 ID abcd\nEI", "", &[]), ["Cmyk: a colour is in CMYK without a profile"]);
    let ink = "/ColorSpace<</C[/Separation/Gold/DeviceCMYK 5 0 R]>>";
    assert_eq!(
        found("/C cs 1 scn", ink, &["null"]),
        [
            "Ink: a colour is an ink whose recipe is not compared with others of its name",
            "Cmyk: a colour is in CMYK without a profile"
        ]
    );
    assert_eq!(found("0 g", ink, &["null"]), [""; 0], "what is not used does not count");
}

#[test]
fn a_profile_must_be_one_for_pictures_with_the_right_number_of_channels() {
    let profile = |version: char, class: &str, channels: u8| {
        stream(&format!("/N {channels}"), &format!("0000ADBE{version}000{class}RGB XYZ "))
    };
    let space = "/ColorSpace<</C[/ICCBased 5 0 R]>>";
    let wrong = "Profile: a colour profile is not one for pictures, or has another number of channels";
    assert_eq!(found("/C cs", space, &[&profile('\u{2}', "mntr", 3)]), [""; 0]);
    assert_eq!(
        found("/C cs", space, &[&profile('\u{4}', "mntr", 3)]),
        ["NewProfile: a colour profile is of version 4"]
    );
    assert_eq!(found("/C cs", space, &[&profile('\u{2}', "link", 3)]), [wrong]);
    assert_eq!(found("/C cs", space, &[&profile('\u{2}', "mntr", 4)]), [wrong]);
    let newer = "Profile: a colour profile is newer than version 4";
    assert_eq!(found("/C cs", space, &[&profile('\u{5}', "mntr", 3)]), [newer]);
}

#[test]
fn what_graphics_states_ask_for_is_told() {
    for (state, expected) in [
        ("/ca 1/CA 1/BM/Normal/SMask/None/TR2/Default/OPM 0", ""),
        ("/ca .5", "Transparency: an opacity is below 1"),
        ("/BM/Multiply", "Transparency: it blends colours"),
        ("/BM/Sparkle", "State: a graphics state has a blend mode that is none of those there are"),
        ("/TR/Identity", "State: a graphics state has a transfer function"),
        ("/TR2/Identity", "State: a graphics state has a transfer function"),
        ("/HT<<>>", "State: a graphics state has a halftone of its own"),
        ("/OPM 1", "State: a graphics state overprints inks one by one (OPM)"),
        ("/RI/Vivid", "RenderingIntent: a rendering intent is none of the four"),
        ("/SMask<</S/Alpha>>", "Transparency: it has a soft mask"),
    ] {
        let said = found("/G gs", &format!("/ExtGState<</G<<{state}>>>>"), &[]);
        assert_eq!(said.join("; "), expected, "{state}");
    }
}

#[test]
fn what_pictures_ask_for_is_told() {
    for (entries, expected) in [
        ("/ColorSpace/DeviceGray/BitsPerComponent 8", ""),
        ("/Interpolate true", "Image: a picture asks to be smoothed (Interpolate)"),
        ("/Intent/Vivid", "RenderingIntent: a rendering intent is none of the four"),
        ("/BitsPerComponent 16", "Image: a picture has more than 8 bits a component"),
        ("/Filter/JPXDecode", "Filter: a picture is JPEG 2000, whose inside is not checked"),
        ("/SMask 6 0 R", "Transparency: a picture has transparent pixels"),
        ("/ColorSpace/DeviceCMYK", "Cmyk: a colour is in CMYK without a profile"),
    ] {
        let mask = stream("/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray", "a");
        let image = stream(&format!("/Subtype/Image/Width 1/Height 1{entries}"), "abcd");
        assert_eq!(found("/I Do", "/XObject<</I 5 0 R>>", &[&image, &mask]).join("; "), expected, "{entries}");
    }
}

#[test]
fn fonts_that_are_not_inside_or_cannot_be_judged_are_told() {
    let font = |entries: &str| format!("<</Type/Font{entries}>>");
    let said = |entries: &str, more: &str| found("BT /F 9 Tf ET", "/Font<</F 5 0 R>>", &[&font(entries), more]);
    assert_eq!(said("/Subtype/Type1/BaseFont/Helvetica", "null"), ["Embedding: the font Helvetica is not inside"]);
    let program = stream("", "no font");
    assert_eq!(
        said("/Subtype/Type1/BaseFont/Garamond/FontDescriptor<</FontFile 6 0 R>>", &program),
        ["Metrics: the font Garamond is of PostScript kind, whose widths are not checked"]
    );
    assert_eq!(
        said("/Subtype/TrueType/BaseFont/Arial/FontDescriptor<</FontFile2 6 0 R>>", &program),
        ["Metrics: the font Arial is of PostScript kind, whose widths are not checked"]
    );
    assert_eq!(
        said("/Subtype/Type3", "null"),
        ["Metrics: a font is drawn by the page itself (Type 3), which is not checked"]
    );
    let descendant = "/DescendantFonts[<</Subtype/CIDFontType2/FontDescriptor<</FontFile2 6 0 R>>>>]";
    assert_eq!(
        said(&format!("/Subtype/Type0/BaseFont/ABCDEF+Kaiti/Encoding/GBK-EUC-H{descendant}"), &program),
        [
            "Composite: the font ABCDEF+Kaiti has a map of characters (CMap) that is not checked",
            "Unicode: codes of the font ABCDEF+Kaiti do not lead to characters (ToUnicode)",
            "Subset: the font ABCDEF+Kaiti is a part that does not list its glyphs",
            "Composite: the font ABCDEF+Kaiti does not say which character is which glyph"
        ]
    );
}

#[test]
fn forms_patterns_and_masks_are_looked_into() {
    let form = |entries: &str, content: &str| stream(&format!("/Subtype/Form/Resources<<>>{entries}"), content);
    let cmyk = "Cmyk: a colour is in CMYK without a profile";
    let forms = "/XObject<</X 5 0 R>>";
    assert_eq!(found("/X Do", forms, &[&form("", "0 0 0 1 k")]), [cmyk]);
    assert_eq!(
        found("/X Do", forms, &[&form("/Group<</S/Transparency/CS/DeviceCMYK>>", "")]),
        ["Transparency: it is, or has, a transparency group", cmyk]
    );
    assert_eq!(found("/X Do", forms, &[&form("/PS 4 0 R", "")]), ["PostScript: a form has a PostScript program"]);
    assert_eq!(found("/X Do", forms, &[&stream("/Subtype/PS", "")]), ["PostScript: it has a PostScript program"]);
    assert_eq!(
        found("/X Do", forms, &[&stream("/Subtype/Form", "/F 9 Tf")]),
        ["Operator: a form takes its resources from the page"]
    );
    assert_eq!(found("/X Do", forms, &[&stream("/Subtype/Form", "/DeviceGray cs 0 0 5 5 re f")]), [""; 0]);
    let pattern = stream("/PatternType 1/Resources<<>>", "0 0 0 1 k");
    assert_eq!(found("/P scn", "/Pattern<</P 5 0 R>>", &[&pattern]), [cmyk]);
    let mask = "/ExtGState<</G<</SMask<</S/Alpha/G 5 0 R>>>>>>";
    assert_eq!(found("/G gs", mask, &[&form("", "0 0 0 1 k")]), ["Transparency: it has a soft mask", cmyk]);
    assert_eq!(found("1 2 sparkle", "", &[]), ["Operator: `sparkle` is no operator"]);
}

#[test]
fn saved_states_are_counted_through_forms_and_a_form_that_draws_itself_ends() {
    let form = stream("/Subtype/Form/Resources<<>>", "q q Q q Q Q");
    let depth = |content: &str, form: &str| {
        let bytes = page("/Resources<</XObject<</X 5 0 R>>>>", &[&stream("", content), form]);
        read(&bytes).examination().depth
    };
    assert_eq!(depth("q Q q q Q Q", &form), 2);
    assert_eq!(depth("/X Do q q q Q /X Do Q Q", &form), 4);
    let endless = stream("/Subtype/Form/Resources<</XObject<</X 5 0 R>>>>", "q /X Do Q");
    assert!((1..=super::NESTING_MAX).contains(&depth("/X Do", &endless)));
}
