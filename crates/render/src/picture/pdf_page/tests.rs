//! Tests of pages of other files: what is copied, what is left behind, what is refused.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod hostile;

use super::{PdfPage, decode};
use crate::image::picture_of_pdf_page;
use crate::limits::Limits;
use crate::picture::PictureData;

/// A file of these objects, from object 1, which is the catalog.
pub(super) fn file(objects: &[&str]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(out.len());
        out.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }
    let start = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let end = format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    out.extend_from_slice(end.as_bytes());
    out
}

pub(super) fn stream(dictionary: &str, data: &str) -> String {
    format!("<<{dictionary}/Length {}>>stream\n{data}\nendstream", data.len())
}

const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";

/// A file of one page with these entries, whose further objects begin with number 4.
pub(super) fn page(entries: &str, more: &[&str]) -> Vec<u8> {
    let page = format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R{entries}>>");
    let pages = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 200 100]>>";
    let objects: Vec<&str> = [CATALOG, pages, &page].into_iter().chain(more.iter().copied()).collect();
    file(&objects)
}

pub(super) fn read(bytes: &[u8]) -> PdfPage {
    decode(bytes, 1, &Limits::default()).unwrap()
}

fn refused(bytes: &[u8], number: u32) -> String {
    decode(bytes, number, &Limits::default()).unwrap_err().to_string()
}

#[test]
fn content_and_all_that_it_needs_come_along_each_once() {
    let content = stream("", "/F1 9 Tf (a) Tj /F2 9 Tf (b) Tj");
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FontDescriptor 6 0 R>>";
    let bytes = page(
        "/Resources<</Font<</F1 5 0 R/F2 5 0 R>>>>",
        &[&content, font, "<</Type/FontDescriptor/FontName/A#20b/Owner (x\\)y)/Flags 4/ItalicAngle -0.5>>"],
    );
    let pdf_page = read(&bytes);
    assert_eq!(pdf_page.content, b"/F1 9 Tf (a) Tj /F2 9 Tf (b) Tj");
    assert_eq!(String::from_utf8_lossy(&pdf_page.resources.bytes), "/Font<</F1 /F2 >>");
    assert_eq!(pdf_page.resources.references, [(11, 0), (15, 0)]);
    assert_eq!(pdf_page.objects.len(), 2, "the page and its parents stay where they are");
    let descriptor = String::from_utf8_lossy(&pdf_page.objects[1].body.bytes).into_owned();
    assert_eq!(descriptor, "<</Flags 4/FontName /A#20b/ItalicAngle -0.5/Owner <782979>/Type /FontDescriptor>>");
}

#[test]
fn a_turned_and_cropped_page_is_as_it_is_seen() {
    let bytes = page("/CropBox[20 10 120 90]/Rotate 90", &[&stream("", "")]);
    let pdf_page = read(&bytes);
    assert_eq!((pdf_page.size.width, pdf_page.size.height), (80.0, 100.0));
    assert_eq!(pdf_page.crop, [20.0, 10.0, 120.0, 90.0]);
    let [a, b, c, d, e, f] = pdf_page.matrix;
    let place = |x: f32, y: f32| (a * x + c * y + e, b * x + d * y + f);
    // Turned clockwise, its lower left corner is the upper left one.
    assert_eq!(place(20.0, 10.0), (0.0, 100.0));
    assert_eq!(place(120.0, 90.0), (80.0, 0.0));
}

#[test]
fn what_goes_beyond_painting_stays_behind() {
    let form = stream("/Type/XObject/Subtype/Form/StructParents 3/OC 6 0 R/Metadata 6 0 R", "0 0 5 5 re f");
    let bytes = page(
        "/Annots[6 0 R]/AA<</O 6 0 R>>/Resources<</XObject<</X 5 0 R>>>>",
        &[&stream("", "/X Do"), &form, "<</S/JavaScript/JS(app.alert)>>"],
    );
    let pdf_page = read(&bytes);
    assert_eq!(pdf_page.objects.len(), 1);
    assert_eq!(String::from_utf8_lossy(&pdf_page.objects[0].body.bytes), "/Subtype /Form/Type /XObject");
    assert_eq!(pdf_page.objects[0].data.as_deref(), Some(&b"0 0 5 5 re f"[..]));
}

#[test]
fn marks_of_another_tree_of_tags_stay_behind() {
    let form = stream("/Type/XObject/Subtype/Form/Resources<</Properties<</P 6 0 R>>>>", "/P /P BDC 0 0 5 5 re f EMC");
    let bytes = page(
        "/StructParents 0/Resources<</XObject<</X 5 0 R>>/Properties<</P 6 0 R>>>>",
        &[&stream("", "/Figure <</MCID 0>> BDC /X Do EMC"), &form, "<</MCID 4>>"],
    );
    let pdf_page = read(&bytes);
    assert_eq!(pdf_page.content, b" /X Do ");
    assert_eq!(String::from_utf8_lossy(&pdf_page.resources.bytes), "/XObject<</X >>");
    let form = &pdf_page.objects[0];
    assert_eq!(String::from_utf8_lossy(&form.body.bytes), "/Resources <<>>/Subtype /Form/Type /XObject");
    assert_eq!((form.data.as_deref(), form.is_plain), (Some(&b" 0 0 5 5 re f "[..]), true));
    assert_eq!(pdf_page.objects.len(), 1);
}

#[test]
fn what_the_page_does_not_use_is_not_copied_unless_a_form_may_use_it() {
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    let resources = "/Resources<</Font<</F1 6 0 R/F2 6 0 R>>/XObject<</X 5 0 R>>>>";
    for (own, copied) in [("/Resources<<>>", "/Font<</F1 >>/XObject<</X >>"), ("", "/Font<</F1 /F2 >>/XObject<</X >>")]
    {
        let form = stream(&format!("/Subtype/Form{own}"), "0 0 5 5 re f");
        let bytes = page(resources, &[&stream("", "/F1 9 Tf /X Do"), &form, font]);
        assert_eq!(String::from_utf8_lossy(&read(&bytes).resources.bytes), copied);
    }
}

#[test]
fn what_is_packed_as_lzw_is_packed_anew() {
    // The example of ISO 32000-1, 7.4.4.2.
    let packed = stream("/Subtype/Image/Width 10/Height 1/Filter[/ASCIIHexDecode/LZWDecode]", "800B6050220C0C8501>");
    let bytes = page("/Resources<</XObject<</I 5 0 R>>>>", &[&stream("", "/I Do"), &packed]);
    let pdf_page = read(&bytes);
    let image = &pdf_page.objects[0];
    assert_eq!((image.data.as_deref(), image.is_plain), (Some(&b"-----A---B"[..]), true));
    assert_eq!(String::from_utf8_lossy(&image.body.bytes), "/Height 1/Subtype /Image/Width 10");
}

#[test]
fn notes_on_a_page_are_not_drawn_either() {
    let note = "<</Type/Annot/Subtype/Stamp/Rect[0 0 200 100]/AP<</N 6 0 R>>>>";
    let look = stream("/Type/XObject/Subtype/Form/BBox[0 0 200 100]", "1 0 0 rg 0 0 200 100 re f");
    let bytes = page("/Annots[5 0 R]", &[&stream("", "0 0 1 rg 0 0 100 100 re f"), note, &look]);
    let picture = picture_of_pdf_page(&read(&bytes)).unwrap();
    let PictureData::Rgb(samples) = &picture.data else { panic!("a page has colours") };
    let alpha = picture.alpha.unwrap();
    let row = (picture.width * (picture.height / 2)) as usize;
    let [left, right] = [picture.width / 4, picture.width * 3 / 4].map(|across| row + across as usize);
    assert_eq!((&samples[left * 3..left * 3 + 3], alpha[left]), (&[0, 0, 255][..], 255));
    assert_eq!(alpha[right], 0, "what is behind shows where only the note was");
}

#[test]
fn objects_that_lead_back_to_themselves_end() {
    let form = stream("/Type/XObject/Subtype/Form/Resources<</XObject<</X 5 0 R>>>>", "/X Do");
    let bytes = page("/Resources<</XObject<</X 5 0 R>>>>", &[&stream("", "/X Do"), &form]);
    let pdf_page = read(&bytes);
    assert_eq!(pdf_page.objects.len(), 1);
    assert_eq!(pdf_page.objects[0].body.references.len(), 1);
}

#[test]
fn a_page_that_is_not_there_is_told() {
    let bytes = page("", &[&stream("", "")]);
    assert_eq!(refused(&bytes, 2), "the PDF has 1 pages, there is no page 2");
    assert_eq!(refused(&bytes, 0), "the PDF has 1 pages, there is no page 0");
}

#[test]
fn hidden_layers_and_damage_are_refused() {
    let hidden = "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[4 0 R]/D<</OFF[4 0 R]>>>>>>";
    let pages = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 9 9]>>";
    let bytes = file(&[hidden, pages, "<</Type/Page/Parent 2 0 R>>", "<</Type/OCG/Name(Draft)>>"]);
    assert_eq!(refused(&bytes, 1), "the PDF has layers that are hidden; save it without");
    assert!(refused(b"%PDF-1.7\nnothing", 1).starts_with("the PDF cannot be read"));
    let huge = page("/CropBox[0 0 1 1]/MediaBox[0 0 90000 90000]", &[&stream("", "")]);
    assert!(decode(&huge, 1, &Limits::default()).is_ok(), "what is seen counts");
    let limits = Limits { picture_size_bytes_max: 40, ..Limits::default() };
    let large = page("", &[&stream("", &"0 0 m ".repeat(20))]);
    assert!(decode(&large, 1, &limits).unwrap_err().to_string().contains("the limit of 40 bytes in one page"));
}

#[test]
fn every_damaged_file_is_read_or_refused() {
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    let bytes = page("/Resources<</Font<</F1 5 0 R>>>>", &[&stream("", "/F1 9 Tf (a) Tj"), font]);
    for at in 9..bytes.len() {
        for byte in [b'<', b'9', b'/', 0] {
            let mut damaged = bytes.clone();
            damaged[at] = byte;
            if let Ok(pdf_page) = decode(&damaged, 1, &Limits::default()) {
                let _any = pdf_page.examination();
            }
        }
        let _either = decode(&bytes[..at], 1, &Limits::default());
    }
}
