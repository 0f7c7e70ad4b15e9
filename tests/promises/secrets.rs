//! Promise 7.6: requests are logged and found; secrets and bodies are in no output, in no spelling.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use chancery_tests::{Service, binary};
use memchr::memmem;
use serde_json::{Value as Json, json};

use crate::{make_template, small_template};

/// What is planted, by where it is planted. Each is long and occurs nowhere else.
const PLANTED: [(&str, &str); 8] = [
    ("workspace name", "Zimtsternkontor-4711-Nord"),
    ("template text", "Quittengelee & \"Söhne\" 8812"),
    ("data value", "Fährmannsgroschen <37> geheim"),
    ("mail address in data", "ottilie.rabenhorst@tintenfass.example"),
    ("card number in data", "4929 7713 5538 2017"),
    ("webhook secret in data", "whsec_Pz7Qk2Wm9Xv4Lt6Rb8Nc"),
    ("file name", "Nachtfaltervertrag-2291.pdf"),
    ("pass phrase", "sieben kupferne Wetterhähne drehen"),
];

/// Every spelling in which a secret could lie somewhere.
fn spellings(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let hex = |upper: bool| -> String {
        secret.iter().map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") }).collect()
    };
    let mut spellings =
        vec![("raw", secret.to_vec()), ("hex", hex(false).into_bytes()), ("HEX", hex(true).into_bytes())];
    // Base64 has three phases; the letters at both ends depend on what is beside, and are left out.
    for phase in 0..3 {
        let padded = [vec![0; phase], secret.to_vec()].concat();
        for (name, engine) in [("base64", &STANDARD_NO_PAD), ("base64url", &URL_SAFE_NO_PAD)] {
            let text = engine.encode(&padded);
            let inner = text.get(usize::from(phase > 0) * 4..text.len() - 2).unwrap();
            spellings.push((name, inner.as_bytes().to_vec()));
        }
    }
    if let Ok(text) = std::str::from_utf8(secret) {
        spellings.push(("UTF-16LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
        spellings.push(("UTF-16BE", text.encode_utf16().flat_map(u16::to_be_bytes).collect()));
        let encoded = |plus: bool| -> String {
            text.bytes()
                .map(|byte| match byte {
                    b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
                    b' ' if plus => "+".to_owned(),
                    _ => format!("%{byte:02X}"),
                })
                .collect()
        };
        spellings.push(("URL-encoded", encoded(false).into_bytes()));
        spellings.push(("form-encoded", encoded(true).into_bytes()));
        let json = json!(text).to_string();
        spellings.push(("JSON", json[1..json.len() - 1].as_bytes().to_vec()));
        let ascii: String = text
            .chars()
            .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) })
            .collect();
        spellings.push(("escaped", ascii.into_bytes()));
    }
    spellings.retain(|(_, bytes)| bytes.len() >= 8);
    spellings
}

/// The places and spellings in which a secret is found.
fn found(outputs: &BTreeMap<String, Vec<u8>>, secrets: &[(String, Vec<u8>)]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, secret) in secrets {
        for (spelling, needle) in spellings(secret) {
            let finder = memmem::Finder::new(&needle);
            for (place, bytes) in outputs {
                if finder.find(bytes).is_some() {
                    found.push(format!("{name} as {spelling} in {place}"));
                }
            }
        }
    }
    found
}

fn said(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    [output.stdout, output.stderr].concat()
}

#[test]
fn p7_6_planted_secrets_are_found_in_no_output_in_no_spelling() {
    let plant: BTreeMap<&str, &str> = PLANTED.into_iter().collect();
    let mut service = Service::prepared();
    let pass_phrase = tempfile::NamedTempFile::new().unwrap();
    fs::write(pass_phrase.path(), plant["pass phrase"]).unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let settings = [
        ("CHANCERY_ROOT_KEY_PASS_PHRASE_FILE", pass_phrase.path().display().to_string()),
        ("CHANCERY_LOG_LEVEL", "trace".to_owned()),
        ("TMPDIR", temporary.path().display().to_string()),
    ];
    let environment = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    service.restart(&environment);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(binary());
        command.args(arguments).env("CHANCERY_DATA_FOLDER", service.data_folder()).envs(environment);
        said(&mut command)
    };
    let line = |bytes: Vec<u8>| {
        String::from_utf8(bytes).unwrap().lines().find(|line| !line.starts_with('{')).unwrap().to_owned()
    };
    let workspace = line(run(&["workspace", "create", plant["workspace name"]]));
    let key = line(run(&["key", "create", "--workspace", &workspace, "--name", "planted key name"]));
    let client = service.client().with_key(&key);
    let mut template = small_template();
    template["body"]["nodes"][0]["text"] = json!(format!("{} {{{{ data.name }}}}", plant["template text"]));
    let id = make_template(&client, &template);
    let data = json!({
        "name": plant["data value"], "mail": plant["mail address in data"], "card": plant["card number in data"],
        "secret": plant["webhook secret in data"]
    });
    let body = json!({ "template_id": id, "data": data, "output_file": plant["file name"] });
    let created = client.post("/v1/create", &body);
    assert_eq!(created.status, 200, "{}", created.text());
    let url = created.json()["file"].as_str().unwrap().to_owned();
    let token = url[url.find("/f/").unwrap() + 3..].to_owned();
    let file = client.get(&url);
    assert!(file.body.starts_with(b"%PDF"));

    // Whatever goes wrong with it says nothing of it.
    let mut outputs = BTreeMap::new();
    let mut error = |name: &str, answer: chancery_tests::Answer| {
        assert!(answer.status >= 400, "{name}: {}", answer.status);
        outputs.insert(format!("answer: {name}"), [answer.head.as_bytes(), &answer.body].concat());
    };
    error("unknown template", client.post("/v1/create", &json!({ "template_id": "00000000deadbeef", "data": data })));
    error("no template", client.post("/v1/create", &json!({ "data": data })));
    error("broken JSON", client.post_text("/v1/create", &format!("{{\"data\": {data}, \"template_id\": ")));
    error("wrong key", client.with_key(&format!("{key}x")).post("/v1/create", &body));
    error("altered link", client.get(&format!("{}A", &url[..url.len() - 1])));
    let agent = format!("{} {}", plant["mail address in data"], plant["card number in data"]);
    let headers =
        [("user-agent", agent.as_str()), ("referer", url.as_str()), ("cookie", plant["webhook secret in data"])];
    error(
        "no route",
        client.send("GET", &format!("/no/{token}?q={}", plant["webhook secret in data"]), &headers, b"").unwrap(),
    );
    error("no method", client.send(plant["webhook secret in data"], "/v1/create", &headers, b"").unwrap());
    // A document that is damaged makes the loudest line there is.
    let objects = |service: &Service| -> Vec<std::path::PathBuf> {
        let files = service.stored_files().into_iter().map(|(path, _)| path);
        files.filter(|path| path.components().any(|part| part.as_os_str() == "objects")).collect()
    };
    let object = objects(&service).pop().unwrap();
    let whole = fs::read(&object).unwrap();
    fs::write(&object, &whole[..whole.len() - 1]).unwrap();
    error("damaged file", client.get(&url));
    fs::write(&object, &whole).unwrap();

    let pid = service.pid();
    for what in ["environ", "cmdline"] {
        outputs.insert(what.to_owned(), fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default());
    }
    for (name, arguments) in [
        ("security events", &["security", "events", "--json"][..]),
        ("store check", &["store", "check", "--deep"]),
        ("audit search", &["audit", "search", "--workspace", &workspace]),
        ("audit export", &["audit", "export"]),
        ("keys list", &["keys", "list"]),
        ("doctor", &["doctor"]),
        ("purge", &["purge"]),
        ("config", &["config"]),
    ] {
        outputs.insert(name.to_owned(), run(arguments));
    }
    for path in ["/healthz", "/readyz", "/openapi.json", "/metrics"] {
        outputs.insert(path.to_owned(), service.client().get(path).body);
    }
    let socket = service.socket_folder().display().to_string();
    let dump = said(Command::new("pg_dump").args(["-U", "chancery_bootstrap", "-h", &socket, "chancery"]));
    assert!(dump.len() > 10_000 && memmem::find(&dump, id.as_bytes()).is_some(), "the dump holds the template");
    outputs.insert("pg_dump".to_owned(), dump);
    service.stop();
    outputs.insert("log".to_owned(), service.log().into_bytes());
    assert!(service.log().contains("\"message\":\"request\""), "requests are logged");
    for (path, bytes) in service.stored_files() {
        outputs.insert(path.display().to_string(), bytes);
    }
    for entry in fs::read_dir(temporary.path()).unwrap().flatten() {
        outputs.insert(entry.path().display().to_string(), fs::read(entry.path()).unwrap_or_default());
    }

    let mut secrets: Vec<(String, Vec<u8>)> =
        PLANTED.iter().map(|(name, secret)| ((*name).to_owned(), secret.as_bytes().to_vec())).collect();
    secrets.push(("API key".to_owned(), key.clone().into_bytes()));
    secrets.push(("link".to_owned(), token.into_bytes()));
    secrets.push(("PDF".to_owned(), file.body[file.body.len() / 2..file.body.len() / 2 + 64].to_vec()));
    assert_eq!(found(&outputs, &secrets), Vec::<String>::new());

    // The search itself works, in every spelling.
    for (name, secret) in &secrets {
        for (spelling, bytes) in spellings(secret) {
            let planted = BTreeMap::from([("planted".to_owned(), [b"x".as_slice(), &bytes, b"y"].concat())]);
            assert!(!found(&planted, &[(name.clone(), secret.clone())]).is_empty(), "{name} as {spelling}");
        }
    }
}

#[test]
fn p7_6_the_root_key_that_lies_in_the_clear_for_a_trial_lies_in_one_file_only() {
    let mut service = Service::start();
    let (_, client) = service.workspace("Root");
    let _ = make_template(&client, &small_template());
    service.stop();
    let file = service.data_folder().join("root.key");
    let text = fs::read_to_string(&file).unwrap();
    let encoded = text.lines().find_map(|line| line.strip_prefix("key: ")).unwrap().trim().to_owned();
    let secret =
        STANDARD_NO_PAD.decode(encoded.trim_end_matches('=')).or_else(|_| URL_SAFE_NO_PAD.decode(&encoded)).unwrap();
    assert!(secret.len() >= 32);
    let secrets = [("root key".to_owned(), secret[..32].to_vec())];
    let mut outputs: BTreeMap<String, Vec<u8>> =
        service.stored_files().into_iter().map(|(path, bytes)| (path.display().to_string(), bytes)).collect();
    assert!(!found(&outputs, &secrets).is_empty(), "it is in its own file");
    outputs.remove(&file.display().to_string()).unwrap();
    outputs.insert("log".to_owned(), service.log().into_bytes());
    assert_eq!(found(&outputs, &secrets), Vec::<String>::new());
}

#[test]
fn p7_6_every_request_is_a_line_that_is_found_by_id_actor_route_and_status() {
    let mut service = Service::start();
    let (workspace, client) = service.workspace("Requests");
    let template = make_template(&client, &small_template());
    let good = client.get(&format!("/v1/get-template?template_id={template}"));
    let bad = client.get("/v1/get-template?template_id=0000000000000000");
    assert_eq!((good.status, bad.status), (200, 404));
    let listed = service.command(&["key", "list", "--workspace", &workspace]);
    let actor = listed.split('\t').next().unwrap().to_owned();
    service.stop();
    let log = service.log_path().display().to_string();
    let search = |arguments: &[&str]| -> Vec<Json> {
        let found = service.command(&[&["requests", "search", &log], arguments].concat());
        found.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let of_actor = search(&["--actor", &actor]);
    assert_eq!(of_actor.len(), 3);
    assert_eq!(search(&["--workspace", &workspace]).len(), 3);
    assert_eq!(search(&["--route", "/v1/get-template"]).len(), 2);
    let refused = search(&["--route", "/v1/get-template", "--status", "4xx"]);
    assert_eq!(refused.len(), 1);
    let line = &refused[0];
    assert_eq!(line["request_id"], bad.json()["request_id"]);
    assert_eq!(line["code"], "not-found");
    let names: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "timestamp",
            "level",
            "message",
            "request_id",
            "method",
            "route",
            "status",
            "request_bytes",
            "response_bytes",
            "duration_us",
            "actor",
            "workspace",
            "code",
            "target"
        ],
        "a field more is a decision"
    );
    assert_eq!(search(&["--id", bad.json()["request_id"].as_str().unwrap()]), refused);
    assert_eq!(search(&["--since", "2999-01-01T00:00:00Z"]), Vec::<Json>::new());
    let create = search(&["--route", "/api/templates"]);
    assert!(create[0]["request_bytes"].as_u64().unwrap() > 100, "{create:?}");
}
