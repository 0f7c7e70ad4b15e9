//! Promise 3.1: every system that holds confidential information is identified.

use std::collections::BTreeSet;
use std::path::Path;

use chancery_service::inventory::{ELSEWHERE, Protection, TABLES};
use chancery_store::SEALED_TABLES;
use chancery_tests::{Service, root};
use serde_json::Value as Json;

use crate::retention::superuser;
use crate::{create, make_template, small_template};

/// What the inventory knows of one place.
fn known(place: &str) -> BTreeSet<&'static str> {
    ELSEWHERE.iter().filter(|item| item.place == place).map(|item| item.name).collect()
}

#[test]
fn p3_1_every_column_has_its_line_and_what_is_confidential_is_sealed_by_its_type() {
    let service = Service::start();
    let found = superuser(
        &service,
        "select table_schema || '.' || table_name || '.' || column_name || ' ' || data_type
         from information_schema.columns
         where table_schema not in ('pg_catalog', 'information_schema') and table_name <> '_sqlx_migrations' order by 1",
    );
    let types: Vec<(&str, &str)> = found.lines().filter_map(|line| line.split_once(' ')).collect();
    let found: BTreeSet<String> = types.iter().map(|(name, _)| (*name).to_owned()).collect();
    let listed: BTreeSet<String> = TABLES
        .iter()
        .flat_map(|table| table.columns.iter().map(move |c| format!("{}.{}.{}", table.schema, table.name, c.name)))
        .collect();
    assert!(found.len() > 100, "the schema was not read");
    let missing: Vec<_> = found.difference(&listed).collect();
    let superfluous: Vec<_> = listed.difference(&found).collect();
    assert!(missing.is_empty(), "columns without a line in the inventory: {missing:?}");
    assert!(superfluous.is_empty(), "lines of the inventory without a column: {superfluous:?}");

    for table in TABLES {
        for column in table.columns {
            let name = format!("{}.{}.{}", table.schema, table.name, column.name);
            let kind = types.iter().find(|(found, _)| *found == name).unwrap().1;
            let is_protected = column.protection != Protection::Clear;
            let is_pseudonym = column.name == "pseudonym";
            assert!(!is_protected || kind == "bytea" || is_pseudonym, "{name} is {kind}, not sealed bytes");
            assert_eq!(
                column.name.ends_with("_sealed"),
                matches!(column.protection, Protection::Sealed(_)),
                "{name} says what it is"
            );
            let moves = SEALED_TABLES.iter().any(|sealed| {
                sealed.name == table.name && sealed.columns.iter().any(|sealed| sealed.name == column.name)
            });
            let should_move =
                column.protection == Protection::Sealed("columns key of the workspace") || column.name == "key_wrapped";
            assert_eq!(moves, should_move, "{name} moves with the key that seals it");
        }
    }
    service_stays_readable(&service);
}

/// The command says the same as the code.
fn service_stays_readable(service: &Service) {
    let json: Json = serde_json::from_str(&service.command(&["inventory", "--json"])).unwrap();
    let lines = json.as_array().unwrap();
    let columns: usize = TABLES.iter().map(|table| table.columns.len()).sum();
    assert_eq!(lines.len(), columns + ELSEWHERE.len());
    assert!(
        lines
            .iter()
            .all(|line| ["class", "purpose", "retention", "protection"].iter().all(|key| line[key].is_string()))
    );
}

#[test]
fn p3_1_every_object_queue_file_and_field_of_the_log_has_its_line() {
    let mut service = Service::start();
    let (_, client) = service.workspace("Inventory");
    let template = make_template(&client, &small_template());
    create(&client, &template, &serde_json::json!({ "name": "A", "text": "B" }));
    let _ = client.get("/v1/get-template?template_id=nothing");
    let _ = service.command(&["purge"]);
    service.stop();

    // Fields that this run wrote, and all that the source can write.
    let mut fields: BTreeSet<String> = BTreeSet::new();
    for line in service.log().lines().filter(|line| line.starts_with('{')) {
        let line: Json = serde_json::from_str(line).expect("the log is JSON");
        fields.extend(line.as_object().unwrap().keys().cloned());
    }
    assert!(fields.contains("request_id") && fields.contains("client"), "requests were logged: {fields:?}");
    let mut sources = Vec::new();
    rust_sources(&root().join("crates"), &mut sources);
    for source in &sources {
        fields.extend(logged_fields(source));
    }
    let log = known("Fields of the log");
    let missing: Vec<_> = fields.iter().filter(|field| !log.contains(field.as_str())).collect();
    let superfluous: Vec<_> = log.iter().filter(|field| !fields.contains(**field)).collect();
    assert!(missing.is_empty(), "fields of the log without a line: {missing:?}");
    assert!(superfluous.is_empty(), "lines without a field of the log: {superfluous:?}");

    let files = known("Files");
    let data = service.data_folder();
    for (path, _) in service.stored_files() {
        let relative = path.strip_prefix(&data).unwrap();
        let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let is_known = files.contains(first.as_str()) || files.contains(format!("{first}/*").as_str());
        assert!(is_known, "{} has no line", relative.display());
    }
    let settings = service.command(&["config"]);
    let mut section = String::new();
    for line in settings.lines() {
        let line = line.trim_start_matches("# ");
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.to_owned();
        }
        let Some((key, _)) = line.split_once(" = ") else { continue };
        if key.ends_with("file") || key.ends_with("folder") {
            assert!(files.contains(format!("{section}.{key}").as_str()), "the setting {section}.{key} has no line");
        }
    }

    let objects = std::fs::read_to_string(root().join("crates/vault/src/object.rs")).unwrap();
    let purposes = objects.split("pub enum ObjectPurpose {").nth(1).unwrap().split('}').next().unwrap();
    let purposes: BTreeSet<String> = purposes
        .lines()
        .map(str::trim)
        .filter(|line| line.ends_with(',') && !line.starts_with("//"))
        .map(|line| line.trim_end_matches(',').to_lowercase())
        .collect();
    assert_eq!(purposes.iter().map(String::as_str).collect::<BTreeSet<_>>(), known("Objects"));

    let queues = known("Queues and channels");
    let migrations = root().join("crates/store/migrations");
    for entry in std::fs::read_dir(migrations).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for channel in text.split("pg_notify('").skip(1).filter_map(|rest| rest.split('\'').next()) {
            assert!(queues.contains(channel), "the channel {channel} has no line");
        }
    }
}

fn rust_sources(folder: &Path, sources: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_sources(&path, sources);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            sources.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// The names of the fields that the macros of a source write: `name`, `name = value`, `%name`.
fn logged_fields(source: &str) -> Vec<String> {
    let mut fields = Vec::new();
    for call in ["error", "warn", "info", "debug", "trace"]
        .iter()
        .flat_map(|level| source.split(&format!("tracing::{level}!(")).skip(1).collect::<Vec<_>>())
    {
        // Fields stand before the message, which is the first literal that stands by itself.
        let mut depth = 0_i32;
        let mut argument = String::new();
        for letter in call.chars() {
            match letter {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            if depth < 0 || (letter == ',' && depth == 0) {
                let name = argument.trim().to_owned();
                argument.clear();
                if name.starts_with('"') || name.is_empty() {
                    break;
                }
                let name = name.split('=').next().unwrap_or_default().trim().trim_start_matches(['%', '?']);
                fields.push(name.to_owned());
                if depth < 0 {
                    break;
                }
                continue;
            }
            argument.push(letter);
        }
    }
    fields
}
