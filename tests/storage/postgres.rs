//! The database on another machine: roles made by its administrator, passwords, verified TLS.

use std::fs;
use std::process::{Command, Output};

use chancery_tests::{PostgresServer, Service, binary, fonts};
use serde_json::json;

fn command(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(binary());
    command.args(arguments).env("CHANCERY_FONTS", fonts()).envs(environment.iter().copied());
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn a_database_elsewhere_is_prepared_by_its_administrator_and_reached_over_verified_tls_only() {
    let server = PostgresServer::start();
    let roles = command(&["migrate", "--print-roles"], &[]);
    assert!(roles.status.success(), "{}", said(&roles));
    let roles = String::from_utf8(roles.stdout).unwrap();
    server.admin("chancery", &roles);
    server.admin("chancery", &roles);
    for role in ["chancery_app", "chancery_migrate"] {
        server.admin("postgres", &format!("alter role {role} password 'of {role}'"));
    }

    let mut service = Service::prepared();
    let folder = service.data_folder();
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let app_url = server.url("chancery_app", "of%20chancery_app");
    let app = write("app-url", &app_url);
    let migrate = write("migrate-url", &server.url("chancery_migrate", "of%20chancery_migrate"));
    let data = folder.display().to_string();
    let environment = |app: &str| {
        [
            ("CHANCERY_DATA_FOLDER", data.clone()),
            ("CHANCERY_DATABASE_URL_FILE", app.to_owned()),
            ("CHANCERY_DATABASE_MIGRATE_URL_FILE", migrate.clone()),
        ]
    };
    let run = |app: &str, arguments: &[&str]| {
        let environment = environment(app);
        command(arguments, &environment.each_ref().map(|(name, value)| (*name, value.as_str())))
    };

    // Before it is migrated, the service does not start on it.
    let early = run(&app, &["doctor"]);
    assert!(!early.status.success() && said(&early).contains("run `chancery migrate`"), "{}", said(&early));
    let migrated = run(&app, &["migrate"]);
    assert!(migrated.status.success(), "{}", said(&migrated));
    let doctor = run(&app, &["doctor"]);
    assert!(doctor.status.success(), "{}", said(&doctor));

    // A server that cannot prove its name gets no password, and a weaker mode is refused outright.
    let stranger = PostgresServer::start();
    let authority = |of: &PostgresServer| of.authority().display().to_string();
    let unproven = write("unproven", &app_url.replace(&authority(&server), &authority(&stranger)));
    let refused = run(&unproven, &["doctor"]);
    assert!(!refused.status.success() && said(&refused).contains("certificate"), "{}", said(&refused));
    let weaker = write("weaker", &format!("{app_url}&sslmode=require"));
    let refused = run(&weaker, &["doctor"]);
    assert!(!refused.status.success() && said(&refused).contains("sslmode=verify-full"), "{}", said(&refused));
    for output in [&early, &doctor, &refused] {
        assert!(!said(output).contains("of%20chancery_app") && !said(output).contains("of chancery_app"));
    }

    let settings = environment(&app);
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    service.restart(&settings);
    let workspace = run(&app, &["workspace", "create", "Elsewhere"]);
    let id = String::from_utf8(workspace.stdout).unwrap();
    let key = run(&app, &["key", "create", "--workspace", id.trim(), "--name", "test"]);
    let client = service.client().with_key(String::from_utf8(key.stdout).unwrap().trim());
    let template = json!({
        "format": 1, "name": "Note", "page": { "size": "A6" },
        "body": { "nodes": [{ "kind": "text", "at": [0, 0], "width": 200, "text": "For {{ data.name }}" }] },
    });
    let made = client.post("/api/templates", &template);
    assert_eq!(made.status, 201, "{}", made.text());
    let body = json!({ "template_id": made.json()["id"], "data": { "name": "Ada" } });
    let created = client.post("/v1/create", &body).json();
    let url = created["file"].as_str().unwrap();
    let file = client.get(&url[url.find("/f/").unwrap()..]);
    assert!(file.status == 200 && file.body.starts_with(b"%PDF-"), "{}", file.text());
}
