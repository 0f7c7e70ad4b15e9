//! Pages behind links: what people see, what uses a link up, passcodes, and what no page does.

use serde_json::{Value as Json, json};

use crate::support::{Answer, Client, note, with_installation};

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn url(link: &Json) -> &str {
    link["url"].as_str().unwrap()
}

async fn press(client: &Client<'_>, url: &str, passcode: &str) -> Answer {
    client.send("POST", url, &[FORM], &format!("passcode={passcode}")).await
}

/// Follows the answer of the button.
async fn follow(client: &Client<'_>, url: &str, pressed: &Answer) -> Answer {
    assert_eq!(pressed.status, 303, "{}", pressed.text());
    client.get(&format!("{url}{}", pressed.header("location"))).await
}

#[test]
fn scanners_and_previews_read_the_page_and_use_nothing_up() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let document = owner.document(&owner.template(&note()).await).await;
        let link = owner.kept_link(&document, &json!({ "one_time": true, "recipient": { "name": "Ada" } })).await;
        let anonymous = installation.anonymous();
        for headers in [&[][..], &[BROWSER], &[("accept", "*/*")], &[("range", "bytes=0-")]] {
            for method in ["GET", "HEAD"] {
                let page = anonymous.send(method, url(&link), headers, "").await;
                assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
                assert!(!page.text().contains("%PDF"));
            }
        }
        let pressed = press(&anonymous, url(&link), "").await;
        let file = follow(&anonymous, url(&link), &pressed).await;
        assert!(file.status == 200 && file.body.starts_with(b"%PDF"));
        let again = press(&anonymous, url(&link), "").await;
        assert_eq!((again.status, again.json()["code"].as_str()), (410, Some("link-used-up")));
        let page = anonymous.send("GET", url(&link), &[BROWSER], "").await;
        assert_eq!(page.status, 410);
        assert!(page.text().contains("This link was used already"), "{}", page.text());
        assert!(!page.text().contains("Ada"), "a page of failure tells nothing of the document");
        // Whoever pressed the button can go on, with what the button gave and with nothing else.
        assert_eq!(follow(&anonymous, url(&link), &pressed).await.status, 200);
        assert_eq!(anonymous.get(&format!("{}?grant=AAAAAAAAAAAAAAAAAAAAAA", url(&link))).await.status, 410);
        assert_eq!(anonymous.get(&format!("{}?grant=", url(&link))).await.status, 410);
    });
}

#[test]
fn a_page_tells_what_is_there_in_the_language_of_its_reader_and_no_name_becomes_markup() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let template = owner.template(&note()).await;
        let create = json!({ "template_id": template, "data": { "name": "A" }, "output_file": "<script>x & y.pdf", "expiration": 60 });
        let made = owner.post("/v1/create", &create).await.json();
        let document = made["transaction_ref"].as_str().unwrap();
        let recipient = json!({ "name": "<b>Ada</b>", "mail": "ada@example.com" });
        let link = owner.kept_link(document, &json!({ "one_time": true, "recipient": recipient })).await;
        let anonymous = installation.anonymous();
        let german = [BROWSER, ("accept-language", "de-DE,de;q=0.9,en;q=0.5")];
        let page = anonymous.send("GET", url(&link), &german, "").await;
        let text = page.text();
        for expected in [
            "<html lang=\"de\">",
            "_script_x &amp; y.pdf",
            "&lt;b&gt;Ada&lt;/b&gt;",
            "ada@example.com",
            "PDF-Dokument",
            "Intern",
            "Einmal möglich",
            "SHA-256",
            "Herunterladen",
            " UTC",
        ] {
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
        for absent in ["<script", "<b>Ada", "javascript:", "style=", "onclick"] {
            assert!(!text.contains(absent), "{absent}");
        }
        let policy = page.header("content-security-policy");
        assert_eq!(
            policy,
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("no-referrer", "no-store"));
        let style = anonymous.get("/link.css").await;
        assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
        // The digest is that of the file.
        let pressed = press(&anonymous, url(&link), "").await;
        let file = follow(&anonymous, url(&link), &pressed).await;
        let digest: String = chancery_vault::sha256(&file.body).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(text.replace(' ', "").contains(&digest));
        assert!(file.header("content-disposition").starts_with("inline; filename=\"_script_x & y.pdf\""));
    });
}

#[test]
fn browsers_get_a_page_and_programs_problem_details_for_every_failure() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let document = owner.document(&owner.template(&note()).await).await;
        let link = owner.kept_link(&document, &json!({ "networks": ["203.0.113.0/24"] })).await;
        let anonymous = installation.anonymous();
        for (path, status, code, words) in [
            (url(&link), 403, "link-elsewhere", "Not from this network"),
            ("/f/none", 404, "link-invalid", "This link does not work"),
        ] {
            let page = anonymous.send("GET", path, &[BROWSER], "").await;
            assert_eq!((page.status, page.header("content-type")), (status, "text/html; charset=utf-8"));
            assert!(page.text().contains(words), "{}", page.text());
            let problem = anonymous.get(path).await;
            assert_eq!((problem.status, problem.header("content-type")), (status, "application/problem+json"));
            assert_eq!(problem.json()["code"], code);
        }
        installation.clock.advance_ms(60 * 60 * 1000);
        let late = anonymous.send("GET", url(&link), &[BROWSER, ("accept-language", "de")], "").await;
        assert!(late.status == 410 && late.text().contains("Dieser Link ist abgelaufen"), "{}", late.text());
    });
}

#[test]
fn a_passcode_opens_its_link_and_wrong_ones_are_counted_before_they_are_looked_at() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let document = owner.document(&owner.template(&note()).await).await;
        let link = owner.kept_link(&document, &json!({ "passcode": true, "lifetime_minutes": 600 })).await;
        let passcode = link["passcode"].as_str().unwrap();
        assert!(passcode.len() == 9 && passcode.is_char_boundary(4) && &passcode[4..5] == "-", "{passcode}");
        let anonymous = installation.anonymous();
        let code = |answer: &Answer| answer.json()["code"].as_str().unwrap_or_default().to_owned();

        let page = anonymous.send("GET", url(&link), &[BROWSER], "").await;
        assert!(page.text().contains("name=\"passcode\"") && !page.text().contains(passcode));
        assert_eq!(code(&press(&anonymous, url(&link), "").await), "passcode-required");
        let spoken = passcode.to_lowercase().replace('-', "+");
        let pressed = press(&anonymous, url(&link), &spoken).await;
        assert!(follow(&anonymous, url(&link), &pressed).await.body.starts_with(b"%PDF"));

        // Thirty at once: five are looked at, and then not even the right one for a quarter of an hour.
        let wrong = futures::future::join_all((0..30).map(|_| press(&anonymous, url(&link), "0000-0000"))).await;
        let of = |status: u16| wrong.iter().filter(|answer| answer.status == status).count();
        assert_eq!((of(403), of(429), of(303)), (5, 25, 0));
        let locked = press(&anonymous, url(&link), passcode).await;
        assert_eq!(
            (locked.status, code(&locked).as_str(), locked.header("retry-after")),
            (429, "passcode-locked", "900")
        );
        let page = anonymous.send("POST", url(&link), &[FORM, BROWSER], &format!("passcode={passcode}")).await;
        assert!(page.status == 429 && page.text().contains("role=\"alert\""), "{}", page.text());
        installation.clock.advance_ms(15 * 60 * 1000);
        assert_eq!(press(&anonymous, url(&link), passcode).await.status, 303);

        // Whoever knows it gets tries back; twenty wrong ones in all close the link to everybody.
        for _ in 0..20 {
            installation.clock.advance_ms(15 * 60 * 1000);
            press(&anonymous, url(&link), "0000-0000").await;
        }
        installation.clock.advance_ms(15 * 60 * 1000);
        assert_eq!(code(&press(&anonymous, url(&link), passcode).await), "passcode-locked");
        let list = owner.get(&format!("/api/documents/{document}/links")).await.json();
        assert_eq!(list["links"][0]["state"], "locked");
    });
}

#[test]
fn a_form_that_is_huge_broken_or_of_another_kind_is_refused() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let document = owner.document(&owner.template(&note()).await).await;
        let link = owner.kept_link(&document, &json!({ "passcode": true })).await;
        let anonymous = installation.anonymous();
        for body in ["x".repeat(5_000), "passcode=%ff".to_owned(), "passcode=a b\u{1}".to_owned(), "{}".to_owned()] {
            let answer = anonymous.send("POST", url(&link), &[FORM], &body).await;
            assert!(matches!(answer.status, 400 | 403 | 413), "{body:.20}: {}", answer.status);
        }
        // A link without a page has no button, and one without conditions neither.
        let plain = owner.kept_link(&document, &json!({})).await;
        let pressed = press(&anonymous, url(&plain), "").await;
        assert_eq!((pressed.status, pressed.json()["code"].as_str()), (404, Some("link-invalid")));
        let pressed = press(&anonymous, "/f/none", "").await;
        assert_eq!((pressed.status, pressed.json()["code"].as_str()), (404, Some("link-invalid")));
    });
}
