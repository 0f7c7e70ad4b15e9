//! Bad input: each kind gets its status and its sentence, and leaves nothing behind.

use serde_json::{Value as Json, json};

use crate::support::{note, with_installation};

struct Case {
    path: &'static str,
    body: String,
    status: u16,
    code: &'static str,
    message: &'static str,
}

fn case(path: &'static str, body: impl ToString, status: u16, code: &'static str, message: &'static str) -> Case {
    Case { path, body: body.to_string(), status, code, message }
}

fn cases(id: &str) -> Vec<Case> {
    let with = |name: &str, value: Json| {
        let mut body = json!({ "template_id": id, "data": {} });
        body[name] = value;
        body
    };
    let create = "/v1/create";
    vec![
        case(
            create,
            "{\"template_id\": \"",
            400,
            "invalid-json",
            "the body is not valid JSON: EOF while parsing a string at line 1 column 17",
        ),
        case(create, "", 400, "invalid-json", "the body is not valid JSON: it is empty"),
        case(create, "[1]", 400, "invalid-field", "`body` must be a JSON object, not an array"),
        case(
            create,
            "\u{feff}{}",
            400,
            "invalid-json",
            "the body is not valid JSON: expected value at line 1 column 1",
        ),
        case(create, "[".repeat(100_000), 400, "json-too-deep", "the JSON is nested deeper than 64 levels"),
        case(create, json!({ "data": {} }), 400, "invalid-field", "`template_id` is required"),
        case(create, json!({ "template_id": id }), 400, "invalid-field", "`data` is required"),
        case(
            create,
            json!({ "template_id": "../../etc", "data": {} }),
            404,
            "not-found",
            "there is no template with this id",
        ),
        case(
            create,
            json!({ "template_id": "00000000deadbeef", "data": {} }),
            404,
            "not-found",
            "there is no template with this id",
        ),
        case(create, with("version", json!(99)), 404, "not-found", "there is no template version with this id"),
        case(
            create,
            with("version", json!("newest")),
            400,
            "invalid-field",
            "`version` must be a whole number, not \"newest\"",
        ),
        case(create, with("data", json!(7)), 400, "invalid-field", "`data` must be a JSON object, not a number"),
        case(
            create,
            with("data", json!("{a")),
            400,
            "invalid-field",
            "`data` is a string that holds no valid JSON: key must be a string at line 1 column 2",
        ),
        case(
            create,
            with("export_type", json!("docx")),
            400,
            "invalid-field",
            "`export_type` must be `json` or `file`",
        ),
        case(
            create,
            with("expiration", json!("soon")),
            400,
            "invalid-field",
            "`expiration` must be a whole number, not \"soon\"",
        ),
        case(
            create,
            with("direct_download", json!("maybe")),
            400,
            "invalid-field",
            "`direct_download` must be true or false, not \"maybe\"",
        ),
        case(
            create,
            with("load_data_from", json!("http://127.0.0.1/")),
            400,
            "unsupported-parameter",
            "`load_data_from` is not supported by this version",
        ),
        case(
            create,
            with("password_protected", json!(1)),
            400,
            "unsupported-parameter",
            "`password_protected` is not supported by this version",
        ),
        case(
            create,
            with("postaction_s3_bucket", json!("b")),
            400,
            "unsupported-parameter",
            "`postaction_s3_bucket` is not supported by this version",
        ),
        case(
            create,
            with("is_cmyk", json!(true)),
            400,
            "unsupported-parameter",
            "`is_cmyk` is not supported by this version",
        ),
        case(
            create,
            with("pdf_standard", json!("PDFA3")),
            400,
            "unsupported-parameter",
            "`pdf_standard` is not supported by this version with another value than `PDF1.7`",
        ),
        case(
            create,
            with("cloud_storage", json!(0)),
            400,
            "unsupported-parameter",
            "`cloud_storage` is not supported by this version with the value 0 and `export_type` `json`: the file would be nowhere",
        ),
        case(
            "/v1/create-image",
            with("output_type", json!("gif")),
            400,
            "invalid-field",
            "`output_type` must be `jpeg` or `png`",
        ),
        case(
            "/v1/update-template",
            json!({ "template_id": id }),
            400,
            "invalid-field",
            "`body` is required, or else `name` or `json`",
        ),
        case(
            "/v1/update-template",
            json!({ "template_id": id, "json": "[]" }),
            400,
            "invalid-field",
            "`json` must be a JSON object",
        ),
        case(
            "/v1/update-template",
            json!({ "template_id": id, "name": "x".repeat(201) }),
            400,
            "invalid-field",
            "`name` must be at most 200 characters long",
        ),
        case(
            "/v1/update-template",
            json!({ "template_id": id, "body": {} }),
            422,
            "template-invalid",
            "the template has 1 error",
        ),
        case(
            "/v1/new-template-from",
            json!({ "template_id": id, "version": 7 }),
            404,
            "not-found",
            "there is no template version with this id",
        ),
    ]
}

#[test]
fn twenty_eight_kinds_of_bad_input_get_their_sentence_and_nothing_is_stored() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let id = client.template(&note()).await;
        let before = client.get("/v1/list-templates").await.json();
        let cases = cases(&id);
        assert_eq!(cases.len(), 28);
        for Case { path, body, status, code, message } in cases {
            let shown: String = body.chars().take(100).collect();
            let answer = client.send("POST", path, &[("content-type", "application/json")], &body).await;
            assert_eq!(answer.status, status, "{path} {shown}: {}", answer.text());
            let answer = answer.json();
            assert_eq!(answer["status"], "error", "{path} {shown}");
            assert_eq!(answer["message"], message, "{path} {shown}");
            assert_eq!(answer["code"], code, "{path} {shown}");
            assert!(answer["request_id"].is_string());
        }
        assert_eq!(client.get("/v1/list-templates").await.json(), before);
        assert_eq!(
            client.get(&format!("/v1/list-template-versions?template_id={id}")).await.json()["versions"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
        assert_eq!(client.transaction_count().await, 0);
        assert_eq!(installation.object_count(), 0);
    });
}

#[test]
fn a_bad_template_gets_problem_details_with_every_finding() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let mut template = note();
        template["body"]["nodes"][0]["widht"] = json!(1);
        template["body"]["nodes"][0]["text"] = json!({});
        let answer = client.post("/api/templates", &template).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (422, "application/problem+json"),
            "{}",
            answer.text()
        );
        let answer = answer.json();
        assert_eq!(answer["type"], "urn:chancery:error:template-invalid");
        let codes: Vec<&str> =
            answer["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect();
        assert!(codes.contains(&"unknown-property") && codes.contains(&"wrong-type"), "{codes:?}");
        let not_json = client.send("POST", "/api/templates", &[], "{").await;
        assert_eq!((not_json.status, not_json.json()["code"].as_str()), (400, Some("invalid-json")));
        assert_eq!(client.get("/api/templates").await.json(), json!({ "templates": [] }));
    });
}

#[test]
fn data_that_makes_no_document_is_an_error_with_findings_and_leaves_nothing() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let mut template = note();
        template["body"]["nodes"][0]["text"] = json!("{{ data.name.map(x => x) }}");
        let id = client.template(&template).await;
        for export_type in ["json", "file"] {
            let body = json!({ "template_id": id, "data": { "name": "no list" }, "export_type": export_type });
            let answer = client.post("/v1/create", &body).await;
            assert_eq!(answer.status, 422, "{}", answer.text());
            let answer = answer.json();
            assert_eq!(answer["code"], "render-failed");
            assert!(answer["message"].as_str().unwrap().starts_with("the document cannot be made: "));
            assert!(!answer["errors"].as_array().unwrap().is_empty());
        }
        assert_eq!(client.transaction_count().await, 0);
        assert_eq!(installation.object_count(), 0);
    });
}

#[test]
fn a_document_that_breaks_a_standard_of_its_template_is_an_error_with_its_place_and_leaves_nothing() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let mut template = note();
        template["output"] = json!({ "profiles": ["PDF/A-1b"] });
        template["body"]["nodes"][0]["opacity"] = json!(0.5);
        let id = client.template(&template).await;
        let body = json!({ "template_id": id, "data": { "name": "Ada" } });
        let answer = client.post("/v1/create", &body).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        let error = &answer.json()["errors"][0];
        assert_eq!((&error["code"], &error["pointer"]), (&json!("nonconforming"), &json!("/body/nodes/0")));
        assert!(error["message"].as_str().unwrap().ends_with("PDF/A-1b does not allow that (ISO 19005-1, 6.4)"));
        assert_eq!(client.transaction_count().await, 0);
        assert_eq!(installation.object_count(), 0);
    });
}
