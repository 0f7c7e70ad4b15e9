//! Signed links: genuine and in time, or nothing.

use serde_json::json;

use crate::support::{PUBLIC_URL, note, with_installation};

#[test]
fn a_link_with_any_letter_changed_is_refused() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let id = owner.template(&note()).await;
        let link = owner.link(&id).await;
        let anonymous = installation.anonymous();
        let token = link.strip_prefix(&format!("{PUBLIC_URL}/f/")).unwrap();
        assert!(anonymous.get(&link).await.body.starts_with(b"%PDF"));
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (position, letter) in token.char_indices() {
            for replacement in alphabet.chars().filter(|other| *other != letter).step_by(7) {
                let mut changed = token.to_owned();
                changed.replace_range(position..=position, &replacement.to_string());
                let answer = anonymous.get(&format!("/f/{changed}")).await;
                assert!(matches!(answer.status, 404 | 410), "{changed}: {}", answer.status);
                assert!(!answer.body.starts_with(b"%PDF"));
            }
        }
        for changed in
            [&token[1..], &token[..token.len() - 1], &format!("{token}A"), &format!("{token}%3D"), ".", "%00"]
        {
            assert_eq!(anonymous.get(&format!("/f/{changed}")).await.status, 404, "{changed}");
        }
    });
}

#[test]
fn a_link_ends_to_the_second_when_its_answer_says() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let id = owner.template(&note()).await;
        let body = json!({ "template_id": id, "data": { "name": "A" }, "expiration": "2" });
        let answer = owner.post("/v1/create", &body).await.json();
        assert_eq!(answer["expires_at"], "2026-09-21T14:15:20Z");
        let link = answer["file"].as_str().unwrap();
        let anonymous = installation.anonymous();
        installation.clock.advance_ms(119_999);
        assert_eq!(anonymous.get(link).await.status, 200);
        installation.clock.advance_ms(1);
        let late = anonymous.get(link).await;
        assert_eq!((late.status, late.json()["code"].as_str()), (410, Some("link-expired")));
    });
}

#[test]
fn a_wish_outside_of_the_allowed_times_gets_the_nearest_and_is_told() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let id = owner.template(&note()).await;
        for (wish, expires_at) in [
            (json!(525_600), "2026-09-28T14:13:20Z"),
            (json!(0), "2026-09-21T14:14:20Z"),
            (json!(-5), "2026-09-21T14:14:20Z"),
            (json!(null), "2026-09-21T14:18:20Z"),
        ] {
            let body = json!({ "template_id": id, "data": { "name": "A" }, "expiration": wish });
            assert_eq!(owner.post("/v1/create", &body).await.json()["expires_at"], expires_at, "{wish}");
        }
    });
}

#[test]
fn a_file_comes_with_its_name_and_headers_and_in_ranges() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let id = owner.template(&note()).await;
        let anonymous = installation.anonymous();
        let create = async |download: bool| {
            let body = json!({ "template_id": id, "data": { "name": "A" }, "output_file": "../Größe.pdf", "direct_download": download });
            owner.post("/v1/create", &body).await.json()["file"].as_str().unwrap().to_owned()
        };
        let (shown, saved) = (create(false).await, create(true).await);
        let whole = anonymous.get(&shown).await;
        assert_eq!(whole.status, 200);
        assert_eq!(whole.header("content-type"), "application/pdf");
        assert_eq!(whole.header("content-length"), whole.body.len().to_string());
        assert_eq!(
            whole.header("content-disposition"),
            "inline; filename=\"Gr__e.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf"
        );
        assert_eq!((whole.header("x-content-type-options"), whole.header("cache-control")), ("nosniff", "no-store"));
        assert!(anonymous.get(&saved).await.header("content-disposition").starts_with("attachment; "));

        let part = anonymous.send("GET", &shown, &[("range", "bytes=2-9")], "").await;
        assert_eq!((part.status, part.header("content-length")), (206, "8"));
        assert_eq!(part.header("content-range"), format!("bytes 2-9/{}", whole.body.len()));
        assert_eq!(part.body, whole.body[2..10]);
        let outside = anonymous.send("GET", &shown, &[("range", "bytes=99999999-")], "").await;
        assert_eq!(
            (outside.status, outside.header("content-range")),
            (416, format!("bytes */{}", whole.body.len()).as_str())
        );
        let head = anonymous.send("HEAD", &shown, &[], "").await;
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("content-length"), whole.body.len().to_string());
    });
}
