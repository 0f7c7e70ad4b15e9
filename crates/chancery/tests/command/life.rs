//! A whole life: workspace, key, template, serving with commands beside it, a clean end.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value as Json, json};

use crate::{chancery, errors, folder, run, said, write_example};

/// A running server. Dropped without a stop it is killed, so that a failed test leaves nothing behind.
struct Serving {
    child: Child,
    stdout: BufReader<ChildStdout>,
    address: String,
}

impl Serving {
    fn start(folder: &Path) -> Self {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--port-file", "port"];
        let log = std::fs::File::create(folder.join("serve.log")).unwrap();
        let mut child = chancery(folder, &arguments).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let log = || std::fs::read_to_string(folder.join("serve.log")).unwrap();
        let address =
            line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}{}", log())).to_owned();
        Self { child, stdout, address }
    }

    /// One call on a connection of its own; status and body.
    fn call(&self, head: &str, key: &str, body: &str) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let request = format!(
            "{head} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: {key}\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let status = String::from_utf8_lossy(&answer[9..12]).parse().unwrap();
        (status, answer[end + 4..].to_vec())
    }

    fn stop(mut self, folder: &Path) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "nothing but the one line goes to standard output");
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {}", std::fs::read_to_string(folder.join("serve.log")).unwrap());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn an_installation_lives_from_its_first_workspace_to_a_clean_end() {
    let home = folder();
    let folder = home.path();
    write_example(folder);
    // Each command starts the private cluster for itself and stops it again.
    let workspace = said(folder, &["workspace", "create", "Northwind"]);
    assert_eq!(workspace.len(), 36);
    assert!(said(folder, &["workspace", "list"]).ends_with("\tNorthwind"));
    let unknown = run(folder, &["key", "create", "--workspace", "Nobody", "--name", "x"]);
    assert_eq!(unknown.status.code(), Some(1), "{}", errors(&unknown));
    let refused = run(folder, &["key", "create", "--workspace", "Northwind", "--name", "x", "--permission", "root"]);
    assert!(errors(&refused).contains("there is no permission `root`"), "{}", errors(&refused));

    let serving = Serving::start(folder);
    let port = std::fs::read_to_string(folder.join("port")).unwrap();
    assert!(serving.address.ends_with(&format!(":{}", port.trim())));

    // While it serves, commands join its cluster.
    let key = said(folder, &["key", "create", "--workspace", "Northwind", "--name", "ci"]);
    assert!(key.starts_with("chy_live_") && !key.contains(char::is_whitespace));
    let template =
        said(folder, &["template", "import", "template.json", "--workspace", &workspace, "--group", "Tests"]);
    let body = json!({ "template_id": template, "data": { "name": "A" }, "expiration": 10 }).to_string();
    let (status, answer) = serving.call("POST /v1/create", &key, &body);
    let answer: Json = serde_json::from_slice(&answer).unwrap();
    assert_eq!((status, &answer["total_pages"]), (200, &json!(2)), "{answer}");
    let link = answer["file"].as_str().unwrap().to_owned();
    let path = link.strip_prefix(&format!("http://{}", serving.address)).unwrap();
    let (status, file) = serving.call(&format!("GET {path}"), "", "");
    assert_eq!((status, &file[..4]), (200, b"%PDF".as_slice()));

    let checks = said(folder, &["doctor"]);
    assert!(checks.lines().all(|line| !line.starts_with("BAD")), "{checks}");
    assert!(checks.contains("forced on all"), "{checks}");
    let listed = said(folder, &["key", "list", "--workspace", "Northwind"]);
    assert!(listed.contains("\tactive\t") && listed.ends_with("\tci") && !listed.contains(&key), "{listed}");
    let key_id = listed.split('\t').next().unwrap();
    said(folder, &["key", "revoke", "--workspace", "Northwind", key_id]);
    assert_eq!(
        serving.call("GET /v1/get-account-info", &key, "").0,
        401,
        "the running server still takes a revoked key"
    );
    assert!(said(folder, &["purge"]).starts_with("documents\t0\n"));

    // Two servers on one address are one too many; the first one does not notice.
    let second = run(folder, &["serve", "--listen", &serving.address]);
    assert_eq!(second.status.code(), Some(3), "{}", errors(&second));
    assert_eq!(serving.call("GET /readyz", "", "").0, 200);

    serving.stop(folder);
    assert!(!folder.join("port").exists(), "the port file outlives its server");
    let log = std::fs::read_to_string(folder.join("serve.log")).unwrap();
    assert!(log.contains("\"route\":\"/v1/create\"") && log.contains("\"route\":\"/f/{token}\""), "{log}");
    assert!(!log.contains(&key) && !log.contains(path), "a secret is in the log");

    // What was stored is still there for the next server.
    let serving = Serving::start(folder);
    assert_eq!(serving.call(&format!("GET {path}"), "", "").0, 200);
    serving.stop(folder);
}
