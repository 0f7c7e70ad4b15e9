//! Sealed objects in a bucket of a real S3 server.

use std::fs;
use std::process::Command;

use chancery_tests::{Client, S3Server, Service, binary, fonts};
use serde_json::{Value as Json, json};

const BUCKET: &str = "documents";

/// What makes the service use the bucket.
struct Settings(Vec<(&'static str, String)>);

impl Settings {
    fn new(server: &S3Server, service: &Service, bucket: &str, secret: &str) -> Self {
        let file = service.data_folder().join("s3-secret");
        fs::write(&file, secret).unwrap();
        Self(vec![
            ("CHANCERY_OBJECTS_S3_BUCKET", bucket.to_owned()),
            ("CHANCERY_OBJECTS_S3_ENDPOINT", server.endpoint()),
            ("CHANCERY_OBJECTS_S3_ACCESS_KEY_ID", S3Server::ACCESS_KEY_ID.to_owned()),
            ("CHANCERY_OBJECTS_S3_SECRET_KEY_FILE", file.display().to_string()),
            ("CHANCERY_OBJECTS_S3_PREFIX", "chancery/files".to_owned()),
            // Asking for the server's own encryption over plain HTTP is refused by this one.
            ("CHANCERY_OBJECTS_S3_SERVER_SIDE_ENCRYPTION", "false".to_owned()),
        ])
    }

    fn all(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// Runs a command with these settings; gives whether it succeeded and what it said.
    fn command(&self, service: &Service, arguments: &[&str], more: &[(&str, &str)]) -> (bool, String) {
        let output = Command::new(binary())
            .args(arguments)
            .env("CHANCERY_DATA_FOLDER", service.data_folder())
            .env("CHANCERY_FONTS", fonts())
            .envs(self.all())
            .envs(more.iter().copied())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }
}

fn make_template(client: &Client) -> String {
    let template = json!({
        "format": 1, "name": "Note", "page": { "size": "A6" },
        "body": { "nodes": [{ "kind": "text", "at": [0, 0], "width": 200, "text": "For {{ data.name }}" }] },
    });
    let answer = client.post("/api/templates", &template);
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn create(client: &Client, template: &str, name: &str) -> Json {
    let body = json!({ "template_id": template, "data": { "name": name }, "expiration": 1 });
    let answer = client.post("/v1/create", &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn open(client: &Client, file: &Json) -> (u16, Vec<u8>) {
    let url = file["file"].as_str().unwrap();
    let answer = client.get(&url[url.find("/f/").unwrap()..]);
    (answer.status, answer.body)
}

/// The environment of a process whose clock is moved.
fn clock(moved: &str) -> [(&str, &str); 3] {
    [
        ("LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
        ("FAKETIME", moved),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ]
}

#[test]
fn files_lie_sealed_in_the_bucket_and_are_purged_from_it() {
    let server = S3Server::shared();
    server.make_bucket(BUCKET);
    let mut service = Service::start();
    let (_, client) = service.workspace("Bucket");
    let template = make_template(&client);
    service.stop();

    // A wrong secret and a missing bucket are named, and nothing is stored.
    for (bucket, secret, expected) in
        [(BUCKET, "another secret", "SignatureDoesNotMatch"), ("nowhere", S3Server::SECRET_KEY, "NoSuchBucket")]
    {
        let wrong = Settings::new(&server, &service, bucket, secret);
        let (healthy, said) = wrong.command(&service, &["doctor"], &[]);
        assert!(!healthy && said.contains(expected), "{said}");
        assert!(!said.contains(secret), "{said}");
    }
    // A request that was signed too long ago, or by a clock that is wrong, has expired.
    for moved in ["+1h", "-1h"] {
        let right = Settings::new(&server, &service, BUCKET, S3Server::SECRET_KEY);
        let (healthy, said) = right.command(&service, &["doctor"], &clock(moved));
        assert!(!healthy && said.contains("RequestTimeTooSkewed") && said.contains("clock"), "{moved}: {said}");
    }
    assert_eq!(server.keys(BUCKET), Vec::<String>::new());

    let settings = Settings::new(&server, &service, BUCKET, S3Server::SECRET_KEY);
    service.restart(&settings.all());
    let (healthy, said) = settings.command(&service, &["doctor"], &[]);
    assert!(healthy, "{said}");
    assert_eq!(server.keys(BUCKET), Vec::<String>::new(), "the doctor leaves nothing behind");

    let client = client.at(&service);
    let (first, second) = (create(&client, &template, "Ada"), create(&client, &template, "Grace"));
    let keys = server.keys(BUCKET);
    assert_eq!(keys.len(), 2, "{keys:?}");
    for key in &keys {
        assert!(key.starts_with("chancery/files/"), "{key}");
        let bytes = server.object(BUCKET, key);
        assert!(!bytes.windows(4).any(|window| window == b"%PDF"), "{key} is not sealed");
    }
    for file in [&first, &second] {
        let (status, bytes) = open(&client, file);
        assert!(status == 200 && bytes.starts_with(b"%PDF-"), "{status}");
    }

    // Whoever can write the bucket cannot make one link open another's file.
    server.copy(BUCKET, &keys[0], &keys[1]);
    let mut statuses = [open(&client, &first).0, open(&client, &second).0];
    statuses.sort_unstable();
    assert!(statuses[0] == 200 && statuses[1] >= 400, "{statuses:?}");

    service.stop();
    service.restart(&settings.all());
    let (purged, said) = settings.command(&service, &["purge"], &clock("+5m"));
    assert!(purged, "{said}");
    assert_eq!(server.keys(BUCKET), Vec::<String>::new(), "{said}");
}
