//! Links with conditions: how often, from where, until when; exact at the same time, and against whoever means ill.

use chancery_service::permission::PermissionSet;
use chancery_service::purge::Scope;
use serde_json::{Value as Json, json};

use crate::support::{Answer, Client, note, with_installation};

fn code(answer: &Answer) -> (u16, String) {
    assert!(!answer.body.starts_with(b"%PDF"), "a refused link gave the file");
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

fn url(link: &Json) -> &str {
    link["url"].as_str().unwrap()
}

async fn from(client: &Client<'_>, address: &str, url: &str) -> Answer {
    client.send("GET", url, &[("x-forwarded-for", address)], "").await
}

#[test]
fn of_fifty_who_open_a_one_time_link_at_the_same_time_one_gets_the_file() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let document = owner.document(&owner.template(&note()).await).await;
        let link = owner.kept_link(&document, &json!({ "one_time": true })).await;
        let anonymous = installation.anonymous();
        let answers = futures::future::join_all((0..50).map(|_| anonymous.get(url(&link)))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!(code(answer), refused(410, "link-used-up"));
        }
        let list = owner.get(&format!("/api/documents/{document}/links")).await.json();
        assert_eq!((&list["links"][0]["uses"], &list["links"][0]["state"]), (&json!(1), &json!("used_up")), "{list}");
    });
}

#[test]
fn a_link_for_three_uses_works_three_times() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let document = owner.document(&owner.template(&note()).await).await;
        let link = owner.kept_link(&document, &json!({ "uses_max": 3 })).await;
        let anonymous = installation.anonymous();
        let answers = futures::future::join_all((0..10).map(|_| anonymous.get(url(&link)))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 3);
    });
}

#[test]
fn a_download_that_goes_on_is_the_same_use_and_nobody_else_can_go_on_with_it() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let document = owner.document(&owner.template(&note()).await).await;
        let link = owner.kept_link(&document, &json!({ "one_time": true, "lifetime_minutes": 60 })).await;
        let other = owner.kept_link(&document, &json!({ "one_time": true })).await;
        let anonymous = installation.anonymous();
        let ranged = async |url: &str, range: &str, tag: &str| {
            anonymous.send("GET", url, &[("range", range), ("if-range", tag)], "").await
        };
        // Looking is not using.
        let looked = anonymous.send("HEAD", url(&link), &[], "").await;
        assert_eq!((looked.status, looked.header("etag"), looked.body.len()), (200, "", 0));
        // A range that cannot be is not using either.
        assert_eq!(anonymous.send("GET", url(&link), &[("range", "bytes=99999999-")], "").await.status, 416);

        let whole = anonymous.get(url(&link)).await;
        assert_eq!(whole.status, 200);
        let tag = whole.header("etag").to_owned();
        let rest = ranged(url(&link), "bytes=100-", &tag).await;
        assert_eq!(rest.status, 206);
        assert_eq!(rest.body, whole.body[100..]);
        assert_eq!(rest.header("etag"), tag);
        assert_eq!(rest.header("content-range"), format!("bytes 100-{}/{}", whole.body.len() - 1, whole.body.len()));

        for (range, wrong) in [
            ("bytes=100-", "\"AAAAAAAAAAAAAAAAAAAAAA\""),
            ("bytes=100-", "\"\""),
            ("bytes=100-", "Wed, 21 Oct 2026 07:28:00 GMT"),
            ("bytes=100-", format!("W/{tag}").leak() as &str),
            ("bytes=0-", document.as_str()),
        ] {
            assert_eq!(code(&ranged(url(&link), range, wrong).await), refused(410, "link-used-up"), "{wrong}");
        }
        assert_eq!(code(&anonymous.get(url(&link)).await), refused(410, "link-used-up"));
        assert_eq!(
            code(&anonymous.send("GET", url(&link), &[("range", "bytes=1-")], "").await),
            refused(410, "link-used-up")
        );

        // The grant of one link is none of another: that one counts, and gives the whole file.
        let anew = ranged(url(&other), "bytes=100-", &tag).await;
        assert_eq!((anew.status, anew.body.len()), (200, whole.body.len()));
        assert_ne!(anew.header("etag"), tag);

        // Ten minutes after it began a download cannot go on.
        installation.clock.advance_ms(10 * 60 * 1000);
        assert_eq!(code(&ranged(url(&link), "bytes=100-", &tag).await), refused(410, "link-used-up"));
    });
}

#[test]
fn a_grant_hands_out_four_copies_and_no_byte_more() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let document = owner.document(&owner.template(&note()).await).await;
        let link = owner.kept_link(&document, &json!({ "one_time": true })).await;
        let anonymous = installation.anonymous();
        let tag = anonymous.get(url(&link)).await.header("etag").to_owned();
        let again = [("range", "bytes=0-"), ("if-range", tag.as_str())];
        let answers = futures::future::join_all((0..12).map(|_| anonymous.send("GET", url(&link), &again, ""))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 206).count(), 4);
        // Small ranges are counted, too: sixty more answers are allowed, and no byte is left for them.
        assert_eq!(
            code(&anonymous.send("GET", url(&link), &[("range", "bytes=0-0"), ("if-range", &tag)], "").await),
            refused(410, "link-used-up")
        );
    });
}

#[test]
fn a_link_for_a_network_works_there_and_tells_nothing_elsewhere() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let document = owner.document(&owner.template(&note()).await).await;
        let conditions = json!({ "networks": ["203.0.113.0/24", "2001:db8::/32"], "uses_max": 3 });
        let link = owner.kept_link(&document, &conditions).await;
        let anonymous = installation.anonymous();
        let elsewhere = refused(403, "link-elsewhere");
        for inside in ["203.0.113.9", "2001:db8::7", "198.51.100.1, 203.0.113.9"] {
            assert_eq!(from(&anonymous, inside, url(&link)).await.status, 200, "{inside}");
        }
        // Used up by now: elsewhere one learns that it is elsewhere, and nothing more.
        for outside in ["198.51.100.1", "203.0.113.9, 198.51.100.1", "unknown", "", "2001:db9::1"] {
            assert_eq!(code(&from(&anonymous, outside, url(&link)).await), elsewhere, "{outside:?}");
        }
        assert_eq!(code(&anonymous.get(url(&link)).await), elsewhere);
        let id = link["id"].as_str().unwrap();
        assert_eq!(owner.send("DELETE", &format!("/api/links/{id}"), &[], "").await.status, 204);
        assert_eq!(code(&from(&anonymous, "198.51.100.1", url(&link)).await), elsewhere);
        assert_eq!(code(&from(&anonymous, "203.0.113.9", url(&link)).await), refused(410, "link-revoked"));
    });
}

#[test]
fn revoking_ends_one_link_or_all_of_a_document_a_template_or_a_workspace_and_no_other_one() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let stranger = installation.owner().await;
        let template = owner.template(&note()).await;
        let other_template = owner.template(&note()).await;
        let strangers = stranger.link(&stranger.template(&note()).await).await;
        let anonymous = installation.anonymous();
        let works = async |url: &str| match anonymous.get(url).await {
            answer if answer.status == 200 => true,
            answer => {
                assert_eq!(code(&answer), refused(410, "link-revoked"));
                false
            }
        };
        let revoke = async |path: String| owner.send("DELETE", &path, &[], "").await.status;

        let document = owner.document(&template).await;
        let (first, second) =
            (owner.kept_link(&document, &json!({})).await, owner.kept_link(&document, &json!({})).await);
        assert_eq!(revoke(format!("/api/links/{}", first["id"].as_str().unwrap())).await, 204);
        assert!(!works(url(&first)).await && works(url(&second)).await);

        assert_eq!(revoke(format!("/api/documents/{document}/links")).await, 204);
        assert!(!works(url(&second)).await);
        installation.clock.advance_ms(1);
        let anew = owner.kept_link(&document, &json!({})).await;
        assert!(works(url(&anew)).await, "links that are made afterwards work");

        let (plain, other) = (owner.link(&template).await, owner.link(&other_template).await);
        assert!(works(&plain).await);
        assert_eq!(revoke(format!("/api/templates/{template}/links")).await, 204);
        assert!(!works(&plain).await && !works(url(&anew)).await && works(&other).await);

        assert_eq!(revoke("/api/links".to_owned()).await, 400);
        assert!(works(&other).await);
        assert_eq!(revoke("/api/links?all=true".to_owned()).await, 204);
        assert!(!works(&other).await && works(&strangers).await);
        installation.clock.advance_ms(1);
        assert!(works(&owner.link(&template).await).await);
    });
}

#[test]
fn nobody_makes_lists_or_revokes_links_of_another_workspace() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let stranger = installation.owner().await;
        let template = owner.template(&note()).await;
        let document = owner.document(&template).await;
        let link = owner.kept_link(&document, &json!({})).await;
        let id = link["id"].as_str().unwrap();
        for (method, path) in [
            ("POST", format!("/api/documents/{document}/links")),
            ("GET", format!("/api/documents/{document}/links")),
            ("DELETE", format!("/api/documents/{document}/links")),
            ("DELETE", format!("/api/templates/{template}/links")),
            ("DELETE", format!("/api/links/{id}")),
        ] {
            let answer = stranger.send(method, &path, &[("content-type", "application/json")], "{}").await;
            assert_eq!(code(&answer), refused(404, "not-found"), "{method} {path}");
        }
        assert_eq!(installation.anonymous().get(url(&link)).await.status, 200);
    });
}

#[test]
fn a_link_makes_its_document_live_as_long_as_itself_and_never_longer_than_a_week() {
    with_installation(async |installation| {
        let workspace = installation.workspace().await;
        let owner = installation.client(workspace, PermissionSet::all()).await;
        let template = owner.template(&note()).await;
        let document = owner.document(&template).await;
        let link = owner.kept_link(&document, &json!({ "lifetime_minutes": 10_080 })).await;
        assert_eq!(link["expires_at"], "2026-09-28T14:13:20Z");
        let day_ms = 24 * 60 * 60 * 1000;
        installation.clock.advance_ms(6 * day_ms);
        let operator = chancery_service::access::Operator::of_this_machine();
        installation.service.purge().run(&operator, Scope::Documents, &mut |_, _| {}).await.unwrap();
        let anonymous = installation.anonymous();
        assert_eq!(anonymous.get(url(&link)).await.status, 200);
        // A week after the document was made no link to it works, however it was asked for.
        let owner = installation.client(workspace, PermissionSet::all()).await;
        let late = owner.kept_link(&document, &json!({ "lifetime_minutes": 10_080 })).await;
        assert_eq!(late["expires_at"], "2026-09-28T14:13:20Z");
        installation.clock.advance_ms(day_ms);
        for link in [&link, &late] {
            assert_eq!(code(&anonymous.get(url(link)).await), refused(410, "link-expired"));
        }
        installation.service.purge().run(&operator, Scope::Documents, &mut |_, _| {}).await.unwrap();
        assert_eq!(code(&anonymous.get(url(&link)).await), refused(410, "link-expired"));
        assert_eq!(installation.object_count(), 0);
    });
}

#[test]
fn a_link_with_any_letter_changed_is_refused_whatever_its_kind() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let document = owner.document(&owner.template(&note()).await).await;
        let link = owner.kept_link(&document, &json!({ "uses_max": 1000 })).await;
        let anonymous = installation.anonymous();
        let path = url(&link).split_once("/f/").unwrap().1;
        for (position, letter) in path.char_indices() {
            for replacement in ['A', 'g'].into_iter().filter(|other| *other != letter) {
                let mut changed = path.to_owned();
                changed.replace_range(position..=position, &replacement.to_string());
                let answer = anonymous.get(&format!("/f/{changed}")).await;
                assert_eq!(code(&answer), refused(404, "link-invalid"), "{position} {replacement}");
            }
        }
        assert_eq!(anonymous.get(url(&link)).await.status, 200);
        let list = owner.get(&format!("/api/documents/{document}/links")).await.json();
        assert_eq!(list["links"][0]["uses"], 1, "no changed link counted: {list}");
    });
}

#[test]
fn a_condition_that_cannot_be_held_is_refused_and_makes_no_link() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let template = owner.template(&note()).await;
        let document = owner.document(&template).await;
        let path = format!("/api/documents/{document}/links");
        for (conditions, sentence) in [
            (json!({ "one_tme": true }), "`link` has a condition that is not known"),
            (json!({ "networks": ["203.0.113.9/24"] }), "write 203.0.113.0/24"),
            (json!({ "uses_max": 0 }), "`uses_max` must be a number from 1 to 1000"),
            (json!({ "lifetime_minutes": 20_000 }), "`lifetime_minutes` must be a number from 1 to 10080"),
            (json!({ "passcode": true, "page": false }), "`page` must not be false"),
            (json!({ "recipient": { "name": "A\nB" } }), "`recipient.name` must have"),
        ] {
            let answer = owner.post(&path, &conditions).await;
            assert_eq!(code(&answer), refused(400, "invalid-field"));
            assert!(answer.text().contains(sentence), "{}", answer.text());
            let made = json!({ "template_id": template, "data": { "name": "A" }, "link": conditions });
            assert_eq!(owner.post("/v1/create", &made).await.status, 400);
        }
        assert_eq!(owner.get(&path).await.json()["links"], json!([]));
    });
}

#[test]
fn v1_create_makes_a_link_with_conditions_when_it_is_asked_to() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let template = owner.template(&note()).await;
        let body =
            json!({ "template_id": template, "data": { "name": "A" }, "expiration": 2, "link": { "one_time": true } });
        let made = owner.post("/v1/create", &body).await.json();
        assert_eq!((&made["status"], &made["expires_at"]), (&json!("success"), &json!("2026-09-21T14:15:20Z")));
        let anonymous = installation.anonymous();
        let file = made["file"].as_str().unwrap();
        assert_eq!(anonymous.get(file).await.status, 200);
        assert_eq!(code(&anonymous.get(file).await), refused(410, "link-used-up"));
    });
}
