//! A double of the transit secrets engine: it speaks the part of the documented protocol of Vault and OpenBao that the
//! product uses, over HTTP on this machine, and can go away or hang. It is not the real engine: what that does beyond its
//! documentation shows only there.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

const TOKEN: &str = "hvs.a-token-of-the-test";

/// How it behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// As it should.
    Answers,
    /// It closes every connection.
    IsAway,
    /// It takes every connection and says nothing.
    Hangs,
}

struct State {
    behaviour: Behaviour,
    keys: BTreeMap<String, ([u8; 32], bool)>,
    /// Requests that were answered.
    answers: u64,
    /// Connections that are kept open without an answer.
    kept: Vec<TcpStream>,
}

/// A running double.
pub struct TransitDouble {
    folder: TempDir,
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl TransitDouble {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State {
            behaviour: Behaviour::Answers,
            keys: BTreeMap::new(),
            answers: 0,
            kept: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(&stream, &shared));
            }
        });
        let folder = TempDir::with_prefix("chancery-transit-").expect("a folder");
        std::fs::write(folder.path().join("token"), format!("{TOKEN}\n")).expect("a file");
        Self { folder, address, state }
    }

    /// Lets it behave otherwise from now on.
    ///
    /// # Panics
    /// Never, unless one of its threads did.
    pub fn behave(&self, behaviour: Behaviour) {
        let mut state = self.state.lock().expect("no thread panicked");
        state.behaviour = behaviour;
        state.kept.clear();
    }

    /// How many requests it answered.
    ///
    /// # Panics
    /// Never, unless one of its threads did.
    #[must_use]
    pub fn answers(&self) -> u64 {
        self.state.lock().expect("no thread panicked").answers
    }

    /// Names of its keys.
    ///
    /// # Panics
    /// Never, unless one of its threads did.
    #[must_use]
    pub fn key_names(&self) -> Vec<String> {
        self.state.lock().expect("no thread panicked").keys.keys().cloned().collect()
    }

    /// The settings with which the binary uses it.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let token: PathBuf = self.folder.path().join("token");
        vec![
            ("CHANCERY_ROOT_KEY_TRANSIT_URL".to_owned(), format!("http://{}", self.address)),
            ("CHANCERY_ROOT_KEY_TRANSIT_TOKEN_FILE".to_owned(), token.display().to_string()),
        ]
    }
}

fn serve(stream: &TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    loop {
        {
            let mut state = state.lock().expect("no thread panicked");
            match state.behaviour {
                Behaviour::Answers => {}
                Behaviour::IsAway => return,
                Behaviour::Hangs => {
                    state.kept.extend(stream.try_clone());
                    return;
                }
            }
        }
        let Some((method, path, token, body)) = read(&mut reader) else { return };
        let mut state = state.lock().expect("no thread panicked");
        if state.behaviour != Behaviour::Answers {
            return;
        }
        let (status, answer) = match token.as_deref() {
            Some(TOKEN) => answer(&mut state.keys, &method, &path, &body),
            _ => (403, json!({ "errors": ["permission denied"] })),
        };
        state.answers += 1;
        drop(state);
        let text = if answer.is_null() { String::new() } else { answer.to_string() };
        let head = format!(
            "HTTP/1.1 {status} Answer\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            text.len()
        );
        let mut writer = stream;
        if writer.write_all(format!("{head}{text}").as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<(String, String, Option<String>, Json)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let (mut length, mut token) = (0, None);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = header.trim().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "x-vault-token" => token = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((method, path, token, serde_json::from_slice(&body).unwrap_or_default()))
}

fn answer(keys: &mut BTreeMap<String, ([u8; 32], bool)>, method: &str, path: &str, body: &Json) -> (u16, Json) {
    let text = |name: &str| body[name].as_str().and_then(|text| STANDARD.decode(text).ok());
    let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
    match (method, parts.as_slice()) {
        ("GET", ["auth", "token", "lookup-self"]) => (200, json!({ "data": {} })),
        ("GET", ["transit", "keys", name]) if keys.contains_key(*name) => {
            (200, json!({ "data": { "type": "aes256-gcm96" } }))
        }
        ("GET", ["transit", "keys", _]) => (404, json!({ "errors": [] })),
        ("POST", ["transit", "keys", name]) => {
            assert_eq!((body["type"].as_str(), body["exportable"].as_bool()), (Some("aes256-gcm96"), Some(false)));
            let mut key = [0; 32];
            aws_lc_rs::rand::fill(&mut key).expect("random bytes");
            keys.entry((*name).to_owned()).or_insert((key, false));
            (204, Json::Null)
        }
        ("POST", ["transit", "keys", name, "config"]) => {
            if let Some((_, may_be_deleted)) = keys.get_mut(*name) {
                *may_be_deleted = body["deletion_allowed"].as_bool() == Some(true);
            }
            (204, Json::Null)
        }
        ("DELETE", ["transit", "keys", name]) => match keys.get(*name) {
            Some((_, true)) => {
                keys.remove(*name);
                (204, Json::Null)
            }
            _ => (400, json!({ "errors": ["error deleting policy: deletion is not allowed for this key"] })),
        },
        ("POST", ["transit", operation, name]) => {
            let failed = |problem: &str| (400, json!({ "errors": [problem] }));
            let Some((key, _)) = keys.get(*name) else { return failed("encryption key not found") };
            let key = RandomizedNonceKey::new(&AES_256_GCM, key).expect("a key");
            let Some(context) = text("associated_data") else { return failed("no associated data") };
            match *operation {
                "encrypt" => {
                    let mut sealed = text("plaintext").expect("a plaintext");
                    let nonce = key.seal_in_place_append_tag(Aad::from(context), &mut sealed).expect("sealed");
                    let bytes = [nonce.as_ref().as_slice(), &sealed].concat();
                    (200, json!({ "data": { "ciphertext": format!("vault:v1:{}", STANDARD.encode(bytes)) } }))
                }
                "decrypt" => {
                    let sealed = body["ciphertext"].as_str().and_then(|text| text.strip_prefix("vault:v1:"));
                    let Some(sealed) = sealed.and_then(|text| STANDARD.decode(text).ok()) else {
                        return failed("invalid ciphertext");
                    };
                    let Some((nonce, sealed)) = sealed.split_first_chunk::<NONCE_LEN>() else {
                        return failed("invalid ciphertext");
                    };
                    let mut opened = sealed.to_vec();
                    match key.open_in_place(Nonce::from(nonce), Aad::from(context), &mut opened) {
                        Ok(plaintext) => (200, json!({ "data": { "plaintext": STANDARD.encode(plaintext) } })),
                        Err(_) => failed("cipher: message authentication failed"),
                    }
                }
                _ => (404, json!({ "errors": ["unsupported path"] })),
            }
        }
        _ => (404, json!({ "errors": ["unsupported path"] })),
    }
}
