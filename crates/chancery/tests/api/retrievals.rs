//! The log of retrievals: every download and every refusal of a genuine link, and who it was.

use chancery_service::access::Operator;
use chancery_service::ledger::{Act, Search};
use chancery_service::permission::PermissionSet;
use chancery_vault::WorkspaceId;
use serde_json::{Value as Json, json};

use crate::support::{Installation, note, with_installation};

/// What the log of a workspace holds of one kind of act, the oldest first.
async fn acts(installation: &Installation, workspace: WorkspaceId, action: &str) -> Vec<Act> {
    let operator = Operator::of_this_machine();
    let actor = installation.service.access().operator(&operator, workspace).await.unwrap();
    let search = Search { action: Some(action.to_owned()), with_details: true, ..Search::default() };
    let mut acts = installation.service.ledger().search(&operator, &actor, &search, 1000).await.unwrap();
    acts.reverse();
    acts
}

fn details(act: &Act) -> Json {
    act.details.clone().unwrap()
}

#[test]
fn every_download_is_an_entry_with_its_link_its_recipient_its_range_and_the_surroundings_of_the_address() {
    with_installation(async |installation| {
        let workspace = installation.workspace().await;
        let owner = installation.client(workspace, PermissionSet::all()).await;
        let template = owner.template(&note()).await;
        let plain = owner.link(&template).await;
        let document = owner.document(&template).await;
        let recipient = json!({ "name": "Ada", "mail": "ada@example.com" });
        let kept =
            owner.kept_link(&document, &json!({ "one_time": true, "page": false, "recipient": recipient })).await;
        let anonymous = installation.anonymous();
        let somewhere = ("x-forwarded-for", "203.0.113.77");
        let part = anonymous.send("GET", &plain, &[somewhere, ("range", "bytes=2-9")], "").await;
        assert_eq!(part.status, 206);
        installation.clock.advance_ms(1);
        let whole = anonymous.send("GET", kept["url"].as_str().unwrap(), &[somewhere], "").await;
        assert_eq!(whole.status, 200);
        let size = whole.body.len();

        let acts = acts(installation, workspace, "document.retrieve").await;
        let told: Vec<Json> = acts.iter().map(details).collect();
        let network = "203.0.113.0/24";
        assert_eq!(
            told,
            [
                json!({ "outcome": "granted", "range": [2, 10], "network": network, "recipient": null }),
                json!({ "outcome": "granted", "range": [0, size], "network": network, "recipient": recipient }),
            ]
        );
        assert_eq!(acts.iter().map(|act| act.actor_kind).collect::<Vec<_>>(), ["link", "link"]);
        assert_eq!(acts[0].actor_id, None);
        assert_eq!(acts[1].actor_id.unwrap().to_string(), kept["id"].as_str().unwrap());
        assert_eq!(acts[1].target_id.unwrap().to_string(), document);
        assert!(acts.iter().all(|act| !format!("{act:?}").contains("203.0.113.77")));
    });
}

#[test]
fn every_refusal_of_a_genuine_link_is_an_entry_once_a_minute_and_a_forged_one_is_none() {
    with_installation(async |installation| {
        let workspace = installation.workspace().await;
        let owner = installation.client(workspace, PermissionSet::all()).await;
        let document = owner.document(&owner.template(&note()).await).await;
        let link = owner.kept_link(&document, &json!({ "one_time": true, "networks": ["203.0.113.0/24"] })).await;
        let url = link["url"].as_str().unwrap();
        let anonymous = installation.anonymous();
        let inside = [("x-forwarded-for", "203.0.113.77")];
        assert_eq!(anonymous.send("GET", url, &inside, "").await.status, 200);
        for _ in 0..3 {
            assert_eq!(anonymous.send("GET", url, &inside, "").await.status, 410);
            installation.clock.advance_ms(1);
            assert_eq!(anonymous.get(url).await.status, 403);
            installation.clock.advance_ms(1);
        }
        owner.send("DELETE", &format!("/api/links/{}", link["id"].as_str().unwrap()), &[], "").await;
        assert_eq!(anonymous.send("GET", url, &inside, "").await.status, 410);
        installation.clock.advance_ms(60 * 60 * 1000);
        assert_eq!(anonymous.send("GET", url, &inside, "").await.status, 410);
        assert_eq!(anonymous.get(&format!("{}A", &url[..url.len() - 1])).await.status, 404);

        let refusals = acts(installation, workspace, "document.refuse").await;
        let outcomes: Vec<Json> = refusals.iter().map(|act| details(act)["outcome"].clone()).collect();
        assert_eq!(outcomes, ["used-up", "elsewhere", "revoked", "expired"]);
        assert!(refusals.iter().all(|act| act.actor_kind == "link"));
    });
}

#[test]
fn what_is_done_with_links_is_an_entry_of_whoever_did_it() {
    with_installation(async |installation| {
        let workspace = installation.workspace().await;
        let owner = installation.client(workspace, PermissionSet::all()).await;
        let document = owner.document(&owner.template(&note()).await).await;
        let link = owner.kept_link(&document, &json!({ "passcode": true })).await;
        let passcode = link["passcode"].as_str().unwrap();
        let id = link["id"].as_str().unwrap();
        owner.send("DELETE", &format!("/api/links/{id}"), &[], "").await;
        owner.send("DELETE", &format!("/api/documents/{document}/links"), &[], "").await;
        for (action, target) in [("link.create", id), ("link.revoke", id), ("link.revoke_all", document.as_str())] {
            let acts = acts(installation, workspace, action).await;
            assert_eq!(acts.len(), 1, "{action}");
            assert_eq!(acts[0].actor_kind, "api_key");
            assert_eq!(acts[0].target_id.unwrap().to_string(), target);
            assert!(!format!("{acts:?}").contains(passcode));
        }
    });
}
