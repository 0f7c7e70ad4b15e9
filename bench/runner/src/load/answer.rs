//! What the right answer is: a whole PDF, or a success with a link.

use serde_json::Value as Json;

/// The least size of a PDF with a page and a font; less is an answer that was cut.
const PDF_SIZE_BYTES_MIN: usize = 1_000;

/// Which kind of answer was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// `export_type: file`: the bytes.
    Pdf,
    /// `export_type: json`: a link to the stored file.
    Json,
}

impl Expected {
    /// The value of `export_type`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pdf => "file",
            Self::Json => "json",
        }
    }

    /// Checks an answer.
    ///
    /// # Errors
    /// What is wrong with it, in one sentence.
    pub(crate) fn check(self, status: u16, body: &[u8]) -> Result<(), String> {
        if status != 200 {
            let text: String = String::from_utf8_lossy(body).chars().take(200).collect();
            return Err(format!("status {status}: {text}"));
        }
        match self {
            Self::Pdf => check_pdf(body),
            Self::Json => check_json(body),
        }
    }
}

fn check_pdf(body: &[u8]) -> Result<(), String> {
    if !body.starts_with(b"%PDF-") {
        return Err("the body does not start with %PDF-".to_owned());
    }
    if !body.trim_ascii_end().ends_with(b"%%EOF") {
        return Err("the PDF does not end with %%EOF".to_owned());
    }
    if body.len() < PDF_SIZE_BYTES_MIN {
        return Err(format!("the PDF has {} bytes only", body.len()));
    }
    Ok(())
}

fn check_json(body: &[u8]) -> Result<(), String> {
    let answer: Json = serde_json::from_slice(body).map_err(|_| "the body is not JSON".to_owned())?;
    let text = |name: &str| answer.get(name).and_then(Json::as_str).unwrap_or_default();
    if text("status") != "success" {
        return Err(format!("the status in the body is `{}`", text("status")));
    }
    if !text("file").starts_with("http") {
        return Err("the answer has no link".to_owned());
    }
    Ok(())
}
