//! Parameters of the contract that this version does not do: refused when they are set to something, never ignored.

use crate::error::WireError;
use crate::wire::fields::Fields;

/// Refuses parameters of the creating routes that would change the result and cannot be obeyed.
///
/// # Errors
/// [`WireError::Unsupported`], naming the first one.
pub(super) fn refuse(fields: &mut Fields) -> Result<(), WireError> {
    for name in ["load_data_from", "postaction_s3_filekey", "postaction_s3_bucket", "password", "webhook_url"] {
        if fields.text(name)?.is_some_and(|text| !text.trim().is_empty()) {
            return Err(WireError::unsupported(name, ""));
        }
    }
    for name in ["password_protected", "is_cmyk", "resize_images"] {
        if fields.boolean(name)? == Some(true) {
            return Err(WireError::unsupported(name, ""));
        }
    }
    if fields.integer("image_resample_res")?.is_some_and(|dpi| dpi != 0) {
        return Err(WireError::unsupported("image_resample_res", "; 0, which leaves images as they are, is"));
    }
    if let Some(standard) = fields.text("pdf_standard")?
        && !standard.eq_ignore_ascii_case("PDF1.7")
    {
        return Err(WireError::unsupported("pdf_standard", " with another value than `PDF1.7`"));
    }
    if let Some(version) = fields.text("pdf_version")?
        && version != "1.7"
    {
        return Err(WireError::unsupported("pdf_version", " with another value than `1.7`"));
    }
    match fields.text("paging")?.as_deref() {
        None | Some("reset" | "continuous") => Ok(()),
        Some(_) => Err(WireError::field("paging", "must be `reset` or `continuous`")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::{Value, json};

    use super::*;

    fn refused(body: Value) -> Option<String> {
        refuse(&mut Fields::from_json(body).unwrap()).err().map(|error| error.to_string())
    }

    #[test]
    fn what_this_version_does_not_do_is_refused_by_name() {
        for (body, message) in [
            (
                json!({"load_data_from": "https://example.com/x.json"}),
                "`load_data_from` is not supported by this version",
            ),
            (json!({"password_protected": "1"}), "`password_protected` is not supported by this version"),
            (json!({"password": "x"}), "`password` is not supported by this version"),
            (json!({"postaction_s3_bucket": "b"}), "`postaction_s3_bucket` is not supported by this version"),
            (json!({"is_cmyk": true}), "`is_cmyk` is not supported by this version"),
            (json!({"resize_images": 1}), "`resize_images` is not supported by this version"),
            (
                json!({"image_resample_res": "300"}),
                "`image_resample_res` is not supported by this version; 0, which leaves images as they are, is",
            ),
            (
                json!({"pdf_standard": "PDFA1B"}),
                "`pdf_standard` is not supported by this version with another value than `PDF1.7`",
            ),
            (
                json!({"pdf_version": 1.4}),
                "`pdf_version` is not supported by this version with another value than `1.7`",
            ),
            (json!({"paging": "backwards"}), "`paging` must be `reset` or `continuous`"),
        ] {
            assert_eq!(refused(body).as_deref(), Some(message));
        }
    }

    #[test]
    fn the_same_parameters_switched_off_are_fine() {
        let body = json!({
            "load_data_from": "", "password_protected": 0, "password": null, "postaction_s3_filekey": "", "is_cmyk": "false",
            "resize_images": false, "resize_max_width": 1000, "image_resample_res": 0, "pdf_standard": "PDF1.7",
            "pdf_version": 1.7, "paging": "reset", "directDownload": true, "anything": {"else": 1}
        });
        assert_eq!(refused(body), None);
    }
}
