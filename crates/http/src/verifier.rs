//! The page that verifies exports and proofs in the browser: static files of `web/verifier`, which tell nothing of any workspace.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::error::WireError;

/// What the page may do: run these scripts, look like this, and open no connection at all.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'none'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// A file of the page: name, content type, bytes.
type Asset = (&'static str, &'static str, &'static [u8]);

const PAGE: Asset =
    ("index.html", "text/html; charset=utf-8", include_bytes!("../../../web/verifier/index.html").as_slice());
const SCRIPT: &str = "text/javascript; charset=utf-8";
const FILES: [Asset; 6] = [
    ("ledger.js", SCRIPT, include_bytes!("../../../web/verifier/ledger.js").as_slice()),
    ("lines.js", SCRIPT, include_bytes!("../../../web/verifier/lines.js").as_slice()),
    ("page.js", SCRIPT, include_bytes!("../../../web/verifier/page.js").as_slice()),
    ("style.css", "text/css; charset=utf-8", include_bytes!("../../../web/verifier/style.css").as_slice()),
    ("texts.js", SCRIPT, include_bytes!("../../../web/verifier/texts.js").as_slice()),
    ("verifier.js", SCRIPT, include_bytes!("../../../web/verifier/verifier.js").as_slice()),
];

/// The page that verifies an export of the ledger, or the proof of one entry, in the browser.
#[utoipa::path(
    get, path = "/verifier/", tag = "health",
    responses((status = 200, description = "The page", content_type = "text/html"))
)]
pub(crate) async fn verifier_page() -> Response {
    answer(PAGE)
}

/// A script or style sheet of that page.
#[utoipa::path(
    get, path = "/verifier/{file}", tag = "health",
    params(("file" = String, Path, description = "Its name")),
    responses((status = 200, description = "The file"), (status = 404, description = "There is no such file"))
)]
pub(crate) async fn verifier_file(Path(file): Path<String>) -> Result<Response, WireError> {
    FILES.into_iter().find(|(name, ..)| *name == file).map(answer).ok_or(WireError::NoRoute)
}

fn answer((_, content_type, bytes): Asset) -> Response {
    ([(header::CONTENT_TYPE, content_type), (header::CONTENT_SECURITY_POLICY, POLICY)], bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_that_the_page_and_its_scripts_name_is_served() {
        let all: String = [PAGE].iter().chain(&FILES).map(|(_, _, bytes)| String::from_utf8_lossy(bytes)).collect();
        let names = all.split(['"', '\'']).filter(|text| text.ends_with(".js") || text.ends_with(".css"));
        let names: Vec<&str> = names.map(|name| name.trim_start_matches("./")).collect();
        assert!(names.len() > FILES.len());
        for name in names {
            assert!(FILES.iter().any(|(served, ..)| *served == name), "{name}");
        }
    }
}
