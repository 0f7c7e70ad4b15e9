//! Keys in HashiCorp Vault or OpenBao, by the transit secrets engine: AES-256-GCM with associated data.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_vault::{Keeper, Random, VaultError, WorkspaceId};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, Url, blocking::Request};
use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use crate::https::{Answer, Https};
use crate::name;

const KEEPER: &str = "the transit engine";
/// Vault's header, which OpenBao reads as well.
const TOKEN: HeaderName = HeaderName::from_static("x-vault-token");
/// Bytes of a file with a token.
const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// Where the engine is, and which keys are ours.
#[derive(Clone, Debug)]
pub struct TransitConfig {
    /// Address of the server, without `/v1`.
    pub url: String,
    /// File with the token. It is read for every request, so that whoever renews tokens can replace it.
    pub token_file: PathBuf,
    /// Where the engine is mounted.
    pub mount: String,
    /// What the names of our keys start with.
    pub name: String,
    /// The certificate of an authority of one's own, in PEM.
    pub authority: Option<Vec<u8>>,
}

/// A transit engine.
pub struct Transit {
    config: TransitConfig,
    address: Url,
    identity: String,
    https: Https,
}

impl Transit {
    /// Prepares for an engine, and asks whether the token works there.
    ///
    /// # Errors
    /// [`VaultError::Keeper`]: not there, sealed, or the token is not good.
    pub fn open(config: TransitConfig) -> Result<Self, VaultError> {
        name::check(&config.name)?;
        if config.mount.is_empty() || config.mount.split('/').any(|part| name::check(part).is_err()) {
            return Err(told("its mount must have lower-case letters, digits, `-` and `/`"));
        }
        let address = Https::address(KEEPER, &config.url)?;
        let https = Https::new(KEEPER, config.authority.as_deref())?;
        // Not the address: that may change without the keys changing.
        let identity = format!("transit/{}/{}", config.mount, config.name);
        let transit = Self { config, address, identity, https };
        let answer = transit.ask(Method::GET, "auth/token/lookup-self", None)?;
        if answer.status != 200 {
            return Err(refused(&answer));
        }
        Ok(transit)
    }

    fn ask(&self, method: Method, path: &str, body: Option<&Json>) -> Result<Answer, VaultError> {
        let url = self.address.join(&format!("/v1/{path}")).map_err(|_| told("its URL cannot be read"))?;
        let mut request = Request::new(method, url);
        let token = std::fs::read(&self.config.token_file)
            .map(Zeroizing::new)
            .map_err(|error| told(format!("the token file cannot be read: {error}")))?;
        if token.len() > TOKEN_BYTES_MAX {
            return Err(told("the token file is too large to be one"));
        }
        let mut token =
            HeaderValue::from_bytes(token.trim_ascii()).map_err(|_| told("the token file holds no token"))?;
        token.set_sensitive(true);
        request.headers_mut().insert(TOKEN, token);
        if let Some(body) = body {
            *request.body_mut() = Some(body.to_string().into());
        }
        self.https.send(request)
    }

    fn path(&self, operation: &str, workspace: WorkspaceId) -> String {
        format!("{}/{operation}/{}", self.config.mount, name::of_workspace(&self.config.name, workspace))
    }

    /// Whether the key of a workspace is there.
    fn has_key(&self, workspace: WorkspaceId) -> Result<bool, VaultError> {
        let answer = self.ask(Method::GET, &self.path("keys", workspace), None)?;
        match answer.status {
            200 => Ok(true),
            404 => Ok(false),
            _ => Err(refused(&answer)),
        }
    }
}

impl Keeper for Transit {
    fn holder(&self) -> &'static str {
        "transit"
    }

    fn identity(&self) -> &str {
        &self.identity
    }

    fn encrypt(
        &self,
        _random: &dyn Random,
        workspace: WorkspaceId,
        context: &[u8],
        key: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        if !self.has_key(workspace)? {
            // Made before, and not by encrypting: so its type is ours to choose. Making it twice changes nothing.
            let kind = json!({ "type": "aes256-gcm96", "exportable": false, "allow_plaintext_backup": false });
            let made = self.ask(Method::POST, &self.path("keys", workspace), Some(&kind))?;
            if !matches!(made.status, 200 | 204) {
                return Err(refused(&made));
            }
        }
        let plaintext = Zeroizing::new(STANDARD.encode(key));
        let body = json!({ "plaintext": plaintext.as_str(), "associated_data": STANDARD.encode(context) });
        let answer = self.ask(Method::POST, &self.path("encrypt", workspace), Some(&body))?;
        let text = answer.body.pointer("/data/ciphertext").and_then(Json::as_str);
        text.filter(|_| answer.status == 200).map(|text| text.as_bytes().to_vec()).ok_or_else(|| refused(&answer))
    }

    fn decrypt(
        &self,
        workspace: WorkspaceId,
        context: &[u8],
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let not_authentic = VaultError::NotAuthentic { what: "the wrapped workspace key" };
        let text = std::str::from_utf8(encrypted).map_err(|_| not_authentic.clone())?;
        let body = json!({ "ciphertext": text, "associated_data": STANDARD.encode(context) });
        let answer = self.ask(Method::POST, &self.path("decrypt", workspace), Some(&body))?;
        let plaintext = answer.body.pointer("/data/plaintext").and_then(Json::as_str);
        match (answer.status, plaintext) {
            (200, Some(plaintext)) => STANDARD.decode(plaintext).map(Zeroizing::new).map_err(|_| refused(&answer)),
            // The engine answers 400 for a key that is not there and for what is not authentic alike.
            (400 | 404, _) if !self.has_key(workspace)? => Err(VaultError::Destroyed),
            (400, _) => Err(not_authentic),
            _ => Err(refused(&answer)),
        }
    }

    fn destroy(&self, workspace: WorkspaceId) -> Result<(), VaultError> {
        if !self.has_key(workspace)? {
            return Ok(());
        }
        let configuration = format!("{}/config", self.path("keys", workspace));
        let allowed = self.ask(Method::POST, &configuration, Some(&json!({ "deletion_allowed": true })))?;
        if !matches!(allowed.status, 200 | 204) {
            return Err(refused(&allowed));
        }
        let deleted = self.ask(Method::DELETE, &self.path("keys", workspace), None)?;
        match deleted.status {
            200 | 204 if !self.has_key(workspace)? => Ok(()),
            _ => Err(refused(&deleted)),
        }
    }
}

/// What the server says: its errors are sentences without secrets.
fn refused(answer: &Answer) -> VaultError {
    let errors = answer.body.get("errors").and_then(Json::as_array);
    let sentences: Vec<&str> = errors.into_iter().flatten().filter_map(Json::as_str).collect();
    told(format!("it answered {} {}", answer.status, sentences.join("; ").replace('\n', " ")))
}

fn told(reason: impl Into<String>) -> VaultError {
    VaultError::Keeper { keeper: KEEPER, reason: reason.into() }
}
