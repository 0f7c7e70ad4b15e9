//! Promises 4.2 and 8.1: what is stored cannot be read where it is stored.

use chancery_tests::Service;
use memchr::memmem;
use serde_json::json;

use crate::{create, make_template, small_template};

/// Words that occur nowhere but in what a customer gave us.
const PLANTED: [&str; 6] =
    ["Zwanziglinden", "Quarzmondlied", "Ebenholzfähre", "Tintenfischamt", "Wolkenschlosserin", "Nordlichtquittung"];

/// Finds planted words in the files of a service, as UTF-8 and as UTF-16 in both orders.
fn found(service: &Service) -> Vec<String> {
    let mut found = Vec::new();
    let files = service.stored_files();
    assert!(files.len() > 100, "the data folder of a cluster has hundreds of files, not {}", files.len());
    for (path, bytes) in files {
        for word in PLANTED {
            let little: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = word.encode_utf16().flat_map(u16::to_be_bytes).collect();
            for needle in [word.as_bytes(), &little, &big] {
                if memmem::find(&bytes, needle).is_some() {
                    found.push(format!("{word} in {}", path.display()));
                }
            }
        }
    }
    found
}

#[test]
fn p4_2_planted_words_are_found_neither_in_the_database_files_nor_in_the_object_folder_nor_in_the_log() {
    let mut service = Service::start();
    let (_, client) = service.workspace(PLANTED[0]);
    let mut template = small_template();
    template["name"] = json!(PLANTED[1]);
    template["body"]["nodes"][0]["text"] = json!(format!("{} {{{{ data.name }}}} {{{{ data.text }}}}", PLANTED[2]));
    let id = make_template(&client, &template);
    let data = json!({ "name": PLANTED[3], "text": PLANTED[4] });
    let body = json!({ "template_id": id, "data": data, "output_file": format!("{}.pdf", PLANTED[5]) });
    let answer = client.post("/v1/create", &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let url = answer.json()["file"].as_str().unwrap().to_owned();
    assert!(client.get(&url).body.starts_with(b"%PDF"), "the file can be opened with its URL");
    // Errors are answered and logged without what the caller sent.
    let broken = client.post("/v1/create", &json!({ "template_id": PLANTED[3], "data": data }));
    assert!(broken.status >= 400);

    // Write everything that PostgreSQL still has in memory, then look at every byte on disk.
    service.stop();
    assert_eq!(found(&service), Vec::<String>::new());
    for word in PLANTED {
        assert!(!service.log().contains(word), "{word} is in the log");
    }
    // The search itself works: a planted file is found.
    std::fs::write(service.data_folder().join("planted"), PLANTED[0]).unwrap();
    assert_eq!(found(&service).len(), 1);
}

#[test]
fn p4_2_two_stored_objects_that_are_swapped_are_refused() {
    let service = Service::start();
    let (_, client) = service.workspace("Swap");
    let id = make_template(&client, &small_template());
    let urls: Vec<String> = (0..2)
        .map(|number| {
            create(&client, &id, &json!({ "name": "A", "text": number }))["file"].as_str().unwrap().to_owned()
        })
        .collect();
    let objects: Vec<_> = service
        .stored_files()
        .into_iter()
        .filter(|(path, _)| path.components().any(|part| part.as_os_str() == "objects"))
        .collect();
    assert_eq!(objects.len(), 2, "two documents are two objects");
    std::fs::write(&objects[0].0, &objects[1].1).unwrap();
    std::fs::write(&objects[1].0, &objects[0].1).unwrap();
    for url in &urls {
        match client.send("GET", url, &[], b"") {
            Ok(answer) => {
                assert_eq!(answer.status, 500, "a swapped object was served");
                assert!(!answer.text().contains("%PDF"));
            }
            Err(error) => panic!("the refusal is not an answer: {error}"),
        }
    }
    // Put back, each opens again: nothing else was wrong.
    std::fs::write(&objects[0].0, &objects[0].1).unwrap();
    std::fs::write(&objects[1].0, &objects[1].1).unwrap();
    for url in &urls {
        assert_eq!(client.get(url).status, 200);
    }
}

#[test]
fn p8_1_a_template_keeps_its_text_and_is_sealed_where_it_is_stored() {
    let mut service = Service::start();
    let (_, client) = service.workspace("Templates");
    let mut template = small_template();
    template["body"]["nodes"][0]["text"] = json!("Fadenkreuzgarten {{ data.name }}");
    let id = make_template(&client, &template);
    let stored = client.get(&format!("/v1/get-template?template_id={id}")).json();
    assert!(stored["body"].as_str().unwrap().contains("Fadenkreuzgarten"), "the owner reads it back");
    service.stop();
    for (path, bytes) in service.stored_files() {
        assert!(memmem::find(&bytes, b"Fadenkreuzgarten").is_none(), "found in {}", path.display());
    }
}
