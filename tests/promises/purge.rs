//! Promise 8.4: expired files are purged.

use chancery_tests::Service;
use serde_json::json;

use crate::{make_template, object_count, small_template};

#[test]
fn p8_4_after_a_purge_nothing_of_an_expired_file_is_left_and_others_stay() {
    let mut service = Service::start();
    let (_, client) = service.workspace("Purge");
    let id = make_template(&client, &small_template());
    let make = |expiration: u32| {
        let body = json!({ "template_id": id, "data": { "name": "A", "text": "B" }, "expiration": expiration });
        client.post("/v1/create", &body).json()["file"].as_str().unwrap().to_owned()
    };
    let short: Vec<String> = (0..5).map(|_| make(1)).collect();
    let long = make(600);
    assert_eq!(object_count(&service), 6);
    let early = service.command(&["purge"]);
    assert_eq!(object_count(&service), 6, "nothing has expired yet: {early}");
    service.stop();
    let later = [
        ("LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
        ("FAKETIME", "+5m"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
    service.restart(&later);
    let said = std::process::Command::new(chancery_tests::binary())
        .arg("purge")
        .env("CHANCERY_DATA_FOLDER", service.data_folder())
        .env("CHANCERY_FONTS", chancery_tests::fonts())
        .envs(later)
        .output()
        .unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    // The running service may have purged first; together they left exactly one object.
    assert_eq!(object_count(&service), 1, "{}", String::from_utf8_lossy(&said.stdout));
    for url in short {
        let path = &url[url.find("/f/").unwrap()..];
        assert!(matches!(service.client().get(path).status, 404 | 410));
    }
    assert_eq!(service.client().get(&long[long.find("/f/").unwrap()..]).status, 200, "what has not expired stays");
}
