//! Promises 4.2, 12.4 and 14.4 under attack: whatever somebody with all rights on the database or the object store moves,
//! cuts, forges or rolls back is refused, becomes a security event, and is named by a check of the store.

use std::fs;
use std::path::PathBuf;

use chancery_tests::{Client, Service};
use serde_json::{Value as Json, json};

use crate::{create, make_template, small_template, wait_until};

/// Bytes of a sealed segment, and of the header in front of the first.
const SEALED_SEGMENT: usize = 65_536 + 16;
const HEADER: usize = 21;

/// A service whose caches hold nothing for longer than it takes to restart it, and a superuser of its database.
struct Attacked {
    service: Service,
    workspace: String,
    client: Client,
}

impl Attacked {
    fn start() -> Self {
        let service = Service::start();
        let (workspace, client) = service.workspace("Attacked");
        Self { service, workspace, client }
    }

    /// Lets the service forget what it remembers, as time would.
    fn forget(&mut self) {
        self.service.stop();
        self.service.restart(&[]);
        self.client = self.client.at(&self.service);
    }

    fn events(&self) -> Vec<Json> {
        events(&self.service)
    }

    /// The events of a kind, each as place and column.
    fn places(&self, kind: &str) -> Vec<String> {
        let of_kind = self.events().into_iter().filter(|event| event["kind"] == kind);
        of_kind.map(|event| event["place"]["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// Faults and places that a check names; nothing when it finds nothing.
    fn check(&self, arguments: &[&str]) -> Vec<(String, String)> {
        check(&self.service, arguments)
    }
}

/// Security events, the latest first. The service is asked to write what it still holds by being stopped or by time.
fn events(service: &Service) -> Vec<Json> {
    let listed = service.command(&["security", "events", "--json"]);
    listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(crate) fn check(service: &Service, arguments: &[&str]) -> Vec<(String, String)> {
    let output = service.run(&[&["store", "check", "--json"], arguments].concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<Json> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let summary = lines.last().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let left = summary["checked"]["findings"].as_u64().unwrap() - summary["checked"]["mended"].as_u64().unwrap();
    assert_eq!(output.status.code(), Some(i32::from(left > 0)), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let found = lines.iter().filter(|line| line["fault"].is_string());
    found.map(|line| (text(&line["fault"]), text(&line["place"]))).collect()
}

/// A template whose pages hold a picture that does not compress, for objects of several segments.
fn large_template() -> Json {
    let mut template = small_template();
    template["body"]["nodes"][0] = json!({
        "kind": "image", "at": [0, 0], "size": [200, 200], "source": "{{ data.picture }}", "alt": "Noise"
    });
    template
}

/// A picture of noise as data URL: some 300 kilobytes that stay so.
fn noise() -> String {
    use base64::Engine as _;
    let (side, mut state) = (320_u32, 88_172_645_463_325_252_u64);
    let mut pixels = Vec::new();
    for _ in 0..side * side * 3 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        pixels.push(state.to_le_bytes()[3]);
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(file))
}

fn objects(service: &Service) -> Vec<(PathBuf, Vec<u8>)> {
    let mut objects: Vec<_> = service
        .stored_files()
        .into_iter()
        .filter(|(path, _)| path.components().any(|part| part.as_os_str() == "objects"))
        .collect();
    objects.sort();
    objects
}

#[test]
fn p4_2_an_object_that_is_cut_extended_reordered_repeated_or_missing_is_refused_and_a_security_event() {
    let attacked = Attacked::start();
    let template = make_template(&attacked.client, &large_template());
    let url = create(&attacked.client, &template, &json!({ "picture": noise() }))["file"].as_str().unwrap().to_owned();
    let stored = objects(&attacked.service);
    let [(path, object)] = stored.as_slice() else { panic!("{} objects", stored.len()) };
    assert!(object.len() > HEADER + 3 * SEALED_SEGMENT, "the object has {} bytes", object.len());
    let segment = |index: usize| &object[HEADER + index * SEALED_SEGMENT..HEADER + (index + 1) * SEALED_SEGMENT];
    let rest = &object[HEADER + 2 * SEALED_SEGMENT..];
    let header = &object[..HEADER];
    let mut flipped = object.clone();
    flipped[HEADER + SEALED_SEGMENT + 100] ^= 1;
    let attacks: [(&str, Vec<u8>); 7] = [
        ("cut in a segment", object[..object.len() - 100].to_vec()),
        ("cut at a segment", object[..HEADER + 2 * SEALED_SEGMENT].to_vec()),
        ("extended", [object.as_slice(), b"more"].concat()),
        ("reordered", [header, segment(1), segment(0), rest].concat()),
        ("repeated", [header, segment(0), segment(0), rest].concat()),
        ("one bit changed", flipped),
        ("empty", Vec::new()),
    ];
    for (what, bytes) in &attacks {
        fs::write(path, bytes).unwrap();
        let refused = attacked.client.get(&url);
        assert_eq!(refused.status, 500, "{what}: {}", refused.text());
        assert_eq!(refused.json()["code"], "data-refused", "{what}");
        assert!(!refused.text().contains("%PDF"), "{what}");
        let found = attacked.check(&["--deep"]);
        assert_eq!(found.len(), 1, "{what}: {found:?}");
        assert_eq!(found[0].1, "documents", "{what}");
    }
    fs::remove_file(path).unwrap();
    assert_eq!(attacked.client.get(&url).status, 500);
    assert_eq!(attacked.check(&[]), [("object-missing".to_owned(), "documents".to_owned())]);
    fs::write(path, object).unwrap();
    assert_eq!(attacked.client.get(&url).status, 200, "put back, it opens again");
    assert_eq!(attacked.check(&["--deep"]), []);
    // One event for each refusal of the running service, and one for each check.
    let events = attacked.places("object_refused");
    assert!(events.len() >= 8 && events.iter().all(|place| place == "documents"), "{events:?}");
    wait_until("it is a line of the log", || attacked.service.log().contains("security event"));
}

#[test]
fn p4_2_sealed_values_that_are_moved_between_rows_columns_and_workspaces_are_refused_and_security_events() {
    let mut attacked = Attacked::start();
    let (other, other_client) = attacked.service.workspace("Other");
    let template = |client: &Client, name: &str| {
        let mut template = small_template();
        template["name"] = json!(name);
        make_template(client, &template)
    };
    let (first, second) = (template(&attacked.client, "First"), template(&attacked.client, "Second"));
    let theirs = template(&other_client, "Theirs");
    let swaps = [
        // Between two rows of one column.
        format!(
            "update templates t set name_sealed = o.name_sealed from templates o where t.public_id = '{first}' and o.public_id = '{second}'"
        ),
        // Between two columns of one row.
        format!(
            "update template_versions v set body_sealed = t.name_sealed from templates t where t.id = v.template_id and t.public_id = '{first}'"
        ),
        // Between two workspaces.
        format!(
            "update templates t set name_sealed = o.name_sealed from templates o where t.public_id = '{second}' and o.public_id = '{theirs}'"
        ),
    ];
    attacked.service.superuser("create schema saved; create table saved.templates as table templates; create table saved.template_versions as table template_versions");
    for (swap, expected) in swaps.iter().zip(["value-refused", "value-refused", "key-unknown"]) {
        attacked.service.superuser(swap);
        attacked.forget();
        let read = |id: &str| attacked.client.get(&format!("/v1/get-template?template_id={id}"));
        let refused = [read(&first), read(&second)];
        assert!(refused.iter().any(|answer| answer.status == 500), "{swap}");
        for answer in &refused {
            assert!(!answer.text().contains("Theirs"), "{swap}");
        }
        let found = attacked.check(&["--deep"]);
        assert!(found.iter().any(|(fault, _)| fault == expected), "{swap}: {found:?}");
        attacked.service.superuser(
            "update templates t set name_sealed = s.name_sealed from saved.templates s where s.id = t.id;
             update template_versions v set body_sealed = s.body_sealed from saved.template_versions s where s.id = v.id",
        );
    }
    attacked.forget();
    assert_eq!(attacked.client.get(&format!("/v1/get-template?template_id={first}")).json()["name"], "First");
    assert_eq!(attacked.check(&["--deep"]), []);
    let events = attacked.events();
    let at =
        |column: &str| events.iter().any(|event| event["place"]["column"] == column && event["kind"] == "data_refused");
    assert!(at("name_sealed") && at("body_sealed"), "{events:?}");
    assert!(!attacked.places("key_unknown").is_empty());

    // Workspace keys under the root key are bound to their workspace, too.
    attacked.service.superuser(&format!(
        "update workspace_keys k set wrapped = o.wrapped from workspace_keys o where k.workspace_id = '{other}' and o.workspace_id = '{}'",
        attacked.workspace
    ));
    let found = attacked.check(&[]);
    assert!(found.contains(&("key-refused".to_owned(), "workspace_keys".to_owned())), "{found:?}");
}

#[test]
fn p14_4_a_whole_workspace_that_is_copied_into_another_opens_nothing_there() {
    let mut attacked = Attacked::start();
    let (other, other_client) = attacked.service.workspace("Copied into");
    let template = make_template(&attacked.client, &small_template());
    let url =
        create(&attacked.client, &template, &json!({ "name": "A", "text": "B" }))["file"].as_str().unwrap().to_owned();
    let own = attacked.workspace.clone();
    // Every row of the one becomes one of the other; ids change only where the database wants them to be unique.
    attacked.service.superuser(&format!(
        "insert into workspace_keys select '{other}', id, wrapped, 'deactivated', created_at, activated_at, now(), null, null, null
             from workspace_keys where workspace_id = '{own}';
         update templates set workspace_id = '{other}' where workspace_id = '{own}';
         update template_versions set workspace_id = '{other}' where workspace_id = '{own}';
         update documents set workspace_id = '{other}' where workspace_id = '{own}';"
    ));
    attacked.forget();
    let theirs = other_client.at(&attacked.service);
    for path in [format!("/v1/get-template?template_id={template}"), "/v1/list-templates".to_owned()] {
        let answer = theirs.get(&path);
        assert!(answer.status >= 400, "{path}: {}", answer.text());
        assert!(!answer.text().contains("Dear"), "{path}");
    }
    assert!(attacked.client.get(&url[url.find("/f/").unwrap()..]).status >= 400);
    let found = attacked.check(&["--deep"]);
    assert!(found.contains(&("key-refused".to_owned(), "workspace_keys".to_owned())), "{found:?}");
}

#[test]
fn p14_4_a_border_that_somebody_takes_down_in_the_database_is_named() {
    let attacked = Attacked::start();
    let before = attacked.check(&[]);
    assert_eq!(before, []);
    for (down, up) in [
        ("alter table documents disable row level security", "alter table documents enable row level security"),
        ("alter table templates no force row level security", "alter table templates force row level security"),
        (
            "alter policy isolation on api_keys using (true)",
            "alter policy isolation on api_keys using (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid)",
        ),
        ("create policy more on templates using (true)", "drop policy more on templates"),
        (
            "alter table audit_events disable trigger audit_events_are_append_only",
            "alter table audit_events enable trigger audit_events_are_append_only",
        ),
        ("alter role chancery_app bypassrls", "alter role chancery_app nobypassrls"),
        ("grant update on audit_events to chancery_app", "revoke update on audit_events from chancery_app"),
    ] {
        attacked.service.superuser(down);
        let found = attacked.check(&[]);
        assert_eq!(found, [("border-open".to_owned(), "database".to_owned())], "{down}");
        attacked.service.superuser(up);
    }
    assert_eq!(attacked.check(&[]), []);
    assert!(!attacked.places("isolation_violated").is_empty());
}

#[test]
fn p4_2_a_row_that_is_forged_or_rolled_back_is_refused_and_named() {
    let mut attacked = Attacked::start();
    let own = attacked.workspace.clone();
    let template = make_template(&attacked.client, &small_template());
    attacked.service.superuser("create schema saved; create table saved.templates as table templates; create table saved.api_keys as table api_keys");
    let mut changed = small_template();
    changed["body"]["nodes"][0]["text"] = json!("The second version");
    let update = json!({ "template_id": template, "body": changed.to_string() });
    assert_eq!(attacked.client.post("/v1/update-template", &update).status, 200);
    let weak = attacked.service.command(&[
        "key",
        "create",
        "--workspace",
        &own,
        "--name",
        "weak",
        "--permission",
        "account:read",
    ]);
    let revoked = attacked.service.command(&["key", "create", "--workspace", &own, "--name", "revoked"]);
    let listed = attacked.service.command(&["key", "list", "--workspace", &own]);
    let id_of =
        |name: &str| listed.lines().find(|line| line.ends_with(name)).unwrap().split('\t').next().unwrap().to_owned();
    let (weak_id, revoked_id) = (id_of("weak"), id_of("revoked"));
    assert_eq!(attacked.service.client().with_key(&revoked).get("/v1/get-account-info").status, 200);
    let _ = attacked.service.command(&["key", "revoke", "--workspace", &own, &revoked_id]);
    assert_eq!(attacked.check(&["--deep"]), []);

    // The template's head goes back to what it was, a key gets every right, a revoked key is revived.
    attacked.service.superuser(&format!(
        "update templates t set latest_version = s.latest_version, revision = s.revision, updated_at = s.updated_at from saved.templates s where s.id = t.id;
         update api_keys set permissions = '{{documents:create,templates:read,templates:write,account:read}}' where id = '{weak_id}';
         update api_keys set revoked_at = null where id = '{revoked_id}'"
    ));
    attacked.forget();
    let client = attacked.client.clone();
    let old = client.get(&format!("/v1/get-template?template_id={template}"));
    assert_eq!(old.json()["code"], "data-refused", "{}", old.text());
    let render = client.post("/v1/create", &json!({ "template_id": template, "data": {} }));
    assert_eq!(render.status, 500, "{}", render.text());
    for key in [&weak, &revoked] {
        assert_eq!(attacked.service.client().with_key(key).get("/v1/get-account-info").status, 401);
    }
    // A key that is written into the table by somebody who knows its digest works no better.
    attacked.service.superuser(&format!(
        "update api_keys k set token_hash = sha256('none'), workspace_id = k.workspace_id where id = '{weak_id}';
         insert into api_keys (id, workspace_id, hint, token_hash, name_sealed, permissions, created_at)
         select gen_random_uuid(), workspace_id, hint, token_hash, name_sealed, permissions, created_at from saved.api_keys where false;
         insert into api_keys (id, workspace_id, hint, token_hash, name_sealed, permissions, created_at)
         select gen_random_uuid(), workspace_id, hint, sha256('forged'), name_sealed, permissions, created_at from api_keys limit 1"
    ));
    let found = attacked.check(&[]);
    let forged = |place: &str| found.iter().filter(|(fault, at)| fault == "row-forged" && at == place).count();
    assert_eq!((forged("templates"), forged("api_keys")), (1, 3), "{found:?}");
    let places = attacked.places("row_forged");
    assert!(
        places.iter().any(|place| place == "templates") && places.iter().any(|place| place == "api_keys"),
        "{places:?}"
    );
}

#[test]
fn p4_2_versions_that_change_places_and_documents_that_come_back_are_named() {
    let attacked = Attacked::start();
    let template = make_template(&attacked.client, &small_template());
    let update = json!({ "template_id": template, "body": large_template().to_string() });
    assert_eq!(attacked.client.post("/v1/update-template", &update).status, 200);
    attacked.service.superuser(
        "update template_versions set number = number + 10; update template_versions set number = 13 - number",
    );
    let found = attacked.check(&[]);
    assert_eq!(
        found,
        [
            ("row-forged".to_owned(), "template_versions".to_owned()),
            ("row-forged".to_owned(), "template_versions".to_owned())
        ]
    );
    attacked.service.superuser(
        "update template_versions set number = number + 10; update template_versions set number = 13 - number",
    );

    let made = create(&attacked.client, &template, &json!({ "picture": noise() }));
    assert!(made["file"].is_string());
    attacked.service.superuser(
        "create schema saved; create table saved.documents as table documents;
        update documents set expires_at = now() - interval '1 hour'",
    );
    let _ = attacked.service.command(&["purge"]);
    assert_eq!(attacked.check(&[]), []);
    attacked.service.superuser("insert into documents select * from saved.documents");
    let found = attacked.check(&[]);
    assert!(found.contains(&("document-revived".to_owned(), "documents".to_owned())), "{found:?}");
    assert!(found.contains(&("object-missing".to_owned(), "documents".to_owned())), "its object is gone: {found:?}");
}

#[test]
fn p12_4_forged_links_and_bursts_of_wrong_keys_are_events_whose_counts_are_all_that_happened() {
    let mut service = Service::start();
    let (workspace, client) = service.workspace("Guessed");
    let template = make_template(&client, &small_template());
    let url = create(&client, &template, &json!({ "name": "A", "text": "B" }))["file"].as_str().unwrap().to_owned();
    let token = &url[url.find("/f/").unwrap() + 3..];
    let anonymous = service.client();
    for letter in 0..60 {
        let last = if token.ends_with('A') { 'B' } else { 'A' };
        let forged: String = token[..token.len() - 1].chars().chain([last]).collect();
        assert_eq!(anonymous.get(&format!("/f/{forged}")).status, 404, "{letter}");
    }
    for _ in 0..25 {
        assert_eq!(anonymous.get("/f/nothing").status, 404);
    }
    // Nine wrong keys are nothing yet; forty are a burst.
    for _ in 0..40 {
        let wrong = anonymous.with_key("chy_live_0000000000000000000000000000000000000000");
        assert_eq!(wrong.get("/v1/get-account-info").status, 401);
    }
    service.stop();
    let events = events(&service);
    let of = |kind: &str, workspace: Json| -> (usize, u64) {
        let of_kind: Vec<&Json> =
            events.iter().filter(|event| event["kind"] == kind && event["workspace"] == workspace).collect();
        (of_kind.len(), of_kind.iter().map(|event| event["count"].as_u64().unwrap()).sum())
    };
    assert_eq!(of("link_refused", json!(workspace)), (11, 60), "ten events, and one for the rest: {events:?}");
    assert_eq!(of("link_refused", Json::Null), (11, 25));
    assert_eq!(of("authentication_burst", Json::Null), (11, 40));
    let links = service.command(&["security", "events", "--kind", "link_refused", "--workspace", &workspace]);
    assert_eq!(links.lines().count(), 11);
    // They are acts like others: searched, numbered, proven.
    let acts = service.command(&["audit", "search", "--workspace", &workspace, "--action", "security.link_refused"]);
    assert_eq!(acts.lines().count(), 11);
    let _ = service.command(&["audit", "export"]);
    let verified = service.command(&["audit", "verify"]);
    assert!(verified.starts_with("entries\t"), "{verified}");
    assert!(!service.log().contains(token), "no token is in the log");
}
