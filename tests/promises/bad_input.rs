//! Promise 7.3: bad and hostile input gets a clear error of the right status, and stores nothing.

use chancery_tests::{Client, Service};
use serde_json::{Value as Json, json};

use crate::{create, make_template, object_count, small_template, transaction_count};

/// A call that must fail: what it is, the answer's status, and words that its message must have.
struct Case {
    name: &'static str,
    path: &'static str,
    body: String,
    status: u16,
    words: &'static [&'static str],
}

fn case(
    name: &'static str,
    path: &'static str,
    body: impl Into<String>,
    status: u16,
    words: &'static [&'static str],
) -> Case {
    Case { name, path, body: body.into(), status, words }
}

/// A template whose only text is an expression.
fn with_text(text: &str) -> Json {
    let mut template = small_template();
    template["body"]["nodes"][0]["text"] = json!(text);
    template
}

/// Bad requests for documents of good templates.
fn requests(good: &str, bomb: &str, many: &str, picture: &str) -> Vec<Case> {
    let create = |body: Json| body.to_string();
    vec![
        case("broken JSON", "/v1/create", "{\"template_id\": \"", 400, &["JSON", "line 1"]),
        case("no JSON object", "/v1/create", "[1, 2]", 400, &["object"]),
        case("empty body", "/v1/create", "", 400, &["JSON"]),
        case("no template id", "/v1/create", create(json!({ "data": {} })), 400, &["template_id"]),
        case(
            "template id that is none",
            "/v1/create",
            create(json!({ "template_id": "../../etc", "data": {} })),
            404,
            &["template"],
        ),
        case(
            "unknown template",
            "/v1/create",
            create(json!({ "template_id": "00000000deadbeef", "data": {} })),
            404,
            &["template"],
        ),
        case(
            "unknown version",
            "/v1/create",
            create(json!({ "template_id": good, "version": 99, "data": {} })),
            404,
            &["version"],
        ),
        case("no data", "/v1/create", create(json!({ "template_id": good })), 400, &["data"]),
        case(
            "data of a wrong type",
            "/v1/create",
            create(json!({ "template_id": good, "data": 7 })),
            400,
            &["data", "object"],
        ),
        case(
            "data string that is no JSON",
            "/v1/create",
            create(json!({ "template_id": good, "data": "{name:" })),
            400,
            &["data", "JSON"],
        ),
        case(
            "unknown export type",
            "/v1/create",
            create(json!({ "template_id": good, "data": {}, "export_type": "docx" })),
            400,
            &["export_type", "file"],
        ),
        case(
            "expiration that is no number",
            "/v1/create",
            create(json!({ "template_id": good, "data": {}, "expiration": "soon" })),
            400,
            &["expiration"],
        ),
        case(
            "a feature that this version has not",
            "/v1/create",
            create(json!({ "template_id": good, "data": {}, "password_protected": true, "password": "x" })),
            400,
            &["password"],
        ),
        case(
            "deep nesting",
            "/v1/create",
            format!(
                "{{\"template_id\":\"{good}\",\"data\":{}{}}}",
                "{\"a\":".repeat(5_000),
                "1".to_owned() + &"}".repeat(5_000)
            ),
            400,
            &["deep"],
        ),
        case(
            "huge body",
            "/v1/create",
            create(json!({ "template_id": good, "data": { "text": "x".repeat(7_000_000) } })),
            413,
            &["large"],
        ),
        case("expression bomb", "/v1/create", create(json!({ "template_id": bomb, "data": {} })), 422, &["limit"]),
        case("endless repeat", "/v1/create", create(json!({ "template_id": many, "data": {} })), 422, &["limit"]),
        case(
            "picture that is none",
            "/v1/create",
            create(json!({ "template_id": picture, "data": { "picture": "data:image/png;base64,aGVsbG8=" } })),
            422,
            &["image"],
        ),
        case(
            "remote picture",
            "/v1/create",
            create(json!({ "template_id": picture, "data": { "picture": "http://127.0.0.1:1/x.png" } })),
            422,
            &["image"],
        ),
        case(
            "unknown image format",
            "/v1/create-image",
            create(json!({ "template_id": good, "data": {}, "output_type": "gif" })),
            400,
            &["output_type", "png"],
        ),
    ]
}

/// Bad templates.
fn templates() -> Vec<Case> {
    let template = |change: &dyn Fn(&mut Json)| {
        let mut template = small_template();
        change(&mut template);
        template.to_string()
    };
    vec![
        case("template that is no JSON", "/api/templates", "{", 400, &["JSON"]),
        case(
            "template without format",
            "/api/templates",
            template(&|t| drop(t.as_object_mut().unwrap().remove("format"))),
            422,
            &["format"],
        ),
        case(
            "unknown property",
            "/api/templates",
            template(&|t| t["body"]["nodes"][0]["widht"] = json!(1)),
            422,
            &["widht", "width", "/body/nodes/0"],
        ),
        case(
            "wrong type",
            "/api/templates",
            template(&|t| t["body"]["nodes"][0]["text"] = json!({})),
            422,
            &["/body/nodes/0/text"],
        ),
        case(
            "broken expression",
            "/api/templates",
            with_text("{{ data. }}").to_string(),
            422,
            &["/body/nodes/0/text", "expression"],
        ),
        case(
            "forbidden expression",
            "/api/templates",
            with_text("{{ (() => { while (true) {} })() }}").to_string(),
            422,
            &["/body/nodes/0/text"],
        ),
        case(
            "unknown kind",
            "/api/templates",
            template(&|t| t["body"]["nodes"][0]["kind"] = json!("hologram")),
            422,
            &["hologram"],
        ),
        case(
            "unknown font",
            "/api/templates",
            template(&|t| t["body"]["nodes"][0]["style"]["font"] = json!("No Such Family")),
            422,
            &["No Such Family"],
        ),
    ]
}

fn refused(client: &Client, case: &Case) {
    let answer = client.post_text(case.path, &case.body);
    let text = answer.text();
    assert_eq!(answer.status, case.status, "{}: {text}", case.name);
    let body = answer.json();
    if case.path.starts_with("/v1/") {
        assert_eq!(body["status"], "error", "{}: {text}", case.name);
        assert!(body["message"].as_str().is_some_and(|message| message.len() > 10), "{}: {text}", case.name);
    } else {
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", case.name);
        assert_eq!(body["status"], case.status, "{}: {text}", case.name);
    }
    assert!(body["code"].is_string(), "{} has no stable code: {text}", case.name);
    for word in case.words {
        assert!(text.to_lowercase().contains(&word.to_lowercase()), "{}: “{word}” is not in {text}", case.name);
    }
    for inner in ["panicked", "sqlx", "src/", "Backtrace"] {
        assert!(!text.contains(inner), "{} shows inner details: {text}", case.name);
    }
}

#[test]
fn p7_3_thirty_kinds_of_bad_input_get_a_clear_error_and_store_nothing() {
    let service = Service::start();
    let (_, client) = service.workspace("Bad input");
    let good = make_template(&client, &small_template());
    let bomb =
        make_template(&client, &with_text("{{ 'x'.repeat(100000).split('').map(a => 'y'.repeat(100000)).length }}"));
    let mut many = small_template();
    many["body"]["nodes"][0]["repeat"] = json!({ "each": "Array.from({ length: 30000000 })" });
    let many = make_template(&client, &many);
    let mut picture = small_template();
    picture["body"]["nodes"][0] =
        json!({ "kind": "image", "at": [0, 0], "size": [10, 10], "source": "{{ data.picture }}", "alt": "A picture" });
    let picture = make_template(&client, &picture);

    let templates_before = client.get("/v1/list-templates").json()["templates"].clone();
    let cases: Vec<Case> = requests(&good, &bomb, &many, &picture).into_iter().chain(templates()).collect();
    assert!(cases.len() >= 28);
    for case in &cases {
        refused(&client, case);
    }
    assert_eq!(object_count(&service), 0, "a refused request stored an object");
    assert_eq!(transaction_count(&client), 0, "a refused request is a transaction");
    assert_eq!(client.get("/v1/list-templates").json()["templates"], templates_before, "a refused template was stored");
    // After all of it the service still works.
    let _ = create(&client, &good, &json!({ "name": "A", "text": "B" }));
    assert_eq!(transaction_count(&client), 1);
}
